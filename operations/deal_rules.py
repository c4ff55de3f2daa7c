"""The rules of a deal: where it starts, what a change of stage brings, when it slips."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from language.errors import InvalidValue, NotAllowed, NotFound
from language.values import Ref
from language.when import day_bounds
from operations.deal_lines import currency_of_lines
from operations.gates import check_gate
from operations.pipelines import standard_pipeline
from operations.sources import Draft
from operations.stages import first_stage, stage_in, stage_row, stages_of
from storage.model.sales import deal_products, deals, pipelines, stages

if TYPE_CHECKING:
    from storage.unit import UnitOfWork


def prepare(uow: UnitOfWork, draft: Draft) -> None:
    """Fill what follows from what was said, and refuse what cannot be.

    Raises `NotAllowed` at a stage's gate and `InvalidValue` for a loss without a reason.
    """
    stage = _settle_stage(uow, draft)
    was = None if draft.adding else stage_row(uow, draft.before["stage_id"])
    if draft.adding:
        _begin(uow, draft)
    if draft.adding or draft.moves("stage_id"):
        check_gate(uow, draft, stage)
        _enter(uow, draft, stage, was)
    elif (
        draft.moves("closed_on") and draft.columns["closed_on"] is None and stage.outcome != "open"
    ):
        raise InvalidValue(
            f"a deal that is {stage.outcome} has a day it closed",
            f"reopen it: crm deal reopen {draft.before['id']}",
        )
    if stage.outcome == "open" and draft.now("closed_on") is not None:
        raise InvalidValue(
            f"{stage.name} is an open stage, so the deal has not closed",
            "say when it should: --expected-close; or close it: crm deal win, crm deal lose",
        )
    _check(uow, draft, stage)


def _settle_stage(uow: UnitOfWork, draft: Draft) -> sa.Row[Any]:
    """Turn the stage as typed into one of the deal's pipeline; a new pipeline brings a stage."""
    typed = draft.columns.get("stage_id")
    if draft.columns.get("pipeline_id") is None and draft.adding:
        draft.columns["pipeline_id"] = _pipeline_for(uow, typed)
    pipeline = draft.now("pipeline_id")
    if typed is None and (draft.adding or draft.moves("pipeline_id")):
        outcome = "open"
        if not draft.adding:
            outcome = stage_row(uow, draft.before["stage_id"]).outcome
        stage = first_stage(uow, pipeline, outcome)
    elif isinstance(typed, str):
        stage = stage_in(uow, pipeline, typed)
    else:
        stage = stage_row(uow, draft.now("stage_id"))
        if stage.pipeline_id != pipeline:
            stage = stage_in(uow, pipeline, stage.name)
    if draft.adding or stage.id != draft.before["stage_id"]:
        draft.columns["stage_id"] = stage.id
    else:
        draft.columns.pop("stage_id", None)
    return stage


def _pipeline_for(uow: UnitOfWork, typed: object) -> int:
    """The standard pipeline, unless only another one has the stage that was typed."""
    standard = standard_pipeline(uow)
    if typed is None:
        return standard
    if isinstance(typed, int):
        return int(stage_row(uow, typed).pipeline_id)
    try:
        stage_in(uow, standard, str(typed))
    except NotFound as error:
        from operations.find import matches

        found = matches(uow, "stage", str(typed))
        if len(found) != 1:
            raise error from None
        return int(stage_row(uow, found[0].id).pipeline_id)
    return standard


def _begin(uow: UnitOfWork, draft: Draft) -> None:
    """What a new deal has when nothing is said: an owner, a currency, a beginning."""
    columns = draft.columns
    if "owner_id" not in columns:
        columns["owner_id"] = uow.me()
    if columns.get("opened_on") is None:
        closed = columns.get("closed_on")
        if closed is not None and closed < uow.today:
            columns |= {"opened_on": closed, "opened_at": columns.get("closed_at")}
        else:
            columns |= {"opened_on": uow.today, "opened_at": uow.now}
    columns["stage_since"] = _moment(uow, draft, "opened")


def _enter(uow: UnitOfWork, draft: Draft, stage: sa.Row[Any], was: sa.Row[Any] | None) -> None:
    """What entering a stage brings: times, and for a loss its reason."""
    columns = draft.columns
    if was is not None:
        columns["stage_since"] = uow.now
    closing = stage.outcome != "open"
    if closing and (was is None or was.outcome != stage.outcome):
        if columns.get("closed_on") is None:
            columns |= {"closed_on": uow.today, "closed_at": uow.now}
        columns["stage_since"] = min(_moment(uow, draft, "closed"), uow.now)
    if stage.outcome == "lost" and not draft.now("lost_reason"):
        raise InvalidValue(
            f"a deal is lost for a reason: '{stage.name}' needs one",
            "add --lost-reason price"
            if was is None
            else f"crm deal lose {draft.before['id']} --reason price",
        )
    if was is not None and was.outcome != "open" and not closing:
        columns |= {"closed_on": None, "closed_at": None}
    if was is not None and was.outcome == "lost" and stage.outcome != "lost":
        columns |= {"lost_reason": None, "gap_percent": None, "retry_on": None}


