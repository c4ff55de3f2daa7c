"""Files that crm itself wrote: their headings are keys, and nothing in them is guessed at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from importers.goals import NAME, Goal
from language.fields import NOUNS

if TYPE_CHECKING:
    from language.fields import Field


_LEAST = 3


def is_ours(headers: Sequence[str], noun: str, custom: Sequence[Field]) -> bool:
    """Whether a table is an export of this noun: a unique id, and keys of ours for the most part.

    A field that the team of another database added may stand beside them.
    """
    known = _keys(noun, custom)
    ours = sum(header in known for header in headers)
    return "uid" in headers and ours >= _LEAST and ours * 2 > len(headers)


def _accompanies(header: str) -> bool:
    """Whether a key goes with a field that only the other database has: `zone_id`."""
    return header.endswith(("_id", "_ids", "_currency"))


def _keys(noun: str, custom: Sequence[Field]) -> dict[str, Field | None]:
    """Key of a column → its field, None for the keys that only accompany one."""
    keys: dict[str, Field | None] = {}
    for field in (*NOUNS[noun].fields, *custom):
        keys.setdefault(field.name, field)
        if field.kind == "money":
            keys.setdefault("currency", None)
            keys.setdefault(f"{field.name}_currency", None)
        if field.kind == "ref":
            keys.setdefault(f"{field.name}_id", None)
        if field.kind == "member":
            keys.setdefault(f"{field.name}_ids", None)
    return keys


def exact(header: str, noun: str, custom: Sequence[Field]) -> tuple[Goal | None, str]:
    """The goal of a heading of our own export; or none, and why."""
    known = _keys(noun, custom)
    field = known.get(header)
    if field is None:
        if header not in known and not _accompanies(header):
            return None, ""
        if header.endswith("currency"):
            return None, ""
        return None, "a number of this database, which another one does not know"
    if not field.fill and field.name not in {"uid", "done_at"}:
        return None, f"{field.label.lower()} is worked out, not filled"
    return Goal(noun, field, "the heading is the key of the field", NAME), ""
