"""The trash as a user sees it."""

from __future__ import annotations

from tests.conftest import Crm


def test_the_trash_says_what_when_and_by_whom(crm: Crm) -> None:
    crm.ok("contact", "add", "Ana Ruiz")
    crm.ok("contact", "delete", "ana")

    rows = crm.ok("trash", "list", "--format", "json").json

    assert [(row["noun"], row["id"], row["name"], row["who"]) for row in rows] == [
        ("contact", 1, "Ana Ruiz", "eva")
    ]
    assert crm.ok("trash", "list", "--noun", "companies", "--format", "json").json == []
    assert crm("trash", "list", "--noun", "contcat").code == 2


def test_restore_finds_the_noun_by_itself_or_is_told(crm: Crm) -> None:
    crm.ok("contact", "add", "Ana Ruiz, CEO, Acme")
    crm.ok("contact", "delete", "ana")
    crm.ok("company", "delete", "acme")

    assert crm("trash", "restore", "#1").code == 4
    crm.ok("trash", "restore", "ana")
    crm.ok("trash", "restore", "company", "#1")
    assert crm.show("contact", "ana")["company"] == "Acme"
    assert crm("trash", "restore", "nobody").code == 3


def test_emptying_asks_and_even_then_can_be_undone(crm: Crm) -> None:
    crm.ok("contact", "add", "Ana Ruiz", "--email", "ana@acme.es")
    crm.ok("contact", "delete", "ana")

    assert crm("trash", "empty").code == 2
    assert "nothing was changed" in crm.ok("trash", "empty", stdin="n\n", terminal=True).err
    assert "nothing in the trash is that old" in crm.ok("trash", "empty", "--older-than", "30d").err
    assert "1 contact" in crm.ok("trash", "empty", "--yes").err
    assert crm.ok("trash", "list", "--format", "json").json == []
    crm.ok("undo")
    crm.ok("trash", "restore", "ana")
    assert crm.show("contact", "ana")["emails"] == ["ana@acme.es"]
