"""Reverse what one command did, row by row, without touching what came later.

Works on every table of history by its name and on values as stored, so that what comes back is
exactly what was there. `operations.undo` decides what may be reversed and says what came of it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from storage.columns import write_moment
from storage.history import NOUNS, ON_ANY_RECORD, defer_links, journaled_tables
from storage.model.journal import changes, commands

if TYPE_CHECKING:
    from storage.unit import UnitOfWork

BATCH = 2_000
TABLES = {noun: table for table, noun in NOUNS.items()}


@dataclass(frozen=True, slots=True)
class Clash:
    """Why a row or a field could not go back: something that came later is in the way.

    `why`: `field` (it holds something newer), `gone` (the row was removed), `changed` (a row that
    would be removed was changed), `used` (`count` rows of `other` name it), `there` (a row that
    would come back is there), `taken` (its unique value is used), `parent` (what it names is gone).
    """

    why: str
    table: str
    row_id: int
    column: str = ""
    other: str = ""
    count: int = 0
    command_id: int = 0
    row: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Reversal:
    """One command being reversed. `replay`: the command is itself an undo or a redo."""

    uow: UnitOfWork
    command_id: int
    replay: bool
    keep_newer: bool
    removed: int = 0
    restored: int = 0
    put_back: int = 0
    clashes: list[Clash] = field(default_factory=list)
    tables: list[sa.Table] = field(default_factory=journaled_tables)
    noted: dict[str, dict[str, set[int]]] = field(default_factory=dict)
    first_maker: int = 0
    _waiting: list[Callable[[], bool]] = field(default_factory=list)
    _clash_of: list[Clash] = field(default_factory=list)

    def run(self) -> None:
        """Do it: deleted rows come back, changed fields go back, made rows go."""
        from operations.made import Made

        defer_links(self.uow.connection)
        self.first_maker = self._find_first_maker()
        self._load()
        self.uow.replaying(on=True)
        for table in self.tables:
            for rows in self._deleted(table):
                self._insert(table, rows)
        for table in self.tables:
            for chunk in chunks(sorted(self.ids("U", table) - self.ids("D", table))):
                self._restore(table, chunk)
        Made(self).remove()
        self._retry()
        self.uow.replaying(on=False)

    def is_maker(self, command_id: int) -> bool:
        """Whether rows of this command are among those that the reversed one made.

        Those that a restore brought carry the commands of the database they come from.
        """
        return self.first_maker <= command_id <= self.command_id

    def _find_first_maker(self) -> int:
        last = (
            sa.select(commands.c.id)
            .where(commands.c.id < self.command_id, commands.c.kind.not_like("restored%"))
            .order_by(commands.c.id.desc())
            .limit(1)
        )
        return int(self.uow.scalar(last) or 0) + 1

    def ids(self, kind: str, table: sa.Table) -> set[int]:
        """Numbers of a table's rows that the command altered (U), removed (D) or put back (I)."""
        return self.noted.get(kind, {}).get(table.name, set())

    def _load(self) -> None:
        found: defaultdict[str, defaultdict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        statement = sa.select(changes.c.kind, changes.c.table_name, changes.c.row_id)
        for row in self.uow.rows(statement.where(changes.c.command_id == self.command_id)):
            found[row.kind][row.table_name].add(row.row_id)
        self.noted = {kind: dict(tables) for kind, tables in found.items()}

    def _changes(self, table: sa.Table, kind: str, ids: Sequence[int]) -> Sequence[sa.Row[Any]]:
        """Changes of some rows, the latest first."""
        if not ids:
            return []
        return self.uow.rows(
            sa.select(changes.c.row_id, changes.c.before, changes.c.after)
            .where(
                changes.c.table_name == table.name,
                changes.c.row_id.in_(ids),
                changes.c.command_id == self.command_id,
                changes.c.kind == kind,
            )
            .order_by(changes.c.row_id, changes.c.id.desc())
        )

    # Rows that the command deleted

    def _deleted(self, table: sa.Table) -> Iterator[list[dict[str, Any]]]:
        """Rows to put back, as they were before the command, a batch at a time."""
        altered = self.ids("U", table)
        for chunk in chunks(sorted(self.ids("D", table))):
            rows = {row.row_id: unpack(row.before) for row in self._changes(table, "D", chunk)}
            for row in self._changes(table, "U", [n for n in chunk if n in altered]):
                rows[row.row_id] |= unpack(row.before)
            if not self.replay:
                rows = {
                    row_id: row
                    for row_id, row in rows.items()
                    if not self.is_maker(row["created_by_command"])
                }
            yield self._possible(table, rows)

    def _possible(self, table: sa.Table, rows: dict[int, dict[str, Any]]) -> list[dict[str, Any]]:
        there = self._present(table, rows)
        absent = self._absent(table, rows.values())
        possible = []
        for row_id, row in rows.items():
            orphaned = [pair for pair in links_of(table, row) if pair[1:] in absent]
            if row_id in there:
                self._clash(Clash("there", table.name, row_id, row=row))
            elif orphaned:
                other = orphaned[0][1]
                self._clash(Clash("parent", table.name, row_id, other=other, row=row))
            else:
                possible.append(row)
                continue
            self.ids("D", table).discard(row_id)
        return possible

    def _insert(self, table: sa.Table, rows: Sequence[dict[str, Any]]) -> None:
        statement = sa.insert(raw(table))

        def put(some: Sequence[dict[str, Any]]) -> bool:
            if not self._try(statement, some):
                return False
            self.put_back += len(some)
            self.uow.touch_rows(table, some)
            return True

        if not rows or put(rows):
            return
        for row in rows:
            if not put([row]):
                clash = Clash("taken", table.name, row["id"], row=row)
                self._wait(lambda row=row: put([row]), clash)  # type: ignore[misc]  # bound now

    # Rows that the command changed

    def _restore(self, table: sa.Table, chunk: Sequence[int]) -> None:
        bare = raw(table)
        rows = self.uow.connection.execute(sa.select(bare).where(bare.c.id.in_(chunk)))
        now: dict[int, Mapping[str, Any]] = {row["id"]: dict(row) for row in rows.mappings()}
        todo: list[dict[str, Any]] = []
        for row_id, noted in groupby(self._changes(table, "U", chunk), key=lambda row: row.row_id):
            before: dict[str, Any] = {}
            after: dict[str, Any] = {}
            for row in noted:
                before |= unpack(row.before)
                after = unpack(row.after) | after
            if row_id not in now:
                if set(before) != {"updated_at"}:
                    self._clash(Clash("gone", table.name, row_id))
            elif not self._made(table, now[row_id]):
                values = self._fields(table, now[row_id], before, after)
                if values:
                    todo.append({"id": row_id, **values})
        self._write(table, self._with_parents(table, todo), now)

    def _made(self, table: sa.Table, row: Mapping[str, Any]) -> bool:
        if self.replay:
            return row["id"] in self.ids("I", table)
        return self.is_maker(row["created_by_command"])

    def _fields(
        self,
        table: sa.Table,
        row: Mapping[str, Any],
        before: Mapping[str, Any],
        after: Mapping[str, Any],
    ) -> dict[str, Any]:
        """Fields to put back: those that still hold what the command wrote."""
        values: dict[str, Any] = {}
        for name, old in before.items():
            if name == "updated_at" or name not in row or row[name] == old:
                continue
            if row[name] == after[name]:
                values[name] = old
            else:
                self._clash(Clash("field", table.name, row["id"], name, row=dict(row)))
        if "updated_at" in before and row["updated_at"] == after["updated_at"]:
            values["updated_at"] = before["updated_at"]
        elif values and "updated_at" in row:
            values["updated_at"] = write_moment(self.uow.now)
        return values

    def _with_parents(
        self, table: sa.Table, todo: Sequence[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        """Leave out fields that would name a record which is gone."""
        absent = self._absent(table, todo)
        if absent:
            for values in todo:
                for column, other, number in list(links_of(table, values)):
                    if (other, number) in absent:
                        del values[column]
                        self._clash(Clash("parent", table.name, values["id"], column, other))
        return [values for values in todo if len(values) > 1]

    def _write(
        self, table: sa.Table, todo: Iterable[dict[str, Any]], now: Mapping[int, Mapping[str, Any]]
    ) -> None:
        alike: defaultdict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
        for values in todo:
            alike[tuple(values)].append(values)
        for names, some in alike.items():
            self._write_alike(table, names, some, now)

    def _write_alike(
        self,
        table: sa.Table,
        names: Sequence[str],
        some: Sequence[dict[str, Any]],
        now: Mapping[int, Mapping[str, Any]],
    ) -> None:
        bare = raw(table)
        setting: dict[str, Any] = {
            name: sa.bindparam(f"new_{name}") for name in names if name != "id"
        }
        statement = (
            sa.update(bare)
            .where(bare.c.id == sa.bindparam("new_id"))
            .values(version=bare.c.version + 1, **setting)
        )

        def put(rows: Sequence[dict[str, Any]]) -> bool:
            given = [{f"new_{name}": value for name, value in row.items()} for row in rows]
            if not self._try(statement, given):
                return False
            self.restored += len(rows)
            self.uow.touch_rows(table, [now[row["id"]] for row in rows])
            self.uow.touch_rows(table, [{**now[row["id"]], **row} for row in rows])
            return True

        if put(some):
            return
        for row in some:
            if not put([row]):
                clash = Clash("taken", table.name, row["id"], row={**now[row["id"]], **row})
                self._wait(lambda row=row: put([row]), clash)  # type: ignore[misc]  # bound now

    # What may be in the way

    def _clash(self, clash: Clash) -> None:
        self.clashes.append(clash)

    def _wait(self, again: Callable[[], bool], clash: Clash) -> None:
        self._waiting.append(again)
        self._clash_of.append(clash)

    def _retry(self) -> None:
        """Try again what stood in each other's way, until nothing moves any more."""
        while self._waiting:
            left = [
                (again, clash)
                for again, clash in zip(self._waiting, self._clash_of, strict=True)
                if not again()
            ]
            if len(left) == len(self._waiting):
                self.clashes += [clash for _, clash in left]
                return
            self._waiting = [again for again, _ in left]
            self._clash_of = [clash for _, clash in left]

    def _try(self, statement: sa.Executable, rows: Sequence[dict[str, Any]]) -> bool:
        try:
            with self.uow.connection.begin_nested():
                self.uow.connection.execute(statement, rows)
        except sa.exc.IntegrityError:
            return False
        return True

    def _present(self, table: sa.Table, ids: Iterable[int]) -> set[int]:
        bare = raw(table)
        return {
            number
            for chunk in chunks(list(ids))
            for number in self.uow.connection.execute(
                sa.select(bare.c.id).where(bare.c.id.in_(chunk))
            ).scalars()
        }

    def _absent(self, table: sa.Table, rows: Iterable[Mapping[str, Any]]) -> set[tuple[str, int]]:
        """Records that some rows name and that are neither there nor coming back."""
        named: defaultdict[str, set[int]] = defaultdict(set)
        for row in rows:
            for _, other, number in links_of(table, row):
                named[other].add(number)
        absent: set[tuple[str, int]] = set()
        for target in self.tables:
            if target.name in named:
                # Rows of the table being filled come back in any order.
                coming = self.ids("D", target) if target is table else set()
                gone = named[target.name] - coming
                gone -= self._present(target, gone)
                absent |= {(target.name, number) for number in gone}
        return absent


def links_of(table: sa.Table, row: Mapping[str, Any]) -> Iterator[tuple[str, str, int]]:
    """What a row names: column, table, number."""
    for key in table.foreign_keys:
        column = key.parent.name
        if row.get(column) is not None:
            yield column, key.column.table.name, row[column]
    if table.name in ON_ANY_RECORD and row.get("record_id") is not None:
        yield "record_id", TABLES[row["noun"]], row["record_id"]


@cache
def raw(table: sa.Table) -> sa.TableClause:
    """The same table without types: values go in and out as they are stored."""
    return sa.table(table.name, *(sa.column(column.name) for column in table.columns))


def unpack(text: str) -> dict[str, Any]:
    """Read a row or some fields as a trigger wrote them."""
    read: dict[str, Any] = json.loads(text, strict=False)
    return read


def chunks(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    """Cut a list of numbers so that one statement can hold each piece."""
    for start in range(0, len(numbers), BATCH):
        yield numbers[start : start + BATCH]
