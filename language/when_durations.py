"""How long something took or may take: `45`, `1h30`, `1,5h`, `30d`, `2 semanas`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from language.errors import InvalidValue

if TYPE_CHECKING:
    from fractions import Fraction

MOST_MINUTES = 366 * 24 * 60
MOST_DAYS = 366 * 300

_MINUTES_HINT = "Try 45, 45m, 1h30 or 1,5h."
_DAYS_HINT = "Try 30d, 2w, 3m or 1y."
_DAYS_IN = {"days": 1, "weeks": 7, "months": 30, "years": 365}


def parse_minutes(text: str) -> int:
    """Read how long something took, in whole minutes: `45`, `45m`, `1h30`, `1:30`, `1,5h` (90).

    Raises InvalidValue for anything else, for parts of a minute and for more than a year.
    """
    from fractions import Fraction

    from language.when_words import fold

    folded = fold(text.strip())
    found = re.fullmatch(r"([0-9]{1,4}):([0-5][0-9])", folded)
    if found:
        minutes = Fraction(int(found[1]) * 60 + int(found[2]))
    else:
        hours, rest = _hours(folded)
        found = re.fullmatch(r"([0-9]{1,7})\s*(?:m|min|mins|minutes?|minutos?)?", rest)
        if not found and (hours is None or rest):
            raise InvalidValue(f"'{text.strip()[:60]}' is not a length of time.", _MINUTES_HINT)
        minutes = (hours or 0) * 60 + Fraction(int(found[1]) if found else 0)
    if minutes.denominator != 1 or minutes > MOST_MINUTES:
        raise InvalidValue(
            f"'{text.strip()[:60]}' is not a whole number of minutes within a year.",
            _MINUTES_HINT,
        )
    return int(minutes)


def _hours(folded: str) -> tuple[Fraction | None, str]:
    from fractions import Fraction

    found = re.match(r"([0-9]{1,5}(?:[.,][0-9]{1,4})?)\s*(?:hours?|horas?|hrs?|h)(?![a-z])", folded)
    if found is None:
        return None, folded
    rest = re.sub(r"^(?:and|y)\s", "", folded[found.end() :].strip())
    return Fraction(found[1].replace(",", ".")), rest


def show_minutes(minutes: int) -> str:
    """Show a length of time: `45 min`, `2 h`, `1 h 30 min`."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def parse_days(text: str) -> int:
    """Read a length of time in days: `30`, `30d`, `2w` (14), `3m` (90), `1y` (365), `2 semanas`.

    A month counts 30 days and a year 365. Raises InvalidValue for anything else.
    """
    from language.when_words import UNITS, fold

    found = re.fullmatch(r"([0-9]{1,6})\s*([a-z]*)", fold(text.strip()))
    unit = UNITS.get(found[2] or "d") if found else None
    if found is None or unit not in _DAYS_IN or int(found[1]) * _DAYS_IN[unit] > MOST_DAYS:
        raise InvalidValue(f"'{text.strip()[:60]}' is not a number of days.", _DAYS_HINT)
    return int(found[1]) * _DAYS_IN[unit]
