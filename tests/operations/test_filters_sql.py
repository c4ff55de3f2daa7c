"""What a filter means, beside a plain reading of the same records in Python."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from language.errors import InvalidValue
from language.text import fold
from operations import records
from operations.lists import Query, list_records
from storage.database import Deed, open_database
from storage.settings import Settings
from storage.unit import UnitOfWork

COMPANIES: list[dict[str, Any]] = [
    {"name": "Acme", "size": 10, "industry": "Energía", "founded": 1999},
    {"name": "Zeta", "size": 200, "industry": "energy"},
    {"name": "Ñandú 100%", "industry": "Food_x"},
    {"name": "acme lab", "size": 10, "founded": 2010},
    {"name": 'O\'Brien "B" \\ co', "size": 0},
]
OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}


@pytest.fixture
def uow(database: Path) -> Iterator[UnitOfWork]:
    opened = open_database(Settings(database=str(database), user="eva"))
    with opened.writing(Deed("test")) as unit:
        for company in COMPANIES:
            records.add(unit, "company", company)
    with opened.reading() as unit:
        yield unit
    opened.close()


def passing(uow: UnitOfWork, text: str) -> list[object]:
    return [row["name"] for row in list_records(uow, "company", Query(text, "id"))]


def names(rule: Callable[[dict[str, Any]], bool]) -> list[object]:
    return [company["name"] for company in COMPANIES if rule(company)]


@pytest.mark.parametrize("op", OPERATORS)
@pytest.mark.parametrize("value", [0, 10, 11, 200])
def test_numbers_compare_as_numbers_and_none_differs_from_any(
    uow: UnitOfWork, op: str, value: int
) -> None:
    def rule(company: dict[str, Any]) -> bool:
        size = company.get("size")
        return op == "!=" if size is None else OPERATORS[op](size, value)

    assert passing(uow, f"size{op}{value}") == names(rule)


@pytest.mark.parametrize("word", ["acme", "ACME", "ñandu 100%", "100%", "_", "%", "energia", "'"])
def test_words_compare_without_case_and_accents_and_wildcards_are_letters(
    uow: UnitOfWork, word: str
) -> None:
    quoted = word.replace('"', '""')

    assert passing(uow, f'name="{quoted}"') == names(lambda c: fold(c["name"]) == fold(word))
    assert passing(uow, f'name~"{quoted}"') == names(lambda c: fold(word) in fold(c["name"]))
    assert passing(uow, f'name!~"{quoted}"') == names(lambda c: fold(word) not in fold(c["name"]))
    assert passing(uow, f'industry~"{quoted}"') == names(
        lambda c: fold(word) in fold(c.get("industry", ""))
    )


def test_and_or_not_and_brackets_mean_what_they_say(uow: UnitOfWork) -> None:
    assert passing(uow, "size=10 and founded>2000 or name=zeta") == ["Zeta", "acme lab"]
    assert passing(uow, "size=10 and (founded>2000 or name=zeta)") == ["acme lab"]
    assert passing(uow, "not size>5") == names(lambda c: not (c.get("size") or 0) > 5)
    assert passing(uow, "not (size=10 or size=200)") == names(
        lambda c: c.get("size") not in {10, 200}
    )
    assert passing(uow, "size in (0, 200)") == names(lambda c: c.get("size") in {0, 200})
    assert passing(uow, "founded is empty") == names(lambda c: "founded" not in c)
    assert passing(uow, "founded is not empty and size=10") == ["Acme", "acme lab"]


@pytest.mark.parametrize(
    "text",
    ["size=1; drop table companies", "size=1 --", "name)=1", "nope=1", "size=many", "id.x=1",
     "name=", "size in ()", "(select 1)", "created_at~2026", "tags>3"],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(uow: UnitOfWork, text: str) -> None:
    with pytest.raises(InvalidValue):
        list_records(uow, "company", Query(text))


@pytest.mark.parametrize("sort", ["name", "-name", "size,-name", "-founded", "industry,id"])
def test_sorting_puts_what_is_missing_last_either_way(uow: UnitOfWork, sort: str) -> None:
    rows = list_records(uow, "company", Query("", sort, fields=("name", "size", "founded")))
    first = sort.split(",", maxsplit=1)[0].lstrip("-")
    held: list[Any] = [row.get(first) for row in rows if first in row]
    filled = [value for value in held if value is not None]

    assert held[: len(filled)] == filled
    keys = [fold(value) if isinstance(value, str) else value for value in filled]
    assert keys == sorted(keys, reverse=sort.startswith("-"))
