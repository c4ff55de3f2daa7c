"""Files → tables → drafts that `operations.imports` applies. No SQL and no questions here.

A format is one module with `read(file, name, **options) -> Sheet` and its line in FORMATS;
`importers.drafts` then reads headings, columns and values the same for all of them.
"""

from __future__ import annotations

from importlib import import_module
from typing import BinaryIO

from importers.kinds import FORMATS, OPTIONS, SUFFIXES, format_of
from importers.sheet import Sheet
from language.errors import InvalidValue
from language.text import quoted

__all__ = ["FORMATS", "SUFFIXES", "Sheet", "pages_of", "read_sheet"]


def read_sheet(
    file: BinaryIO,
    name: str,
    *,
    format: str = "",
    page: str = "",
    encoding: str = "",
    delimiter: str = "",
) -> Sheet:
    """Read a seekable file as a table. Its content tells the format, then its name; or `format`.

    `page`: a sheet of a workbook by name or number, or a list of a JSON object. `encoding` and
    `delimiter` overrule what is found. Raises InvalidValue for a file that holds no table, and
    for an option that its format does not have.
    """
    notes: list[str] = []
    if format and format not in FORMATS:
        raise InvalidValue(f"{quoted(format)} is not a format", f"one of: {', '.join(FORMATS)}")
    kind = format or format_of(file, name, notes)
    options = {"page": page, "encoding": encoding, "delimiter": delimiter}
    given = {option: value for option, value in options.items() if value}
    for option in given.keys() - OPTIONS[kind]:
        raise InvalidValue(
            f"{quoted(name)} is {kind}, which has no {option}", f"leave --{option} out"
        )
    sheet: Sheet = import_module(FORMATS[kind]).read(file, name, **given)
    sheet.notes[:0] = notes
    return sheet


def pages_of(file: BinaryIO, name: str) -> list[str]:
    """Names of the sheets of a workbook; none for other files."""
    if format_of(file, name, []) != "xlsx":
        return []
    from importers.excel import pages

    return pages(file, name)
