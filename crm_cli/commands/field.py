"""`crm field`: fields of a team's own on any noun."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from crm_cli.completion import words
from crm_cli.options import command, new_app
from crm_cli.run import Run
from crm_cli.verbs import add_verbs, fillable
from language.fields import NOUNS
from language.terms import FIELD_KINDS

app = new_app("Fields of your own on any noun.")


@command(app, "add", title="field add", fields=fillable("field", "label"))
def add(
    run: Run,
    noun: Annotated[str, typer.Argument(help="contact, company, deal…", metavar="NOUN")],
    label: Annotated[str, typer.Argument(help="What people call it.", metavar="LABEL")],
    values: Mapping[str, Any],
    custom: Mapping[str, str],
    kind: Annotated[
        str,
        typer.Option(
            "--kind", help=f"{', '.join(FIELD_KINDS)}.", autocompletion=words(FIELD_KINDS)
        ),
    ] = "text",
    target: Annotated[
        str | None, typer.Option("--target", help="For kind link: the noun it points to.")
    ] = None,
) -> None:
    """Add a field: crm field add contact "Shoe size" --kind number."""
    from language.reading import read_choice
    from operations import records
    from operations.custom_fields import ON, read_noun

    filled = {**run.read("field", {"label": label, **values}), **custom}
    filled |= {"noun": read_noun(noun, ON), "kind": read_choice(kind, FIELD_KINDS, "kind")}
    if target:
        filled["target"] = read_noun(target, tuple(NOUNS))
    with run.writing() as uow:
        added = records.add(uow, "field", filled)
        sentence = f"added field #{added.id} {added.label} to {NOUNS[str(filled['noun'])].plural}"
        uow.summary = sentence
    run.finish("field", added.id, f'{sentence}: --set "{added.label}=…"')


add_verbs(app, "field", ("list", "show", "edit", "delete", "restore"))
