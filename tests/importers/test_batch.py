"""Cells become values: typed or text, one or many; what cannot be read is flagged, no row lost."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importers.drafts import read_drafts
from importers.sheet import Cell, Sheet
from language.errors import CrmError
from language.money import Money
from language.when import When
from operations.import_drafts import Flagged, Rejected
from tests.importers.sheets import READING, batch, csv_sheet, sheet


def test_one_bad_value_keeps_its_row_and_is_flagged() -> None:
    found = batch("contact", "Name|Email|Birthday", "Ana|ana@|31/02/1980", "Eva|e@x.es|")

    assert found.main.columns["emails"] == [None, ["e@x.es"]]
    assert len(found.main) == 2
    assert [(flag.place, flag.field, flag.value) for flag in found.flags] == [
        (0, "emails", "ana@"),
        (0, "birthday", "31/02/1980"),
    ]
    assert "is not an e-mail address" in found.flags[0].reason


def test_good_values_of_a_cell_stay_beside_a_bad_one() -> None:
    found = batch("contact", "Name|Email", "Ana|ana@x.es; nope")

    assert found.main.columns["emails"] == [["ana@x.es"]]
    assert [flag.value for flag in found.flags] == ["nope"]


def test_extra_cells_are_flags_and_broken_rows_are_rejected() -> None:
    table = sheet("Name", "Ana")
    table.extras = {0: "x | y"}
    table.broken = [Rejected(3, "", "{", "no object")]
    found = read_drafts(table, "contact", READING)

    assert found.flags == [
        Flagged(0, "contact", "extra cells", "", "x | y", "more cells than headings")
    ]
    assert (found.rejected, found.main.read) == ([Rejected(3, "", "{", "no object")], 2)


@pytest.mark.parametrize(
    ("cell", "emails"),
    [
        ("a@x.es; b@x.es", ["a@x.es", "b@x.es"]),
        ("a@x.es,b@x.es", ["a@x.es", "b@x.es"]),
        ("a@x.es / b@x.es", ["a@x.es", "b@x.es"]),
        ("a@x.es\nb@x.es", ["a@x.es", "b@x.es"]),
        ("a@x.es or b@x.es", ["a@x.es", "b@x.es"]),
        ("a@x.es ::: b@x.es", ["a@x.es", "b@x.es"]),
        ("Ruiz, Ana <a@x.es>", ["a@x.es"]),
        ("home:a@x.es", ["home:a@x.es"]),
        ("A@X.ES", ["A@x.es"]),
        ("n/a", None),
        ("-", None),
    ],
)
def test_several_emails_in_one_cell(cell: str, emails: list[str] | None) -> None:
    assert batch("contact", "Name|Email", ["Ana", cell]).main.columns["emails"] == [emails]


@pytest.mark.parametrize(
    ("cell", "phones"),
    [
        ("600 111 222 / 911 222 333", ["600 111 222", "911 222 333"]),
        ("600111222, 911222333", ["600111222", "911222333"]),
        ("600 111 222 o 911 222 333", ["600 111 222", "911 222 333"]),
        ("600 111 222 ext. 5", ["600 111 222 ext. 5"]),
        ("+34 (91) 122-33-44", ["+34 (91) 122-33-44"]),
        (600111222, ["600111222"]),
        (600111222.0, ["600111222"]),
        ("call me", None),
    ],
)
def test_several_phones_in_one_cell(cell: Cell, phones: list[str] | None) -> None:
    assert batch("contact", "Name|Phone", ["Ana", cell]).main.columns["phones"] == [phones]


def test_columns_of_one_list_keep_their_labels() -> None:
    found = batch(
        "contact",
        "Name|Teléfono|Móvil|Phone 1 - Type|Phone 1 - Value",
        "Ana|911|600|* Work Fax|912",
        "Eva|||Mobile|601 ::: 602",
    )

    assert found.main.columns["phones"] == [
        ["911", "mobile:600", "fax:912"],
        ["mobile:601", "mobile:602"],
    ]


def test_the_parts_of_an_address_are_one_line_in_order() -> None:
    found = batch(
        "contact",
        "Name|Country|City|Postal code|Street|Street 2|Home City|Home Street",
        "Ana|España|Madrid|28013|Mayor 1|2º B|Toledo|Real\n3",
        "Eva|España||||||",
    )

    assert found.main.columns["addresses"] == [
        ["Mayor 1, 2º B, Madrid, 28013, España", "home:Real, 3, Toledo"],
        ["España"],
    ]


def test_a_whole_address_is_used_and_its_parts_where_there_is_none() -> None:
    heads = "Name|Address 1 - Label|Address 1 - Formatted|Address 1 - Street|Address 1 - City"
    found = batch(
        "contact", heads, "Ana|Home|Mayor 1, Madrid|Mayor 1|Madrid", "Eva|Work||Sol 2|Vic"
    )

    assert found.main.columns["addresses"] == [["home:Mayor 1, Madrid"], ["Sol 2, Vic"]]


def test_tags_in_one_cell_are_parted_by_any_usual_mark() -> None:
    rows = ["Ana|vip, madrid", "Eva|vip;madrid"]
    found = batch("contact", "Name|Tags", *rows, ["Luz", "vip|madrid"], ["Sol", "vip"])

    assert found.main.columns["tags"] == [["vip", "madrid"]] * 3 + [["vip"]]


def test_a_page_on_a_network_is_no_domain_of_a_company() -> None:
    found = batch("company", "Name|Website", "Acme|https://www.acme.es/x", "Beta|facebook.com/beta")

    assert found.main.columns["domains"] == [["acme.es"], None]
    assert "no domain of its own" in found.flags[0].reason


def test_a_handle_takes_the_network_of_its_column() -> None:
    rows = ["Ana|ana-ruiz", "Eva|https://linkedin.com/in/eva"]
    found = batch("contact", "Name|LinkedIn", *rows)

    assert found.main.columns["handles"] == [
        ["linkedin:ana-ruiz"],
        ["https://linkedin.com/in/eva"],
    ]


def test_middle_names_and_second_surnames_are_kept_and_honorifics_are_not() -> None:
    found = batch(
        "contact",
        "Salutation|First name|Middle name|Last name|Segundo apellido|Suffix",
        "Dr.|Ana|María|Ruiz|Gil|Jr",
    )

    assert found.main.columns == {"given_name": ["Ana María"], "family_name": ["Ruiz Gil Jr"]}
    assert found.ignored == {0: "names are kept without honorifics"}


def test_a_column_of_surnames_first_is_turned_and_a_lone_comma_is_not() -> None:
    found = batch("contact", "Name", "Ruiz, Ana", "Gil Sanz, Eva")

    assert found.main.columns["name"] == ["Ana Ruiz", "Eva Gil Sanz"]
    assert batch("contact", "Name", "Ruiz, Ana", "Eva Gil").main.columns["name"][0] == "Ruiz, Ana"


# Whole columns


def test_day_first_is_decided_over_the_whole_column_and_told() -> None:
    found = batch("deal", "Deal|Close date", "A|03/04/2026", "B|25/04/2026")

    assert found.main.columns["closed_at"][0] == When(date(2026, 4, 3), None)
    assert "Close date: day first" in found.notes


def test_texts_beside_real_dates_are_read_by_the_order_of_the_texts() -> None:
    rows: list[list[Cell]] = [["A", date(2026, 1, 2)], ["B", "25/04/2026"], ["C", "03/04/2026"]]
    found = batch("task", "Task|Due", *rows, form="xlsx")

    assert [when.day for when in found.main.columns["due"]] == [
        date(2026, 1, 2),
        date(2026, 4, 25),
        date(2026, 4, 3),
    ]


def test_a_column_that_mixes_orders_keeps_what_is_sure_and_flags_the_rest() -> None:
    found = batch("task", "Task|Due", "A|25/04/2026", "B|04/26/2026", "C|03/04/2026")

    assert [when and when.day for when in found.main.columns["due"]] == [
        date(2026, 4, 25),
        date(2026, 4, 26),
        None,
    ]
    assert "may be day first or month first" in found.flags[0].reason


def test_the_decimal_comma_is_a_matter_of_the_whole_column() -> None:
    found = batch("company", "Empresa|Facturación", "Acme|1.234", "Beta|7,5")

    assert found.main.columns["revenue"] == [Money(123400, "EUR"), Money(750, "EUR")]


def test_marks_that_are_mixed_keep_what_is_sure() -> None:
    found = batch("deal", "Title|Amount", "A|1.234,56", "B|1,234.50", "C|1,234")

    assert found.main.columns["amount"] == [Money(123456, "EUR"), Money(123450, "EUR"), None]
    assert "a thousand or one" in found.flags[0].reason


def test_currencies_stand_in_cells_headings_or_columns() -> None:
    assert batch("deal", "Title|Amount", "A|$10").main.columns["amount"] == [Money(1000, "USD")]
    assert batch("deal", "Title|Amount (USD)", "A|10").main.columns["amount"] == [
        Money(1000, "USD")
    ]
    assert batch("deal", "Title|Importe £", "A|10").main.columns["amount"] == [Money(1000, "GBP")]
    found = batch("deal", "Title|Value|Currency", "A|10|usd", "B|2.5|", "C|3|XX1")
    assert found.main.columns["amount"] == [Money(1000, "USD"), Money(250, "EUR"), None]
    assert [flag.value for flag in found.flags] == ["3 XX1"]


def test_numbers_of_a_workbook_are_not_guessed_at() -> None:
    rows = [["A", 1234.5, 0.25], ["B", Decimal("7.10"), 1.0], ["C", 0.1 + 0.2, 0]]
    found = batch("deal", "Title|Amount|Probability", *rows, form="xlsx")

    assert found.main.columns["amount"] == [Money(n, "EUR") for n in (123450, 710, 30)]
    assert found.main.columns["probability"] == [25, 100, 0]


def test_moments_without_a_clock_are_days() -> None:
    rows = [["A", datetime(2026, 3, 1)], ["B", datetime(2026, 3, 2)]]
    found = batch("activity", "Subject|Date", *rows, form="xlsx")

    assert found.main.columns["at"] == [
        When(date(2026, 3, 1), None),
        When(date(2026, 3, 2), None),
    ]


def test_moments_with_a_clock_are_the_users() -> None:
    found = batch("activity", "Subject|Date", ["A", datetime(2026, 3, 1, 9, 30)], form="xlsx")

    moment = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
    assert found.main.columns["at"] == [When(date(2026, 3, 1), moment)]


def test_yes_one_and_true_are_told_apart_from_numbers() -> None:
    rows = [["A", True, 1], ["B", 1, True], ["C", "no", 1.0]]
    found = batch("product", "Name|Active|Code", *rows, form="json")

    assert found.main.columns["active"] == [True, True, False]
    assert found.main.columns["code"] == ["1", "yes", "1"]


def test_words_for_nothing_are_empty_and_told() -> None:
    rows = ["Acme|n/a", "Beta|NULL", "C|-", "D|7"]
    found = batch("company", "Name|Size", *rows)

    assert found.main.columns["size"] == [None, None, None, 7]
    assert "1 row has Size 'n/a': read as empty" in found.notes
    assert not found.flags


def test_birthdays_without_a_year_stay_without_one() -> None:
    rows = ["A|1980-05-03", "B|05-03", "C|--05-03", "D|3 may", "E|1604-05-03"]
    found = batch("contact", "Name|Birthday", *rows)

    assert found.main.columns["birthday"] == ["1980-05-03", "05-03", "05-03", "05-03", "05-03"]


def test_won_or_lost_in_a_column_of_its_own_is_the_stage_of_a_closed_deal() -> None:
    found = batch("deal", "Title|Stage|Status", "A|Proposal|Open", "B|Proposal|Won", "C||Lost")

    assert found.main.columns["stage"] == ["Proposal", "won", "lost"]


def test_a_row_may_hold_four_nouns() -> None:
    found = batch(
        "contact",
        "Name|Company|Company website|Deal name|Deal amount|Last call date|Call note",
        "Ana|Acme|acme.es|20 seats|1000|2026-11-02|budget ok",
        "Eva||||||",
    )

    assert found.main.columns == {"name": ["Ana", "Eva"], "company": ["Acme", None]}
    assert found.linked["company"].columns == {"domains": [["acme.es"], None]}
    assert found.linked["deal"].columns["title"] == ["20 seats", None]
    assert found.linked["activity"].columns["kind"] == ["call", None]
    assert found.linked["activity"].columns["note"] == ["budget ok", None]
    assert all(len(drafts) == 2 for drafts in found.linked.values())


def test_a_second_kind_of_activity_in_a_row_is_told() -> None:
    found = batch("contact", "Name|Call date|Meeting date", "Ana|2026-11-02|2026-11-03")

    assert found.ignored == {2: "a row holds one activity, and here that is the call"}


def test_the_guard_of_a_csv_is_taken_away_once_and_a_workbook_has_none() -> None:
    assert batch("deal", "Title", "'=1+1", "''=2").main.columns["title"] == ["=1+1", "'=2"]
    assert batch("deal", "Title", ["'=1+1"], form="xlsx").main.columns["title"] == ["'=1+1"]


# As before, and against anything


@pytest.mark.parametrize(
    ("file", "noun", "names"),
    [
        ("accounts.csv", "company", "addresses founded industry name parent revenue size"),
        ("products.csv", "product", "family name price"),
        (
            "sales_pipeline.csv",
            "deal",
            "amount closed_at company external_id opened_at owner products stage",
        ),
        ("sales_teams.csv", "user", "manager name region"),
    ],
)
def test_real_files_are_understood(real_data: Path, file: str, noun: str, names: str) -> None:
    table = csv_sheet((real_data / "maven-crm" / file).read_bytes(), file)
    found = read_drafts(table, noun, READING)

    assert " ".join(sorted(found.main.columns)) == names
    assert (found.flags, found.linked, found.ignored) == ([], {}, {})


def test_amounts_and_days_of_a_real_pipeline_are_typed(real_data: Path) -> None:
    data = (real_data / "maven-crm" / "sales_pipeline.csv").read_bytes()
    found = read_drafts(csv_sheet(data), "deal", READING)
    columns = found.main.columns

    assert len(found.main) == 8800
    assert columns["amount"][0] == Money(105400, "EUR")
    assert columns["opened_at"][0] == When(date(2016, 10, 20), None)
    assert {type(value) for value in columns["closed_at"]} == {When, type(None)}
    assert "engage_date: day first" in found.notes


CELLS = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.sampled_from(["a@x.es", "600111222", "1.234,5", "03/04/2026", "=1", "n/a", "\x1b[2J", "١٢"]),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.decimals(allow_nan=True, allow_infinity=True),
    st.dates(),
    st.datetimes(),
)
HEADINGS = st.one_of(
    st.sampled_from(
        ["Name", "Email", "Phone 1 - Type", "Phone 1 - Value", "Amount", "Currency", "Close date",
         "Birthday", "Tags", "City", "Street", "Company website", "Call date", "Probability", "",
         "Stage", "Status", "uid", "Size", "Nombre", "Apellidos", "Duration", "Active", "LinkedIn"]
    ),
    st.text(max_size=8),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_table_crashes_and_no_row_is_lost(data: st.DataObject) -> None:
    headers = data.draw(st.lists(HEADINGS, min_size=1, max_size=6))
    row = st.lists(CELLS, min_size=len(headers), max_size=len(headers))
    rows = data.draw(st.lists(row, max_size=5))
    noun = data.draw(st.sampled_from(["contact", "company", "deal", "activity", "task", "product"]))
    table = Sheet("x", headers, rows, list(range(2, len(rows) + 2)))
    try:
        found = read_drafts(table, noun, READING, create_fields=True)
    except CrmError:
        return
    for drafts in (found.main, *found.linked.values()):
        assert all(len(values) == len(rows) for values in drafts.columns.values())
    assert all(0 <= flag.place < len(rows) for flag in found.flags)
