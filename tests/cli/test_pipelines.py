"""Stories of pipelines: made in one line, their stages kept whole, their board drawn."""

from __future__ import annotations

import re

import pytest

from tests.conftest import Crm


def names(crm: Crm, pipeline: str = "sales") -> list[str]:
    return [
        stage["name"]
        for stage in crm.ok("pipeline", "stage", "list", pipeline, "--format", "json").json
    ]


def test_one_line_makes_a_pipeline_with_its_stages(crm: Crm) -> None:
    added = crm.ok(
        "pipeline", "add", "Renewals",
        "--stage", "Due soon 60% 30d", "--stage", "Talking", "--stage", "Signed=won",
    )  # fmt: skip

    stages = crm.ok("pipeline", "stage", "list", added.out.strip(), "--format", "json").json
    assert [
        (stage["name"], stage["outcome"], stage["probability"], stage["rotting_days"])
        for stage in stages
    ] == [
        ("Due soon", "open", 60, 30),
        ("Talking", "open", None, None),
        ("Signed", "won", 100, None),
        ("Lost", "lost", 0, None),
    ]
    assert "Due soon 60% 30d, Talking, Signed=won" in added.err


def test_without_stages_a_pipeline_gets_the_usual_ones(crm: Crm) -> None:
    crm.ok("pipeline", "add", "Partners")

    assert names(crm, "partners") == names(crm, "sales")


@pytest.mark.parametrize(
    "stages", [["Only won=won"], ["A", "a"], ["A=maybe"], ["A 200%"], [""], ["A 0d"]]
)
def test_stages_that_make_no_sense_make_no_pipeline(crm: Crm, stages: list[str]) -> None:
    words = [word for stage in stages for word in ("--stage", stage)]

    assert crm("pipeline", "add", "Odd", *words).code in {2, 4}
    assert [pipeline["name"] for pipeline in crm.list("pipeline")] == ["Sales"]


def test_there_is_one_standard_pipeline(crm: Crm) -> None:
    crm.ok("pipeline", "add", "Renewals", "--standard", "yes", "--stage", "Due")
    assert {p["name"]: p["standard"] for p in crm.list("pipeline")} == {
        "Renewals": True,
        "Sales": False,
    }
    crm.ok("deal", "add", "Acme")
    assert crm.show("deal", "acme")["stage"] == "Due"
    assert crm("pipeline", "edit", "renewals", "--standard", "no").code == 7
    assert crm("pipeline", "delete", "renewals").code == 7


def test_a_pipeline_goes_to_the_trash_only_without_deals_and_comes_back_whole(crm: Crm) -> None:
    crm.ok("pipeline", "add", "Renewals", "--stage", "Due 60%")
    crm.ok("deal", "add", "Acme", "--pipeline", "renewals")

    refused = crm("pipeline", "delete", "renewals")
    assert refused.code == 7
    assert "1 deal is in pipeline #2 Renewals" in refused.err

    crm.ok("deal", "edit", "--filter", "pipeline=#2", "--pipeline", "sales")
    crm.ok("pipeline", "delete", "renewals")
    assert crm("deal", "add", "Beta", "--pipeline", "renewals").code == 3
    crm.ok("pipeline", "add", "Renewals")
    assert crm("pipeline", "restore", "2").code == 4
    crm.ok("pipeline", "delete", "renewals")
    crm.ok("pipeline", "restore", "#2")
    assert names(crm, "renewals") == ["Due", "Won", "Lost"]


def test_stages_move_and_keep_their_numbers_whole(crm: Crm) -> None:
    crm.ok("pipeline", "stage", "add", "sales", "Demo", "--probability", "40", "--position", "3")
    assert names(crm) == ["Lead", "Qualified", "Demo", "Proposal", "Negotiation", "Won", "Lost"]
    crm.ok("pipeline", "stage", "add", "sales", "Contract")
    assert names(crm)[4:7] == ["Negotiation", "Contract", "Won"]
    crm.ok("pipeline", "stage", "move", "sales", "demo", "1")
    crm.ok("pipeline", "stage", "edit", "sales", "lead", "--position", "99")

    assert names(crm)[0] == "Demo"
    assert names(crm)[-1] == "Lead"
    stages = crm.ok("pipeline", "stage", "list", "sales", "--format", "json").json
    assert [stage["position"] for stage in stages] == list(range(1, 9))


def test_a_stage_with_deals_or_the_last_of_its_kind_stays(crm: Crm) -> None:
    crm.ok("deal", "add", "Acme", "--stage", "proposal")

    used = crm("pipeline", "stage", "delete", "sales", "proposal")
    assert used.code == 7
    assert "1 deal is in stage Proposal" in used.err
    assert 'crm deal edit --filter "stage=#3" --stage OTHER' in used.err
    assert crm("pipeline", "stage", "delete", "sales", "won").code == 7
    assert crm("pipeline", "stage", "edit", "sales", "lost", "--outcome", "open").code == 7
    assert crm("pipeline", "stage", "edit", "sales", "proposal", "--outcome", "won").code == 7

    crm.ok("deal", "edit", "--filter", "stage=#3", "--stage", "qualified")
    crm.ok("pipeline", "stage", "delete", "sales", "proposal")
    assert "Proposal" not in names(crm)
    crm.ok("pipeline", "stage", "add", "sales", "Proposal", "--probability", "55")


