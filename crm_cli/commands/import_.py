"""Bring records in from a file: all of it or nothing, and one step to undo."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from crm_cli.options import command, new_app
from crm_cli.run import Run
from language.errors import InvalidValue, NotFound
from language.fields import NOUNS, noun_named
from language.text import closest

if TYPE_CHECKING:
    from operations.import_drafts import Alias, Choices, Drafts, Imported

app = new_app("Bring records in from a file.")
SHOWN = 20
PARTLY = 6


@command(app, "import")
def import_(
    run: Run,
    noun: Annotated[
        str, typer.Argument(help="users, companies, products, contacts or deals.", metavar="NOUN")
    ],
    file: Annotated[str, typer.Argument(help="A CSV file, or - for stdin.", metavar="FILE")],
    map_: Annotated[
        list[str] | None,
        typer.Option("--map", help='What a column holds: --map "Cliente=company". Repeat.'),
    ] = None,
    alias: Annotated[
        list[str] | None,
        typer.Option("--alias", help='Another name: --alias "GTXPro=GTX Pro". Repeat.'),
    ] = None,
    create: Annotated[
        str | None,
        typer.Option("--create", help="Make what rows name: users,products,stages,companies…"),
    ] = None,
    pipeline: Annotated[str | None, typer.Option("--pipeline", help="Pipeline of deals.")] = None,
    owner: Annotated[str | None, typer.Option("--owner", help="Owner where none is given.")] = None,
    tag: Annotated[list[str] | None, typer.Option("--tag", help="Tag for all. Repeat.")] = None,
    currency: Annotated[
        str | None, typer.Option("--currency", help="Of amounts that name none, such as EUR.")
    ] = None,
    source: Annotated[
        str | None, typer.Option("--source", help="The program the external ids come from.")
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="One unreadable value refuses the whole file.")
    ] = False,
) -> None:
    """Bring users, companies, products, contacts or deals in from a CSV file.

    Headers are matched in English and Spanish. Records that exist are updated, none is doubled; a
    name that leads nowhere refuses the whole file. Try it first with --dry-run.
    """
    from operations import imports
    from operations.import_drafts import Choices

    if noun == "all":
        from crm_cli.everything import import_all

        run.name = "import all"
        import_all(run, file)
        return
    name = _noun(noun)
    run.name = f"import {NOUNS[name].plural}"
    choices = Choices(
        _nouns(create or ""), tuple(map(_alias, alias or ())), pipeline or "", owner or "",
        tuple(tag or ()), source or "", _currency(run, currency), strict=strict,
    )  # fmt: skip
    drafts = _read(run, name, file, map_ or [], choices)
    # Said before anything is written, so that a refusal is understood too.
    for note in drafts.notes:
        run.warn(note)
    said = len(drafts.notes)
    with run.writing() as uow:
        done = imports.apply(uow, drafts, choices)
    _tell(run, done, said)
    if done.rejected:
        raise typer.Exit(PARTLY)


def _noun(word: str) -> str:
    from operations.import_drafts import IMPORTABLE

    known = noun_named(word)
    if known is not None and known.name in IMPORTABLE:
        return known.name
    plurals = [NOUNS[name].plural for name in IMPORTABLE]
    near = closest(word, plurals)
    hint = f"did you mean {near[0]}?" if near and known is None else f"one of: {', '.join(plurals)}"
    raise InvalidValue(f"'{word}' cannot be imported", hint)


def _nouns(text: str) -> frozenset[str]:
    allowed = ("user", "product", "stage", "company", "pipeline", "contact")
    made: set[str] = set()
    for word in filter(None, map(str.strip, text.split(","))):
        known = noun_named(word)
        if known is None or known.name not in allowed:
            plurals = ", ".join(NOUNS[name].plural for name in allowed)
            raise InvalidValue(f"--create: '{word}' cannot be made", f"one of: {plurals}")
        made.add(known.name)
    return frozenset(made)


def _alias(text: str) -> Alias:
    from operations.import_drafts import Alias

    old, equals, new = text.partition("=")
    if not equals or not old.strip() or not new.strip():
        raise InvalidValue(f"--alias: '{text}' is not OLD=NEW", 'such as "GTXPro=GTX Pro"')
    column, colon, rest = old.partition(":")
    if colon and rest.strip():
        return Alias(rest.strip(), new.strip(), column.strip())
    return Alias(old.strip(), new.strip())


def _currency(run: Run, code: str | None) -> str:
    from language.currencies import CURRENCIES

    chosen = (code or run.settings.currency).upper()
    if chosen not in CURRENCIES:
        raise InvalidValue(f"--currency: '{code}' is not a currency", "such as EUR or USD")
    return chosen


def _read(run: Run, noun: str, file: str, chosen: list[str], choices: Choices) -> Drafts:
    from dataclasses import replace

    from importers import read_drafts
    from operations.custom_fields import fields_of

    data = _bytes(file)
    with run.reading() as uow:
        custom = fields_of(uow, noun)
    name = "stdin" if file == "-" else file.rpartition("/")[2]
    reading = replace(run.reading_of(), currency=choices.currency)
    return read_drafts(data, name, noun, reading, chosen=chosen, custom=custom)


def _bytes(file: str) -> bytes:
    from pathlib import Path

    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).expanduser().read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise NotFound(f"there is no file '{file}'", "check the path") from None
    except (IsADirectoryError, PermissionError, ValueError):
        raise InvalidValue(f"'{file}' cannot be read", "give a file that you may read") from None


def _tell(run: Run, done: Imported, said: int) -> None:
    """Say what was done in counts that add up, then what was left out; `said` notes were told."""
    from operations.import_drafts import counts_of

    for note in done.notes[said:]:
        run.warn(note)
    counts = counts_of(done)
    listed = ", ".join(f"{count:,} {word}" for word, count in counts.items() if word != "read")
    made = ", ".join(
        f"{count:,} {NOUNS[noun].plural if count > 1 else noun}"
        for noun, count in done.made.items()
    )
    plural = NOUNS[done.noun].plural
    read = f"{counts['read']:,} {'row' if done.read == 1 else 'rows'} read = {listed}"
    if done.created or done.updated or done.made:
        text = f"imported {plural}: {read}"
        run.say(text + (f"; also made {made}" if made else ""))
    else:
        run.warn(f"nothing to import: {read}")
    for item in done.rejected[:SHOWN]:
        where = f"line {item.line}" + (f", {item.column}" if item.column else "")
        value = f" '{item.value}'" if item.value else ""
        run.warn(f"  {where}{value}: {item.reason}")
    if len(done.rejected) > SHOWN:
        run.warn(f"  …and {len(done.rejected) - SHOWN:,} more rows")
    if run.asks_for_json:
        from exporters.json import dumps
        from operations.import_drafts import as_json

        print(
            dumps(as_json(done, command=0 if run.dry_run else run.command_id, dry_run=run.dry_run))
        )
