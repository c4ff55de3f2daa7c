"""Undo and redo as a user lives them: whatever was done, going back gives exactly what was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from language.errors import Conflict, InvalidValue, NotAllowed, NotFound
from operations import contacts, records, trash
from operations.undo import Undone, redo, undo, undoable
from storage.database import Database, Deed, open_database
from storage.dump import logical_dump
from storage.model.people import companies, emails
from storage.model.people import contacts as contacts_table
from storage.model.sales import pipelines
from storage.settings import Settings
from storage.unit import UnitOfWork

Step = Callable[[UnitOfWork], Any]


class Desk:
    """One user at work on a database."""

    def __init__(self, path: Path, user: str = "eva") -> None:
        self.data: Database = open_database(Settings(database=str(path), user=user))

    def do(self, step: Step) -> int:
        """Do one command; gives its number, 0 when it changed nothing."""
        with self.data.writing(Deed("test")) as uow:
            step(uow)
        return self.data.last.command_id

    def undo(self, number: int | None = None, *, keep_newer: bool = False) -> Undone:
        with self.data.writing(Deed("undo")) as uow:
            return undo(uow, number, keep_newer=keep_newer)

    def redo(self) -> Undone:
        with self.data.writing(Deed("redo")) as uow:
            return redo(uow)

    def dump(self) -> list[str]:
        with self.data.reading() as uow:
            return list(logical_dump(uow.connection))

    def index(self) -> set[tuple[Any, ...]]:
        with self.data.reading() as uow:
            rows = uow.connection.exec_driver_sql("SELECT rowid, * FROM search_index")
            return {tuple(row) for row in rows}

    def get(self, noun: str, number: int) -> Any:
        from operations.lists import get

        with self.data.reading() as uow:
            return get(uow, noun, number)

    def count(self, table: sa.Table) -> int:
        with self.data.reading() as uow:
            return int(uow.scalar(sa.select(sa.func.count()).select_from(table)))


@pytest.fixture
def desk(database: Path) -> Desk:
    desk = Desk(database)
    desk.do(begin)
    return desk


def begin(uow: UnitOfWork) -> None:
    """The user joins, with the first command that changes anything."""
    uow.me()
    records.add(uow, "tag", {"name": "start"})


def add(noun: str, **values: Any) -> Step:
    return lambda uow: records.add(uow, noun, values)


def edit(noun: str, number: int, **values: Any) -> Step:
    return lambda uow: records.edit(uow, noun, number, values)


def test_an_undone_command_leaves_no_trace_and_redo_brings_the_same_rows(desk: Desk) -> None:
    empty = desk.dump(), desk.index()
    desk.do(add("contact", name="Ana Ruiz", emails=["ana@acme.es"], tags=["vip"]))
    full = desk.dump(), desk.index()

    done = desk.undo()

    assert (desk.dump(), desk.index()) == empty
    assert done.summary.endswith("added contact #1 Ana Ruiz")
    desk.redo()
    assert (desk.dump(), desk.index()) == full


def test_undo_and_redo_walk_up_and_down_the_same_steps(desk: Desk) -> None:
    points = [desk.dump()]
    for step in (
        add("contact", name="Ana"),
        edit("contact", 1, job_title="CTO"),
        edit("contact", 1, job_title="CEO"),
    ):
        desk.do(step)
        points.append(desk.dump())

    desk.undo()
    desk.undo()
    assert desk.dump() == points[1]
    desk.redo()
    assert desk.dump() == points[2]
    desk.undo()
    desk.undo()
    assert desk.dump() == points[0]
    for point in points[1:]:
        desk.redo()
        assert desk.dump() == point
    with pytest.raises(NotFound, match="nothing to redo"):
        desk.redo()


def test_a_later_edit_of_another_field_is_kept(desk: Desk) -> None:
    desk.do(add("contact", name="Ana", job_title="CTO"))
    early = desk.do(edit("contact", 1, job_title="CEO"))
    desk.do(edit("contact", 1, source="fair"))

    desk.undo(early)

    ana = desk.get("contact", 1)
    assert (ana["job_title"], ana["source"]) == ("CTO", "fair")


def test_a_field_that_holds_something_newer_stops_undo_and_changes_nothing(desk: Desk) -> None:
    desk.do(add("contact", name="Ana", job_title="CTO"))
    early = desk.do(edit("contact", 1, job_title="CEO", source="fair"))
    late = desk.do(edit("contact", 1, job_title="Chair"))
    before = desk.dump()

    with pytest.raises(Conflict) as refused:
        desk.undo(early)

    told = f"job title of Ana was changed since by eva (#{late})"
    assert refused.value.candidates == (told,)
    assert desk.dump() == before


def test_keep_newer_undoes_the_rest_and_says_what_stayed(desk: Desk) -> None:
    desk.do(add("contact", name="Ana", job_title="CTO"))
    early = desk.do(edit("contact", 1, job_title="CEO", source="fair"))
    late = desk.do(edit("contact", 1, job_title="Chair"))

    done = desk.undo(early, keep_newer=True)

    ana = desk.get("contact", 1)
    assert (ana["job_title"], ana["source"]) == ("Chair", None)
    assert done.kept == (f"job title of Ana was changed since by eva (#{late})",)


def test_what_others_hung_on_a_new_record_is_named_and_can_be_kept(desk: Desk) -> None:
    both = desk.do(
        lambda uow: [records.add(uow, "contact", {"name": name}) for name in ("Ana", "Luis")]
    )
    late = desk.do(edit("contact", 1, emails=["ana@acme.es"]))

    with pytest.raises(Conflict) as refused:
        desk.undo(both)
    assert refused.value.candidates == (f"1 e-mail was added to Ana since by eva (#{late})",)

    done = desk.undo(both, keep_newer=True)
    assert done.removed == 1
    assert desk.get("contact", 1)["emails"] == ["ana@acme.es"]
    assert desk.count(contacts_table) == 1


def test_once_the_later_command_is_undone_too_the_earlier_one_can_be(desk: Desk) -> None:
    first = desk.do(add("contact", name="Ana"))
    desk.do(edit("contact", 1, emails=["ana@acme.es"], job_title="CEO"))

    desk.undo()
    desk.undo(first)

    assert (desk.count(contacts_table), desk.count(emails)) == (0, 0)


def test_emptying_the_trash_can_be_undone_with_every_part_and_link(desk: Desk) -> None:
    desk.do(add("company", name="Acme", domains=["acme.es"]))
    desk.do(add("contact", name="Ana", company="Acme", emails=["ana@acme.es"], tags=["vip"]))
    desk.do(add("contact", name="Luis", referrer="Ana"))
    desk.do(lambda uow: contacts.relate(uow, 1, "manager", 2))
    desk.do(lambda uow: records.delete(uow, "contact", [1]))
    desk.do(lambda uow: records.delete(uow, "company", [1]))
    before = desk.dump(), desk.index()

    desk.do(trash.empty)

    assert desk.get("contact", 2)["referrer"] is None
    assert (desk.count(companies), desk.count(emails)) == (0, 0)
    emptied = desk.dump()
    desk.undo()
    assert (desk.dump(), desk.index()) == before
    desk.redo()
    assert desk.dump() == emptied


def test_a_trashed_record_that_a_living_one_needs_survives_emptying(desk: Desk) -> None:
    desk.do(lambda uow: uow.update(pipelines, 1, {"deleted_at": uow.now}))
    told: list[str] = []

    desk.do(lambda uow: told.extend(trash.empty(uow).kept))

    assert told[0].startswith("pipeline #1 Sales is kept: stage #")


def test_a_bulk_insert_is_undone_whole(desk: Desk) -> None:
    before = desk.dump(), desk.index()

    def bulk(uow: UnitOfWork) -> None:
        first = uow.next_id(contacts_table)
        numbers = range(first, first + 3_000)
        uow.insert_many(
            contacts_table,
            ({"id": n, "name": f"Person {n}", "name_key": f"person {n}"} for n in numbers),
        )
        uow.insert_many(
            emails,
            (
                {"contact_id": n, "address": f"p{n}@x.es", "address_key": f"p{n}@x.es"}
                for n in numbers
            ),
        )
        uow.touch_created("contact")

    desk.do(bulk)
    after = desk.dump(), desk.index()

    assert desk.undo().removed == 6_000
    assert (desk.dump(), desk.index()) == before
    assert desk.redo().put_back == 6_000
    assert (desk.dump(), desk.index()) == after


def test_a_name_used_again_stops_the_return_of_the_old_one(desk: Desk) -> None:
    desk.do(add("product", name="PRO", code="P1"))
    gone = desk.do(lambda uow: records.delete(uow, "product", [1]))
    desk.do(add("product", name="PRO", code="P2"))

    with pytest.raises(Conflict) as refused:
        desk.undo(gone)

    assert "used again" in refused.value.candidates[0]


def test_with_nothing_left_to_undo_or_redo_it_says_so(desk: Desk) -> None:
    with pytest.raises(NotFound, match="nothing to redo"):
        desk.redo()
    desk.undo()
    with pytest.raises(NotFound, match="nothing to undo"):
        desk.undo()


def test_every_version_only_grows(desk: Desk) -> None:
    desk.do(add("contact", name="Ana"))
    desk.do(edit("contact", 1, job_title="CEO"))
    desk.undo()
    desk.redo()

    assert desk.get("contact", 1)["version"] == 4


def test_odd_texts_come_back_exactly(desk: Desk) -> None:
    note = 'tab\there "quotes" back\\slash \\" newline\nأهلا 🙂 {"a":1}'
    desk.do(add("contact", name="Ana", note=note))
    desk.do(edit("contact", 1, note="short"))

    desk.undo()
    assert desk.get("contact", 1)["note"] == note
    desk.do(lambda uow: records.delete(uow, "contact", [1]))
    desk.do(trash.empty)
    desk.undo()
    desk.undo()
    assert desk.get("contact", 1)["note"] == note


def test_a_rep_undoes_own_commands_a_manager_the_team_s_an_admin_any(
    desk: Desk, database: Path
) -> None:
    for name, role, team in (
        ("luis", "rep", "north"),
        ("marta", "manager", "north"),
        ("pablo", "manager", "south"),
    ):
        desk.do(add("user", name=name, login=name, role=role, team=team))
    of_eva = desk.do(add("contact", name="By Eva"))
    luis, marta, pablo = (Desk(database, name) for name in ("luis", "marta", "pablo"))
    of_luis = luis.do(add("contact", name="By Luis"))

    with pytest.raises(NotAllowed):
        luis.undo(of_eva)
    with pytest.raises(NotAllowed):
        pablo.undo(of_luis)
    marta.undo(of_luis)
    marta.redo()
    desk.undo(of_luis)
    assert desk.count(contacts_table) == 1


def test_undo_takes_my_own_last_command_not_a_colleague_s(desk: Desk, database: Path) -> None:
    desk.do(add("contact", name="Mine"))
    Desk(database, "luis").do(add("contact", name="Theirs"))

    assert desk.undo().summary.endswith("Mine")


def test_what_cannot_be_undone_says_why(desk: Desk) -> None:
    first = desk.do(add("contact", name="Ana"))
    undoing = desk.undo().command_id

    with pytest.raises(InvalidValue, match="cannot be undone"):
        desk.undo(1)
    with pytest.raises(InvalidValue, match="itself an undo"):
        desk.undo(undoing)
    with pytest.raises(Conflict, match="undone already"):
        desk.undo(first)
    with pytest.raises(NotFound):
        desk.undo(999)


def test_what_is_undone_leaves_the_list(desk: Desk) -> None:
    desk.do(add("contact", name="Ana"))
    desk.do(edit("contact", 1, job_title="CEO"))
    desk.undo()

    with desk.data.reading() as uow:
        assert undoable(uow)[0].summary == "added contact #1 Ana"


# Any sequence of commands, back to the start and forth again

NAMES = st.sampled_from(["Ana", "Luis", "Eva Ruiz", "'); --", 'Ñu "x"\\', "ليلى"])
NUMBERS = st.integers(1, 4)
ACTIONS = st.one_of(
    st.tuples(st.just("add"), st.sampled_from(["contact", "company", "product", "task"]), NAMES),
    st.tuples(st.just("rename"), st.sampled_from(["contact", "company"]), NUMBERS, NAMES),
    st.tuples(st.just("mail"), NUMBERS, st.sampled_from(["a@x.es", "home:b@x.es", "c@y.com"])),
    st.tuples(st.just("unmail"), NUMBERS),
    st.tuples(st.just("tag"), st.sampled_from(["contact", "company"]), NUMBERS, NAMES),
    st.tuples(st.just("employ"), NUMBERS, NUMBERS),
    st.tuples(st.just("relate"), NUMBERS, NUMBERS),
    st.tuples(st.just("delete"), st.sampled_from(["contact", "company", "tag"]), NUMBERS),
    st.tuples(st.just("restore"), st.sampled_from(["contact", "company", "tag"]), NUMBERS),
    st.tuples(st.just("empty")),
)


def perform(uow: UnitOfWork, action: tuple[Any, ...]) -> None:
    """Do one action; one that does not fit the data is refused, as it would be for a user."""
    match action:
        case ("add", noun, name):
            records.add(uow, noun, {"title" if noun == "task" else "name": name})
        case ("rename", noun, number, name):
            records.edit(uow, noun, number, {"name": name, "note": name})
        case ("mail", number, address):
            records.edit(uow, "contact", number, {"emails": [address]})
        case ("unmail", number):
            records.edit(uow, "contact", number, {}, clear=["emails"])
        case ("tag", noun, number, name):
            records.edit(uow, noun, number, {"tags": [name]})
        case ("employ", number, company):
            records.edit(uow, "contact", number, {"company": f"#{company}"})
        case ("relate", one, other):
            contacts.relate(uow, one, "friend", other)
        case ("delete", noun, number):
            records.delete(uow, noun, [number])
        case ("restore", noun, number):
            records.restore(uow, noun, [number])
        case ("empty",):
            trash.empty(uow)


@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(actions=st.lists(ACTIONS, min_size=4, max_size=10))
def test_undoing_everything_step_by_step_walks_back_through_every_state(
    blank_database: Path, tmp_path_factory: pytest.TempPathFactory, actions: list[Any]
) -> None:
    from language.errors import CrmError

    path = tmp_path_factory.mktemp("walk") / "crm.db"
    path.write_bytes(blank_database.read_bytes())
    path.chmod(0o600)
    desk = Desk(path)
    desk.do(begin)
    states = [(desk.dump(), desk.index())]
    for action in actions:
        try:
            if desk.do(lambda uow, action=action: perform(uow, action)):  # type: ignore[misc]  # bound now
                states.append((desk.dump(), desk.index()))
        except (CrmError, sa.exc.SQLAlchemyError):
            continue
    for state in reversed(states[:-1]):
        desk.undo()
        assert (desk.dump(), desk.index()) == state
    for state in states[1:]:
        desk.redo()
        assert (desk.dump(), desk.index()) == state
    with desk.data.reading() as uow:
        assert uow.connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
    desk.data.close()
