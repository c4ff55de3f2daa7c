"""A workbook with a sheet for each table, read with calamine; `about` says what it comes to."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any

from importers.everything.reading import (
    HINT,
    Reader,
    head_of,
    known_columns,
    match,
    not_ours,
    sums_of,
    typed_reader,
)
from language.errors import InvalidValue
from language.held import MARK, unhold
from language.text import quoted
from operations.everything import Column, Parcel, Row, Table

MOST_FILES = 2_000
MOST_BYTES = 2 << 30
MOST_RATIO = 200
SMALL = 50 << 20
LEAST_BYTES_OF_A_ROW = 20
PIECE = 1 << 20
LONGEST_BETWEEN_TAGS = 16 << 20


def read(path: Path) -> Parcel:
    """Open the workbook `path`."""
    from python_calamine import CalamineWorkbook

    refuse_bomb(path)
    try:
        book = CalamineWorkbook.from_path(str(path))
        about = list(_sheet(book, "about", path.name))
    except InvalidValue:
        raise
    except Exception as error:  # calamine has a kind of error for each part of a file
        raise not_ours(path.name) from error
    facts = {str(row[0]): row[1] for row in about if len(row) > 1}
    rows = {
        str(row[0]).removeprefix("table "): {"sha256": row[1], "rows": row[2]}
        for row in about
        if len(row) > 2 and str(row[0]).startswith("table ")
    }
    sums = sums_of(rows, path.name)
    return Parcel(head_of(facts, path.name), _tables(book, path.name, sums), lambda: sums)


def _tables(book: Any, name: str, sums: Mapping[str, object]) -> Iterator[Table]:
    long = _long_texts(book, name)
    for table, known in known_columns().items():
        if table in sums:
            yield _table(book, name, table, known, long)


def _table(
    book: Any, name: str, table: str, known: Mapping[str, Column], long: Mapping[int, str]
) -> Table:
    pages = [table, *_further(book, table)]
    first = _sheet(book, pages[0], name)
    headings = [str(cell) for cell in next(first, [])]

    def reader(column: Column) -> Reader:
        return _texts(column, long) if column.kind in {"text", "json"} else typed_reader(column)

    columns = match(table, headings, known, reader)

    def read_rows() -> Iterator[Row]:
        width = len(headings)
        for page in pages:
            sheet = first if page == pages[0] else _sheet(book, page, name)
            if page != pages[0] and [str(cell) for cell in next(sheet, [])] != headings:
                raise InvalidValue(f"sheet {quoted(page)}: its headings are damaged", HINT)
            for number, cells in enumerate(sheet, 2):
                padded = [*cells, *[""] * (width - len(cells))]
                place = f"sheet {page}, row {number}"
                yield columns.row(padded, lambda place=place: place)  # type: ignore[misc]  # bound now

    return Table(table, columns.columns, read_rows())


def _further(book: Any, table: str) -> Iterator[str]:
    """The sheets on which a long table goes on."""
    for number in count(2):
        page = f"{table} ({number})"
        if page not in book.sheet_names:
            return
        yield page


def _texts(column: Column, long: Mapping[int, str]) -> Reader:
    empty = None if column.null else ""

    def read_text(cell: object) -> str | None:
        if not isinstance(cell, str):
            raise TypeError
        if cell.startswith(f"{MARK}#"):
            if int(cell[len(MARK) + 1 :]) not in long:
                raise ValueError
            cell = long[int(cell[len(MARK) + 1 :])]
        return unhold(cell) if cell else empty

    return read_text


def _long_texts(book: Any, name: str) -> dict[int, str]:
    """Texts past what a cell holds: number → its pieces joined."""
    pieces: defaultdict[int, list[str]] = defaultdict(list)
    if "long texts" in book.sheet_names:
        try:
            for row in list(_sheet(book, "long texts", name))[1:]:
                pieces[int(row[0])].append(str(row[1]))
        except (ValueError, TypeError, IndexError):
            raise not_ours(name) from None
    return {number: "".join(parts) for number, parts in pieces.items()}


def _sheet(book: Any, title: str, name: str) -> Iterator[list[Any]]:
    if title not in book.sheet_names:
        raise InvalidValue(f"{quoted(name)} has no sheet {title}", HINT)
    try:
        sheet = book.get_sheet_by_name(title)
        yield from sheet.iter_rows()
    except Exception as error:  # calamine has a kind of error for each part of a file
        raise InvalidValue(f"{quoted(name)}, sheet {title}: it is damaged", HINT) from error


def refuse_bomb(path: Path) -> None:
    """Refuse a workbook that is small on disk and would fill the memory.

    The reader makes room for every cell up to the last one, so one that claims to stand far outside
    is as bad as a gigabyte of zeros.
    """
    too_big = InvalidValue(f"{quoted(path.name)} claims to hold more than it can", HINT)
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            total = sum(entry.file_size for entry in entries)
            packed = sum(entry.compress_size for entry in entries)
            if len(entries) > MOST_FILES or total > MOST_BYTES:
                raise too_big
            if total > SMALL and total > MOST_RATIO * max(packed, 1):
                raise too_big
            for entry in entries:
                if entry.filename.startswith("xl/worksheets/") and _is_sparse(archive, entry):
                    raise too_big
    except (
        OSError,
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        EOFError,
    ) as error:
        raise not_ours(path.name) from error


def _is_sparse(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    """Whether a cell stands past column AZ, or on a row that a sheet of this size cannot reach."""
    digits = len(str(entry.file_size // LEAST_BYTES_OF_A_ROW))
    outside = re.compile(
        rb"<(?:\w+:)?(?:c|row)\s(?:[^>]*?\s)?r\s*=\s*[\"'](?!A?[A-Z]?\d{1,%d}[\"'])" % digits
    )
    rest = b""
    with archive.open(entry) as source:
        while piece := source.read(PIECE):
            seen, end, rest = (rest + piece).rpartition(b">")
            if outside.search(seen + end) or len(rest) > LONGEST_BETWEEN_TAGS:
                return True
    return False
