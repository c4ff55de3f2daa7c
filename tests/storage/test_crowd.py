"""Many processes on one database: each is served, none is lost, none waits without knowing why."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from language.errors import Unreachable
from storage import gate
from storage.database import Database, Deed, open_database
from storage.gate import Gate
from storage.model.anything import tags
from storage.settings import Settings
from tests.conftest import ROOT, Crm

HOLD = """
import sys
from storage.database import Deed, open_database
from storage.model.anything import tags
from storage.settings import Settings
data = open_database(Settings(database=sys.argv[1], user="eva"))
with data.writing(Deed("import contacts")) as uow:
    uow.insert(tags, name="half", name_key="half")
    print("held", flush=True)
    sys.stdin.read()
"""
LOG = """
import sys, time
from crm_cli.main import main
number = sys.argv[1]
sys.exit(main(["call", "log", "ana", f"call {number}", "--next", f"fri step {number}"]))
"""
MAKE = """
import sys
from storage.database import open_database
from storage.settings import Settings
with open_database(Settings(database=sys.argv[1], user="eva")).reading() as uow:
    sys.exit(uow.connection.exec_driver_sql("SELECT count(*) FROM stages").scalar() != 6)
"""
BULK = """
import sys
from storage.database import Deed, open_database
from storage.model.people import contacts
from storage.settings import Settings
data = open_database(Settings(database=sys.argv[1], user="eva"))
print("ready", flush=True)
sys.stdin.readline()
for turn in range(100):
    with data.writing(Deed("import contacts")) as uow:
        uow.insert_many(contacts, [
            {"name": f"p{n}", "name_key": f"p{n}", "note": "n" * 300} for n in range(2_000)
        ])
        uow.touch_created("contact")
    print("done", flush=True)
