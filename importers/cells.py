"""The cells of one column, each different one once, and what they say as text or as they are.

A CSV gives texts; a workbook and JSON give days, numbers, yes and no, which are not guessed at.
"""

from __future__ import annotations

import math
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from importers.sheet import Cell
from language.guard import unguard

EMPTY_WORDS = frozenset({"null", "n/a", "#n/a", "nan", "(null)", "#ref!", "#value!", "<null>"})
"""What other programs write where a date, a number or a link is empty, in lower case."""
DASHES = frozenset({"-", "--", "---", "–", "—", "?", "."})
"""What people write there."""
_ALIKE = (bool, int, float, Decimal)


@dataclass(slots=True)
class Column:
    """One column of a table.

    `cells`: in the order of the rows. `header`: as shown to people, also where it is empty.
    `guarded`: the format writes an apostrophe before what a spreadsheet would run.
    """

    place: int
    header: str
    cells: Sequence[Cell]
    guarded: bool = True

    def filled(self) -> int:
        """How many cells hold anything."""
        return len(self.cells) - self.cells.count(None) - self.cells.count("")

    def sample(self, count: int = 3) -> tuple[str, ...]:
        """A few different cells, as text."""
        found: dict[str, None] = {}
        for cell in self.cells:
            if cell is not None and cell != "":
                found[as_text(cell).strip()] = None
            if len(found) == count:
                break
        return tuple(found)

    def keys(self) -> Sequence[Any]:
        """One key a cell, equal where two cells are the same; a text is its own key."""
        kinds = set(map(type, self.cells))
        if Decimal in kinds and not all(map(_is_sound, self.cells)):
            self.cells = [cell if _is_sound(cell) else None for cell in self.cells]
        if kinds <= {str, type(None)} or len(kinds & set(_ALIKE)) < 2:
            return self.cells
        # 1, 1.0 and True are equal and yet not the same.
        return [(type(cell), cell) if isinstance(cell, _ALIKE) else cell for cell in self.cells]

    def distinct(self, known: Container[Any] = ()) -> Iterator[tuple[Any, Cell]]:
        """Every different key that is not known yet, with its value: texts are tidied."""
        for key in dict.fromkeys(self.keys()):
            if key not in known:
                yield key, self.value(key)

    def value(self, key: Any) -> Cell:
        """The cell behind a key, tidied; None for an empty one."""
        if type(key) is str:
            if key[:1] == "'" and self.guarded:
                key = unguard(key)
            return key.strip() or None
        value: Cell = key[1] if type(key) is tuple else key
        if isinstance(value, float) and not math.isfinite(value):
            return None
        return value

    def texts(self) -> list[str]:
        """The different texts of the column, tidied and without the words for nothing."""
        values = (value for _, value in self.distinct())
        return [value for value in values if isinstance(value, str) and not is_nothing(value)]


def _is_sound(cell: Cell) -> bool:
    """Whether a cell is anything but a decimal that is no number, which nothing can compare."""
    return not isinstance(cell, Decimal) or cell.is_finite()


def is_plain(key: Any) -> bool:
    """Whether a cell is a text that needs no tidying and says something: nearly all are."""
    return (
        type(key) is str
        and key.isascii()
        and key.isprintable()
        and key[:1] not in " '"
        and key[-1] != " "
        and len(key) < 500
        and not (len(key) < 9 and is_nothing(key))
    )


def is_nothing(text: str) -> bool:
    """Whether a text stands where nothing is known: `n/a`, `-`, `null`."""
    return len(text) < 9 and (text in DASHES or text.lower() in EMPTY_WORDS)


def as_text(value: Cell) -> str:
    """A cell as a person would type it: whole numbers without decimals, days as 2026-11-22."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int):
        return str(value)
    number = as_number(value)
    return "" if number is None else format(number, "f")


def as_number(value: Cell) -> Decimal | None:
    """A number as a spreadsheet shows it, or None for what is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    # Beyond 15 digits a float holds only the error of its arithmetic.
    number = Decimal(f"{value:.15g}") if isinstance(value, float) else Decimal(value)
    if not number.is_finite():
        return None
    whole = number.to_integral_value() if number.adjusted() < 40 else number
    return whole if whole == number else number.normalize()
