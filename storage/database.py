"""Open a database and work in it: `reading()` for a look, `writing()` for one command."""

from __future__ import annotations

import os
import socket
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from language.errors import InvalidValue, Refused
from storage import sqlite
from storage.gate import Gate
from storage.migrate import check_schema
from storage.uids import new_uid
from storage.unit import UnitOfWork

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import sqlalchemy as sa

    from storage.settings import Settings


@dataclass(frozen=True, slots=True)
class Deed:
    """What is about to be done, as history will tell it: `contact add`, with redacted `argv`."""

    name: str
    argv: tuple[str, ...] = ()
    via: str = "cli"


@dataclass(slots=True)
class Done:
    """What came of a `writing()` block: the command's number, or 0 when nothing changed."""

    command_id: int = 0
    changed: bool = False
    dry_run: bool = False


@dataclass(slots=True)
class Database:
    """One SQLite file. Not safe to carry across a fork; safe to use from several threads."""

    path: Path
    settings: Settings
    created: bool = False
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    last: Done = field(default_factory=Done)
    _reader: sa.Engine | None = None
    _writer: sa.Engine | None = None

    @contextmanager
    def reading(self) -> Iterator[UnitOfWork]:
        """Look at one consistent state. Fetch all rows inside, show them after."""
        if self._reader is None:
            self._reader = sqlite.make_engine(self.path, writes=False)
        with sqlite.plain_errors(self.path):
            connection = self._reader.connect()
            try:
                yield UnitOfWork(connection, self.clock(), self.settings)
            finally:
                connection.rollback()
                # The last connection to close folds the log into the file: a writer's job.
                with self._gate("read").held_if_free():
                    connection.close()

    @contextmanager
    def writing(self, deed: Deed, *, dry_run: bool = False) -> Iterator[UnitOfWork]:
        """Do one command in one transaction, committed at the end of the block.

        An exception, or `dry_run`, rolls everything back; a block that changed nothing leaves no
        command in history. `self.last` tells what came of it.
        """
        if self._writer is None:
            self._writer = sqlite.make_engine(self.path, writes=True)
        self.last = Done(dry_run=dry_run)
        what = " ".join(deed.argv[:2]) if deed.argv else deed.name
        with (
            sqlite.plain_errors(self.path),
            self._gate(f"crm {what}").held(),
            self._writer.connect() as connection,
        ):
            if dry_run:
                # A rolled-back transaction that outgrew the cache would have touched the log.
                connection.connection.cursor().execute("PRAGMA cache_spill=0")
            connection.begin()
            uow = UnitOfWork(connection, self.clock(), self.settings, writes=True)
            uow.open_command(_command_row(deed, uow))
            try:
                yield uow
                changed = uow.close_command()
            except BaseException:
                connection.rollback()
                raise
            self.last = Done(uow.command_id if changed else 0, changed, dry_run)
            if dry_run or not changed:
                connection.rollback()
            else:
                connection.commit()
                sqlite.checkpoint(connection, self.path)

    def _gate(self, holder: str) -> Gate:
        return Gate(self.path, holder=holder)

    def close(self) -> None:
        """Let go of both engines."""
        for engine in (self._reader, self._writer):
            if engine is not None:
                engine.dispose()
        self._reader = self._writer = None


def _command_row(deed: Deed, uow: UnitOfWork) -> dict[str, object]:
    return {
        "uid": new_uid(),
        "name": deed.name,
        "via": deed.via,
        "actor": uow.settings.user,
        "host": socket.gethostname(),
        "pid": os.getpid(),
        "argv": " ".join(deed.argv),
        "started_at": uow.now,
    }


def open_database(settings: Settings, *, must_exist: bool = False) -> Database:
    """Open the database that `settings` names, making or migrating it first where needed.

    Raises `Refused` (unsafe file, newer schema), `Unreachable`, `InvalidValue` (kind of URL).
    """
    url = settings.database
    if "://" in url and not url.startswith("sqlite:///"):
        kind = url.split("://", 1)[0]
        raise InvalidValue(
            f"databases of the kind '{kind}' are not supported yet", "name a file: --database FILE"
        )
    path = Path(url.removeprefix("sqlite:///")).expanduser()
    path = path.parent.resolve() / path.name
    if path.is_symlink():
        path = path.resolve()
    if must_exist and not path.exists():
        raise Refused(f"there is no database at {path}", "check --database")
    created = sqlite.prepare_file(path)
    database = Database(path, settings, created)
    with sqlite.plain_errors(path):
        check_schema(database.path, settings)
    return database
