"""Schemas: the migrations make what the model says, and an upgrade is whole or did not happen."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.script import ScriptDirectory
from sqlmodel import SQLModel

from language.errors import Refused
from storage import migrate, sqlite
from storage.database import open_database
from storage.history import journaled_tables, triggers
from storage.migrations.draft import context_of
from storage.settings import Settings
from tests.conftest import ROOT

NEXT, STEP = migrate.VERSION + 1, f"{migrate.VERSION + 1:04d}"
GOOD_STEP = """
from alembic import op
import sqlalchemy as sa
from storage import history

revision, down_revision = "NEXT", "HEAD"

def upgrade():
    op.add_column("contacts", sa.Column("nickname", sa.Text()))
    with op.batch_alter_table("tags") as batch:
        batch.add_column(sa.Column("colour", sa.Text()))
    metadata = sa.MetaData()
    for name in ("contacts", "tags"):
        table = sa.Table(name, metadata, autoload_with=op.get_bind(), resolve_fks=False)
        history.install(op.get_bind(), table)
""".replace("NEXT", STEP).replace("HEAD", migrate.HEAD)
BROKEN_STEP = GOOD_STEP + "    raise RuntimeError('the third step fails')\n"
LOSING_STEP = GOOD_STEP + (
    "    op.get_bind().exec_driver_sql('UPDATE open_command SET command_id = 1')\n"
    "    op.get_bind().exec_driver_sql('DELETE FROM contacts')\n"
)
SLOW_STEP = GOOD_STEP + "    print('half', flush=True); import time; time.sleep(PAUSE)\n"
UPGRADE = """
import sys
from pathlib import Path
from storage import migrate
from storage.settings import Settings
migrate.VERSION, migrate.HEAD = NEXT, "STEP"
migrate.STEPS.append(Path(sys.argv[2]))
migrate.upgrade(Path(sys.argv[1]), Settings(database=sys.argv[1], user="eva"))
""".replace("NEXT", str(NEXT)).replace("STEP", STEP, 1)
FILL = """
import sys
from storage.database import Deed, open_database
from storage.model.anything import taggings, tags
from storage.model.people import contacts
from storage.settings import Settings
with open_database(Settings(database=sys.argv[1], user="eva")).writing(Deed("import")) as uow:
    tag = uow.insert(tags, name="fair", name_key="fair")
    for n in range(50):
        number = uow.insert(contacts, name=f"p{n}", name_key=f"p{n}")
        uow.insert(taggings, noun="contact", record_id=number, tag_id=tag)
"""


def plain_sql(connection: sqlite3.Connection) -> dict[str, str]:
    rows = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type IN ('table', 'index') AND sql IS NOT NULL"
        " AND name NOT LIKE 'search_index%' AND name NOT LIKE 'sqlite_%'"
        " AND name <> 'alembic_version'"
    )
    return {name: re.sub(r"\s+", " ", sql).strip() for name, sql in rows}


@pytest.fixture
def filled(database: Path) -> Path:
    subprocess.run([sys.executable, "-c", FILL, str(database)], check=True, cwd=ROOT)
    return database


@pytest.fixture
def steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for the steps of a newer crm than this one."""
    folder = tmp_path / "steps 100%"
    folder.mkdir()
    monkeypatch.setattr(migrate, "VERSION", NEXT)
    monkeypatch.setattr(migrate, "HEAD", STEP)
    monkeypatch.setattr(migrate, "STEPS", [*migrate.STEPS, folder])
    return folder


