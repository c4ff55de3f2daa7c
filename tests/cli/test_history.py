"""Who did what, when."""

from __future__ import annotations

from tests.conftest import Crm


def test_history_lists_commands_newest_first(crm: Crm) -> None:
    crm.ok("contact", "add", "Ana Ruiz")
    crm.ok("contact", "edit", "ana", "--job-title", "CEO")
    crm.ok("undo")

    rows = crm.ok("history", "--format", "json").json

    assert [row["id"] for row in rows] == [5, 4, 3, 2, 1]
    assert (rows[1]["who"], rows[1]["undone"]) == ("eva", "by #5")


def test_the_history_of_a_record_reads_as_fields_before_and_after(crm: Crm) -> None:
    crm.ok("contact", "add", "Ana Ruiz, CTO, Acme, ana@acme.es")
    crm.ok("company", "add", "Zeta")
    crm.ok("contact", "edit", "ana", "--company", "zeta", "--tag", "vip")

    rows = crm.ok("history", "ana ruiz", "--format", "json").json

    told = [(row["field"], row["before"], row["after"]) for row in rows]
    assert ("Company", "Acme", "Zeta") in told
    assert ("Tag", None, "vip") in told
    assert ("E-mail", None, "ana@acme.es") in told
    assert ("added", None, "Ana Ruiz") in told
    assert not any("updated" in str(field).lower() for field, _, _ in told)


def test_one_field_can_be_followed(crm: Crm) -> None:
    crm.ok("company", "add", "Acme", "--revenue", "1000 EUR")
    crm.ok("company", "edit", "acme", "--revenue", "2500 USD", "--industry", "SaaS")

    rows = crm.ok("history", "acme", "--field", "revenue", "--format", "json").json

    assert [(row["before"], row["after"]) for row in rows] == [("1000.00 EUR", "2500.00 USD")]
    wrong = crm("history", "acme", "--field", "industri")
    assert wrong.code == 2
    assert "did you mean" in wrong.err


def test_a_whole_name_goes_before_words_found_inside_other_records(crm: Crm) -> None:
    crm.ok("contact", "add", "Ana Ruiz, CTO, Acme")

    rows = crm.ok("history", "acme", "--format", "json").json

    assert rows[0]["after"] == "Acme"


def test_all_that_one_command_did(crm: Crm) -> None:
    crm.ok("contact", "add", "Ana Ruiz, CTO, Acme, ana@acme.es")

    rows = crm.ok("history", "--command", "2", "--format", "json").json

    assert {(row["noun"], row["field"]) for row in rows} == {
        ("contact", "added"),
        ("contact", "E-mail"),
        ("company", "added"),
    }
    assert crm("history", "--command", "99").code == 3


def test_hostile_names_reach_the_terminal_as_text(crm: Crm) -> None:
    crm.ok("contact", "add", "[bold]x[/bold]\x1b]52;c;x\x07")

    shown = crm.ok("history", "#1", "--format", "table", terminal=True)

    assert "[bold]x[/bold]" in shown.out.replace("\n", "")
    assert "\x1b]52" not in shown.out + shown.err
