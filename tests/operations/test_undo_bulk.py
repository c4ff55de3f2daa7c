"""Undo and redo of thousands of records at once: the same promises as for one."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from language.errors import Conflict
from operations import records
from operations.log import log
from storage.database import Deed
from storage.model.anything import taggings, tags
from storage.model.people import companies, contacts, emails, phones
from storage.unit import UnitOfWork
from tests.operations.test_undo import Desk, add, begin, edit

MANY = 5_000
FIRMS = 50


@pytest.fixture
def desk(database: Path) -> Desk:
    desk = Desk(database)
    desk.do(begin)
    return desk


def crowd(uow: UnitOfWork) -> None:
    """Thousands of people with a company, an e-mail, a phone and a tag each, as an import does."""
    firm, tag, first = (uow.next_id(table) for table in (companies, tags, contacts))
    uow.insert_many(
        companies,
        ({"id": firm + n, "name": f"Firm {n}", "name_key": f"firm {n}"} for n in range(FIRMS)),
    )
    uow.insert_many(tags, [{"id": tag, "name": "fair", "name_key": "fair"}])
    uow.insert_many(
        contacts,
        (
            {
                "id": first + n,
                "name": f"Ana {n}",
                "name_key": f"ana {n}",
                "company_id": firm + n % FIRMS,
                "note": 'two\nlines, a "quote" and a back\\slash' if n % 7 == 0 else None,
            }
            for n in range(MANY)
        ),
    )
    uow.insert_many(
        emails,
        (
            {"contact_id": first + n, "address": f"a{n}@x.es", "address_key": f"a{n}@x.es"}
            for n in range(MANY)
        ),
    )
    uow.insert_rows(
        phones,
        ("contact_id", "raw", "number_key", "preferred"),
        ((first + n, f"6{n:08}", f"6{n:08}", 1) for n in range(MANY)),
    )
    uow.insert_rows(
        taggings,
        ("noun", "record_id", "tag_id"),
        (("contact", first + n, tag) for n in range(MANY)),
    )
    uow.touch_created("company")
    uow.touch_created("contact")


def is_sound(desk: Desk) -> bool:
    """Whether foreign keys hold, and the search index agrees with its own texts."""
    with desk.data.writing(Deed("check"), dry_run=True) as uow:
        uow.connection.exec_driver_sql(
            "INSERT INTO search_index (search_index) VALUES ('integrity-check')"
        )
        return not uow.connection.exec_driver_sql("PRAGMA foreign_key_check").all()


def found(desk: Desk, words: str) -> int:
    from operations.searching import search

    with desk.data.reading() as uow:
        return len(search(uow, words).found)


def test_a_crowd_goes_and_comes_back_to_the_last_byte_and_search_follows(desk: Desk) -> None:
    desk.do(add("contact", name="Luis Before", emails=["luis@acme.es"]))
    before = desk.dump(), desk.index()
    desk.do(crowd)
    after = desk.dump(), desk.index()
    assert found(desk, "fair 600000042")

    assert desk.undo().removed == MANY * 4 + FIRMS + 1
    assert (desk.dump(), desk.index()) == before
    assert is_sound(desk)
    assert not found(desk, "600000042")
    assert found(desk, "luis")
    assert desk.redo().put_back == MANY * 4 + FIRMS + 1
    assert (desk.dump(), desk.index()) == after
    assert is_sound(desk)
    assert found(desk, "fair 600000042")
    desk.undo()
    assert (desk.dump(), desk.index()) == before


def test_one_contact_edited_among_thousands_stops_undo_or_is_kept_with_its_parts(
    desk: Desk,
) -> None:
    imported = desk.do(crowd)
    late = desk.do(edit("contact", 42, job_title="CEO"))
    full = desk.dump()

    with pytest.raises(Conflict) as refused:
        desk.undo(imported)
    assert refused.value.candidates == (f"Ana 41 was changed since by eva (#{late})",)
    assert desk.dump() == full

    done = desk.undo(imported, keep_newer=True)

    ana = desk.get("contact", 42)
    assert (ana["name"], ana["company"].label) == ("Ana 41", "Firm 41")
    assert (ana["emails"], ana["tags"]) == (["a41@x.es"], ["fair"])
    assert [desk.count(table) for table in (contacts, companies, emails, phones)] == [1, 1, 1, 1]
    assert done.removed == (MANY - 1) * 4 + FIRMS - 1
    assert is_sound(desk)
    assert found(desk, "fair 600000041")


def test_a_deal_linked_since_to_one_of_the_new_companies_is_named(desk: Desk) -> None:
    imported = desk.do(crowd)
    late = desk.do(add("deal", title="Seats", company="Firm 7"))

    with pytest.raises(Conflict) as refused:
        desk.undo(imported)
    assert refused.value.candidates == (f"1 deal names Firm 7 since by eva (#{late})",)

    desk.undo(imported, keep_newer=True)
    assert (desk.count(contacts), desk.count(companies)) == (0, 1)
    assert is_sound(desk)


def test_a_record_that_was_there_and_moved_to_a_new_company_stops_undo(desk: Desk) -> None:
    desk.do(add("contact", name="Luis"))
    imported = desk.do(crowd)
    desk.do(edit("contact", 1, company="Firm 3"))

    with pytest.raises(Conflict, match="something is newer") as refused:
        desk.undo(imported)
    assert refused.value.candidates[0].startswith("1 contact names Firm 3")


def test_thousands_of_edits_go_back_around_the_one_that_is_newer(desk: Desk) -> None:
    desk.do(crowd)
    before = desk.dump()
    numbers = range(1, MANY + 1)

    def edit_all(uow: UnitOfWork) -> None:
        uow.update_many(contacts, [{"id": n, "job_title": "CEO"} for n in numbers])
        for number in numbers:
            uow.touch("contact", number)

    edited = desk.do(edit_all)
    late = desk.do(edit("contact", 9, job_title="Chair"))

    with pytest.raises(Conflict) as refused:
        desk.undo(edited)
    assert refused.value.candidates == (f"job title of Ana 8 was changed since by eva (#{late})",)
    done = desk.undo(edited, keep_newer=True)
    assert done.restored == MANY - 1
    assert desk.get("contact", 9)["job_title"] == "Chair"
    assert not found(desk, "CEO")
    desk.do(edit("contact", 9, job_title=None))
    assert len(desk.dump()) == len(before)


def test_names_taken_since_stay_out_and_the_rest_of_thousands_comes_back(desk: Desk) -> None:
    def many_tags(uow: UnitOfWork) -> None:
        uow.insert_many(tags, ({"name": f"t{n}", "name_key": f"t{n}"} for n in range(MANY)))

    made = desk.do(many_tags)
    desk.undo(made)
    desk.do(add("tag", name="t77"))

    with pytest.raises(Conflict) as refused:
        desk.redo()
    assert refused.value.candidates == ("tag #79: its name or number is used again by another",)
    with desk.data.writing(Deed("redo")) as uow:
        from operations.undo import redo

        done = redo(uow, made, keep_newer=True)
    assert done.put_back == MANY - 1


def test_a_merge_is_undone_though_the_kept_one_was_called_and_tagged_since(desk: Desk) -> None:
    desk.do(add("contact", name="Ana", emails=["ana@acme.es"], tags=["vip"]))
    desk.do(add("contact", name="Ana R.", emails=["ana@home.es"], tags=["vip"]))
    before = desk.get("contact", 2)

    def merge(uow: UnitOfWork) -> None:
        row = uow.first(sa.select(emails.c.id).where(emails.c.contact_id == 2))
        assert row is not None
        uow.update(emails, row.id, {"contact_id": 1})
        uow.delete(taggings, taggings.c.record_id == 2)
        records.edit(uow, "contact", 1, {"job_title": "CEO"})
        records.delete(uow, "contact", [2])

    merged = desk.do(merge)
    desk.do(lambda uow: log(uow, "call", "#1", {"subject": "seats"}))
    desk.do(edit("contact", 1, tags=["new"], source="fair", emails=["ana@new.es"]))

    desk.undo(merged)

    kept, split = desk.get("contact", 1), desk.get("contact", 2)
    assert (split["emails"], split["tags"]) == (before["emails"], before["tags"])
    assert kept["emails"] == ["ana@acme.es", "ana@new.es"]
    assert (kept["source"], kept["job_title"]) == ("fair", None)
    assert sorted(kept["tags"]) == ["new", "vip"]
    assert is_sound(desk)
