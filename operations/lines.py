"""What happened to rows, line by line: a field before and after, a part that came or went."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from language.values import Value
from operations.reversal import raw, unpack
from operations.told import PARTS, field_label, is_hidden, part_value, readable
from storage.history import NOUNS, PARENTS, POLYMORPHIC, journaled_tables
from storage.model.journal import changes
from storage.unit import home_of

if TYPE_CHECKING:
    from storage.unit import UnitOfWork

State = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that a command did to one row. `column` empty: the row came (or went) whole."""

    command_id: int
    table: str
    column: str
    before: State | None
    after: State | None

    @property
    def row(self) -> State:
        """The row, as it was last known."""
        return self.after or self.before or {}

    def label(self, uow: UnitOfWork) -> str:
        """What changed, in the words of a person."""
        if self.table == "custom_values":
            return field_of_ours(uow, int(self.row["field_id"]))
        if self.table in PARTS:
            return PARTS[self.table][0]
        if self.column:
            return field_label(self.table, self.column)
        if self.after is None:
            return "removed"
        return "added" if self.before is None and self.is_first else "put back"

    @property
    def is_first(self) -> bool:
        """Whether the row was made by this command, not put back by it."""
        return bool(self.row.get("created_by_command") == self.command_id)

    def value(self, uow: UnitOfWork, state: State | None) -> Value:
        """What the field held before or after."""
        if state is None:
            return None
        if self.table in PARTS:
            return part_value(uow, self.table, state)
        if self.column == "deleted_at":
            return state.get("deleted_at") is not None
        if self.column:
            return readable(uow, self.table, self.column, state)
        from operations.find import label

        return label(uow, NOUNS[self.table], int(state["id"]))


def field_of_ours(uow: UnitOfWork, field_id: int) -> str:
    """Label of a custom field, also of a deleted one."""
    from storage.model.anything import custom_fields

    found = uow.scalar(sa.select(custom_fields.c.label).where(custom_fields.c.id == field_id))
    return str(found or f"field #{field_id}")


def lines_of_record(uow: UnitOfWork, noun: str, number: int) -> list[Line]:
    """Everything that happened to a record and its parts, the oldest first."""
    noted: defaultdict[tuple[str, int], list[sa.Row[Any]]] = defaultdict(list)
    for row in uow.rows(
        sa.select(changes)
        .where(changes.c.noun == noun, changes.c.record_id == number)
        .order_by(changes.c.id)
    ):
        noted[row.table_name, row.row_id].append(row)
    living = {
        (table.name, row["id"]): row
        for table in journaled_tables()
        for row in _rows_of(uow, table, noun, number)
    }
    lines: list[Line] = []
    for key in {**living, **noted}:
        lines += _lines_of_row(key[0], living.get(key), noted[key])
    return sorted(lines, key=lambda line: line.command_id)


def _rows_of(uow: UnitOfWork, table: sa.Table, noun: str, number: int) -> Iterable[Any]:
    """Rows of a table that belong to a record."""
    bare = raw(table)
    where: list[sa.ColumnElement[bool]]
    if NOUNS.get(table.name) == noun:
        where = [bare.c.id == number]
    elif table.name in POLYMORPHIC:
        where = [bare.c.noun == noun, bare.c.record_id == number]
    elif f"{noun}_id" in PARENTS.get(table.name, ()):
        where = [bare.c[f"{noun}_id"] == number]
    else:
        return []
    return uow.connection.execute(sa.select(bare).where(*where)).mappings().all()


def _lines_of_row(table: str, now: State | None, noted: Sequence[sa.Row[Any]]) -> Iterator[Line]:
    """Walk through the life of one row, from its first state on."""
    gone = [row for row in noted if row.kind == "D"]
    state = dict(now) if now is not None else unpack(gone[-1].before) if gone else {}
    for row in reversed(noted):
        if row.kind == "U":
            state |= unpack(row.before)
    if "created_by_command" in state:
        yield Line(state["created_by_command"], table, "", None, dict(state))
    for row in noted:
        if row.kind == "U":
            after = {**state, **unpack(row.after)}
            yield from _changed(row.command_id, table, state, after, unpack(row.before))
            state = after
        elif row.kind == "D":
            yield Line(row.command_id, table, "", dict(state), None)
        else:
            yield Line(row.command_id, table, "", None, dict(state))


def _changed(
    command_id: int, table: str, before: State, after: State, names: Iterable[str]
) -> Iterator[Line]:
    """One line for each field that changed; a money and its currency count as one."""
    if table in PARTS:
        if any(not is_hidden(table, name) or name == "currency" for name in names):
            yield Line(command_id, table, PARTS[table][1], before, after)
        return
    wanted = list(names)
    if "currency" in wanted and "amount_minor" not in wanted and "amount_minor" in after:
        wanted.append("amount_minor")
    told: dict[str, Line] = {}
    for name in wanted:
        if not is_hidden(table, name):
            told[field_label(table, name)] = Line(command_id, table, name, before, after)
    yield from told.values()


def lines_of_command(uow: UnitOfWork, command_id: int, limit: int) -> list[Line]:
    """Everything that one command did, at most `limit` rows; also what was removed since."""
    lines: list[Line] = []
    for table in journaled_tables():
        bare = raw(table)
        made = sa.select(bare).where(bare.c.created_by_command == command_id).limit(limit)
        for now in uow.connection.execute(made).mappings().all():
            later = _later(uow, table.name, now["id"], command_id)
            lines += _lines_of_row(table.name, dict(now), later)
    removed = (
        sa.select(changes)
        .where(
            changes.c.command_id > command_id,
            changes.c.kind == "D",
            changes.c.before.contains(f'"created_by_command":{command_id},'),
        )
        .order_by(changes.c.id)
        .limit(limit)
    )
    rows = {(row.table_name, row.row_id): unpack(row.before) for row in uow.rows(removed)}
    lines += [Line(command_id, key[0], "", None, state) for key, state in rows.items()]
    lines = [line for line in lines if line.command_id == command_id and not line.column]
    for row in uow.rows(
        sa.select(changes)
        .where(changes.c.command_id == command_id)
        .order_by(changes.c.id)
        .limit(limit)
    ):
        lines += _line_of_change(uow, row)
    return list({(line.table, line.row.get("id"), line.column): line for line in lines}.values())


def _later(uow: UnitOfWork, table: str, row_id: int, command_id: int) -> Sequence[sa.Row[Any]]:
    return uow.rows(
        sa.select(changes)
        .where(
            changes.c.table_name == table,
            changes.c.row_id == row_id,
            changes.c.command_id >= command_id,
        )
        .order_by(changes.c.id)
    )


def _line_of_change(uow: UnitOfWork, row: sa.Row[Any]) -> Iterator[Line]:
    if row.kind == "D":
        yield Line(row.command_id, row.table_name, "", unpack(row.before), None)
        return
    bare = raw(next(table for table in journaled_tables() if table.name == row.table_name))
    found = uow.connection.execute(sa.select(bare).where(bare.c.id == row.row_id)).mappings()
    now = dict(found.first() or {"id": row.row_id})
    if row.kind == "I":
        yield Line(row.command_id, row.table_name, "", None, now)
        return
    before, after = {**now, **unpack(row.before)}, {**now, **unpack(row.after)}
    yield from _changed(row.command_id, row.table_name, before, after, unpack(row.before))


def home_of_line(line: Line) -> tuple[str, int] | None:
    """Noun and number of the record that a line is about; None when it can no longer be told."""
    try:
        return home_of(line.table, line.row)
    except (KeyError, TypeError):
        return None
