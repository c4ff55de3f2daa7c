"""Copies of the database that can be trusted: made online, checked, with a manifest of hashes."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from language.errors import Refused


def make_backup(path: Path, *, reason: str, folder: Path | None = None) -> Path:
    """Copy the database into `backups/` beside it and check the copy; gives its path.

    A manifest (`.json`) beside it holds its SHA-256, schema version and rows of every table.
    Raises `Refused` when the copy does not pass its integrity check.
    """
    folder = folder or path.parent / "backups"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    target = folder / f"{path.stem}-{stamp}-{reason}.db"
    partial = target.with_suffix(".tmp")
    os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    try:
        manifest = _copy(path, partial)
        partial.replace(target)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    from storage.settings import write_whole

    write_whole(target.with_suffix(".json"), json.dumps(manifest, indent=2))
    return target


def _copy(path: Path, partial: Path) -> dict[str, object]:
    source = sqlite3.connect(path, timeout=30.0)
    copy = sqlite3.connect(partial)
    try:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        if copy.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            raise Refused(f"the backup of {path} failed its integrity check")
        tables = [
            row[0]
            for row in copy.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
                " AND name NOT LIKE 'search_index%' ORDER BY name"
            )
        ]
        counts = {
            name: copy.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables
        }
        version = copy.execute("PRAGMA user_version").fetchone()[0]
    finally:
        copy.close()
        source.close()
    handle = os.open(partial, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    return {"sha256": sha256(partial), "schema": version, "rows": counts, "of": str(path)}


def sha256(path: Path) -> str:
    """Hash a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def backups(path: Path) -> list[Path]:
    """Backups of a database, newest first."""
    return sorted((path.parent / "backups").glob(f"{path.stem}-*.db"), reverse=True)
