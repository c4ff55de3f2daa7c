"""The board: a pipeline's stages with their figures and the deals on them, for terminal and TUI."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa

from language.filters import parse_filter
from language.money import Money
from language.values import Ref
from operations.deals import chance_of, rotting, weigh
from operations.find import label
from operations.lists import condition, select_records
from operations.stages import stages_of
from storage.model.sales import deals, stages

if TYPE_CHECKING:
    from collections.abc import Sequence

    from operations.bindings import Condition
    from storage.unit import UnitOfWork

CLOSED_DAYS = 30
CARDS = 50
SHOWN = (
    "title",
    "company",
    "amount",
    "owner",
    "age",
    "rotting",
    "expected_close",
    "slips",
    "next_step",
)


@dataclass(frozen=True, slots=True)
class Card:
    """One deal on the board. `age`: whole days in its stage; `amount` None: unknown."""

    id: int
    title: str
    company: str
    amount: Money | None
    owner: str
    age: int
    rotting: bool
    expected_close: date | None
    slips: int
    next_step: str


@dataclass(frozen=True, slots=True)
class Column:
    """A stage with its figures: all its deals are counted, `cards` holds a page of them.

    `totals` and `weighted` have one amount a currency, the user's own first; deals whose amount
    (or probability) is unknown count in `count` only. Of closed stages, only deals closed in the
    last `Board.closed_days` days are here at all.
    """

    stage_id: int
    name: str
    outcome: str
    probability: int | None
    count: int
    totals: tuple[Money, ...]
    weighted: tuple[Money, ...]
    rotting: int
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """A pipeline as columns, in order."""

    pipeline: Ref
    stages: tuple[Column, ...]
    closed_days: int

    @property
    def open_count(self) -> int:
        """How many open deals are on the board."""
        return sum(stage.count for stage in self.stages if stage.outcome == "open")

    @property
    def open_totals(self) -> tuple[Money, ...]:
        """What the open deals are worth, by currency."""
        return add_up(stage.totals for stage in self.stages if stage.outcome == "open")

    @property
    def open_weighted(self) -> tuple[Money, ...]:
        """What the open deals are worth by their odds, by currency."""
        return add_up(stage.weighted for stage in self.stages if stage.outcome == "open")


def add_up(groups: Any) -> tuple[Money, ...]:
    """Add amounts of each currency; currencies keep the order in which they came."""
    sums: defaultdict[str, int] = defaultdict(int)
    for group in groups:
        for money in group:
            sums[money.currency] += money.minor
    return tuple(Money(minor, currency) for currency, minor in sums.items())


def board(
    uow: UnitOfWork,
    pipeline_id: int,
    *,
    owner: int | None = None,
    filter: str = "",
    limit: int = CARDS,
    offset: int = 0,
    closed_days: int = CLOSED_DAYS,
) -> Board:
    """The board of a pipeline; `limit` and `offset` page the cards of every stage.

    `owner` is a user's number; `filter` a filter of deals, as in `crm deal list`.
    """
    where = _chosen(uow, pipeline_id, owner, filter, closed_days)
    figures = _figures(uow, where)
    columns = []
    for row in stages_of(uow, pipeline_id):
        count, totals, weighted, rotten = figures.get(row.id, (0, (), (), 0))
        shown = _cards(uow, row.id, where, limit, offset) if count > offset and limit else ()
        columns.append(
            Column(
                stage_id=row.id,
                name=row.name,
                outcome=row.outcome,
                probability=row.probability,
                count=count,
                totals=totals,
                weighted=weighted,
                rotting=rotten,
                cards=shown,
            )
        )
    name = label(uow, "pipeline", pipeline_id)
    return Board(Ref(pipeline_id, name), tuple(columns), closed_days)


def cards(
    uow: UnitOfWork,
    pipeline_id: int,
    stage_id: int,
    *,
    owner: int | None = None,
    filter: str = "",
    limit: int = CARDS,
    offset: int = 0,
    closed_days: int = CLOSED_DAYS,
) -> tuple[Card, ...]:
    """A further page of one stage's cards: the same deals in the same order as on the board."""
    where = _chosen(uow, pipeline_id, owner, filter, closed_days)
    return _cards(uow, stage_id, where, limit, offset)


