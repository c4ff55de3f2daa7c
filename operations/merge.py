"""Make one record of several that are the same person or company, in one step that undo takes back.

The one that is kept stays as it is; what it lacks is filled from the others, and everything that
hangs on them moves to it. They go to the trash, empty.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from language.errors import InvalidValue
from language.fields import NOUNS, field_named
from language.tables import Look, cell_text
from language.text import shorten
from language.values import Record, Ref
from operations.bindings import Link, Plain
from operations.clashes import noun_of
from operations.find import label
from operations.lists import select_records
from operations.merge_links import Move
from operations.merged_ids import remember_ids
from operations.pairs import MoneyPair
from operations.parts import Parts
from operations.sources import binding_of, source_of

if TYPE_CHECKING:
    from storage.unit import UnitOfWork

Row = Mapping[str, Any]
DERIVED = frozenset({"given_name", "family_name"})  # taken with the name, never alone
SAID = 8


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge did.

    `filled`: fields the kept record got from the others; `dropped`: values that it has not,
    a phrase each (they stay in history); `moved`: how many rows came with the others, by word.
    """

    noun: str
    keep: Ref
    others: tuple[Ref, ...]
    filled: tuple[str, ...]
    dropped: tuple[str, ...]
    moved: dict[str, int]


def merge(
    uow: UnitOfWork,
    noun: str,
    keep: int,
    others: Sequence[int],
    *,
    take: Sequence[tuple[int, str]] = (),
) -> Merged:
    """Merge living contacts or companies into `keep`; gives what became of them.

    `take`: fields whose value comes from one of the others, as (number, field). Raises
    `InvalidValue` when there is nothing to merge or a field cannot be taken.
    """
    others = tuple(dict.fromkeys(number for number in others if number != keep))
    if not others:
        raise InvalidValue(f"{noun} #{keep} is the only one named", f"name another {noun}")
    refs = tuple(Ref(number, label(uow, noun, number)) for number in others)
    rows = _rows(uow, noun, (keep, *others))
    groups = _groups(noun)
    columns, custom = _taken(uow, noun, others, take, groups)
    told = _Told(uow, noun, (keep, *others))
    _put_away(uow, noun, rows, others)
    move = Move(uow, noun, keep, others, custom)
    move.run()
    new = _new_values(uow, noun, rows, (keep, *others), groups, columns)
    filled = [name for name, cols in groups.items() if any(col in new for col in cols)]
    uow.update(source_of(noun).table, keep, {**new, "updated_at": uow.now})
    remember_ids(uow, noun, keep, others, rows, {**rows[keep], **new})
    for number in (keep, *others):
        uow.touch(noun, number)
    dropped = told.dropped(keep)
    moved = {_word(table, count): count for table, count in move.moved.items() if count}
    merged = Merged(noun, Ref(keep, label(uow, noun, keep)), refs, tuple(filled), dropped, moved)
    uow.summary = _sentence(merged)
    uow.result = (noun, keep)
    return merged


def _rows(uow: UnitOfWork, noun: str, ids: Sequence[int]) -> dict[int, Row]:
    table = source_of(noun).table
    found = uow.connection.execute(sa.select(table).where(table.c.id.in_(ids))).mappings()
    return {row["id"]: dict(row) for row in found}


def _groups(noun: str) -> dict[str, tuple[str, ...]]:
    """The fields of a noun that hold one value, each with the columns that hold it."""
    groups: dict[str, tuple[str, ...]] = {}
    for name, binding in source_of(noun).bindings.items():
        columns: list[object] = []
        if isinstance(binding, MoneyPair):
            columns = [binding.minor, binding.currency]
        elif isinstance(binding, Link) or (isinstance(binding, Plain) and binding.fill):
            columns = [binding.column]
        names = tuple(column.name for column in columns if isinstance(column, sa.Column))
        if names and name not in DERIVED:
            groups[name] = names
    groups["name"] = ("name", "name_key")
    if noun == "contact":
        groups["name"] += ("given_name", "family_name")
    groups["external_id"] = ("external_id", "external_source")
    return groups


def _taken(
    uow: UnitOfWork,
    noun: str,
    others: Sequence[int],
    take: Sequence[tuple[int, str]],
    groups: Mapping[str, tuple[str, ...]],
) -> tuple[dict[str, int], dict[int, int]]:
    """What was asked to be taken: fields by record, and custom fields by record."""
    columns: dict[str, int] = {}
    custom: dict[int, int] = {}
    for number, field in take:
        if number not in others:
            raise InvalidValue(
                f"--take: #{number} is not one of the others",
                f"one of: {', '.join(f'#{other}' for other in others)}",
            )
        name, binding = binding_of(uow, noun, field)
        definition = getattr(binding, "definition", None)
        if definition is not None:
            custom[definition.id] = number
        elif name in groups:
            columns[name] = number
        else:
            joined = isinstance(binding, Parts) and name != "birthday"
            hint = "all values are kept anyway" if joined else f"fields: {', '.join(groups)}"
            raise InvalidValue(f"--take: {field} of a {noun} cannot be taken alone", hint)
    return columns, custom


