"""Workbooks of old Excel (.xls) and OpenDocument (.ods), read by a process of their own.

What they need cannot be measured before they are opened, so the child that opens them may only
take so much memory and time. It is this module run as a program: it gets the file as standard
input and answers with lines of JSON.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO

from importers.sheet import Cell, Sheet
from language.errors import CrmError, InvalidValue
from language.text import quoted

MOST_MEMORY = 340_000_000
MOST_SECONDS = 30


def read(file: BinaryIO, name: str, *, page: str = "") -> Sheet:
    """Read a sheet as `importers.excel.read` does. Raises InvalidValue also past the limits."""
    first, *rest = _asked(file, name, page)
    sheet = Sheet(name, first["headers"], [], first["lines"], notes=first["notes"])
    sheet.extras = {int(place): text for place, text in first["extras"].items()}
    file.seek(0)
    sheet.facts = first["facts"] | {"format": "ods" if file.read(2) == b"PK" else "xls"}
    sheet.rows = [[_cell(cell) for cell in json.loads(row)] for row in rest]
    return sheet


def pages(file: BinaryIO, name: str) -> list[str]:
    """Names of the sheets of a workbook."""
    return list(_asked(file, name, None)[0]["pages"])


def _asked(file: BinaryIO, name: str, page: str | None) -> list[Any]:
    """What the child answers: an object, then the rows still as JSON."""
    file.seek(0)
    # -I: a folder of this name in the user's current one is not ours.
    words = [sys.executable, "-I", "-m", "importers.old_excel", *([] if page is None else [page])]
    with tempfile.TemporaryFile() as copy:
        shutil.copyfileobj(file, copy)
        copy.seek(0)
        try:
            done = subprocess.run(  # noqa: S603 - our own program; the words are data to it
                words,
                stdin=copy,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=MOST_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise _too_much(name) from None
    lines = done.stdout.decode().splitlines()
    if done.returncode or not lines:
        raise _too_much(name)
    first = json.loads(lines[0])
    if "refused" in first:
        raise InvalidValue(first["refused"].replace("'stdin'", quoted(name)), first["why"])
    return [first, *lines[1:]]


def _too_much(name: str) -> InvalidValue:
    return InvalidValue(
        f"{quoted(name)} is damaged, or takes too much memory or time to read",
        "open it in a spreadsheet and save it as .xlsx",
    )


def _cell(value: Any) -> Cell:
    if not isinstance(value, dict):
        return value  # type: ignore[no-any-return]
    (kind, text), *_ = value.items()
    if kind == "number":
        return Decimal(text)
    return datetime.fromisoformat(text) if kind == "moment" else date.fromisoformat(text)


def _plain(value: Any) -> dict[str, str]:
    if isinstance(value, Decimal):
        return {"number": str(value)}
    return {"moment" if isinstance(value, datetime) else "day": value.isoformat()}


def _answer(page: str | None) -> None:
    """The child's work: read the workbook in standard input within the limits."""
    from importers.excel import open_book, read_book

    with suppress(ImportError):  # Windows has no such limits; there the clock alone decides
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    file: Any = sys.stdin.buffer
    try:
        if page is None:
            with open_book(file, "stdin") as book:
                _say({"pages": list(book.sheet_names)})
            return
        sheet = read_book(file, "stdin", page)
    except CrmError as error:
        _say({"refused": error.message, "why": error.hint})
        return
    _say(
        {
            "headers": sheet.headers,
            "lines": sheet.lines,
            "notes": sheet.notes,
            "extras": sheet.extras,
            "facts": sheet.facts,
        }
    )
    for row in sheet.rows:
        _say(row)


def _say(value: Any) -> None:
    sys.stdout.write(json.dumps(value, default=_plain) + "\n")


if __name__ == "__main__":
    _answer(sys.argv[1] if len(sys.argv) > 1 else None)
