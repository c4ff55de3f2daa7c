"""Pipelines: ordered sets of stages; one of them is the standard one, where new deals go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from language.errors import InvalidValue, NotAllowed
from language.stage_text import StageText, parse_stage, show_stage
from language.text import fold
from language.values import Ref, Value, Values
from operations.bindings import Computed, Condition, Plain, folded
from operations.facts import facts
from operations.parts import Parts
from operations.sources import Draft, Source
from storage.model.sales import deals, pipelines, stages
from storage.seed import STAGES

if TYPE_CHECKING:
    from storage.unit import UnitOfWork


class StageNames(Parts):
    """Names of the living stages of a pipeline, in order; changed through the stages themselves."""

    def __init__(self) -> None:
        super().__init__(stages, stages.c.pipeline_id)

    def load(self, uow: UnitOfWork, ids: Sequence[int]) -> Mapping[int, Value]:
        found: defaultdict[int, list[str]] = defaultdict(list)
        for row in uow.rows(
            sa.select(stages.c.pipeline_id, stages.c.name)
            .where(stages.c.pipeline_id.in_(ids), stages.c.deleted_at.is_(None))
            .order_by(stages.c.position, stages.c.id)
        ):
            found[row.pipeline_id].append(row.name)
        return dict(found)

    def add(self, uow: UnitOfWork, record_id: int, values: Sequence[Any]) -> None:
        raise InvalidValue("stages are not filled here", "use: crm pipeline stage add")

    def remove(self, uow: UnitOfWork, record_id: int, values: Sequence[Any]) -> None:
        raise InvalidValue("stages are not taken away here", "use: crm pipeline stage delete")

    def clear(self, uow: UnitOfWork, record_id: int) -> None:
        raise InvalidValue("stages are not taken away here", "use: crm pipeline stage delete")

    def matches(self, uow: UnitOfWork, op: str, text: str) -> Condition:
        name = folded(stages.c.name)
        same = name.contains(fold(text), autoescape=True) if op == "~" else name == fold(text)
        return sa.and_(stages.c.deleted_at.is_(None), same)


def _open_deals(uow: UnitOfWork) -> sa.ColumnElement[Any]:
    from operations.deals import open_deals_of

    return open_deals_of("pipeline_id", pipelines.c.id)


def standard_pipeline(uow: UnitOfWork) -> int:
    """Number of the pipeline where new deals go."""
    row = uow.first(
        sa.select(pipelines.c.id)
        .where(pipelines.c.deleted_at.is_(None))
        .order_by(pipelines.c.standard.desc(), pipelines.c.id)
    )
    if row is None:
        raise NotAllowed("there is no pipeline", "add one first: crm pipeline add Sales")
    return int(row.id)


def _prepare(uow: UnitOfWork, draft: Draft) -> None:
    """There is always exactly one standard pipeline."""
    if not draft.moves("standard"):
        return
    if not draft.columns["standard"]:
        if draft.before.get("standard"):
            raise NotAllowed(
                "one pipeline must be the standard one",
                "make another one standard: crm pipeline edit NAME --standard yes",
            )
        return
    for row in uow.rows(sa.select(pipelines.c.id).where(pipelines.c.standard.is_(True))):
        if row.id != draft.before.get("id"):
            uow.update(pipelines, row.id, {"standard": False})


def _before_delete(uow: UnitOfWork, pipeline_id: int) -> None:
    row = uow.first(sa.select(pipelines).where(pipelines.c.id == pipeline_id))
    if row is None:
        return
    count = uow.scalar(
        sa.select(sa.func.count())
        .select_from(deals)
        .where(deals.c.pipeline_id == pipeline_id, deals.c.deleted_at.is_(None))
    )
    if count:
        noun = "deal is" if count == 1 else "deals are"
        raise NotAllowed(
            f"{count:,} {noun} in pipeline #{row.id} {row.name}",
            f'move them first: crm deal edit --filter "pipeline=#{row.id}" --pipeline OTHER',
        )
    if row.standard:
        raise NotAllowed(
            f"{row.name} is the standard pipeline",
            "make another one standard first: crm pipeline edit NAME --standard yes",
        )


SOURCE = Source(
    noun="pipeline",
    table=pipelines,
    label=pipelines.c.name,
    key=pipelines.c.name_key,
    bindings={
        "name": Plain(pipelines.c.name, key=pipelines.c.name_key),
        "standard": Plain(pipelines.c.standard, "flag"),
        "stages": StageNames(),
        "open_deals": Computed(_open_deals),
        "note": Plain(pipelines.c.note, "long"),
        **facts(pipelines),
    },
    prepare=_prepare,
    before_delete=_before_delete,
    describe=("stages",),
)


def add_pipeline(uow: UnitOfWork, values: Values, wanted: Sequence[StageText] = ()) -> Ref:
    """Add a pipeline with its stages in order; without any, the usual ones.

    Won and Lost are added where no stage is one. Raises `InvalidValue` when no stage is open or
    two have the same name.
    """
    from operations import records

    chosen = list(wanted) or [StageText(*usual) for usual in STAGES]
    for outcome in ("won", "lost"):
        if not any(stage.outcome == outcome for stage in chosen):
            chosen.append(parse_stage(outcome.capitalize()))
    if not any(stage.outcome == "open" for stage in chosen):
        raise InvalidValue("a pipeline needs an open stage", 'add one: --stage "Lead 10%"')
    added = records.add(uow, "pipeline", values)
    for stage in chosen:
        records.add(
            uow,
            "stage",
            {
                "pipeline": added,
                "name": stage.name,
                "outcome": stage.outcome,
                "probability": stage.probability,
                "rotting_days": stage.rotting_days,
                "position": len(chosen),
            },
        )
    names = ", ".join(show_stage(stage) for stage in chosen)
    uow.summary = f"added pipeline #{added.id} {added.label}: {names}"
    uow.result = ("pipeline", added.id)
    return added
