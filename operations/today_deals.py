"""Deals that need something today: they close, rot, were lost for a time, or have no next step."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from language.when import When, day_bounds, show_day
from operations.deals import SOURCE
from operations.pairs import NO_DECIMALS
from operations.today_lines import WEEK, Line, days, in_days, mine, money_of
from operations.touches import last_touch
from storage.model.people import companies, contacts
from storage.model.sales import deal_contacts, deals, stages
from storage.model.work import tasks

if TYPE_CHECKING:
    from operations.bindings import Condition
    from storage.unit import UnitOfWork

WITHOUT_STEP = 5
OPEN_TASK = sa.and_(
    tasks.c.deal_id == deals.c.id, tasks.c.done_at.is_(None), tasks.c.deleted_at.is_(None)
)
WHO = sa.func.coalesce(
    companies.c.name,
    sa.select(contacts.c.name)
    .join(deal_contacts, deal_contacts.c.contact_id == contacts.c.id)
    .where(deal_contacts.c.deal_id == deals.c.id)
    .order_by(deal_contacts.c.id)
    .limit(1)
    .correlate(deals)
    .scalar_subquery(),
)


def pressing_deals(uow: UnitOfWork, user: int | None) -> Iterator[Line]:
    """Open deals that close within a week, should have closed, or rot."""
    planned = (
        sa.select(sa.func.min(tasks.c.due_on))
        .where(OPEN_TASK, tasks.c.due_on >= uow.today)
        .correlate(deals)
        .scalar_subquery()
    )
    rotting = _rotting(uow)
    statement = _deals_in(
        "open",
        user,
        deals.c.expected_close,
        deals.c.stage_since,
        stages.c.rotting_days,
        planned.label("planned"),
        last_touch("deal", deals.c.id)(uow).label("touched"),
        sa.case((rotting, sa.true()), else_=sa.false()).label("rotting"),
    ).where(_pressing(uow))
    for row in uow.rows(statement):
        reasons = [*_closing(uow, row), *_rot(uow, row)]
        if reasons:
            kind = reasons[0][0]
            later = f"crm deal edit {row.id} --expected-close +2w"
            call = f'crm call log deal:{row.id} "…"'
            due = When(row.expected_close, None) if row.expected_close else None
            reason = "; ".join(words for _, words in reasons)
            yield _line(row, kind, reason, due, later if kind == "past close" else call)


def _pressing(uow: UnitOfWork) -> Condition:
    return sa.or_(deals.c.expected_close <= uow.today + timedelta(days=WEEK), _rotting(uow))


def _rotting(uow: UnitOfWork) -> Condition:
    """The same test as the field `rotting` of a deal, so that figures agree."""
    return SOURCE.bindings["rotting"].condition(uow, "=", "yes")


def _closing(uow: UnitOfWork, row: Any) -> list[tuple[str, str]]:
    if row.expected_close is None:
        return []
    left = (row.expected_close - uow.today).days
    if left < 0:
        return [("past close", f"should have closed {days(-left)} ago")]
    if left > WEEK or (row.planned is not None and row.planned <= row.expected_close):
        return []
    return [("closing", f"closes {in_days(left)}")]


def _rot(uow: UnitOfWork, row: Any) -> list[tuple[str, str]]:
    if not row.rotting:
        return []
    since = max(row.stage_since, row.touched or row.stage_since)
    idle = (uow.now - since).days
    return [("rotting", f"no touch for {days(idle)}, limit {row.rotting_days}")]


def lost_deals(uow: UnitOfWork, user: int | None) -> Iterator[Line]:
    """Lost deals whose day to try again has come, until something happens on them."""
    touched = last_touch("deal", deals.c.id)(uow).label("touched")
    statement = _deals_in("lost", user, deals.c.retry_on, deals.c.lost_reason, touched)
    for row in uow.rows(statement.where(deals.c.retry_on <= uow.today)):
        if row.touched is None or row.touched < day_bounds(row.retry_on, uow.zone)[0]:
            since = show_day(row.retry_on, today=uow.today, lang=uow.settings.language)
            again = "try again today" if row.retry_on == uow.today else f"try again, since {since}"
            why = f" (lost: {row.lost_reason})" if row.lost_reason else ""
            due = When(row.retry_on, None)
            yield _line(row, "retry", again + why, due, f"crm deal reopen {row.id}")


def deals_without_step(uow: UnitOfWork, user: int | None) -> Iterator[Line]:
    """The largest open deals that have no open task, of those not pressing anyway."""
    size = sa.case(
        (deals.c.currency.in_(NO_DECIMALS), deals.c.amount_minor * 100),
        else_=sa.func.coalesce(deals.c.amount_minor, 0),
    )
    statement = (
        _deals_in("open", user)
        .where(
            sa.not_(sa.exists().where(OPEN_TASK).correlate(deals)),
            sa.not_(sa.func.coalesce(_pressing(uow), sa.false())),
        )
        .order_by(size.desc(), deals.c.id)
        .limit(WITHOUT_STEP)
    )
    for row in uow.rows(statement):
        step = f'crm task add "fri 9am …" --deal {row.id}'
        yield _line(row, "no next step", "no next step", None, step)


def _deals_in(outcome: str, user: int | None, *columns: Any) -> sa.Select[Any]:
    return (
        sa.select(
            deals.c.id,
            deals.c.title,
            deals.c.amount_minor,
            deals.c.currency,
            WHO.label("who"),
            *columns,
        )
        .select_from(deals)
        .join(stages, stages.c.id == deals.c.stage_id)
        .outerjoin(companies, companies.c.id == deals.c.company_id)
        .where(
            stages.c.outcome == outcome,
            deals.c.deleted_at.is_(None),
            mine(deals.c.owner_id, user),
        )
    )


def _line(row: Any, kind: str, reason: str, due: When | None, do: str) -> Line:
    return Line(
        kind=kind,
        reason=reason,
        what=row.title,
        noun="deal",
        record_id=row.id,
        who=row.who or "",
        money=money_of(row),
        due=due,
        do=do,
    )
