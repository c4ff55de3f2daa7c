"""Write docs/reference.md from the command tree: `./dev docs`; `--check` only compares."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from crm_cli.options import EVERYWHERE  # noqa: E402 (after the path is known)
from crm_cli.tree import COMMANDS, load  # noqa: E402

FILE = ROOT / "docs" / "reference.md"
HEAD = """# Reference

<!-- Written by ./dev docs from the command tree. Do not edit. -->

Every command, as `crm --help` and `crm NOUN VERB --help` tell it. How names, dates, money,
filters, formats and exit codes work is in [scripting](scripting.md).

Every command takes these too:

"""


def text() -> str:
    """The whole page."""
    return HEAD + "".join(_parts()).rstrip() + "\n"


def _parts() -> Iterator[str]:
    any_command = load("today", COMMANDS["today"][0])
    yield from _options([p for p in any_command.params if p.name in EVERYWHERE])
    yield "\n"
    for name, (module, help_) in COMMANDS.items():
        command = load(name, module)
        yield f"## crm {name}\n\n{help_}.\n\n"
        if hasattr(command, "commands"):
            yield from _group(f"crm {name}", command)
        else:
            yield from _command(f"crm {name}", command, title=False)


def _group(path: str, group: Any) -> Iterator[str]:
    for name, command in group.commands.items():
        if getattr(command, "hidden", False):
            continue
        if hasattr(command, "commands"):
            yield from _group(f"{path} {name}", command)
        else:
            yield from _command(f"{path} {name}", command)


def _command(path: str, command: Any, *, title: bool = True) -> Iterator[str]:
    own = [p for p in command.params if p.name not in EVERYWHERE and p.name != "help"]
    arguments = [p for p in own if p.param_type_name == "argument"]
    options = [p for p in own if p.param_type_name == "option" and not p.hidden]
    if title:
        yield f"### {path}\n\n"
    usage = " ".join([path, *(_shown(p) for p in arguments)])
    yield f"```text\n{usage}{' [OPTIONS]' if options else ''}\n```\n\n"
    if command.help:
        yield " ".join(command.help.split()) + "\n\n"
    yield from _options([*(p for p in arguments if getattr(p, "help", "")), *options])
    yield "\n"


def _shown(argument: Any) -> str:
    name = argument.metavar or argument.name.upper()
    return name if argument.required else f"[{name}]"


def _options(options: list[Any]) -> Iterator[str]:
    if not options:
        return
    yield "| | |\n|---|---|\n"
    for option in options:
        if option.param_type_name == "argument":
            left = _shown(option)
        else:
            kind = option.metavar or ("NUMBER" if option.bare_type is int else "TEXT")
            left = ", ".join(option.opts) + ("" if option.is_flag else f" {kind}")
        told = " ".join((option.help or "").split()).replace("|", "\\|").replace("<", "&lt;")
        yield f"| `{left.replace('|', ' or ')}` | {told} |\n"


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(FILE.read_text("utf-8") != text())
    FILE.write_text(text(), "utf-8")
