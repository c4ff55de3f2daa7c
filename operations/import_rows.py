"""What becomes of each row of an import, in a form that people and scripts can read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from operations.import_told import Outcome

if TYPE_CHECKING:
    from operations.import_drafts import Drafts
    from operations.import_match import Found
    from storage.unit import UnitOfWork


def outcomes(
    uow: UnitOfWork,
    drafts: Drafts,
    found: Found,
    before: Mapping[int, Any],
    after: Mapping[int, Any],
    new: set[int],
    changed: set[int],
) -> list[Outcome]:
    """One outcome a row, in the order of the file; changes are those of whole records."""
    told: list[Outcome] = []
    first: set[int] = set()
    labels = _labels(uow, drafts.noun, {slot.id for slot in found.slots})
    for row, slot in enumerate(found.of_row):
        if slot is None:
            continue
        again = slot.id in first
        first.add(slot.id)
        changes: dict[str, tuple[Any, Any]] = {}
        if again:
            kind = "merged"
        elif slot.id in new:
            kind = "created"
        elif slot.id in changed:
            kind = "updated"
            changes = _differences(before.get(slot.id, {}), after.get(slot.id, {}))
        else:
            kind = "unchanged"
        told.append(
            Outcome(drafts.lines[row], kind, slot.id, labels.get(slot.id, ""), slot.by, changes)
        )
    return told


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    return {
        name: (before.get(name), value)
        for name, value in after.items()
        if before.get(name) != value
    }


def _labels(uow: UnitOfWork, noun: str, numbers: set[int]) -> dict[int, str]:
    import sqlalchemy as sa

    from operations.import_lookup import in_chunks
    from operations.sources import source_of

    source = source_of(noun)
    return {
        row.id: str(row.label or "")
        for chunk in in_chunks(numbers)
        for row in uow.rows(
            sa.select(source.table.c.id, source.label.label("label")).where(
                source.table.c.id.in_(chunk)
            )
        )
    }
