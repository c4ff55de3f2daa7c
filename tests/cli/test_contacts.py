"""Contacts from the shell."""

from __future__ import annotations

from tests.conftest import Crm


def test_one_line_is_enough_to_add_a_contact_with_company_and_points(crm: Crm) -> None:
    added = crm.ok("contact", "add", "Ana Ruíz, CEO, Acme, ana@acme.es, +34 600 111 222")

    ana = crm.show("contact", "ana ruiz")
    assert added.out == f"{ana['id']}\n"
    assert (ana["name"], ana["job_title"], ana["company"]) == ("Ana Ruíz", "CEO", "Acme")
    assert ana["emails"] == ["ana@acme.es"]
    assert ana["phones"] == ["+34600111222"]
    assert "company Acme" in added.err


def test_a_contact_answers_to_number_mail_phone_and_part_of_the_name(crm: Crm) -> None:
    crm.ok("contact", "add", "Ana Ruíz", "--email", "ana@acme.es", "--phone", "600 111 222")

    for who in ("1", "#1", "ana@acme.es", "ANA@ACME.ES", "+34 600-111-222", "ruiz", "an", "na ru"):
        assert crm.show("contact", who)["name"] == "Ana Ruíz", who


def test_a_name_that_two_people_have_is_never_guessed(crm: Crm) -> None:
    crm.ok("contact", "add", "Ana Ruiz", "--job-title", "CEO")
    crm.ok("contact", "add", "Ana Roca")

    result = crm("contact", "show", "ana")

    assert result.code == 4
    assert "#1 Ana Ruiz (CEO)" in result.err
    assert "#2 Ana Roca" in result.err


def test_a_misspelt_name_gets_the_closest_ones(crm: Crm) -> None:
    crm.ok("contact", "add", "Ana Ruiz")

    result = crm("contact", "show", "Anna Riuz")

    assert result.code == 3
    assert "did you mean Ana Ruiz?" in result.err


def test_edit_says_what_was_and_what_is(crm: Crm) -> None:
    crm.ok("contact", "add", "Ana Ruiz", "--job-title", "CTO")

    result = crm.ok("contact", "edit", "ana", "--job-title", "CEO", "--tag", "vip")

    assert "Job title: CTO → CEO" in result.err
    assert crm.show("contact", "1")["tags"] == ["vip"]


def test_a_deleted_contact_comes_back_with_everything(crm: Crm) -> None:
    crm.ok("contact", "add", "Ana Ruiz", "--email", "ana@acme.es", "--tag", "vip")
    before = crm.show("contact", "1")

    crm.ok("contact", "delete", "ana")
    assert crm("contact", "show", "ana").code == 3
    crm.ok("contact", "restore", "ana")

    after = crm.show("contact", "1")
    changing = {"version", "updated_at"}
    assert {k: v for k, v in after.items() if k not in changing} == {
        k: v for k, v in before.items() if k not in changing
    }