"""


def start(code: str, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *words],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def hold(path: Path) -> subprocess.Popen[str]:
    """A process in the middle of a command."""
    holder = start(HOLD, str(path))
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    return holder


@pytest.fixture
def data(database: Path) -> Database:
    return open_database(Settings(database=str(database), user="eva"))


def count(path: Path, table: str) -> int:
    connection = sqlite3.connect(path)
    try:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
    finally:
        connection.close()


def test_a_stuck_writer_is_named_and_readers_are_not_held_up(
    crm: Crm, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "WAIT_SECONDS", 0.3)
    crm.ok("tag", "add", "vip")
    holder = hold(database)
    holder.send_signal(signal.SIGSTOP)
    try:
        refused = crm("tag", "add", "cold")

        assert refused.code == 5
        assert f"pid {holder.pid} (crm import contacts) for" in refused.err
        assert "nothing was changed" in refused.err
        assert [tag["name"] for tag in crm.list("tag")] == ["vip"]
    finally:
        holder.send_signal(signal.SIGCONT)
        holder.communicate("")
    crm.ok("tag", "add", "cold")
    assert {tag["name"] for tag in crm.list("tag")} == {"vip", "half", "cold"}


def test_a_killed_writer_leaves_nothing_and_frees_the_way(crm: Crm, database: Path) -> None:
    holder = hold(database)
    holder.kill()
    holder.wait()

    crm.ok("tag", "add", "vip")

    assert [tag["name"] for tag in crm.list("tag")] == ["vip"]


def test_whoever_gave_up_waiting_does_not_keep_the_lock_later(database: Path) -> None:
    first = Gate(database, holder="first")
    with (
        first.held(),
        pytest.raises(Unreachable),
        Gate(database, holder="second", wait=0.05).held(),
    ):
        pass
    with Gate(database, holder="third", wait=10).held():
        pass


def test_the_lock_is_held_until_the_writing_connection_is_closed(
    data: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed_while_free: list[bool] = []
    with data.writing(Deed("tag add")) as uow:
        uow.insert(tags, name="vip", name_key="vip")
        engine = uow.connection.engine

        @sa.event.listens_for(engine, "close")
        def closing(*_: object) -> None:
            with Gate(data.path, holder="watcher").held_if_free() as free:
                closed_while_free.append(free)

    assert closed_while_free == [False]


def test_somebody_waiting_gets_a_turn_while_others_write_without_pause(data: Database) -> None:
    turns: list[str] = []
    stop = threading.Event()

    def write(name: str) -> None:
        while not stop.is_set() and len(turns) < 3_000:
            with Gate(data.path, holder=name).held():
                turns.append(name)
                time.sleep(0.0005)

    writers = [threading.Thread(target=write, args=(f"w{n}",)) for n in range(4)]
    for writer in writers:
        writer.start()
    while len(turns) < 400:
        time.sleep(0.01)
    stop.set()
    for writer in writers:
        writer.join()

    assert set(turns) == {"w0", "w1", "w2", "w3"}


@pytest.mark.slow
def test_sixteen_processes_that_start_where_no_database_is_all_get_one(home: Path) -> None:
    path = home / "new" / "crm.db"
    crowd = [start(MAKE, str(path)) for _ in range(16)]
    results = [(process.communicate()[1], process.returncode) for process in crowd]

    assert results == [("", 0)] * 16
    assert count(path, "pipelines") == 1


@pytest.mark.slow
def test_thirty_two_processes_log_at_once_and_none_is_lost(crm: Crm, database: Path) -> None:
    crm.ok("contact", "add", "Ana Ruiz")

    crowd = [start(LOG, str(number)) for number in range(32)]
    results = [(process.communicate(), process.returncode) for process in crowd]

    assert [code for _, code in results] == [0] * 32, results
    calls, tasks = crm.list("activity"), crm.list("task")
    assert {call["note"] for call in calls} == {f"call {n}" for n in range(32)}
    assert {int(output) for (output, _), _ in results} == {call["id"] for call in calls}
    assert all(call["contacts"] == ["Ana Ruiz"] for call in calls)
    assert {task["title"] for task in tasks} == {f"step {n}" for n in range(32)}
    assert count(database, "users") <= 1


@pytest.mark.slow
def test_killed_at_any_moment_a_large_command_is_whole_or_absent(database: Path) -> None:
    acknowledged = 0
    for kill in range(50):
        writer = start(BULK, str(database))
        assert writer.stdin is not None
        assert writer.stdout is not None
        writer.stdout.readline()
        writer.stdin.write("go\n")
        writer.stdin.flush()
        time.sleep(0.006 * kill)
        writer.kill()
        acknowledged += writer.communicate()[0].count("done")

    connection = sqlite3.connect(database)
    per_command = dict(
        connection.execute(
            "SELECT created_by_command, count(*) FROM contacts GROUP BY 1"
        ).fetchall()
    )
    indexed = connection.execute("SELECT count(*) FROM search_index").fetchone()[0]
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert connection.execute("SELECT command_id FROM open_command").fetchone() == (None,)
    connection.close()
    assert set(per_command.values()) <= {2_000}
    assert len(per_command) >= acknowledged
    assert indexed == 2_000 * len(per_command)
    assert acknowledged, "no kill came late enough to mean anything"


def test_a_reader_sees_one_state_while_a_long_command_goes_on(data: Database) -> None:
    with data.writing(Deed("tag add")) as uow:
        uow.insert(tags, name="vip", name_key="vip")
    names = sa.select(tags.c.name)
    with data.reading() as looking:
        assert len(looking.rows(names)) == 1
        with data.writing(Deed("tag add")) as uow:
            uow.insert(tags, name="cold", name_key="cold")
            with data.reading() as other:
                assert len(other.rows(names)) == 1
        assert len(looking.rows(names)) == 1
    with data.reading() as after:
        assert len(after.rows(names)) == 2


def test_the_lock_file_itself_cannot_be_a_trap(database: Path, home: Path, crm: Crm) -> None:
    precious = home / "precious"
    precious.write_text("keep me")
    lock = database.with_name("crm.db.lock")
    lock.unlink(missing_ok=True)
    lock.symlink_to(precious)

    result = crm("tag", "add", "vip")

    assert result.code == 5
    assert "lock" in result.err
    assert precious.read_text() == "keep me"


def test_no_lock_is_needed_to_find_out_that_nobody_is_there(database: Path) -> None:
    with Gate(database, holder="a").held(), Gate(database, holder="b").held_if_free() as free:
        assert not free
    with Gate(database, holder="b").held_if_free() as free:
        assert free
    assert Path(f"{database}.lock").stat().st_mode & 0o777 == 0o600
