"""Logging calls, meetings, e-mails, messages, visits and notes, as users do it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.conftest import Crm


@pytest.fixture
def acme(crm: Crm) -> Crm:
    """Ana, Pedro and their company Acme, with one open deal."""
    crm.ok("contact", "add", "Ana Ruiz, CEO, Acme, ana@acme.es")
    crm.ok("contact", "add", "Pedro Gil, CTO, Acme")
    crm.ok("deal", "add", "Acme 20 seats", "--company", "acme", "--amount", "12k")
    return crm


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_a_call_is_logged_with_its_deal_and_next_step_in_one_line(acme: Crm) -> None:
    logged = acme.ok(
        "call", "log", "ana", "20 seats, budget ok", "--deal", "acme", "--outcome", "conn",
        "--minutes", "12", "--next", "fri 9am send quote",
    )  # fmt: skip

    assert logged.out == "1\n"
    assert "logged call with Ana Ruiz (connected, 12 min) on deal Acme 20 seats" in logged.err
    assert "next: send quote, " in logged.err
    call = acme.show("activity", "1")
    assert (call["kind"], call["direction"], call["outcome"]) == ("call", "out", "connected")
    assert (call["contacts"], call["company"], call["owner"]) == (["Ana Ruiz"], "Acme", "eva")
    task = acme.show("task", "send quote")
    assert (task["contact"], task["company"], task["deal"]) == ("Ana Ruiz", "Acme", "Acme 20 seats")
    assert moment(task["due"]).astimezone().strftime("%a %H:%M") == "Fri 09:00"
    assert acme.show("deal", "1")["next_step"] == "send quote"


def test_logging_is_one_step_and_undo_takes_back_all_of_it_and_nothing_else(acme: Crm) -> None:
    acme.ok("call", "log", "pedro", "first call", "--next", "tomorrow call again")
    before = acme.list("activity"), acme.list("task"), acme.show("deal", "1")

    acme.ok("call", "log", "ana", "budget ok", "--deal", "acme", "--next", "fri send quote")
    acme.ok("undo")

    assert (acme.list("activity"), acme.list("task"), acme.show("deal", "1")) == before


@pytest.mark.parametrize("kind", ["call", "meeting", "email", "message", "visit"])
def test_each_kind_logs_and_lists_its_own(acme: Crm, kind: str) -> None:
    acme.ok("note", "add", "ana", "prefers e-mail")
    acme.ok(kind, "log", "ana", "spoke")

    assert [item["kind"] for item in acme.list(kind)] == [kind]
    assert len(acme.list("activity")) == 2


def test_several_people_take_part(acme: Crm) -> None:
    acme.ok(
        "meeting", "log", "ana", "demo", "--with", "pedro", "--with", "ana", "--minutes", "1h30"
    )

    meeting = acme.show("activity", "1")
    assert meeting["contacts"] == ["Ana Ruiz", "Pedro Gil"]
    assert meeting["minutes"] == 90


def test_who_may_be_a_company_or_a_deal(acme: Crm) -> None:
    acme.ok("note", "add", "acme", "moved to Madrid")
    acme.ok("note", "add", "20 seats", "wants a pilot")
    acme.ok("note", "add", "deal:1", "pilot agreed")
    acme.ok("note", "add", "company:acme", "new fax")

    found = {item["note"]: (item["company"], item["deal"]) for item in acme.list("note")}
    assert found == {
        "moved to Madrid": ("Acme", None),
        "wants a pilot": ("Acme", "Acme 20 seats"),
        "pilot agreed": ("Acme", "Acme 20 seats"),
        "new fax": ("Acme", None),
    }


def test_nobody_of_that_name_gets_the_closest_names_and_logs_nothing(acme: Crm) -> None:
    result = acme("call", "log", "Anna Riuz", "hello")

    assert result.code == 3
    assert "Ana Ruiz (contact)" in result.err
    assert acme.list("activity") == []


def test_a_name_of_two_people_is_never_guessed(acme: Crm) -> None:
    acme.ok("contact", "add", "Ana Roca")

    assert acme("call", "log", "ana", "hello").code == 4
    assert acme.list("activity") == []


def test_a_deal_is_not_guessed_but_named(acme: Crm) -> None:
    result = acme.ok("call", "log", "ana", "hello")

    assert acme.show("activity", "1")["deal"] is None
    assert "open deal: #1 Acme 20 seats" in result.err
    acme.ok("activity", "edit", "1", "--deal", "1")
    assert acme.show("deal", "1")["last_touch"] is not None


@pytest.mark.parametrize("text", ["ayer 16:30", "yesterday 16:30"])
def test_what_happened_earlier_is_dated_in_english_and_spanish(acme: Crm, text: str) -> None:
    result = acme.ok("call", "log", "ana", "hello", "--at", text)

    shown = moment(acme.show("activity", "1")["at"]).astimezone()
    yesterday = (datetime.now(UTC).astimezone() - timedelta(days=1)).date()
    assert (shown.date(), f"{shown:%H:%M}") == (yesterday, "16:30")
    assert "yesterday 16:30" in result.err


def test_what_is_still_to_come_is_a_task(acme: Crm) -> None:
    result = acme("call", "log", "ana", "hello", "--at", "2090-01-01 9:00")

    assert result.code == 2
    assert "crm task add" in result.err
    assert acme.list("activity") == []


def test_an_outcome_of_ones_own_is_kept_as_typed(acme: Crm) -> None:
    acme.ok("call", "log", "ana", "--outcome", "Llamar en marzo", "--direction", "in")

    call = acme.show("activity", "1")
    assert (call["outcome"], call["direction"]) == ("Llamar en marzo", "in")


def test_a_next_step_without_a_day_is_kept_and_said(acme: Crm) -> None:
    result = acme.ok("call", "log", "ana", "hello", "--next", "send quote")

    assert acme.show("task", "send quote")["due"] is None
    assert "no day" in result.err
    assert "crm task edit 1 --due" in result.err


def test_a_next_step_that_is_only_a_day_is_a_follow_up(acme: Crm) -> None:
    acme.ok("call", "log", "ana", "hello", "--next", "tomorrow")

    assert acme.show("task", "1")["title"] == "follow up with Ana Ruiz"


def test_a_long_note_comes_through_a_pipe(acme: Crm) -> None:
    text = "first line\nsecond line: ¿qué tal?\nعربي"

    acme.ok("note", "add", "ana", "-", stdin=text + "\n")

    assert acme.show("activity", "1")["note"] == text


def test_the_same_uid_again_logs_nothing_twice(acme: Crm) -> None:
    uid = "0190f5a2-7c3e-7b6a-9d2f-1a2b3c4d5e6f"
    words = ("call", "log", "ana", "hello", "--next", "fri call", "--uid", uid)

    first, second = acme.ok(*words), acme.ok(*words)

    assert first.out == second.out == "1\n"
    assert "already logged" in second.err
    assert len(acme.list("activity")) == len(acme.list("task")) == 1
    assert acme.show("activity", uid)["id"] == 1
    assert acme("call", "log", "ana", "--uid", "mine").code == 2


def test_the_list_asks_by_person_company_deal_kind_and_time(acme: Crm) -> None:
    acme.ok("call", "log", "ana", "a", "--deal", "1", "--at", "3 days ago")
    acme.ok("meeting", "log", "pedro", "b")
    acme.ok("note", "add", "acme", "c")

    def notes(*words: str) -> list[str]:
        return [item["note"] for item in acme.list("activity", *words)]

    assert notes() == ["c", "b", "a"]
    assert notes("--contact", "ana") == ["a"]
    assert notes("--company", "acme", "--kind", "meeting") == ["b"]
    assert notes("--deal", "acme") == ["a"]
    assert notes("--since", "yesterday") == ["c", "b"]
    assert notes("--mine", "--filter", 'note=a or note="c"') == ["c", "a"]


def test_an_activity_is_corrected_later_and_comes_back_from_the_trash(acme: Crm) -> None:
    acme.ok("call", "log", "ana", "helo", "--minutes", "5")

    edited = acme.ok("activity", "edit", "1", "--note", "hello", "--minutes", "15")
    assert "Minutes: 5 min → 15 min" in edited.err
    acme.ok("activity", "edit", "1", "--clear", "note")
    assert acme.show("activity", "1")["note"] == ""
    acme.ok("activity", "delete", "1")
    assert acme.list("activity") == []
    assert acme.show("contact", "ana")["last_touch"] is None
    acme.ok("activity", "restore", "1")
    assert acme.show("activity", "1")["contacts"] == ["Ana Ruiz"]


def test_adding_an_activity_says_how_each_kind_is_logged(acme: Crm) -> None:
    result = acme("activity", "add", "--kind", "visit", "ana")

    assert result.code == 2
    assert 'crm visit log ana "…"' in result.err


def test_a_rehearsed_call_is_not_kept(acme: Crm) -> None:
    result = acme.ok("call", "log", "ana", "hello", "--next", "fri call", "--dry-run")

    assert "would have logged call with Ana Ruiz" in result.err
    assert acme.list("activity") == acme.list("task") == []


def test_hostile_text_reaches_the_terminal_harmless(acme: Crm) -> None:
    bad = "\x1b]52;c;x\x07[bold]x[/bold]"

    acme("note", "add", "ana", bad)
    shown = acme.ok("note", "list", "--format", "table", terminal=True)

    assert "\x1b]52" not in shown.out
    assert "\x07" not in shown.out


def test_an_empty_who_is_refused(acme: Crm) -> None:
    assert acme("note", "add", " ", "hello").code == 2
