"""Files that were damaged or made to do harm: refused or read, never a crash, a hang or a lost row.

`CRM_FUZZ=10000` sets how many inputs each reader gets; without it they are few.
"""

from __future__ import annotations

import io
import json
import os
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
from xlsxwriter import Workbook

from importers import Sheet, read_sheet
from language.errors import CrmError

DATA = Path(__file__).parent.parent / "data"
COUNT = int(os.environ.get("CRM_FUZZ", "300"))
LONGEST = 1.0
RECORDS = 24
NAMES = ("Muñoz", "Íñigo", "O'Brien", "Žižek", "Ana María", "田中", "Øst", "ibn Ğalib")


@dataclass(frozen=True)
class Whole:
    """A good file: its name, its parts (what stands before all records, each record, the end)."""

    name: str
    before: bytes
    records: list[bytes]
    after: bytes

    @property
    def data(self) -> bytes:
        return self.before + b"".join(self.records) + self.after


def chance(seed: int) -> Random:
    """The same damage for the same seed."""
    return Random(seed)


def word(number: int) -> str:
    """What tells a record from all others."""
    return f"Mark{number:03}x"


def csv_file(luck: Random) -> Whole:
    mark, end = luck.choice(",;\t|"), luck.choice(("\n", "\r\n", "\r"))
    rows = []
    for number in range(RECORDS):
        note = luck.choice(("", "plain", f'"two{end}lines, {mark} here"', '"a ""quoted"" one"'))
        cells = (word(number), luck.choice(NAMES), f"a{number}@x.example", note, str(number))
        rows.append((mark.join(cells) + end).encode())
    return Whole(
        "x.csv",
        mark.join(("code", "name", "email", "note", "n")).encode() + end.encode(),
        rows,
        b"",
    )


def objects(luck: Random) -> list[dict[str, object]]:
    return [
        {
            "code": word(number),
            "name": luck.choice(NAMES),
            "tags": ["a", 'b "c"', "}, {"][: luck.randrange(4)],
            "lines": [{"product": "P", "count": 1}, {"product": "Q", "count": 2}],
            "amount": number / 4,
            "company": {"name": "Acme", "active": True},
        }
        for number in range(RECORDS)
    ]


def json_file(luck: Random) -> Whole:
    indent, plain = luck.choice((None, 1, 2, 4)), luck.random() < 0.5
    break_ = "" if indent is None else "\n" + " " * indent
    parts = []
    for each in objects(luck):
        text = json.dumps(each, indent=indent, ensure_ascii=plain)
        parts.append(text if indent is None else text.replace("\n", break_))
    records = [f"{break_}{part}," for part in parts[:-1]] + [f"{break_}{parts[-1]}"]
    before, after = luck.choice((("[", "]"), ('{"total": 24, "contacts": [', "]}")))
    return Whole("x.json", before.encode(), [part.encode() for part in records], after.encode())


def ndjson_file(luck: Random) -> Whole:
    lines = [json.dumps(each, ensure_ascii=False).encode() + b"\n" for each in objects(luck)]
    return Whole("x.ndjson", b"", lines, b"")


def vcard_file(luck: Random) -> Whole:
    cards = []
    for number in range(RECORDS):
        version = luck.choice(("2.1", "3.0", "4.0"))
        lines = ["BEGIN:VCARD", f"VERSION:{version}", f"N:{luck.choice(NAMES)};Ana;;;"]
        if version == "2.1":
            coded = "".join(f"={byte:02X}" for byte in "Muñoz".encode())
            lines.append(f"TITLE;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:{coded}=\r\n{coded}")
            lines += [
                "TEL;CELL;VOICE:600 111 222",
                "PHOTO;ENCODING=BASE64;JPEG:\r\n AAAA\r\n BBBB\r\n",
            ]
        else:
            lines += ["item1.EMAIL;TYPE=work:a@x.example", "item1.X-ABLabel:_$!<Home>!$_"]
            lines += ["NOTE:one\\ntwo\\, three and a lon\r\n g line", "BDAY:--0503"]
        lines += [f"FN:{word(number)}", "END:VCARD", ""]
        cards.append("\r\n".join(lines).encode())
    return Whole("x.vcf", b"", cards, b"")


def nest(luck: Random) -> bytes:
    return luck.choice(
        (b"[", b'{"a":', b'"', b"(", b"BEGIN:VCARD\r\n", b"=\r\n", b"<a>", b"\\", b",")
    ) * (luck.choice((1, 2, 3, 50, 3000)))


def noise(luck: Random) -> bytes:
    chars = "".join(
        chr(luck.choice((luck.randrange(32), luck.randrange(0x3000)))) for _ in range(20)
    )
    return luck.choice((chars.encode(errors="replace"), luck.randbytes(luck.randrange(1, 30))))


