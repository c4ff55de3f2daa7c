"""Companies: organisations, their trees and the ways to reach them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from language.errors import InvalidValue
from operations.bindings import Computed, Link, Plain
from operations.facts import facts
from operations.flags import Flagged
from operations.pairs import MoneyPair
from operations.parts import Points, Tagged
from operations.points import points_of, reached_by
from operations.sources import Draft, Source
from operations.touches import touches
from storage.model.people import companies, contacts, domains

if TYPE_CHECKING:
    from storage.unit import UnitOfWork


def _open_deals(uow: UnitOfWork) -> sa.ColumnElement[Any]:
    from operations.deals import open_deals_of

    return open_deals_of("company_id", companies.c.id)


def _contacts(uow: UnitOfWork) -> sa.ColumnElement[Any]:
    return (
        sa.select(sa.func.count())
        .select_from(contacts)
        .where(contacts.c.company_id == companies.c.id, contacts.c.deleted_at.is_(None))
        .correlate(companies)
        .scalar_subquery()
    )


def _domain(uow: UnitOfWork, text: str) -> dict[str, Any]:
    from language.people import parse_domain

    domain = parse_domain(text)
    return {"domain": domain, "domain_key": domain}


def _keys(uow: UnitOfWork, text: str) -> sa.Select[Any] | None:
    from language.people import looks_like_domain, parse_domain

    reached = reached_by("company_id", text)
    if reached is not None:
        return reached
    if looks_like_domain(text):
        return sa.select(domains.c.company_id).where(domains.c.domain_key == parse_domain(text))
    return sa.select(companies.c.id).where(companies.c.external_id == text)


def _prepare(uow: UnitOfWork, draft: Draft) -> None:
    """A company must not, through others, be its own parent."""
    parent = draft.columns.get("parent_id")
    me = draft.before.get("id")
    seen = {me}
    while parent is not None and me is not None:
        if parent in seen:
            raise InvalidValue("a company cannot be its own parent, not even through others")
        seen.add(parent)
        parent = uow.scalar(sa.select(companies.c.parent_id).where(companies.c.id == parent))


SOURCE = Source(
    noun="company",
    table=companies,
    label=companies.c.name,
    key=companies.c.name_key,
    bindings={
        "name": Plain(companies.c.name, key=companies.c.name_key),
        "parent": Link(companies.c.parent_id, "company"),
        "domains": Points(
            domains, domains.c.company_id, domains.c.domain, domains.c.domain_key, _domain
        ),
        "industry": Plain(companies.c.industry),
        "size": Plain(companies.c.size, "integer"),
        "revenue": MoneyPair(companies.c.revenue_minor, companies.c.revenue_currency),
        "founded": Plain(companies.c.founded, "integer"),
        **points_of("company_id"),
        "owner": Link(companies.c.owner_id, "user"),
        "source": Plain(companies.c.source),
        "tags": Tagged("company", companies.c.id),
        "note": Plain(companies.c.note, "long"),
        "external_id": Plain(companies.c.external_id),
        "open_deals": Computed(_open_deals),
        "contacts": Computed(_contacts),
        **touches("company", companies.c.id, companies.c.created_at),
        "flagged": Flagged("company", companies.c.id),
        **facts(companies),
    },
    prepare=_prepare,
    extra_keys=_keys,
    describe=("industry", "domains"),
)


@dataclass(frozen=True, slots=True)
class Branch:
    """One company of a tree; `depth` 0 is the top."""

    id: int
    name: str
    depth: int
    parent_id: int | None
    open_deals: int


def tree(uow: UnitOfWork, company_id: int) -> list[Branch]:
    """All living companies of the group that a company belongs to, each above its daughters."""
    rows: dict[int, Any] = {}
    columns = (companies.c.id, companies.c.name, companies.c.parent_id)
    chosen = sa.select(*columns, _open_deals(uow).label("open_deals")).where(
        companies.c.deleted_at.is_(None)
    )
    top = company_id
    while (found := uow.first(chosen.where(companies.c.id == top))) is not None:
        rows = {found.id: found}
        if found.parent_id is None:
            break
        top = found.parent_id
    top = next(iter(rows))
    level = [top]
    while level:
        below = uow.rows(chosen.where(companies.c.parent_id.in_(level)).order_by(*columns[1:2]))
        rows |= {row.id: row for row in below}
        level = [row.id for row in below]
    daughters: dict[int, list[int]] = {}
    for number, row in rows.items():
        if number != top:
            daughters.setdefault(row.parent_id, []).append(number)
    branches: list[Branch] = []
    waiting = [(top, 0)]
    while waiting:
        number, depth = waiting.pop()
        row = rows[number]
        branches.append(Branch(row.id, row.name, depth, row.parent_id, row.open_deals))
        waiting += [(child, depth + 1) for child in reversed(daughters.get(number, []))]
    return branches
