"""Tasks from the shell: planned, listed, done, repeated, put off."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.conftest import Crm


def day(ahead: int) -> date:
    """The user's day, so many days from today."""
    return (datetime.now(UTC).astimezone() + timedelta(days=ahead)).date()


def titles(crm: Crm, *words: str) -> list[str]:
    return [task["title"] for task in crm.list("task", *words)]


def test_a_task_says_what_it_understood(crm: Crm) -> None:
    crm.ok("contact", "add", "Ana Ruiz, CEO, Acme")
    crm.ok("deal", "add", "Acme 20 seats", "--company", "acme")

    added = crm.ok(
        "task", "add", "Send quote", "--due", "tomorrow 9am", "--contact", "ana",
        "--deal", "acme", "--priority", "high", "--repeat", "monthly x6",
    )  # fmt: skip

    assert added.out == "1\n"
    assert "due tomorrow 09:00, monthly on the " in added.err
    assert "x6, with Ana Ruiz, on deal Acme 20 seats" in added.err
    task = crm.show("task", "send quote")
    assert (task["company"], task["owner"], task["priority"]) == ("Acme", "eva", "high")
    assert task["repeat"].startswith("FREQ=MONTHLY;COUNT=6;BYMONTHDAY=")


def test_the_day_may_stand_before_the_words(crm: Crm) -> None:
    added = crm.ok("task", "add", "mañana 9h enviar oferta")

    assert crm.show("task", "1")["title"] == "enviar oferta"
    assert "due tomorrow 09:00" in added.err
    crm.ok("task", "add", "monday")
    assert (crm.show("task", "2")["title"], crm.show("task", "2")["due"]) == ("monday", None)


def test_a_task_whose_owner_is_somebody_else_says_so(crm: Crm) -> None:
    crm.ok("user", "add", "Luis Gil")

    added = crm.ok("task", "add", "call", "--owner", "luis")

    assert "for Luis Gil" in added.err
    assert titles(crm, "--mine") == []
    assert titles(crm) == ["call"]


def test_the_list_shows_what_is_open_and_due_first(crm: Crm) -> None:
    crm.ok("task", "add", "someday")
    crm.ok("task", "add", "late", "--due", day(-3).isoformat())
    crm.ok("task", "add", "soon", "--due", "tomorrow")
    crm.ok("task", "add", "soon and urgent", "--due", "tomorrow", "--priority", "urgent")
    crm.ok("task", "add", "gone")
    crm.ok("task", "done", "gone")

    assert titles(crm) == ["late", "soon and urgent", "soon", "someday"]
    assert titles(crm, "--overdue") == ["late"]
    assert titles(crm, "--done") == ["gone"]
    assert len(titles(crm, "--all")) == 5
    assert titles(crm, "--filter", "status=done") == ["gone"]
    assert titles(crm, "--filter", "priority>=high") == ["soon and urgent"]
    assert titles(crm, "--filter", "due<=+1d and status=open") == ["soon and urgent", "soon"]
    assert crm.show("task", "late")["status"] == "overdue"


def test_a_task_of_today_is_overdue_once_its_time_has_passed(crm: Crm) -> None:
    crm.ok("task", "add", "midnight", "--due", "today 00:00")
    crm.ok("task", "add", "some time today", "--due", "today")

    assert titles(crm, "--overdue") == ["midnight"]


def test_done_is_done_and_may_be_opened_again(crm: Crm) -> None:
    crm.ok("task", "add", "call", "--note", "ask for Ana")
    crm.ok("task", "add", "write")

    crm.ok("task", "done", "call", "write", "--at", "yesterday", "--note", "no answer")

    done = crm.show("task", "call")
    assert (done["status"], done["note"]) == ("done", "ask for Ana\nno answer")
    assert datetime.fromisoformat(done["done_at"]).astimezone().date() == day(-1)
    assert "was done already" in crm.ok("task", "done", "call").err
    crm.ok("task", "reopen", "call")
    assert crm.show("task", "call")["status"] == "open"
    crm.ok("undo")
    assert crm.show("task", "call")["status"] == "done"
    crm.ok("task", "reopen", "write")
    assert crm("task", "done", "write", "--at", "tomorrow").code == 2


