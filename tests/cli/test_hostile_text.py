"""Whatever a name holds, a terminal only ever sees letters and our own colours.

Real processes on a real pseudo-terminal: what a person's terminal would receive is read byte by
byte.
"""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from tests.conftest import ROOT, Crm

NAMES = {
    "markup": "[bold]x[/bold]",
    "unbalanced markup": "[/foo] tail",
    "an action": "[@click=app.quit]x[/]",
    "a link": "[link=file:///etc/passwd]x[/link]",
    "the clipboard": "cl\x1b]52;c;eA==\x07ip",
    "a title": "ti\x1b]0;owned\x1b\\tle",
    "a cleared screen": "cs\x1b[2J\x1b[Hi",
    "a C1 control": "c1\x9b31mred",
    "backspaces": "bs\x08\x08\x7fx",
    "a carriage return": "cr\rfake",
    "two lines": "one\ntwo",
    "the other direction": "rl\u202egpj.exe",
    "Arabic": "شركة النور",
    "Hebrew": "דוד כהן",
    "a family": "👩\u200d👩\u200d👧 Ana",
    "hidden letters": "a\u200bd\u2060min",
    "a tag character": "x\U000e0041y",
    "three hundred letters": "Ñandú" * 60,
    "a formula": "=1+1",
    "a command": "@SUM(1)",
    "a percent": "100%_x",
    "quotes": 'O\'Brien "Bob"',
    "an option": "x --yes",
    "an entity": "&lt;b&gt;",
    "an emoji code": ":smile: x",
}
SGR = re.compile(r"\x1b\[[0-9;]*m")
# Joiners have a job inside an emoji and some scripts; nothing else may act unseen.
ALLOWED = {"\n", "\r", "\u200d", "\u200c", "\ufe0f"}


