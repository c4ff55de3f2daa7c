"""Several values a row: e-mails, phones, tags, addresses, from one cell or from many columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from importers.cells import Column, as_text
from importers.headings import label_of
from importers.scalars import Told, is_empty, mapped, reader, reason_of
from language.errors import CrmError, InvalidValue
from language.lists import split_list
from language.people import looks_like_domain, parse_domain, parse_email
from language.phone import looks_like_phone
from language.reading import split_label
from language.text import clean_line, fold, quoted

Bad = dict[Any, list[tuple[str, str]]]
"""Key of a cell → what in it cannot be read, each with its reason."""
Item = Callable[[str], str]

# Plain addresses are nearly all there are; the library reads the others.
_PLAIN_EMAIL = re.compile(
    r"[A-Za-z0-9_+-]{1,40}(?:\.[A-Za-z0-9_+-]{1,20}){0,4}"
    r"@(?:[a-z0-9]{1,40}(?:-[a-z0-9]{1,20}){0,3}\.){1,4}"
    r"(?:com|es|net|org|eu|io|co|fr|de|it|pt|uk|us|mx|ar|cl|pe|info|biz|cat|app|dev|edu|gov)"
)
_PLAIN_PHONE = re.compile(r"[+(]?\d[\d ().-]{5,22}\d")
_PLAIN: dict[str, Callable[[str], object]] = {
    "email": _PLAIN_EMAIL.fullmatch,
    "phone": _PLAIN_PHONE.fullmatch,
}
_BETWEEN_EMAILS = re.compile(r"\s+(?:or|o|y|and|ó)\s+|[\s,/|]+")
_BETWEEN_PHONES = re.compile(r"\s*[,/|\n]\s*|\s+(?:or|o|y|and|ó)\s+")
_GOOGLE = " ::: "
_PAGES = frozenset(
    {"linkedin.com", "facebook.com", "instagram.com", "twitter.com", "x.com", "youtube.com",
     "google.com", "tiktok.com", "wa.me", "linktr.ee", "github.com", "sites.google.com"}
)  # fmt: skip
"""Where everybody has a page: such an address says nothing about whose it is."""


@dataclass(slots=True)
class Source:
    """A column of a list. `label`: of its values; `types`: the column that holds their labels."""

    column: Column
    label: str = ""
    types: Column | None = None


def read_list(told: Told, sources: Sequence[Source]) -> tuple[list[Any], list[Bad], list[str]]:
    """A list a row, None where all is empty; what cannot be read in each column; decisions."""
    made: list[list[Any]] = []
    bad: list[Bad] = []
    read, notes = _item_reader(told, [source.column for source in sources])
    for source in sources:
        values, failed = _read_source(told, source, read)
        made.append(values)
        bad.append(failed)
    joined = made[0]
    for more in made[1:]:
        joined = [a + b if a and b else a or b for a, b in zip(joined, more, strict=True)]
    return joined, bad, notes


def _read_source(told: Told, source: Source, read: Item) -> tuple[list[Any], Bad]:
    column = source.column
    keys = column.keys()
    known: dict[Any, list[str] | None] = {}
    failed: Bad = {}
    if source.types is None:
        plain = None if told.values else _PLAIN.get(told.field.kind)
        if plain is not None:
            front = f"{source.label}:" if source.label else ""
            known = {key: [front + key] for key in set(keys) if type(key) is str and plain(key)}
        for key, value in column.distinct(known):
            known[key] = _read_cell(told, value, source.label, read, failed, key)
        return list(map(known.__getitem__, keys)), failed
    pairs = list(zip(keys, source.types.cells, strict=True))
    for pair in dict.fromkeys(pairs):
        value = column.value(pair[0])
        label = label_of(as_text(pair[1])) or source.label
        known[pair] = _read_cell(told, value, label, read, failed, pair[0])
    return list(map(known.__getitem__, pairs)), failed


def _read_cell(
    told: Told, value: Any, label: str, read: Item, failed: Bad, key: Any
) -> list[str] | None:
    if is_empty(told, value):
        return None
    items: list[str] = []
    for item in split_cell(told, as_text(value)):
        text = as_text(mapped(told, item))
        if not text or is_empty(told, text):
            continue
        try:
            items.append(_labelled(told, label, text, read))
        except CrmError as error:
            problems = failed.setdefault(key, [])
            if (text, reason_of(error)) not in problems:
                problems.append((text, reason_of(error)))
    return items or None


def _labelled(told: Told, label: str, text: str, read: Item) -> str:
    if told.field.kind == "handle" and label:
        try:
            return read(text)
        except InvalidValue:
            return read(f"{label}:{text}")
    if told.field.kind in {"email", "phone", "address"}:
        own, rest = split_label(text)
        if own:
            return f"{own}:{read(rest)}"
        return f"{label}:{read(text)}" if label else read(text)
    return read(f"{label}:{text}" if label and told.field.kind == "date_fact" else text)


def split_cell(told: Told, text: str) -> list[str]:
    """The values in one cell; only what parts them without doubt does."""
    kind = told.field.kind
    if told.ours:
        return split_list(text)
    if _GOOGLE in text:
        return [part.strip() for part in text.split(_GOOGLE)]
    items = [item.strip() for item in split_list(text)]
    if len(items) > 1 or kind in {"line", "address", "handle"}:
        return [item for item in items if item]
    if kind == "email":
        return _if_all(_BETWEEN_EMAILS, text, lambda part: "@" in part.strip("@"))
    if kind == "phone":
        return _if_all(_BETWEEN_PHONES, text, lambda part: looks_like_phone(_number_in(part)))
    if kind == "domain":
        return _if_all(_BETWEEN_EMAILS, text, looks_like_domain)
    if kind in {"tag", "words"}:
        mark = next((mark for mark in ("|", "\n", ",") if mark in text), "")
        return [part.strip() for part in text.split(mark)] if mark else items
    if kind == "member" and "\n" in text:
        return [part.strip() for part in text.split("\n")]
    return items


def _if_all(between: re.Pattern[str], text: str, fits: Callable[[str], bool]) -> list[str]:
    parts = [part for part in between.split(text) if part]
    return parts if len(parts) > 1 and all(map(fits, parts)) else [text]


def _number_in(part: str) -> str:
    return split_label(part)[1]


# One value of a list


def _item_reader(told: Told, columns: Sequence[Column]) -> tuple[Item, list[str]]:
    kind, what = told.field.kind, told.field.label.lower()
    readers: dict[str, Item] = {
        "email": _email,
        "phone": _phone,
        "domain": _domain,
        "handle": _handle,
        "tag": lambda text: clean_line(text, "tag"),
    }
    if kind == "date_fact":
        fact, notes = reader(told, columns)
        return lambda text: _dated(text, fact), notes
    return readers.get(kind, lambda text: clean_line(text, what)), []


def _email(text: str) -> str:
    return text if _PLAIN_EMAIL.fullmatch(text) else parse_email(text)


def _phone(text: str) -> str:
    line = clean_line(text, "phone")
    if not any(map(str.isdecimal, line)):
        raise InvalidValue(f"phone: {quoted(line)} has no digits")
    return line


def _domain(text: str) -> str:
    name = parse_domain(text)
    if name in _PAGES:
        raise InvalidValue(f"{quoted(text)} is a page on {name}, which is no domain of its own")
    return name


def _handle(text: str) -> str:
    from language.handles import parse_handle

    parse_handle(text)
    return text


def _dated(text: str, fact: Callable[[Any], Any]) -> str:
    label, colon, rest = text.partition(":")
    if not colon or not rest.strip():
        return str(fact(text))
    return f"{fold(label)}:{fact(rest.strip())}"
