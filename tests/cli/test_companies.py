"""Companies: how they are named, their trees and their page."""

from __future__ import annotations

import pytest

from tests.conftest import Crm


@pytest.fixture
def group(crm: Crm) -> Crm:
    crm.ok("company", "add", "Holding", "--domain", "holding.com", "--revenue", "2M")
    crm.ok("company", "add", "Acme", "--parent", "holding", "--industry", "Energy", "--tag", "vip")
    crm.ok("company", "add", "Acme Lab", "--parent", "acme")
    crm.ok("company", "add", "Zeta", "--parent", "holding")
    return crm


def test_a_company_answers_to_its_name_its_domain_and_an_address_of_it(group: Crm) -> None:
    group.ok("company", "edit", "acme lab", "--email", "info@lab.es", "--phone", "944 111 222")

    for who in ("holding.com", "www.holding.com", "Holding"):
        assert group.show("company", who)["id"] == 1, who
    for who in ("info@lab.es", "+34 944111222", "#3", "lab"):
        assert group.show("company", who)["id"] == 3, who
    assert group.show("company", "acme")["id"] == 2


def test_a_tree_is_shown_from_its_top_with_open_deals(group: Crm) -> None:
    group.ok("deal", "add", "Solar roof", "--company", "acme lab")

    rows = group.ok("company", "tree", "acme", "--format", "json").json

    assert [(row["name"], row["depth"], row["open_deals"]) for row in rows] == [
        ("Holding", 0, 0),
        ("Acme", 1, 0),
        ("Acme Lab", 2, 1),
        ("Zeta", 1, 0),
    ]
    screen = group.ok("company", "tree", "acme", terminal=True).out
    assert "    #2 Acme ←" in screen
    assert "      #3 Acme Lab · 1 open deals" in screen


def test_a_company_is_never_its_own_parent_even_through_others(group: Crm) -> None:
    assert group("company", "edit", "holding", "--parent", "acme lab").code == 2
    assert group("company", "edit", "acme", "--parent", "acme").code in {2, 4}


def test_a_company_shows_what_is_open_and_what_happened_last(group: Crm) -> None:
    group.ok("contact", "add", "Ana Ruiz", "--company", "zeta", "--job-title", "CEO")
    group.ok("deal", "add", "Solar roof", "--company", "zeta", "--amount", "12k")
    group.ok("task", "add", "Send the quote", "--company", "zeta")
    for number in range(7):
        group.ok("call", "log", "ana", f"call number {number}")

    screen = group.ok("company", "show", "zeta", terminal=True).out
    for text in ("Open deals", "Solar roof", "Open tasks", "Send the quote", "Ana Ruiz · CEO"):
        assert text in screen, text
    assert "call number 6" in screen
    assert "call number 1" not in screen
    assert "2 more: crm activity list" in screen

    person = group.ok("contact", "show", "ana", terminal=True).out
    assert "Last activities" in person
    assert "call number 6" in person
    assert "Open deals" not in group.ok("company", "show", "zeta").out


def test_a_deleted_company_keeps_its_people_and_comes_back(group: Crm) -> None:
    group.ok("contact", "add", "Ana Ruiz", "--company", "zeta")

    group.ok("company", "delete", "zeta")
    assert group.show("contact", "ana")["company"] == "Zeta"
    group.ok("company", "restore", "zeta")

    assert group.show("company", "zeta")["contacts"] == 1


def test_revenue_and_size_are_filtered_and_sorted(group: Crm) -> None:
    group.ok("company", "edit", "zeta", "--revenue", "50k USD", "--size", "1.200")

    assert [row["name"] for row in group.list("company", "--filter", "revenue>100k")] == ["Holding"]
    assert [row["name"] for row in group.list("company", "--filter", "revenue>=50k USD")] == [
        "Zeta"
    ]
    assert group.list("company", "--sort", "-size")[0]["size"] == 1200
    assert [row["name"] for row in group.list("company", "--filter", "parent.name=acme")] == [
        "Acme Lab"
    ]
