"""When a repeating task comes again: all arithmetic by dateutil, on the user's own calendar.

A series counts from its rule, not from where one occurrence was moved to: when a task is planned,
the weekday or the day of the month goes into the rule (`anchored`). A monthly task of the 31st is
on the last day of shorter months, never skipped; a yearly one of 29 February is on the 28th in
common years. The clock time stays the same on the wall when clocks change.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, tzinfo
from typing import Any

from language.repeat import WEEKDAYS, join_rule, month_day, split_rule, year_day
from language.when import When
from language.when_zone import LAST_YEAR, moment_at


def anchored(rule: str, day: date) -> str:
    """Say in the rule itself which weekday, day of the month or of the year it means."""
    parts = split_rule(rule)
    if any(name.startswith("BY") for name in parts):
        return rule
    if parts["FREQ"] == "WEEKLY":
        return join_rule(parts | {"BYDAY": WEEKDAYS[day.weekday()]})
    if parts["FREQ"] == "MONTHLY":
        return join_rule(parts | month_day(day.day))
    if parts["FREQ"] == "YEARLY":
        return join_rule(parts | year_day(day))
    return rule


def next_time(
    rule: str, due: When, done: datetime, zone: tzinfo | None, *, from_done: bool = False
) -> tuple[When, str] | None:
    """Give the next due time and the rule it carries on with, or None when the series is over.

    From the due day: the next day of the series, without those that were over before `done`. From
    `done`: as far after that day as the rule says. A count goes down by one each time.
    """
    done_day = done.astimezone(zone).date()
    start = done_day if from_done else due.day
    parts = split_rule(rule)
    count = int(parts.pop("COUNT", "0"))
    if count == 1:
        return None
    day = _after(anchored(join_rule(parts), start), start, earliest=done_day)
    if day is None:
        return None
    rest = join_rule(parts | {"COUNT": str(count - 1)}) if count else rule
    return at_the_same_time(due, day, zone), rest


def _after(rule: str, start: date, *, earliest: date) -> date | None:
    """First day of the series after `start` that is not before `earliest`."""
    from dateutil.rrule import rrulestr

    begin = datetime.combine(start, time())
    series: Any = rrulestr(rule, dtstart=begin)
    if "UNTIL=" not in rule:
        series = series.replace(until=datetime(LAST_YEAR, 12, 31))  # noqa: DTZ001 (days have no zone)
    edge = datetime.combine(max(start, earliest), time())
    found = series.after(edge, inc=edge > begin)
    return None if found is None else found.date()


def at_the_same_time(due: When, day: date, zone: tzinfo | None) -> When:
    """Put a due time on another day, at the same time of day on the wall."""
    if due.moment is None:
        return When(day, None)
    clock = due.moment.replace(tzinfo=due.moment.tzinfo or UTC).astimezone(zone).time()
    return When(day, moment_at(day, clock, zone))
