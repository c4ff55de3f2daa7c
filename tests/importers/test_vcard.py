"""vCards of phones and mail programs become contacts, whatever version they are written in."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from importers import Sheet, read_sheet
from language.errors import InvalidValue
from language.lists import split_list

DATA = Path(__file__).parent.parent / "data"


def sheet(text: str, **options: str) -> Sheet:
    return read_sheet(io.BytesIO(text.encode()), "x.vcf", **options)


def card(*lines: str, version: str = "3.0") -> str:
    return "\r\n".join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""])


def people(found: Sheet) -> list[dict[str, object]]:
    return [dict(zip(found.headers, row, strict=True)) for row in found.rows]


def test_cards_of_an_iphone_and_of_version_4_are_read_whole() -> None:
    with (DATA / "cards.vcf").open("rb") as file:
        found = read_sheet(file, "cards.vcf")

    ana, nuria = people(found)
    assert ana == {
        "uid": "",
        "external_id": "1f2e-ana",
        "name": "Dra. Ana María Ruiz Ibáñez",
        "given_name": "Ana María",
        "family_name": "Ruiz Ibáñez",
        "job_title": "Directora",
        "company": "Acme, S.L.",
        "emails": "work:ana.ruiz@acme.example; home:ana@home.example",
        "phones": "mobile:+34 600 111 222; assistant:+34 912 000 000",
        "addresses": "work:Gran Vía 1, Planta 3, 28001 Madrid, España",
        "handles": "linkedin:ana-ruiz; x:anaruiz",
        "birthday": "05-03",
        "dates": "anniversary:2010-06-12",
        "tags": "VIP; Feria, 2026",
        "note": "Quiere precios\nantes de Navidad; llamar por la mañana\nDepartment: Ventas\n"
        "Web: http://www.acme.example\nNickname: Anita",
    }
    assert nuria["emails"] == "work:nuria@gamma.example; home:nuria@casa.example"
    assert nuria["phones"] == "mobile:+34-930-001-122"
    assert (nuria["birthday"], nuria["dates"]) == ("05-03", "anniversary:2009-08-08")
    assert nuria["addresses"] == "work:Calle 1, Barcelona"
    assert nuria["uid"] == "4fbe8971-0bc3-424c-9c26-36c3e1eff6b1"
    assert [(row.line, row.reason) for row in found.broken] == [
        (43, "a group of contacts, no contact")
    ]
    assert found.notes == ["left out of the cards: GENDER"]
    assert found.facts["version"] == "3.0, 4.0"


def test_a_card_of_an_old_phone_is_read_with_its_quoted_printable() -> None:
    with (DATA / "phone-2.1.vcf").open("rb") as file:
        found = read_sheet(file, "phone-2.1.vcf")

    assert people(found)[0] == {
        "name": "Íñigo Muñoz",
        "given_name": "Íñigo",
        "family_name": "Muñoz",
        "job_title": "Jefe de compras",
        "company": "Betasol; Hijos",
        "emails": "inigo@betasol.example",
        "phones": "work:912 345 678; mobile:600 333 444; fax:912 345 679",
        "addresses": "work:Calle Mayor 5, 28013 Madrid, Madrid, España",
        "birthday": "1980-03-22",
        "note": 'Pide la "demo" larga\nen enero, con su jefe\nDepartment: Compras',
    }
    assert "left out of the cards: PHOTO, REV" in found.notes


def test_a_card_without_a_written_name_gets_one_from_its_parts() -> None:
    found = sheet(card("N:Ruiz;Ana;;;") + card("FN:Luis"))

    assert [person["name"] for person in people(found)] == ["Ana Ruiz", "Luis"]


def test_a_broken_card_leaves_its_neighbours() -> None:
    open_card = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Half a\r\n"
    found = sheet(card("FN:Ana") + open_card + card("FN:Luis") + card("NOTE:nobody"))

    assert [person["name"] for person in people(found)] == ["Ana", "Luis"]
    assert [(row.line, row.reason) for row in found.broken] == [
        (5, "the card has no END:VCARD"),
        (12, "the card names nobody"),
    ]
    assert found.broken[0].value.endswith("FN:Half a")


def test_a_line_that_says_nothing_costs_no_card() -> None:
    found = sheet(card("FN:Ana", "gibberish", "EMAIL:a@x.es"))

    assert found.rows == [["Ana", "a@x.es"]]
    assert found.extras == {0: "gibberish"}


def test_the_card_of_a_company_is_no_contact() -> None:
    found = sheet(card("FN:Ana") + card("FN:Acme", "ORG:Acme", "X-ABShowAs:COMPANY"))

    assert [row.value.splitlines()[2] for row in found.broken] == ["FN:Acme"]


def test_a_card_inside_a_card_is_no_contact_of_its_own() -> None:
    inner = "AGENT:\r\nBEGIN:VCARD\r\nVERSION:2.1\r\nFN:Assistant\r\nEND:VCARD"
    found = sheet(card("FN:Ana", inner, "TEL;HOME:123", version="2.1"))

    assert found.rows == [["Ana", "home:123"]]


def test_an_open_soft_break_does_not_swallow_the_next_property() -> None:
    note = "NOTE;ENCODING=QUOTED-PRINTABLE:one =\r\n\r\nEMAIL:a@x.es"
    found = sheet(card("FN:Ana", note, version="2.1"))

    assert people(found)[0]["emails"] == "a@x.es"


def test_a_semicolon_inside_a_value_does_not_part_a_list() -> None:
    found = sheet(card("FN:Ana", "CATEGORIES:a\\;b,c", "EMAIL:x@y.es"))

    assert split_list(str(people(found)[0]["tags"])) == ["a;b", "c"]


def test_a_file_without_cards_is_refused() -> None:
    with pytest.raises(InvalidValue, match="holds no vCard"):
        sheet("FN:Ana\r\n")


def test_cards_are_known_whatever_the_file_is_called() -> None:
    found = read_sheet(io.BytesIO(card("FN:Ana").encode()), "people.csv")

    assert found.rows == [["Ana"]]
    assert found.notes == ["the file is vcard, though its name ends in .csv"]


def test_cards_of_real_programs_are_read(real_data: Path) -> None:
    counts = {}
    for path in sorted((real_data / "vcard").glob("*.vcf")):
        with path.open("rb") as file:
            found = read_sheet(file, path.name)
        counts[path.name] = (len(found.rows), len(found.broken), len(found.extras))

    assert counts == {
        "John_Doe_ANDROID.vcf": (6, 0, 0),
        "John_Doe_IPHONE.vcf": (1, 0, 0),
        "John_Doe_MS_OUTLOOK.vcf": (1, 0, 0),
        "gmail-single.vcf": (1, 0, 0),
        "outlook-2003.vcf": (1, 0, 0),
    }
