"""Activities: calls, meetings, e-mails, notes, messages and visits; what happened, and when."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from language.errors import InvalidValue
from language.terms import ACTIVITY_KINDS, DIRECTIONS, OUTCOMES
from language.text import fold
from language.when import When, parse_moment, show_moment
from operations.bindings import Link, Plain
from operations.facts import facts
from operations.flags import Flagged
from operations.parts import Members, Tagged
from operations.sources import Draft, Source
from storage.model.work import activities, activity_contacts

if TYPE_CHECKING:
    from storage.unit import UnitOfWork

FUTURE = timedelta(minutes=5)  # clocks of two machines may differ by so much
LABEL = 60
WITH_DIRECTION = frozenset({"call", "email", "message"})


class Written(Plain):
    """A text that is never NULL: emptied, it is an empty text."""

    def columns(self, uow: UnitOfWork, value: object) -> dict[str, Any]:
        return super().columns(uow, "" if value is None else value)


class Outcome(Plain):
    """One of the usual outcomes, by its beginning too, or any other words as they were typed."""

    def columns(self, uow: UnitOfWork, value: object) -> dict[str, Any]:
        return super().columns(uow, None if value is None else read_outcome(str(value)))


class Happened(Plain):
    """When something happened: never later than now."""

    def columns(self, uow: UnitOfWork, value: object) -> dict[str, Any]:
        return super().columns(uow, None if value is None else moment_of(uow, value))


def moment_of(uow: UnitOfWork, value: object) -> datetime:
    """The moment somebody says something happened; raises `InvalidValue` when it is to come."""
    if isinstance(value, When):
        if value.moment is None:
            # A day alone is its noon, as `parse_moment` has it, and today is now.
            value = parse_moment(value.day.isoformat(), now=uow.now, zone=uow.zone, past=True)
        else:
            value = value.moment
    if not isinstance(value, datetime):
        message = f"not a moment: {value!r}"
        raise TypeError(message)
    if value > uow.now + FUTURE:
        shown = show_moment(value, now=uow.now, zone=uow.zone, lang=uow.settings.language)
        raise InvalidValue(
            f"at: {shown} is still to come, and this is about what happened",
            f'plan it instead: crm task add "…" --due "{shown}"',
        )
    return value


def read_outcome(text: str) -> str:
    """Complete the beginning of a usual outcome (`conn` is connected); keep other words."""
    word = fold(text.replace("_", " ").replace("-", " "))
    begun = [outcome for outcome in OUTCOMES if outcome.startswith(word)]
    if word in OUTCOMES:
        return word
    return begun[0] if len(begun) == 1 else text


def _label() -> sa.ColumnElement[str]:
    note = sa.func.substr(sa.func.replace(activities.c.note, "\n", " "), 1, LABEL)
    return sa.func.coalesce(
        sa.func.nullif(activities.c.subject, ""),
        sa.func.nullif(sa.func.trim(note), ""),
        activities.c.kind,
    )


def _prepare(uow: UnitOfWork, draft: Draft) -> None:
    """An activity has a kind and a moment; it is done by whoever logs it, or by who is named."""
    if not draft.adding:
        return
    if not draft.columns.get("kind"):
        raise InvalidValue(
            "an activity needs a kind", f"for example: crm call log …; kinds: {_kinds()}"
        )
    draft.columns.setdefault("happened_at", uow.now)
    if "owner_id" not in draft.columns:
        draft.columns["owner_id"] = uow.me()
    if draft.columns["kind"] in WITH_DIRECTION and not draft.columns.get("direction"):
        draft.columns["direction"] = "out"


def _kinds() -> str:
    return ", ".join(ACTIVITY_KINDS)


SOURCE = Source(
    noun="activity",
    table=activities,
    label=_label(),
    key=None,
    bindings={
        "kind": Plain(activities.c.kind, "choice", choices=ACTIVITY_KINDS),
        "at": Happened(activities.c.happened_at, "moment"),
        "subject": Written(activities.c.subject),
        "note": Written(activities.c.note, "long"),
        "direction": Plain(activities.c.direction, "choice", choices=DIRECTIONS),
        "outcome": Outcome(activities.c.outcome),
        "minutes": Plain(activities.c.minutes, "minutes"),
        "contacts": Members(
            activity_contacts,
            activity_contacts.c.activity_id,
            activity_contacts.c.contact_id,
            "contact",
        ),
        "company": Link(activities.c.company_id, "company"),
        "deal": Link(activities.c.deal_id, "deal"),
        "owner": Link(activities.c.owner_id, "user"),
        "tags": Tagged("activity", activities.c.id),
        "flagged": Flagged("activity", activities.c.id),
        **facts(activities),
    },
    prepare=_prepare,
    describe=("kind", "at", "contacts"),
)
