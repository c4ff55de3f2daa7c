"""What a date or a moment is inside the program, and how days meet time zones.

Inside, a moment is always aware and in UTC; a day is a plain `date` on the user's own calendar.
A zone of None means the zone of the machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

FIRST_YEAR, LAST_YEAR = 1900, 2200
# A day without a year is this year's until it is this long gone; then it is next year's.
RECENT = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class When:
    """A day, and the moment in it when one was said.

    `day` is on the user's calendar; `moment` is aware UTC, or None when only a day was said.
    """

    day: date
    moment: datetime | None


def moment_now() -> datetime:
    """Give this moment in UTC, to the millisecond: all that a cell of a workbook keeps exactly."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def in_range(day: date) -> bool:
    """Tell whether a day lies in the years the program keeps, 1900 to 2200."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def local_day(moment: datetime, zone: tzinfo | None = None) -> date:
    """Give the day on which an aware moment falls for somebody in `zone`."""
    return moment.astimezone(zone).date()


def moment_at(day: date, clock: time, zone: tzinfo | None = None) -> datetime:
    """Give the UTC moment at which a clock in `zone` shows this day and time.

    A time that the clocks skip moves forward; one that comes twice is the first of the two.
    """
    # fold=0 asks for both rules at once: PEP 495 gives the offset before the change.
    wall = datetime.combine(day, clock.replace(fold=0))
    aware = wall.astimezone() if zone is None else wall.replace(tzinfo=zone)
    return aware.astimezone(UTC)


def when_at(day: date, clock: time, zone: tzinfo | None = None) -> When:
    """Join a day and a clock time in `zone`."""
    return When(day, moment_at(day, clock, zone))


def day_bounds(day: date, zone: tzinfo | None = None) -> tuple[datetime, datetime]:
    """Give the first UTC moment of a day in `zone` and the first of the next day.

    The end is not part of the day. A day on which clocks change lasts 23 or 25 hours.
    """
    midnight = time()
    return moment_at(day, midnight, zone), moment_at(day + timedelta(days=1), midnight, zone)
