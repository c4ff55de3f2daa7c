"""A real file of another program, as it is: 8,800 opportunities come in and the figures agree."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.conftest import Crm

ALIAS = ("--alias", "GTXPro=GTX Pro", "--create", "stages")


def bring_in(crm: Crm, folder: Path) -> None:
    crm.ok("import", "users", str(folder / "sales_teams.csv"))
    crm.ok("import", "products", str(folder / "products.csv"))
    crm.ok("import", "companies", str(folder / "accounts.csv"))
    crm.ok("import", "deals", str(folder / "sales_pipeline.csv"), *ALIAS)


def totals(crm: Crm, *words: str) -> Any:
    return crm.ok("report", "winrate", "--format", "json", *words).json


def test_a_year_of_real_deals_comes_in_whole_and_adds_up(crm: Crm, real_data: Path) -> None:
    folder = real_data / "maven-crm"
    bring_in(crm, folder)

    assert len(crm.list("user")) == 41
    assert len(crm.list("company")) == 85
    assert len(crm.list("product")) == 7
    assert len(crm.ok("deal", "list", "--format", "ids", "--limit", "0").lines) == 8800
    found = totals(crm)
    total = found["totals"][0]
    assert (total["won"], total["lost"], total["rate"]) == (4238, 2473, 63.15)
    assert total["won_total"] == 10_005_534
    first = found["rows"][0]
    assert (first["owner"], first["won_total"]) == ("Darcel Schlecht", 1_153_214)
    quarters = totals(crm, "--by", "quarter")["rows"]
    assert [row["won_total"] for row in quarters] == [1_134_672, 3_086_111, 2_982_255, 2_802_496]
    for by in ("product", "company", "region", "month", "source"):
        rows = totals(crm, "--by", by)["rows"]
        assert sum(row["won_total"] or 0 for row in rows) == 10_005_534, by
        assert sum(row["won"] or 0 for row in rows) == 4238, by

    again = crm.ok(
        "import", "deals", str(folder / "sales_pipeline.csv"), *ALIAS, "--format", "json"
    )
    assert again.json["unchanged"] == 8800


def test_the_misspelt_product_refuses_the_file_and_says_what_to_add(
    crm: Crm, real_data: Path
) -> None:
    folder = real_data / "maven-crm"
    crm.ok("import", "users", str(folder / "sales_teams.csv"))
    crm.ok("import", "products", str(folder / "products.csv"))
    crm.ok("import", "companies", str(folder / "accounts.csv"))

    result = crm("import", "deals", str(folder / "sales_pipeline.csv"))

    assert result.code == 2
    assert "product 'GTXPro' in 1,480 rows: nearest is 'GTX Pro'" in result.err
    assert '--alias "GTXPro=GTX Pro"' in result.err
    assert "stage 'Engaging' in 1,589 rows" in result.err
    assert crm.list("deal") == []


def test_one_undo_takes_all_8800_away(crm: Crm, real_data: Path) -> None:
    bring_in(crm, real_data / "maven-crm")

    crm.ok("undo")

    assert crm.ok("deal", "list", "--format", "ids", "--limit", "0").lines == []
    assert len(crm.list("company")) == 85
    stages = [stage["stage"] for stage in crm.show("pipeline", "sales")["stages"]]
    assert stages[-3:] == ["Negotiation", "Won", "Lost"]
