"""The demo: made in a place of its own, the same each time, never over real data."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from operations.demo import make
from operations.demo_plan import make_plan
from storage.database import open_database
from storage.settings import Settings
from tests.conftest import Crm


@pytest.fixture
def place(home: Path) -> Path:
    return home / "data" / "crm" / "demo.db"


def test_without_a_terminal_the_demo_prints_a_morning_and_says_how_to_go_on(
    crm: Crm, database: Path, place: Path
) -> None:
    before = database.read_bytes()

    result = crm.ok("demo")

    assert "$ crm today" in result.out
    assert "overdue" in result.out
    assert "Negotiation" in result.out
    assert "Eva Romero" in result.out
    assert f"crm --database {place} today" in result.err
    assert database.read_bytes() == before, "your own data are not touched"


def test_where_crm_is_on_no_path_the_demo_says_where_it_is(
    crm: Crm, place: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = home / "my clone" / "crm"
    program.parent.mkdir()
    program.touch()
    monkeypatch.setattr("sys.argv", [str(program), "demo"])
    monkeypatch.setenv("PATH", str(home))

    assert f"go on with: '{program}' --database {place} today" in crm.ok("demo").err


def test_the_demo_is_kept_until_a_new_one_is_asked_for(crm: Crm, place: Path) -> None:
    crm.ok("demo")
    crm.ok("--database", str(place), "contact", "add", "Somebody New")

    again = crm.ok("demo")
    assert "made Brisa Solar" not in again.err
    crm.ok("--database", str(place), "contact", "show", "Somebody New")

    assert "made Brisa Solar" in crm.ok("demo", "--new").err
    assert crm("--database", str(place), "contact", "show", "Somebody New").code == 3
    left = {file.name for file in place.parent.iterdir()}
    assert not [name for name in left if name.endswith(".new")]


def test_whoever_opens_the_demo_is_eva_and_can_undo_her_last_call(crm: Crm, place: Path) -> None:
    crm.ok("demo")
    on = ("--database", str(place))

    undone = crm.ok(*on, "undo")

    assert "logged call with" in undone.err
    assert crm.ok(*on, "today", "--format", "json").json


def test_a_database_of_ones_own_is_never_made_into_a_demo(crm: Crm, database: Path) -> None:
    crm.ok("contact", "add", "Ana Ruiz")

    for words in (("demo",), ("demo", "--new")):
        result = crm(*words, "--database", str(database))
        assert result.code == 8
        assert "is not a demo" in result.err
    assert crm.show("contact", "1")["name"] == "Ana Ruiz"


def test_the_company_is_the_same_each_time_and_reads_like_a_real_one(tmp_path: Path) -> None:
    plan, again = make_plan(), make_plan()
    assert plan == again
    assert 80 <= len(plan.people) <= 100
    assert 70 <= len(plan.deals) <= 85
    assert len({person.email for person in plan.people}) == len(plan.people)

    settings = Settings(database=str(tmp_path / "demo.db"), user="eva", timezone="Europe/Madrid")
    database = open_database(settings)
    now = datetime(2026, 3, 17, 9, tzinfo=UTC)
    database.clock = lambda: now
    make(database)

    from operations.lists import count_records
    from operations.today import today

    with database.reading() as uow:
        for noun, least in (("company", 40), ("activity", 280), ("task", 40), ("product", 8)):
            assert count_records(uow, noun) >= least, noun
        assert count_records(uow, "deal", "rotting=yes") >= 2
        assert count_records(uow, "deal", "outcome=lost and lost_reason is empty") == 0
        assert count_records(uow, "deal", "amount>=0 USD and outcome=open") >= 1
        assert count_records(uow, "activity", "at>now") == 0
        me = uow.my_user()
        assert me is not None
        kinds = {line.kind for line in today(uow, user=me.id)}
    database.close()
    assert {"overdue", "date"} <= kinds


@pytest.mark.parametrize("now", [(2026, 11, 22, 8), (2026, 11, 24, 0), (2026, 11, 24, 23)])
def test_a_demo_made_on_a_sunday_or_at_midnight_is_of_that_day(
    tmp_path: Path, now: tuple[int, int, int, int]
) -> None:
    from operations.demo_place import made_on

    moment = datetime(*now, tzinfo=UTC)
    settings = Settings(database=str(tmp_path / "demo.db"), user="eva", timezone="Europe/Madrid")
    database = open_database(settings)
    database.clock = lambda: moment
    make(database)

    with database.reading() as uow:
        assert made_on(uow) == uow.today
    database.close()


def test_on_a_pipe_the_app_says_where_else_to_look(crm: Crm) -> None:
    result = crm("tui")

    assert result.code == 2
    assert "needs a terminal" in result.err
    assert "crm today" in result.err
