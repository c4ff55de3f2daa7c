"""A folder of CSV files, one a table, and its manifest."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from importers.everything.reading import (
    HINT,
    head_of,
    known_columns,
    match,
    not_ours,
    sums_of,
    text_reader,
)
from language.errors import InvalidValue
from language.text import quoted
from operations.everything import Column, Parcel, Row, Table

LONGEST_CELL = 2**31 - 1


def read(path: Path) -> Parcel:
    """Open the folder `path`."""
    try:
        facts = json.loads((path / "manifest.json").read_text("utf-8"))
        head, tables = facts["crm"], facts["tables"]
    except FileNotFoundError:
        raise InvalidValue(
            f"{quoted(str(path), 200)} holds no manifest.json", "give what crm export all wrote"
        ) from None
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        raise not_ours(str(path / "manifest.json")) from None
    name = str(path)
    sums = sums_of(tables, name)
    return Parcel(head_of(head, name), _tables(path, sums), lambda: sums)


def _tables(path: Path, sums: Mapping[str, object]) -> Iterator[Table]:
    for name, known in known_columns().items():
        if name in sums:
            yield _table(path / f"{name}.csv", name, known)


def _table(file: Path, name: str, known: Mapping[str, Column]) -> Table:
    rows = _rows(file)
    headings = next(rows, None)
    if headings is None:
        raise InvalidValue(f"{quoted(file.name)} is empty", HINT)
    columns = match(name, headings[1], known, text_reader)

    def read_rows() -> Iterator[Row]:
        width = len(headings[1])
        for line, cells in rows:
            if len(cells) != width:
                raise InvalidValue(
                    f"{file.name} line {line}: {len(cells)} cells where there are {width} columns",
                    HINT,
                )
            yield columns.row(cells, lambda line=line: f"{file.name} line {line}")  # type: ignore[misc]  # bound now

    return Table(name, columns.columns, read_rows())


def _rows(file: Path) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(LONGEST_CELL)
    try:
        with file.open(encoding="utf-8-sig", newline="") as source:
            reader = csv.reader(source, strict=True)
            for cells in reader:
                yield reader.line_num, cells
    except FileNotFoundError:
        raise InvalidValue(f"{quoted(file.name)} is missing from the export", HINT) from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InvalidValue(f"{quoted(file.name)} is damaged: {error}", HINT) from None
