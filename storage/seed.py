"""What a new database holds: one pipeline with the usual stages."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from language.text import fold
from storage.model.sales import pipelines, stages
from storage.uids import new_uid
from storage.unit import UnitOfWork

if TYPE_CHECKING:
    from datetime import datetime

    import sqlalchemy as sa

    from storage.settings import Settings

STAGES = (
    ("Lead", "open", 10, 30),
    ("Qualified", "open", 25, 21),
    ("Proposal", "open", 50, 14),
    ("Negotiation", "open", 75, 14),
    ("Won", "won", 100, None),
    ("Lost", "lost", 0, None),
)


def plant(connection: sa.Connection, settings: Settings, now: datetime) -> None:
    """Fill a new schema, as a command that undo passes over."""
    uow = UnitOfWork(connection, now, settings, writes=True)
    uow.open_command(
        {
            "uid": new_uid(),
            "name": "database new",
            "kind": "system",
            "via": "system",
            "actor": settings.user,
            "pid": os.getpid(),
            "started_at": now,
        }
    )
    pipeline = uow.insert(pipelines, name="Sales", name_key=fold("Sales"), standard=True)
    for position, (name, outcome, probability, rotting) in enumerate(STAGES, 1):
        uow.insert(
            stages,
            pipeline_id=pipeline,
            name=name,
            name_key=fold(name),
            position=position,
            outcome=outcome,
            probability=probability,
            rotting_days=rotting,
        )
    uow.summary = "made the database"
    uow.close_command()
