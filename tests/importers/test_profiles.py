"""Exports of other programs are recognised by their headings, and a user keeps mappings too."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest

from importers.chosen import target
from importers.drafts import read_drafts, understand
from importers.profile import (
    Profile,
    best_of,
    list_profiles,
    load_profile,
    profile_from,
    recognise,
    save_profile,
    shipped_profiles,
)
from language.errors import InvalidValue, NotFound
from tests.importers import exports
from tests.importers.sheets import READING, batch, fields, sheet

NAMES = {profile.name: profile for profile in shipped_profiles()}

# A header line of each program as its exports have it, with what some of its columns are.
LINES: dict[str, tuple[str, dict[str, str]]] = {
    "salesforce-contacts": (
        ("Contact ID|First Name|Last Name|Account Name|Mailing Street|Mailing City"
         "|Mailing State/Province|Mailing Zip/Postal Code|Mailing Country|Phone|Mobile|Email"),
        {"Contact ID": "contact.external_id", "Mobile": "contact.phones:mobile",
         "Account Name": "contact.company"},
    ),
    "salesforce-leads": (
        ("Lead ID|Lead Owner|First Name|Last Name|Company|Lead Status|Lead Source|State/Province"
         "|Zip/Postal Code|No. of Employees"),
        {"Company": "contact.company", "No. of Employees": "company.size"},
    ),
    "salesforce-accounts": (
        ("Account ID|Account Name|Account Owner|Billing Street|Billing City"
         "|Billing State/Province|Billing Zip/Postal Code|Website"),
        {"Account ID": "company.external_id", "Website": "company.domains",
         "Billing City": "company.addresses:billing.city"},
    ),
    "salesforce-opportunities": (
        ("Opportunity Owner|Account Name|Opportunity Name|Stage|Fiscal Period|Amount"
         "|Probability (%)|Age|Close Date|Created Date|Next Step|Lead Source|Type"),
        {"Opportunity Name": "deal.title", "Account Name": "deal.company", "Age": ""},
    ),
    "salesforce-contacts-api": (
        "Id|AccountId|LastName|FirstName|MailingStreet|MailingCity|MailingPostalCode|OwnerId",
        {"Id": "contact.external_id", "AccountId": "company.external_id"},
    ),
    "hubspot-contacts": (
        ("Record ID|First Name|Last Name|Email|Phone Number|Lead Status|Create Date"
         "|Associated Company|Country/Region|Contact owner"),
        {"Record ID": "contact.external_id", "Associated Company": "contact.company"},
    ),
    "hubspot-companies": (
        "Record ID|Company name|Website URL|Company owner|Create Date",
        {"Website URL": "company.domains", "Company owner": "company.owner"},
    ),
    "hubspot-deals": (
        "Record ID|Deal Name|Deal Stage|Amount|Deal owner|Close Date|Last Activity Date",
        {"Deal Stage": "deal.stage", "Deal owner": "deal.owner"},
    ),
    "pipedrive-people": (
        ("Person - Name|Person - Organization|Person - Email - Work|Person - Phone - Work"
         "|Person - Owner|Person - ID"),
        {"Person - Organization": "contact.company", "Person - ID": "contact.external_id"},
    ),
    "pipedrive-organizations": (
        "Organization - Name|Organization - Owner|Organization - Address|Organization - People",
        {"Organization - Name": "company.name", "Organization - People": ""},
    ),
    "pipedrive-deals": (
        ("Deal - Title|Deal - Owner|Deal - Pipeline|Deal - Stage|Deal - Value|Deal - Currency"
         "|Deal - Expected close date|Deal - Status|Organization - Name|Person - Name"
         "|Person - Email"),
        {"Deal - Status": "deal.stage:outcome", "Deal - Currency": "deal.amount:currency",
         "Person - Email": "contact.emails"},
    ),
    "zoho-contacts": (
        ("Record Id|Contact Owner|Lead Source|First Name|Last Name|Account Name|Email|Phone"
         "|Mailing Street|Mailing City|Mailing Zip|Secondary Email|Tag"),
        {"Tag": "contact.tags", "Secondary Email": "contact.emails:other"},
    ),
    "zoho-deals": (
        "Deal Owner|Deal Name|Account Name|Closing Date|Stage|Amount|Contact Name",
        {"Closing Date": "deal.closed_at", "Contact Name": "deal.contacts"},
    ),
    "suitecrm-contacts": (
        ("ID|First Name|Last Name|Job Title|Account Name|Office Phone|Mobile"
         "|Primary Address Street|Primary Address City|Primary Address Postal Code|Assigned User"),
        {"Office Phone": "contact.phones", "ID": "contact.external_id"},
    ),
    "suitecrm-contacts-columns": (
        ("id|first_name|last_name|phone_work|phone_mobile|primary_address_street"
         "|primary_address_postalcode|alt_address_street|date_entered"),
        {"phone_work": "contact.phones", "alt_address_street": "contact.addresses:other.street"},
    ),
    "insightly-contacts": (
        ("Record Id|First Name|Last Name|Email Address|Organization|Address Mail Street"
         "|Address Mail City|Address Mail Postcode|Date Of Birth"),
        {"Address Mail City": "contact.addresses:.city", "Organization": "contact.company"},
    ),
    "nutshell-people": (
        "Legacy ID|First Name|Last Name|Job Title|Company name|Email|Territory|Audience|Note",
        {"Legacy ID": "contact.external_id", "Note": "contact.note"},
    ),
    "dynamics-contacts": (
        ("(Do Not Modify) Contact|(Do Not Modify) Row Checksum|(Do Not Modify) Modified On"
         "|Full Name|Email|Company Name|Business Phone|Address 1: City|Status"),
        {"(Do Not Modify) Contact": "contact.external_id", "Status": "",
         "Address 1: City": "contact.addresses:.city"},
    ),
    "dynamics-opportunities": (
        ("(Do Not Modify) Opportunity|(Do Not Modify) Row Checksum|(Do Not Modify) Modified On"
         "|Topic|Potential Customer|Est. Close Date|Est. Revenue"),
        {"Topic": "deal.title", "Est. Revenue": "deal.amount"},
    ),
    "act-contacts": (
        ("Company|Contact|Phone|Alternate Phone|ID/Status|Last Reach|Last Results|E-mail"
         "|Address 1|City"),
        {"Contact": "contact.name", "ID/Status": "contact.tags"},
    ),
    "goldmine-contacts": (
        "ACCOUNTNO|COMPANY|CONTACT|LASTNAME|PHONE1|FAX|ADDRESS1|CITY|ZIP|MERGECODES|KEY1",
        {"CONTACT": "contact.name", "PHONE1": "contact.phones", "LASTNAME": ""},
    ),
    "keap-contacts": (
        ("Contact Id|First Name|Last Name|Email|Phone 1|Phone 2|Street Address 1"
         "|Street Address 2|City|Person Type|Lead Source"),
        {"Phone 2": "contact.phones", "Person Type": ""},
    ),
    "netsuite-customers": (
        "Internal ID|Company Name|Sales Rep|Email|Alt. Phone|Web Address|Subsidiary",
        {"Sales Rep": "company.owner", "Web Address": "company.domains"},
    ),
    "odoo-contacts": (
        ("Name|Related Company|Job Position|Email|Phone|Street|Street2|Zip|City|Salesperson"
         "|Is a Company"),
        {"Related Company": "contact.company", "Job Position": "contact.job_title"},
    ),
    "odoo-opportunities": (
        "Opportunity|Customer|Expected Revenue|Expected Closing|Stage|Salesperson|Sales Team",
        {"Expected Closing": "deal.expected_close", "Customer": "deal.company"},
    ),
    "google-contacts": (
        ("First Name|Middle Name|Last Name|Phonetic First Name|Name Prefix|Nickname|File As"
         "|Organization Name|Organization Title|Birthday|Notes|Labels|E-mail 1 - Label"
         "|E-mail 1 - Value|Phone 1 - Label|Phone 1 - Value"),
        {"Organization Title": "contact.job_title", "Phone 1 - Label": "contact.phones:type"},
    ),
    "google-contacts-old": (
        ("Name|Given Name|Additional Name|Family Name|Yomi Name|Name Prefix|Group Membership"
         "|E-mail 1 - Type|E-mail 1 - Value|Phone 1 - Type|Phone 1 - Value"
         "|Organization 1 - Name|Organization 1 - Title"),
        {"Organization 1 - Name": "contact.company", "Group Membership": "contact.tags"},
    ),
    "outlook-contacts": (
        ("Title|First Name|Middle Name|Last Name|Suffix|Company|Department|Job Title"
         "|Business Street|Business City|Business Fax|Business Phone|Company Main Phone"
         "|Mobile Phone|E-mail Address|E-mail 2 Address|Home Street|Web Page"),
        {"Company Main Phone": "company.phones:main", "Business Fax": "contact.phones:fax",
         "Home Street": "contact.addresses:home.street"},
    ),
    "linkedin-connections": (
        "First Name|Last Name|URL|Email Address|Company|Position|Connected On",
        {"URL": "contact.handles:linkedin", "Connected On": "contact.dates:connected"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LINES)
def test_an_export_is_recognised_and_its_columns_understood(name: str) -> None:
    line, wanted = LINES[name]
    best, others = best_of(recognise(line.split("|"), shipped_profiles()))

    assert best is not None
    assert best.profile.name == name
    assert not others
    found = fields(best.profile.noun, line, profile=best.profile)
    assert {heading: found[heading] for heading in wanted} == wanted


LOOKS = re.compile(
    r"name|nombre|apellid|mail|correo|phone|tel[eé]f|fax|mobile|m[oó]vil|company|compañ|empresa"
    r"|account|organi|\bid\b|guid|t[ií]t(le|ulo)",
    re.IGNORECASE,
)
REASONS = ("already", "without honorifics", "the whole name holds it")


@pytest.mark.parametrize("name", NAMES)
def test_of_a_whole_export_nothing_that_says_who_it_is_is_lost(name: str) -> None:
    headings = exports.LINES[name].split("|")
    best, others = best_of(recognise(headings, shipped_profiles()))

    assert best is not None
    assert (best.profile.name, others) == (name, [])
    table = sheet("|".join(headings), "|".join("x" * len(headings)))
    found = understand(table, best.profile.noun, READING, profile=best.profile)
    left = {one for each in exports.LEFT_OUT.values() for one in each.split("|")}
    left.add(exports.OF_ODOO_ITSELF.get(name, ""))
    out = {one.header: one.why for one in found.columns if not one.field}
    lost = {
        heading: why
        for heading, why in out.items()
        if LOOKS.search(heading) and heading not in left and not any(one in why for one in REASONS)
    }
    assert lost == {}


def test_what_is_left_out_for_a_reason_is_in_some_export() -> None:
    headings = {one for line in exports.LINES.values() for one in line.split("|")}

    for reason, listed in exports.LEFT_OUT.items():
        assert not set(listed.split("|")) - headings, reason


def test_spanish_exports_are_understood_as_the_english_are() -> None:
    wanted = {
        "hubspot-contacts-es": {
            "Nombre": "contact.given_name", "Correo": "contact.emails",
            "Associated Company IDs (Primary)": "company.external_id",
        },
        "hubspot-companies-es": {
            "Dominios adicionales": "company.domains", "Sector": "company.industry",
        },
        "pipedrive-people-es": {
            "Persona - Teléfono - Otro": "contact.phones:other",
            "Persona - Organización": "contact.company",
        },
        "pipedrive-deals-es": {
            "Negocio - Título": "deal.title", "Negocio - Estado": "deal.stage:outcome",
            "Persona - Correo electrónico": "contact.emails",
        },
        "dynamics-contacts-es": {
            "Nombre de la compañía": "contact.company", "Provincia": "contact.addresses:.region",
        },
        "outlook-contacts-es": {
            "Particular": "contact.phones:home", "Organización": "contact.company",
            "Número de centralita de la organización": "company.phones",
            "Otra calle": "contact.addresses:other.street",
        },
        "odoo-opportunities-es": {
            "Cierre previsto": "deal.expected_close", "Comercial": "deal.owner",
        },
    }  # fmt: skip
    for name, columns in wanted.items():
        profile = NAMES[name]
        found = fields(profile.noun, exports.LINES[name], profile=profile)
        assert {heading: found[heading] for heading in columns} == columns


@pytest.mark.parametrize(
    "line",
    [
        "First Name|Last Name|Email|Company|Position",
        "Name|Email|Phone|Company|Job Title|Notes",
        "Nombre|Apellidos|Empresa|Teléfono|Correo electrónico|Dirección",
        "Company|Website|Industry|Employees|Phone|City",
        "Deal name|Company|Amount|Stage|Close date|Owner",
    ],
)
def test_a_list_of_nobody_in_particular_is_no_programs(line: str) -> None:
    assert recognise(line.split("|"), shipped_profiles()) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_profile_names_fields_that_are_there_and_its_source(name: str) -> None:
    profile = NAMES[name]

    assert profile.documented
    assert profile.program
    for heading, wanted in profile.columns.items():
        assert not wanted or target(wanted, heading, profile.noun, {}), (heading, wanted)
    for headings in (profile.signature, tuple(profile.columns)):
        best, others = best_of(recognise(headings, shipped_profiles()))
        assert best is not None
        assert (best.profile.name, others) == (name, [])


def test_every_program_that_we_promise_is_there() -> None:
    programs = {profile.name.partition("-")[0] for profile in shipped_profiles()}

    assert programs == {
        "salesforce", "hubspot", "pipedrive", "zoho", "suitecrm", "insightly", "nutshell",
        "dynamics", "act", "goldmine", "keap", "netsuite", "odoo", "google", "outlook", "linkedin",
    }  # fmt: skip


def test_what_a_program_calls_a_stage_is_our_word() -> None:
    heads = "Opportunity Name|Opportunity Owner|Account Name|Stage|Close Date"
    found = batch(
        "deal",
        heads,
        "A|eva|Acme|Closed Won|2026-03-01",
        "B|eva|Acme|Proposal|2026-03-01",
        profile=NAMES["salesforce-opportunities"],
    )

    assert found.main.columns["stage"] == ["won", "Proposal"]


def test_groups_of_google_are_tags_without_its_own() -> None:
    found = batch(
        "contact",
        "First Name|Labels|E-mail 1 - Label|E-mail 1 - Value",
        "Ana|* myContacts ::: Feria|* Home|ana@x.es",
        profile=NAMES["google-contacts"],
    )

    assert found.main.columns["tags"] == [["Feria"]]
    assert found.main.columns["emails"] == [["home:ana@x.es"]]


def test_days_of_linkedin_and_its_profiles_are_read() -> None:
    found = batch(
        "contact",
        LINES["linkedin-connections"][0],
        "Ana|Ruiz|https://www.linkedin.com/in/ana-ruiz||Acme|CEO|01 Mar 2024",
        profile=NAMES["linkedin-connections"],
    )

    assert found.main.columns["dates"] == [["connected:2024-03-01"]]
    assert found.main.columns["handles"] == [["https://www.linkedin.com/in/ana-ruiz"]]


def test_the_map_of_the_user_overrules_a_profile() -> None:
    heads = LINES["hubspot-contacts"][0]
    found = fields(
        "contact", heads, profile=NAMES["hubspot-contacts"], chosen=["Lead Status=tags", "Email="]
    )

    assert (found["Lead Status"], found["Email"]) == ("contact.tags", "")


# A user's own


def test_a_mapping_is_kept_and_used_again(tmp_path: Path) -> None:
    table = sheet("Quien|Ramo|Móvil 2|Basura", "Ana|IT|600|x")
    chosen = ["Quien=name", "Ramo=company.industry", "Móvil 2=phones:whatsapp", "Basura="]
    understood = understand(table, "contact", READING, chosen=chosen)
    path = save_profile(tmp_path, profile_from("feria", understood, source="feria"))

    profile = load_profile(tmp_path, "feria")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert profile.columns == {
        "Quien": "name",
        "Ramo": "company.industry",
        "Móvil 2": "phones:whatsapp",
        "Basura": "",
    }
    again = read_drafts(table, "contact", READING, profile=profile)
    assert again.main.columns == read_drafts(table, "contact", READING, chosen=chosen).main.columns
    assert again.main.columns["phones"] == [["whatsapp:600"]]
    assert (profile.source, profile.noun) == ("feria", "contact")


def test_a_mapping_with_addresses_and_activities_survives_being_kept(tmp_path: Path) -> None:
    table = sheet(
        "Name|Home City|Home Street|Call date|Phone 1 - Type|Phone 1 - Value|Fee EUR",
        "Ana|Toledo|Real 3|2026-03-01|Mobile|600|1",
    )
    save_profile(tmp_path, profile_from("mine", understand(table, "contact", READING)))
    again = read_drafts(table, "contact", READING, profile=load_profile(tmp_path, "mine"))
    first = read_drafts(table, "contact", READING)

    assert again.main.columns == first.main.columns
    assert again.linked["activity"].columns == first.linked["activity"].columns


def test_ones_own_profile_comes_before_a_shipped_one_of_its_name(tmp_path: Path) -> None:
    save_profile(tmp_path, Profile("hubspot-contacts", "contact", {"x": "name"}))

    assert load_profile(tmp_path, "hubspot-contacts").columns == {"x": "name"}
    names = [profile.name for profile in list_profiles(tmp_path)]
    assert names.count("hubspot-contacts") == 1
    assert names[0] == "hubspot-contacts"


def test_an_unknown_profile_gets_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(NotFound) as refused:
        load_profile(tmp_path / "none", "hubspot-contact")
    assert "hubspot-contacts" in refused.value.hint


@pytest.mark.parametrize("name", ["../x", "", "Feria", "a b", ".x", "x" * 60, "a/b"])
def test_a_name_that_is_no_name_of_a_file_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidValue):
        save_profile(tmp_path, Profile(name, "contact", {}))
    with pytest.raises(NotFound):
        load_profile(tmp_path, name)


def test_a_damaged_profile_is_named_and_does_not_hide_the_others(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text("columns = [", "utf-8")
    (tmp_path / "worse.toml").write_text('noun = "ghost"\n[columns]\n', "utf-8")

    with pytest.raises(InvalidValue, match="profile 'bad' cannot be read"):
        load_profile(tmp_path, "bad")
    with pytest.raises(InvalidValue, match="profile 'worse' is damaged"):
        load_profile(tmp_path, "worse")
    assert len(list_profiles(tmp_path)) == len(NAMES)
