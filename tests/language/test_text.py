"""What people type goes in as data, and comes out without acting on anyone's terminal."""

from __future__ import annotations

import random
import re
import timeit
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from language.errors import InvalidValue
from language.text import (
    Align,
    clean,
    clean_line,
    closest,
    display_width,
    fit,
    fold,
    one_of,
    quoted,
    safe,
    shorten,
)

hostile = st.text(st.characters(), max_size=60) | st.text(
    st.sampled_from(
        "a é日🙂❤\u0000\x1b\x07\x9b\n\t\r\x7f\x85\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f"
        "\u2028\u2029\u202a\u202e\u2060\u2066\u2069\ufe0f\ufeff\ud800\udfff\U000e0041\U000e0100"
        "\u0915\u094d\u0301[]\\"
    ),
    max_size=30,
)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ana\x1b[2J", r"Ana\x1b[2J"),
        ("\x1b]52;c;aGk=\x07", r"\x1b]52;c;aGk=\x07"),
        ("bell\x07 and delete\x7f", r"bell\x07 and delete\x7f"),
        ("C1 \x9b31m \x85", r"C1 \x9b31m \x85"),
        ("two\nlines\r\n\tand a tab", r"two\nlines\r\n\tand a tab"),
        ("exe\u202egpj.scr", r"exe\u202egpj.scr"),
        ("\u2066isolated\u2069", r"\u2066isolated\u2069"),
        ("A\u200bna \ufeffRuiz\u2060", r"A\u200bna \ufeffRuiz\u2060"),
        ("A\u200dna\u200c Ruiz", r"A\u200dna\u200c Ruiz"),
        ("para\u2029graph\u2028line", r"para\u2029graph\u2028line"),
        ("half \ud83d", r"half \ud83d"),
        ("tag \U000e0041", r"tag \U000e0041"),
        ("a\ufe0fb\ufe01", r"a\ufe0fb\ufe01"),
        ("🙂\u200d", r"🙂\u200d"),
    ],
)
def test_what_would_act_on_a_terminal_or_hide_is_shown_as_an_escape(name: str, shown: str) -> None:
    assert safe(name) == shown


@pytest.mark.parametrize(
    "text",
    [
        "Ana Ruiz",
        "José Luis Núñez",
        "e\u0301 decomposed",
        "日本語 한국어 עברית العربية",
        "[bold]not ours to read[/bold] [@click=app.quit]x[/]",
        r"C:\new\table",
        "👩\u200d👩\u200d👧 👨🏽\u200d💻 🏳️\u200d🌈 ❤️\u200d🔥 1️⃣ 🏳️\u200d⚧️",
        "می\u200cخواهم",
        "क्\u200dष",
        "no-break\u00a0space",
        "",
    ],
)
def test_text_without_danger_is_shown_as_it_is(text: str) -> None:
    assert safe(text) == text


def test_a_note_keeps_its_lines_and_nothing_else() -> None:
    assert safe("first\nsecond\r\n\x1b", newlines=True) == "first\nsecond\\r\n\\x1b"


def leaks(text: str) -> list[str]:
    forbidden = {"Cc", "Cs", "Zl", "Zp"}
    bidi_or_invisible = re.compile(
        "[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e0fff]"
    )
    return [
        char
        for char in text
        if unicodedata.category(char) in forbidden or bidi_or_invisible.match(char)
    ]


@given(hostile.filter(lambda text: "\U000e0100" not in text))
def test_no_hostile_text_leaks_a_control(text: str) -> None:
    assert leaks(safe(text)) == []
    assert [char for char in leaks(safe(text, newlines=True)) if char != "\n"] == []


def test_ten_thousand_hostile_names_leak_nothing() -> None:
    dice = random.Random(42)
    pool = [chr(code) for code in (*range(0x20), *range(0x7F, 0xB0), *range(0x2000, 0x2070))]
    pool += ["\ud800", "\udfff", "\U000e0041", "\ufeff", "a", "[", "é", "日"]
    for _ in range(10_000):
        assert leaks(safe("".join(dice.choices(pool, k=12)))) == []


@given(hostile)
@example("\u0c00\u200c\ufe00")
def test_safe_text_passes_the_edge_a_second_time_unchanged(text: str) -> None:
    assert safe(safe(text)) == safe(text)


def test_a_clean_name_costs_about_a_microsecond() -> None:
    best = min(timeit.repeat(lambda: safe("Ana Ruiz Gómez, Acme"), number=1000, repeat=5))
    assert best * 1000 < 5  # microseconds for each call, with room for a busy machine


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("José", "jose"),
        ("JOSÉ", "jose\u0301"),
        ("  Ana \t Ruiz\n", "ana ruiz"),
        ("Straße", "STRASSE"),
        ("Łódź", "lodz"),
        ("Ørsted", "orsted"),
        ("Đorđe", "dorde"),
        ("Æsir Œuvre", "aesir oeuvre"),
        ("Işık", "isik"),
        ("İstanbul", "istanbul"),
        ("ﬁrma", "firma"),
        ("Ａｃｍｅ", "acme"),
        ("An\u200ba", "ana"),
        ("no-break\u00a0space", "no-break space"),
    ],
)
def test_two_spellings_of_one_name_fold_to_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("Ana", "Anna"), ("कि", "के"), ("Nuño 1", "Nuño 2")])
def test_two_different_names_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(hostile)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_data_goes_in_exactly_as_given_but_for_line_ends_and_composition() -> None:
    assert clean("  a\r\nb\rc \u202e e\u0301\x1b") == "  a\nb\rc \u202e é\x1b"


