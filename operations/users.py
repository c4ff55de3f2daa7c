"""Users: colleagues, their roles, teams and managers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from language.errors import Conflict, InvalidValue
from language.people import parse_email
from language.terms import ME, ROLES
from language.text import fold
from operations.bindings import Computed, Link, Plain
from operations.facts import facts
from operations.flags import Flagged
from operations.sources import Draft, Source
from storage.model.people import users

if TYPE_CHECKING:
    from storage.unit import UnitOfWork


def _open_deals(uow: UnitOfWork) -> sa.ColumnElement[Any]:
    from operations.deals import open_deals_of

    return open_deals_of("owner_id", users.c.id)


def _keys(uow: UnitOfWork, text: str) -> sa.Select[Any]:
    wanted = fold(text)
    if wanted in ME:
        if uow.writes:
            uow.me()  # whoever gives work to themselves joins by it
        row = uow.my_user()
        return sa.select(users.c.id).where(users.c.id == (row.id if row is not None else None))
    return sa.select(users.c.id).where(
        sa.or_(users.c.login == text, sa.func.lower(users.c.email) == wanted)
    )


def _prepare(uow: UnitOfWork, draft: Draft) -> None:
    """Addresses are real, logins unique, and nobody manages themselves through others."""
    if draft.columns.get("email"):
        draft.columns["email"] = parse_email(str(draft.columns["email"]))
    _refuse_login(uow, draft)
    manager = draft.columns.get("manager_id")
    me = draft.before.get("id")
    seen = {me}
    while manager is not None and me is not None:
        if manager in seen:
            raise InvalidValue("a user cannot be their own manager, not even through others")
        seen.add(manager)
        manager = uow.scalar(sa.select(users.c.manager_id).where(users.c.id == manager))


def _refuse_login(uow: UnitOfWork, draft: Draft) -> None:
    login = draft.columns.get("login")
    if not login or not draft.moves("login"):
        return
    other = uow.first(
        sa.select(users.c.id, users.c.name).where(
            users.c.login == login, users.c.deleted_at.is_(None)
        )
    )
    if other is not None and other.id != draft.before.get("id"):
        raise Conflict(
            f"user #{other.id} {other.name} has login '{login}' already",
            f"edit that one: crm user edit {other.id}",
        )


def _before_delete(uow: UnitOfWork, user_id: int) -> None:
    """What a user has open must be somebody's: hand it over first."""
    from language.text import quoted
    from operations.find import label
    from operations.lists import count_records

    name = label(uow, "user", user_id)
    if user_id == uow.me():
        raise Conflict(f"user #{user_id} {name} is you", "ask a colleague to do it")
    owned = {
        "deal": count_records(uow, "deal", f'owner="#{user_id}" and outcome=open'),
        "task": count_records(uow, "task", f'owner="#{user_id}" and status!=done'),
    }
    left = [
        (noun, f"{count} open {noun}{'' if count == 1 else 's'}")
        for noun, count in owned.items()
        if count
    ]
    if left:
        hand_over = "; ".join(
            f'crm {noun} edit --filter "owner=#{user_id}" --owner COLLEAGUE' for noun, _ in left
        )
        raise Conflict(
            f"user {quoted(name)} owns {' and '.join(words for _, words in left)}",
            f"hand them over first: {hand_over}",
        )


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
        "flagged": Flagged("user", users.c.id),
        **facts(users),
    },
    prepare=_prepare,
    before_delete=_before_delete,
    extra_keys=_keys,
    describe=("role", "team", "region"),
)


def in_turn(uow: UnitOfWork) -> list[int]:
    """Numbers of those who take new records in turn: active reps, or all who are active."""
    rows = uow.rows(
        sa.select(users.c.id, users.c.role)
        .where(users.c.deleted_at.is_(None), users.c.active)
        .order_by(users.c.id)
    )
    return [row.id for row in rows if row.role == "rep"] or [row.id for row in rows]
