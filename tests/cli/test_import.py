"""An import that can be trusted: nothing doubled, nothing guessed, all or nothing."""

from __future__ import annotations

import hashlib
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, Crm, Result


def load(crm: Crm, noun: str, text: str, *words: str) -> Result:
    return crm("import", noun, "-", *words, stdin=text)


def counts(result: Result) -> dict[str, Any]:
    """The counts; the first is the sum of the others."""
    found = result.json
    names = ("created", "updated", "unchanged", "merged", "rejected")
    assert found["read"] == sum(found[name] for name in names)
    return {name: found[name] for name in names if found[name]}


def history(crm: Crm) -> list[Any]:
    import sqlite3

    with sqlite3.connect(crm.database) as connection:
        return connection.execute("SELECT name FROM commands WHERE kind = 'command'").fetchall()


def test_contacts_come_in_with_companies_tags_and_points(crm: Crm) -> None:
    text = (
        "Nombre completo;Empresa;Correo;Teléfono;Etiquetas\n"
        "Ana Ruíz;Acme;ana@acme.es;600 111 222;vip, feria\n"
    )

    result = load(crm, "contacts", text, "--create", "companies", "--tag", "2026")

    assert result.code == 0
    ana = crm.show("contact", "ana")
    assert (ana["company"], ana["emails"], ana["owner"]) == ("Acme", ["ana@acme.es"], "eva")
    assert ana["tags"] == ["2026", "feria", "vip"]
    assert ana["given_name"] == "Ana"
    assert "also made 1 company" in result.err


def test_the_same_file_again_changes_nothing_and_leaves_no_command(crm: Crm) -> None:
    text = "name,company,email,tags\nAna,Acme,ana@acme.es,vip\nLuis,Acme,,\n"
    load(crm, "contacts", text, "--create", "companies")
    before = history(crm)

    again = load(crm, "contacts", text, "--create", "companies", "--format", "json")

    assert counts(again) == {"unchanged": 2}
    assert history(crm) == before
    assert "nothing to import" in again.err


def test_a_row_updates_only_what_it_says_and_empties_nothing(crm: Crm) -> None:
    crm.ok("contact", "add", "Ana", "--email", "ana@acme.es", "--job-title", "CEO", "--note", "vip")

    result = load(crm, "contacts", "email,name,title\nANA@acme.es,Ana Ruiz,\n", "--format", "json")

    assert counts(result) == {"updated": 1}
    ana = crm.show("contact", "1")
    assert (ana["name"], ana["job_title"], ana["note"]) == ("Ana Ruiz", "CEO", "vip")


def test_twins_inside_the_file_become_one_and_are_counted(crm: Crm) -> None:
    text = "name,email,title\nAna,ana@acme.es,CTO\nLuis,l@x.es,\nAna Ruiz,ANA@acme.es,CEO\n"

    result = load(crm, "contacts", text, "--format", "json")

    assert counts(result) == {"created": 2, "merged": 1}
    assert crm.show("contact", "ana@acme.es")["job_title"] == "CEO"


def test_companies_that_rows_name_are_made_and_near_ones_are_told(crm: Crm) -> None:
    crm.ok("company", "add", "Acme Corporation")
    text = "name,company\nAna,Acme Corporatoin\nLuis,Acme Corporatoin\nEva,Zeta\nPau,ZETA\n"

    result = load(crm, "contacts", text)

    assert result.code == 0
    assert "also made 2 companies" in result.err
    assert "near it is 'Acme Corporation'" in result.err
    assert crm.show("contact", "pau")["company"] == "Zeta"


def test_the_legal_form_of_a_company_makes_no_second_one(crm: Crm) -> None:
    crm.ok("company", "add", "Acme, S.L.")
    text = "name,company\nAna,ACME SL\nLuis,Acme\nEva,Zeta GmbH\nPau,Zeta Gmbh\n"

    load(crm, "contacts", text)

    assert {row["company"] for row in crm.list("contact")} == {"Acme, S.L.", "Zeta GmbH"}