def _chosen(
    uow: UnitOfWork, pipeline_id: int, owner: int | None, filter_text: str, closed_days: int
) -> list[Condition]:
    rows = stages_of(uow, pipeline_id)
    opens = [row.id for row in rows if row.outcome == "open"]
    closed = [row.id for row in rows if row.outcome != "open"]
    since = uow.today - timedelta(days=closed_days)
    where: list[Condition] = [
        deals.c.deleted_at.is_(None),
        sa.or_(
            deals.c.stage_id.in_(opens),
            sa.and_(deals.c.stage_id.in_(closed), deals.c.closed_on > since),
        ),
    ]
    if owner is not None:
        where.append(deals.c.owner_id == owner)
    if filter_text.strip():
        where.append(condition(uow, "deal", parse_filter(filter_text)))
    return where


Figures = tuple[int, tuple[Money, ...], tuple[Money, ...], int]


def _figures(uow: UnitOfWork, where: Sequence[Condition]) -> dict[int, Figures]:
    """Count, totals and weighted totals by stage, in one pass over the deals."""
    own = uow.settings.currency
    counts: defaultdict[int, int] = defaultdict(int)
    totals: defaultdict[int, list[Money]] = defaultdict(list)
    weighted: defaultdict[int, list[Money]] = defaultdict(list)
    rotten: defaultdict[int, int] = defaultdict(int)
    # A join: the odds looked up deal by deal would take twice as long.
    odds = chance_of(stages.c.outcome, stages.c.probability)
    for row in uow.rows(
        sa.select(
            deals.c.stage_id,
            deals.c.currency,
            sa.func.count().label("deals"),
            sa.func.sum(deals.c.amount_minor).label("total"),
            sa.func.sum(weigh(deals.c.amount_minor, odds)).label("weighted"),
            sa.func.sum(sa.case((rotting(uow), 1), else_=0)).label("rotting"),
        )
        .join(stages, stages.c.id == deals.c.stage_id)
        .where(*where)
        .group_by(deals.c.stage_id, deals.c.currency)
        .order_by(deals.c.stage_id, deals.c.currency != own, deals.c.currency)
    ):
        counts[row.stage_id] += row.deals
        rotten[row.stage_id] += row.rotting
        if row.total is not None:
            totals[row.stage_id].append(Money(int(row.total), row.currency))
        if row.weighted is not None:
            weighted[row.stage_id].append(Money(int(row.weighted), row.currency))
    return {
        number: (count, tuple(totals[number]), tuple(weighted[number]), rotten[number])
        for number, count in counts.items()
    }


def _cards(
    uow: UnitOfWork, stage_id: int, where: Sequence[Condition], limit: int, offset: int
) -> tuple[Card, ...]:
    """The largest deals first; those of unknown amount last."""
    ids = [
        int(row.id)
        for row in uow.rows(
            sa.select(deals.c.id)
            .where(deals.c.stage_id == stage_id, *where)
            .order_by(deals.c.amount_minor.is_(None), deals.c.amount_minor.desc(), deals.c.id)
            .limit(limit)
            .offset(offset)
        )
    ]
    return tuple(_card(record) for record in select_records(uow, "deal", SHOWN, ids=ids))


def _card(record: dict[str, Any]) -> Card:
    company, owner = record["company"], record["owner"]
    return Card(
        id=record["id"],
        title=record["title"],
        company=company.label if company else "",
        amount=cast("Money | None", record["amount"]),
        owner=owner.label if owner else "",
        age=record["age"],
        rotting=bool(record["rotting"]),
        expected_close=record["expected_close"],
        slips=record["slips"],
        next_step=record["next_step"] or "",
    )
