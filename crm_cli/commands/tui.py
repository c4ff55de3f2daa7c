"""`crm tui`, and `crm` alone on a terminal: start the full-screen app, the only tie to it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from crm_cli.options import command, new_app
from crm_cli.run import Run, collect_garbage_again
from language.errors import InvalidValue

if TYPE_CHECKING:
    import typer

    from storage.settings import Settings

app = new_app("Open the full-screen interface.")


@command(app, "tui", title="tui")
def tui(run: Run) -> None:
    """Open the full-screen interface: today and the pipeline. Press ? there for its keys."""
    open_app(run.settings)


def start(ctx: typer.Context) -> None:
    """What `crm` alone does on a terminal."""
    options: dict[str, Any] = ctx.obj or {}
    open_app(Run("tui", options, options.get("words", ())).settings)


def open_app(settings: Settings) -> None:
    """Stay in the app until the person leaves it."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise InvalidValue("the full-screen interface needs a terminal", "in a script: crm today")
    from tui.app import run as run_app

    collect_garbage_again()
    run_app(settings)
