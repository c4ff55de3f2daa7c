"""What happens to a deal: it moves, is won or lost, and may be opened again."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import sqlalchemy as sa

from language.errors import Conflict, InvalidValue, NotFound
from language.money import show_money
from language.when import show_day
from operations import records
from operations.deal_rules import stage_before_closing, stage_with
from operations.stages import stage_row
from storage.model.sales import deals

if TYPE_CHECKING:
    from typing import Any

    from language.values import Changed, Ref, Values
    from storage.unit import UnitOfWork


def move(uow: UnitOfWork, deal_id: int, stage: str | int, values: Values | None = None) -> Changed:
    """Move a deal to a stage of its pipeline, by name or number; other fields may go along.

    Raises `NotAllowed` at a gate and `InvalidValue` for a loss without a reason.
    """
    changed = records.edit(uow, "deal", deal_id, {"stage": stage, **(values or {})})
    if "stage" in changed.fields:
        before, after = (cast("Ref", ref).label for ref in changed.fields["stage"])
        uow.summary = f"moved deal #{deal_id} {changed.label}: {before} → {after}"
    return changed


def win(uow: UnitOfWork, deal_id: int, values: Values | None = None) -> Changed:
    """Win a deal: it goes to the won stage of its pipeline; `values` may set amount, closed_at."""
    changed = move(uow, deal_id, _closing(uow, deal_id, "won"), values)
    if changed.fields:
        uow.summary = f"won deal #{deal_id} {changed.label}" + _worth(uow, deal_id)
    return changed


def lose(
    uow: UnitOfWork, deal_id: int, reason: str, values: Values | None = None, *, note: str = ""
) -> Changed:
    """Lose a deal, saying why; `note` is added below what its note says already."""
    filled = {**(values or {}), "lost_reason": reason}
    if note:
        had = uow.scalar(sa.select(deals.c.note).where(deals.c.id == deal_id))
        filled["note"] = f"{had}\n{note}" if had else note
    changed = move(uow, deal_id, _closing(uow, deal_id, "lost"), filled)
    if changed.fields:
        uow.summary = f"lost deal #{deal_id} {changed.label}" + _worth(uow, deal_id, reason)
    return changed


def reopen(uow: UnitOfWork, deal_id: int, stage: str = "") -> Changed:
    """Open a closed deal again: in the stage it left, or in the one named.

    When it closed and why it was lost stay in its history only, so no report counts it twice.
    """
    row = _row(uow, deal_id)
    if stage_row(uow, row.stage_id).outcome == "open":
        raise Conflict(
            f"deal #{deal_id} {row.title} is open", f"to move it: crm deal move {deal_id} STAGE"
        )
    target = stage or stage_before_closing(uow, deal_id, row.pipeline_id).id
    changed = move(uow, deal_id, target)
    if stage_row(uow, _row(uow, deal_id).stage_id).outcome != "open":
        raise InvalidValue(f"'{stage}' is no open stage", "leave --stage out, or name an open one")
    before, after = (cast("Ref", ref).label for ref in changed.fields["stage"])
    uow.summary = f"reopened deal #{deal_id} {changed.label}: {before} → {after}"
    return changed


def _row(uow: UnitOfWork, deal_id: int) -> sa.Row[Any]:
    row = uow.first(sa.select(deals).where(deals.c.id == deal_id, deals.c.deleted_at.is_(None)))
    if row is None:
        raise NotFound(f"there is no deal #{deal_id}", "see: crm deal list")
    return row


def _closing(uow: UnitOfWork, deal_id: int, outcome: str) -> int:
    row = _row(uow, deal_id)
    return stage_with(uow, row.pipeline_id, outcome, row.stage_id).id


def _worth(uow: UnitOfWork, deal_id: int, reason: str = "") -> str:
    """What follows the name in a sentence: `: 12,500 EUR, price`."""
    row = _row(uow, deal_id)
    parts = [reason] if reason else []
    if reason and row.competitor:
        parts.append(f"competitor {row.competitor}")
    if reason and row.gap_percent is not None:
        parts.append(f"gap {row.gap_percent}%")
    if reason and row.retry_on is not None:
        day = show_day(row.retry_on, today=uow.today, lang=uow.settings.language)
        parts.append(f"try again {day}")
    if row.amount_minor is not None:
        amount = show_money(row.amount_minor, row.currency, lang=uow.settings.language)
        parts.insert(0, amount)
    return f": {', '.join(parts)}" if parts else ""
