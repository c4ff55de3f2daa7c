"""Undo any command, redo what was undone; both are commands themselves.

A command is undone whole or not at all, unless the person asks to keep what is newer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from language.errors import Conflict, InvalidValue, NotAllowed, NotFound
from operations.clashes import sentences
from operations.reversal import Reversal
from storage.model.journal import commands

if TYPE_CHECKING:
    from storage.unit import UnitOfWork


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo or redo did. `command_id` is its own number, `target` what it reversed.

    `removed`, `restored` and `put_back` count rows; `kept` says what stayed because it is newer.
    """

    command_id: int
    target: int
    summary: str
    removed: int
    restored: int
    put_back: int
    kept: tuple[str, ...] = ()


def undo(uow: UnitOfWork, command_id: int | None = None, *, keep_newer: bool = False) -> Undone:
    """Undo a command, by default the last one of the acting user that is not undone.

    Raises `NotFound` (nothing to undo), `NotAllowed` (somebody else's), `Conflict` listing what is
    newer; with `keep_newer` that is kept and the rest undone.
    """
    target = _named(uow, command_id) if command_id is not None else _last(uow)
    return _reverse(uow, target, target, "undo", keep_newer=keep_newer)


def redo(uow: UnitOfWork, command_id: int | None = None, *, keep_newer: bool = False) -> Undone:
    """Do again what the acting user undid last, or the undone command of a number."""
    undoing = _undoing(uow, command_id)
    original = _command(uow, undoing.undo_of)
    return _reverse(uow, undoing, original, "redo", keep_newer=keep_newer)


def undoable(uow: UnitOfWork, limit: int | None = None) -> Sequence[sa.Row[Any]]:
    """My commands that can be undone, in the order in which `undo` would take them."""
    undoing, again = commands.alias(), commands.alias()
    redone = (
        sa.select(sa.func.max(again.c.id))
        .join(undoing, undoing.c.id == again.c.undo_of)
        .where(undoing.c.undo_of == commands.c.id, again.c.kind == "redo")
        .correlate(commands)
        .scalar_subquery()
    )
    return uow.rows(
        sa.select(commands)
        .where(
            commands.c.kind == "command",
            commands.c.undone_by.is_(None),
            commands.c.actor == uow.settings.user,
            commands.c.id != uow.command_id,
        )
        .order_by(sa.func.coalesce(redone, commands.c.id).desc())
        .limit(limit)
    )


def _last(uow: UnitOfWork) -> sa.Row[Any]:
    found = undoable(uow, 1)
    if not found:
        raise NotFound("nothing to undo", "see: crm history")
    return found[0]


def _command(uow: UnitOfWork, command_id: int) -> sa.Row[Any]:
    row = uow.first(sa.select(commands).where(commands.c.id == command_id))
    if row is None or command_id == uow.command_id:
        raise NotFound(f"there is no command #{command_id}", "see: crm history")
    return row


def _named(uow: UnitOfWork, command_id: int) -> sa.Row[Any]:
    row = _command(uow, command_id)
    if row.kind == "system":
        raise InvalidValue(f"#{command_id} ({row.name}) cannot be undone", "see: crm undo --list")
    if row.kind.startswith("restored"):
        raise InvalidValue(
            f"#{command_id} was done in another database and came here with crm import all",
            "it cannot be undone here; crm undo --list shows what can",
        )
    if row.kind in {"undo", "redo"}:
        hint = (
            "crm redo does it again" if row.kind == "undo" else f"try: crm undo {_root(uow, row)}"
        )
        raise InvalidValue(
            f"#{command_id} is itself an {row.kind}".replace("an redo", "a redo"), hint
        )
    if row.undone_by is not None:
        raise Conflict(f"#{command_id} was undone already by #{row.undone_by}", "see: crm redo")
    return row


def _root(uow: UnitOfWork, row: sa.Row[Any]) -> int:
    while row.undo_of is not None:
        row = _command(uow, row.undo_of)
    return int(row.id)


def _undoing(uow: UnitOfWork, command_id: int | None) -> sa.Row[Any]:
    if command_id is not None:
        row = _command(uow, command_id)
        if row.kind == "undo" and row.undone_by is None:
            return row
        if row.undone_by is None or row.kind.startswith("restored"):
            raise InvalidValue(f"#{command_id} is not undone", "see: crm history")
        return _command(uow, row.undone_by)
    last = uow.first(
        sa.select(commands)
        .where(
            commands.c.kind == "undo",
            commands.c.undone_by.is_(None),
            commands.c.actor == uow.settings.user,
        )
        .order_by(commands.c.id.desc())
    )
    if last is None:
        raise NotFound("nothing to redo", "see: crm history")
    return last


def _reverse(
    uow: UnitOfWork, target: sa.Row[Any], original: sa.Row[Any], kind: str, *, keep_newer: bool
) -> Undone:
    _must_be_allowed(uow, target, kind)
    uow.describe(kind=kind, undo_of=target.id)
    reversal = Reversal(uow, target.id, target.kind != "command", keep_newer)
    reversal.run()
    told = sentences(uow, reversal.clashes, target.id) if reversal.clashes else []
    if told and not keep_newer:
        raise Conflict(
            f"#{original.id} cannot be {'undone' if kind == 'undo' else 'redone'} whole:"
            " something is newer",
            "undo that first, or keep it with --keep-newer",
            told,
        )
    _mark(uow, target.id, uow.command_id)
    if kind == "redo":
        _mark(uow, original.id, None)
    uow.changed = True
    verb = "undid" if kind == "undo" else "redid"
    uow.summary = f"{verb} #{original.id}: {original.summary or original.name}"
    return Undone(
        uow.command_id,
        int(original.id),
        uow.summary,
        reversal.removed,
        reversal.restored,
        reversal.put_back,
        tuple(told),
    )


def _mark(uow: UnitOfWork, command_id: int, undone_by: int | None) -> None:
    uow.connection.execute(
        sa.update(commands).where(commands.c.id == command_id).values(undone_by=undone_by)
    )


def _must_be_allowed(uow: UnitOfWork, target: sa.Row[Any], kind: str) -> None:
    """Reps undo what they did, managers what their team did, admins anything."""
    role = uow.my_role()
    if target.actor == uow.settings.user or role == "admin":
        return
    me, other = uow.my_user(), uow.user_named(target.actor)
    if (
        me is not None
        and other is not None
        and (other.id == me.id or (role == "manager" and _is_mine(me, other)))
    ):
        return
    whom = "their own team" if role == "manager" else "only their own commands"
    raise NotAllowed(
        f"#{target.id} was done by {target.actor}; a {role} may {kind} {whom}",
        "ask an admin, or whoever did it",
    )


def _is_mine(me: sa.Row[Any], other: sa.Row[Any]) -> bool:
    return bool(other.manager_id == me.id or (me.team and other.team == me.team))
