"""What every format gives: headings and rows of texts, with the line each row begins on."""

from __future__ import annotations

from dataclasses import dataclass, field

from operations.import_drafts import Rejected


@dataclass(slots=True)
class Sheet:
    """A table as a file has it. Every row has as many cells as there are headings.

    `broken`: rows that do not fit the headings. `notes`: what had to be decided to read the file.
    """

    name: str
    headers: list[str]
    rows: list[list[str]]
    lines: list[int]
    broken: list[Rejected] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