def ask(path: Path, statement: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(statement).fetchall()
    finally:
        connection.close()


def sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def names(path: Path, table: str) -> set[object]:
    return {row[1] for row in ask(path, f"PRAGMA table_info({table})")}


def test_the_migrations_make_exactly_what_the_model_says(database: Path) -> None:
    memory = sqlite3.connect(":memory:")
    engine = sa.create_engine("sqlite://", creator=lambda: memory, poolclass=sa.pool.StaticPool)
    SQLModel.metadata.create_all(engine)
    made = sqlite3.connect(database)

    assert plain_sql(made) == plain_sql(memory)
    made.close()
    with sqlite.make_engine(database, writes=False).connect() as connection:
        assert compare_metadata(context_of(connection), SQLModel.metadata) == []


def test_every_table_has_the_history_triggers_of_today(database: Path) -> None:
    found = {
        str(name): re.sub(r"\s+", " ", str(sql))
        for name, sql in ask(database, "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    }
    expected = {
        name: re.sub(r"\s+", " ", sql)
        for table in journaled_tables()
        for name, sql in triggers(table).items()
    }
    assert found == expected


def test_the_newest_step_is_the_one_this_program_asks_for() -> None:
    script = ScriptDirectory.from_config(migrate.alembic_config())

    assert script.get_heads() == [migrate.HEAD]
    assert len(list(script.walk_revisions())) == migrate.VERSION


def test_an_upgrade_keeps_every_row_after_a_backup(filled: Path, steps: Path) -> None:
    (steps / f"v{STEP}.py").write_text(GOOD_STEP)
    before = ask(filled, "SELECT id, uid, name FROM contacts ORDER BY id")

    open_database(Settings(database=str(filled), user="eva")).close()

    assert "nickname" in names(filled, "contacts")
    assert "colour" in names(filled, "tags")
    assert ask(filled, "SELECT id, uid, name FROM contacts ORDER BY id") == before
    assert ask(filled, "SELECT count(*) FROM taggings") == [(50,)]
    assert ask(filled, "PRAGMA user_version") == [(NEXT,)]
    (backup,) = (filled.parent / "backups").glob(f"crm-*-schema-{NEXT - 1}.db")
    assert ask(backup, "SELECT id, uid, name FROM contacts ORDER BY id") == before
    facts = json.loads(backup.with_suffix(".json").read_text())
    assert (facts["schema"], facts["sha256"]) == (NEXT - 1, sha(backup))
    open_database(Settings(database=str(filled), user="eva")).close()
    assert len(list((filled.parent / "backups").glob("*.db"))) == 1


@pytest.mark.parametrize("step", [BROKEN_STEP, LOSING_STEP])
def test_an_upgrade_that_fails_leaves_the_file_as_it_was(
    filled: Path, steps: Path, step: str
) -> None:
    (steps / f"v{STEP}.py").write_text(step)
    before = sha(filled)

    with pytest.raises(Refused) as refusal:
        open_database(Settings(database=str(filled), user="eva"))

    (backup,) = (filled.parent / "backups").glob("*.db")
    assert str(backup) in refusal.value.hint
    assert "the database is as it was" in refusal.value.hint
    assert sha(filled) == before
    assert ask(filled, "PRAGMA user_version") == [(NEXT - 1,)]
    assert "nickname" not in names(filled, "contacts")


def test_a_rehearsal_does_not_upgrade(filled: Path, steps: Path) -> None:
    (steps / f"v{STEP}.py").write_text(GOOD_STEP)
    before = sha(filled)

    with pytest.raises(Refused, match="older schema"):
        open_database(Settings(database=str(filled), user="eva"), rehearsal=True)

    assert sha(filled) == before


def test_an_older_file_altered_by_hand_is_not_upgraded(filled: Path, steps: Path) -> None:
    (steps / f"v{STEP}.py").write_text(GOOD_STEP)
    connection = sqlite3.connect(filled)
    connection.execute("CREATE TABLE mine (a)")
    connection.close()

    with pytest.raises(Refused, match="altered by another program"):
        open_database(Settings(database=str(filled), user="eva"))


@pytest.mark.slow
def test_an_upgrade_killed_at_any_moment_is_old_or_new_never_mixed(
    filled: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "steps"
    folder.mkdir()
    whole = filled.read_bytes()
    outcomes = set()
    for kill in range(20):
        (folder / f"v{STEP}.py").write_text(SLOW_STEP.replace("PAUSE", "0.02"))
        filled.write_bytes(whole)
        for end in ("-wal", "-shm"):
            filled.with_name(filled.name + end).unlink(missing_ok=True)
        upgrade = subprocess.Popen(
            [sys.executable, "-c", UPGRADE, str(filled), str(folder)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
        )
        assert upgrade.stdout is not None
        upgrade.stdout.readline()
        time.sleep(0.004 * kill)
        upgrade.kill()
        upgrade.communicate()

        version = ask(filled, "PRAGMA user_version")[0][0]
        new = "nickname" in names(filled, "contacts")
        assert (version, "colour" in names(filled, "tags")) == (
            (NEXT, True) if new else (NEXT - 1, False)
        )
        assert ask(filled, "SELECT count(*) FROM contacts") == [(50,)]
        assert ask(filled, "SELECT count(*) FROM taggings") == [(50,)]
        assert ask(filled, "PRAGMA integrity_check") == [("ok",)]
        outcomes.add(version)
    assert NEXT - 1 in outcomes
