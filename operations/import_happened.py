"""Telling an imported activity or task again: the same file twice logs nothing twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from language.errors import InvalidValue
from language.text import fold
from operations.activities import moment_of
from operations.import_lookup import in_chunks
from storage.model.work import activities, activity_contacts, tasks

if TYPE_CHECKING:
    from operations.import_parts import Lists
    from storage.unit import UnitOfWork

SHOWN = 200


def activity_key(uow: UnitOfWork, cell: Callable[[str], Any], lists: Lists) -> tuple[Any, ...]:
    """What tells an activity: kind, moment, words, with whom and on what."""
    at = cell("at")
    try:
        moment = uow.now if at is None else moment_of(uow, at)
    except InvalidValue:
        moment = uow.now
    read = lists.read.get("contacts", {})
    people = {read[text]["contact_id"] for text in cell("contacts") or () if text in read}
    return (
        cell("kind"),
        moment,
        _words(cell("subject") or "", cell("note") or ""),
        frozenset(people),
        cell("deal"),
    )


def _words(subject: str, note: str) -> str:
    return fold(f"{subject}\n{note}")[:SHOWN]


def collect(
    uow: UnitOfWork,
    noun: str,
    wanted: Mapping[str, set[Any]],
    known: defaultdict[tuple[str, Any], list[Any]],
) -> None:
    """Add the living activities or tasks that have one of the wanted keys."""
    if noun == "task":
        _tasks(uow, wanted.get("title", set()), known)
    else:
        _activities(uow, wanted.get("what happened", set()), known)


def _tasks(
    uow: UnitOfWork, wanted: set[Any], known: defaultdict[tuple[str, Any], list[Any]]
) -> None:
    by_title: defaultdict[str, list[Any]] = defaultdict(list)
    for key in wanted:
        by_title[key[0]].append(key)
    for chunk in in_chunks(by_title):
        for row in uow.rows(
            sa.select(tasks).where(tasks.c.deleted_at.is_(None), tasks.c.title_key.in_(chunk))
        ):
            about = (row.contact_id, row.company_id, row.deal_id)
            for key in by_title[row.title_key]:
                _, due, named = key
                # The company that a new task takes from its contact or deal is not in the file.
                same = all(one in {None, two} for one, two in zip(named, about, strict=True))
                if due == row.due_on and same:
                    known["title", key].append((row.id, None))


def _activities(
    uow: UnitOfWork, wanted: set[Any], known: defaultdict[tuple[str, Any], list[Any]]
) -> None:
    for chunk in in_chunks({key[1] for key in wanted}):
        rows = uow.rows(
            sa.select(activities)
            .where(activities.c.deleted_at.is_(None), activities.c.happened_at.in_(chunk))
            .order_by(activities.c.id)
        )
        people: defaultdict[int, set[int]] = defaultdict(set)
        for some in in_chunks(row.id for row in rows):
            for row in uow.rows(
                sa.select(activity_contacts.c.activity_id, activity_contacts.c.contact_id).where(
                    activity_contacts.c.activity_id.in_(some)
                )
            ):
                people[row.activity_id].add(row.contact_id)
        for row in rows:
            key = (
                row.kind,
                row.happened_at,
                _words(row.subject, row.note),
                frozenset(people[row.id]),
                row.deal_id,
            )
            if key in wanted:
                known["what happened", key].append((row.id, None))
