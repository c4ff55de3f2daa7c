"""Amounts as people write and read them: `12.5k`, `1.234,56 €`, `USD 900`.

Inside they are whole minor units. An amount is never rounded on the way in: what
does not fit the currency is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import NoReturn

from language.currencies import CURRENCIES, DOLLARS, SHOWN_SYMBOLS, SYMBOLS, exponent
from language.errors import InvalidValue

__all__ = [
    "CURRENCIES",
    "Money",
    "decimal_mark",
    "exponent",
    "major_number",
    "parse_money",
    "parse_number",
    "parse_percent",
    "show_money",
    "split_amount",
    "to_major",
    "to_minor",
]

_LIMIT = 2**62
_WIDE = Context(prec=100)
_MOST_DIGITS = 40
_HINT = "Try 12500, 12.5k, 1.234,56 €, or USD 900."

# Spaces and apostrophes of every kind that stand between thousands, and the true minus sign.
_PLAIN = str.maketrans(
    {"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2007": " "}
    | {"\u2019": "'", "\u2018": "'", "\u00b4": "'", "\u02bc": "'"}
    | {"\u2212": "-", "\uffe5": "¥"}
)
# Patterns are compiled on use: most commands show amounts and read none.
_SHAPE = (
    r"(?P<sign>[+-]?)\s*(?P<before>[^\d\s.,'()+-]{0,5})\s*(?P<inner>[+-]?)\s*"
    r"(?P<number>[0-9.,](?:[0-9.,' ]*[0-9])?)"
    r"\s*(?P<after>[^\d.,'()+-]{0,8}?)\s*(?P<behind>-?)"
)
_PARENTHESES = r"([^()\d+-]*)\(([^()+-]*)\)([^()\d+-]*)"
_ZEROS = {"k": 3, "K": 3, "m": 6, "M": 6}
# Thousands; with commas also the Indian way, 12,34,567.
_GROUPS = {
    ".": r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+",
    ",": r"[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}",
    "'": r"[1-9][0-9]{0,2}(?:'[0-9]{3})+",
    " ": r"[1-9][0-9]{0,2}(?: [0-9]{3})+",
}


@dataclass(frozen=True, slots=True)
class Money:
    """An amount: whole minor units (cents) of a currency, named by its ISO 4217 code."""

    minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class _Pieces:
    is_negative: bool
    number: str
    zeros: int
    names: tuple[str, ...]


def to_minor(amount: Decimal, currency: str) -> int:
    """Turn an amount in major units into whole minor units.

    Raises InvalidValue when it has more decimals than the currency, is no number, or is too large.
    """
    places = exponent(currency)
    # The bound on the size comes first: an exponent of millions would fill the memory.
    if not amount.is_finite() or (amount and not -_MOST_DIGITS <= amount.adjusted() < 20):
        raise InvalidValue(f"'{str(amount)[:60]}' is not an amount.", _HINT)
    minor = amount.scaleb(places, _WIDE)
    if minor != minor.to_integral_value(context=_WIDE):
        _refuse_decimals(str(amount), currency)
    return _within(int(minor), str(amount))


def to_major(minor: int, currency: str) -> Decimal:
    """Turn minor units into an exact amount in major units: 1250 EUR cents are 12.50."""
    return Decimal(minor).scaleb(-exponent(currency), _WIDE)


def major_number(minor: int, currency: str) -> int | float:
    """Give major units as JSON writes them: an int when whole, else a float; not for arithmetic."""
    unit: int = 10 ** exponent(currency)
    whole, rest = divmod(minor, unit)
    return whole if rest == 0 else minor / unit


def parse_money(text: str, *, currency: str, mark: str | None = None) -> Money:
    """Read an amount: `12500`, `12.5k`, `1.2M`, `1.234,56 €`, `USD 900`, `$1,234.50`, `(50)`.

    `currency` is taken when the text names none; `$` is it too when it is a dollar or a peso, else
    USD. `mark` is the decimal mark, "." or ",", when it is known. Without it: the last of two
    different marks is decimal; a mark that comes twice parts thousands; one mark with three digits
    after it and one to three before parts thousands (`1.234` and `1,234` are 1234), except before
    `k` or `M`, after a lone 0, and in currencies of three decimals; any other is decimal.

    Raises InvalidValue for an unknown currency, for more decimals than the currency has (nothing
    is rounded), beyond 2**62 minor units, and for whatever is not an amount.
    """
    pieces = _cut(text)
    code = _currency(pieces.names, currency, text)
    places = exponent(code)
    whole, decimals = _digits(pieces, text, mark, is_three_decimal=places == 3)
    shift = places + pieces.zeros - len(decimals)
    minor, rest = int(whole + decimals), 0
    if shift >= 0:
        minor *= 10**shift
    else:
        minor, rest = divmod(minor, 10**-shift)
    if rest:
        _refuse_decimals(text, code)
    return Money(_within(-minor if pieces.is_negative else minor, text), code)


def show_money(minor: int, currency: str, *, lang: str = "en", symbol: bool = False) -> str:
    """Show an amount: `12,500 USD`, `1,234.50 EUR`; in Spanish `1.234,50 EUR`.

    Decimals are left out when they are all zero, except in currencies of three decimals, where
    `1,234` would read as 1.234. With `symbol`, `€12,500` or `12.500 €` for EUR, GBP, JPY and USD.
    `parse_money` reads every shown form back, given the same currency for a `$`.
    """
    places = exponent(currency)
    whole, rest = divmod(abs(minor), 10**places)
    shown = f"{whole:,}"
    if rest or places == 3:
        shown += f".{rest:0{places}d}"
    if lang == "es":
        shown = shown.translate({ord(","): ".", ord("."): ","})
    sign = "-" if minor < 0 else ""
    mark = SHOWN_SYMBOLS.get(currency) if symbol else None
    if mark is None:
        return f"{sign}{shown} {currency}"
    return f"{sign}{shown} {mark}" if lang == "es" else f"{sign}{mark}{shown}"


def parse_number(text: str, *, mark: str | None = None) -> Decimal:
    """Read a plain number by the rules of `parse_money`, `k` and `M` included, without a currency.

    Raises InvalidValue.
    """
    pieces = _cut(text)
    if pieces.names:
        _refuse(text)
    whole, decimals = _digits(pieces, text, mark)
    number = Decimal(f"{whole}{decimals}E{pieces.zeros - len(decimals)}")
    return -number if pieces.is_negative else number


def parse_percent(text: str) -> int:
    """Read a percentage, 0 to 100 and whole: `25` and `25%`.

    Raises InvalidValue; `0.25` too, since it may mean a quarter or a quarter of one per cent.
    """
    plain = text.strip().removesuffix("%").strip()
    if not (plain.isascii() and plain.isdigit() and len(plain) <= 3 and int(plain) <= 100):
        raise InvalidValue(
            f"'{text.strip()[:60]}' is not a whole percentage from 0 to 100.",
            "Write 25 or 25% for a quarter.",
        )
    return int(plain)


def decimal_mark(values: Iterable[str]) -> str | None:
    """Decide which decimal mark a column of amounts uses: "." or ",".

    Values that are no amounts are passed over. None when the column never tells, as with `1.234`
    alone. Raises InvalidValue, naming two values, when the column contradicts itself.
    """
    proofs: dict[str, str] = {}
    for value in values:
        if "." in value or "," in value:
            left, sign, right = value.partition("," if "," in value else ".")
            is_plain = len(right) in (1, 2) and left.isdigit() and right.isdigit()
            mark = sign if is_plain else _proved_mark(value)
            if mark is not None:
                # The smallest witness, so that the same column always gives the same message.
                proofs[mark] = min(proofs.get(mark, value), value)
    if len(proofs) > 1:
        raise InvalidValue(
            f"'{proofs['.'].strip()}' and '{proofs[','].strip()}' use different decimal marks.",
            "Name the decimal mark of the column: . or ,",
        )
    return next(iter(proofs), None)


def split_amount(total: int, weights: Sequence[int]) -> list[int]:
    """Split minor units by weights so that the parts add up to `total` exactly.

    Each part is within one unit of its exact share (largest remainder; on a tie the earlier part
    gets the unit). Weights that are all zero share evenly. Raises ValueError for a negative weight
    and for an amount without anybody to take it.
    """
    if any(weight < 0 for weight in weights) or (total and not weights):
        raise ValueError("an amount is split by one or more weights, none of them negative")
    shares = list(weights) if any(weights) else [1] * len(weights)
    size, whole = abs(total), sum(shares)
    parts = [size * share // whole for share in shares]
    by_remainder = sorted(range(len(shares)), key=lambda i: -(size * shares[i] % whole))
    for i in by_remainder[: size - sum(parts)]:
        parts[i] += 1
    return [-part for part in parts] if total < 0 else parts


def _cut(text: str) -> _Pieces:
    """Take an amount apart: sign, number as written, `k` or `M` as zeros, names of currencies."""
    plain = (text if text.isascii() else text.translate(_PLAIN)).strip()
    inside = re.fullmatch(_PARENTHESES, plain) if "(" in plain else None
    found = re.fullmatch(_SHAPE, " ".join(inside.groups()).strip() if inside else plain)
    if found is None:
        _refuse(text)
    signs = found["sign"] + found["inner"] + found["behind"] + ("-" if inside else "")
    if len(signs) > 1 or len(found["number"]) > _MOST_DIGITS:
        _refuse(text)
    before, after, zeros = found["before"].upper(), found["after"], 0
    if after[:1] in _ZEROS and not _is_currency(after):
        name = after[1:].strip()
        if not name or _is_currency(name):
            zeros, after = _ZEROS[after[0]], name
    names = tuple(name for name in (before, after.upper()) if name)
    return _Pieces(signs == "-", found["number"], zeros, names)


def _is_currency(name: str) -> bool:
    return name == "$" or name.upper() in CURRENCIES or name.upper() in SYMBOLS


def _currency(names: tuple[str, ...], default: str, text: str) -> str:
    if not names:
        return default
    codes = {SYMBOLS.get(name, name) for name in names}
    if "$" in codes and len(codes) == 2 and codes & DOLLARS:
        codes.remove("$")
    if len(codes) > 1:
        raise InvalidValue(f"'{text.strip()[:60]}' names two currencies.", _HINT)
    code = codes.pop()
    if code == "$":
        return default if default in DOLLARS else "USD"
    return code


def _digits(
    pieces: _Pieces, text: str, mark: str | None, *, is_three_decimal: bool = False
) -> tuple[str, str]:
    """Give the digits before and after the decimal mark."""
    number = pieces.number
    if mark is None:
        mark = _decide(number, is_decimal=is_three_decimal or pieces.zeros > 0)
    whole, decimals = number, ""
    if mark is not None and mark in number:
        whole, _, decimals = number.partition(mark)
        if not decimals.isdigit():
            _refuse(text)
    if whole.isdigit():
        return whole, decimals
    separators = set(whole) & _GROUPS.keys()
    if len(separators) > 1 or not all(re.fullmatch(_GROUPS[each], whole) for each in separators):
        _refuse(text)
    return "".join(filter(str.isdigit, whole)) or "0", decimals


def _decide(number: str, *, is_decimal: bool) -> str | None:
    last = max(number.rfind("."), number.rfind(","))
    mark = number[last] if last >= 0 else ""
    if not mark or (number.count(mark) > 1):
        return None
    before, after = number[:last], number[last + 1 :]
    is_thousands = len(after) == 3 and len(before) <= 3 and before.isdigit() and before[0] != "0"
    return None if is_thousands and not is_decimal else mark


def _proved_mark(value: str) -> str | None:
    try:
        pieces = _cut(value)
        _digits(pieces, value, None)
    except InvalidValue:
        return None
    mark = _decide(pieces.number, is_decimal=pieces.zeros > 0)
    if mark is not None:
        return mark
    repeated = [each for each in ".," if pieces.number.count(each) > 1]
    return {".": ",", ",": "."}[repeated[0]] if repeated else None


def _within(minor: int, text: str) -> int:
    if abs(minor) >= _LIMIT:
        raise InvalidValue(f"'{text.strip()[:60]}' is too large an amount.", "Check the zeros.")
    return minor


def _refuse_decimals(text: str, currency: str) -> NoReturn:
    places = exponent(currency)
    raise InvalidValue(
        f"'{text.strip()[:60]}' has more decimals than {currency} has ({places}).",
        "Round it first; if the mark parts thousands, write it without.",
    )


def _refuse(text: str) -> NoReturn:
    if not text.strip():
        raise InvalidValue("The amount is empty.", _HINT)
    raise InvalidValue(f"'{text.strip()[:60]}' is not an amount I can read.", _HINT)
