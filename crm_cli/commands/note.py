"""`crm note`: notes on anybody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from crm_cli.activity_log import Next, Uid, Who, With, add_list, log_one
from crm_cli.options import command, new_app
from crm_cli.run import Run
from crm_cli.verbs import fillable

app = new_app("Write notes on contacts, companies and deals, and list them.")
SKIP = ("kind", "note", "contacts", "direction", "outcome", "minutes")


@command(app, "add", title="note add", fields=fillable("activity", *SKIP))
def add(
    run: Run,
    who: Who,
    note: Annotated[str, typer.Argument(help="The note; - reads it from a pipe.")],
    values: Mapping[str, Any],
    custom: Mapping[str, str],
    with_: With = None,
    next_: Next = None,
    uid: Uid = "",
) -> None:
    """Write a note on a contact, company or deal."""
    from language.errors import InvalidValue

    if not note.strip():
        raise InvalidValue("note: it is empty", 'for example: crm note add ana "prefers e-mail"')
    log_one(run, "note", who, {**values, "note": note}, custom, with_ or (), next_ or "", uid)


add_list(app, "note")
