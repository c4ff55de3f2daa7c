"""Users: colleagues, their roles, teams and managers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from language.errors import InvalidValue
from language.terms import ROLES
from language.text import fold
from operations.bindings import Computed, Link, Plain
from operations.facts import facts
from operations.sources import Draft, Source
from storage.model.people import users

if TYPE_CHECKING:
    from storage.unit import UnitOfWork


def _open_deals(uow: UnitOfWork) -> sa.ColumnElement[Any]:
    from operations.deals import open_deals_of

    return open_deals_of("owner_id", users.c.id)


def _keys(uow: UnitOfWork, text: str) -> sa.Select[Any]:
    wanted = fold(text)
    if wanted in {"me", "yo"}:
        return sa.select(users.c.id).where(users.c.login == uow.settings.user)
    return sa.select(users.c.id).where(
        sa.or_(users.c.login == text, sa.func.lower(users.c.email) == wanted)
    )


def _prepare(uow: UnitOfWork, draft: Draft) -> None:
    """A manager must not, through others, be managed by the one they manage."""
    manager = draft.columns.get("manager_id")
    me = draft.before.get("id")
    seen = {me}
    while manager is not None and me is not None:
        if manager in seen:
            raise InvalidValue("a user cannot be their own manager, not even through others")
        seen.add(manager)
        manager = uow.scalar(sa.select(users.c.manager_id).where(users.c.id == manager))


SOURCE = Source(
    noun="user",
    table=users,
    label=users.c.name,
    key=users.c.name_key,
    bindings={
        "name": Plain(users.c.name, key=users.c.name_key),
        "email": Plain(users.c.email),
        "login": Plain(users.c.login),
        "role": Plain(users.c.role, "choice", choices=ROLES),
        "team": Plain(users.c.team),
        "region": Plain(users.c.region),
        "manager": Link(users.c.manager_id, "user"),
        "active": Plain(users.c.active, "flag"),
        "open_deals": Computed(_open_deals),
        **facts(users),
    },
    prepare=_prepare,
    extra_keys=_keys,
    describe=("role", "team", "region"),
)