def test_with_create_none_an_unknown_company_is_flagged_and_its_row_kept(crm: Crm) -> None:
    crm.ok("company", "add", "Acme Corporation")

    result = load(crm, "contacts", "name,company\nAna,Acme Corporatoin\n", "--create", "none")

    assert result.code == 0
    assert "nearest is 'Acme Corporation'" in result.err
    ana = crm.show("contact", "ana")
    assert (ana["company"], ana["flagged"]) == (None, ["company: Acme Corporatoin"])


def test_unknown_stages_and_products_refuse_the_file_until_somebody_says_what_they_are(
    crm: Crm,
) -> None:
    text = "deal id,title,product,stage\n1,One,GTXPro,Engaging\n"

    result = load(crm, "deals", text)

    assert result.code == 2
    assert "product 'GTXPro' in 1 row" in result.err
    assert "stage 'Engaging' in 1 row" in result.err
    assert crm.list("deal") == []
    mapped = load(crm, "deals", text, "--stage-map", "Engaging=Lead", "--create", "products")
    assert mapped.code == 0
    assert crm.show("deal", "one")["stage"] == "Lead"


def test_an_alias_renames_in_its_column_only(crm: Crm) -> None:
    crm.ok("company", "add", "Acme")
    text = "name,company\nACM,ACM\n"

    load(crm, "contacts", text, "--alias", "company:ACM=Acme")

    assert crm.show("contact", "1")["name"] == "ACM"
    assert crm.show("contact", "1")["company"] == "Acme"


def test_a_name_that_two_companies_have_is_never_guessed(crm: Crm) -> None:
    crm.ok("company", "add", "Acme")
    crm.ok("company", "add", "ACME", "--allow-duplicate")

    result = load(crm, "contacts", "name,company\nAna,acme\n")

    assert "2 companies have that name (#1, #2)" in result.err
    assert crm.show("contact", "ana")["flagged"] == ["company: acme"]


def test_a_value_that_cannot_be_read_is_flagged_and_its_row_kept(crm: Crm) -> None:
    text = "name,email,birthday\nAna,ana@acme.es,\nLuis,not an address,someday\n,x@y.es,\n,,\n"

    result = load(crm, "contacts", text, "--format", "json")

    assert counts(result) == {"created": 3}
    assert [(flag["line"], flag["field"], flag["value"]) for flag in result.json["flags"]] == [
        (3, "emails", "not an address"),
        (3, "birthday", "someday"),
    ]
    luis = crm.show("contact", "luis")
    assert luis["flagged"] == ["emails: not an address", "birthday: someday"]
    assert crm.show("contact", "x@y.es")["name"] == "x@y.es"


def test_only_a_row_that_names_nobody_is_rejected(crm: Crm) -> None:
    result = load(crm, "contacts", "name,title\nAna,CEO\n,CTO\n", "--format", "json")

    assert result.code == 6
    assert counts(result) == {"created": 1, "rejected": 1}
    assert [(row["line"], row["column"]) for row in result.json["rejects"]] == [(3, "name")]
    assert "a contact needs a name, an e-mail or a phone" in result.err


def test_filling_a_flagged_field_settles_it_for_good(crm: Crm) -> None:
    text = "name,email\nLuis Gil,luis@\n"
    load(crm, "contacts", text)

    crm.ok("contact", "edit", "luis", "--email", "luis@acme.es")

    assert crm.show("contact", "luis")["flagged"] == []
    assert counts(load(crm, "contacts", text, "--format", "json")) == {"unchanged": 1}
    assert crm.show("contact", "luis")["flagged"] == []


def test_strict_refuses_the_file_for_one_bad_row(crm: Crm) -> None:
    result = load(crm, "contacts", "name,email\nAna,a@x.es\nLuis,nope\n", "--strict")

    assert result.code == 2
    assert crm.list("contact") == []


