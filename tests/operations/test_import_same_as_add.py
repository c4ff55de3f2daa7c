"""A file's rows make the records that adding them one by one makes."""

from __future__ import annotations

import csv
import io
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importers import read_sheet
from importers.drafts import read_drafts
from language.fields import field_named
from language.reading import Reading, read_field, split_words
from operations import imports, records
from operations.import_drafts import Choices
from operations.lists import Query, all_fields, select_ids, select_records
from storage.database import Database, Deed, open_database
from storage.settings import Settings

FIELDS = ("name", "job_title", "company", "emails", "phones", "channel", "source", "birthday",
          "hobbies", "tags", "note")  # fmt: skip
GIVEN = ("Ana", "Luis", "Zoë", "Omar", "Peter", "Olga")
COMPANIES = ("Acme", "Betasol, S.L.", "Ñandú & Hijos")
LEFT_OUT = {"uid", "created_at", "updated_at", "version"}

words = st.text(st.characters(codec="utf-8", categories=("L", "Nd", "Zs")), min_size=1, max_size=12)
plain = words.map(lambda text: " ".join(text.split())).filter(bool)


def rows_of() -> st.SearchStrategy[list[dict[str, str]]]:
    """People with an address each, so that no two are one."""
    named: dict[str, st.SearchStrategy[str]] = {"name": plain}
    row = st.fixed_dictionaries(
        named,
        optional={
            "job_title": plain,
            "company": st.sampled_from(COMPANIES),
            "phones": st.sampled_from(["600 111 222", "+44 20 7946 0958", "12345", "912345678"]),
            "channel": st.sampled_from(["phone", "email", "teléfono"]),
            "source": plain,
            "birthday": st.sampled_from(["1980-05-03", "05-03", "1999-12-31"]),
            "hobbies": st.lists(plain, min_size=1, max_size=3).map("; ".join),
            "tags": st.lists(plain, min_size=1, max_size=3).map("; ".join),
            "note": st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=30),
        },
    )
    return st.lists(row, min_size=1, max_size=6).map(
        lambda rows: [
            row | {"name": f"{GIVEN[at]} {row['name']}", "emails": f"p{at}@firm{at}.example"}
            for at, row in enumerate(rows)
        ]
    )


@pytest.fixture(scope="module")
def blank(blank_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the companies that rows name."""
    path = tmp_path_factory.mktemp("same") / "crm.db"
    shutil.copy(blank_database, path)
    with opened(path).writing(Deed("company add")) as uow:
        for name in COMPANIES:
            records.add(uow, "company", {"name": name})
    return path


def opened(path: Path) -> Database:
    return open_database(Settings(database=str(path), user="eva"))


def copy(blank: Path, name: str) -> Database:
    path = blank.with_name(name)
    for end in ("", "-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)
    shutil.copy(blank, path)
    return opened(path)


def added(database: Database, rows: list[dict[str, str]]) -> None:
    reading = reading_of(database)
    for row in rows:
        filled = {name: read(name, text, reading) for name, text in row.items() if text.strip()}
        with database.writing(Deed("contact add")) as uow:
            records.add(uow, "contact", filled)


def read(name: str, text: str, reading: Reading) -> Any:
    field = field_named("contact", name)
    assert field is not None
    if not field.many:
        return read_field(field, text, reading)
    items = split_words([text]) if field.kind in {"tag", "words"} else [text]
    return [read_field(field, item, reading) for item in items]


def reading_of(database: Database) -> Reading:
    own = database.settings
    return Reading(database.clock(), own.zone, own.currency, own.country, own.day_first)


def imported(database: Database, rows: list[dict[str, str]]) -> None:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, FIELDS, restval="")
    writer.writeheader()
    writer.writerows(rows)
    sheet = read_sheet(io.BytesIO(out.getvalue().encode()), "x.csv")
    batch = read_drafts(sheet, "contact", reading_of(database))
    with database.writing(Deed("import contacts")) as uow:
        done = imports.apply(uow, batch, replace(Choices(), currency="EUR"))
    assert (done.created, done.rejected) == (len(rows), [])


def content(database: Database) -> list[dict[str, Any]]:
    with database.reading() as uow:
        names = [name for name in all_fields(uow, "contact") if name not in LEFT_OUT]
        ids = select_ids(uow, "contact", Query(sort="id"))
        return select_records(uow, "contact", names, ids=ids)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=rows_of())
@pytest.mark.slow
def test_importing_rows_makes_what_adding_them_one_by_one_makes(
    blank: Path, home: Path, rows: list[dict[str, str]]
) -> None:
    one, two = copy(blank, "added.db"), copy(blank, "imported.db")

    added(one, rows)
    imported(two, rows)

    assert content(two) == content(one)
    one.close()
    two.close()
