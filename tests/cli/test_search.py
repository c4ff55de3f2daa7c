"""Anything is found by any word of it."""

from __future__ import annotations

import pytest

from storage.database import Deed, open_database
from storage.model.people import contacts
from storage.settings import Settings
from tests.conftest import Crm


def found(crm: Crm, *words: str) -> list[tuple[str, str]]:
    rows = crm.ok("search", *words, "--format", "json").json
    return [(row["noun"], row["name"]) for row in rows]


@pytest.fixture
def office(crm: Crm) -> Crm:
    crm.ok("company", "add", "Acme Núñez", "--domain", "acme.es", "--industry", "Energy")
    crm.ok(
        "contact", "add", "Ana Ruíz", "--company", "acme", "--email", "ana@acme.es",
        "--phone", "+34 600 111 222", "--tag", "vip", "--note", "likes sailing boats",
        "--set", "external id=X-77",
    )  # fmt: skip
    crm.ok("deal", "add", "Solar roof", "--company", "acme", "--amount", "12k")
    crm.ok("task", "add", "Send the solar quote", "--due", "2027-01-01")
    crm.ok("product", "add", "Solar panel", "--code", "SP-1")
    return crm


def test_one_word_finds_records_of_every_noun(office: Crm) -> None:
    assert {noun for noun, _ in found(office, "solar")} == {"deal", "task", "product"}
    assert found(office, "solar", "--noun", "products") == [("product", "Solar panel")]
    assert {noun for noun, _ in found(office, "solar", "--noun", "deal,task")} == {"deal", "task"}


@pytest.mark.parametrize(
    "words",
    [
        "RUIZ",
        "ruí",
        "an ru",
        "ana@acme.es",
        "600-111-222",
        "0034 600111222",
        "(600) 11 12 22",
        "X-77",
        "vip",
        "sailing",
        "boat",
        "ana sailing",
    ],
)
def test_a_contact_is_found_by_whatever_is_known_of_it(office: Crm, words: str) -> None:
    assert ("contact", "Ana Ruíz") in found(office, words)


def test_a_record_named_so_goes_before_one_that_only_mentions_it(office: Crm) -> None:
    office.ok("contact", "add", "Leo Gil", "--note", "knows ana ruiz")
    office.ok("contact", "add", "Anastasia Ruiz")

    assert [name for _, name in found(office, "ana ruiz", "--noun", "contact")] == [
        "Ana Ruíz",
        "Anastasia Ruiz",
        "Leo Gil",
    ]


def test_the_match_shows_the_words_around(office: Crm) -> None:
    (row,) = office.ok("search", "sailing", "--format", "json").json
    assert list(row) == ["noun", "id", "name", "match"]
    assert row["match"] == "likes sailing boats"
    (row,) = office.ok("search", "ana ruiz", "--noun", "contact", "--format", "json").json
    assert "Acme Núñez" in row["match"]


def test_what_is_in_the_trash_is_not_found(office: Crm) -> None:
    office.ok("contact", "delete", "ana")

    assert found(office, "sailing") == []
    assert found(office, "ana@acme.es") == []


@pytest.mark.parametrize(
    "words",
    ['"', "'", "*", "a* OR b", "NEAR(a b)", "title:", "-ana", "^ana", "{a}", "(", "%", "_", "😀",
     "AND", "a\tb", "a\nb", "\\", "ana --", "x" * 900],
)  # fmt: skip
def test_no_punctuation_breaks_a_search(office: Crm, words: str) -> None:
    assert office("search", "--", words).code == 0


def test_nothing_found_says_what_is_near(office: Crm) -> None:
    result = office.ok("search", "anna riuz")

    assert "did you mean Ana Ruíz" in result.err
    assert office.ok("search", "zzzzzz", "--format", "json").json == []


def test_an_unknown_noun_or_a_senseless_limit_is_refused(office: Crm) -> None:
    result = office("search", "ana", "--noun", "contakt")
    assert (result.code, "did you mean contact?" in result.err) == (2, True)
    assert office("search", "ana", "--limit", "0").code == 2


@pytest.fixture
def crowd(crm: Crm) -> Crm:
    """Three thousand people, a third of them called García."""
    database = open_database(Settings(database=str(crm.database), user="eva"))
    with database.writing(Deed("test")) as uow:
        names = (f"Person {n} {'García' if n % 3 == 0 else 'Müller'}" for n in range(1, 3001))
        uow.insert_many(contacts, ({"name": n, "name_key": n.lower()} for n in names))
        uow.touch_created("contact")
    database.close()
    return crm


def test_a_word_that_thousands_hold_shows_the_first_and_says_there_are_more(crowd: Crm) -> None:
    crowd.ok("contact", "add", "García Garcíasson")
    crowd.ok("contact", "add", "Garc")

    result = crowd.ok("search", "garc", "--limit", "5", "--format", "json")

    assert len(result.json) == 5
    assert result.json[0]["name"] == "Garc"
    assert "the first 5" in result.err


def test_a_name_that_thousands_share_is_not_guessed_nor_cut_short_in_a_filter(crowd: Crm) -> None:
    result = crowd("contact", "show", "garcia")
    assert result.code == 4
    assert result.err.startswith("crm: many contacts answer to 'garcia'")
    assert len(result.err.splitlines()) == 11

    assert crowd("contact", "list", "--filter", "referrer=garcia").code == 2
    assert crowd.ok("contact", "list", "--filter", "referrer~garcia").code == 0