def test_a_rehearsal_counts_the_same_and_changes_no_byte(crm: Crm, tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("".join(f"Person {n},p{n}@x.es,Firm {n % 7}\n" for n in range(500)))
    file.write_text("name,email,company\n" + file.read_text())
    before = hashlib.sha256(crm.database.read_bytes()).hexdigest()

    rehearsal = crm.ok(
        "import", "contacts", str(file), "--create", "companies", "--dry-run", "--format", "json"
    )

    assert hashlib.sha256(crm.database.read_bytes()).hexdigest() == before
    assert "would have imported" in rehearsal.err
    real = crm.ok("import", "contacts", str(file), "--create", "companies", "--format", "json")
    assert counts(real) == counts(rehearsal) == {"created": 500}


def test_company_trees_resolve_inside_the_file_in_any_order(crm: Crm) -> None:
    text = "account,subsidiary of\nGrandchild,Child\nChild,Parent\nParent,\n"

    assert load(crm, "companies", text).code == 0

    assert crm.show("company", "grandchild")["parent"] == "Child"
    assert crm.show("company", "child")["parent"] == "Parent"


def test_a_company_that_would_be_above_itself_is_flagged(crm: Crm) -> None:
    result = load(crm, "companies", "name,parent\nA,B\nB,A\n")

    assert result.code == 0
    assert "above itself" in result.err
    parents = {row["name"]: row["parent"] for row in crm.list("company", "--fields", "name,parent")}
    assert sorted(map(str, parents.values())) in (["A", "None"], ["B", "None"])


def test_managers_named_by_a_users_file_become_managers(crm: Crm) -> None:
    text = "sales_agent,manager,regional_office\nAna,Marta,West\nLuis,Ana,East\n"

    result = load(crm, "users", text)

    assert "1 manager is no row of the file and now users: Marta" in result.err
    roles = {user["name"]: user["role"] for user in crm.list("user")}
    assert roles == {"Ana": "manager", "Luis": "rep", "Marta": "manager"}
    assert counts(load(crm, "users", text, "--format", "json")) == {"unchanged": 2}


def test_deals_get_title_stage_days_and_a_line_that_adds_up(crm: Crm) -> None:
    load(crm, "products", "name,price\nGTX Pro,4821\n")
    text = (
        "id oportunidad,cuenta,producto,etapa,importe,apertura,fecha de cierre\n"
        "A1,Acme,GTX Pro,Ganada,4000,25/10/2025,01/03/2026\n"
        "A2,Acme,GTX Pro,Proposal,0,25/10/2025,01/12/2026\n"
        "A3,,,Perdida,,25/10/2025,\n"
    )

    result = load(crm, "deals", text, "--create", "companies")

    assert result.code == 0, result.err
    won, still_open, lost = (crm.show("deal", code) for code in ("A1", "A2", "A3"))
    assert (won["title"], won["stage"], won["amount"]) == ("Acme: GTX Pro", "Won", 4000)
    assert won["products"] == ["GTX Pro x1 @4000"]
    assert (won["opened_at"], won["closed_at"]) == ("2025-10-25", "2026-03-01")
    assert (still_open["expected_close"], still_open["closed_at"]) == ("2026-12-01", None)
    assert still_open["amount"] == 0
    assert (lost["title"], lost["stage"], lost["closed_at"]) == ("A3", "Lost", None)
    assert "1 closed deal has no close date: left empty" in result.err


def test_a_changed_amount_takes_the_only_line_with_it(crm: Crm) -> None:
    head = "deal id,company,product,stage,amount\n"
    create = ("--create", "companies,products")
    load(crm, "deals", f"{head}A1,Acme,PRO,Won,100\n", *create)

    again = load(crm, "deals", f"{head}A1,Acme,PRO,Won,250\n", *create, "--format", "json")

    assert counts(again) == {"updated": 1}
    deal = crm.show("deal", "A1")
    assert (deal["amount"], deal["products"]) == (250, ["PRO x1 @250"])


def test_deals_of_two_programs_may_have_the_same_number(crm: Crm) -> None:
    text = "deal id,title\n1,One\n"
    load(crm, "deals", text, "--source", "old")

    assert counts(load(crm, "deals", text, "--source", "shop", "--format", "json")) == {
        "created": 1
    }
    assert counts(load(crm, "deals", text, "--source", "old", "--format", "json")) == {
        "unchanged": 1
    }


def test_deals_without_numbers_are_told_by_title_company_and_day(crm: Crm) -> None:
    text = "company,product,stage,opened\nAcme,PRO,Won,2026-01-02\n"
    words = ("--create", "companies,products", "--format", "json")

    assert counts(load(crm, "deals", text, *words)) == {"created": 1}
    assert counts(load(crm, "deals", text, *words)) == {"unchanged": 1}


def test_new_stages_are_open_and_stand_before_won(crm: Crm) -> None:
    load(crm, "deals", "deal id,title,stage\n1,One,Engaging\n", "--create", "stages")

    names = [stage["stage"] for stage in crm.show("pipeline", "sales")["stages"]]
    assert names.index("Engaging") == names.index("Won") - 1
    assert crm.show("deal", "one")["outcome"] == "open"


def test_an_import_of_custom_fields_reads_them_by_their_label(crm: Crm) -> None:
    crm.ok("field", "add", "contact", "Shoe size", "--kind", "number")

    result = load(crm, "contacts", "name,shoe size\nAna,42\n")

    assert result.code == 0, result.err
    assert crm.show("contact", "ana")["shoe_size"] == 42


def test_imported_records_are_found_by_search(crm: Crm) -> None:
    load(crm, "contacts", "name,company,note\nAna,Acme,likes tea\n", "--create", "companies")

    assert crm.show("contact", "likes tea")["name"] == "Ana"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("import", "contcts", "x.csv"), 2, "did you mean contacts"),
        (("import", "contacts", "/no/such.csv"), 3, "there is no file"),
        (("import", "contacts", "/"), 2, "cannot be read"),
        (("import", "contacts", "-", "--create", "shoes"), 2, "cannot be made"),
        (("import", "contacts", "-", "--alias", "x"), 2, "not OLD=NEW"),
        (("import", "contacts", "-"), 2, "is empty"),
    ],
)
def test_what_cannot_be_done_says_why(
    crm: Crm, words: tuple[str, ...], code: int, said: str
) -> None:
    result = crm(*words)

    assert result.code == code
    assert said in result.err


