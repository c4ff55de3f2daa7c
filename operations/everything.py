"""All that a database holds, table by table, for an export that can be brought back whole.

A table gives its stored columns (what comes back) and, beside each link and each amount, a column
for people to read (what a number means), which is passed over on the way back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

import sqlalchemy as sa

from language.errors import CrmError
from language.money import to_major
from storage.columns import Day, Flag, Json, Moment, write_moment
from storage.dump import Stored, Sum, Summing, rows_of
from storage.history import NOUNS, ON_ANY_RECORD, journaled_tables
from storage.migrate import VERSION
from storage.model.journal import changes, commands

if TYPE_CHECKING:
    from storage.unit import UnitOfWork

FORMAT = 1
# As people look for them; parts and the journal come after.
FIRST = (
    "contacts", "companies", "deals", "activities", "tasks", "products", "pipelines", "stages",
    "users", "tags", "custom_fields", "attachments",
)  # fmt: skip
LAST = frozenset({"uid", "created_by_command", "created_at", "updated_at", "deleted_at"})
LABELS = {"deals": "title", "tasks": "title", "activities": "subject", "custom_fields": "label"}
KINDS = {Moment: "moment", Day: "day", Flag: "flag", Json: "json"}

Cell: TypeAlias = "Stored | Decimal"
Row: TypeAlias = "Sequence[Cell]"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an export. `kind`: text, integer, flag, day, moment, json, or money to read.

    `stored` False: for people only. `null`: nothing may stand in it. `currency` names the column
    that says in which currency a money is.
    """

    name: str
    kind: str = "text"
    null: bool = True
    stored: bool = True
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One table: read `rows` once, front to back."""

    name: str
    columns: tuple[Column, ...]
    rows: Iterable[Row]


@dataclass(frozen=True, slots=True)
class Head:
    """What an export is: its own format, schema, moment, and the last command in it."""

    made_at: str
    last_command: int
    last_uid: str
    schema: int = VERSION
    format: int = FORMAT


@dataclass(frozen=True, slots=True)
class Parcel:
    """A whole export, on its way out or in. `sums` may be asked after all tables were read.

    `files`: SHA-256 → size of the attached files that belong to it.
    """

    head: Head
    tables: Iterable[Table]
    sums: Callable[[], Mapping[str, Sum]]
    files: Mapping[str, int] = field(default_factory=dict)


def everything(uow: UnitOfWork) -> Parcel:
    """Give all that the database holds. Read inside the unit of work."""
    last = uow.first(
        sa.select(commands.c.id, commands.c.uid)
        .where(commands.c.id != uow.command_id)
        .order_by(commands.c.id.desc())
        .limit(1)
    )
    number, uid = (int(last.id), str(last.uid)) if last is not None else (0, "")
    sums: dict[str, Sum] = {}

    def tables() -> Iterator[Table]:
        for table in exported_tables():
            yield _opened(uow, table, sums)

    head = Head(write_moment(uow.now), number, uid)
    return Parcel(head, tables(), lambda: sums, attached_files(uow))


def exported_tables() -> list[sa.Table]:
    """Every table that travels, in the order in which people look for them."""
    known = {table.name: table for table in journaled_tables()}
    parts = [table for name, table in known.items() if name not in FIRST]
    return [*(known[name] for name in FIRST), *parts, commands, changes]


def stored_columns(table: sa.Table) -> list[Column]:
    """The columns that come back, with what they may hold; those of the program come last."""
    columns = [column for column in table.columns if column.name != "version" or table is changes]
    columns.sort(key=lambda column: column.name in LAST)
    return [Column(column.name, _kind(column), bool(column.nullable)) for column in columns]


def _kind(column: sa.Column[Any]) -> str:
    kind = KINDS.get(type(column.type))
    return kind or ("integer" if isinstance(column.type, sa.Integer) else "text")


def _opened(uow: UnitOfWork, table: sa.Table, sums: dict[str, Sum]) -> Table:
    columns: list[Column] = []
    selected: list[sa.ColumnElement[Any]] = []
    for column in stored_columns(table):
        columns.append(column)
        selected.append(table.c[column.name])
        shown = _beside(table, column)
        if shown is not None:
            columns.append(shown[0])
            selected.append(shown[1])
    return Table(table.name, tuple(columns), _rows(uow, table, columns, selected, sums))


def _rows(
    uow: UnitOfWork,
    table: sa.Table,
    columns: Sequence[Column],
    selected: Sequence[sa.ColumnElement[Any]],
    sums: dict[str, Sum],
) -> Iterator[Row]:
    stored = [at for at, column in enumerate(columns) if column.stored]
    summing = Summing(table.name, [columns[at].name for at in stored])
    amounts = [
        (at, [other.name for other in columns].index(column.currency))
        for at, column in enumerate(columns)
        if column.kind == "money"
    ]
    for row in rows_of(uow.connection, table, selected):
        summing.add([row[at] for at in stored])
        yield _with_amounts(row, amounts) if amounts else row
    sums[table.name] = summing.sum


def _with_amounts(row: Sequence[Stored], amounts: Sequence[tuple[int, int]]) -> Row:
    """Turn the minor units for people into an amount they know."""
    cells: list[Cell] = list(row)
    for at, currency in amounts:
        minor = row[at]
        if minor is not None:
            try:
                cells[at] = to_major(int(minor), str(row[currency]))
            except CrmError:
                cells[at] = None
    return cells


def _beside(table: sa.Table, column: Column) -> tuple[Column, sa.ColumnElement[Any]] | None:
    """What people read beside a stored column: the name behind a number, an amount."""
    name = column.name
    if name.endswith("_minor"):
        return _amount(table, name)
    if not name.endswith("_id") or table in {commands, changes}:
        return None
    target = next((key.column.table for key in table.foreign_keys if key.parent.name == name), None)
    if target is not None:
        label: sa.ColumnElement[Any] = _label(target, table.c[name])
    elif table.name in ON_ANY_RECORD:
        nouns = {noun: other for other, noun in NOUNS.items()}
        known = {other.name: other for other in journaled_tables()}
        label = sa.case(
            {noun: _label(known[other], table.c[name]) for noun, other in nouns.items()},
            value=table.c.noun,
        )
    else:
        return None
    shown = name.removesuffix("_id")
    return Column(shown, stored=False), label.label(f"shown_{shown}")


def _label(target: sa.Table, number: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    named = target.alias()
    return (
        sa.select(named.c[LABELS.get(target.name, "name")])
        .where(named.c.id == number)
        .correlate_except(named)
        .scalar_subquery()
    )


def _amount(table: sa.Table, name: str) -> tuple[Column, sa.ColumnElement[Any]] | None:
    shown = name.removesuffix("_minor")
    currency = next((key for key in (f"{shown}_currency", "currency") if key in table.c), "")
    if not currency:  # a line of a deal is in the currency of its deal
        return None
    return Column(shown, "money", stored=False, currency=currency), table.c[name].label(
        f"shown_{shown}"
    )


def attached_files(uow: UnitOfWork) -> dict[str, int]:
    """Attached files by their SHA-256, with their size."""
    from storage.model.anything import attachments

    found = sa.select(attachments.c.sha256, sa.func.max(attachments.c.size).label("size"))
    return {row.sha256: row.size for row in uow.rows(found.group_by(attachments.c.sha256))}


def commands_since(uow: UnitOfWork, head: Head) -> int | None:
    """How many commands came after an export was made; None when it is not of this database."""
    last = uow.scalar(sa.select(commands.c.id).where(commands.c.uid == head.last_uid))
    if last is None:
        return None
    newer = sa.select(sa.func.count()).select_from(commands).where(commands.c.id > last)
    return int(uow.scalar(newer) or 0)
