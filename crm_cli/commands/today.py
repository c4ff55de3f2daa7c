"""`crm today`: what to do now, ranked, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from crm_cli.completion import names_of
from crm_cli.options import command, new_app
from crm_cli.run import Run
from language.fields import Field

if TYPE_CHECKING:
    from language.values import Record
    from operations.today import Line
    from storage.unit import UnitOfWork

PAGE = 20
WIDE = 110
# fmt: off
FIELDS = (
    Field("rank", "integer", "Rank"),
    Field("kind", "text", "Kind"),
    Field("reason", "text", "Why"),
    Field("what", "text", "What"),
    Field("who", "text", "Who"),
    Field("money", "money", "Money"),
    Field("due", "when", "Due"),
    Field("noun", "text", "Noun"),
    Field("id", "integer", "#"),
    Field("do", "text", "Do"),
)
# fmt: on
EMPTY = (
    'nothing for today. plan something: crm task add "tomorrow 9am call Ana"'
    ", or see what is open: crm deal list"
)

app = new_app("What to do now, ranked, and why.")


@command(app, "today", title="today")
def today(
    run: Run,
    all_: Annotated[bool, typer.Option("--all", help="Everybody's, not only mine.")] = False,
    owner: Annotated[
        str | None,
        typer.Option("--owner", help="Of a colleague.", autocompletion=names_of("user")),
    ] = None,
    limit: Annotated[int | None, typer.Option("--limit", help="How many; 0: all.")] = None,
) -> None:
    """What to do now, ranked, and why: tasks, deals, birthdays; with the money at risk."""
    from language.errors import InvalidValue
    from operations.today import today as lines_of

    if limit is not None and limit < 0:
        raise InvalidValue("--limit cannot be negative")
    table = run.format == "table"
    page = limit if limit is not None else PAGE if table else 0
    with run.reading() as uow:
        lines = lines_of(uow, user=None if all_ else _whose(uow, owner))
    shown = lines[:page] if page else lines
    if table:
        _print(run, shown)
    else:
        run.show_list("today", FIELDS, [_record(line) for line in shown])
    if not lines:
        run.warn(EMPTY)
    elif table and len(shown) < len(lines):
        run.warn(f"{len(shown)} of {len(lines):,}; --limit 0 shows all")


def _whose(uow: UnitOfWork, owner: str | None) -> int:
    """Number of the user whose day it is; 0, which nobody has, for one who is not known yet."""
    from operations.find import numbers_named

    if owner is not None:
        from operations.find import find

        return find(uow, "user", owner).id
    return next(iter(numbers_named(uow, "user", "me")), 0)


def _record(line: Line) -> Record:
    return {
        "id": line.record_id,
        "rank": line.rank,
        "kind": line.kind,
        "reason": line.reason,
        "what": line.what,
        "who": line.who,
        "money": line.money,
        "due": line.due,
        "noun": line.noun,
        "do": line.do,
    }


def _print(run: Run, lines: list[Line]) -> None:
    """Draw the lines; a wide terminal also gets the command that takes care of each."""
    from rich.text import Text

    from crm_cli.output import console, new_table
    from language.tables import cell_text
    from language.text import safe

    if not lines:
        return
    screen = console(run)
    wide = screen.width >= WIDE
    table = new_table()
    table.add_column(Text("#"), justify="right", no_wrap=True)
    for heading, ratio in (("Why", 3), ("What", 3), ("Who", 2)):
        table.add_column(Text(heading), overflow="ellipsis", max_width=ratio * 14)
    table.add_column(Text("Money"), justify="right", no_wrap=True)
    if wide:
        table.add_column(Text("Do"), style="dim", no_wrap=True, overflow="ellipsis")
    for line in lines:
        cells: list[Any] = [
            str(line.rank),
            line.reason,
            line.what,
            line.who,
            cell_text(line.money, run.look),
            *([line.do] if wide else []),
        ]
        table.add_row(*(Text(safe(cell)) for cell in cells))
    screen.print(table)
