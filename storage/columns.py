"""Column kinds of the shared model: one declaration that fits SQLite STRICT tables and PostgreSQL.

SQLite STRICT tables know INTEGER, REAL, TEXT and BLOB only, and drop time zones, so moments are
stored as UTC text of a fixed width (they sort as text), days as ISO text, flags as 0/1.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlmodel import Field

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect


def write_moment(moment: datetime) -> str:
    """Show an aware moment as `2026-11-22T10:30:00.000000Z`; a naive one raises ValueError."""
    if moment.tzinfo is None:
        message = f"moment without a time zone: {moment}"
        raise ValueError(message)
    # strftime would write the year 999 with three digits, which neither sorts nor reads back.
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def read_moment(text: str) -> datetime:
    """Read what `write_moment` wrote, as an aware UTC moment."""
    return datetime.fromisoformat(text)


class Moment(sa.types.TypeDecorator[datetime]):
    """A point in time, kept in UTC; naive datetimes are refused."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> sa.types.TypeEngine[Any]:
        """Use the native type where the database keeps time zones."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(sa.Text())
        return dialect.type_descriptor(sa.DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """To the database."""
        if value is None or dialect.name != "sqlite":
            return value
        return write_moment(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """From the database."""
        if value is None or dialect.name != "sqlite":
            return value  # type: ignore[no-any-return]  # a datetime or None by then
        return read_moment(value)


class Day(sa.types.TypeDecorator[date]):
    """A calendar day without a time zone."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> sa.types.TypeEngine[Any]:
        """Use the native type where there is one."""
        native = sa.Text() if dialect.name == "sqlite" else sa.Date()
        return dialect.type_descriptor(native)

    def process_bind_param(self, value: date | None, dialect: Dialect) -> Any:
        """To the database."""
        if value is None or dialect.name != "sqlite":
            return value
        return value.isoformat()

    def process_result_value(self, value: Any, dialect: Dialect) -> date | None:
        """From the database."""
        if value is None or dialect.name != "sqlite":
            return value  # type: ignore[no-any-return]  # a date or None by then
        return date.fromisoformat(value)


class Flag(sa.types.TypeDecorator[bool]):
    """Yes or no."""

    impl = sa.Integer
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> sa.types.TypeEngine[Any]:
        """Use the native type where there is one."""
        native = sa.Integer() if dialect.name == "sqlite" else sa.Boolean()
        return dialect.type_descriptor(native)

    def process_bind_param(self, value: bool | None, dialect: Dialect) -> Any:  # noqa: FBT001 (SQLAlchemy's signature)
        """To the database."""
        if value is None or dialect.name != "sqlite":
            return value
        return int(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> bool | None:  # noqa: ARG002 (SQLAlchemy's signature)
        """From the database."""
        return None if value is None else bool(value)


class Json(sa.types.TypeDecorator[Any]):
    """A small list or object kept as JSON text."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002 (SQLAlchemy's signature)
        """To the database."""
        return None if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002 (SQLAlchemy's signature)
        """From the database."""
        return None if value is None else json.loads(value)


BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def text(*, null: bool = False, index: bool = False, default: str | None = None) -> Any:
    """Declare a text column; `default` also holds for rows written past this model."""
    if default is not None:
        return Field(
            default=default,
            sa_type=sa.Text,
            index=index,
            sa_column_kwargs={"server_default": default},
        )
    if null:
        return Field(default=None, sa_type=sa.Text, index=index, nullable=True)
    return Field(sa_type=sa.Text, index=index)


def integer(*, null: bool = False, default: int | None = None, index: bool = False) -> Any:
    """Declare a whole number of up to 63 bits."""
    if default is not None:
        return Field(
            default=default,
            sa_type=BIG,
            index=index,
            sa_column_kwargs={"server_default": str(default)},
        )
    if null:
        return Field(default=None, sa_type=BIG, nullable=True, index=index)
    return Field(sa_type=BIG, index=index)


def flag(*, default: bool = False) -> Any:
    """Declare a yes/no column."""
    return Field(
        default=default, sa_type=Flag, sa_column_kwargs={"server_default": str(int(default))}
    )


def moment(*, null: bool = False, index: bool = False) -> Any:
    """Declare a point in time."""
    if null:
        return Field(default=None, sa_type=Moment, nullable=True, index=index)
    return Field(sa_type=Moment, index=index)


def day(*, null: bool = True, index: bool = False) -> Any:
    """Declare a calendar day."""
    if null:
        return Field(default=None, sa_type=Day, nullable=True, index=index)
    return Field(sa_type=Day, index=index)


def json_list() -> Any:
    """Declare a small list kept as JSON."""
    return Field(default_factory=list, sa_type=Json, sa_column_kwargs={"server_default": "[]"})


def link(target: str, *, null: bool = True, index: bool = True) -> Any:
    """Declare a foreign key such as `companies.id`; indexed because it will be asked for."""
    if null:
        return Field(
            default=None,
            sa_type=BIG,
            foreign_key=target,
            nullable=True,
            index=index,
        )
    return Field(sa_type=BIG, foreign_key=target, index=index)
