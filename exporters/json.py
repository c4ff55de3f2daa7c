r"""JSON that gives every value back exactly and can still be shown on a terminal.

Letters of any script stay readable; control, bidirectional and zero-width characters are written
as \uXXXX. Amounts are written from their decimal digits, never through a float.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, BinaryIO

from exporters.cells import moment

if TYPE_CHECKING:
    from exporters.sheet import Column, Row, Sheet, Value

# Everything a terminal acts upon or a reader cannot see, as `language.text.safe` has it, without
# its exceptions: an escape costs nothing here. C0 is escaped by the json module already.
_UNSAFE = re.compile(
    r"[\x7f-\x9f\u00ad\u034f\u061c\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    r"\u2060-\u206f\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
    r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_quoted = json.JSONEncoder(ensure_ascii=False).encode


def write(sheet: Sheet, out: BinaryIO) -> int:
    """Write `sheet` as one array of objects, element by element, and return the rows written."""
    count = 0
    for row in sheet.rows:
        out.write(b",\n  " if count else b"[\n  ")
        out.write(_encoded(record(sheet.columns, row), "\n  ").encode("utf-8"))
        count += 1
    out.write(b"\n]\n" if count else b"[]\n")
    return count


def dumps(value: Value) -> str:
    """Return one value as JSON indented by two spaces, without a line end: `show`, errors."""
    return _encoded(value, "\n")


def compact(value: Value) -> str:
    """Return one value as JSON on a single line without spaces."""
    return _encoded(value, "")


def one_line(value: Mapping[str, object]) -> str:
    """Return an object of plain values (text, whole numbers, flags, nested) on one line, fast."""
    return _UNSAFE.sub(_escape, _quoted(value))


def record(columns: Sequence[Column], row: Row) -> dict[str, Value]:
    """Return the object that stands for `row`: every column's key, in order."""
    found = {column.key: row.get(column.key) for column in columns}
    for column in columns:
        value = found[column.key]
        if column.kind == "flag" and isinstance(value, int):
            found[column.key] = bool(value)
    return found


def _encoded(value: Value, pad: str) -> str:
    """Return `value` as JSON; `pad` is the line end and indent around it, empty for one line."""
    if isinstance(value, str):
        return _UNSAFE.sub(_escape, _quoted(str(value)))
    if isinstance(value, Mapping):
        return _object(value, pad)
    if isinstance(value, Sequence):
        return _array(value, pad)
    return _scalar(value)


def _scalar(value: float | Decimal | date | None) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float):
        return float.__repr__(value) if math.isfinite(value) else "null"
    if isinstance(value, Decimal):
        return _digits(value)
    if isinstance(value, datetime):
        return f'"{moment(value)}"'
    if isinstance(value, date):
        return f'"{value.isoformat()}"'
    raise TypeError(f"{type(value).__name__} has no JSON form")


def _array(parts: Sequence[Value], pad: str) -> str:
    if not parts:
        return "[]"
    inner = pad and pad + "  "
    return f"[{inner}{f',{inner}'.join(_encoded(part, inner) for part in parts)}{pad}]"


def _object(members: Mapping[str, Value], pad: str) -> str:
    if not members:
        return "{}"
    inner = pad and pad + "  "
    colon = ": " if pad else ":"
    body = f",{inner}".join(
        f"{_encoded(str(key), '')}{colon}{_encoded(part, inner)}" for key, part in members.items()
    )
    return f"{{{inner}{body}{pad}}}"


def _digits(value: Decimal) -> str:
    if not value.is_finite():
        return "null"
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _escape(found: re.Match[str]) -> str:
    units = found.group().encode("utf-16-be", "surrogatepass")
    return "".join(
        f"\\u{int.from_bytes(units[at : at + 2], 'big'):04x}" for at in range(0, len(units), 2)
    )
