"""When a repeating task comes again."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from language.when import When
from language.when_zone import moment_at
from operations.repeat import anchored, next_time

MADRID = ZoneInfo("Europe/Madrid")


def days(rule: str, start: date, count: int) -> list[str]:
    """Due days of a series, each done on its own day."""
    rule = anchored(rule, start)
    due, found = When(start, None), []
    for _ in range(count):
        came = next_time(rule, due, moment_at(due.day, time(12), MADRID), MADRID)
        if came is None:
            break
        due, rule = came
        found.append(f"{due.day:%m-%d}")
    return found


def test_a_monthly_task_of_the_31st_skips_no_month_and_does_not_drift() -> None:
    shown = days("FREQ=MONTHLY", date(2026, 12, 31), 5)

    assert shown == ["01-31", "02-28", "03-31", "04-30", "05-31"]


def test_a_yearly_task_of_29_february_comes_on_the_28th_in_common_years() -> None:
    assert days("FREQ=YEARLY", date(2028, 2, 29), 4) == ["02-28", "02-28", "02-28", "02-29"]


def test_weekdays_pass_over_the_weekend() -> None:
    assert days("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", date(2026, 11, 26), 2) == ["11-27", "11-30"]


def test_a_count_says_how_often_in_all() -> None:
    assert days("FREQ=DAILY;COUNT=3", date(2026, 11, 22), 9) == ["11-23", "11-24"]


def test_an_end_is_the_last_day_that_may_come() -> None:
    assert days("FREQ=WEEKLY;UNTIL=20261206", date(2026, 11, 22), 9) == ["11-29", "12-06"]


def test_done_late_the_series_goes_on_without_what_is_over() -> None:
    rule = anchored("FREQ=WEEKLY", date(2026, 11, 2))
    done = datetime(2026, 11, 17, 10, tzinfo=UTC)

    came = next_time(rule, When(date(2026, 11, 2), None), done, MADRID)

    assert came is not None
    assert came[0].day == date(2026, 11, 23)


def test_a_daily_task_of_yesterday_done_today_is_due_today_again() -> None:
    done = datetime(2026, 11, 22, 10, tzinfo=UTC)

    came = next_time("FREQ=DAILY", When(date(2026, 11, 21), None), done, MADRID)

    assert came is not None
    assert came[0].day == date(2026, 11, 22)


def test_done_early_the_next_one_still_comes_after_the_one_done() -> None:
    rule = anchored("FREQ=WEEKLY", date(2026, 11, 27))
    done = datetime(2026, 11, 23, 10, tzinfo=UTC)

    came = next_time(rule, When(date(2026, 11, 27), None), done, MADRID)

    assert came is not None
    assert came[0].day == date(2026, 12, 4)


def test_counted_from_when_it_was_done_a_month_is_a_month_from_then() -> None:
    done = datetime(2026, 11, 20, 10, tzinfo=UTC)

    came = next_time("FREQ=MONTHLY", When(date(2026, 11, 2), None), done, MADRID, from_done=True)

    assert came is not None
    assert came[0].day == date(2026, 12, 20)


def test_a_put_off_occurrence_does_not_move_the_series() -> None:
    rule = anchored("FREQ=WEEKLY", date(2026, 11, 23))
    put_off = When(date(2026, 11, 25), None)

    came = next_time(rule, put_off, datetime(2026, 11, 25, 10, tzinfo=UTC), MADRID)

    assert came is not None
    assert came[0].day == date(2026, 11, 30)


def test_nine_o_clock_stays_nine_o_clock_when_the_clocks_change() -> None:
    before = date(2027, 3, 22)
    due = When(before, moment_at(before, time(9), MADRID))

    came = next_time("FREQ=WEEKLY;BYDAY=MO", due, due.moment or datetime.now(UTC), MADRID)

    assert came is not None
    assert came[0].moment == datetime(2027, 3, 29, 7, tzinfo=UTC)
    assert due.moment == datetime(2027, 3, 22, 8, tzinfo=UTC)
