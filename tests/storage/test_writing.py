"""What one command promises: whole or not at all, never over somebody else's change."""

from __future__ import annotations

import hashlib
import sqlite3
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa

from language.errors import Conflict, CrmError, InvalidValue, NotFound, Refused
from storage import columns, sqlite
from storage.database import Database, Deed, open_database
from storage.model.anything import tags
from storage.model.journal import commands
from storage.model.people import contacts, users
from storage.model.work import tasks
from storage.settings import Settings
from storage.uids import new_uid
from storage.unit import UnitOfWork
from tests.conftest import Crm

ADD = Deed("contact add")


def person(name: str, note: str | None = None) -> dict[str, object]:
    return {"name": name, "name_key": name.lower(), "note": note}


@pytest.fixture
def data(database: Path) -> Database:
    return open_database(Settings(database=str(database), user="eva"))


def sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def count(data: Database, table: sa.Table = contacts) -> int:
    with data.reading() as uow:
        return int(uow.scalar(sa.select(sa.func.count()).select_from(table)))


def test_every_pragma_is_in_force_on_every_connection(data: Database) -> None:
    for writes in (True, False):
        connection = sqlite.make_engine(data.path, writes=writes).raw_connection()
        cursor = connection.cursor()
        for name, wanted in sqlite.PRAGMAS.items():
            found = cursor.execute(f"PRAGMA {name}").fetchone()
            assert found is None or found[0] == wanted, name
        connection.close()


def test_a_pragma_that_does_not_take_stops_everything(
    data: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sqlite.PRAGMAS, "trusted_schema", 7)  # reads back as 1

    with pytest.raises(Refused, match="trusted_schema"), data.reading():
        pass


def test_whoever_reads_cannot_write(data: Database) -> None:
    with pytest.raises(CrmError), data.reading() as uow:
        uow.connection.execute(sa.insert(tags).values(name="vip", name_key="vip"))

    assert count(data, tags) == 0


def test_nothing_is_written_outside_a_command(database: Path) -> None:
    connection = sqlite3.connect(database)
    with pytest.raises(sqlite3.IntegrityError, match="outside a command"):
        connection.execute("UPDATE stages SET name = 'x'")
    connection.close()


