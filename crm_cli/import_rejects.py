"""The rows of a file that had a problem, as they were, ready to be fixed and imported again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from language.errors import Conflict, InvalidValue
from language.text import fold

if TYPE_CHECKING:
    from importers.sheet import Sheet
    from operations.import_told import Imported

LINE, PROBLEM = "crm line", "crm problem"
"""Headings of the two columns that are added; an import passes them over."""
KINDS = {"xlsx": "xlsx", "xls": "xlsx", "ods": "xlsx"}


def write_rejects(
    names: Sequence[str], sheets: Sequence[Sheet], done: Sequence[Imported], asked: str | None
) -> list[tuple[str, int]]:
    """Write what was rejected or flagged, a file for each input; gives each path and its rows.

    `asked`: the file's name, "none" for no file, None for one beside each input. An input from
    standard input has none beside it.
    """
    if asked is not None and fold(asked) == "none":
        return []
    written: list[tuple[str, int]] = []
    for name, sheet, part in zip(names, sheets, done, strict=True):
        rows = list(_rows(sheet, part))
        if not rows or (asked is None and name == "-"):
            continue
        path = _path(name, asked, many=len(names) > 1)
        target, count = _save(path, sheet, rows)
        written.append((str(target), count))
    return written


def _path(name: str, asked: str | None, *, many: bool) -> Path:
    if asked is not None:
        path = Path(asked).expanduser()
        return path.with_name(f"{path.stem}.{Path(name).stem}{path.suffix}") if many else path
    given = Path(name).expanduser()
    suffix = KINDS.get(given.suffix.lower().lstrip("."), "csv")
    stem = given.stem.removesuffix(".rejects")
    return given.with_name(f"{stem}.rejects.{suffix}")


def _rows(sheet: Sheet, part: Imported) -> Iterator[tuple[int, str, Sequence[Any]]]:
    """Line, problem and cells of each row that had one, in the order of the file."""
    problems: defaultdict[int, list[str]] = defaultdict(list)
    loose: list[tuple[int, str, Sequence[Any]]] = []
    for row in part.rejected:
        where = f"{row.column}: " if row.column else ""
        if 0 <= row.place < len(sheet.rows):
            problems[row.place].append(f"rejected: {where}{row.reason}")
        else:
            loose.append((row.line, f"rejected: {where}{row.reason}: {row.value}", []))
    for flag in part.flagged:
        if 0 <= flag.place < len(sheet.rows):
            column = flag.column or flag.field
            problems[flag.place].append(f"kept without {column} '{flag.value}': {flag.reason}")
    found = [
        (sheet.lines[place], "; ".join(texts), sheet.rows[place])
        for place, texts in problems.items()
    ]
    yield from sorted([*found, *loose], key=lambda item: item[0])


def check_rejects(asked: str | None) -> None:
    """Refuse a reject file that cannot be written, before anything is imported."""
    if asked is None or fold(asked) == "none":
        return
    path = Path(asked).expanduser()
    _form(path)
    if not path.parent.is_dir():
        raise InvalidValue(
            f"--reject-file: there is no folder '{path.parent}'", "give a file in one that is there"
        )


def _form(path: Path) -> str:
    form = path.suffix.lower().lstrip(".") or "csv"
    if form not in {"csv", "xlsx", "tsv"}:
        raise InvalidValue(f"--reject-file: '{path.name}' is neither csv nor xlsx", "name it so")
    return form


class _Heading(str):
    """A heading of the file: two that are spelt the same stay two columns."""

    __slots__ = ()
    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other


def _save(
    path: Path, sheet: Sheet, rows: Sequence[tuple[int, str, Sequence[Any]]]
) -> tuple[Path, int]:
    """Write the rows; never over another file, which may be one being mended, or the input."""
    from exporters import Column, save
    from exporters import Sheet as Table

    heads = [_Heading(header) for header in sheet.headers]
    columns = [*map(_column, heads), Column(LINE, LINE, "integer"), Column(PROBLEM, PROBLEM)]
    told = [
        {**dict(zip(heads, cells, strict=False)), LINE: line, PROBLEM: why}
        for line, why, cells in rows
    ]
    for target in _names(path):
        try:
            form = _form(path)
            return target, save(form, Table("rejects", columns, told), target, overwrite=False)
        except Conflict:
            continue
    return path, 0


def _column(heading: str) -> Any:
    from exporters import Column

    return Column(heading, heading)


def _names(path: Path) -> Iterator[Path]:
    yield path
    for number in range(2, 1_000):
        yield path.with_name(f"{path.stem}-{number}{path.suffix}")
