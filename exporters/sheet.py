"""What every exporter takes: columns that say how to read a cell, and rows that may stream."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

# `list` and `dict` are invariant, so the nested forms are spelt as what is read from them.
Value: TypeAlias = (
    "str | int | float | Decimal | bool | date | datetime"
    " | Sequence[Value] | Mapping[str, Value] | None"
)
Row: TypeAlias = Mapping[str, Value]


@dataclass(frozen=True)
class Column:
    """One column: `key` for machines, `label` for people.

    `kind`: text, number, integer, money (major units), currency (ISO 4217 code), day,
    moment (UTC), flag or list. `currency`: for money, the key that says in which currency it is.
    """

    key: str
    label: str
    kind: str = "text"
    currency: str = ""


@dataclass
class Sheet:
    """A titled table. `rows` is read once, front to back; a missing key is an empty cell."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Row]
