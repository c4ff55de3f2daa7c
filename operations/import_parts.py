"""The lists of imported records (e-mails, tags, hobbies, fields of your own), written in sets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from language.errors import CrmError
from language.text import quoted
from operations.import_drafts import Drafts
from operations.parts import Parts

if TYPE_CHECKING:
    from operations.import_flags import Flags
    from operations.import_match import Slot
    from storage.unit import UnitOfWork

Columns = dict[str, Any]
AT_ONCE = 5_000


class Lists:
    """The fields of an import that hold several values each."""

    def __init__(self, uow: UnitOfWork, drafts: Drafts, bindings: Mapping[str, Any]) -> None:
        self.uow = uow
        self.drafts = drafts
        self.bindings: dict[str, Parts] = {
            name: bindings[name]
            for name in drafts.columns
            if isinstance(bindings.get(name), Parts) and name != "products"
        }
        self.read: dict[str, dict[Any, Columns]] = {name: {} for name in self.bindings}

    def check(self, later: Sequence[str], flags: Flags) -> None:
        """Read every value once; those that cannot be read are flagged and left out.

        `later`: fields whose values are read elsewhere, as they name other records.
        """
        for name, binding in self.bindings.items():
            if name in later:
                continue
            read = self.read[name]
            failed: dict[Any, str] = {}
            for listed in self.drafts.columns[name]:
                for value in as_list(listed):
                    if value not in read and value not in failed:
                        try:
                            read[value] = binding.read(self.uow, value)
                        except CrmError as error:
                            failed[value] = error.message.rstrip(".")
            if failed:
                self._flag(name, failed, flags)
        self._doubts()

    def _flag(self, name: str, failed: Mapping[Any, str], flags: Flags) -> None:
        values = self.drafts.columns[name]
        for row, listed in enumerate(values):
            bad = [value for value in as_list(listed) if value in failed]
            for value in bad:
                flags.add(self.drafts, row, name, value, failed[value])
            if bad:
                left = [value for value in as_list(listed) if value not in failed]
                values[row] = (left or None) if isinstance(listed, list) else None

    def _doubts(self) -> None:
        """One note for all numbers that are kept as typed, instead of one each."""
        doubtful = [
            str(new["raw"])
            for new in self.read.get("phones", {}).values()
            if "e164" in new and new["e164"] is None
        ]
        if doubtful:
            self.uow.notes[:] = [note for note in self.uow.notes if "kept as typed" not in note]
            are = (
                "1 phone is no valid number"
                if len(doubtful) == 1
                else (f"{len(doubtful):,} phones are no valid numbers")
            )
            some = ", ".join(quoted(text) for text in doubtful[:3])
            self.drafts.notes.append(
                f"{are} in {self.uow.settings.country}; kept as typed: {some}"
                + ("…" if len(doubtful) > 3 else "")
            )

    def write(self, slots: Sequence[Slot]) -> set[int]:
        """Add the values that are not there yet; gives the existing records that changed."""
        changed: set[int] = set()
        for name, binding in self.bindings.items():
            mine = [slot for slot in slots if slot.values.get(name) is not None]
            old = [slot for slot in mine if not slot.is_new]
            add = self._add if type(binding).add is Parts.add else self._replace
            found: list[Columns] = []
            if old:
                changed |= add(name, binding, old, found)
            self._insert(binding, found)
            self._insert(binding, self._fresh(name, binding, mine))
            self.read[name] = {}  # a large file holds many of them
        return changed

    def _insert(self, binding: Parts, rows: Iterable[Columns]) -> None:
        """Write rows in sets of the same columns."""
        by_keys: defaultdict[tuple[str, ...], list[Columns]] = defaultdict(list)
        for row in rows:
            listed = by_keys[tuple(row)]
            listed.append(row)
            if len(listed) == AT_ONCE:
                self.uow.insert_many(binding.table, listed)
                listed.clear()
        for listed in by_keys.values():
            self.uow.insert_many(binding.table, listed)

    def _fresh(self, name: str, binding: Parts, slots: Iterable[Slot]) -> Iterator[Columns]:
        """The values of new records, which cannot have any yet."""
        preferred = "preferred" in binding.table.c
        owner, fixed, read = binding.owner.name, binding.fixed(), self.read[name]
        for slot in slots:
            if not slot.is_new:
                continue
            values = as_list(slot.values[name])
            rows: list[Columns] = []
            for value in values:
                given = {**read[value], owner: slot.id, **fixed}
                if len(values) > 1 and any(binding.same(row, given) for row in rows):
                    continue
                if preferred:
                    given["preferred"] = not rows
                rows.append(given)
            yield from rows

    def _add(
        self, name: str, binding: Parts, slots: Sequence[Slot], new: list[Columns]
    ) -> set[int]:
        held: defaultdict[int, list[Mapping[str, Any]]] = defaultdict(list)
        for row in binding.rows(self.uow, [slot.id for slot in slots]):
            held[int(row[binding.owner.name])].append(row)
        preferred = "preferred" in binding.table.c
        changed: set[int] = set()
        for slot in slots:
            rows = held[slot.id]
            for value in as_list(slot.values[name]):
                given = {**self.read[name][value], binding.owner.name: slot.id, **binding.fixed()}
                if any(binding.same(row, given) for row in rows):
                    continue
                if preferred:
                    given["preferred"] = not rows
                rows.append(given)
                new.append(given)
                changed.add(slot.id)
        return changed

    def _replace(
        self, name: str, binding: Parts, slots: Sequence[Slot], new: list[Columns]
    ) -> set[int]:
        """Fields that hold one value, such as a birthday: written where they differ."""
        held = {
            int(row[binding.owner.name]): row
            for row in binding.rows(self.uow, [slot.id for slot in slots])
        }
        changed: defaultdict[tuple[str, ...], list[Columns]] = defaultdict(list)
        numbers: set[int] = set()
        for slot in slots:
            given = self.read[name][as_list(slot.values[name])[-1]]
            row = held.get(slot.id)
            if row is None:
                new.append({**given, binding.owner.name: slot.id, **binding.fixed()})
                numbers.add(slot.id)
                continue
            real = {key: value for key, value in given.items() if row[key] != value}
            if real:
                changed[tuple(sorted(real))].append(real | {"id": row["id"]})
                numbers.add(slot.id)
        for rows in changed.values():
            self.uow.update_many(binding.table, rows)
        return numbers


def as_list(value: Any) -> list[Any]:
    """The values of a cell: of a list, or the one it holds."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
