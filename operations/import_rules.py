"""The rules of each noun for records from a file: what `add` asks for, as far as a file says it.

What a rule refuses is left out and flagged; the row is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from language.errors import InvalidValue
from operations.sources import Draft, source_of

if TYPE_CHECKING:
    from operations.import_drafts import Drafts
    from operations.import_flags import Flags
    from operations.import_match import Slot
    from storage.unit import UnitOfWork


def check(uow: UnitOfWork, slot: Slot, noun: str) -> None:
    """Fill what follows from what a row says; raises `CrmError` where a rule refuses it."""
    RULES.get(noun, _prepare)(uow, slot, noun)


def _prepare(uow: UnitOfWork, slot: Slot, noun: str) -> None:
    source_of(noun).prepare(uow, Draft(slot.columns, slot.values, slot.before or {}))


def _nothing(uow: UnitOfWork, slot: Slot, noun: str) -> None:
    """Deals have rules of their own for files, companies none that is not checked for all."""


def _prepare_user(uow: UnitOfWork, slot: Slot, noun: str) -> None:
    if slot.is_new:
        slot.columns.setdefault("role", "rep")
    _prepare(uow, slot, noun)


def _prepare_product(uow: UnitOfWork, slot: Slot, noun: str) -> None:
    from operations.products import check_price

    check_price(slot.columns)


def same_logins(slots: Sequence[Slot], drafts: Drafts, flags: Flags) -> None:
    """Users of one file that share a login, which the database does not know yet."""
    first: dict[str, Slot] = {}
    for slot in slots:
        login = slot.columns.get("login")
        if login and first.setdefault(login, slot) is not slot:
            name = first[login].values.get("name", "")
            flags.add(
                drafts, slot.row, "login", login, f"user '{name}' of this file has it already"
            )
            slot.columns.pop("login")
            slot.values.pop("login", None)


def _prepare_activity(uow: UnitOfWork, slot: Slot, noun: str) -> None:
    if slot.is_new and "happened_at" not in slot.columns:
        # Today would be a lie, and another one at each import of the same file.
        raise InvalidValue("an activity needs the day it happened")
    _prepare(uow, slot, noun)


RULES: dict[str, Callable[[UnitOfWork, Slot, str], None]] = {
    "user": _prepare_user,
    "product": _prepare_product,
    "activity": _prepare_activity,
    "deal": _nothing,
    "company": _nothing,
}
GIVES_WAY = {
    "user": ("email", "login", "manager"),
    "product": ("price",),
    "contact": ("referrer",),
    "task": ("repeat",),
    "activity": ("direction",),
}
"""Fields whose value is left out, and flagged, when a rule of the noun refuses a row."""
