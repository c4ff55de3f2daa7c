"""An export that is not whole, or has no place to go, is refused and changes nothing."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Crm

FORMS = ("folder/", "book.xlsx", "document.json")


def digest(crm: Crm, database: Path | None = None) -> str:
    more = ("--database", str(database)) if database is not None else ()
    return crm.ok("database", "hash", *more).out.strip()


def test_a_database_that_holds_anything_is_not_overrun(crm: Crm, home: Path) -> None:
    crm.ok("contact", "add", "Ana")
    crm.ok("export", "all", "--to", str(home / "all.json"))
    before = digest(crm)

    result = crm("import", "all", str(home / "all.json"))

    assert result.code == 4
    assert "this one holds 1 contact" in result.err
    assert "--database FILE" in result.err
    assert digest(crm) == before


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


@pytest.mark.slow
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
    for at in range(0, len(whole) - 200, len(whole) // 5):
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


def test_a_workbook_that_would_fill_the_memory_is_refused(
    crm: Crm, home: Path, new: Callable[[str], Path]
) -> None:

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
