"""What the search index holds of each record, and how its entries are made again.

An entry gathers a dozen tables, so it is made once at the end of a command (see decision 6).
"""

from __future__ import annotations

import json
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from storage.search import NUMBERS, SHIFT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    import sqlalchemy as sa

MANY = 2_000
"""Entries from which on it pays to write the index in another way."""
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
    spread = _spread(connection, touched)
    for noun in spread.keys() & set(created):
        made = connection.exec_driver_sql(
            f"SELECT id FROM {ENTRIES[noun].table} WHERE created_by_command = ?", (command_id,)
        )
        spread[noun].difference_update(made.scalars())
    with in_bulk(connection, many=bool(created) or sum(map(len, spread.values())) > MANY):
        _remove(
            connection,
            [
                (NUMBERS[noun] << SHIFT) + number
                for noun in spread
                for number in sorted(spread[noun])
            ],
        )
        for noun in created:
            if noun in ENTRIES:
                connection.exec_driver_sql(
                    f"{_insert(noun)} AND r.created_by_command = ?", (command_id,)
                )
        for noun, numbers in spread.items():
            connection.exec_driver_sql(
                f"{_insert(noun)} AND r.id IN (SELECT value FROM json_each(?))",
                (json.dumps(sorted(numbers)),),
            )


def _remove(connection: sa.Connection, entries: Sequence[int]) -> None:
    """Remove entries by their numbers; where little is left, that is indexed anew instead."""
    listed = (json.dumps(entries),)
    among = "IN (SELECT value FROM json_each(?))"
    if len(entries) > MANY:
        gone, whole = connection.exec_driver_sql(
            f"SELECT count(*) FILTER (WHERE id {among}), count(*) FROM search_index_docsize", listed
        ).one()
        if gone > 2 * (whole - gone):
            connection.exec_driver_sql(f"DELETE FROM search_index_content WHERE id {among}", listed)
            connection.exec_driver_sql("INSERT INTO search_index (search_index) VALUES ('rebuild')")
            return
    connection.exec_driver_sql(f"DELETE FROM search_index WHERE rowid {among}", listed)


_MERGING = "INSERT INTO search_index (search_index, rank) VALUES ('automerge', {})"


@contextmanager
def in_bulk(connection: sa.Connection, *, many: bool = True) -> Iterator[None]:
    """Put off merging the parts of the index while many entries are written: half the time.

    What is left unmerged is merged little by little by whatever writes later.
    """
    if many:
        connection.exec_driver_sql(_MERGING.format(0))
    yield
    if many:
        connection.exec_driver_sql(_MERGING.format(4))  # FTS5's own default


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
        elif noun in ENTRIES:
            spread[noun].update(numbers)
    return spread


def reindex_everything(connection: sa.Connection) -> None:
    """Make the whole index again."""
    with in_bulk(connection):
        connection.exec_driver_sql("DELETE FROM search_index")
        for noun in ENTRIES:
            connection.exec_driver_sql(_insert(noun))
