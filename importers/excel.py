"""Excel workbooks, through python-calamine: numbers, dates and flags stay what they are.

calamine reads a sheet whole, so what a workbook would need is measured first (`importers.bombs`).
It gives the stored result of a formula, an error of Excel as nothing, and undoes `_x001B_`.
"""

from __future__ import annotations

import re
import zipfile
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, BinaryIO

from importers.bombs import FAILURES, check_workbook, damaged
from importers.sheet import Cell, Sheet
from importers.table import fill
from language.errors import InvalidValue
from language.text import closest, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from python_calamine import CalamineSheet, CalamineWorkbook

_LOOKED_AT = 50
_MOST = 1e30
_UTC = re.compile(rb'formatCode="[^"]*&quot;UTC&quot;')


def read(file: BinaryIO, name: str, *, page: str = "") -> Sheet:
    """Read a sheet of a workbook: `page` by name or number, else the first that has a table.

    Raises InvalidValue for a workbook that is encrypted, damaged, too large or empty.
    """
    errors = check_workbook(file, name)
    sheet = read_book(file, name, page)
    if errors:
        count = f"{errors:,} {'cell' if errors == 1 else 'cells'}"
        sheet.notes.append(f"{count} of the workbook hold an error such as #N/A: read as empty")
    if _says_utc(file):
        # Midnight comes as a day; our own exports have moments there.
        _with_zone(sheet)
    return sheet


def read_book(file: BinaryIO, name: str, page: str) -> Sheet:
    """Read a sheet of a workbook that was checked, of any kind that calamine knows."""
    with open_book(file, name) as book:
        titles = list(book.sheet_names)
        if page:
            return _filled(book, name, titles[_place(titles, page, name)])
        return _first_filled(book, name, titles)


def pages(file: BinaryIO, name: str) -> list[str]:
    """Names of the sheets of a workbook."""
    check_workbook(file, name)
    with open_book(file, name) as book:
        return list(book.sheet_names)


@contextmanager
def open_book(file: BinaryIO, name: str) -> Iterator[CalamineWorkbook]:
    """A workbook, with the failures of calamine as refusals."""
    from python_calamine import CalamineError, PasswordError, load_workbook

    file.seek(0)
    try:
        with load_workbook(file) as book:
            yield book
    except PasswordError:
        raise locked(name) from None
    except CalamineError as error:
        raise damaged(name, error) from None
    except BaseException as error:
        # What Rust calls a panic is no Exception, and its class cannot be imported.
        if type(error).__name__ == "PanicException":
            raise damaged(name, error) from None
        raise


def locked(name: str) -> InvalidValue:
    """The refusal of a workbook with a password."""
    return InvalidValue(
        f"{quoted(name)} is locked with a password", "open it in Excel and save it without one"
    )


def _place(titles: list[str], page: str, name: str) -> int:
    if page in titles:
        return titles.index(page)
    folded = [title.casefold() for title in titles]
    if page.casefold() in folded:
        return folded.index(page.casefold())
    if page.isascii() and page.isdigit() and 0 < int(page[:6]) <= len(titles):
        return int(page) - 1
    near = closest(page, titles)
    names = ", ".join(quoted(title) for title in titles[:10])
    raise InvalidValue(
        f"{quoted(name)} has no sheet {quoted(page)}",
        f"did you mean {quoted(near[0])}?" if near else f"its sheets: {names}",
    )


def _first_filled(book: CalamineWorkbook, name: str, titles: list[str]) -> Sheet:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    looks = {
        meta.name: (meta.typ is SheetTypeEnum.WorkSheet, meta.visible is SheetVisibleEnum.Visible)
        for meta in book.sheets_metadata
    }
    tables = [title for title in titles if looks.get(title, (True, True))[0]]
    tables.sort(key=lambda title: not looks.get(title, (True, True))[1])
    only_headings = None
    for title in tables[:_LOOKED_AT]:
        try:
            sheet = _filled(book, name, title)
        except InvalidValue:
            continue
        if sheet.rows:
            break
        only_headings = only_headings or sheet
    else:
        if only_headings is None:
            raise InvalidValue(f"{quoted(name)} is empty", "the first row must hold the headings")
        sheet = only_headings
    others = [title for title in titles if title != sheet.facts["sheet"]]
    if others:
        shown = ", ".join(quoted(title) for title in others[:8])
        sheet.notes.insert(0, f"sheet {quoted(sheet.facts['sheet'])} is read; not read: {shown}")
    return sheet


def _filled(book: CalamineWorkbook, name: str, title: str) -> Sheet:
    sheet = Sheet(name, [], [], [], facts={"format": "xlsx", "sheet": title})
    fill(sheet, _records(book.get_sheet_by_name(title)), None)
    return sheet


def _records(page: CalamineSheet) -> Iterator[tuple[int, list[Cell]]]:
    """The rows that hold anything, by their number in Excel."""
    if page.start is None:
        return
    kinds = _KINDS
    for line, row in enumerate(page.iter_rows(), 1):
        cells = [(cell or None) if type(cell) is str else kinds[type(cell)](cell) for cell in row]
        if any(cell is not None and (type(cell) is not str or cell.strip()) for cell in cells):
            yield line, cells


def _number(value: float) -> Cell:
    if value.is_integer() and abs(value) < _MOST:
        return int(value)
    # The shortest digits that name the double are those that Excel shows.
    return Decimal(repr(value))


def _moment(value: datetime) -> Cell:
    # A serial number of Excel has some microseconds too many or too few.
    if not value.microsecond:
        return value
    near = value + timedelta(microseconds=500)
    return near.replace(microsecond=near.microsecond // 1000 * 1000)


def _clock(value: time) -> Cell:
    return value.isoformat("seconds" if value.second else "minutes")


def _duration(value: timedelta) -> Cell:
    minutes, seconds = divmod(round(value.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if seconds else f"{hours}:{minutes:02}"


def _same(value: Any) -> Cell:
    return value  # type: ignore[no-any-return]


_KINDS: dict[type, Callable[[Any], Cell]] = {
    float: _number,
    int: _same,
    bool: _same,
    date: _same,
    datetime: _moment,
    time: _clock,
    timedelta: _duration,
}


def _says_utc(file: BinaryIO) -> bool:
    """Whether moments are written as our own exports write them: `10:42:00 UTC`."""
    try:
        file.seek(0)
        with zipfile.ZipFile(file) as archive, archive.open("xl/styles.xml") as styles:
            return _UTC.search(styles.read(1 << 20)) is not None
    except FAILURES:
        return False


def _with_zone(sheet: Sheet) -> None:
    for place in range(len(sheet.headers)):
        if not any(isinstance(row[place], datetime) for row in sheet.rows):
            continue
        for row in sheet.rows:
            value = row[place]
            if isinstance(value, datetime):
                # A day without a clock is a day, whatever stands in the rows beside it.
                clock = value.time() != time()
                row[place] = value.replace(tzinfo=UTC) if clock else value.date()
