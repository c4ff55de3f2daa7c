"""CSV as RFC 4180 has it: UTF-8, comma, CRLF, quotes where needed, machine names on top.

An empty text and an empty cell are the same here; use JSON where the difference counts.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, BinaryIO

from exporters.cells import is_text, plain
from language.guard import guard
from language.text import safe

if TYPE_CHECKING:
    from collections.abc import Callable

    from exporters.sheet import Sheet


def write(sheet: Sheet, out: BinaryIO, *, raw: bool = False, bom: bool = False) -> int:
    """Write `sheet` as CSV and return the rows written.

    `raw`: leave formulas live. `bom`: mark the file as UTF-8, which old Excel needs for accents.
    On a terminal, control characters are shown instead of sent.
    """
    if bom:
        out.write(b"\xef\xbb\xbf")
    finish = _finisher(raw=raw, shown=out.isatty())
    writer = csv.writer(_Encoded(out))
    writer.writerow([finish(column.key) for column in sheet.columns])
    fields = [(column.key, column.kind) for column in sheet.columns]
    count = 0
    for row in sheet.rows:
        cells = []
        for key, kind in fields:
            value = row.get(key)
            text = plain(value, kind)
            cells.append(finish(text) if is_text(value) else text)
        writer.writerow(cells)
        count += 1
    return count


def _finisher(*, raw: bool, shown: bool) -> Callable[[str], str]:
    """Return what is done to a text on its way out."""
    steps: list[Callable[[str], str]] = []
    if not raw:
        steps.append(guard)
    if shown:
        steps.append(safe)

    def finish(text: str) -> str:
        for step in steps:
            text = step(text)
        return text

    return finish


class _Encoded:
    """The text file `csv.writer` wants, over a stream of bytes that stays open afterwards."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out

    def write(self, text: str) -> int:
        return self._out.write(text.encode("utf-8"))
