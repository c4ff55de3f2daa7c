"""What is in the way of an undo, said so that a person knows what to look at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from language.fields import NOUNS
from operations.find import label
from operations.made import effective
from operations.reversal import TABLES, Clash, raw
from operations.told import field_label
from storage.history import journaled_tables
from storage.model.journal import changes, commands
from storage.unit import home_of

if TYPE_CHECKING:
    from storage.unit import UnitOfWork

SHOWN = 20
PARTS = {
    "emails": "e-mail",
    "phones": "phone",
    "addresses": "address",
    "handles": "handle",
    "domains": "domain",
    "personal_dates": "date",
    "interests": "interest",
    "relations": "relation",
    "deal_contacts": "deal role",
    "deal_products": "product line",
    "activity_contacts": "activity",
    "taggings": "tag",
    "custom_values": "field of your own",
    "flags": "unreadable value",
    "distinctions": "mark as different",
}


def sentences(uow: UnitOfWork, clashes: Sequence[Clash], command_id: int) -> list[str]:
    """One sentence a clash, at most SHOWN of them, then how many more there are."""
    told = list(dict.fromkeys(_sentence(uow, clash, command_id) for clash in clashes[:SHOWN]))
    if len(clashes) > SHOWN:
        told.append(f"and {len(clashes) - SHOWN:,} more")
    return told


def _sentence(uow: UnitOfWork, clash: Clash, command_id: int) -> str:
    name = _name(uow, clash)
    match clash.why:
        case "field":
            what = field_label(clash.table, clash.column).lower()
            return f"{what} of {name} was changed since{_by(uow, clash, command_id)}"
        case "changed":
            return f"{name} was changed since{_author(uow, clash.command_id)}"
        case "gone":
            return f"{name} was removed since{_author(uow, clash.command_id)}"
        case "used":
            return _used(uow, clash, name)
        case "there":
            return f"{name} is there again already"
        case "taken":
            return f"{name}: its name or number is used again by another"
        case _:
            noun = noun_of(clash.other)
            return f"{name} names a {noun} that is gone"


def _used(uow: UnitOfWork, clash: Clash, name: str) -> str:
    count, table = clash.count, clash.other
    author = _author(uow, clash.command_id)
    if table in {"activities", "activity_contacts"}:
        word = _activity_word(uow, clash)
        were = "was" if count == 1 else "were"
        return f"{count} {_plural(word, count)} {were} logged with {name} since{author}"
    if table == "tasks":
        were = "was" if count == 1 else "were"
        return f"{count} {_plural('task', count)} {were} planned with {name} since{author}"
    word = PARTS.get(table) or noun_of(table)
    names = "names" if count == 1 else "name"
    if table in PARTS or table == "attachments":
        were = "was" if count == 1 else "were"
        return f"{count} {_plural(word, count)} {were} added to {name} since{author}"
    return f"{count} {_plural(word, count)} {names} {name} since{author}"


def _activity_word(uow: UnitOfWork, clash: Clash) -> str:
    from storage.model.work import activities, activity_contacts

    statement = sa.select(activities.c.kind).distinct()
    if clash.other == "activities":
        statement = statement.where(activities.c[clash.column] == clash.row_id)
    else:
        statement = statement.join(
            activity_contacts, activity_contacts.c.activity_id == activities.c.id
        ).where(activity_contacts.c[clash.column] == clash.row_id)
    kinds = [row.kind for row in uow.rows(statement)]
    return str(kinds[0]) if len(kinds) == 1 else "activity"


def _plural(word: str, count: int) -> str:
    if count == 1:
        return word
    if word in NOUNS:
        return NOUNS[word].plural
    first, space, rest = word.partition(" ")
    if rest.startswith(("of ", "as ")):
        return f"{first}s{space}{rest}"
    return f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"


def noun_of(table: str) -> str:
    """The word for a row of a table."""
    return next((noun for noun, name in TABLES.items() if name == table), PARTS.get(table, table))


def _name(uow: UnitOfWork, clash: Clash) -> str:
    """What people call the row: its record, and what part of it."""
    row = clash.row or _row(uow, clash)
    part = PARTS.get(clash.table)
    if not row:
        return f"{noun_of(clash.table)} #{clash.row_id}"
    noun, number = home_of(clash.table, row)
    shown = label(uow, noun, number)
    return f"{part} of {shown}" if part else shown


def _row(uow: UnitOfWork, clash: Clash) -> dict[str, Any]:
    table = next(table for table in journaled_tables() if table.name == clash.table)
    bare = raw(table)
    found = uow.connection.execute(sa.select(bare).where(bare.c.id == clash.row_id)).mappings()
    return dict(found.first() or {})


def _by(uow: UnitOfWork, clash: Clash, command_id: int) -> str:
    """Who changed a field last, by a command that still counts."""
    row = uow.first(
        sa.select(sa.func.max(commands.c.id))
        .select_from(changes.join(commands, commands.c.id == changes.c.command_id))
        .where(
            changes.c.table_name == clash.table,
            changes.c.row_id == clash.row_id,
            changes.c.command_id > command_id,
            changes.c.kind == "U",
            changes.c.after.contains(f'"{clash.column}":'),
            effective(),
        )
    )
    return _author(uow, row[0] or 0) if row is not None else ""


def _author(uow: UnitOfWork, command_id: int) -> str:
    if not command_id:
        return ""
    actor = uow.scalar(sa.select(commands.c.actor).where(commands.c.id == command_id))
    return f" by {actor} (#{command_id})"