def _moment(uow: UnitOfWork, draft: Draft, what: str) -> Any:
    """When a deal opened or closed: the moment, or the beginning of the day."""
    moment = draft.columns.get(f"{what}_at")
    return moment or day_bounds(draft.columns[f"{what}_on"], uow.zone)[0]


def _check(uow: UnitOfWork, draft: Draft, stage: sa.Row[Any]) -> None:
    columns = draft.columns
    opened, closed = draft.now("opened_on"), draft.now("closed_on")
    if opened is not None and closed is not None and closed < opened:
        raise InvalidValue(
            f"a deal cannot close ({closed}) before it opened ({opened})",
            f"say when it opened: {_edit(draft)} --opened-at {closed}",
        )
    if draft.moves("expected_close") and not draft.adding:
        before: date | None = draft.before["expected_close"]
        after: date | None = columns["expected_close"]
        if before is not None and after is not None and after > before:
            columns["slips"] = draft.before["slips"] + 1
    # A probability that only repeats the stage's is none of the deal's own: it follows the stage.
    if columns.get("probability") is not None and columns["probability"] == stage.probability:
        columns["probability"] = None
    _settle_currency(uow, draft)


def _edit(draft: Draft) -> str:
    return "crm deal add …" if draft.adding else f"crm deal edit {draft.before['id']}"


def _settle_currency(uow: UnitOfWork, draft: Draft) -> None:
    columns = draft.columns
    if draft.now("currency") is None:
        lines = draft.values.get("products") if draft.adding else None
        from_lines = currency_of_lines(uow, list(lines)) if isinstance(lines, list) else None
        columns["currency"] = draft.before.get("currency") or from_lines or uow.settings.currency
    if not draft.adding and draft.moves("currency"):
        held = uow.first(
            sa.select(deal_products.c.id).where(deal_products.c.deal_id == draft.before["id"])
        )
        if held is not None:
            raise InvalidValue(
                f"the products of the deal are priced in {draft.before['currency']}",
                f"give the amount in {draft.before['currency']}, or --clear products first",
            )


def stage_with(uow: UnitOfWork, pipeline_id: int, outcome: str, stage_id: int) -> Ref:
    """The stage that a deal goes to when it is won or lost; where it is, if it is so already."""
    now = stage_row(uow, stage_id)
    chosen = now if now.outcome == outcome else first_stage(uow, pipeline_id, outcome)
    return Ref(chosen.id, chosen.name)


def stage_before_closing(uow: UnitOfWork, deal_id: int, pipeline_id: int) -> Ref:
    """The open stage that a closed deal left, from its history; else the first open one."""
    import json

    from storage.model.journal import changes

    opens = {row.id: row for row in stages_of(uow, pipeline_id) if row.outcome == "open"}
    for row in uow.rows(
        sa.select(changes.c.before)
        .where(changes.c.table_name == "deals", changes.c.row_id == deal_id)
        .order_by(changes.c.id.desc())
    ):
        left = opens.get(json.loads(row.before, strict=False).get("stage_id"))
        if left is not None:
            return Ref(left.id, left.name)
    chosen = first_stage(uow, pipeline_id)
    return Ref(chosen.id, chosen.name)


def before_restore(uow: UnitOfWork, deal_id: int) -> None:
    """A deal comes back to a stage that is there, or it would stand on no board."""
    row = uow.first(
        sa.select(
            deals.c.title,
            deals.c.stage_id,
            stages.c.name.label("stage"),
            stages.c.deleted_at.label("stage_gone"),
            deals.c.pipeline_id,
            pipelines.c.name.label("pipeline"),
            pipelines.c.deleted_at.label("pipeline_gone"),
        )
        .join(stages, stages.c.id == deals.c.stage_id)
        .join(pipelines, pipelines.c.id == deals.c.pipeline_id)
        .where(deals.c.id == deal_id)
    )
    if row is None or (row.stage_gone is None and row.pipeline_gone is None):
        return
    what = "pipeline" if row.pipeline_gone is not None else "stage"
    number = row.pipeline_id if what == "pipeline" else row.stage_id
    name = row.pipeline if what == "pipeline" else row.stage
    raise NotAllowed(
        f"deal #{deal_id} {row.title} is in {what} {name}, which is deleted",
        f"restore that first: crm trash restore {what} {number}",
    )
