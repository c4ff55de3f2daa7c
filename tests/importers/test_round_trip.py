"""What `crm export` writes is read back as it was, whichever format it took."""

from __future__ import annotations

import csv
import io
import unicodedata
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import load_workbook

from exporters.csv import write
from exporters.sheet import Column
from exporters.sheet import Sheet as Export
from importers.drafts import read_drafts
from importers.sheet import Sheet
from language.fields import Field
from language.lists import join_list
from language.money import Money
from operations.import_drafts import Batch
from tests.conftest import Crm
from tests.importers.sheets import READING, csv_sheet

CUSTOM = {
    "contact": [
        Field("shoe_size", "number", "Shoe size"),
        Field("fee", "money", "Fee", currency="fee_currency"),
        Field("since", "day", "Since"),
        Field("grade", "choice", "Grade", choices=("Gold", "Silver")),
        Field("vip", "flag", "VIP"),
    ]
}
PLURALS = {"company": "companies", "activity": "activities"}
NOUNS = ("contact", "company", "deal", "activity", "task", "product", "user")


def fill(crm: Crm) -> None:
    """One or two records of every noun, with what files find hard."""
    for label, kind in (("Shoe size", "number"), ("Fee", "money"), ("Since", "date")):
        crm.ok("field", "add", "contact", label, "--kind", kind)
    crm.ok("field", "add", "contact", "VIP", "--kind", "flag")
    words = ("--kind", "choice", "--choice", "Gold", "--choice", "Silver")
    crm.ok("field", "add", "contact", "Grade", *words)
    crm.ok(
        "company", "add", "Acme; S.L.", "--domain", "acme.es", "--size", "1200",
        "--revenue", "1234.56 USD", "--founded", "1999", "--address", "home:Calle 1; 2\nMadrid",
    )  # fmt: skip
    crm.ok(
        "contact", "add", "Ana Ruiz", "--email", "ana@acme.es", "--email", "home:ana@x.es",
        "--phone", "mobile:600111222", "--company", "acme", "--tag", "vip", "--tag", "a b",
        "--note", " x \n-y ; z\\", "--birthday", "05-03", "--date", "anniversary:2010-06-12",
        "--handle", "linkedin:ana-ruiz", "--job-title", "=1+1", "--hobby", "chess",
        "--set", "Shoe size=1.5", "--set", "Fee=1234.5 KWD", "--set", "Since=2026-03-04",
        "--set", "Grade=Gold", "--set", "VIP=yes",
    )  # fmt: skip
    crm.ok("contact", "add", "'=x", "--job-title", "'x")
    crm.ok(
        "deal", "add", "Deal; one", "--company", "acme", "--amount", "1.234 KWD",
        "--close", "2026-12-01", "--contact", "ana@acme.es:decision maker", "--tag", "vip",
    )  # fmt: skip
    crm.ok("deal", "add", "Two", "--amount", "1,000 EUR", "--probability", "25")
    crm.ok("call", "log", "ana@acme.es", "hello; there", "--minutes", "45")
    crm.ok("task", "add", "Do it", "--due", "2026-12-01 09:30", "--repeat", "weekly")
    crm.ok("task", "add", "Do it too", "--due", "2026-12-02", "--priority", "high")
    crm.ok("product", "add", "PRO", "--price", "49.99 EUR", "--code", "P1")
    crm.ok("user", "add", "Luis", "--role", "manager")


def of_csv(crm: Crm, noun: str) -> Sheet:
    out = crm.ok("export", PLURALS.get(noun, f"{noun}s"), "--format", "csv").out
    return csv_sheet(out.encode())


def of_json(crm: Crm, noun: str) -> Sheet:
    records: list[dict[str, Any]] = crm.ok(
        "export", PLURALS.get(noun, f"{noun}s"), "--format", "json"
    ).json
    rows = [
        [
            join_list(map(str, value)) if isinstance(value, list) else value
            for value in record.values()
        ]
        for record in records
    ]
    lines = list(range(1, len(rows) + 1))
    return Sheet("x.json", list(records[0]), rows, lines, facts={"format": "json"})


