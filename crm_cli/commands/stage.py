"""`crm pipeline stage`: the steps of a pipeline, their odds, rotting days and gates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crm_cli.completion import names_of
from crm_cli.options import command, new_app, split_settings
from crm_cli.run import Run
from crm_cli.verbs import edit_one, fillable, show_list

if TYPE_CHECKING:
    from language.values import Ref
    from storage.unit import UnitOfWork

app = new_app("Stages of a pipeline: order, odds, rotting days, what they require.")

Pipeline = Annotated[
    str,
    typer.Argument(help="The pipeline.", metavar="PIPELINE", autocompletion=names_of("pipeline")),
]
Stage = Annotated[
    str, typer.Argument(help="The stage.", metavar="STAGE", autocompletion=names_of("stage"))
]


def _find(uow: UnitOfWork, pipeline: str, stage: str) -> Ref:
    from language.values import Ref
    from operations.find import find
    from operations.stages import stage_in

    row = stage_in(uow, find(uow, "pipeline", pipeline).id, stage)
    return Ref(row.id, row.name)


@command(app, "add", title="pipeline stage add", fields=fillable("stage", "name", "pipeline"))
def add(
    run: Run,
    pipeline: Pipeline,
    name: Annotated[str, typer.Argument(help="Name of the stage.", metavar="NAME")],
    values: Mapping[str, Any],
    custom: Mapping[str, str],
) -> None:
    """Add a stage; without --position, after the last one of its kind."""
    from operations import records
    from operations.find import find

    filled = {**run.read("stage", {"name": name, **values}), **custom}
    with run.writing() as uow:
        where = find(uow, "pipeline", pipeline)
        added = records.add(uow, "stage", {**filled, "pipeline": where})
        uow.summary = f"{uow.summary} to pipeline {where.label}"
        sentence = uow.summary
    run.finish("stage", added.id, sentence)


@command(app, "list", title="pipeline stage list")
def list_(
    run: Run,
    pipeline: Pipeline,
    fields: Annotated[
        str | None, typer.Option("--fields", help="Such as id,name,probability; all: every field.")
    ] = None,
) -> None:
    """List the stages of a pipeline, in order."""
    from operations.find import find

    with run.reading() as uow:
        number = find(uow, "pipeline", pipeline).id
    show_list(run, "stage", f"pipeline=#{number}", "position", 0, 0, fields)


@command(app, "edit", title="pipeline stage edit", fields=fillable("stage", "pipeline"))
def edit(
    run: Run,
    pipeline: Pipeline,
    stage: Stage,
    values: Mapping[str, Any],
    custom: Mapping[str, str],
    clear: Annotated[
        list[str] | None, typer.Option("--clear", help="Empty a field.", metavar="FIELD")
    ] = None,
    remove: Annotated[
        list[str] | None,
        typer.Option(
            "--remove", help="Take one value away: required=budget.", metavar="FIELD=VALUE"
        ),
    ] = None,
) -> None:
    """Change a stage: name, probability, rotting days, outcome, position, what it requires."""
    from language.errors import InvalidValue

    filled = {**run.read("stage", values), **custom}
    taken = list(split_settings(remove or []).items())
    if not (filled or clear or taken):
        raise InvalidValue("nothing to change", "see: crm pipeline stage edit --help")
    with run.reading() as uow:
        found = _find(uow, pipeline, stage)
    edit_one(run, "stage", f"#{found.id}", filled, clear or (), taken)


@command(app, "move", title="pipeline stage move")
def move(
    run: Run,
    pipeline: Pipeline,
    stage: Stage,
    position: Annotated[int, typer.Argument(help="1 is first.", min=1)],
) -> None:
    """Put a stage in another place of its pipeline."""
    from operations import records
    from operations.lists import get

    with run.writing() as uow:
        found = _find(uow, pipeline, stage)
        changed = records.edit(uow, "stage", found.id, {"position": position})
        place = get(uow, "stage", found.id, ["position"])["position"]
        uow.summary = f"moved stage {found.label} to place {place}"
        sentence = uow.summary if changed.fields else ""
    run.finish("stage", found.id, sentence)


@command(app, "delete", title="pipeline stage delete")
def delete(run: Run, pipeline: Pipeline, stage: Stage) -> None:
    """Move a stage to the trash; refused while deals are in it."""
    from operations import records

    with run.writing() as uow:
        found = _find(uow, pipeline, stage)
        records.delete(uow, "stage", [found.id])
        sentence = uow.summary
    run.say(sentence)
