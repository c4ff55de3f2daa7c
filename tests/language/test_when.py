"""Dates and times as users type them, on Sunday 22 November 2026, 10:00 in Madrid."""

from __future__ import annotations

import contextlib
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.errors import InvalidValue
from language.when import (
    When,
    day_bounds,
    day_order,
    iso_moment,
    local_day,
    parse_day,
    parse_day_in,
    parse_days,
    parse_minutes,
    parse_moment,
    parse_when,
    parse_when_in,
    read_iso_moment,
    show_day,
    show_due,
    show_minutes,
    show_moment,
    split_when,
)
from language.when_zone import in_range

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
MADRID = ZoneInfo("Europe/Madrid")


def said(when: When | None) -> str:
    """What was understood, on the clocks of Madrid."""
    if when is None:
        return ""
    if when.moment is None:
        return f"{when.day:%a %Y-%m-%d}"
    assert when.moment.tzinfo is UTC
    assert local_day(when.moment, MADRID) == when.day
    return f"{when.moment.astimezone(MADRID):%a %Y-%m-%d %H:%M}"


def read(text: str, *, past: bool = False, day_first: bool = True, now: datetime = NOW) -> str:
    return said(parse_when(text, now=now, zone=MADRID, past=past, day_first=day_first))


@pytest.mark.parametrize(
    ("text", "understood"),
    [
        # Dates in numbers
        ("2026-11-22", "Sun 2026-11-22"),
        ("2026-11-22T10:30", "Sun 2026-11-22 10:30"),
        ("2026-11-22 10:30", "Sun 2026-11-22 10:30"),
        ("2026-11-22T10:30:15.250Z", "Sun 2026-11-22 11:30"),
        ("2026-11-22 10:30Z", "Sun 2026-11-22 11:30"),
        ("2026-11-22T10:30+02:00", "Sun 2026-11-22 09:30"),
        ("2026-11-22T23:30:00-05:00", "Mon 2026-11-23 05:30"),
        ("22/11/2026", "Sun 2026-11-22"),
        ("22-11-2026", "Sun 2026-11-22"),
        ("22.11.2026", "Sun 2026-11-22"),
        ("3/4/27", "Sat 2027-04-03"),
        ("22/11", "Sun 2026-11-22"),
        ("2027-01", "Fri 2027-01-01"),
        # Dates with the name of a month
        ("22 nov", "Sun 2026-11-22"),
        ("22 November 2026", "Sun 2026-11-22"),
        ("nov 22", "Sun 2026-11-22"),
        ("Nov 22nd, 2026", "Sun 2026-11-22"),
        ("22 de noviembre de 2026", "Sun 2026-11-22"),
        ("el 3 de diciembre a las 16:00", "Thu 2026-12-03 16:00"),
        ("22-nov-2026", "Sun 2026-11-22"),
        ("enero de 2027", "Fri 2027-01-01"),
        ("29 feb 2028", "Tue 2028-02-29"),
        ("mar 24", "Wed 2027-03-24"),
        # A day without a year is ahead, unless it was a short while ago
        ("5 jan", "Tue 2027-01-05"),
        ("1 oct", "Thu 2026-10-01"),
        ("1 sep", "Wed 2027-09-01"),
        # Near days
        ("today", "Sun 2026-11-22"),
        ("hoy", "Sun 2026-11-22"),
        ("Tomorrow", "Mon 2026-11-23"),
        ("MAÑANA", "Mon 2026-11-23"),
        ("manana", "Mon 2026-11-23"),
        ("yesterday", "Sat 2026-11-21"),
        ("ayer", "Sat 2026-11-21"),
        ("the day after tomorrow", "Tue 2026-11-24"),
        ("pasado mañana", "Tue 2026-11-24"),
        ("day before yesterday", "Fri 2026-11-20"),
        ("anteayer", "Fri 2026-11-20"),
        # Weekdays: never today, unless one says so
        ("fri", "Fri 2026-11-27"),
        ("sunday", "Sun 2026-11-29"),
        ("this sunday", "Sun 2026-11-22"),
        ("on Wednesday", "Wed 2026-11-25"),
        ("next friday at 10", "Fri 2026-11-27 10:00"),
        ("el viernes", "Fri 2026-11-27"),
        ("el viernes que viene", "Fri 2026-11-27"),
        ("el próximo miércoles", "Wed 2026-11-25"),
        ("este sábado", "Sat 2026-11-28"),
        ("jue 10:00", "Thu 2026-11-26 10:00"),
        ("mar 10:00", "Tue 2026-11-24 10:00"),
        ("last monday", "Mon 2026-11-16"),
        ("el lunes pasado", "Mon 2026-11-16"),
        ("friday next week", "Fri 2026-11-27"),
        ("el viernes de la semana que viene", "Fri 2026-11-27"),
        ("Sat 27 Nov 2027", "Sat 2027-11-27"),
        # So long from now
        ("in 2 weeks", "Sun 2026-12-06"),
        ("in 3 days", "Wed 2026-11-25"),
        ("in a week at 9am", "Sun 2026-11-29 09:00"),
        ("2 weeks ago", "Sun 2026-11-08"),
        ("en 2 semanas", "Sun 2026-12-06"),
        ("dentro de 3 días", "Wed 2026-11-25"),
        ("dentro de un mes", "Tue 2026-12-22"),
        ("hace 2 horas", "Sun 2026-11-22 08:00"),
        ("in 2 hours", "Sun 2026-11-22 12:00"),
        ("+3d", "Wed 2026-11-25"),
        ("-2w", "Sun 2026-11-08"),
        ("+1m", "Tue 2026-12-22"),
        ("+1y", "Mon 2027-11-22"),
        ("+90min", "Sun 2026-11-22 11:30"),
        ("now", "Sun 2026-11-22 10:00"),
        ("ahora", "Sun 2026-11-22 10:00"),
        # Weeks, months and years are named by their first day
        ("next week", "Mon 2026-11-23"),
        ("last week", "Mon 2026-11-09"),
        ("la semana que viene", "Mon 2026-11-23"),
        ("next month", "Tue 2026-12-01"),
        ("el mes próximo", "Tue 2026-12-01"),
        ("el mes que viene", "Tue 2026-12-01"),
        ("last month", "Thu 2026-10-01"),
        ("next quarter", "Fri 2027-01-01"),
        ("el año que viene", "Fri 2027-01-01"),
        ("end of month", "Mon 2026-11-30"),
        ("eom", "Mon 2026-11-30"),
        ("fin de mes", "Mon 2026-11-30"),
        ("end of year", "Thu 2026-12-31"),
        # Times alone: the next time clocks show them
        ("9am", "Mon 2026-11-23 09:00"),
        ("9 a.m.", "Mon 2026-11-23 09:00"),
        ("9:30", "Mon 2026-11-23 09:30"),
        ("15:30", "Sun 2026-11-22 15:30"),
        ("15h", "Sun 2026-11-22 15:00"),
        ("9h30", "Mon 2026-11-23 09:30"),
        ("at 10", "Sun 2026-11-22 10:00"),
        ("12am", "Mon 2026-11-23 00:00"),
        ("12pm", "Sun 2026-11-22 12:00"),
        ("a las 15:00", "Sun 2026-11-22 15:00"),
        ("a las 9 de la mañana", "Mon 2026-11-23 09:00"),
        ("a las 4 y media de la tarde", "Sun 2026-11-22 16:30"),
        ("a la 1 menos cuarto de la tarde", "Sun 2026-11-22 12:45"),
        ("9 in the evening", "Sun 2026-11-22 21:00"),
        ("noon", "Sun 2026-11-22 12:00"),
        ("al mediodía", "Sun 2026-11-22 12:00"),
        ("midnight", "Mon 2026-11-23 00:00"),
        # A day and a time, in either order
        ("9am tomorrow", "Mon 2026-11-23 09:00"),
        ("tomorrow, 9 am", "Mon 2026-11-23 09:00"),
        ("mañana 9h", "Mon 2026-11-23 09:00"),
        ("ayer 16:30", "Sat 2026-11-21 16:30"),
        ("mañana a las 15h", "Mon 2026-11-23 15:00"),
        ("mañana a las 9 de la mañana", "Mon 2026-11-23 09:00"),
        ("a las 9 de mañana", "Mon 2026-11-23 09:00"),
        ("a las 10 del viernes", "Fri 2026-11-27 10:00"),
    ],
)
def test_a_date_is_understood_as_people_say_it(text: str, understood: str) -> None:
    assert read(text) == understood


