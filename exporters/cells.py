"""One value → one line of plain text, the same in CSV, TSV and Markdown."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from language.lists import join_list

if TYPE_CHECKING:
    from exporters.sheet import Value


def plain(value: Value, kind: str = "text") -> str:
    """Return `value` as text that the importer reads back; None and NaN are empty.

    Flags are yes/no, days ISO, moments ISO in UTC with Z, numbers without thousands marks or
    exponent, lists as `join_list`, objects as compact JSON.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int):
        if isinstance(value, bool) or kind == "flag":
            return "yes" if value else "no"
        return int.__repr__(value)
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else ""
    if isinstance(value, Decimal):
        return format(value, "f") if value.is_finite() else ""
    if isinstance(value, date):
        return moment(value) if isinstance(value, datetime) else value.isoformat()
    return _nested(value)


def _nested(value: Sequence[Value] | Mapping[str, Value]) -> str:
    from exporters.json import compact

    if isinstance(value, Mapping):
        return compact(value)
    return join_list(
        compact(part) if isinstance(part, Sequence) and not isinstance(part, str) else plain(part)
        for part in value
    )


def moment(value: datetime) -> str:
    """Return `value` as ISO 8601 in UTC with Z; a moment without a zone is taken as UTC."""
    return in_utc(value).isoformat().removesuffix("+00:00") + "Z"


def in_utc(value: datetime) -> datetime:
    """Return `value` moved to UTC; a moment without a zone is taken as UTC already."""
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def is_text(value: Value) -> bool:
    """Say whether a user's own words may stand in `value`, so that it has to be guarded."""
    return isinstance(value, (str, Sequence, Mapping))
