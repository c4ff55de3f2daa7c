"""Files stay short, say what they are for, and could have been written on any machine."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = (
    "crm_cli",
    "tui",
    "sync",
    "exporters",
    "importers",
    "operations",
    "storage",
    "language",
)
LONGEST = 400
MAY_BE_LONGER = {"language/fields.py"}  # every field of the product, once
SKIPPED = {".git", ".venv", "__pycache__", "dist", "build"}

# A home folder, a checkout or a neighbour of it: none of these exists for anybody else.
SOMEBODYS_MACHINE = re.compile(rb"(?<![\w.*-])/(?:root|work)/|[.]{2}/shared/|/shared/(?:design)\b")


def python_files(*folders: str) -> list[Path]:
    """The Python files below these folders, migrations included."""
    return [
        file
        for folder in folders
        for file in sorted((ROOT / folder).rglob("*.py"))
        if not SKIPPED & set(file.parts)
    ]


def repository_files() -> list[Path]:
    """Every file that is, or would be, in the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode == 0:
        files = [ROOT / name for name in listed.stdout.split("\0") if name]
    else:  # an unpacked source archive
        files = [path for path in ROOT.rglob("*") if not SKIPPED & set(path.parts)]
    return [file for file in files if file.is_file()]


def shown(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def test_no_file_is_the_one_nobody_wants_to_open() -> None:
    lengths = {
        shown(file): len(file.read_text("utf-8").splitlines()) for file in python_files(*PACKAGES)
    }
    too_long = {
        name: lines
        for name, lines in lengths.items()
        if lines > LONGEST and name not in MAY_BE_LONGER
    }
    assert too_long == {}


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        shown(file)
        for file in python_files(*PACKAGES, "tests", "benchmarks")
        if file.stat().st_size and not ast.get_docstring(ast.parse(file.read_bytes()))
    ]
    assert silent == []


def test_no_file_names_a_path_of_the_machine_it_was_written_on() -> None:
    guilty = [
        f"{shown(file)}: {match.group().decode()}"
        for file in repository_files()
        if (match := SOMEBODYS_MACHINE.search(file.read_bytes()))
    ]
    assert guilty == []


@pytest.mark.parametrize("name", ["dev", ".ci/run"])
def test_scripts_can_be_run_as_they_are(name: str) -> None:
    file = ROOT / name
    assert file.read_text("utf-8").startswith("#!")
    assert file.stat().st_mode & 0o100
