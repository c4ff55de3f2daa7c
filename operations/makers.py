"""Which commands made the rows that a command brought: itself, and those that a restore brought."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from storage.model.journal import commands

if TYPE_CHECKING:
    from storage.unit import UnitOfWork


def first_maker(uow: UnitOfWork, command_id: int) -> int:
    """The first of the commands, up to `command_id` itself, whose rows this one brought.

    A restore numbers the commands of the other database right below its own number, and their rows
    keep them; any other command is alone.
    """
    last = (
        sa.select(commands.c.id)
        .where(commands.c.id < command_id, commands.c.kind.not_like("restored%"))
        .order_by(commands.c.id.desc())
        .limit(1)
    )
    return int(uow.scalar(last) or 0) + 1
