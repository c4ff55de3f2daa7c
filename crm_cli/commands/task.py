"""`crm task`: what must happen, and when."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crm_cli.activity_log import all_of
from crm_cli.options import command, new_app
from crm_cli.run import Run
from crm_cli.verbs import add_verbs, fillable, show_list, who

if TYPE_CHECKING:
    from language.when import When

app = new_app("What must happen, and when.")
BARE = re.compile(r"\d+\s*[a-zA-Záéíóúñ]+")


@command(app, "add", title="task add", fields=fillable("task", "title"))
def add(
    run: Run,
    title: Annotated[
        str, typer.Argument(help='What must happen; "fri 9am send quote" says when too.')
    ],
    values: Mapping[str, Any],
    custom: Mapping[str, str],
) -> None:
    """Add a task; says what it understood."""
    from operations import task_moves

    filled: dict[str, object] = {**run.read("task", {"title": title, **values}), **custom}
    if "due" not in filled:
        filled |= _split(run, str(filled["title"] or ""))
    with run.writing() as uow:
        added = task_moves.add(uow, filled)
    run.finish("task", added.id, added.sentence)


def _split(run: Run, title: str) -> dict[str, object]:
    """Take the day that a title begins with, when words are left after it."""
    from language.when import split_when

    reading = run.reading_of()
    when, rest = split_when(title, now=reading.now, zone=reading.zone, day_first=reading.day_first)
    return {"title": rest, "due": when} if when is not None and rest else {}


@command(app, "list", title="task list")
def list_(
    run: Run,
    all_: Annotated[bool, typer.Option("--all", help="Open and done.")] = False,
    done: Annotated[bool, typer.Option("--done", help="Only what is done.")] = False,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only what is overdue.")] = False,
    mine: Annotated[bool, typer.Option("--mine", help="Only what I must do.")] = False,
    contact: Annotated[str | None, typer.Option("--contact", help="About whom.")] = None,
    company: Annotated[str | None, typer.Option("--company", help="Company.")] = None,
    deal: Annotated[str | None, typer.Option("--deal", help="Deal.")] = None,
    filter: Annotated[
        str | None, typer.Option("--filter", help='Such as "due<=+7d and priority>=high".')
    ] = None,
    sort: Annotated[str | None, typer.Option("--sort", help="Such as -priority,due.")] = None,
    limit: Annotated[int | None, typer.Option("--limit", help="How many; 0: all.")] = None,
    offset: Annotated[int, typer.Option("--offset", help="How many to pass over.")] = 0,
    fields: Annotated[
        str | None, typer.Option("--fields", help="Such as id,due,title; all: every field.")
    ] = None,
) -> None:
    """List open tasks, those due first on top; --all and --done show the others."""
    parts: list[tuple[str, str, str | None]] = [("owner", "=", "me" if mine else None)]
    parts += [("contact", "=", contact), ("company", "=", company), ("deal", "=", deal)]
    if done or overdue:
        parts.append(("status", "=", "done" if done else "overdue"))
    elif not all_ and not _speaks_of_status(filter):
        parts.append(("status", "!=", "done"))
    asked = any((done, overdue, mine, contact, company, deal, filter))
    empty = "" if asked else 'no open tasks. add one: crm task add "fri 9am send quote"'
    order = sort or ("-done_at" if done else "")
    show_list(run, "task", all_of(parts, filter), order, limit, offset, fields, empty)


def _speaks_of_status(text: str | None) -> bool:
    """Whether a filter says itself which tasks, open or done, it wants."""
    from language.fields import TASK
    from language.filters import parse_filter, paths

    fields = [TASK.field(path[0]) for path in paths(parse_filter(text))] if text else []
    return any(field is not None and field.name in {"status", "done_at"} for field in fields)


@command(app, "done", title="task done")
def done_(
    run: Run,
    who_: who("task", many=True),  # type: ignore[valid-type]  # made for this noun
    at: Annotated[str | None, typer.Option("--at", help="When it was done: yesterday.")] = None,
    note: Annotated[str | None, typer.Option("--note", help="Added to its note.")] = None,
) -> None:
    """Finish tasks; one that repeats is followed by its next occurrence."""
    from operations import task_moves

    typed = run.read("task", {"note": note})
    moment = run.read("activity", {"at": at}).get("at")
    with run.writing() as uow:
        found = {task_moves.named(uow, text).id: None for text in who_}
        finished = [
            task_moves.done(uow, number, at=moment, note=str(typed.get("note") or ""))
            for number in found
        ]
        uow.summary = ". ".join(item.sentence for item in finished)
    for item in finished[:-1]:
        run.say(item.sentence)
    run.finish("task", finished[-1].id, finished[-1].sentence)


@command(app, "reopen", title="task reopen")
def reopen(
    run: Run,
    who_: who("task"),  # type: ignore[valid-type]  # made for this noun
) -> None:
    """Open a task again."""
    from operations import task_moves

    with run.writing() as uow:
        opened = task_moves.reopen(uow, task_moves.named(uow, who_, finished=True).id)
    run.finish("task", opened.id, opened.sentence)


@command(app, "snooze", title="task snooze")
def snooze(
    run: Run,
    who_: who("task"),  # type: ignore[valid-type]  # made for this noun
    until: Annotated[str, typer.Argument(help='Until when: monday, 3d, "tomorrow 9am".')],
    reason: Annotated[str | None, typer.Option("--reason", help="Added to its note.")] = None,
) -> None:
    """Put a task off."""
    from operations import task_moves

    when = _read_until(run, until)
    typed = run.read("task", {"note": reason})
    with run.writing() as uow:
        found = task_moves.named(uow, who_)
        put = task_moves.snooze(uow, found.id, when, str(typed.get("note") or ""))
    run.finish("task", put.id, put.sentence)


def _read_until(run: Run, text: str) -> When:
    from language.when import parse_when

    reading = run.reading_of()
    plus = "+" if BARE.fullmatch(text.strip()) else ""
    return parse_when(
        plus + text.strip(), now=reading.now, zone=reading.zone, day_first=reading.day_first
    )


add_verbs(app, "task", ("show", "edit", "delete", "restore", "tag", "untag"))
