"""Write the records of an import in sets: new ones by columns, changed ones by what is new."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from operations.import_family import parents_first
from operations.sources import source_of

if TYPE_CHECKING:
    import sqlalchemy as sa

    from operations.import_drafts import Choices
    from operations.import_match import Slot
    from storage.unit import UnitOfWork


def insert(uow: UnitOfWork, noun: str, slots: Sequence[Slot], choices: Choices) -> None:
    """Write the new records, those first that others of the file point to."""
    table = source_of(noun).table
    used = set().union(*(slot.columns for slot in slots))
    blank = {
        name: None for name in used if table.c[name].nullable and not table.c[name].server_default
    }
    by_keys: defaultdict[frozenset[str], list[Slot]] = defaultdict(list)
    for slot in slots:
        by_keys[frozenset(slot.columns.keys() | blank.keys())].append(slot)
    # A row may point to another one of this file, which then must be there first.
    link = next((c.name for c in table.c if c.name in used and _is_own(c, table)), None)
    # What a deal's lines cost is worked out from what was written of the deal.
    kept = noun == "deal"
    for some in by_keys.values():
        rows = _rows(some, blank, kept=kept)
        uow.insert_many(table, parents_first(list(rows), link) if link else rows)
        choices.tell("writing", len(some), len(slots))


def _rows(slots: Sequence[Slot], blank: dict[str, Any], *, kept: bool) -> Iterator[dict[str, Any]]:
    for slot in slots:
        yield {**blank, **slot.columns, "id": slot.id}
        if not kept:
            slot.columns = {}


def update(uow: UnitOfWork, noun: str, slots: Sequence[Slot]) -> set[int]:
    """Change what differs in records that exist; gives the numbers of those that changed."""
    by_keys: defaultdict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for slot in slots:
        before = slot.before or {}
        real = {key: value for key, value in slot.columns.items() if before[key] != value}
        if real:
            by_keys[tuple(sorted(real))].append(real | {"id": slot.id})
            if "name" in real and noun == "company":
                uow.touch("company members", slot.id)
    for rows in by_keys.values():
        uow.update_many(source_of(noun).table, rows)
    return {row["id"] for rows in by_keys.values() for row in rows}


def _is_own(column: sa.Column[Any], table: sa.Table) -> bool:
    return any(key.column.table is table for key in column.foreign_keys)
