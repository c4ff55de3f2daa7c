"""Rows that tell of people or companies → records, by the one matcher of the program.

Candidates are found by keys, all at once: e-mail identity, phone, domain, name. Each is then
compared whole, and taken only when the matcher is sure. Where two are as sure, the older wins.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from language.fields import NOUNS
from language.firms import firm_key
from language.mailboxes import email_identity
from language.names import forget_names, person_keys
from language.text import fold
from operations.import_drafts import Choices, Drafts
from operations.import_match import CERTAIN, Found, Key, Slot, Values, row_values
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
        self.rows = Rows(drafts, choices.source, lists)
        self.found = Found(len(drafts))
        # By the hash of a key, which takes a third of its room: who shares one is compared anyway.
        self.by_key: dict[int, Slot | list[Slot]] = {}
        self.joined: dict[int, Record] = {}  # id of a slot's object → what several rows say of it
        self.doubtful: list[int] = []
        self.others: list[int] = []

    def run(self) -> Found:
        """Say for each row which record it is."""
        from operations.import_known import KnownPeople

        count = len(self.drafts)
        keys = (key for row in range(count) for key in self.rows.keys(row))
        known = KnownPeople(self.uow, self.drafts.noun, self.choices.source, keys)
        for row, values in enumerate(row_values(self.drafts)):
            self.found.of_row[row] = self._place(row, values, known)
            if row % 5_000 == 0:
                self.choices.tell("matching", row, count)
                forget_names()
                email_identity.cache_clear()
        self._tell_doubts()
        return self.found

    def _tell_doubts(self) -> None:
        if self.others:
            lines = ", ".join(str(self.drafts.lines[row]) for row in self.others[:TOLD])
            more = f" and {len(self.others) - TOLD:,} more" if len(self.others) > TOLD else ""
            self.drafts.notes.append(
                f"line {lines}{more}: somebody of another name has that e-mail; kept apart"
                f" (crm duplicate list; --explain {self.drafts.lines[self.others[0]]})"
            )
        if not self.doubtful:
            return
        lines = ", ".join(str(self.drafts.lines[row]) for row in self.doubtful[:TOLD])
        more = f" and {len(self.doubtful) - TOLD:,} more" if len(self.doubtful) > TOLD else ""
        plural = NOUNS[self.drafts.noun].plural
        self.drafts.notes.append(
            f"line {lines}{more}: several {plural} fit as well; the oldest was taken"
            f" (crm duplicate list {plural})"
        )

    def _place(self, row: int, values: Values, known: KnownPeople) -> Slot:
        """The slot that a row belongs to, made if need be."""
        explained = self.drafts.lines[row] in self.choices.explain
        told = self.found.explained[row] if explained else None
        keys = self.rows.keys(row)
        slot, number, by = self._find(row, keys, known, told)
        again = slot is not None
        if slot is None:
            if number:
                slot, again = self.found.existing(row, number, by)
            else:
                slot = self.found.new(row)
        if again:
            slot.take(values)
            self.joined[id(slot)] = _joined(self._record_of(slot), self.rows.record(row))
        else:
            slot.values = values
            if number:
                self.joined[id(slot)] = _joined(known.records[number], self.rows.record(row))
        if told is not None:
            told.append(_verdict(number, again=again))
        self._remember(slot, keys)
        return slot

    def _record_of(self, slot: Slot) -> Record:
        """All that is known of an earlier slot."""
        return self.joined.get(id(slot)) or self.rows.record(slot.row)

    def _remember(self, slot: Slot, keys: Sequence[Key]) -> None:
        """Let later rows find this slot by all that is known of it."""
        for key in keys:
            here = self.by_key.setdefault(hash(key), slot)
            if isinstance(here, list):
                if slot not in here[-MOST:]:
                    here.append(slot)
            elif here is not slot:
                self.by_key[hash(key)] = [here, slot]

    def _find(
        self, row: int, keys: Sequence[Key], known: KnownPeople, told: list[str] | None
    ) -> tuple[Slot | None, int, str]:
        """An earlier slot, or the number of a stored record, or neither; and how it was told."""
        alone = self.choices.policy() == "duplicate"
        tried: set[int] = set()
        record: Record | None = None
        shared = False
        for key in keys:
            if alone and key[0] not in CERTAIN:
                continue
            best: tuple[float, Slot | None, int] = (0.0, None, 0)
            fit = 0
            for other, slot, number in self._candidates(key, known):
                if id(other) in tried:
                    continue
                tried.add(id(other))
                record = record or self.rows.record(row)
                certain = key[0] in CERTAIN and number
                sure = 1.0 if certain else _sure(record, other, told, number)
                shared = shared or key[0] == "e-mail"
                if sure >= SURE:
                    fit += number != 0
                    if sure > best[0]:
                        best = (sure, slot, number)
            if told is not None:
                told.append(f"by {_shown(key)}: {'found' if best[0] >= SURE else 'nobody'}")
            if best[0] >= SURE:
                if fit > 1:
                    self.doubtful.append(row)
                return best[1], best[2], key[0]
        if shared:
            self.others.append(row)
        return None, 0, ""

    def _candidates(
        self, key: Key, known: KnownPeople
    ) -> Iterator[tuple[Record, Slot | None, int]]:
        for number in known.by_key.get(key, ())[:MOST]:
            yield known.records[number], None, number
        here = self.by_key.get(hash(key))
        if here is None:
            return
        for slot in here[:MOST] if isinstance(here, list) else (here,):
            yield self._record_of(slot), slot, 0


class Rows:
    """The rows of a file as the matcher compares them, each made when it is asked for."""

    def __init__(self, drafts: Drafts, source: str, lists: Lists) -> None:
        self.noun = drafts.noun
        self.source = source
        self.columns = drafts.columns
        self.read = lists.read

    def _cell(self, name: str, row: int) -> Any:
        column = self.columns.get(name)
        return None if column is None else column[row]

    def _points(self, name: str, column: str, row: int) -> tuple[str, ...]:
        texts = self._cell(name, row)
        if not texts:
            return ()
        read = self.read[name]
        return tuple(read[text][column] for text in texts if text in read)

    def keys(self, row: int) -> list[Key]:
        """The ways by which a row may be told, the surest first."""
        keys: list[Key] = []
        if uid := self._cell("uid", row):
            keys.append(("uid", uid))
        if external := self._cell("external_id", row):
            keys.append(("external id", external))
        numbers = self._points("phones", "number_key", row)
        if self.noun == "company":
            keys += (("domain", domain) for domain in self._points("domains", "domain_key", row))
            keys += (("phone", number) for number in numbers)
            if name := self._cell("name", row):
                keys.append(("name", firm_key(name).core or fold(name)))
            return keys
        emails = self._points("emails", "address", row)
        keys += (("e-mail", email_identity(address)) for address in emails)
        keys += (("phone", number) for number in numbers)
        company = self._cell("company", row)
        if company is not None or not (emails and numbers):
            names = person_keys.__wrapped__(*self._name(row))
            keys += (("name and company", (name, company)) for name in names)
        return keys

    def _name(self, row: int) -> tuple[str, str, str]:
        given = self._cell("given_name", row) or ""
        family = self._cell("family_name", row) or ""
        return self._cell("name", row) or f"{given} {family}".strip(), given, family

    def record(self, row: int) -> Record:
        """What a row says, as the matcher compares it."""
        emails = self._points("emails", "address", row)
        phones = self._points("phones", "number_key", row)
        uid = self._cell("uid", row) or ""
        external = (self.source, self._cell("external_id", row) or "")
        if self.noun == "company":
            domains = self._points("domains", "domain_key", row)
            return Firm(0, self._cell("name", row) or "", domains, emails, phones, uid, external)
        company = self._cell("company", row)
        number = company if isinstance(company, int) else None
        return Person(0, *self._name(row), emails, phones, number, "", uid, external)


def _verdict(number: int, *, again: bool) -> str:
    if again:
        return "so it is the record of an earlier row of the file"
    return f"so it is #{number}" if number else "so it is a new record"


def _sure(record: Record, other: Record, told: list[str] | None, number: int) -> float:
    """How sure it is that two are one; equal names at one address need no thought."""
    if told is None and isinstance(record, Person) and isinstance(other, Person):
        same_name = record.name == other.name and record.external == other.external
        if same_name and record.emails and record.emails == other.emails and not record.uid:
            return 1.0
    if not number and record.uid and other.uid and record.uid != other.uid:
        # Two unique ids of one file are two records, as their database knows them.
        return 0.0
    match = score(record, other)
    if told is not None:
        who = f"#{number} {other.name}" if number else f"an earlier row, {other.name}"
        told.append(f"{who}: {match.score:.2f} ({', '.join(match.reasons) or 'nothing in common'})")
    return match.score


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
