"""Whether anything changed since somebody looked: one number, cheap enough to ask often."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from storage.model.journal import commands

if TYPE_CHECKING:
    from storage.unit import UnitOfWork


def latest_command(uow: UnitOfWork) -> int:
    """Number of the latest command by anybody; undo and redo are commands too."""
    return int(uow.scalar(sa.select(sa.func.max(commands.c.id))) or 0)
