"""Take records out to a file: all of it or nothing, in any format."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crm_cli.options import command, new_app
from crm_cli.run import Run
from language.errors import InvalidValue
from language.fields import NOUNS, noun_named
from language.text import closest

if TYPE_CHECKING:
    from storage.unit import UnitOfWork

app = new_app("Take records out to a file.")
FORMATS = ("csv", "json", "ndjson", "xlsx", "tsv", "markdown", "vcard")
KEPT = frozenset({"uid", "done_at"})
"""Fields that nobody fills by hand, and that an import takes back all the same."""
SUFFIXES = {"md": "markdown", "vcf": "vcard", "jsonl": "ndjson", "tab": "tsv", "txt": "tsv"}


@command(app, "export")
def export(
    run: Run,
    noun: Annotated[
        str, typer.Argument(help="contacts, companies, deals… or all.", metavar="NOUN")
    ],
    to: Annotated[
        str | None,
        typer.Option("--to", help="File, whose name tells the format; all: also a folder."),
    ] = None,
    filter: Annotated[
        str | None, typer.Option("--filter", help='Such as "stage=won and amount>10k".')
    ] = None,
    sort: Annotated[str | None, typer.Option("--sort", help="Such as name,-amount.")] = None,
    fields: Annotated[
        str | None, typer.Option("--fields", help="Such as id,name; all: every field.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=0, help="How many; 0: all.")] = 0,
    raw: Annotated[
        bool, typer.Option("--raw", help="Leave cells that a spreadsheet would run as they are.")
    ] = False,
) -> None:
    """Take records out as csv, json, ndjson, xlsx, tsv, markdown, or contacts as vcard.

    Without --to they go to stdout. Text that a spreadsheet would run as a formula gets an
    apostrophe in front, which crm import takes away again.

    all is everything, trash and history too: to a folder (a CSV file a table), FILE.xlsx or
    FILE.json. crm import all brings it back, crm database verify-export says whether it is whole.
    """
    if noun == "all":
        from crm_cli.everything import export_all

        unfit = {"filter": filter, "sort": sort, "fields": fields, "limit": limit, "raw": raw}
        raise typer.Exit(export_all(run, to, unfit))
    from exporters import BINARY, save, write_rows
    from operations.lists import Query

    name = _noun(noun)
    form = _format(run, to)
    if form == "vcard" and name != "contact":
        raise InvalidValue("a vCard holds contacts only", "crm export contacts --to FILE.vcf")
    if to is None and form in BINARY and sys.stdout.isatty():
        raise InvalidValue(f"{form} cannot be shown on a terminal", "add --to FILE")
    if form in BINARY or form == "vcard":
        # Files alone have such a format: the settings, which say how lists are shown, have none.
        run.options = {**run.options, "format": None}
    if to is not None:
        refuse_database(run, to)
    with run.reading() as uow:
        names = _names(uow, name, fields)
        sheet = _sheet(uow, name, Query(filter or "", sort or "", limit or None, 0, names), form)
        if to is None:
            write_rows(form, sheet, sys.stdout.buffer, raw=raw)
            return
        count = sum(1 for _ in sheet.rows) if run.dry_run else save(form, sheet, to, raw=raw)
    run.say(f"exported {count:,} {NOUNS[name].plural if count != 1 else name} to {to}")


def refuse_database(run: Run, to: str) -> None:
    """Nothing is ever written over the database that is being read, or beside it under its name."""
    target, database = Path(to).expanduser().resolve(), run.database.path.resolve()
    if target == database or (
        target.name.startswith(f"{database.name}-") and (target.parent == database.parent)
    ):
        raise InvalidValue(f"'{to}' is the database itself", "name another file")


def _noun(word: str) -> str:
    known = noun_named(word)
    if known is not None:
        return known.name
    plurals = [noun.plural for noun in NOUNS.values()]
    near = closest(word, plurals)
    hint = f"did you mean {near[0]}?" if near else f"one of: {', '.join(plurals)}"
    raise InvalidValue(f"'{word}' cannot be exported", hint)


def _format(run: Run, to: str | None) -> str:
    """The flag, else the file's extension, else the setting, else CSV."""
    asked = run.options.get("format")
    suffix = Path(to).suffix.lower().lstrip(".") if to else ""
    if suffix and not asked and suffix not in {*SUFFIXES, *FORMATS}:
        raise InvalidValue(
            f"'{to}' names no format by its end", f"one of: {', '.join(FORMATS)}, or add --format"
        )
    chosen = asked or SUFFIXES.get(suffix, suffix if suffix in FORMATS else "")
    if not chosen and run.settings.format in FORMATS:
        chosen = run.settings.format
    chosen = chosen or "csv"
    if chosen not in FORMATS:
        near = closest(chosen, FORMATS)
        hint = f"did you mean {near[0]}?" if near else f"one of: {', '.join(FORMATS)}"
        raise InvalidValue(f"format: '{chosen}' is not known", hint)
    return str(chosen)


def _names(uow: UnitOfWork, noun: str, fields: str | None) -> tuple[str, ...]:
    """The fields asked for; by default all that an import can fill, with the unique id."""
    from operations.custom_fields import keys_of
    from operations.lists import all_fields
    from operations.sources import binding_of

    if fields == "all":
        return tuple(all_fields(uow, noun))
    if fields:
        parts = [part.strip() for part in fields.split(",") if part.strip()]
        return tuple(binding_of(uow, noun, part)[0] for part in parts)
    own = [field.name for field in NOUNS[noun].fields if field.fill or field.name in KEPT]
    known = set(all_fields(uow, noun))
    return (*(name for name in own if name in known), *keys_of(uow, noun))


def _sheet(uow: UnitOfWork, noun: str, query: Any, form: str) -> Any:
    from crm_cli.output import columns_of
    from exporters import Sheet
    from language.tables import fields_for, plain_record, stable_record
    from operations.custom_fields import fields_of
    from operations.lists import stream_records

    shown = fields_for(NOUNS[noun], query.fields, fields_of(uow, noun))
    records = stream_records(uow, noun, query)
    if form in {"json", "ndjson"}:
        rows = (stable_record(record, shown) for record in records)
        return Sheet(NOUNS[noun].plural, columns_of(shown, references=True), rows)
    return Sheet(NOUNS[noun].plural, columns_of(shown), map(plain_record, records))
