"""Texts that a cell cannot hold come back all the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.guard import guard, unguard
from language.held import hold, unhold

ANY = st.text(st.characters(exclude_categories=()))


@given(ANY | ANY.map(lambda text: f"text:{text}") | ANY.map(lambda text: f"'{text}"))
def test_every_text_comes_back(text: str) -> None:
    assert unhold(hold(text)) == text
    assert unhold(unguard(guard(hold(text)))) == text


@given(ANY)
def test_no_cell_is_empty_or_holds_a_control_character(text: str) -> None:
    cell = hold(text)
    assert cell
    assert not any(ord(char) < 32 and char not in "\n\t" for char in cell)


def test_an_ordinary_text_is_left_as_it_is() -> None:
    for text in ("Ana", "two\nlines", "שלום", "=1+1", " x ", "'"):
        assert hold(text) == text


@pytest.mark.parametrize("cell", ["text:", "text:x", "text:1", "text:null", 'text:"', 'text:["a"]'])
def test_what_nobody_wrote_is_refused(cell: str) -> None:
    with pytest.raises(ValueError, match=r"not a text|Expecting|Unterminated"):
        unhold(cell)
