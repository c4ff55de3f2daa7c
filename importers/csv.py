"""CSV as it comes: any delimiter, encoding and line end, and quotation marks that never close."""

from __future__ import annotations

import contextlib
import csv
import io
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from importers.csv_lines import Records
from importers.encoding import find_encoding
from importers.sheet import Cell, Sheet
from importers.table import fill, knows
from language.errors import InvalidValue
from language.text import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_WORDS = {"tab": "\t", "\\t": "\t", "pipe": "|"} | {word: mark for mark, word in DELIMITERS.items()}
_NONE = "\x1f"
"""Stands for no delimiter in a file of one column: a character that no text holds."""
_SAMPLE = 1 << 16
_SAMPLE_ROWS = 200


def read(file: BinaryIO, name: str, *, encoding: str = "", delimiter: str = "") -> Sheet:
    """Read the table in a file. Raises InvalidValue when there is none, naming the file `name`."""
    found = find_encoding(file, name, encoding)
    text = found.opened(file)
    sample = text.read(_SAMPLE)
    text.detach()
    said = sample[:4].lower() == "sep=" and sample[5:6] in {"\r", "\n"}
    if said:
        # Excel's own way of saying which delimiter a file has.
        sample, mark = sample.partition("\n")[2] or sample.partition("\r")[2], sample[4]
    mark = _chosen(delimiter) if delimiter else mark if said else find_delimiter(sample)
    notes = list(found.notes)
    if mark not in {",", _NONE}:
        notes.append(f"columns are parted by {DELIMITERS.get(mark, mark)}")
    facts = {
        "format": "csv",
        "encoding": found.label,
        "delimiter": "none" if mark == _NONE else DELIMITERS.get(mark, mark),
    }
    sheet = Sheet(name, [], [], [], notes=notes, facts=facts)
    dialect: dict[str, Any] = {"delimiter": mark, "skipinitialspace": _spaced(sample, mark)}
    text = found.opened(file)
    try:
        if said:
            text.readline()
        records = Records(text, dialect, _width(_rows(sample, mark)), 1 if said else 0)
        fill(sheet, cast("Iterable[tuple[int, list[Cell]]]", records), "")
        sheet.notes += records.told()
        sheet.broken += records.broken
    finally:
        text.detach()
    return sheet


def _chosen(delimiter: str) -> str:
    mark = _WORDS.get(delimiter.lower(), delimiter)
    if len(mark) != 1 or mark in '"\r\n' or mark.isalnum():
        raise InvalidValue(
            f"{quoted(delimiter)} cannot part columns", "one of: comma, semicolon, tab, bar"
        )
    return mark


def find_delimiter(text: str) -> str:
    """The delimiter by which most of the first rows have equally many cells, and many of them."""
    best, best_score = _NONE if text.strip(" ,;|\t\r\n") else ",", 0.0
    for mark in DELIMITERS:
        rows = _rows(text, mark)
        width = _width(rows)
        if width < 2:
            continue
        share = sum(len(row) == width for row in rows) / len(rows)
        if (share < 0.5 and len(rows[0]) != width) or _is_prose(rows):
            continue
        score = share + min(width, 10) / 20
        if score > best_score:
            best, best_score = mark, score
    return best


def _rows(text: str, mark: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    rows: list[list[str]] = []
    # A cell as long as the sample is an error: what came before it has to do.
    with contextlib.suppress(csv.Error):
        rows.extend(
            row for row in islice(reader, _SAMPLE_ROWS) if any(cell.strip() for cell in row)
        )
    # The sample may end within a row.
    return rows[:-1] if len(text) == _SAMPLE and len(rows) > 1 else rows


def _width(rows: Sequence[Sequence[str]]) -> int:
    widths = Counter(len(row) for row in rows if len(row) > 1)
    return widths.most_common(1)[0][0] if widths else 1


def _is_prose(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a mark only stands in texts below the one heading: `name`, then `Ruiz, Ana`."""
    return len(rows[0]) == 1 and knows(rows[0]) and not any(map(knows, rows[1:10]))


def _spaced(sample: str, mark: str) -> bool:
    """Whether a space stands between a delimiter and the quotation mark of a cell."""
    return sample.count(f'{mark} "') > sample.count(f'{mark}"')
