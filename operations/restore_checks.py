"""What may come back: a value of each kind of column, and what a row names."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

import sqlalchemy as sa

from language.errors import InvalidValue
from language.text import quoted
from operations.reversal import raw
from storage.columns import read_moment, write_moment
from storage.history import NOUNS, POLYMORPHIC, journaled_tables
from storage.model.anything import attachments
from storage.model.journal import commands

if TYPE_CHECKING:
    from storage.unit import UnitOfWork

HINT = "nothing was changed; export again, or bring in single nouns (crm export contacts)"
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_BAD = re.compile(r"[\x00\ud800-\udfff]")


def check_links(uow: UnitOfWork) -> None:
    """Raise InvalidValue when a row names a record, a command or a noun that is not there."""
    lost = uow.connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if lost is not None:
        raise InvalidValue(
            f"table {lost[0]}, row #{lost[1]} names a row of {lost[2]} that is not there", HINT
        )
    for table in journaled_tables():
        maker = raw(table).c.created_by_command
        if uow.first(sa.select(maker).where(maker.not_in(sa.select(commands.c.id))).limit(1)):
            raise InvalidValue(f"table {table.name} names a command that is not there", HINT)
        if table.name in POLYMORPHIC or table is attachments:
            strange = sa.select(table.c.id, table.c.noun).where(
                table.c.noun.not_in(list(NOUNS.values()))
            )
            row = uow.first(strange.limit(1))
            if row is not None:
                raise InvalidValue(
                    f"table {table.name}, row #{row.id}: {quoted(row.noun)} is no noun", HINT
                )


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and -(2**63) <= value < 2**63


def _is_flag(value: object) -> bool:
    return value in (0, 1)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and _BAD.search(value) is None


def _is_day(value: object) -> bool:
    try:
        return (
            isinstance(value, str)
            and _DAY.fullmatch(value) is not None
            and bool(date.fromisoformat(value))
        )
    except ValueError:
        return False


def _is_moment(value: object) -> bool:
    try:
        return (
            isinstance(value, str)
            and _MOMENT.fullmatch(value) is not None
            and write_moment(read_moment(value)) == value
        )
    except ValueError:
        return False


def _is_json(value: object) -> bool:
    try:
        found = json.loads(value) if isinstance(value, str) else None
    except (ValueError, RecursionError):
        return False
    return isinstance(found, list) and all(isinstance(item, str) for item in found)


CHECKS: dict[str, Callable[[object], bool]] = {
    "integer": _is_integer,
    "flag": _is_flag,
    "text": _is_text,
    "day": _is_day,
    "moment": _is_moment,
    "json": _is_json,
}
