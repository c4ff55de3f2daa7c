"""SQLite connections as safe as we know to make them: pragmas set and read back, files private.

This file, `gate.py`, `history.py`, `search.py`, `peek.py` and `migrate.py` are the ones allowed to
know that the database is SQLite.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import event, exc
from sqlalchemy.pool import NullPool

from language.errors import Conflict, Refused, Unreachable
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
        for name in ("journal_mode", "synchronous", "foreign_keys"):
            found = connection.execute(f"PRAGMA {name}").fetchone()[0]
            if found != PRAGMAS[name]:
                connection.close()
                raise Refused(f"{path}: PRAGMA {name} is {found}, not {PRAGMAS[name]}")
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
    if path.is_dir():
        raise Refused(f"{path} is a folder, not a database", "name a file: --database FILE")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _refuse_network(path.parent)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise Unreachable(
            f"the database {path} cannot be opened: {error.strerror}", "check --database"
        ) from error
    try:
        status = os.fstat(handle)
        head = os.pread(handle, 100, 0)
    finally:
        os.close(handle)
    if not stat.S_ISREG(status.st_mode):
        raise Refused(f"{path} is not a plain file")
    if status.st_nlink > 1:
        raise Refused(f"{path} is hard-linked; its lock would not protect the other name")
    if status.st_mode & 0o077:
        mode = f"{status.st_mode & 0o777:o}"
        raise Refused(f"other users may read {path} (mode {mode})", f"chmod 600 {path}")
    if not head:
        return True
    if not head.startswith(b"SQLite format 3\0"):
        raise Refused(f"{path} is not a database", "name another file: --database FILE")
    ours = int.from_bytes(head[68:72], "big")
    if ours == APPLICATION_ID:
        return False
    if ours == 0 and head[60:64] == b"\0\0\0\0" and _is_blank(path):
        return True
    raise Refused(f"{path} is a database of another program", "name another file: --database FILE")


def _is_blank(path: Path) -> bool:
    """Whether a database file holds no table: a creation was cut short before its commit."""
    try:
        connection = sqlite3.connect(path)
        try:
            return bool(connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,))
        finally:
            connection.close()
    except sqlite3.DatabaseError:
        return False


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
    """Fold the write-ahead log into the database when it has grown; the gate must be held."""
    log = path.with_name(path.name + "-wal")
    if log.exists() and log.stat().st_size > CHECKPOINT_BYTES:
        # Through the driver: SQLAlchemy would begin a transaction, in which this cannot run.
        # A reader in the way makes it do less, which the next one makes good.
        connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def plain_errors(path: object) -> Iterator[None]:
    """Turn what SQLite and SQLAlchemy raise into sentences with a next step."""
    try:
        yield
    except exc.IntegrityError as error:
        raise Conflict(f"the database refused it: {error.orig}", "nothing was changed") from error
    except (exc.DBAPIError, sqlite3.Error) as error:
        original = error.orig if isinstance(error, exc.DBAPIError) else error
        raise _plain(str(original), path) from error


def _plain(text: str, path: object) -> Exception:
    if "full" in text:
        return Unreachable("the disk is full; nothing was changed", "free some space and repeat")
    if "locked" in text or "busy" in text:
        return Unreachable(f"the database {path} is busy; nothing was changed", "try again")
    if "readonly" in text or "unable to open" in text or "disk I/O" in text:
        return Unreachable(f"the database {path} cannot be used: {text}", "check disk and folder")
    if "malformed" in text or "not a database" in text or "corrupt" in text:
        return Refused(f"the database {path} is damaged: {text}", "keep the file; see `crm doctor`")
    if "write outside a command" in text:
        return Refused("a row was written outside a command; nothing was changed")
    return Refused(f"the database {path} answered: {text}", "see `crm doctor`")
