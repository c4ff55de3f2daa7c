"""Deals: sales in progress. What each field is in the database, and move, win, lose, reopen."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa

from language.errors import InvalidValue
from language.reading import read_choice
from language.terms import DEAL_ROLES, STAGE_OUTCOMES
from language.values import Ref
from operations.bindings import Computed, Condition, Elapsed, Link, Plain, is_empty
from operations.deal_lines import Lines
from operations.deal_rules import before_restore, prepare
from operations.facts import facts
from operations.flags import Flagged
from operations.pairs import DayAndMoment, MoneyPair
from operations.parts import Members, Tagged
from operations.sources import Source
from operations.touches import touches
from storage.model.sales import deal_contacts, deals, stages
from storage.model.work import activities

if TYPE_CHECKING:
    from storage.unit import UnitOfWork


def open_deals_of(column_name: str, number_column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """How many living deals in open stages a record has, by `company_id` or `owner_id`."""
    counted = deals.alias()
    table = cast("sa.Column[Any]", number_column).table
    return (
        sa.select(sa.func.count())
        .select_from(counted)
        .where(
            counted.c[column_name] == number_column,
            counted.c.deleted_at.is_(None),
            counted.c.stage_id.in_(_stages_with("open")),
        )
        .correlate(table)
        .scalar_subquery()
    )


def _stages_with(outcome: str) -> sa.Select[Any]:
    other = stages.alias()
    return sa.select(other.c.id).where(other.c.outcome == outcome).correlate(None)


def _of_stage(name: str) -> sa.ColumnElement[Any]:
    other = stages.alias()
    return (
        sa.select(other.c[name])
        .where(other.c.id == deals.c.stage_id)
        .correlate(deals)
        .scalar_subquery()
    )


def chance_of(
    outcome: sa.ColumnElement[Any], usual: sa.ColumnElement[Any]
) -> sa.ColumnElement[Any]:
    """A deal's odds, per cent: certain once closed, its own figure, else its stage's, else NULL.

    `outcome` and `usual` (probability) are the stage's.
    """
    return sa.case(
        (outcome == "won", 100),
        (outcome == "lost", 0),
        else_=sa.func.coalesce(deals.c.probability, usual),
    )


def weigh(minor: sa.ColumnElement[Any], chance: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """Amount × per cent, in minor units, a half rounded away from zero; unknown odds give NULL.

    Whole hundreds are multiplied apart, so that the largest amounts cannot overflow.
    """
    rest = (minor % 100) * chance
    half = sa.case((minor < 0, -50), else_=50)
    return (minor // 100) * chance + (rest + half) // 100


CHANCE = chance_of(_of_stage("outcome"), _of_stage("probability"))
WEIGHTED = weigh(deals.c.amount_minor, CHANCE)


class StageLink(Link):
    """The stage of a deal; a name stays as typed, for the rules to find in the deal's pipeline."""

    def columns(self, uow: UnitOfWork, value: object) -> dict[str, Any]:
        if value is None:
            raise InvalidValue("a deal needs a stage")
        return {"stage_id": value.id if isinstance(value, Ref) else value}

    def order(self, uow: UnitOfWork) -> sa.ColumnElement[Any]:
        return _of_stage("position")


class Outcome(Computed):
    """Open, won or lost: what the stage says."""

    def __init__(self) -> None:
        super().__init__(lambda _: _of_stage("outcome"), "choice", STAGE_OUTCOMES)

    def condition(self, uow: UnitOfWork, op: str, text: str) -> Condition:
        if op not in {"=", "!="}:
            return super().condition(uow, op, text)
        inside = deals.c.stage_id.in_(_stages_with(read_choice(text, STAGE_OUTCOMES, "outcome")))
        return inside if op == "=" else sa.not_(inside)


class Probability(Plain):
    """The deal's chances as they stand: its own, else its stage's; 100 when won, 0 when lost."""

    def __init__(self) -> None:
        super().__init__(deals.c.probability, "percent")

    def select(self, uow: UnitOfWork, name: str) -> list[sa.ColumnElement[Any]]:
        return [CHANCE.label(name)]

    def order(self, uow: UnitOfWork) -> sa.ColumnElement[Any]:
        return CHANCE

    def condition(self, uow: UnitOfWork, op: str, text: str) -> Condition:
        empty = is_empty(CHANCE, op)
        return empty if empty is not None else Plain(CHANCE, "percent").condition(uow, op, text)


