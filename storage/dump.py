"""The whole content of a database as canonical lines: to compare two of them, and to hash one.

Equal lines mean equal data. Left out is what only tells how the data came to be: versions, the
commands and changes of history, the search index, settings of the file. Values are those stored:
whole numbers, texts and nothing; moments are UTC text, money whole minor units.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import TypeAlias

import sqlalchemy as sa

from storage.history import journaled_tables

LEFT_OUT = frozenset({"version", "created_by_command"})
PAGE = 2_000
Stored: TypeAlias = "int | str | None"

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Sum:
    """What a table comes to: its rows, and the SHA-256 of their lines in order of numbers."""

    rows: int
    sha256: str


class Summing:
    """Adds the rows of one table up, and gives each row's line."""

    def __init__(self, table: str, names: Sequence[str]) -> None:
        """`names`: the columns of the rows to come; those left out of a dump are passed over."""
        kept = sorted(name for name in names if name not in LEFT_OUT)
        places = {name: at for at, name in enumerate(names)}
        self._keys = sorted([*kept, "table"])
        self._pick = itemgetter(*(places.get(key, len(names)) for key in self._keys))
        self._table = (table,)
        self._digest = hashlib.sha256()
        self._rows = 0

    def add(self, row: Sequence[Stored]) -> str:
        """Take one row in and give its line."""
        line = _encode(dict(zip(self._keys, self._pick((*row, *self._table)), strict=True)))
        self._digest.update(line.encode("utf-8", "surrogatepass") + b"\n")
        self._rows += 1
        return line

    @property
    def sum(self) -> Sum:
        """What all rows so far come to."""
        return Sum(self._rows, self._digest.hexdigest())


def rows_of(
    connection: sa.Connection, table: sa.Table, columns: Sequence[sa.ColumnElement[object]]
) -> Iterator[Sequence[Stored]]:
    """Some columns of every row, in order of numbers, a page at a time."""
    # Without their types, values come as they are stored.
    bare = [sa.type_coerce(column, sa.types.NullType()) for column in columns]
    found = connection.execute(sa.select(*bare).order_by(table.c.id))
    for page in found.partitions(PAGE):
        for row in page:
            yield tuple(row)


def lines_of(connection: sa.Connection, table: sa.Table) -> Iterator[str]:
    """The lines of one table."""
    summing = Summing(table.name, table.columns.keys())
    for row in rows_of(connection, table, list(table.columns)):
        yield summing.add(row)


def logical_dump(connection: sa.Connection) -> Iterator[str]:
    """Give one JSON line a row, living or in the trash, table by table, in order of numbers.

    Keys are sorted. Read inside one transaction.
    """
    for table in _by_name():
        yield from lines_of(connection, table)


def table_sums(connection: sa.Connection) -> dict[str, Sum]:
    """What every table comes to."""
    sums = {}
    for table in _by_name():
        summing = Summing(table.name, table.columns.keys())
        for row in rows_of(connection, table, list(table.columns)):
            summing.add(row)
        sums[table.name] = summing.sum
    return sums


def logical_hash(connection: sa.Connection) -> str:
    """One number for all data, in hexadecimal: `hash_of` the sums of all tables."""
    return hash_of(table_sums(connection))


def hash_of(sums: Mapping[str, Sum]) -> str:
    """SHA-256 over name, rows and SHA-256 of each table that holds anything, in order of names."""
    names = {table.name for table in journaled_tables()}
    text = "".join(
        f"{name} {sums[name].rows} {sums[name].sha256}\n"
        for name in sorted(names & sums.keys())
        if sums[name].rows
    )
    return hashlib.sha256(text.encode()).hexdigest()


def count_differing(one: sa.Connection, other: sa.Connection, name: str) -> int:
    """How many rows of a table are in one database only, or not the same in both."""
    table = next(table for table in journaled_tables() if table.name == name)
    numbers = [
        {hashlib.sha256(line.encode("utf-8", "surrogatepass")).digest() for line in lines}
        for lines in (lines_of(one, table), lines_of(other, table))
    ]
    return max(len(numbers[0] - numbers[1]), len(numbers[1] - numbers[0]))


def _by_name() -> list[sa.Table]:
    return sorted(journaled_tables(), key=lambda table: table.name)
