"""Companies: organisations, their trees and the ways to reach them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from language.errors import InvalidValue
from operations.bindings import Computed, Link, MoneyPair, Plain
from operations.facts import facts
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
        **facts(companies),
    },
    prepare=_prepare,
    extra_keys=_keys,
    describe=("industry", "domains"),
)
