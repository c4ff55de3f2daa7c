"""One JSON document, read as a stream: the head, the tables row by row, the manifest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

from importers.everything.reading import (
    HINT,
    head_of,
    known_columns,
    match,
    not_ours,
    sums_of,
    typed_reader,
)
from language.errors import InvalidValue
from language.text import quoted
from operations.everything import Column, Parcel, Row, Table
from storage.dump import Stored, Sum

Event: TypeAlias = "tuple[str, Any]"
DEEPEST = 6


def read(path: Path) -> Parcel:
    """Open the document `path`. Its tables are to be read in order, and its sums after them."""
    stream = _Stream(path)
    head = head_of(stream.head(), path.name)
    return Parcel(head, stream.tables(), stream.sums)


class _Stream:
    """Walks through the document once; `crm`, `tables` and `manifest` come in this order."""

    def __init__(self, path: Path) -> None:
        self._name = path.name
        self._events = _events(path)
        self._sums: dict[str, Sum] = {}

    def head(self) -> dict[str, Any]:
        self._expect(("start_map", None), ("map_key", "crm"))
        facts = self._value(next(self._events))
        if not isinstance(facts, dict):
            raise not_ours(self._name)
        return facts

    def sums(self) -> dict[str, Sum]:
        return self._sums

    def tables(self) -> Iterator[Table]:
        known = known_columns()
        self._expect(("map_key", "tables"), ("start_map", None))
        while (event := next(self._events))[0] == "map_key":
            name = event[1]
            self._expect(("start_array", None))
            if name not in known:
                raise InvalidValue(f"{quoted(self._name)}: there is no table {quoted(name)}", HINT)
            yield self._table(name, known.pop(name))
        self._expect(("map_key", "manifest"))
        facts = self._value(next(self._events))
        if not isinstance(facts, dict) or not isinstance(facts.get("tables"), dict):
            raise not_ours(self._name)
        self._expect(("end_map", None))
        self._sums = sums_of(facts["tables"], self._name)

    def _table(self, name: str, known: dict[str, Column]) -> Table:
        first = self._row()
        if first is None:
            return Table(name, tuple(known.values()), ())
        names = list(first)
        columns = match(name, names, known, typed_reader)

        def read_rows() -> Iterator[Row]:
            row: dict[str, Stored] | None = first
            number = 0
            while row is not None:
                number += 1
                if len(row) != len(names) or list(row) != names:
                    raise InvalidValue(f"table {name}, row {number}: its keys differ", HINT)
                place = f"table {name}, row {number}"
                yield columns.row(list(row.values()), lambda place=place: place)  # type: ignore[misc]  # bound now
                row = self._row()

        return Table(name, columns.columns, read_rows())

    def _row(self) -> dict[str, Stored] | None:
        event, _ = next(self._events)
        if event == "end_array":
            return None
        if event != "start_map":
            raise not_ours(self._name)
        row: dict[str, Stored] = {}
        for event, value in self._events:
            if event == "map_key":
                key = value
            elif event == "end_map":
                return row
            elif event.startswith(("start", "end")):
                raise InvalidValue(f"{quoted(self._name)}: a value of {key} is a list", HINT)
            else:
                row[key] = value
        raise not_ours(self._name)

    def _expect(self, *wanted: Event) -> None:
        for one in wanted:
            if next(self._events, None) != one:
                raise not_ours(self._name)

    def _value(self, event: Event, depth: int = 0) -> Any:
        """Build a small value."""
        kind, value = event
        if depth > DEEPEST:
            raise not_ours(self._name)
        if kind == "start_map":
            found = {}
            while (key := next(self._events))[0] == "map_key":
                found[key[1]] = self._value(next(self._events), depth + 1)
            return found
        if kind == "start_array":
            items = []
            while (item := next(self._events))[0] != "end_array":
                items.append(self._value(item, depth + 1))
            return items
        return value


def _events(path: Path) -> Iterator[Event]:
    import ijson

    try:
        with path.open("rb") as source:
            yield from ijson.basic_parse(source)
    except (OSError, ijson.JSONError, UnicodeDecodeError, ValueError) as error:
        text = str(error).splitlines()[0] if str(error) else "it ends too early"
        raise InvalidValue(f"{quoted(path.name)} is damaged: {text}", HINT) from None
    # A document that ends in the middle of what is asked for never gets here.
    raise not_ours(path.name)
