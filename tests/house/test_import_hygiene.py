"""What a clean interpreter loads: the static graph of imports cannot see deferred ones.

Start-up is what a user feels on every command, and each library named here costs tens or hundreds
of milliseconds.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

DATABASE = {"sqlmodel", "sqlalchemy", "alembic"}
FRONT_ENDS = {"typer", "rich", "textual"}

# Imports each named module and reports, in order, the unwanted packages that it was first to load.
REPORTER = """
import importlib, json, sys
names, unwanted = json.loads(sys.argv[1])
culprits, before = {}, set()
for name in names:
    importlib.import_module(name)
    loaded = {m.partition(".")[0] for m in sys.modules} & set(unwanted)
    if loaded - before:
        culprits[name] = sorted(loaded - before)
    before = loaded
print(json.dumps(culprits))
"""


def modules_of(package: str) -> list[str]:
    """Every importable module of a package; Alembic's scripts are run by Alembic, not imported."""
    names = []
    for file in sorted((ROOT / package).rglob("*.py")):
        parts = file.relative_to(ROOT).with_suffix("").parts
        if "migrations" in parts:
            continue
        names.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return names


def clean_interpreter(*arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    """Runs Python knowing nothing of this process but where the project is."""
    environment = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    environment |= {"PYTHONPATH": str(ROOT), "HOME": str(home), "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=home,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def unwanted_loads(names: list[str], unwanted: set[str], home: Path) -> object:
    """Module → the unwanted packages it brings in."""
    question = json.dumps([names, sorted(unwanted)])
    result = clean_interpreter("-c", REPORTER, question, home=home)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_version_and_help_load_neither_database_nor_drawing(option: str, tmp_path: Path) -> None:
    program = f"import sys; sys.argv = ['crm', {option!r}]; from crm_cli.main import main; main()"
    # -X importtime writes one line per module, and does so even when main leaves without goodbye.
    result = clean_interpreter("-X", "importtime", "-c", program, home=tmp_path)
    loaded = {
        line.rpartition("|")[2].strip().partition(".")[0]
        for line in result.stderr.splitlines()
        if line.startswith("import time:")
    }
    assert result.returncode == 0, result.stderr[-2000:]
    assert result.stdout.strip()
    assert "crm_cli" in loaded
    assert loaded & (DATABASE | {"rich", "textual", "dateutil", "phonenumbers"}) == set()


def test_the_language_needs_no_database_and_no_pydantic(tmp_path: Path) -> None:
    unwanted = DATABASE | FRONT_ENDS | {"pydantic", "dateutil", "phonenumbers"}
    assert unwanted_loads(modules_of("language"), unwanted, tmp_path) == {}


def test_tab_completion_reads_names_without_the_database_layer(tmp_path: Path) -> None:
    if not (ROOT / "storage" / "peek.py").exists():
        pytest.skip("no storage/peek.py yet")
    assert unwanted_loads(["storage.peek"], DATABASE | {"pydantic"}, tmp_path) == {}


@pytest.mark.parametrize("package", ["storage", "operations", "exporters", "importers", "sync"])
def test_nothing_below_the_front_ends_loads_one(package: str, tmp_path: Path) -> None:
    assert unwanted_loads(modules_of(package), FRONT_ENDS, tmp_path) == {}


def test_the_commands_load_no_textual_until_the_app_starts(tmp_path: Path) -> None:
    assert unwanted_loads(modules_of("crm_cli"), {"textual", "tui"}, tmp_path) == {}


def test_the_app_loads_no_typer(tmp_path: Path) -> None:
    assert unwanted_loads(modules_of("tui"), {"typer", "crm_cli"}, tmp_path) == {}
