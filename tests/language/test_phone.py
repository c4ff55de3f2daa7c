"""Any way of writing a number finds the same person; none is thrown away."""

from __future__ import annotations

import re
import time

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from language import phone
from language.errors import InvalidValue
from language.phone import Phone, looks_like_phone, parse_phone, phone_key, show_phone


@pytest.mark.parametrize(
    ("typed", "region", "e164"),
    [
        ("600 111 222", "ES", "+34600111222"),
        ("600.11.12.22", "es", "+34600111222"),
        ("0034 600 111 222", "ES", "+34600111222"),
        ("(+34) 600-111-222", "GB", "+34600111222"),
        ("34600111222", "ES", "+34600111222"),
        ("tel:+34-600-111-222", "ES", "+34600111222"),
        ("020 7946 0958", "GB", "+442079460958"),
        ("+44 (0)20 7946 0958", "ES", "+442079460958"),
        ("(415) 555-2671", "US", "+14155552671"),
        ("٦٠٠١١١٢٢٢", "ES", "+34600111222"),
    ],
)
def test_a_number_is_understood_however_it_is_written(typed: str, region: str, e164: str) -> None:
    phone = parse_phone(typed, region=region)
    assert (phone.e164, phone.raw) == (e164, typed)


@pytest.mark.parametrize(
    ("typed", "extension"),
    [
        ("911 234 567 ext. 12", "12"),
        ("911234567x5", "5"),
        ("911 234 567 #44", "44"),
        ("tel:+34-911-234-567;ext=5", "5"),
    ],
)
def test_an_extension_is_kept_apart(typed: str, extension: str) -> None:
    assert parse_phone(typed, region="ES") == Phone(typed, "+34911234567", extension)


@pytest.mark.parametrize("typed", ["12345", "600 111 22", "ask for 7 after lunch", "9" * 300])
def test_a_number_nobody_could_dial_is_flagged_and_kept(typed: str) -> None:
    assert parse_phone(typed, region="ES") == Phone(typed, None)


def test_an_unknown_region_still_reads_numbers_with_a_prefix() -> None:
    assert parse_phone("+34 600 111 222", region="??").e164 == "+34600111222"
    assert parse_phone("600 111 222", region="").e164 is None


@pytest.mark.parametrize("typed", ["", "   ", "none", "+", "ext."])
def test_a_text_without_digits_is_no_number(typed: str) -> None:
    with pytest.raises(InvalidValue, match="phone: "):
        parse_phone(typed, region="ES")


@pytest.mark.parametrize(
    ("number", "region", "shown"),
    [
        ("+34600111222", "ES", "600 11 12 22"),
        ("+34600111222", "GB", "+34 600 11 12 22"),
        ("+442079460958", "ES", "+44 20 7946 0958"),
        ("+442079460958", "gb", "020 7946 0958"),
        ("12345", "ES", "12345"),
        ("ask at the desk", "ES", "ask at the desk"),
    ],
)
def test_a_number_is_shown_as_people_here_write_it(number: str, region: str, shown: str) -> None:
    assert show_phone(number, region=region) == shown


@given(st.integers(600_000_000, 699_999_999), st.sampled_from(["ES", "GB", "US"]))
def test_a_number_shown_and_read_again_is_the_same_number(digits: int, region: str) -> None:
    e164 = f"+34{digits}"
    assert parse_phone(show_phone(e164, region=region), region=region).e164 == e164


@pytest.mark.parametrize(
    "typed", ["+34 600-111-222", "600111222", "0034600111222", "(600) 111 222 ext 7", "600111222x7"]
)
def test_every_spelling_has_the_same_lookup_key(typed: str) -> None:
    assert phone_key(typed) == "600111222"


def test_a_short_number_is_its_own_key_and_a_name_has_none() -> None:
    assert phone_key("112") == "112"
    assert phone_key("Ana") == ""


@pytest.mark.parametrize(
    "text", ["+34 600 111 222", "600111", "(415) 555-2671", "91/234-56-78", "911234567 ext. 3"]
)
def test_digits_with_phone_marks_look_like_a_number(text: str) -> None:
    assert looks_like_phone(text)


@pytest.mark.parametrize(
    "text",
    [
        "Ana",
        "12345",
        "2026-02-01",
        "01/02/2026",
        "#4211111",
        "C/ Mayor 123456",
        "",
        "4.500.000,50 €",
    ],
)
def test_words_dates_and_short_numbers_do_not(text: str) -> None:
    assert not looks_like_phone(text)


@given(st.text(max_size=60))
def test_any_text_is_kept_or_refused(text: str) -> None:
    looks_like_phone(text)
    show_phone(text, region="ES")
    try:
        phone = parse_phone(text, region="ES")
    except InvalidValue:
        return
    assert phone.e164 is None or phone.e164.startswith("+")


@pytest.mark.parametrize("text", [" " * 50_000, "+" * 50_000, "x1 " * 20_000, "1" * 50_000])
def test_no_text_takes_long(text: str) -> None:
    started = time.perf_counter()
    phone_key(text)
    looks_like_phone(text)
    assert time.perf_counter() - started < 0.5


@given(
    st.sampled_from(["ES", "GB", "US", "FR", "DE", "IT", "MX", "AR", "BR", "RU", "KZ", "NL"]),
    st.sampled_from(["ES", "GB", "US", "FR", "DE", "IT", "MX", "AR", "BR", "RU", "KZ", "NL"]),
    st.sampled_from(["+{code} {number}", "{number}", "{code}{number}", "+{code}0{number}"]),
    st.integers(0, 9_999),
)
def test_a_number_read_the_short_way_is_read_the_same(
    of: str, region: str, form: str, last: int
) -> None:
    example = phonenumbers.example_number_for_type(of, phonenumbers.PhoneNumberType.MOBILE)
    assert example is not None
    assert example.national_number is not None
    number = f"{example.national_number // 10_000}{last:04d}"
    typed = form.format(code=example.country_code, number=number)
    short = parse_phone(typed, region=region)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(phone, "_PLAIN", re.compile("(?!)"))

        assert parse_phone(typed, region=region) == short
