"""`crm activity`: everything that happened, of every kind."""

from __future__ import annotations

from typing import Annotated

import typer

from crm_cli.activity_log import all_of
from crm_cli.options import command, new_app
from crm_cli.run import Run
from crm_cli.verbs import add_verbs, show_list

app = new_app("Everything that happened: calls, meetings, e-mails, notes, messages, visits.")


@command(app, "list", title="activity list")
def list_(
    run: Run,
    kind: Annotated[str | None, typer.Option("--kind", help="call, meeting, email…")] = None,
    contact: Annotated[str | None, typer.Option("--contact", help="With whom.")] = None,
    company: Annotated[str | None, typer.Option("--company", help="Company.")] = None,
    deal: Annotated[str | None, typer.Option("--deal", help="Deal.")] = None,
    since: Annotated[
        str | None, typer.Option("--since", help="From this day on: monday, -7d.")
    ] = None,
    mine: Annotated[bool, typer.Option("--mine", help="Only what I did.")] = False,
    filter: Annotated[
        str | None, typer.Option("--filter", help='Such as "outcome=connected and minutes>10".')
    ] = None,
    sort: Annotated[str | None, typer.Option("--sort", help="Such as -minutes.")] = None,
    limit: Annotated[int | None, typer.Option("--limit", help="How many; 0: all.")] = None,
    offset: Annotated[int, typer.Option("--offset", help="How many to pass over.")] = 0,
    fields: Annotated[
        str | None, typer.Option("--fields", help="Such as id,at,note; all: every field.")
    ] = None,
) -> None:
    """List them: filtered, sorted, in any format."""
    parts = [("kind", "=", kind), ("contacts", "=", contact), ("company", "=", company)]
    parts += [("deal", "=", deal), ("at", ">=", since), ("owner", "=", "me" if mine else None)]
    text = all_of(parts, filter)
    empty = "" if text else "nothing has happened yet. start with: crm call log ana …"
    show_list(run, "activity", text, sort or "", limit, offset, fields, empty)


@command(app, "add", title="activity add", hidden=True)
def add(
    run: Run,  # noqa: ARG001 (every command gets one)
    words: Annotated[list[str] | None, typer.Argument()] = None,
    kind: Annotated[str, typer.Option("--kind")] = "call",
) -> None:
    """Say how activities are logged: each kind is a noun of its own."""
    from language.errors import InvalidValue
    from language.fields import ACTIVITY
    from language.reading import read_choice

    known = read_choice(kind, ACTIVITY.fields[1].choices, "kind")
    who = words[0] if words else "WHO"
    verb = "note add" if known == "note" else f"{known} log"
    raise InvalidValue("activities are logged by their kind", f'log it: crm {verb} {who} "…"')


add_verbs(app, "activity", ("show", "edit", "delete", "restore", "tag", "untag"))
