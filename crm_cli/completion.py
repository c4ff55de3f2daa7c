"""What <TAB> offers: names from the database, read straight through a small look-up, and words."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from language.fields import Field

Completer = Callable[[str], list[str]]


def names_of(noun: str) -> Completer:
    """Complete the names of a noun's records."""

    def complete(incomplete: str) -> list[str]:
        try:
            from storage.peek import names
            from storage.settings import load_settings

            return names(load_settings().database, noun, incomplete)
        except Exception:  # noqa: BLE001 (a failing <TAB> must stay silent)
            return []

    return complete


def words(choices: tuple[str, ...]) -> Completer:
    """Complete one of a closed list."""

    def complete(incomplete: str) -> list[str]:
        return [word for word in choices if word.startswith(incomplete)]

    return complete


def completer(field: Field) -> Completer | None:
    """What to offer for a field."""
    if "_CRM_COMPLETE" not in os.environ:
        return None
    if field.kind in {"ref", "member", "line"}:
        return names_of(field.noun)
    if field.kind == "tag":
        return names_of("tag")
    if field.kind == "choice":
        return words(field.choices)
    if field.kind == "flag":
        return words(("yes", "no"))
    return None
