"""Rows that tell of people or companies → records, by the one matcher of the program.

Candidates are found by keys, all at once: e-mail identity, phone, domain, name. Each is then
compared whole, and taken only when the matcher is sure. Where two are as sure, the older wins.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from language.firms import firm_key
from language.mailboxes import email_identity
from language.names import person_keys
from language.text import fold
from operations.import_drafts import Choices, Drafts
from operations.import_match import CERTAIN, Found, Key, Slot, row_values
from operations.matcher import SURE, Firm, Person, score

if TYPE_CHECKING:
    from operations.import_known import KnownPeople
    from operations.import_parts import Lists
    from storage.unit import UnitOfWork

Record = Person | Firm
MOST = 50
"""Candidates of one key that are compared; a key that more share tells nobody."""
TOLD = 3


def match_people(uow: UnitOfWork, drafts: Drafts, choices: Choices, lists: Lists) -> Found:
    """Match the rows of contacts or companies; `lists` holds their points, read already."""
    return _Matching(uow, drafts, choices, lists).run()


class _Matching:
    def __init__(self, uow: UnitOfWork, drafts: Drafts, choices: Choices, lists: Lists) -> None:
        self.uow = uow
        self.drafts = drafts
        self.choices = choices
        self.lists = lists
        self.found = Found(len(drafts))
        self.columns = {name: drafts.columns.get(name) for name in (
            "uid", "external_id", "name", "given_name", "family_name", "company",
            "emails", "phones", "domains",
        )}  # fmt: skip
        self.by_key: defaultdict[Key, list[Slot]] = defaultdict(list)
        self.persons: dict[int, Record] = {}  # id of a slot's Python object → what is known of it
        self.doubtful: list[int] = []

    def run(self) -> Found:
        """Say for each row which record it is."""
        from operations.import_known import KnownPeople

        rows = [self._record(row) for row in range(len(self.drafts))]
        keys = [tuple(_keys(record, self.choices.source)) for record in rows]
        known = KnownPeople(self.uow, self.drafts.noun, self.choices.source, keys)
        count = len(rows)
        for row, values in enumerate(row_values(self.drafts)):
            self.found.of_row[row] = self._place(row, rows[row], keys[row], values, known)
            if row % 5_000 == 0:
                self.choices.tell("matching", row, count)
        if self.doubtful:
            lines = ", ".join(str(self.drafts.lines[row]) for row in self.doubtful[:TOLD])
            more = f" and {len(self.doubtful) - TOLD:,} more" if len(self.doubtful) > TOLD else ""
            plural = "contacts" if self.drafts.noun == "contact" else "companies"
            self.drafts.notes.append(
                f"line {lines}{more}: several {plural} fit as well; the oldest was taken"
                f" (crm duplicate list {plural})"
            )
        return self.found

    def _record(self, row: int) -> Record:
        """What a row says, as the matcher compares it."""

        def cell(name: str) -> Any:
            column = self.columns[name]
            return column[row] if column is not None else None

        read = self.lists.read
        emails = tuple(
            read["emails"][text]["address"]
            for text in cell("emails") or ()
            if text in read["emails"]
        )
        phones = tuple(
            read["phones"][text]["number_key"]
            for text in cell("phones") or () if text in read["phones"]
        )  # fmt: skip
        external = (self.choices.source, cell("external_id") or "")
        if self.drafts.noun == "company":
            domains = tuple(
                read["domains"][text]["domain_key"]
                for text in cell("domains") or () if text in read["domains"]
            )  # fmt: skip
            return Firm(0, cell("name") or "", domains, emails, phones, cell("uid") or "", external)
        given, family = cell("given_name") or "", cell("family_name") or ""
        name = cell("name") or f"{given} {family}".strip()
        company = cell("company")
        return Person(
            0, name, given, family, emails, phones,
            company if isinstance(company, int) else None, "", cell("uid") or "", external,
        )  # fmt: skip

    def _place(
        self,
        row: int,
        record: Record,
        keys: Sequence[Key],
        values: dict[str, Any],
        known: KnownPeople,
    ) -> Slot:
        """The slot that a row belongs to, made if need be."""
        told = self.found.explained[row] if self.drafts.lines[row] in self.choices.explain else None
        slot, number, by = self._find(row, record, keys, known, told)
        again = slot is not None
        if slot is None:
            if number:
                slot, again = self.found.existing(row, number, by)
            else:
                slot = self.found.new(row)
        if again:
            slot.take(values)
            if told is not None:
                told.append("so it is the record of an earlier row of the file")
        else:
            slot.values = values
            if told is not None:
                told.append(f"so it is #{number}" if number else "so it is a new record")
        self._remember(slot, record, keys, known.records.get(number))
        return slot

    def _remember(
        self, slot: Slot, record: Record, keys: Sequence[Key], stored: Record | None
    ) -> None:
        """Let later rows find this record by all that is known of it."""
        mine = self.persons.get(id(slot))
        if mine is None:
            self.persons[id(slot)] = record if stored is None else _joined(stored, record)
        elif mine is not record:
            self.persons[id(slot)] = _joined(mine, record)
        for key in keys:
            listed = self.by_key[key]
            if slot not in listed[-MOST:]:
                listed.append(slot)

    def _find(
        self,
        row: int,
        record: Record,
        keys: Sequence[Key],
        known: KnownPeople,
        told: list[str] | None,
    ) -> tuple[Slot | None, int, str]:
        """An earlier slot, or the number of a stored record, or neither; and how it was told."""
        alone = self.choices.policy() == "duplicate"
        tried: set[int] = set()
        for key in keys:
            if alone and key[0] not in CERTAIN:
                continue
            best: tuple[float, Slot | None, int] = (0.0, None, 0)
            fit = 0
            for other, slot, number in self._candidates(key, known):
                if id(other) in tried:
                    continue
                tried.add(id(other))
                sure = 1.0 if key[0] in CERTAIN else _sure(record, other, told, number)
                if sure >= SURE:
                    fit += number != 0
                    if sure > best[0]:
                        best = (sure, slot, number)
            if told is not None and best[0] < SURE:
                told.append(f"by {_shown(key)}: nobody")
            if best[0] >= SURE:
                if fit > 1:
                    self.doubtful.append(row)
                if told is not None:
                    told.append(f"by {_shown(key)}: found")
                return best[1], best[2], key[0]
        return None, 0, ""

    def _candidates(
        self, key: Key, known: KnownPeople
    ) -> Iterator[tuple[Record, Slot | None, int]]:
        for number in known.by_key.get(key, ())[:MOST]:
            yield known.records[number], None, number
        for slot in self.by_key.get(key, ())[:MOST]:
            yield self.persons[id(slot)], slot, 0


def _sure(record: Record, other: Record, told: list[str] | None, number: int) -> float:
    """How sure it is that two are one; equal names at one address need no thought."""
    if told is None and isinstance(record, Person) and isinstance(other, Person):
        same_name = record.name == other.name and record.external == other.external
        if same_name and record.emails and record.emails == other.emails and not record.uid:
            return 1.0
    match = score(record, other)
    if told is not None:
        who = f"#{number} {other.name}" if number else f"an earlier row, {other.name}"
        told.append(f"{who}: {match.score:.2f} ({', '.join(match.reasons) or 'nothing in common'})")
    return match.score


def _keys(record: Record, source: str) -> Iterator[Key]:
    """The ways by which one record may be told, the surest first."""
    if record.uid:
        yield "uid", record.uid
    if record.external[1]:
        yield "external id", record.external[1]
    if isinstance(record, Firm):
        for domain in record.domains:
            yield "domain", domain
        for number in sorted(record.numbers):
            yield "phone", number
        if record.name:
            yield "name", firm_key(record.name).core or fold(record.name)
        return
    for address in record.emails:
        yield "e-mail", email_identity(address)
    for number in sorted(record.numbers):
        yield "phone", number
    if record.company_id is not None or not (record.emails and record.phones):
        for name in person_keys(record.name, record.given, record.family):
            yield "name and company", (name, record.company_id)


def _joined(one: Record, two: Record) -> Record:
    """All that two rows say of one record; the first one's name."""
    if isinstance(one, Firm) and isinstance(two, Firm):
        return Firm(
            one.id, one.name, _both(one.domains, two.domains), _both(one.emails, two.emails),
            _both(one.phones, two.phones), one.uid or two.uid,
            one.external if one.external[1] else two.external,
        )  # fmt: skip
    if isinstance(one, Person) and isinstance(two, Person):
        return Person(
            one.id, one.name, one.given, one.family, _both(one.emails, two.emails),
            _both(one.phones, two.phones), one.company_id or two.company_id, one.company_key,
            one.uid or two.uid, one.external if one.external[1] else two.external,
        )  # fmt: skip
    return one


def _both(one: tuple[str, ...], two: tuple[str, ...]) -> tuple[str, ...]:
    return one if one == two else tuple(dict.fromkeys((*one, *two)))


def _shown(key: Key) -> str:
    kind, value = key
    what = value[0] if isinstance(value, tuple) else value
    return f"{kind} '{what}'"


def describe(slot: Slot, before: Mapping[str, Any] | None) -> str:
    """What a record is called, as far as is known before it is written."""
    name = slot.values.get("name") or (before or {}).get("name")
    parts = (slot.values.get("given_name"), slot.values.get("family_name"))
    return str(name or " ".join(part for part in parts if part))
