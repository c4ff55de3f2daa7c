"""Several values in one cell of a file: joined by `; `, and taken apart again exactly."""

from __future__ import annotations

import re
from collections.abc import Iterable

_SPECIAL = re.compile(r"([\\;])")
_PART = re.compile(r"(?:[^\\;]|\\.|\\\Z)*", re.DOTALL)
_ESCAPED = re.compile(r"\\(.?)", re.DOTALL)


def join_list(parts: Iterable[str]) -> str:
    r"""Return `parts` in one cell, joined by `; `.

    A `;` or a backslash inside a part gets a backslash in front. A list of one empty text is a
    lone backslash, because an empty cell is an empty list.
    """
    escaped = [_SPECIAL.sub(r"\\\1", part) for part in parts]
    return "\\" if escaped == [""] else "; ".join(escaped)


def split_list(cell: str) -> list[str]:
    """Return the parts that `join_list` joined; also reads `a;b` as people type it."""
    if not cell:
        return []
    if ";" not in cell and "\\" not in cell:
        return [cell]
    parts: list[str] = []
    start = 0
    while True:
        found = _PART.match(cell, start)
        end = found.end() if found else start
        part = cell[start:end]
        parts.append(_ESCAPED.sub(r"\1", part.removeprefix(" ") if parts else part))
        if end >= len(cell):
            return parts
        start = end + 1
