"""Rows of a CSV text and the line each begins on; an open quotation mark costs its row only."""

from __future__ import annotations

import csv
from collections import deque
from typing import TYPE_CHECKING, Any

from language.text import shorten
from operations.import_drafts import Rejected

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_CELL = 4_000_000
_LONGEST_RECORD = 64_000_000
_MOST_READ_AGAIN = 64_000_000
_JOINED = 20
"""How many lines of a cell may come before a quotation mark that never closes."""


class _Lines:
    """The lines of a text for `csv.reader`; lines it took in vain can be given back."""

    def __init__(self, text: Iterator[str]) -> None:
        self._text = text
        self._back: deque[str] = deque()
        self.taken: list[str] = []
        self.ended = False
        self.nuls = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if self._back:
            line = self._back.popleft()
        else:
            self.ended = True
            line = next(self._text)
            if "\0" in line:
                self.nuls += 1
                line = line.replace("\0", "")
        self.ended = False
        self.taken.append(line)
        return line

    def give_back(self, lines: list[str]) -> None:
        self._back.extendleft(reversed(lines))


class Records:
    """Iterates over (line, cells) of all rows that hold anything.

    `width`: how many cells a row usually has. `first`: lines that came before. `broken`: rows
    that cannot be read, complete after the last row, as is `told()`.
    """

    def __init__(
        self, text: Iterator[str], dialect: dict[str, Any], width: int, first: int
    ) -> None:
        self._lines = _Lines(text)
        self._dialect = dialect
        self._width = width
        self._line = first
        self._read_again = 0
        self._open: list[int] = []
        self.broken: list[Rejected] = []

    def told(self) -> list[str]:
        """What had to be decided, as notes."""
        notes = []
        if self._open:
            shown = ", ".join(map(str, self._open[:5])) + (", …" if len(self._open) > 5 else "")
            notes.append(
                f"a quotation mark is opened and never closed: taken as it stands in"
                f" {len(self._open):,} {'row' if len(self._open) == 1 else 'rows'} (line {shown})"
            )
        if self._lines.nuls:
            count = self._lines.nuls
            notes.append(
                f"NUL bytes were left out of {count:,} {'line' if count == 1 else 'lines'}"
            )
        return notes

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        csv.field_size_limit(_LONGEST_RECORD)
        lines = self._lines
        taken = lines.taken
        reader = csv.reader(lines, **self._dialect)
        while True:
            taken.clear()
            cells: list[str] | None
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                cells = None
            line = self._line + 1
            if cells is None or len(taken) > 1 or lines.ended or len(taken[0]) > LONGEST_CELL:
                cells = self._mended(cells, line)
                if self._read_again > _MOST_READ_AGAIN and "quoting" not in self._dialect:
                    # Enough of looking where they close: from here on each line is a row.
                    self._dialect["quoting"] = csv.QUOTE_NONE
                    reader = csv.reader(lines, **self._dialect)
            self._line += len(taken)
            if cells and any(cells) and any(cell.strip() for cell in cells):
                yield line, cells

    def _mended(self, cells: list[str] | None, line: int) -> list[str] | None:
        """The cells of a record that is more than one plain line; None for one left out."""
        taken = self._lines.taken
        if cells is None or self._lines.ended or self._read(taken, strict=True) is None:
            cells = self._closed(cells, line)
        if cells is not None and max(map(len, cells), default=0) <= LONGEST_CELL:
            return cells
        reason = f"a cell of this row has more than {LONGEST_CELL:,} characters"
        self.broken.append(Rejected(line, "", shorten("".join(taken)[:200], 60), reason))
        return None

    def _closed(self, cells: list[str] | None, line: int) -> list[str] | None:
        """Read a record again with its open quotation mark as a letter; give back other lines."""
        taken = self._lines.taken
        fits = cells is not None and not self._lines.ended and len(cells) == self._width
        found = self._shortest(taken, any_width=not fits)
        if found is None:
            # Quoted badly, yet closed.
            return cells
        literal, count = found
        self._open.append(line)
        back = taken[count:]
        del taken[count:]
        self._lines.give_back(back)
        self._read_again += sum(map(len, back))
        return literal

    def _shortest(self, lines: list[str], *, any_width: bool) -> tuple[list[str], int] | None:
        """The fewest lines that are a row of the usual width once their quotation mark is open."""
        first = None
        for count in range(1, min(len(lines), _JOINED) + 1):
            literal = self._literal(lines[:count])
            if literal is not None and len(literal) == self._width:
                return literal, count
            first = (literal, count) if first is None and literal is not None else first
        return first if any_width else None

    def _literal(self, lines: list[str]) -> list[str] | None:
        """The cells of lines whose last cell opens with a quotation mark that is a letter."""
        text = "".join(lines)
        if self._read([text], strict=True) is not None:
            return None
        before = len(text) - len(lines[-1])
        mark = self._dialect["delimiter"]
        at = len(text)
        while (at := text.rfind('"', before, at)) >= 0:
            front = text[:at].rstrip(" ") if self._dialect["skipinitialspace"] else text[:at]
            if at != before and not front.endswith(mark):
                continue
            head = self._read([front], strict=True) if front else [""]
            if head is not None:
                return head[:-1] + text[at:].rstrip("\r\n").split(mark)
        return None

    def _read(self, lines: list[str], *, strict: bool = False) -> list[str] | None:
        try:
            return next(csv.reader(lines, strict=strict, **self._dialect), [])
        except csv.Error:
            return None
