"""Decoded JSON objects → rows: nested names are joined by dots, lists become one cell."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from importers.sheet import Cell, Sheet
from language.errors import InvalidValue
from language.lists import join_list
from language.text import quoted
from operations.import_drafts import Rejected

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_HEADINGS = 2_000
MOST_EMPTY = 50_000_000
_DEEPEST = 8
_LONGEST_NUMBER = 40
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")
_EXPONENT = re.compile(r"[eE][+-]?0*(\d+)$")


class Doubled(dict[str, Any]):
    """An object that has a key twice; `lost` are the values that were given first."""

    lost: list[str]


def decoder() -> json.JSONDecoder:
    """A decoder that keeps amounts exact and tells of duplicate keys."""
    return json.JSONDecoder(
        object_pairs_hook=_object,
        parse_float=_number,
        parse_int=_integer,
        parse_constant=str,
        strict=False,
    )


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    whole = dict(pairs)
    if len(whole) == len(pairs):
        return whole
    doubled = Doubled(whole)
    last = {key: at for at, (key, _) in enumerate(pairs)}
    doubled.lost = [f"{key}: {value}" for at, (key, value) in enumerate(pairs) if last[key] != at]
    return doubled


def _number(text: str) -> Decimal | str:
    # A number of thousands of digits is no amount, and costs minutes to compute with.
    power = _EXPONENT.search(text)
    if len(text) > _LONGEST_NUMBER or (power and (len(power[1]) > 3 or int(power[1]) > 30)):
        return text
    return Decimal(text)


def _integer(text: str) -> int | str:
    return int(text) if len(text) <= _LONGEST_NUMBER else text


class Rows:
    """Fills a sheet from objects; headings stand in the order in which they first appear."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._places: dict[str, int] = {}
        self._doubled: list[int] = []
        self._cleaned: list[int] = []
        self._crowded: list[int] = []

    def add(self, line: int, value: Any) -> None:
        """Take in an element that begins on a line: a row, or a broken one with its reason."""
        reason = getattr(value, "reason", None)
        if reason is not None:
            self._sheet.broken.append(Rejected(line, "", value.text, reason))
        elif not isinstance(value, dict):
            self._sheet.broken.append(Rejected(line, "", _compact(value), "it is not an object"))
        elif value:
            self._row(line, value)

    def finish(self) -> None:
        """Give every row a cell for every heading, and say what was decided."""
        sheet = self._sheet
        width = len(self._places)
        if sum(width - len(row) for row in sheet.rows) > MOST_EMPTY:
            raise InvalidValue(
                f"the objects of {quoted(sheet.name)} have {width:,} different keys",
                "give objects of one kind",
            )
        sheet.headers = list(self._places)
        for row in sheet.rows:
            if len(row) < width:
                row.extend([None] * (width - len(row)))
        for lines, text in (
            (self._doubled, "with a key twice: the last value counts"),
            (self._cleaned, "with characters that are no text: left out"),
            (self._crowded, f"with more than {MOST_HEADINGS:,} keys in all: the others kept aside"),
        ):
            if lines:
                count = f"{len(lines):,} {'object' if len(lines) == 1 else 'objects'}"
                sheet.notes.append(f"{count} {text} (line {lines[0]}{', …' * (len(lines) > 1)})")

    def _row(self, line: int, value: dict[str, Any]) -> None:
        places = self._places
        row: list[Cell] = [None] * len(places)
        extras: list[str] = []
        filled = set()
        if isinstance(value, Doubled):
            extras += value.lost
        for key, found in self._members("", value, 0, extras):
            cell = self._cell(found, line)
            place = places.get(key)
            if place is None:
                if len(places) >= MOST_HEADINGS:
                    extras.append(f"{key}: {cell}")
                    if not self._crowded or self._crowded[-1] != line:
                        self._crowded.append(line)
                    continue
                place = places[key] = len(places)
                row.append(None)
            if place in filled and row[place] is not None:
                extras.append(f"{key}: {row[place]}")
            filled.add(place)
            row[place] = cell
        if extras:
            if len(extras) > 0 and (not self._crowded or self._crowded[-1] != line):
                self._doubled.append(line)
            self._sheet.extras[len(self._sheet.rows)] = " | ".join(extras)
        self._sheet.rows.append(row)
        self._sheet.lines.append(line)

    def _members(
        self, prefix: str, value: dict[str, Any], depth: int, extras: list[str]
    ) -> Iterator[tuple[str, Any]]:
        for key, found in value.items():
            name = prefix + " ".join(_NO_TEXT.sub("", key).split())
            if isinstance(found, dict) and found and depth < _DEEPEST:
                if isinstance(found, Doubled):
                    extras += found.lost
                yield from self._members(f"{name}.", found, depth + 1, extras)
            else:
                yield name, found

    def _cell(self, value: Any, line: int) -> Cell:
        if isinstance(value, list):
            value = _listed(value)
        elif isinstance(value, dict):
            value = _compact(value) if value else None
        if isinstance(value, str) and _NO_TEXT.search(value):
            self._cleaned.append(line)
            return _NO_TEXT.sub("", value)
        return value  # type: ignore[no-any-return]


def _listed(values: list[Any]) -> str | None:
    """A list in one cell; a list of lists or objects as JSON."""
    if not values:
        return None
    if any(isinstance(value, list | dict) for value in values):
        return _compact(values)
    return join_list("" if value is None else _word(value) for value in values)


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _compact(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_plain)
    except RecursionError:
        return "…"


def _plain(value: Any) -> Any:
    number = float(value)
    return number if Decimal(repr(number)) == value else format(value, "f")
