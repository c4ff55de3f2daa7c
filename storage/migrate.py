"""Create the schema, or bring an older one up to date: backup, one transaction, checks, commit.

Alembic and the whole model are imported only when the stored version is not the newest.
"""

from __future__ import annotations

import hashlib
import sqlite3
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from language.errors import Refused
from storage import sqlite
from storage.gate import Gate

if TYPE_CHECKING:
    from pathlib import Path

    import sqlalchemy as sa

    from storage.settings import Settings

VERSION = 1
HEAD = "0001"


def check_schema(path: Path, settings: Settings) -> None:
    """Make sure that the file has the schema this program knows.

    A new file gets it, an older one is migrated after a backup. Raises `Refused` when the file
    is newer than this program or was altered by hand; not a byte is written then.
    """
    found = schema_version(path)
    if found == VERSION:
        _check_hash(path)
    elif found > VERSION:
        raise Refused(
            f"the database {path} has schema {found}, this crm knows {VERSION}",
            "upgrade crm, or use another database",
        )
    else:
        upgrade(path, settings)


def schema_version(path: Path) -> int:
    """Give the number of the stored schema; 0 for a blank file."""
    with sqlite.plain_errors(path):
        connection = sqlite3.connect(path, timeout=30.0)
        try:
            return int(connection.execute("PRAGMA user_version").fetchone()[0])
        finally:
            connection.close()


def schema_hash(connection: sqlite3.Connection) -> str:
    """Hash every statement that made this schema, in order of names."""
    rows = connection.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
        " AND name NOT LIKE 'search_index_%' ORDER BY type, name"
    ).fetchall()
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def _check_hash(path: Path) -> None:
    with sqlite.plain_errors(path):
        connection = sqlite3.connect(path, timeout=30.0)
        try:
            stored = connection.execute(
                "SELECT value FROM settings WHERE key = 'schema_hash'"
            ).fetchone()
            if stored is None or stored[0] != schema_hash(connection):
                raise Refused(
                    f"the tables of {path} were altered by another program; nothing was changed",
                    "undo that alteration, or restore a backup",
                )
        finally:
            connection.close()


def upgrade(path: Path, settings: Settings) -> Path | None:
    """Bring the file to the newest schema; gives the backup made first, None for a new file.

    Raises `Refused` with the place of the backup when a step or a check fails; the file is then as
    it was before.
    """
    with Gate(path, holder="crm database upgrade").held():
        before = schema_version(path)
        if before == VERSION:
            return None
        saved = None
        if before:
            from storage.backup import make_backup

            saved = make_backup(path, reason=f"schema-{before}")
        engine = sqlite.make_engine(path, writes=True)
        try:
            with sqlite.plain_errors(path), engine.connect() as connection:
                # A table that is rebuilt while foreign keys are on takes its children with it.
                connection.connection.cursor().execute("PRAGMA foreign_keys=0")
                with connection.begin():
                    _run_steps(connection)
                    if not before:
                        from storage.seed import plant

                        plant(connection, settings, datetime.now(UTC))
                    _seal(connection, path)
        except Refused as error:
            hint = f"the database is as it was; a backup is at {saved}" if saved else error.hint
            raise Refused(error.message, hint) from error
        finally:
            engine.dispose()
    return saved


def _run_steps(connection: sa.Connection) -> None:
    from importlib.resources import files

    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option(
        "script_location", str(files("storage") / "migrations").replace("%", "%%")
    )
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _seal(connection: sa.Connection, path: Path) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        raise Refused(f"migration of {path} would break {len(broken)} links; nothing was changed")
    connection.exec_driver_sql(f"PRAGMA user_version={VERSION}")
    connection.exec_driver_sql(f"PRAGMA application_id={sqlite.APPLICATION_ID}")
    raw = connection.connection.dbapi_connection
    connection.exec_driver_sql(
        "INSERT OR REPLACE INTO settings (key, value) VALUES ('schema_hash', ?)",
        (schema_hash(cast("sqlite3.Connection", raw)),),
    )
    if connection.exec_driver_sql("PRAGMA integrity_check").scalar() != "ok":
        raise Refused(f"{path} failed its integrity check; nothing was changed")
