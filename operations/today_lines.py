"""One line of `crm today`, and the words of its reasons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from language.money import Money
from language.when import When

if TYPE_CHECKING:
    from operations.bindings import Condition

WEEK = 7
KINDS = ("overdue", "due", "past close", "closing", "rotting", "retry", "date", "no next step")
TOMORROW = 1


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to do: why, on which record, about whom, and the money at risk.

    `rank` counts from 1; `priority` is a task's, 0 is low; `do` is a command that takes care of it.
    """

    kind: str
    reason: str
    what: str
    noun: str
    record_id: int
    who: str
    money: Money | None
    due: When | None
    do: str
    priority: int = 0
    rank: int = 0


def mine(owner: sa.Column[Any], user: int | None) -> Condition:
    """Records of a user and those of nobody; None: all."""
    return sa.true() if user is None else sa.or_(owner == user, owner.is_(None))


def money_of(row: Any) -> Money | None:
    """The amount of a selected deal."""
    return None if row.amount_minor is None else Money(int(row.amount_minor), row.currency)


def days(count: int) -> str:
    """`1 day`, `3 days`."""
    return f"{count:,} day" + ("" if count == 1 else "s")


def in_days(count: int) -> str:
    """`today`, `tomorrow`, `in 3 days`."""
    return "today" if count == 0 else "tomorrow" if count == TOMORROW else f"in {days(count)}"
