"""What people type in a hurry: lists with commas, verbs of other programs, numbers of the gone."""

from __future__ import annotations

import pytest

from tests.conftest import Crm


def test_commas_part_tags_hobbies_choices_and_required_fields(crm: Crm) -> None:
    crm.ok("contact", "add", "Ana Ruiz", "--tag", "vip, madrid", "--hobby", "vino,pádel")
    crm.ok("contact", "tag", "ana", "north,south")
    crm.ok("contact", "untag", "ana", "north,south")
    crm.ok("field", "add", "contact", "Zone", "--kind", "choice", "--choices", "north,south")
    crm.ok("contact", "edit", "ana", "--set", "zone=South")

    ana = crm.show("contact", "ana")
    assert (ana["tags"], ana["hobbies"]) == (["madrid", "vip"], ["vino", "pádel"])
    assert ana["zone"] == "south"


def test_commas_part_the_people_of_a_meeting_but_not_a_name_that_holds_one(crm: Crm) -> None:
    crm.ok("contact", "add", "Ana Ruiz, CEO, Acme, +34 600 222 222")
    crm.ok("contact", "add", "Pedro Gil")
    crm.ok("company", "add", "Zeta, Inc.")

    both = crm.ok("meeting", "log", "ana,2", "demo")
    also = crm.ok("meeting", "log", "zeta, inc.", "demo", "--with", "ana, pedro")

    assert "logged meeting with Ana Ruiz, Pedro Gil" in both.err
    assert "logged meeting with Ana Ruiz, Pedro Gil" in also.err
    assert crm.show("activity", "2")["company"] == "Zeta, Inc."


def test_the_number_of_a_deleted_contact_is_not_taken_for_a_deal(crm: Crm) -> None:
    crm.ok("contact", "add", "Ana Ruiz")
    crm.ok("deal", "add", "Boats")
    crm.ok("contact", "delete", "1")

    for who in ("1", "#1"):
        refused = crm("call", "log", who, "hello")
        assert refused.code == 3
        assert "contact #1 Ana Ruiz is in the trash" in refused.err
        assert "crm contact restore 1" in refused.err
    assert "on deal Boats" in crm.ok("call", "log", "deal:1", "hello").err


def test_adding_a_contact_says_what_its_options_were_understood_as(crm: Crm) -> None:
    crm.ok("company", "add", "Acmé")

    plain = crm.ok("contact", "add", "Luis", "--company", "acme", "--birthday", "3 may")
    line = crm.ok("contact", "add", "Ana, CEO, ana@x.example", "--company", "acm", "--tag", "vip")

    assert "added contact #1 Luis (company Acmé, birthday" in plain.err
    assert "(job title CEO, e-mail ana@x.example, company Acmé, tags vip)" in line.err


def test_several_tasks_done_are_said_a_line_each(crm: Crm) -> None:
    crm.ok("task", "add", "Call")
    crm.ok("task", "add", "Write")

    said = crm.ok("task", "done", "call", "write").err

    assert said.splitlines() == ["done: #1 Call", "done: #2 Write"]


def test_a_relation_reads_the_same_from_both_sides(crm: Crm) -> None:
    crm.ok("contact", "add", "Ana")
    crm.ok("contact", "add", "Luis")
    crm.ok("contact", "relate", "ana", "mentor", "luis")
    crm.ok("contact", "relate", "ana", "manager", "luis")

    ana = crm.ok("contact", "show", "ana", "--format", "table").out
    luis = crm.ok("contact", "show", "luis", "--format", "table").out

    assert "mentor of Luis" in ana
    assert "Luis is their mentor" not in ana
    assert "Luis is their report" in ana
    assert "Ana is their mentor" in luis
    assert "Ana is their manager" in luis


def test_a_loss_says_against_whom_by_how_much_and_when_to_try_again(crm: Crm) -> None:
    crm.ok("deal", "add", "Boats", "--amount", "5k")

    more = ("--competitor", "Zeta", "--gap", "12%", "--retry", "2099-01")
    lost = crm.ok("deal", "lose", "boats", "--reason", "price", *more)

    assert "5,000 EUR, price, competitor Zeta, gap 12%, try again 1 Jan 2099" in lost.err


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("contact create ana", "crm contact add"),
        ("deal new boats", "crm deal add"),
        ("deal rm 1", "crm deal delete"),
        ("contact view 1", "crm contact show"),
        ("contact update 1", "crm contact edit"),
        ("note log ana x", "crm note add"),
        ("call add ana x", "crm call log"),
    ],
)
def test_a_verb_of_another_program_is_told_by_its_name_here(
    crm: Crm, words: str, meant: str
) -> None:
    refused = crm(*words.split())

    assert refused.code == 2
    assert f"did you mean: {meant}?" in refused.err


def test_the_help_named_is_that_of_the_whole_command(crm: Crm) -> None:
    assert "see: crm deal lose --help" in crm("deal", "lose", "1", "--reason").err


def test_a_wrong_choice_lists_the_choices_once_and_a_phone_is_a_call(crm: Crm) -> None:
    crm.ok("contact", "add", "Ana", "--channel", "teléfono")

    refused = crm("contact", "edit", "ana", "--channel", "pigeon")

    assert crm.show("contact", "ana")["channel"] == "call"
    assert refused.err.count("call, email") == 1


def test_fields_asked_for_are_shown_even_when_empty(crm: Crm) -> None:
    crm.ok("contact", "add", "Ana")

    shown = crm.ok("contact", "list", "--format", "table", "--fields", "id,name,birthday").out

    assert "Birthday" in shown


def test_a_bare_number_is_a_contact_and_never_slips_to_a_deal(crm: Crm) -> None:
    crm.ok("company", "add", "Acme")

    refused = crm("call", "log", "1", "hello")

    assert refused.code == 3
    assert "say company:1 for Acme" in refused.err
    assert crm.list("activity") == []


def test_a_number_that_is_no_phone_is_kept_and_said(crm: Crm) -> None:
    added = crm.ok("contact", "add", "Ana", "--phone", "12 34")

    assert "phone '12 34' is no valid number in ES; kept as typed" in added.err
    assert crm.show("contact", "ana")["phones"] == ["12 34"]
