"""Where the demo is: opened if it exists, else made whole; never over real data."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from language.errors import Refused
from operations.demo import NAME, THIS_MORNING, make

if TYPE_CHECKING:
    from datetime import date

    from storage.database import Database
    from storage.settings import Settings
    from storage.unit import UnitOfWork


def is_demo(uow: UnitOfWork) -> bool:
    """Whether this database was made by `crm demo`: its first command says so."""
    from storage.model.journal import commands

    first = sa.select(commands.c.name).where(commands.c.kind == "command").order_by(commands.c.id)
    return bool(uow.scalar(first.limit(1)) == NAME)


def made_on(uow: UnitOfWork) -> date:
    """The day that the demo counts from: that on which its hero did what she did last."""
    from storage.model.journal import commands

    ours = sa.select(sa.func.max(commands.c.id)).where(commands.c.name == NAME).scalar_subquery()
    hers = sa.select(commands.c.started_at).where(commands.c.id > ours).order_by(commands.c.id)
    moment = uow.scalar(hers.limit(1))
    return (moment + THIS_MORNING).astimezone(uow.zone).date() if moment else uow.today


def open_demo(settings: Settings, *, new: bool = False) -> tuple[Database, bool]:
    """Open the demo that `settings.database` names, made first where needed; whether it was made.

    Raises `Refused` for a database that is not a demo: nobody's own data are ever touched. A new
    one is made beside and put in place whole, so a broken-off start leaves nothing half done.
    """
    from storage.database import open_database

    path = Path(settings.database).expanduser()
    if path.exists() and path.stat().st_size:
        database = open_database(settings, must_exist=True)
        with database.reading() as uow:
            ours = is_demo(uow)
        if not ours:
            database.close()
            raise Refused(
                f"{path} is not a demo, so it is left alone", "name another file: --database FILE"
            )
        if not new:
            return database, False
        database.close()
    _make_at(path, settings)
    return open_database(settings, must_exist=True), True


def _make_at(path: Path, settings: Settings) -> None:
    from storage.database import open_database

    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        database = open_database(replace(settings, database=str(draft)))
        try:
            make(database)
        finally:
            database.close()
        for ending in ("-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)
        draft.replace(path)
    finally:
        for ending in ("", "-wal", "-shm", ".lock"):
            draft.with_name(draft.name + ending).unlink(missing_ok=True)
