"""Values that an import could not read: kept with their record, as they were given, until filled.

A flag goes when somebody fills its field, or empties `flagged`. One that went never comes back by
importing the same file again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from language.errors import InvalidValue
from language.text import fold
from operations.bindings import Condition, folded
from operations.parts import Parts
from storage.model.anything import flags

if TYPE_CHECKING:
    from storage.unit import UnitOfWork

LONGEST = 10_000
MERGED = ("merged unique id", "merged external id")
"""Fields of flags that are no values, but the ids of records merged into this one."""
_VALUES = flags.c.field.not_in(MERGED)


class Flagged(Parts):
    """The unreadable values of a record, each with the field it was meant for."""

    def __init__(self, noun: str, number: sa.Column[Any]) -> None:
        super().__init__(flags, flags.c.record_id)
        self.noun = noun
        self.number = number

    def fixed(self) -> dict[str, Any]:
        return {"noun": self.noun}

    def record_number(self) -> sa.Column[Any]:
        return self.number

    def statement(self) -> sa.Select[Any]:
        return super().statement().where(flags.c.noun == self.noun, _VALUES)

    def having(self, condition: Condition | None = None) -> sa.Select[Any]:
        return super().having(_VALUES if condition is None else sa.and_(condition, _VALUES))

    def show(self, row: Mapping[str, Any]) -> object:
        return f"{row['field']}: {row['content']}"

    def read(self, uow: UnitOfWork, value: Any) -> dict[str, Any]:
        name, colon, content = str(value).partition(":")
        if not colon:
            raise InvalidValue(f"'{value}' is no flagged value", "write it as it is shown")
        return {"field": name.strip(), "content": content.strip()}

    def same(self, row: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
        return bool(row["field"] == new["field"] and row["content"] == new["content"])

    def add(self, uow: UnitOfWork, record_id: int, values: Sequence[Any]) -> None:
        raise InvalidValue("only an import flags a value", "use --clear flagged to forget them")

    def matches(self, uow: UnitOfWork, op: str, text: str) -> Condition:
        if op == "~":
            return folded(flags.c.content).contains(fold(text), autoescape=True)
        return sa.or_(folded(flags.c.content) == fold(text), flags.c.field == text)


def settle(uow: UnitOfWork, noun: str, record_id: int, fields: Iterable[str]) -> None:
    """Forget the flags of fields that have just been filled."""
    names = [name for name in fields if name != "flagged"]
    if names:
        uow.delete(
            flags,
            flags.c.noun == noun,
            flags.c.record_id == record_id,
            flags.c.field.in_(names),
        )


def settle_many(
    uow: UnitOfWork,
    noun: str,
    filled: Mapping[int, Mapping[str, Any]],
    again: set[tuple[int, str]],
) -> None:
    """Forget the flags of fields that an import fills now; `filled`: record → its values.

    `again`: records and fields that it flags anew.
    """
    from operations.reversal import chunks

    settled: list[int] = []
    for chunk in chunks(sorted(filled)):
        settled += [
            row.id
            for row in uow.rows(
                sa.select(flags.c.id, flags.c.record_id, flags.c.field).where(
                    flags.c.noun == noun, flags.c.record_id.in_(chunk), _VALUES
                )
            )
            if filled[row.record_id].get(row.field) is not None
            and (row.record_id, row.field) not in again
        ]
    for chunk in chunks(settled):
        uow.delete(flags, flags.c.id.in_(chunk))


def flag_many(
    uow: UnitOfWork, noun: str, found: Sequence[tuple[int, str, str, str]], new: set[int]
) -> set[int]:
    """Keep unreadable values: number of the record, field, raw text, reason; gives who got one.

    `new`: records that the same command makes, which cannot have flags yet.
    """
    old = sorted({number for number, *_ in found} - new)
    known = _known(uow, noun, old)
    rows: list[dict[str, Any]] = []
    flagged: set[int] = set()
    for number, name, content, reason in found:
        text = content.replace("\0", "")[:LONGEST]
        if (number, name, text) in known:
            continue
        known.add((number, name, text))
        flagged.add(number)
        rows.append(
            {"noun": noun, "record_id": number, "field": name, "content": text, "reason": reason}
        )
    uow.insert_many(flags, rows)
    return flagged


def _known(uow: UnitOfWork, noun: str, numbers: Sequence[int]) -> set[tuple[int, str, str]]:
    """Flags that these records have, or once had."""
    from operations.reversal import chunks, unpack
    from storage.model.journal import changes

    known: set[tuple[int, str, str]] = set()
    for chunk in chunks(numbers):
        known |= {
            (row.record_id, row.field, row.content)
            for row in uow.rows(
                sa.select(flags.c.record_id, flags.c.field, flags.c.content).where(
                    flags.c.noun == noun, flags.c.record_id.in_(chunk)
                )
            )
        }
        for row in uow.rows(
            sa.select(changes.c.record_id, changes.c.before).where(
                changes.c.noun == noun,
                changes.c.record_id.in_(chunk),
                changes.c.table_name == flags.name,
                changes.c.kind == "D",
            )
        ):
            gone = unpack(row.before)
            known.add((row.record_id, gone["field"], gone["content"]))
    return known
