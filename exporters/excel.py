r"""Excel workbooks with typed cells: real dates and numbers, and text that is never a formula.

Keys stand on top, as in CSV, so that a sheet imports back. Control characters that XML cannot
hold are written as Excel writes them (`_x001B_`); Excel shows and returns the original, but
openpyxl hands over the escape, so readers must pass text through `unescape`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sized
from datetime import date, datetime
from decimal import Decimal
from itertools import count as numbers
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from exporters.cells import in_utc, is_text, plain
from language.errors import InvalidValue
from language.guard import is_live
from language.text import display_width, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from exporters.sheet import Column, Sheet, Value

MOST_ROWS = 1_048_575
MOST_COLUMNS = 16_384
LONGEST_TEXT = 32_767  # in UTF-16 units, as Excel counts
LONGEST_TITLE = 31

_EXACT_INTEGER = 2**53
_FIRST_YEAR = 1900
_MEASURED_ROWS = 100
_NARROWEST, _WIDEST = 6, 60
_FILTER_ARROW = 3

_NUMBER_FORMATS = {
    "money": "#,##0.00",
    "integer": "0",
    "day": "yyyy-mm-dd",
    "moment": 'yyyy-mm-dd hh:mm:ss "UTC"',
}
_FORBIDDEN_IN_TITLE = re.compile(r"[\[\]:*?/\\]")

_CONTROL = "\x00-\x08\x0b-\x1f\ufffe\uffff"
# Also before a control character: its own escape begins with the underscore that would complete
# this one.
_LOOKS_ESCAPED = re.compile(f"_(?=x[0-9a-fA-F]{{4}}[_{_CONTROL}])")
_ILLEGAL = re.compile(f"[{_CONTROL}]")
_ESCAPED = re.compile("_x([0-9a-fA-F]{4})_")


def write(sheet: Sheet, out: BinaryIO) -> int:
    """Write `sheet` as a workbook of one sheet and return the rows written."""
    return write_book([sheet], out)


def write_book(sheets: Iterable[Sheet], out: BinaryIO) -> int:
    """Write a workbook with a tab for each of `sheets` and return the rows of all of them.

    Rows are streamed through a private temporary folder, and `out` gets nothing before the book
    is complete. Raises InvalidValue for text, rows or columns past what Excel can hold, rather
    than cutting them.
    """
    import shutil
    import tempfile

    from xlsxwriter import Workbook  # type: ignore[import-untyped, unused-ignore]
    from xlsxwriter.exceptions import (  # type: ignore[import-untyped, unused-ignore]
        FileCreateError,
        FileSizeError,
    )

    written = 0
    titles: set[str] = set()
    # XlsxWriter leaves its files behind when a row fails, and they hold customers' data.
    with tempfile.TemporaryDirectory(prefix="crm-xlsx-") as folder:
        finished = Path(folder, "book.xlsx")
        book: Any = Workbook(
            str(finished),
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "tmpdir": folder,
            },
        )
        try:
            for sheet in sheets:
                title = _title(sheet.title, titles)
                written += _Page(book, title, sheet).write()
            if not titles:
                book.add_worksheet("Sheet")
            book.close()
        except FileCreateError as error:
            raise error.__context__ or error from None
        except FileSizeError as error:
            raise InvalidValue("the workbook is past 4 GB", "use --format csv") from error
        finally:
            for page in book.worksheets():
                if page.row_data_fh is not None:
                    page.row_data_fh.close()
        with finished.open("rb") as source:
            shutil.copyfileobj(source, out)
    return written


def escape(text: str) -> str:
    """Return `text` as XML can hold it, control characters as `_xHHHH_`."""
    text = _LOOKS_ESCAPED.sub("_x005F_", text)
    return _ILLEGAL.sub(lambda found: f"_x{ord(found.group()):04X}_", text)


def unescape(text: str) -> str:
    """Return what `escape` was given, as Excel does on reading a cell."""
    return _ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), text)


class _Page:
    """One sheet on its way into a workbook."""

    def __init__(self, book: Any, title: str, sheet: Sheet) -> None:
        self._sheet = sheet
        self._title = title
        self._columns: list[Column] = list(sheet.columns)
        if len(self._columns) > MOST_COLUMNS:
            raise self._too_big("columns", MOST_COLUMNS)
        if isinstance(sheet.rows, Sized) and len(sheet.rows) > MOST_ROWS:
            raise self._too_big("rows", MOST_ROWS)
        self._page = _harmless(book.add_worksheet(title))
        self._bold = book.add_format({"bold": True})
        # Without the mark, editing the cell and pressing Enter would bring the formula to life.
        self._quoted = book.add_format({"quote_prefix": True})
        self._formats = {
            kind: book.add_format({"num_format": shape}) for kind, shape in _NUMBER_FORMATS.items()
        }
        self._book = book
        self._widths = [display_width(each.key) + _FILTER_ARROW for each in self._columns]

    def write(self) -> int:
        for at, column in enumerate(self._columns):
            self._text(0, at, column.key, self._bold)
        written = 0
        for line, row in self._numbered():
            for at, column in enumerate(self._columns):
                value = row.get(column.key)
                if value is not None:
                    kind = column.kind
                    if column.currency:
                        kind = self._kind_of_money(row.get(column.currency))
                    self._cell(line, at, value, kind)
            written = line
        self._dress(written)
        return written

    def _numbered(self) -> Iterator[tuple[int, Any]]:
        for line, row in zip(numbers(1), self._sheet.rows, strict=False):
            if line > MOST_ROWS:
                raise self._too_big("rows", MOST_ROWS)
            yield line, row

    def _kind_of_money(self, currency: Value) -> str:
        """Return the name of the format of amounts in `currency`, made at its first need."""
        from language.currencies import CURRENCIES, exponent

        if not isinstance(currency, str) or currency not in CURRENCIES:
            return "money"
        if currency not in self._formats:
            decimals = "0" * exponent(currency)
            shape = f"#,##0{'.' if decimals else ''}{decimals} [${currency}]"
            self._formats[currency] = self._book.add_format({"num_format": shape})
        return currency

    def _cell(self, line: int, at: int, value: Value, kind: str) -> None:
        if line <= _MEASURED_ROWS:
            self._measure(at, plain(value, kind), kind)
        if isinstance(value, int):
            if isinstance(value, bool) or kind == "flag":
                self._page.write_boolean(line, at, bool(value))
                return
            if abs(value) < _EXACT_INTEGER:
                self._page.write_number(line, at, value, self._formats.get(kind))
                return
        elif isinstance(value, (float, Decimal)):
            if _fits_a_double(value):
                self._page.write_number(line, at, float(value), self._formats.get(kind))
                return
        elif isinstance(value, date) and value.year >= _FIRST_YEAR:
            self._date(line, at, value)
            return
        text = plain(value, kind)
        self._text(line, at, text, self._quoted if is_text(value) and is_live(text) else None)

    def _date(self, line: int, at: int, value: date) -> None:
        if isinstance(value, datetime):
            naive = in_utc(value).replace(tzinfo=None)
            self._page.write_datetime(line, at, naive, self._formats["moment"])
        else:
            self._page.write_datetime(line, at, value, self._formats["day"])

    def _text(self, line: int, at: int, text: str, style: Any) -> None:
        if _units(text) > LONGEST_TEXT:
            where = (
                f"row {line}, column {quoted(self._columns[at].key)}"
                if line
                else f"heading {at + 1}"
            )
            raise InvalidValue(
                f"{where} of sheet {quoted(self._title)} holds {_units(text):,} characters; "
                f"Excel holds {LONGEST_TEXT:,} in a cell",
                "use --format csv",
            )
        self._page.write_string(line, at, text, style)

    def _measure(self, at: int, text: str, kind: str) -> None:
        # Excel adds thousands marks, currencies and the word UTC, which the plain text lacks.
        extra = {"money": len(text) // 3 + 1, "moment": 4}.get(kind, 1)
        if kind not in _NUMBER_FORMATS and kind in self._formats:
            extra = len(text) // 3 + 5
        longest = max((display_width(part) for part in text.splitlines()), default=0)
        self._widths[at] = max(self._widths[at], longest + extra)

    def _dress(self, written: int) -> None:
        if not self._columns:
            return
        self._page.freeze_panes(1, 0)
        self._page.autofilter(0, 0, written, len(self._columns) - 1)
        for at, width in enumerate(self._widths):
            self._page.set_column(at, at, min(max(width, _NARROWEST), _WIDEST))

    def _too_big(self, what: str, most: int) -> InvalidValue:
        return InvalidValue(
            f"sheet {quoted(self._title)} has more than the {most:,} {what} Excel can hold",
            "narrow it with --filter, or use --format csv",
        )


def _harmless(page: Any) -> Any:
    """Return `page` writing text as text only.

    XlsxWriter takes any text from `<r>` to `</r>` for its own rich text and copies it into the
    file as XML, formulas included; and its escape of `_x0041_x0042_` does not read back.
    """

    def as_text(text: str, attributes: Any = ()) -> None:
        page._xml_inline_string(text, True, attributes)  # noqa: FBT003, SLF001 - their signature

    def escaped(data: Any) -> Any:
        return escape(data) if isinstance(data, str) else data

    page._xml_rich_inline_string = as_text  # noqa: SLF001 - no public way to switch it off
    page._escape_control_characters = escaped  # noqa: SLF001
    return page


def _fits_a_double(value: float | Decimal) -> bool:
    """Say whether the 16 digits of a number in a workbook bring `value` back exactly."""
    if isinstance(value, float):
        return math.isfinite(value)
    if not value.is_finite():
        return False
    double = float(value)
    return Decimal(repr(double)) == value and float(f"{double:.16G}") == double


def _units(text: str) -> int:
    return len(text) + sum(char > "\uffff" for char in text)


def _title(wanted: str, taken: set[str]) -> str:
    """Return a tab name Excel accepts and no other tab has, and note it in `taken`."""
    clean = "".join(char for char in wanted if char.isprintable() and char <= "\uffff")
    clean = " ".join(_FORBIDDEN_IN_TITLE.sub(" ", clean).split()).strip("' ") or "Sheet"
    if clean.casefold() == "history":  # Excel keeps this name to itself
        clean += " list"
    for number in numbers(1):
        tail = f" ({number})" if number > 1 else ""
        name = clean[: LONGEST_TITLE - len(tail)].rstrip("' ") + tail
        if name.casefold() not in taken:
            break
    taken.add(name.casefold())
    return name
