"""What the three forms share: the head and the sums of an export, and a row's values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias

from language.errors import InvalidValue, Refused
from language.guard import unguard
from language.held import unhold
from language.text import quoted
from operations.everything import FORMAT, Column, Head, exported_tables, stored_columns
from storage.dump import Stored, Sum
from storage.migrate import VERSION

HINT = "export again, or bring in exports of single nouns (crm export contacts)"
Reader: TypeAlias = Callable[[Any], Stored]
FLAGS = {"yes": 1, "no": 0, "1": 1, "0": 0, "true": 1, "false": 0}


def known_columns() -> dict[str, dict[str, Column]]:
    """Table → column name → column, of all that can come back."""
    return {
        table.name: {column.name: column for column in stored_columns(table)}
        for table in exported_tables()
    }


def head_of(facts: Mapping[str, Any], name: str) -> Head:
    """Read what an export says about itself; texts stand for numbers in a workbook."""
    try:
        head = Head(
            str(facts["made_at"]), int(facts["last_command"]), str(facts["last_uid"]),
            int(facts["schema"]), int(facts["format"]),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError):
        raise not_ours(name) from None
    if head.format > FORMAT or head.schema > VERSION:
        raise Refused(
            f"{quoted(name)} was written by a newer crm (schema {head.schema}, this one knows"
            f" {VERSION})",
            "upgrade crm",
        )
    if not 0 <= head.last_command < 2**60:
        raise not_ours(name)
    return head


def sums_of(facts: Mapping[str, Any], name: str) -> dict[str, Sum]:
    """Read what each table should come to."""
    try:
        return {
            str(table): Sum(int(each["rows"]), str(each["sha256"])) for table, each in facts.items()
        }
    except (AttributeError, KeyError, TypeError, ValueError):
        raise not_ours(name) from None


def not_ours(name: str) -> InvalidValue:
    """Say that a file is no export of everything."""
    return InvalidValue(
        f"{quoted(name)} is not an export of everything, or it is damaged",
        "give what crm export all wrote",
    )


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table as a file has them: where each stored one stands, and its reader."""

    table: str
    columns: tuple[Column, ...]
    places: tuple[int, ...]
    readers: tuple[Reader, ...]

    def row(self, cells: Any, where: Callable[[], str]) -> list[Stored]:
        """Read one row; `where` says which, for a refusal."""
        values = []
        try:
            for place, reader in zip(self.places, self.readers, strict=True):
                values.append(reader(cells[place]))
        except (ValueError, TypeError, OverflowError):
            column = self.columns[len(values)]
            raise InvalidValue(
                f"{where()}, column {column.name}: {quoted(str(cells[place]))} is no {column.kind}",
                HINT,
            ) from None
        return values


def match(
    table: str, names: list[str], known: Mapping[str, Column], reader: Callable[[Column], Reader]
) -> Columns:
    """Find the stored columns among the headings of a file."""
    found = [(at, known[name]) for at, name in enumerate(names) if name in known]
    if len({column.name for _, column in found}) < len(found) or "id" not in names:
        raise InvalidValue(f"table {table}: its headings are damaged", HINT)
    return Columns(
        table,
        tuple(column for _, column in found),
        tuple(at for at, _ in found),
        tuple(reader(column) for _, column in found),
    )


def text_reader(column: Column) -> Reader:
    """How a cell of text becomes the stored value of a column."""
    if column.kind in {"text", "json"}:
        empty = None if column.null else ""
        return lambda cell: unhold(unguard(cell)) if cell else empty
    if column.kind == "flag":
        return lambda cell: FLAGS[cell.lower()] if cell in FLAGS else _no(cell)
    if column.kind == "integer":
        return lambda cell: int(cell) if cell else None
    return lambda cell: cell or None


def typed_reader(column: Column) -> Reader:
    """How a typed cell (of a workbook or of JSON) becomes the stored value of a column."""
    return {"flag": _flag, "integer": _integer, "day": _day, "moment": _moment}.get(
        column.kind, _text
    )


def _no(cell: object) -> Stored:
    if cell in ("", None):
        return None
    raise ValueError(cell)


def _flag(cell: object) -> Stored:
    return int(cell) if isinstance(cell, bool) else _no(cell)


def _integer(cell: object) -> Stored:
    if isinstance(cell, bool):
        raise TypeError
    if isinstance(cell, float) and cell.is_integer() and abs(cell) <= 2**53:
        return int(cell)
    if isinstance(cell, str) and cell:
        return int(cell)
    return cell if isinstance(cell, int) else _no(cell)


def _text(cell: object) -> Stored:
    return cell if isinstance(cell, str) else _no(cell)


def _day(cell: object) -> Stored:
    if isinstance(cell, date) and not isinstance(cell, datetime):
        return cell.isoformat()
    return cell if isinstance(cell, str) and cell else _no(cell)


def _moment(cell: object) -> Stored:
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="microseconds") + "Z"
    if isinstance(cell, date):  # midnight, as a workbook gives it
        return f"{cell.isoformat()}T00:00:00.000000Z"
    return cell if isinstance(cell, str) and cell else _no(cell)
