"""Which record each row of a file is: one that exists, a new one, or one of an earlier row.

The ways of telling are tried in order: unique id, external id, then what only this noun has. A row
with an external id is never taken for a record that has another one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from language.people import email_key
from language.reading import split_label
from language.text import fold
from operations.bindings import folded
from operations.import_drafts import Choices, Drafts, Rejected
from operations.import_names import in_chunks
from operations.sources import source_of
from storage.model.people import contacts, emails
from storage.model.sales import deals, products

if TYPE_CHECKING:
    from storage.unit import UnitOfWork

Key = tuple[str, Any]
NAMED = frozenset({"user", "company", "product"})
"""Nouns whose records are told by their name alone."""


class Slot:
    """One record of an import: what the file says about it, and its row if it exists.

    `columns` is what will be written, `values` what the file says (field name → value), `place`
    the row that named it last, `by` the way it was recognised.
    """

    __slots__ = ("before", "by", "columns", "id", "parts", "place", "rows", "values")

    def __init__(self, place: int) -> None:
        self.place = place
        self.rows = 1
        self.id = 0
        self.before: Mapping[str, Any] | None = None
        self.by = ""
        self.values: dict[str, Any] = {}
        self.columns: dict[str, Any] = {}
        self.parts = False

    @property
    def is_new(self) -> bool:
        """Whether the record is not in the database yet."""
        return self.before is None


def match_rows(
    uow: UnitOfWork, drafts: Drafts, choices: Choices
) -> tuple[list[Slot], dict[int, Rejected]]:
    """Give one slot for each record that the file names, and the rows that fit several."""
    keys = [list(_keys(drafts, choices, row)) for row in range(len(drafts))]
    known = _existing(uow, drafts.noun, choices, keys)
    slots: list[Slot] = []
    by_key: dict[Key, Slot] = {}
    by_number: dict[int, Slot] = {}
    rejected: dict[int, Rejected] = {}
    names = list(drafts.columns)
    columns = [drafts.columns[name] for name in names]
    for row, cells in enumerate(zip(*columns, strict=True)):
        found, by = _find(keys[row], known)
        if len(found) > 1:
            title = keys[row][-1][1]
            shown = title[0] if isinstance(title, tuple) else title
            listed = ", ".join(f"#{number}" for number in found[:5])
            reason = f"{len(found)} records are this one ({listed})"
            rejected[row] = Rejected(drafts.lines[row], by, str(shown), reason)
            continue
        slot = by_number.get(found[0]) if found else None
        if slot is None:
            slot = next((by_key[key] for key in keys[row] if key in by_key), None)
        if slot is None:
            slot = Slot(row)
            slots.append(slot)
            if found:
                slot.id, slot.by = found[0], by
                by_number[found[0]] = slot
        else:
            slot.rows += 1
            slot.place = row
        for key in keys[row]:
            by_key.setdefault(key, slot)
        for name, value in zip(names, cells, strict=True):
            if value is not None:
                slot.values[name] = value
    _load(uow, drafts.noun, slots)
    return slots, rejected


def _keys(drafts: Drafts, choices: Choices, row: int) -> Iterator[Key]:
    """The ways by which one row may be told, the surest first."""
    columns, noun = drafts.columns, drafts.noun

    def cell(name: str) -> Any:
        return columns[name][row] if name in columns else None

    if cell("uid"):
        yield "uid", cell("uid")
    external = cell("external_id")
    if external:
        yield "external id", external
    if noun == "deal":
        if not external:
            opened = cell("opened_at")
            title = fold(cell("title") or "")
            what = title or tuple(cell("products") or ())
            yield "title", (what, cell("company"), opened.day if opened else None)
        return
    if noun == "product" and cell("code"):
        yield "code", fold(cell("code"))
    name = name_of(drafts, row)
    if noun == "contact":
        for address in cell("emails") or ():
            yield "e-mail", email_key(split_label(address)[1])
        if not cell("emails"):
            yield "name", (fold(name), cell("company"))
    elif noun in NAMED:
        yield "name", fold(name)


def name_of(drafts: Drafts, row: int) -> str:
    """What a row calls its record; empty when it does not say."""
    columns = drafts.columns

    def cell(name: str) -> str:
        return (columns[name][row] if name in columns else None) or ""

    if drafts.noun == "deal":
        return cell("title")
    return cell("name") or f"{cell('given_name')} {cell('family_name')}".strip()


Known = dict[Key, list[tuple[int, str | None]]]


def _find(keys: list[Key], known: Known) -> tuple[list[int], str]:
    """Numbers of the records that the first way finds any with."""
    external = next((value for kind, value in keys if kind == "external id"), None)
    for key in keys:
        refs = known.get(key)
        if refs:
            fits = [
                number
                for number, other in refs
                if key[0] in {"uid", "external id", "code"}
                or external is None
                or other in {None, external}
            ]
            if fits:
                return fits, key[0]
    return [], ""


def _existing(uow: UnitOfWork, noun: str, choices: Choices, keys: list[list[Key]]) -> Known:
    """Living records for all keys, each with its external id."""
    wanted: defaultdict[str, set[Any]] = defaultdict(set)
    for listed in keys:
        for kind, value in listed:
            wanted[kind].add(value)
    known: defaultdict[Key, list[tuple[int, str | None]]] = defaultdict(list)
    table = source_of(noun).table
    external = table.c.external_id if "external_id" in table.c else sa.null()
    base = sa.select(table.c.id, external.label("external")).where(table.c.deleted_at.is_(None))

    def collect(kind: str, column: sa.ColumnElement[Any], *where: Any, join: Any = None) -> None:
        for chunk in in_chunks(wanted.get(kind, ())):
            statement = base.add_columns(column.label("key")).where(column.in_(chunk), *where)
            if join is not None:
                statement = statement.join(*join)
            for row in uow.rows(statement.order_by(table.c.id)):
                ref = (row.id, row.external)
                if ref not in known[kind, row.key]:
                    known[kind, row.key].append(ref)

    collect("uid", table.c.uid)
    if "external_id" in table.c:
        collect("external id", external, table.c.external_source == choices.source)
    match noun:
        case "deal":
            _collect_deals(uow, wanted, known)
        case "contact":
            join = (emails, emails.c.contact_id == table.c.id)
            collect("e-mail", emails.c.address_key, join=join)
            _collect_pairs(uow, wanted, known)
        case _:
            collect("name", table.c.name_key)
            collect("code", folded(products.c.code))
    return dict(known)


def _collect_pairs(
    uow: UnitOfWork, wanted: Mapping[str, set[Any]], known: defaultdict[Key, list[Any]]
) -> None:
    """Contacts by name and company together."""
    pairs = wanted.get("name", set())
    for chunk in in_chunks({name for name, _ in pairs}):
        for row in uow.rows(
            sa.select(
                contacts.c.id, contacts.c.external_id, contacts.c.name_key, contacts.c.company_id
            ).where(contacts.c.deleted_at.is_(None), contacts.c.name_key.in_(chunk))
        ):
            pair = (row.name_key, row.company_id)
            if pair in pairs:
                known["name", pair].append((row.id, row.external_id))


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


def _load(uow: UnitOfWork, noun: str, slots: list[Slot]) -> None:
    """Give each slot of an existing record its row."""
    table = source_of(noun).table
    by_number = {slot.id: slot for slot in slots if slot.id}
    for chunk in in_chunks(by_number):
        for row in uow.connection.execute(sa.select(table).where(table.c.id.in_(chunk))).mappings():
            by_number[row["id"]].before = dict(row)
