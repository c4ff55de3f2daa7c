"""Contacts: people, the ways to reach them, what we know of them and how they know each other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from language.errors import InvalidValue
from language.terms import CHANNELS, RELATIONS
from language.text import fold
from language.values import Ref
from operations.bindings import Link, Plain
from operations.facts import facts
from operations.find import find, label
from operations.flags import Flagged
from operations.parts import Parts, Tagged, Words
from operations.points import points_of, reached_by
from operations.sources import Draft, Source
from operations.touches import touches
from storage.model.people import contacts, interests, personal_dates, relations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from operations.bindings import Condition
    from storage.unit import UnitOfWork

MONTH_DAY = re.compile(r"(?:(\d{4})-|--)?(\d{1,2})-(\d{1,2})")


class PersonalDates(Parts):
    """Dated facts as `label:2010-06-12`, or `label:06-12` where the year is unknown."""

    def __init__(self, only: str = "") -> None:
        super().__init__(personal_dates, personal_dates.c.contact_id)
        self.only = only

    def statement(self) -> sa.Select[Any]:
        chosen = personal_dates.c.label == "birthday"
        return super().statement().where(chosen if self.only else sa.not_(chosen))

    def fixed(self) -> dict[str, Any]:
        return {"label": self.only} if self.only else {}

    def load(self, uow: UnitOfWork, ids: Sequence[int]) -> Mapping[int, Any]:
        loaded = super().load(uow, ids)
        if not self.only:
            return loaded
        return {
            number: values[0] if isinstance(values, list) and values else None
            for number, values in loaded.items()
        } | {number: None for number in ids if number not in loaded}

    def show(self, row: Mapping[str, Any]) -> object:
        day = str(row["month_day"])
        text = f"{row['year']:04d}-{day}" if row["year"] else day
        return text if self.only else f"{row['label']}:{text}"

    def read(self, uow: UnitOfWork, value: Any) -> dict[str, Any]:
        text = str(value)
        name, colon, rest = text.partition(":")
        if not self.only and not colon:
            raise InvalidValue(f"'{text}' needs a label", "for example: anniversary:2010-06-12")
        year, month_day = read_month_day(uow, text if self.only else rest.strip())
        new: dict[str, Any] = {"year": year, "month_day": month_day}
        return new if self.only else new | {"label": fold(name) or "date"}

    def add(self, uow: UnitOfWork, record_id: int, values: Any) -> None:
        if self.only:
            new = self.read(uow, values)
            rows = self.rows(uow, [record_id])
            if rows:
                uow.update(personal_dates, rows[0]["id"], new)
                return
        super().add(uow, record_id, values if isinstance(values, list) else [values])

    def same(self, row: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
        return bool(row["label"] == new.get("label", self.only)) and (
            bool(self.only) or row["month_day"] == new["month_day"]
        )

    def matches(self, uow: UnitOfWork, op: str, text: str) -> Condition:
        year, month_day = read_month_day(uow, text)
        same = personal_dates.c.month_day == month_day
        return sa.and_(same, personal_dates.c.year == year) if year else same


def read_month_day(uow: UnitOfWork, text: str) -> tuple[int | None, str]:
    """Read a day whose year may be unknown: `1980-05-03`, `05-03`, `3 may`, `3 may 1980`."""
    found = MONTH_DAY.fullmatch(text.strip())
    if found:
        year = int(found[1]) if found[1] else None
        try:
            day = date(year or 2000, int(found[2]), int(found[3]))
        except ValueError:
            raise InvalidValue(f"'{text}' is not a day of the year") from None
        return year, day.strftime("%m-%d")
    from language.when import parse_day

    day = parse_day(text, now=uow.now, zone=uow.zone, past=True, day_first=uow.settings.day_first)
    return (day.year if re.search(r"\d{4}", text) else None), day.strftime("%m-%d")


def _keys(uow: UnitOfWork, text: str) -> sa.Select[Any]:
    reached = reached_by("contact_id", text)
    if reached is not None:
        return reached
    return sa.select(contacts.c.id).where(contacts.c.external_id == text)


def _prepare(uow: UnitOfWork, draft: Draft) -> None:
    """Keep the whole name and its parts together; a new contact belongs to whoever adds it."""
    from language.people import split_name

    given, family = draft.columns.get("given_name"), draft.columns.get("family_name")
    if draft.adding and not draft.columns.get("name") and (given or family):
        draft.columns["name"] = " ".join(part for part in (given, family) if part)
        draft.columns["name_key"] = fold(draft.columns["name"])
    elif draft.moves("name") and not given and not family:
        given, family = split_name(draft.columns["name"])
        draft.columns |= {"given_name": given or None, "family_name": family or None}
    elif not draft.adding and (given or family) and "name" not in draft.columns:
        parts = (draft.now("given_name"), draft.now("family_name"))
        draft.columns["name"] = " ".join(part for part in parts if part)
        draft.columns["name_key"] = fold(draft.columns["name"])
    if draft.adding and "owner_id" not in draft.columns:
        draft.columns["owner_id"] = uow.me()


SOURCE = Source(
    noun="contact",
    table=contacts,
    label=contacts.c.name,
    key=contacts.c.name_key,
    bindings={
        "name": Plain(contacts.c.name, key=contacts.c.name_key),
        "given_name": Plain(contacts.c.given_name),
        "family_name": Plain(contacts.c.family_name),
        "job_title": Plain(contacts.c.job_title),
        "company": Link(contacts.c.company_id, "company"),
        **points_of("contact_id"),
        "owner": Link(contacts.c.owner_id, "user"),
        "source": Plain(contacts.c.source),
        "referrer": Link(contacts.c.referrer_id, "contact"),
        "channel": Plain(contacts.c.channel, "choice", choices=CHANNELS),
        "birthday": PersonalDates("birthday"),
        "dates": PersonalDates(),
        "hobbies": Words(interests, interests.c.contact_id, interests.c.name, {"kind": "hobby"}),
        "groups": Words(interests, interests.c.contact_id, interests.c.name, {"kind": "group"}),
        "tags": Tagged("contact", contacts.c.id),
        "note": Plain(contacts.c.note, "long"),
        "external_id": Plain(contacts.c.external_id),
        **touches("contact", contacts.c.id, contacts.c.created_at),
        "flagged": Flagged("contact", contacts.c.id),
        **facts(contacts),
    },
    prepare=_prepare,
    extra_keys=_keys,
    describe=("job_title", "company", "emails"),
)


def relate(uow: UnitOfWork, who: int, kind: str, other: int, note: str | None = None) -> str:
    """Say that `who` is the KIND (manager, assistant, spouse…) of `other`; gives the sentence."""
    if who == other:
        raise InvalidValue("a contact cannot be related to itself")
    word = fold(kind)
    same = uow.first(
        sa.select(relations.c.id).where(
            relations.c.contact_id == who,
            relations.c.other_id == other,
            relations.c.kind == word,
        )
    )
    if same is None:
        uow.insert(relations, contact_id=who, other_id=other, kind=word, note=note)
    elif note:
        uow.update(relations, same.id, {"note": note})
    uow.touch("contact", other)
    uow.summary = f"{label(uow, 'contact', who)} is {word} of {label(uow, 'contact', other)}"
    return uow.summary


def unrelate(uow: UnitOfWork, who: int, other: int) -> int:
    """Forget every relation between two contacts; gives how many."""
    both = sa.or_(
        sa.and_(relations.c.contact_id == who, relations.c.other_id == other),
        sa.and_(relations.c.contact_id == other, relations.c.other_id == who),
    )
    count = uow.delete(relations, both)
    names = f"{label(uow, 'contact', who)} and {label(uow, 'contact', other)}"
    uow.summary = f"unrelated {names}"
    return count


def related(uow: UnitOfWork, who: int) -> list[str]:
    """Who a contact is related to, a phrase each: `Luis is their report`, `mentor of Luis`."""
    found: list[str] = []
    for row in uow.rows(
        sa.select(relations).where(
            sa.or_(relations.c.contact_id == who, relations.c.other_id == who)
        )
    ):
        if row.other_id == who:
            found.append(f"{label(uow, 'contact', row.contact_id)} is their {row.kind}")
            continue
        other = label(uow, "contact", row.other_id)
        word = RELATIONS.get(row.kind)
        # What the other one is to this contact is only known for words we know the reverse of.
        found.append(f"{other} is their {word}" if word else f"{row.kind} of {other}")
    return found


def company_for(uow: UnitOfWork, text: str) -> Ref:
    """Find the company a quick line names, or add it."""
    from operations import records
    from operations.find import matches

    found = matches(uow, "company", text)
    if len(found) == 1:
        return found[0]
    if found:
        return find(uow, "company", text)
    summary, uow.summary = uow.summary, ""
    ref = records.add(uow, "company", {"name": text})
    uow.summary = summary
    return ref
