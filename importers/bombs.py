"""What a workbook would cost, measured before a library opens it: small files can need gigabytes.

The limits of a part are those of memory: what is stored (cells, texts) and the rectangle that
holds it. A workbook past them, or with its own entities, is refused with what to do instead.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING, BinaryIO

from language.errors import InvalidValue
from language.text import quoted

if TYPE_CHECKING:
    from zipfile import ZipFile, ZipInfo

MOST_ENTRIES = 2_000
MOST_BYTES = 500_000_000
MOST_RATIO = 200
SMALL = 10_000_000
"""Up to this size any ratio will do: a sheet of few different values packs well."""
MOST_ROWS, MOST_COLUMNS = 1_048_576, 512
MOST_CELLS = 3_000_000
MOST_AREA = 10_000_000
SPARSE_AREA = 1_000_000
"""From this many cells on, a rectangle must be filled to a twentieth."""
MOST_TEXTS = 2_000_000
MOST_TEXT = 100_000_000
_CHUNK = 1 << 20
_MARKUP = 60
"""Bytes that a cell without text takes up in XML."""
_LETTERS = re.compile(rb"""\sr=["']([A-Za-z]+)\d""")
_DIGITS = re.compile(rb"""\sr=["'][A-Za-z]*(\d{1,12})""")
_STORED = (b"<v", b":v", b"<is", b":is")
_ROW_TAGS = (b"<row", b":row")
_CELL_TAGS = (b"<c ", b"<c>", b":c ", b":c>")
FAILURES = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, LookupError,
    NotImplementedError, RuntimeError, OverflowError,
)  # fmt: skip
"""What reading a damaged archive raises."""


def check_workbook(file: BinaryIO, name: str) -> int:
    """Raise InvalidValue for a file that is no workbook or would take too much memory or time.

    Returns how many cells hold an error of Excel, which calamine leaves empty.
    """
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            _check_sizes(entries, name)
            if not any(entry.filename.lower() == "xl/workbook.xml" for entry in entries):
                raise InvalidValue(f"{quoted(name)} is not an Excel workbook", "give an .xlsx file")
            return sum(_check_part(archive, entry, name) for entry in entries)
    except FAILURES as error:
        raise damaged(name, error) from None


def damaged(name: str, error: BaseException) -> InvalidValue:
    """The refusal of a workbook that cannot be read."""
    return InvalidValue(
        f"{quoted(name)} is a damaged workbook: {quoted(str(error), 80)}",
        "open it in Excel and save it again, or save the sheet as CSV",
    )


def _too_large(name: str, what: str) -> InvalidValue:
    return InvalidValue(f"{quoted(name)} is too large a workbook: {what}", "save the sheet as CSV")


def _check_sizes(entries: list[ZipInfo], name: str) -> None:
    if len(entries) > MOST_ENTRIES:
        raise _too_large(name, f"{len(entries):,} files inside, at most {MOST_ENTRIES:,}")
    total = sum(entry.file_size for entry in entries)
    if total > MOST_BYTES:
        raise _too_large(
            name, f"{total // 1_000_000:,} MB unpacked, at most {MOST_BYTES // 1_000_000}"
        )
    for entry in entries:
        if entry.file_size > max(SMALL, MOST_RATIO * entry.compress_size):
            raise _too_large(
                name, f"a part is packed to less than 1/{MOST_RATIO}, as no honest table is"
            )


def _check_part(archive: ZipFile, entry: ZipInfo, name: str) -> int:
    """Read one file of the archive as a stream and measure it, if it is XML; count its errors."""
    measured = _Measured(name)
    tail = b""
    with archive.open(entry) as stream:
        while chunk := stream.read(_CHUNK):
            if not measured.size and not _is_xml(chunk, name):
                return 0
            measured.size += len(chunk)
            data = tail + chunk
            # Only whole tags count: the last one goes on in the next piece.
            cut = max(data.rfind(b"<"), 0)
            tail = data[cut:]
            measured.add(data[:cut])
    measured.add(tail)
    return measured.errors


def _is_xml(start: bytes, name: str) -> bool:
    if start.startswith((b"\xff\xfe", b"\xfe\xff")) or start[:2] in {b"\0<", b"<\0"}:
        raise InvalidValue(
            f"{quoted(name)} holds UTF-16 inside", "open it in Excel and save it again"
        )
    return start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


class _Measured:
    """What is known of one part so far."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.size = self.errors = 0
        self._cells = self._texts = self._rows = self._last = self._widest = 0

    def add(self, data: bytes) -> None:
        """Take in a piece of whole tags. Raises InvalidValue as soon as a limit is passed."""
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
            raise InvalidValue(
                f"{quoted(self._name)} declares entities of its own, which no workbook needs",
                "open it in Excel and save it again",
            )
        self._cells += sum(map(data.count, _STORED))
        self._texts += data.count(b"<si>") + data.count(b":si>")
        self._rows += sum(map(data.count, _ROW_TAGS))
        self.errors += data.count(b't="e"')
        letters = _LETTERS.findall(data)
        widest = max(map(_column, set(letters)), default=0)
        if sum(map(data.count, _CELL_TAGS)) > len(letters):
            # Cells without a reference stand one after the other.
            pieces = data.replace(b":row", b"<row").split(b"<row")
            widest = max(widest, *(sum(map(piece.count, _CELL_TAGS)) for piece in pieces))
        self._widest = max(self._widest, widest)
        self._last = max(self._last, self._rows, *map(int, set(_DIGITS.findall(data))))
        self._check()

    def _check(self) -> None:
        area = self._last * self._widest
        if self._cells and (self._last > MOST_ROWS or self._widest > MOST_COLUMNS):
            raise _too_large(
                self._name,
                f"a cell stands in row {self._last:,}, column {self._widest:,};"
                f" at most {MOST_ROWS:,} by {MOST_COLUMNS}",
            )
        if area > MOST_AREA or (area > SPARSE_AREA and area > 20 * self._cells + SPARSE_AREA):
            raise _too_large(
                self._name,
                f"{self._cells:,} cells are spread over {self._last:,} rows"
                f" and {self._widest:,} columns",
            )
        if self._cells > MOST_CELLS:
            raise _too_large(self._name, f"a sheet has more than {MOST_CELLS:,} cells")
        if self._texts > MOST_TEXTS:
            raise _too_large(self._name, f"it holds more than {MOST_TEXTS:,} different texts")
        if self.size - _MARKUP * self._cells > MOST_TEXT:
            raise _too_large(self._name, f"more than {MOST_TEXT // 1_000_000} MB of text in a part")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters[:4].upper():
        number = number * 26 + letter - 64
    return number
