"""Who in the database may be the same as one record: found by look-ups in indexes, never by a scan.

`load` reads contacts and companies as the matcher compares them; `add_unless_known` is how a form
or a command adds one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from language.errors import Conflict
from language.firms import firm_key
from language.mailboxes import email_identity, variant_domains
from language.names import name_of
from language.nicknames import names_like
from language.people import email_key
from language.text import fold
from language.values import Ref, Values
from operations.matcher import LIKELY, SURE, Firm, Match, Person, score
from operations.reversal import chunks
from operations.sources import source_of
from storage.model.people import companies, contacts, domains, emails, phones

if TYPE_CHECKING:
    from storage.unit import UnitOfWork

NOUNS = ("contact", "company")
SHOWN = 3
ENOUGH = 500  # rows of one look-up; more share too common a word
_AFTER = "\U0010ffff"


def load(uow: UnitOfWork, noun: str, ids: Sequence[int] | None = None) -> dict[int, Person | Firm]:
    """Living contacts or companies by number, as they are compared; all of them without `ids`."""
    if ids is None:
        return _load(uow, noun, ())
    found: dict[int, Person | Firm] = {}
    for chunk in chunks(sorted(set(ids))):
        found |= _load(uow, noun, chunk)
    return found


def _load(uow: UnitOfWork, noun: str, ids: Sequence[int]) -> dict[int, Person | Firm]:
    addresses = _points(uow, noun, emails.c.address, ids)
    numbers = _points(uow, noun, phones.c.number_key, ids)
    table = source_of(noun).table
    where = [table.c.deleted_at.is_(None), *([table.c.id.in_(ids)] if ids else [])]
    shared = (table.c.uid, table.c.external_source, table.c.external_id)
    if noun == "company":
        sites = _points(uow, noun, domains.c.domain_key, ids)
        rows = uow.rows(sa.select(table.c.id, table.c.name, *shared).where(*where))
        return {
            number: Firm(
                number, name, tuple(sites.get(number, ())), tuple(addresses.get(number, ())),
                tuple(numbers.get(number, ())), uid, (source, external or ""),
            )
            for number, name, uid, source, external in map(tuple, rows)
        }  # fmt: skip
    statement = (
        sa.select(
            contacts.c.id, contacts.c.name, contacts.c.given_name, contacts.c.family_name,
            contacts.c.company_id, companies.c.name.label("company"), *shared,
        )
        .outerjoin(companies, companies.c.id == contacts.c.company_id)
        .where(*where)
    )  # fmt: skip
    # Unpacking a row is four times as fast as its names, and there may be 100,000.
    people = map(tuple, uow.rows(statement))
    return {
        number: Person(
            number, name, given or "", family or "", tuple(addresses.get(number, ())),
            tuple(numbers.get(number, ())), company_id, firm_key(company).core if company else "",
            uid, (source, external or ""),
        )
        for number, name, given, family, company_id, company, uid, source, external in people
    }  # fmt: skip


def _points(
    uow: UnitOfWork, noun: str, column: sa.Column[Any], ids: Sequence[int]
) -> dict[int, list[str]]:
    owner = column.table.c[f"{noun}_id"]
    statement = sa.select(owner, column).where(owner.in_(ids) if ids else owner.is_not(None))
    found: defaultdict[int, list[str]] = defaultdict(list)
    for number, value in map(tuple, uow.rows(statement)):
        found[number].append(value)
    return found


def candidates(uow: UnitOfWork, noun: str, record: Person | Firm) -> list[tuple[Ref, Match]]:
    """Living records that are likely the same as one, the likeliest first; not the record itself.

    `noun` is `contact` or `company`. Looks only where an index leads, so it takes milliseconds.
    """
    ways = _like_person(record) if isinstance(record, Person) else _like_firm(record)
    ids: set[int] = set()
    for statement in ways:
        ids.update(uow.connection.execute(statement.limit(ENOUGH)).scalars())
    ids.discard(record.id)
    found = [(other, score(record, other)) for other in load(uow, noun, sorted(ids)).values()]
    likely = [(other, match) for other, match in found if match.score >= LIKELY]
    likely.sort(key=lambda pair: (-pair[1].score, pair[0].id))
    return [(Ref(other.id, other.name), match) for other, match in likely]


def _like_person(who: Person) -> Iterator[sa.Select[Any]]:
    yield from _by_points("contact_id", who.emails, who.phones)
    name = name_of(who.name, who.given, who.family)
    given, family = " ".join(name.given), " ".join(name.family)
    keys = {fold(who.name)}
    for first in names_like(given):
        keys |= {f"{first} {family}".strip(), f"{family} {first}".strip(), f"{family}, {first}"}
        if name.family:
            keys.add(f"{first} {name.family[0]}")
    key = contacts.c.name_key
    yield sa.select(contacts.c.id).where(key.in_(sorted(keys)))
    begins = f"{' '.join((*name.given[:1], *name.family[:1]))} "
    yield sa.select(contacts.c.id).where(_starts(key, begins))
    parts = [words[0][:3] for words in (name.given, name.family) if words]
    if who.company_id is not None and parts:
        yield sa.select(contacts.c.id).where(
            contacts.c.company_id == who.company_id,
            sa.or_(*(key.contains(part, autoescape=True) for part in parts)),
        )


def _like_firm(firm: Firm) -> Iterator[sa.Select[Any]]:
    yield from _by_points("company_id", firm.emails, firm.phones)
    if firm.sites:
        yield sa.select(domains.c.company_id).where(domains.c.domain_key.in_(sorted(firm.sites)))
    key = companies.c.name_key
    yield sa.select(companies.c.id).where(key == fold(firm.name))
    words = [word for word in firm_key(firm.name).core.split() if word != "&"] or [""]
    for order in (words, words[-1:] + words[:-1]) if len(words) > 1 else (words,):
        # A first word such as "Talleres" is shared by many; an "&" may be a "y" in between.
        begins = [key.contains(word[:3], autoescape=True) for word in order[1:2]]
        for start in (order[0], f"the {order[0]}"):
            yield sa.select(companies.c.id).where(_starts(key, start), *begins)


def _by_points(
    owner: str, addresses: Iterable[str], numbers: Iterable[str]
) -> Iterator[sa.Select[Any]]:
    keys = {form for address in addresses for form in (email_key(address), email_identity(address))}
    key = emails.c.address_key
    mine = emails.c[owner].is_not(None)
    if keys:
        yield sa.select(emails.c[owner]).where(key.in_(sorted(keys)), mine)
    for address in addresses:
        local = email_identity(address).partition("@")[0]
        for domain in variant_domains(address):
            # Dots may stand anywhere behind the first letter, so that this letter leads the way.
            begins = local[:1] if domain in {"gmail.com", "googlemail.com"} else f"{local}+"
            at_home = key.endswith(f"@{domain}", autoescape=True)
            yield sa.select(emails.c[owner]).where(_starts(key, begins), at_home, mine)
    if numbers:
        yield sa.select(phones.c[owner]).where(
            phones.c.number_key.in_(sorted(set(numbers))), phones.c[owner].is_not(None)
        )


def _starts(column: sa.Column[Any], text: str) -> sa.ColumnElement[bool]:
    """As LIKE 'text%', in a form that uses the index."""
    return sa.and_(column >= text, column < text + _AFTER)


# ── adding ───────────────────────────────────────────────────────────────────────────────────


def add_unless_known(
    uow: UnitOfWork, noun: str, values: Values, *, allow_duplicate: bool = False
) -> Ref:
    """Add a contact or company, as `records.add` does, unless it is surely there already.

    Raises `Conflict` naming the record that is the same, and why. One that is only likely the same
    is added, with a note that says so.
    """
    from operations import records

    added = records.add(uow, noun, values)
    found = candidates(uow, noun, load(uow, noun, [added.id])[added.id])
    if found and found[0][1].score >= SURE and not allow_duplicate:
        ref, match = found[0]
        raise Conflict(
            f"{noun} #{ref.id} {ref.label} is the same: {', '.join(match.reasons)}",
            f"edit that one (crm {noun} edit {ref.id}), or add --allow-duplicate",
        )
    for ref, match in found[:SHOWN]:
        why = ", ".join(match.reasons)
        uow.notes.append(f"looks like #{ref.id} {ref.label} ({why}): crm duplicate list")
    return added
