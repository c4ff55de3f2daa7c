"""What is done with a task: finish it (and plan its next occurrence), reopen it, put it off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from language.errors import Conflict, InvalidValue, NotFound
from language.repeat import show_repeat
from language.values import Ref
from language.when import When, show_due
from operations import records
from operations.activities import moment_of
from operations.find import find, label, matches
from operations.repeat import at_the_same_time, next_time
from storage.model.work import tasks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from language.values import Record
    from storage.unit import UnitOfWork

COPIED = ("title", "priority", "owner", "contact", "company", "deal", "repeat_from", "note", "tags")


@dataclass(frozen=True, slots=True)
class Finished:
    """A task that is done, what to say, and the task that follows it, if any."""

    id: int
    sentence: str
    next: Ref | None = None


def add(uow: UnitOfWork, values: Mapping[str, object]) -> Finished:
    """Add a task; the sentence tells what was understood."""
    added = records.add(uow, "task", values)
    uow.summary = f"added task #{added.id} {added.label}{_facts(uow, added.id)}"
    return Finished(added.id, uow.summary)


def named(uow: UnitOfWork, text: str, *, finished: bool = False) -> Ref:
    """Find the task that a text names; of several, only those open (or `finished`) count.

    A task that repeats leaves many of its name behind, and only one of them can be meant. Raises
    `NotFound` or `Ambiguous`.
    """
    found = matches(uow, "task", text)
    if len(found) > 1:
        state = tasks.c.done_at.is_not(None) if finished else tasks.c.done_at.is_(None)
        numbers = [ref.id for ref in found]
        rows = uow.rows(sa.select(tasks.c.id).where(tasks.c.id.in_(numbers), state))
        if len(rows) == 1:
            return next(ref for ref in found if ref.id == rows[0].id)
    return find(uow, "task", text)


def done(uow: UnitOfWork, task_id: int, *, at: object = None, note: str | None = None) -> Finished:
    """Finish a task; one that repeats is followed by its next occurrence.

    `at` is when it was done (`When` or a moment, never later than now); `note` is added to its
    note. A task that is done already stays as it is.
    """
    row = _row(uow, task_id)
    if row.done_at is not None:
        return Finished(task_id, f"task #{task_id} {row.title} was done already")
    moment = uow.now if at is None else moment_of(uow, at)
    uow.update(tasks, task_id, {"done_at": moment, "note": _joined(row.note, note)})
    parts = [f"done: #{task_id} {row.title}"]
    following = None
    if row.repeat:
        following = _follow(uow, row, moment)
        if following is None:
            parts.append("that was the last time")
        else:
            parts.append(f"next is #{following.id}{_facts(uow, following.id, links=False)}")
    uow.result = ("task", task_id)
    return Finished(task_id, "; ".join(parts), following)


def _follow(uow: UnitOfWork, row: Any, moment: Any) -> Ref | None:
    """Plan the next occurrence, as like the one just done as can be."""
    came = next_time(
        row.repeat,
        When(row.due_on, row.due_at),
        moment,
        uow.zone,
        from_done=row.repeat_from == "done",
    )
    if came is None:
        return None
    due, rule = came
    values: dict[str, Any] = {
        name: value for name, value in _copied(uow, row.id).items() if value not in (None, [])
    }
    if row.note:
        values["note"] = row.note
    columns = {"repeat": rule, "follows_id": row.id}
    return records.add(uow, "task", values | {"due": due}, columns=columns, complete=False)


def _copied(uow: UnitOfWork, task_id: int) -> Record:
    from operations.custom_fields import keys_of
    from operations.lists import get

    names = [name for name in COPIED if name != "note"]
    record = get(uow, "task", task_id, [*names, *keys_of(uow, "task")])
    return {name: value for name, value in record.items() if name != "id"}


def reopen(uow: UnitOfWork, task_id: int) -> Finished:
    """Open a task again; the occurrence that was planned after it goes to the trash, if open."""
    row = _row(uow, task_id)
    if row.done_at is None:
        return Finished(task_id, f"task #{task_id} {row.title} is open already")
    uow.update(tasks, task_id, {"done_at": None})
    sentence = f"reopened task #{task_id} {row.title}{_facts(uow, task_id, links=False)}"
    after = uow.first(
        sa.select(tasks.c.id).where(
            tasks.c.follows_id == task_id, tasks.c.done_at.is_(None), tasks.c.deleted_at.is_(None)
        )
    )
    if after is not None:
        uow.update(tasks, after.id, {"deleted_at": uow.now})
        sentence += f"; #{after.id}, which followed it, is in the trash"
    uow.summary = sentence
    uow.result = ("task", task_id)
    return Finished(task_id, sentence)


def snooze(uow: UnitOfWork, task_id: int, when: When, reason: str | None = None) -> Finished:
    """Put a task off until a day or moment; a day alone keeps the time of day it had.

    The reason is added to its note. Raises `Conflict` for a task that is done, `InvalidValue` for
    a time that is over.
    """
    row = _row(uow, task_id)
    if row.done_at is not None:
        raise Conflict(
            f"task #{task_id} {row.title} is done", f"open it first: crm task reopen {task_id}"
        )
    if row.due_at is not None and when.moment is None:
        when = at_the_same_time(When(row.due_on, row.due_at), when.day, uow.zone)
    shown = show_due(when, now=uow.now, zone=uow.zone, lang=uow.settings.language)
    if when.day < uow.today or (when.moment is not None and when.moment <= uow.now):
        raise InvalidValue(f"{shown} is over", 'for example: crm task snooze 12 "monday 9am"')
    why = f"put off until {shown}: {reason}" if reason else None
    changes = {"due_on": when.day, "due_at": when.moment, "note": _joined(row.note, why)}
    uow.update(tasks, task_id, changes)
    uow.summary = f"put off task #{task_id} {row.title} until {shown}"
    uow.result = ("task", task_id)
    return Finished(task_id, uow.summary)


def _row(uow: UnitOfWork, task_id: int) -> Any:
    row = uow.first(sa.select(tasks).where(tasks.c.id == task_id, tasks.c.deleted_at.is_(None)))
    if row is None:
        raise NotFound(f"there is no task #{task_id}", "see: crm task list")
    return row


def _joined(before: str | None, more: str | None) -> str | None:
    return "\n".join(part for part in (before, more) if part) or None


def _facts(uow: UnitOfWork, task_id: int, *, links: bool = True) -> str:
    """What a person should check about a task just written: when, how often, whose, on what."""
    row = _row(uow, task_id)
    told = []
    if row.due_on is not None:
        due = When(row.due_on, row.due_at)
        told.append(f"due {show_due(due, now=uow.now, zone=uow.zone, lang=uow.settings.language)}")
    if row.repeat:
        told.append(show_repeat(row.repeat))
    if links:
        if row.contact_id is not None:
            told.append(f"with {label(uow, 'contact', row.contact_id)}")
        if row.deal_id is not None:
            told.append(f"on deal {label(uow, 'deal', row.deal_id)}")
        elif row.company_id is not None and row.contact_id is None:
            told.append(f"with {label(uow, 'company', row.company_id)}")
        if row.owner_id is not None and row.owner_id != uow.me():
            told.append(f"for {label(uow, 'user', row.owner_id)}")
    return f", {', '.join(told)}" if told else ""
