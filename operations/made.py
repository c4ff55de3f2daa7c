"""The rows that a command made, when it is reversed: what holds on to them, and their removal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from operations.reversal import Clash, Reversal, among, chunks, links_of, raw
from storage.history import NOUNS, ON_ANY_RECORD, PARENTS, delete_noted
from storage.model.journal import changes, commands

if TYPE_CHECKING:
    from sqlalchemy.sql.selectable import Select

    from storage.unit import UnitOfWork

MAKER = '"created_by_command":'
ONLY_TIME = '{"updated_at":"____-__-__T__:__:__.______Z"}'


def effective() -> sa.ColumnElement[bool]:
    """Commands whose changes still count: undone ones and the undoing itself do not."""
    return sa.and_(commands.c.kind == "command", commands.c.undone_by.is_(None))


def moved_and_edited(
    uow: UnitOfWork,
    table: sa.Table,
    row: Mapping[str, Any],
    before: Mapping[str, Any],
    command_id: int,
) -> bool:
    """Whether a command moved a value of a custom field that somebody changed after it.

    Moved back, it would be a value of another record than the one it was given to.
    """
    if table.name != "custom_values" or "record_id" not in before:
        return False
    later = (
        sa.select(changes.c.id)
        .join(commands, commands.c.id == changes.c.command_id)
        .where(
            changes.c.table_name == table.name,
            changes.c.row_id == row["id"],
            changes.c.kind == "U",
            changes.c.command_id > command_id,
            effective(),
        )
    )
    return uow.first(later.limit(1)) is not None


class Made:
    """Rows made by the command of a reversal, by table."""

    def __init__(self, reversal: Reversal) -> None:
        self.reversal = reversal
        self.uow = reversal.uow
        self.command_id = reversal.command_id
        self.tables = {table.name: table for table in reversal.tables}
        self.made = [table for table in reversal.tables if self._any(table)]
        self.kept: defaultdict[str, set[int]] = defaultdict(set)

    def remove(self) -> None:
        """Remove them, children first; what is newer on them is a clash, and keeps its record."""
        for table in self.tables.values():
            self._find_removed(table)
        for table in self.made:
            self._find_changed(table)
            self._find_users(table)
        if self.reversal.clashes and not self.reversal.keep_newer:
            return
        self._keep(
            (clash.table, clash.row_id)
            for clash in self.reversal.clashes
            if clash.why in {"changed", "used"}
        )
        for table in reversed(self.made):
            self._remove(table)

    def _numbers(self, table: sa.Table) -> Select[Any]:
        if self.reversal.replay:
            return (
                sa.select(changes.c.row_id)
                .where(
                    changes.c.command_id == self.command_id,
                    changes.c.kind == "I",
                    changes.c.table_name == table.name,
                )
                .correlate(None)
            )
        bare = raw(table)
        maker = bare.c.created_by_command
        return sa.select(bare.c.id).where(self._is_maker(maker)).correlate(None)

    def _is_maker(self, maker: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
        return maker.between(self.reversal.first_maker, self.command_id)

    def _not_made(self, table: sa.Table) -> sa.ColumnElement[bool]:
        bare = raw(table)
        if self.reversal.replay:
            return bare.c.id.not_in(self._numbers(table))
        return sa.not_(self._is_maker(bare.c.created_by_command))

    def _any(self, table: sa.Table) -> bool:
        if self.reversal.replay:
            return bool(self.reversal.ids("I", table))
        return self.uow.first(self._numbers(table).limit(1)) is not None

    def _later(self, table: sa.Table, kind: str) -> Select[Any]:
        """Row numbers with the last later command that changed them."""
        return (
            sa.select(changes.c.row_id, sa.func.max(changes.c.command_id).label("last"))
            .join(commands, commands.c.id == changes.c.command_id)
            .where(
                changes.c.command_id > self.command_id,
                changes.c.table_name == table.name,
                changes.c.kind == kind,
                effective(),
            )
            .group_by(changes.c.row_id)
        )

    def _find_removed(self, table: sa.Table) -> None:
        which: sa.ColumnElement[bool]
        if self.reversal.replay:
            if not self._any(table):
                return
            which = changes.c.row_id.in_(self._numbers(table))
        else:
            before = changes.c.before
            # The number right after the key, as far as there are digits.
            digits = sa.func.substr(before, sa.func.instr(before, MAKER) + len(MAKER))
            which = self._is_maker(sa.cast(digits, sa.Integer))
        for row in self.uow.rows(self._later(table, "D").where(which)):
            self._clash("gone", table, row[0], command_id=row.last)

    def _find_changed(self, table: sa.Table) -> None:
        later = self._later(table, "U").where(
            changes.c.before.not_like(ONLY_TIME), changes.c.row_id.in_(self._numbers(table))
        )
        for row in self.uow.rows(later):
            self._clash("changed", table, row[0], command_id=row.last)

    def _find_users(self, table: sa.Table) -> None:
        """Rows made by others that name rows of this table."""
        for other, column, where in self._naming(table):
            bare = raw(other)
            statement = (
                sa.select(
                    bare.c[column],
                    sa.func.count().label("number"),
                    sa.func.max(bare.c.created_by_command).label("last"),
                )
                .where(
                    bare.c[column].in_(self._numbers(table)),
                    self._not_made(other),
                    *where,
                )
                .group_by(bare.c[column])
            )
            for row in self.uow.rows(statement):
                self._clash("used", table, row[0], column, other.name, row.number, row.last)

    def _naming(
        self, table: sa.Table
    ) -> Iterator[tuple[sa.Table, str, list[sa.ColumnElement[bool]]]]:
        """Tables and columns that can name a row of a table."""
        for other in self.tables.values():
            for key in other.foreign_keys:
                if key.column.table is table:
                    yield other, key.parent.name, []
            if other.name in ON_ANY_RECORD and table.name in NOUNS:
                yield other, "record_id", [raw(other).c.noun == NOUNS[table.name]]

    def _clash(
        self,
        why: str,
        table: sa.Table,
        row_id: int,
        column: str = "",
        other: str = "",
        count: int = 0,
        command_id: int = 0,
    ) -> None:
        self.reversal.clashes.append(
            Clash(why, table.name, row_id, column, other, count, command_id)
        )

    # Keeping what newer things hold on to

    def _keep(self, first: Iterable[tuple[str, int]]) -> None:
        """Keep rows with all that they name and all their parts."""
        todo: defaultdict[str, set[int]] = defaultdict(set)
        for name, row_id in first:
            todo[name].add(row_id)
        while todo:
            name, ids = todo.popitem()
            table = self.tables[name]
            for chunk in chunks(sorted(ids - self.kept[name])):
                for row in self._rows(table, chunk):
                    self.kept[name].add(row["id"])
                    for _, other, number in links_of(table, row):
                        todo[other].add(number)
                self._add_parts(table, chunk, todo)
            for other in [key for key in todo if not todo[key] - self.kept[key]]:
                del todo[other]

    def _rows(self, table: sa.Table, ids: Iterable[int]) -> Iterable[Any]:
        bare = raw(table)
        return (
            self.uow.connection.execute(
                sa.select(bare).where(bare.c.id.in_(ids), bare.c.id.in_(self._numbers(table)))
            )
            .mappings()
            .all()
        )

    def _add_parts(
        self, table: sa.Table, ids: Iterable[int], todo: defaultdict[str, set[int]]
    ) -> None:
        for other, column, where in self._naming(table):
            part = column == "record_id" or column in PARENTS.get(other.name, ())
            if part and other in self.made:
                bare = raw(other)
                found = self.uow.connection.execute(
                    sa.select(bare.c.id).where(
                        bare.c[column].in_(ids), bare.c.id.in_(self._numbers(other)), *where
                    )
                ).scalars()
                todo[other.name] |= set(found)

    def _remove(self, table: sa.Table) -> None:
        bare = raw(table)
        where = self._is_maker(bare.c.created_by_command)
        if self.reversal.replay:
            where = bare.c.id.in_(self._numbers(table))
        if kept := self.kept[table.name]:
            where = where & bare.c.id.not_in(among(kept))
        self.reversal.removed += delete_noted(self.uow.connection, bare, where)
