"""A filter typed by a person becomes a small tree, or a sentence that says where it went wrong."""

from __future__ import annotations

import contextlib
import random
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from language.errors import InvalidValue
from language.filters import (
    MAX_DEPTH,
    And,
    Compare,
    In,
    Node,
    Not,
    Or,
    parse_filter,
    parse_sort,
    paths,
    show_filter,
)


def has(path: str, op: str, value: str) -> Compare:
    return Compare(tuple(path.split(".")), op, value)


def within(path: str, *values: str) -> In:
    return In(tuple(path.split(".")), values)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("stage=proposal", has("stage", "=", "proposal")),
        ("stage == proposal", has("stage", "=", "proposal")),
        ("stage is proposal", has("stage", "=", "proposal")),
        ("stage != won", has("stage", "!=", "won")),
        ("stage<>won", has("stage", "!=", "won")),
        ("stage ≠ won", has("stage", "!=", "won")),
        ("stage is not won", has("stage", "!=", "won")),
        ("name ~ruiz", has("name", "~", "ruiz")),
        ("name !~ ruiz", has("name", "!~", "ruiz")),
        ("amount>10k", has("amount", ">", "10k")),
        ("amount >= 1.234,56 €", has("amount", ">=", "1.234,56 €")),
        ("amount≥5", has("amount", ">=", "5")),
        ("close < 2026-02-01", has("close", "<", "2026-02-01")),
        ("close<=+30d", has("close", "<=", "+30d")),
        ("company.industry=SaaS", has("company.industry", "=", "SaaS")),
        ("correo=ana+crm@acme.es", has("correo", "=", "ana+crm@acme.es")),
        ("site=https://acme.es/a#b", has("site", "=", "https://acme.es/a#b")),
        ("name=O'Brien", has("name", "=", "O'Brien")),
        ("answer is no", has("answer", "=", "no")),
        ("answer=y", has("answer", "=", "y")),
    ],
)
def test_one_condition_is_a_field_an_operator_and_a_value(text: str, tree: Node) -> None:
    assert parse_filter(text) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a=1 and b=2 and c=3", And((has("a", "=", "1"), has("b", "=", "2"), has("c", "=", "3")))),
        ("a=1 or b=2", Or((has("a", "=", "1"), has("b", "=", "2")))),
        (
            "a=1 or b=2 and c=3",
            Or((has("a", "=", "1"), And((has("b", "=", "2"), has("c", "=", "3"))))),
        ),
        (
            "(a=1 or b=2) and c=3",
            And((Or((has("a", "=", "1"), has("b", "=", "2"))), has("c", "=", "3"))),
        ),
        ("not a=1 and b=2", And((Not(has("a", "=", "1")), has("b", "=", "2")))),
        ("NOT(a=1)", Not(has("a", "=", "1"))),
        ("a=1 AND b=2", And((has("a", "=", "1"), has("b", "=", "2")))),
        ("a=1 y b=2", And((has("a", "=", "1"), has("b", "=", "2")))),
        ("a=1 o b=2", Or((has("a", "=", "1"), has("b", "=", "2")))),
        ("no a=1", Not(has("a", "=", "1"))),
        ("active=y y b=2", And((has("active", "=", "y"), has("b", "=", "2")))),
        ("not not a=1", Not(Not(has("a", "=", "1")))),
    ],
)
def test_conditions_join_in_english_and_spanish(text: str, tree: Node) -> None:
    assert parse_filter(text) == tree


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("name=Ana Ruiz and stage=won", "Ana Ruiz"),
        ("name = Ana  Ruiz ", "Ana  Ruiz"),
        ("(name=Ana Ruiz)", "Ana Ruiz"),
        ("name=Yolanda Osorio", "Yolanda Osorio"),
        ("name=Andorra", "Andorra"),
        ("name=Acme (Spain)", "Acme (Spain)"),
        ("name=Acme (Spain and Portugal) and a=1", "Acme (Spain and Portugal)"),
        ("name='Ruiz y García'", "Ruiz y García"),
        ('name="Salt, Pepper and Co" and a=1', "Salt, Pepper and Co"),
        ('name="Ana ""la jefa"" Ruiz"', 'Ana "la jefa" Ruiz'),
        (r'name="Ana \"la jefa\" Ruiz"', 'Ana "la jefa" Ruiz'),
        ("name='O''Brien'", "O'Brien"),
        (r"path='C:\new\\x'", r"C:\new\x"),
        ("name=“Ruiz y García”", "Ruiz y García"),
        ('name="none"', "none"),
        ('name is "empty"', "empty"),
    ],
)
def test_a_value_runs_to_the_next_keyword_or_stands_in_quotes(text: str, value: str) -> None:
    tree = parse_filter(text)
    first = tree.parts[0] if isinstance(tree, And) else tree
    assert isinstance(first, Compare)
    assert first.value == value


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ('tag in (vip, "trade fair")', within("tag", "vip", "trade fair")),
        ("tag IN(vip)", within("tag", "vip")),
        ("tag in (trade fair, Ruiz y García)", within("tag", "trade fair", "Ruiz y García")),
        ("tag not in (vip)", Not(within("tag", "vip"))),
        ("tag no in (vip)", Not(within("tag", "vip"))),
        ("not tag in (vip)", Not(within("tag", "vip"))),
        ("tag in (none, vip)", within("tag", "", "vip")),
        (
            "a=1 and tag in (x) and b=2",
            And((has("a", "=", "1"), within("tag", "x"), has("b", "=", "2"))),
        ),
    ],
)
def test_one_of_several_values(text: str, tree: Node) -> None:
    assert parse_filter(text) == tree


