"""The lists of imported records (e-mails, tags, hobbies, fields of your own), written in sets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from language.errors import CrmError
from operations.import_drafts import Drafts, Rejected
from operations.parts import Parts

if TYPE_CHECKING:
    from operations.import_match import Slot
    from storage.unit import UnitOfWork

Columns = dict[str, Any]


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

    def check(self, later: Sequence[str]) -> dict[int, Rejected]:
        """Read every value once; gives the rows that hold one which cannot be read.

        `later`: fields whose values are read elsewhere, as they name other records.
        """
        rejected: dict[int, Rejected] = {}
        for name, binding in self.bindings.items():
            if name in later:
                continue
            read = self.read[name]
            failed: dict[Any, str] = {}
            for row, listed in enumerate(self.drafts.columns[name]):
                for value in _as_list(listed):
                    if value not in read and value not in failed:
                        try:
                            read[value] = binding.read(self.uow, value)
                        except CrmError as error:
                            failed[value] = error.message.rstrip(".")
                    if value in failed:
                        header = self.drafts.headers.get(name, name)
                        line = self.drafts.lines[row]
                        rejected[row] = Rejected(line, header, str(value), failed[value])
        return rejected

    def write(self, slots: Sequence[Slot]) -> set[int]:
        """Add the values that are not there yet; gives the existing records that changed."""
        changed: set[int] = set()
        for name, binding in self.bindings.items():
            mine = [slot for slot in slots if slot.values.get(name)]
            new: list[Columns] = []
            old = [slot for slot in mine if not slot.is_new]
            if type(binding).add is Parts.add:
                changed |= self._add(name, binding, old, new)
            else:
                changed |= self._replace(name, binding, old)
            self._add(name, binding, [slot for slot in mine if slot.is_new], new, fresh=True)
            by_keys: defaultdict[tuple[str, ...], list[Columns]] = defaultdict(list)
            for row in new:
                by_keys[tuple(sorted(row))].append(row)
            for rows in by_keys.values():
                self.uow.insert_many(binding.table, rows)
        return changed

    def _add(
        self,
        name: str,
        binding: Parts,
        slots: Sequence[Slot],
        new: list[Columns],
        *,
        fresh: bool = False,
    ) -> set[int]:
        held: defaultdict[int, list[Mapping[str, Any]]] = defaultdict(list)
        if not fresh:
            for row in binding.rows(self.uow, [slot.id for slot in slots]):
                held[int(row[binding.owner.name])].append(row)
        preferred = "preferred" in binding.table.c
        changed: set[int] = set()
        for slot in slots:
            rows = held[slot.id]
            for value in _as_list(slot.values[name]):
                given = dict(self.read[name][value])
                same = next((row for row in rows if binding.same(row, given)), None)
                if same is not None:
                    continue
                if preferred:
                    given["preferred"] = not rows
                given |= {binding.owner.name: slot.id, **binding.fixed()}
                rows.append(given)
                new.append(dict(given))
                changed.add(slot.id)
        return changed

    def _replace(self, name: str, binding: Parts, slots: Sequence[Slot]) -> set[int]:
        """Fields that hold one value, such as a birthday: written where they differ."""
        changed: set[int] = set()
        numbers = [slot.id for slot in slots]
        before = binding.load(self.uow, numbers) if numbers else {}
        for slot in slots:
            binding.add(self.uow, slot.id, slot.values[name])
        after = binding.load(self.uow, numbers) if numbers else {}
        for slot in slots:
            if before.get(slot.id) != after.get(slot.id):
                changed.add(slot.id)
        return changed


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
