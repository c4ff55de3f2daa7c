"""What every test may ask for: a private home, a database of its own, and `crm` as a function."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"


@dataclass(frozen=True)
class Result:
    """What one run of `crm` left: exit code, stdout, stderr."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Stdout as JSON."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[str]:
        """Lines of stdout."""
        return self.out.splitlines()


class _Terminal(io.TextIOWrapper):
    tty = False

    def isatty(self) -> bool:
        return self.tty


@dataclass
class Crm:
    """Runs `crm` in this process, as a user would type it. `terminal`: stdout is one."""

    database: Path
    monkeypatch: pytest.MonkeyPatch
    ran: list[Sequence[str]] = field(default_factory=list)

    def __call__(self, *words: str, stdin: str = "", terminal: bool = False) -> Result:
        """Run one command; never raises."""
        from crm_cli.main import main

        self.ran.append(words)
        out, err = _Terminal(io.BytesIO(), "utf-8"), _Terminal(io.BytesIO(), "utf-8")
        given = _Terminal(io.BytesIO(stdin.encode()), "utf-8")
        out.tty = err.tty = given.tty = terminal
        before = os.umask(0o077)
        with self.monkeypatch.context() as patch:
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", err)
            patch.setattr(sys, "stdin", given)
            code = main(words)
            out.flush()
            err.flush()
        os.umask(before)
        return Result(code, _text(out), _text(err))

    def ok(self, *words: str, stdin: str = "", terminal: bool = False) -> Result:
        """Run one command that must succeed."""
        result = self(*words, stdin=stdin, terminal=terminal)
        assert result.code == 0, f"crm {' '.join(words)}: {result.code}\n{result.err}"
        return result

    def list(self, noun: str, *words: str) -> Any:
        """Records of a noun, as JSON gives them."""
        return self.ok(noun, "list", "--format", "json", *words).json

    def show(self, noun: str, who: str) -> Any:
        """One record, as JSON gives it."""
        return self.ok(noun, "show", who, "--format", "json").json


def _text(stream: io.TextIOWrapper) -> str:
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode()


@pytest.fixture(scope="session")
def blank_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new database, made once for all tests of this process to copy."""
    path = tmp_path_factory.mktemp("blank") / "crm.db"
    code = (
        "from storage.settings import Settings\n"
        "from storage.database import open_database\n"
        f"open_database(Settings(database={str(path)!r}, user='eva')).close()"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
    return path


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own: no setting of the person running the tests can leak in."""
    for name in list(os.environ):
        if name.startswith(("CRM_", "XDG_")) or name in {"NO_COLOR", "COLUMNS"}:
            monkeypatch.delenv(name)
    place = tmp_path / "home"
    place.mkdir()
    monkeypatch.setenv("HOME", str(place))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(place / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(place / "data"))
    monkeypatch.setenv("TZ", "Europe/Madrid")
    time.tzset()
    monkeypatch.setenv("CRM_USER", "eva")
    monkeypatch.setenv("TERM", "xterm-256color")
    return place


@pytest.fixture
def database(home: Path, blank_database: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new database of this test's own, which commands find without being told."""
    path = home / "crm.db"
    shutil.copy(blank_database, path)
    path.chmod(0o600)
    monkeypatch.setenv("CRM_DATABASE", str(path))
    return path


@pytest.fixture
def crm(database: Path, monkeypatch: pytest.MonkeyPatch) -> Crm:
    """`crm` as a function, on a new database."""
    return Crm(database, monkeypatch)


@pytest.fixture
def real_data() -> Path:
    """Folder of real files from other programs; tests that need it skip where it is absent."""
    if not DATA.is_dir():
        pytest.skip("the folder of real files is not on this machine")
    return DATA
