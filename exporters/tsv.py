r"""Tab-separated lines for `cut`, `awk` and `sort`: one record a line, one tab between cells.

Nothing is quoted. Inside a cell a tab is `\t`, a line end `\n` or `\r`, a backslash `\\`; every
other control character is shown as an escape, so the stream is safe on a terminal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from exporters.cells import is_text, plain
from language.guard import guard
from language.text import safe

if TYPE_CHECKING:
    from exporters.sheet import Sheet

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def write(sheet: Sheet, out: BinaryIO, *, raw: bool = False) -> int:
    """Write `sheet` as tab-separated lines, keys on top, and return the rows written.

    `raw`: leave formulas live, for streams that never meet a spreadsheet.
    """
    fields = [(column.key, column.kind) for column in sheet.columns]
    out.write(_line([_cell(key, raw=raw) for key, _ in fields]))
    count = 0
    for row in sheet.rows:
        cells = []
        for key, kind in fields:
            value = row.get(key)
            text = plain(value, kind)
            cells.append(_cell(text, raw=raw) if is_text(value) else text)
        out.write(_line(cells))
        count += 1
    return count


def _cell(text: str, *, raw: bool) -> str:
    return safe((text if raw else guard(text)).translate(_ESCAPES))


def _line(cells: list[str]) -> bytes:
    return ("\t".join(cells) + "\n").encode("utf-8")
