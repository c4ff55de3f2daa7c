"""What the cells of a column are, where its heading says nothing: most of them must agree."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from importers.cells import Column, as_number, as_text, is_nothing
from importers.headings import words_of
from language.errors import InvalidValue
from language.people import looks_like_domain, looks_like_email
from language.phone import looks_like_phone
from language.text import fold

SHARE = 0.8
FEWEST = 3
MOST_CHOICES = 12
_SILENT = re.compile(
    r"(?:unnamed|untitled|sin nombre|column|columna|col|campo|field|header|dato|data|f|c|x)?\s*\d*"
)
_CURRENCY = re.compile(r"[€$£¥]|\b(?:eur|usd|gbp|mxn|ars|clp|cop|pen|chf)\b", re.IGNORECASE)
_YES_NO = frozenset({"yes", "no", "si", "true", "false", "y", "n", "s", "verdadero", "falso"})
WORDS = {
    "email": "e-mail addresses",
    "phone": "phone numbers",
    "domain": "internet domains",
    "day": "dates",
    "money": "amounts with a currency",
}


def says_nothing(header: str) -> bool:
    """Whether a heading is empty or only counts: `Column 3`, `Campo1`, `unnamed: 2`."""
    return _SILENT.fullmatch(words_of(header)) is not None


def seen(column: Column) -> tuple[str, str]:
    """The kind of most cells (email, phone, domain, day, money; "" for none) and the reason."""
    values = [value for _, value in column.distinct() if value is not None]
    values = [value for value in values if not is_nothing(as_text(value))]
    if not values:
        return "", ""
    for kind, fits in _FITS.items():
        count = sum(1 for value in values if fits(value))
        enough = count >= max(FEWEST, SHARE * len(values)) or count == len(values)
        if enough:
            return kind, f"{100 * count // len(values)} % of the cells are {WORDS[kind]}"
    return "", ""


def _is_day(value: Any) -> bool:
    if isinstance(value, date):
        return True
    if not isinstance(value, str) or not re.search(r"\d[-/. ]\w", value):
        return False
    return _reads_as_day(value)


def _reads_as_day(text: str) -> bool:
    from language.when import parse_when_in

    for order in ("dmy", "mdy"):
        try:
            parse_when_in(text, order)
        except InvalidValue:
            continue
        return True
    return False


def _is_money(value: Any) -> bool:
    from language.money import parse_money

    if not isinstance(value, str) or not _CURRENCY.search(value):
        return False
    try:
        parse_money(value, currency="EUR")
    except InvalidValue:
        return False
    return True


_FITS: dict[str, Callable[[Any], bool]] = {
    "email": lambda value: isinstance(value, str) and looks_like_email(value),
    "day": _is_day,
    "money": _is_money,
    "phone": lambda value: isinstance(value, str) and looks_like_phone(value),
    "domain": lambda value: isinstance(value, str) and looks_like_domain(value),
}


# Kinds of new fields


def field_kind(column: Column) -> tuple[str, tuple[str, ...]]:
    """The kind of custom field that holds every value of a column, and the choices of a choice.

    Text when in doubt: a number with a leading zero is a code, not a number.
    """
    values = [value for _, value in column.distinct() if value is not None]
    values = [value for value in values if not is_nothing(as_text(value))]
    if not values:
        return "text", ()
    if all(_is_yes_no(value) for value in values):
        return "flag", ()
    if all(_is_day(value) for value in values):
        return "date", ()
    if all(_is_number(value) for value in values):
        return "number", ()
    if all(_is_money(value) for value in values):
        return "money", ()
    texts = [as_text(value) for value in values]
    known = {fold(text): text for text in reversed(texts)}
    if (
        2 <= len(known) <= MOST_CHOICES
        and column.filled() >= 5 * len(known)
        and all(len(text) <= 40 and not re.search(r"[\n;,]", text) for text in texts)
        and not all(any(map(str.isdigit, text)) for text in texts)
    ):
        return "choice", tuple(sorted(known.values(), key=fold))
    return "text", ()


def _is_yes_no(value: Any) -> bool:
    return isinstance(value, bool) or (isinstance(value, str) and fold(value) in _YES_NO)


def _is_number(value: Any) -> bool:
    from language.money import parse_number

    if isinstance(value, str):
        plain = value.lstrip("-")
        if len(plain) > 15 or not plain[:1].isdigit() or re.match(r"0\d", plain):
            return False
        try:
            number = parse_number(value)
        except InvalidValue:
            return False
    else:
        known = as_number(value)
        if known is None:
            return False
        number = known
    exponent = number.normalize().as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -6 and abs(number) < 10**12


def guessed_headers(headers: Sequence[str]) -> str:
    """The heading that looks like a value, so that the first line may be no headings; or ""."""
    return next((header for header in headers if looks_like_email(header)), "")
