"""Records of a file that name each other: parents of companies, managers of users, referrers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from language.fields import NOUNS
from language.text import fold
from operations.import_drafts import NOTHING, Drafts
from operations.import_lookup import lookup, rows
from operations.import_names import Names
from operations.sources import source_of
from storage.model.people import users

if TYPE_CHECKING:
    from operations.import_flags import Flags
    from operations.import_match import Slot
    from storage.unit import UnitOfWork


class Family:
    """The references between records of one noun. `leads`: field name → text → number or None."""

    def __init__(
        self,
        uow: UnitOfWork,
        drafts: Drafts,
        names: Names,
        bindings: Mapping[str, Any],
        flags: Flags,
    ) -> None:
        self.uow = uow
        self.drafts = drafts
        self.names = names
        self.bindings = bindings
        self.flags = flags
        self.noun = drafts.noun
        self.leads: dict[str, dict[str, int | None]] = {}

    def find(self, own: Mapping[str, Sequence[str | None]], slots: Sequence[Slot]) -> None:
        """Find where the references between rows lead: a number, or a row of this file (None)."""
        title = NOUNS[self.noun].title
        here = {fold(slot.values.get(title) or "") for slot in slots}
        for name, texts in own.items():
            counts = Counter(text for text in texts if text is not None)
            known: dict[str, int | None] = {
                text: None for text in counts if fold(text) in here and fold(text)
            }
            outside = {text: count for text, count in counts.items() if text not in known}
            refs = lookup(self.uow, self.noun, outside)
            unknown: list[tuple[str, int]] = []
            vain: dict[str, str] = {}
            for text, count in outside.items():
                if len(refs.get(text, ())) == 1:
                    known[text] = refs[text][0][0]
                elif refs.get(text):
                    vain[text] = f"{len(refs[text])} {NOUNS[self.noun].plural} have that name"
                elif text.lower() in NOTHING:
                    self.names.done.notes.append(f"{rows(count)}: {name} '{text}' is read as empty")
                else:
                    unknown.append((text, count))
            made = self._unknown(name, unknown)
            vain |= {
                text: f"no {self.noun} has that name" for text, _ in unknown if text not in made
            }
            for slot in slots if vain else ():
                text = self._text(slot, name)
                if text in vain:
                    self.flags.add(self.drafts, slot.row, name, text, vain[text])
            self.leads[name] = known | made

    def _text(self, slot: Slot, name: str) -> str | None:
        text = slot.values.get(name)
        return None if text is None else self.names.aliased(name, text)

    def _unknown(self, name: str, unknown: Sequence[tuple[str, int]]) -> dict[str, int | None]:
        texts = [text for text, _ in unknown]
        if not texts:
            return {}
        if self.noun == "user" and name == "manager":
            made = self.names.make("user", texts, role="manager")
            has = "manager is" if len(made) == 1 else "managers are"
            self.names.done.notes.append(
                f"{len(set(made.values()))} {has} no row of the file and now users:"
                f" {', '.join(texts[:8])}{'…' if len(texts) > 8 else ''}"
            )
            return dict(made)
        if self.noun in self.names.choices.create:
            return dict(self.names.make(self.noun, texts))
        return {}

    def link(self, slots: list[Slot]) -> None:
        """Number new records, and link those that name each other."""
        table = source_of(self.noun).table
        number = self.uow.next_id(table)
        for slot in slots:
            if slot.is_new:
                slot.id = number
                number += 1
        title = NOUNS[self.noun].title
        by_title = {fold(slot.values.get(title) or ""): slot.id for slot in slots}
        for name, known in self.leads.items():
            column = self.bindings[name].column.name
            for slot in slots:
                text = self._text(slot, name)
                if text is not None and text in known:
                    slot.columns[column] = known[text] or by_title.get(fold(text))
            self._break_circles(name, table.c[column], slots)
        if self.noun == "user" and "manager" in self.leads:
            _managers_manage(self.uow, slots)

    def _break_circles(self, name: str, column: sa.Column[Any], slots: Sequence[Slot]) -> None:
        """Nobody may be above themselves, not even through others: such a link is flagged."""
        table = column.table
        links = sa.select(table.c.id, column.label("above")).where(column.is_not(None))
        above: dict[int, int] = {row.id: row.above for row in self.uow.rows(links)}
        for slot in slots:
            if slot.columns.get(column.name) is not None:
                above[slot.id] = slot.columns[column.name]
        safe: set[int] = set()
        for slot in slots:
            path: list[int] = []
            at: int | None = slot.id
            while at is not None and at not in safe and at not in path:
                path.append(at)
                at = above.get(at)
            if at in path and slot.columns.get(column.name) is not None:
                why = f"the {self.noun} would be above itself"
                self.flags.add(self.drafts, slot.row, name, self._text(slot, name), why)
                del slot.columns[column.name]
                del above[slot.id]
            safe.update(path)


def parents_first(rows: Sequence[dict[str, Any]], link: str) -> list[dict[str, Any]]:
    """Rows in an order in which each stands after the row that it points to by `link`."""
    here = {row["id"]: row for row in rows}
    depth: dict[int, int] = {}

    def deep(number: int) -> int:
        steps: list[int] = []
        at: Any = number
        while at in here and at not in depth:
            steps.append(at)
            at = here[at].get(link)
        level = depth.get(at, 0)
        for step in reversed(steps):
            level += 1
            depth[step] = level
        return depth[number]

    return sorted(rows, key=lambda row: deep(row["id"]))


def _managers_manage(uow: UnitOfWork, slots: Sequence[Slot]) -> None:
    """Whoever manages somebody is a manager, unless the file or an admin role says more."""
    here = {slot.id: slot for slot in slots}
    given = [slot.columns.get("manager_id") for slot in slots]
    managers = {int(number) for number in given if number is not None}
    for number in managers & here.keys():
        slot = here[number]
        role = slot.columns.get("role") or (slot.before or {}).get("role")
        if role == "rep" and "role" not in slot.values:
            slot.columns["role"] = "manager"
    for row in uow.rows(
        sa.select(users.c.id).where(users.c.id.in_(managers - here.keys()), users.c.role == "rep")
    ):
        uow.update(users, row.id, {"role": "manager"})
