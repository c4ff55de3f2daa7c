"""Headings are understood: in two languages, with labels and numbers, for four nouns in a row."""

from __future__ import annotations

import pytest

from importers.drafts import understand
from importers.headings import words_of
from language.errors import InvalidValue
from language.fields import Field
from tests.importers.sheets import READING, batch, fields, sheet


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("E-mail (work)", "contact.emails"),
        ("Correo electrónico", "contact.emails"),
        ("Correo 1", "contact.emails"),
        ("Email 2 Address", "contact.emails"),
        ("DIRECCIÓN DE CORREO", "contact.emails"),
        ("Home E-mail", "contact.emails:home"),
        ("Teléfono móvil", "contact.phones:mobile"),
        ("Tel. 2", "contact.phones"),
        ("Teléfono fijo", "contact.phones"),
        ("Mobile Phone", "contact.phones:mobile"),
        ("Business Fax", "contact.phones:fax"),
        ("Phone 1 - Value", "contact.phones"),
        ("Phone 1 - Type", "contact.phones:type"),
        ("MobilePhone", "contact.phones:mobile"),
        ("Nº de teléfono", "contact.phones"),
        ("Mailing Zip/Postal Code", "contact.addresses:.postcode"),
        ("Home Street", "contact.addresses:home.street"),
        ("C.P.", "contact.addresses:.postcode"),
        ("LinkedIn Profile URL", "contact.handles:linkedin"),
        ("Cargo en la empresa", ""),
        ("Observaciones", "contact.note"),
        ("Date of birth", "contact.birthday"),
        ("Wedding Anniversary", "contact.dates:anniversary"),
        ("Asesor", "contact.owner"),
        ("Company website", "company.domains"),
        ("Web de la empresa", "company.domains"),
        ("company.domains", "company.domains"),
        ("Account: City", "company.addresses:.city"),
        ("Company phone", "company.phones"),
        ("Industry", "company.industry"),
        ("Nº de empleados", "company.size"),
        ("Account Name", "contact.company"),
        ("Account ID", "company.external_id"),
        ("Contact ID", "contact.external_id"),
        ("Opportunity name", "deal.title"),
        ("Deal stage", "deal.stage"),
        ("Importe de la oportunidad", "deal.amount"),
        ("Last call date", "activity.at:call"),
        ("Fecha de la última reunión", "activity.at:meeting"),
        ("Call notes", "activity.note:call"),
        ("activity.note", "activity.note"),
        ("Next call date", ""),
        ("Size", ""),
        ("Twitter followers", ""),
        ("Created", ""),
    ],
)
def test_a_heading_of_a_list_of_contacts_is_understood(heading: str, field: str) -> None:
    assert fields("contact", f"Name|{heading}")[heading] == field


@pytest.mark.parametrize(
    ("noun", "heading", "field"),
    [
        ("company", "Cifra de negocio", "company.revenue"),
        ("company", "Persona de contacto", "contact.name"),
        ("company", "Contact e-mail", "contact.emails"),
        ("company", "Email", "company.emails"),
        ("company", "First name", "contact.given_name"),
        ("company", "Matriz", "company.parent"),
        ("deal", "Account: Account Name", "deal.company"),
        ("deal", "Contact Name", "deal.contacts"),
        ("deal", "Contact: Email", "contact.emails"),
        ("deal", "Status", "deal.stage:outcome"),
        ("deal", "Importe (€)", "deal.amount"),
        ("deal", "Website", "company.domains"),
        ("deal", "Fecha prevista de cierre", "deal.expected_close"),
        ("activity", "Fecha", "activity.at"),
        ("activity", "Contact", "activity.contacts"),
        ("activity", "Contact e-mail", "contact.emails"),
        ("activity", "Duración (min)", "activity.minutes"),
        ("task", "Vencimiento", "task.due"),
        ("task", "Contact name", "task.contact"),
        ("product", "Precio unitario", "product.price"),
        ("user", "Departamento", "user.team"),
    ],
)
def test_every_noun_has_its_words(noun: str, heading: str, field: str) -> None:
    title = {"deal": "title", "task": "title", "activity": "subject"}.get(noun, "name")
    assert fields(noun, f"{title}|{heading}")[heading] == field


def test_what_names_a_deal_makes_its_other_columns_clear() -> None:
    found = fields("contact", "Name|Deal name|Amount|Stage|Close date")

    assert found["Amount"] == "deal.amount"
    assert found["Stage"] == "deal.stage"
    assert fields("contact", "Name|Amount")["Amount"] == ""


def test_an_email_beside_a_deal_is_its_contacts_unless_only_a_company_is_named() -> None:
    assert fields("deal", "Title|Contact|Email")["Email"] == "contact.emails"
    assert fields("deal", "Title|Company|Email")["Email"] == "company.emails"


def test_every_column_says_why() -> None:
    found = understand(
        sheet("Name|Correo|Company website|x|Shoe size", "Ana|a@x.es|x.es|y|42"),
        "contact",
        READING,
        chosen=["x=note"],
    )

    assert [one.why for one in found.columns] == [
        "the heading is the name of the field",
        "the heading is a word for the field",
        "the heading names the company",
        "--map",
        "no field of this name; 1 of 1 cells are filled",
    ]
    assert found.columns[1].sample == ("a@x.es",)


def test_headings_that_say_nothing_are_told_by_their_cells() -> None:
    rows = ["Ana|a@x.es|600 111 222|acme.es", "Luis|l@x.es|600 111 223|beta.es"]
    found = understand(sheet("Name|Column 3|Campo1|", *rows), "contact", READING)

    assert [(one.noun, one.field) for one in found.columns[1:]] == [
        ("contact", "emails"),
        ("contact", "phones"),
        ("company", "domains"),
    ]
    assert found.columns[1].why == "100 % of the cells are e-mail addresses"
    assert found.columns[3].header == "column 4"


