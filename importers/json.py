"""JSON and NDJSON → rows, an object at a time; a broken object costs itself only.

The standard decoder reads each object, so that duplicate keys, amounts and what stands after a
break are not lost, which a parser of the whole array cannot give.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO

from importers.encoding import find_encoding
from importers.json_rows import Rows, decoder
from importers.json_stream import Broken, Stream, why
from importers.sheet import Sheet
from language.errors import InvalidValue
from language.text import closest, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

_SNIFFED = 20


def read(file: BinaryIO, name: str, *, encoding: str = "", page: str = "") -> Sheet:
    """Read objects: of an array, of lines, of an array inside an object (`page` names which).

    Raises InvalidValue for a file that holds no object.
    """
    found = find_encoding(file, name, encoding, unicode=True)
    text = found.opened(file)
    try:
        start = text.read(1 << 16)
        lined = is_lined(start, name)
        text.detach()
        text = found.opened(file)
        facts = {"format": "ndjson" if lined else "json", "encoding": found.label}
        sheet = Sheet(name, [], [], [], notes=list(found.notes), facts=facts)
        rows = Rows(sheet)
        objects = _of_lines(text) if lined else _of_document(Stream(text), name, page, sheet)
        for place, value in objects:
            rows.add(place, value)
    finally:
        text.detach()
    rows.finish()
    if not sheet.rows:
        if sheet.broken:
            first = sheet.broken[0]
            raise InvalidValue(
                f"{quoted(name)} is not JSON: {first.reason} (line {first.line})",
                "check how the file was made",
            )
        raise InvalidValue(f"{quoted(name)} holds no objects", "give an array of objects")
    return sheet


def is_lined(start: str, name: str) -> bool:
    """Whether a text is NDJSON: an object on each line."""
    lines = [line.strip() for line in start.splitlines()[: _SNIFFED + 1] if line.strip()]
    if not lines or not lines[0].lstrip("\ufeff").startswith("{"):
        return name.lower().endswith((".ndjson", ".jsonl"))
    whole = sum(line.startswith("{") and line.endswith("}") for line in lines[:_SNIFFED])
    return (len(lines) > 1 and whole * 2 >= len(lines[:_SNIFFED])) or (
        name.lower().endswith((".ndjson", ".jsonl"))
    )


def _of_lines(lines: Any) -> Iterator[tuple[int, Any]]:
    decode = decoder().decode
    for number, line in enumerate(lines, 1):
        text = line.strip().lstrip("\ufeff").rstrip(",")
        if not text:
            continue
        try:
            value = decode(text)
        except (ValueError, RecursionError) as error:
            value = Broken(text, why(error))
        yield number, value


def _of_document(stream: Stream, name: str, page: str, sheet: Sheet) -> Iterator[tuple[int, Any]]:
    first = stream.peek()
    if first not in {"[", "{"}:
        raise InvalidValue(
            f"{quoted(name)} is not JSON: it begins with {quoted(first)}",
            "it must begin with [ or {",
        )
    line = stream.line
    stream.skip()
    if first == "[":
        yield from stream.elements(last=True)
        return
    yield from _of_object(stream, line, page, sheet)
    if stream.peek():
        # Behind a break there may be objects like those before it.
        yield from stream.elements(last=True)


def _of_object(stream: Stream, line: int, page: str, sheet: Sheet) -> Iterator[tuple[int, Any]]:
    """The objects of the list inside an object; the object itself where there is none."""
    whole: dict[str, Any] = {}
    lists: list[str] = []
    chosen = broken = False
    for key, value in stream.members():
        if isinstance(value, Broken):
            broken = True
            yield stream.line, value
        elif value is not Stream.ARRAY:
            whole[key] = value
        elif chosen or (page and key != page):
            lists.append(key)
            for _ in stream.elements():
                pass
        else:
            chosen, sheet.facts["page"] = True, key
            yield from stream.elements()
    if page and not chosen:
        near = closest(page, lists)
        hint = f"did you mean {near[0]}?" if near else f"it has: {', '.join(lists[:10])}"
        raise InvalidValue(f"{quoted(sheet.name)} has no list {quoted(page)}", hint)
    if not chosen and not broken:
        yield line, whole
    if chosen:
        beside = ", ".join(map(quoted, [*lists, *whole][:8]))
        sheet.notes.append(
            f"the list {quoted(sheet.facts['page'])} is read"
            + (f"; not read: {beside}" if beside else "")
        )
