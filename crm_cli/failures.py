"""Refusals as a person or a script reads them: one sentence with a next step, and an exit code."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from language.errors import CrmError, InvalidValue
from language.text import safe

USAGE = 2
INTERRUPTED = 130


def say(text: str) -> None:
    """Tell a person something: stderr, harmless on any terminal."""
    print(safe(text, newlines=True), file=sys.stderr)


def report(error: BaseException, words: Sequence[str]) -> int:
    """Say what went wrong and give the exit code."""
    import typer

    if isinstance(error, typer.Exit):
        return int(error.exit_code)
    if isinstance(error, typer.Abort):
        say("crm: stopped; nothing was changed")
        return INTERRUPTED
    if isinstance(error, typer.BadParameter.__mro__[2]):
        error = _from_typer(error)
    if "--debug" in words:
        import traceback

        say("".join(traceback.format_exception(error)))
    if not isinstance(error, CrmError):
        error = _unexpected(error)
    if _wants_json(words):
        _say_json(error)
    else:
        _say_text(error)
    return error.exit_code


def _from_typer(error: Any) -> CrmError:
    """Put what the option parser says into our own form."""
    text = str(error.format_message()).rstrip(".")
    path = error.ctx.command_path if getattr(error, "ctx", None) else "crm"
    text = text[:1].lower() + text[1:]
    return InvalidValue(text, f"see: {path} --help")


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
        if word in {"--format=json", "--format=ndjson"}:
            return True
        if word == "--format" and words[at + 1 : at + 2] and words[at + 1] in {"json", "ndjson"}:
            return True
    asked = any(word.startswith("--format") for word in words)
    return not asked and os.environ.get("CRM_FORMAT") in {"json", "ndjson"}