@pytest.mark.parametrize(
    ("text", "understood"),
    [
        ("fri", "Fri 2026-11-20"),
        ("sunday", "Sun 2026-11-15"),
        ("this week", "Mon 2026-11-16"),
        ("15:30", "Sat 2026-11-21 15:30"),
        ("9am", "Sun 2026-11-22 09:00"),
        ("el jueves a las 10", "Thu 2026-11-19 10:00"),
        ("28 dec", "Sun 2025-12-28"),
        ("1 mar", "Sun 2026-03-01"),
        ("tomorrow", "Mon 2026-11-23"),
        ("next friday", "Fri 2026-11-27"),
    ],
)
def test_what_has_happened_is_looked_for_in_the_past(text: str, understood: str) -> None:
    assert read(text, past=True) == understood


def test_an_american_writes_the_month_first() -> None:
    assert read("11/22/2026", day_first=False) == "Sun 2026-11-22"
    assert read("12/3 9am", day_first=False) == "Thu 2026-12-03 09:00"


@pytest.mark.parametrize(
    "text",
    [
        *("", "   ", "someday", "2026", "10", "may", "march", "mar", "this month", "el 22"),
        *("32/13/2026", "31/02/2026", "11/22/2026", "26-11-22", "29 feb", "0/1/2026"),
        *("1850-01-01", "2201-01-01", "+99999y", "-9999w", "22 nov 3000", "in 99999 years"),
        *("24:00", "9:75", "13pm", "at 25", "fri 25:00", "12 de la mañana", "tomorrow morning"),
        *("Fri 28 Nov", "in 1 hour tomorrow", "tomorrow yesterday", "fri send quote", "next"),
        *("２２/11/2026", "٢٢/11/2026", "2²/11/2026", "2026-11-22T25:00", "today " * 40),
    ],
)
def test_what_is_unclear_is_refused_and_never_guessed(text: str) -> None:
    with pytest.raises(InvalidValue) as refusal:
        read(text)
    assert refusal.value.hint
    assert text.strip()[:60] in refusal.value.message


