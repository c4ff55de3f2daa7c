"""Two spellings of one person's name meet; two people's do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.names import SAME, compare_names, name_of, person_keys


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ana Ruiz", "ANA RUÍZ"),
        ("Ana Ruiz", "Ruiz, Ana"),
        ("Ana Ruiz", "Ruiz Ana"),
        ("Ana Ruiz", "Dña. Ana Ruiz García"),
        ("Pepe Ruiz", "José Ruiz"),
        ("Ruiz Pepe", "José Ruiz"),
        ("Sr. D. José Ruiz", "Pepe Ruiz García"),
        ("Chema Gil", "José María Gil"),
        ("Fco. Javier Pérez", "Francisco Javier Pérez"),
        ("Mª José Ruiz", "María José Ruiz"),
        ("Bob Smith", "Robert Smith"),
        ("Bob Smith", "Rob Smith"),
        ("Dr. Robert Brown PhD", "Bob Brown"),
        ("María de la Fuente", "Maria Fuente"),
        ("太郎 山田", "山田 太郎"),
    ],
)
def test_spellings_of_one_name_are_the_same_and_share_a_key(one: str, other: str) -> None:
    assert compare_names(name_of(one), name_of(other)).score >= SAME
    assert set(person_keys(one)) & set(person_keys(other))


@pytest.mark.parametrize(
    ("one", "other"), [("Jonh Smith", "John Smith"), ("Ana Fernández", "Ana Fernandes")]
)
def test_a_slip_of_the_pen_is_the_same_name(one: str, other: str) -> None:
    found = compare_names(name_of(one), name_of(other))
    assert found.score >= SAME
    assert "differ by a letter" in found.reasons[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ana Ruiz", "Luis Gil"),
        ("Ana Ruiz García", "Ana Ruiz López"),
        ("Mario Gil", "María Gil"),
        ("Luis Gil", "Luisa Gil"),
        ("Julia Soto", "Julian Soto"),
        ("Bill Smith Jr.", "William Smith Sr."),
        ("Ana Ruiz", "Ana García"),
    ],
)
def test_names_of_two_people_differ(one: str, other: str) -> None:
    assert compare_names(name_of(one), name_of(other)).score == 0


def test_an_initial_may_be_a_name_but_is_not_the_same() -> None:
    found = compare_names(name_of("A. Ruiz"), name_of("Ana Ruiz"))
    assert 0.6 < found.score < SAME
    assert found.reasons == ("A. may be Ana",)


def test_the_reason_names_the_nickname_as_it_was_written() -> None:
    assert compare_names(name_of("José Ruiz"), name_of("Pepe Ruiz")).reasons == ("Pepe is José",)


WORDS = st.lists(
    st.sampled_from(
        ["Ana", "José", "Pepe", "Ruiz", "Gil", "A.", "de", "la", "Bob", "Jr", "Sr", "Dr.", "山田"]
    ),
    max_size=5,
)


@given(WORDS, WORDS)
def test_likeness_is_the_same_both_ways_and_a_name_is_like_itself(
    one: list[str], other: list[str]
) -> None:
    a, b = name_of(" ".join(one)), name_of(" ".join(other))
    assert compare_names(a, b) == compare_names(b, a)
    if a.words:
        assert compare_names(a, a).score == 1
