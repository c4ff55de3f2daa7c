"""Stories of deals: added, moved through gates, won, lost, opened again, changed many at a time."""

from __future__ import annotations

import pytest

from tests.conftest import Crm


def days_later(crm: Crm, days: int) -> None:
    """Let time pass: everything in the database happened that many days earlier."""
    import sqlite3
    from datetime import datetime, timedelta

    from storage.columns import write_moment

    with sqlite3.connect(crm.database) as connection:
        connection.execute("UPDATE open_command SET command_id = 1")
        for table, column in (("deals", "stage_since"), ("activities", "happened_at")):
            for row, moment in connection.execute(f"SELECT id, {column} FROM {table}").fetchall():
                earlier = datetime.fromisoformat(moment) - timedelta(days=days)
                connection.execute(
                    f"UPDATE {table} SET {column} = ? WHERE id = ?", (write_moment(earlier), row)
                )
        connection.execute("UPDATE open_command SET command_id = NULL")


def test_a_deal_needs_a_title_only_and_begins_where_new_deals_begin(crm: Crm) -> None:
    added = crm.ok("deal", "add", "Acme 20 seats")

    deal = crm.show("deal", added.out.strip())
    assert (deal["pipeline"], deal["stage"], deal["outcome"]) == ("Sales", "Lead", "open")
    assert deal["owner"] == "eva"
    assert deal["amount"] is None
    assert deal["weighted"] is None
    assert deal["opened_at"]
    assert deal["closed_at"] is None


def test_a_deal_without_a_title_is_refused(crm: Crm) -> None:
    assert crm("deal", "add", "  ").code == 2
    assert crm.list("deal") == []


def test_weighted_is_amount_by_probability_and_unknown_odds_weigh_nothing(crm: Crm) -> None:
    crm.ok("deal", "add", "Own odds", "--amount", "1000", "--probability", "33%")
    crm.ok("deal", "add", "Stage odds", "--amount", "0.25", "--stage", "proposal")
    crm.ok("deal", "add", "Yens", "--amount", "JPY 333", "--stage", "lead")
    crm.ok("pipeline", "stage", "edit", "Sales", "negotiation", "--clear", "probability")
    crm.ok("deal", "add", "Unknown", "--amount", "1000", "--stage", "negotiation")

    deals = {deal["title"]: deal for deal in crm.list("deal")}
    assert deals["Own odds"]["weighted"] == 330
    assert deals["Stage odds"]["weighted"] == 0.13  # 0.125, a half rounded up
    assert (deals["Yens"]["weighted"], deals["Yens"]["weighted_currency"]) == (33, "JPY")
    assert deals["Unknown"]["weighted"] is None
    assert deals["Unknown"]["probability"] is None


def test_a_probability_that_repeats_the_stages_follows_the_stage(crm: Crm) -> None:
    crm.ok("deal", "add", "Acme", "--stage", "proposal", "--probability", "50")
    crm.ok("deal", "move", "acme", "negotiation")

    assert crm.show("deal", "acme")["probability"] == 75


def test_moving_says_from_where_to_where(crm: Crm) -> None:
    crm.ok("deal", "add", "Acme 20 seats", "--stage", "qualified")

    moved = crm.ok("deal", "move", "acme", "prop")

    assert "moved deal #1 Acme 20 seats: Qualified → Proposal" in moved.err


def test_a_stage_that_is_not_there_names_the_ones_that_are(crm: Crm) -> None:
    crm.ok("deal", "add", "Acme")

    near = crm("deal", "move", "acme", "propsal")
    far = crm("deal", "move", "acme", "zzz")

    assert near.code == far.code == 3
    assert "did you mean Proposal?" in near.err
    assert "Lead, Qualified, Proposal" in far.err


