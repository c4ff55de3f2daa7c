"""One field of a plan → its values, row by row, with a flag for each that cannot be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from importers.cells import Column, as_text, is_plain
from importers.listing import Source, read_list
from importers.places import is_whole, joined
from importers.scalars import TOLD, Told, is_empty, mapped, priced, reader, reason_of
from language.errors import CrmError
from language.text import clean
from operations.import_drafts import Flagged

if TYPE_CHECKING:
    from importers.goals import Goal
    from importers.plan import Filled, Plan
    from language.reading import Reading

_CLOSED = {"won": "won", "lost": "lost", "ganado": "won", "ganada": "won", "perdido": "lost",
           "perdida": "lost", "closed won": "won", "closed lost": "lost"}  # fmt: skip

_AS_IS = frozenset({"text", "long", "ref"})
"""Kinds of which a plain text is its own value."""


@dataclass(slots=True)
class Result:
    """The values of a field. `decisions`: place of a column → what was decided for it.

    `notes`: what is worth saying to everybody. `unused`: columns that turned out to add nothing.
    """

    values: list[Any]
    flags: list[Flagged] = field(default_factory=list)
    decisions: dict[int, list[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    unused: dict[int, str] = field(default_factory=dict)


def fill(plan: Plan, filled: Filled, reading: Reading) -> Result:
    """Read the columns of one field."""
    return _Filling(plan, filled, reading).run()


class _Filling:
    def __init__(self, plan: Plan, filled: Filled, reading: Reading) -> None:
        self.filled = filled
        self.plan = plan
        currency = next((goal.currency for _, goal in filled.found if goal.currency), "")
        values = plan.values(filled.noun, filled.field.name)
        self.told = Told(filled.field, reading, values, currency, plan.ours)
        self.result = Result([])

    def run(self) -> Result:
        kind, found = self.filled.field.kind, self.filled.found
        plain = [pair for pair in found if not pair[1].role]
        types = [pair for pair in found if pair[1].role == "type"]
        if kind == "address" and not is_whole([goal for _, goal in found]):
            self.result.values = joined(found)
            if len(found) > 1:
                said = "one address of several columns"
                self.result.decisions[found[0][0].place] = [said]
        elif self.filled.field.many:
            self.result.values = self._list(plain, types)
        elif kind == "long" and len(plain) > 1:
            self.result.values = self._notes(plain)
        elif plain:
            self.result.values = self._spared(plain[0][0])
        else:
            self.result.values = [None] * len(self.plan.columns[0].cells)
        for column, goal in found:
            if goal.role == "outcome":
                self._over(column)
        return self.result

    def _decide(self, columns: Sequence[Column], notes: Sequence[str]) -> None:
        for column in columns:
            self.result.decisions.setdefault(column.place, []).extend(notes)
        self.result.notes += [f"{columns[0].header}: {note}" for note in notes]

    def _flag(self, column: Column, failed: Mapping[Any, Sequence[tuple[str, str]]]) -> None:
        if not failed:
            return
        noun, name = self.filled.noun, self.filled.field.name
        for row, key in enumerate(column.keys()):
            for text, reason in failed.get(key, ()):
                flagged = Flagged(row, noun, name, column.header, text, reason)
                self.result.flags.append(flagged)

    # One value

    def _spared(self, column: Column) -> list[Any]:
        """The values of a column, and of a second one where the first is empty."""
        values = self._values(column)
        for spare in self.filled.spare:
            others = self._values(spare)
            differ = sum(
                1 for a, b in zip(values, others, strict=True)
                if a is not None and b is not None and a != b
            )  # fmt: skip
            said = f"used where '{column.header}' is empty"
            if differ:
                said += f"; {differ:,} other values are left out"
                self.result.notes.append(f"{spare.header}: {said}")
            self.result.decisions.setdefault(spare.place, []).append(said)
            values = [b if a is None else a for a, b in zip(values, others, strict=True)]
        return values

    def _values(self, column: Column) -> list[Any]:
        if self.filled.currency is not None and self.filled.field.kind == "money":
            return self._priced(column, self.filled.currency)
        read, notes = reader(self.told, [column])
        self._decide([column], notes)
        kind = self.filled.field.kind
        known: dict[Any, Any] = {}
        if kind in _AS_IS and self.filled.field.name != "uid" and not self.told.values:
            known = {key: key for key in set(column.keys()) if is_plain(key)}
        failed: dict[Any, list[tuple[str, str]]] = {}
        nothing: list[Any] = []
        exact = kind == "long"
        for key, tidy in column.distinct(known):
            if is_empty(self.told, tidy):
                known[key] = None
                if tidy is not None:
                    nothing.append(key)
                continue
            value = mapped(self.told, tidy)
            if exact and isinstance(key, str) and value is tidy:
                value = _untidied(key, column)
            if value is None or value == "":
                known[key] = None
                continue
            try:
                known[key] = read(value)
            except CrmError as error:
                known[key] = None
                failed[key] = [(as_text(tidy), reason_of(error))]
        keys = column.keys()
        self._say_nothing(column, nothing)
        self._flag(column, failed)
        return list(map(known.__getitem__, keys))

    def _say_nothing(self, column: Column, nothing: Sequence[Any]) -> None:
        if self.filled.field.kind not in TOLD:
            return
        keys = column.keys()
        for key in nothing:
            count = sum(1 for each in keys if each == key)
            has = "row has" if count == 1 else "rows have"
            text = as_text(column.value(key))
            self.result.notes.append(f"{count:,} {has} {column.header} '{text}': read as empty")

    def _priced(self, column: Column, currencies: Column) -> list[Any]:
        """Amounts whose currency stands in a column of its own."""
        read, notes = priced(self.told, column)
        self._decide([column], notes)
        pairs = list(zip(column.keys(), currencies.cells, strict=True))
        known: dict[Any, Any] = {}
        failed: dict[Any, tuple[str, str]] = {}
        for pair in dict.fromkeys(pairs):
            value, code = column.value(pair[0]), as_text(pair[1]).strip()
            if is_empty(self.told, value):
                known[pair] = None
                continue
            try:
                known[pair] = read(value, code)
            except CrmError as error:
                known[pair] = None
                failed[pair] = (f"{as_text(value)} {code}".strip(), reason_of(error))
        if failed:
            for row, pair in enumerate(pairs):
                if pair in failed:
                    noun, name = self.filled.noun, self.filled.field.name
                    self.result.flags.append(Flagged(row, noun, name, column.header, *failed[pair]))
        return list(map(known.__getitem__, pairs))

    # Several columns

    def _list(
        self, plain: Sequence[tuple[Column, Goal]], types: Sequence[tuple[Column, Goal]]
    ) -> list[Any]:
        by_group = {(goal.label, goal.group): column for column, goal in types}
        by_number = {goal.group: column for column, goal in types}
        sources = [
            Source(
                column,
                goal.label,
                by_group.get((goal.label, goal.group)) or by_number.get(goal.group),
            )
            for column, goal in plain
        ]
        if not sources:
            return [None] * len(types[0][0].cells)
        values, bad, notes = read_list(self.told, sources)
        self._decide([source.column for source in sources], notes)
        for source, failed in zip(sources, bad, strict=True):
            self._flag(source.column, failed)
        return values

    def _notes(self, plain: Sequence[tuple[Column, Goal]]) -> list[Any]:
        """Notes of several columns, one below the other."""
        columns = [self._values(column) for column, _ in plain]
        said = "joined with " + ", ".join(f"'{column.header}'" for column, _ in plain[1:])
        self.result.decisions.setdefault(plain[0][0].place, []).append(said)
        return ["\n".join(filter(None, each)) or None for each in zip(*columns, strict=True)]

    def _over(self, column: Column) -> None:
        """Won or lost, in a column of its own, is the stage of a deal that is over."""
        values = self.plan.values(self.filled.noun, "outcome")
        alone = len(self.filled.found) == 1
        known: dict[Any, str | None] = {}
        for key, value in column.distinct():
            text = as_text(value)
            text = values.get(text.lower(), text)
            known[key] = _CLOSED.get(text.lower(), text if alone else None) or None
        self.result.values = [
            known[key] or stage
            for key, stage in zip(column.keys(), self.result.values, strict=True)
        ]


def _untidied(key: str, column: Column) -> str:
    """A note as it is, with the space around it."""
    from language.guard import unguard

    text = unguard(key) if key[:1] == "'" and column.guarded else key
    return clean(text, what="note")
