"""What every command promises (docs/scripting.md), asked of every command there is."""

from __future__ import annotations

import csv
import gc
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import typer

from crm_cli.tree import COMMANDS, load
from language.fields import NOUNS
from storage.peek import NAMES
from tests.conftest import ROOT, Crm

BUILT = {name: module for name, (module, _) in COMMANDS.items() if find_spec(module)}
LISTED = [name for name in NOUNS if name in BUILT]
FORMATS = ("table", "json", "ndjson", "csv", "tsv", "markdown", "ids")


def leaves() -> Iterator[tuple[str, ...]]:
    """Every command and sub-command, as words."""
    for name, module in BUILT.items():
        yield (name,)
        for verb, made in getattr(load(name, module), "commands", {}).items():
            if not made.hidden:
                yield (name, verb)


LEAVES = list(leaves())


def command_of(words: tuple[str, ...]) -> Any:
    found = load(words[0], BUILT[words[0]])
    return found if len(words) == 1 else found.commands[words[1]]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the full database is kept once it is made."""
    return tmp_path_factory.mktemp("full")


@pytest.fixture
def full(crm: Crm, kept: Path) -> Crm:
    """A database that holds at least one record of every noun; made once, then copied."""
    if not (kept / "crm.db").exists():
        paper = kept / "offer.txt"
        paper.write_text("twenty seats")
        crm.ok("contact", "add", "Ana Ruiz, CEO, Acme, ana@acme.es", "--tag", "vip")
        crm.ok("contact", "add", "Leo Gil")
        crm.ok("deal", "add", "Solar roof", "--company", "acme", "--amount", "12k")
        crm.ok("product", "add", "Panel", "--price", "90", "--code", "P-1")
        crm.ok("task", "add", "Send the quote", "--due", "2027-01-01")
        crm.ok("call", "log", "ana", "spoke about seats")
        crm.ok("field", "add", "contact", "Tier")
        crm.ok("attachment", "add", "ana", str(paper))
        gc.collect()
        for file in crm.database.parent.glob("crm.db*"):
            if file.is_file():
                shutil.copy(file, kept / file.name)
    for file in kept.glob("crm.db*"):
        shutil.copy(file, crm.database.with_name(file.name))
    return crm


# ── help ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("words", LEAVES, ids=" ".join)
def test_every_command_explains_itself(crm: Crm, words: tuple[str, ...]) -> None:
    result = crm.ok(*words, "--help")

    assert result.out.startswith(f"Usage: crm {' '.join(words)}")
    assert command_of(words).help, "what is it for?"
    assert result.err == ""
    assert crm.ok(*words, "-h").out == result.out


@pytest.mark.parametrize("words", LEAVES, ids=" ".join)
def test_every_option_of_every_command_says_what_it_does(words: tuple[str, ...]) -> None:
    silent = [
        item.name
        for item in command_of(words).params
        if not (getattr(item, "help", None) or item.name == "help")
    ]

    assert silent == []


@pytest.mark.parametrize("name", [n for n in BUILT if hasattr(load(n, BUILT[n]), "commands")])
def test_a_noun_alone_shows_what_it_can_do(crm: Crm, name: str) -> None:
    result = crm(name)

    assert (result.code, result.err) == (0, "")
    assert result.out == crm.ok(name, "--help").out


def test_crm_alone_in_a_pipe_shows_help(crm: Crm) -> None:
    assert crm.ok().out.rstrip() == crm.ok("--help").out.rstrip()
    assert crm.ok("--version").out.startswith("crm ")


def test_every_command_of_the_tree_exists() -> None:
    assert [name for name in COMMANDS if name not in BUILT] == []


# ── words that are not right ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("words", LEAVES, ids=" ".join)
def test_an_unknown_option_is_refused_in_our_own_words(crm: Crm, words: tuple[str, ...]) -> None:
    if getattr(command_of(words), "commands", None):
        words = (*words, "--qqqq")
    result = crm(*words, "--qqqq")

    assert result.code == 2
    assert result.out == ""
    assert result.err == f"crm: no such option: --qqqq. see: crm {words[0]}" + (
        f" {words[1]} --help\n" if len(words) > 1 and words[1] != "--qqqq" else " --help\n"
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("contct",), "there is no command 'contct'. did you mean: crm contact?"),
        (("contact", "lst"), "crm contact has no 'lst'. did you mean: crm contact list?"),
        (("contact", "list", "--lmit", "3"), "did you mean --limit?"),
        (("contact", "list", "--limit", "x"), "it takes a number"),
        (("contact", "list", "--limit", "-1"), "cannot be negative"),
        (("contact", "list", "--format", "jsn"), "format: 'jsn'"),
        (("contact", "list", "--color", "pink"), "one of: always, never, auto"),
        (("contact", "list", "extra"), "unexpected extra argument"),
        (("contact", "show"), "missing argument 'WHO'. see: crm contact show --help"),
        (("contact", "edit", "ana", "--owner"), "requires an argument"),
        (("contact", "edit", "ana"), "nothing to change"),
        (("contact", "edit", "--name", "X"), "say which contact, or --filter"),
        (("contact", "add", ""), "name"),
        (("contact", "add", "a\0b"), "NUL"),
        (("contact", "show", "a\udcff"), "surrogate"),
        (("contact", "add", "Ana", "--set", "no equals"), "is not FIELD=VALUE"),
    ],
)
def test_a_word_that_is_not_right_gets_one_sentence_and_exit_2(
    crm: Crm, words: tuple[str, ...], said: str
) -> None:
    result = crm(*words)

    assert result.code == 2
    assert result.err.startswith("crm: ")
    assert said in result.err
    assert result.err.count("\n") == 1
    assert (result.out, "..see" in result.err) == ("", False)


@pytest.mark.parametrize("how", [("--format", "json"), ("--format=json",), ("-f", "json")])
def test_a_script_gets_its_refusals_as_json(crm: Crm, how: tuple[str, ...]) -> None:
    for words, code, kind in (
        (("contact", "add", "--qqqq"), 2, "invalid value"),
        (("contact", "show", "nobody"), 3, "not found"),
        (("contct",), 2, "invalid value"),
    ):
        result = crm(*words, *how)
        said = json.loads(result.err)
        assert (result.code, said["exit_code"], said["error"]) == (code, code, kind)
        assert set(said) == {"error", "message", "hint", "exit_code", "candidates"}
        assert result.out == ""


# ── lists ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("noun", LISTED)
def test_every_noun_is_listed_in_every_format(full: Crm, noun: str, form: str) -> None:
    out = full.ok(noun, "list", "--format", form).out

    if form == "json":
        rows = json.loads(out)
        assert rows
        assert all(isinstance(row["id"], int) for row in rows)
    elif form == "ndjson":
        assert all(json.loads(line) for line in out.splitlines())
    elif form in {"csv", "tsv"}:
        rows = list(csv.reader(io.StringIO(out), delimiter="," if form == "csv" else "\t"))
        assert len({len(row) for row in rows}) == 1
        assert len(rows) > 1
    elif form == "ids":
        assert all(line.isdigit() for line in out.splitlines())
    elif form == "markdown":
        assert out.startswith("| ")
    else:
        assert out.splitlines()[1].split()[0] == "#"


@pytest.mark.parametrize("noun", LISTED)
def test_an_empty_list_is_empty_and_says_how_to_start(crm: Crm, noun: str) -> None:
    for form, empty in (("json", "[]\n"), ("ndjson", ""), ("ids", "")):
        if not crm.list(noun):
            assert crm.ok(noun, "list", "--format", form).out == empty
    if not crm.list(noun):
        assert "crm " in crm.ok(noun, "list", terminal=True).err


@pytest.mark.parametrize("noun", LISTED)
def test_lists_take_limit_offset_sort_and_fields(full: Crm, noun: str) -> None:
    everything = full.list(noun, "--sort", "-id")
    numbers = [row["id"] for row in everything]

    assert numbers == sorted(numbers, reverse=True)
    assert [row["id"] for row in full.list(noun, "--sort", "id", "--limit", "1")] == numbers[-1:]
    assert [row["id"] for row in full.list(noun, "--sort", "-id", "--offset", "1")] == numbers[1:]
    assert full.list(noun, "--fields", "id")[0].keys() == {"id"}
    assert len(full.list(noun, "--limit", "0")) == len(numbers)


@pytest.mark.parametrize("noun", LISTED)
@pytest.mark.parametrize("option", ["--filter", "--sort", "--fields"])
def test_an_unknown_field_is_an_error_with_a_guess(full: Crm, noun: str, option: str) -> None:
    title = NOUNS[noun].title
    wrong = f"{title}x"
    result = full(noun, "list", option, f"{wrong}=1" if option == "--filter" else wrong)

    assert result.code == 2
    assert f"has no field '{wrong}'" in result.err
    assert "did you mean" in result.err
    assert result.out == ""


@pytest.mark.parametrize("noun", LISTED)
def test_json_has_the_same_keys_for_full_and_empty_records_in_list_and_show(
    full: Crm, noun: str
) -> None:
    rows = full.list(noun)
    keys = list(rows[0])

    assert all(list(row) == keys for row in rows)
    shown = full.show(noun, f"#{rows[0]['id']}")
    # `pipeline show` gives the stages with their figures instead.
    assert noun == "pipeline" or set(keys) <= set(shown)
    assert all(key.isidentifier() and key.islower() for key in keys)


@pytest.mark.parametrize("noun", LISTED)
def test_every_field_can_be_asked_for_by_itself(full: Crm, noun: str) -> None:
    for field in NOUNS[noun].fields:
        full.ok(noun, "list", "--fields", field.name)
        assert full(noun, "list", "--filter", f"{field.name} is empty").code in {0, 2}
        if not field.many and field.kind != "date_fact":
            full.ok(noun, "list", "--sort", f"-{field.name}")


# ── writing ──────────────────────────────────────────────────────────────────────────────────

ADDS = {
    "contact": ("contact", "add", "Eva Paz"),
    "company": ("company", "add", "Zeta"),
    "deal": ("deal", "add", "Wind farm"),
    "product": ("product", "add", "Mast"),
    "task": ("task", "add", "Call back"),
    "user": ("user", "add", "Marta"),
    "tag": ("tag", "add", "fair"),
    "pipeline": ("pipeline", "add", "Partners"),
    "field": ("field", "add", "deal", "Budget code"),
    "activity": ("call", "log", "ana", "spoke"),
}


@pytest.mark.parametrize("noun", [noun for noun in ADDS if ADDS[noun][0] in BUILT])
def test_adding_gives_the_number_or_the_record_and_rehearsing_gives_nothing(
    full: Crm, noun: str
) -> None:
    words = ADDS[noun]
    before = full.list(noun)

    rehearsed = full.ok(*words, "--dry-run")
    assert rehearsed.out == ""
    assert rehearsed.err.startswith(("would have added ", "would have logged "))
    assert full.list(noun) == before

    added = full.ok(*words)
    assert added.out == f"{max(row['id'] for row in full.list(noun))}\n"
    assert added.err.startswith(("added ", "logged "))
    title = NOUNS[noun].title
    again = [*words[:-1], f"{words[-1]} two"]
    record = full.ok(*again, "--format", "json").json
    shown = full.show(noun, f"#{record['id']}")
    # `tag show` and `pipeline show` tell more.
    assert noun == "pipeline" or shown | record == shown
    if noun != "activity":
        assert record[title] == f"{words[-1]} two"
        assert full.ok(*words[:-1], f"{words[-1]} three", terminal=True).out == ""


@pytest.mark.parametrize("noun", [noun for noun in LISTED if noun != "activity"])
def test_every_record_goes_to_the_trash_and_comes_back(full: Crm, noun: str) -> None:
    verbs = load(noun, BUILT[noun]).commands
    added = full.ok(*ADDS[noun]).out.strip() if noun in ADDS else ""
    number = added or str(full.list(noun)[-1]["id"])
    if not {"delete", "restore"} <= set(verbs):
        pytest.skip(f"{noun} has no trash of its own")
    before = full.show(noun, f"#{number}")

    full.ok(noun, "delete", f"#{number}", "--yes")
    assert full(noun, "show", f"#{number}").code == 3
    full.ok(noun, "restore", f"#{number}")

    after = full.show(noun, f"#{number}")
    moving = {"version", "updated_at"}
    assert {k: v for k, v in after.items() if k not in moving} == {
        k: v for k, v in before.items() if k not in moving
    }


# ── where output goes, and how it looks ──────────────────────────────────────────────────────


def test_a_pipe_gets_tsv_a_terminal_a_table_and_crm_format_decides_otherwise(
    full: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert full.ok("contact", "list").lines[0].startswith("id\tname")
    assert "─" in full.ok("contact", "list", terminal=True).out

    monkeypatch.setenv("CRM_FORMAT", "json")
    assert len(full.ok("contact", "list").json) == 2
    assert json.loads(full("contact", "show", "nobody").err)["exit_code"] == 3
    assert full.ok("contact", "list", "--format", "ids").out == "1\n2\n"


def test_colour_comes_only_where_it_is_wanted(full: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b[" in full.ok("contact", "list", terminal=True).out
    assert "\x1b" not in full.ok("contact", "list", "--color", "never", terminal=True).out
    assert "\x1b[" in full.ok("contact", "list", "--format", "table", "--color", "always").out
    assert "\x1b" not in full.ok("contact", "list", "--format", "table").out

    monkeypatch.setenv("NO_COLOR", "1")
    out = full.ok("contact", "list", terminal=True).out
    assert "\x1b[3" not in out
    assert "\x1b[9" not in out


@pytest.mark.parametrize("width", ["20", "40", "60"])
@pytest.mark.parametrize("noun", LISTED)
def test_a_narrow_terminal_shows_no_line_that_is_too_long(
    full: Crm, monkeypatch: pytest.MonkeyPatch, noun: str, width: str
) -> None:
    monkeypatch.setenv("COLUMNS", width)

    out = full.ok(noun, "list", "--color", "never", terminal=True).out

    assert max(map(len, out.splitlines())) <= int(width)
    full.ok(noun, "show", f"#{full.list(noun)[0]['id']}", "--color", "never", terminal=True)


def test_nothing_is_asked_without_a_terminal_or_with_no_input(full: Crm) -> None:
    edit = ("contact", "edit", "--filter", "name~a", "--source", "fair")

    assert "[y/N]" not in full.ok(*edit).err
    refused = full(*edit, "--source", "web", terminal=True, stdin="n\n")
    assert "nothing was changed" in refused.err
    assert "[y/N]" not in full.ok(*edit, "--source", "x", "--no-input", terminal=True).err


def test_an_option_that_is_everywhere_may_go_before_or_after_the_noun(full: Crm) -> None:
    before = full.ok("--format", "json", "--user", "luis", "contact", "list").json
    assert before == full.ok("contact", "list", "--user", "luis", "--format", "json").json


def test_the_first_command_makes_the_database_for_its_owner_only(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = home / "new" / "crm.db"
    monkeypatch.setenv("CRM_DATABASE", str(path))
    crm = Crm(path, monkeypatch)

    result = crm.ok("contact", "list", "--format", "json")

    assert result.json == []
    assert "made a new database" in result.err
    assert path.stat().st_mode & 0o777 == 0o600


# ── real processes ───────────────────────────────────────────────────────────────────────────


def start(*words: str, **more: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "crm_cli", *words],
        cwd=ROOT,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        # Tests started with & inherit an ignored Ctrl+C; a person's command does not.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 (no threads here)
        **more,
    )


def test_a_reader_that_leaves_early_hears_no_complaint(full: Crm) -> None:
    for words in (("contact", "list"), ("contact", "--help"), ("contact", "show", "ana")):
        reader, writer = os.pipe()
        os.close(reader)
        process = start(*words, stdout=writer, stderr=subprocess.PIPE)
        os.close(writer)
        _, said = process.communicate(timeout=60)
        assert said == "", words
        assert process.returncode in {0, 141}


def test_ctrl_c_leaves_with_130_and_changes_nothing(full: Crm) -> None:
    # Waiting for standard input is a moment at which the command surely runs.
    process = start(
        "call", "log", "ana", "-", stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )  # fmt: skip
    time.sleep(3)
    process.send_signal(signal.SIGINT)
    out, said = process.communicate(timeout=60)

    assert (process.returncode, out) == (130, "")
    assert "Traceback" not in said
    assert len(full.list("activity")) == 1


def test_names_are_offered_for_every_noun_that_has_a_command() -> None:
    assert set(LISTED) - set(NAMES) <= {"activity"}
    assert typer.__version__
