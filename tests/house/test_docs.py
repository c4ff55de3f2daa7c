"""What the pages say is what happens: each command shown is run, each generated page is fresh."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import Crm

ROOT = Path(__file__).resolve().parents[2]
PAGES = (
    "README.md",
    "docs/tutorial.md",
    "docs/importing.md",
    "docs/duplicates.md",
    "docs/exporting.md",
    "docs/scripting.md",
)
BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
EXIT = re.compile(r"\s+# exit (\d+)$")
ANSI = re.compile(r"\x1b\[[0-9;]*m")
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")


@dataclass
class Shown:
    """A command as a page shows it: what is typed, its exit code, the lines below it."""

    typed: str
    code: int
    lines: list[str]


def shown_in(page: Path) -> Iterator[Shown]:
    for block in BLOCK.findall(page.read_text("utf-8")):
        command: Shown | None = None
        for line in block.splitlines():
            if line.startswith("$ "):
                if command is not None:
                    yield command
                noted = EXIT.search(line)
                command = Shown(EXIT.sub("", line[2:]), int(noted[1]) if noted else 0, [])
            elif command is not None:
                command.lines.append(line)
        if command is not None:
            yield command


def squeezed(line: str) -> str:
    return " ".join(line.split())


def is_printed(line: str, printed: list[str]) -> bool:
    """Whether a line of a page is among the printed ones; `…` stands for anything."""
    pattern = ".*".join(re.escape(part.strip()) for part in squeezed(line).split("…"))
    return any(re.fullmatch(rf"{pattern}\s*", text) for text in printed)


@pytest.mark.parametrize("name", PAGES)
def test_every_command_of_a_page_does_what_the_page_says(
    name: str, crm: Crm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ROOT / "docs" / "samples", tmp_path / "samples")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "160")
    commands = list(shown_in(ROOT / name))
    assert commands, f"{name} shows no command"
    for command in commands:
        program, *words = shlex.split(command.typed)
        assert program == "crm", command.typed
        result = crm(*words, terminal=True)
        assert result.code == command.code, f"{command.typed}: {result.code}\n{result.err}"
        both = ANSI.sub("", f"{result.out}\n{result.err}").splitlines()
        printed = [squeezed(line) for line in both]
        for line in filter(str.strip, command.lines):
            assert is_printed(line, printed), f"{command.typed}\nmissing: {line}\n" + "\n".join(
                both
            )


@pytest.mark.parametrize("page", ["reference", "data_model"])
def test_a_generated_page_is_what_the_program_says_today(page: str) -> None:
    checked = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "make" / f"{page}.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, f"run ./dev docs\n{checked.stderr}"


def test_no_link_of_a_page_leads_nowhere() -> None:
    lost = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md"))
        for target in LINK.findall(page.read_text("utf-8"))
        if not (page.parent / target).exists()
    ]
    assert lost == []


@pytest.mark.parametrize("picture", ["board", "today", "details"])
def test_a_picture_loads_nothing_from_elsewhere(picture: str) -> None:
    svg = (ROOT / "docs" / "pictures" / f"{picture}.svg").read_text("utf-8")
    assert "@font-face" not in svg
    assert re.findall(r"(?:url\(|href=)['\"]?(?:https?:)?//", svg) == []
