"""Tags: words that group records of any noun."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from language.errors import InvalidValue
from language.text import clean_line, fold
from operations.bindings import Computed, Plain
from operations.facts import facts
from operations.sources import Draft, Source
from storage.model.anything import taggings, tags
from storage.model.people import companies, contacts
from storage.model.sales import deals, products
from storage.model.work import activities, tasks

if TYPE_CHECKING:
    from storage.unit import UnitOfWork


TAGGED = {
    "contact": contacts,
    "company": companies,
    "deal": deals,
    "activity": activities,
    "task": tasks,
    "product": products,
}


def alive(noun: str) -> sa.ColumnElement[bool]:
    """Condition on a tagging: it is on a record of `noun` that is not in the trash."""
    table = TAGGED[noun]
    living = sa.select(table.c.id).where(table.c.deleted_at.is_(None)).correlate(None)
    return sa.and_(taggings.c.noun == noun, taggings.c.record_id.in_(living))


def _count(uow: UnitOfWork) -> sa.ColumnElement[Any]:
    return (
        sa.select(sa.func.count())
        .select_from(taggings)
        .where(taggings.c.tag_id == tags.c.id, sa.or_(*map(alive, TAGGED)))
        .correlate(tags)
        .scalar_subquery()
    )


def tag_name(text: str) -> str:
    """Read the name of a tag; raises `InvalidValue` for a text that lists could not hold."""
    name = clean_line(text, "tag", 100)
    if "," in name or ";" in name:
        raise InvalidValue(f"tag '{name}' holds a comma or semicolon", "give each tag by itself")
    return name


def _prepare(uow: UnitOfWork, draft: Draft) -> None:
    if draft.moves("name"):
        draft.columns["name"] = tag_name(str(draft.columns["name"]))


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
    prepare=_prepare,
    describe=("count",),
)


def tag_number(uow: UnitOfWork, word: str) -> int:
    """Number of a tag, made at first use in a unit that writes.

    A tag of that name in the trash stays there: it would bring back every record it was on.
    """
    name = tag_name(word)
    key = fold(name)
    living = sa.and_(tags.c.name_key == key, tags.c.deleted_at.is_(None))
    number = uow.scalar(sa.select(tags.c.id).where(living))
    return uow.insert(tags, name=name, name_key=key) if number is None else int(number)
