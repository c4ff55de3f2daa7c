"""Print records: a table for eyes, anything else for programs."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from crm_cli.run import Run, wants_color
from language.fields import NOUNS, Field
from language.tables import RIGHT, cell_text, currency_key, fields_for, plain_record, stable_record
from language.text import display_width, safe, shorten

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from language.values import Record
    from storage.unit import UnitOfWork

WIDE = 200
NARROWEST = 10
PIPE_WIDTH = 120
EMPTY: tuple[object, ...] = (None, "", [])
KINDS = {
    "integer": "integer", "percent": "integer", "days": "integer", "minutes": "integer",
    "number": "number", "money": "money", "day": "day", "moment": "moment", "when": "moment",
    "flag": "flag",
}  # fmt: skip


def print_list(
    run: Run,
    title: str,
    fields: Sequence[Field],
    records: Iterable[Record],
    *,
    kept: bool = False,
) -> int:
    """Print records in the run's format; gives how many. A table keeps empty columns if `kept`."""
    form = run.format
    if form == "table":
        return _print_table(run, fields, list(records), kept=kept)
    from exporters import Sheet, write_rows

    if form in {"json", "ndjson"}:
        rows: Iterator[dict[str, Any]] = (stable_record(record, fields) for record in records)
        columns = columns_of(fields, references=True)
    else:
        rows = (plain_record(record) for record in records)
        columns = columns_of(fields)
    # A pipe gets the data as they are; only a terminal and a spreadsheet need guarding.
    raw = form == "tsv"
    return write_rows(form, Sheet(title, columns, rows), sys.stdout.buffer, raw=raw)


def columns_of(fields: Sequence[Field], *, references: bool = False) -> list[Any]:
    """Columns of a file: money brings its currency, references (on request) their numbers."""
    from exporters import Column

    columns: list[Column] = []
    for field in fields:
        kind = "list" if field.many else KINDS.get(field.kind, "text")
        currency = currency_key(field.name) if field.kind == "money" else ""
        columns.append(Column(field.name, field.label, kind, currency))
        if currency:
            columns.append(Column(currency, "Currency", "currency"))
        elif references and field.kind == "ref":
            columns.append(Column(f"{field.name}_id", f"{field.label} #", "integer"))
        elif references and field.kind == "member":
            columns.append(Column(f"{field.name}_ids", f"{field.label} #", "list"))
    if references and not any(field.name == "id" for field in fields):
        columns.insert(0, Column("id", "#", "integer"))
    return columns


def console(run: Run) -> Console:
    """A terminal to draw on; never interprets markup, emoji codes or links in data."""
    from rich.console import Console

    colored = wants_color(run.options)
    return Console(
        markup=False,
        emoji=False,
        highlight=False,
        soft_wrap=False,
        color_system="auto" if colored else None,
        force_terminal=True if run.options.get("color") == "always" else None,
        width=None if sys.stdout.isatty() or os.environ.get("COLUMNS") else PIPE_WIDTH,
    )


def new_table(*, header: bool = True) -> Table:
    """Make a table in the house style."""
    from rich import box
    from rich.table import Table

    return Table(
        box=box.SIMPLE_HEAD if header else None,
        show_header=header,
        pad_edge=False,
        header_style="bold",
        padding=(0, 1),
    )


def _print_table(
    run: Run, fields: Sequence[Field], records: Sequence[Record], *, kept: bool
) -> int:
    if not records:
        return 0
    from rich.text import Text

    table = new_table()
    look = run.look
    shown = [
        field for field in fields
        if kept or field.name == "id"
        or any(record.get(field.name) not in EMPTY for record in records)
    ]  # fmt: skip
    screen = console(run)
    texts = [
        [shorten(safe(cell_text(record.get(field.name), look, field)), WIDE) for field in shown]
        for record in records
    ]
    room = _that_fit(shown, texts, screen.width)
    for field in shown[:room]:
        table.add_column(
            Text(safe(field.label)),
            justify="right" if field.kind in RIGHT else "left",
            no_wrap=_is_whole(field),
            overflow="ellipsis",
        )
    for row in texts:
        table.add_row(*map(Text, row[:room]))
    screen.print(table)
    if room < len(shown):
        left_out = ", ".join(field.label.lower() for field in shown[room:])
        run.warn(f"no room for {left_out}; --fields chooses, a wider terminal shows more")
    return len(records)