def test_hostile_names_come_in_as_they_are_and_are_shown_harmless(crm: Crm) -> None:
    names = ["[bold]x[/bold]", "\x1b]52;c;x\x07", "محمد", "x" * 300, '=cmd|"a"']
    quoted = "".join('"' + name.replace('"', '""') + '"\n' for name in names)

    result = load(crm, "companies", "name\n" + quoted)

    assert result.code == 0, result.err
    assert {company["name"] for company in crm.list("company")} == set(names)
    unknown = load(crm, "contacts", 'name,company\nAna,"\x1b]52;c;evil\x07"\n')
    assert "\x1b" not in unknown.err


def test_options_that_do_not_fit_the_noun_are_refused(crm: Crm) -> None:
    result = load(crm, "users", "name\nAna\n", "--tag", "x")

    assert result.code == 2
    assert "--tag: users have no tags" in result.err


def test_a_deleted_record_of_an_export_comes_back_as_a_new_one(crm: Crm) -> None:
    crm.ok("company", "add", "Acme")
    text = crm.ok("export", "companies").out
    crm.ok("company", "delete", "acme")

    assert counts(load(crm, "companies", text, "--format", "json")) == {"created": 1}


def test_what_was_decided_for_a_column_is_in_the_json_too(crm: Crm) -> None:
    text = "deal id,title,stage,close date\n1,One,null,25/12/2026\n"

    result = load(crm, "deals", text, "--format", "json")

    assert result.code == 0, result.err
    assert "close date: day first" in result.json["notes"]
    assert result.err.count("close date: day first") == 1
    assert crm.show("deal", "one")["stage"] == "Lead"


