"""Two records become one: nothing is lost, and undo splits them exactly."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from language.errors import Conflict, InvalidValue
from operations import contacts as people
from operations import duplicates, records
from operations.merge import Merged, merge
from operations.merge_links import SAME, links_to
from operations.merged_ids import absorbed
from operations.undo import Undone, redo, undo
from storage.database import Database, Deed, open_database
from storage.dump import logical_hash
from storage.history import NOUNS, ON_ANY_RECORD
from storage.model.anything import distinctions, flags
from storage.model.people import contacts, emails, relations
from storage.model.sales import deal_contacts
from storage.model.work import activity_contacts
from storage.settings import Settings
from storage.unit import UnitOfWork


class Desk:
    """One user at work on a database."""

    def __init__(self, path: Path) -> None:
        self.data: Database = open_database(Settings(database=str(path), user="eva", country="ES"))
        self.do(lambda uow: uow.me())

    def do(self, step: Callable[[UnitOfWork], Any]) -> Any:
        """Do one command; gives what it gave."""
        with self.data.writing(Deed("test")) as uow:
            return step(uow)

    def add(self, noun: str, /, **values: Any) -> int:
        return int(self.do(lambda uow: records.add(uow, noun, values)).id)

    def edit(self, noun: str, number: int, **values: Any) -> None:
        self.do(lambda uow: records.edit(uow, noun, number, values))

    def call(self, who: int, note: str = "spoke") -> None:
        self.do(lambda uow: log_call(uow, who, note))

    def merge(self, keep: int, *others: int, noun: str = "contact", **more: Any) -> Merged:
        found: Merged = self.do(lambda uow: merge(uow, noun, keep, others, **more))
        return found

    def undo(self, number: int | None = None) -> Undone:
        with self.data.writing(Deed("undo")) as uow:
            return undo(uow, number)

    def redo(self) -> None:
        with self.data.writing(Deed("redo")) as uow:
            redo(uow)

    @property
    def hash(self) -> str:
        with self.data.reading() as uow:
            return logical_hash(uow.connection)

    def index(self) -> set[tuple[Any, ...]]:
        with self.data.reading() as uow:
            rows = uow.connection.exec_driver_sql("SELECT rowid, * FROM search_index")
            return {tuple(row) for row in rows}

    def get(self, noun: str, number: int) -> Any:
        from operations.lists import get

        with self.data.reading() as uow:
            return get(uow, noun, number)

    def rows(self, table: sa.Table, **where: Any) -> list[Any]:
        with self.data.reading() as uow:
            return list(
                uow.rows(sa.select(table).where(*(table.c[k] == v for k, v in where.items())))
            )


def log_call(uow: UnitOfWork, who: int, note: str) -> None:
    from storage.model.work import activities

    number = uow.insert(activities, kind="call", happened_at=uow.now, note=note)
    uow.insert(activity_contacts, activity_id=number, contact_id=who)


@pytest.fixture
def desk(database: Path) -> Desk:
    return Desk(database)


def test_the_kept_one_is_filled_and_what_it_has_stays(desk: Desk) -> None:
    desk.add("company", name="Acme")
    keep = desk.add("contact", name="José Ruiz", job_title="CEO", emails=["jose@acme.es"])
    other = desk.add(
        "contact", name="Pepe Ruiz", job_title="Director", company="Acme", note="met at the fair",
        emails=["jose@acme.es", "pepe@gmail.com"], phones=["600111222"], tags=["vip"],
        hobbies=["chess"], birthday="1980-05-03",
    )  # fmt: skip

    done = desk.merge(keep, other)

    jose = desk.get("contact", keep)
    assert (jose["name"], jose["job_title"], jose["company"].label) == ("José Ruiz", "CEO", "Acme")
    assert jose["emails"] == ["jose@acme.es", "pepe@gmail.com"]
    assert jose["phones"] == ["+34600111222"]
    assert (jose["tags"], jose["hobbies"], jose["note"]) == (["vip"], ["chess"], "met at the fair")
    assert str(jose["birthday"]) == "1980-05-03"
    assert done.dropped == ("job title Director of #2",)
    assert "company" in done.filled
    assert sum(row.preferred for row in desk.rows(emails, contact_id=keep)) == 1


def test_what_was_taken_wins_over_what_was_there(desk: Desk) -> None:
    keep = desk.add("contact", name="Pepe Ruiz", job_title="CEO", source="fair")
    other = desk.add("contact", name="José Ruiz García", job_title="CTO")

    done = desk.merge(keep, other, take=[(other, "name"), (other, "title")])

    kept = desk.get("contact", keep)
    assert (kept["name"], kept["family_name"]) == ("José Ruiz García", "Ruiz García")
    assert (kept["job_title"], kept["source"]) == ("CTO", "fair")
    assert done.dropped == ("job title CEO of #1",)


def test_what_cannot_be_taken_is_refused_with_the_next_step(desk: Desk) -> None:
    keep, other = desk.add("contact", name="Pepe Ruiz"), desk.add("contact", name="José Ruiz")
    before = desk.hash
    for take, words in (
        ((other, "emails"), "emails of a contact cannot be taken alone"),
        ((99, "name"), "#99 is not one of the others"),
        ((other, "shoe"), "no field 'shoe'"),
    ):
        with pytest.raises(InvalidValue, match=words):
            desk.merge(keep, other, take=[take])
    with pytest.raises(InvalidValue, match="only one named"):
        desk.merge(keep, keep)
    assert desk.hash == before


def test_everything_that_hangs_on_the_other_comes_along(desk: Desk) -> None:
    keep, other = desk.add("contact", name="Ana Ruiz"), desk.add("contact", name="Ana Ruíz")
    luis = desk.add("contact", name="Luis Gil", referrer=f"#{other}")
    deal = desk.add("deal", title="Seats", contacts=[f"#{keep}", f"#{other}:champion"])
    desk.add("task", title="Call back", contact=f"#{other}")
    desk.call(other)
    desk.do(lambda uow: people.relate(uow, other, "manager", luis))
    desk.do(lambda uow: people.relate(uow, keep, "manager", luis))
    desk.do(lambda uow: people.relate(uow, keep, "friend", other))

    done = desk.merge(keep, other)

    assert desk.get("contact", luis)["referrer"].id == keep
    (role,) = desk.rows(deal_contacts, deal_id=deal)
    assert (role.contact_id, role.role) == (keep, "champion")
    assert [row.contact_id for row in desk.rows(activity_contacts)] == [keep]
    assert desk.get("task", 1)["contact"].id == keep
    assert [(row.contact_id, row.other_id) for row in desk.rows(relations)] == [(keep, luis)]
    assert done.moved == {"contact": 1, "activity": 1, "task": 1}


def test_nothing_hangs_on_the_one_in_the_trash(desk: Desk) -> None:
    keep, other = desk.add("contact", name="Ana"), desk.add("contact", name="Ana Ruiz", tags=["a"])
    desk.call(other)
    desk.merge(keep, other)
    with desk.data.reading() as uow:
        for table, columns in links_to("contact"):
            for column in columns:
                noun = [table.c.noun == "contact"] if "noun" in table.c else []
                assert not uow.rows(sa.select(table).where(table.c[column] == other, *noun))


def test_every_table_that_names_a_contact_or_company_has_a_rule() -> None:
    for noun in ("contact", "company"):
        for table, _ in links_to(noun):
            assert table.name in SAME or "uid" in table.c, f"{table.name}: see merge_links.SAME"
    named = {table.name for noun in ("contact", "company") for table, _ in links_to(noun)}
    assert named >= ON_ANY_RECORD
    assert named >= {"deals", "tasks", "activities", "activity_contacts", "deal_contacts"}
    assert set(SAME) <= named
    assert not set(SAME) & set(NOUNS)


def test_custom_fields_move_and_those_that_name_the_other_follow(desk: Desk) -> None:
    desk.add("field", noun="contact", label="Shoe size", kind="number")
    desk.add("field", noun="contact", label="Boss", kind="link", target="contact")
    keep = desk.add("contact", name="Ana Ruiz", shoe_size=38)
    other = desk.add("contact", name="Ana Ruíz", shoe_size=40)
    luis = desk.add("contact", name="Luis Gil", boss=f"#{other}")
    desk.merge(keep, other)
    assert desk.get("contact", keep)["shoe_size"] == 38
    assert desk.get("contact", luis)["boss"].id == keep
    desk.undo()
    desk.merge(keep, other, take=[(other, "shoe size")])
    assert desk.get("contact", keep)["shoe_size"] == 40


def test_companies_merge_with_their_people_deals_and_daughters(desk: Desk) -> None:
    top = desk.add("company", name="Holding")
    keep = desk.add("company", name="Acme", domains=["acme.es"])
    other = desk.add("company", name="Acme SL", parent="Holding", domains=["acme.es", "acme.com"])
    daughter = desk.add("company", name="Acme Labs", parent="Acme SL")
    ana = desk.add("contact", name="Ana Ruiz", company="Acme SL")
    deal = desk.add("deal", title="Seats", company="Acme SL")

    desk.merge(keep, other, noun="company")

    acme = desk.get("company", keep)
    assert (acme["parent"].id, acme["domains"]) == (top, ["acme.es", "acme.com"])
    assert desk.get("company", daughter)["parent"].id == keep
    assert desk.get("contact", ana)["company"].id == keep
    assert desk.get("deal", deal)["company"].id == keep


def test_a_company_never_becomes_its_own_ancestor(desk: Desk) -> None:
    above = desk.add("company", name="Above")
    other = desk.add("company", name="Acme SL", parent="Above")
    middle = desk.add("company", name="Middle", parent="Acme SL")
    keep = desk.add("company", name="Acme", parent="Middle")

    desk.merge(keep, other, noun="company")

    assert desk.get("company", middle)["parent"].id == keep
    assert desk.get("company", keep)["parent"].id == above


def test_a_later_import_still_knows_both_ids(desk: Desk) -> None:
    one = desk.add("contact", name="Ana Ruiz")
    two = desk.add("contact", name="Ana Ruíz")
    three = desk.add("contact", name="A. Ruiz")
    for number in (one, two, three):
        new = {"external_source": "hubspot", "external_id": f"hs-{number}"}
        desk.do(partial(UnitOfWork.update, table=contacts, row_id=number, changes=new))
    uid = desk.get("contact", two)["uid"]
    desk.merge(one, two)
    desk.merge(three, one)
    with desk.data.reading() as uow:
        known = absorbed(uow, "contact")
    assert known.by_external == {("hubspot", "hs-2"): three, ("hubspot", "hs-1"): three}
    assert known.by_uid[uid] == three
    desk.undo()
    desk.undo()
    assert desk.rows(flags) == []


def test_a_kept_record_without_an_external_id_takes_the_others(desk: Desk) -> None:
    keep, other = desk.add("contact", name="Ana Ruiz"), desk.add("contact", name="Ana Ruíz")
    new = {"external_source": "hubspot", "external_id": "7"}
    desk.do(lambda uow: uow.update(contacts, other, new))
    desk.merge(keep, other)
    (row,) = desk.rows(contacts, id=keep)
    assert (row.external_source, row.external_id) == ("hubspot", "7")


def test_search_and_names_find_the_merged_one_at_once(desk: Desk) -> None:
    from operations.find import matches

    keep = desk.add("contact", name="Ana Ruiz")
    other = desk.add("contact", name="Anita", emails=["anita@gmail.com"], note="likes jazz")
    desk.merge(keep, other)
    with desk.data.reading() as uow:
        for text in ("anita@gmail.com", "jazz"):
            assert [ref.id for ref in matches(uow, "contact", text)] == [keep]


def test_undo_splits_them_and_redo_joins_them_again(desk: Desk) -> None:
    keep = desk.add("contact", name="José Ruiz", emails=["jose@acme.es"], tags=["vip"])
    other = desk.add("contact", name="Pepe Ruiz", emails=["jose@acme.es", "p@x.es"], tags=["vip"])
    desk.call(other)
    before = desk.hash, desk.index()
    desk.merge(keep, other)
    after = desk.hash, desk.index()
    desk.undo()
    assert (desk.hash, desk.index()) == before
    desk.redo()
    assert (desk.hash, desk.index()) == after


def test_two_days_later_undo_splits_them_and_what_was_logged_since_stays(desk: Desk) -> None:
    keep = desk.add("contact", name="José Ruiz", emails=["jose@acme.es"])
    other = desk.add("contact", name="Pepe Ruiz", job_title="CTO", emails=["pepe@x.es"])
    desk.call(other, "before the merge")
    desk.merge(keep, other)
    number = desk.data.last.command_id
    desk.call(keep, "after the merge")
    desk.add("task", title="Send offer", contact=f"#{keep}")
    desk.edit("contact", keep, source="fair", emails=["new@acme.es"], tags=["vip"])

    desk.undo(number)

    jose, pepe = desk.get("contact", keep), desk.get("contact", other)
    assert (jose["source"], jose["job_title"], jose["tags"]) == ("fair", None, ["vip"])
    assert jose["emails"] == ["jose@acme.es", "new@acme.es"]
    assert (pepe["job_title"], pepe["emails"]) == ("CTO", ["pepe@x.es"])
    calls = desk.rows(activity_contacts)
    assert [row.contact_id for row in calls] == [other, keep]
    assert desk.get("task", 1)["contact"].id == keep


def test_only_a_field_that_both_changed_stands_in_the_way_of_undo(desk: Desk) -> None:
    keep = desk.add("contact", name="José Ruiz")
    other = desk.add("contact", name="Pepe Ruiz", job_title="CTO")
    desk.merge(keep, other)
    number = desk.data.last.command_id
    desk.edit("contact", keep, job_title="CEO")
    with pytest.raises(Conflict) as refused:
        desk.undo(number)
    assert refused.value.candidates == ("job title of José Ruiz was changed since by eva (#6)",)


def test_a_contact_with_thousands_of_calls_merges_and_splits(desk: Desk) -> None:
    keep, other = desk.add("contact", name="Ana Ruiz"), desk.add("contact", name="Ana Ruíz")

    def many(uow: UnitOfWork) -> None:
        from storage.model.work import activities

        first = uow.next_id(activities)
        uow.insert_many(
            activities,
            ({"id": first + n, "kind": "call", "happened_at": uow.now} for n in range(5_000)),
        )
        uow.insert_many(
            activity_contacts,
            ({"activity_id": first + n, "contact_id": other} for n in range(5_000)),
        )

    desk.do(many)
    before = desk.hash
    assert desk.merge(keep, other).moved == {"activities": 5_000}
    desk.undo()
    assert desk.hash == before


def test_merging_two_that_were_said_to_be_different_forgets_that(desk: Desk) -> None:
    one, two = desk.add("contact", name="Ana Ruiz"), desk.add("contact", name="Ana Ruíz")
    luis = desk.add("contact", name="Luis Gil")
    for other in (two, luis):
        desk.do(partial(duplicates.mark_different, noun="contact", one=one, other=other))
    desk.do(lambda uow: duplicates.mark_different(uow, "contact", two, luis))
    desk.merge(two, one)
    assert [(row.record_id, row.other_id) for row in desk.rows(distinctions)] == [(two, luis)]


def _edit(uow: UnitOfWork, number: int, **values: Any) -> Any:
    return records.edit(uow, "contact", number, values)


def _differ(uow: UnitOfWork, one: int, two: int) -> None:
    if one != two:
        duplicates.mark_different(uow, "contact", one, two)


def _deal(uow: UnitOfWork, one: int, two: int) -> None:
    both = {f"#{one}:champion": None, f"#{two}" if one != two else f"#{one}:champion": None}
    records.add(uow, "deal", {"title": "Seats", "contacts": list(both)})


ACTIONS: dict[str, Callable[[UnitOfWork, int, int], Any]] = {
    "email": lambda uow, one, two: _edit(uow, one, emails=[f"p{two}@acme.es"]),
    "tag": lambda uow, one, two: _edit(uow, one, tags=[f"t{two}"]),
    "call": lambda uow, one, _: log_call(uow, one, "spoke"),
    "deal": _deal,
    "task": lambda uow, one, _: records.add(uow, "task", {"title": "Call", "contact": f"#{one}"}),
    "title": lambda uow, one, two: _edit(uow, one, job_title=f"title {two}"),
    "note": lambda uow, one, two: _edit(uow, one, note=f"note {two}"),
    "relate": lambda uow, one, two: one != two and people.relate(uow, one, "friend", two),
    "refer": lambda uow, one, two: one != two and _edit(uow, one, referrer=f"#{two}"),
    "differ": _differ,
}
GRAPHS = st.lists(
    st.tuples(st.sampled_from(sorted(ACTIONS)), st.integers(1, 4), st.integers(1, 4)), max_size=14
)


@pytest.mark.slow
@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(GRAPHS, st.permutations([1, 2, 3, 4]), st.integers(1, 3))
def test_merge_then_undo_gives_the_same_database_whatever_hangs_on_whom(
    blank_database: Path,
    tmp_path_factory: pytest.TempPathFactory,
    actions: list[tuple[str, int, int]],
    order: list[int],
    count: int,
) -> None:
    path = tmp_path_factory.mktemp("merge") / "crm.db"
    shutil.copy(blank_database, path)
    desk = Desk(path)

    def make(uow: UnitOfWork) -> None:
        for number in range(4):
            records.add(uow, "contact", {"name": f"Person {number}"})
        for action, one, two in actions:
            ACTIONS[action](uow, one, two)

    desk.do(make)
    before = desk.hash, desk.index()
    desk.merge(order[0], *order[1 : 1 + count])
    after = desk.hash
    desk.undo()
    assert (desk.hash, desk.index()) == before
    desk.redo()
    assert desk.hash == after
    desk.data.close()
