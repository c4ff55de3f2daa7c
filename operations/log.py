"""Log what happened, with whom, about which deal, and what comes next: one step to undo."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa

from language.errors import InvalidValue, NotFound
from language.values import Ref
from language.when import When, show_due, show_minutes, show_moment
from operations import records
from operations.find import NUMBER, find, label, matches, nearest
from operations.tasks import company_of
from storage.model.work import activities

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from storage.unit import UnitOfWork

NOUNS = ("contact", "company", "deal")
SHOWN = 3


@dataclass(frozen=True, slots=True)
class NextStep:
    """What was said to come next: the day or moment, if any, and the words."""

    when: When | None
    title: str


@dataclass(frozen=True, slots=True)
class Logged:
    """What came of logging: the activity, what to say, and what the user may want to know."""

    id: int
    sentence: str
    hints: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Links:
    """The records an activity hangs on."""

    contacts: tuple[Ref, ...]
    company: int | None
    deal: int | None


def log(
    uow: UnitOfWork,
    kind: str,
    who: str,
    values: Mapping[str, object],
    *,
    others: Sequence[str] = (),
    next_step: NextStep | None = None,
    uid: str = "",
) -> Logged:
    """Log an activity of a kind with `who` (see `whom`) and `others` (contacts).

    The company is the contact's unless `values` names one; a deal is never guessed. With a `uid`
    that is known already nothing is written: retrying is safe. Raises `NotFound`, `Ambiguous` or
    `InvalidValue`, writing nothing.
    """
    again = _logged_before(uow, uid)
    if again is not None:
        return again
    links = _links(uow, who, others, values)
    filled = {name: value for name, value in values.items() if name not in {"company", "deal"}}
    filled |= {"kind": kind, "contacts": list(links.contacts)}
    columns: dict[str, Any] = {"company_id": links.company, "deal_id": links.deal}
    if uid:
        columns["uid"] = str(UUID(uid))
    added = records.add(uow, "activity", filled, columns=columns)
    parts = [_sentence(uow, kind, added.id, links, said_when="at" in values)]
    hints = []
    if next_step is not None:
        task = _plan(uow, next_step, added.id, links)
        parts.append(f"next: {task.label}, {_when(uow, next_step.when)}")
        if next_step.when is None:
            hints.append(
                f'the next step has no day; give it one: crm task edit {task.id} --due "fri 9am"'
            )
    if links.deal is None and kind != "note":
        hints += _open_deals_hint(uow, added.id, links)
    uow.summary = "; ".join(parts)
    uow.result = ("activity", added.id)
    return Logged(added.id, uow.summary, hints)


def whom(uow: UnitOfWork, text: str) -> tuple[str, Ref]:
    """Find what a text names: a contact, else a company, else a deal; `company:acme` says which.

    A name goes before words elsewhere in a record: `acme` is the company Acme rather than somebody
    who works there.
    """
    if not text.strip():
        raise InvalidValue("who is empty", 'for example: crm call log ana "budget ok"')
    prefix, colon, rest = text.partition(":")
    if colon and prefix.strip().lower() in NOUNS and rest.strip():
        noun = prefix.strip().lower()
        return noun, find(uow, noun, rest)
    _refuse_gone(uow, text)
    for names_only in (True, False):
        for noun in NOUNS:
            found = matches(uow, noun, text, names_only=names_only)
            if len(found) == 1:
                return noun, found[0]
            if found:
                return noun, find(uow, noun, text)
    near = [f"{name} ({noun})" for noun in NOUNS for name in nearest(uow, noun, text, 1)]
    hint = f"did you mean {', '.join(near)}?" if near else f'add it: crm contact add "{text}"'
    raise NotFound(f"no contact, company or deal answers to '{text}'", hint)


def _refuse_gone(uow: UnitOfWork, text: str) -> None:
    """A bare number is a contact's first; that of a deleted one must not find a deal instead."""
    number = NUMBER.fullmatch(text.strip())
    if number is None or matches(uow, "contact", text):
        return
    for gone in matches(uow, "contact", f"#{number[1]}", trashed=True):
        raise NotFound(
            f"contact #{gone.id} {gone.label} is in the trash",
            f"take it out: crm contact restore {gone.id}, or say deal:{gone.id}",
        )
    for noun in ("company", "deal"):
        for other in matches(uow, noun, f"#{number[1]}"):
            raise NotFound(
                f"there is no contact #{other.id}", f"say {noun}:{other.id} for {other.label}"
            )


def read_uid(text: str) -> str:
    """Read a unique id made by a client; raises `InvalidValue`."""
    try:
        return str(UUID(text.strip()))
    except ValueError:
        raise InvalidValue(
            f"uid: '{text}' is not a UUID", "make one with: uuidgen, and repeat it when you retry"
        ) from None


def _logged_before(uow: UnitOfWork, uid: str) -> Logged | None:
    if not uid:
        return None
    row = uow.first(
        sa.select(activities.c.id, activities.c.kind, activities.c.deleted_at).where(
            activities.c.uid == str(UUID(uid))
        )
    )
    if row is None:
        return None
    where = " (in the trash)" if row.deleted_at is not None else ""
    return Logged(row.id, f"already logged{where}: {row.kind}, activity #{row.id}")


