"""Bring everything back: an export of a whole database into an empty one, as one command.

Numbers and unique ids stay; the commands of the other database get new numbers, keep their dates
and people, and cannot be undone here. Each row is checked, and at the end the sums must be those
of the export; any difference refuses all of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from language.errors import Conflict, InvalidValue
from language.fields import NOUNS as WORDS
from operations.everything import Column, Parcel, Table, exported_tables
from operations.restore_checks import CHECKS, HINT, check_links
from operations.reversal import raw
from storage.dump import LEFT_OUT, Sum, Summing, hash_of, logical_hash
from storage.history import NOUNS, defer_links
from storage.indexing import reindex_everything
from storage.migrate import VERSION
from storage.model.journal import changes, commands, open_command
from storage.uids import new_uid

if TYPE_CHECKING:
    from storage.unit import UnitOfWork

SEEDED = frozenset({"users", "pipelines", "stages"})
RESTORED = "restored"
BATCH = 2_000
_MAKER = re.compile(r'"created_by_command":(\d+)')


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back: the hash of the database now, rows of each table, what was there before.

    `replaced`: table → rows of the new database that gave way to those of the export.
    """

    hash: str
    rows: Mapping[str, int]
    replaced: Mapping[str, int]


def restore(uow: UnitOfWork, parcel: Parcel) -> Restored:
    """Bring all tables of a parcel in. Raises Conflict when the database is not empty.

    Raises InvalidValue for a damaged export, naming the table; nothing may be kept then.
    """
    _must_be_empty(uow)
    work = _Restoring(uow, parcel)
    work.run()
    done = Restored(work.check(), work.counts, work.replaced)
    records = sum(done.rows.get(name, 0) for name in NOUNS)
    uow.summary = f"restored everything: {records:,} records, exported {parcel.head.made_at}"
    uow.changed = True
    return done


def _must_be_empty(uow: UnitOfWork) -> None:
    held = []
    for table in exported_tables():
        if table.name not in SEEDED and table not in {commands, changes}:
            count = uow.scalar(sa.select(sa.func.count()).select_from(table))
            if count:
                held.append(f"{count:,} {word_of(table.name, count)}")
    if held:
        raise Conflict(
            f"everything goes into an empty database, and this one holds {', '.join(held[:4])}",
            "name a new one with --database FILE, or bring nouns in one by one:"
            " crm import contacts FILE",
        )


def word_of(table: str, count: int) -> str:
    """What people call the rows of a table."""
    noun = WORDS.get(NOUNS.get(table, ""))
    return table.replace("_", " ") if noun is None else noun.plural if count != 1 else noun.name