def test_few_cells_that_agree_say_nothing() -> None:
    rows = ["Ana|a@x.es", "Luis|hello", "Eva|there"]

    assert fields("contact", "Name|Column 2", *rows)["Column 2"] == ""


def test_a_meaning_heading_is_never_overruled_by_its_cells() -> None:
    assert fields("contact", "Name|Favourite shop", "Ana|acme.es")["Favourite shop"] == ""


def test_the_better_of_two_headings_wins_and_the_other_is_told() -> None:
    found = batch("deal", "Title|Value|Amount", "A|1|2")

    assert found.main.columns["amount"][0].minor == 200
    assert found.ignored == {1: "'Amount' holds the amount already"}


def test_the_same_heading_twice_fills_where_the_first_is_empty() -> None:
    found = batch("contact", "Name|Job title|Job title", "Ana|CEO|CTO", "Eva||Buyer")

    assert found.main.columns["job_title"] == ["CEO", "Buyer"]
    assert any("1 other values are left out" in note for note in found.notes)


def test_map_leaves_out_chooses_and_reaches_another_noun() -> None:
    found = batch(
        "contact",
        "Quien|Ramo|Basura|Nota A|Nota B",
        "Ana|IT|x|a|b",
        chosen=["Quien=name", "ramo=company.industry", "Basura=", "Nota A=note", "Nota B=note"],
    )

    assert found.main.columns == {"name": ["Ana"], "note": ["a\nb"]}
    assert found.linked["company"].columns == {"industry": ["IT"]}
    assert found.ignored == {2: "left out, as you said"}


def test_map_refuses_what_is_not_there_with_the_nearest() -> None:
    with pytest.raises(InvalidValue, match="no column 'Nmae'") as refused:
        batch("contact", "Name", "Ana", chosen=["Nmae=name"])
    assert "Name" in refused.value.hint
    with pytest.raises(InvalidValue, match="contact has no field 'emial'") as refused:
        batch("contact", "Name|x", "Ana|y", chosen=["x=emial"])
    assert "emails" in refused.value.hint
    with pytest.raises(InvalidValue, match="products holds no company"):
        batch("product", "Name|x", "Pro|y", chosen=["x=company.name"])


def test_map_refuses_two_columns_for_one_value() -> None:
    with pytest.raises(InvalidValue, match="'a' and 'b' both hold the job_title"):
        batch("contact", "Name|a|b", "Ana|x|y", chosen=["a=job_title", "b=job_title"])


def test_a_table_that_names_no_record_is_refused() -> None:
    with pytest.raises(InvalidValue, match="holds the name of a contact"):
        batch("contact", "Owner|Source", "Eva|fair")
    with pytest.raises(InvalidValue, match="is a field of a contact"):
        batch("contact", "x|y", "1|2")


def test_nombre_is_a_first_name_only_beside_surnames() -> None:
    assert "given_name" in batch("contact", "Nombre|Apellidos", "Ana|Ruiz").main.columns
    assert batch("contact", "Nombre|Empresa", "Ana Ruiz|Acme").main.columns["name"] == ["Ana Ruiz"]


def test_name_beside_surname_is_the_first_name() -> None:
    found = batch("contact", "Name|Surname", "Ana|Ruiz", "Eva|Gil")

    assert found.main.columns == {"given_name": ["Ana", "Eva"], "family_name": ["Ruiz", "Gil"]}
    assert "name" in batch("contact", "Name|Surname", "Ana Ruiz|Ruiz").main.columns


def test_unknown_columns_become_fields_of_the_kind_that_is_seen() -> None:
    rows = [
        f"Ana {i}|{i}|{i}.5 €|0{i}|2{i}/12/2026|si|{'red' if i % 2 else 'blue'}|"
        for i in range(1, 10)
    ]
    heads = "Name|Shoe size|Quota|Code|Joined|Member|Team colour|Empty"
    found = batch("contact", heads, *rows, create_fields=True)

    assert [(new.label, new.kind, new.key) for new in found.new_fields] == [
        ("Shoe size", "number", "shoe_size"),
        ("Quota", "money", "quota"),
        ("Code", "text", "code"),
        ("Joined", "date", "joined"),
        ("Member", "flag", "member"),
        ("Team colour", "text", "team_colour"),
    ]
    assert found.main.columns["member"] == [True] * 9
    assert found.ignored == {7: "no field of this name; 0 of 9 cells are filled"}


def test_few_different_words_become_choices() -> None:
    rows = [f"Ana {i}|{'Gold' if i % 2 else 'Silver'}" for i in range(12)]
    found = batch("contact", "Name|Grade", *rows, create_fields=True)

    assert (found.new_fields[0].kind, found.new_fields[0].choices) == ("choice", ("Gold", "Silver"))
    assert found.main.columns["grade"][:2] == ["Silver", "Gold"]


def test_headings_are_compared_without_case_accents_and_marks() -> None:
    assert words_of(" Correo_Electrónico: ") == words_of("correo electronico")
    assert words_of("E-Mail") == "email"


def test_a_field_of_the_teams_own_comes_before_our_words() -> None:
    own = {"deal": [Field("budget", "money", "Budget")]}

    assert fields("deal", "Title|Budget", custom=own)["Budget"] == "deal.budget"
    assert fields("deal", "Title|Budget")["Budget"] == "deal.amount"
