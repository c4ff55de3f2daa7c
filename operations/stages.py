"""Stages: the steps of a pipeline, their order, odds, rotting days and gates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from language.errors import Ambiguous, Conflict, InvalidValue, NotAllowed, NotFound
from language.terms import STAGE_OUTCOMES, SYNONYMS
from language.text import closest, fold
from language.values import Value
from operations.bindings import Condition, Link, Plain, folded
from operations.facts import facts
from operations.parts import Parts
from operations.sources import Draft, Source
from storage.model.sales import deals, pipelines, stages

if TYPE_CHECKING:
    from storage.unit import UnitOfWork


class Requirements(Parts):
    """Names of the deal fields that must be filled to enter a stage; kept in the stage's row."""

    def __init__(self) -> None:
        super().__init__(stages, stages.c.id)

    def record_number(self) -> sa.Column[Any]:
        return stages.c.id

    def load(self, uow: UnitOfWork, ids: Sequence[int]) -> Mapping[int, Value]:
        return {int(row["id"]): list(row["required"] or []) for row in self.rows(uow, ids)}

    def add(self, uow: UnitOfWork, record_id: int, values: Sequence[Any]) -> None:
        self._write(uow, record_id, lambda had: [*had, *self._read_all(uow, values)])

    def remove(self, uow: UnitOfWork, record_id: int, values: Sequence[Any]) -> None:
        gone = {fold(name) for name in (*values, *self._read_all(uow, values))}
        had = self.rows(uow, [record_id])[0]["required"] or []
        if not any(fold(name) in gone for name in had):
            has = ", ".join(had) or "nothing"
            raise InvalidValue(f"'{values[0]}' is not required here", f"required: {has}")
        self._write(uow, record_id, lambda had: [name for name in had if fold(name) not in gone])

    def clear(self, uow: UnitOfWork, record_id: int) -> None:
        uow.update(stages, record_id, {"required": []})

    def _read_all(self, uow: UnitOfWork, values: Sequence[Any]) -> list[str]:
        from operations.gates import read_requirement

        return [read_requirement(uow, str(value)) for value in values]

    def _write(self, uow: UnitOfWork, record_id: int, make: Any) -> None:
        had = self.rows(uow, [record_id])[0]["required"] or []
        uow.update(stages, record_id, {"required": list(dict.fromkeys(make(had)))})

    def having(self, condition: Condition | None = None) -> sa.Select[Any]:
        inner = self.table.alias()
        text = sa.cast(inner.c.required, sa.Text)
        return sa.select(inner.c.id).where(
            text != "[]", *([condition] if condition is not None else [])
        )

    def condition(self, uow: UnitOfWork, op: str, text: str) -> Condition:
        listed = sa.cast(stages.c.required, sa.Text)
        if op in {"empty", "not empty"}:
            return listed == "[]" if op == "empty" else listed != "[]"
        wanted = fold(text) if op in {"~", "!~"} else f'"{fold(text)}"'
        inside = folded(listed).contains(wanted, autoescape=True)
        return sa.not_(inside) if op in {"!=", "!~"} else inside


def stages_of(uow: UnitOfWork, pipeline_id: int) -> Sequence[sa.Row[Any]]:
    """Rows of the living stages of a pipeline, in order."""
    return uow.rows(
        sa.select(stages)
        .where(stages.c.pipeline_id == pipeline_id, stages.c.deleted_at.is_(None))
        .order_by(stages.c.position, stages.c.id)
    )


def stage_row(uow: UnitOfWork, stage_id: int) -> sa.Row[Any]:
    """One stage, in the trash or not."""
    row = uow.first(sa.select(stages).where(stages.c.id == stage_id))
    if row is None:
        raise NotFound(f"there is no stage #{stage_id}", "see: crm pipeline list")
    return row


def first_stage(uow: UnitOfWork, pipeline_id: int, outcome: str = "open") -> sa.Row[Any]:
    """The first stage of a pipeline with an outcome; raises `NotAllowed` when there is none."""
    found = [row for row in stages_of(uow, pipeline_id) if row.outcome == outcome]
    if not found:
        raise NotAllowed(
            f"pipeline #{pipeline_id} has no {outcome} stage",
            f"add one: crm pipeline stage add {pipeline_id} NAME --outcome {outcome}",
        )
    return found[0]


def stage_in(uow: UnitOfWork, pipeline_id: int, text: str) -> sa.Row[Any]:
    """Find a stage of one pipeline by number, name, part of its name, or outcome.

    The same name may be in other pipelines. Raises `NotFound` or `Ambiguous`, naming the stages.
    """
    rows = stages_of(uow, pipeline_id)
    wanted = fold(text.removeprefix("#") if text.startswith("#") else text)
    outcome = SYNONYMS.get(wanted, wanted)
    ways = (
        [row for row in rows if wanted == str(row.id)],
        [row for row in rows if row.name_key == wanted],
        [row for row in rows if row.name_key.startswith(wanted)],
        [row for row in rows if wanted in row.name_key],
        [row for row in rows if outcome == row.outcome and outcome != "open"],
    )
    found = next((way for way in ways if way), []) if wanted else []
    if len(found) == 1:
        return found[0]
    names = ", ".join(row.name for row in rows)
    if found:
        listed = [f"#{row.id} {row.name}" for row in found]
        raise Ambiguous(f"{len(found)} stages answer to '{text}'", "say more of the name", listed)
    near = closest(wanted, [row.name_key for row in rows])
    best = [row.name for row in rows if row.name_key in near]
    pipeline = uow.scalar(sa.select(pipelines.c.name).where(pipelines.c.id == pipeline_id))
    hint = f"did you mean {', '.join(best)}?" if best else f"stages: {names}"
    raise NotFound(f"no stage of pipeline {pipeline} answers to '{text}'", hint)


