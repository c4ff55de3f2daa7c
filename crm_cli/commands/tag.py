"""`crm tag`: words that group records of any noun."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from crm_cli.options import command, new_app
from crm_cli.run import Run
from crm_cli.verbs import add_verbs, fillable, who
from language.fields import NOUNS, Field
from language.tables import fields_for

app = new_app("Words that group records.")
SHOWN = 10


@command(app, "add", title="tag add", fields=fillable("tag", "name"))
def add(
    run: Run,
    names: Annotated[list[str], typer.Argument(help="One or more words.", metavar="NAME...")],
    values: Mapping[str, Any],
    custom: Mapping[str, str],
) -> None:
    """Add tags; putting a new word on a record adds it too."""
    from operations import records

    filled = [{**run.read("tag", {"name": name, **values}), **custom} for name in names]
    with run.writing() as uow:
        added = []
        for one in filled:
            uow.summary = ""
            added.append(records.add(uow, "tag", one))
        if len(added) > 1:
            uow.summary = f"added tags {', '.join(ref.label for ref in added)}"
        sentence = uow.summary
    run.finish_many("tag", [ref.id for ref in added], sentence)


@command(app, "show", title="tag show")
def show(run: Run, who_: who("tag")) -> None:  # type: ignore[valid-type]  # made for this noun
    """Show a tag and the records that have it."""
    from operations import tag_work
    from operations.find import find
    from operations.lists import all_fields, get

    with run.reading() as uow:
        found = find(uow, "tag", who_)
        names = all_fields(uow, "tag")
        record = get(uow, "tag", found.id, names)
        eyes = run.format == "table"
        having = tag_work.tagged(uow, found.id, limit=SHOWN if eyes else None)
        counts = tag_work.counts(uow, found.id)
    fields = fields_for(NOUNS["tag"], names)
    if eyes:
        run.show_record(f"tag {found.label}", fields, record)
        _print_having(run, having, counts)
    else:
        rows: list[Any] = [
            {"noun": noun, "id": ref.id, "name": ref.label}
            if run.asks_for_json
            else f"{noun} #{ref.id} {ref.label}"
            for noun, refs in having.items()
            for ref in refs
        ]
        on = Field("on", "words", "On", many=True, fill=False)
        run.show_record("", [*fields, on], {**record, "on": rows})


def _print_having(run: Run, having: Mapping[str, Any], counts: Mapping[str, int]) -> None:
    from crm_cli.output import print_lines

    for noun, refs in having.items():
        more = counts.get(noun, 0) - len(refs)
        lines = [f"#{ref.id} {ref.label}" for ref in refs]
        if more > 0:
            lines.append(f"and {more:,} more: crm {noun} list --filter 'tag=…'")
        print_lines(run, NOUNS[noun].counted(counts.get(noun, 0)), lines)


add_verbs(app, "tag", ("list", "edit", "delete", "restore"))


@command(app, "merge", title="tag merge")
def merge(
    run: Run,
    keep: who("tag"),  # type: ignore[valid-type]  # made for this noun
    others: who("tag", many=True),  # type: ignore[valid-type]  # made for this noun
) -> None:
    """Put KEEP on everything that has one of the others, and delete those."""
    from operations import tag_work
    from operations.find import find, find_all

    with run.writing() as uow:
        kept = find(uow, "tag", keep)
        tag_work.merge(uow, kept.id, [ref.id for ref in find_all(uow, "tag", others)])
        sentence = uow.summary
    run.finish("tag", kept.id, sentence)
