"""`crm pipeline`: stages that deals move through, and the board."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crm_cli.commands.stage import app as stage_app
from crm_cli.completion import names_of
from crm_cli.options import command, new_app
from crm_cli.run import Run
from crm_cli.verbs import add_verbs, fillable, who

if TYPE_CHECKING:
    from storage.unit import UnitOfWork

app = new_app("Stages that deals move through, and the board.")
app.add_typer(stage_app, name="stage")


@command(app, "add", title="pipeline add", fields=fillable("pipeline", "name"))
def add(
    run: Run,
    name: Annotated[str, typer.Argument(help="Name", metavar="NAME")],
    values: Mapping[str, Any],
    custom: Mapping[str, str],
    stage: Annotated[
        list[str] | None,
        typer.Option(
            "--stage",
            help='A stage, in order; repeat for more: "Lead 10% 30d" is open, with 10 per cent '
            'odds, and rots after 30 days; "Signed=won", "Gone=lost". None: the usual ones.',
        ),
    ] = None,
) -> None:
    """Add a pipeline with its stages."""
    from language.stage_text import parse_stage
    from operations.pipelines import add_pipeline

    filled = {**run.read("pipeline", {"name": name, **values}), **custom}
    stages = [parse_stage(text) for text in stage or ()]
    with run.writing() as uow:
        added = add_pipeline(uow, filled, stages)
        sentence = uow.summary
    run.finish("pipeline", added.id, sentence)


@command(app, "show", title="pipeline show")
def show(
    run: Run,
    who_: who("pipeline", optional=True) = None,  # type: ignore[valid-type]  # made for this noun
    owner: Annotated[
        str | None,
        typer.Option("--owner", help="Deals of one user; me.", autocompletion=names_of("user")),
    ] = None,
    filter: Annotated[
        str | None, typer.Option("--filter", help='Only some deals: "rotting=yes".')
    ] = None,
    cards: Annotated[bool, typer.Option("--cards", help="In JSON: the deals too.")] = False,
    limit: Annotated[int, typer.Option("--limit", help="Deals a stage.", min=0)] = 0,
    offset: Annotated[int, typer.Option("--offset", help="How many to pass over.", min=0)] = 0,
) -> None:
    """Show the board: each stage with its deals and what they are worth. No WHO: the standard one.

    Won and lost stages show the last 30 days.
    """
    from crm_cli.board import draw, usual_limit
    from operations.board import board
    from operations.find import find
    from operations.pipelines import standard_pipeline

    with run.reading() as uow:
        number = find(uow, "pipeline", who_).id if who_ else standard_pipeline(uow)
        shown = board(
            uow,
            number,
            owner=_owner(uow, owner),
            filter=filter or "",
            limit=limit or usual_limit(run, cards=cards),
            offset=offset,
        )
    draw(run, shown, cards=cards)


def _owner(uow: UnitOfWork, text: str | None) -> int | None:
    from operations.find import find

    return None if text is None else find(uow, "user", text).id


add_verbs(app, "pipeline", ("list", "edit", "delete", "restore"))
