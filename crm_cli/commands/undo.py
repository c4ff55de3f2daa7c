"""`crm undo`: take back the last command, or any."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from crm_cli.options import command, new_app
from crm_cli.run import Run

if TYPE_CHECKING:
    from operations.undo import Undone

VERBS = {"undid": "undo", "redid": "redo"}
app = new_app("Undo the last command, or any.")


@command(app, "undo")
def undo(
    run: Run,
    number: Annotated[
        int | None,
        typer.Argument(help="Number of the command; without it, your last.", metavar="N"),
    ] = None,
    list_: Annotated[bool, typer.Option("--list", help="Show what can be undone.")] = False,
    keep_newer: Annotated[
        bool, typer.Option("--keep-newer", help="Keep what was changed since, undo the rest.")
    ] = False,
    limit: Annotated[int, typer.Option("--limit", help="With --list, how many; 0: all.")] = 20,
) -> None:
    """Undo your last command, or command N even when later ones exist."""
    from operations.undo import undo

    if list_:
        show_undoable(run, limit)
        return
    with run.writing() as uow:
        done = undo(uow, number, keep_newer=keep_newer)
    say_undone(run, done)


def show_undoable(run: Run, limit: int) -> None:
    """List my commands that can be undone."""
    from operations.history import COMMAND_FIELDS, my_undoable

    with run.reading() as uow:
        records = my_undoable(uow, limit or None)
    names = ("id", "at", "what")
    fields = [field for field in COMMAND_FIELDS if field.name in names]
    run.show_list("commands", fields, records, "nothing to undo")


def say_undone(run: Run, done: Undone) -> None:
    """Say what was taken back, what was kept, and give both to scripts."""
    verb, _, rest = done.summary.partition(" ")
    run.say(f"would {VERBS[verb]} {rest}" if run.dry_run else done.summary)
    for sentence in done.kept:
        run.warn(f"kept: {sentence}")
    if run.asks_for_json:
        from dataclasses import asdict

        from exporters.json import dumps

        print(dumps({**asdict(done), "kept": list(done.kept)}))
