"""Files → drafts: typed columns that `operations.imports` applies. No SQL and no questions here.

A format is one module with `read(file, name, **options) -> Sheet` and its line in FORMATS;
headings, whole columns and values are then read the same for all of them.
"""

from __future__ import annotations

import io
from importlib import import_module
from typing import TYPE_CHECKING, BinaryIO

from importers.kinds import FORMATS, OPTIONS, SUFFIXES, format_of
from importers.sheet import Sheet
from language.errors import InvalidValue
from language.text import quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from language.fields import Field
    from language.reading import Reading
    from operations.import_drafts import Drafts

__all__ = ["FORMATS", "SUFFIXES", "Sheet", "pages_of", "read_drafts", "read_sheet"]


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


# What `read_drafts` cannot take yet.
UNREADABLE = frozenset({"xlsx", "xls", "ods", "json", "ndjson", "vcf", "ics", "zip", "pdf"})


def read_drafts(
    data: bytes,
    name: str,
    noun: str,
    reading: Reading,
    *,
    chosen: Sequence[str] = (),
    custom: Sequence[Field] = (),
) -> Drafts:
    """Read the records of a noun from a file's bytes.

    `chosen`: `Column=field` pairs that overrule what the headers say. `custom`: the noun's fields
    beyond the built-in ones. Raises InvalidValue for a file that is no such table.
    """
    from importers.columns import read_columns
    from importers.mapping import match_headers

    suffix = name.rpartition(".")[2].lower() if "." in name else ""
    if suffix in UNREADABLE:
        raise InvalidValue(
            f"'{name}': files of the kind {suffix} cannot be imported yet", "save it as CSV first"
        )
    sheet = read_sheet(io.BytesIO(data), name, format="csv")
    return read_columns(sheet, match_headers(noun, sheet.headers, chosen, custom), noun, reading)