def damage(luck: Random, data: bytes) -> tuple[bytes, int, int]:
    """The data with one thing changed, and the part of the old data that is no longer whole."""
    at = luck.randrange(len(data))
    to = min(len(data), at + luck.choice((1, 1, 2, 10, 60)))
    from_ = luck.randrange(len(data))
    piece = data[from_ : from_ + luck.randrange(1, 120)]
    match luck.randrange(7):
        case 0:
            bits = bytes(byte ^ (1 << luck.randrange(8)) for byte in data[at:to])
            return data[:at] + bits + data[to:], at, to
        case 1:
            return data[:at], at, len(data)
        case 2:
            return data[:at] + data[to:], at, to
        case 3:
            return data[:to] + data[at:], to, to
        case 4:
            return data[:at] + piece + data[at:], at, at
        case 5:
            return data[:at] + nest(luck) + data[at:], at, at
        case _:
            return data[:at] + noise(luck) + data[to:], at, to


def read(data: bytes, name: str, seed: int) -> Sheet | CrmError:
    """Read within the time there is; every other failure is one of the test."""
    began = time.process_time()
    try:
        found: Sheet | CrmError = read_sheet(io.BytesIO(data), name)
    except CrmError as error:
        found = error
    except BaseException as error:
        raise AssertionError(f"seed {seed}: {error!r}") from error
    assert time.process_time() - began < LONGEST, f"seed {seed} takes too long"
    if isinstance(found, Sheet):
        assert all(len(row) == len(found.headers) for row in found.rows), seed
        assert len(found.rows) == len(found.lines), seed
        assert all(0 <= place < len(found.rows) for place in found.extras), seed
    return found


def far(whole: Whole, at: int, to: int) -> list[int]:
    """The records that neither were damaged nor stand beside one that was."""
    spans = []
    begin = len(whole.before)
    for record in whole.records:
        spans.append((begin, begin + len(record)))
        begin += len(record)
    hit = [number for number, (low, high) in enumerate(spans) if low <= to and at <= high]
    near = {each + step for each in hit for step in (-1, 0, 1)}
    return [number for number in range(len(spans)) if number not in near]


@pytest.mark.parametrize("make", [csv_file, json_file, ndjson_file, vcard_file])
def test_damage_to_one_record_loses_no_other(make: Callable[[Random], Whole]) -> None:
    for seed in range(COUNT):
        luck = chance(seed)
        whole = make(luck)
        data, at, to = damage(luck, whole.data)
        found = read(data, whole.name, seed)
        if isinstance(found, CrmError):
            # Only what says what the file is may refuse the whole of it.
            assert at <= len(whole.before) + len(whole.records[0]), f"seed {seed}: {found}"
            continue
        rows = "\n".join(" ".join(map(str, row)) for row in found.rows)
        lost = [number for number in far(whole, at, to) if word(number) not in rows]
        # Where a list begins too late, its first records stand outside it.
        assert not lost or at < len(whole.before), f"seed {seed} loses {lost}"


def workbook() -> bytes:
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True})
    page = book.add_worksheet("Uno")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    page.write_row(0, 0, ("code", "name", "n", "f", "day", "flag"))
    for number in range(RECORDS):
        page.write_row(number + 1, 0, (word(number), NAMES[number % 8], number, number / 7))
        page.write_number(number + 1, 4, 45000 + number, day)
        page.write_boolean(number + 1, 5, number % 2)
    page.merge_range("H1:J2", "merged")
    book.add_worksheet("Dos").write_row(0, 0, ("a", "b"))
    book.close()
    return out.getvalue()


def test_a_damaged_workbook_is_read_whole_or_refused() -> None:
    good = workbook()
    whole = read(good, "x.xlsx", -1)
    assert isinstance(whole, Sheet)
    for seed in range(COUNT // 2):
        found = read(damage(chance(seed), good)[0], "x.xlsx", seed)
        if isinstance(found, Sheet) and found.facts["format"] == "xlsx":
            assert found.rows == whole.rows, f"seed {seed}"


def test_damage_inside_a_workbook_is_no_crash() -> None:
    with zipfile.ZipFile(io.BytesIO(workbook())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    weighty = [name for name in parts if name.startswith("xl/") and "theme" not in name]
    for seed in range(COUNT // 2):
        luck = chance(seed)
        chosen = luck.choice(weighty)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, part in parts.items():
                archive.writestr(name, damage(luck, part)[0] if name == chosen else part)
        read(out.getvalue(), "x.xlsx", seed)


def test_a_damaged_workbook_of_old_excel_is_no_crash() -> None:
    good = (DATA / "clientes.xls").read_bytes()
    for seed in range(max(4, COUNT // 100)):
        read(damage(chance(seed), good)[0], "x.xls", seed)


@pytest.mark.parametrize("name", ["x.csv", "x.xlsx", "x.json", "x.ndjson", "x.vcf", "x"])
def test_mere_noise_is_read_or_refused(name: str) -> None:
    starts = (
        b"",
        b"PK\x03\x04",
        b"BEGIN:VCARD\n",
        b"[",
        b"{",
        b"[{",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"sep=",
    )
    for seed in range(COUNT // 10):
        luck = chance(seed)
        data = luck.choice(starts) + (noise(luck) + nest(luck)) * luck.randrange(4)
        read(data, name, seed)
