"""What may be opened as a database, and what is refused without a byte of it being changed."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from language.errors import CrmError, InvalidValue, Refused, Unreachable
from storage.database import open_database
from storage.migrate import VERSION
from storage.settings import Settings
from tests.conftest import ROOT, Crm


def opened(path: Path | str) -> None:
    open_database(Settings(database=str(path), user="eva")).close()


def sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def alter(path: Path, statement: str) -> None:
    connection = sqlite3.connect(path)
    connection.execute(statement)
    connection.commit()
    connection.close()


def test_another_programs_database_is_left_alone(home: Path) -> None:
    path = home / "other.db"
    alter(path, "CREATE TABLE bookmarks (url TEXT)")
    path.chmod(0o600)
    before = sha(path)

    with pytest.raises(Refused, match="another program"):
        opened(path)

    assert sha(path) == before


def test_another_programs_database_is_known_even_while_its_tables_are_in_the_log(
    home: Path,
) -> None:
    path = home / "other.db"
    code = (
        f"import os, sqlite3; c = sqlite3.connect({str(path)!r}, isolation_level=None);"
        "c.execute('PRAGMA journal_mode=wal'); c.execute('CREATE TABLE bookmarks (url TEXT)');"
        "os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    path.chmod(0o600)

    with pytest.raises(Refused, match="another program"):
        opened(path)


def test_a_text_file_a_folder_and_a_pipe_are_not_databases(home: Path) -> None:
    text = home / "notes.txt"
    text.write_text("call Ana\n")
    text.chmod(0o600)
    os.mkfifo(home / "pipe", 0o600)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(home / "socket"))

    for path in (text, home, home / "pipe", home / "socket", Path(os.devnull)):
        with pytest.raises((Refused, Unreachable)):
            opened(path)
    listener.close()
    assert text.read_text() == "call Ana\n"


def test_a_hard_linked_database_is_refused(database: Path, home: Path) -> None:
    os.link(database, home / "second.db")

    with pytest.raises(Refused, match="hard-linked"):
        opened(database)


def test_a_symbolic_link_is_followed_so_that_both_names_share_one_lock(
    database: Path, home: Path
) -> None:
    link = home / "link.db"
    link.symlink_to(database)

    reached = open_database(Settings(database=str(link), user="eva"))

    assert reached.path == database.resolve()
    assert not Path(f"{link}.lock").exists()


def test_links_in_a_circle_and_impossible_names_are_told_apart_from_bugs(home: Path) -> None:
    (home / "a.db").symlink_to(home / "b.db")
    (home / "b.db").symlink_to(home / "a.db")

    with pytest.raises(Unreachable):
        opened(home / "a.db")
    with pytest.raises(InvalidValue):
        opened("crm\0.db")
    with pytest.raises(Unreachable):
        opened(home / ("x" * 300))
    with pytest.raises(Unreachable):
        opened("/dev/null/crm.db")


def test_a_file_that_others_may_read_is_refused_with_the_command_that_mends_it(
    crm: Crm, database: Path
) -> None:
    database.chmod(0o644)

    result = crm("contact", "list")

    assert result.code == 8
    assert f"chmod 600 {database}" in result.err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may enter every folder")
def test_a_folder_that_may_not_be_entered_is_unreachable(home: Path) -> None:
    closed = home / "closed"
    closed.mkdir(mode=0o000)

    with pytest.raises(Unreachable):
        opened(closed / "crm.db")


def test_a_newer_schema_is_refused_and_not_a_byte_is_changed(crm: Crm, database: Path) -> None:
    crm.ok("contact", "add", "Ana Ruiz")
    alter(database, f"PRAGMA user_version={VERSION + 1}")
    before = sha(database)

    for words in (("contact", "list"), ("contact", "add", "Luis"), ("tag", "list")):
        result = crm(*words)
        assert result.code == 8, words
        assert f"schema {VERSION + 1}, this crm knows {VERSION}" in result.err
        assert "upgrade crm" in result.err
    assert sha(database) == before


def test_a_newer_schema_that_is_still_in_the_log_of_a_killed_process_stays_there(
    database: Path,
) -> None:
    code = (
        f"import os, sqlite3; c = sqlite3.connect({str(database)!r}, isolation_level=None);"
        f"c.execute('PRAGMA user_version={VERSION + 1}'); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    before = sha(database)

    with pytest.raises(Refused, match=f"schema {VERSION + 1}"):
        opened(database)

    assert sha(database) == before


def test_tables_altered_by_hand_are_refused(crm: Crm, database: Path) -> None:
    alter(database, "ALTER TABLE contacts ADD COLUMN shoe_size INTEGER")
    before = sha(database)

    result = crm("contact", "list")

    assert result.code == 8
    assert "altered by another program" in result.err
    assert sha(database) == before


def test_a_damaged_file_is_refused_not_guessed_at(crm: Crm, database: Path) -> None:
    crm.ok("contact", "add", "Ana Ruiz")
    whole = database.read_bytes()
    for cut in (101, 512, 4096, 5000, len(whole) // 2):
        database.write_bytes(whole[:cut])
        result = crm("contact", "list")
        assert result.code == 8, (cut, result)
        assert "Traceback" not in result.err


def test_a_database_made_by_a_process_killed_before_it_closed_opens(home: Path) -> None:
    path = home / "crm.db"
    code = (
        "import os\n"
        "from sqlalchemy.pool import NullPool\n"
        "NullPool._do_return_conn = lambda *_: os._exit(0)\n"  # after the commit, before the close
        "from storage.settings import Settings\n"
        "from storage.database import open_database\n"
        f"open_database(Settings(database={str(path)!r}, user='eva'))\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
    assert path.with_name("crm.db-wal").stat().st_size > 0

    opened(path)


def test_whatever_the_umask_every_file_is_private(home: Path) -> None:
    path = home / "sub" / "deeper" / "crm.db"
    environment = os.environ | {"CRM_DATABASE": str(path)}
    for words in (
        ("contact", "add", "Ana"),
        ("contact", "list"),
        ("backup", "add"),
        ("config", "set", "currency", "USD"),
    ):
        subprocess.run(
            [sys.executable, "-m", "crm_cli", *words],
            check=True,
            capture_output=True,
            cwd=ROOT,
            env=environment,
            umask=0,
        )

    modes = {
        str(item.relative_to(home)): f"{item.stat().st_mode & 0o777:o}"
        for place in (home / "sub", home / "config")
        for item in (place, *place.rglob("*"))
    }
    assert any(name.endswith(".lock") for name in modes)
    assert set(modes.values()) == {"600", "700"}, modes
    assert all((home / name).is_dir() == (mode == "700") for name, mode in modes.items()), modes


def test_a_kind_of_server_that_is_not_supported_yet_is_named_without_its_password(
    home: Path,
) -> None:
    with pytest.raises(CrmError) as refusal:
        opened("postgresql://eva:secret@server/crm")

    assert "postgresql" in refusal.value.message
    assert "secret" not in refusal.value.message + refusal.value.hint


def _small_disk(home: Path, megabytes: int) -> Path | None:
    place = home / "disk"
    place.mkdir(mode=0o700)
    if shutil.which("mount") is None or os.geteuid() != 0:
        return None
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=700", "tmpfs", str(place)],
        capture_output=True,
        check=False,
    )
    return place if done.returncode == 0 else None


def test_a_full_disk_changes_nothing_and_says_so(
    crm: Crm, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = _small_disk(home, 8)
    if place is None:
        pytest.skip("a small disk cannot be mounted here")
    try:
        path = place / "crm.db"
        monkeypatch.setenv("CRM_DATABASE", str(path))
        crm.ok("contact", "add", "Ana Ruiz")
        filler = place / "filler"
        with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
            while True:
                file.write(b"x" * 4096)

        result = crm("contact", "add", "Luis Paz", "--note", "n" * 90_000)

        assert result.code == 5
        assert "disk is full" in result.err
        assert "nothing was changed" in result.err
        filler.unlink()
        assert [row["name"] for row in crm.list("contact")] == ["Ana Ruiz"]
        crm.ok("contact", "add", "Luis Paz")
    finally:
        subprocess.run(["umount", str(place)], check=True)


def test_a_limit_on_file_sizes_changes_nothing_and_says_so(crm: Crm, database: Path) -> None:
    crm.ok("contact", "add", "Ana Ruiz")
    limit = 65_536  # no file may grow beyond; the log of this command would
    code = (
        "import resource, sys\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))\n"
        "from crm_cli.main import main\n"
        "sys.exit(main(['contact', 'add', 'Luis', '--note', 'n' * 90_000]))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False
    )

    assert result.returncode == 5, result.stderr
    assert [row["name"] for row in crm.list("contact")] == ["Ana Ruiz"]