def test_a_block_that_fails_leaves_nothing(data: Database) -> None:
    before = count(data, commands)

    def fail_half_way() -> None:
        with data.writing(ADD) as uow:
            uow.insert(contacts, **person("Ana"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()

    assert count(data) == 0
    assert count(data, commands) == before
    assert not data.last.changed


def test_a_block_that_changes_nothing_leaves_no_command(data: Database) -> None:
    before = count(data, commands)
    with data.writing(ADD) as uow:
        uow.me()

    assert count(data, commands) == before
    assert data.last.command_id == 0


def test_the_log_is_folded_after_a_large_command_while_a_second_connection_is_open(
    data: Database,
) -> None:
    idle = sqlite3.connect(data.path)
    idle.execute("SELECT count(*) FROM contacts").fetchall()
    with data.writing(ADD) as uow:
        uow.insert_many(contacts, [person(f"p{n}", "n" * 500) for n in range(12_000)])

    assert data.last.changed
    assert data.path.with_name("crm.db-wal").stat().st_size == 0
    idle.close()


@pytest.mark.parametrize("rows", [1, 10_000])
def test_a_dry_run_changes_no_byte_and_leaves_no_command(data: Database, rows: int) -> None:
    with data.writing(ADD) as uow:
        uow.insert(contacts, **person("Ana"))
    before, done = sha(data.path), count(data, commands)

    with data.writing(ADD, dry_run=True) as uow:
        uow.insert_many(contacts, [person(f"p{n}", "n" * 200) for n in range(rows)])
        uow.touch_created("contact")

    assert sha(data.path) == before
    assert count(data, commands) == done
    assert count(data) == 1
    assert data.last.changed


def test_a_dry_run_where_no_database_is_makes_none(
    crm: Crm, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = home / "new" / "crm.db"
    monkeypatch.setenv("CRM_DATABASE", str(path))

    result = crm.ok("contact", "add", "Ana Ruiz", "--dry-run")

    assert "would have added contact #1 Ana Ruiz" in result.err
    assert not path.parent.exists()


def test_a_save_over_somebody_elses_change_is_refused(crm: Crm) -> None:
    crm.ok("contact", "add", "Ana Ruiz")
    read = str(crm.show("contact", "1")["version"])
    crm.ok("contact", "edit", "1", "--job-title", "CTO")

    late = crm("contact", "edit", "1", "--job-title", "CEO", "--if-version", read)

    assert late.code == 4
    assert crm.show("contact", "1")["job_title"] == "CTO"


def test_a_stale_version_is_a_conflict_and_a_missing_row_is_not_found(data: Database) -> None:
    with data.writing(ADD) as uow:
        number = uow.insert(contacts, **person("Ana"))
    with data.writing(Deed("contact edit")) as uow:
        uow.update(contacts, number, {"note": "first"}, version=1)

    with pytest.raises(Conflict), data.writing(Deed("contact edit")) as uow:
        uow.update(contacts, number, {"note": "second"}, version=1)
    with pytest.raises(NotFound), data.writing(Deed("contact edit")) as uow:
        uow.update(contacts, 999, {"note": "x"})


def test_rows_added_in_bulk_are_stored_as_those_added_one_by_one(data: Database) -> None:
    moment = datetime(2026, 11, 22, 9, tzinfo=timezone(timedelta(hours=-5)))
    given = {"title": "Call", "title_key": "call", "due_on": date(2026, 11, 23), "due_at": moment}
    with data.writing(ADD) as uow:
        uow.insert(tasks, **given)
        assert uow.insert_many(tasks, (dict(given) for _ in range(1_234))) == 1_234
        assert uow.insert_many(tasks, []) == 0
        names = ("title", "title_key", "due_on", "due_at")
        stored = ("Call", "call", "2026-11-23", "2026-11-22T14:00:00.000000Z")
        assert uow.insert_rows(tasks, names, [stored] * 3) == 3

    with data.reading() as uow:
        rows = uow.connection.exec_driver_sql("SELECT * FROM tasks").mappings().all()
        alike = {tuple((k, v) for k, v in row.items() if k not in {"id", "uid"}) for row in rows}
    assert len(alike) == 1
    assert len({row["uid"] for row in rows}) == len(rows) == 1_238


def test_a_bulk_insert_that_breaks_a_rule_leaves_nothing(data: Database) -> None:
    twice = ({"name": name, "name_key": name} for name in ("a", "b", "a"))
    with pytest.raises(Conflict), data.writing(ADD) as uow:
        uow.insert_many(tags, twice)
    with pytest.raises(InvalidValue), data.writing(ADD) as uow:
        uow.insert_many(contacts, [person("a"), person("\ud800")])

    assert (count(data, tags), count(data)) == (0, 0)


def test_values_that_no_database_can_hold_are_refused_plainly(data: Database) -> None:
    for values in ({"name": "\ud800"}, {"name": "a", "company_id": 2**63}):
        with pytest.raises(InvalidValue), data.writing(ADD) as uow:
            uow.insert(contacts, **(person("a") | values))


def test_joining_the_users_is_told_as_a_command_of_its_own(data: Database) -> None:
    with data.writing(ADD) as uow:
        me = uow.me()
        uow.insert(contacts, **person("Ana"))
        outer = uow.command_id

    with data.reading() as uow:
        joined = uow.first(sa.select(users))
        assert joined is not None
        assert (joined.id, joined.role) == (me, "admin")
        assert joined.created_by_command != outer


def test_moments_keep_their_order_and_their_instant_in_every_century() -> None:
    early = datetime(999, 1, 2, 3, 4, 5, 6, tzinfo=UTC)
    late = datetime(2026, 11, 22, 9, tzinfo=timezone(timedelta(hours=-5)))

    assert columns.write_moment(early) == "0999-01-02T03:04:05.000006Z"
    assert columns.write_moment(late) == "2026-11-22T14:00:00.000000Z"
    for moment in (early, late):
        assert columns.read_moment(columns.write_moment(moment)) == moment
    with pytest.raises(ValueError, match="time zone"):
        columns.write_moment(datetime(2026, 1, 1))


def test_uids_sort_by_time_and_never_repeat() -> None:
    made = [new_uid() for _ in range(10_000)]

    assert len(set(made)) == len(made)
    assert [uid[:13] for uid in made] == sorted(uid[:13] for uid in made)
    assert all(uid[14] == "7" and uid[19] in "89ab" for uid in made)


def test_days_of_any_century_come_back_as_they_were(data: Database) -> None:
    with data.writing(ADD) as uow:
        for day in (date(1, 1, 1), date(999, 12, 31), date(9999, 12, 31)):
            uow.insert(tasks, title="x", title_key="x", due_on=day)
    with data.reading() as uow:
        found = [row.due_on for row in uow.rows(sa.select(tasks.c.due_on).order_by(tasks.c.due_on))]
    assert found == [date(1, 1, 1), date(999, 12, 31), date(9999, 12, 31)]


def test_a_unit_knows_today_where_the_user_is(data: Database) -> None:
    late = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    settings = Settings(timezone="Asia/Tokyo")
    with data.reading() as uow:
        there = UnitOfWork(uow.connection, late, settings)
        assert there.today == date(2026, 11, 23)
