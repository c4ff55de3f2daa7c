"""Figures: pipeline and win rate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from crm_cli.options import command, new_app
from crm_cli.run import Run

if TYPE_CHECKING:
    from datetime import date

    from operations.reports import Report

app = new_app("Figures: what is open, and how much of what closed was won.")
Filter = Annotated[str | None, typer.Option("--filter", help='Such as "owner=eva and amount>10k".')]
Pipeline = Annotated[str | None, typer.Option("--pipeline", help="One pipeline only.")]


@command(app, "pipeline", title="report pipeline")
def pipeline_(
    run: Run,
    pipeline: Pipeline = None,
    owner: Annotated[str | None, typer.Option("--owner", help="One owner only; me: you.")] = None,
    filter: Filter = None,
) -> None:
    """Open deals by stage: how many, worth, weighted by probability, mean days in the stage."""
    from operations.reports.pipeline import report

    with run.reading() as uow:
        found = report(uow, pipeline=pipeline or "", owner=owner or "", filter_text=filter or "")
    show(run, found)


@command(app, "winrate", title="report winrate")
def winrate(
    run: Run,
    by: Annotated[
        str, typer.Option("--by", help="owner, product, company, month, quarter, source or region.")
    ] = "owner",
    filter: Filter = None,
    since: Annotated[
        str | None, typer.Option("--since", help="Closed on this day or later.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", help="Closed on this day or before.")
    ] = None,
    pipeline: Pipeline = None,
) -> None:
    """Closed deals: won, lost, win rate and what was won, by owner, product, company or time."""
    from operations.reports.winrate import report

    first, last = _day(run, since), _day(run, until)
    with run.reading() as uow:
        found = report(
            uow, by=by, filter_text=filter or "", since=first, until=last, pipeline=pipeline or ""
        )
    show(run, found)


def _day(run: Run, text: str | None) -> date | None:
    from language.when import parse_day

    if text is None:
        return None
    reading = run.reading_of()
    return parse_day(
        text, now=reading.now, zone=reading.zone, past=True, day_first=reading.day_first
    )


def show(run: Run, report: Report) -> None:
    """Print a report in any format: rows, then totals; what has to be known besides on stderr."""
    from crm_cli.output import print_list

    if run.format == "json":
        from exporters.json import dumps
        from language.tables import stable_record

        rows = [stable_record(row, report.fields) for row in report.rows]
        totals = [stable_record(row, report.fields) for row in report.totals]
        content: dict[str, Any] = {
            "report": report.name,
            "rows": rows,
            "totals": totals,
            "notes": report.notes,
        }
        print(dumps(content))
        return
    print_list(run, report.name, report.fields, [*report.rows, *report.totals])
    for note in report.notes:
        run.warn(note)