@pytest.mark.parametrize(
    "text", ['email=""', "email=''", "email=none", "email is empty", "email is null"]
)
def test_a_field_with_nothing_in_it(text: str) -> None:
    assert parse_filter(text) == has("email", "empty", "")


@pytest.mark.parametrize(
    "text", ['email!=""', "email != None", "email is not empty", "email IS NOT NULL"]
)
def test_a_field_with_something_in_it(text: str) -> None:
    assert parse_filter(text) == has("email", "not empty", "")


def test_a_field_alone_asks_for_yes() -> None:
    overdue = has("overdue", "=", "yes")
    assert parse_filter("overdue") == overdue
    assert parse_filter("not overdue and (mine)") == And((Not(overdue), has("mine", "=", "yes")))


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ('"Shoe size">40', ("Shoe size",)),
        ("`Shoe size` > 40", ("Shoe size",)),
        ('company."Año fiscal" = 2026', ("company", "Año fiscal")),
        ("año>2020", ("año",)),
        ("last-touch > 3d", ("last-touch",)),
        ("no = 5", ("no",)),
        ("o=5", ("o",)),
        ('"and" = 5', ("and",)),
        ('"a.b" = 5', ("a.b",)),
    ],
)
def test_a_field_of_any_name_can_be_asked_for(text: str, path: tuple[str, ...]) -> None:
    tree = parse_filter(text)
    assert isinstance(tree, Compare)
    assert tree.path == path


def test_each_condition_knows_where_it_was_typed() -> None:
    tree = parse_filter("stage=won and  amount>5")
    assert isinstance(tree, And)
    assert [part.position for part in tree.parts if isinstance(part, Compare)] == [1, 16]


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("", "filter: it is empty", "for example"),
        ("stage=", "filter: expected a value after 'stage=' at character 7", "for example"),
        (
            "stage= and a=1",
            "filter: expected a value after 'stage=' at character 8, not 'and a=1'",
            "",
        ),
        ("=5", "filter: expected a field at character 1, not '=5'", ""),
        ("a=1 and", "filter: expected a field after 'a=1 and' at character 8", ""),
        ("and a=1", "filter: expected a condition at character 1, not 'and a=1'", ""),
        (
            "stage=won amount>10k",
            "filter: expected 'and' or quotes (a bare value holds no >) after 'stage=won'",
            "join two conditions with 'and'",
        ),
        (
            "shoe size>40",
            "filter: expected an operator such as = or > after 'shoe' at character 6",
            "put a name or a value with spaces in quotes",
        ),
        (
            "(a=1",
            "filter: expected ')' for the '(' at character 1 after '(a=1' at character 5",
            "close it",
        ),
        ("a=1)", "filter: expected no ')' without its '(' after 'a=1' at character 4, not ')'", ""),
        ('a="x', "filter: expected a closing \" for character 3 after 'a=\"x' at character 5", ""),
        ("tag in vip", "filter: expected '(' after 'tag in' at character 8, not 'vip'", ""),
        ("tag in ()", "filter: expected a value after 'tag in (' at character 9, not ')'", ""),
        ("tag in (a", "filter: expected ',' or ')' after 'tag in (a' at character 10", ""),
        ('amount > ""', "filter: expected a value to compare with >", "or ask for: is empty"),
        ("a=\x1b[2J and", r"filter: expected a field after 'a=\x1b[2J and' at character 11", ""),
    ],
)
def test_a_filter_that_makes_no_sense_is_refused_with_the_place(
    text: str, message: str, hint: str
) -> None:
    with pytest.raises(InvalidValue) as refusal:
        parse_filter(text)
    assert refusal.value.message.startswith(message)
    assert hint in refusal.value.hint


@pytest.mark.parametrize("text", ["(" * 5000, "not " * 2000, "(" * 51 + "a" + ")" * 51])
def test_a_filter_nested_beyond_reading_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match="more than 50 levels"):
        parse_filter(text)


def test_a_filter_longer_than_a_page_of_code_is_refused() -> None:
    with pytest.raises(InvalidValue, match="at most 10,000"):
        parse_filter("a=" + "x" * 10_000)


