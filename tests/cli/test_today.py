"""`crm today`: what is listed, in which order, and why."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.conftest import Crm


def day(ahead: int) -> date:
    """The user's day, so many days from today."""
    return (datetime.now(UTC).astimezone() + timedelta(days=ahead)).date()


def lines(crm: Crm, *words: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = crm.ok("today", "--format", "json", *words).json
    return found


def reasons(crm: Crm, *words: str) -> dict[str, str]:
    return {line["what"]: line["reason"] for line in lines(crm, *words)}


def deal(crm: Crm, title: str, *words: str) -> None:
    """An open deal with a next step in a month: nothing presses."""
    crm.ok("deal", "add", title, *words)
    crm.ok("task", "add", f"step of {title}", "--due", "+30d", "--deal", title)


def test_nothing_to_do_says_what_to_type(crm: Crm) -> None:
    assert "nothing for today" in crm.ok("today", terminal=True).err
    assert lines(crm) == []


def test_tasks_overdue_come_before_those_of_today_and_later_ones_do_not(crm: Crm) -> None:
    crm.ok("task", "add", "today", "--due", "today 23:59")
    crm.ok("task", "add", "late", "--due", day(-3).isoformat())
    crm.ok("task", "add", "later", "--due", "tomorrow")
    crm.ok("task", "add", "done", "--due", day(-3).isoformat())
    crm.ok("task", "done", "done")

    assert [(line["what"], line["reason"]) for line in lines(crm)] == [
        ("late", "overdue 3 days"),
        ("today", "due today 23:59"),
    ]
    assert lines(crm)[0]["do"] == "crm task done 2"


def test_of_equal_urgency_the_larger_deal_comes_first_and_priority_before_money(crm: Crm) -> None:
    deal(crm, "Small", "--amount", "100")
    deal(crm, "Large", "--amount", "90k")
    for title in ("small", "large"):
        crm.ok("task", "add", f"call {title}", "--due", day(-1).isoformat(), "--deal", title)
    crm.ok("task", "add", "urgent", "--due", day(-1).isoformat(), "--priority", "urgent")

    listed = lines(crm)

    assert [line["what"] for line in listed] == ["urgent", "call large", "call small"]
    assert (listed[1]["money"], listed[1]["money_currency"]) == (90_000, "EUR")


def test_deals_that_close_soon_or_should_have_closed_say_so(crm: Crm) -> None:
    for title, ahead in (("Past", -2), ("Now", 0), ("Soon", 7), ("Far", 8)):
        crm.ok("deal", "add", title, "--expected-close", day(ahead).isoformat())
        if title == "Far":
            crm.ok("task", "add", "call", "--due", "+8d", "--deal", title)

    assert reasons(crm) == {
        "Past": "should have closed 2 days ago",
        "Now": "closes today",
        "Soon": "closes in 7 days",
    }


def test_a_deal_that_rots_stands_once_with_all_its_reasons(crm: Crm) -> None:
    close = day(1).isoformat()
    crm.ok("deal", "add", "Quiet", "--stage", "proposal", "--expected-close", close)
    _age(crm, days=21)

    assert [(line["what"], line["reason"]) for line in lines(crm)] == [
        ("Quiet", "closes tomorrow; no touch for 21 days, limit 14")
    ]


def test_after_a_call_with_a_next_step_the_deal_leaves_the_list(crm: Crm) -> None:
    crm.ok("contact", "add", "Ana Ruiz, CEO, Acme")
    crm.ok("deal", "add", "Acme 20 seats", "--company", "acme", "--amount", "12k")
    _age(crm, days=40)
    assert reasons(crm) == {"Acme 20 seats": "no touch for 40 days, limit 30"}

    crm.ok(
        "call", "log", "ana", "20 seats, budget ok", "--deal", "acme", "--next", "+5d send quote"
    )
    assert crm.show("deal", "1")["next_step"] == "send quote"
    assert lines(crm) == []

    crm.ok("undo")
    assert reasons(crm) == {"Acme 20 seats": "no touch for 40 days, limit 30"}
    assert crm.list("task") == crm.list("activity") == []


def test_a_lost_deal_comes_back_on_its_day_until_somebody_tries(crm: Crm) -> None:
    crm.ok("deal", "add", "Gone")
    crm.ok("deal", "lose", "gone", "--reason", "price", "--retry", day(30).isoformat())
    assert lines(crm) == []

    crm.ok("deal", "edit", "gone", "--retry", day(0).isoformat())
    assert reasons(crm) == {"Gone": "try again today (lost: price)"}
    crm.ok("call", "log", "deal:gone", "still too dear")
    assert lines(crm) == []


def test_birthdays_and_other_dates_of_the_week_are_named(crm: Crm) -> None:
    soon, far = day(2), day(9)
    crm.ok("contact", "add", "Ana Ruiz", "--birthday", f"{soon.year - 40}-{soon:%m-%d}")
    crm.ok("contact", "add", "Eva Gil", "--birthday", f"{far:%m-%d}")
    crm.ok("contact", "add", "Luis Gil", "--date", f"anniversary:{day(0).year - 1}-{day(0):%m-%d}")

    assert reasons(crm) == {
        "Luis Gil": "anniversary today (1 year)",
        "Ana Ruiz": "birthday in 2 days (turns 40)",
    }


def test_open_deals_without_a_next_step_come_last_the_largest_five_only(crm: Crm) -> None:
    for number in range(1, 8):
        crm.ok("deal", "add", f"Deal {number}", "--amount", f"{number}000")
    crm.ok("task", "add", "late", "--due", day(-1).isoformat())

    listed = lines(crm)

    assert [line["what"] for line in listed] == [
        "late", "Deal 7", "Deal 6", "Deal 5", "Deal 4", "Deal 3"
    ]  # fmt: skip
    assert listed[1]["reason"] == "no next step"


def test_my_day_is_mine_and_nobody_s_and_all_is_everybody_s(crm: Crm) -> None:
    crm.ok("user", "add", "Luis Gil")
    crm.ok("task", "add", "mine", "--due", "today")
    crm.ok("task", "add", "his", "--due", "today", "--owner", "luis")
    crm.ok("task", "add", "nobody's", "--due", "today")
    crm.ok("task", "edit", "nobody", "--clear", "owner")

    assert set(reasons(crm)) == {"mine", "nobody's"}
    assert set(reasons(crm, "--owner", "luis")) == {"his", "nobody's"}
    assert set(reasons(crm, "--all")) == {"mine", "his", "nobody's"}
    assert len(lines(crm, "--limit", "1", "--all")) == 1


def test_a_terminal_shows_why_and_money_and_a_wide_one_what_to_type(crm: Crm) -> None:
    crm.ok("deal", "add", "Acme 20 seats", "--amount", "12k", "--expected-close", "tomorrow")

    shown = crm.ok("today", "--format", "table").out

    assert "closes tomorrow" in shown
    assert "12,000 EUR" in shown
    assert "crm call log deal:1" in shown


def _age(crm: Crm, *, days: int) -> None:
    """Let time pass: put every deal into its stage so many days earlier."""
    from storage.database import Deed, open_database
    from storage.model.sales import deals
    from storage.settings import Settings

    database = open_database(Settings(database=str(crm.database), user="eva"))
    with database.writing(Deed("age")) as uow:
        uow.update(deals, 1, {"stage_since": uow.now - timedelta(days=days)})
    database.close()
