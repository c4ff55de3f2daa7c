"""The year of the invented company, as events to be played: always the same, counted from today.

Nothing here touches a database. `operations.demo` plays the events in order of their day.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from language.text import fold
from operations import demo_data as data

if TYPE_CHECKING:
    from collections.abc import Iterator

SEED = 2026
OPEN_STAGES = ("Lead", "Qualified", "Proposal", "Negotiation")
STANDARD, CARE = "Sales", "Care"
LATELY = (True, False, True, False, True, False)  # won or not, in the last four weeks
BIRTHDAYS = {3: 0, 11: 2, 40: 5}  # which contact → days from today


@dataclass(frozen=True, slots=True)
class Event:
    """Something that somebody did. `day` counts from today (-3: three days ago), `hour` is local.

    `what`: open, move, win, lose, talk or task. `deal`: place in `Plan.deals`, or -1 for none.
    """

    day: int
    hour: float
    what: str
    deal: int = -1
    stage: str = ""
    talk: tuple[str, str, str] = ("", "", "")
    minutes: int = 0
    person: int = -1
    title: str = ""
    priority: str = "normal"
    due: int = 0
    due_hour: int | None = None
    owner: int = -1
    reason: str = ""
    competitor: str = ""


@dataclass(slots=True)
class Person:
    """A contact: places in the lists of names, with what we know of them."""

    name: str
    company: int
    job_title: str
    email: str
    phone: str
    birthday: int | None = None  # days from today
    born: int = 1980
    hobby: str = ""
    group: str = ""
    tag: str = ""
    source: str = ""


@dataclass(slots=True)
class Sale:
    """A deal as it will be opened; its stages are events."""

    title: str
    company: int
    amount: int
    product: str
    pipeline: str
    opened: int
    expected: int
    source: str
    people: list[tuple[int, str]] = field(default_factory=list)
    tag: str = ""
    roof: int | None = None


@dataclass(slots=True)
class Plan:
    """Everything that will be written."""

    people: list[Person]
    deals: list[Sale]
    events: list[Event]


def make_plan() -> Plan:
    """Invent the year. The same every time."""
    luck = random.Random(SEED)  # noqa: S311 (believable, not secret)
    people = list(_people(luck))
    plan = Plan(people, [], [])
    for number in range(34):
        _closed_deal(plan, luck, number)
    for number in range(38):
        _open_deal(plan, luck, OPEN_STAGES[(0, 1, 1, 2, 2, 3, 0, 2)[number % 8]])
    for number in range(7):
        _care_deal(plan, luck, number)
    _tasks(plan, luck)
    plan.events.sort(key=lambda event: (event.day, event.hour))
    return plan


def _people(luck: random.Random) -> Iterator[Person]:
    spanish, english = iter(data.SPANISH_NAMES), iter(data.ENGLISH_NAMES)
    number = 0
    for place, company in enumerate(data.COMPANIES):
        abroad = company[5] != "ES"
        for _ in range(2 if abroad else luck.choice((2, 2, 2, 3))):
            name = next(english if abroad else spanish, "")
            if not name:
                break
            number += 1
            given = fold(name).replace("'", "").split()
            yield Person(
                name=name,
                company=place,
                job_title=luck.choice(data.JOB_TITLES),
                email=f"{given[0]}.{given[-1]}@{company[6]}.example",
                phone=_phone(company[5], number),
                birthday=BIRTHDAYS.get(number, luck.choice((None, luck.randrange(8, 350)))),
                born=luck.randrange(1958, 1998),
                hobby=luck.choice((*data.HOBBIES, "", "", "")),
                group=luck.choice((*data.GROUPS, "", "", "", "")),
                tag=luck.choice((*data.TAGS, "", "", "", "", "", "")),
                source=luck.choice(data.SOURCES),
            )


def _phone(country: str, number: int) -> str:
    if country == "GB":
        return f"+44 20 7946 0{number:03d}"
    if country == "US":
        return f"+1 202 555 01{number % 100:02d}"
    return f"+34 600 000 {number:03d}"


def _sale(
    plan: Plan,
    luck: random.Random,
    opened: int,
    expected: int,
    offers: tuple[tuple[str, str, int, int], ...] = data.OFFERS,
) -> Sale:
    company = luck.randrange(len(data.COMPANIES))
    title, product, low, high = luck.choice(offers)
    people = [place for place, person in enumerate(plan.people) if person.company == company]
    roles = luck.sample(data.DEAL_ROLES, len(people))
    roof = luck.choice((None, luck.randrange(20, 320) * 10))
    return Sale(
        title=f"{title}, {data.COMPANIES[company][4]} {luck.choice(data.SITES)}",
        company=company,
        amount=int(luck.triangular(low, high, low * 1.4)) // 100 * 100,
        product=product,
        pipeline=STANDARD if offers is data.OFFERS else CARE,
        opened=opened,
        expected=expected,
        source=luck.choice(data.SOURCES),
        people=list(zip(people, roles, strict=True)),
        tag=luck.choice((*data.TAGS, "", "", "", "", "", "", "")),
        roof=roof if product in {"ROOF", "CANOPY"} else None,
    )


def _add(plan: Plan, sale: Sale) -> int:
    plan.deals.append(sale)
    plan.events.append(Event(sale.opened, 9.0, "open", len(plan.deals) - 1))
    return len(plan.deals) - 1


def _closed_deal(plan: Plan, luck: random.Random, number: int) -> None:
    closed = -luck.randrange(2, 27 if number < len(LATELY) else 340)
    opened = closed - luck.randrange(18, 95)
    deal = _add(plan, _sale(plan, luck, opened, closed + luck.choice((0, 0, 3, -6, -14))))
    won = LATELY[number] if number < len(LATELY) else luck.random() < 0.6
    reached = 3 if won else luck.choice((1, 2, 2, 3))
    for step in range(1, reached + 1):
        day = opened + (closed - opened) * step // (reached + 1)
        plan.events.append(Event(day, 11.0 + step / 10, "move", deal, OPEN_STAGES[step]))
    _talks(plan, luck, deal, range(opened, closed + 1))
    if won:
        plan.events.append(Event(closed, 17.0, "win", deal))
        return
    reason = luck.choice(data.LOST_REASONS)
    rival = luck.choice(data.COMPETITORS)
    rival = rival if reason in {"price", "went with a competitor"} else ""
    plan.events.append(Event(closed, 17.0, "lose", deal, reason=reason, competitor=rival))


def _open_deal(plan: Plan, luck: random.Random, stage: str) -> None:
    reached = OPEN_STAGES.index(stage)
    since = luck.choice((2, 3, 5, 6, 8, 9, 12, 17, 26, 34))
    opened = -since - reached * luck.randrange(6, 20)
    expected = luck.choice((-4, 3, 6, 10, 15, 21, 28, 35, 49, 63)) + 6 * (3 - reached)
    deal = _add(plan, _sale(plan, luck, opened, expected))
    for step in range(1, reached + 1):
        day = opened + (-since - opened) * step // reached
        plan.events.append(Event(day, 11.0 + step / 10, "move", deal, OPEN_STAGES[step]))
    # Every third deal was last spoken of when it came to its stage: those begin to rot.
    last = -luck.choice((1, 3, max(1, since - 3)))
    _talks(plan, luck, deal, range(opened, max(opened, last) + 1))


def _care_deal(plan: Plan, luck: random.Random, number: int) -> None:
    opened = -luck.randrange(4, 40) - 60 * (number > 4)
    deal = _add(plan, _sale(plan, luck, opened, luck.randrange(5, 45), data.CARE_OFFERS))
    if number % 2:
        plan.events.append(Event(opened // 2, 12.0, "move", deal, "Offered"))
    if number > 4:
        plan.events.append(Event(-luck.randrange(5, 25), 16.0, "win", deal))


def _talks(plan: Plan, luck: random.Random, deal: int, days: range) -> None:
    """A few activities on different days, none said twice."""
    people = plan.deals[deal].people
    count = min(luck.randrange(3, 7), len(days))
    for day, talk in zip(luck.sample(days, count), luck.sample(data.TALKS, count), strict=True):
        kind, outcome, _ = talk
        timed = kind in {"call", "meeting", "visit"} and outcome not in {"no answer", "voicemail"}
        hour = luck.choice((9.25, 10.0, 10.75, 12.0, 13.25, 15.5, 16.25, 17.5))
        minutes = luck.choice((5, 10, 15, 20)) * (1 if kind == "call" else 3)
        plan.events.append(
            Event(
                min(day, -1),
                hour,
                "talk",
                deal,
                talk=talk,
                minutes=minutes if timed else 0,
                person=luck.choice(people)[0] if people else -1,
            )
        )


def _tasks(plan: Plan, luck: random.Random) -> None:
    closed = {event.deal for event in plan.events if event.what in {"win", "lose"}}
    still_open = [place for place in range(len(plan.deals)) if place not in closed]
    luck.shuffle(still_open)
    for number, deal in enumerate(still_open[:36]):
        title, priority = data.TASKS[number % len(data.TASKS)]
        due = (-6, -3, -1, 0, 0, 1, 2, 4, 7, 13)[luck.randrange(10)]
        plan.events.append(
            Event(
                max(-luck.randrange(1, 9) + min(due, 0), plan.deals[deal].opened),
                17.75,
                "task",
                deal,
                title=title,
                priority=priority,
                due=due,
                due_hour=luck.choice((None, None, 10, 12, 16)),
            )
        )
    for title, due in data.CHORES:
        plan.events.append(Event(-5, 18.0, "task", title=title, due=due, owner=1))
