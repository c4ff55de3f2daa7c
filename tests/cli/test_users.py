"""Colleagues, and what must be handed over before one leaves."""

from __future__ import annotations

import pytest

from tests.conftest import Crm


def test_whoever_works_first_becomes_a_user_and_an_admin(
    crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    crm.ok("contact", "add", "Ana Ruiz")
    monkeypatch.setenv("CRM_USER", "luis")
    crm.ok("contact", "add", "Leo Gil")

    users = {user["name"]: user["role"] for user in crm.list("user")}
    assert users == {"eva": "admin", "luis": "rep"}
    assert crm.show("contact", "leo")["owner"] == "luis"
    assert [row["name"] for row in crm.list("contact", "--filter", "owner=me")] == ["Leo Gil"]


def test_whoever_works_first_after_an_import_of_the_team_is_an_admin_too(
    crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    crm.ok("import", "users", "-", stdin="name,role\nMarta,manager\nLuis,rep\n")
    crm.ok("contact", "add", "Ana Ruiz")
    monkeypatch.setenv("CRM_USER", "zoe")
    crm.ok("contact", "add", "Leo Gil")

    users = {user["name"]: user["role"] for user in crm.list("user")}
    assert users == {"Marta": "manager", "Luis": "rep", "eva": "admin", "zoe": "rep"}


def test_a_stranger_has_no_more_rights_than_after_joining(
    crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    crm.ok("contact", "add", "Ana Ruiz")
    number = crm.ok("undo", "--list", "--format", "json").json[0]["id"]
    monkeypatch.setenv("CRM_USER", "stranger")

    refused = crm("undo", str(number))

    assert refused.code == 7
    assert "a rep may undo only their own commands" in refused.err


def test_me_is_who_works_however_the_team_list_names_them(crm: Crm) -> None:
    crm.ok("deal", "add", "First", "--owner", "me")
    assert crm.show("deal", "first")["owner"] == "eva"

    crm.ok("user", "edit", "me", "--name", "Other")
    crm.ok("user", "add", "Eva")  # a namesake: the login says who is who
    crm.ok("deal", "add", "Second")
    assert crm.show("deal", "second")["owner"] == "Other"
    crm.ok("user", "edit", "other", "--login", "someone")
    assert crm.show("user", "me")["name"] == "Eva"


def test_a_colleague_has_role_team_region_and_manager(crm: Crm) -> None:
    crm.ok("user", "add", "Marta Gil", "--role", "manager", "--email", "marta@acme.es")
    crm.ok(
        "user", "add", "Luis Mas", "--team", "north", "--region", "Bilbao", "--manager", "marta",
        "--login", "luis",
    )  # fmt: skip

    luis = crm.show("user", "luis")
    assert (luis["role"], luis["team"], luis["region"]) == ("rep", "north", "Bilbao")
    assert (luis["manager"], luis["manager_id"]) == ("Marta Gil", 1)
    assert crm.show("user", "marta@acme.es")["name"] == "Marta Gil"
    edited = crm.ok("user", "edit", "luis", "--team", "south", "--active", "no")
    assert "Team: north → south" in edited.err
    assert crm.list("user", "--filter", "not active")[0]["name"] == "Luis Mas"


def test_a_user_that_makes_no_sense_is_refused(crm: Crm) -> None:
    crm.ok("user", "add", "Marta", "--login", "m")
    crm.ok("user", "add", "Luis", "--manager", "marta")

    assert crm("user", "add", "MARTA").code == 4
    assert crm("user", "add", "Other", "--login", "m").code == 4
    assert crm("user", "add", "X", "--role", "boss").code == 2
    assert crm("user", "add", "X", "--email", "nonsense").code == 2
    assert crm("user", "edit", "marta", "--manager", "luis").code == 2
    assert crm("user", "edit", "marta", "--manager", "marta").code == 2


def test_an_import_flags_what_add_refuses_of_users(crm: Crm) -> None:
    crm.ok("user", "add", "Marta", "--login", "m")
    rows = "Ana,ana,ana@Acme.es\nBea,ana,\nCid,cid,nonsense\nDea,m,\n"

    result = crm.ok("import", "users", "-", stdin="name,login,email\n" + rows)

    assert "user 'Ana' of this file has it already" in result.err
    assert "'nonsense' is not an e-mail address" in result.err
    assert "user #1 Marta has login 'm' already" in result.err
    users = {row["name"]: row for row in crm.list("user", "--fields", "name,login,email,flagged")}
    assert (users["Ana"]["login"], users["Ana"]["email"]) == ("ana", "ana@acme.es")
    assert [users[name]["login"] for name in ("Bea", "Cid", "Dea")] == [None, "cid", None]
    assert users["Cid"]["flagged"] == ["email: nonsense"]


def test_a_user_who_owns_open_work_stays_until_it_is_handed_over(crm: Crm) -> None:
    crm.ok("user", "add", "Luis")
    crm.ok("user", "add", "Marta")
    crm.ok("deal", "add", "Solar roof", "--owner", "luis")
    crm.ok("task", "add", "Send the quote", "--owner", "luis")

    refused = crm("user", "delete", "luis")
    assert refused.code == 4
    assert "owns 1 open deal and 1 open task" in refused.err
    assert 'crm deal edit --filter "owner=#1" --owner' in refused.err

    crm.ok("deal", "edit", "--filter", "owner=#1", "--owner", "marta")
    crm.ok("task", "edit", "--filter", "owner=luis", "--owner", "marta")
    crm.ok("user", "delete", "luis")
    assert crm("user", "show", "luis").code == 3
    crm.ok("user", "restore", "luis")
    assert crm.show("user", "luis")["open_deals"] == 0


def test_nobody_deletes_themselves(crm: Crm) -> None:
    crm.ok("contact", "add", "Ana Ruiz")

    assert crm("user", "delete", "eva").code == 4
