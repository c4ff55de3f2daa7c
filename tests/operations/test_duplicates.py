"""Twins are found among many, and those that somebody told apart are left alone."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from language.errors import Conflict, InvalidValue
from operations import records, trash
from operations.candidates import add_unless_known, candidates, load
from operations.contacts import company_for
from operations.duplicates import Found, find_duplicates, forget_different, mark_different
from operations.matcher import Person
from operations.merge_groups import merge_groups, plan
from storage.database import Deed, open_database
from storage.model.anything import distinctions
from storage.settings import Settings
from storage.unit import UnitOfWork
from tests.conftest import ROOT


@pytest.fixture
def uow(database: Path) -> Iterator[UnitOfWork]:
    data = open_database(Settings(database=str(database), user="eva", country="ES"))
    with data.writing(Deed("test")) as uow:
        yield uow
    data.close()


def add(uow: UnitOfWork, name: str, noun: str = "contact", **values: Any) -> int:
    return records.add(uow, noun, {"name": name, **values}).id


def numbers(found: Found) -> list[tuple[int, int]]:
    return [(pair.a.id, pair.b.id) for pair in found.pairs]


def test_twins_are_listed_the_surest_first_with_the_reason(uow: UnitOfWork) -> None:
    add(uow, "Acme", noun="company")
    ana = add(uow, "Ana Ruiz", emails=["a.ruiz@gmail.com"])
    pepe = add(uow, "Pepe Gil", company="Acme")
    jose = add(uow, "José Gil", company="Acme", phones=["600111222"])
    anita = add(uow, "Anita Ruiz García", emails=["aruiz+fair@googlemail.com"])
    add(uow, "Luis Soto", phones=["600111222"])

    found = find_duplicates(uow, "contact")

    assert numbers(found) == [(ana, anita), (pepe, jose)]
    assert found.pairs[0].reasons[0] == "same e-mail aruiz@gmail.com"
    assert found.pairs[1].reasons == ("Pepe is José", "same company")
    assert numbers(find_duplicates(uow, "contact", at_least=0.95)) == [(ana, anita)]
    assert find_duplicates(uow, "contact", limit=1).total == 2


def test_companies_are_compared_by_domain_name_and_one_slip(uow: UnitOfWork) -> None:
    one = add(uow, "Construcciones Gil SL", noun="company")
    two = add(uow, "Construciones Gil", noun="company")
    three = add(uow, "Acme", noun="company", domains=["acme.es"])
    four = add(uow, "Acme Iberia SA", noun="company", domains=["www.acme.es"])
    add(uow, "Bar Pepe", noun="company", domains=["gmail.com"])
    add(uow, "Taller Gil", noun="company", domains=["gmail.com"])
    assert numbers(find_duplicates(uow, "company")) == [(three, four), (one, two)]


def test_a_pair_said_to_be_different_never_returns_until_that_is_forgotten(uow: UnitOfWork) -> None:
    one, two = (add(uow, "Ana Ruiz") for _ in range(2))
    mark_different(uow, "contact", two, one)
    mark_different(uow, "contact", one, two)
    assert find_duplicates(uow, "contact").pairs == ()
    assert forget_different(uow, "contact", one, two)
    assert not forget_different(uow, "contact", one, two)
    assert numbers(find_duplicates(uow, "contact")) == [(one, two)]
    with pytest.raises(InvalidValue, match="cannot differ from itself"):
        mark_different(uow, "contact", one, one)


def test_what_is_in_the_trash_is_nobodys_twin(uow: UnitOfWork) -> None:
    one, two = (add(uow, "Ana Ruiz") for _ in range(2))
    records.delete(uow, "contact", [two])
    assert find_duplicates(uow, "contact").pairs == ()
    assert candidates(uow, "contact", load(uow, "contact", [one])[one]) == []


def test_a_key_that_too_many_share_is_skipped_and_told(uow: UnitOfWork) -> None:
    for number in range(201):
        add(uow, f"Person{number} Number{number}", phones=["911222333"])
    found = find_duplicates(uow, "contact")
    assert found.pairs == ()
    assert found.skipped == ("201 share the phone 911222333",)


@pytest.mark.parametrize(
    "other",
    [
        {"name": "Somebody", "emails": ["a.n.a@googlemail.com"]},
        {"name": "Ana Ruiz", "phones": ["+34 600 111 222"]},
        {"name": "Anita Ruiz García", "phones": ["600111222"]},
        {"name": "Ruiz Ana", "company": "Acme"},
        {"name": "A. Ruiz", "company": "Acme"},
        {"name": "Ana Ruis Soto", "company": "Acme", "emails": ["ana+x@gmail.com"]},
    ],
)
def test_a_new_contact_meets_its_likely_twin_through_an_index(
    uow: UnitOfWork, other: dict[str, Any]
) -> None:
    add(uow, "Acme", noun="company")
    ana = add(uow, "Ana Ruiz", emails=["ana@gmail.com"], phones=["600111222"], company="Acme")
    new = add(uow, **other)
    found = candidates(uow, "contact", load(uow, "contact", [new])[new])
    assert [ref.id for ref, _ in found] == [ana]


def test_no_candidate_is_looked_for_by_reading_every_contact(uow: UnitOfWork) -> None:
    who = Person(0, "Ana Ruiz", emails=("a.na+x@gmail.com",), phones=("600111222",), company_id=1)
    from operations.candidates import _like_person

    for statement in _like_person(who):
        text = str(statement.compile(uow.connection, compile_kwargs={"literal_binds": True}))
        steps = [row[3] for row in uow.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}")]
        assert not [step for step in steps if step.startswith("SCAN")], text


def test_adding_a_known_one_is_refused_and_a_likely_one_is_noted(uow: UnitOfWork) -> None:
    add(uow, "Ana Ruiz", emails=["ana@acme.es"], company=add(uow, "Acme", noun="company"))
    with pytest.raises(Conflict) as refused:
        add_unless_known(uow, "contact", {"name": "Ana Ruiz", "emails": ["ANA@acme.es"]})
    assert refused.value.message == "contact #1 Ana Ruiz is the same: same e-mail ana@acme.es"
    assert "--allow-duplicate" in refused.value.hint
    records.delete(uow, "contact", [2])
    added = add_unless_known(uow, "contact", {"name": "A. Ruiz", "company": "Acme"})
    assert uow.notes == ["looks like #1 Ana Ruiz (A. may be Ana, same company): crm duplicate list"]
    records.delete(uow, "contact", [added.id])
    add_unless_known(
        uow, "contact", {"name": "Ana Ruiz", "emails": ["ana@acme.es"]}, allow_duplicate=True
    )


@pytest.mark.parametrize(
    "name", ["!!!", "a " * 400, "%_\\", "山田 太郎", "Jr. Sr.", "de la", "'; --"]
)
def test_any_name_can_be_looked_for(uow: UnitOfWork, name: str) -> None:
    add(uow, "Acme", noun="company")
    for noun, values in (("contact", {"company": "Acme"}), ("company", {})):
        one, two = (add(uow, name, noun=noun, **values) for _ in range(2))
        found = candidates(uow, noun, load(uow, noun, [two])[two])
        assert (one, two) in numbers(find_duplicates(uow, noun, at_least=0.5)) or not found
        assert all(ref.id == one for ref, _ in found)


def test_emptying_the_trash_forgets_who_was_different_from_the_gone(uow: UnitOfWork) -> None:
    one, two = (add(uow, "Ana Ruiz") for _ in range(2))
    mark_different(uow, "contact", one, two)
    records.delete(uow, "contact", [two])
    trash.empty(uow)
    assert uow.first(sa.select(distinctions)) is None


def test_a_company_named_in_another_spelling_is_not_added_twice(uow: UnitOfWork) -> None:
    acme = add(uow, "Ruiz & Gil", noun="company")
    assert company_for(uow, "Ruiz y Gil, S.L.").id == acme


def test_a_group_is_merged_only_if_every_two_of_it_are_sure(uow: UnitOfWork) -> None:
    sure = [add(uow, "Ana Ruiz", emails=["ana@gmail.com"], phones=["600111222"])]
    sure += [add(uow, name, emails=["ana@gmail.com"]) for name in ("Anita Ruiz", "Ana Ruiz Gil")]
    # The middle one is both, the outer two are nobody's twins.
    add(uow, "Pepe Gil", emails=["p@gmail.com"])
    add(uow, "José Gil", emails=["p@gmail.com", "j@gmail.com"])
    add(uow, "José Gil Soto", emails=["j@gmail.com"])

    planned = plan(uow, "contact", at_least=0.95)

    assert [(group.keep.id, [ref.id for ref in group.others]) for group in planned.groups] == [
        (sure[0], [sure[2], sure[1]])
    ]
    assert planned.unsure == 1
    assert merge_groups(uow, planned.groups) == 2
    assert plan(uow, "contact", at_least=0.95).groups == ()


def test_the_fullest_of_a_group_is_kept_and_one_told_apart_is_not_in_it(uow: UnitOfWork) -> None:
    bare = add(uow, "Ana Ruiz", emails=["ana@gmail.com"])
    full = add(uow, "Ana Ruiz", emails=["ana@gmail.com"], phones=["600111222"])
    (group,) = plan(uow, "contact", at_least=0.95).groups
    assert (group.keep.id, group.others[0].id) == (full, bare)
    mark_different(uow, "contact", bare, full)
    assert plan(uow, "contact", at_least=0.95).groups == ()
    with pytest.raises(InvalidValue, match="not between"):
        plan(uow, "contact", at_least=0.5)


@pytest.mark.slow
def test_known_twins_among_invented_people_are_found_and_few_others(database: Path) -> None:
    spec = spec_from_file_location("town", ROOT / "benchmarks" / "duplicates.py")
    assert spec is not None
    assert spec.loader is not None
    town_module = module_from_spec(spec)
    spec.loader.exec_module(town_module)
    town = town_module.Town(3_000)
    data = open_database(Settings(database=str(database), user="eva", country="ES"))
    first = town_module.fill(data, town)
    with data.reading() as uow:
        found = find_duplicates(uow, "contact")
    data.close()
    got = {(pair.a.id - first, pair.b.id - first): pair.score for pair in found.pairs}
    sure = {pair for pair, score in got.items() if score >= 0.8}
    twins = set(town.twins)
    assert len(twins & set(got)) / len(twins) > 0.97
    assert len(twins & sure) / len(sure) > 0.95