def _put_away(uow: UnitOfWork, noun: str, rows: Mapping[int, Row], others: Sequence[int]) -> None:
    table = source_of(noun).table
    uow.update_many(table, [{"id": number, "deleted_at": uow.now} for number in others])
    uow.touch_rows(table, [rows[number] for number in others])


def _new_values(
    uow: UnitOfWork,
    noun: str,
    rows: Mapping[int, Row],
    order: Sequence[int],
    groups: Mapping[str, tuple[str, ...]],
    taken: Mapping[str, int],
) -> dict[str, Any]:
    """What the kept record is to hold: what was taken, else its own, else the first other's."""
    merged = set(order)
    keep = rows[order[0]]
    new: dict[str, Any] = {}
    for name, columns in groups.items():
        own = {"parent": True, "referrer": True}.get(name, False)
        if name == "note" and name not in taken:
            new["note"] = _joined([rows[number]["note"] for number in order])
            continue
        sources = [taken[name]] if name in taken else list(order)
        for number in sources:
            value = rows[number][columns[0]]
            if value not in (None, "") and not (own and value in merged):
                new |= {column: rows[number][column] for column in columns}
                break
        else:
            if own and keep[columns[0]] in merged:
                new[columns[0]] = None
    if noun == "company":
        new["parent_id"] = _without_circle(uow, order, rows, new.get("parent_id"))
    return {name: value for name, value in new.items() if keep[name] != value}


def _without_circle(
    uow: UnitOfWork, order: Sequence[int], rows: Mapping[int, Row], parent: int | None
) -> int | None:
    """A parent that is not below the kept company, now that daughters have moved."""
    table = source_of("company").table
    for candidate in (parent, *(rows[number]["parent_id"] for number in order[1:])):
        if candidate is None or candidate in order:
            continue
        above, seen = candidate, set(order)
        while above is not None and above not in seen:
            seen.add(above)
            above = uow.scalar(sa.select(table.c.parent_id).where(table.c.id == above))
        if above is None:
            return int(candidate)
    return None


def _joined(notes: Sequence[str | None]) -> str | None:
    """Notes one below the other; one that another holds already is not said twice."""
    kept: list[str] = []
    for note in notes:
        if note and not any(note in other for other in kept):
            kept.append(note)
    return "\n\n".join(kept) or None


def _word(table: str, count: int) -> str:
    """A word for rows of a table: `activity`, `e-mails`."""
    word = noun_of(table)
    if count == 1:
        return word
    if word in NOUNS:
        return NOUNS[word].plural
    first, space, rest = word.partition(" ")
    if rest.startswith(("of ", "as ")):
        return f"{first}s{space}{rest}"
    return f"{word}es" if word.endswith("s") else f"{word}s"


class _Told:
    """Values of the records before a merge, to say afterwards which are not there any more."""

    def __init__(self, uow: UnitOfWork, noun: str, order: Sequence[int]) -> None:
        from operations.custom_fields import keys_of

        single = [
            name
            for name in (*_groups(noun), *(("birthday",) if noun == "contact" else ()))
            if name not in {"name", "note", "external_id"}
        ]
        self.uow, self.noun, self.order = uow, noun, order
        self.names = [*single, *keys_of(uow, noun)]
        self.before = self._records(order)
        self.called = label(uow, noun, order[0])

    def _records(self, ids: Sequence[int]) -> dict[int, Record]:
        records = select_records(self.uow, self.noun, ["id", *self.names], ids=ids, trashed=None)
        return {int(str(record["id"])): record for record in records}

    def dropped(self, keep: int) -> tuple[str, ...]:
        """Values that no field of the kept record holds."""
        now = self._records([keep])[keep]
        look = Look(self.uow.now, self.uow.zone, self.uow.settings.language)
        phrases: dict[str, None] = {}
        if label(self.uow, self.noun, keep) != self.called:
            phrases[f"name {shorten(self.called, 60)} of #{keep}"] = None
        for number in self.order:
            for name in self.names:
                old = self.before[number].get(name)
                if old in (None, "", [], now.get(name)) or isinstance(old, list):
                    continue
                if isinstance(old, Ref) and old.id in self.order:
                    continue
                known = field_named(self.noun, name)
                word = known.label.lower() if known is not None else name
                phrases[f"{word} {shorten(cell_text(old, look, known), 60)} of #{number}"] = None
        return tuple(phrases)


def _sentence(merged: Merged) -> str:
    who = ", ".join(f"#{ref.id} {ref.label}" for ref in merged.others[:SAID])
    if len(merged.others) > SAID:
        who += f" and {len(merged.others) - SAID} more"
    text = f"merged {merged.noun} {who} into #{merged.keep.id} {merged.keep.label}"
    if merged.moved:
        text += ": " + ", ".join(f"{count:,} {word}" for word, count in merged.moved.items())
    if merged.dropped:
        text += f"; not kept: {', '.join(merged.dropped[:SAID])}"
        if len(merged.dropped) > SAID:
            text += f" and {len(merged.dropped) - SAID} more"
    return text
