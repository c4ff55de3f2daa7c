"""Look a database over without changing it: what it is, and whether everything is in order.

Works on files that `open_database` would refuse, because that is when it is needed.
"""

from __future__ import annotations

import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from language.errors import CrmError
from storage import files, indexing, search
from storage.backup import backup_folder, list_backups, troubles
from storage.history import NOUNS, POLYMORPHIC
from storage.migrate import VERSION, is_sealed
from storage.sqlite import (
    APPLICATION_ID,
    NETWORK_FILE_SYSTEMS,
    file_system,
    plain_errors,
    read_only,
)

FIXED_SQLITE = (3, 51, 3)
BACKUP_AGE = timedelta(days=7)
LITTLE_SPACE = 200 * 1024 * 1024
SYNCED_FOLDERS = ("dropbox", "onedrive", "icloud", "google drive", "nextcloud", "syncthing")
SHOWN = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found. `state` is ok, warning, closed or damaged; `hint` is the next step."""

    check: str
    state: str
    text: str
    hint: str = ""


def sqlite_verdict() -> str:
    """Say whether this SQLite has the bug that can corrupt a database several processes write."""
    if sqlite3.sqlite_version_info >= FIXED_SQLITE:
        return "free of the WAL-reset bug"
    return "has the WAL-reset bug (mended in 3.51.3); crm's lock protects what only crm writes"


def examine(path: Path) -> Iterator[Finding]:
    """Run every check on a database file, one after the other; never raises for what it finds."""
    if not path.exists():
        yield Finding("database", "ok", f"none yet at {path}; the first crm contact add makes it")
    else:
        yield from _inside(path)
        for check in (_attachments, _file_modes, _backup_age):
            yield from _safely(check, path)
    version = f"SQLite {sqlite3.sqlite_version} {sqlite_verdict()}"
    yield Finding("sqlite-version", "ok", version)
    for check in (_place, _disk_space):
        yield from _safely(check, path)


def _inside(path: Path) -> Iterator[Finding]:
    try:
        connection = read_only(path)
    except sqlite3.Error as error:
        yield Finding("database", "damaged", f"{path} cannot be opened: {error}")
        return
    with closing(connection):
        try:
            connection.execute("PRAGMA schema_version")
        except sqlite3.OperationalError as error:
            # Says nothing about the data: even a look needs a folder where the log's index can be.
            mend = f"see that you may write in {path.parent}, and to {path.name}-wal"
            yield Finding("database", "closed", f"{path} cannot be looked into: {error}", mend)
            return
        for name, check in CHECKS.items():
            try:
                trouble = check(connection)
            except sqlite3.Error as error:
                trouble = [f"could not be checked: {error}"]
            if not trouble:
                yield Finding(name, "ok", "in order")
                continue
            more = f" and {len(trouble) - SHOWN} more" if len(trouble) > SHOWN else ""
            yield Finding(name, "damaged", "; ".join(trouble[:SHOWN]) + more, HINTS[name])


def _safely(check: Callable[[Path], Iterator[Finding]], path: Path) -> Iterator[Finding]:
    try:
        yield from check(path)
    except (OSError, CrmError) as error:
        name = check.__name__.strip("_").replace("_", "-")
        yield Finding(name, "warning", f"could not be checked: {error}")


def _schema(connection: sqlite3.Connection) -> list[str]:
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        return ["this is a database of another program"]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version != VERSION:
        return [f"it has schema {version}, this crm knows {VERSION}"]
    return [] if is_sealed(connection) else ["its tables were altered by another program"]


def _integrity(connection: sqlite3.Connection) -> list[str]:
    return [row[0] for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]


def _foreign_keys(connection: sqlite3.Connection) -> list[str]:
    return troubles(connection, integrity=False)


def _search_in_sync(connection: sqlite3.Connection) -> list[str]:
    found = []
    for noun, entry in indexing.ENTRIES.items():
        base = search.NUMBERS[noun] << search.SHIFT
        missing = connection.execute(
            f"SELECT count(*) FROM {entry.table} r WHERE r.deleted_at IS NULL AND NOT EXISTS"
            f" (SELECT 1 FROM search_index_docsize d WHERE d.id = {base} + r.id)"
        ).fetchone()[0]
        left_over = connection.execute(
            f"SELECT count(*) FROM search_index_docsize d WHERE d.id > {base}"
            f" AND d.id < {base + (1 << search.SHIFT)} AND NOT EXISTS (SELECT 1 FROM"
            f" {entry.table} r WHERE r.id = d.id - {base} AND r.deleted_at IS NULL)"
        ).fetchone()[0]
        if missing:
            found.append(f"{missing} {noun} not in the search index")
        if left_over:
            found.append(f"{left_over} {noun} in the search index but gone")
    return found


def _money(connection: sqlite3.Connection) -> list[str]:
    found = []
    for table, columns in _columns(connection).items():
        for amount in (name for name in columns if name.endswith("_minor")):
            own = f"{amount.removesuffix('_minor')}_currency"
            currency = own if own in columns else "currency"
            if currency in columns:
                statement = (
                    f"SELECT id FROM {table} WHERE {amount} IS NOT NULL AND"
                    f" ({currency} IS NULL OR {currency} NOT GLOB '[A-Z][A-Z][A-Z]')"
                )
                found += [
                    f"{table} #{row[0]} has an amount without a currency"
                    for row in connection.execute(statement)
                ]
    return found


def _orphans(connection: sqlite3.Connection) -> list[str]:
    tables = {noun: table for table, noun in NOUNS.items()}
    found = []
    for table, columns in _columns(connection).items():
        if not {"noun", "record_id"} <= set(columns) or table == "changes":
            continue
        for noun, count in connection.execute(f"SELECT noun, count(*) FROM {table} GROUP BY noun"):
            gone = count
            if noun in tables:
                gone = connection.execute(
                    f"SELECT count(*) FROM {table} p WHERE noun = ?"
                    f" AND NOT EXISTS (SELECT 1 FROM {tables[noun]} r WHERE r.id = p.record_id)",
                    (noun,),
                ).fetchone()[0]
            if gone:
                found.append(f"{gone} rows of {table} belong to no {noun}")
    return found


def _duplicate_uids(connection: sqlite3.Connection) -> list[str]:
    return [
        f"{table} has {row[0]} twice"
        for table, columns in _columns(connection).items()
        if "uid" in columns
        for row in connection.execute(f"SELECT uid FROM {table} GROUP BY uid HAVING count(*) > 1")
    ]


def _open_command(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute("SELECT command_id, replaying FROM open_command").fetchall()
    return [] if rows == [(None, 0)] else ["a command was left open"]


def _columns(connection: sqlite3.Connection) -> dict[str, list[str]]:
    return {
        table: [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        for table in NOUNS.keys() | POLYMORPHIC
    }


CHECKS: dict[str, Callable[[sqlite3.Connection], list[str]]] = {
    "schema-hash": _schema,
    "integrity": _integrity,
    "foreign-keys": _foreign_keys,
    "search-in-sync": _search_in_sync,
    "money-has-currency": _money,
    "orphans": _orphans,
    "duplicate-uids": _duplicate_uids,
    "open-command": _open_command,
}
RESTORE = "keep the file and its -wal as they are; the newest good copy: crm backup list"
HINTS = dict.fromkeys(CHECKS, RESTORE) | {"search-in-sync": "crm database reindex"}


def _attachments(path: Path) -> Iterator[Finding]:
    """Every attached file is where its row says; what is in it is checked when it is saved."""
    folder = files.beside(path)
    with plain_errors(path), closing(read_only(path)) as connection:
        named = connection.execute("SELECT DISTINCT sha256 FROM attachments ORDER BY 1").fetchall()
    lost = [sha256 for (sha256,) in named if not files.place_of(folder, sha256).is_file()]
    if lost:
        text = f"{len(lost)} of {len(named)} attached files are missing from {folder}"
        yield Finding("attachments", "damaged", text, "put them back from a copy of that folder")
    else:
        yield Finding("attachments", "ok", "in order")


def _file_modes(path: Path) -> Iterator[Finding]:
    folder = backup_folder(path)
    files = [path, *(path.with_name(path.name + end) for end in ("-wal", "-shm", ".lock"))]
    files += [folder, *folder.iterdir()] if folder.is_dir() else []
    open_ones = [
        file for file in files if file.exists() and stat.S_IMODE(file.stat().st_mode) & 0o077
    ]
    if path.parent.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        yield Finding(
            "file-modes",
            "warning",
            f"other users may replace files in {path.parent}",
            f"chmod go-w {path.parent}",
        )
    if open_ones:
        named = " ".join(str(file) for file in open_ones[:SHOWN])
        yield Finding(
            "file-modes",
            "warning",
            f"other users may read {len(open_ones)} files",
            f"chmod go-rwx {named}",
        )
    else:
        yield Finding("file-modes", "ok", "nobody else may read the files")


def _backup_age(path: Path) -> Iterator[Finding]:
    backups = list_backups(path)
    if not backups:
        yield Finding("backup-age", "warning", "there is no backup", "crm backup add")
        return
    age = datetime.now(UTC) - backups[0].made
    text = f"the newest backup is {age.days} days old ({backups[0].path.name})"
    if age > BACKUP_AGE:
        yield Finding("backup-age", "warning", text, "crm backup add")
    else:
        yield Finding("backup-age", "ok", text)


def _place(path: Path) -> Iterator[Finding]:
    kind = file_system(_standing(path))
    if kind in NETWORK_FILE_SYSTEMS:
        text = f"{path.parent} is on a network file system ({kind}), where SQLite can lose data"
        yield Finding("place", "damaged", text, "move the database to this machine's disk")
        return
    synced = [word for word in SYNCED_FOLDERS if word in str(path.parent).lower()]
    if synced:
        text = f"{path.parent} looks synchronised ({synced[0]}), which can mix two states"
        yield Finding("place", "warning", text, "keep the database elsewhere, backups there")
    else:
        yield Finding("place", "ok", f"{path.parent} ({kind or 'a local disk'})")


def _disk_space(path: Path) -> Iterator[Finding]:
    free = shutil.disk_usage(_standing(path)).free
    needed = max(LITTLE_SPACE, 2 * path.stat().st_size if path.exists() else 0)
    text = f"{free // 1024**2:,} MB free"
    if free < needed:
        yield Finding("disk-space", "warning", text, "free some space: a backup may not fit")
    else:
        yield Finding("disk-space", "ok", text)


def _standing(path: Path) -> Path:
    """The nearest folder above that exists."""
    return next(folder for folder in path.parents if folder.exists())


def describe(path: Path) -> dict[str, str | int | datetime | None]:
    """Facts of a database that opens: sizes in bytes, schema, versions, living records per noun."""
    log = path.with_name(path.name + "-wal")
    backups = list_backups(path)
    facts: dict[str, str | int | datetime | None] = {
        "path": str(path),
        "size": path.stat().st_size,
        "log_size": log.stat().st_size if log.exists() else 0,
        "sqlite": sqlite3.sqlite_version,
        "sqlite_verdict": sqlite_verdict(),
        "last_backup": backups[0].made if backups else None,
        "owner": _owner(path),
    }
    with closing(read_only(path)) as connection:
        facts["schema"] = connection.execute("PRAGMA user_version").fetchone()[0]
        facts["journal_mode"] = connection.execute("PRAGMA journal_mode").fetchone()[0]
        facts["commands"] = connection.execute("SELECT count(*) FROM commands").fetchone()[0]
        for table in NOUNS:
            living = f"SELECT count(*) FROM {table} WHERE deleted_at IS NULL"
            facts[table] = connection.execute(living).fetchone()[0]
    return facts


def _owner(path: Path) -> str:
    import pwd

    number = path.stat().st_uid
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)
