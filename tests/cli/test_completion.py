"""<TAB> in bash, zsh and fish: names and words that are usable, and harmless whatever they hold."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, Crm

PROGRAM = "import sys; sys.argv = ['crm']; from crm_cli.main import main; sys.exit(main([]))"


def tab(shell: str, line: str, *options: str) -> subprocess.CompletedProcess[str]:
    """What the shell's own script asks when <TAB> is pressed at the end of the line."""
    asked = {
        "_CRM_COMPLETE": f"complete_{shell}",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(line.split(" ")) - 1),
        "_TYPER_COMPLETE_ARGS": line,
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
    }
    return subprocess.run(
        [sys.executable, *options, "-c", PROGRAM],
        env=os.environ | asked,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def offered(shell: str, line: str) -> list[str]:
    return [item for item in tab(shell, line).stdout.splitlines() if item]


@pytest.mark.parametrize(
    ("shell", "names"),
    [
        ("bash", ["Ana", r"Ana\ García"]),
        ("fish", ["Ana", "Ana García"]),
        ("zsh", ['_arguments \'*: :(("ana"', '"ana García"))\'']),
    ],
)
def test_names_are_offered_whatever_the_case(crm: Crm, shell: str, names: list[str]) -> None:
    for name in ("Ana García", "Ana", "Luis"):
        crm.ok("contact", "add", name)

    assert offered(shell, "crm contact show an") == names


def test_an_open_quotation_mark_in_bash_needs_no_backslash(crm: Crm) -> None:
    crm.ok("contact", "add", "Ana García")

    assert offered("bash", 'crm contact show "an') == ["Ana García"]
    assert offered("bash", r"crm contact show Ana\ g"[:21]) == [r"Ana\ García"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_no_name_can_make_a_shell_do_anything(crm: Crm, shell: str, home: Path) -> None:
    trap = home / "trap"
    names = [
        f"An $(touch {trap})", f"An `touch {trap}`", f"An\\$(touch {trap})",
        f"An'; touch {trap}; '",
        f'An" ; touch {trap} ; "', "An * ? [a-z] {a,b} ~", "An)) ; (( x", "An:colon", "An!history",
        "An O'Neil & Co | x > y < z # w", "An\x1b]52;c;x\x07", "An\u202eevil", "An\ttab", "An=b",
    ]  # fmt: skip
    for name in names:
        crm.ok("contact", "add", name)

    result = tab(shell, "crm contact show an")

    assert result.returncode == 0
    shown = result.stdout.removeprefix("_arguments '*: :((").removesuffix("))'\n")
    assert len(shown.splitlines()) > 8
    if shell == "zsh":
        assert all(line[0] == line[-1] == '"' for line in shown.splitlines())
        shown = shown.replace('"', "")
    if shell == "bash":
        shown = shown.replace("\\ ", " ")
    assert not set("$`'\"\\*?[]{}()~:;&|<>#!=\x1b\x07\u202e\t") & set(shown)


def test_what_is_offered_finds_the_record_it_came_from(crm: Crm) -> None:
    names = ["Anabel O'Neil; rm -rf x", "Zoe $(touch x) Ruiz", "Smith & Co (UK)", "José-María Ñ."]
    for name in names:
        crm.ok("contact", "add", name)

    for name in names:
        (one,) = offered("fish", f"crm contact show {name[:3].lower()}")
        assert crm.show("contact", one)["name"] == name


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
def test_bash_itself_completes_a_name_with_spaces_to_one_word(crm: Crm, home: Path) -> None:
    crm.ok("contact", "add", "Ana García * López")
    (home / "a file").touch()
    script = f"""
        crm() {{ {sys.executable} -m crm_cli "$@"; }}; export -f crm
        COMP_WORDS=(crm contact show an); COMP_CWORD=3; cd {ROOT}
        _CRM_COMPLETE=complete_bash COMP_WORDS="${{COMP_WORDS[*]}}" COMP_CWORD=3 \
            {sys.executable} -c "{PROGRAM}" > {home}/reply
        IFS=$'\\n'; COMPREPLY=( $(cat {home}/reply) ); unset IFS
        eval "set -- ${{COMPREPLY[0]}}"; echo "$#:$1"
    """
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout == "1:Ana García López\n"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("crm cont", ["contact"]),
        ("crm contact sh", ["show"]),
        ("crm contact list --format j", ["json"]),
        ("crm config set cur", ["currency"]),
        ("crm config set language ", ["en", "es"]),
        ("crm contact add x --tag v", ["vip"]),
        ("crm contact add x --company ac", ["Acme"]),
        ("crm deal add x --stage prop", ["Proposal"]),
        ("crm contact edit ana --owner l", ["luis"]),
        ("crm user add x --role man", ["manager"]),
        ("crm frobnicate ", []),
    ],
)
def test_commands_options_and_their_values_are_offered(
    crm: Crm, line: str, expected: list[str]
) -> None:
    crm.ok("company", "add", "Acme")
    crm.ok("contact", "add", "Ana", "--tag", "vip", "--tag", "very! odd")
    crm.ok("user", "add", "luis")

    result = tab("fish", line)

    shown = [item.split("\t")[0] for item in result.stdout.splitlines() if item]
    assert shown == expected
    assert "Traceback" not in result.stderr


def test_a_deleted_record_is_not_offered(crm: Crm) -> None:
    crm.ok("contact", "add", "Ana")
    crm.ok("contact", "delete", "ana")

    assert offered("fish", "crm contact show an") == []


def test_the_database_is_the_one_that_the_command_would_use(
    crm: Crm, home: Path, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crm.ok("contact", "add", "Ana")
    crm.ok("config", "set", "database", str(database))
    monkeypatch.setenv("CRM_DATABASE", str(home / "none.db"))
    assert offered("fish", "crm contact show an") == []
    assert offered("fish", f"crm contact show --database {database} an") == ["Ana"]
    assert offered("fish", f"crm --database {database} contact show an") == ["Ana"]
    monkeypatch.delenv("CRM_DATABASE")
    assert offered("fish", "crm contact show an") == ["Ana"]


def test_it_never_makes_or_changes_a_database(
    crm: Crm, home: Path, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crm.ok("contact", "add", "Ana")
    before = database.read_bytes()
    offered("bash", "crm contact show an")
    assert database.read_bytes() == before

    for place in (home / "none" / "crm.db", home, Path("postgresql://server/crm")):
        monkeypatch.setenv("CRM_DATABASE", str(place))
        result = tab("bash", "crm contact show an")
        assert (result.stdout.strip(), result.stderr) == ("", "")
    assert not (home / "none").exists()


def test_the_first_tab_loads_no_command_and_no_database(crm: Crm) -> None:
    result = tab("bash", "crm co", "-X", "importtime")

    loaded = {line.rpartition("|")[2].strip() for line in result.stderr.splitlines()}
    assert "crm_cli.tree" in loaded
    assert not {name for name in loaded if name.startswith("crm_cli.commands.")}
    assert not {"sqlalchemy", "sqlmodel", "rich", "textual"} & loaded
    names = tab("bash", "crm contact show an", "-X", "importtime")
    assert "sqlalchemy" not in {
        line.rpartition("|")[2].strip() for line in names.stderr.splitlines()
    }


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_for_each_shell_can_be_shown(crm: Crm, shell: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=os.environ | {"_CRM_COMPLETE": f"source_{shell}"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "_CRM_COMPLETE" in done.stdout
