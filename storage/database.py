"""Open a database and work in it: `reading()` for a look, `writing()` for one command."""

from __future__ import annotations

import os
import socket
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from language.errors import InvalidValue, Unreachable
from language.when_zone import moment_now
from storage import sqlite
from storage.gate import Gate
from storage.migrate import check_schema
from storage.uids import new_uid
from storage.unit import UnitOfWork

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

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
    clock: Callable[[], datetime] = moment_now
    last: Done = field(default_factory=Done)
    _reader: sa.Engine | None = None
    _writer: sa.Engine | None = None
    _rehearsal: tempfile.TemporaryDirectory[str] | None = None

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
        with (
            sqlite.plain_errors(self.path),
            self._gate(f"crm {deed.name}").held(),
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
            if dry_run or not changed:
                connection.rollback()
            else:
                connection.commit()
                sqlite.checkpoint(connection, self.path)
            self.last = Done(uow.command_id if changed else 0, changed, dry_run)

    def _gate(self, holder: str) -> Gate:
        return Gate(self.path, holder=holder)

    def close(self) -> None:
        """Let go of both engines, and of a rehearsal's database."""
        for engine in (self._reader, self._writer):
            if engine is not None:
                engine.dispose()
        self._reader = self._writer = None
        if self._rehearsal is not None:
            self._rehearsal.cleanup()


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


def database_path(settings: Settings) -> Path:
    """Path of the database file that `settings` name, links followed.

    Raises `InvalidValue` for another kind of URL or an impossible name, `Unreachable` for links
    that go in a circle.
    """
    url = settings.database
    if "://" in url and not url.startswith("sqlite:///"):
        kind = url.split("://", 1)[0]
        raise InvalidValue(
            f"databases of the kind '{kind}' are not supported yet", "name a file: --database FILE"
        )
    if "\0" in url:
        raise InvalidValue("the name of a file cannot hold a NUL", "check --database")
    try:
        path = Path(url.removeprefix("sqlite:///")).expanduser()
        path = path.parent.resolve() / path.name
        return path.resolve() if path.is_symlink() else path
    except (OSError, RuntimeError) as error:
        raise Unreachable(
            f"the database {url} cannot be reached: {error}", "check --database"
        ) from error


def open_database(
    settings: Settings, *, must_exist: bool = False, rehearsal: bool = False
) -> Database:
    """Open the database that `settings` names, making or migrating it first where needed.

    With `must_exist` a missing one is `Unreachable`. For a `rehearsal` (a dry run) a missing one is
    made in a temporary folder, which `close` removes, and one with an older schema is `Refused`.
    Raises `Refused` (unsafe file, newer schema), `Unreachable`, `InvalidValue` (unknown URL).
    """
    path = database_path(settings)
    folder = None
    if not _exists(path):
        if must_exist:
            raise Unreachable(f"there is no database at {path}", "check --database")
        if rehearsal:
            folder = tempfile.TemporaryDirectory(prefix="crm-")
            path = Path(folder.name) / path.name
    sqlite.prepare_file(path)
    with sqlite.plain_errors(path):
        created = check_schema(path, settings, upgrades=folder is not None or not rehearsal)
    return Database(path, settings, created and folder is None, _rehearsal=folder)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError as error:
        raise Unreachable(
            f"the database {path} cannot be opened: {error.strerror}", "check --database"
        ) from error