def test_a_lost_deal_that_a_file_wins_keeps_no_reason_of_its_loss(crm: Crm) -> None:
    load(crm, "deals", "deal id,title,stage,close date,lost reason\n1,One,Lost,2026-01-25,price\n")
    assert crm.show("deal", "one")["lost_reason"] == "price"

    load(crm, "deals", "deal id,title,stage,close date\n1,One,Won,2026-01-25\n")

    deal = crm.show("deal", "one")
    assert (deal["outcome"], deal["lost_reason"]) == ("won", None)


def test_a_deal_that_a_file_closes_without_a_day_is_counted_in_a_note(crm: Crm) -> None:
    load(crm, "deals", "deal id,title,stage\n1,One,Lead\n")

    result = load(crm, "deals", "deal id,title,stage\n1,One,Won\n")

    assert "1 closed deal has no close date" in result.err


def test_the_id_of_a_record_that_was_merged_still_means_whom_it_became(crm: Crm) -> None:
    text = "id,name,email,title\n7,Ana Ruiz,ana@acme.es,\n9,Ana R. Ruiz,ana@casa.es,\n"
    load(crm, "contacts", text, "--source", "shop")
    crm.ok("contact", "merge", "1", "2", "--yes")

    again = load(crm, "contacts", "id,name,title\n9,Ana Ruiz,CEO\n", "--source", "shop")

    assert again.code == 0
    assert [row["job_title"] for row in crm.list("contact")] == ["CEO"]
    assert crm.show("contact", "1")["flagged"] == []


def test_a_record_may_have_an_id_of_each_program_it_is_in(crm: Crm) -> None:
    one, two = "id,name,email\n7,Ana,ana@acme.es\n", "id,email,title\nX9,ANA@acme.es,CEO\n"
    load(crm, "contacts", one, "--source", "shop")
    load(crm, "contacts", two, "--source", "crm2")

    by_id = load(crm, "contacts", "id,name\nX9,Ana Ruiz\n", "--source", "crm2", "--format", "json")

    assert counts(by_id) == {"updated": 1}
    assert counts(load(crm, "contacts", one, "--source", "shop", "--format", "json")) == {
        "updated": 1
    }
    assert [(row["id"], row["external_id"]) for row in
            crm.list("contact", "--fields", "id,external_id")] == [(1, "7")]  # fmt: skip


def test_one_row_may_hold_a_deal_its_company_its_contact_and_what_happened(crm: Crm) -> None:
    text = (
        "Deal name,Account,Contact name,Contact email,Amount,Stage,Last call date,Call note\n"
        '20 seats,Acme SL,Ana Ruiz,ana@acme.es,"12,500.00 EUR",Proposal,2026-11-20,"budget\nok"\n'
        'Support,"ACME, S.L.",Luis Gil,luis@acme.es,"3,000.00",Lead,,\n'
    )

    result = load(crm, "deals", text)

    assert result.code == 0, result.err
    deal = crm.show("deal", "20 seats")
    assert (deal["company"], deal["contacts"], deal["amount"]) == ("Acme SL", ["Ana Ruiz"], 12500)
    assert {row["name"]: row["company"] for row in crm.list("contact")} == {
        "Ana Ruiz": "Acme SL",
        "Luis Gil": "Acme SL",
    }
    (call,) = crm.list("activity")
    assert (call["kind"], call["contacts"], call["deal"]) == ("call", ["Ana Ruiz"], "20 seats")
    assert counts(load(crm, "deals", text, "--format", "json")) == {"unchanged": 2}
    crm.ok("undo")
    assert (crm.list("deal"), crm.list("company"), crm.list("activity")) == ([], [], [])