def test_the_same_stage_name_in_two_pipelines_means_the_deals_own(crm: Crm) -> None:
    crm.ok("pipeline", "add", "Renewals", "--stage", "Proposal 60%", "--stage", "Talking")
    crm.ok("deal", "add", "Here", "--stage", "proposal")
    crm.ok("deal", "add", "There", "--pipeline", "renewals", "--stage", "proposal")
    crm.ok("deal", "add", "Only there", "--stage", "talking")

    found = {deal["title"]: deal for deal in crm.list("deal")}
    assert (found["Here"]["pipeline"], found["Here"]["probability"]) == ("Sales", 50)
    assert (found["There"]["pipeline"], found["There"]["probability"]) == ("Renewals", 60)
    assert found["Only there"]["pipeline"] == "Renewals"
    assert len(crm.list("deal", "--filter", "stage=proposal")) == 2


def test_another_pipeline_brings_its_own_stage(crm: Crm) -> None:
    crm.ok("pipeline", "add", "Renewals", "--stage", "Due 60%", "--stage", "Signed=won")
    crm.ok("deal", "add", "Open", "--stage", "negotiation")
    crm.ok("deal", "add", "Sold", "--stage", "negotiation")
    crm.ok("deal", "win", "sold")

    crm.ok("deal", "edit", "--filter", "pipeline=sales", "--pipeline", "renewals")

    assert crm.show("deal", "open")["stage"] == "Due"
    assert crm.show("deal", "sold")["stage"] == "Signed"
    assert crm.show("deal", "sold")["closed_at"]


def test_a_gate_names_what_is_missing_and_opens_once_it_is_filled(crm: Crm) -> None:
    crm.ok("contact", "add", "Ana Ruiz")
    crm.ok("field", "add", "deal", "Budget", "--kind", "money")
    crm.ok(
        "pipeline", "stage", "edit", "sales", "proposal",
        "--require", "budget", "--require", "contacts:decision maker",
        "--require", "expected close",
    )  # fmt: skip
    crm.ok("deal", "add", "Acme 20 seats", "--stage", "qualified")

    refused = crm("deal", "move", "acme", "proposal")
    assert refused.code == 7
    assert "needs budget, decision maker, expected close" in refused.err
    assert "crm deal edit 1" in refused.err
    assert crm("deal", "edit", "acme", "--stage", "proposal").code == 7
    assert crm("deal", "add", "Through the window", "--stage", "proposal").code == 7
    assert crm.show("deal", "acme")["stage"] == "Qualified"

    crm.ok("deal", "edit", "acme", "--set", "budget=5000", "--contact", "ana:decision")
    still = crm("deal", "move", "acme", "proposal")
    assert still.code == 7
    assert "needs expected close" in still.err
    assert "budget" not in still.err

    crm.ok("deal", "edit", "acme", "--expected-close", "2030-01-31", "--stage", "proposal")
    assert crm.show("deal", "acme")["stage"] == "Proposal"
    assert crm.show("deal", "acme")["contacts"] == ["Ana Ruiz (decision maker)"]


def test_emptying_what_a_gate_needs_while_passing_it_is_refused(crm: Crm) -> None:
    crm.ok("pipeline", "stage", "edit", "sales", "proposal", "--require", "amount")
    crm.ok("deal", "add", "Acme", "--amount", "5000")

    assert crm("deal", "edit", "acme", "--stage", "proposal", "--clear", "amount").code == 7
    crm.ok("deal", "edit", "acme", "--stage", "proposal")


def test_many_deals_change_in_one_step_after_a_rehearsal(crm: Crm) -> None:
    crm.ok("pipeline", "stage", "add", "sales", "Nurture", "--probability", "5")
    for title in ("Acme", "Beta", "Gamma", "Delta"):
        crm.ok("deal", "add", title, "--stage", "qualified")
    crm.ok("deal", "add", "Fresh", "--stage", "lead")
    days_later(crm, 45)
    change = ("deal", "edit", "--filter", "stage=qualified and idle>30d", "--stage", "nurture")

    rehearsal = crm.ok(*change, "--dry-run")
    assert "4 deals: #" in rehearsal.err
    assert "would have edited 4 of 4 deals" in rehearsal.err
    assert {deal["stage"] for deal in crm.list("deal")} == {"Qualified", "Lead"}

    crm.ok(*change)
    assert [d["stage"] for d in crm.list("deal", "--sort", "id")] == ["Nurture"] * 4 + ["Lead"]
    crm.ok("undo")
    assert [d["stage"] for d in crm.list("deal", "--sort", "id")] == ["Qualified"] * 4 + ["Lead"]


