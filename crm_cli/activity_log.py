"""`log` and `list` of each kind of activity, made once."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crm_cli.completion import names_of
from crm_cli.options import command, new_app
from crm_cli.run import Run
from crm_cli.verbs import fillable, show_list
from language.filters import And, Compare, Node, parse_filter, show_filter

if TYPE_CHECKING:
    from operations.log import NextStep

PLURALS = {
    "call": "calls",
    "meeting": "meetings",
    "email": "e-mails",
    "message": "messages",
    "visit": "visits",
    "note": "notes",
}
Who = Annotated[
    str,
    typer.Argument(
        help="Contact, company or deal, by anything that names it; or company:acme, deal:42.",
        metavar="WHO",
        autocompletion=names_of("contact"),
    ),
]
Note = Annotated[str, typer.Argument(help="What was said; - reads it from a pipe.")]
With = Annotated[
    list[str] | None,
    typer.Option(
        "--with",
        help="Another contact who took part; repeat for more.",
        metavar="CONTACT",
        autocompletion=names_of("contact"),
    ),
]
Next = Annotated[
    str | None,
    typer.Option("--next", help='The next step: "fri 9am send quote".', metavar="WHEN WHAT"),
]
Uid = Annotated[
    str, typer.Option("--uid", help="A UUID of your own: the same one again logs nothing twice.")
]


def log_app(kind: str, help_: str) -> typer.Typer:
    """Make the app of a kind of activity: `log` and `list`."""
    app = new_app(help_)
    spoken = kind in {"call", "email", "message"}
    skip = ("kind", "note", "contacts") if spoken else ("kind", "note", "contacts", "direction")

    @command(app, "log", title=f"{kind} log", fields=fillable("activity", *skip))
    def log(
        run: Run,
        who: Who,
        values: Mapping[str, Any],
        custom: Mapping[str, str],
        note: Note = "",
        with_: With = None,
        next_: Next = None,
        uid: Uid = "",
    ) -> None:
        """Log one: with whom, what was said, and what comes next."""
        log_one(run, kind, who, {**values, "note": note}, custom, with_ or (), next_ or "", uid)

    add_list(app, kind)
    return app


def log_one(
    run: Run,
    kind: str,
    who: str,
    typed: Mapping[str, Any],
    custom: Mapping[str, str] = {},
    others: Sequence[str] = (),
    next_: str = "",
    uid: str = "",
) -> None:
    """Log one activity and say so."""
    from operations.log import log, read_uid

    if typed.get("note") == "-":
        typed = {**typed, "note": sys.stdin.read().strip()}
    filled = {**run.read("activity", typed), **custom}
    step = read_next(run, next_)
    uid = read_uid(uid) if uid else ""
    with run.writing() as uow:
        logged = log(uow, kind, who, filled, others=others, next_step=step, uid=uid)
    run.finish("activity", logged.id, logged.sentence)
    for hint in logged.hints:
        run.warn(hint)


def read_next(run: Run, text: str) -> NextStep | None:
    """Read `fri 9am send quote`: the day first, then what to do."""
    from language.text import clean_line
    from language.when import split_when
    from operations.log import NextStep

    if not text.strip():
        return None
    reading = run.reading_of()
    line = clean_line(text, "next step")
    when, title = split_when(line, now=reading.now, zone=reading.zone, day_first=reading.day_first)
    return NextStep(when, title)


def add_list(app: typer.Typer, kind: str) -> None:
    """Give an app the list of a kind of activity."""

    @command(app, "list", title=f"{kind} list")
    def list_(
        run: Run,
        contact: Annotated[str | None, typer.Option("--contact", help="With whom.")] = None,
        company: Annotated[str | None, typer.Option("--company", help="Company.")] = None,
        deal: Annotated[str | None, typer.Option("--deal", help="Deal.")] = None,
        since: Annotated[
            str | None, typer.Option("--since", help="From this day on: monday, -7d.")
        ] = None,
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
        parts += [("deal", "=", deal), ("at", ">=", since)]
        verb = "add" if kind == "note" else "log"
        asked = any((contact, company, deal, since, filter))
        empty = "" if asked else f"no {PLURALS[kind]} yet. start with: crm {kind} {verb} ana …"
        show_list(run, "activity", all_of(parts, filter), sort or "", limit, offset, fields, empty)


def all_of(parts: Sequence[tuple[str, str, str | None]], filter_text: str | None = "") -> str:
    """Join conditions (field, operator, value; without a value they do not count) and a filter."""
    nodes: list[Node] = [Compare((name,), op, value) for name, op, value in parts if value]
    if filter_text:
        nodes.append(parse_filter(filter_text))
    if not nodes:
        return ""
    return show_filter(nodes[0] if len(nodes) == 1 else And(tuple(nodes)))