def of_xlsx(crm: Crm, noun: str, folder: Path) -> Sheet:
    path = folder / f"{noun}.xlsx"
    crm.ok("export", PLURALS.get(noun, f"{noun}s"), "--to", str(path))
    headers, *rows = load_workbook(str(path)).get_sheet_by_index(0).to_python()
    cells: list[list[Any]] = [list(row) for row in rows]
    lines = list(range(2, len(rows) + 2))
    return Sheet("x.xlsx", list(map(str, headers)), cells, lines, facts={"format": "xlsx"})


def drafts(sheet: Sheet, noun: str) -> Batch:
    found = read_drafts(sheet, noun, READING, custom=CUSTOM)
    assert not found.flags
    assert not found.linked
    assert all(
        why.endswith("not filled") or "number of this database" in why
        for why in found.ignored.values()
    )
    return found


@pytest.mark.slow
def test_every_noun_comes_back_the_same_from_every_format(crm: Crm, tmp_path: Path) -> None:
    fill(crm)
    read_back: dict[str, Any] = {}
    for noun in NOUNS:
        columns = read_back[noun] = drafts(of_csv(crm, noun), noun).main.columns
        assert drafts(of_json(crm, noun), noun).main.columns == columns
        books = drafts(of_xlsx(crm, noun, tmp_path), noun).main.columns
        for name, values in columns.items():
            if name not in {"at", "opened_at", "closed_at"}:  # Excel keeps milliseconds
                assert books[name] == values, (noun, name)

    contacts, deals = read_back["contact"], read_back["deal"]
    assert contacts["name"] == ["'=x", "Ana Ruiz"]
    assert contacts["job_title"] == ["'x", "=1+1"]
    assert contacts["note"] == [None, " x \n-y ; z\\"]
    assert contacts["birthday"] == [None, "05-03"]
    assert contacts["fee"] == [None, Money(1234500, "KWD")]
    assert contacts["since"] == [None, date(2026, 3, 4)]
    assert contacts["vip"] == [None, True]
    assert str(contacts["shoe_size"][1]) == "1.5"
    assert read_back["company"]["addresses"] == [["home:Calle 1; 2\nMadrid"]]
    assert deals["amount"] == [Money(100000, "EUR"), Money(1234, "KWD")]
    assert all(when.moment is not None for when in deals["opened_at"])


# Any text

TEXTS = st.text(
    st.characters(blacklist_categories=["Cs"], blacklist_characters="\0\r"), max_size=20
)
UID = "01a20f61-424d-7f45-bb62-1eb6b9e62beb"


def through_csv(headers: dict[str, str], row: dict[str, Any]) -> Batch:
    out = io.BytesIO()
    columns = [Column(key, key, kind) for key, kind in headers.items()]
    write(Export("x", columns, [row]), out)
    return read_drafts(csv_sheet(out.getvalue()), "contact", READING)


@given(TEXTS)
def test_any_note_comes_back_through_a_csv(note: str) -> None:
    found = through_csv(
        {"name": "text", "note": "text", "uid": "text"}, {"name": "A", "note": note, "uid": UID}
    )
    value = found.main.columns["note"][0]

    expected = unicodedata.normalize("NFC", note)
    assert value == (expected if expected.strip() else None)


@given(st.lists(TEXTS.filter(lambda text: text.strip() == text and text.isprintable()), max_size=4))
def test_any_list_of_tags_comes_back_through_a_csv(tags: list[str]) -> None:
    kept = [tag for tag in tags if tag.strip()]
    found = through_csv(
        {"name": "text", "tags": "list", "uid": "text"}, {"name": "A", "tags": kept, "uid": UID}
    )

    assert found.main.columns["tags"][0] == (
        [unicodedata.normalize("NFC", tag) for tag in kept] or None
    )


def test_a_csv_of_ours_is_a_csv_of_anybody() -> None:
    out = io.StringIO()
    csv.writer(out).writerows([["name", "uid"], ["A", UID]])

    assert read_drafts(csv_sheet(out.getvalue().encode()), "contact", READING).main.columns == {
        "name": ["A"],
        "uid": [UID],
    }
