"""The plain values that operations take and give; no SQL, terminal or file here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from language.money import Money
from language.when import When


@dataclass(frozen=True, slots=True)
class Ref:
    """Another record: its number and what people call it."""

    id: int
    label: str


Value = (
    None | str | int | Decimal | bool | date | datetime | Money | When | Ref | list[str] | list[Ref]
)
Record = dict[str, Value]
"""One record as read: field name → value, always with `id`."""

Values = Mapping[str, object]
"""What a user filled: field name → typed value (references still as typed)."""


@dataclass(frozen=True, slots=True)
class Changed:
    """What an edit did: the record, and each field's value before and after."""

    id: int
    label: str
    fields: dict[str, tuple[Value, Value]]
