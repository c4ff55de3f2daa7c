"""`crm redo`: do again what was undone."""

from __future__ import annotations

from typing import Annotated

import typer

from crm_cli.options import command, new_app
from crm_cli.run import Run

app = new_app("Redo what was undone.")


@command(app, "redo")
def redo(
    run: Run,
    number: Annotated[
        int | None,
        typer.Argument(help="Number of the undone command; without it, your last.", metavar="N"),
    ] = None,
    keep_newer: Annotated[
        bool, typer.Option("--keep-newer", help="Keep what was changed since, redo the rest.")
    ] = False,
) -> None:
    """Do again what you undid last."""
    from crm_cli.commands.undo import say_undone
    from operations.undo import redo

    with run.writing() as uow:
        done = redo(uow, number, keep_newer=keep_newer)
    say_undone(run, done)