def test_one_refusal_in_a_change_of_many_changes_nothing(crm: Crm) -> None:
    crm.ok("pipeline", "stage", "edit", "sales", "proposal", "--require", "amount")
    crm.ok("deal", "add", "Acme", "--amount", "5000")
    crm.ok("deal", "add", "Beta")

    result = crm("deal", "edit", "--filter", "outcome=open", "--stage", "proposal")

    assert result.code == 7
    assert "Beta" in result.err
    assert {deal["stage"] for deal in crm.list("deal")} == {"Lead"}


def test_losing_demands_a_reason_and_keeps_what_it_teaches(crm: Crm) -> None:
    crm.ok("deal", "add", "Acme", "--amount", "5000", "--note", "first talk")

    for words in (("lose", "acme"), ("lose", "acme", "--reason", ""), ("move", "acme", "lost")):
        refused = crm("deal", *words)
        assert refused.code == 2, words
        assert "--reason price" in refused.err

    lost = crm.ok(
        "deal", "lose", "acme", "--reason", "price", "--competitor", "Zeta", "--gap", "12%",
        "--retry", "2027-01", "--note", "call the CFO", "--at", "today",
    )  # fmt: skip
    assert "lost deal #1 Acme: 5,000 EUR, price" in lost.err
    deal = crm.show("deal", "acme")
    assert (deal["outcome"], deal["lost_reason"], deal["competitor"]) == ("lost", "price", "Zeta")
    assert (deal["gap"], deal["retry"], deal["weighted"]) == (12, "2027-01-01", 0)
    assert deal["closed_at"]
    assert deal["note"] == "first talk\ncall the CFO"


def test_a_reopened_deal_is_open_as_if_it_had_never_closed(crm: Crm) -> None:
    crm.ok("deal", "add", "Acme", "--stage", "negotiation")
    crm.ok("deal", "lose", "acme", "--reason", "timing", "--retry", "in 3 months")

    reopened = crm.ok("deal", "reopen", "acme")

    assert "reopened deal #1 Acme: Lost → Negotiation" in reopened.err
    deal = crm.show("deal", "acme")
    assert (deal["outcome"], deal["stage"]) == ("open", "Negotiation")
    assert deal["closed_at"] is deal["lost_reason"] is deal["retry"] is None
    assert crm.list("deal", "--filter", "outcome=lost") == []
    crm.ok("deal", "win", "acme")
    assert len(crm.list("deal", "--filter", "outcome!=open")) == 1


def test_reopening_may_name_an_open_stage_only(crm: Crm) -> None:
    crm.ok("deal", "add", "Acme")
    assert crm("deal", "reopen", "acme").code == 4
    crm.ok("deal", "win", "acme")

    assert crm("deal", "reopen", "acme", "--stage", "lost").code == 2
    crm.ok("deal", "reopen", "acme", "--stage", "qualified")
    assert crm.show("deal", "acme")["stage"] == "Qualified"


def test_winning_closes_on_the_day_given_at_the_amount_given(crm: Crm) -> None:
    crm.ok("deal", "add", "Acme", "--amount", "5000", "--opened-at", "2026-01-10")

    won = crm.ok("deal", "win", "acme", "--at", "2026-03-01", "--amount", "4800")

    assert "won deal #1 Acme: 4,800 EUR" in won.err
    deal = crm.show("deal", "acme")
    assert (deal["closed_at"], deal["amount"], deal["weighted"]) == ("2026-03-01", 4800, 4800)
    assert deal["probability"] == 100
    assert "nothing to change" in crm.ok("deal", "win", "acme").err


