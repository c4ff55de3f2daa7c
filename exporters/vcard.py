"""vCard 3.0, the version that every address book reads: one card a contact.

A card has name, company, job title, ways to be reached with their labels (the first of a kind is
preferred), birthday and anniversaries, tags as CATEGORIES, note and unique id. It has no place for
the owner, hobbies, groups or fields of your own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO

from language.reading import split_label
from language.text import safe

if TYPE_CHECKING:
    from exporters.sheet import Row, Sheet, Value

# Apple's way of saying that the year is not known; 3.0 itself has none.
NO_YEAR = "1604"
TYPES = {"mobile": "CELL"}
Line = tuple[str, dict[str, Any], Any]


def write(sheet: Sheet, out: BinaryIO) -> int:
    """Write each row as a card and return the rows written.

    Rows have the fields of a contact as keys; control characters, which a card cannot hold, are
    written as visible escapes.
    """
    from icalendar.parser import Contentline, Contentlines, Parameters

    count = 0
    for row in sheet.rows:
        lines = [
            Contentline.from_parts(name, Parameters(given), value)
            for name, given, value in _card(row)
        ]
        out.write(Contentlines(lines).to_ical())  # type: ignore[no-untyped-call]  # theirs
        count += 1
    return count


def _card(row: Row) -> Iterator[Line]:
    from icalendar.prop import vAdr, vCategory, vN, vOrg, vText

    name = _text(row.get("name")) or _text(row.get("id"))
    given, family = _text(row.get("given_name")), _text(row.get("family_name"))
    yield "BEGIN", {}, vText("VCARD")
    yield "VERSION", {}, vText("3.0")
    yield "FN", {}, vText(name)
    yield "N", {}, vN((family, given or ("" if family else name), "", "", ""))
    if company := _text(row.get("company")):
        yield "ORG", {}, vOrg((company,))
    if title := _text(row.get("job_title")):
        yield "TITLE", {}, vText(title)
    for label, text, first in _points(row.get("emails")):
        yield "EMAIL", _types("INTERNET", label, first=first), vText(text)
    for label, text, first in _points(row.get("phones")):
        yield "TEL", _types(label, first=first), vText(text)
    for label, text, first in _points(row.get("addresses")):
        yield "ADR", _types(label, first=first), vAdr(("", "", text, "", "", "", ""))
    for text in _list(row.get("handles")):
        network, _, handle = text.partition(":")
        yield "X-SOCIALPROFILE", {"TYPE": network}, vText(handle or text)
    if birthday := _text(row.get("birthday")):
        yield ("BDAY", *_day(birthday))
    yield from _dates(row.get("dates"))
    if tags := list(_list(row.get("tags"))):
        yield "CATEGORIES", {}, vCategory(tags)
    if note := _text(row.get("note")):
        yield "NOTE", {}, vText(note)
    if uid := _text(row.get("uid")):
        yield "UID", {}, vText(f"urn:uuid:{uid}")
    yield "END", {}, vText("VCARD")


def _text(value: Value) -> str:
    return "" if value is None else safe(str(value), newlines=True)


def _list(value: Value) -> Iterator[str]:
    if isinstance(value, Sequence) and not isinstance(value, str):
        yield from map(_text, value)


def _points(value: Value) -> Iterator[tuple[str, str, bool]]:
    """Label, text and whether it is the first, of each way to reach somebody."""
    for number, each in enumerate(_list(value)):
        label, text = split_label(each)
        yield label or "work", text, number == 0


def _types(*labels: str, first: bool) -> dict[str, Any]:
    types = [TYPES.get(label, label.upper()) for label in labels]
    return {"TYPE": [*types, "PREF"] if first else types}


def _dates(value: Value) -> Iterator[Line]:
    from icalendar.prop import vText

    for number, each in enumerate(_list(value), 1):
        label, _, day = each.rpartition(":")
        given, found = _day(day)
        if label.lower() == "anniversary":
            yield "X-ANNIVERSARY", given, found
        else:
            yield f"item{number}.X-ABDATE", given, found
            yield f"item{number}.X-ABLABEL", {}, vText(label or "date")


def _day(text: str) -> tuple[dict[str, Any], Any]:
    from icalendar.prop import vText

    if len(text) == len("05-03"):
        return {"X-APPLE-OMIT-YEAR": NO_YEAR}, vText(f"{NO_YEAR}-{text}")
    return {}, vText(text)
