"""`--detect`: what a file is, whose it is, and why."""

from __future__ import annotations

from pathlib import Path

import pytest

from importers.detect import detect
from importers.profile import Profile, shipped_profiles
from tests.importers.sheets import READING, csv_sheet, sheet


@pytest.mark.parametrize(
    ("headers", "noun"),
    [
        ("Nombre|Apellidos|Empresa|Teléfono|Correo electrónico|Comercial", "contact"),
        ("Razón social|Domicilio|Localidad|Tel.|Web|Persona de contacto|Sector", "company"),
        ("Oportunidad|Cliente|Importe (€)|Fase|Fecha de cierre|Comercial", "deal"),
        ("Date|Type|Subject|Contact|Company|Notes|Duration|Outcome", "activity"),
        ("Task|Due date|Assigned to|Priority|Contact", "task"),
        ("SKU|Product name|Unit price|Category", "product"),
        ("Sales agent|Manager|Regional office", "user"),
    ],
)
def test_the_noun_of_a_file_is_told_by_its_headings(headers: str, noun: str) -> None:
    found = detect(sheet(headers, "|".join("x" * len(headers.split("|")))), READING)

    assert found.nouns[0].noun == noun
    assert found.understood.noun == noun
    assert "columns are fields of a" in found.nouns[0].why
    assert found.profile is None


def test_the_program_of_a_file_is_told_with_what_it_knows() -> None:
    headers = "Record ID|Deal Name|Deal Stage|Amount|Deal owner|Close Date"
    found = detect(sheet(headers, "1|A|Proposal|10|eva|2026-03-01"), READING)

    assert found.profile is not None
    assert found.profile.profile.name == "hubspot-deals"
    assert "telling headings are there" in found.profile.why
    assert found.nouns[0].noun == "deal"
    assert "HubSpot" in found.nouns[0].why


def test_leads_are_said_to_be_read_as_contacts() -> None:
    headers = "Lead ID|Lead Owner|First Name|Last Name|Company|Lead Status|Lead Source"
    found = detect(sheet(headers, "1|eva|Ana|Ruiz|Acme|New|Fair"), READING)

    assert found.nouns[0].noun == "contact"
    assert "Leads are read as contacts, each with its company." in found.notes


def test_profiles_that_fit_as_well_are_named() -> None:
    mine = Profile("a", "contact", {"x": "name", "y": "note"}, signature=("x", "y"))
    twin = Profile("b", "contact", {"x": "name", "y": "tags"}, signature=("x", "y"))
    found = detect(sheet("x|y", "Ana|hello"), READING, profiles=[mine, twin, *shipped_profiles()])

    assert found.profile is not None
    assert found.profile.profile.name == "a"
    assert "as well it may be: b; name one with --profile" in found.notes


def test_our_own_export_is_known_by_its_keys() -> None:
    found = detect(sheet("name|company|emails|uid", "Ana|Acme|a@x.es|"), READING)

    assert found.is_ours
    assert found.nouns[0].why == "its headings are the keys of our own export"
    assert found.understood.columns[2].why == "the heading is the key of the field"


def test_a_first_line_that_is_a_row_is_suspected() -> None:
    found = detect(sheet("Ana|ana@x.es", "Eva|eva@x.es"), READING)

    assert any("is that line a row, not headings?" in note for note in found.notes)


def test_a_file_without_headings_that_say_anything_is_still_told() -> None:
    found = detect(sheet("Campo1|Campo2", "x|y"), READING)

    assert found.nouns[0].score == 0
    assert [one.field for one in found.understood.columns] == ["", ""]


def test_decisions_and_facts_are_part_of_it() -> None:
    table = sheet("Deal|Close date", "A|25/04/2026", "B|03/04/2026")
    table.facts |= {"delimiter": "comma"}
    found = detect(table, READING)

    assert found.understood.columns[1].decisions == ("day first",)
    assert (found.rows, found.facts["delimiter"]) == (2, "comma")


def test_an_empty_table_is_no_trouble() -> None:
    assert detect(sheet("Name|Email"), READING).rows == 0


def test_real_files_are_told(real_data: Path) -> None:
    folder = real_data / "maven-crm"
    nouns = {
        path.name: detect(csv_sheet(path.read_bytes(), path.name), READING).nouns[0].noun
        for path in sorted(folder.glob("*.csv"))
    }

    assert nouns == {
        "accounts.csv": "company",
        "products.csv": "product",
        "sales_pipeline.csv": "deal",
        "sales_teams.csv": "user",
    }
