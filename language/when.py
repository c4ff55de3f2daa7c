"""Dates, moments and durations as people write and read them, in English and Spanish.

`parse_x` and `show_x` stand side by side: every shown form reads back as the same day.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, tzinfo

from language.errors import InvalidValue
from language.when_columns import day_order, parse_day_in, parse_when_in
from language.when_durations import parse_days, parse_minutes, show_minutes
from language.when_zone import RECENT, When, day_bounds, local_day, moment_at

__all__ = [
    "When",
    "day_bounds",
    "day_order",
    "iso_moment",
    "local_day",
    "parse_day",
    "parse_day_in",
    "parse_days",
    "parse_minutes",
    "parse_moment",
    "parse_when",
    "parse_when_in",
    "read_iso_moment",
    "show_day",
    "show_due",
    "show_minutes",
    "show_moment",
    "split_when",
]

_NOON = time(12)
_DAYS = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "es": ("lun", "mar", "mié", "jue", "vie", "sáb", "dom"),
}
_MONTHS = {
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    "es": ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"],
}
_NEAR = {
    "en": {-1: "yesterday", 0: "today", 1: "tomorrow"},
    "es": {-1: "ayer", 0: "hoy", 1: "mañana"},
}


def parse_when(
    text: str,
    *,
    now: datetime,
    zone: tzinfo | None = None,
    past: bool = False,
    day_first: bool = True,
) -> When:
    """Read a date, a time or both: `22/11`, `fri 15:30`, `mañana 9h`, `in 2 weeks`, `hace 2 horas`.

    `now` is aware; `zone` None is the machine's. A time alone is today's, or tomorrow's when that
    is over. A bare weekday is the next one after today. A day without a year is this year's, or
    next year's when that is more than 60 days gone. With `past` these three look back instead.
    `next week`, `last month` and `2027-01` mean the first day of that time; weeks start on Monday.
    `midnight` is 00:00, the start of the day.

    Raises InvalidValue for what cannot be read or can be read in two ways; years are 1900 to 2200.
    """
    from language.when_read import HINT, Reader

    said = f"'{text.strip()[:60]}'"
    if not text.strip():
        raise InvalidValue("The date is empty.", HINT)
    reader = Reader(text, now=now, zone=zone, past=past, day_first=day_first)
    best = reader.longest()
    if best is None or best[0] != len(reader.words):
        raise InvalidValue(f"{said} is not a date or time I can read. {reader.why}".strip(), HINT)
    return best[1]


def parse_day(
    text: str,
    *,
    now: datetime,
    zone: tzinfo | None = None,
    past: bool = False,
    day_first: bool = True,
) -> date:
    """Read a day on the user's calendar, as `parse_when` does; a time in it is left out."""
    return parse_when(text, now=now, zone=zone, past=past, day_first=day_first).day


def parse_moment(
    text: str,
    *,
    now: datetime,
    zone: tzinfo | None = None,
    past: bool = False,
    day_first: bool = True,
) -> datetime:
    """Read a moment, as `parse_when` does; aware UTC.

    A day without a time becomes 12:00 on the user's clock. With `past`, today becomes `now`,
    because noon may not have come yet.
    """
    when = parse_when(text, now=now, zone=zone, past=past, day_first=day_first)
    if when.moment is not None:
        return when.moment
    if past and when.day == local_day(now, zone):
        return now.astimezone(UTC)
    return moment_at(when.day, _NOON, zone)


def split_when(
    text: str, *, now: datetime, zone: tzinfo | None = None, day_first: bool = True
) -> tuple[When | None, str]:
    """Take the longest date or time that `text` begins with, and give it with the rest.

    `fri 9am send quote` is Friday 9:00 and `send quote`; `send quote` is None and itself.
    Raises InvalidValue when the beginning can be read in two ways, or names a day and a weekday
    that do not agree.
    """
    from language.when_read import Reader

    reader = Reader(text, now=now, zone=zone, day_first=day_first)
    best = reader.longest()
    if best is None:
        return None, text.strip()
    rest = text[reader.cut[best[0] - 1].end :].lstrip(" \t\r\n,;:.")
    # A dash of its own only parts the date from the text; `-5%` belongs to the text.
    if rest[:1] in ("-", "–", "—") and rest[1:2].isspace():
        rest = rest[1:]
    return best[1], rest.strip()


def show_day(day: date, *, today: date, lang: str = "en") -> str:
    """Show a day briefly: `today`, `Fri 27 Nov` (within 6 days), `27 Nov`, `27 Nov 2027`.

    The year stands wherever `parse_day` would otherwise take another one: in other years, and
    more than 60 days back. `lang` is "en" or "es"; anything else is shown in English.
    """
    lang = lang if lang in _NEAR else "en"
    away = (day - today).days
    if away in _NEAR[lang]:
        return _NEAR[lang][away]
    short = f"{day.day} {_MONTHS[lang][day.month - 1]}"
    if 1 < away < 7:
        return f"{_DAYS[lang][day.weekday()]} {short}"
    return short if day.year == today.year and day >= today - RECENT else f"{short} {day.year}"


def show_moment(
    moment: datetime, *, now: datetime, zone: tzinfo | None = None, lang: str = "en"
) -> str:
    """Show an aware moment on the clock of `zone`, to the minute: `today 15:30`."""
    shown = show_day(local_day(moment, zone), today=local_day(now, zone), lang=lang)
    return f"{shown} {moment.astimezone(zone):%H:%M}"


def show_due(when: When, *, now: datetime, zone: tzinfo | None = None, lang: str = "en") -> str:
    """Show a day, with its time when one was said."""
    if when.moment is None:
        return show_day(when.day, today=local_day(now, zone), lang=lang)
    return show_moment(when.moment, now=now, zone=zone, lang=lang)


def iso_moment(moment: datetime) -> str:
    """Write an aware moment in ISO 8601, UTC, whole seconds: `2026-11-22T10:30:00Z`."""
    return f"{moment.astimezone(UTC).replace(tzinfo=None):%Y-%m-%dT%H:%M:%S}Z"


def read_iso_moment(text: str) -> datetime:
    """Read an ISO 8601 moment with `Z` or an offset; aware UTC.

    Raises InvalidValue without an offset: such a moment could be anybody's.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise InvalidValue(
            f"'{text.strip()[:60]}' is not an ISO moment with its zone.",
            "Write it as 2026-11-22T10:30:00Z.",
        )
    return moment.astimezone(UTC)
