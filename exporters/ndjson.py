"""One JSON object a line: for `jq`, for loading elsewhere, for streams without an end."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from exporters.json import compact, record

if TYPE_CHECKING:
    from exporters.sheet import Sheet


def write(sheet: Sheet, out: BinaryIO) -> int:
    """Write `sheet` as one object a line and return the rows written."""
    count = 0
    for row in sheet.rows:
        out.write(compact(record(sheet.columns, row)).encode("utf-8") + b"\n")
        count += 1
    return count
