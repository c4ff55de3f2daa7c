"""People and companies are recognised however somebody writes them down."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from language import people
from language.errors import InvalidValue
from language.handles import parse_handle
from language.people import (
    FREE_MAIL,
    ContactLine,
    email_key,
    looks_like_domain,
    looks_like_email,
    parse_contact_line,
    parse_domain,
    parse_email,
    split_name,
)


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("ana@acme.es", "ana@acme.es"),
        (" Ana.Ruiz+crm@ACME.Es ", "Ana.Ruiz+crm@acme.es"),
        ("mailto:ana@acme.es?subject=Hi", "ana@acme.es"),
        ("Ana Ruiz <ana@acme.es>", "ana@acme.es"),
        ('"Ruiz, Ana" <mailto:ana@acme.es>', "ana@acme.es"),
        ("josé@xn--and-6ma2c.es", "josé@ñandú.es"),
        ("ana@acme.test", "ana@acme.test"),
        ("ana@nas.local", "ana@nas.local"),
        ("ana@localhost", "ana@localhost"),
        ("ana@mail.invalid", "ana@mail.invalid"),
    ],
)
def test_an_address_is_found_in_what_was_pasted(typed: str, address: str) -> None:
    assert parse_email(typed) == address
    assert parse_email(address) == address


@pytest.mark.parametrize(
    "typed",
    ["", "ana", "ana@", "@acme.es", "a b@acme.es", "ana@acme..es", "a@b@c.es", "ana@x", "a@b.es\0",
     "ana@[127.0.0.1]", "Ana <>", "a@b.es\nBcc: c@d.es"],
)  # fmt: skip
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(InvalidValue, match="e-mail"):
        parse_email(typed)


def test_two_spellings_of_one_mailbox_have_one_key() -> None:
    assert email_key("José@Acme.ES") == email_key("jose@acme.es ")


@pytest.mark.parametrize("text", ["ana@acme.es", "<ana@acme.es>", "mailto:ANA@acme.co.uk"])
def test_an_address_looks_like_one(text: str) -> None:
    assert looks_like_email(text)


@pytest.mark.parametrize("text", ["ana", "@ana", "@ana@b.social", "a b@c.es", "ana@acme", "a@b.3"])
def test_other_things_do_not_look_like_an_address(text: str) -> None:
    assert not looks_like_email(text)


def test_free_mail_is_known() -> None:
    assert {"gmail.com", "hotmail.es", "proton.me", "gmx.de", "icloud.com"} <= FREE_MAIL
    assert "acme.es" not in FREE_MAIL


@pytest.mark.parametrize(
    ("typed", "domain"),
    [
        ("acme.es", "acme.es"),
        ("WWW.Acme.ES.", "acme.es"),
        ("https://www.acme.es:8443/a/b?c=d#e", "acme.es"),
        ("//acme.es/x", "acme.es"),
        ("http://ana:secret@shop.acme.co.uk/", "shop.acme.co.uk"),
        ("ana@acme.es", "acme.es"),
        ("mailto:ana@acme.es", "acme.es"),
        ("www.es", "www.es"),
        ("xn--and-6ma2c.es", "ñandú.es"),
        ("ÑANDÚ.es", "ñandú.es"),
        ("bücher.example", "bücher.example"),
        ("acme。es", "acme.es"),
    ],
)
def test_a_domain_is_found_in_what_was_pasted(typed: str, domain: str) -> None:
    assert parse_domain(typed) == domain
    assert parse_domain(domain) == domain


@pytest.mark.parametrize(
    "typed",
    ["", "acme", "localhost", "127.0.0.1", "[::1]", "a b.es", "-a.es", "acme..es", "_x.es",
     "https://", "xn--a.es", "a." * 200 + "es", "ñ" * 900 + ".es", "🙂.es"],
)  # fmt: skip
def test_what_is_no_domain_is_refused(typed: str) -> None:
    with pytest.raises(InvalidValue, match="domain: "):
        parse_domain(typed)


@pytest.mark.parametrize("text", ["acme.es", "www.acme.co.uk", "https://acme.es/a?b", "ñandú.es"])
def test_a_domain_looks_like_one(text: str) -> None:
    assert looks_like_domain(text)


@pytest.mark.parametrize(
    "text", ["Acme", "Acme S.L.", "S.L", "J.R.", "1.234", "10.0.0.1", "a@b.es"]
)
def test_other_things_do_not_look_like_a_domain(text: str) -> None:
    assert not looks_like_domain(text)


@pytest.mark.parametrize(
    ("full", "given", "family"),
    [
        ("Ana", "Ana", ""),
        ("Ana Ruiz", "Ana", "Ruiz"),
        ("Ana Ruiz Gómez", "Ana", "Ruiz Gómez"),
        ("Ana María Ruiz", "Ana María", "Ruiz"),
        ("José Luis", "José Luis", ""),
        ("José Luis Rodríguez Zapatero", "José Luis", "Rodríguez Zapatero"),
        ("Pablo Emilio Escobar Gaviria", "Pablo Emilio", "Escobar Gaviria"),
        ("Juan de la Cruz", "Juan", "de la Cruz"),
        ("JUAN DE LA CRUZ", "JUAN", "DE LA CRUZ"),
        ("José Luis de la Fuente García", "José Luis", "de la Fuente García"),
        ("María del Carmen López Ruiz", "María del Carmen", "López Ruiz"),
        ("Juan Carlos Pérez de León", "Juan Carlos", "Pérez de León"),
        ("José Ortega y Gasset", "José", "Ortega y Gasset"),
        ("Ludwig van Beethoven", "Ludwig", "van Beethoven"),
        ("Van Morrison", "Van", "Morrison"),
        ("João da Silva", "João", "da Silva"),
        ("Maria dos Santos", "Maria", "dos Santos"),
        ("de la Cruz", "", "de la Cruz"),
        ("Ruiz, Ana", "Ana", "Ruiz"),
        ("Ruiz Gómez, Dña. Ana María", "Ana María", "Ruiz Gómez"),
        ("Martin King, Jr.", "Martin", "King, Jr."),
        ("Martin Luther King Jr.", "Martin", "Luther King Jr."),
        ("J. R. R. Tolkien", "J. R. R.", "Tolkien"),
        ("John F. Kennedy", "John F.", "Kennedy"),
        ("Dr. Ana Ruiz", "Ana", "Ruiz"),
        ("D. José Pérez", "José", "Pérez"),
        ("D. H. Lawrence", "D. H.", "Lawrence"),
        ("Dª Ana Ruiz", "Ana", "Ruiz"),
        ("Sr. Dr. Juan Pérez", "Juan", "Pérez"),
        ("Mrs. Jane Smith", "Jane", "Smith"),
        ("Don Draper", "Don", "Draper"),
        ("Don José Pérez", "José", "Pérez"),
        ("  Ana \n  Ruiz ", "Ana", "Ruiz"),
        ("", "", ""),
    ],
)
def test_a_full_name_is_split_as_its_owner_would(full: str, given: str, family: str) -> None:
    assert split_name(full) == (given, family)


@given(st.lists(st.sampled_from(
    ["Ana", "José", "Luis", "de", "la", "van", "y", "e", "Ruiz", "F.", "Jr.", "María", "del", "Mar"]
), max_size=7))  # fmt: skip
def test_splitting_a_name_loses_no_word(words: list[str]) -> None:
    given_name, family = split_name(" ".join(words))
    assert f"{given_name} {family}".split() == words


def line(name: str, job_title: str = "", company: str = "", **more: tuple[str, ...]) -> ContactLine:
    return ContactLine(name, job_title, company, **more)


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        (
            "Ana Ruiz, CEO, Acme, ana@acme.es, +34 600 111 222",
            line("Ana Ruiz", "CEO", "Acme", emails=("ana@acme.es",), phones=("+34 600 111 222",)),
        ),
        ("Ana Ruiz", line("Ana Ruiz")),
        ("Ana Ruiz, Acme", line("Ana Ruiz", "", "Acme")),
        ("Ana Ruiz, jefa de compras", line("Ana Ruiz", "jefa de compras")),
        ("Ana Ruiz, Acme, Jefa de Compras", line("Ana Ruiz", "Jefa de Compras", "Acme")),
        ("Ana Ruiz, Soprano, Liceu", line("Ana Ruiz", "Soprano", "Liceu")),
        (
            "Ana Ruiz, Soprano, Liceu, Barcelona",
            line("Ana Ruiz", "Soprano", "Liceu", rest=("Barcelona",)),
        ),
        ("Ana Ruiz, Ventas Globales SL, CEO", line("Ana Ruiz", "CEO", "Ventas Globales SL")),
        ("Ana Ruiz, Acme, S.L., CEO", line("Ana Ruiz", "CEO", "Acme, S.L.")),
        ("Ana Ruiz, CEO at Acme", line("Ana Ruiz", "CEO", "Acme")),
        ("Ana Ruiz, CEO @ Acme", line("Ana Ruiz", "CEO", "Acme")),
        ("Ana Ruiz <ana@acme.es>, CTO", line("Ana Ruiz", "CTO", emails=("ana@acme.es",))),
        ("ana@acme.es, Ana Ruiz", line("Ana Ruiz", emails=("ana@acme.es",))),
        ("ana@acme.es", line("", emails=("ana@acme.es",))),
        (
            "Ana Ruiz; a@acme.es; b@acme.es; 911234567; 600111222",
            line("Ana Ruiz", emails=("a@acme.es", "b@acme.es"), phones=("911234567", "600111222")),
        ),
        ("Ana Ruiz, Acme, www.acme.es", line("Ana Ruiz", "", "Acme", domains=("www.acme.es",))),
        ("Ana Ruiz, Acme, @ana", line("Ana Ruiz", "", "Acme", rest=("@ana",))),
        (" Ana  Ruiz ,, Acme , ", line("Ana Ruiz", "", "Acme")),
    ],
)
def test_one_line_says_all_about_a_person(typed: str, understood: ContactLine) -> None:
    assert parse_contact_line(typed) == understood


@pytest.mark.parametrize("typed", ["", "  ", "Ana\0", "Ana, ana@acme..es"])
def test_a_line_that_cannot_be_kept_is_refused(typed: str) -> None:
    with pytest.raises(InvalidValue):
        parse_contact_line(typed)


@pytest.mark.parametrize(
    ("typed", "network", "handle"),
    [
        ("https://www.linkedin.com/in/ana-ruiz/", "linkedin", "ana-ruiz"),
        ("es.linkedin.com/in/ana-ruiz?trk=x", "linkedin", "ana-ruiz"),
        ("https://linkedin.com/company/acme", "linkedin", "company/acme"),
        ("https://www.linkedin.com/in/jos%C3%A9", "linkedin", "josé"),
        ("linkedin:ana-ruiz", "linkedin", "ana-ruiz"),
        ("linkedin:company/acme", "linkedin", "company/acme"),
        ("linkedin:https://www.linkedin.com/in/ana", "linkedin", "ana"),
        ("x:@ana", "x", "ana"),
        ("Twitter: ana", "x", "ana"),
        ("https://mobile.twitter.com/ana/status/1", "x", "ana"),
        ("x.com/ana", "x", "ana"),
        ("instagram.com/ana.ruiz", "instagram", "ana.ruiz"),
        ("https://m.facebook.com/ana", "facebook", "ana"),
        ("https://facebook.com/profile.php?id=123", "facebook", "123"),
        ("https://github.com/ana/crm", "github", "ana"),
        ("@ana@B.social", "mastodon", "ana@b.social"),
        ("mastodon:@ana@b.social", "mastodon", "ana@b.social"),
        ("https://b.social/@ana", "mastodon", "ana@b.social"),
        ("https://social.acme.co.uk/@ana", "mastodon", "ana@social.acme.co.uk"),
        ("https://www.youtube.com/@ana", "youtube", "ana"),
    ],
)
def test_a_profile_is_known_by_its_address_or_its_network(
    typed: str, network: str, handle: str
) -> None:
    assert parse_handle(typed) == (network, handle)
    assert parse_handle(f"{network}:{handle}") == (network, handle)


@pytest.mark.parametrize(
    "typed",
    ["", "ana", "@ana", "ana@acme.es", "https://acme.es/ana", "myspace:ana", "x:", "x:@", "x:a b",
     "mastodon:ana", "https://linkedin.com/", "javascript:alert(1)", "x:\u202eana"],
)  # fmt: skip
def test_a_handle_on_no_known_network_is_refused(typed: str) -> None:
    with pytest.raises(InvalidValue, match="handle: "):
        parse_handle(typed)


ends_or_marks = st.text(
    st.sampled_from("aé日.@:/,-<> \x1b\u202e\n1+x%") | st.characters(), max_size=50
)


@given(ends_or_marks)
def test_any_text_is_understood_or_refused(text: str) -> None:
    looks_like_email(text)
    looks_like_domain(text)
    split_name(text)
    email_key(text)
    for parse in (parse_email, parse_domain, parse_contact_line, parse_handle):
        try:
            parse(text)
        except InvalidValue as refusal:
            assert refusal.hint  # noqa: PT017 - every refusal says what to type


@pytest.mark.parametrize(
    "text", ["a." * 500, "a@" * 500, "a" * 1000, "." * 1000, "-" * 999, "<" * 999, "a " * 499]
)
def test_no_text_takes_long(text: str) -> None:
    started = time.perf_counter()
    test_any_text_is_understood_or_refused.hypothesis.inner_test(text)  # type: ignore[attr-defined]
    assert time.perf_counter() - started < 0.5


@settings(deadline=None)
@given(st.from_regex(people._PLAIN, fullmatch=True))
def test_an_address_taken_as_it_stands_is_one_the_validator_takes_too(address: str) -> None:
    short = parse_email(address)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(people, "_PLAIN", re.compile("(?!)"))

        assert parse_email(address) == short
