"""What an import says of itself: counts that add up, and what became of each row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from operations.import_drafts import Flagged, Rejected


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one row of the main noun. `changes`: field → (old, new) of an update.

    `by`: how the record was recognised; empty for a new one.
    """

    line: int
    kind: str
    id: int
    label: str
    by: str = ""
    changes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)


@dataclass(slots=True)
class Imported:
    """What an import did; `read` is the sum of the five counts.

    `merged`: rows joined into the record of another row of the file. `made`: noun → how many
    records were made because rows name them. `beside`: noun → counts of the records that rows
    describe beside the main one. `lines`: of the flagged rows, by their place. `outcomes` and
    `explained` are filled when they were asked for.
    """

    noun: str
    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    merged: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    flagged: list[Flagged] = field(default_factory=list)
    made: dict[str, int] = field(default_factory=dict)
    beside: dict[str, Imported] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    name: str = ""
    lines: Sequence[int] = ()
    outcomes: list[Outcome] = field(default_factory=list)
    explained: list[str] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        """Whether anything was written."""
        beside = any(one.created or one.updated for one in self.beside.values())
        return bool(self.created or self.updated or self.made or beside)

    def line_of(self, flag: Flagged) -> int:
        """The line of a flagged value."""
        return self.lines[flag.place] if 0 <= flag.place < len(self.lines) else 0


def counts_of(done: Imported) -> dict[str, int]:
    """The counts of an import by their words: `read`, then what it is the sum of."""
    return {
        "read": done.read,
        "created": done.created,
        "updated": done.updated,
        "unchanged": done.unchanged,
        "merged": done.merged,
        "rejected": len(done.rejected),
    }


def summed(parts: Sequence[Imported]) -> Imported:
    """Several files as one import; lines stay those of each file."""
    if len(parts) == 1:
        return parts[0]
    whole = Imported(parts[0].noun, name=", ".join(part.name for part in parts))
    for part in parts:
        _add(whole, part)
        whole.notes += [f"{part.name}: {note}" for note in part.notes]
    return whole


def _add(whole: Imported, part: Imported) -> None:
    for name in ("read", "created", "updated", "unchanged", "merged"):
        setattr(whole, name, getattr(whole, name) + getattr(part, name))
    whole.rejected += part.rejected
    whole.flagged += part.flagged
    whole.outcomes += part.outcomes
    whole.explained += part.explained
    for noun, count in part.made.items():
        whole.made[noun] = whole.made.get(noun, 0) + count
    for noun, one in part.beside.items():
        _add(whole.beside.setdefault(noun, Imported(noun)), one)


def as_json(
    done: Imported, parts: Sequence[Imported], *, command: int, dry_run: bool
) -> dict[str, Any]:
    """An import for scripts; `parts` are the files it is made of."""
    told: dict[str, Any] = {
        "noun": done.noun,
        **counts_of(done),
        "flagged": len(done.flagged),
        "made": dict(done.made),
        "beside": {noun: counts_of(one) for noun, one in done.beside.items()},
        "notes": list(done.notes),
        "rejects": [
            {"file": part.name, "line": row.line, "column": row.column, "value": row.value,
             "reason": row.reason}
            for part in parts for row in part.rejected
        ],
        "flags": [
            {"file": part.name, "line": part.line_of(flag), "noun": flag.noun,
             "field": flag.field, "column": flag.column, "value": flag.value,
             "reason": flag.reason}
            for part in parts for flag in part.flagged
        ],
        "command": command or None,
        "dry_run": dry_run,
    }  # fmt: skip
    if any(part.outcomes for part in parts):
        told["rows"] = [
            {"file": part.name, **_row(row)} for part in parts for row in _in_order(part.outcomes)
        ]
    if done.explained:
        told["explained"] = list(done.explained)
    return told


def _in_order(rows: Iterable[Outcome]) -> list[Outcome]:
    return sorted(rows, key=lambda row: row.line)


def _row(row: Outcome) -> dict[str, Any]:
    return {
        "line": row.line,
        "class": row.kind,
        "id": row.id or None,
        "label": row.label,
        "by": row.by,
        "changes": {name: {"old": old, "new": new} for name, (old, new) in row.changes.items()},
    }
