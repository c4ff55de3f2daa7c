"""One index for searching everything, and the look-ups that only SQLite's FTS5 can do.

Each record has one entry: its title, its points (addresses, numbers, codes, tags, company) and its
body (notes). The entry's number carries the noun: noun × 2⁴⁰ + record number, so one range of
numbers is one noun.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from language.text import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa

_WORD = re.compile(r"\w+")
SHIFT = 40
RANKED = 250
MOST_WORDS = 20
NUMBERS = {
    "contact": 1,
    "company": 2,
    "deal": 3,
    "task": 4,
    "activity": 5,
    "product": 6,
    "attachment": 7,
}
CREATE = (
    "CREATE VIRTUAL TABLE search_index USING fts5(title, points, body,"
    " tokenize = \"unicode61 remove_diacritics 2 tokenchars '_'\", prefix = '1 2 3')"
)


def words_of(text: str) -> list[str]:
    """Words of what a user typed, as the index splits them: punctuation is never an operator."""
    return _WORD.findall(text)[:MOST_WORDS]


def query_of(text: str, *, whole: bool = False) -> str:
    """Turn what a user typed into an FTS5 query: every word, each as a prefix unless `whole`."""
    star = "" if whole else "*"
    return " ".join(f'"{word}"{star}' for word in words_of(text))


def numbers(
    connection: sa.Connection, noun: str, query: str, *, limit: int, column: str = ""
) -> list[int]:
    """Numbers of a noun's records that match an FTS5 query, the first ones entered first.

    Unranked, so that a query that half the records match costs no more than a rare one.
    """
    if not query:
        return []
    base = NUMBERS[noun] << SHIFT
    rows = connection.exec_driver_sql(
        "SELECT rowid FROM search_index WHERE search_index MATCH ? AND rowid BETWEEN ? AND ?"
        " LIMIT ?",
        (f"{column} : ({query})" if column else query, base, base + (1 << SHIFT) - 1, limit),
    )
    return [int(row[0]) - base for row in rows]


@dataclass(frozen=True, slots=True)
class Hit:
    """A record found, with the texts it was found in. `rank`: lower is better."""

    noun: str
    id: int
    rank: int
    title: str
    points: str
    body: str


def find(
    connection: sa.Connection, text: str, *, nouns: Sequence[str] = (), limit: int = 20
) -> list[Hit]:
    """Records that hold every word (or a word beginning so), best first, `limit` of each noun.

    The best hold the words whole in their title, then words beginning so in their title, then in
    their points, then anywhere; shorter titles go first. A query that very many match is ranked
    among the first of each kind only, so that no query is slow.
    """
    query = query_of(text)
    if not query:
        return []
    words = [fold(word) for word in words_of(text)]
    found: list[Hit] = []
    for noun in nouns or tuple(NUMBERS):
        near = numbers(connection, noun, query, limit=RANKED)
        if len(near) == RANKED:
            likely = _likeliest(connection, noun, text, limit)
            near = likely if len(likely) >= limit else likely + near
        entries = _entries(connection, noun, near)
        ranks = {hit.id: (_rank(hit, words), len(hit.title), hit.id) for hit in entries}
        entries.sort(key=lambda hit: ranks[hit.id])
        found += [replace(hit, rank=ranks[hit.id][0]) for hit in entries[:limit]]
    return sorted(found, key=lambda hit: hit.rank)


def _likeliest(connection: sa.Connection, noun: str, text: str, limit: int) -> list[int]:
    """The first records that hold the words in their title, whole ones before beginnings."""
    found: list[int] = []
    for whole, column in ((True, "title"), (False, "title"), (False, "{title points}")):
        if len(found) < limit:
            query = query_of(text, whole=whole)
            found += numbers(connection, noun, query, limit=RANKED, column=column)
    return found


def _rank(hit: Hit, words: Sequence[str]) -> int:
    """Say how well an entry holds the words: 0 whole in its title … 3 only with its body."""
    title = words_of(fold(hit.title))
    if set(words) <= set(title):
        return 0
    if _begin(words, title):
        return 1
    return 2 if _begin(words, title + words_of(fold(hit.points))) else 3


def _begin(words: Sequence[str], texts: Sequence[str]) -> bool:
    return all(any(text.startswith(word) for text in texts) for word in words)


def _entries(connection: sa.Connection, noun: str, found: Sequence[int]) -> list[Hit]:
    base = NUMBERS[noun] << SHIFT
    rows = connection.exec_driver_sql(
        "SELECT rowid, title, points, body FROM search_index"
        " WHERE rowid IN (SELECT value FROM json_each(?))",
        (json.dumps([base + number for number in dict.fromkeys(found)]),),
    )
    return [Hit(noun, row[0] - base, 0, *row[1:]) for row in rows]


def next_id(connection: sa.Connection, table: str) -> int:
    """Give the number after the highest one that a table ever used."""
    row = connection.exec_driver_sql(
        "SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)
    ).first()
    return (int(row[0]) if row else 0) + 1
