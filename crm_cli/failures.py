"""Refusals as a person or a script reads them: one sentence with a next step, and an exit code."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from typing import Any

from language.errors import CrmError, InvalidValue
from language.text import closest, safe

INTERRUPTED = 130
# Verbs that people bring from other programs, and what they may mean here.
VERBS = {
    "create": ("add", "log"),
    "new": ("add", "log"),
    "add": ("log",),
    "log": ("add",),
    "crear": ("add", "log"),
    "view": ("show",),
    "get": ("show",),
    "ver": ("show",),
    "update": ("edit",),
    "change": ("edit",),
    "set": ("edit",),
    "editar": ("edit",),
    "remove": ("delete",),
    "rm": ("delete",),
    "borrar": ("delete",),
    "ls": ("list",),
    "listar": ("list",),
}
NO_COMMAND = re.compile(r"No such command '(.*?)'", re.DOTALL)


def say(text: str, *, newlines: bool = False) -> None:
    """Tell a person something: stderr, harmless on any terminal, one line unless `newlines`."""
    print(safe(text, newlines=newlines), file=sys.stderr)


def report(error: BaseException, words: Sequence[str]) -> int:
    """Say what went wrong and give the exit code."""
    import typer

    if isinstance(error, typer.Exit):
        return int(error.exit_code)
    if isinstance(error, typer.Abort):
        say("crm: stopped; nothing was changed")
        return INTERRUPTED
    if isinstance(error, typer.BadParameter.__mro__[2]):
        if _is(error, "NoArgsIsHelpError"):
            print(error.format_message())  # type: ignore[attr-defined]  # a typer error by now
            return 0
        error = _from_typer(error, words)
    if "--debug" in words:
        import traceback

        say("".join(traceback.format_exception(error)), newlines=True)
    if not isinstance(error, CrmError):
        error = _unexpected(error)
    if _wants_json(words):
        _say_json(error)
    else:
        _say_text(error)
    return error.exit_code


def _from_typer(error: Any, words: Sequence[str]) -> CrmError:
    """Put what the option parser says into our own form."""
    context = getattr(error, "ctx", None)
    hint = f"see: {context.command_path if context else _path_of(words)} --help"
    if option := getattr(error, "option_name", None) if _is(error, "NoSuchOption") else None:
        near = closest(option.lstrip("-"), _options_of(context))
        guess = f"did you mean --{near[0]}? " if near else ""
        return InvalidValue(f"no such option: {safe(option)}", f"{guess}{hint}")
    text = str(error.format_message())
    if context is not None and (missing := NO_COMMAND.match(text)):
        near = list(getattr(context.command, "commands", ()))
        meant = [verb for verb in VERBS.get(missing[1].lower(), ()) if verb in near]
        fits = meant or closest(missing[1], near)
        guess = f"did you mean: {context.command_path} {fits[0]}? " if fits else ""
        return InvalidValue(f"{context.command_path} has no '{safe(missing[1])}'", f"{guess}{hint}")
    text = text[:1].lower() + text[1:]
    text = re.sub(r"Input should be a valid (integer|number).*", "it takes a number", text)
    return InvalidValue(text.rstrip("."), hint)


def _is(error: BaseException, name: str) -> bool:
    # Typer keeps these classes to itself.
    return type(error).__name__ == name


def _options_of(context: Any) -> list[str]:
    if context is None:
        return []
    return [name[2:] for item in context.command.params for name in item.opts if name[:2] == "--"]


def _path_of(words: Sequence[str]) -> str:
    """The command that was meant, as far as words name one."""
    from crm_cli.tree import COMMANDS

    named = [word for word in words if not word.startswith("-")]
    place = next((at for at, word in enumerate(named) if word in COMMANDS), None)
    if place is None:
        return "crm"
    noun, verb = named[place], next(iter(named[place + 1 :]), "")
    return f"crm {noun} {verb}" if verb in _verbs_of(noun) else f"crm {noun}"


def _verbs_of(noun: str) -> Sequence[str]:
    from crm_cli.tree import COMMANDS, load

    return list(getattr(load(noun, COMMANDS[noun][0]), "commands", ()))


def _unexpected(error: BaseException) -> CrmError:
    if isinstance(error, MemoryError):
        return CrmError("not enough memory; nothing was changed")
    if isinstance(error, OSError) and error.strerror:
        where = f" {error.filename}" if error.filename else ""
        failure = CrmError(f"{error.strerror}:{where}", "nothing was changed")
        failure.exit_code = 5
        return failure
    return CrmError(
        f"something unexpected went wrong ({type(error).__name__}: {error}); nothing was changed",
        "repeat with --debug and tell us what it prints",
    )


def _say_text(error: CrmError) -> None:
    hint = f". {error.hint}" if error.hint else ""
    say(f"crm: {error.message.rstrip('.')}{hint}")
    for line in error.candidates:
        say(f"  {line}")


def _say_json(error: CrmError) -> None:
    from exporters.json import dumps

    content: Any = {
        "error": error.kind,
        "message": error.message,
        "hint": error.hint,
        "exit_code": error.exit_code,
        "candidates": list(error.candidates),
    }
    print(dumps(content), file=sys.stderr)


def _wants_json(words: Sequence[str]) -> bool:
    import os

    for at, word in enumerate(words):
        if word in {"--format=json", "--format=ndjson", "-fjson", "-fndjson"}:
            return True
        if (
            word in {"--format", "-f"}
            and words[at + 1 : at + 2]
            and words[at + 1] in {"json", "ndjson"}
        ):
            return True
    asked = any(word.startswith(("--format", "-f")) for word in words)
    return not asked and os.environ.get("CRM_FORMAT") in {"json", "ndjson"}
