"""A guarded cell never runs and always comes back."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from language.guard import guard, is_live, unguard

HOSTILE_TEXT = (
    st.text(alphabet=st.sampled_from("'=+-@\t\r\n|%＝＋－＠a1 (."), max_size=8) | st.text()
)


@settings(max_examples=2000, deadline=None)
@given(HOSTILE_TEXT)
def test_a_guarded_text_comes_back_exactly(text: str) -> None:
    assert unguard(guard(text)) == text


@settings(max_examples=2000, deadline=None)
@given(HOSTILE_TEXT)
def test_nothing_live_remains(text: str) -> None:
    guarded = guard(text)
    assert guarded.startswith("'") or not is_live(guarded)


@pytest.mark.parametrize(
    "formula",
    [
        '=HYPERLINK("http://evil","x")',
        "@SUM(A1:A9)",
        "+cmd|' /C calc'!A0",
        "-2+3+cmd",
        "\t=1+1",
        "\r=1+1",
        "\n=1+1",
        "|calc",
        "%0A",
        "＝1+1",
        "'=1+1",
        "''=1+1",
        "-1-1+A1",
    ],
)
def test_a_formula_gets_one_apostrophe(formula: str) -> None:
    assert guard(formula) == "'" + formula


@pytest.mark.parametrize(
    "text", ["", "Ana", "+34 600 111 222", "+1 (555) 123-4567", "-12.50", "-5", "O'Neil", "'tis"]
)
def test_names_phones_and_numbers_are_left_alone(text: str) -> None:
    assert guard(text) == text
    assert unguard(text) == text
