"""Tasks: what must happen, by when, and what comes after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from language.errors import InvalidValue
from language.terms import PRIORITIES, REPEAT_FROM
from language.when import When, day_bounds
from operations.bindings import Computed, Condition, Link, Plain
from operations.facts import facts
from operations.flags import Flagged
from operations.pairs import Due
from operations.parts import Tagged
from operations.repeat import anchored
from operations.sources import Draft, Source
from storage.model.work import tasks

if TYPE_CHECKING:
    from storage.unit import UnitOfWork

STATUSES = ("open", "overdue", "done")


class Repeat(Plain):
    """An RFC 5545 rule, made from words."""

    def columns(self, uow: UnitOfWork, value: object) -> dict[str, Any]:
        from language.repeat import parse_repeat

        if value is None:
            return super().columns(uow, None)
        return super().columns(
            uow,
            parse_repeat(str(value), now=uow.now, zone=uow.zone, day_first=uow.settings.day_first),
        )


def overdue(uow: UnitOfWork) -> Condition:
    """Open tasks whose moment has passed, or whose day has when they have no time."""
    late = sa.case(
        (tasks.c.due_at.is_not(None), tasks.c.due_at < uow.now),
        else_=tasks.c.due_on < uow.today,
    )
    # The first test is for the index on days: a moment passed is on a day not after today.
    return sa.and_(tasks.c.done_at.is_(None), tasks.c.due_on <= uow.today, late)


class DoneAt(Plain):
    """When a task was done: only a file says it, people say `crm task done`."""

    def columns(self, uow: UnitOfWork, value: object) -> dict[str, Any]:
        if isinstance(value, When):
            value = value.moment or day_bounds(value.day, uow.zone)[0]
        return super().columns(uow, value)


class Status(Computed):
    """Done, overdue or open, by the clock of the reader."""

    def __init__(self) -> None:
        super().__init__(_status, "choice", STATUSES)

    def condition(self, uow: UnitOfWork, op: str, text: str) -> Condition:
        from language.reading import read_choice

        if op not in {"=", "!="}:
            raise InvalidValue(f"'{op}' does not fit a status", "use = or !=")
        word = read_choice(text, STATUSES, "status")
        late = sa.func.coalesce(overdue(uow), sa.false())
        found: Condition = {
            "done": tasks.c.done_at.is_not(None),
            "overdue": overdue(uow),
            "open": sa.and_(tasks.c.done_at.is_(None), sa.not_(late)),
        }[word]
        return found if op == "=" else sa.not_(sa.func.coalesce(found, sa.false()))


def _status(uow: UnitOfWork) -> sa.ColumnElement[str]:
    return sa.case((tasks.c.done_at.is_not(None), "done"), (overdue(uow), "overdue"), else_="open")


def _prepare(uow: UnitOfWork, draft: Draft) -> None:
    """A new task is its adder's, and belongs to the company of its deal or contact too."""
    if draft.now("repeat") and draft.now("due_on") is None:
        raise InvalidValue(
            "a task that repeats needs a due day to count from", 'for example: --due "fri 9am"'
        )
    if draft.now("repeat") and draft.moves("repeat") and draft.now("repeat_from") != "done":
        draft.columns["repeat"] = anchored(draft.columns["repeat"], draft.now("due_on"))
    if not draft.adding:
        return
    if "owner_id" not in draft.columns:
        draft.columns["owner_id"] = uow.me()
    if "company_id" not in draft.columns:
        draft.columns["company_id"] = company_of(
            uow, draft.columns.get("deal_id"), draft.columns.get("contact_id")
        )


def company_of(uow: UnitOfWork, deal_id: int | None, contact_id: int | None) -> int | None:
    """Company of a deal or, without one, of a contact."""
    from storage.model.people import contacts
    from storage.model.sales import deals

    for table, number in ((deals, deal_id), (contacts, contact_id)):
        if number is not None:
            found = uow.scalar(sa.select(table.c.company_id).where(table.c.id == number))
            if found is not None:
                return int(found)
    return None


SOURCE = Source(
    noun="task",
    table=tasks,
    label=tasks.c.title,
    key=tasks.c.title_key,
    bindings={
        "title": Plain(tasks.c.title, key=tasks.c.title_key),
        "due": Due(tasks.c.due_on, tasks.c.due_at),
        "priority": Plain(tasks.c.priority, "choice", choices=PRIORITIES),
        "owner": Link(tasks.c.owner_id, "user"),
        "contact": Link(tasks.c.contact_id, "contact"),
        "company": Link(tasks.c.company_id, "company"),
        "deal": Link(tasks.c.deal_id, "deal"),
        "repeat": Repeat(tasks.c.repeat),
        "repeat_from": Plain(tasks.c.repeat_from, "choice", choices=REPEAT_FROM),
        "status": Status(),
        "done_at": DoneAt(tasks.c.done_at, "moment"),
        "tags": Tagged("task", tasks.c.id),
        "note": Plain(tasks.c.note, "long"),
        "flagged": Flagged("task", tasks.c.id),
        **facts(tasks),
    },
    prepare=_prepare,
    describe=("due", "contact", "company", "status"),
)
