"""Who did what, when: commands, the life of one record, and what one command did."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from language.errors import InvalidValue, NotFound
from language.fields import NOUNS, Field
from language.text import closest, fold, shorten
from language.values import Record, Ref
from operations.find import find, label, matches, nearest
from operations.lines import Line, home_of_line, lines_of_command, lines_of_record
from operations.told import PARTS
from operations.undo import undoable
from storage.model.journal import commands

if TYPE_CHECKING:
    from datetime import datetime

    from storage.unit import UnitOfWork

AT = Field("at", "moment", "When", fill=False)
WHO = Field("who", "text", "Who", fill=False)
COMMAND_FIELDS = (
    Field("id", "integer", "#", fill=False),
    AT,
    WHO,
    Field("via", "text", "Via", fill=False),
    Field("what", "text", "What", fill=False),
    Field("undone", "text", "Undone", fill=False),
)
LINE_FIELDS = (
    Field("id", "integer", "#", "number of the command", fill=False),
    AT,
    WHO,
    Field("field", "text", "Field", fill=False),
    Field("before", "text", "Before", fill=False),
    Field("after", "text", "After", fill=False),
)
CHANGE_FIELDS = (
    Field("noun", "text", "Noun", fill=False),
    Field("id", "integer", "#", "number of the record", fill=False),
    Field("name", "text", "Name", fill=False),
    *LINE_FIELDS[3:],
)
TRIED = ("contact", "company", "deal", "task", "product", "user")
ACTIVITY_WIDTH = 80


def command_list(
    uow: UnitOfWork, *, limit: int | None, since: datetime | None = None, by: str = ""
) -> list[Record]:
    """Commands, newest first."""
    statement = sa.select(commands).order_by(commands.c.id.desc()).limit(limit)
    if since is not None:
        statement = statement.where(commands.c.started_at >= since)
    if by:
        statement = statement.where(commands.c.actor.in_(_names(uow, by)))
    return [_command_record(row) for row in uow.rows(statement)]


def my_undoable(uow: UnitOfWork, limit: int | None) -> list[Record]:
    """My commands in the order in which undo takes them."""
    return [_command_record(row) for row in undoable(uow, limit)]


def _command_record(row: sa.Row[Any]) -> Record:
    return {
        "id": row.id,
        "at": row.started_at,
        "who": row.actor,
        "via": row.via,
        "what": row.summary or row.name,
        "undone": f"by #{row.undone_by}" if row.undone_by is not None else None,
    }


def _names(uow: UnitOfWork, by: str) -> set[str]:
    """Names under which a user's commands may be: what was typed, their login, name, e-mail."""
    from storage.model.people import users

    found = matches(uow, "user", by)
    names = {by}
    if not found and uow.first(sa.select(commands.c.id).where(commands.c.actor == by)) is None:
        find(uow, "user", by)
    for row in uow.rows(sa.select(users).where(users.c.id.in_([ref.id for ref in found]))):
        names |= {name for name in (row.login, row.name, row.email) if name}
    return names


def which_record(uow: UnitOfWork, text: str) -> tuple[str, Ref]:
    """Find a record of any noun by anything that names it; `deal:42` says of which noun.

    A whole name goes before a part of one, and that before words anywhere; then nouns go in order
    of TRIED. Records in the trash count when no living one answers.
    """
    word, colon, rest = text.partition(":")
    if colon and fold(word) in NOUNS:
        return fold(word), _living_or_not(uow, fold(word), rest)
    for trashed in (False, True):
        found = {noun: matches(uow, noun, text, trashed=trashed, limit=50) for noun in TRIED}
        best = min(
            (
                (_distance(ref, text), place)
                for place, noun in enumerate(TRIED)
                for ref in found[noun]
            ),
            default=None,
        )
        if best is not None:
            noun = TRIED[best[1]]
            return noun, find(uow, noun, text, trashed=trashed)
    near = [name for noun in TRIED[:3] for name in nearest(uow, noun, text, 1)]
    hint = f"did you mean {', '.join(near)}?" if near else "see: crm search"
    raise NotFound(f"nothing answers to '{text}'", hint)


def _distance(ref: Ref, text: str) -> int:
    name, wanted = fold(ref.label), fold(text)
    return 0 if name == wanted else 1 if wanted in name else 2


