"""What every format gives: headings and rows of cells, with the line each row begins on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

from operations.import_drafts import Rejected

Cell: TypeAlias = "str | int | float | Decimal | bool | date | datetime | None"
"""Text formats give `str`; a workbook and JSON give what they hold. Several values in one cell are
one text, joined by `language.lists.join_list`, each with its label in front: `home:ana@x.es`."""


@dataclass(slots=True)
class Sheet:
    """A table as a file has it. Every row has as many cells as there are headings.

    `lines`: where each row begins, from 1: the line of a text, the row of a workbook, the place of
    an object or card. `extras`: place of a row in `rows` → text of its cells beyond the headings.
    `broken`: what is no row at all, with its raw text. `notes`: what had to be decided to read the
    file. `facts`: what the file is, for `--detect` (format, encoding, delimiter, sheet, version…).
    """

    name: str
    headers: list[str]
    rows: list[list[Cell]]
    lines: list[int]
    broken: list[Rejected] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    extras: dict[int, str] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