class DealContacts(Members):
    """People of a deal with their part in the decision; the usual roles are written one way."""

    def __init__(self) -> None:
        super().__init__(
            deal_contacts, deal_contacts.c.deal_id, deal_contacts.c.contact_id, "contact"
        )

    def read(self, uow: UnitOfWork, value: Any) -> dict[str, Any]:
        new = super().read(uow, value)
        if new.get("role"):
            new["role"] = role_named(new["role"])
        return new


def role_named(text: str) -> str:
    """A part in a decision: one of the usual words where it is meant, else as typed."""
    try:
        return read_choice(text, DEAL_ROLES, "role")
    except InvalidValue:
        return text


def rotting(uow: UnitOfWork) -> sa.ColumnElement[bool]:
    """Open, and longer than its stage's days without an activity or a move (days counted whole)."""
    by_days: defaultdict[int, list[int]] = defaultdict(list)
    for row in uow.rows(
        sa.select(stages.c.id, stages.c.rotting_days).where(
            stages.c.outcome == "open", stages.c.rotting_days.is_not(None)
        )
    ):
        by_days[row.rotting_days].append(row.id)
    touched = activities.alias()
    rotten = [
        sa.and_(
            deals.c.stage_id.in_(numbers),
            deals.c.stage_since <= (limit := uow.now - timedelta(days=days + 1)),
            ~sa.exists()
            .where(
                touched.c.deal_id == deals.c.id,
                touched.c.deleted_at.is_(None),
                touched.c.happened_at > limit,
            )
            .correlate(deals),
        )
        for days, numbers in by_days.items()
    ]
    return sa.or_(sa.false(), *rotten)


def _rotting(uow: UnitOfWork) -> sa.ColumnElement[Any]:
    return sa.case((rotting(uow), sa.true()), else_=sa.false())


def _keys(uow: UnitOfWork, text: str) -> sa.Select[Any]:
    return sa.select(deals.c.id).where(deals.c.external_id == text)


SOURCE = Source(
    noun="deal",
    table=deals,
    label=deals.c.title,
    key=deals.c.title_key,
    bindings={
        "title": Plain(deals.c.title, key=deals.c.title_key),
        "company": Link(deals.c.company_id, "company"),
        "contacts": DealContacts(),
        "owner": Link(deals.c.owner_id, "user"),
        "pipeline": Link(deals.c.pipeline_id, "pipeline"),
        "stage": StageLink(deals.c.stage_id, "stage"),
        "outcome": Outcome(),
        "amount": MoneyPair(deals.c.amount_minor, deals.c.currency),
        "weighted": MoneyPair(WEIGHTED, deals.c.currency, fill=False),
        "probability": Probability(),
        "expected_close": Plain(deals.c.expected_close, "day"),
        "opened_at": DayAndMoment(deals.c.opened_on, deals.c.opened_at),
        "closed_at": DayAndMoment(deals.c.closed_on, deals.c.closed_at),
        "source": Plain(deals.c.source),
        "lost_reason": Plain(deals.c.lost_reason),
        "competitor": Plain(deals.c.competitor),
        "gap": Plain(deals.c.gap_percent, "percent"),
        "retry": Plain(deals.c.retry_on, "day"),
        "products": Lines(),
        "tags": Tagged("deal", deals.c.id),
        "note": Plain(deals.c.note, "long"),
        "external_id": Plain(deals.c.external_id),
        "slips": Plain(deals.c.slips, "integer", fill=False),
        "age": Elapsed(lambda _: deals.c.stage_since),
        "rotting": Computed(_rotting, "flag"),
        **touches("deal", deals.c.id, deals.c.stage_since),
        "flagged": Flagged("deal", deals.c.id),
        **facts(deals),
    },
    prepare=prepare,
    before_restore=before_restore,
    extra_keys=_keys,
    describe=("company", "stage", "amount"),
)