def test_a_refusal_says_what_is_wrong_with_the_day() -> None:
    with pytest.raises(InvalidValue, match="no day 31 in month 2 of 2026"):
        read("31/02/2026")
    with pytest.raises(InvalidValue, match="no month 22; such dates are read day first"):
        read("11/22/2026")
    with pytest.raises(InvalidValue, match="2026-11-28 is another day of the week"):
        read("fri 28 nov")


def test_the_last_day_of_january_and_a_month_is_the_last_of_february() -> None:
    assert read("+1m", now=datetime(2027, 1, 31, 12, tzinfo=UTC)) == "Sun 2027-02-28"


def test_a_time_that_the_clocks_skip_moves_forward_and_a_double_one_is_the_first() -> None:
    skipped = parse_moment("2026-03-29 02:30", now=NOW, zone=MADRID)
    assert skipped == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert f"{skipped.astimezone(MADRID):%H:%M}" == "03:30"
    double = parse_moment("2026-10-25 02:30", now=NOW, zone=MADRID)
    assert double == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_today_is_the_day_of_the_user_and_not_of_greenwich() -> None:
    late = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    assert parse_day("today", now=late, zone=MADRID) == date(2026, 11, 23)
    assert parse_day("today", now=late, zone=timezone(timedelta(hours=-5))) == date(2026, 11, 22)


def test_without_a_zone_the_clock_of_the_machine_counts() -> None:
    moment = parse_moment("2026-11-22 10:30", now=NOW)
    assert moment == datetime(2026, 11, 22, 10, 30).astimezone()
    assert day_bounds(date(2026, 11, 22))[0] == datetime(2026, 11, 22).astimezone()


def test_a_day_without_a_time_is_noon_but_a_call_of_today_is_now() -> None:
    noon = datetime(2026, 11, 27, 11, tzinfo=UTC)
    assert parse_moment("fri", now=NOW, zone=MADRID) == noon
    assert parse_moment("hoy", now=NOW, zone=MADRID, past=True) == NOW
    assert parse_moment("today", now=NOW, zone=MADRID) == datetime(2026, 11, 22, 11, tzinfo=UTC)
    assert parse_moment("yesterday", now=NOW, zone=MADRID, past=True).hour == 11