@dataclass(slots=True)
class _Restoring:
    uow: UnitOfWork
    parcel: Parcel
    counts: dict[str, int] = field(default_factory=dict)
    replaced: dict[str, int] = field(default_factory=dict)
    _sums: dict[str, Sum] = field(default_factory=dict)
    _shift: int = 0
    _uids: set[str] = field(default_factory=set)

    def run(self) -> None:
        defer_links(self.uow.connection)
        self._make_room()
        known = {table.name: table for table in exported_tables()}
        for table in self.parcel.tables:
            self._bring(known[table.name], table)
        for name in SEEDED - self._sums.keys():
            raise InvalidValue(f"the export holds no {name}", HINT)
        reindex_everything(self.uow.connection)

    def _make_room(self) -> None:
        """Renumber the open command, so that those of the export come before it."""
        own = self.uow.command_id
        before = sa.select(sa.func.max(commands.c.id)).where(commands.c.id != own)
        self._shift = int(self.uow.scalar(before) or 0)
        number = self._shift + self.parcel.head.last_command + 1
        self.uow.connection.execute(
            sa.update(commands).where(commands.c.id == own).values(id=number)
        )
        self.uow.command_id = number
        self._write_as(number)
        # What is left of an earlier restore that was undone would be told twice.
        earlier = sa.select(commands.c.id).where(commands.c.kind.startswith(RESTORED))
        self.uow.connection.execute(sa.delete(changes).where(changes.c.command_id.in_(earlier)))
        self._uids = set(self.uow.connection.execute(sa.select(commands.c.uid)).scalars())

    def _write_as(self, command_id: int) -> None:
        self.uow.connection.execute(sa.update(open_command).values(command_id=command_id))

    # One table

    def _bring(self, table: sa.Table, given: Table) -> None:
        if table.name in self._sums:
            raise InvalidValue(f"table {table.name} comes twice", HINT)
        names = [column.name for column in given.columns]
        lacking = [
            column.name
            for column in table.columns
            if column.name not in names and not _may_lack(column)
        ]
        if lacking:
            raise InvalidValue(f"table {table.name} has no column {lacking[0]}", HINT)
        summing = Summing(table.name, names)
        rows = self._read(given, summing)
        if table in {commands, changes}:
            shift = self._command if table is commands else self._change
            for batch in _batches(map(shift, rows)):
                self._insert(table, batch)
        elif table.name in SEEDED:
            self._replace(table, map(self._shifted, rows))
        else:
            for maker, some in groupby(
                map(self._shifted, rows), key=lambda row: row["created_by_command"]
            ):
                self._write_as(maker)
                for batch in _batches(some):
                    self._insert(table, batch)
            self._write_as(self.uow.command_id)
        self._sums[table.name] = summing.sum
        self.counts[table.name] = summing.sum.rows

    def _read(self, given: Table, summing: Summing) -> Iterator[dict[str, Any]]:
        names = [column.name for column in given.columns]
        checks = [CHECKS[column.kind] for column in given.columns]
        before, number = 0, names.index("id")
        for row in given.rows:
            for column, check, value in zip(given.columns, checks, row, strict=True):
                if value is None:
                    if not column.null:
                        raise _refusal(given.name, row[number], column, "must not be empty")
                elif not check(value):
                    raise _refusal(given.name, row[number], column, f"is no {column.kind}")
            values: dict[str, Any] = dict(zip(names, row, strict=True))
            if values["id"] <= before:
                raise _refusal(given.name, values["id"], given.columns[number], "is out of order")
            before = values["id"]
            summing.add(row)  # type: ignore[arg-type]  # checked just now
            yield values

    def _insert(self, table: sa.Table, rows: Sequence[dict[str, Any]]) -> None:
        bare = raw(table)
        try:
            self.uow.connection.execute(sa.insert(bare), list(rows))
        except sa.exc.IntegrityError as error:
            raise InvalidValue(
                f"table {table.name}{self._first_absent(bare, rows)}: {error.orig}", HINT
            ) from None

    def _first_absent(self, table: sa.TableClause, rows: Sequence[Mapping[str, Any]]) -> str:
        """Which of some rows the database refused: those before it are in."""
        numbers = [row["id"] for row in rows if "id" in row]
        there = set(
            self.uow.connection.execute(
                sa.select(table.c.id).where(table.c.id.in_(numbers))
            ).scalars()
        )
        wrong = next((number for number in numbers if number not in there), None)
        return f", row #{wrong}" if wrong is not None else ""

    # The journal

    def _shifted(self, row: dict[str, Any]) -> dict[str, Any]:
        """Name the commands of a row by their new numbers; a row without is this command's."""
        maker = row.get("created_by_command")
        row["created_by_command"] = self.uow.command_id if maker is None else self._number(maker)
        row.setdefault("version", 1)
        return row

    def _number(self, command_id: int) -> int:
        if not 0 < command_id <= self.parcel.head.last_command:
            raise InvalidValue(f"the export names a command #{command_id} that it lacks", HINT)
        return command_id + self._shift

    def _command(self, row: dict[str, Any]) -> dict[str, Any]:
        row["id"] = self._number(row["id"])
        for name in ("undo_of", "undone_by"):
            if row.get(name) is not None:
                row[name] = self._number(row[name])
        if row["uid"] in self._uids:  # of an export that was here before, and was undone
            row["uid"] = new_uid()
        kind = str(row.get("kind", "command")).removeprefix(RESTORED).strip()
        row["kind"] = RESTORED if kind in {"", "command"} else f"{RESTORED} {kind}"
        return row

    def _change(self, row: dict[str, Any]) -> dict[str, Any]:
        # Its own number is of no use to anybody, and those before it are taken.
        del row["id"]
        row["command_id"] = self._number(row["command_id"])
        row["before"] = _MAKER.sub(
            lambda found: f'"created_by_command":{int(found[1]) + self._shift}', row["before"]
        )
        return row

    # What a new database holds already

    def _replace(self, table: sa.Table, rows: Iterable[dict[str, Any]]) -> None:
        """Let the rows of a new database give way: they become those of the same number, or go."""
        bare = raw(table)
        connection = self.uow.connection
        there = set(connection.execute(sa.select(bare.c.id)).scalars())
        # Unique names and ids must not be in the way of what comes.
        connection.execute(
            sa.update(bare).values(uid="was " + bare.c.uid, name_key="was " + bare.c.name_key)
        )
        makers = list(rows)
        for row in makers:
            if row["id"] in there:
                values = {name: value for name, value in row.items() if name not in LEFT_OUT}
                connection.execute(
                    sa.update(bare)
                    .where(bare.c.id == row["id"])
                    .values(**values, version=bare.c.version + 1)
                )
            else:
                self._write_as(row["created_by_command"])
                self._insert(table, [row])
                self._write_as(self.uow.command_id)
        gone = there - {row["id"] for row in makers}
        if gone:
            connection.execute(sa.delete(bare).where(bare.c.id.in_(gone)))
        self.replaced[table.name] = len(there)

    # Whether all is well

    def check(self) -> str:
        """Compare with what the export says of itself; gives the hash of the database now."""
        wanted = self.parcel.sums()
        for name, sum_ in wanted.items():
            found = self._sums.get(name)
            if found is None:
                raise InvalidValue(f"table {name} is missing from the export", HINT)
            if found.rows != sum_.rows:
                raise InvalidValue(
                    f"table {name} has {found.rows:,} rows where the export says {sum_.rows:,}",
                    HINT,
                )
            if found.sha256 != sum_.sha256:
                raise InvalidValue(
                    f"table {name} is not as it was exported: it was edited or damaged", HINT
                )
        for name in self._sums.keys() - wanted.keys():
            if self._sums[name].rows:
                raise InvalidValue(f"table {name} is not in what the export says it holds", HINT)
        check_links(self.uow)
        digest = logical_hash(self.uow.connection)
        if self.parcel.head.schema == VERSION and digest != hash_of(wanted):
            raise InvalidValue("the rows did not come back as they were exported", HINT)
        return digest


def _may_lack(column: sa.Column[Any]) -> bool:
    """Whether an older export may be without a column."""
    return bool(
        column.nullable
        or column.server_default is not None
        or column.name in {"version", "created_by_command"}
    )


def _batches(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _refusal(table: str, number: object, column: Column, why: str) -> InvalidValue:
    return InvalidValue(f"table {table}, row #{number}: {column.name} {why}", HINT)
