"""CSV, TSV, JSON, Markdown and ids, read back with other people's readers."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import tracemalloc
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exporters import BINARY, FORMATS, Column, Row, Sheet, Value, write_rows
from exporters import csv as csv_format
from exporters.json import dumps
from language.errors import InvalidValue
from language.guard import unguard

if TYPE_CHECKING:
    from collections.abc import Iterator

ACTS_ON_A_TERMINAL = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]"
)
HOSTILE = [
    "[bold]x[/bold]",
    "\x1b]52;c;cm0gLXJm\x07",
    "\x9b2J",
    "محمد الفاتح",
    "Ñ" * 300,
    "two\nlines",
    "old\r\nlines",
    "tab\there",
    "back\\slash \\n",
    '=HYPERLINK("http://evil","x")',
    "'=1+1",
    'say "hi", please',
    "a | b `c` <script>",
    "\u202ereversed",
    " spaces ",
    "👩\u200d🚀 ❤\ufe0f",
]
COLUMNS = [
    Column("id", "Number", "integer"),
    Column("name", "Name", "text"),
    Column("amount", "Amount", "money"),
    Column("currency", "Currency", "currency"),
    Column("active", "Active", "flag"),
    Column("born", "Birthday", "day"),
    Column("seen", "Seen", "moment"),
    Column("tags", "Tags", "list"),
]


def row(number: int, name: str) -> Row:
    return {
        "id": number,
        "name": name,
        "amount": Decimal("-1234.50"),
        "currency": "EUR",
        "active": True,
        "born": date(1980, 1, 2),
        "seen": datetime(2026, 11, 22, 10, 30, tzinfo=UTC),
        "tags": ["vip", "a;b"],
    }


def hostile_sheet() -> Sheet:
    return Sheet("People", COLUMNS, (row(at, name) for at, name in enumerate(HOSTILE, 1)))


def names(values: list[str]) -> Sheet:
    return Sheet("Names", [Column("name", "Name")], [{"name": each} for each in values])


def written(format: str, sheet: Sheet, *, raw: bool = False) -> str:
    out = io.BytesIO()
    write_rows(format, sheet, out, raw=raw)
    return out.getvalue().decode("utf-8")


def read_csv(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def test_csv_has_machine_names_and_reads_back_with_every_hostile_name() -> None:
    head, *body = read_csv(written("csv", hostile_sheet()))
    assert head == [column.key for column in COLUMNS]
    assert [unguard(cells[1]) for cells in body] == HOSTILE
    assert body[0][2:] == [
        "-1234.50",
        "EUR",
        "yes",
        "1980-01-02",
        "2026-11-22T10:30:00Z",
        "vip; a\\;b",
    ]


def test_csv_ends_lines_as_rfc_4180_says() -> None:
    assert written("csv", names(["Ana", "a,b"])) == 'name\r\nAna\r\n"a,b"\r\n'


def test_csv_holds_no_live_cell_unless_raw_is_asked_for() -> None:
    formulas = ["=1+1", "@SUM(A1)", "+cmd|x"]
    assert written("csv", names(formulas)).splitlines()[1:] == ["'=1+1", "'@SUM(A1)", "'+cmd|x"]
    assert written("csv", names(formulas), raw=True).splitlines()[1:] == formulas


def test_csv_headings_and_lists_are_guarded_too() -> None:
    sheet = Sheet("x", [Column("=cmd", "x", "list")], [{"=cmd": ["=1", "b"]}])
    assert read_csv(written("csv", sheet)) == [["'=cmd"], ["'=1; b"]]


def test_csv_can_carry_the_mark_old_excel_needs() -> None:
    out = io.BytesIO()
    csv_format.write(names(["Núñez"]), out, bom=True)
    assert out.getvalue() == "name\r\nNúñez\r\n".encode("utf-8-sig")


def test_csv_on_a_terminal_sends_no_escape_sequence() -> None:
    inner, outer = os.openpty()
    with os.fdopen(inner, "rb", 0) as screen, os.fdopen(outer, "wb", 0) as terminal:
        write_rows("csv", names(["\x1b]52;c;cm0=\x07"]), terminal)
        assert b"\x1b" not in screen.read(200)


def test_tsv_is_one_line_a_record_and_can_be_undone() -> None:
    head, *body = written("tsv", hostile_sheet()).removesuffix("\n").split("\n")
    assert head.split("\t") == [column.key for column in COLUMNS]
    assert len(body) == len(HOSTILE)
    assert {len(line.split("\t")) for line in body} == {len(COLUMNS)}
    cells = [line.split("\t")[1] for line in body]
    assert cells[HOSTILE.index("two\nlines")] == "two\\nlines"
    assert cells[HOSTILE.index("tab\there")] == "tab\\there"
    assert cells[HOSTILE.index("back\\slash \\n")] == "back\\\\slash \\\\n"


def test_json_gives_every_value_back_exactly() -> None:
    records = json.loads(written("json", hostile_sheet()), parse_float=Decimal)
    assert [each["name"] for each in records] == HOSTILE
    assert records[0] == {
        "id": 1,
        "name": HOSTILE[0],
        "amount": Decimal("-1234.5"),
        "currency": "EUR",
        "active": True,
        "born": "1980-01-02",
        "seen": "2026-11-22T10:30:00Z",
        "tags": ["vip", "a;b"],
    }


def test_json_is_laid_out_as_the_standard_library_does() -> None:
    value: Value = [{"a": 1, "b": [], "c": {}, "d": ["ñ", None, {"e": True}]}, {}]
    assert dumps(value) == json.dumps(value, indent=2, ensure_ascii=False)
    sheet = Sheet("x", [Column("a", "A"), Column("b", "B", "list")], [{"a": "x", "b": ["y"]}])
    assert written("json", sheet) == json.dumps([{"a": "x", "b": ["y"]}], indent=2) + "\n"


def test_ndjson_is_one_object_a_line() -> None:
    lines = written("ndjson", hostile_sheet()).removesuffix("\n").split("\n")
    assert [json.loads(line)["name"] for line in lines] == HOSTILE


def test_json_writes_amounts_from_their_digits() -> None:
    amounts = ["12.50", "100.00", "1E+3", "-0.00", "12345678901234567890.12", "NaN"]
    assert dumps([Decimal(each) for each in amounts]).split() == [
        "[",
        "12.5,",
        "100,",
        "1000,",
        "0,",
        "12345678901234567890.12,",
        "null",
        "]",
    ]


@settings(max_examples=1000, deadline=None)
@given(
    st.text(alphabet=st.characters()) | st.text(alphabet=st.sampled_from("\x1b\u202e\u200b\ud800a"))
)
def test_json_text_is_exact_and_harmless(text: str) -> None:
    shown = dumps({"k": text})
    assert json.loads(shown) == {"k": text}
    assert ACTS_ON_A_TERMINAL.search(shown) is None
    shown.encode("utf-8")


@pytest.mark.parametrize("format", ["tsv", "json", "ndjson", "markdown"])
def test_no_text_format_lets_data_act_on_the_terminal(format: str) -> None:
    text = written(format, names([each for each in HOSTILE if "\u200d" not in each]))
    shown = text.replace("\t", "") if format == "tsv" else text
    assert ACTS_ON_A_TERMINAL.search(shown) is None


def test_markdown_is_a_table_whose_cells_are_only_text() -> None:
    sheet = Sheet(
        "x",
        [Column("name", "Full name"), Column("n", "Total", "integer")],
        [{"name": "a|b `c` <b> [x](y) \\ *d*\ne", "n": 1}],
    )
    assert written("markdown", sheet) == (
        "| Full name | Total |\n"
        "| --- | ---: |\n"
        "| a\\|b \\`c\\` &lt;b&gt; \\[x\\](y) \\\\ \\*d\\*<br>e | 1 |\n"
    )


def test_ids_are_one_a_line_and_nothing_else() -> None:
    rows: list[Row] = [{"id": 7}, {"id": None}, {"id": "9\x1b"}]
    assert written("ids", Sheet("x", COLUMNS, rows)) == "7\n9\\x1b\n"


@pytest.mark.parametrize(
    ("format", "text"),
    [
        ("csv", "id,name\r\n"),
        ("tsv", "id\tname\n"),
        ("json", "[]\n"),
        ("ndjson", ""),
        ("markdown", "| Number | Name |\n| ---: | --- |\n"),
        ("ids", ""),
    ],
)
def test_an_empty_list_is_still_a_valid_document(format: str, text: str) -> None:
    assert written(format, Sheet("x", COLUMNS[:2], [])) == text


def test_an_unknown_format_names_the_known_ones() -> None:
    with pytest.raises(InvalidValue, match="'pdf' is not a format") as refusal:
        write_rows("pdf", names([]), io.BytesIO())
    assert "csv" in refusal.value.hint


def test_half_a_character_is_refused_in_csv_and_kept_in_json() -> None:
    with pytest.raises(InvalidValue, match="half a character"):
        written("csv", names(["\ud800"]))
    assert json.loads(written("json", names(["\ud800"]))) == [{"name": "\ud800"}]


class Sink(io.RawIOBase):
    """A stream that counts what it is given and keeps none of it."""

    def __init__(self) -> None:
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        assert isinstance(data, bytes)
        self.size += len(data)
        return len(data)


@pytest.mark.parametrize("format", sorted(FORMATS.keys() - BINARY))
def test_ten_thousand_rows_stream_without_being_held(format: str) -> None:
    def many(total: int) -> Iterator[Row]:
        return (row(at, f"name {at} " + "x" * 200) for at in range(total))

    write_rows(format, Sheet("x", COLUMNS, many(10)), Sink())  # type: ignore[arg-type]
    sink = Sink()
    tracemalloc.start()
    count = write_rows(format, Sheet("x", COLUMNS, many(10_000)), sink)  # type: ignore[arg-type]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 10_000
    assert sink.size > 40_000
    assert peak < 300_000
