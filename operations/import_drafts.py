"""What an import takes and gives: typed columns from a file, the user's choices, the counts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

IMPORTABLE = ("user", "company", "product", "contact", "deal")
NOTHING = frozenset({"null", "n/a", "#n/a", "nan"})
"""What other programs write, folded, where a reference, a date or a number is empty."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that was left out: its line in the file and what in it cannot be read."""

    line: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Flagged:
    """A value that cannot be read: its row is kept without it, and the record keeps this flag.

    `place`: of the row in the file's table. `noun` and `field`: what the value was meant to fill.
    """

    place: int
    noun: str
    field: str
    column: str
    value: str
    reason: str


@dataclass(slots=True)
class Drafts:
    """Records as a file gives them, column by column.

    `columns`: field name → one typed value for each row, None where the cell is empty; references
    are still text. `headers`: field name → what the file calls it. `lines`: the line each row
    begins on. `read` counts rejected rows too. `notes`: what was decided for whole columns.
    """

    noun: str
    columns: dict[str, list[Any]]
    headers: dict[str, str]
    lines: list[int]
    read: int
    name: str = ""
    rejected: list[Rejected] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.lines)

    def keep(self, rows: list[int]) -> None:
        """Go on with these rows only."""
        if len(rows) < len(self.lines):
            self.lines = [self.lines[row] for row in rows]
            self.columns = {
                name: [values[row] for row in rows] for name, values in self.columns.items()
            }

    def reject(self, rejected: dict[int, Rejected]) -> None:
        """Leave rows out, by their place, each with its reason."""
        self.rejected += [rejected[row] for row in sorted(rejected)]
        self.keep([row for row in range(len(self.lines)) if row not in rejected])


@dataclass(frozen=True, slots=True)
class NewField:
    """A custom field to be made for a column that is no field yet; `kind`: of a custom field."""

    noun: str
    label: str
    kind: str
    key: str
    column: str
    choices: tuple[str, ...] = ()


@dataclass(slots=True)
class Batch:
    """All that a table says: one draft a row for the main noun and for each noun beside it.

    Row i of every Drafts is row i of the table: none is dropped, an unreadable value is None and
    has its flag. A list of values may be shared by several rows, so none is changed in place.
    `linked`: noun → what a row says of the company, contact, deal or activity that goes with it;
    the text that names one (the company of a contact) is in the main draft. `ignored`: place of a
    column → why nothing of it is used. `new_fields`: their values are in the columns, by key.
    """

    main: Drafts
    linked: dict[str, Drafts] = field(default_factory=dict)
    flags: list[Flagged] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    ignored: dict[int, str] = field(default_factory=dict)
    new_fields: list[NewField] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Alias:
    """Another name: `GTXPro` in the file is `GTX Pro`. `column` empty: in any column."""

    old: str
    new: str
    column: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """What the user chose. `create`: nouns whose unknown names become records.

    `source`: the program the external ids come from. `currency`: of deals that say no amount.
    `strict`: one unreadable row refuses all.
    """

    create: frozenset[str] = frozenset()
    aliases: tuple[Alias, ...] = ()
    pipeline: str = ""
    owner: str = ""
    tags: tuple[str, ...] = ()
    source: str = ""
    currency: str = ""
    strict: bool = False


@dataclass(slots=True)
class Imported:
    """What an import did; `read` is the sum of the five counts.

    `repeated`: rows joined into an earlier row of the same file. `made`: noun → how many records
    were made because rows name them.
    """

    noun: str
    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    repeated: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    made: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def counts_of(done: Imported) -> dict[str, int]:
    """The counts of an import by their words: `read`, then what it is the sum of."""
    return {
        "read": done.read,
        "created": done.created,
        "updated": done.updated,
        "unchanged": done.unchanged,
        "repeated": done.repeated,
        "rejected": len(done.rejected),
    }


def as_json(done: Imported, *, command: int, dry_run: bool) -> dict[str, Any]:
    """An import for scripts."""
    return {
        "noun": done.noun,
        **counts_of(done),
        "made": dict(done.made),
        "notes": list(done.notes),
        "rejects": [
            {"line": row.line, "column": row.column, "value": row.value, "reason": row.reason}
            for row in done.rejected
        ],
        "command": command or None,
        "dry_run": dry_run,
    }
