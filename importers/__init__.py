"""Files → drafts: typed columns that `operations.imports` applies. No SQL and no questions here.

A format is one module with `read(data, name) -> Sheet` and its line in FORMATS; headers, whole
columns and values are then read the same for all of them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from importers.sheet import Sheet
from language.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from language.fields import Field
    from language.reading import Reading
    from operations.import_drafts import Drafts

__all__ = ["FORMATS", "Sheet", "read_drafts"]

FORMATS: dict[str, str] = {"csv": "importers.csv"}

# What a file may be called; a name that says nothing is read as CSV.
SUFFIXES: dict[str, str] = {"csv": "csv", "tsv": "csv", "tab": "csv", "txt": "csv"}
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
    """Read the records of a noun from a file's bytes; `name` tells the format.

    `chosen`: `Column=field` pairs that overrule what the headers say. `custom`: the noun's fields
    beyond the built-in ones. Raises InvalidValue for a file that is no such table.
    """
    from importers.columns import read_columns
    from importers.mapping import match_headers

    sheet = read_sheet(data, name)
    return read_columns(sheet, match_headers(noun, sheet.headers, chosen, custom), noun, reading)


def read_sheet(data: bytes, name: str) -> Sheet:
    """Read a file as a table of texts."""
    suffix = name.rpartition(".")[2].lower() if "." in name else ""
    if suffix in UNREADABLE:
        raise InvalidValue(
            f"'{name}': files of the kind {suffix} cannot be imported yet", "save it as CSV first"
        )
    sheet: Sheet = import_module(FORMATS[SUFFIXES.get(suffix, "csv")]).read(data, name)
    return sheet


def read_sheet(file, name, **options):  # type: ignore
    from importers.csv import read
    return read(file.read(), name)
