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
    from collections.abc import Callable, Iterable, Iterator, Sequence

MOST_ADDED = 50_000_000
_KNOWN = 30_000
_MOST_COLUMNS = 16_384
_LOOKED_AT = 100
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
    if len(headers) > _MOST_COLUMNS:
        raise InvalidValue(
            f"{quoted(sheet.name)} has {len(headers):,} columns, at most {_MOST_COLUMNS:,}",
            "check the delimiter and the line of the headings",
        )
    _fill_rows(sheet, headers, chain(sample[at + 1 :], rest), empty)
    _drop_empty(sheet, headers)
    sheet.headers = headers


def heading(cell: Cell) -> str:
    """A cell as a heading: one line of text."""
    return "" if cell is None else " ".join(str(cell).split())


def find_heading(rows: Sequence[Sequence[Cell]]) -> int:
    """Which of the first rows holds the headings.

    The first that is about as full as the rows of the table and holds no value. Words of ours for
    a field decide where a row above it is as good; a row that only looks fuller never hides one.
    """
    filled = [_filled(row) for row in rows]
    usual = median(filled[len(filled) // 2 :] or filled)
    least = max(2, math.ceil(usual * 0.6)) if max(filled) > 1 else 1
    valued: list[int] = []
    plain: list[int] = []
    narrow: list[int] = []
    for at, row in enumerate(rows[:_TRIED]):
        if filled[at] < 2 <= least or _is_comment(row, filled[at], usual):
            continue
        if any(map(_is_value, row[:_MOST_COLUMNS])):
            valued += [at] if filled[at] >= least else []
        else:
            (plain if filled[at] >= least else narrow).append(at)
    if not plain:
        # All full rows hold values: a table of numbers, or headings fewer than its columns.
        return min(narrow[:1] + valued[:1], default=0)
    best = plain[0]
    if not knows(rows[best]):
        fuller = (at for at in plain if filled[at] > filled[best] and knows(rows[at], 2))
        best = next(fuller, min([at for at in narrow[:1] if knows(rows[at])] + [best]))
    above = valued[:1]
    if above and above[0] < best and filled[above[0]] >= filled[best] and not knows(rows[best]):
        return above[0]
    return best


def knows(row: Sequence[Cell], least: int = 1) -> bool:
    """Whether at least so many cells are words of ours for a field."""
    words = (cell for cell in row[:_LOOKED_AT] if isinstance(cell, str) and 0 < len(cell) < 60)
    found = (cell for cell in words if any(noun.field(cell) for noun in NOUNS.values()))
    return len(list(islice(found, least))) == least


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
    rows, lines, width, shared = sheet.rows, sheet.lines, len(headers), _sharing()
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
        rows.append(shared(cells))
        lines.append(line)
    if short:
        sheet.notes.append(
            f"{_rows(short)} fewer cells than there are headings: the rest is empty{_where(short)}"
        )
    if long:
        sheet.notes.append(
            f"{_rows(long)} more cells than there are headings: kept aside{_where(long)}"
        )


def _sharing() -> Callable[[list[Cell]], list[Cell]]:
    """What makes equal short texts of many rows one text: towns, tags and titles come often."""
    known: dict[Cell, Cell] = {}

    def shared(cells: list[Cell]) -> list[Cell]:
        once = known.setdefault if len(known) < _KNOWN else known.get
        return [once(cell, cell) if type(cell) is str else cell for cell in cells]

    return shared


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