def test_a_deal_cannot_close_before_it_opened_nor_be_open_and_closed(crm: Crm) -> None:
    crm.ok("deal", "add", "Acme", "--opened-at", "2026-05-01")

    early = crm("deal", "win", "acme", "--at", "2026-04-01")
    assert early.code == 2
    assert "crm deal edit 1 --opened-at 2026-04-01" in early.err
    assert crm("deal", "edit", "acme", "--closed-at", "2026-06-01").code == 2
    crm.ok("deal", "win", "acme")
    assert crm("deal", "edit", "acme", "--clear", "closed_at").code == 2


def test_an_old_deal_can_be_written_down_with_the_days_it_had(crm: Crm) -> None:
    crm.ok("deal", "add", "Old", "--stage", "won", "--closed-at", "2020-02-01", "--amount", "900")
    gone = ("deal", "add", "Gone", "--stage", "lost", "--closed-at", "2020-02-01")
    assert crm(*gone).code == 2
    crm.ok(*gone, "--lost-reason", "budget")

    old = crm.show("deal", "old")
    assert (old["opened_at"], old["closed_at"]) == ("2020-02-01", "2020-02-01")
    assert crm.show("deal", "gone")["closed_at"] == "2020-02-01"


def test_every_later_expected_close_is_a_slip(crm: Crm) -> None:
    crm.ok("deal", "add", "Acme", "--expected-close", "2030-01-10")
    for day in ("2030-02-10", "2030-01-20", "2030-03-01"):
        crm.ok("deal", "edit", "acme", "--expected-close", day)

    assert crm.show("deal", "acme")["slips"] == 2


def test_a_deal_rots_after_its_stages_days_without_a_touch(crm: Crm) -> None:
    crm.ok("pipeline", "stage", "edit", "sales", "lead", "--rotting-days", "10")
    crm.ok("deal", "add", "Alone")
    crm.ok("deal", "add", "Called")
    crm.ok("deal", "add", "Sold")
    crm.ok("deal", "win", "sold")
    days_later(crm, 10)
    assert crm.list("deal", "--filter", "rotting=yes") == []

    days_later(crm, 1)
    crm.ok("call", "log", "called", "spoke with Ana")

    assert [deal["title"] for deal in crm.list("deal", "--filter", "rotting=yes")] == ["Alone"]
    assert crm.show("deal", "alone")["rotting"] is True
    assert crm.show("deal", "alone")["age"] == 11
    crm.ok("deal", "move", "alone", "qualified")
    assert crm.show("deal", "alone")["rotting"] is False


def test_the_products_of_a_deal_make_its_amount(crm: Crm) -> None:
    crm.ok("product", "add", "Professional licence", "--code", "PRO", "--price", "49")
    crm.ok("product", "add", "GTX Pro", "--price", "4821")
    crm.ok("deal", "add", "Acme", "--product", "pro x20 @49 -10%", "--product", "GTX Pro x3")

    deal = crm.show("deal", "acme")
    assert deal["products"] == ["Professional licence x20 @49 -10%", "GTX Pro x3 @4821"]
    assert deal["amount"] == 882 + 14463

    crm.ok("deal", "edit", "acme", "--product", "pro x10")
    assert crm.show("deal", "acme")["amount"] == 441 + 14463
    crm.ok("deal", "edit", "acme", "--remove", "product=GTX Pro")
    assert crm.show("deal", "acme")["amount"] == 441
    crm.ok("deal", "edit", "acme", "--amount", "400")
    crm.ok("deal", "edit", "acme", "--product", "pro x30")
    assert crm.show("deal", "acme")["amount"] == 400
    assert len(crm.list("deal", "--filter", "products=pro")) == 1
    assert len(crm.list("deal", "--filter", "products.price>100")) == 0


