"""Everything goes out in one export and comes back the same, by hash; nothing else comes in."""

from __future__ import annotations

import csv
import json
import shutil
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from storage.database import Deed, open_database
from storage.settings import Settings
from tests.conftest import Crm

HOSTILE = (
    "", " ", "'", "''", "'=1+1", "=1+1", "+cmd|' /C calc'!A0", "@SUM(1)", "-2+3", "text:",
    'text:"x"', "text:#1", "\x1b[31mred\x1b[0m", "bell\a and \x7f and \x85", "two\nlines",
    "cr\rlf\r\nmix", "\t", "שלום مرحبا \u202eabc", "👩‍👩‍👧 e\u0301", '{"a": [1, null]}', "null", "007",
    "1e5", "TRUE", "2026-01-01", "_x000D_", "<r>rich</r>", "a,b;c\td|e", '"quoted', "\ufeffmark", "\uffff",
    "x" * 40_000, "=" + "long \n" * 8_000, " lead and trail ", "\u2028", "#N/A", "%", "|x",
)  # fmt: skip
FORMS = ("folder/", "book.xlsx", "document.json")
MOMENT = datetime(2026, 11, 24, 9, 30, 0, 123457, tzinfo=UTC)


def fill(crm: Crm, home: Path) -> None:
    """A team's database with all that may be in one, and worse."""
    crm.ok("pipeline", "add", "Partners")
    crm.ok("company", "add", "acme", "--domain", "acme.example")
    crm.ok("contact", "add", "Ana Ruíz", "--company", "acme", "--email", "ana@acme.example",
           "--phone", "+34 600 111 222", "--birthday", "05-03", "--tag", "vip")  # fmt: skip
    crm.ok("contact", "add", "Luis Paz", "--email", "home:luis@paz.example")
    crm.ok("deal", "add", "Seats", "--company", "acme", "--amount", "JPY 5000", "--contact", "ana")
    crm.ok("deal", "move", "1", "qualified")
    crm.ok("deal", "lose", "1", "--reason", "price")
    crm.ok("call", "log", "ana", "20 seats", "--deal", "1", "--next", "fri send quote")
    crm.ok("product", "add", "PRO", "--price", "KWD 1.255")
    for kind, value in (
        ("text", "a"), ("number", "1.5"), ("money", "EUR 3"), ("date", "2026-01-02"),
        ("flag", "yes"), ("choice", "red"), ("link", "luis"),
    ):  # fmt: skip
        more = {
            "choice": ["--choice", "red", "--choice", 'b"l,ue'],
            "link": ["--target", "contact"],
        }
        crm.ok("field", "add", "contact", f"A {kind}", "--kind", kind, *more.get(kind, []))
        crm.ok("contact", "edit", "ana", "--set", f"a {kind}={value}")
    paper = home / "paper.txt"
    paper.write_text("signed")
    crm.ok("attachment", "add", "deal:1", str(paper))
    crm.ok("contact", "add", "Gone Girl")
    crm.ok("contact", "delete", "gone")
    crm.ok("contact", "add", "Undone")
    crm.ok("undo")
    fill_by_hand(crm)


def fill_by_hand(crm: Crm) -> None:
    """What the commands would not let in, or not yet."""
    from storage.model import anything, people, sales

    database = open_database(Settings(database=str(crm.database), user="eva"))
    with database.writing(Deed("fill")) as uow:
        numbers = []
        for at, text in enumerate(HOSTILE):
            name = text or "-"
            numbers.append(
                uow.insert(
                    people.contacts, name=name, name_key=name, note=text, job_title=text or None,
                    created_at=MOMENT + timedelta(microseconds=at * 777),
                )
            )  # fmt: skip
            uow.insert(anything.flags, noun="contact", record_id=numbers[-1], field=text,
                       content=text, reason=text)  # fmt: skip
        uow.insert(people.relations, contact_id=1, other_id=2, kind="boss", note="")
        uow.insert(anything.distinctions, noun="contact", record_id=1, other_id=2)
        stage = uow.scalar(sales.stages.select().with_only_columns(sales.stages.c.id).limit(1))
        for minor, currency in (
            (-1, "EUR"), (2**62, "JPY"), (2**53 + 1, "KWD"), (12345, "EUR"), (1, "???"),
        ):  # fmt: skip
            uow.insert(
                sales.deals, title=f"{minor}", title_key=f"{minor}", pipeline_id=1, stage_id=stage,
                stage_since=datetime(1850, 1, 1, tzinfo=UTC), amount_minor=minor,
                currency=currency, opened_on=datetime(1899, 12, 31, tzinfo=UTC).date(),
                closed_at=datetime(9999, 12, 31, 23, 59, 59, 999000, tzinfo=UTC),
            )  # fmt: skip
    database.close()