def test_two_stages_of_a_pipeline_cannot_have_one_name(crm: Crm) -> None:
    assert crm("pipeline", "stage", "add", "sales", "LEAD").code == 4
    assert crm("pipeline", "stage", "edit", "sales", "lead", "--name", "Proposal").code == 4


def test_what_a_stage_requires_is_checked_and_can_be_taken_away(crm: Crm) -> None:
    unknown = crm("pipeline", "stage", "edit", "sales", "proposal", "--require", "bugdet")
    assert unknown.code == 2
    crm.ok(
        "pipeline", "stage", "edit", "sales", "proposal",
        "--require", "Importe", "--require", "contacts:decision", "--require", "next step",
    )  # fmt: skip
    required = next(
        stage["required"]
        for stage in crm.ok("pipeline", "stage", "list", "sales", "--format", "json").json
        if stage["name"] == "Proposal"
    )
    assert required == ["amount", "contacts:decision maker", "next_step"]

    crm.ok("pipeline", "stage", "edit", "sales", "proposal", "--remove", "required=amount")
    crm.ok("deal", "add", "Acme")
    refused = crm("deal", "move", "acme", "proposal")
    assert "needs decision maker, next step" in refused.err
    crm.ok("pipeline", "stage", "edit", "sales", "proposal", "--clear", "required")
    crm.ok("deal", "move", "acme", "proposal")


def plain(drawn: str) -> str:
    """A drawing without its bold and colours."""
    return re.sub(r"\x1b\[[0-9;]*m", "", drawn)


def fill_board(crm: Crm) -> None:
    crm.ok("company", "add", "Acme")
    crm.ok("deal", "add", "Twenty seats", "--amount", "10k", "--company", "acme")
    crm.ok("deal", "add", "Training", "--amount", "USD 900", "--stage", "proposal")
    crm.ok("deal", "add", "Extension", "--amount", "500", "--stage", "proposal")
    crm.ok("deal", "add", "Who knows", "--stage", "proposal")
    crm.ok("deal", "add", "Sold", "--amount", "700", "--stage", "lead")
    crm.ok("deal", "win", "sold")
    crm.ok(
        "deal", "add", "Sold long ago", "--amount", "800", "--stage", "won",
        "--closed-at", "2020-01-01",
    )  # fmt: skip


def test_the_board_adds_up_to_what_the_list_holds(crm: Crm) -> None:
    fill_board(crm)

    board = crm.ok("pipeline", "show", "--format", "json", "--cards").json

    stages = {stage["stage"]: stage for stage in board["stages"]}
    assert board["open_deals"] == 4
    assert stages["Proposal"]["deals"] == 3
    assert stages["Proposal"]["totals"] == [
        {"amount": 500, "currency": "EUR"},
        {"amount": 900, "currency": "USD"},
    ]
    assert stages["Proposal"]["weighted"] == [
        {"amount": 250, "currency": "EUR"},
        {"amount": 450, "currency": "USD"},
    ]
    assert [card["title"] for card in stages["Proposal"]["cards"]] == [
        "Training",
        "Extension",
        "Who knows",
    ]
    assert stages["Lead"]["cards"][0]["company"] == "Acme"
    # Closed stages show what closed lately.
    assert [card["title"] for card in stages["Won"]["cards"]] == ["Sold"]
    assert stages["Won"]["totals"] == [{"amount": 700, "currency": "EUR"}]


def test_the_board_is_drawn_in_columns_where_there_is_room(
    crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill_board(crm)
    monkeypatch.setenv("COLUMNS", "120")

    drawn = plain(crm.ok("pipeline", "show", "--format", "table", terminal=True).out)

    assert "Sales: 4 deals open, 10,500 EUR + 900 USD, weighted 1,250 EUR + 450 USD" in drawn
    assert "Won (30 d)" in drawn
    assert "#1 Twenty seats" in drawn
    assert "eva · 0 d" in drawn
    assert max(map(len, drawn.splitlines())) <= 120


def test_on_a_narrow_terminal_every_stage_is_a_bar(
    crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill_board(crm)
    monkeypatch.setenv("COLUMNS", "60")

    drawn = plain(crm.ok("pipeline", "show", "--format", "table", terminal=True).out)

    bars = [line for line in drawn.splitlines() if line.startswith(("Lead", "Proposal", "Lost"))]
    assert bars[0].startswith("Lead         1  ████ 10,000 EUR")
    assert bars[1].startswith("Proposal     3  ████████████ 500 EUR + 900 USD")
    assert bars[2].split() == ["Lost", "(30", "d)", "0"]
    assert max(map(len, drawn.splitlines())) <= 60


def test_the_board_of_one_colleague_and_of_some_deals(crm: Crm) -> None:
    crm.ok("user", "add", "Luis Gil")
    fill_board(crm)
    crm.ok("deal", "edit", "training", "--owner", "luis")

    mine = crm.ok("pipeline", "show", "sales", "--owner", "luis", "--format", "json").json
    large = crm.ok("pipeline", "show", "--filter", "amount>=10k", "--format", "json").json

    assert mine["open_deals"] == 1
    assert large["open_deals"] == 1
    assert crm("pipeline", "show", "--filter", "amonut>1").code == 2
