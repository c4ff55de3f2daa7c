"""Columns of a file become fields and values by what the whole column says."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import pytest

from importers import read_sheet
from importers.drafts import read_drafts
from language.errors import InvalidValue
from language.money import Money
from language.reading import Reading
from operations.import_drafts import Drafts

READING = Reading(datetime(2026, 11, 22, tzinfo=UTC), UTC, "EUR", "ES", day_first=False)


def drafts(noun: str, text: str, *chosen: str) -> Drafts:
    sheet = read_sheet(io.BytesIO(text.encode()), "x.csv")
    return read_drafts(sheet, noun, READING, chosen=chosen).main


def test_one_date_that_only_fits_day_first_decides_the_whole_column() -> None:
    found = drafts("deal", "Deal,Close date\nA,03/04/2026\nB,25/04/2026\n")

    assert [when.day for when in found.columns["closed_at"]] == [
        date(2026, 4, 3),
        date(2026, 4, 25),
    ]
    assert found.notes == ["Close date: day first"]


def test_a_column_that_contradicts_itself_is_refused_with_both_values() -> None:
    with pytest.raises(InvalidValue, match="column Close date: '04/25/2026' and '25/04/2026'"):
        drafts("deal", "Deal,Close date\nA,25/04/2026\nB,04/25/2026\n")


def test_a_column_that_never_tells_follows_the_settings_and_says_so() -> None:
    found = drafts("deal", "Deal,Close date\nA,03/04/2026\n")

    assert found.columns["closed_at"][0].day == date(2026, 3, 4)
    assert "read month first, as your settings say" in found.notes[0]


def test_the_decimal_comma_is_a_matter_of_the_whole_column() -> None:
    found = drafts("company", "Empresa;Facturación;Empleados\nAcme;1.234;1.000\nBeta;7,5;20\n")

    assert found.columns["revenue"] == [Money(123400, "EUR"), Money(750, "EUR")]
    assert found.columns["size"] == [1000, 20]


def test_a_thousand_among_decimals_with_the_same_mark_is_not_read_as_one() -> None:
    found = drafts("deal", 'title,amount\nA,"1,000"\nB,"2,5"\n')

    assert [row.value for row in found.rejected] == ["1,000"]
    assert found.columns["amount"] == [Money(250, "EUR")]


def test_columns_with_three_decimals_throughout_are_read_as_such() -> None:
    found = drafts("deal", "title,amount\nA,1.000\nB,0.500\n")

    assert found.columns["amount"] == [Money(100, "EUR"), Money(50, "EUR")]


def test_thousands_that_might_be_decimals_are_told() -> None:
    found = drafts("deal", 'title,amount\nA,"1,234"\nB,900\n')

    assert found.columns["amount"][0] == Money(123400, "EUR")
    assert found.notes == ["amount: '1,234' read as thousands; no value has decimals"]


def test_a_file_of_another_noun_is_refused_before_all_its_rows_are() -> None:
    with pytest.raises(InvalidValue, match="'manager' holds the name of a contact"):
        drafts("contact", "sales_agent,manager\nAna,Eva\n")


def test_a_currency_may_stand_in_a_column_of_its_own() -> None:
    found = drafts("deal", "title,amount,currency\nA,10,USD\nB,2.5,\nC,3,XX1\n")

    assert found.columns["amount"] == [Money(1000, "USD"), Money(250, "EUR")]
    assert (found.rejected[0].line, found.rejected[0].value) == (4, "3 XX1")


def test_an_unreadable_value_rejects_its_row_only() -> None:
    found = drafts("deal", "title,amount\nA,10\nB,lots\n")

    assert found.columns["title"] == ["A"]
    rejected = found.rejected[0]
    assert (rejected.line, rejected.column, rejected.value) == (3, "amount", "lots")


def test_null_is_no_number_but_may_be_a_word() -> None:
    found = drafts("company", "name,size,industry\nAcme,null,null\nBeta,#N/A,x\n")

    assert found.columns["size"] == [None, None]
    assert found.columns["industry"] == ["null", "x"]
    assert "1 row has size 'null': read as empty" in found.notes


def test_spanish_headers_and_headers_of_other_programs_are_understood() -> None:
    found = drafts(
        "contact", "Nombre completo,Correo,Teléfono,Empresa,Cargo\nAna,a@x.es,600,Acme,CEO\n"
    )

    assert set(found.columns) == {"name", "emails", "phones", "company", "job_title"}


def test_two_columns_for_one_field_are_refused_by_name_until_one_is_left_out() -> None:
    text = "title,Value,Amount\nA,1,2\n"

    with pytest.raises(InvalidValue, match="'Value' and 'Amount' both hold the amount"):
        drafts("deal", text)
    assert drafts("deal", text, "Value=").columns["amount"] == [Money(200, "EUR")]


def test_several_columns_may_fill_one_list() -> None:
    found = drafts("contact", "name,phone,mobile,address,country\nAna,111,222,Calle 1,Spain\n")

    assert found.columns["phones"] == [["111", "mobile:222"]]
    assert found.columns["addresses"] == [["Calle 1, Spain"]]


def test_an_unknown_column_is_named_and_passed_over() -> None:
    found = drafts("deal", "title,shoe size\nA,42\n")

    assert found.notes == ["ignored: column shoe size"]


def test_the_formula_guard_of_an_export_is_taken_away_once() -> None:
    assert drafts("deal", "title\n'=1+1\n''=2\n").columns["title"] == ["=1+1", "'=2"]


def test_a_mapping_that_names_nothing_gets_the_nearest() -> None:
    with pytest.raises(InvalidValue, match="no column 'titel'"):
        drafts("deal", "title\nA\n", "titel=title")
    with pytest.raises(InvalidValue) as refused:
        drafts("deal", "x\nA\n", "x=ammount")
    assert "amount" in refused.value.hint
