"""Text for the screen: always content, never markup, and harmless whatever it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from language.money import show_money
from language.text import safe, shorten

if TYPE_CHECKING:
    from collections.abc import Iterable

    from language.fields import Field
    from language.money import Money
    from language.tables import Look

LONG = 300


def words(text: str, style: str = "", width: int = LONG) -> Content:
    """One line of text as given, cut to a width; brackets in it mean nothing."""
    return Content.styled(shorten(safe(text), width), style)


def lines(text: str, style: str = "") -> Content:
    """Many lines of text as given."""
    return Content.styled(safe(text, newlines=True), style)


def cell(value: object, look: Look, field: Field | None = None) -> str:
    """One value as a person reads it, harmless."""
    from language.tables import cell_text

    return safe(cell_text(value, look, field))


def amount_text(amount: Money | None, lang: str = "en") -> str:
    """An amount with its sign: `48,200 €`; nothing when unknown."""
    if amount is None:
        return ""
    return show_money(amount.minor, amount.currency, lang=lang, symbol=True)


def totals_text(totals: Iterable[Money], lang: str = "en") -> str:
    """Amounts of several currencies side by side; never added up."""
    return " + ".join(amount_text(money, lang) for money in totals) or "—"


def initials(name: str) -> str:
    """The first letters of a name: `Eva Romero` is `ER`."""
    return safe("".join(word[0] for word in name.split()[:2]).upper())
