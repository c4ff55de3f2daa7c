"""A whole database → a folder of CSV files, a workbook, or one JSON document.

`importers.everything` reads them back exactly. All are streamed, and in their place whole or not
at all. What comes to each table (rows, SHA-256) is written last, as the manifest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from exporters import excel
from exporters.atomic import explained, place_folder, write_file
from exporters.json import one_line
from exporters.sheet import Column, Row, Sheet, Value
from language.errors import InvalidValue
from language.guard import guard
from language.held import MARK, hold
from language.text import quoted
from storage.dump import hash_of

if TYPE_CHECKING:
    from operations.everything import Parcel, Table
    from operations.everything import Row as StoredRow

MANIFEST = "manifest.json"
FILES = "files"
ABOUT = "about"
LONG = "long texts"
PIECE = 30_000  # of a text past what a cell of a workbook holds
ROWS_OF_A_PAGE = 1_000_000
_FIRST_DAY = "1900-03-01"  # before it, Excel counts a day that never was


def manifest(parcel: Parcel, missing: list[str] | None = None) -> dict[str, Any]:
    """What says whether an export is whole. Complete after all tables were read."""
    sums = parcel.sums()
    return {
        "crm": asdict(parcel.head),
        "hash": hash_of(sums),
        "tables": {name: asdict(each) for name, each in sums.items()},
        "files": {"count": len(parcel.files), "missing": missing or []},
    }


# A folder


def write_folder(parcel: Parcel, path: Path, copy: Callable[[str, Path], bool]) -> list[str]:
    """Write a CSV file for each table, the attached files, and the manifest.

    `copy(sha256, target)` puts one attached file in its place and says whether it could. Gives the
    SHA-256 of those that it could not. Raises as `atomic.place_folder`.
    """
    with place_folder(path, _is_ours) as folder, explained(str(path)):
        for table in parcel.tables:
            with (folder / f"{table.name}.csv").open("wb") as out:
                _write_csv(table, out)
        missing = []
        for sha256 in parcel.files:
            target = folder / FILES / sha256[:2] / sha256[2:]
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not copy(sha256, target):
                missing.append(sha256)
        from exporters.json import dumps

        (folder / MANIFEST).write_text(dumps(manifest(parcel, missing)) + "\n", "utf-8")
    return missing


def _is_ours(folder: Path) -> bool:
    """Whether a folder holds an earlier export and nothing else, so that it may be replaced."""
    names = {entry.name for entry in folder.iterdir()}
    strange = {name for name in names if not name.endswith(".csv")} - {MANIFEST, FILES}
    return not names or (MANIFEST in names and not strange)


def _write_csv(table: Table, out: BinaryIO) -> None:
    import csv
    import io

    cells = [_csv_cell(column.kind, null=column.null) for column in table.columns]
    with io.TextIOWrapper(out, "utf-8", newline="", write_through=False) as text:
        writer = csv.writer(text)
        writer.writerow([column.name for column in table.columns])
        writer.writerows(
            [cell(value) for cell, value in zip(cells, row, strict=True)] for row in table.rows
        )
        text.flush()


def _csv_cell(kind: str, *, null: bool) -> Callable[[Any], str]:
    def text(value: str | None) -> str:
        if not value:
            return "" if value is None or not null else f'{MARK}""'
        return guard(hold(value))

    def flag(value: int | None) -> str:
        return "" if value is None else ("yes" if value else "no")

    def plain(value: object) -> str:
        return "" if value is None else str(value)

    if kind in {"text", "json"}:
        return text
    return flag if kind == "flag" else plain


# A workbook


def write_book(parcel: Parcel, path: str) -> None:
    """Write a workbook with a sheet for each table, and one that says whether it is whole."""
    write_file(path, lambda out: excel.write_book(_sheets(parcel), out))


def _sheets(parcel: Parcel) -> Iterator[Sheet]:
    long: list[str] = []
    for table in parcel.tables:
        columns = [
            Column(each.name, each.name, _SHEET_KINDS.get(each.kind, "text"), each.currency)
            for each in table.columns
        ]
        cells = [_book_cell(each.kind, long, null=each.null) for each in table.columns]
        names = [each.name for each in table.columns]
        rows = iter(table.rows)
        # The first page also of an empty table; a table of many rows goes on, on further pages.
        page: Iterator[StoredRow] = islice(rows, ROWS_OF_A_PAGE)
        yield Sheet(table.name, columns, _book_rows(names, cells, page))
        while (first := next(rows, None)) is not None:
            page = chain([first], islice(rows, ROWS_OF_A_PAGE - 1))
            yield Sheet(table.name, columns, _book_rows(names, cells, page))
    if long:
        pieces: Iterator[Row] = (
            {"number": number, "text": text[start : start + PIECE]}
            for number, text in enumerate(long, 1)
            for start in range(0, len(text), PIECE)
        )
        yield Sheet(LONG, [Column("number", "number", "integer"), Column("text", "text")], pieces)
    facts = manifest(parcel)
    about: list[Row] = [{"about": key, "value": str(value)} for key, value in facts["crm"].items()]
    about.append({"about": "hash", "value": facts["hash"]})
    for name, each in facts["tables"].items():
        about.append({"about": f"table {name}", "value": each["sha256"], "rows": each["rows"]})
    columns = [Column("about", ""), Column("value", ""), Column("rows", "", "integer")]
    yield Sheet(ABOUT, columns, about)


_SHEET_KINDS = {"integer": "integer", "flag": "flag", "day": "day", "moment": "moment",
                "money": "money"}  # fmt: skip


def _book_rows(
    names: list[str], cells: list[Callable[[Any], Value]], rows: Iterator[StoredRow]
) -> Iterator[Row]:
    for row in rows:
        yield {
            name: cell(value)
            for name, cell, value in zip(names, cells, row, strict=True)
            if value is not None
        }


def _book_cell(kind: str, long: list[str], *, null: bool) -> Callable[[Any], Value]:
    def text(value: str) -> Value:
        if not value and not null:
            return None
        held = hold(value)
        if len(held) > PIECE:
            long.append(held)
            return f"{MARK}#{len(long)}"
        return held

    if kind in {"text", "json"}:
        return text
    converted: dict[str, Callable[[Any], Value]] = {"flag": bool, "day": _day, "moment": _moment}
    return converted.get(kind, _as_it_is)


def _as_it_is(value: int | Decimal) -> Value:
    return value


def _day(value: str) -> date | str:
    return date.fromisoformat(value) if value >= _FIRST_DAY else value


def _moment(value: str) -> datetime | str:
    """A date of Excel where it keeps the moment exactly, which is to the millisecond."""
    exact = value >= _FIRST_DAY and value.endswith("000Z")
    return datetime.fromisoformat(value) if exact else value


# One document


def write_document(parcel: Parcel, path: str) -> None:
    """Write one JSON document: what it is, every table as an array of objects, the manifest."""
    write_file(path, lambda out: _write_json(parcel, out))


def _write_json(parcel: Parcel, out: BinaryIO) -> None:
    out.write(f'{{"crm": {one_line(asdict(parcel.head))},\n"tables": {{'.encode())
    for number, table in enumerate(parcel.tables):
        out.write(f'{"," if number else ""}\n"{table.name}": ['.encode())
        separator = "\n"
        for row in table.rows:
            out.write(f"{separator}{one_line(_object(table, row))}".encode())
            separator = ",\n"
        out.write(b"]")
    out.write(f'\n}},\n"manifest": {one_line(manifest(parcel))}}}\n'.encode())


def _object(table: Table, row: StoredRow) -> Mapping[str, object]:
    found: dict[str, object] = {}
    for column, value in zip(table.columns, row, strict=True):
        if column.kind == "flag" and value is not None:
            found[column.name] = bool(value)
        else:
            found[column.name] = str(value) if isinstance(value, Decimal) else value
    return found


def write(parcel: Parcel, place: str, copy: Callable[[str, Path], bool]) -> list[str]:
    """Write a parcel to a folder or, by its name, to a workbook or a JSON document.

    Gives the SHA-256 of attached files that are not in it: all of them in one file. Raises
    InvalidValue for another kind of file, and as `atomic`.
    """
    match form_of(place):
        case "xlsx":
            write_book(parcel, place)
        case "json":
            write_document(parcel, place)
        case _:
            return write_folder(parcel, Path(place), copy)
    return list(parcel.files)


def form_of(place: str) -> str:
    """What an export is, by the name of its place: xlsx, json or folder."""
    if place.endswith("/") or Path(place).is_dir():
        return "folder"
    suffix = Path(place).suffix.lower().removeprefix(".")
    if suffix in {"xlsx", "json"}:
        return suffix
    if suffix:
        raise InvalidValue(
            f"{quoted(place, 200)}: everything goes into a folder, a .xlsx or a .json file",
            "name one of these; a folder ends with /",
        )
    return "folder"
