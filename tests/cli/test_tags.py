"""Tags: counted, renamed, merged, hidden and brought back."""

from __future__ import annotations

from tests.conftest import Crm


def tags_of(crm: Crm, who: str) -> object:
    return crm.show("contact", who)["tags"]


def test_several_tags_are_added_at_once_and_each_gives_its_number(crm: Crm) -> None:
    added = crm.ok("tag", "add", "fair", "vip")

    assert added.lines == ["1", "2"]
    assert [tag["name"] for tag in crm.list("tag")] == ["fair", "vip"]


def test_a_tag_shows_who_has_it_by_noun_and_forgets_those_in_the_trash(crm: Crm) -> None:
    crm.ok("contact", "add", "Ana Ruiz", "--tag", "vip")
    crm.ok("contact", "add", "Leo Gil", "--tag", "vip")
    crm.ok("company", "add", "Acme", "--tag", "vip")
    crm.ok("contact", "delete", "leo")

    shown = crm.show("tag", "vip")
    assert shown["count"] == 2
    assert shown["on"] == [
        {"noun": "contact", "id": 1, "name": "Ana Ruiz"},
        {"noun": "company", "id": 1, "name": "Acme"},
    ]
    screen = crm.ok("tag", "show", "vip", terminal=True).out
    assert "1 contact" in screen
    assert "1 contacts" not in screen
    assert "#1 Acme" in screen


def test_a_renamed_tag_is_found_on_its_records_by_the_new_name_only(crm: Crm) -> None:
    crm.ok("contact", "add", "Ana Ruiz", "--tag", "vip")

    crm.ok("tag", "edit", "vip", "--name", "gold")

    assert tags_of(crm, "ana") == ["gold"]
    assert crm.list("contact", "--filter", "tag=gold")
    assert crm("contact", "list", "--filter", "tag=vip").code == 3
    assert crm.ok("search", "gold", "--format", "ids").lines
    assert not crm.ok("search", "vip", "--format", "ids").lines


def test_merging_tags_leaves_each_record_one_and_trashes_the_others(crm: Crm) -> None:
    crm.ok("contact", "add", "Ana Ruiz", "--tag", "vip", "--tag", "VIPs")
    crm.ok("contact", "add", "Leo Gil", "--tag", "v.i.p.")

    merged = crm.ok("tag", "merge", "vip", "VIPs", "v.i.p.")

    assert "1 more records" in merged.err
    assert tags_of(crm, "ana") == tags_of(crm, "leo") == ["vip"]
    assert [tag["name"] for tag in crm.list("tag")] == ["vip"]
    assert crm("tag", "merge", "vip", "vip").code == 2


def test_a_deleted_tag_leaves_its_records_until_it_is_restored(crm: Crm) -> None:
    crm.ok("contact", "add", "Ana Ruiz", "--tag", "vip")

    crm.ok("tag", "delete", "vip")
    assert tags_of(crm, "ana") == []
    assert not crm.ok("search", "vip", "--format", "ids").lines
    crm.ok("tag", "restore", "vip")

    assert tags_of(crm, "ana") == ["vip"]
    assert crm.ok("search", "vip", "--format", "ids").lines


def test_a_word_used_again_does_not_bring_back_the_records_of_a_deleted_tag(crm: Crm) -> None:
    crm.ok("contact", "add", "Ana Ruiz", "--tag", "vip")
    crm.ok("contact", "add", "Leo Gil")
    crm.ok("tag", "delete", "vip")

    crm.ok("contact", "tag", "leo", "vip")

    assert (tags_of(crm, "ana"), tags_of(crm, "leo")) == ([], ["vip"])
    assert crm("tag", "restore", "vip").code == 4


def test_a_tag_put_on_and_taken_off_alone_counts_as_a_change(crm: Crm) -> None:
    crm.ok("contact", "add", "Ana Ruiz")
    before = crm.show("contact", "ana")["updated_at"]

    crm.ok("contact", "tag", "ana", "vip", "fair")
    assert tags_of(crm, "ana") == ["fair", "vip"]
    assert crm.show("contact", "ana")["updated_at"] > before
    crm.ok("contact", "untag", "ana", "fair")

    assert tags_of(crm, "ana") == ["vip"]
    assert crm("contact", "untag", "ana", "fair").code == 2


def test_a_tag_that_a_list_could_not_hold_is_refused(crm: Crm) -> None:
    assert crm("tag", "add", "a,b").code == 2
    crm.ok("tag", "add", "fair")
    assert crm("tag", "edit", "fair", "--name", "a;b").code == 2
    assert crm("tag", "add", "Fáir").code == 4
