"""What <TAB> offers: names from the database, read straight through a small look-up, and words.

Names come from anywhere (a web form, an import), and shells evaluate what completion prints: zsh
runs Typer's answer through `eval`, bash expands `*` in it. So only letters, digits and a few signs
are ever offered. A name with others is offered with spaces in their place, which finds the same
record, because records are found by their words; a tag with others is not offered.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from language.fields import Field

Completer = Callable[..., list[str]]
HARMLESS = frozenset("-_.,+/ ")
EXACT = frozenset({"tag", "field"})


class Offered(str):
    """A candidate that Typer must not drop because its case differs from what was typed."""

    __slots__ = ()

    def startswith(self, *_: Any) -> bool:
        """Say that it fits: whoever made it has compared already."""
        return True


def names_of(noun: str) -> Completer:
    """Complete the names of a noun's records; `--database` counts as it does for the command."""

    def complete(ctx: Any, incomplete: str) -> list[str]:
        try:
            from storage.peek import names
            from storage.settings import load_settings

            given = [ctx.params.get("database"), ctx.find_root().params.get("database")]
            database = next((place for place in given if place), None)
            settings = load_settings({"database": database})
            found = names(settings.database, noun, incomplete)
            return offer(found, incomplete, exact=noun in EXACT)
        except Exception:  # noqa: BLE001 (a failing <TAB> must stay silent)
            return []

    return complete


def words(choices: Iterable[str]) -> Completer:
    """Complete one of a closed list."""

    def complete(incomplete: str) -> list[str]:
        return offer([word for word in choices if word.startswith(incomplete)], incomplete)

    return complete


def offer(names: Iterable[str], typed: str, *, exact: bool = True) -> list[str]:
    """Names as the asking shell can take them; `exact` ones are never respelled."""
    shell = os.environ.get("_CRM_COMPLETE", "").rpartition("_")[2]
    offered: dict[str, None] = {}
    for name in names:
        spelled = harmless(name)
        if not spelled or (exact and spelled != name):
            continue
        if shell == "zsh" and not exact:
            # zsh compares letter by letter: keep what was typed, go on with the name.
            spelled = typed + spelled[len(typed) :]
            if spelled != harmless(spelled):
                continue
        if shell == "bash" and not _inside_quotes():
            spelled = spelled.replace(" ", "\\ ")
        offered[spelled] = None
    return [Offered(name) for name in offered]


def harmless(name: str) -> str:
    """Give a name without anything that a shell could take for more than text."""
    kept = "".join(sign if _is_harmless(sign) else " " for sign in name)
    return " ".join(kept.split()).lstrip("-+/., ")


def _is_harmless(sign: str) -> bool:
    return sign.isalnum() or sign in HARMLESS or unicodedata.category(sign) in {"Mn", "Mc"}


def _inside_quotes() -> bool:
    """Whether the word being typed in bash began with a quotation mark."""
    line = os.environ.get("COMP_WORDS", "")
    return line.count('"') % 2 == 1 or line.count("'") % 2 == 1


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
