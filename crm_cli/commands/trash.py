"""`crm trash`: deleted records."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from crm_cli.options import command, new_app
from crm_cli.run import Run
from language.errors import InvalidValue

app = new_app("Deleted records: list, restore, empty.")
NounOption = Annotated[
    str | None, typer.Option("--noun", help="Only contacts, deals…", metavar="NOUN")
]


@command(app, "list", title="trash list")
def list_(
    run: Run,
    noun: NounOption = None,
    limit: Annotated[int, typer.Option("--limit", help="How many; 0: all.")] = 50,
) -> None:
    """Show what is in the trash, the last deleted first."""
    from operations import trash

    if limit < 0:
        raise InvalidValue("--limit cannot be negative")
    with run.reading() as uow:
        records = trash.list_trash(uow, noun_of(noun), limit=limit or None)
        total = trash.count_trash(uow, noun_of(noun))
    run.show_list("trash", trash.FIELDS, records, "the trash is empty")
    if run.format == "table" and total > len(records):
        run.warn(f"{len(records)} of {total:,}; --limit 0 shows all")


@command(app, "restore", title="trash restore")
def restore(
    run: Run,
    words: Annotated[
        list[str],
        typer.Argument(
            help="The records; before them the noun, if you like.", metavar="[NOUN] WHO..."
        ),
    ],
) -> None:
    """Take records out of the trash, with all their links: crm trash restore contact ana."""
    from language.fields import noun_named
    from operations import records, trash
    from operations.find import find_all

    named = noun_named(words[0]) if len(words) > 1 else None
    with run.writing() as uow:
        if named is not None:
            noun = named.name
            found = find_all(uow, noun, words[1:], trashed=True)
            records.restore(uow, noun, [ref.id for ref in found])
        else:
            for noun, ref in [trash.find_trashed(uow, word) for word in words]:
                records.restore(uow, noun, [ref.id])
        if named is None and len(words) > 1:
            uow.summary = f"restored {len(words)} records: {', '.join(words)}"
        sentence = uow.summary
    run.say(sentence)


@command(app, "empty", title="trash empty")
def empty(
    run: Run,
    noun: NounOption = None,
    older_than: Annotated[
        str | None, typer.Option("--older-than", help="Only what was deleted longer ago: 30d.")
    ] = None,
) -> None:
    """Remove what is in the trash for good. crm undo brings even that back."""
    from operations import trash

    before = None if older_than is None else moment_before(older_than)
    with run.reading() as uow:
        count = trash.count_trash(uow, noun_of(noun), before)
    if not count:
        run.warn("the trash is empty" if before is None else "nothing in the trash is that old")
        return
    if not must_confirm(run, f"remove {count:,} {'record' if count == 1 else 'records'} for good?"):
        run.warn("nothing was changed")
        return
    with run.writing() as uow:
        done = trash.empty(uow, noun_of(noun), before)
        sentence = uow.summary
    run.say(sentence)
    for text in done.kept:
        run.warn(text)


def must_confirm(run: Run, question: str) -> bool:
    """Ask before what cannot be seen afterwards; without a person to ask, --yes is needed."""
    if not (run.can_ask or run.options.get("yes") or run.dry_run):
        raise InvalidValue(question.replace("?", " needs a yes"), "add --yes, or --dry-run to see")
    return run.ask(question)


def moment_before(text: str) -> datetime:
    """The moment so many days ago."""
    from language.when import parse_days

    return datetime.now(UTC) - timedelta(days=parse_days(text))


def noun_of(word: str | None) -> str:
    """Read a noun: its name, plural or a word of other programs; nothing means all."""
    from language.fields import NOUNS, noun_named
    from language.text import closest

    if not word:
        return ""
    found = noun_named(word)
    if found is None:
        near = closest(word, list(NOUNS))
        hint = f"did you mean {near[0]}?" if near else f"one of: {', '.join(NOUNS)}"
        raise InvalidValue(f"there is no noun '{word}'", hint)
    return found.name
