"""Repeats in words, English and Spanish, and as RFC 5545 rules."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from language.errors import InvalidValue
from language.repeat import parse_repeat, show_repeat

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
MADRID = ZoneInfo("Europe/Madrid")


def read(text: str) -> str:
    return parse_repeat(text, now=NOW, zone=MADRID)


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("daily", "FREQ=DAILY"),
        ("Diario", "FREQ=DAILY"),
        ("todos los días", "FREQ=DAILY"),
        ("every 3 days 4 times", "FREQ=DAILY;INTERVAL=3;COUNT=4"),
        ("weekly", "FREQ=WEEKLY"),
        ("every other week", "FREQ=WEEKLY;INTERVAL=2"),
        ("every 2 weeks", "FREQ=WEEKLY;INTERVAL=2"),
        ("cada 2 semanas", "FREQ=WEEKLY;INTERVAL=2"),
        ("quincenal", "FREQ=WEEKLY;INTERVAL=2"),
        ("weekly on mon and thu", "FREQ=WEEKLY;BYDAY=MO,TH"),
        ("cada lunes y jueves", "FREQ=WEEKLY;BYDAY=MO,TH"),
        ("los sábados", "FREQ=WEEKLY;BYDAY=SA"),
        ("weekdays", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
        ("días laborables", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
        ("monthly x6", "FREQ=MONTHLY;COUNT=6"),
        ("mensual, 6 veces", "FREQ=MONTHLY;COUNT=6"),
        ("every month on the 15th", "FREQ=MONTHLY;BYMONTHDAY=15"),
        ("cada mes el 15", "FREQ=MONTHLY;BYMONTHDAY=15"),
        ("monthly on the 31st", "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1"),
        ("monthly on the last day", "FREQ=MONTHLY;BYMONTHDAY=-1"),
        ("monthly on the first monday", "FREQ=MONTHLY;BYDAY=1MO"),
        ("trimestral", "FREQ=MONTHLY;INTERVAL=3"),
        ("yearly on 29 feb", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1"),
        ("anual", "FREQ=YEARLY"),
        ("weekly until 2027-03-01", "FREQ=WEEKLY;UNTIL=20270301"),
        ("semanal hasta el 1 mar 2027", "FREQ=WEEKLY;UNTIL=20270301"),
        ("rrule:freq=weekly; interval=2", "FREQ=WEEKLY;INTERVAL=2"),
        ("FREQ=DAILY;INTERVAL=1;UNTIL=20270301T080000Z", "FREQ=DAILY;UNTIL=20270301"),
        ("FREQ=MONTHLY;BYMONTHDAY=15,20", "FREQ=MONTHLY;BYMONTHDAY=15,20"),
    ],
)
def test_words_become_a_rule_and_what_is_shown_reads_back_as_the_same_rule(
    words: str, rule: str
) -> None:
    assert read(words) == rule
    assert read(show_repeat(rule)) == rule


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x6",
        "hourly",
        "FREQ=HOURLY",
        "FREQ=MINUTELY",
        "FREQ=SECONDLY",
        "FREQ=DAILY;BYHOUR=9",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=MONTHLY;BYDAY=99MO",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=WEEKLY;COUNT=0",
        "FREQ=WEEKLY;FREQ=DAILY",
        "FREQ=DAILY;UNTIL=20271301",
        "every 0 days",
        "weekly x1000000000000",
        "monthly x2 until 2027-01-01",
        "monthly on the 32nd",
        "now and then",
    ],
)
def test_what_cannot_repeat_is_refused_with_examples(text: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        read(text)
    assert refused.value.hint
