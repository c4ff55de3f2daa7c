"""Which record each row of a file is: one that exists, a new one, or one of an earlier row.

Ways of telling are tried in an order that users can see (`crm import --explain LINE`): unique id,
external id of one source, then what the noun has. Contacts and companies are told by the one
matcher; see `operations.import_people`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from language.text import fold
from operations.bindings import folded
from operations.import_drafts import Choices, Drafts
from operations.import_lookup import in_chunks
from operations.merged_ids import absorbed
from operations.sources import source_of
from storage.model.sales import deals, products

if TYPE_CHECKING:
    from operations.import_parts import Lists
    from storage.unit import UnitOfWork

Key = tuple[str, Any]
CERTAIN = ("uid", "external id")
JOINED = frozenset({"note"})
"""Texts that are joined, not replaced, when two rows of a file tell of one record."""


NAMES = ("name", "given_name", "family_name")


def _length(values: Mapping[str, Any]) -> int:
    return max(
        len(values.get("name") or ""),
        len(values.get("given_name") or "") + len(values.get("family_name") or ""),
    )


class Values(MutableMapping[str, Any]):
    """What a row says, field by field: a dict in a third of its room, as a file has many rows.

    `at` is the place of each field among the cells, shared by all rows; an empty cell is no value.
    """

    __slots__ = ("_at", "_cells")

    def __init__(self, at: Mapping[str, int], cells: Sequence[Any]) -> None:
        self._at = at
        self._cells = cells

    def get(self, name: str, default: Any = None) -> Any:
        """The value of a field, or `default`."""
        place = self._at.get(name)
        value = None if place is None else self._cells[place]
        return default if value is None else value

    def __getitem__(self, name: str) -> Any:
        value = self._cells[self._at[name]]
        if value is None:
            raise KeyError(name)
        return value

    def __setitem__(self, name: str, value: Any) -> None:
        if name not in self._at:
            self._at = {**self._at, name: len(self._cells)}
            self._cells = [*self._cells, None]
        elif not isinstance(self._cells, list):
            self._cells = [*self._cells]
        self._cells[self._at[name]] = value

    def __delitem__(self, name: str) -> None:
        self[name] = None

    def __contains__(self, name: object) -> bool:
        return self.get(str(name)) is not None

    def __iter__(self) -> Iterator[str]:
        return (name for name, place in self._at.items() if self._cells[place] is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class Slot:
    """One record of an import: what the file says about it, and its row if it exists.

    `columns` is what will be written, `values` what the file says (field name → value), `row` the
    row that named it first, `rows` how many do, `by` the way it was recognised.
    """

    __slots__ = ("before", "by", "columns", "id", "row", "rows", "values")

    def __init__(self, row: int) -> None:
        self.row = row
        self.rows = 1
        self.id = 0
        self.before: Mapping[str, Any] | None = None
        self.by = ""
        self.values: MutableMapping[str, Any] = NOTHING_SAID
        self.columns: dict[str, Any] = {}

    @property
    def is_new(self) -> bool:
        """Whether the record is not in the database yet."""
        return self.before is None

    def take(self, values: Mapping[str, Any]) -> None:
        """Take over what another row says: lists grow, notes are joined, the later value wins.

        Of two spellings of a name the fuller one stays.
        """
        self.rows += 1
        fuller = _length(values) > _length(self.values)
        for name, value in values.items():
            if name in NAMES and not fuller:
                continue
            mine = self.values.get(name)
            if isinstance(value, list) and isinstance(mine, list):
                self.values[name] = [*mine, *(item for item in value if item not in mine)]
            elif name in JOINED and mine and value not in mine.split("\n"):
                self.values[name] = f"{mine}\n{value}"
            else:
                self.values[name] = value


NOTHING_SAID = Values({}, ())


class Found:
    """What matching gives: the records in order, and the slot of each row (None: left out)."""

    def __init__(self, count: int) -> None:
        self.slots: list[Slot] = []
        self.of_row: list[Slot | None] = [None] * count
        self.explained: defaultdict[int, list[str]] = defaultdict(list)
        self._by_number: dict[int, Slot] = {}

    def new(self, row: int) -> Slot:
        """A record that nobody has yet."""
        slot = Slot(row)
        self.slots.append(slot)
        return slot

    def has(self, number: int) -> bool:
        """Whether a row is this record already."""
        return number in self._by_number

    def existing(self, row: int, number: int, by: str) -> tuple[Slot, bool]:
        """The slot of a record that exists, and whether an earlier row has it already."""
        slot = self._by_number.get(number)
        if slot is not None:
            return slot, True
        slot = self.new(row)
        slot.id, slot.by = number, by
        self._by_number[number] = slot
        return slot, False


def match_rows(uow: UnitOfWork, drafts: Drafts, choices: Choices, lists: Lists) -> Found:
    """Give one slot for each record that the file names, with its row where it exists."""
    if drafts.noun in {"contact", "company"}:
        from operations.import_people import match_people

        found = match_people(uow, drafts, choices, lists)
    else:
        found = _by_keys(uow, drafts, choices, lists)
    _load(uow, drafts.noun, found.slots)
    return found


def row_values(drafts: Drafts) -> Iterator[Values]:
    """What each row says, field by field."""
    at = {name: place for place, name in enumerate(drafts.columns)}
    if not at:
        yield from (Values(at, ()) for _ in drafts.lines)
        return
    for cells in zip(*drafts.columns.values(), strict=True):
        yield Values(at, cells)


def _by_keys(uow: UnitOfWork, drafts: Drafts, choices: Choices, lists: Lists) -> Found:
    """Match the nouns whose records are the same when a key of theirs is."""
    keys = [list(_keys(uow, drafts, choices, lists, row)) for row in range(len(drafts))]
    known = _existing(uow, drafts.noun, choices, keys)
    found = Found(len(drafts))
    by_key: dict[Key, Slot] = {}
    for row, values in enumerate(row_values(drafts)):
        told = found.explained[row] if drafts.lines[row] in choices.explain else None
        numbers, by = _find(keys[row], known, told)
        if choices.policy() == "duplicate" and by not in CERTAIN:
            numbers = []
        slot = None
        if drafts.noun == "deal":
            numbers = _next_deal(found, numbers, by, by_key, keys[row])
        if numbers:
            slot, again = found.existing(row, numbers[0], by)
        else:
            # Two deals may have one title, company and day; a row that is said twice is one.
            mine = [key for key in keys[row] if key[0] != "title" or drafts.noun != "deal"]
            slot = next((by_key[key] for key in mine if key in by_key), None)
            if slot is not None and _two_uids(slot.values, values):
                slot = None
            again = slot is not None
            slot = slot or found.new(row)
        if again:
            slot.take(values)
        else:
            slot.values = values
        if told is not None:
            told.append("an earlier row of the file" if again else "" if numbers else "new")
        found.of_row[row] = slot
        for key in keys[row]:
            by_key.setdefault(key, slot)
    return found


def _next_deal(
    found: Found, numbers: list[int], by: str, by_key: Mapping[Key, Slot], keys: Sequence[Key]
) -> list[int]:
    """Deals of one title are several: each row is the next of them, but for a row said twice."""
    if by != "title" or (keys[-1] in by_key and keys[-1][0] == "the same row"):
        return numbers if by != "title" else []
    return [number for number in numbers if not found.has(number)][:1]


def _two_uids(one: Mapping[str, Any], two: Mapping[str, Any]) -> bool:
    """Whether two rows of a file have unique ids of their own: two records then."""
    ids = (one.get("uid"), two.get("uid"))
    return None not in ids and ids[0] != ids[1]


def _keys(
    uow: UnitOfWork, drafts: Drafts, choices: Choices, lists: Lists, row: int
) -> Iterator[Key]:
    """The ways by which one row may be told, the surest first."""
    columns, noun = drafts.columns, drafts.noun

    def cell(name: str) -> Any:
        return columns[name][row] if name in columns else None

    if cell("uid"):
        yield "uid", cell("uid")
    external = cell("external_id")
    if external:
        yield "external id", external
    match noun:
        case "deal":
            if not external:
                opened = cell("opened_at")
                what = fold(cell("title") or "") or tuple(cell("products") or ())
                yield "title", (what, cell("company"), opened.day if opened else None)
                told = ("amount", "expected_close", "closed_at", "stage", "owner", "uid")
                yield "the same row", (what, *map(cell, ("company", "opened_at", *told)))
        case "activity":
            from operations.import_happened import activity_key

            yield "what happened", activity_key(uow, cell, lists)
        case "task":
            due = cell("due")
            about = tuple(cell(name) for name in ("contact", "company", "deal"))
            yield "title", (fold(cell("title") or ""), due.day if due else None, about)
        case _:
            if noun == "product" and cell("code"):
                yield "code", fold(cell("code"))
            if noun == "user" and cell("email"):
                yield "e-mail", fold(cell("email"))
            yield "name", fold(cell("name") or "")


Known = dict[Key, list[tuple[int, str | None]]]


def _find(keys: Sequence[Key], known: Known, told: list[str] | None) -> tuple[list[int], str]:
    """Numbers of the records that the first way finds any with."""
    external = next((value for kind, value in keys if kind == "external id"), None)
    for kind, value in keys:
        refs = known.get((kind, value), ())
        fits = [
            number
            for number, other in refs
            if kind in {*CERTAIN, "code"} or external is None or other in {None, external}
        ]
        if told is not None:
            shown = f"#{fits[0]}" if fits else "nothing"
            told.append(f"by {kind}: {shown}")
        if fits:
            return fits, kind
    return [], ""


def _existing(uow: UnitOfWork, noun: str, choices: Choices, keys: Sequence[Sequence[Key]]) -> Known:
    """Living records for all keys, each with its external id."""
    wanted: defaultdict[str, set[Any]] = defaultdict(set)
    for listed in keys:
        for kind, value in listed:
            wanted[kind].add(value)
    known: defaultdict[Key, list[tuple[int, str | None]]] = defaultdict(list)
    table = source_of(noun).table
    external = table.c.external_id if "external_id" in table.c else sa.null()
    base = sa.select(table.c.id, external.label("external")).where(table.c.deleted_at.is_(None))

    def collect(kind: str, column: sa.ColumnElement[Any], *where: Any) -> None:
        for chunk in in_chunks(wanted.get(kind, ())):
            statement = base.add_columns(column.label("key")).where(column.in_(chunk), *where)
            for row in uow.rows(statement.order_by(table.c.id)):
                ref = (row.id, row.external)
                if ref not in known[kind, row.key]:
                    known[kind, row.key].append(ref)

    collect("uid", table.c.uid)
    if "external_id" in table.c:
        collect("external id", external, table.c.external_source == choices.source)
        _collect_further(uow, noun, choices.source, wanted, known)
    match noun:
        case "deal":
            _collect_deals(uow, wanted, known)
        case "activity" | "task":
            from operations import import_happened

            import_happened.collect(uow, noun, wanted, known)
        case "user":
            collect("e-mail", folded(table.c.email))
            collect("name", table.c.name_key)
        case _:
            collect("name", table.c.name_key)
            collect("code", folded(products.c.code))
    return dict(known)


def _collect_further(
    uow: UnitOfWork,
    noun: str,
    source: str,
    wanted: Mapping[str, set[Any]],
    known: defaultdict[Key, list[Any]],
) -> None:
    """Records by the further external ids that they have."""
    for (where, number), record in absorbed(uow, noun).by_external.items():
        if where == source and number in wanted.get("external id", ()):
            known["external id", number].append((record, number))


def _collect_deals(
    uow: UnitOfWork, wanted: Mapping[str, set[Any]], known: defaultdict[Key, list[Any]]
) -> None:
    """Deals by title, company and opening day together."""
    triples = wanted.get("title", set())
    for chunk in in_chunks({title for title, _, _ in triples if isinstance(title, str)}):
        for row in uow.rows(
            sa.select(
                deals.c.id, deals.c.external_id, deals.c.title_key,
                deals.c.company_id, deals.c.opened_on,
            ).where(deals.c.deleted_at.is_(None), deals.c.title_key.in_(chunk))
        ):  # fmt: skip
            triple = (row.title_key, row.company_id, row.opened_on)
            if triple in triples:
                known["title", triple].append((row.id, row.external_id))


def _load(uow: UnitOfWork, noun: str, slots: Sequence[Slot]) -> None:
    """Give each slot of an existing record its row."""
    table = source_of(noun).table
    by_number = {slot.id: slot for slot in slots if slot.id}
    for chunk in in_chunks(by_number):
        for row in uow.connection.execute(sa.select(table).where(table.c.id.in_(chunk))).mappings():
            by_number[row["id"]].before = dict(row)