def _is_whole(field: Field) -> bool:
    """Whether a column cannot be broken over lines: numbers and dates."""
    return field.kind in RIGHT or field.kind in {"day", "moment", "when"}


def _that_fit(fields: Sequence[Field], texts: Sequence[Sequence[str]], width: int) -> int:
    """How many columns can be read side by side; the first two always are."""
    used = 2
    for place, field in enumerate(fields):
        longest = max(
            display_width(text) for text in (safe(field.label), *(row[place] for row in texts))
        )
        used += longest if _is_whole(field) else min(longest, NARROWEST)
        if used > width and place > 1:
            return place
        used += 3
    return len(fields)


def print_record(run: Run, title: str, fields: Sequence[Field], record: Record) -> None:
    """Print one record: a sheet of labelled values for eyes, one object for programs."""
    form = run.format
    if form in {"json", "ndjson"}:
        print_shaped(run, stable_record(record, fields))
    elif form == "table":
        _print_sheet(run, title, fields, record)
    elif form == "tsv":
        _print_pairs(title, fields, record)
    else:
        print_list(run, title, fields, [record])


def _print_pairs(title: str, fields: Sequence[Field], record: Record) -> None:
    """Print a record's filled fields one a line, name and value, for cut and awk."""
    from exporters import Column, Sheet, write_rows
    from exporters.cells import plain

    values = plain_record(record)
    rows = [
        {"field": column.key, "value": plain(values[column.key], column.kind)}
        for column in columns_of(fields)
        if values.get(column.key) not in EMPTY
    ]
    sheet = Sheet(title, [Column("field", "Field"), Column("value", "Value")], rows)
    write_rows("tsv", sheet, sys.stdout.buffer, raw=True)


def _print_sheet(run: Run, title: str, fields: Sequence[Field], record: Record) -> None:
    from rich.text import Text

    table = new_table(header=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for field in fields:
        text = cell_text(record.get(field.name), run.look, field)
        if text and field.name not in {"uid", "version"}:
            table.add_row(Text(safe(field.label)), Text(safe(text, newlines=field.kind == "long")))
    screen = console(run)
    screen.print(Text(safe(title), style="bold"))
    screen.print(table)


def print_lines(run: Run, title: str, lines: Sequence[str]) -> None:
    """Print lines under a heading, for eyes only; nothing when there are no lines."""
    if not lines:
        return
    from rich.text import Text

    screen = console(run)
    screen.print(Text(f"\n{safe(title)}", style="bold"))
    for line in lines:
        text = Text(f"  {safe(line)}")
        text.truncate(screen.width, overflow="ellipsis")
        screen.print(text)


def shaped(uow: UnitOfWork, noun: str, record_id: int) -> dict[str, Any]:
    """One record whole, in the shape that scripts get."""
    from operations.custom_fields import fields_of
    from operations.lists import all_fields, get

    names = all_fields(uow, noun)
    record = get(uow, noun, record_id, names, trashed=None)
    return stable_record(record, fields_for(NOUNS[noun], names, fields_of(uow, noun)))


def print_shaped(run: Run, record: dict[str, Any]) -> None:
    """Print what `shaped` gave."""
    from exporters.json import compact, dumps

    print(compact(record) if run.format == "ndjson" else dumps(record))


def print_some(run: Run, noun: str, numbers: Sequence[int]) -> None:
    """Print several records of the database as they are now, for scripts: an array, or lines."""
    with run.reading() as uow:
        records = [shaped(uow, noun, number) for number in numbers]
    if run.format == "ndjson":
        for record in records:
            print_shaped(run, record)
        return
    from exporters.json import dumps

    print(dumps(records))
