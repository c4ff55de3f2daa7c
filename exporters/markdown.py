"""A GitHub table for a mail, an issue or a wiki: labels on top, nothing in a cell is markup."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, BinaryIO

from exporters.cells import plain
from language.text import safe

if TYPE_CHECKING:
    from exporters.sheet import Sheet

_MARKUP = re.compile(r"([\\`*_~$|\[\]])")
_LINE_END = re.compile(r"\r\n|[\r\n\v\f\x85\u2028\u2029]")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_RIGHT = frozenset({"number", "integer", "money"})


def write(sheet: Sheet, out: BinaryIO) -> int:
    """Write `sheet` as a GitHub table and return the rows written; numbers align right."""
    columns = sheet.columns
    out.write(_line([_cell(column.label) for column in columns]))
    out.write(_line(["---:" if column.kind in _RIGHT else "---" for column in columns]))
    count = 0
    for row in sheet.rows:
        out.write(_line([_cell(plain(row.get(each.key), each.kind)) for each in columns]))
        count += 1
    return count


def _cell(text: str) -> str:
    lines = _LINE_END.split(text)
    return "<br>".join(_MARKUP.sub(r"\\\1", safe(line)).translate(_ENTITIES) for line in lines)


def _line(cells: list[str]) -> bytes:
    return f"| {' | '.join(cells)} |\n".encode()
