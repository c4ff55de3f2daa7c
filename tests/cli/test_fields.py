"""Fields of a team's own work like those that were always there."""

from __future__ import annotations

import pytest

from tests.conftest import Crm

SAMPLES = {
    # kind: (options, typed, in JSON, filters that hold, filters that do not, what is refused)
    "number": ((), "42,5", 42.5, ("f>40", "f=42.5", "f!=41"), ("f<42", "f is empty"), "big"),
    "money": ((), "12k", 12000, ("f>10k", "f>=12.000 EUR"), ("f<1k", "f=12k USD"), "lots"),
    "date": ((), "2020-03-01", "2020-03-01", ("f<=+30d", "f<today"), ("f>today",), "32 may"),
    "choice": (
        ("--choice", "Gold", "--choice", "Señor Plata"),
        "señor",
        "Señor Plata",
        ("f=senor plata", "f~plata", "f!=gold"),
        ("f=gold",),
        "bronze",
    ),
    "flag": ((), "sí", True, ("f", "f=yes", "f!=no"), ("not f",), "perhaps"),
    "text": ((), "Blue Note", "Blue Note", ("f~NOTE", "f=blue note"), ("f=blue",), None),
    "link": (
        ("--target", "contact"),
        "leo",
        "Leo Gil",
        ("f=leo", "f~gil", "f.name=Leo Gil"),
        ("f=ana", "f is empty"),
        "nobody",
    ),
}


@pytest.mark.parametrize("kind", SAMPLES)
def test_a_field_of_each_kind_is_filled_shown_filtered_and_sorted(crm: Crm, kind: str) -> None:
    options, typed, value, holding, failing, refused = SAMPLES[kind]
    crm.ok("contact", "add", "Ana Ruiz")
    crm.ok("contact", "add", "Leo Gil")
    crm.ok("field", "add", "contact", "F", "--kind", kind, *options)

    crm.ok("contact", "edit", "ana", "--set", f"f={typed}")

    assert crm.show("contact", "ana")["f"] == value
    assert crm.show("contact", "leo")["f"] is None
    for text in holding:
        assert [row["id"] for row in crm.list("contact", "--filter", f"{text} and id=1")], text
    for text in failing:
        assert not crm.list("contact", "--filter", f"{text} and id=1"), text
    for sort in ("f", "-f"):
        assert [row["id"] for row in crm.list("contact", "--sort", sort)] == [1, 2]
    if refused is not None:
        result = crm("contact", "edit", "ana", "--set", f"f={refused}")
        assert result.code in {2, 3}
        assert refused in result.err


def test_a_field_answers_to_its_label_and_its_key_everywhere(crm: Crm) -> None:
    crm.ok("field", "add", "contact", "Shoe size", "--kind", "number")
    crm.ok("contact", "add", "Ana Ruiz", "--set", "SHOE SIZE=42")
    crm.ok("contact", "add", "Leo Gil", "--set", "shoe_size=39")

    rows = crm.list("contact", "--filter", '"Shoe size">40', "--fields", "shoe size")
    assert rows == [{"id": 1, "shoe_size": 42}]
    assert crm.ok("contact", "list", "--fields", "name,shoe_size", "--sort", "-Shoe size").lines[
        1:
    ] == ["Ana Ruiz\t42", "Leo Gil\t39"]
    assert "Shoe size" in crm.ok("contact", "show", "ana", terminal=True).out
    edited = crm.ok("contact", "edit", "ana", "--set", "shoe-size=43")
    assert "Shoe size: 42 → 43" in edited.err


def test_a_value_is_cleared_by_clear_or_by_setting_nothing(crm: Crm) -> None:
    crm.ok("field", "add", "contact", "Shoe size", "--kind", "number")
    crm.ok("contact", "add", "Ana Ruiz", "--set", "shoe size=42")

    crm.ok("contact", "edit", "ana", "--clear", "shoe_size")
    assert crm.show("contact", "ana")["shoe_size"] is None
    crm.ok("contact", "edit", "ana", "--set", "shoe size=42")
    crm.ok("contact", "edit", "ana", "--set", "shoe size=")

    assert crm.show("contact", "ana")["shoe_size"] is None


