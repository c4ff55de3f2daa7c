"""Many rows at once: statements that hold many rows each, with values as the database stores them.

One statement for each row would begin and end a statement journal every time, since the triggers
of history may refuse it; a statement for many rows does so once, and takes half the time.
"""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import sqlalchemy as sa

VALUES = 900
"""Values that any SQLite takes in one statement."""


def insert_rows(
    connection: sa.Connection,
    table: str,
    columns: Sequence[str],
    rows: Iterable[tuple[Any, ...]],
    *,
    passing: bool = False,
) -> int:
    """Insert rows of values as stored, in the order of `columns`; gives how many there were.

    With `passing`, a row that the table does not allow (such as a unique value that is taken) is
    passed over, and not counted.
    """
    verb = "INSERT OR IGNORE" if passing else "INSERT"
    head = f"{verb} INTO {table} ({', '.join(columns)}) VALUES "
    one = f"({', '.join('?' * len(columns))})"
    size = max(1, VALUES // len(columns))
    whole = head + ", ".join([one] * size)
    count = 0
    for batch in batches(rows, size):
        statement = whole if len(batch) == size else head + ", ".join([one] * len(batch))
        count += connection.exec_driver_sql(statement, tuple(chain.from_iterable(batch))).rowcount
    return count


def batches(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """Cut rows into lists of at most `size`."""
    left = iter(rows)
    while batch := list(islice(left, size)):
        yield batch


def stored(
    connection: sa.Connection, table: sa.Table, names: Sequence[str], rows: Iterable[dict[str, Any]]
) -> Iterator[tuple[Any, ...]]:
    """Turn rows of typed values into rows as stored, in the order of `names`."""
    dialect = connection.dialect
    writers = [
        (name, table.c[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in names
    ]
    for row in rows:
        yield tuple([row[name] if write is None else write(row[name]) for name, write in writers])
