"""`crm history`: who did what, when."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from crm_cli.options import command, new_app
from crm_cli.run import Run

if TYPE_CHECKING:
    from datetime import datetime

    from language.values import Record

app = new_app("Who did what, when.")
Who = Annotated[
    str | None,
    typer.Argument(help="A record by anything that names it; deal:42 says of which noun."),
]


@command(app, "history")
def history(
    run: Run,
    who: Who = None,
    field: Annotated[str | None, typer.Option("--field", help="Only this field.")] = None,
    limit: Annotated[int, typer.Option("--limit", help="How many; 0: all.")] = 50,
    since: Annotated[
        str | None, typer.Option("--since", help="Such as monday, 2026-11-01.")
    ] = None,
    by: Annotated[str | None, typer.Option("--by", help="Only what this user did.")] = None,
    number: Annotated[
        int | None, typer.Option("--command", help="All that one command did.", metavar="N")
    ] = None,
) -> None:
    """List commands; with WHO, every change of that record; with --command, of that command."""
    from language.errors import InvalidValue
    from operations import history as past

    if limit < 0:
        raise InvalidValue("--limit cannot be negative")
    if field and not who:
        raise InvalidValue("--field needs a record", "crm history acme --field owner")
    most = limit or None
    moment = start_of(run, since)
    with run.reading() as uow:
        if number is not None:
            fields, records = past.CHANGE_FIELDS, past.command_changes(uow, number, most)
        elif who:
            noun, ref = past.which_record(uow, who)
            fields = past.LINE_FIELDS
            records = past.record_history(
                uow, noun, ref.id, field=field or "", limit=most, since=moment, by=by or ""
            )
            if run.format == "table":
                run.warn(f"{noun} #{ref.id} {ref.label}")
        else:
            fields = past.COMMAND_FIELDS
            records = past.command_list(uow, limit=most, since=moment, by=by or "")
    run.show_list("history", fields, list(plain_money(run, records)), "no history of that")


def start_of(run: Run, text: str | None) -> datetime | None:
    """Read --since: a moment, or the beginning of a day."""
    if not text:
        return None
    from language.when import day_bounds, parse_when

    reading = run.reading_of()
    when = parse_when(
        text, now=reading.now, zone=reading.zone, past=True, day_first=reading.day_first
    )
    return when.moment or day_bounds(when.day, reading.zone)[0]


def plain_money(run: Run, records: Iterable[Record]) -> Iterable[Record]:
    """For programs, money as text with its currency: a line has no column of its own for that."""
    from language.money import Money, to_major

    for record in records:
        if run.format == "table":
            yield record
        else:
            yield {
                key: f"{to_major(value.minor, value.currency)} {value.currency}"
                if isinstance(value, Money)
                else value
                for key, value in record.items()
            }
