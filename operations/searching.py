"""Find anything by any word: one list over every noun that the index holds, best first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from language.errors import InvalidValue
from language.fields import noun_named
from language.text import clean, closest, fold
from operations.find import describe, nearest
from operations.sources import source_of
from storage import search as index

if TYPE_CHECKING:
    from storage.unit import UnitOfWork

SUGGESTED = ("contact", "company", "deal", "product")
AROUND = 40  # characters shown on either side of what matched
SAME_NUMBER = re.compile(r"(\+\d+) \d+\b")  # the index holds a number both ways
EXACT = -1  # ranks before all that the index finds


@dataclass(frozen=True, slots=True)
class Found:
    """One record found. `match`: what tells it apart, or the text around the matching word."""

    noun: str
    id: int
    name: str
    match: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a search found; `more`: there are others beyond the limit."""

    found: list[Found]
    more: bool


def search(uow: UnitOfWork, text: str, *, nouns: Sequence[str] = (), limit: int = 20) -> Answer:
    """Records that hold every word of a text, or that its address, number or code names.

    Accents and case are ignored, words may be cut short. `nouns` empty: all. Raises `InvalidValue`
    for a text that no record can hold.
    """
    text = clean(text, what="search", limit=1_000).strip()
    nouns = nouns or tuple(index.NUMBERS)
    exact = {(noun, number) for noun in nouns for number in _named(uow, noun, text, limit + 1)}
    hits = index.find(uow.connection, text, nouns=nouns, limit=limit + 1)
    ranked = sorted(hits, key=lambda hit: EXACT if (hit.noun, hit.id) in exact else hit.rank)
    known = {(hit.noun, hit.id) for hit in hits}
    places = sorted(exact - known) + [(hit.noun, hit.id) for hit in ranked]
    texts = {(hit.noun, hit.id): hit for hit in hits}
    shown = places[:limit]
    about = {
        noun: _described(uow, noun, [number for other, number in shown if other == noun])
        for noun in dict.fromkeys(noun for noun, _ in shown)
    }
    found = []
    for noun, number in shown:
        name, rest = about[noun][number]
        hit = texts.get((noun, number))
        inside = _around(hit, index.words_of(text)) if hit is not None and hit.rank > 1 else ""
        found.append(Found(noun, number, name, inside or rest))
    return Answer(found, len(places) > limit)


def _named(uow: UnitOfWork, noun: str, text: str, limit: int) -> list[int]:
    """Numbers of the records that an address, phone number, domain or code names exactly."""
    source = source_of(noun)
    keys = source.extra_keys(uow, text) if source.extra_keys is not None and text else None
    if keys is None:
        return []
    number = source.table.c.id
    where = (source.living, number.in_(keys))
    return [row.id for row in uow.rows(sa.select(number).where(*where).limit(limit))]


def _described(uow: UnitOfWork, noun: str, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    source = source_of(noun)
    number = source.table.c.id
    rows = uow.rows(sa.select(number, source.label.label("label")).where(number.in_(ids)))
    names = {row.id: row.label or f"#{row.id}" for row in rows}
    details = dict(zip(ids, describe(uow, noun, ids), strict=True))
    return {number: (names[number], _in_brackets(details[number])) for number in ids}


def _in_brackets(line: str) -> str:
    _, bracket, rest = line.rpartition(" (")
    return rest.removesuffix(")") if bracket and line.endswith(")") else ""


def _around(hit: index.Hit, words: Sequence[str]) -> str:
    """The text around the first word that matched, outside the title where there is one."""
    for text in (hit.points, hit.body, hit.title):
        line = SAME_NUMBER.sub(r"\1", " ".join(text.split()))
        low = _folded_alike(line)
        for word in words:
            at = low.find(fold(word))
            if at >= 0:
                start = max(0, at - AROUND)
                end = at + len(word) + AROUND
                before = "…" if start else ""
                return before + line[start:end].strip() + ("…" if end < len(line) else "")
    return ""


def _folded_alike(line: str) -> str:
    """Folded character by character, so that places in it are places in the line."""
    return "".join((fold(char) or " ")[0] for char in line)


def read_nouns(texts: Sequence[str]) -> list[str]:
    """Read which nouns to search: `contact,deal`; raises `InvalidValue` for one without index."""
    chosen: list[str] = []
    for word in (part.strip() for text in texts for part in text.split(",")):
        if not word:
            continue
        known = noun_named(word)
        if known is None or known.name not in index.NUMBERS:
            near = closest(word, index.NUMBERS)
            hint = f"did you mean {near[0]}?" if near else f"one of: {', '.join(index.NUMBERS)}"
            raise InvalidValue(f"noun: '{word}' cannot be searched", hint)
        chosen.append(known.name)
    return list(dict.fromkeys(chosen))


def suggestions(uow: UnitOfWork, text: str) -> list[str]:
    """Names close to a text that nothing holds."""
    return [name for noun in SUGGESTED for name in nearest(uow, noun, text, 2)][:3]
