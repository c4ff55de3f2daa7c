"""How a time of day is said: `9am`, `15:30`, `9h30`, `at 10`, `a las 9 y media de la tarde`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, time, timedelta, timezone

NOON, MIDNIGHT = time(12), time(0)
_HALF_DAY, _DAY_MINUTES = 12, 1440

_BARE = re.compile(r"[0-9]{1,2}")
_CLOCK = re.compile(
    r"(?P<hour>[0-9]{1,2})"
    r"(?:(?P<half>am|pm)|h(?P<after>[0-9]{2})?"
    r"|:(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?(?P<end>am|pm|h)?"
    r"|\.(?P<dotted>[0-9]{2})(?P<mark>am|pm|h))"
)
_ISO = re.compile(
    r"(?P<hour>[0-9]{2}):?(?P<minute>[0-9]{2})(?::?(?P<second>[0-9]{2})(?:\.(?P<part>[0-9]+))?)?"
    r"(?P<zone>z|(?P<sign>[+-])(?P<hours>[0-9]{2}):?(?P<minutes>[0-9]{2})?)?"
)
_NAMED = {"noon": NOON, "midday": NOON, "mediodia": NOON, "midnight": MIDNIGHT}
_NAMED["medianoche"] = MIDNIGHT

_FRACTIONS: dict[tuple[str, ...], int] = {
    ("y", "media"): 30,
    ("y", "cuarto"): 15,
    ("menos", "cuarto"): -15,
    ("en", "punto"): 0,
}

# Part of the day → the hours it may be said with, and what to add. What is missing is unclear:
# people mean noon or midnight by `12 de la mañana`, so it is refused.
_EARLY = {hour: hour for hour in range(1, 12)}
_AFTERNOON = {12: 12} | {hour % 12: hour for hour in range(13, 22)}
_EVENING = {hour % 12: hour for hour in range(16, 24)}
_NIGHT = {hour % 12: hour for hour in range(19, 24)}
for _hours in (_AFTERNOON, _EVENING, _NIGHT):
    _hours.update({hour: hour for hour in tuple(_hours.values())})
_PARTS = {
    ("de", "la", "manana"): _EARLY,
    ("por", "la", "manana"): _EARLY,
    ("in", "the", "morning"): _EARLY,
    ("de", "la", "madrugada"): {12: 0} | {hour: hour for hour in range(1, 7)},
    ("de", "la", "tarde"): _AFTERNOON,
    ("por", "la", "tarde"): _AFTERNOON,
    ("in", "the", "afternoon"): _AFTERNOON,
    ("in", "the", "evening"): _EVENING,
    ("de", "la", "noche"): _NIGHT,
    ("por", "la", "noche"): _NIGHT,
    ("at", "night"): _NIGHT,
}


def make_time(hour: int, minute: int = 0, second: int = 0, half: str | None = None) -> time | None:
    """Make a time of day from its numbers and `am` or `pm`; None when no clock shows it."""
    if half is not None:
        if not 1 <= hour <= _HALF_DAY:
            return None
        hour = hour % _HALF_DAY + (_HALF_DAY if half == "pm" else 0)
    try:
        return time(hour, minute, second)
    except ValueError:
        return None


def read_iso_clock(text: str) -> tuple[time, timezone | None] | None:
    """Read the time half of an ISO moment, in small letters: `10:30`, `10:30:15z`, `1030+01:00`.

    Gives the time and its offset (None when none was written), or None when it is no such time.
    """
    found = _ISO.fullmatch(text)
    if found is None:
        return None
    clock = make_time(int(found["hour"]), int(found["minute"]), int(found["second"] or 0))
    if clock is None:
        return None
    if found["part"]:
        # Kept to the microsecond, so that an export read back is the same moment.
        clock = clock.replace(microsecond=int(found["part"][:6].ljust(6, "0")))
    if found["zone"] is None:
        return clock, None
    if found["zone"] == "z":
        return clock, UTC
    offset = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"] or 0))
    if offset >= timedelta(days=1):
        return None
    return clock, timezone(-offset if found["sign"] == "-" else offset)


def read_clock_word(word: str) -> time | None:
    """Read a time written as one folded word: `9am`, `9:30`, `15h`, `9h30`, `9.30h`."""
    found = _CLOCK.fullmatch(word)
    if found is None:
        return None
    half = found["half"] or found["end"] or found["mark"]
    return make_time(
        int(found["hour"]),
        int(found["minute"] or found["after"] or found["dotted"] or 0),
        int(found["second"] or 0),
        None if half == "h" else half,
    )


def clocks(words: Sequence[str], start: int) -> Iterator[tuple[int, time]]:
    """Find every time of day that begins at word `start`, with the index after its last word."""
    said_at, here = _after_at(words, start)
    word = words[here] if here < len(words) else ""
    if word in _NAMED:
        yield here + 1, _NAMED[word]
        return
    base = make_time(int(word)) if _BARE.fullmatch(word) else read_clock_word(word)
    if base is None:
        return
    is_bare = _BARE.fullmatch(word) is not None
    if said_at or not is_bare:
        yield here + 1, base
    after = here + 1
    suffix = words[after] if after < len(words) else ""
    if suffix in ("am", "pm") and (is_bare or word[-1].isdigit()) and "h" not in word:
        half = make_time(base.hour, base.minute, base.second, suffix)
        if half is not None:
            yield after + 1, half
    elif suffix in ("h", "hrs", "horas") and (is_bare or ":" in word):
        yield after + 1, base
    yield from _spoken(words, after, base, is_fraction_fit=said_at and is_bare)


def _spoken(
    words: Sequence[str], start: int, base: time, *, is_fraction_fit: bool
) -> Iterator[tuple[int, time]]:
    minutes = _FRACTIONS.get(tuple(words[start : start + 2])) if is_fraction_fit else None
    if minutes is not None:
        start += 2
        yield start, _add(base, minutes)
    for phrase, hours in _PARTS.items():
        if tuple(words[start : start + len(phrase)]) == phrase and base.hour in hours:
            clock = base.replace(hour=hours[base.hour])
            yield start + len(phrase), _add(clock, minutes or 0)


def _add(clock: time, minutes: int) -> time:
    total = (clock.hour * 60 + clock.minute + minutes) % _DAY_MINUTES
    return time(total // 60, total % 60, clock.second)


def _after_at(words: Sequence[str], start: int) -> tuple[bool, int]:
    for phrase in (("at",), ("@",), ("a", "las"), ("a", "la")):
        if tuple(words[start : start + len(phrase)]) == phrase:
            return True, start + len(phrase)
    # `al mediodía` and `a medianoche` are times; `a 10` is not.
    if tuple(words[start : start + 1]) in (("al",), ("a",)) and words[start + 1 : start + 2]:
        return False, start + (words[start + 1] in _NAMED)
    return False, start