def _living_or_not(uow: UnitOfWork, noun: str, text: str) -> Ref:
    if not matches(uow, noun, text) and matches(uow, noun, text, trashed=True):
        return find(uow, noun, text, trashed=True)
    return find(uow, noun, text)


def record_history(
    uow: UnitOfWork,
    noun: str,
    number: int,
    *,
    field: str = "",
    limit: int | None = None,
    since: datetime | None = None,
    by: str = "",
) -> list[Record]:
    """The life of a record and its parts, newest first, with the activities logged on it."""
    wanted = _field_wanted(uow, noun, field) if field else ""
    told: list[tuple[int, Line | sa.Row[Any]]] = [
        (line.command_id, line) for line in lines_of_record(uow, noun, number)
    ]
    if not wanted:
        told += [(row.created_by_command, row) for row in _activities(uow, noun, number)]
    told.sort(key=lambda item: item[0], reverse=True)
    done = _commands(uow, {command_id for command_id, _ in told})
    names = _names(uow, by) if by else set()
    records: list[Record] = []
    for command_id, item in told:
        command = done[command_id]
        if (since is not None and command.started_at < since) or (
            names and command.actor not in names
        ):
            continue
        line = _line_record(uow, item) if isinstance(item, Line) else _activity_record(item)
        if wanted and fold(str(line["field"])) != wanted:
            continue
        records.append({"id": command_id, "at": command.started_at, "who": command.actor, **line})
        if limit is not None and len(records) >= limit:
            break
    return records


def _commands(uow: UnitOfWork, numbers: set[int]) -> dict[int, sa.Row[Any]]:
    from operations.reversal import chunks

    return {
        row.id: row
        for chunk in chunks(sorted(numbers))
        for row in uow.rows(sa.select(commands).where(commands.c.id.in_(chunk)))
    }


def _line_record(uow: UnitOfWork, line: Line) -> Record:
    return {
        "field": line.label(uow),
        "before": line.value(uow, line.before),
        "after": line.value(uow, line.after),
    }


def _field_wanted(uow: UnitOfWork, noun: str, name: str) -> str:
    """The folded label of a field, from anything that means it."""
    from operations.custom_fields import fields_of

    known = NOUNS[noun].field(name)
    parts = {fold(text): fold(text) for text, _ in PARTS.values()}
    if known is not None:
        return parts.get(fold(known.label.removesuffix("s")), fold(known.label))
    labels = [
        *(field.label for field in fields_of(uow, noun)),
        *(label for label, _ in PARTS.values()),
        "In the trash",
    ]
    for text in labels:
        if fold(text) == fold(name):
            return fold(text)
    near = closest(name, [*labels, *(field.label for field in NOUNS[noun].fields)])
    hint = f"did you mean {', '.join(near)}?" if near else f"see: crm {noun} edit --help"
    raise InvalidValue(f"{noun} has no field '{name}'", hint)


def _activities(uow: UnitOfWork, noun: str, number: int) -> Sequence[sa.Row[Any]]:
    from storage.model.work import activities, activity_contacts

    statement = sa.select(activities).where(activities.c.deleted_at.is_(None))
    if noun == "contact":
        who = sa.select(activity_contacts.c.activity_id).where(
            activity_contacts.c.contact_id == number
        )
        return uow.rows(statement.where(activities.c.id.in_(who)))
    if noun in {"company", "deal"}:
        return uow.rows(statement.where(activities.c[f"{noun}_id"] == number))
    return []


def _activity_record(row: sa.Row[Any]) -> Record:
    text = shorten(row.subject or row.note or row.outcome or f"#{row.id}", ACTIVITY_WIDTH)
    return {"field": row.kind, "before": None, "after": text}


def command_changes(uow: UnitOfWork, command_id: int, limit: int | None) -> list[Record]:
    """What one command did to which record. Raises `NotFound` for a number nobody used."""
    if uow.first(sa.select(commands.c.id).where(commands.c.id == command_id)) is None:
        raise NotFound(f"there is no command #{command_id}", "see: crm history")
    records: list[Record] = []
    for line in lines_of_command(uow, command_id, limit or 2**31):
        home = home_of_line(line)
        noun, number, name = (*home, label(uow, *home)) if home else (line.table, None, "")
        records.append({"noun": noun, "id": number, "name": name, **_line_record(uow, line)})
    return records[:limit]
