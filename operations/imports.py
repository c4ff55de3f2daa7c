"""Bring many records in at once: match, add and update in sets, all of it or nothing.

Everything is decided before anything is written; the caller's transaction makes it one command.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from language.errors import Conflict, CrmError, InvalidValue
from language.fields import NOUNS
from operations.bindings import Link
from operations.custom_fields import custom_binding, definitions
from operations.import_drafts import Choices, Drafts, Imported, Rejected
from operations.import_family import Family, parents_first
from operations.import_match import Slot, match_rows, name_of
from operations.import_names import Names, in_chunks
from operations.import_parts import Lists
from operations.parts import Members, Parts
from operations.sources import Draft, Source, source_of

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
        family = Family(self.uow, self.drafts, self.names, self.bindings)
        family.find(own, slots)
        self._write_columns(slots, skip={*own, "products"})
        if deals is not None:
            pipeline = None
            if self.choices.pipeline:
                pipeline = self.names.one("pipeline", self.choices.pipeline)
            deals.settle_stages(slots, pipeline, create="stage" in self.choices.create)
        self.names.check()
        slots = self._settle(slots, deals)
        family.link(slots)
        return self._write(slots, lists, deals)

    # Before matching

    def _give_defaults(self) -> None:
        """What the user says for every row: an owner where the file has none, tags, aliases."""
        drafts, count = self.drafts, len(self.drafts)
        for option, given, name in (
            ("--owner", self.choices.owner, "owner"),
            ("--tag", self.choices.tags, "tags"),
            ("--pipeline", self.choices.pipeline, "pipeline"),
            ("--source", self.choices.source, "external_id"),
        ):
            if given and name not in self.source.bindings:
                plural = NOUNS[self.noun].plural
                raise InvalidValue(f"{option}: {plural} have no {name}", f"leave {option} out")
        if self.choices.owner:
            number = self.names.one("user", self.choices.owner)
            label = self.names.labels["user"][number]
            owners = drafts.columns.get("owner", [None] * count)
            drafts.columns["owner"] = [owner or label for owner in owners]
        if self.choices.tags:
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
            deals.lines.find()
        self._reject(deals.give_titles())
        if "external_id" not in self.drafts.columns and "uid" not in self.drafts.columns:
            self.done.notes.append(
                "no column holds an external id: deals are told by title, company and opening day"
            )
        return deals

    # Columns

    def _write_columns(self, slots: Sequence[Slot], skip: set[str]) -> None:
        """Turn what the file says into columns, by the same bindings that `add` and `edit` use."""
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
        self._mark(slots)

    def _mark(self, slots: Sequence[Slot]) -> None:
        """What the way a record was recognised means for its columns."""
        source = self.choices.source
        taken = self._taken_uids(slots)
        for slot in slots:
            if slot.is_new:
                if slot.values.get("uid", "") not in taken:
                    slot.columns["uid"] = slot.values["uid"]
                if "owner" in self.drafts.columns:
                    slot.columns.setdefault("owner_id", None)
            elif slot.by in {"name", "title"}:
                # Recognised by its name, so the file only spells it in another way.
                for column in ("name", "name_key", "title", "title_key"):
                    slot.columns.pop(column, None)
            if source and "external_id" in slot.columns:
                slot.columns["external_source"] = source

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

    def _settle(self, slots: list[Slot], deals: Deals | None) -> list[Slot]:
        """Apply the rules of the noun; a record that breaks one is rejected with its rows."""
        bad: dict[int, CrmError] = {}
        if deals is not None:
            bad = deals.lines.check(slots)
            bad |= deals.fill([slot for slot in slots if slot.place not in bad])
        if self.noun == "user":
            bad |= _same_logins(slots)
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
        if deals is not None:
            self._give_to_me([slot for slot in slots if slot.is_new])
        for slot in slots:
            if slot.place in bad:
                reason = bad[slot.place].message
                line = self.drafts.lines[slot.place]
                self.drafts.rejected += [Rejected(line, "", "", reason)] * slot.rows
        return [slot for slot in slots if slot.place not in bad]

    def _give_to_me(self, slots: Sequence[Slot]) -> None:
        """Records that nobody owns are the acting user's, who joins only if there are any."""
        for slot in slots:
            if "owner_id" not in slot.columns:
                slot.columns["owner_id"] = self.uow.me()

    # Writing

    def _write(self, slots: list[Slot], lists: Lists, deals: Deals | None) -> Imported:
        new = [slot for slot in slots if slot.is_new]
        self._insert(new)
        changed = self._update([slot for slot in slots if not slot.is_new])
        changed |= lists.write(slots)
        if deals is not None:
            changed |= deals.lines.write(slots)
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
            self.uow.insert_many(table, parents_first(rows, link) if link else rows)

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


def _prepare(uow: UnitOfWork, slot: Slot, noun: str) -> None:
    source_of(noun).prepare(uow, Draft(slot.columns, slot.values, slot.before or {}))


def _prepare_user(uow: UnitOfWork, slot: Slot) -> None:
    if slot.is_new:
        slot.columns.setdefault("role", "rep")
    _prepare(uow, slot, "user")


def _prepare_contact(uow: UnitOfWork, slot: Slot) -> None:
    _prepare(uow, slot, "contact")


def _prepare_product(uow: UnitOfWork, slot: Slot) -> None:
    from operations.products import check_price

    check_price(slot.columns)


def _same_logins(slots: Sequence[Slot]) -> dict[int, CrmError]:
    """Users of one file that share a login, which the database does not know yet."""
    first: dict[str, Slot] = {}
    bad: dict[int, CrmError] = {}
    for slot in slots:
        login = slot.columns.get("login")
        if login and first.setdefault(login, slot) is not slot:
            name = first[login].values.get("name", "")
            bad[slot.place] = Conflict(f"user '{name}' of this file has login '{login}' already")
    return bad


RULES: dict[str, Callable[[UnitOfWork, Slot], None]] = {
    "user": _prepare_user,
    "contact": _prepare_contact,
    "product": _prepare_product,
}