def test_a_repeating_task_is_followed_by_the_next_one_like_it(crm: Crm) -> None:
    crm.ok("contact", "add", "Ana Ruiz")
    crm.ok(
        "task", "add", "call", "--due", "today", "--repeat", "daily x3", "--contact", "ana",
        "--tag", "vip", "--priority", "high",
    )  # fmt: skip

    done = crm.ok("task", "done", "1", "--note", "spoke")

    assert "next is #2, due tomorrow, daily x2" in done.err
    new = crm.show("task", "2")
    assert (new["contact"], new["tags"], new["priority"]) == ("Ana Ruiz", ["vip"], "high")
    assert (new["due"], new["note"]) == (day(1).isoformat(), None)
    crm.ok("task", "done", "2")
    assert "that was the last time" in crm.ok("task", "done", "3").err
    assert titles(crm) == []


def test_undo_of_done_takes_the_next_occurrence_back(crm: Crm) -> None:
    crm.ok("task", "add", "call", "--due", "today", "--repeat", "weekly")
    before = crm.list("task", "--all")[0]

    crm.ok("task", "done", "call")
    assert len(crm.list("task", "--all")) == 2
    crm.ok("undo")

    after = crm.list("task", "--all")
    assert len(after) == 1
    assert {**after[0], "version": 0} == {**before, "version": 0}


def test_opening_a_repeating_task_again_leaves_one_not_two(crm: Crm) -> None:
    crm.ok("task", "add", "call", "--due", "today", "--repeat", "weekly")
    crm.ok("task", "done", "call")

    opened = crm.ok("task", "reopen", "#1")

    assert "#2, which followed it, is in the trash" in opened.err
    assert [task["id"] for task in crm.list("task")] == [1]


def test_counted_from_when_it_was_done(crm: Crm) -> None:
    crm.ok(
        "task", "add", "water", "--due", day(-5).isoformat(), "--repeat", "every 10 days",
        "--repeat-from", "done",
    )  # fmt: skip

    crm.ok("task", "done", "water")

    assert crm.show("task", "2")["due"] == day(10).isoformat()


@pytest.mark.parametrize("until", ["3d", "in 3 days", "en 3 dias"])
def test_a_task_is_put_off_and_keeps_its_time_of_day(crm: Crm, until: str) -> None:
    crm.ok("task", "add", "call", "--due", "tomorrow 9am")

    crm.ok("task", "snooze", "call", until, "--reason", "on holiday")

    task = crm.show("task", "call")
    due = datetime.fromisoformat(task["due"]).astimezone()
    assert (due.date(), due.hour) == (day(3), 9)
    assert "on holiday" in task["note"]


def test_putting_off_to_the_past_or_a_task_that_is_done_is_refused(crm: Crm) -> None:
    crm.ok("task", "add", "call", "--due", "tomorrow")

    assert crm("task", "snooze", "call", "yesterday").code == 2
    crm.ok("task", "done", "call")
    refused = crm("task", "snooze", "call", "monday")
    assert refused.code == 4
    assert "crm task reopen 1" in refused.err


def test_what_repeats_needs_a_day_and_a_rule_of_days(crm: Crm) -> None:
    without = crm("task", "add", "call", "--repeat", "weekly")
    hourly = crm("task", "add", "call", "--due", "today", "--repeat", "FREQ=HOURLY")

    assert without.code == hourly.code == 2
    assert "needs a due day" in without.err
    assert "days, weeks, months or years" in hourly.err
    assert crm.list("task") == []


def test_an_empty_list_says_what_to_type(crm: Crm) -> None:
    assert "crm task add" in crm.ok("task", "list", terminal=True).err


def test_of_a_task_that_repeats_the_open_one_is_meant(crm: Crm) -> None:
    crm.ok("task", "add", "call", "--due", "today", "--repeat", "daily")

    crm.ok("task", "done", "call")
    crm.ok("task", "done", "call")
    crm.ok("task", "snooze", "call", "10d")

    assert [task["id"] for task in crm.list("task")] == [3]
    assert crm.show("task", "3")["due"] == day(10).isoformat()


def test_a_field_that_must_be_filled_never_stands_in_the_way_of_a_next_step(crm: Crm) -> None:
    crm.ok("contact", "add", "Ana Ruiz")
    crm.ok("field", "add", "task", "Effort", "--kind", "number", "--required", "yes")

    crm.ok("call", "log", "ana", "hello", "--next", "tomorrow send quote")

    assert titles(crm) == ["send quote"]
    assert crm("task", "add", "by hand").code == 2


def test_a_script_gets_the_activity_not_the_task_also_in_a_rehearsal(crm: Crm) -> None:
    crm.ok("contact", "add", "Ana Ruiz")
    words = ("call", "log", "ana", "hello", "--next", "tomorrow send quote", "--format", "json")

    assert crm.ok(*words, "--dry-run").json["kind"] == "call"
    assert crm.ok(*words).json["kind"] == "call"