@pytest.mark.parametrize(
    ("text", "understood", "rest"),
    [
        ("fri 9am send quote", "Fri 2026-11-27 09:00", "send quote"),
        ("fri send quote", "Fri 2026-11-27", "send quote"),
        ("Fri: send quote", "Fri 2026-11-27", "send quote"),
        ("tomorrow - Call Ana, then Luis", "Mon 2026-11-23", "Call Ana, then Luis"),
        ("tomorrow -5% offer", "Mon 2026-11-23", "-5% offer"),
        ("mañana 9h enviar oferta", "Mon 2026-11-23 09:00", "enviar oferta"),
        ("el viernes a las 10 llamar a Ñ", "Fri 2026-11-27 10:00", "llamar a Ñ"),
        ("in 2 weeks call back", "Sun 2026-12-06", "call back"),
        ("3 mar visit", "Wed 2027-03-03", "visit"),
        ("fri", "Fri 2026-11-27", ""),
        ("send quote", "", "send quote"),
        ("send quote fri", "", "send quote fri"),
        ("march plan review", "", "march plan review"),
        ("may", "", "may"),
        ("mar plan", "", "mar plan"),
        ("2 calls about x", "", "2 calls about x"),
        ("10 call Ana", "", "10 call Ana"),
        ("set 2 meetings", "", "set 2 meetings"),
        ("next steps", "", "next steps"),
        ("a quote for Ana", "", "a quote for Ana"),
        ("", "", ""),
    ],
)
def test_a_next_step_begins_with_its_date(text: str, understood: str, rest: str) -> None:
    when, left = split_when(text, now=NOW, zone=MADRID)
    assert (said(when), left) == (understood, rest)


def test_a_next_step_on_a_date_that_is_not_that_weekday_is_refused() -> None:
    with pytest.raises(InvalidValue):
        split_when("fri 28 nov send quote", now=NOW, zone=MADRID)


@pytest.mark.parametrize(
    ("day", "english", "spanish"),
    [
        (date(2026, 11, 21), "yesterday", "ayer"),
        (date(2026, 11, 22), "today", "hoy"),
        (date(2026, 11, 23), "tomorrow", "mañana"),
        (date(2026, 11, 24), "Tue 24 Nov", "mar 24 nov"),
        (date(2026, 11, 28), "Sat 28 Nov", "sáb 28 nov"),
        (date(2026, 11, 29), "29 Nov", "29 nov"),
        (date(2026, 10, 1), "1 Oct", "1 oct"),
        (date(2026, 3, 1), "1 Mar 2026", "1 mar 2026"),
        (date(2027, 11, 27), "27 Nov 2027", "27 nov 2027"),
    ],
)
def test_a_day_is_shown_in_as_few_words_as_are_clear(day: date, english: str, spanish: str) -> None:
    today = date(2026, 11, 22)
    assert show_day(day, today=today) == english
    assert show_day(day, today=today, lang="es") == spanish


def test_a_due_time_is_shown_with_its_hour_only_when_one_was_said() -> None:
    at_noon = When(date(2026, 11, 23), datetime(2026, 11, 23, 11, tzinfo=UTC))
    assert show_due(at_noon, now=NOW, zone=MADRID) == "tomorrow 12:00"
    assert show_due(When(date(2026, 11, 23), None), now=NOW, zone=MADRID, lang="es") == "mañana"
    assert show_moment(NOW, now=NOW, zone=MADRID, lang="es") == "hoy 10:00"


days = st.dates(date(1900, 1, 2), date(2200, 12, 30))
moments = st.datetimes(
    datetime(1900, 1, 3),
    datetime(2200, 12, 29),
    timezones=st.just(UTC),
)
zones = st.sampled_from(
    [MADRID, ZoneInfo("America/New_York"), ZoneInfo("Asia/Kolkata"), ZoneInfo("Pacific/Apia")]
)
langs = st.sampled_from(["en", "es"])


@given(days, st.integers(-500, 500), langs, st.booleans())
def test_a_shown_day_reads_back_as_the_same_day(
    today: date, away: int, lang: str, day_first: bool
) -> None:
    try:
        day = today + timedelta(days=away)
    except OverflowError:
        return
    if not 1900 <= day.year <= 2200:
        return
    now = datetime(today.year, today.month, today.day, 12, tzinfo=UTC)
    shown = show_day(day, today=today, lang=lang)
    assert parse_day(shown, now=now, zone=UTC, day_first=day_first) == day
    assert split_when(f"{shown} send", now=now, zone=UTC) == (When(day, None), "send")


