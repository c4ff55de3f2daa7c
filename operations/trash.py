"""The trash: what is in it, taking records out, and emptying it for good (undo brings it back)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from language.errors import Ambiguous, NotFound
from language.fields import NOUNS, Field
from language.values import Record, Ref
from operations.find import find, label, matches
from operations.reversal import TABLES, chunks
from operations.sources import source_of
from storage.history import NOUNS as NOUN_OF
from storage.history import ON_ANY_RECORD, PARENTS, POLYMORPHIC, defer_links, journaled_tables
from storage.model.journal import changes, commands
from storage.unit import home_of

if TYPE_CHECKING:
    from datetime import datetime

    from storage.unit import UnitOfWork

FIELDS = (
    Field("noun", "text", "Noun", fill=False),
    Field("id", "integer", "#", fill=False),
    Field("name", "text", "Name", fill=False),
    Field("deleted_at", "moment", "Deleted", fill=False),
    Field("who", "text", "By", fill=False),
)
TIES = frozenset({"relations", "deal_contacts", "activity_contacts"})
NAMED = 20


@dataclass(frozen=True, slots=True)
class Emptied:
    """What emptying did: records removed for good by noun, and those kept, with the reason."""

    removed: dict[str, int]
    kept: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many records were removed."""
        return sum(self.removed.values())


def list_trash(
    uow: UnitOfWork, noun: str = "", before: datetime | None = None, limit: int | None = None
) -> list[Record]:
    """Records in the trash, the last deleted first; `before`: only those deleted earlier."""
    records: list[Record] = []
    for name in _nouns(noun):
        table = source_of(name).table
        statement = (
            sa.select(table.c.id, source_of(name).label.label("name"), table.c.deleted_at)
            .where(*_trashed(table, before))
            .order_by(table.c.deleted_at.desc(), table.c.id.desc())
            .limit(limit)
        )
        rows = uow.rows(statement)
        who = _deleters(uow, table, [row.id for row in rows])
        records += [
            {
                "noun": name,
                "id": row.id,
                "name": row.name,
                "deleted_at": row.deleted_at,
                "who": who.get(row.id),
            }
            for row in rows
        ]
    records.sort(key=lambda record: str(record["deleted_at"]), reverse=True)
    return records[:limit]


def count_trash(uow: UnitOfWork, noun: str = "", before: datetime | None = None) -> int:
    """How many records are in the trash."""
    return sum(
        int(
            uow.scalar(
                sa.select(sa.func.count()).select_from(table).where(*_trashed(table, before))
            )
        )
        for table in (source_of(name).table for name in _nouns(noun))
    )


def _nouns(noun: str) -> Sequence[str]:
    return (noun,) if noun else tuple(NOUNS)


def _trashed(table: sa.Table, before: datetime | None) -> list[sa.ColumnElement[bool]]:
    where: list[sa.ColumnElement[bool]] = [table.c.deleted_at.is_not(None)]
    return where if before is None else [*where, table.c.deleted_at < before]


def _deleters(uow: UnitOfWork, table: sa.Table, ids: Sequence[int]) -> dict[int, str]:
    """Who put each record into the trash."""
    who: dict[int, str] = {}
    for chunk in chunks(ids):
        for row in uow.rows(
            sa.select(changes.c.row_id, commands.c.actor)
            .join(commands, commands.c.id == changes.c.command_id)
            .where(
                changes.c.table_name == table.name,
                changes.c.row_id.in_(chunk),
                changes.c.kind == "U",
                changes.c.before.contains('"deleted_at":null'),
            )
            .order_by(changes.c.id)
        ):
            who[row.row_id] = row.actor
    return who


def find_trashed(uow: UnitOfWork, text: str) -> tuple[str, Ref]:
    """Find a record of any noun in the trash. Raises `NotFound` or `Ambiguous`."""
    found = [
        (noun, ref) for noun in NOUNS for ref in matches(uow, noun, text, trashed=True, limit=20)
    ]
    if len({noun for noun, _ in found}) > 1:
        raise Ambiguous(
            f"{len(found)} records in the trash answer to '{text}'",
            f"say of which noun: crm trash restore {found[0][0]} {found[0][1].id}",
            [f"{noun} #{ref.id} {ref.label}" for noun, ref in found],
        )
    if not found:
        raise NotFound(f"nothing in the trash answers to '{text}'", "see: crm trash list")
    return found[0][0], find(uow, found[0][0], text, trashed=True)


# Emptying


