"""Tags: words that group records of any noun."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from language.errors import InvalidValue
from language.text import clean_line, fold
from operations.bindings import Computed, Plain
from operations.facts import facts
from operations.sources import Source
from storage.model.anything import taggings, tags

if TYPE_CHECKING:
    from storage.unit import UnitOfWork


def _count(uow: UnitOfWork) -> sa.ColumnElement[Any]:
    return (
        sa.select(sa.func.count())
        .select_from(taggings)
        .where(taggings.c.tag_id == tags.c.id)
        .correlate(tags)
        .scalar_subquery()
    )


SOURCE = Source(
    noun="tag",
    table=tags,
    label=tags.c.name,
    key=tags.c.name_key,
    bindings={
        "name": Plain(tags.c.name, key=tags.c.name_key),
        "note": Plain(tags.c.note, "long"),
        "count": Computed(_count),
        **facts(tags),
    },
    describe=("count",),
)


def tag_number(uow: UnitOfWork, word: str) -> int:
    """Number of a tag, made at first use in a unit that writes; a trashed tag comes back."""
    name = clean_line(word, "tag", 100)
    if "," in name or ";" in name:
        raise InvalidValue(f"tag '{name}' holds a comma or semicolon", "give each tag by itself")
    key = fold(name)
    row = uow.first(
        sa.select(tags.c.id, tags.c.deleted_at)
        .where(tags.c.name_key == key)
        .order_by(tags.c.deleted_at.is_not(None), tags.c.id.desc())
    )
    if row is None:
        return uow.insert(tags, name=name, name_key=key)
    if row.deleted_at is not None:
        uow.update(tags, row.id, {"deleted_at": None})
    return int(row.id)
