"""Create the schema, or bring an older one up to date: backup, one transaction, checks, commit.

Alembic and the whole model are imported only when the stored version is not the newest.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from language.errors import Refused
from language.when_zone import moment_now
from storage import sqlite
from storage.gate import Gate

if TYPE_CHECKING:
    import sqlalchemy as sa
    from alembic.config import Config

    from storage.settings import Settings

VERSION = 2
HEAD = "0002"
STEPS = [Path(__file__).parent / "migrations" / "versions"]


def check_schema(path: Path, settings: Settings, *, upgrades: bool = True) -> bool:
    """Make sure that the file has the schema this program knows; True when it was made just now.

    A new file gets it; an older one is migrated after a backup, or `Refused` unless `upgrades`.
    Raises `Refused` when the file is newer than this program or was altered by hand; not a byte is
    written then.
    """
    connection = sqlite.read_only(path)
    try:
        found = _version(connection)
        if found:
            _check_version(found, path)
            _check_hash(connection, path)
    finally:
        connection.close()
    if found == VERSION:
        return False
    if found and not upgrades:
        raise Refused(
            f"the database {path} has the older schema {found}; nothing was changed",
            "first: crm database upgrade",
        )
    return upgrade(path, settings).created


def schema_version(path: Path) -> int:
    """Give the number of the stored schema; 0 for a blank file."""
    with sqlite.plain_errors(path):
        connection = sqlite.read_only(path)
        try:
            return _version(connection)
        finally:
            connection.close()


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _check_version(found: int, path: Path) -> None:
    if found > VERSION:
        raise Refused(
            f"the database {path} has schema {found}, this crm knows {VERSION}",
            "upgrade crm, or use another database",
        )


def schema_hash(connection: sqlite3.Connection) -> str:
    """Hash every statement that made this schema, in order of names."""
    rows = connection.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
        " AND name NOT LIKE 'search_index_%' ORDER BY type, name"
    ).fetchall()
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def _check_hash(connection: sqlite3.Connection, path: Path) -> None:
    if not is_sealed(connection):
        raise Refused(
            f"the tables of {path} were altered by another program; nothing was changed",
            "undo that alteration, or restore a backup: crm backup list",
        )


def is_sealed(connection: sqlite3.Connection) -> bool:
    """Whether the tables are as the last migration left them."""
    stored = connection.execute("SELECT value FROM settings WHERE key = 'schema_hash'").fetchone()
    return stored is not None and stored[0] == schema_hash(connection)


@dataclass(frozen=True, slots=True)
class Upgrade:
    """What `upgrade` did: schema before (0: there was none), and the backup made first."""

    before: int
    backup: Path | None = None

    @property
    def created(self) -> bool:
        """Whether there was nothing before."""
        return self.before == 0


def upgrade(path: Path, settings: Settings) -> Upgrade:
    """Bring the file to the newest schema: backup, then every step in one transaction.

    Raises `Refused` with the place of the backup when a step or a check fails; the file is then as
    it was before.
    """
    with Gate(path, holder="crm database upgrade").held():
        before = schema_version(path)
        if before == VERSION:  # another process was first
            return Upgrade(before)
        _check_version(before, path)
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
                    _migrate(connection, path, settings, new=not before)
        except Exception as error:
            if saved is None:
                raise
            raise Refused(
                f"upgrading {path} from schema {before} failed: {error}",
                f"the database is as it was; a backup is at {saved}",
            ) from error
        finally:
            engine.dispose()
    return Upgrade(before, saved)


def _migrate(connection: sa.Connection, path: Path, settings: Settings, *, new: bool) -> None:
    before = {} if new else sqlite.count_rows(_raw(connection))
    _run_steps(connection)
    if new:
        from storage.seed import plant

        plant(connection, settings, moment_now())
    after = sqlite.count_rows(_raw(connection))
    lost = [name for name, rows in before.items() if after.get(name) != rows]
    if lost:
        raise Refused(f"the rows of {', '.join(lost)} would not all be there")
    _seal(connection, path)


def _raw(connection: sa.Connection) -> sqlite3.Connection:
    return cast("sqlite3.Connection", connection.connection.dbapi_connection)


def _run_steps(connection: sa.Connection) -> None:
    from alembic import command

    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, HEAD)


def alembic_config() -> Config:
    """Say to Alembic where the steps are."""
    from alembic.config import Config

    def plain(path: Path) -> str:
        return str(path).replace("%", "%%")

    config = Config()
    config.set_main_option("script_location", plain(STEPS[0].parent))
    config.set_main_option("path_separator", "os")
    config.set_main_option("version_locations", os.pathsep.join(map(plain, STEPS)))
    return config


def _seal(connection: sa.Connection, path: Path) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        raise Refused(f"migration of {path} would break {len(broken)} links; nothing was changed")
    connection.exec_driver_sql(f"PRAGMA user_version={VERSION}")
    connection.exec_driver_sql(f"PRAGMA application_id={sqlite.APPLICATION_ID}")
    connection.exec_driver_sql(
        "INSERT OR REPLACE INTO settings (key, value) VALUES ('schema_hash', ?)",
        (schema_hash(_raw(connection)),),
    )
    if connection.exec_driver_sql("PRAGMA integrity_check").scalar() != "ok":
        raise Refused(f"{path} failed its integrity check; nothing was changed")