def on_a_terminal(*words: str) -> str:
    """Run `crm` on a terminal of its own; gives all that the terminal received."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "crm_cli", *words],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "100", "LINES": "40"},
    )
    os.close(theirs)
    received = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:
            break
        if not piece:
            break
        received += piece
    os.close(ours)
    process.wait(timeout=60)
    text = received.decode()
    assert "--debug" in words or "Traceback" not in text
    assert "something unexpected" not in text
    return text


def harmful(text: str) -> list[str]:
    """Characters that act on a terminal or deceive a reader, beside our own colours."""
    rest = SGR.sub("", text)
    return [
        f"{char!a} in {rest[max(0, at - 20) : at + 20]!a}"
        for at, char in enumerate(rest)
        if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
        and char not in ALLOWED
    ]


@pytest.fixture
def crowded(crm: Crm, tmp_path: Path) -> Crm:
    """Every hostile name on a record of every noun."""
    paper = tmp_path / "paper.txt"
    paper.write_text("x")
    for name in NAMES.values():
        filled = ("--note", name, "--tag", name.replace(";", " ").replace(",", " ")[:90])
        crm.ok("company", "add", "--industry", name, *filled, "--", name)
        crm.ok(
            "contact", "add", "--job-title", name, "--source", name, *filled, "--set",
            f"name={name}", "--", "x",
        )  # fmt: skip
        crm.ok("deal", "add", "--company", f"#{len(crm.list('company', '--fields', 'id'))}",
               "--amount", "10", *filled, "--", name)  # fmt: skip
        crm.ok("task", "add", "--due", "today", *filled, "--", name)
        crm.ok("call", "log", "--subject", name, "--outcome", name, "--", "#1", name)
        crm.ok("product", "add", "--family", name, "--note", name, "--", name)
    crm.ok("field", "add", "--help-text", NAMES["the clipboard"], "--", "contact",
           NAMES["the clipboard"])  # fmt: skip
    crm.ok("contact", "edit", "#1", "--set", f"cl 52 c ea ip={NAMES['a cleared screen']}")
    crm.ok("attachment", "add", "#1", str(paper))
    crm.ok("attachment", "edit", "#1", "--name", NAMES["a title"])
    return crm


def test_names_come_back_from_json_exactly_as_they_were_given(crowded: Crm) -> None:
    for noun, title in (("company", "name"), ("deal", "title"), ("product", "name")):
        rows = crowded.list(noun, "--sort", "id")
        assert [row[title] for row in rows] == list(NAMES.values()), noun
    raw = crowded.ok("contact", "list", "--format", "json").out
    assert {row["name"] for row in json.loads(raw)} == set(NAMES.values())
    assert harmful(raw.replace("\u200d", "")) == []


SCREENS: list[tuple[str, ...]] = [
    *[
        (noun, "list", "--limit", "0")
        for noun in (
            "contact",
            "company",
            "deal",
            "task",
            "activity",
            "product",
            "tag",
            "field",
            "attachment",
            "user",
            "pipeline",
        )
    ],
    *[(noun, "list", "--limit", "0", "--fields", "all") for noun in ("contact", "company", "deal")],
    *[
        (noun, "show", f"#{number}")
        for noun in ("contact", "company", "deal", "task", "product", "tag")
        for number in (1, 5, 7, 8, 11, 12, 18)
    ],
    ("field", "show", "#1"),
    ("attachment", "show", "#1"),
    ("attachment", "list", "--on", "#1"),
    ("company", "tree", "#5"),
    ("search", "x"),
    ("search", "cs"),
    ("search", "nothing\x1b]52;c;x\x07here"),
    ("today",),
    ("pipeline", "board"),
    ("history",),
    ("trash", "list"),
    ("report", "pipeline"),
    ("contact", "show", "x"),
    ("contact", "show", "zz\x1b[2Jzz"),
    ("contact", "show", "\u202eevil"),
    ("contact", "list", "--filter", "na\x1b[2Jme=1"),
    ("contact", "list", "--filter", "name=\x1b]52;c;x\x07 and ("),
    ("contact", "list", "--sort", "\x1b[2J"),
    ("contact", "list", "--format", "\x1b[2J"),
    ("contact", "list", "--limit", "\x1b[2J"),
    ("contact", "list", "--color", "\x1b[2J"),
    ("contact", "add", "x", "--birthday", "\x1b[2J"),
    ("contact", "add", "x", "--phone", "\x1b[2J"),
    ("contact", "add", "x", "--email", "\x1b[2J@x"),
    ("contact", "add", "x", "--channel", "\x1b[2J"),
    ("contact", "add", "x", "--set", "\x1b[2J=1"),
    ("contact", "add", "x", "--owner", "\x1b[2J"),
    ("deal", "add", "x", "--amount", "\x1b[2J"),
    ("task", "add", "x", "--due", "\x1b[2J"),
    ("contact", "--\x1b[2J"),
    ("contact", "\x1b[2J"),
    ("\x1b[2J",),
    ("contact", "add", "--help"),
    ("attachment", "add", "#1", "/tmp/no\x1b[2Jfile"),
    ("attachment", "save", "#1", "--to", "/nowhere\x1b[2J/x"),
    ("--database", "/nowhere\x1b[2J/x.db", "contact", "list"),
    ("--debug", "contact", "show", "zz\x1b[2Jzz"),
    ("contact", "edit", "#5", "--name", "ne\x1b[2Jw", "--dry-run"),
    ("contact", "edit", "--filter", "name~x", "--name", "ne\x1b[2Jw", "--dry-run"),
    ("contact", "delete", "#5", "#7", "#8"),
    ("contact", "restore", "#5", "#7", "#8"),
    ("contact", "delete", "--filter", "name~x", "--dry-run"),
    ("tag", "delete", "#5"),
    ("tag", "restore", "#5"),
    ("tag", "merge", "#1", "#2", "#3", "--dry-run"),
    ("deal", "edit", "#5", "--title", "ne\x1b[2Jw"),
    ("undo",),
    ("contact", "list", "--format", "tsv", "--fields", "id"),
]


@pytest.mark.slow
def test_no_command_lets_a_name_act_on_the_terminal(crowded: Crm) -> None:
    found = {
        " ".join(words): bad for words in SCREENS if (bad := harmful(on_a_terminal(*words))[:3])
    }

    assert found == {}


def test_markup_is_shown_as_it_was_written(crm: Crm) -> None:
    for name in ("[bold]x[/bold]", "[/foo]", "[@click=app.quit]x[/]", ":smile:"):
        crm.ok("contact", "add", name)

    screen = on_a_terminal("contact", "list")

    for name in ("[bold]x[/bold]", "[/foo]", "[@click=app.quit]x[/]", ":smile:"):
        assert name in screen


def test_completion_offers_nothing_that_acts_on_the_terminal(
    crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ana\x1b]52;c;x\x07", "ana\u202eevil", "ana\nbob"):
        crm.ok("contact", "add", name)
    for shell in ("bash", "zsh", "fish"):
        environment = {
            **os.environ, "PYTHONPATH": str(ROOT), "_CRM_COMPLETE": f"complete_{shell}",
            "COMP_WORDS": "crm contact show an", "COMP_CWORD": "3",
            "_TYPER_COMPLETE_ARGS": "crm contact show an",
            "_TYPER_COMPLETE_FISH_ACTION": "get-args",
        }  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-c", "from crm_cli.main import run; run()"],
            cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert "ana" in done.stdout, shell
        assert harmful(done.stdout.replace("\t", "")) == [], shell
        assert "Traceback" not in done.stderr
