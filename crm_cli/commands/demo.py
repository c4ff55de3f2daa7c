"""`crm demo`: an invented company to try everything on, in a database of its own."""

from __future__ import annotations

import shlex
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crm_cli.options import command, new_app
from crm_cli.run import Run

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.settings import Settings

CARDS = 3  # deals a stage, where the board is printed

app = new_app("Try crm on a small invented company.")


@command(app, "demo", title="demo")
def demo(
    run: Run,
    new: Annotated[bool, typer.Option("--new", help="Start afresh, with today's dates.")] = False,
) -> None:
    """Try crm on a small invented company, in a database of its own; yours is not touched.

    On a terminal it opens the full-screen interface; else it prints a day's worth of figures.
    """
    from operations.demo_place import made_on, open_demo

    settings = _settings(run)
    if new or not Path(settings.database).exists():
        run.warn("making an invented company; this takes a few seconds")
    database, made = open_demo(settings, new=new)
    with database.reading() as uow:
        since, today = made_on(uow), uow.today
    database.close()
    if made:
        run.warn(f"made Brisa Solar, an invented company, in {settings.database}")
    elif since < today:
        run.warn(f"this demo is of {since}; crm demo --new makes it of today")
    if sys.stdin.isatty() and sys.stdout.isatty():
        from crm_cli.commands.tui import open_app

        open_app(settings)
    else:
        _print(run, settings)
    named = f"{_program()} --database {shlex.quote(settings.database)}"
    run.warn(f"go on with: {named} today")
    run.warn(f"or full-screen: {named} tui")


def _settings(run: Run) -> Settings:
    """Only the flag may name the place: CRM_DATABASE and the config file name real data."""
    from storage.settings import default_database

    flag = run.options.get("database")
    path = Path(flag).expanduser() if flag else Path(default_database()).with_name("demo.db")
    return replace(run.settings, database=str(path))


def _program() -> str:
    """What to type for `crm` here: a trial from a clone (`./dev demo`) is on nobody's PATH."""
    started = Path(sys.argv[0])
    if started.name == "crm" and started.is_file() and shutil.which("crm") is None:
        return shlex.quote(str(started))
    return "crm"


def _print(run: Run, settings: Settings) -> None:
    """A morning's look: what to do, the board, what was won; the same as those commands print."""
    from crm_cli.commands import pipeline, report
    from crm_cli.commands import today as today_

    options = {**run.options, "database": settings.database}
    options["format"] = run.settings.format or "table"
    on_demo = Run("demo", options, run.argv)
    print_board: Any = pipeline.show
    looks: dict[str, Callable[[], None]] = {
        "crm today": lambda: today_.today(on_demo),
        f"crm pipeline show --limit {CARDS}": lambda: print_board(on_demo, limit=CARDS),
        "crm report winrate --by owner": lambda: report.winrate(on_demo, by="owner"),
    }
    for typed, look in looks.items():
        # To stdout, so that each heading stays with what it heads in a pipe too.
        print(f"$ {typed}", flush=True)
        look()
        print(flush=True)
