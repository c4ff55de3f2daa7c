"""CSV as it comes: any of four delimiters, with or without BOM, UTF-8, UTF-16 or Windows-1252."""

from __future__ import annotations

import codecs
import csv
import io
from itertools import islice

from importers.sheet import Sheet
from language.errors import InvalidValue
from language.text import shorten
from operations.import_drafts import Rejected

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
SAMPLE = 200
LONGEST_CELL = 4_000_000
UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read(data: bytes, name: str) -> Sheet:
    """Read the table in `data`. Raises InvalidValue when there is none, naming the file `name`."""
    notes: list[str] = []
    text = decode(data, name, notes)
    csv.field_size_limit(LONGEST_CELL)
    start = 0
    if text[:4].lower() == "sep=" and text[5:6] in {"\r", "\n"}:
        # Excel's own way of saying which delimiter a file has.
        delimiter, start = text[4], 1
        text = text.split("\n", 1)[1] if "\n" in text else ""
    else:
        delimiter = find_delimiter(text)
    if delimiter != ",":
        notes.append(f"columns are parted by {DELIMITERS.get(delimiter, delimiter)}")
    records, lines = _records(text, name, delimiter, start)
    if not records:
        raise InvalidValue(f"'{name}' is empty", "the first line must hold the headings")
    headers = [cell.strip() for cell in records[0]]
    while headers and not headers[-1]:
        headers.pop()
    sheet = Sheet(name, headers, [], [], notes=notes)
    width = len(headers)
    for record, line in zip(records[1:], lines[1:], strict=True):
        if len(record) != width:
            extra = record[width:]
            if len(record) < width or any(cell.strip() for cell in extra):
                sheet.broken.append(_ragged(record, line, width))
                continue
            del record[width:]
        sheet.rows.append(record)
        sheet.lines.append(line)
    return sheet


def _ragged(record: list[str], line: int, width: int) -> Rejected:
    cells = "1 cell" if len(record) == 1 else f"{len(record)} cells"
    return Rejected(
        line,
        "",
        shorten(" ".join(" | ".join(record).split()), 60),
        f"{cells} where there are {width} columns",
    )


def decode(data: bytes, name: str, notes: list[str]) -> str:
    """Turn bytes into text; says in `notes` when the file is not UTF-8."""
    try:
        if data.startswith(UTF16):
            notes.append("the file is UTF-16")
            return data.decode("utf-16")
        if b"\0" in data[:4000]:
            if data[1:2] == b"\0":
                notes.append("the file is UTF-16")
                return data.decode("utf-16-le")
            raise InvalidValue(f"'{name}' is not a text file", "save it as CSV first")
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError:
            notes.append("the file is not UTF-8: read as Windows-1252")
            return data.decode("cp1252", errors="strict")
    except UnicodeDecodeError:
        raise InvalidValue(
            f"'{name}' is neither UTF-8, UTF-16 nor Windows-1252", "save it as UTF-8"
        ) from None


def find_delimiter(text: str) -> str:
    """The delimiter by which most of the first rows have as many cells as the headings."""
    best, best_score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        sample = [
            row
            for row in islice(
                csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), SAMPLE
            )
            if any(cell.strip() for cell in row)
        ]
        width = len(sample[0]) if sample else 0
        if width > 1:
            score = (sum(len(row) == width for row in sample) / len(sample), width)
            if score > best_score:
                best, best_score = delimiter, score
    return best


def _records(text: str, name: str, delimiter: str, line: int) -> tuple[list[list[str]], list[int]]:
    """All rows that hold anything, and the line each begins on."""
    records: list[list[str]] = []
    lines: list[int] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    begin = before = 0
    try:
        for record in reader:
            begin, before = before + 1, reader.line_num
            if record and any(record) and any(cell.strip() for cell in record):
                records.append(record)
                lines.append(line + begin)
    except csv.Error as error:
        raise InvalidValue(f"'{name}' line {line + before + 1}: {error}") from None
    if before > begin and _is_open(text, begin, delimiter):
        raise InvalidValue(
            f"'{name}' line {line + begin}: a quotation mark is opened and never closed",
            'close it, or write "" for a quotation mark inside a cell',
        )
    return records, lines


def _is_open(text: str, begin: int, delimiter: str) -> bool:
    """Whether the record that begins on the line `begin` runs on past the end of the file."""
    rest = io.StringIO(text, newline="")
    for _ in range(begin - 1):
        rest.readline()
    try:
        list(csv.reader(rest, delimiter=delimiter, strict=True))
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False
