"""One id a line, for `xargs` and shell loops."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from exporters.cells import plain
from language.text import safe

if TYPE_CHECKING:
    from exporters.sheet import Sheet


def write(sheet: Sheet, out: BinaryIO) -> int:
    """Write each row's `id` on its own line and return the rows written; no id, no line.

    A sheet without a column `id` still works when its rows carry the key.
    """
    count = 0
    for row in sheet.rows:
        name = plain(row.get("id"))
        if name:
            out.write(safe(name).encode("utf-8") + b"\n")
            count += 1
    return count
