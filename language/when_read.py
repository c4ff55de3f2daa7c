"""The grammar of dates: every way in which the first words of a text can be a day or a moment.

Nothing here guesses. Each rule offers what it can read and how many words that took; the longest
wins, and two different longest readings are a refusal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta, tzinfo

from language.errors import InvalidValue
from language.when_clock import clocks, read_iso_clock
from language.when_words import (
    AGO,
    AHEAD,
    ARTICLES,
    MONTHS,
    NAMED_DAYS,
    NOW,
    NUMBERS,
    PERIOD_ENDS,
    PERIODS,
    TURNS_AFTER,
    TURNS_BEFORE,
    UNITS,
    WEEKDAYS,
    Phrase,
    cut,
)
from language.when_zone import FIRST_YEAR, LAST_YEAR, RECENT, When, in_range, local_day, when_at

HINT = "Try 2026-11-22, 22/11/2026, tomorrow 9am, fri 15:30 or in 2 weeks."
_CENTURY_TURN = 69

_NUMERIC = re.compile(r"([0-9]{1,4})([-/.])([0-9]{1,2})(?:\2([0-9]{1,4}))?")
_GLUED = re.compile(r"([0-9]{1,2})([-/.])([a-z]{3,10})\2([0-9]{4})")
_ISO_MOMENT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})t(.+)")
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEAR = re.compile(r"[0-9]{4}")
_DAY = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th|º)?")
_AMOUNT = re.compile(r"([+-]?)([0-9]{1,5})([a-z]*)")
Sized = tuple[int, int, str]


class Reader:
    """The readings of one text, seen from `now` (aware) by somebody in `zone`."""

    def __init__(
        self,
        text: str,
        *,
        now: datetime,
        zone: tzinfo | None = None,
        past: bool = False,
        day_first: bool = True,
    ) -> None:
        """Cut the text into words; nothing is read yet."""
        self.text, self.now, self.zone = text, now, zone
        self.past, self.day_first = past, day_first
        self.today = local_day(now, zone)
        self.cut = cut(text)
        self.words = tuple(word.text for word in self.cut)
        self.why = ""

    def longest(self) -> tuple[int, When] | None:
        """Give the number of words in the longest reading, and that reading.

        None when the text does not begin with a date or a time.
        Raises InvalidValue when the longest part can be read in two ways.
        """
        found: dict[int, list[When]] = {}
        for end, when in self.readings():
            if in_range(when.day) and when not in found.setdefault(end, []):
                found[end].append(when)
        if not found or not any(found.values()):
            return None
        end = max(end for end, whens in found.items() if whens)
        if len(found[end]) > 1:
            days = " or ".join(sorted(str(when.day) for when in found[end]))
            raise InvalidValue(f"'{self.text}' can be read as {days}.", HINT)
        return end, found[end][0]

    def readings(self) -> Iterator[tuple[int, When]]:
        """Offer every reading of the first words, as (number of words, what they mean)."""
        yield from self._moments()
        for end, day in self._days(0):
            # `mar` alone is Tuesday in Spanish and March in English.
            if self.words[:end] != ("mar",):
                yield end, When(day, None)
            for last, clock in clocks(self.words, end):
                yield last, when_at(day, clock, self.zone)
        for end, clock in clocks(self.words, 0):
            when = when_at(self.today, clock, self.zone)
            if when.moment is not None and not self.past and when.moment < self.now:
                when = when_at(self.today + timedelta(days=1), clock, self.zone)
            elif when.moment is not None and self.past and when.moment > self.now:
                when = when_at(self.today - timedelta(days=1), clock, self.zone)
            yield end, when
            start = end + (self._word(end) in ("de", "del"))
            for last, day in self._days(start):
                yield last, when_at(day, clock, self.zone)

    def _word(self, index: int) -> str:
        return self.words[index] if index < len(self.words) else ""

    def _at(self, index: int, phrase: Phrase) -> bool:
        return self.words[index : index + len(phrase)] == phrase

    def _moments(self) -> Iterator[tuple[int, When]]:
        first = self._word(0)
        if first in NOW:
            yield 1, When(self.today, self.now)
        for end, amount, unit in self._relatives(0):
            if unit in ("hours", "minutes"):
                moment = self.now + timedelta(**{unit: amount})
                yield end, When(local_day(moment, self.zone), moment)
        iso = _ISO_MOMENT.fullmatch(first)
        if iso is not None:
            yield from self._iso_moment(1, iso[1], iso[2])
        elif _ISO_DAY.fullmatch(first) and len(self.words) > 1:
            yield from self._iso_moment(2, first, self.words[1])

    def _iso_moment(self, end: int, day_text: str, clock_text: str) -> Iterator[tuple[int, When]]:
        # Without a colon or an offset the second word may be part of a sentence.
        plain = end > 1 and ":" not in clock_text
        read = None if plain else read_iso_clock(clock_text)
        year, month, day_number = (int(part) for part in day_text.split("-"))
        day = self._day(year, month, day_number)
        if read is None or day is None:
            return
        clock, offset = read
        when = when_at(day, clock, offset or self.zone)
        if when.moment is not None:
            yield end, When(local_day(when.moment, self.zone) if offset else day, when.moment)

    def _days(self, start: int) -> Iterator[tuple[int, date]]:
        if self._word(start) in ARTICLES:
            start += 1
        for phrase, offset in NAMED_DAYS.items():
            if self._at(start, phrase):
                yield start + len(phrase), self.today + timedelta(days=offset)
        for phrase, period in PERIOD_ENDS.items():
            if self._at(start, phrase):
                begin = period_start(self.today, period, 1)
                yield start + len(phrase), begin - timedelta(days=1)
        for end, amount, unit in self._relatives(start):
            day = self._shift(amount, unit)
            if day is not None:
                yield end, day
        yield from self._turned_days(start)
        yield from self._dates(start)

    def _relatives(self, start: int) -> Iterator[Sized]:
        for end, amount, unit in self._amounts(start, signed=True):
            yield end, amount, unit
        for end, amount, unit in self._amounts(start):
            if self._word(end) in AGO:
                yield end + 1, -amount, unit
            if self._at(end, ("from", "now")):
                yield end + 2, amount, unit
        for phrase in AHEAD:
            if self._at(start, phrase):
                yield from self._amounts(start + len(phrase))
        if self._word(start) == "hace":
            for end, amount, unit in self._amounts(start + 1):
                yield end, -amount, unit

    def _amounts(self, start: int, *, signed: bool = False) -> Iterator[Sized]:
        word, after = self._word(start), UNITS.get(self._word(start + 1))
        if not signed and word in NUMBERS and after:
            yield start + 2, NUMBERS[word], after
        found = _AMOUNT.fullmatch(word)
        if found is None or bool(found[1]) is not signed:
            return
        amount = -int(found[2]) if found[1] == "-" else int(found[2])
        if found[3] in UNITS:
            yield start + 1, amount, UNITS[found[3]]
        elif not found[3] and after:
            yield start + 2, amount, after

    def _shift(self, amount: int, unit: str) -> date | None:
        try:
            if unit in ("days", "weeks"):
                return self.today + timedelta(**{unit: amount})
            if unit in ("months", "years"):
                return add_months(self.today, amount * (12 if unit == "years" else 1))
        except (OverflowError, ValueError):
            self.why = f"The year must be between {FIRST_YEAR} and {LAST_YEAR}."
        return None

    def _turned_days(self, start: int) -> Iterator[tuple[int, date]]:
        for end, head, turn in self._turns(start):
            # `this month` looks back to its first day; ahead it says no day at all.
            if head in PERIODS and turn is not None and (turn or self.past):
                yield end, period_start(self.today, PERIODS[head], turn)
            elif head in WEEKDAYS:
                yield end, self._weekday(WEEKDAYS[head], turn)
                if turn is None:
                    yield from self._weekday_in(end, head)

    def _turns(self, start: int) -> Iterator[tuple[int, str, int | None]]:
        start += self._word(start) == "la"
        turn = TURNS_BEFORE.get(self._word(start))
        start += turn is not None
        head = self._word(start)
        if head not in WEEKDAYS and head not in PERIODS:
            return
        yield start + 1, head, turn
        if turn is None:
            for phrase, after in TURNS_AFTER.items():
                if self._at(start + 1, phrase):
                    yield start + 1 + len(phrase), head, after

    def _weekday(self, weekday: int, turn: int | None) -> date:
        """Find the nearest such weekday: never today, except with `this`."""
        back = turn == -1 or (turn != 1 and self.past)
        away = (self.today.weekday() - weekday if back else weekday - self.today.weekday()) % 7
        if away == 0 and turn != 0:
            away = 7
        return self.today + timedelta(days=-away if back else away)

    def _weekday_in(self, start: int, head: str) -> Iterator[tuple[int, date]]:
        weekday = WEEKDAYS[head]
        after = start + (self._word(start) == "de")
        for end, period, turn in self._turns(after):
            if PERIODS.get(period) == "week" and turn is not None:
                monday = period_start(self.today, "week", turn)
                yield end, monday + timedelta(days=weekday)
        dated = max(self._dates(start), default=None)
        if dated is not None:
            if dated[1].weekday() != weekday:
                # Refused at once: otherwise `fri` alone would be taken and the date ignored.
                raise InvalidValue(f"'{self.text}': {dated[1]} is another day of the week.", HINT)
            yield dated

    def _dates(self, start: int) -> Iterator[tuple[int, date]]:
        yield from self._numeric(start)
        first, here = self._word(start), start + 1
        month = MONTHS.get(first)
        if month is not None:
            yield from self._day_and_year(here, month)
            yield from self._year_only(here, month)
            return
        number = _DAY.fullmatch(first)
        here += self._word(here) == "de"
        month = MONTHS.get(self._word(here))
        if number is not None and month is not None:
            yield from self._with_year(here + 1, month, int(number[1]))

    def _day_and_year(self, here: int, month: int) -> Iterator[tuple[int, date]]:
        number = _DAY.fullmatch(self._word(here))
        if number is not None:
            yield from self._with_year(here + 1, month, int(number[1]))

    def _year_only(self, here: int, month: int) -> Iterator[tuple[int, date]]:
        here += self._word(here) in ("de", "del")
        if _YEAR.fullmatch(self._word(here)):
            day = self._day(int(self._word(here)), month, 1)
            if day is not None:
                yield here + 1, day

    def _with_year(self, here: int, month: int, number: int) -> Iterator[tuple[int, date]]:
        day = self._this_year(month, number)
        if day is not None:
            yield here, day
        here += self._word(here) in ("de", "del")
        if _YEAR.fullmatch(self._word(here)):
            day = self._day(int(self._word(here)), month, number)
            if day is not None:
                yield here + 1, day

    def _numeric(self, start: int) -> Iterator[tuple[int, date]]:
        word = self._word(start)
        glued = _GLUED.fullmatch(word)
        if glued is not None and glued[3] in MONTHS:
            day = self._day(int(glued[4]), MONTHS[glued[3]], int(glued[1]))
        else:
            found = _NUMERIC.fullmatch(word)
            day = None if found is None else self._numbers(found)
        if day is not None:
            yield start + 1, day

    def _numbers(self, found: re.Match[str]) -> date | None:
        first, mark, second, third = found.groups()
        if len(first) == len("2026"):
            if third is None:
                return self._day(int(first), int(second), 1) if mark == "-" else None
            return self._day(int(first), int(second), int(third)) if len(third) <= 2 else None
        day, month = (first, second) if self.day_first else (second, first)
        if third is None:
            return self._this_year(int(month), int(day)) if mark == "/" else None
        if len(third) == len("26") and mark != "-":
            return self._day(full_year(int(third)), int(month), int(day))
        # 26-11-22 could begin with the year.
        return self._day(int(third), int(month), int(day)) if len(third) == len("2026") else None

    def _day(self, year: int, month: int, number: int) -> date | None:
        if not FIRST_YEAR <= year <= LAST_YEAR:
            self.why = f"The year must be between {FIRST_YEAR} and {LAST_YEAR}."
            return None
        try:
            return date(year, month, number)
        except ValueError:
            order = "day first" if self.day_first else "month first"
            self.why = (
                f"There is no day {number} in month {month} of {year}."
                if 1 <= month <= 12
                else f"There is no month {month}; such dates are read {order}."
            )
            return None

    def _this_year(self, month: int, number: int) -> date | None:
        year = self.today.year
        day = self._day(year, month, number)
        if self.past:
            is_far = day is None or day > self.today
        else:
            is_far = day is None or day < self.today - RECENT
        return self._day(year + (-1 if self.past else 1), month, number) if is_far else day


def full_year(short: int) -> int:
    """Give the year meant by two digits: 00 to 68 are 2000 to 2068, the rest 1969 to 1999."""
    return short + (2000 if short < _CENTURY_TURN else 1900)


def add_months(day: date, months: int) -> date:
    """Move a day by months; 31 January and one month is the last day of February."""
    from dateutil.relativedelta import relativedelta

    return day + relativedelta(months=months)


def period_start(day: date, period: str, turn: int) -> date:
    """Give the first day of the week (Monday), month, quarter or year, `turn` periods away."""
    if period == "week":
        return day + timedelta(weeks=turn, days=-day.weekday())
    if period == "month":
        return add_months(day.replace(day=1), turn)
    if period == "quarter":
        return add_months(date(day.year, (day.month - 1) // 3 * 3 + 1, 1), 3 * turn)
    return date(day.year + turn, 1, 1)
