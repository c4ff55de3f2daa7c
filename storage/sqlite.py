"""SQLite connections as safe as we know to make them: pragmas set and read back, files private.

This file, `gate.py`, `history.py`, `search.py`, `indexing.py`, `bulk.py`, `peek.py` and
`migrate.py` are the ones allowed to know that the database is SQLite.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy import event, exc
from sqlalchemy.pool import NullPool

from language.errors import Conflict, CrmError, InvalidValue, Refused, Unreachable
from language.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

APPLICATION_ID = 0x63726D31  # "crm1"
PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,  # FULL: an acknowledged commit is on disk
    "foreign_keys": 1,
    "busy_timeout": 30_000,
    "wal_autocheckpoint": 0,  # checkpoints run under the gate only
    "trusted_schema": 0,
    "cell_size_check": 1,
    "mmap_size": 0,
    "journal_size_limit": 67_108_864,
    "cache_size": -65_536,
    "temp_store": 2,
}
CHECKPOINT_BYTES = 4 * 1024 * 1024
NETWORK_FILE_SYSTEMS = frozenset(
    {
        "nfs",
        "nfs4",
        "cifs",
        "smb3",
        "smbfs",
        "9p",
        "afs",
        "fuse.sshfs",
        "fuse.rclone",
        "fuse.gvfsd-fuse",
    }
)


def make_engine(path: Path, *, writes: bool) -> sa.Engine:
    """Engine over one file. Writers begin IMMEDIATE; readers cannot write at all."""

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            path, isolation_level=None, check_same_thread=False, timeout=30.0
        )
        for name, wanted in PRAGMAS.items():
            connection.execute(f"PRAGMA {name}={wanted}")
        for name, wanted in PRAGMAS.items():
            found = connection.execute(f"PRAGMA {name}").fetchone()
            # A library built without one of them answers with no row, and cannot do that harm.
            if found is not None and found[0] != wanted:
                connection.close()
                raise Refused(
                    f"this SQLite does not keep {name}={wanted} (it says {found[0]}) for {path}",
                    "see: crm doctor",
                )
        if not writes:
            connection.execute("PRAGMA query_only=1")
        connection.create_function("crm_fold", 1, _fold, deterministic=True)
        return connection

    engine = sa.create_engine("sqlite://", creator=connect, poolclass=NullPool)
    start = "BEGIN IMMEDIATE" if writes else "BEGIN"

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql(start)

    return engine


def _fold(value: Any) -> Any:
    return fold(value) if isinstance(value, str) else value


def prepare_file(path: Path) -> bool:
    """Make an empty private database file, or check that the one there is safe to use.

    Gives True when the file is new. Raises `Refused` for files that others may read, hard links,
    network file systems and files that are not databases of ours.
    """
    os.umask(0o077)
    try:
        if path.is_dir():
            raise Refused(f"{path} is a folder, not a database", "name a file: --database FILE")
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _refuse_network(path.parent)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise Unreachable(
            f"the database {path} cannot be opened: {error.strerror}", "check --database"
        ) from error
    try:
        status = os.fstat(handle)
        plain = stat.S_ISREG(status.st_mode)
        head = os.pread(handle, 100, 0) if plain else b""
    finally:
        os.close(handle)
    if not plain:
        raise Refused(f"{path} is not a plain file", "name another file: --database FILE")
    if status.st_nlink > 1:
        raise Refused(f"{path} is hard-linked; its lock would not protect the other name")
    if status.st_mode & 0o077:
        mode = f"{status.st_mode & 0o777:o}"
        raise Refused(f"other users may read {path} (mode {mode})", f"chmod 600 {path}")
    if not head:
        return True
    if not head.startswith(b"SQLite format 3\0"):
        raise Refused(f"{path} is not a database", "name another file: --database FILE")
    if int.from_bytes(head[68:72], "big") == APPLICATION_ID:
        return False
    return _is_blank(path)


def read_only(path: Path) -> sqlite3.Connection:
    """Open a file for looking only: neither the file nor its log is folded, moved or made."""
    place = f"file:{quote(str(path))}?mode=ro"
    return sqlite3.connect(place, uri=True, isolation_level=None, timeout=30.0)


def _is_blank(path: Path) -> bool:
    """Whether a file without our mark is new (True) or marked in its log only (False).

    A creation that was killed leaves no table; one that another process has just finished, or that
    was killed after its commit, has its mark in the log. Anything else is `Refused`.
    """
    with plain_errors(path):
        connection = read_only(path)
        try:
            ours = connection.execute("PRAGMA application_id").fetchone()[0]
            tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
            version = connection.execute("PRAGMA user_version").fetchone()[0]
        finally:
            connection.close()
    if ours == APPLICATION_ID:
        return False
    if ours == 0 and version == 0 and tables == 0:
        return True
    raise Refused(f"{path} is a database of another program", "name another file: --database FILE")


def count_rows(connection: sqlite3.Connection) -> dict[str, int]:
    """Rows of every table of ours."""
    names = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        " AND name NOT LIKE 'search_index%' AND name <> 'alembic_version' ORDER BY name"
    ).fetchall()
    return {
        name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
        for (name,) in names
    }


def _refuse_network(folder: Path) -> None:
    kind = file_system(folder)
    if kind in NETWORK_FILE_SYSTEMS:
        raise Refused(
            f"{folder} is on a network file system ({kind}), where SQLite can lose data",
            "keep the database on this machine's disk",
        )


def file_system(folder: Path) -> str:
    """Name of the file system that holds a folder; empty where the system does not tell."""
    try:
        mounts = Path("/proc/self/mounts").read_text(errors="replace").splitlines()
    except OSError:
        return ""
    real = str(folder.resolve())
    best, kind = "", ""
    for line in mounts:
        _, point, name, *_ = line.split(" ")
        inside = point in {"/", real} or real.startswith(point + "/")
        if inside and len(point) >= len(best):
            best, kind = point, name
    return kind


def checkpoint(connection: sa.Connection, path: Path) -> None:
    """Fold the write-ahead log into the database when it has grown; the gate must be held.

    What was committed stays so when this fails: a later command folds the log.
    """
    log = path.with_name(path.name + "-wal")
    with suppress(sqlite3.Error, OSError):
        if log.stat().st_size > CHECKPOINT_BYTES:
            # Straight to the driver: SQLAlchemy would begin a transaction around it.
            # Without waiting: whoever reads now would hold up every writer behind this one.
            cursor = connection.connection.cursor()
            cursor.execute("PRAGMA busy_timeout=0")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _is_full(path: object) -> bool:
    """Whether the disk is full: SQLite calls a missing page of its shared memory an I/O error."""
    try:
        return shutil.disk_usage(Path(str(path)).parent).free < 65_536
    except OSError:
        return False


@contextmanager
def plain_errors(path: object) -> Iterator[None]:
    """Turn what SQLite and SQLAlchemy raise into sentences with a next step."""
    try:
        yield
    except (OverflowError, UnicodeEncodeError) as error:
        raise InvalidValue(f"the database cannot hold this value: {error}") from error
    except (exc.DBAPIError, sqlite3.Error) as error:
        original = error.orig if isinstance(error, exc.DBAPIError) else error
        raise _plain(original, path) from error


def _plain(error: BaseException | None, path: object) -> CrmError:
    text = str(error)
    # The low byte is the kind of trouble, the rest its detail.
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if isinstance(error, (OverflowError, UnicodeEncodeError)):
        return InvalidValue(f"the database cannot hold this value: {text}")
    if "write outside a command" in text:
        return Refused("a row was written outside a command; nothing was changed")
    if code == sqlite3.SQLITE_CONSTRAINT:
        return Conflict(f"the database refused it: {text}", "nothing was changed")
    if code == sqlite3.SQLITE_FULL or (code == sqlite3.SQLITE_IOERR and _is_full(path)):
        return Unreachable("the disk is full; nothing was changed", "free some space and repeat")
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return Unreachable(f"the database {path} is busy; nothing was changed", "try again")
    if code in {
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_AUTH,
    }:
        return Unreachable(
            f"the database {path} cannot be used: {text}; nothing was changed",
            "check the disk and the permissions of its folder",
        )
    if code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
        return Refused(
            f"the database {path} is damaged: {text}",
            "keep the file and its -wal as they are; see: crm doctor, crm backup list",
        )
    return Refused(f"the database {path} answered: {text}", "see: crm doctor")