def empty(uow: UnitOfWork, noun: str = "", before: datetime | None = None) -> Emptied:
    """Remove trashed records for good, with their parts; nothing living is ever lost.

    A link from a living record is cleared where it may be empty (a change of that record, which
    undo puts back); a record that something living cannot do without is kept and named.
    """
    defer_links(uow.connection)
    tables = journaled_tables()
    doomed: dict[str, set[int]] = {
        source_of(name).table.name: set(
            uow.connection.execute(
                sa.select(source_of(name).table.c.id).where(
                    *_trashed(source_of(name).table, before)
                )
            ).scalars()
        )
        for name in _nouns(noun)
    }
    needed = _spare(uow, tables, doomed)
    for table in tables:
        _clear_links(uow, table, doomed)
    for table in reversed(tables):
        _remove_parts(uow, table, doomed)
    for table in reversed(tables):
        for chunk in chunks(sorted(doomed.get(table.name, ()))):
            uow.delete(table, table.c.id.in_(chunk))
    removed = {NOUN_OF[name]: len(ids) for name, ids in doomed.items() if ids}
    uow.summary = f"emptied the trash: {_counted(removed)}"
    return Emptied(removed, needed)


def _counted(removed: dict[str, int]) -> str:
    words = [
        f"{count:,} {noun if count == 1 else NOUNS[noun].plural}" for noun, count in removed.items()
    ]
    return ", ".join(words) or "nothing"


def _is_part(table: sa.Table, column: str) -> bool:
    """Whether a row lives inside the record that a column names, or only ties it to another."""
    return (
        column in PARENTS.get(table.name, ())
        or table.name in TIES
        or (table.name in POLYMORPHIC and column in {"tag_id", "field_id"})
    )


def _spare(
    uow: UnitOfWork, tables: Sequence[sa.Table], doomed: dict[str, set[int]]
) -> tuple[str, ...]:
    """Take out of `doomed` what a remaining record cannot do without, until nothing changes."""
    kept: dict[tuple[str, int], str] = {}
    again = True
    while again:
        again = False
        for table, column, target in _links(tables):
            if _is_part(table, column.name) or column.nullable or not doomed.get(target):
                continue
            for number, noun, user in _users(uow, table, column, doomed[target]):
                if user not in doomed.get(TABLES[noun], ()) and number in doomed[target]:
                    doomed[target].discard(number)
                    kept[target, number] = f"{noun} #{user}"
                    again = True
    told = [
        f"{NOUN_OF[name]} #{number} {label(uow, NOUN_OF[name], number)} is kept: {user} needs it"
        for (name, number), user in list(kept.items())[:NAMED]
    ]
    return (*told, f"and {len(kept) - NAMED:,} more") if len(kept) > NAMED else tuple(told)


def _links(tables: Sequence[sa.Table]) -> Iterable[tuple[sa.Table, sa.Column[Any], str]]:
    for table in tables:
        for key in table.foreign_keys:
            yield table, key.parent, key.column.table.name


def _namers(
    uow: UnitOfWork, table: sa.Table, column: sa.Column[Any], numbers: set[int]
) -> list[tuple[int, int]]:
    """Pairs: the number named by a column, and the row that names it."""
    found: list[tuple[int, int]] = []
    for chunk in chunks(sorted(numbers)):
        rows = uow.rows(sa.select(column, table.c.id).where(column.in_(chunk)))
        found += [(int(row[0]), int(row[-1])) for row in rows]
    return found


def _users(
    uow: UnitOfWork, table: sa.Table, column: sa.Column[Any], numbers: set[int]
) -> list[tuple[int, str, int]]:
    """What a column names, with noun and number of the record that the naming row belongs to."""
    found: list[tuple[int, str, int]] = []
    for chunk in chunks(sorted(numbers)):
        rows = uow.connection.execute(sa.select(table).where(column.in_(chunk))).mappings()
        for row in rows.all():
            noun, number = home_of(table.name, dict(row))
            found.append((int(row[column.name]), noun, number))
    return found


def _clear_links(uow: UnitOfWork, table: sa.Table, doomed: dict[str, set[int]]) -> None:
    emptied: defaultdict[str, set[int]] = defaultdict(set)
    for owner, column, target in _links([table]):
        if column.nullable and not _is_part(owner, column.name) and doomed.get(target):
            emptied[column.name] |= {
                user
                for _, user in _namers(uow, table, column, doomed[target])
                if user not in doomed.get(table.name, ())
            }
    for name, users in emptied.items():
        uow.update_many(table, [{"id": number, name: None} for number in sorted(users)])
        for chunk in chunks(sorted(users)):
            rows = uow.connection.execute(sa.select(table).where(table.c.id.in_(chunk))).mappings()
            uow.touch_rows(table, [dict(row) for row in rows])


def _remove_parts(uow: UnitOfWork, table: sa.Table, doomed: dict[str, set[int]]) -> None:
    for owner, column, target in _links([table]):
        if _is_part(owner, column.name):
            for chunk in chunks(sorted(doomed.get(target, ()))):
                uow.delete(table, column.in_(chunk))
    if table.name in ON_ANY_RECORD:
        for target, numbers in doomed.items():
            for chunk in chunks(sorted(numbers)):
                named: sa.ColumnElement[bool] = table.c.record_id.in_(chunk)
                if "other_id" in table.c:
                    named = sa.or_(named, table.c.other_id.in_(chunk))
                uow.delete(table, table.c.noun == NOUN_OF[target], named)
