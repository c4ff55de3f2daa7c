"""One record in a small panel: its main facts and what happened last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from language.fields import NOUNS, Field
from language.values import Ref
from operations.find import label
from operations.lists import Query, get, list_records

if TYPE_CHECKING:
    from language.values import Record, Value
    from storage.unit import UnitOfWork

FACTS = {
    "deal": (
        "company", "stage", "amount", "probability", "expected_close", "slips", "owner", "contacts",
        "next_step", "next_due", "products", "lost_reason", "competitor", "retry", "tags", "note",
    ),
    "contact": (
        "job_title", "company", "emails", "phones", "birthday", "hobbies", "groups", "owner",
        "next_step", "next_due", "tags", "note",
    ),
    "company": (
        "industry", "size", "revenue", "domains", "phones", "addresses", "owner", "open_deals",
        "contacts", "next_step", "next_due", "tags", "note",
    ),
    "task": ("due", "priority", "contact", "company", "deal", "owner", "repeat", "tags", "note"),
}  # fmt: skip
HAPPENED = ("at", "kind", "outcome", "minutes", "contacts", "subject", "note", "owner")
LAST = 6


@dataclass(frozen=True, slots=True)
class Brief:
    """A record's name, its filled facts in order, and its latest activities, newest first."""

    noun: str
    id: int
    title: str
    facts: tuple[tuple[Field, Value], ...]
    activities: tuple[Record, ...]


def brief(uow: UnitOfWork, noun: str, record_id: int, last: int = LAST) -> Brief:
    """The brief of a deal, contact, company or task; raises `NotFound` when it is gone."""
    record = get(uow, noun, record_id, FACTS[noun])
    known = {field.name: field for field in NOUNS[noun].fields}
    facts = tuple(
        (known[name], record[name])
        for name in FACTS[noun]
        if record[name] not in (None, "", [], 0) or record[name] is False
    )
    happened: list[Record] = []
    about = _about(noun, record_id, record)
    if about:
        query = Query(about, "-at", last, fields=HAPPENED)
        happened = list_records(uow, "activity", query)
    return Brief(noun, record_id, label(uow, noun, record_id), facts, tuple(happened))


def _about(noun: str, record_id: int, record: Record) -> str:
    """A filter of a record's activities; a task's are those of its deal, contact or company."""
    if noun == "task":
        for name in ("deal", "contact", "company"):
            other = record[name]
            if isinstance(other, Ref):
                return _about(name, other.id, record)
        return ""
    return f"{'contacts' if noun == 'contact' else noun}=#{record_id}"
