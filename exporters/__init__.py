"""Rows → bytes: every file and stream a user can take away.

Nothing here knows a noun or a table. A caller describes a `Sheet` (columns and rows) and names
a format; only the module of that format is imported.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, BinaryIO

from exporters.sheet import Column, Row, Sheet, Value
from language.errors import InvalidValue
from language.text import quoted

if TYPE_CHECKING:
    import os

__all__ = [
    "BINARY",
    "FORMATS",
    "GUARDED",
    "Column",
    "Row",
    "Sheet",
    "Value",
    "save",
    "write_rows",
]

FORMATS: dict[str, str] = {
    "csv": "exporters.csv",
    "tsv": "exporters.tsv",
    "json": "exporters.json",
    "ndjson": "exporters.ndjson",
    "xlsx": "exporters.excel",
    "markdown": "exporters.markdown",
    "vcard": "exporters.vcard",
    "ids": "exporters.ids",
}

# A terminal cannot show these; commands refuse them unless stdout is a file or a pipe.
BINARY = frozenset({"xlsx"})

# A spreadsheet guesses at the cells of these, so text passes the formula guard unless `raw`.
GUARDED = frozenset({"csv", "tsv"})


def write_rows(
    format: str,
    sheet: Sheet,
    out: BinaryIO,
    *,
    raw: bool = False,
) -> int:
    """Write `sheet` to `out` row by row and return how many rows were written.

    `format`: a name of FORMATS. `raw`: leave formulas live in csv and tsv (see `guard`).
    Raises InvalidValue for an unknown format or a value the format cannot hold; what was
    written before such a value stays in `out`, hence `save` for files.
    """
    module = FORMATS.get(format)
    if module is None:
        raise InvalidValue(
            f"{quoted(format)} is not a format", f"choose one of {', '.join(FORMATS)}"
        )
    options = {"raw": raw} if format in GUARDED else {}
    try:
        return int(import_module(module).write(sheet, out, **options))
    except UnicodeEncodeError as error:
        raise InvalidValue(
            f"some text holds half a character ({error.object[error.start]!a}) "
            f"that {format} cannot hold",
            "use --format json, which writes it as an escape",
        ) from error


def save(
    format: str,
    sheet: Sheet,
    path: str | os.PathLike[str],
    *,
    raw: bool = False,
    overwrite: bool = True,
) -> int:
    """Write `sheet` to the file `path`, all of it or nothing, and return the rows written.

    The file is readable by its owner only. Raises as `write_rows` and `atomic.write_file`.
    """
    from exporters.atomic import write_file

    return write_file(
        path, lambda out: write_rows(format, sheet, out, raw=raw), overwrite=overwrite
    )
