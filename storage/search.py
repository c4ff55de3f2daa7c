"""One index for searching everything, and the look-ups that only SQLite's FTS5 can do.

Each record has one entry: its title, its points (addresses, numbers, codes, tags, company) and its
body (notes). The entry's number carries the noun: noun × 2⁴⁰ + record number, so one range of
numbers is one noun.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from language.text import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    import sqlalchemy as sa

_WORD = re.compile(r"\w+")
SHIFT = 40
RANKED = 250
MOST_WORDS = 20
MANY = 2_000
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
_CONFIGURE = "INSERT INTO search_index (search_index, rank) VALUES"
TAGS = (
    "(SELECT group_concat(g.name, ' ') FROM taggings x JOIN tags g ON g.id = x.tag_id"
    " WHERE x.noun = '{noun}' AND x.record_id = r.id AND g.deleted_at IS NULL)"
)
EXTRA = (
    "(SELECT group_concat(v.content, ' ') FROM custom_values v"
    " JOIN custom_fields f ON f.id = v.field_id AND f.deleted_at IS NULL"
    " WHERE v.noun = '{noun}' AND v.record_id = r.id)"
)


def _all(column: str, table: str, key: str) -> str:
    return f"(SELECT group_concat({column}, ' ') FROM {table} p WHERE p.{key} = r.id)"


_COMPANY = "(SELECT c.name FROM companies c WHERE c.id = r.company_id)"
_PHONES = "p.raw || ' ' || coalesce(p.e164, '') || ' ' || p.number_key"


@dataclass(frozen=True, slots=True)
class Entry:
    """SQL that makes the entry of a noun's record `r`."""

    table: str
    title: str
    points: tuple[str, ...]
    body: tuple[str, ...]


ENTRIES = {
    "contact": Entry(
        "contacts",
        "r.name",
        (
            _all("p.address", "emails", "contact_id"),
            _all(_PHONES, "phones", "contact_id"),
            _all("p.handle", "handles", "contact_id"),
            "r.job_title",
            _COMPANY,
            "r.external_id",
            TAGS,
        ),
        (
            "r.note",
            "r.source",
            _all("p.name", "interests", "contact_id"),
            _all("p.address", "addresses", "contact_id"),
            EXTRA,
        ),
    ),
    "company": Entry(
        "companies",
        "r.name",
        (
            _all("p.domain", "domains", "company_id"),
            _all("p.address", "emails", "company_id"),
            _all(_PHONES, "phones", "company_id"),
            _all("p.handle", "handles", "company_id"),
            "r.industry",
            "r.external_id",
            TAGS,
        ),
        ("r.note", "r.source", _all("p.address", "addresses", "company_id"), EXTRA),
    ),
    "deal": Entry(
        "deals",
        "r.title",
        (_COMPANY, "r.external_id", TAGS),
        ("r.note", "r.source", "r.lost_reason", "r.competitor", EXTRA),
    ),
    "task": Entry("tasks", "r.title", (TAGS,), ("r.note", EXTRA)),
    "activity": Entry("activities", "r.subject", (TAGS,), ("r.note", "r.outcome", EXTRA)),
    "product": Entry("products", "r.name", ("r.code", "r.family", TAGS), ("r.note", EXTRA)),
    "attachment": Entry("attachments", "r.name", (), ("r.note",)),
}


def _insert(noun: str) -> str:
    entry = ENTRIES[noun]

    def joined(parts: tuple[str, ...]) -> str:
        texts = [f"coalesce({part}, '')" for part in parts] or ["''"]
        return " || ' ' || ".join(texts).format(noun=noun)

    number = NUMBERS[noun] << SHIFT
    return (
        "INSERT INTO search_index (rowid, title, points, body)"
        f" SELECT {number} + r.id, {entry.title}, {joined(entry.points)}, {joined(entry.body)}"
        f" FROM {entry.table} r WHERE r.deleted_at IS NULL"
    )


def reindex(connection: sa.Connection, noun: str, numbers: Iterable[int]) -> None:
    """Make the entries of some records again; nouns without entries are passed over."""
    if noun not in ENTRIES:
        return
    listed = json.dumps(sorted(numbers))
    base = NUMBERS[noun] << SHIFT
    connection.exec_driver_sql(
        f"DELETE FROM search_index WHERE rowid IN (SELECT {base} + value FROM json_each(?))",
        (listed,),
    )
    connection.exec_driver_sql(
        f"{_insert(noun)} AND r.id IN (SELECT value FROM json_each(?))", (listed,)
    )


def reindex_changed(
    connection: sa.Connection,
    touched: Mapping[str, set[int]],
    created: Collection[str],
    command_id: int,
) -> None:
    """Make the entries of touched records again, and of all that a command inserted, each once.

    `touched`: noun → numbers; of a tag or a field, all that have it are meant, and of `company
    members` whatever names such a company. `created`: nouns of which the command inserted many.
    """
    with in_bulk(connection, many=bool(created) or sum(map(len, touched.values())) > MANY):
        for noun in created:
            if noun in ENTRIES:
                connection.exec_driver_sql(
                    f"{_insert(noun)} AND r.created_by_command = ?", (command_id,)
                )
        for noun, numbers in _spread(connection, touched).items():
            if noun in created and noun in ENTRIES:
                made = connection.exec_driver_sql(
                    f"SELECT id FROM {ENTRIES[noun].table} WHERE created_by_command = ?",
                    (command_id,),
                )
                numbers.difference_update(made.scalars())
            if numbers:
                reindex(connection, noun, numbers)


@contextmanager
def in_bulk(connection: sa.Connection, *, many: bool = True) -> Iterator[None]:
    """Put off merging the parts of the index while many entries are written: half the time.

    What is left unmerged is merged little by little by whatever writes later.
    """
    if many:
        connection.exec_driver_sql(f"{_CONFIGURE} ('automerge', 0)")
    yield
    if many:
        connection.exec_driver_sql(f"{_CONFIGURE} ('automerge', 4)")  # FTS5's own default


# Tables whose rows name a record that holds the text of a tag or of a custom field.
_SHARED = {"tag": "taggings WHERE tag_id", "field": "custom_values WHERE field_id"}


def _spread(connection: sa.Connection, touched: Mapping[str, set[int]]) -> dict[str, set[int]]:
    """Records whose entries hold something of the touched ones: noun → numbers."""
    spread: defaultdict[str, set[int]] = defaultdict(set)
    for noun, numbers in touched.items():
        listed = (json.dumps(sorted(numbers)),)
        if noun == "company members":
            for member in ("contact", "deal"):
                found = connection.exec_driver_sql(
                    f"SELECT id FROM {ENTRIES[member].table}"
                    " WHERE company_id IN (SELECT value FROM json_each(?))",
                    listed,
                )
                spread[member].update(found.scalars())
        elif noun in _SHARED:
            for other, number in connection.exec_driver_sql(
                f"SELECT noun, record_id FROM {_SHARED[noun]} IN (SELECT value FROM json_each(?))",
                listed,
            ):
                spread[other].add(number)
        else:
            spread[noun].update(numbers)
    return spread


def reindex_everything(connection: sa.Connection) -> None:
    """Make the whole index again."""
    with in_bulk(connection):
        connection.exec_driver_sql("DELETE FROM search_index")
        for noun in ENTRIES:
            connection.exec_driver_sql(_insert(noun))


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
