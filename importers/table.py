"""Rows of cells → a sheet: which row holds the headings, what lies above it, what is ragged."""

from __future__ import annotations

import math
import re
from datetime import date
from decimal import Decimal
from itertools import chain, islice
from statistics import median
from typing import TYPE_CHECKING

from importers.sheet import Cell, Sheet
from language.errors import InvalidValue
from language.fields import NOUNS
from language.text import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MOST_ADDED = 50_000_000
_SAMPLE = 200
_TRIED = 30
"""How many rows may come before the headings."""
_VALUE = re.compile(
    r"[-+]?[\d\s.,:/%€$£-]*\d[\d\s.,:/%€$£-]*|\S+@\S+\.\S+|https?://\S+|.*\d{4}-\d\d-\d\d.*"
)
"""A text that is a number, a date, an address: no heading."""


def fill(sheet: Sheet, records: Iterable[tuple[int, list[Cell]]], empty: Cell) -> None:
    """Fill headings, rows and lines of a sheet from rows that hold anything.

    `records`: the line of each row and its cells. `empty`: what stands where a row ends early.
    Notes tell what was passed over, added or kept aside. Raises InvalidValue when there is no row.
    """
    rest = iter(records)
    sample = list(islice(rest, _SAMPLE))
    if not sample:
        raise InvalidValue(
            f"{quoted(sheet.name)} is empty", "the first line must hold the headings"
        )
    at = find_heading([cells for _, cells in sample])
    _tell_preamble(sheet, sample[:at])
    sheet.facts["heading"] = str(sample[at][0])
    headers = [heading(cell) for cell in sample[at][1]]
    _fill_rows(sheet, headers, chain(sample[at + 1 :], rest), empty)
    _drop_empty(sheet, headers)
    sheet.headers = headers


def heading(cell: Cell) -> str:
    """A cell as a heading: one line of text."""
    return "" if cell is None else " ".join(str(cell).split())


def find_heading(rows: Sequence[Sequence[Cell]]) -> int:
    """Which of the first rows holds the headings.

    The first that is as full as the rows of the table are and holds no value; one with the name
    of a field of ours goes before.
    """
    filled = [_filled(row) for row in rows]
    usual = median(filled[len(filled) // 2 :] or filled)
    least = max(2, math.ceil(usual * 0.6)) if max(filled) > 1 else 1
    first = plain = None
    for at, row in enumerate(rows[:_TRIED]):
        if filled[at] < least or _is_comment(row, filled[at], usual):
            continue
        first = at if first is None else first
        if not any(map(_is_value, row)):
            if knows(row):
                return at
            plain = at if plain is None else plain
    if plain is None:
        return first or 0
    # A headless line of values above plain texts is a row of its own only when it is a preamble.
    return plain if first is None or filled[plain] > filled[first] or plain == first else first


def knows(row: Sequence[Cell]) -> bool:
    """Whether a cell is a word of ours for a field."""
    return any(
        isinstance(cell, str) and cell and any(noun.field(cell) for noun in NOUNS.values())
        for cell in row
    )


def _filled(row: Sequence[Cell]) -> int:
    return sum(cell is not None and cell != "" and not str(cell).isspace() for cell in row)


def _is_comment(row: Sequence[Cell], filled: int, usual: float) -> bool:
    first = str(row[0]).lstrip() if row and row[0] is not None else ""
    return first.startswith("#") and len(first) > 1 and (first[1] == " " or filled < usual)


def _is_value(cell: Cell) -> bool:
    if isinstance(cell, str):
        return len(cell) < 100 and _VALUE.fullmatch(cell.strip()) is not None
    return isinstance(cell, int | float | Decimal | date)


def _tell_preamble(sheet: Sheet, above: Sequence[tuple[int, list[Cell]]]) -> None:
    if not above:
        return
    words = [" ".join(filter(None, map(heading, cells))) for _, cells in above]
    shown = ", ".join(quoted(text) for text in words[:3]) + (", …" if len(words) > 3 else "")
    lines = "line" if len(above) == 1 else "lines"
    stands = "stands" if len(above) == 1 else "stand"
    sheet.notes.append(f"{len(above)} {lines} {stands} above the headings: {shown}")


def _fill_rows(
    sheet: Sheet,
    headers: Sequence[str],
    records: Iterator[tuple[int, list[Cell]]],
    empty: Cell,
) -> None:
    rows, lines, width = sheet.rows, sheet.lines, len(headers)
    short: list[int] = []
    long: list[int] = []
    added = 0
    for line, cells in records:
        if len(cells) != width:
            before = len(cells)
            if before < width:
                cells.extend([empty] * (width - before))
                short.append(line)
                added += width - before
                if added > MOST_ADDED:
                    raise InvalidValue(
                        f"{quoted(sheet.name)} has {width:,} headings, and most rows are shorter",
                        "check the delimiter and the line of the headings",
                    )
            else:
                extra = [heading(cell) for cell in cells[width:]]
                if any(extra):
                    sheet.extras[len(rows)] = " | ".join(filter(None, extra))
                    long.append(line)
                del cells[width:]
        rows.append(cells)
        lines.append(line)
    if short:
        sheet.notes.append(
            f"{_rows(short)} fewer cells than there are headings: the rest is empty{_where(short)}"
        )
    if long:
        sheet.notes.append(
            f"{_rows(long)} more cells than there are headings: kept aside{_where(long)}"
        )


def _rows(lines: Sequence[int]) -> str:
    return f"{len(lines):,} {'row has' if len(lines) == 1 else 'rows have'}"


def _where(lines: Sequence[int]) -> str:
    shown = ", ".join(map(str, lines[:5]))
    return f" ({'line' if len(lines) == 1 else 'lines'} {shown}{', …' if len(lines) > 5 else ''})"


def _drop_empty(sheet: Sheet, headers: list[str]) -> None:
    """Leave out columns without a heading in which nothing stands."""
    for place in reversed(range(len(headers))):
        if headers[place] or any(row[place] is not None and row[place] != "" for row in sheet.rows):
            continue
        del headers[place]
        for row in sheet.rows:
            del row[place]
