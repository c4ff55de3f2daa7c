"""What is done with tags beyond the usual verbs: merge them, and see the records that have one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import sqlalchemy as sa

from language.errors import InvalidValue
from language.values import Ref
from operations.find import label
from operations.reversal import chunks
from operations.sources import source_of
from operations.tags import TAGGED, alive
from storage.model.anything import taggings, tags

if TYPE_CHECKING:
    from storage.unit import UnitOfWork


def merge(uow: UnitOfWork, keep: int, others: Sequence[int]) -> int:
    """Put tag `keep` on all that has one of the others, and trash those; gives how many records.

    Raises `InvalidValue` when a tag would be merged into itself.
    """
    if keep in others:
        raise InvalidValue(f"tag #{keep} cannot be merged into itself", "name two different tags")
    name = label(uow, "tag", keep)
    gone = [label(uow, "tag", number) for number in others]
    has = {(row.noun, row.record_id) for row in _taggings(uow, [keep])}
    moved: list[dict[str, int]] = []
    doubled: list[int] = []
    for row in _taggings(uow, others):
        place = (row.noun, row.record_id)
        if place in has:
            doubled.append(row.id)
        else:
            has.add(place)
            moved.append({"id": row.id, "tag_id": keep})
            uow.touch(row.noun, row.record_id)
    for some in chunks(doubled):
        uow.delete(taggings, taggings.c.id.in_(some))
    uow.update_many(taggings, moved)
    for number in others:
        uow.update(tags, number, {"deleted_at": uow.now})
    uow.summary = f"merged tag {', '.join(gone)} into {name}; {len(moved)} more records have it"
    return len(moved)


def _taggings(uow: UnitOfWork, numbers: Sequence[int]) -> Sequence[sa.Row[tuple[object, ...]]]:
    chosen = taggings.c.tag_id.in_(numbers)
    return uow.rows(sa.select(taggings).where(chosen).order_by(taggings.c.id))


def tagged(uow: UnitOfWork, tag: int, *, limit: int | None = None) -> dict[str, list[Ref]]:
    """Living records that have a tag, by noun, in order of their names; at most `limit` a noun."""
    found: dict[str, list[Ref]] = {}
    having = counts(uow, tag)
    for noun in (noun for noun in TAGGED if noun in having):
        source = source_of(noun)
        rows = uow.rows(
            sa.select(source.table.c.id, source.label.label("label"))
            .join(taggings, taggings.c.record_id == source.table.c.id)
            .where(taggings.c.tag_id == tag, taggings.c.noun == noun, source.living)
            .order_by(source.label, source.table.c.id)
            .limit(limit)
        )
        found[noun] = [Ref(row.id, row.label or f"#{row.id}") for row in rows]
    return found


def counts(uow: UnitOfWork, tag: int) -> dict[str, int]:
    """How many living records of each noun have a tag."""
    rows = uow.rows(
        sa.select(taggings.c.noun, sa.func.count().label("records"))
        .where(taggings.c.tag_id == tag, sa.or_(*map(alive, TAGGED)))
        .group_by(taggings.c.noun)
    )
    return {row.noun: row.records for row in rows}