def _links(
    uow: UnitOfWork, who: str, others: Sequence[str], values: Mapping[str, object]
) -> _Links:
    first_named, *also = _each(uow, who, NOUNS)
    noun, found = whom(uow, first_named)
    people = [found] if noun == "contact" else []
    also += [name for text in others for name in _each(uow, text, ("contact",))]
    people += [find(uow, "contact", text) for text in also]
    people = list({ref.id: ref for ref in people}.values())
    deal = found.id if noun == "deal" else None
    company = found.id if noun == "company" else None
    if values.get("deal"):
        deal = _number(uow, "deal", values["deal"])
    if values.get("company"):
        company = _number(uow, "company", values["company"])
    if company is None:
        first = people[0].id if people else None
        # The contact's own company first: a deal may belong to a reseller.
        company = company_of(uow, None, first) or company_of(uow, deal, None)
    return _Links(tuple(people), company, deal)


def _each(uow: UnitOfWork, text: str, nouns: Sequence[str]) -> list[str]:
    """`ana, pedro` names two; but not a text that one name holds, such as `Acme, Inc.`."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if len(parts) < 2 or any(matches(uow, noun, text, names_only=True) for noun in nouns):
        return [text]
    return parts


def _number(uow: UnitOfWork, noun: str, value: object) -> int:
    return value.id if isinstance(value, Ref) else find(uow, noun, str(value)).id


def _sentence(uow: UnitOfWork, kind: str, number: int, links: _Links, *, said_when: bool) -> str:
    row = uow.rows(sa.select(activities).where(activities.c.id == number))[0]
    names = ", ".join(ref.label for ref in links.contacts)
    if not names and links.company is not None and links.deal is None:
        names = label(uow, "company", links.company)
    text = f"logged {kind}" + (f" with {names}" if names else "")
    facts = [row.outcome or "", show_minutes(row.minutes) if row.minutes else ""]
    if row.direction == "in":
        facts.insert(0, "incoming")
    if any(facts):
        text += f" ({', '.join(fact for fact in facts if fact)})"
    if links.deal is not None:
        text += f" on deal {label(uow, 'deal', links.deal)}"
    if said_when:
        lang = uow.settings.language
        text += f", {show_moment(row.happened_at, now=uow.now, zone=uow.zone, lang=lang)}"
    return text


def _plan(uow: UnitOfWork, step: NextStep, activity: int, links: _Links) -> Ref:
    """Add the task of the next step, on everything the activity hangs on."""
    contact = links.contacts[0].id if links.contacts else None
    title = step.title or _follow_up(uow, links)
    columns = {
        "activity_id": activity,
        "contact_id": contact,
        "company_id": links.company,
        "deal_id": links.deal,
    }
    values = {"title": title, "due": step.when}
    return records.add(uow, "task", values, columns=columns, complete=False)


def _when(uow: UnitOfWork, when: When | None) -> str:
    if when is None:
        return "no day yet"
    return show_due(when, now=uow.now, zone=uow.zone, lang=uow.settings.language)


def _follow_up(uow: UnitOfWork, links: _Links) -> str:
    if links.contacts:
        return f"follow up with {links.contacts[0].label}"
    if links.deal is not None:
        return f"follow up on {label(uow, 'deal', links.deal)}"
    return f"follow up with {label(uow, 'company', links.company or 0)}"


def _open_deals_hint(uow: UnitOfWork, activity: int, links: _Links) -> list[str]:
    """Name the open deals of the contacts and the company: nobody guesses, but nobody forgets."""
    found = open_deals_with(uow, [ref.id for ref in links.contacts], links.company)
    if not found:
        return []
    names = ", ".join(f"#{ref.id} {ref.label}" for ref in found[:SHOWN])
    more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    what = "open deal" if len(found) == 1 else "open deals"
    how = f"to hang it there: crm activity edit {activity} --deal {found[0].id}"
    return [f"on no deal; {what}: {names}{more}. {how}"]


def open_deals_with(
    uow: UnitOfWork, contact_ids: Sequence[int], company_id: int | None
) -> list[Ref]:
    """Open deals in which these contacts take part, or, when there are none, of the company."""
    from storage.model.sales import deal_contacts, deals, stages

    still = sa.select(stages.c.id).where(stages.c.outcome == "open")
    statement = (
        sa.select(deals.c.id, deals.c.title)
        .where(deals.c.deleted_at.is_(None), deals.c.stage_id.in_(still))
        .order_by(deals.c.id)
        .limit(20)
    )
    with_them = sa.select(deal_contacts.c.deal_id).where(
        deal_contacts.c.contact_id.in_(contact_ids)
    )
    rows = uow.rows(statement.where(deals.c.id.in_(with_them))) if contact_ids else []
    if not rows and company_id is not None:
        rows = uow.rows(statement.where(deals.c.company_id == company_id))
    return [Ref(row.id, row.title) for row in rows]
