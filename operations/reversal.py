"""Reverse what one command did, row by row, without touching what came later.

Works on every table of history by its name and on values as stored, so that what comes back is
exactly what was there. `operations.undo` decides what may be reversed and says what came of it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from operations.makers import first_maker
from storage.bulk import insert_rows
from storage.columns import write_moment
from storage.history import NOUNS, ON_ANY_RECORD, defer_links, journaled_tables

if TYPE_CHECKING:
    from storage.unit import UnitOfWork

BATCH = 2_000
DECODER = json.JSONDecoder(strict=False)
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
        self.first_maker = first_maker(self.uow, self.command_id)
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
        self.uow.touch_noted()

    def is_maker(self, command_id: int) -> bool:
        """Whether rows of this command are among those that the reversed one made.

        Those that a restore brought carry the commands of the database they come from.
        """
        return self.first_maker <= command_id <= self.command_id

    def ids(self, kind: str, table: sa.Table) -> set[int]:
        """Numbers of a table's rows that the command altered (U), removed (D) or put back (I)."""
        return self.noted.get(kind, {}).get(table.name, set())

    def _load(self) -> None:
        found: defaultdict[str, defaultdict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        noted = self.uow.connection.exec_driver_sql(
            "SELECT kind, table_name, row_id FROM changes WHERE command_id = ?",
            (self.command_id,),
        )
        for some in noted.partitions(BATCH):
            for kind, table, row_id in some:
                found[kind][table].add(row_id)
        self.noted = {kind: dict(tables) for kind, tables in found.items()}

    def _changes(self, table: sa.Table, kind: str, ids: Sequence[int]) -> Sequence[sa.Row[Any]]:
        """Changes of some rows, given in order; the latest of each first."""
        if not ids:
            return []
        # The plus keeps SQLite from reading every change of the command for each piece of it.
        found = self.uow.connection.exec_driver_sql(
            "SELECT row_id, before, after FROM changes"
            " WHERE table_name = ? AND row_id BETWEEN ? AND ? AND +command_id = ? AND +kind = ?"
            " ORDER BY row_id, id DESC",
            (table.name, ids[0], ids[-1], self.command_id, kind),
        )
        wanted = set(ids)
        return [row for row in found.all() if row.row_id in wanted]

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
        if not there and not absent:
            return list(rows.values())
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
        """Put rows back; one whose unique value is taken waits for what may yet free it."""
        for names, alike in groupby(rows, key=tuple):
            self._insert_alike(table, names, list(alike))

    def _insert_alike(
        self, table: sa.Table, names: Sequence[str], rows: Sequence[dict[str, Any]]
    ) -> None:
        columns = [name for name in names if name in table.c]

        def put(some: Sequence[dict[str, Any]]) -> bool:
            values = map(itemgetter(*columns), some)
            count = insert_rows(self.uow.connection, table.name, columns, values, passing=True)
            self.put_back += count
            return count == len(some)

        if put(rows):
            return
        back = self._present(table, [row["id"] for row in rows])
        for row in rows:
            if row["id"] not in back:
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
        self._write(table, self._with_parents(table, todo, now), now)

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
        from operations.made import moved_and_edited

        values: dict[str, Any] = {}
        if moved_and_edited(self.uow, table, row, before, self.command_id):
            self._clash(Clash("changed", table.name, row["id"], row=dict(row)))
            return values
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
        self,
        table: sa.Table,
        todo: Sequence[dict[str, Any]],
        now: Mapping[int, Mapping[str, Any]],
    ) -> list[dict[str, Any]]:
        """Leave out fields that would name a record which is gone."""
        # A number alone does not say of which noun it is.
        nouns = [{"noun": now[values["id"]].get("noun")} for values in todo]
        absent = self._absent(table, [{**n, **v} for n, v in zip(nouns, todo, strict=True)])
        if absent:
            for noun, values in zip(nouns, todo, strict=True):
                for column, other, number in list(links_of(table, {**noun, **values})):
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
            .prefix_with("OR IGNORE")
            .where(bare.c.id == sa.bindparam("new_id"))
            .values(version=bare.c.version + 1, **setting)
        )

        def put(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
            """Write rows; gives those that stayed, as a unique value of theirs is taken."""
            given = [{f"new_{name}": value for name, value in row.items()} for row in rows]
            count = self.uow.connection.execute(statement, given).rowcount
            stayed = [] if count == len(rows) else self._unwritten(bare, rows, now)
            self.restored += count
            left = {row["id"] for row in stayed}
            written = [row for row in rows if row["id"] not in left]
            self.uow.touch_rows(table, [now[row["id"]] for row in written])
            self.uow.touch_rows(table, [{**now[row["id"]], **row} for row in written])
            return stayed

        for row in put(some):
            clash = Clash("taken", table.name, row["id"], row={**now[row["id"]], **row})
            self._wait(lambda row=row: not put([row]), clash)  # type: ignore[misc]  # bound now

    def _unwritten(
        self,
        bare: sa.TableClause,
        rows: Sequence[dict[str, Any]],
        now: Mapping[int, Mapping[str, Any]],
    ) -> list[dict[str, Any]]:
        """Rows that still have the version they had."""
        found = self.uow.rows(sa.select(bare.c.id, bare.c.version).where(bare.c.id.in_(among(now))))
        versions = {row.id: row.version for row in found}
        return [row for row in rows if versions[row["id"]] == now[row["id"]]["version"]]

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

    def _present(self, table: sa.Table, ids: Iterable[int]) -> set[int]:
        bare = raw(table)
        statement = sa.select(bare.c.id).where(bare.c.id.in_(among(ids)))
        return set(self.uow.connection.execute(statement).scalars())

    def _missing(self, table: sa.Table, ids: Iterable[int]) -> set[int]:
        bare = raw(table)
        listed = among(ids).subquery()
        statement = sa.select(listed.c.value).where(listed.c.value.not_in(sa.select(bare.c.id)))
        return set(self.uow.connection.execute(statement).scalars())

    def _absent(self, table: sa.Table, rows: Collection[Mapping[str, Any]]) -> set[tuple[str, int]]:
        """Records that some rows name and that are neither there nor coming back."""
        named: defaultdict[str, set[int]] = defaultdict(set)
        for column, other in own_links(table):
            named[other].update(row[column] for row in rows if row.get(column) is not None)
        if table.name in ON_ANY_RECORD:
            for row in rows:
                if row.get("record_id") is not None:
                    named[TABLES[row["noun"]]].add(row["record_id"])
        absent: set[tuple[str, int]] = set()
        for target in self.tables:
            if target.name in named:
                # Rows of the table being filled come back in any order.
                coming = self.ids("D", target) if target is table else set()
                gone = self._missing(target, named[target.name] - coming)
                absent |= {(target.name, number) for number in gone}
        return absent


@cache
def own_links(table: sa.Table) -> list[tuple[str, str]]:
    """Columns of a table that are foreign keys, each with the table it points to."""
    return [(key.parent.name, key.column.table.name) for key in table.foreign_keys]


def links_of(table: sa.Table, row: Mapping[str, Any]) -> Iterator[tuple[str, str, int]]:
    """What a row names: column, table, number."""
    for column, other in own_links(table):
        if row.get(column) is not None:
            yield column, other, row[column]
    if table.name in ON_ANY_RECORD and row.get("record_id") is not None:
        yield "record_id", TABLES[row["noun"]], row["record_id"]


@cache
def raw(table: sa.Table) -> sa.TableClause:
    """The same table without types: values go in and out as they are stored."""
    return sa.table(table.name, *(sa.column(column.name) for column in table.columns))


def among(numbers: Iterable[int]) -> sa.Select[tuple[Any]]:
    """Numbers as a query of one column: one parameter, however many they are."""
    listed = sa.func.json_each(json.dumps(list(numbers))).table_valued("value")
    return sa.select(listed.c.value)


def unpack(text: str) -> dict[str, Any]:
    """Read a row or some fields as a trigger wrote them."""
    read: dict[str, Any] = DECODER.raw_decode(text)[0]
    return read


def chunks(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    """Cut a list of numbers so that one statement can hold each piece."""
    for start in range(0, len(numbers), BATCH):
        yield numbers[start : start + BATCH]
