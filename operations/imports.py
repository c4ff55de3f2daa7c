"""Bring many records in at once: match, add and update in sets, all of it or nothing.

Everything is decided before anything is written; the caller's transaction makes it one command.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from language.errors import CrmError, InvalidValue
from language.fields import NOUNS
from language.text import fold
from operations.bindings import Link
from operations.custom_fields import custom_binding, definitions
from operations.import_drafts import NOTHING, Choices, Drafts, Imported, Rejected
from operations.import_match import Slot, match_rows, name_of
from operations.import_names import Names, all_names, lookup
from operations.import_parts import Lists
from operations.parts import Members, Parts
from operations.sources import Draft, Source, source_of
from storage.model.people import users

if TYPE_CHECKING:
    from operations.import_deals import Deals
    from storage.unit import UnitOfWork


def apply(uow: UnitOfWork, drafts: Drafts, choices: Choices) -> Imported:
    """Add and update the records of a file; says what was done.

    Raises `InvalidValue` with every name that leads nowhere, or with `choices.strict` for the first
    unreadable value; nothing may be kept then.
    """
    return _Import(uow, drafts, choices).run()


class _Import:
    def __init__(self, uow: UnitOfWork, drafts: Drafts, choices: Choices) -> None:
        self.uow = uow
        self.drafts = drafts
        self.choices = choices
        self.noun = drafts.noun
        self.source: Source = source_of(drafts.noun)
        self.done = Imported(drafts.noun, drafts.read)
        self.names = Names(uow, drafts, choices, self.done)
        self.bindings: dict[str, Any] = {}
        for name in (*drafts.columns, "tags", "owner", NOUNS[self.noun].title):
            binding = self.source.bindings.get(name)
            if binding is None:
                custom = custom_binding(uow, self.noun, name)
                binding = custom[1] if custom else None
            if binding is not None:
                self.bindings[name] = binding

    def run(self) -> Imported:
        self._give_defaults()
        lists = Lists(self.uow, self.drafts, self.bindings)
        members = [name for name, one in lists.bindings.items() if isinstance(one, Members)]
        self._reject(self._nameless() | lists.check(members))
        own = self.names.resolve(self.bindings)
        for name in members:
            read = self.names.members(lists.bindings[name], name)  # type: ignore[arg-type]  # chosen above
            lists.read[name] = dict(read)
            self.drafts.columns[name] = [
                [text for text in values or () if text in read] or None
                for values in self.drafts.columns[name]
            ]
        deals = self._read_deals()
        slots, doubtful = match_rows(self.uow, self.drafts, self.choices)
        self.drafts.reject(doubtful)
        parents = self._own_references(own, slots)
        self._write_columns(slots, skip={*own, "products"})
        if deals is not None:
            pipeline = None
            if self.choices.pipeline:
                pipeline = self.names.one("pipeline", self.choices.pipeline)
            deals.settle_stages(slots, pipeline, create="stage" in self.choices.create)
        self.names.check()
        slots = self._settle(slots, deals)
        self._own_numbers(slots, parents)
        return self._write(slots, lists, deals)

    # Before matching

    def _give_defaults(self) -> None:
        """What the user says for every row: an owner where the file has none, tags, aliases."""
        drafts, count = self.drafts, len(self.drafts)
        if self.choices.owner and "owner" in self.source.bindings:
            number = self.names.one("user", self.choices.owner)
            label = self.names.labels["user"][number]
            owners = drafts.columns.get("owner", [None] * count)
            drafts.columns["owner"] = [owner or label for owner in owners]
        if self.choices.tags and "tags" in self.source.bindings:
            tags = drafts.columns.get("tags", [None] * count)
            drafts.columns["tags"] = [[*(own or ()), *self.choices.tags] for own in tags]
        for name, values in drafts.columns.items():
            if any(alias.column for alias in self.choices.aliases) and not isinstance(
                self.bindings.get(name), Link | Parts
            ):
                drafts.columns[name] = [
                    self.names.aliased(name, value) if isinstance(value, str) else value
                    for value in values
                ]

    def _nameless(self) -> dict[int, Rejected]:
        if self.noun == "deal":
            return {}
        title = NOUNS[self.noun].title
        header = self.drafts.headers.get(title, title)
        return {
            row: Rejected(self.drafts.lines[row], header, "", f"a {self.noun} needs a {title}")
            for row in range(len(self.drafts))
            if not name_of(self.drafts, row)
        }

    def _reject(self, rejected: dict[int, Rejected]) -> None:
        self.drafts.reject(rejected)

    def _read_deals(self) -> Deals | None:
        if self.noun != "deal":
            return None
        from operations.import_deals import Deals

        deals = Deals(self.uow, self.drafts, self.names)
        if "products" in self.drafts.columns:
            deals.read_products()
        self._reject(deals.give_titles())
        if "external_id" not in self.drafts.columns and "uid" not in self.drafts.columns:
            self.done.notes.append(
                "no column holds an external id: deals are told by title, company and opening day"
            )
        return deals

    # Columns

    def _write_columns(self, slots: Sequence[Slot], skip: set[str]) -> None:
        """Turn what the file says into columns, by the same bindings that `add` and `edit` use."""
        source = self.choices.source
        for name in self.drafts.columns:
            binding = self.bindings.get(name)
            if binding is None or name in skip or isinstance(binding, Parts) or name == "uid":
                continue
            made: dict[Any, dict[str, Any]] = {}
            for slot in slots:
                value = slot.values.get(name)
                if value is not None:
                    if value not in made:
                        made[value] = binding.columns(self.uow, value)
                    slot.columns.update(made[value])
        for slot in slots:
            if slot.is_new:
                if "uid" in slot.values:
                    slot.columns["uid"] = slot.values["uid"]
                if "owner" in self.drafts.columns:
                    slot.columns.setdefault("owner_id", None)
            elif slot.by in {"name", "title"}:
                # Recognised by its name, so the file only spells it in another way.
                for column in ("name", "name_key", "title", "title_key"):
                    slot.columns.pop(column, None)
            if source and "external_id" in slot.columns:
                slot.columns["external_source"] = source

    def _settle(self, slots: list[Slot], deals: Deals | None) -> list[Slot]:
        """Apply the rules of the noun; a record that breaks one is rejected with its rows."""
        bad: dict[int, CrmError] = {}
        if deals is not None:
            deals.fill(slots)
            bad |= deals.check_lines(slots)
        required = [row for row in definitions(self.uow, self.noun) if row.required]
        rule = RULES.get(self.noun)
        for slot in slots:
            try:
                if rule is not None:
                    rule(self.uow, slot)
                for row in required:
                    if slot.is_new and not slot.values.get(row.key):
                        raise InvalidValue(f"a {self.noun} needs {row.label}")
            except CrmError as error:
                bad[slot.place] = error
        if deals is not None and any(
            slot.is_new and "owner_id" not in slot.columns for slot in slots
        ):
            me = self.uow.me()
            for slot in slots:
                if slot.is_new:
                    slot.columns.setdefault("owner_id", me)
        for slot in slots:
            if slot.place in bad:
                reason = bad[slot.place].message
                line = self.drafts.lines[slot.place]
                self.drafts.rejected += [Rejected(line, "", "", reason)] * slot.rows
        return [slot for slot in slots if slot.place not in bad]

    # Records of the same noun: parents, managers, referrers

    def _own_references(
        self, own: Mapping[str, Sequence[str | None]], slots: Sequence[Slot]
    ) -> dict[str, dict[str, int | None]]:
        """Where the references between rows lead: a number, or None for a row of this file."""
        title = NOUNS[self.noun].title
        here = {fold(slot.values.get(title) or "") for slot in slots}
        found: dict[str, dict[str, int | None]] = {}
        for name, texts in own.items():
            counts = Counter(text for text in texts if text is not None)
            known: dict[str, int | None] = {
                text: None for text in counts if fold(text) in here and fold(text)
            }
            outside = {text: count for text, count in counts.items() if text not in known}
            refs = lookup(self.uow, self.noun, outside)
            unknown: list[tuple[str, int]] = []
            for text, count in outside.items():
                if len(refs.get(text, ())) == 1:
                    known[text] = refs[text][0][0]
                elif refs.get(text):
                    self.names.problems.append(
                        f"{self.noun} '{text}' in {count:,} rows: {len(refs[text])} have that name"
                    )
                elif text.lower() in NOTHING:
                    self.done.notes.append(f"{count:,} rows have {name} '{text}': read as empty")
                else:
                    unknown.append((text, count))
            known |= self._unknown_own(name, unknown, slots)
            found[name] = known
        return found

    def _unknown_own(
        self, name: str, unknown: Sequence[tuple[str, int]], slots: Sequence[Slot]
    ) -> dict[str, int | None]:
        texts = [text for text, _ in unknown]
        if not texts:
            return {}
        if self.noun == "user" and name == "manager":
            made = self.names.make("user", texts, role="manager")
            has = "manager is" if len(made) == 1 else "managers are"
            self.done.notes.append(
                f"{len(set(made.values()))} {has} no row of the file and now users:"
                f" {', '.join(texts[:8])}{'…' if len(texts) > 8 else ''}"
            )
            return dict(made)
        if self.noun in self.choices.create:
            return dict(self.names.make(self.noun, texts))
        titles = [str(slot.values.get(NOUNS[self.noun].title) or "") for slot in slots]
        self.names.refuse(self.noun, name, unknown, [*all_names(self.uow, self.noun), *titles])
        return {}

    def _own_numbers(
        self, slots: list[Slot], parents: Mapping[str, Mapping[str, int | None]]
    ) -> None:
        """Number new records, and link those that name each other."""
        table = self.source.table
        number = self.uow.next_id(table)
        for slot in slots:
            if slot.is_new:
                slot.id = number
                number += 1
        title = NOUNS[self.noun].title
        by_title = {fold(slot.values.get(title) or ""): slot.id for slot in slots}
        for name, known in parents.items():
            column = self.bindings[name].column.name
            for slot in slots:
                text = slot.values.get(name)
                text = None if text is None else self.names.aliased(name, text)
                if text is not None and text in known:
                    slot.columns[column] = known[text] or by_title.get(fold(text))
            _refuse_circles(self.uow, self.noun, table.c[column], slots)
        if self.noun == "user" and "manager" in parents:
            _managers_manage(self.uow, slots)

    # Writing

    def _write(self, slots: list[Slot], lists: Lists, deals: Deals | None) -> Imported:
        new = [slot for slot in slots if slot.is_new]
        self._insert(new)
        changed = self._update([slot for slot in slots if not slot.is_new])
        changed |= lists.write(slots)
        if deals is not None:
            changed |= deals.write_lines(slots)
        if new:
            self.uow.touch_created(self.noun)
        for number in changed:
            self.uow.touch(self.noun, number)
        done = self.done
        done.created, done.updated = len(new), len(changed)
        done.unchanged = len(slots) - len(new) - len(changed)
        done.repeated = sum(slot.rows - 1 for slot in slots)
        done.rejected = sorted(self.drafts.rejected, key=lambda item: item.line)
        done.notes = [*self.drafts.notes, *done.notes]
        if self.choices.strict and done.rejected:
            first = done.rejected[0]
            raise InvalidValue(
                f"{len(done.rejected):,} rows cannot be read; nothing was imported",
                f"the first: line {first.line}: {first.reason}",
            )
        self.uow.summary = f"imported {NOUNS[self.noun].plural}" + (
            f" from {self.drafts.name}" if self.drafts.name else ""
        )
        self.uow.summary += f": {done.created:,} created, {done.updated:,} updated"
        return done

    def _insert(self, slots: Sequence[Slot]) -> None:
        table = self.source.table
        used = {name for slot in slots for name in slot.columns}
        blank = {
            name: None
            for name in used
            if table.c[name].nullable and not table.c[name].server_default
        }
        by_keys: defaultdict[frozenset[str], list[dict[str, Any]]] = defaultdict(list)
        for slot in slots:
            row = {**blank, **slot.columns, "id": slot.id}
            by_keys[frozenset(row)].append(row)
        # A row may point to another one of this file, which then must be there first.
        link = next((c.name for c in table.c if c.name in used and _is_own(c, table)), None)
        for rows in by_keys.values():
            self.uow.insert_many(table, _parents_first(rows, link) if link else rows)

    def _update(self, slots: Sequence[Slot]) -> set[int]:
        by_keys: defaultdict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
        for slot in slots:
            before = slot.before or {}
            real = {key: value for key, value in slot.columns.items() if before[key] != value}
            if real:
                by_keys[tuple(sorted(real))].append(real | {"id": slot.id})
                if "name" in real and self.noun == "company":
                    self.uow.touch("company members", slot.id)
        for rows in by_keys.values():
            self.uow.update_many(self.source.table, rows)
        return {row["id"] for rows in by_keys.values() for row in rows}


def _is_own(column: sa.Column[Any], table: sa.Table) -> bool:
    return any(key.column.table is table for key in column.foreign_keys)


def _parents_first(rows: Sequence[dict[str, Any]], link: str) -> list[dict[str, Any]]:
    here = {row["id"]: row for row in rows}
    depth: dict[int, int] = {}

    def deep(number: int) -> int:
        steps, at = [], number
        while at in here and at not in depth:
            steps.append(at)
            at = here[at].get(link)
        level = depth.get(at, 0)
        for step in reversed(steps):
            level += 1
            depth[step] = level
        return depth[number]

    return sorted(rows, key=lambda row: deep(row["id"]))


def _refuse_circles(
    uow: UnitOfWork, noun: str, column: sa.Column[Any], slots: Sequence[Slot]
) -> None:
    """Nobody may be above themselves, not even through others."""
    table = column.table
    above: dict[int, int] = {
        row[0]: row[1] for row in uow.rows(sa.select(table.c.id, column).where(column.is_not(None)))
    }
    for slot in slots:
        if slot.columns.get(column.name) is not None:
            above[slot.id] = slot.columns[column.name]
    safe: set[int] = set()
    for slot in slots:
        path: list[int] = []
        at: int | None = slot.id
        while at is not None and at not in safe:
            if at in path:
                name = slot.values.get("name", f"#{slot.id}")
                raise InvalidValue(
                    f"the {noun} '{name}' would be above itself",
                    f"correct its {column.name.removesuffix('_id')} in the file",
                )
            path.append(at)
            at = above.get(at)
        safe.update(path)


def _managers_manage(uow: UnitOfWork, slots: Sequence[Slot]) -> None:
    """Whoever manages somebody is a manager, unless the file or an admin role says more."""
    here = {slot.id: slot for slot in slots}
    managers = {slot.columns.get("manager_id") for slot in slots} - {None}
    for number in managers & here.keys():
        slot = here[number]
        role = slot.columns.get("role") or (slot.before or {}).get("role")
        if role == "rep" and "role" not in slot.values:
            slot.columns["role"] = "manager"
    for row in uow.rows(
        sa.select(users.c.id).where(users.c.id.in_(managers - here.keys()), users.c.role == "rep")
    ):
        uow.update(users, row.id, {"role": "manager"})


def _prepare_user(uow: UnitOfWork, slot: Slot) -> None:
    if slot.is_new:
        slot.columns.setdefault("role", "rep")


def _prepare_contact(uow: UnitOfWork, slot: Slot) -> None:
    draft = Draft(slot.columns, slot.values, slot.before or {})
    source_of("contact").prepare(uow, draft)


def _prepare_product(uow: UnitOfWork, slot: Slot) -> None:
    if (slot.columns.get("price_minor") or 0) < 0:
        raise InvalidValue("a price cannot be negative")


RULES: dict[str, Callable[[UnitOfWork, Slot], None]] = {
    "user": _prepare_user,
    "contact": _prepare_contact,
    "product": _prepare_product,
}
