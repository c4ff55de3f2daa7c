"""Undo and redo as a user types them."""

from __future__ import annotations

from tests.conftest import Crm


def test_undo_takes_back_the_last_command_and_says_which(crm: Crm) -> None:
    crm.ok("contact", "add", "Ana Ruiz")

    result = crm.ok("undo")

    assert "undid #2: added contact #1 Ana Ruiz" in result.err
    assert crm.list("contact") == []
    assert "redid #2" in crm.ok("redo").err
    assert crm.show("contact", "1")["name"] == "Ana Ruiz"


def test_undo_with_nothing_to_undo_is_not_found(crm: Crm) -> None:
    assert crm("undo").code == 3
    assert "nothing to undo" in crm("undo").err
    assert crm("redo").code == 3


def test_a_dry_undo_changes_nothing(crm: Crm) -> None:
    crm.ok("contact", "add", "Ana Ruiz")

    assert "would undo #2" in crm.ok("undo", "--dry-run").err
    assert len(crm.list("contact")) == 1


def test_newer_changes_are_listed_and_can_be_kept(crm: Crm) -> None:
    crm.ok("contact", "add", "Ana Ruiz", "--job-title", "CTO")
    crm.ok("contact", "edit", "ana", "--job-title", "CEO", "--source", "fair")
    crm.ok("contact", "edit", "ana", "--job-title", "Chair")

    refused = crm("undo", "4")

    assert refused.code == 4
    assert "job title of Ana Ruiz was changed since by eva (#5)" in refused.err
    assert "--keep-newer" in refused.err
    kept = crm.ok("undo", "4", "--keep-newer", "--format", "json")
    assert kept.json["kept"] == ["job title of Ana Ruiz was changed since by eva (#5)"]
    assert crm.show("contact", "ana")["source"] is None


def test_the_list_shows_what_can_be_undone_in_order(crm: Crm) -> None:
    crm.ok("contact", "add", "Ana Ruiz")
    crm.ok("contact", "edit", "ana", "--job-title", "CEO")

    rows = crm.ok("undo", "--list", "--format", "json").json

    assert [row["id"] for row in rows] == [4, 2]
    assert rows[1]["what"] == "added contact #1 Ana Ruiz"


def test_a_rep_may_not_undo_what_a_colleague_did(crm: Crm) -> None:
    crm.ok("contact", "add", "Ana Ruiz")
    crm.ok("contact", "add", "Luis", "--user", "luis")

    assert crm("undo", "2", "--user", "luis").code == 7
