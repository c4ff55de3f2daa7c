"""What goes out comes back the same, in any format."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.conftest import Crm

DEALS = (
    "deal id,company,product,stage,amount,opened,close date,tags,note\n"
    'A1,Acme,PRO,Won,100.50,2025-01-02,2025-03-01,"vip, big","a, ""b""\nc"\n'
    "A2,Acme,GTX x2 @49.95 -10%,Proposal,0,2025-01-02,2026-12-01,,=1+1\n"
    "A3,,,Lost,,2025-01-02,,,\n"
)


def fill(crm: Crm) -> None:
    crm.ok("import", "deals", "-", "--create", "companies,products", stdin=DEALS)
    crm.ok("contact", "add", "Ana Ruíz", "--company", "acme", "--email", "home:ana@acme.es",
           "--phone", "+34 600 111 222", "--birthday", "05-03", "--hobby", "chess; go",
           "--hobby", "tea", "--tag", "vip")  # fmt: skip
    crm.ok("deal", "edit", "A1", "--contact", "ana:decision maker")


@pytest.mark.parametrize("form", ["csv", "xlsx", "json", "ndjson"])
def test_what_goes_out_comes_back_unchanged(crm: Crm, form: str, tmp_path: Path) -> None:
    fill(crm)
    for noun in ("users", "companies", "products", "contacts", "deals"):
        file = tmp_path / f"{noun}.{form}"

        said = crm.ok("export", noun, "--to", str(file)).err
        again = crm.ok("import", noun, str(file), "--format", "json").json

        assert f"exported {again['read']} " in said
        assert again["unchanged"] == again["read"] > 0, again


def test_contacts_go_out_as_cards_and_nothing_else_does(crm: Crm, tmp_path: Path) -> None:
    fill(crm)
    file = tmp_path / "people.vcf"

    crm.ok("export", "contacts", "--to", str(file))
    again = crm.ok("import", "contacts", str(file), "--dry-run", "--format", "json").json

    assert file.read_bytes().startswith(b"BEGIN:VCARD\r\nVERSION:3.0\r\n")
    assert (again["read"], again["created"]) == (1, 0)
    assert "contacts only" in crm("export", "deals", "--format", "vcard").err


def test_amounts_of_a_workbook_have_the_format_of_their_currency(crm: Crm, tmp_path: Path) -> None:
    import openpyxl

    crm.ok("deal", "add", "Yen", "--amount", "JPY 5000")
    crm.ok("deal", "add", "Dinar", "--amount", "KWD 1.255")
    crm.ok("export", "deals", "--fields", "title,amount", "--to", str(tmp_path / "deals.xlsx"))

    page = openpyxl.load_workbook(tmp_path / "deals.xlsx").active
    found = {row[0].value: (row[1].value, row[1].number_format) for row in page.iter_rows()}

    assert found["Yen"] == (5000, "#,##0 [$JPY]")
    assert found["Dinar"] == (1.255, "#,##0.000 [$KWD]")


def test_an_export_fills_a_database_that_has_the_same_names(
    crm: Crm, tmp_path: Path, blank_database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shutil

    fill(crm)
    nouns = ("users", "companies", "products", "contacts", "deals")
    for noun in nouns:
        crm.ok("export", noun, "--to", str(tmp_path / f"{noun}.csv"))
    other = tmp_path / "other.db"
    shutil.copy(blank_database, other)
    other.chmod(0o600)
    monkeypatch.setenv("CRM_DATABASE", str(other))

    for noun in nouns:
        crm.ok("import", noun, str(tmp_path / f"{noun}.csv"))
        copy = crm.ok("export", noun, "--format", "csv", "--sort", "uid").out
        monkeypatch.setenv("CRM_DATABASE", str(crm.database))
        assert copy == crm.ok("export", noun, "--format", "csv", "--sort", "uid").out
        monkeypatch.setenv("CRM_DATABASE", str(other))


def test_the_format_follows_the_name_of_the_file(crm: Crm, tmp_path: Path) -> None:
    fill(crm)
    for name, begins in (
        ("d.csv", b"title,"),
        ("d.tsv", b"title\t"),
        ("d.json", b"[\n"),
        ("d.ndjson", b'{"'),
        ("d.xlsx", b"PK"),
        ("d.md", b"| "),
    ):
        crm.ok("export", "deals", "--to", str(tmp_path / name))
        assert (tmp_path / name).read_bytes().startswith(begins), name
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600


def test_filter_sort_fields_and_limit_choose_what_goes_out(crm: Crm) -> None:
    fill(crm)

    out = crm.ok(
        "export", "deals", "--filter", "outcome!=lost", "--sort", "-amount",
        "--fields", "external_id,amount", "--limit", "1",
    ).out  # fmt: skip

    rows = list(csv.DictReader(io.StringIO(out)))
    assert rows == [{"external_id": "A1", "amount": "100.50", "currency": "EUR"}]


def test_formulas_are_guarded_unless_raw(crm: Crm) -> None:
    fill(crm)

    assert "'=1+1" in crm.ok("export", "deals").out
    assert "'=1+1" not in crm.ok("export", "deals", "--raw").out


def test_json_goes_to_stdout_whole(crm: Crm) -> None:
    fill(crm)

    out = crm.ok("export", "deals", "--format", "json", "--sort", "external_id").out

    assert [deal["amount"] for deal in json.loads(out)] == [100.5, 0, None]


def test_a_workbook_may_be_asked_for_by_its_format(crm: Crm, tmp_path: Path) -> None:
    fill(crm)

    crm.ok("export", "deals", "--format", "xlsx", "--to", str(tmp_path / "deals"))

    assert (tmp_path / "deals").read_bytes().startswith(b"PK")
    assert crm("export", "deals", "--format", "xlsx", "--dry-run", "--to", "x").code == 0


def test_moments_come_back_to_the_microsecond(crm: Crm) -> None:
    crm.ok("deal", "add", "Seats", "--amount", "10")
    before = crm.ok("export", "deals").out

    again = crm("import", "deals", "-", stdin=before)

    assert "1 unchanged" in again.err
    assert crm.ok("export", "deals").out == before


def test_a_workbook_is_not_sent_to_a_terminal(crm: Crm) -> None:
    result = crm("export", "deals", "--format", "xlsx", terminal=True)

    assert (result.code, result.out) == (2, "")
    assert "--to FILE" in result.err


def test_what_cannot_be_exported_gets_the_nearest(crm: Crm) -> None:
    assert "did you mean deals" in crm("export", "daels").err
    assert crm("export", "deals", "--format", "cvs").code == 2
    assert "did you mean csv" in crm("export", "deals", "--format", "cvs").err


def test_a_failed_export_leaves_the_old_file(crm: Crm, tmp_path: Path) -> None:
    file = tmp_path / "d.csv"
    file.write_text("old")

    assert crm("export", "deals", "--filter", "shoe=1", "--to", str(file)).code == 2
    assert file.read_text() == "old"
    assert list(tmp_path.glob(".crm*")) == []