def test_activities_come_in_once_and_those_still_to_come_are_rejected(crm: Crm) -> None:
    load(crm, "contacts", "name,email\nAna Ruiz,ana@acme.es\n")
    text = (
        "Type,Date,Contact,Notes\n"
        "Call,2026-11-20 09:00,ana@acme.es,talked\n"
        "Foo,2026-11-19,Ana Ruiz,who knows\n"
        "Call,2199-01-01,Ana Ruiz,later\n"
    )

    result = load(crm, "activities", text, "--format", "json")

    assert counts(result) == {"created": 2, "rejected": 1}
    assert "still to come" in result.json["rejects"][0]["reason"]
    assert [row["kind"] for row in crm.list("activity")] == ["call", "note"]
    assert counts(load(crm, "activities", text, "--format", "json")) == {
        "unchanged": 2,
        "rejected": 1,
    }
    calls = "date,contact,note\n2026-11-18,ana@acme.es,hello\n"
    assert counts(load(crm, "calls", calls, "--format", "json")) == {"created": 1}


@pytest.mark.parametrize(
    ("policy", "title", "phones"),
    [
        ("update", "CEO", ["+34600111222", "+34600333444"]),
        ("fill", "CTO", ["+34600111222"]),
        ("skip", "CTO", ["+34600111222"]),
        ("phones=skip", "CEO", ["+34600111222"]),
        ("job_title=fill", "CTO", ["+34600111222", "+34600333444"]),
    ],
)
def test_what_exists_is_changed_as_the_user_says(
    crm: Crm, policy: str, title: str, phones: list[str]
) -> None:
    crm.ok("contact", "add", "Ana", "--email", "a@x.es", "--job-title", "CTO", "--phone",
           "600111222")  # fmt: skip

    load(
        crm, "contacts", "name,email,title,phone\nAna,a@x.es,CEO,600333444\n", "--on-match", policy
    )

    ana = crm.show("contact", "1")
    assert (ana["job_title"], ana["phones"]) == (title, phones)


def test_duplicate_adds_a_second_record_for_everybody(crm: Crm) -> None:
    text = "name,email\nAna,a@x.es\n"
    load(crm, "contacts", text)

    assert counts(load(crm, "contacts", text, "--on-match", "duplicate", "--format", "json")) == {
        "created": 1
    }


def test_our_own_export_keeps_two_records_that_look_the_same_apart(crm: Crm) -> None:
    crm.ok("company", "add", "Reyes")
    for note in ("the father", "the son"):
        crm.ok("contact", "add", "Antonio Reyes", "--company", "Reyes", "--note", note,
               "--allow-duplicate")  # fmt: skip
        crm.ok("deal", "add", "Renewal", "--company", "Reyes", "--amount", "1")
        crm.ok("task", "add", "call", "--due", "2027-01-01")
    files = {noun: crm.ok("export", noun).out for noun in ("contacts", "deals", "tasks")}
    for noun in ("contact", "deal", "task"):
        crm.ok(noun, "delete", "#1", "#2", "--yes")
    crm.ok("trash", "empty", "--yes")

    for noun, text in files.items():
        assert counts(load(crm, noun, text, "--format", "json")) == {"created": 2}


def test_no_and_nothing_are_values_of_custom_fields(crm: Crm) -> None:
    crm.ok("field", "add", "contact", "VIP", "--kind", "flag")
    crm.ok("field", "add", "contact", "Size", "--kind", "number")

    load(crm, "contacts", "name,vip,size\nAna,no,0\n")

    ana = crm.show("contact", "ana")
    assert (ana["vip"], ana["size"]) == (False, 0)


def test_an_export_with_a_field_that_only_its_own_database_has_is_known_as_ours(crm: Crm) -> None:
    crm.ok("field", "add", "company", "Zone")
    crm.ok("company", "add", "Alpha Tools", "--industry", "steel", "--set", "zone=1")
    text = crm.ok("export", "companies", "--format", "json").out
    crm.ok("undo")
    crm.ok("undo")

    result = load(crm, "companies", text)

    assert "read as an export" not in result.err
    assert "column zone" in result.err
    assert crm.show("company", "alpha")["external_id"] is None


def test_a_file_that_fills_a_flagged_field_settles_its_flag(crm: Crm) -> None:
    load(crm, "contacts", "name,email,birthday\nAna,a@x.es,someday\n")

    load(crm, "contacts", "name,email,birthday\nAna,a@x.es,1980-05-03\n")

    assert crm.show("contact", "ana")["flagged"] == []