@pytest.mark.parametrize("bad", ["An\0a", "Ana \ud800"])
def test_a_character_no_database_can_keep_is_refused_with_its_place(bad: str) -> None:
    with pytest.raises(InvalidValue) as refusal:
        clean(bad, what="job title")
    assert refusal.value.message.startswith("job title: ")
    assert f"at character {min(bad.find(c) for c in bad if c in chr(0) + chr(0xD800)) + 1}" in (
        refusal.value.message
    )
    assert "remove that character" in refusal.value.hint


def test_a_text_too_long_is_refused_with_both_lengths() -> None:
    with pytest.raises(InvalidValue, match=r"has 1,001 characters; at most 1,000 fit"):
        clean_line("a" * 1001)
    assert clean("a" * 100_000) == "a" * 100_000


def test_a_name_loses_the_spaces_around_it_and_keeps_what_is_inside() -> None:
    assert clean_line(" \u00a0Ana\n Ruiz \t", "name") == "Ana\n Ruiz"


@pytest.mark.parametrize("empty", ["", "   ", "\n\t", "\u200b\u200b", "\ufeff \u2060"])
def test_a_name_nobody_can_see_is_refused(empty: str) -> None:
    with pytest.raises(InvalidValue, match=r"company: .* is empty"):
        clean_line(empty, what="company")


@given(hostile)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    try:
        once = clean(text)
    except InvalidValue:
        return
    assert clean(once) == once or "\r\n" in once


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("propsal", ["proposal"]),
        ("Ruis", ["Ana Ruiz"]),
        ("qualfied", ["qualified"]),
        ("perdído", ["perdido"]),
        ("zzz", []),
        ("", []),
    ],
)
def test_a_typo_finds_the_name_that_was_meant(typed: str, found: list[str]) -> None:
    assert closest(typed, ["proposal", "qualified", "won", "Ana Ruiz", "perdido"]) == found


def test_the_best_guess_comes_first_and_no_more_than_asked() -> None:
    assert closest("stag", ["stages", "stage", "storage", "tags"], n=2) == ["stage", "stages"]


CHOICES = {"call": 1, "in-person": 2, "inbound": 3, "Correo electrónico": 4, "e-mail": 4}


@pytest.mark.parametrize(
    ("typed", "value"),
    [("CALL", 1), ("ca", 1), ("in person", 2), ("In_Person", 2), ("inb", 3), ("correo elec", 4)],
)
def test_a_choice_is_known_by_any_clear_beginning(typed: str, value: int) -> None:
    assert one_of(typed, CHOICES, "kind") == value


@pytest.mark.parametrize(
    ("typed", "message", "hint"),
    [
        ("in", "kind: 'in' could be 'in-person' or 'inbound'", "type a few more letters"),
        ("cal l", "kind: 'cal l' is not a kind", "did you mean 'call'?"),
        ("xyz", "kind: 'xyz' is not a kind", "use one of: call, in-person, inbound"),
        ("", "kind: '' is not a kind", "use one of: call"),
    ],
)
def test_an_unclear_choice_is_refused_with_what_fits(typed: str, message: str, hint: str) -> None:
    with pytest.raises(InvalidValue) as refusal:
        one_of(typed, CHOICES, "kind")
    assert refusal.value.message == message
    assert refusal.value.hint.startswith(hint)


@pytest.mark.parametrize(
    ("text", "cells"),
    [("", 0), ("Ana", 3), ("José", 4), ("e\u0301", 1), ("日本", 4), ("🙂", 2), ("한", 2), ("—", 1)],
)
def test_width_is_counted_in_cells(text: str, cells: int) -> None:
    assert display_width(text) == cells


@pytest.mark.parametrize(
    ("text", "width", "cut"),
    [
        ("Ana Ruiz", 8, "Ana Ruiz"),
        ("Ana Ruiz", 7, "Ana Ru…"),
        ("Ana Ruiz", 5, "Ana…"),
        ("日本語", 5, "日本…"),
        ("日本語", 4, "日…"),
        ("e\u0301e\u0301e\u0301", 2, "e\u0301…"),
        ("👩\u200d👩\u200d👧", 4, "👩…"),
        ("Ana", 1, "…"),
        ("Ana", 0, ""),
        ("Ana", -3, ""),
    ],
)
def test_a_long_text_ends_with_an_ellipsis(text: str, width: int, cut: str) -> None:
    assert shorten(text, width) == cut


@pytest.mark.parametrize(
    ("text", "width", "align", "cell"),
    [
        ("Ana", 5, "left", "Ana  "),
        ("9", 3, "right", "  9"),
        ("ab", 5, "center", " ab  "),
        ("日本語", 4, "left", "日… "),
    ],
)
def test_a_cell_is_padded_to_its_column(text: str, width: int, align: Align, cell: str) -> None:
    assert fit(text, width, align) == cell


@given(hostile, st.integers(0, 30), st.sampled_from(["left", "right", "center"]))
def test_a_cell_always_has_exactly_the_width_of_its_column(
    text: str, width: int, align: Align
) -> None:
    assert display_width(fit(safe(text), width, align)) == width
    assert display_width(shorten(safe(text), width)) <= width


def test_a_value_inside_a_sentence_is_short_and_safe() -> None:
    assert quoted("\x1b[2J") == r"'\x1b[2J'"
    assert display_width(quoted("x" * 500)) == 42
