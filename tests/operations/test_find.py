"""A record is named by anything that identifies it, and never guessed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from language.errors import Ambiguous, InvalidValue, NotFound
from language.values import Record
from operations import records
from operations.find import find, nearest, numbers_named
from operations.lists import still_passing
from storage.database import Database, Deed, open_database
from storage.settings import Settings
from storage.unit import UnitOfWork

PEOPLE: list[dict[str, object]] = [
    {"name": "Ana Ruíz", "emails": ["ana@acme.es"], "phones": ["600 111 222"]},
    {"name": "Anastasia Ruiz", "external_id": "X-77"},
    {"name": "42 Vientos"},
    {"name": "María del Mar O'Brien"},
    {"name": "100%_x"},
]


@pytest.fixture
def office(database: Path) -> Iterator[Database]:
    opened = open_database(Settings(database=str(database), user="eva"))
    with opened.writing(Deed("test")) as uow:
        for person in PEOPLE:
            records.add(uow, "contact", person)
    yield opened
    opened.close()


@pytest.fixture
def uow(office: Database) -> Iterator[UnitOfWork]:
    with office.reading() as unit:
        yield unit


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", 1),
        ("#2", 2),
        ("ana ruiz", 1),
        ("ANA RUÍZ ", 1),
        ("anast", 2),
        ("x-77", 2),
        ("X-77", 2),
        ("ana@ACME.es", 1),
        ("+34 600-111-222", 1),
        ("0034600111222", 1),
        ("42", 3),
        ("vientos", 3),
        ("mar brien", 4),
        ("o'brien", 4),
        ("100%", 5),
        ("%", 5),
        ("_", 5),
        ("%_", 5),
    ],
)
def test_a_text_names_the_one_record_it_fits(uow: UnitOfWork, text: str, number: int) -> None:
    assert find(uow, "contact", text).id == number


def test_a_text_that_fits_several_names_none(uow: UnitOfWork) -> None:
    with pytest.raises(Ambiguous) as refused:
        find(uow, "contact", "ruiz")

    assert [line.split()[0] for line in refused.value.candidates] == ["#1", "#2"]


@pytest.mark.parametrize("text", ["", " ", "*", '"', "#99", "999999999999999999", "zzz"])
def test_a_text_that_fits_nothing_is_not_found(uow: UnitOfWork, text: str) -> None:
    with pytest.raises(NotFound):
        find(uow, "contact", text)


def test_the_nearest_names_are_offered(uow: UnitOfWork) -> None:
    assert nearest(uow, "contact", "Anna Riuz")[0] == "Ana Ruíz"


def test_the_trash_is_looked_into_only_when_asked(office: Database) -> None:
    with office.writing(Deed("test")) as uow:
        records.delete(uow, "contact", [1])
    with office.reading() as uow:
        assert find(uow, "contact", "ana ruiz", trashed=True).id == 1
        assert find(uow, "contact", "ana").id == 2


def test_a_filter_by_name_takes_all_that_answer_or_refuses(uow: UnitOfWork) -> None:
    assert numbers_named(uow, "contact", "ruiz") == [1, 2]
    assert numbers_named(uow, "user", "me") == [1]
    with pytest.raises((NotFound, InvalidValue)):
        numbers_named(uow, "contact", "nobody")


def test_what_changed_while_the_question_stood_is_left_out(office: Database) -> None:
    asked: list[Record] = [{"id": 1}, {"id": 2}, {"id": 4}]
    with office.writing(Deed("test")) as uow:
        records.edit(uow, "contact", 1, {"name": "Berta"})
        records.delete(uow, "contact", [2])
        records.add(uow, "contact", {"name": "Ana Late"})

        assert still_passing(uow, "contact", "name~a", asked) == [1, 4]
        assert still_passing(uow, "contact", "name~ana", asked) == []