@given(moments, st.integers(-600_000, 600_000), zones, langs)
def test_a_shown_moment_reads_back_as_the_same_minute(
    now: datetime, away: int, zone: tzinfo, lang: str
) -> None:
    moment = (now + timedelta(minutes=away)).replace(second=0, microsecond=0)
    day = local_day(moment, zone)
    if not 1900 <= day.year <= 2200:
        return
    shown = show_moment(moment, now=now, zone=zone, lang=lang)
    again = parse_when(shown, now=now, zone=zone)
    assert again.day == day
    wall = moment.astimezone(zone)
    assert again.moment is not None
    assert f"{again.moment.astimezone(zone):%H:%M}" == f"{wall:%H:%M}"


@given(moments)
def test_a_moment_in_iso_reads_back(moment: datetime) -> None:
    whole = moment.replace(microsecond=0)
    assert read_iso_moment(iso_moment(moment)) == whole
    assert parse_moment(iso_moment(moment), now=NOW, zone=MADRID) == whole


def test_a_moment_in_iso_is_in_utc_and_needs_its_zone() -> None:
    assert iso_moment(datetime(2026, 11, 22, 11, 30, tzinfo=MADRID)) == "2026-11-22T10:30:00Z"
    for text in ("2026-11-22T10:30:00", "2026-11-22", "soon"):
        with pytest.raises(InvalidValue):
            read_iso_moment(text)


WORDS = """
fri mar mañana el de la las a at in 2 9am 10:30 next last week month ago hace nov may 22 22/11 2026
+3d 2026-11-22 t10:30z que viene pasado y media . , - 99999 00:00 utc h 1,5h
"""
pieces = st.sampled_from(WORDS.split())


@given(st.text(max_size=40) | st.lists(pieces, max_size=6).map(" ".join))
def test_any_text_is_read_or_refused_and_nothing_else(text: str) -> None:
    with contextlib.suppress(InvalidValue):
        assert in_range(parse_when(text, now=NOW, zone=MADRID).day)
    with contextlib.suppress(InvalidValue):
        split_when(text, now=NOW, zone=MADRID)
    with contextlib.suppress(InvalidValue):
        parse_when_in(text, "dmy", MADRID)
    with contextlib.suppress(InvalidValue):
        parse_minutes(text)
    with contextlib.suppress(InvalidValue):
        parse_days(text)


def test_the_day_on_which_clocks_change_has_23_or_25_hours() -> None:
    for day, hours in ((date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)):
        start, end = day_bounds(day, MADRID)
        assert end - start == timedelta(hours=hours)
        assert local_day(start, MADRID) == day
        assert local_day(end - timedelta(seconds=1), MADRID) == day


def test_a_day_starts_at_one_where_clocks_skip_midnight() -> None:
    santiago = ZoneInfo("America/Santiago")
    start, _ = day_bounds(date(2026, 9, 6), santiago)
    assert f"{start.astimezone(santiago):%d %H:%M}" == "06 01:00"


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("45", 45),
        ("45m", 45),
        ("90 min", 90),
        ("1h", 60),
        ("2 horas", 120),
        ("1h30", 90),
        ("1h 30m", 90),
        ("1 hour and 15 minutes", 75),
        ("1:30", 90),
        ("1,5h", 90),
        ("0.25 h", 15),
        ("0", 0),
    ],
)
def test_the_length_of_a_call(text: str, minutes: int) -> None:
    assert parse_minutes(text) == minutes


@pytest.mark.parametrize("text", ["", "-5", "h", "1.33h", "1:75", "9999999", "1h 30x", "2 days"])
def test_a_length_that_is_no_whole_number_of_minutes_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue):
        parse_minutes(text)


@given(st.integers(0, 100_000))
def test_a_shown_length_reads_back(minutes: int) -> None:
    assert parse_minutes(show_minutes(minutes)) == minutes


def test_days_in_a_filter() -> None:
    texts = ("30", "30d", "2w", "3m", "1y", "2 semanas", "1 año")
    assert [parse_days(text) for text in texts] == [30, 30, 14, 90, 365, 14, 365]
    for text in ("", "x", "-3d", "2h", "999999y", "1.5d"):
        with pytest.raises(InvalidValue):
            parse_days(text)


