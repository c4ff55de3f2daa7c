"""What every row carries, and the two shapes of row: a record and a part of a record.

A *record* is what a person names (a contact, a deal): it has a number, a `uid` for sync and safe
retries, a trash date, times. A *part* lives inside one record (an e-mail, a line of a deal) and is
reached through it. Both carry `version` (lost-update checks, raised by every update) and the
command that created them, so one command can be undone whole.
"""

# No `from __future__ import annotations` in storage/model: SQLModel reads annotations at run time.

from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from storage.columns import BIG, integer, moment, text

# Building validators for table classes costs start-up time and table classes never validate.
SQLModel.model_config["defer_build"] = True

OPTIONS: dict[str, Any] = {"sqlite_strict": True, "sqlite_autoincrement": True}


class Part(SQLModel):
    """A row that lives inside a record."""

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    version: int = integer(default=1)
    created_by_command: int = integer(index=True)


class Record(SQLModel):
    """A row that a person can name, find, trash and restore."""

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    uid: str = text()
    version: int = integer(default=1)
    created_by_command: int = integer(index=True)
    created_at: datetime = moment()
    updated_at: datetime = moment()
    deleted_at: datetime | None = moment(null=True)


def table_of(model: type[SQLModel]) -> sa.Table:
    """Give the table of a model class: statements are built on tables, which need no mappers."""
    return cast("sa.Table", cast("Any", model).__table__)


def unique_living(name: str, *columns: str) -> sa.Index:
    """Unique only among rows outside the trash, so that the trash never blocks re-use."""
    living = sa.text("deleted_at IS NULL")
    return sa.Index(name, *columns, unique=True, sqlite_where=living, postgresql_where=living)


def one_of(column: str, words: tuple[str, ...]) -> sa.CheckConstraint:
    """Allow a closed list of words in a column."""
    listed = ", ".join(f"'{word}'" for word in words)
    return sa.CheckConstraint(f"{column} IN ({listed})")


def uid_index(table: str) -> sa.Index:
    """Make the client-made `uid` unique."""
    return sa.Index(f"ux_{table}_uid", "uid", unique=True)
