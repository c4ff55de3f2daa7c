"""Cleaning the twins, as a user does it: list, compare, tell apart, merge, and undo days later."""

from __future__ import annotations

import pytest

from tests.conftest import Crm


@pytest.fixture
def twins(crm: Crm) -> Crm:
    crm.ok("company", "add", "Acme")
    crm.ok("contact", "add", "José Ruiz", "--company", "Acme", "--email", "jose@acme.es")
    crm.ok("contact", "add", "Pepe Ruiz", "--phone", "600111222", "--job-title", "CTO")
    crm.ok("contact", "edit", "2", "--email", "jose@acme.es")
    return crm


def test_the_list_shows_each_pair_with_its_score_and_reason(twins: Crm) -> None:
    (pair,) = twins.ok("duplicate", "list", "--format", "json").json
    assert (pair["id"], pair["other_id"], pair["score"]) == (1, 2, 0.99)
    assert pair["reasons"] == ["same e-mail jose@acme.es", "Pepe is José"]
    assert "0.99" in twins.ok("duplicate", "list", "contacts", terminal=True).out
    assert twins.ok("duplicate", "list", "companies", "--format", "json").json == []
    assert (
        "no two companies look the same"
        in twins.ok("duplicate", "list", "companies", terminal=True).err
    )
    assert twins("duplicate", "list", "deals").code == 2
    assert twins("duplicate", "list", "--at-least", "7").code == 2


def test_two_records_side_by_side_with_what_differs(twins: Crm) -> None:
    shown = twins.ok("duplicate", "show", "1", "2", terminal=True)
    assert any("≠" in line and "José Ruiz" in line and "Pepe Ruiz" in line for line in shown.lines)
    assert "Pepe is José" in shown.err
    both = twins.ok("duplicate", "show", "1", "2", "--format", "json").json
    assert (both["a"]["name"], both["b"]["name"]) == ("José Ruiz", "Pepe Ruiz")
    assert "job_title" in both["differ"]
    assert "emails" not in both["differ"]
    assert twins("duplicate", "show", "1", "1").code == 2


def test_a_pair_marked_different_never_returns(twins: Crm) -> None:
    assert "are different contacts" in twins.ok("duplicate", "different", "1", "2").err
    assert "already" in twins.ok("duplicate", "different", "2", "1").err
    assert twins.ok("duplicate", "list", "--format", "json").json == []
    assert "nothing is at least 0.95 sure" in twins.ok("duplicate", "merge", "--auto", "0.95").err
    twins.ok("duplicate", "same", "1", "2")
    assert len(twins.ok("duplicate", "list", "--format", "json").json) == 1
    twins.ok("undo")
    twins.ok("undo")
    assert len(twins.ok("duplicate", "list", "--format", "json").json) == 1


def test_merge_takes_fields_says_what_is_not_kept_and_two_days_later_undo_splits(
    twins: Crm,
) -> None:
    twins.ok("contact", "edit", "1", "--job-title", "CEO")
    twins.ok("call", "log", "2", "before the merge")

    said = twins.ok("contact", "merge", "1", "2", "--take", "other.title", "--take", "2.name").err
    assert "merged contact #2 Pepe Ruiz into #1 Pepe Ruiz" in said
    assert "not kept: name José Ruiz of #1, job title CEO of #1" in said
    assert [row["id"] for row in twins.list("contact")] == [1]
    number = twins.ok("history", "--limit", "1", "--format", "json").json[0]["id"]
    twins.ok("call", "log", "1", "since the merge")
    twins.ok("undo", str(number))

    notes = {
        row["note"]: row["contacts"] for row in twins.list("activity", "--fields", "note,contacts")
    }
    assert notes == {"before the merge": ["Pepe Ruiz"], "since the merge": ["José Ruiz"]}
    assert twins.show("contact", "2")["job_title"] == "CTO"
    assert twins.show("contact", "1")["job_title"] == "CEO"


def test_a_merge_undone_at_once_leaves_the_same_hash(twins: Crm) -> None:
    before = twins.ok("database", "hash").out
    twins.ok("contact", "merge", "1", "2")
    assert twins.ok("database", "hash").out != before
    twins.ok("undo")
    assert twins.ok("database", "hash").out == before


@pytest.mark.parametrize(
    ("take", "words"),
    [
        ("title", "is not WHO.FIELD"),
        ("pepe.title", "neither a number nor 'other'"),
        ("9.title", "#9 is not one of the others"),
        ("other.phones", "cannot be taken alone"),
    ],
)
def test_a_take_that_cannot_be_is_refused(twins: Crm, take: str, words: str) -> None:
    result = twins("contact", "merge", "1", "2", "--take", take)
    assert result.code == 2
    assert words in result.err


def test_automatic_merging_says_what_it_will_do_and_asks(twins: Crm) -> None:
    rehearsed = twins.ok("duplicate", "merge", "--auto", "0.95", "--dry-run").err
    assert "contact #2 Pepe Ruiz → #1 José Ruiz (0.99" in rehearsed
    assert "would have merged contact #2" in rehearsed
    asked = twins.ok("duplicate", "merge", "--auto", "0.95", stdin="n\n", terminal=True).err
    assert "merge 1 into 1?" in asked
    assert len(twins.list("contact")) == 2
    twins.ok("duplicate", "merge", "--auto", "0.95", "--yes")
    assert len(twins.list("contact")) == 1
    twins.ok("undo")
    assert len(twins.list("contact")) == 2
    assert twins("duplicate", "merge", "--auto", "0.5").code == 2


def test_adding_somebody_known_is_refused_and_somebody_likely_is_noted(twins: Crm) -> None:
    refused = twins("contact", "add", "Pepe Ruiz García", "--email", "JOSE@acme.es")
    assert refused.code == 4
    assert "contact #1 José Ruiz is the same: same e-mail jose@acme.es" in refused.err
    assert "--allow-duplicate" in refused.err
    added = twins.ok("contact", "add", "J. Ruiz", "--company", "Acme")
    assert "looks like #1 José Ruiz (J. may be José, same company): crm duplicate list" in added.err
    assert twins("company", "add", "ACME S.L.").code == 4
    twins.ok("company", "add", "ACME S.L.", "--allow-duplicate")
    twins.ok("company", "merge", "1", "2")
    assert len(twins.list("company")) == 1


def test_hostile_names_are_shown_safely(crm: Crm) -> None:
    for _ in range(2):
        crm.ok("contact", "add", "\x1b[31mAna [bold]Ruiz", "--allow-duplicate")
    listed = crm.ok("duplicate", "list", terminal=True)
    merged = crm.ok("duplicate", "merge", "--auto", "0.9", "--yes")
    for text in (listed.out, listed.err, merged.out, merged.err):
        assert "\x1b[31m" not in text
    assert "[bold]Ruiz" in listed.out
