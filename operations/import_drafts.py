"""What an import takes and gives: typed columns from a file, the user's choices, the counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

ORDER = ("user", "product", "company", "contact", "deal", "activity", "task")
"""Nouns in the order in which a file's records are written: each after those it names."""
IMPORTABLE = ("user", "company", "product", "contact", "deal", "activity", "task")
NOTHING = frozenset({"null", "n/a", "#n/a", "nan"})
"""What other programs write, folded, where a reference, a date or a number is empty."""
POLICIES = ("update", "fill", "skip", "duplicate")
"""What may be done where a row is a record that exists: take the row's values over, fill empty
fields only, leave it as it is, or add a second record."""
MADE = frozenset({"company", "contact"})
"""Nouns whose records are made when a row names one that is nowhere, unless told otherwise."""


class Derived(str):
    """A name made from something else in the row: no reason to rename a record."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that was left out: its line in the file and what in it cannot be read.

    `place`: of the row in the file's table, or -1 for what is no row of it.
    """

    line: int
    column: str
    value: str
    reason: str
    place: int = -1


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
    begins on; `places`: which row of the file's table it is. `read` counts rejected rows too.
    `notes`: what was decided for whole columns.
    """

    noun: str
    columns: dict[str, list[Any]]
    headers: dict[str, str]
    lines: list[int]
    read: int
    name: str = ""
    rejected: list[Rejected] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    places: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Every row is where the file has it, unless said otherwise."""
        if not self.places:
            self.places = list(range(len(self.lines)))

    def __len__(self) -> int:
        return len(self.lines)

    def keep(self, rows: list[int]) -> None:
        """Go on with these rows only."""
        if len(rows) < len(self.lines):
            self.lines = [self.lines[row] for row in rows]
            self.places = [self.places[row] for row in rows]
            self.columns = {
                name: [values[row] for row in rows] for name, values in self.columns.items()
            }

    def reject(self, rejected: Mapping[int, Rejected]) -> None:
        """Leave rows out, by their place among those left, each with its reason."""
        if rejected:
            self.rejected += [rejected[row] for row in sorted(rejected)]
            self.keep([row for row in range(len(self.lines)) if row not in rejected])

    def rejection(self, row: int, column: str, value: str, reason: str) -> Rejected:
        """Say why a row is left out."""
        return Rejected(self.lines[row], column, value, reason, self.places[row])


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

    `owners`: of new records that name none, in turn. `source`: the program the external ids come
    from. `currency`: of deals that say no amount. `strict`: one problem refuses all. `on_match`:
    field name → one of POLICIES, "" for all other fields. `detail`: tell what becomes of every
    row, value by value. `explain`: lines whose matching is told step by step. `progress` is called
    with what is being done, how many rows are, and of how many. `kind`: of activities that name
    none.
    """

    create: frozenset[str] = MADE
    aliases: tuple[Alias, ...] = ()
    pipeline: str = ""
    owners: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    source: str = ""
    currency: str = ""
    strict: bool = False
    on_match: Mapping[str, str] = field(default_factory=dict)
    detail: bool = False
    explain: frozenset[int] = frozenset()
    kind: str = ""
    progress: Callable[[str, int, int], None] | None = None

    def policy(self, name: str = "") -> str:
        """What to do with a field of a record that exists, or with such records as a whole."""
        return self.on_match.get(name) or self.on_match.get("") or "update"

    def tell(self, what: str, done: int, of: int) -> None:
        """Say how far the import is, to whoever wants to know."""
        if self.progress is not None:
            self.progress(what, done, of)