@pytest.mark.parametrize(
    ("values", "order"),
    [
        (["01/02/2026", "13/02/2026", "", "n/a"], "dmy"),
        (["01/02/2026", "02/13/2026 10:30"], "mdy"),
        (["2026-01-02", "2026-12-31T10:00:00Z"], "ymd"),
        (["20260102"], "ymd"),
        (["01/02/2026", "12.12.2026"], None),
        (["2026-01-02", "01/02/2026"], None),
        (["2026-01-02", "13/02/2026"], "dmy"),
        (["05/06/07"], None),
        (["25-11-07"], "dmy"),
        (["99-11-22", "26-11-22"], "ymd"),
        (["32/13/2026", "45/45/2026", "hello"], None),
        ([], None),
    ],
)
def test_a_whole_column_decides_in_which_order_its_dates_are(
    values: list[str], order: str | None
) -> None:
    assert day_order(values) == order


def test_a_column_that_contradicts_itself_is_refused_with_the_two_values() -> None:
    with pytest.raises(InvalidValue) as refusal:
        day_order(["01/01/2026", "13/02/2026", "02/13/2026"])
    assert "'02/13/2026' and '13/02/2026'" in refusal.value.message


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("22/11/2026", "dmy", date(2026, 11, 22)),
        ("11-22-2026", "mdy", date(2026, 11, 22)),
        ("2026.11.22", "ymd", date(2026, 11, 22)),
        ("2026-11-22", "dmy", date(2026, 11, 22)),
        ("1.2.26", "dmy", date(2026, 2, 1)),
        ("1/2/68", "dmy", date(2068, 2, 1)),
        ("1/2/69", "dmy", date(1969, 2, 1)),
        ("99-11-22", "ymd", date(1999, 11, 22)),
        ("20261122", "ymd", date(2026, 11, 22)),
        ("22-NOV-26", "dmy", date(2026, 11, 22)),
        ("1-OCT-2026 10:30", "mdy", date(2026, 10, 1)),
        ("Nov 22, 2026", "dmy", date(2026, 11, 22)),
        ("22 de noviembre de 2026", "dmy", date(2026, 11, 22)),
        (" 22/11/2026 10:30:00 ", "dmy", date(2026, 11, 22)),
    ],
)
def test_one_date_of_a_column_is_read_in_its_order(text: str, order: str, day: date) -> None:
    assert parse_day_in(text, order) == day
    assert parse_when_in(text, order, MADRID).day == day


@pytest.mark.parametrize(
    "text", ["", "22/11", "31/02/2026", "1/1/226", "1/1/1850", "45983", "1_0/1/2026", "+1/1/2026"]
)
def test_a_cell_that_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue):
        parse_day_in(text, "dmy")


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("22/11/2026", None),
        ("22/11/2026 10:30", "10:30"),
        ("22/11/2026 9:30 PM", "21:30"),
        ("22/11/2026 10:30:00\u00a0a.\u00a0m.", "10:30"),
        ("22-NOV-2026 10:30", "10:30"),
        ("2026-11-22T10:30:00Z", "11:30"),
        ("2026-11-22 10:30:00.000 +0100", "10:30"),
        ("20261122T103000Z", "11:30"),
    ],
)
def test_the_time_after_the_date_of_a_column_is_kept(text: str, clock: str | None) -> None:
    when = parse_when_in(text, "dmy", MADRID)
    assert when.day == date(2026, 11, 22)
    shown = when.moment and f"{when.moment.astimezone(MADRID):%H:%M}"
    assert shown == clock
    with pytest.raises(InvalidValue):
        parse_when_in("22/11/2026 late", "dmy", MADRID)


@given(days, st.sampled_from(["ymd", "dmy", "mdy"]), st.sampled_from("/-."))
def test_a_column_written_in_one_order_reads_back(day: date, order: str, mark: str) -> None:
    written = mark.join({"y": f"{day:%Y}", "m": f"{day:%m}", "d": f"{day:%d}"}[x] for x in order)
    assert parse_day_in(written, order) == day
    assert day_order(islice([written] * 3, 2)) in (order, None)


def test_a_day_that_is_none_does_not_turn_a_column_year_first() -> None:
    assert day_order(["03/04/26", "25/12/26", "30/02/26"]) == "dmy"
    assert day_order(["85/03/12", "91/11/30", "12/03/05"]) == "ymd"