def test_the_fields_of_a_filter_are_named_once_in_order() -> None:
    tree = parse_filter("b=1 and (company.city=2 or not b=3) and tag in (x)")
    assert paths(tree) == [("b",), ("company", "city"), ("tag",)]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("stage=won y amount>10k", "stage = won and amount > 10k"),
        ("a=1 and (b=2 or c='x z')", "a = 1 and (b = 2 or c = x z)"),
        ("no tag in (vip,'a, b')", 'tag not in (vip, "a, b")'),
        ("`Shoe size`>40 or email=none", '"Shoe size" > 40 or email is empty'),
        ("not overdue", "not overdue = yes"),
        ("name='Ruiz y Hijos'", 'name = "Ruiz y Hijos"'),
    ],
)
def test_a_filter_is_shown_in_one_way(typed: str, shown: str) -> None:
    assert show_filter(parse_filter(typed)) == shown


anything = (
    st.text(
        st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=12
    )
    | st.sampled_from(
        ["y", "o", "and", "not", "none", "empty", "is", "a y b", '"', "\\", "a\\", "''"]
    )
).map(lambda text: unicodedata.normalize("NFC", text.replace("\r\n", "\n")))
names = (anything.filter(str.strip)) | st.sampled_from(["stage", "last-touch", "Shoe size"])
field_paths = st.lists(names, min_size=1, max_size=3).map(tuple)
compares = st.builds(
    Compare, field_paths, st.sampled_from(["=", "!=", "~", "!~", ">", ">=", "<", "<="]), anything
)
empties = st.builds(Compare, field_paths, st.sampled_from(["empty", "not empty"]), st.just(""))
lists = st.builds(
    In, field_paths, st.lists(anything | st.just(""), min_size=1, max_size=3).map(tuple)
)
trees: st.SearchStrategy[Node] = st.recursive(
    compares | empties | lists,
    lambda parts: (
        st.builds(And, st.lists(parts, min_size=2, max_size=3).map(tuple))
        | st.builds(Or, st.lists(parts, min_size=2, max_size=3).map(tuple))
        | st.builds(Not, parts)
    ),
    max_leaves=8,
)


@settings(max_examples=500)
@given(trees)
def test_any_tree_shown_and_read_again_is_the_same_tree(tree: Node) -> None:
    assert parse_filter(show_filter(tree)) == tree


pieces = [
    *"()\"'`,.=~<>! \\-+%€y",
    *("and", "or", "not", "no", "in", "is", "empty", "none", "stage", "=won", "10k", "«", "\x1b"),
    *("\u202e", "\u0301", "é", "日", "\n", "!=", "<=", " and ", " in ("),
]


def read_or_refuse(text: str) -> None:
    try:
        tree = parse_filter(text)
    except InvalidValue:
        return
    assert parse_filter(show_filter(tree)) == tree


def test_ten_thousand_random_filters_are_read_or_refused_and_never_crash() -> None:
    dice = random.Random(7)
    for _ in range(10_000):
        read_or_refuse("".join(dice.choices(pieces, k=dice.randint(1, 14))))


@given(st.text(max_size=80))
def test_any_text_at_all_is_read_or_refused(text: str) -> None:
    read_or_refuse(text)


@pytest.mark.parametrize(
    "text",
    [
        "a" * 9990,
        "a=" + "x " * 4990,
        "a=" + "(" * 9990,
        "a=" + "()" * 4990,
        "a-" * 4990,
        "a." * 4990,
        '"' * 9999,
        "a='" + "\\" * 9990,
        "a=1 or " * 1400 + "b",
        "a in (" + "x," * 4900 + "x)",
        "y " * 4990,
        "a=" + "y " * 4990,
    ],
)
def test_no_filter_takes_long_to_read(text: str) -> None:
    started = time.perf_counter()
    with contextlib.suppress(InvalidValue):
        parse_filter(text)
    assert time.perf_counter() - started < 0.5


def test_nesting_up_to_the_limit_is_read() -> None:
    levels = MAX_DEPTH - 1
    assert parse_filter("(" * levels + "a=1" + ")" * levels) == has("a", "=", "1")


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("name", [("name", False)]),
        ("name,-amount", [("name", False), ("amount", True)]),
        (" name , amount desc ", [("name", False), ("amount", True)]),
        ("+name,close ASC", [("name", False), ("close", False)]),
        ("company.name", [("company.name", False)]),
        ('-"Shoe size"', [("Shoe size", True)]),
        ("`Shoe size` desc", [("Shoe size", True)]),
        ("name,-name", [("name", False)]),
        ("desc", [("desc", False)]),
    ],
)
def test_an_order_is_a_list_of_fields_and_directions(
    text: str, order: list[tuple[str, bool]]
) -> None:
    assert parse_sort(text) == order


@pytest.mark.parametrize("text", ["", " ", "name,", ",name", "-", "a,,b", '""', "a\0"])
def test_an_order_without_a_field_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match="sort: "):
        parse_sort(text)


def test_an_order_over_too_many_fields_is_refused() -> None:
    with pytest.raises(InvalidValue, match="at most 20"):
        parse_sort(",".join(f"f{number}" for number in range(21)))