def digest(crm: Crm, database: Path | None = None) -> str:
    more = ("--database", str(database)) if database is not None else ()
    return crm.ok("database", "hash", *more).out.strip()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the full database is kept once the first test has made it."""
    return tmp_path_factory.mktemp("full") / "crm.db"


@pytest.fixture
def full(crm: Crm, home: Path, made: Path) -> Crm:
    """`crm` on a full database."""
    if not made.exists():
        fill(crm, home)
        shutil.copy(crm.database, made)
        shutil.copytree(f"{crm.database}.files", f"{made}.files")
    else:
        shutil.copy(made, crm.database)
        shutil.copytree(f"{made}.files", f"{crm.database}.files")
    return crm


@pytest.fixture
def new(home: Path, blank_database: Path) -> Callable[[str], Path]:
    """A new database of a name."""

    def make(name: str) -> Path:
        path = home / name
        shutil.copy(blank_database, path)
        path.chmod(0o600)
        return path

    return make


@pytest.mark.parametrize("form", FORMS)
def test_everything_comes_back_with_the_same_hash(
    full: Crm, home: Path, new: Callable[[str], Path], form: str
) -> None:
    whole = digest(full)
    place = str(home / form)

    said = full.ok("export", "all", "--to", place).err
    other = new("other.db")
    empty = digest(full, other)
    back = full.ok("import", "all", place, "--database", str(other)).err

    assert f"hash {whole}" in said
    assert f"hash {whole}" in back
    assert digest(full, other) == whole
    assert "holds everything" in full.ok("database", "verify-export", place).err
    full.ok("undo", "--database", str(other))
    assert digest(full, other) == empty
    full.ok("redo", "--database", str(other))
    assert digest(full, other) == whole
    full.ok("undo", "--database", str(other))
    full.ok("import", "all", place, "--database", str(other))
    assert digest(full, other) == whole
    full.ok("undo", "--database", str(other))
    assert digest(full, other) == empty


@pytest.mark.parametrize("form", FORMS)
def test_an_export_of_what_came_back_is_the_same_again(
    full: Crm, home: Path, new: Callable[[str], Path], form: str
) -> None:
    full.ok("export", "all", "--to", str(home / form))
    other, third = new("other.db"), new("third.db")
    full.ok("import", "all", str(home / form), "--database", str(other))
    again = str(home / f"again-{form}")

    full.ok("export", "all", "--to", again, "--database", str(other))
    full.ok("import", "all", again, "--database", str(third))

    assert digest(full, third) == digest(full)


def test_the_history_comes_along_with_its_dates_and_people(
    full: Crm, home: Path, new: Callable[[str], Path]
) -> None:
    there = full.ok("history", "deal:1", "--format", "json").json
    listed = full.ok("history", "--limit", "0", "--format", "json").json
    full.ok("export", "all", "--to", str(home / "all/"))
    other = str(new("other.db"))
    full.ok("import", "all", str(home / "all"), "--database", other, "--user", "luis")

    here = full.ok("history", "deal:1", "--format", "json", "--database", other).json
    commands = full.ok("history", "--limit", "0", "--format", "json", "--database", other).json

    shift = here[0]["id"] - there[0]["id"]
    assert [{**line, "id": line["id"] - shift} for line in here] == there
    assert commands[0]["what"].startswith("restored everything")
    assert commands[0]["who"] == "luis"
    told = [(each["at"], each["who"], each["what"]) for each in commands[1:]]
    assert told[: len(listed)] == [(each["at"], each["who"], each["what"]) for each in listed]
    assert full("undo", "--list", "--database", other, "--format", "json").json == []
    refused = full("undo", str(commands[3]["id"]), "--database", other)
    assert refused.code == 2
    assert "cannot be undone here" in refused.err
    assert full("redo", "--database", other).code == 3


def test_what_is_done_after_it_came_back_keeps_it_from_being_undone_whole(
    full: Crm, home: Path, new: Callable[[str], Path]
) -> None:
    full.ok("export", "all", "--to", str(home / "all.json"))
    other = str(new("other.db"))
    full.ok("import", "all", str(home / "all.json"), "--database", other)
    imported = full.ok("history", "--limit", "1", "--format", "json", "--database", other).json[0]
    full.ok("contact", "edit", "ana ruiz", "--job-title", "CEO", "--database", other)

    result = full("undo", str(imported["id"]), "--database", other)

    assert result.code == 4
    assert full.ok("contact", "show", "ana ruiz", "--format", "json", "--database", other).json[
        "job_title"
    ] == "CEO"  # fmt: skip


def test_attached_files_travel_in_a_folder_and_a_file_says_that_they_do_not(
    full: Crm, home: Path, new: Callable[[str], Path]
) -> None:
    other, third = str(new("other.db")), str(new("third.db"))

    assert "not inside" in full.ok("export", "all", "--to", str(home / "all.json")).err
    full.ok("export", "all", "--to", str(home / "all/"))
    full.ok("import", "all", str(home / "all"), "--database", other)
    lacking = full.ok("import", "all", str(home / "all.json"), "--database", third).err

    full.ok("attachment", "save", "1", "--to", str(home / "back.txt"), "--database", other)
    assert (home / "back.txt").read_text() == "signed"
    assert "1 attached file is not in the export" in lacking


def test_a_lost_attached_file_is_told_and_the_rest_goes_out(full: Crm, home: Path) -> None:
    shutil.rmtree(f"{full.database}.files")

    result = full("export", "all", "--to", str(home / "all/"))

    assert result.code == 6
    assert "1 attached file is missing or damaged" in result.err
    assert len(json.loads((home / "all" / "manifest.json").read_text())["files"]["missing"]) == 1


def test_a_database_that_holds_anything_is_not_overrun(crm: Crm, home: Path) -> None:
    crm.ok("contact", "add", "Ana")
    crm.ok("export", "all", "--to", str(home / "all.json"))
    before = digest(crm)

    result = crm("import", "all", str(home / "all.json"))

    assert result.code == 4
    assert "this one holds 1 contact" in result.err
    assert "--database FILE" in result.err
    assert digest(crm) == before


@pytest.mark.parametrize("form", FORMS)
def test_an_export_that_is_older_than_the_database_says_so(
    full: Crm, home: Path, form: str
) -> None:
    place = str(home / form)
    full.ok("export", "all", "--to", place)
    full.ok("contact", "edit", "ana ruiz", "--job-title", "CEO")
    full.ok("contact", "add", "New Person")

    result = full("database", "verify-export", place)
    told = json.loads(full("database", "verify-export", place, "--format", "json").out)

    assert result.code == 4
    assert "contacts: 2 rows differ" in result.err
    assert "it is older: 2 commands since" in result.err
    assert (told["holds_everything"], told["commands_since"]) == (False, 2)
    assert told["differing_rows"] == {"contacts": 2}


def test_an_export_of_another_database_is_not_taken_for_ours(
    crm: Crm, home: Path, new: Callable[[str], Path]
) -> None:
    other = str(new("other.db"))
    crm.ok("contact", "add", "Ana", "--database", other)
    crm.ok("export", "all", "--to", str(home / "all/"), "--database", other)

    result = crm("database", "verify-export", str(home / "all"))

    assert result.code == 4
    assert "made from another database" in result.err


def edit_folder(place: Path, change: Callable[[list[list[str]]], Any]) -> None:
    file = place / "contacts.csv"
    with file.open(newline="", encoding="utf-8") as source:
        rows = list(csv.reader(source))
    change(rows)
    with file.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows(rows)


def no(rows: list[list[str]], column: str, value: str) -> None:
    rows[1][rows[0].index(column)] = value


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda rows: no(rows, "name", "Other"), "table contacts is not as it was exported"),
        (lambda rows: rows.pop(), "table contacts has 2 rows where the export says 3"),
        (lambda rows: no(rows, "id", "x"), "contacts.csv line 2, column id: 'x' is no integer"),
        (lambda rows: no(rows, "id", "3"), "is out of order"),
        (lambda rows: no(rows, "id", ""), "id must not be empty"),
        (lambda rows: no(rows, "name", "text:{"), "column name: 'text:{' is no text"),
        (lambda rows: no(rows, "created_at", "today"), "created_at is no moment"),
        (lambda rows: no(rows, "company_id", "77"), "table contacts is not as it was exported"),
        (lambda rows: no(rows, "created_by_command", "99999"), "a command #99999 that it lacks"),
        (lambda rows: no(rows, "id", str(2**70)), "id is no integer"),
        (lambda rows: rows[0].__setitem__(rows[0].index("uid"), "u"), "has no column uid"),
        (lambda rows: rows[0].__setitem__(0, "name"), "its headings are damaged"),
        (lambda rows: rows[1].pop(), "cells where there are"),
        (lambda rows: rows.clear(), "is empty"),
    ],
)
def test_an_edited_folder_is_refused_and_named_and_nothing_comes_in(
    crm: Crm,
    home: Path,
    new: Callable[[str], Path],
    change: Callable[[list[list[str]]], Any],
    said: str,
) -> None:
    for name in ("Ana", "Luis", "Eva"):
        crm.ok("contact", "add", name)
    crm.ok("export", "all", "--to", str(home / "all/"))
    other = new("other.db")
    before = other.read_bytes()
    edit_folder(home / "all", change)

    result = crm("import", "all", str(home / "all"), "--database", str(other))

    assert result.code == 2, result.err
    assert said in result.err
    assert "Traceback" not in result.err
    assert other.read_bytes() == before


@pytest.mark.parametrize("form", FORMS)
def test_a_damaged_export_is_refused_whole(
    full: Crm, home: Path, new: Callable[[str], Path], form: str
) -> None:
    place = home / form
    full.ok("export", "all", "--to", str(place))
    file = place / "changes.csv" if place.is_dir() else place
    whole = file.read_bytes()
    other = new("other.db")
    before = digest(full, other)
    for at in range(0, len(whole), len(whole) // 12):
        for damaged in (
            whole[:at],
            whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :],
            whole[:at] + whole[at + 200 :],
        ):
            file.write_bytes(damaged)
            result = full("import", "all", str(place), "--database", str(other), "--dry-run")
            assert result.code in {0, 2, 8}, (at, result.err)
            assert "Traceback" not in result.err
            if result.code == 0:  # a byte that says nothing, such as a date in the zip's index
                assert damaged != whole[:at]
    assert digest(full, other) == before


def test_a_newer_export_and_another_file_are_told_apart(
    crm: Crm, home: Path, new: Callable[[str], Path]
) -> None:
    crm.ok("export", "all", "--to", str(home / "all/"))
    manifest = home / "all" / "manifest.json"
    facts = json.loads(manifest.read_text())
    facts["crm"]["schema"] = 99
    manifest.write_text(json.dumps(facts))
    other = ("--database", str(new("other.db")))

    newer = crm("import", "all", str(home / "all"), *other)
    assert (newer.code, "written by a newer crm (schema 99" in newer.err) == (8, True)
    for name, content in (("x.json", "[]"), ("y.json", "{"), ("z.xlsx", "PK"), ("e.json", "")):
        (home / name).write_text(content)
        result = crm("import", "all", str(home / name), *other)
        assert (result.code, "Traceback" in result.err) == (2, False), result.err
    (home / "none").mkdir()
    assert "manifest.json" in crm("import", "all", str(home / "none"), *other).err
    assert crm("import", "all", str(home / "nowhere"), *other).code == 3
    assert crm("import", "all", str(home / "paper.csv"), *other).code == 3


def test_an_export_of_schema_1_comes_in_without_the_tables_of_schema_2(
    crm: Crm, home: Path, new: Callable[[str], Path]
) -> None:
    crm.ok("contact", "add", "Ana", "--email", "ana@acme.example")
    crm.ok("export", "all", "--to", str(home / "all/"))
    manifest = home / "all" / "manifest.json"
    facts = json.loads(manifest.read_text())
    facts["crm"]["schema"] = 1
    for table in ("flags", "distinctions"):
        (home / "all" / f"{table}.csv").unlink()
        del facts["tables"][table]
    manifest.write_text(json.dumps(facts))
    other = new("other.db")

    crm.ok("import", "all", str(home / "all"), "--database", str(other))

    assert digest(crm, other) == digest(crm)


def test_a_folder_with_other_things_is_not_replaced_and_an_older_export_is(
    crm: Crm, home: Path
) -> None:
    place = home / "out"
    place.mkdir()
    (place / "diary.txt").write_text("mine")

    result = crm("export", "all", "--to", str(place))
    assert result.code == 4
    assert [entry.name for entry in place.iterdir()] == ["diary.txt"]

    (place / "diary.txt").unlink()
    crm.ok("export", "all", "--to", str(place))
    crm.ok("contact", "add", "Ana")
    crm.ok("export", "all", "--to", str(place))
    assert "Ana" in (place / "contacts.csv").read_text()
    assert place.stat().st_mode & 0o777 == 0o700
    assert all(file.stat().st_mode & 0o77 == 0 for file in place.rglob("*"))
    assert list(home.glob(".crm*")) == []


def test_what_does_not_go_with_everything_is_said(crm: Crm, home: Path) -> None:
    assert "add --to FOLDER/" in crm("export", "all").err
    assert "--filter does not go with all" in crm("export", "all", "--filter", "id=1").err
    assert ".xlsx or a .json" in crm("export", "all", "--to", str(home / "all.csv")).err
    assert crm.ok("export", "all", "--to", str(home / "x.json"), "--dry-run").err.startswith(
        "would"
    )
    assert not (home / "x.json").exists()


def test_the_hash_of_each_table_is_given_to_scripts(crm: Crm) -> None:
    crm.ok("contact", "add", "Ana")

    told = crm.ok("database", "hash", "--format", "json").json

    assert told["hash"] == digest(crm)
    assert told["tables"]["contacts"]["rows"] == 1


def test_a_workbook_for_people_has_dates_amounts_and_names(full: Crm, home: Path) -> None:
    import openpyxl

    full.ok("export", "all", "--to", str(home / "all.xlsx"))

    book = openpyxl.load_workbook(home / "all.xlsx")
    page = book["deals"]
    headings = [cell.value for cell in page[1]]
    page_of_products = book["products"]
    names = [cell.value for cell in page_of_products[1]]
    product = dict(zip(names, page_of_products[2], strict=True))
    first = dict(zip(headings, page[2], strict=True))

    assert book.sheetnames[:3] == ["contacts", "companies", "deals"]
    assert first["amount"].value == 5000
    assert first["amount"].number_format == "#,##0 [$JPY]"
    assert first["company"].value == "acme"
    assert product["price"].number_format == "#,##0.000 [$KWD]"
    assert product["created_at"].is_date
    assert first["created_at"].is_date
    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref is not None
    assert not any(
        cell.data_type == "f" for sheet in book for row in sheet.iter_rows() for cell in row
    )


def test_a_workbook_that_would_fill_the_memory_is_refused(
    crm: Crm, home: Path, new: Callable[[str], Path]
) -> None:
    import zipfile

    crm.ok("export", "all", "--to", str(home / "all.xlsx"))
    bomb = home / "bomb.xlsx"
    with zipfile.ZipFile(home / "all.xlsx") as old, zipfile.ZipFile(bomb, "w") as out:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename == "xl/worksheets/sheet1.xml":
                far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
                data = data.replace(b"</sheetData>", far)
            out.writestr(entry.filename, data)

    result = crm("import", "all", str(bomb), "--database", str(new("other.db")))

    assert result.code == 2
    assert "claims to hold more than it can" in result.err


def test_a_rehearsed_import_of_everything_changes_no_byte(
    full: Crm, home: Path, new: Callable[[str], Path]
) -> None:
    full.ok("export", "all", "--to", str(home / "all/"))
    other = new("other.db")
    before = other.read_bytes()

    said = full.ok("import", "all", str(home / "all"), "--database", str(other), "--dry-run").err

    assert "would have imported everything" in said
    assert other.read_bytes() == before
    assert not Path(f"{other}.files").exists()


def test_the_search_finds_what_came_back(full: Crm, home: Path, new: Callable[[str], Path]) -> None:
    full.ok("export", "all", "--to", str(home / "all.json"))
    other = str(new("other.db"))
    full.ok("import", "all", str(home / "all.json"), "--database", other)

    assert "Ana Ruíz" in full.ok("search", "ana@acme", "--database", other).out
    connection = sqlite3.connect(other)
    assert connection.execute("SELECT command_id FROM open_command").fetchone() == (None,)
    connection.close()
    found = full("doctor", "--database", other, "--format", "json").json
    assert {each["id"] for each in found if each["state"] == "damaged"} == {
        "money-has-currency",  # as in the database that was exported
        "attachments",
    }
