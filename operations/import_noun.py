"""Import the records of one noun: references, matching, rules, then writing, each in sets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from language.errors import CrmError
from language.fields import NOUNS
from operations.bindings import Link
from operations.custom_fields import custom_binding, definitions
from operations.flags import flag_many, settle_many
from operations.import_drafts import Choices, Derived, Drafts
from operations.import_family import Family
from operations.import_flags import Flags
from operations.import_lookup import in_chunks
from operations.import_match import Found, Slot, match_rows
from operations.import_names import Names
from operations.import_parts import Lists
from operations.import_rules import GIVES_WAY, check, same_logins
from operations.import_told import Imported
from operations.import_write import insert, update
from operations.merged_ids import MERGED_ID
from operations.parts import Members, Parts
from operations.sources import Source, source_of

if TYPE_CHECKING:
    from operations.import_deals import Deals
    from storage.unit import UnitOfWork

BY_NAME = frozenset({"name", "title", "name and company", "what happened"})
"""Ways of telling by which a record keeps its name: the file only spells it in another way."""


UNTOLD = "note"
"""What an activity is of which nobody says what it was."""


class NounImport:
    """One noun of a file.

    `ids`: place of a row → number of its record; `new` and `changed`: numbers of the records that
    it makes, and of those that it changes.
    """

    def __init__(
        self, uow: UnitOfWork, drafts: Drafts, choices: Choices, done: Imported, flags: Flags
    ) -> None:
        self.uow = uow
        self.drafts = drafts
        self.choices = choices
        self.done = done
        self.flags = flags
        self.noun = drafts.noun
        self.source: Source = source_of(drafts.noun)
        self.names = Names(uow, drafts, choices, done)
        self.ids: dict[int, int] = {}
        self.new: set[int] = set()
        self.changed: set[int] = set()
        self.refused: dict[Slot, CrmError] = {}
        self.more_ids: list[tuple[Slot, str, str]] = []
        self.bindings: dict[str, Any] = {}
        for name in (*drafts.columns, "tags", "owner", "kind", NOUNS[self.noun].title):
            binding = self.source.bindings.get(name)
            if binding is None:
                custom = custom_binding(uow, self.noun, name)
                binding = custom[1] if custom else None
            if binding is not None:
                self.bindings[name] = binding

    def run(self) -> None:
        """Import all rows of the drafts."""
        self._give_defaults()
        lists = Lists(self.uow, self.drafts, self.bindings)
        members = [name for name, one in lists.bindings.items() if isinstance(one, Members)]
        self.choices.tell("reading values", 0, len(self.drafts))
        lists.check(members, self.flags)
        own = self.names.resolve(self.bindings, self.flags)
        self._read_members(lists, members)
        deals = self._read_deals()
        found = match_rows(self.uow, self.drafts, self.choices, lists)
        self._apply_policies(found)
        slots = found.slots
        family = Family(self.uow, self.drafts, self.names, self.bindings, self.flags)
        family.find(own, slots)
        self._write_columns(slots, skip={*own, "products"})
        if deals is not None:
            pipeline = None
            if self.choices.pipeline:
                pipeline = self.names.one("pipeline", self.choices.pipeline)
            deals.settle_stages(slots, pipeline, create="stage" in self.choices.create)
        self.names.check()
        self._settle(slots, deals)
        self._leave_out(found)
        family.link(found.slots)
        self._write(found, lists, deals)

    # Before matching

    def _give_defaults(self) -> None:
        """What the user says for every row: tags and aliases."""
        drafts = self.drafts
        if self.choices.tags and "tags" in self.source.bindings:
            tags = drafts.columns.get("tags", [None] * len(drafts))
            drafts.columns["tags"] = [[*(own or ()), *self.choices.tags] for own in tags]
        if self.noun == "activity":
            kinds = drafts.columns.get("kind", [None] * len(drafts))
            drafts.columns["kind"] = [kind or self.choices.kind or UNTOLD for kind in kinds]
            if (untold := kinds.count(None)) and not self.choices.kind:
                are = "1 activity is" if untold == 1 else f"{untold:,} activities are"
                self.done.notes.append(f"{are} of no kind that can be read: taken as {UNTOLD}s")
        if any(alias.column for alias in self.choices.aliases):
            self._rename()

    def _rename(self) -> None:
        """Apply aliases of a column to plain texts; references are renamed where they are read."""
        for name, values in self.drafts.columns.items():
            if not isinstance(self.bindings.get(name), Link | Parts):
                self.drafts.columns[name] = [
                    self.names.aliased(name, value) if isinstance(value, str) else value
                    for value in values
                ]

    def _read_members(self, lists: Lists, members: Sequence[str]) -> None:
        for name in members:
            read = self.names.members(lists.bindings[name], name)  # type: ignore[arg-type]  # chosen by kind
            lists.read[name] = dict(read)
            vain = self.names.vain.get(name, {})
            values = self.drafts.columns[name]
            for row, listed in enumerate(values):
                for text in listed or ():
                    if text in vain:
                        self.flags.add(self.drafts, row, name, text, vain[text])
                values[row] = [text for text in listed or () if text in read] or None

    def _read_deals(self) -> Deals | None:
        if self.noun != "deal":
            return None
        from operations.import_deals import Deals

        deals = Deals(self.uow, self.drafts, self.names, self.flags)
        if "products" in self.drafts.columns:
            deals.lines.find()
        self.drafts.reject(deals.give_titles())
        if "external_id" not in self.drafts.columns and "uid" not in self.drafts.columns:
            self.done.notes.append(
                "no column holds an external id: deals are told by title, company and opening day"
            )
        return deals

    # After matching

    def _apply_policies(self, found: Found) -> None:
        """Leave alone, where a record exists, the fields that the user wants to be left alone."""
        if set(self.choices.on_match.values()) <= {"update"}:
            return
        old = [slot for slot in found.slots if not slot.is_new]
        for name in list(self.drafts.columns):
            policy = self.choices.policy(name)
            mine = [slot for slot in old if name in slot.values]
            filled = self._filled(name, mine) if policy == "fill" else set()
            for slot in mine:
                if policy == "skip" or slot.id in filled:
                    del slot.values[name]

    def _filled(self, name: str, slots: Sequence[Slot]) -> set[int]:
        """Which of these records have a value in a field."""
        from operations.lists import select_records

        filled: set[int] = set()
        for chunk in in_chunks([slot.id for slot in slots]):
            for record in select_records(self.uow, self.noun, ["id", name], ids=chunk):
                if record[name] not in (None, "", []):
                    filled.add(int(record["id"]))  # type: ignore[arg-type]  # a number by its kind
        return filled

    # Columns

    def _write_columns(self, slots: Sequence[Slot], skip: set[str]) -> None:
        """Turn what the file says into columns, by the same bindings that `add` and `edit` use."""
        for name in self.drafts.columns:
            binding = self.bindings.get(name)
            if binding is None or name in skip or isinstance(binding, Parts) or name == "uid":
                continue
            made: dict[Any, Any] = {}
            for slot in slots:
                value = slot.values.get(name)
                if value is None:
                    continue
                if value not in made:
                    try:
                        made[value] = binding.columns(self.uow, value)
                    except CrmError as error:
                        made[value] = error
                if isinstance(made[value], CrmError):
                    self.flags.add(self.drafts, slot.row, name, value, made[value].message)
                    del slot.values[name]
                else:
                    slot.columns.update(made[value])
        self._mark(slots)

    def _mark(self, slots: Sequence[Slot]) -> None:
        """What the way a record was recognised means for its columns."""
        source = self.choices.source
        taken = self._taken_uids(slots)
        for slot in slots:
            if slot.is_new:
                if slot.values.get("uid", "") not in taken:
                    slot.columns["uid"] = slot.values["uid"]
            elif isinstance(slot.values.get("name"), Derived) or slot.by in BY_NAME:
                for column in ("name", "name_key", "title", "title_key"):
                    slot.columns.pop(column, None)
            if "external_id" in slot.columns:
                slot.columns["external_source"] = source
                self._keep_first_id(slot)
        self._give_owners([slot for slot in slots if slot.is_new])

    def _keep_first_id(self, slot: Slot) -> None:
        """A record keeps the first id that another program gave it; more are known beside it."""
        before = slot.before or {}
        mine = (before.get("external_source"), before.get("external_id"))
        theirs = (slot.columns["external_source"], slot.columns["external_id"])
        if mine[1] and mine != theirs:
            self.more_ids.append((slot, *theirs))
            del slot.columns["external_source"], slot.columns["external_id"]

    def _remember_ids(self) -> set[int]:
        """Keep the further ids; gives the records that got one."""
        rows = [(slot.id, MERGED_ID, number, source) for slot, source, number in self.more_ids]
        return flag_many(self.uow, self.noun, rows, set()) if rows else set()

    def _give_owners(self, slots: Sequence[Slot]) -> None:
        """New records that name no owner get one of the owners chosen, in turn."""
        if "owner" not in self.source.bindings:
            return
        column = self.bindings["owner"].column.name
        numbers = [self.names.one("user", name) for name in self.choices.owners]
        turn = 0
        for slot in slots:
            if slot.columns.get(column) is None and numbers:
                slot.columns[column] = numbers[turn % len(numbers)]
                turn += 1

    def _taken_uids(self, slots: Sequence[Slot]) -> set[str]:
        """Unique ids that records in the trash have; new records get ids of their own instead."""
        given = {slot.values["uid"] for slot in slots if slot.is_new and "uid" in slot.values}
        column = self.source.table.c.uid
        taken = {""}
        for chunk in in_chunks(given):
            taken.update(
                self.uow.connection.execute(sa.select(column).where(column.in_(chunk))).scalars()
            )
        return taken

    def _settle(self, slots: Sequence[Slot], deals: Deals | None) -> None:
        """Apply the rules of the noun."""
        if deals is not None:
            deals.lines.check(slots, self.flags)
            deals.fill(slots)
        if self.noun == "user":
            same_logins(slots, self.drafts, self.flags)
        owned = "owner" in self.source.bindings and self.noun != "company"
        for slot in slots:
            if slot.is_new and owned and slot.columns.get("owner_id") is None:
                slot.columns["owner_id"] = self.uow.me()
            try:
                check(self.uow, slot, self.noun)
            except CrmError as error:
                self._give_way(slot, error)
        self._tell_required(slots)

    def _give_way(self, slot: Slot, error: CrmError) -> None:
        """Keep a record whose values break a rule of its noun, without the value that does."""
        name = next((name for name in GIVES_WAY.get(self.noun, ()) if name in slot.values), None)
        if name is None:
            self.refused[slot] = error
            return
        self.flags.add(self.drafts, slot.row, name, slot.values.pop(name), error.message)
        for column in self.bindings[name].columns(self.uow, None):
            slot.columns.pop(column, None)
        try:
            check(self.uow, slot, self.noun)
        except CrmError as again:
            self._give_way(slot, again)

    def _leave_out(self, found: Found) -> None:
        """Reject the rows of records that cannot be, whatever value of theirs gives way."""
        if not self.refused:
            return
        for row, slot in enumerate(found.of_row):
            if slot is not None and slot in self.refused:
                why = self.flags.reason(self.drafts, row, "at") or self.refused[slot].message
                self.drafts.rejected.append(self.drafts.rejection(row, "", "", why))
                found.of_row[row] = None
        found.slots = [slot for slot in found.slots if slot not in self.refused]

    def _tell_required(self, slots: Sequence[Slot]) -> None:
        for row in definitions(self.uow, self.noun):
            if row.required:
                lacking = sum(slot.is_new and not slot.values.get(row.key) for slot in slots)
                if lacking:
                    self.done.notes.append(
                        f"{NOUNS[self.noun].counted(lacking)} came in without {row.label}, which"
                        " is required of those added by hand"
                    )

    # Writing

    def _write(self, found: Found, lists: Lists, deals: Deals | None) -> None:
        slots, done = found.slots, self.done
        new = [slot for slot in slots if slot.is_new]
        old = [slot for slot in slots if not slot.is_new]
        self.new = {slot.id for slot in new}
        before = self._look(old)
        self.choices.tell("writing", 0, len(slots))
        insert(self.uow, self.noun, new, self.choices)
        changed = update(self.uow, self.noun, old)
        changed |= lists.write(slots)
        if deals is not None:
            changed |= deals.lines.write(slots)
        self.ids = {
            self.drafts.places[row]: slot.id
            for row, slot in enumerate(found.of_row)
            if slot is not None
        }
        changed |= self._remember_ids()
        again = self.flags.fields_of(self.noun, self.ids)
        filled = {slot.id: slot.values for slot in old if slot.id in changed}
        settle_many(self.uow, self.noun, filled, again)
        changed |= self.flags.keep(self.uow, self.noun, self.ids, self.new)
        changed -= self.new
        if new:
            self.uow.touch_created(self.noun)
        for number in changed:
            self.uow.touch(self.noun, number)
        done.created, done.updated = len(new), len(changed)
        done.unchanged = len(slots) - len(new) - len(changed)
        done.merged = sum(slot.rows - 1 for slot in slots)
        self.changed = changed
        self._tell(found, before, changed)

    # Telling

    def _look(self, slots: Sequence[Slot]) -> dict[int, Any]:
        """Records as they are, field by field, when every change is to be told."""
        if not self.choices.detail:
            return {}
        from operations.lists import select_records

        names = [
            name for name in self.drafts.columns if name in self.bindings and name != "products"
        ]
        if "products" in self.drafts.columns:
            names.append("products")
        return {
            int(record["id"]): record  # type: ignore[arg-type]  # a number by its kind
            for chunk in in_chunks([slot.id for slot in slots])
            for record in select_records(self.uow, self.noun, ["id", *names], ids=chunk)
        }

    def _tell(self, found: Found, before: dict[int, Any], changed: set[int]) -> None:
        from operations.import_rows import outcomes

        if self.choices.detail:
            after = self._look([slot for slot in found.slots if slot.id in changed])
            self.done.outcomes += outcomes(
                self.uow, self.drafts, found, before, after, self.new, changed
            )
        for row, texts in found.explained.items():
            line = self.drafts.lines[row]
            self.done.explained += [f"line {line}: {text}" for text in texts if text]