def test_prices_are_in_the_deals_currency(crm: Crm) -> None:
    crm.ok("product", "add", "PRO", "--price", "USD 49")
    crm.ok("deal", "add", "In dollars", "--product", "PRO x2")
    assert crm.show("deal", "dollars")["currency"] == "USD"
    assert crm.show("deal", "dollars")["amount"] == 98

    refused = crm("deal", "add", "In euros", "--amount", "100", "--product", "PRO x2")
    assert refused.code == 2
    assert "no price in EUR" in refused.err
    crm.ok("deal", "add", "In euros", "--amount", "100", "--product", "PRO x2 @45")
    assert crm("deal", "edit", "euros", "--amount", "USD 90").code == 2
    assert crm("deal", "edit", "euros", "--product", "PRO x2 @ USD 45").code == 2


def test_a_role_of_ones_own_is_kept_and_the_usual_ones_are_written_one_way(crm: Crm) -> None:
    crm.ok("contact", "add", "Ana Ruiz")
    crm.ok("contact", "add", "Luis Gil")
    crm.ok("deal", "add", "Acme", "--contact", "ana:DECISION", "--contact", "luis:golf partner")

    assert crm.show("deal", "acme")["contacts"] == [
        "Ana Ruiz (decision maker)",
        "Luis Gil (golf partner)",
    ]


def test_a_number_from_another_program_finds_the_deal_and_is_its_alone(crm: Crm) -> None:
    crm.ok("deal", "add", "Acme", "--external-id", "OPP-77")

    assert crm.show("deal", "OPP-77")["title"] == "Acme"
    assert crm("deal", "add", "Twin", "--external-id", "OPP-77").code == 4
    crm.ok("deal", "delete", "OPP-77")
    crm.ok("deal", "add", "Twin", "--external-id", "OPP-77")
    assert crm("deal", "restore", "1").code == 4


@pytest.mark.parametrize(
    "title", ["[bold]x[/bold]", "صفقة كبيرة", "x" * 300, "Δεν ξέρω", 'O\'Brien & "Co"; --']
)
def test_any_title_is_kept_as_it_is(crm: Crm, title: str) -> None:
    crm.ok("deal", "add", title, "--tag", "odd")

    assert crm.show("deal", "1")["title"] == title
    assert crm.ok("deal", "list", "--format", "table", terminal=True).out
    assert crm.ok("pipeline", "show", "--format", "table", terminal=True).out


def test_company_and_colleague_count_their_open_deals(crm: Crm) -> None:
    crm.ok("company", "add", "Acme")
    for title in ("One", "Two", "Three"):
        crm.ok("deal", "add", title, "--company", "acme")
    crm.ok("deal", "win", "one")
    crm.ok("deal", "delete", "two")

    assert crm.show("company", "acme")["open_deals"] == 1
    assert crm.show("user", "eva")["open_deals"] == 1
    assert len(crm.list("company", "--filter", "open_deals=1")) == 1


def test_a_deal_comes_back_only_to_a_stage_that_is_there(crm: Crm) -> None:
    crm.ok("deal", "add", "Acme", "--stage", "proposal")
    crm.ok("deal", "delete", "acme")
    crm.ok("pipeline", "stage", "delete", "sales", "proposal")

    refused = crm("deal", "restore", "acme")

    assert refused.code == 7
    assert "crm trash restore stage 3" in refused.err
    crm.ok("trash", "restore", "stage", "3")
    crm.ok("deal", "restore", "acme")
    assert crm.show("deal", "acme")["stage"] == "Proposal"


def test_on_a_narrow_terminal_the_list_keeps_what_names_a_deal(
    crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    crm.ok("deal", "add", "Acme 20 seats", "--amount", "12.5k", "--expected-close", "in 3 weeks")
    monkeypatch.setenv("COLUMNS", "50")

    listed = crm.ok("deal", "list", "--format", "table", terminal=True)

    assert "Acme 20" in listed.out
    assert "12,500 EUR" in listed.out
    assert "no room for" in listed.err
    assert "expected close" in listed.err
