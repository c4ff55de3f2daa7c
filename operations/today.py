"""What to do now, ranked, each line with its reason and the money at risk.

A line's place is decided by four things, in this order:

1. urgency: what is overdue (1), what is due today (2), deals past their expected close (3), deals
   that close within a week (4), rotting deals (5), lost deals to try again (6), birthdays and
   other dates of people within a week (7), open deals without a next step (8, the largest five);
2. a task's priority: urgent, high, normal, low;
3. money at risk, the largest first: the amount of the open deal, in major units (12,000 EUR before
   9,000 USD: currencies are not exchanged here);
4. the date, the earliest first.

A deal stands once, for its most urgent reason, with the others added. A deal that is on the list
through its task does not stand again, nor does one that closes within a week and has a next step
planned before then. A lost deal leaves the list at the first activity on it since the day to try
again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from language.money import to_major
from language.terms import PRIORITIES
from language.text import fold
from language.when import When
from operations.today_deals import deals_without_step, lost_deals, pressing_deals
from operations.today_lines import KINDS, WEEK, Line, days, in_days, mine, money_of
from storage.model.people import companies, contacts, personal_dates
from storage.model.sales import deals, stages
from storage.model.work import tasks

if TYPE_CHECKING:
    from storage.unit import UnitOfWork

__all__ = ["Line", "today"]


def today(uow: UnitOfWork, *, user: int | None) -> list[Line]:
    """What a user has to do now, theirs and what is nobody's; None: what anybody has."""
    due = list(_tasks(uow, user))
    with_task = {deal for _, deal in due}
    lines = [line for line, _ in due]
    lines += [line for line in pressing_deals(uow, user) if line.record_id not in with_task]
    lines += [*lost_deals(uow, user), *_dates(uow, user), *deals_without_step(uow, user)]
    lines.sort(key=_place)
    return [replace(line, rank=rank) for rank, line in enumerate(lines, 1)]


def _place(line: Line) -> tuple[Any, ...]:
    money = to_major(line.money.minor, line.money.currency) if line.money else 0
    day = line.due.day if line.due else date.max
    clock = line.due.moment.isoformat() if line.due and line.due.moment else ""
    return (KINDS.index(line.kind), -line.priority, -money, day, clock, line.record_id)


def _tasks(uow: UnitOfWork, user: int | None) -> Iterator[tuple[Line, int | None]]:
    """Open tasks of today and before, each with the number of its open deal."""
    still_open = sa.select(stages.c.id).where(stages.c.outcome == "open")
    deal = sa.and_(deals.c.id == tasks.c.deal_id, deals.c.stage_id.in_(still_open))
    statement = (
        sa.select(
            tasks.c.id,
            tasks.c.title,
            tasks.c.due_on,
            tasks.c.due_at,
            tasks.c.priority,
            deals.c.id.label("deal_id"),
            deals.c.amount_minor,
            deals.c.currency,
            sa.func.coalesce(contacts.c.name, companies.c.name).label("who"),
        )
        .select_from(tasks)
        .outerjoin(deals, deal)
        .outerjoin(contacts, contacts.c.id == tasks.c.contact_id)
        .outerjoin(companies, companies.c.id == tasks.c.company_id)
        .where(
            tasks.c.done_at.is_(None),
            tasks.c.deleted_at.is_(None),
            tasks.c.due_on <= uow.today,
            mine(tasks.c.owner_id, user),
        )
    )
    for row in uow.rows(statement):
        late = row.due_at < uow.now if row.due_at else row.due_on < uow.today
        line = Line(
            kind="overdue" if late else "due",
            reason=_lateness(uow, row.due_on, row.due_at, late=late),
            what=row.title,
            noun="task",
            record_id=row.id,
            who=row.who or "",
            money=money_of(row),
            due=When(row.due_on, row.due_at),
            do=f"crm task done {row.id}",
            priority=PRIORITIES.index(row.priority),
        )
        yield line, row.deal_id


def _lateness(uow: UnitOfWork, day: date, moment: datetime | None, *, late: bool) -> str:
    past = (uow.today - day).days
    if past > 0:
        return f"overdue {days(past)}"
    clock = f" {moment.astimezone(uow.zone):%H:%M}" if moment else ""
    return f"overdue since{clock}" if late else f"due today{clock}"


def _dates(uow: UnitOfWork, user: int | None) -> Iterator[Line]:
    """Birthdays and other dates of people, today and within a week."""
    coming = {}
    for ahead in range(WEEK + 1):
        day = uow.today + timedelta(days=ahead)
        coming[f"{day:%m-%d}"] = day
    if "02-28" in coming and "02-29" not in coming:
        # In common years those of 29 February are greeted a day earlier.
        coming["02-29"] = coming["02-28"]
    statement = (
        sa.select(
            personal_dates.c.label,
            personal_dates.c.month_day,
            personal_dates.c.year,
            contacts.c.id,
            contacts.c.name,
            companies.c.name.label("company"),
        )
        .select_from(personal_dates)
        .join(contacts, contacts.c.id == personal_dates.c.contact_id)
        .outerjoin(companies, companies.c.id == contacts.c.company_id)
        .where(
            personal_dates.c.month_day.in_(coming),
            contacts.c.deleted_at.is_(None),
            mine(contacts.c.owner_id, user),
        )
    )
    for row in uow.rows(statement):
        day = coming[row.month_day]
        yield Line(
            kind="date",
            reason=f"{row.label} {in_days((day - uow.today).days)}{_years(row, day)}",
            what=row.name,
            noun="contact",
            record_id=row.id,
            who=row.company or "",
            money=None,
            due=When(day, None),
            do=f'crm message log {row.id} "…"',
        )


def _years(row: Any, day: date) -> str:
    if row.year is None or day.year <= row.year:
        return ""
    count = day.year - row.year
    birthday = fold(row.label) in {"birthday", "cumpleanos"}
    return f" (turns {count})" if birthday else f" ({count} year{'' if count == 1 else 's'})"
