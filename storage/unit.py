"""The unit of work: one connection, one moment, one user; what every operation gets first.

Operations read with `rows`, `first` and `scalar`, and write with `insert`, `insert_many`, `update`
and `delete`, which keep versions, times, the creating command and the search index right. They
never commit; whoever opened the unit does.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import chain
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from language.errors import Conflict, NotFound
from language.text import fold
from storage import bulk, indexing, search
from storage.columns import write_moment
from storage.history import NOUNS, POLYMORPHIC, belongs
from storage.model.journal import commands, open_command
from storage.uids import new_uid

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime, tzinfo

    from storage.settings import Settings


class UnitOfWork:
    """One transaction's worth of work. `now` is aware UTC and stands still."""

    def __init__(
        self,
        connection: sa.Connection,
        now: datetime,
        settings: Settings,
        *,
        writes: bool = False,
    ) -> None:
        self.connection = connection
        self.now = now
        self.settings = settings
        self.writes = writes
        self.command_id = 0
        self.summary = ""
        self.result: tuple[str, int] | None = None  # noun and number of what was written
        self.changed = False
        self.notes: list[str] = []  # what the person should know besides what was done
        self._touched: defaultdict[str, set[int]] = defaultdict(set)
        self._created_in_bulk: set[str] = set()
        self._me: int | None = None

    # What every operation asks

    @property
    def zone(self) -> tzinfo | None:
        """The user's time zone; None means this machine's."""
        return self.settings.zone

    @property
    def today(self) -> date:
        """The user's calendar day now."""
        return self.now.astimezone(self.zone).date()

    def rows(self, statement: sa.Executable, values: Any = None) -> Sequence[sa.Row[Any]]:
        """All rows of a statement."""
        return self.connection.execute(statement, values).all()

    def first(self, statement: sa.Executable) -> sa.Row[Any] | None:
        """The first row, or None."""
        return self.connection.execute(statement).first()

    def scalar(self, statement: sa.Executable) -> Any:
        """The first column of the first row, or None."""
        return self.connection.execute(statement).scalar()

    # Who

    def user_named(self, name: str) -> sa.Row[Any] | None:
        """The living user with that login, else of that name or with that e-mail; None if none."""
        from storage.model.people import users

        is_login = users.c.login == name
        return self.first(
            sa.select(users)
            .where(
                users.c.deleted_at.is_(None),
                sa.or_(is_login, users.c.name_key == fold(name), users.c.email == name),
            )
            .order_by(sa.case((is_login, 0), else_=1), users.c.id)
        )

    def my_user(self) -> sa.Row[Any] | None:
        """The row of the acting user, or None while nobody of that name is in `users`."""
        return self.user_named(self.settings.user)

    def my_role(self) -> str:
        """The role of the acting user: rep, manager or admin; before joining, the one to come.

        Whoever joins while there is no admin becomes one: somebody must be able to undo anything.
        """
        from storage.model.people import users

        row = self.my_user()
        if row is not None:
            return str(row.role)
        admin = self.first(
            sa.select(users.c.id)
            .where(users.c.deleted_at.is_(None), users.c.active, users.c.role == "admin")
            .limit(1)
        )
        return "admin" if admin is None else "rep"

    def me(self) -> int:
        """Number of the acting user, who joins `users` (in a command of its own) at first need."""
        if self._me is None:
            row = self.my_user()
            self._me = row.id if row is not None else self._join()
        return self._me

    def _join(self) -> int:
        from storage.model.people import users

        role = self.my_role()
        outer, changed = self.command_id, self.changed
        self._open({"name": "user join", "kind": "system"} | self._origin(outer))
        name = self.settings.user
        number = self.insert(users, name=name, name_key=fold(name), login=name, role=role)
        # Joining alone is no reason to keep a command that changed nothing.
        self.command_id, self.changed = outer, changed
        self._set_open(outer)
        return number

    def _origin(self, command_id: int) -> dict[str, Any]:
        row = (
            self.connection.execute(sa.select(commands).where(commands.c.id == command_id))
            .mappings()
            .one()
        )
        kept = ("via", "actor", "host", "pid", "started_at")
        return {key: row[key] for key in kept} | {"uid": new_uid(), "summary": "joined"}

    # Commands

    def open_command(self, row: Mapping[str, object]) -> None:
        """Start recording: from here on rows may be written."""
        self._open(row)

    def _open(self, row: Mapping[str, object]) -> None:
        result = self.connection.execute(sa.insert(commands).values(**row))
        self.command_id = _number(result)
        self._set_open(self.command_id)

    def _set_open(self, command_id: int | None, *, replaying: bool = False) -> None:
        self.connection.execute(
            sa.update(open_command).values(command_id=command_id, replaying=replaying)
        )

    def replaying(self, *, on: bool) -> None:
        """Let undo and redo put rows back under the command that first made them."""
        self._set_open(self.command_id, replaying=on)

    def describe(self, **facts: object) -> None:
        """Set facts of the open command: kind, undo_of."""
        self.connection.execute(
            sa.update(commands).where(commands.c.id == self.command_id).values(**facts)
        )

    def close_command(self) -> bool:
        """Index what was touched, write the summary, stop recording; whether anything changed."""
        if self.changed:
            indexing.reindex_changed(
                self.connection, self._touched, self._created_in_bulk, self.command_id
            )
        self.describe(summary=self.summary)
        self._set_open(None)
        return self.changed

    # Writing

    def touch(self, noun: str, record_id: int) -> None:
        """Mark a record so that its search entry is made again."""
        self.changed = True
        self._touched[noun].add(record_id)

    def touch_rows(self, table: sa.Table, rows: Iterable[Mapping[str, Any]]) -> None:
        """Mark the records that some rows belong to; a row needs `id` and what says its home."""
        for row in rows:
            self._touch_row(table, row)

    def touch_created(self, noun: str) -> None:
        """Mark all records of a noun that this command made, after `insert_many`."""
        self.changed = True
        self._created_in_bulk.add(noun)

    def touch_noted(self) -> None:
        """Mark all records of which history has noted a change by the open command."""
        for number, noun, table in self.connection.exec_driver_sql(
            "SELECT DISTINCT record_id, noun, table_name = 'companies' FROM changes"
            " WHERE command_id = ?",
            (self.command_id,),
        ):
            self.touch(noun, number)
            if table:
                self._touch_names_of_company(number)

    def insert(self, table: sa.Table, /, **values: Any) -> int:
        """Add one row and give its number."""
        result = self.connection.execute(sa.insert(table).values(**self._fill(table, values)))
        number = _number(result)
        self._touch_row(table, values | {"id": number})
        return number

    def insert_many(self, table: sa.Table, rows: Iterable[dict[str, Any]]) -> int:
        """Add many rows in sets; every row has the same keys. Gives how many.

        Their search entries are the caller's to ask for with `touch_created`.
        """
        left = iter(rows)
        first = next(left, None)
        if first is None:
            return 0
        names = [name for name in first if name != "created_by_command"]
        return self.insert_rows(
            table, names, bulk.stored(self.connection, table, names, chain([first], left))
        )

    def insert_rows(
        self, table: sa.Table, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]
    ) -> int:
        """Add many rows whose values, in the order of `columns`, are as the database stores them.

        A record needs no `uid` and no times; search entries are asked for with `touch_created`.
        Gives how many.
        """
        given: dict[str, Any] = {"created_by_command": self.command_id}
        if "uid" in table.c:
            now = write_moment(self.now)
            given |= {name: now for name in ("created_at", "updated_at") if name not in columns}
        constants = tuple(given.values())
        names = [*columns, *given]
        whole: Iterable[tuple[Any, ...]] = (row + constants for row in rows)
        if "uid" in table.c and "uid" not in columns:
            names.append("uid")
            whole = ((*row, *constants, new_uid()) for row in rows)
        count = bulk.insert_rows(self.connection, table.name, names, whole)
        self.changed = self.changed or count > 0
        return count

    def next_id(self, table: sa.Table) -> int:
        """Give a number above all that this table ever gave, so that bulk rows can be linked."""
        return search.next_id(self.connection, table.name)

    def update(
        self,
        table: sa.Table,
        row_id: int,
        changes: Mapping[str, Any],
        *,
        version: int | None = None,
    ) -> dict[str, tuple[Any, Any]]:
        """Change one row; gives what really changed as name → (before, after), nothing if nothing.

        With `version`, raises `Conflict` when somebody changed the row since that version.
        """
        row = (
            self.connection.execute(sa.select(table).where(table.c.id == row_id)).mappings().first()
        )
        if row is None:
            raise NotFound(f"there is no {NOUNS.get(table.name, table.name)} #{row_id}")
        if version is not None and row["version"] != version:
            noun = NOUNS.get(table.name, table.name)
            raise Conflict(
                f"{noun} #{row_id} was changed by somebody else since you read it",
                "look at it again, then repeat your change",
            )
        real = {key: (row[key], value) for key, value in changes.items() if row[key] != value}
        if real:
            self._update(table, row_id, {key: value for key, (_, value) in real.items()})
            self._touch_row(table, dict(row) | {key: value for key, (_, value) in real.items()})
            self._touch_row(table, dict(row))
        return real

    def _update(self, table: sa.Table, row_id: int, values: Mapping[str, Any]) -> None:
        extra: dict[str, Any] = {"version": table.c.version + 1}
        if "updated_at" in table.c:
            extra["updated_at"] = self.now
        self.connection.execute(
            sa.update(table).where(table.c.id == row_id).values({**extra, **values})
        )
        self.changed = True

    def update_many(self, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> int:
        """Change many rows in one statement; each mapping holds `id` and the same other keys.

        Search entries are the caller's to ask for with `touch`.
        """
        if not rows:
            return 0
        keys = [key for key in rows[0] if key != "id"]
        values: dict[str, Any] = {key: sa.bindparam(f"new_{key}") for key in keys}
        values["version"] = table.c.version + 1
        if "updated_at" in table.c:
            values["updated_at"] = self.now
        statement = sa.update(table).where(table.c.id == sa.bindparam("row_id")).values(**values)
        self.connection.execute(
            statement,
            [{"row_id": row["id"]} | {f"new_{key}": row[key] for key in keys} for row in rows],
        )
        self.changed = True
        return len(rows)

    def delete(self, table: sa.Table, *where: sa.ColumnElement[bool]) -> int:
        """Remove rows for good (history keeps them for undo); gives how many."""
        gone = self.connection.execute(sa.select(table).where(*where)).mappings().all()
        if gone:
            self.connection.execute(sa.delete(table).where(*where))
            self.changed = True
            for row in gone:
                self._touch_row(table, dict(row))
        return len(gone)

    def _fill(self, table: sa.Table, values: dict[str, Any]) -> dict[str, Any]:
        values["created_by_command"] = self.command_id
        if "uid" in table.c:
            values.setdefault("uid", new_uid())
            values.setdefault("created_at", self.now)
            values.setdefault("updated_at", self.now)
        return values

    def _touch_row(self, table: sa.Table, row: Mapping[str, Any]) -> None:
        noun, number = home_of(table.name, row)
        self.touch(noun, number)
        if noun == "company" and table.name == "companies":
            self._touch_names_of_company(number)

    def _touch_names_of_company(self, company_id: int) -> None:
        # People and deals are found by the name of their company too.
        self._touched["company members"].add(company_id)


def home_of(table: str, row: Mapping[str, Any]) -> tuple[str, int]:
    """Noun and number of the record that a row belongs to."""
    if table in POLYMORPHIC:
        return str(row["noun"]), int(row["record_id"])
    if table in NOUNS:
        return NOUNS[table], int(row["id"])
    for column in _parents(table):
        if row.get(column) is not None:
            return column.removesuffix("_id"), int(row[column])
    message = f"{table} has no home: {belongs(table)}"
    raise KeyError(message)


def _parents(table: str) -> tuple[str, ...]:
    from storage.history import PARENTS

    return PARENTS[table]


def _number(result: sa.CursorResult[Any]) -> int:
    key = result.inserted_primary_key
    if key is None:
        message = "the database gave no number for a new row"
        raise TypeError(message)
    return int(key[0])
