"""Everything goes out in one export and comes back the same, by hash."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Crm

FORMS = ("folder/", "book.xlsx", "document.json")


def digest(crm: Crm, database: Path | None = None) -> str:
    more = ("--database", str(database)) if database is not None else ()
    return crm.ok("database", "hash", *more).out.strip()


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
