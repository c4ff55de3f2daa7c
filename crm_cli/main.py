"""The `crm` command: hands the words to the command tree, turns refusals into exit codes."""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

BROKEN_PIPE = 141
INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; gives its exit code (see docs/scripting.md)."""
    words = list(sys.argv[1:] if argv is None else argv)
    os.umask(0o077)
    from crm_cli.tree import build

    try:
        _check(words)
        code = build()(words)
        if code == INTERRUPTED:  # what Typer makes of Ctrl+C, without a word
            _say_interrupted()
        sys.stdout.flush()
    except BrokenPipeError:
        _silence_stdout()
        return BROKEN_PIPE
    except SystemExit as leaving:
        if leaving.code != 1:
            return int(leaving.code or 0)
        # How Typer leaves when its reader has gone.
        _silence_stdout()
        return BROKEN_PIPE
    except KeyboardInterrupt:
        _say_interrupted()
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 (the one place where anything becomes an exit code)
        return _refused(error, words)
    return code


def _say_interrupted() -> None:
    from crm_cli import failures

    failures.say("crm: interrupted; what was not finished was not kept")


def _check(words: list[str]) -> None:
    """Refuse words that no text can hold, before anything is made of them."""
    from language.text import clean

    for word in words:
        clean(word, what="argument", limit=10_000_000)


def run() -> None:
    """Entry point of the program: leaves at once, without tearing modules down one by one."""
    # Collecting garbage while modules load costs a fifth of a start; what is loaded stays anyway.
    # `Run.database` turns it on again.
    gc.disable()
    # A terminal that cannot show a letter gets an escape instead of a failure.
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # a real stream here
    code = main()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        code = code or BROKEN_PIPE
    os._exit(code)


def _refused(error: Exception, words: list[str]) -> int:
    from crm_cli import failures

    try:
        return failures.report(error, words)
    except BrokenPipeError:
        return BROKEN_PIPE


def _silence_stdout() -> None:
    """Whoever read us has gone: let nothing complain about it at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    run()