def deals_in(uow: UnitOfWork, stage_id: int) -> int:
    """How many living deals are in a stage."""
    return int(
        uow.scalar(
            sa.select(sa.func.count())
            .select_from(deals)
            .where(deals.c.stage_id == stage_id, deals.c.deleted_at.is_(None))
        )
    )


def _refuse_while_used(uow: UnitOfWork, row: sa.Row[Any], doing: str) -> None:
    count = deals_in(uow, row.id)
    if count:
        noun = "deal is" if count == 1 else "deals are"
        raise NotAllowed(
            f"{doing}: {count:,} {noun} in stage {row.name}",
            f'move them first: crm deal edit --filter "stage=#{row.id}" --stage OTHER',
        )


def _refuse_last(uow: UnitOfWork, row: sa.Row[Any], doing: str) -> None:
    same = [
        other
        for other in stages_of(uow, row.pipeline_id)
        if other.outcome == row.outcome and other.id != row.id
    ]
    if not same:
        raise NotAllowed(
            f"{doing}: {row.name} is the last {row.outcome} stage of its pipeline",
            "a pipeline needs at least one open, one won and one lost stage",
        )


def _prepare(uow: UnitOfWork, draft: Draft) -> None:
    """Keep the order whole, one stage of each outcome, and deals true to their stage's outcome."""
    if draft.adding and draft.now("pipeline_id") is None:
        from operations.pipelines import standard_pipeline

        draft.columns["pipeline_id"] = standard_pipeline(uow)
    if not draft.adding and draft.moves("pipeline_id"):
        raise NotAllowed("a stage cannot move to another pipeline", "add one there instead")
    days = draft.columns.get("rotting_days")
    if days is not None and days <= 0:
        raise InvalidValue("rots after: needs at least one day", "for none: --clear rotting_days")
    if not draft.adding and draft.moves("outcome"):
        was = stage_row(uow, draft.before["id"])
        doing = f"the outcome of {was.name} cannot change"
        _refuse_last(uow, was, doing)
        _refuse_while_used(uow, was, doing)
    if draft.moves("name_key"):
        _refuse_same_name(uow, draft)
    if draft.adding or draft.moves("position"):
        _place(uow, draft)


def _refuse_same_name(uow: UnitOfWork, draft: Draft) -> None:
    for row in stages_of(uow, draft.now("pipeline_id")):
        if row.name_key == draft.columns["name_key"] and row.id != draft.before.get("id"):
            raise Conflict(
                f"stage #{row.id} {row.name} has the same name in that pipeline",
                "choose another name",
            )


def _place(uow: UnitOfWork, draft: Draft) -> None:
    """Put the stage where asked (1 is first) and number the others around it."""
    others = [
        row for row in stages_of(uow, draft.now("pipeline_id")) if row.id != draft.before.get("id")
    ]
    wanted = draft.columns.get("position")
    if wanted is None:
        opens = [n for n, row in enumerate(others) if row.outcome == "open"]
        is_open = (draft.now("outcome") or "open") == "open"
        index = (opens[-1] + 1 if opens else 0) if is_open else len(others)
    else:
        index = min(max(int(wanted) - 1, 0), len(others))
    for n, row in enumerate(others):
        uow.update(stages, row.id, {"position": n + 1 if n < index else n + 2})
    draft.columns["position"] = index + 1


def _before_delete(uow: UnitOfWork, stage_id: int) -> None:
    row = stage_row(uow, stage_id)
    doing = f"stage {row.name} cannot be deleted"
    _refuse_while_used(uow, row, doing)
    _refuse_last(uow, row, doing)


def _before_restore(uow: UnitOfWork, stage_id: int) -> None:
    row = stage_row(uow, stage_id)
    pipeline = uow.first(sa.select(pipelines).where(pipelines.c.id == row.pipeline_id))
    if pipeline is not None and pipeline.deleted_at is not None:
        raise NotAllowed(
            f"stage {row.name} is in pipeline #{pipeline.id} {pipeline.name}, which is deleted",
            f"restore that first: crm pipeline restore {pipeline.id}",
        )


SOURCE = Source(
    noun="stage",
    table=stages,
    label=stages.c.name,
    key=stages.c.name_key,
    bindings={
        "name": Plain(stages.c.name, key=stages.c.name_key),
        "pipeline": Link(stages.c.pipeline_id, "pipeline"),
        "position": Plain(stages.c.position, "integer"),
        "outcome": Plain(stages.c.outcome, "choice", choices=STAGE_OUTCOMES),
        "probability": Plain(stages.c.probability, "integer"),
        "rotting_days": Plain(stages.c.rotting_days, "days"),
        "required": Requirements(),
        **facts(stages),
    },
    prepare=_prepare,
    before_delete=_before_delete,
    before_restore=_before_restore,
    describe=("pipeline", "outcome"),
)
