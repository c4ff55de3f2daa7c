"""Copies of the database that can be trusted: made online, checked, with a manifest of hashes."""

from __future__ import annotations

import hashlib
import json
import os
import re
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from language.errors import NotFound, Refused, Unreachable
from storage.settings import fsync_folder, write_whole
from storage.sqlite import count_rows, plain_errors, read_only


def make_backup(path: Path, *, reason: str = "", folder: Path | None = None) -> Path:
    """Copy the database into `backups/` beside it and check the copy; gives its path.

    A manifest (`.json`) beside it holds its SHA-256, schema version and rows of every table.
    Raises `Refused` when the copy does not pass its checks, `Unreachable` when the disk is full.
    """
    folder = folder or backup_folder(path)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    target = folder / "-".join(part for part in (path.stem, stamp, reason) if part)
    target = target.with_name(target.name + ".db")
    partial = target.with_suffix(".tmp")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except OSError as error:
        raise Unreachable(f"no backup can be written to {folder}: {error.strerror}") from error
    manifest = manifest_of(target)
    try:
        with plain_errors(path):
            facts = _copy(path, partial)
        write_whole(manifest, json.dumps(facts, indent=2) + "\n")
        partial.replace(target)
    except BaseException:
        for file in (partial, manifest, *(Path(f"{partial}-{end}") for end in ("wal", "journal"))):
            file.unlink(missing_ok=True)
        raise
    fsync_folder(folder)
    return target


def _copy(path: Path, partial: Path) -> dict[str, object]:
    # All pages in one step: a copy in small steps starts again with every write of others.
    source, copy = read_only(path), sqlite3.connect(partial)
    try:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        trouble = troubles(copy)
        if trouble:
            raise Refused(
                f"the copy of {path} failed its check: {trouble[0]}; it was not kept",
                "see: crm doctor",
            )
        rows = count_rows(copy)
        version = copy.execute("PRAGMA user_version").fetchone()[0]
    finally:
        copy.close()
        source.close()
    handle = os.open(partial, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    return {"sha256": sha256(partial), "schema": version, "rows": rows, "of": str(path)}


def troubles(connection: sqlite3.Connection, *, integrity: bool = True) -> list[str]:
    """What the integrity and foreign-key checks of SQLite find; empty when all is well."""
    check = "PRAGMA integrity_check"
    found = [row[0] for row in connection.execute(check) if row[0] != "ok"] if integrity else []
    found += [
        f"{table} row {row} links to a missing row of {parent}"
        for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check")
    ]
    return found


@dataclass(frozen=True, slots=True)
class Backup:
    """One copy as found on disk; `schema` and `rows` are None when its manifest is missing."""

    path: Path
    made: datetime
    size: int
    schema: int | None
    rows: int | None


def list_backups(path: Path) -> list[Backup]:
    """Backups of a database, newest first."""
    pattern = re.compile(re.escape(path.stem) + r"-(\d{8}T\d{12})Z?(?:-.*)?\.db")
    found: list[Backup] = []
    folder = backup_folder(path)
    for file in sorted(folder.iterdir()) if folder.is_dir() else ():
        match = pattern.fullmatch(file.name)
        if match is None:
            continue
        made = datetime.strptime(match[1], "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC)
        facts = _read_manifest(file) or {}
        rows = facts.get("rows")
        total = sum(rows.values()) if isinstance(rows, dict) else None
        found.append(Backup(file, made, file.stat().st_size, facts.get("schema"), total))
    return sorted(found, key=lambda item: item.made, reverse=True)


def verify_backup(backup: Path) -> None:
    """Hash a backup again, open it and check it; raises `Refused` naming what is wrong."""
    if not backup.is_file():
        raise NotFound(f"there is no backup {backup}", "see: crm backup list")
    facts = _read_manifest(backup)
    if facts is None:
        raise Refused(
            f"the backup {backup} has no readable manifest ({manifest_of(backup).name})",
            "do not rely on it: crm backup add",
        )
    if sha256(backup) != facts.get("sha256"):
        raise Refused(
            f"the backup {backup} is damaged: its content is not what was written",
            "do not rely on it: crm backup add",
        )
    with plain_errors(backup):
        connection = read_only(backup)
        try:
            trouble = troubles(connection)
            rows = count_rows(connection)
        finally:
            connection.close()
    if not trouble and rows != facts.get("rows"):
        trouble = ["its rows are not those that were written"]
    if trouble:
        raise Refused(f"the backup {backup} is damaged: {trouble[0]}", "do not rely on it")


def _read_manifest(backup: Path) -> dict[str, Any] | None:
    try:
        facts = json.loads(manifest_of(backup).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return facts if isinstance(facts, dict) else None


def manifest_of(backup: Path) -> Path:
    """Path of the file that tells what a backup holds."""
    return backup.with_suffix(".json")


def backup_folder(path: Path) -> Path:
    """Folder where the backups of a database are."""
    return path.parent / "backups"


def sha256(path: Path) -> str:
    """Hash a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
