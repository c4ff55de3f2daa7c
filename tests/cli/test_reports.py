"""Figures add up, and are the same wherever they are shown."""

from __future__ import annotations

import csv
import io
from typing import Any

from tests.conftest import Crm

USERS = "name,region\nAna,North\nLuis,South\n"
DEALS = (
    "deal id,owner,title,product,stage,amount,currency,close date,source\n"
    "1,Ana,A,PRO,Won,100,EUR,2026-01-15,web\n"
    "2,Ana,B,PRO,Won,50.55,USD,2026-02-15,web\n"
    "3,Ana,C,PRO,Lost,10,EUR,2026-04-15,fair\n"
    "4,Luis,D,GTX,Won,1000,EUR,2026-04-30,\n"
    "5,Luis,E,GTX,Lost,1,EUR,,\n"
    "6,Luis,F,GTX,Proposal,200,EUR,,\n"
    "7,Ana,G,GTX,Qualified,99.99,EUR,,\n"
)


def fill(crm: Crm) -> None:
    crm.ok("import", "users", "-", stdin=USERS)
    crm.ok("import", "deals", "-", "--create", "products", stdin=DEALS)


def winrate(crm: Crm, *words: str) -> tuple[list[Any], list[Any]]:
    found = crm.ok("report", "winrate", "--format", "json", *words).json
    by = next(iter(found["totals"][0]))

    def short(rows: list[Any]) -> list[Any]:
        names = (by, "won", "lost", "rate", "won_total", "won_total_currency")
        return [tuple(row[name] for name in names) for row in rows]

    return short(found["rows"]), short(found["totals"])


def test_win_rate_by_owner_keeps_currencies_apart_and_adds_up(crm: Crm) -> None:
    fill(crm)

    rows, totals = winrate(crm)

    assert rows == [
        ("Luis", 1, 1, 50, 1000, "EUR"),
        ("Ana", 2, 1, 66.67, 100, "EUR"),
        ("Ana", None, None, None, 50.55, "USD"),
    ]
    assert totals == [
        ("Total", 3, 2, 60, 1100, "EUR"),
        ("Total", None, None, None, 50.55, "USD"),
    ]


def test_quarters_go_forward_and_undated_deals_come_last(crm: Crm) -> None:
    fill(crm)

    rows, _ = winrate(crm, "--by", "quarter")

    assert [row[0] for row in rows] == ["2026-Q1", "2026-Q1", "2026-Q2", "(no date)"]
    assert winrate(crm, "--by", "month")[0][0][:3] == ("2026-01", 1, 0)


def test_other_groups_name_what_is_missing(crm: Crm) -> None:
    fill(crm)

    assert {row[0] for row in winrate(crm, "--by", "region")[0]} == {"North", "South"}
    assert {row[0] for row in winrate(crm, "--by", "source")[0]} == {"web", "fair", "(no source)"}
    assert {row[0] for row in winrate(crm, "--by", "company")[0]} == {"(no company)"}


def test_days_filter_and_pipeline_narrow_the_report(crm: Crm) -> None:
    fill(crm)

    in_april = winrate(crm, "--since", "2026-04-01", "--until", "2026-04-30")[1]
    assert in_april == [("Total", 1, 1, 50, 1000, "EUR")]
    assert winrate(crm, "--filter", "owner=luis")[1] == [("Total", 1, 1, 50, 1000, "EUR")]
    assert winrate(crm, "--pipeline", "sales")[1][0][1] == 3


def test_an_amount_is_shared_by_the_lines_of_a_deal_to_the_cent(crm: Crm) -> None:
    crm.ok("import", "products", "-", stdin="name\nA\nB\nC\n")
    crm.ok(
        "import", "deals", "-",
        stdin="deal id,title,product,stage,amount\n1,X,A x1 @1; B x1 @1; C x1 @1,Won,100\n",
    )  # fmt: skip

    found = crm.ok("report", "winrate", "--by", "product", "--format", "json").json

    assert [row["won_total"] for row in found["rows"]] == [33.34, 33.33, 33.33]
    assert sum(row["won"] for row in found["rows"]) == found["totals"][0]["won"] == 1
    assert found["totals"][0]["won_total"] == 100
    assert "1 deal has several products" in found["notes"][0]


def test_the_figures_are_the_same_in_table_json_and_csv(crm: Crm) -> None:
    fill(crm)

    rows, totals = winrate(crm)
    listed = csv.DictReader(io.StringIO(crm.ok("report", "winrate", "--format", "csv").out))
    table = crm.ok("report", "winrate", "--format", "table").out

    assert [
        (row["owner"], float(row["won_total"]), row["won_total_currency"]) for row in listed
    ] == [(row[0], row[4], row[5]) for row in [*rows, *totals]]
    assert "66.67 %" in table
    assert "50.55 USD" in table


def test_the_pipeline_weighs_what_is_open_by_its_odds(crm: Crm) -> None:
    fill(crm)

    found = crm.ok("report", "pipeline", "--format", "json").json

    stages = {row["stage"]: row for row in found["rows"]}
    assert "Won" not in stages
    assert (stages["Proposal"]["amount"], stages["Proposal"]["weighted"]) == (200, 100)
    assert (stages["Qualified"]["amount"], stages["Qualified"]["weighted"]) == (99.99, 25)
    assert (stages["Lead"]["deals"], stages["Lead"]["amount"]) == (0, None)
    total = found["totals"][0]
    assert (total["deals"], total["amount"], total["weighted"]) == (2, 299.99, 125)
    mine = crm.ok("report", "pipeline", "--owner", "luis", "--format", "json").json
    assert mine["totals"][0]["deals"] == 1


def test_an_empty_database_gives_an_empty_report(crm: Crm) -> None:
    assert winrate(crm)[0] == []
    assert "0" in crm.ok("report", "winrate", "--format", "table").out
    assert "did you mean quarter" in crm("report", "winrate", "--by", "quater").err
