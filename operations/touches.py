"""When we last spoke with somebody, and what comes next: worked out from activities and tasks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from operations.bindings import Binding, Computed, Elapsed
from storage.model.work import activities, activity_contacts, tasks

if TYPE_CHECKING:
    from storage.unit import UnitOfWork

Make = Callable[["UnitOfWork"], sa.ColumnElement[Any]]


def last_touch(noun: str, number: sa.Column[Any]) -> Make:
    """Moment of the latest activity of a contact, company or deal."""

    def make(uow: UnitOfWork) -> sa.ColumnElement[Any]:
        latest = sa.select(sa.func.max(activities.c.happened_at)).where(
            activities.c.deleted_at.is_(None)
        )
        if noun == "contact":
            latest = latest.join(
                activity_contacts, activity_contacts.c.activity_id == activities.c.id
            ).where(activity_contacts.c.contact_id == number)
        else:
            latest = latest.where(activities.c[f"{noun}_id"] == number)
        return latest.correlate(number.table).scalar_subquery()

    return make


def next_step(noun: str, number: sa.Column[Any], column: sa.Column[Any]) -> Make:
    """A column of the open task that is due first."""

    def make(uow: UnitOfWork) -> sa.ColumnElement[Any]:
        return (
            sa.select(column)
            .where(
                tasks.c[f"{noun}_id"] == number,
                tasks.c.done_at.is_(None),
                tasks.c.deleted_at.is_(None),
            )
            .order_by(tasks.c.due_on.is_(None), tasks.c.due_on, tasks.c.due_at, tasks.c.id)
            .limit(1)
            .correlate(number.table)
            .scalar_subquery()
        )

    return make


def touches(noun: str, number: sa.Column[Any], began: sa.Column[Any]) -> dict[str, Binding]:
    """Bindings of last touch, idle days and next step. `began` counts while nobody has spoken."""
    latest = last_touch(noun, number)
    return {
        "last_touch": Computed(latest, "moment"),
        "idle": Elapsed(lambda uow: sa.func.coalesce(latest(uow), began)),
        "next_step": Computed(next_step(noun, number, tasks.c.title), "text"),
        "next_due": Computed(next_step(noun, number, tasks.c.due_on), "day"),
    }
