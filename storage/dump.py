"""The whole content of a database as canonical lines: to compare two of them, and to hash one.

Equal lines mean equal data. Left out is what only tells how the data came to be: versions, the
commands and changes of history, the search index, settings of the file.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from storage.columns import write_moment
from storage.history import journaled_tables

if TYPE_CHECKING:
    from collections.abc import Iterator

LEFT_OUT = frozenset({"version", "created_by_command"})
PAGE = 5_000


def logical_dump(connection: sa.Connection) -> Iterator[str]:
    """Give one JSON line a row, living or in the trash, table by table, in order of numbers.

    Keys are sorted; moments are UTC text, money whole minor units. Read inside one transaction.
    """
    for table in sorted(journaled_tables(), key=lambda table: table.name):
        columns = [column for column in table.columns if column.name not in LEFT_OUT]
        rows = connection.execute(sa.select(*columns).order_by(table.c.id)).mappings()
        for page in rows.partitions(PAGE):
            for row in page:
                yield json.dumps(
                    {"table": table.name, **row},
                    ensure_ascii=False,
                    sort_keys=True,
                    separators=(",", ":"),
                    default=_plain,
                )


def logical_hash(connection: sa.Connection) -> str:
    """SHA-256 of the lines of `logical_dump`, in hexadecimal."""
    digest = hashlib.sha256()
    for line in logical_dump(connection):
        digest.update(line.encode("utf-8", "surrogatepass") + b"\n")
    return digest.hexdigest()


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return write_moment(value)
    if isinstance(value, date):
        return value.isoformat()
    message = f"a dump cannot hold {type(value).__name__}"
    raise TypeError(message)
