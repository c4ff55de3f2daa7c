"""One answer to "is this the same person?", with its reasons."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from operations.matcher import (
    LIKELY,
    SURE,
    Firm,
    Person,
    explain,
    same_person,
    score_firms,
    score_people,
)


def person(name: str, *emails: str, phones: tuple[str, ...] = (), **more: Any) -> Person:
    return Person(0, name, emails=emails, phones=phones, **more)


ANA = person("Ana Ruiz", "ana@acme.es", company_key="acme")


@pytest.mark.parametrize(
    "other",
    [
        person("Ana Ruiz García", "ANA@acme.es"),
        person("Ana Smith", "ana@acme.es"),
        person("A. Ruiz", "ana@acme.es"),
        person("Ruiz, Ana", company_key="acme"),
        person("Ana Ruiz", "ana.ruiz@gmail.com", company_key="acme"),
    ],
)
def test_the_same_person_under_another_spelling(other: Person) -> None:
    assert same_person(ANA, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (ANA, person("Luis Gil", "luis@acme.es", company_key="acme")),
        (ANA, person("Ana Ruiz", "ana@beta.es", company_key="beta")),
        (ANA, person("Ana Ruiz", "ana.ruiz@acme.es", company_key="acme")),
        (person("Ana Ruiz", "info@acme.es"), person("Luis Gil", "info@acme.es")),
        (
            person("Juan Gil Sr.", phones=("600111222",), company_key="gil"),
            person("Juan Gil Jr.", phones=("600111222",), company_key="gil"),
        ),
        (person("Ana Ruiz", "family@gmail.com"), person("Luis Gil", "family@gmail.com")),
        (person("Ana Ruiz", "family@gmail.com"), person("Luis Ruiz", "family@gmail.com")),
        (person("Juan Gil Sr.", "gil@gmail.com"), person("Juan Gil Jr.", "gil@gmail.com")),
        (person("Ana Ruiz", "ana@gmail.com"), person("Ana Ruiz", "aruiz@yahoo.es")),
    ],
)
def test_nobody_is_taken_for_another(one: Person, other: Person) -> None:
    assert same_person(one, other) is None


def test_father_and_son_at_one_firm_share_the_name_and_the_switchboard() -> None:
    father = person("Juan Gil", "juan@gil.es", phones=("911111111",), company_key="gil")
    son = person("Juan Gil", "juan.gil@gil.es", phones=("911111111",), company_key="gil")
    match = score_people(father, son)
    assert LIKELY <= match.score < SURE
    assert "differ: two e-mails at one company" in match.reasons


def test_a_phone_tells_only_with_a_name_that_fits() -> None:
    assert same_person(
        person("Pepe Ruiz", phones=("600111222",)), person("José Ruiz", phones=("600111222",))
    )
    assert not same_person(
        person("Ana Ruiz", phones=("600111222",)), person("Luis Gil", phones=("600111222",))
    )


def test_the_same_bare_name_twice_is_the_same_again() -> None:
    assert same_person(person("Ana Ruiz"), person("Ana Ruiz"))
    assert same_person(person("Ana"), person("Ana"))


def test_ids_say_it_all_and_two_ids_of_one_source_are_never_sure() -> None:
    one = person("Ana Ruiz", "ana@acme.es", external=("hubspot", "1"))
    assert score_people(one, person("Other", external=("hubspot", "1"))).score == 1
    two = person("Ana Ruiz", "ana@acme.es", external=("hubspot", "2"))
    assert same_person(one, two) is None
    assert same_person(one, person("Ana Ruiz", "ana@acme.es", external=("zoho", "2")))


def test_it_explains_itself_in_words() -> None:
    told = explain(person("José Ruiz", company_key="acme"), person("Pepe Ruiz", company_key="acme"))
    assert told == ["the same (0.90)", "Pepe is José", "same company"]


@pytest.mark.parametrize(
    ("one", "other", "sure"),
    [
        (Firm(1, "Acme SL"), Firm(2, "ACME, S.L."), True),
        (Firm(1, "Acme SL"), Firm(2, "Acme GmbH"), False),
        (Firm(1, "Acme SL", ("acme.com",)), Firm(2, "Acme GmbH", ("acme.com",)), True),
        (Firm(1, "Acme", ("acme.es",)), Firm(2, "Acme Iberia", ("acme.es",)), True),
        (Firm(1, "Acme", ("acme.es",)), Firm(2, "Acme", ("acme.com",)), False),
        (Firm(1, "Acme"), Firm(2, "Beta"), False),
        (Firm(1, "Bar Pepe", ("gmail.com",)), Firm(2, "Taller Gil", ("gmail.com",)), False),
    ],
)
def test_companies_by_domain_and_name(one: Firm, other: Firm, *, sure: bool) -> None:
    assert (score_firms(one, other).score >= SURE) is sure


PEOPLE = st.builds(
    Person,
    id=st.just(0),
    name=st.sampled_from(["Ana Ruiz", "Ruiz Ana", "A. Ruiz", "Pepe Gil", "José Gil Jr", "", "Ana"]),
    emails=st.lists(
        st.sampled_from(["ana@acme.es", "a@acme.es", "info@acme.es", "a.r@gmail.com"]), max_size=2
    ).map(tuple),
    phones=st.lists(st.sampled_from(["600111222", "911222333"]), max_size=1).map(tuple),
    company_id=st.sampled_from([None, 1, 2]),
    company_key=st.sampled_from(["", "acme"]),
)


@given(PEOPLE, PEOPLE)
def test_the_score_is_the_same_both_ways_and_everybody_is_himself(a: Person, b: Person) -> None:
    assert score_people(a, b) == score_people(b, a)
    assert 0 <= score_people(a, b).score <= 1
    if a.name and (a.emails or len(a.name.split()) > 1):
        assert score_people(a, a).score >= LIKELY
