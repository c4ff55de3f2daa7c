"""Small tables for tests: headings and rows as a person reads them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from importers import read_sheet
from importers.drafts import read_drafts, understand
from importers.sheet import Cell, Sheet
from language.reading import Reading
from operations.import_drafts import Batch

READING = Reading(datetime(2026, 11, 22, tzinfo=UTC), UTC, "EUR", "ES", day_first=False)


def sheet(headers: str, *rows: str | Sequence[Any], form: str = "csv") -> Sheet:
    """A table from `name|e-mail` and rows like it; a row of other cells is a list."""
    cells: list[list[Cell]] = [
        [*row.split("|")] if isinstance(row, str) else list(row) for row in rows
    ]
    lines = list(range(2, len(rows) + 2))
    return Sheet("x", headers.split("|"), cells, lines, facts={"format": form})


def csv_sheet(data: bytes, name: str = "x.csv") -> Sheet:
    """The table of a CSV file."""
    return read_sheet(io.BytesIO(data), name)


def batch(noun: str, headers: str, *rows: str | Sequence[Any], **options: Any) -> Batch:
    """What is read of such a table."""
    form = options.pop("form", "csv")
    return read_drafts(sheet(headers, *rows, form=form), noun, READING, **options)


def fields(noun: str, headers: str, *rows: str, **options: Any) -> dict[str, str]:
    """Heading → `noun.field`, or "" where it fills nothing."""
    given = rows or ("|".join(["x"] * len(headers.split("|"))),)
    found = understand(sheet(headers, *given), noun, READING, **options)
    return {one.header: f"{one.noun}.{one.field}" if one.field else "" for one in found.columns}