def test_set_also_takes_a_field_that_was_always_there(crm: Crm) -> None:
    crm.ok("contact", "add", "Ana Ruiz", "--set", "job title=CEO", "--set", "e-mail=a@b.es")

    ana = crm.show("contact", "ana")
    assert (ana["job_title"], ana["emails"]) == ("CEO", ["a@b.es"])
    assert "did you mean" in crm("contact", "edit", "ana", "--set", "job titel=x").err


def test_a_required_field_is_asked_for_and_cannot_be_emptied(crm: Crm) -> None:
    crm.ok("field", "add", "contact", "Tier", "--required", "yes")

    refused = crm("contact", "add", "Ana Ruiz")
    assert refused.code == 2
    assert "Tier" in refused.err
    crm.ok("contact", "add", "Ana Ruiz", "--set", "tier=A")
    assert crm("contact", "edit", "ana", "--clear", "tier").code == 2

    crm.ok("field", "edit", "tier", "--required", "no")
    crm.ok("contact", "edit", "ana", "--clear", "tier")


def test_choices_are_added_and_only_unused_ones_taken_away(crm: Crm) -> None:
    crm.ok("field", "add", "contact", "Tier", "--kind", "choice", "--choice", "A", "--choice", "B")
    crm.ok("contact", "add", "Ana Ruiz", "--set", "tier=a")

    crm.ok("field", "edit", "tier", "--choice", "C", "--choice", "c", "--remove", "choice=B")

    assert crm.show("field", "tier")["choices"] == ["A", "C"]
    assert crm("field", "edit", "tier", "--remove", "choice=A").code == 4
    assert crm("field", "edit", "tier", "--clear", "choices").code == 2


def test_a_renamed_field_keeps_its_key_and_its_values(crm: Crm) -> None:
    crm.ok("field", "add", "contact", "Shoe size", "--kind", "number")
    crm.ok("contact", "add", "Ana Ruiz", "--set", "shoe size=42")

    crm.ok("field", "edit", "shoe size", "--label", "Foot", "--help-text", "in EU sizes")

    assert crm.show("contact", "ana")["shoe_size"] == 42
    assert crm.list("contact", "--filter", "foot=42")
    assert crm.show("field", "foot")["help"] == "in EU sizes"


def test_a_deleted_field_takes_its_values_along_and_brings_them_back(crm: Crm) -> None:
    crm.ok("field", "add", "contact", "Shoe", "--kind", "text")
    crm.ok("contact", "add", "Ana Ruiz", "--set", "shoe=moccasin")

    crm.ok("field", "delete", "shoe")
    assert "shoe" not in crm.show("contact", "ana")
    assert crm("contact", "list", "--filter", "shoe=moccasin").code == 2
    assert not crm.ok("search", "moccasin", "--format", "ids").lines
    crm.ok("field", "restore", "shoe")

    assert crm.show("contact", "ana")["shoe"] == "moccasin"
    assert crm.ok("search", "moccasin", "--format", "ids").lines


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("contact", "Job title"), 4),
        (("contact", "Shoe-size"), 4),
        (("contakt", "X"), 2),
        (("tag", "X"), 2),
        (("contact", "!!!"), 2),
        (("contact", "X", "--kind", "choice"), 2),
        (("contact", "X", "--kind", "number", "--choice", "A"), 2),
        (("contact", "X", "--kind", "link"), 2),
        (("contact", "X", "--target", "contact"), 2),
        (("contact", "X", "--kind", "colour"), 2),
    ],
)
def test_a_field_that_makes_no_sense_is_refused(
    crm: Crm, words: tuple[str, ...], code: int
) -> None:
    crm.ok("field", "add", "contact", "Shoe size")

    assert crm("field", "add", *words).code == code


def test_fields_of_the_same_name_on_two_nouns_are_told_apart(crm: Crm) -> None:
    crm.ok("field", "add", "contact", "Tier")
    crm.ok("field", "add", "company", "Tier")

    assert crm("field", "show", "tier").code == 4
    assert crm.show("field", "company.tier")["id"] == 2


def test_a_label_in_any_script_works(crm: Crm) -> None:
    crm.ok("field", "add", "contact", "مقاس")
    crm.ok("contact", "add", "Ana Ruiz", "--set", "مقاس=كبير")

    assert crm.list("contact", "--filter", "مقاس=كبير")[0]["مقاس"] == "كبير"
