"""Amounts as users and their files write them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.errors import InvalidValue
from language.money import (
    CURRENCIES,
    Money,
    decimal_mark,
    exponent,
    major_number,
    parse_money,
    parse_number,
    parse_percent,
    show_money,
    split_amount,
    to_major,
    to_minor,
)

NBSP, THIN = "\u00a0", "\u202f"


@pytest.mark.parametrize(
    ("text", "minor", "currency"),
    [
        ("12500", 1_250_000, "EUR"),
        ("12.5k", 1_250_000, "EUR"),
        ("12,5 k EUR", 1_250_000, "EUR"),
        ("1.2M", 120_000_000, "EUR"),
        ("1.234k", 123_400, "EUR"),
        ("12kUSD", 1_200_000, "USD"),
        ("1.234,56 €", 123_456, "EUR"),
        ("1.234,56" + NBSP + "€", 123_456, "EUR"),
        ("1 234,56", 123_456, "EUR"),
        ("1" + THIN + "234,56", 123_456, "EUR"),
        ("1'234.56", 123_456, "EUR"),
        ("1’234.56 CHF", 123_456, "CHF"),
        ("12,34,567.00 INR", 123_456_700, "INR"),
        ("USD 900", 90_000, "USD"),
        ("900 usd", 90_000, "USD"),
        ("$1,234.50", 123_450, "USD"),
        ("$900 CAD", 90_000, "CAD"),
        ("US$ 5", 500, "USD"),
        ("€ 12", 1_200, "EUR"),
        ("500 euros", 50_000, "EUR"),
        ("£5", 500, "GBP"),
        ("¥500", 500, "JPY"),
        ("-50", -5_000, "EUR"),
        ("−50", -5_000, "EUR"),
        ("50-", -5_000, "EUR"),
        ("-€50", -5_000, "EUR"),
        ("€-50", -5_000, "EUR"),
        ("(50)", -5_000, "EUR"),
        ("(50 €)", -5_000, "EUR"),
        ("+50", 5_000, "EUR"),
        ("1.234", 123_400, "EUR"),
        ("1,234", 123_400, "EUR"),
        ("1.234.567", 123_456_700, "EUR"),
        ("1234.5", 123_450, "EUR"),
        ("0,5", 50, "EUR"),
        (".5", 50, "EUR"),
        ("12.5000", 1_250, "EUR"),
        ("JPY 12.00", 12, "JPY"),
        ("KWD 1.234", 1_234, "KWD"),
        ("12 KWD", 12_000, "KWD"),
        ("12 MXN", 1_200, "MXN"),
        ("0", 0, "EUR"),
    ],
)
def test_an_amount_is_understood_as_people_write_it(text: str, minor: int, currency: str) -> None:
    assert parse_money(text, currency="EUR") == Money(minor, currency)


def test_a_dollar_sign_is_the_dollar_of_the_house() -> None:
    assert parse_money("$5", currency="CAD").currency == "CAD"
    assert parse_money("$5", currency="MXN").currency == "MXN"
    assert parse_money("$5", currency="EUR").currency == "USD"


def test_a_known_decimal_mark_settles_what_three_digits_mean() -> None:
    assert parse_money("1.234", currency="EUR", mark=",") == Money(123_400, "EUR")
    assert parse_money("1,5", currency="EUR", mark=",") == Money(150, "EUR")
    with pytest.raises(InvalidValue, match="more decimals than USD has"):
        parse_money("12.345", currency="USD", mark=".")
    with pytest.raises(InvalidValue):
        parse_money("1,5", currency="EUR", mark=".")


@pytest.mark.parametrize(
    "text",
    [
        *("", "  ", "nan", "inf", "1e5", "12 13", "12 34 567", "abc", "€", "k", ".", "-", "5."),
        *("1.2.3", "1,23.4,5", "1.234,567.8", "--5", "(-5)", "((5))", "10-20", "5%", "٣", "5²"),
        *("0.125", "JPY 12.50", "0.0000001k", "12 XYZ", "5 kr", "EUR 5 USD", "$5 EUR"),
        *("99999999999999999999", "9" * 5_000, "46116860184273879.04"),
    ],
)
def test_what_is_no_amount_is_refused_and_never_rounded(text: str) -> None:
    with pytest.raises(InvalidValue) as refusal:
        parse_money(text, currency="EUR")
    assert refusal.value.hint


def test_an_unknown_currency_is_named() -> None:
    with pytest.raises(InvalidValue, match="'XYZ' is not a currency"):
        parse_money("12 XYZ", currency="EUR")
    with pytest.raises(InvalidValue, match="'KR' is not a currency"):
        parse_money("5 kr", currency="EUR")
    with pytest.raises(InvalidValue, match="'EUX' is not a currency"):
        parse_money("5", currency="EUX")


@pytest.mark.parametrize(
    ("minor", "currency", "lang", "shown"),
    [
        (1_250_000, "USD", "en", "12,500 USD"),
        (1_250_050, "EUR", "en", "12,500.50 EUR"),
        (1_250_050, "EUR", "es", "12.500,50 EUR"),
        (-5, "EUR", "en", "-0.05 EUR"),
        (1_234, "JPY", "es", "1.234 JPY"),
        (1_234_000, "KWD", "en", "1,234.000 KWD"),
        (0, "EUR", "en", "0 EUR"),
    ],
)
def test_an_amount_is_shown_with_its_currency(
    minor: int, currency: str, lang: str, shown: str
) -> None:
    assert show_money(minor, currency, lang=lang) == shown


def test_an_amount_can_be_shown_with_a_sign() -> None:
    assert show_money(-123_450, "USD", symbol=True) == "-$1,234.50"
    assert show_money(123_450, "EUR", lang="es", symbol=True) == "1.234,50 €"
    assert show_money(123_450, "CHF", symbol=True) == "1,234.50 CHF"


@given(
    st.integers(-(2**62) + 1, 2**62 - 1) | st.integers(-10_000_000, 10_000_000),
    st.sampled_from(sorted(CURRENCIES)),
    st.sampled_from(["en", "es"]),
    st.booleans(),
)
def test_every_shown_amount_reads_back(minor: int, currency: str, lang: str, symbol: bool) -> None:
    shown = show_money(minor, currency, lang=lang, symbol=symbol)
    assert parse_money(shown, currency=currency) == Money(minor, currency)
    assert to_minor(to_major(minor, currency), currency) == minor


@given(st.text(max_size=20) | st.text("0123456789.,'() -+€$kM", max_size=12))
def test_any_text_is_read_or_refused_and_nothing_else(text: str) -> None:
    for mark in (None, ".", ","):
        try:
            money = parse_money(text, currency="EUR", mark=mark)
        except InvalidValue:
            continue
        assert abs(money.minor) < 2**62


def test_currencies_have_the_decimals_that_iso_gives_them() -> None:
    codes = ("EUR", "JPY", "KWD", "CLF", "CLP")
    assert [exponent(code) for code in codes] == [2, 0, 3, 4, 0]
    assert {"EUR", "USD", "XCG", "SLE", "ZWG", "VED"} <= CURRENCIES
    assert all(len(code) == 3 and code.isupper() for code in CURRENCIES)


def test_major_units_for_json_are_whole_where_they_can_be() -> None:
    assert repr(major_number(1_250, "EUR")) == "12.5"
    assert repr(major_number(1_200, "EUR")) == "12"
    assert repr(major_number(-1_250, "JPY")) == "-1250"
    assert repr(major_number(-1_250, "EUR")) == "-12.5"


def test_a_decimal_becomes_minor_units_only_when_it_fits() -> None:
    assert to_minor(Decimal("12.50"), "EUR") == 1_250
    for amount in ("12.345", "NaN", "Infinity", "1E+999999999", "1E-999999999", "1E+30"):
        with pytest.raises(InvalidValue):
            to_minor(Decimal(amount), "EUR")


def test_a_plain_number() -> None:
    texts = ("1.234,5", "12.5k", "-3", "0.125", "1.234")
    numbers = ["1234.5", "12500", "-3", "0.125", "1234"]
    assert [parse_number(text) for text in texts] == [Decimal(number) for number in numbers]
    assert parse_number("1.234", mark=".") == Decimal("1.234")
    for text in ("5 EUR", "", "1e5", "five"):
        with pytest.raises(InvalidValue):
            parse_number(text)


def test_a_percentage_is_whole_and_at_most_a_hundred() -> None:
    texts = ("0", "25", "25%", " 100 % ")
    assert [parse_percent(text) for text in texts] == [0, 25, 25, 100]
    for text in ("", "0.25", "101", "-5", "25%%", "²", "ten"):
        with pytest.raises(InvalidValue):
            parse_percent(text)


@pytest.mark.parametrize(
    ("values", "mark"),
    [
        (["1.234", "12,5"], ","),
        (["1,234", "12.50", "", "n/a"], "."),
        (["1.234.567"], ","),
        (["1.234,56 €"], ","),
        (["1 234,567"], ","),
        (["0.125"], "."),
        (["1.234", "12"], None),
        ([], None),
    ],
)
def test_a_whole_column_decides_which_mark_is_decimal(values: list[str], mark: str | None) -> None:
    assert decimal_mark(values) == mark


def test_a_column_with_two_decimal_marks_is_refused_with_the_two_values() -> None:
    with pytest.raises(InvalidValue) as refusal:
        decimal_mark(["1.234", "7,5", "7.5"])
    assert "'7.5' and '7,5'" in refusal.value.message


def test_an_amount_is_split_without_losing_a_cent() -> None:
    assert split_amount(100, [1, 1, 1]) == [34, 33, 33]
    assert split_amount(100, [60, 40]) == [60, 40]
    assert split_amount(101, [1, 2]) == [34, 67]
    assert split_amount(-100, [0, 0, 0]) == [-34, -33, -33]
    assert split_amount(0, []) == []
    for total, weights in ((5, []), (5, [2, -1])):
        with pytest.raises(ValueError, match="split"):
            split_amount(total, weights)


@given(
    st.integers(-(10**15), 10**15),
    st.lists(st.integers(0, 10**9), min_size=1, max_size=20),
)
def test_the_parts_of_an_amount_always_add_up(total: int, weights: list[int]) -> None:
    parts = split_amount(total, weights)
    assert sum(parts) == total
    whole = sum(weights)
    if whole:
        assert all(
            abs(part * whole - total * weight) < whole
            for part, weight in zip(parts, weights, strict=True)
        )
