"""`crm attachment`: files on any record."""

from __future__ import annotations

from typing import Annotated

import typer

from crm_cli.completion import names_of
from crm_cli.options import command, new_app
from crm_cli.run import Run
from crm_cli.verbs import add_verbs, show_list, who

app = new_app("Files on contacts, companies and deals.")
WHO = typer.Argument(
    help="Contact, company or deal, by anything that names it; deal:42 says which.",
    metavar="WHO",
    autocompletion=names_of("contact"),
)


@command(app, "add", title="attachment add")
def add(
    run: Run,
    who_: Annotated[str, WHO],
    files: Annotated[list[str], typer.Argument(help="Files.", metavar="FILE...")],
    note: Annotated[str | None, typer.Option("--note", help="Free text.")] = None,
) -> None:
    """Copy files and hang them on a record."""
    from operations import attachments
    from operations.log import whom
    from storage.files import folder_of, take_in

    with run.reading() as uow:
        noun, found = whom(uow, who_)
    kept = [take_in(folder_of(run.settings), file, keep=not run.dry_run) for file in files]
    with run.writing() as uow:
        added = attachments.attach(uow, noun, found, kept, note)
        sentence = uow.summary
    run.finish_many("attachment", [ref.id for ref in added], sentence)


@command(app, "list", title="attachment list")
def list_(
    run: Run,
    on: Annotated[
        str | None, typer.Option("--on", help="Only those on this contact, company or deal.")
    ] = None,
    filter: Annotated[str | None, typer.Option("--filter", help='Such as "size>1000000".')] = None,
    sort: Annotated[str | None, typer.Option("--sort", help="Such as name,-size.")] = None,
    limit: Annotated[int | None, typer.Option("--limit", help="How many; 0: all.")] = None,
    offset: Annotated[int, typer.Option("--offset", help="How many to pass over.")] = 0,
    fields: Annotated[
        str | None, typer.Option("--fields", help="Such as id,name,on; all: every field.")
    ] = None,
) -> None:
    """List them: filtered, sorted, in any format."""
    chosen = [f"({filter})"] if filter else []
    if on is not None:
        from operations.log import whom

        with run.reading() as uow:
            noun, found = whom(uow, on)
        chosen.append(f"on_noun={noun} and on_id={found.id}")
    show_list(run, "attachment", " and ".join(chosen), sort or "", limit, offset, fields)


@command(app, "save", title="attachment save")
def save(
    run: Run,
    who_: who("attachment"),  # type: ignore[valid-type]  # made for this noun
    to: Annotated[str, typer.Option("--to", help="File or folder to write it to.")] = ".",
) -> None:
    """Write the file itself to a place; never over another one without --yes."""
    from operations import attachments
    from operations.find import find

    with run.reading() as uow:
        found = find(uow, "attachment", who_)
        if run.dry_run:
            run.say(f"saved attachment #{found.id} {found.label} to {to}")
            return
        place = attachments.save_to(uow, found.id, to, overwrite=bool(run.options.get("yes")))
    run.say(f"saved attachment #{found.id} {found.label} to {place}")


add_verbs(app, "attachment", ("show", "edit", "delete", "restore"))
