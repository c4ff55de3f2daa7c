"""Texts → records: what each text names whole, all of a column at once, none guessed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from language.errors import InvalidValue
from language.firms import firm_key
from language.text import closest, fold
from operations.bindings import folded
from operations.matcher import Firm, same_firm
from operations.sources import source_of
from storage.model.people import companies, contacts, domains, emails, users
from storage.model.sales import deals, products

if TYPE_CHECKING:
    from storage.unit import UnitOfWork

CHUNK = 5_000


def in_chunks(values: Iterable[Any]) -> Iterator[list[Any]]:
    """Cut values into lists short enough for one statement."""
    listed = list(values)
    for start in range(0, len(listed), CHUNK):
        yield listed[start : start + CHUNK]


class Twins:
    """Names that are one record's: equal but for case and accents, companies for legal forms."""

    def __init__(self, noun: str) -> None:
        self.noun = noun
        self._known: dict[str, int] = {}
        self._by_core: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)

    def number(self, name: str, new: int) -> int:
        """The number of the record that has this name already, else `new`, which it has then."""
        key = fold(name)
        found = self._known.get(key)
        if found is None and self.noun == "company":
            listed = self._by_core[firm_key(name).core or key]
            same = (number for other, number in listed if same_firm(Firm(0, name), Firm(0, other)))
            found = next(same, None)
            listed.append((name, found or new))
        self._known[key] = found = found or new
        return found


def lookup(uow: UnitOfWork, noun: str, texts: Iterable[str]) -> dict[str, list[tuple[int, str]]]:
    """Records that each text names whole: by name, else by code, login, e-mail or external id."""
    source = source_of(noun)
    key = source.key if source.key is not None else folded(source.label)
    by_key: defaultdict[str, list[str]] = defaultdict(list)
    for text in texts:
        by_key[fold(text)].append(text)
    found: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for chunk in in_chunks(by_key):
        for row in uow.rows(
            sa.select(source.table.c.id, source.label.label("label"), key.label("key"))
            .where(source.living, key.in_(chunk))
            .order_by(source.table.c.id)
        ):
            for text in by_key[row.key]:
                found[text].append((row.id, row.label))
    left = [text for same in by_key.values() for text in same if text not in found]
    if left:
        for text, ref in _by_code(uow, noun, left):
            if ref not in found[text]:
                found[text].append(ref)
    if noun == "company":
        for text, ref in _by_firm(uow, [text for text in left if text not in found]):
            found[text].append(ref)
    return dict(found)


def _by_firm(uow: UnitOfWork, texts: Sequence[str]) -> Iterator[tuple[str, tuple[int, str]]]:
    """Companies that are the same but for the legal form in their name, as the matcher has it."""
    if not texts:
        return
    wanted: defaultdict[str, list[str]] = defaultdict(list)
    for text in texts:
        wanted[firm_key(text).core].append(text)
    wanted.pop("", None)
    for row in uow.rows(
        sa.select(companies.c.id, companies.c.name)
        .where(companies.c.deleted_at.is_(None))
        .order_by(companies.c.id)
    ):
        for text in wanted.get(firm_key(row.name).core, ()):
            if same_firm(Firm(0, text), Firm(row.id, row.name)) is not None:
                yield text, (row.id, row.name)


def reach(uow: UnitOfWork, noun: str, numbers: Mapping[str, int]) -> None:
    """Give records that were named by an address or a domain that address or domain."""
    from language.people import looks_like_email
    from operations.points import email_columns

    rows: list[dict[str, Any]] = []
    sites: list[dict[str, Any]] = []
    for name, number in numbers.items():
        if noun in {"contact", "company"} and looks_like_email(name):
            rows.append(
                email_columns(uow, name)
                | {f"{noun}_id": number, "label": "work", "preferred": True}
            )
        elif noun == "company" and site_of(name):
            domain = site_of(name)
            sites.append(
                {"company_id": number, "domain": domain, "domain_key": domain, "preferred": True}
            )
    uow.insert_many(emails, rows)
    uow.insert_many(domains, sites)


def _by_code(
    uow: UnitOfWork, noun: str, texts: Sequence[str]
) -> Iterator[tuple[str, tuple[int, str]]]:
    source = source_of(noun)
    columns: dict[str, list[sa.ColumnElement[Any]]] = {
        "product": [folded(products.c.code)],
        "user": [folded(users.c.login), folded(users.c.email)],
        "company": [folded(companies.c.external_id)],
        "contact": [folded(contacts.c.external_id)],
        "deal": [folded(deals.c.external_id)],
    }
    by_key: defaultdict[str, list[str]] = defaultdict(list)
    for text in texts:
        by_key[fold(text)].append(text)
    for column in columns.get(noun, ()):
        for chunk in in_chunks(by_key):
            for row in uow.rows(
                sa.select(
                    source.table.c.id, source.label.label("label"), column.label("key")
                ).where(source.living, column.in_(chunk))
            ):
                for text in by_key[row.key]:
                    yield text, (row.id, row.label)
    if noun in {"contact", "company"}:
        owner = emails.c[f"{noun}_id"]
        for chunk in in_chunks(key for key in by_key if "@" in key):
            for row in uow.rows(
                sa.select(source.table.c.id, source.label.label("label"), emails.c.address_key)
                .join(emails, owner == source.table.c.id)
                .where(source.living, emails.c.address_key.in_(chunk))
            ):
                for text in by_key.get(row.address_key, ()):
                    yield text, (row.id, row.label)
    if noun == "company":
        sites = {site_of(text): text for text in texts}
        for chunk in in_chunks(site for site in sites if site):
            for row in uow.rows(
                sa.select(source.table.c.id, source.label.label("label"), domains.c.domain_key)
                .join(domains, domains.c.company_id == source.table.c.id)
                .where(source.living, domains.c.domain_key.in_(chunk))
            ):
                yield sites[row.domain_key], (row.id, row.label)


def site_of(text: str) -> str:
    """The domain that a text is, or ""."""
    from language.people import looks_like_domain, parse_domain

    if not looks_like_domain(text):
        return ""
    try:
        return parse_domain(text)
    except InvalidValue:
        return ""


def all_names(uow: UnitOfWork, noun: str) -> list[str]:
    """What the living records of a noun are called."""
    source = source_of(noun)
    statement = sa.select(source.label).where(source.living).limit(200_000)
    return [str(name) for name in uow.connection.execute(statement).scalars() if name]


def nearest_name(text: str, names: Sequence[str]) -> str:
    if len(names) < 200:
        near = closest(text, names, 1)
        if near:
            return near[0]
    from rapidfuzz import fuzz, process

    keys = {name: fold(name) for name in names}
    found = process.extractOne(fold(text), keys, scorer=fuzz.WRatio, score_cutoff=70)
    return str(found[2]) if found else ""


def rows(count: int) -> str:
    """A number of rows in words."""
    return "1 row" if count == 1 else f"{count:,} rows"