def test_a_finished_task_of_an_export_comes_back_finished(crm: Crm) -> None:
    crm.ok("task", "add", "Send the quote")
    crm.ok("task", "done", "1")
    text = crm.ok("export", "tasks").out
    crm.ok("undo")
    crm.ok("undo")

    load(crm, "tasks", text)

    (task,) = crm.list("task", "--fields", "title,status", "--filter", "status=done")
    assert task["title"] == "Send the quote"


@pytest.mark.slow
def test_ctrl_c_in_the_middle_leaves_nothing_and_says_so(crm: Crm, tmp_path: Path) -> None:
    file = tmp_path / "many.csv"
    rows = "".join(f"Person {n},p{n}@firm{n % 99}.example,x\n" for n in range(20_000))
    file.write_text(f"name,email,shoe\n{rows}")
    program = [sys.executable, "-c", "from crm_cli.main import run; run()"]
    # Tests may run where Ctrl+C is ignored, which a program inherits.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        running = subprocess.Popen(
            [*program, "import", "contacts", str(file)], stderr=subprocess.PIPE, text=True, cwd=ROOT
        )
    finally:
        signal.signal(signal.SIGINT, before)
    assert running.stderr is not None
    while "ignored: column shoe" not in running.stderr.readline():
        assert running.poll() is None
    running.send_signal(signal.SIGINT)
    said = running.stderr.read()

    assert running.wait() == 130
    assert "interrupted; what was not finished was not kept" in said
    assert crm.list("contact") == []
    assert crm.list("company") == []


def test_deals_of_one_title_are_several_and_the_same_again_is_nothing(crm: Crm) -> None:
    text = "title,company,amount,stage\nRenewal,Acme,1000,Won\nRenewal,Acme,2000,Lead\n"
    twice = text + "Renewal,Acme,2000,Lead\n"

    assert counts(load(crm, "deals", twice, "--format", "json")) == {"created": 2, "merged": 1}
    assert counts(load(crm, "deals", twice, "--format", "json")) == {"unchanged": 2, "merged": 1}
    assert sorted(row["amount"] for row in crm.list("deal")) == [1000, 2000]


def test_a_reject_file_is_never_written_over_another(crm: Crm, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("name,email\nAna,a@\nLuis,l@x.es\n")

    crm.ok("import", "contacts", str(file), "--reject-file", str(file))

    assert file.read_text() == "name,email\nAna,a@\nLuis,l@x.es\n"
    assert crm("import", "contacts", str(file), "--reject-file", "/no/such/x.csv").code == 2
    again = crm.ok("import", "contacts", str(tmp_path / "list-2.csv"), "--create", "fields")
    assert "0 created" in again.err
    assert crm.list("field") == []


def test_a_policy_for_a_field_that_is_not_there_is_refused(crm: Crm) -> None:
    result = load(crm, "contacts", "name\nAna\n", "--on-match", "titel=fill")

    assert result.code == 2
    assert "there is no field 'titel'" in result.err


def test_only_the_file_that_has_an_id_column_is_read_by_it(crm: Crm, tmp_path: Path) -> None:
    with_ids, without = tmp_path / "ids.csv", tmp_path / "plain.csv"
    with_ids.write_text("Id,First Name,Last Name\nX1,Ana,Ruiz\n", encoding="utf-8")
    without.write_text("First Name,Last Name,Email\nBo,Li,bo@example.com\n", encoding="utf-8")

    result = crm("import", "contacts", str(with_ids), str(without), "--source", "suite")

    assert result.code == 0, result.err
    assert crm.show("contact", "bo")["emails"] == ["bo@example.com"]
    again = load(
        crm, "contacts", "Id,Name,Title\nX1,Ana Ruiz,CEO\n", "--source", "suite", "--format", "json"
    )
    assert counts(again) == {"updated": 1}
