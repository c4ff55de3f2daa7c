"""What is open now: deals, worth, weighted worth and age of every open stage."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from language.fields import Field
from language.filters import parse_filter
from operations.deals import WEIGHTED
from operations.find import find, numbers_named
from operations.lists import condition
from operations.reports import Report, in_currencies
from storage.model.sales import deals, pipelines, stages

if TYPE_CHECKING:
    from operations.bindings import Condition
    from storage.unit import UnitOfWork

FIELDS = (
    Field("pipeline", "text", "Pipeline"),
    Field("stage", "text", "Stage"),
    Field("deals", "integer", "Deals"),
    Field("amount", "money", "Amount"),
    Field("weighted", "money", "Weighted", currency="weighted_currency"),
    Field("age", "days", "Age"),
)
TOTAL = "Total"


class _Figures:
    """What adds up: deals, days in stage, amounts by currency."""

    def __init__(self) -> None:
        self.count = 0
        self.waited = timedelta()
        self.amounts: Counter[str] = Counter()
        self.weighted: Counter[str] = Counter()

    def age(self) -> int | None:
        return (self.waited // self.count).days if self.count else None


def report(
    uow: UnitOfWork, *, pipeline: str = "", owner: str = "", filter_text: str = ""
) -> Report:
    """Open deals by stage. Age: mean whole days in the stage; weighted: amount × probability."""
    where: list[Condition] = [deals.c.deleted_at.is_(None), stages.c.outcome == "open"]
    of_stages: list[Condition] = [stages.c.deleted_at.is_(None), stages.c.outcome == "open"]
    if pipeline:
        chosen = stages.c.pipeline_id == find(uow, "pipeline", pipeline).id
        where.append(chosen)
        of_stages.append(chosen)
    if owner:
        where.append(deals.c.owner_id.in_(numbers_named(uow, "user", owner)))
    if filter_text:
        where.append(condition(uow, "deal", parse_filter(filter_text)))
    figures, unknown = _figures(uow, where)
    found = Report("pipeline", FIELDS)
    whole = _Figures()
    for row in uow.rows(
        sa.select(stages.c.id, stages.c.name, pipelines.c.name.label("pipeline"))
        .join(pipelines, pipelines.c.id == stages.c.pipeline_id)
        .where(*of_stages, pipelines.c.deleted_at.is_(None))
        .order_by(pipelines.c.standard.desc(), pipelines.c.id, stages.c.position, stages.c.id)
    ):
        one = figures[row.id]
        facts = {"pipeline": row.pipeline, "stage": row.name, "deals": one.count, "age": one.age()}
        amounts = {"amount": one.amounts, "weighted": one.weighted}
        found.rows += in_currencies(facts, amounts)
        whole.count += one.count
        whole.waited += one.waited
        whole.amounts.update(one.amounts)
        whole.weighted.update(one.weighted)
    facts = {"pipeline": TOTAL, "stage": "", "deals": whole.count, "age": whole.age()}
    found.totals += in_currencies(facts, {"amount": whole.amounts, "weighted": whole.weighted})
    if unknown:
        has = "deal has" if unknown == 1 else "deals have"
        found.notes.append(f"{unknown:,} {has} no probability: not in the weighted amounts")
    return found


def _figures(uow: UnitOfWork, where: list[Condition]) -> tuple[defaultdict[int, _Figures], int]:
    """Figures by number of stage, and how many deals with an amount have unknown odds."""
    figures: defaultdict[int, _Figures] = defaultdict(_Figures)
    unknown = 0
    joined = deals.join(stages, stages.c.id == deals.c.stage_id)
    unknowns = sa.case((sa.and_(deals.c.amount_minor.is_not(None), WEIGHTED.is_(None)), 1), else_=0)
    for row in uow.rows(
        sa.select(
            deals.c.stage_id,
            deals.c.currency,
            sa.func.count().label("open_deals"),
            sa.func.sum(deals.c.amount_minor).label("amount"),
            sa.func.sum(WEIGHTED).label("weighted"),
            sa.func.sum(unknowns).label("unknown"),
        )
        .select_from(joined)
        .where(*where)
        .group_by(deals.c.stage_id, deals.c.currency)
    ):
        one = figures[row.stage_id]
        one.count += row.open_deals
        unknown += int(row.unknown)
        if row.amount is not None:
            one.amounts[row.currency] += int(row.amount)
        if row.weighted is not None:
            one.weighted[row.currency] += int(row.weighted)
    for row in uow.rows(
        sa.select(deals.c.stage_id, deals.c.stage_since, sa.func.count().label("open_deals"))
        .select_from(joined)
        .where(*where)
        .group_by(deals.c.stage_id, deals.c.stage_since)
    ):
        days = max(0, (uow.now - row.stage_since).days)
        figures[row.stage_id].waited += timedelta(days=days) * row.open_deals
    return figures, unknown
