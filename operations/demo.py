"""Make the invented company of `crm demo` in a database of its own, as if a year had been worked.

This is the one place that opens units of work by itself: a year of commands needs a clock of its
own, and each week becomes one command, so that history, ages and reports come out as in real life.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from language.fields import NOUNS
from language.money import Money
from language.when import When
from operations import demo_data as data
from operations.demo_plan import CARE, Event, Person, Plan, Sale, make_plan

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from storage.database import Database
    from storage.unit import UnitOfWork

NAME = "demo"
DAILY, WEEKLY = -14, -120  # days: the older, the more of them make one command
FOUNDED = -400
THIS_MORNING = timedelta(minutes=50)  # how long ago the hero did the first of her own commands


def make(database: Database) -> None:
    """Fill a new database. Takes a few seconds; relative to the day of the database's clock."""
    Year(database).play()


@dataclass(slots=True)
class Year:
    """The year being played, with the numbers that the records got."""

    database: Database
    plan: Plan = field(default_factory=make_plan)
    users: list[int] = field(default_factory=list)
    companies: list[int] = field(default_factory=list)
    people: list[int] = field(default_factory=list)
    deals: dict[int, int] = field(default_factory=dict)
    products: dict[str, int] = field(default_factory=dict)
    stages: dict[tuple[str, str], int] = field(default_factory=dict)
    pipelines: dict[str, int] = field(default_factory=dict)

    def play(self) -> None:
        """Do the year's commands, each at its own moment."""
        clock = self.database.clock
        now = clock()
        try:
            self._as(data.MANAGER, FOUNDED, now, "set up the company", self._found)
            self._as(data.MANAGER, FOUNDED + 1, now, "brought in the address book", self._meet)
            for day, events in groupby(self.plan.events, lambda event: _closing(event.day)):
                self._as(data.MANAGER, day, now, "", list(events))
            self._this_morning(now)
        finally:
            self.database.clock = clock

    def _as(self, user: str, day: int, now: datetime, summary: str, work: Any) -> None:
        from storage.database import Deed

        settings = self.database.settings
        moment = _at(now, settings.zone, day, 18.5)
        self.database.clock = lambda: min(moment, now)
        self.database.settings = replace(settings, user=user)
        try:
            with self.database.writing(Deed(NAME)) as uow:
                if callable(work):
                    work(uow, settings.user)
                    uow.summary = summary
                else:
                    self._work(uow, work, now)
                    uow.summary = _summary(work)
        finally:
            self.database.settings = settings

    # Setting up

    def _found(self, uow: UnitOfWork, login: str) -> None:
        from operations import records

        boss = 0
        for name, role, team, region in data.TEAM:
            values = {"name": name, "role": role, "team": team or None, "region": region}
            values["email"] = f"{name.split()[0].lower()}@brisasolar.example".replace("ñ", "n")
            if name == data.HERO:
                values["login"] = login
            person = records.add(uow, "user", values | ({"manager": boss} if boss else {})).id
            boss = boss or person
            self.users.append(person)
        for name, code, family, price, unit in data.PRODUCTS:
            money = Money(int(price) * 100, "EUR")
            self.products[code] = records.add(
                uow,
                "product",
                {"name": name, "code": code, "family": family, "price": money, "unit": unit},
            ).id
        self._pipelines(uow)
        records.add(uow, "field", {"noun": "deal", "label": "Roof area m²", "kind": "number"})

    def _pipelines(self, uow: UnitOfWork) -> None:
        from operations import records
        from storage.model.sales import pipelines, stages

        number = records.add(uow, "pipeline", {"name": CARE, "note": "Contracts to renew"}).id
        for position, (name, outcome, probability, rotting) in enumerate(data.CARE_STAGES, 1):
            values = {"name": name, "pipeline": number, "position": position, "outcome": outcome}
            values |= {"probability": probability, "rotting_days": rotting}
            records.add(uow, "stage", values)
        for row in uow.rows(
            sa.select(stages.c.id, stages.c.name, pipelines.c.name.label("pipeline"))
            .join(pipelines, pipelines.c.id == stages.c.pipeline_id)
            .where(stages.c.deleted_at.is_(None))
        ):
            self.stages[row.pipeline, row.name] = row.id
        for row in uow.rows(sa.select(pipelines.c.id, pipelines.c.name)):
            self.pipelines[row.name] = row.id

    def _meet(self, uow: UnitOfWork, _: str) -> None:
        from operations import records

        for name, industry, size, revenue, city, country, domain, owner in data.COMPANIES:
            currency = "USD" if country == "US" else "EUR"
            self.companies.append(
                records.add(
                    uow,
                    "company",
                    {
                        "name": name,
                        "industry": industry,
                        "size": size,
                        "revenue": Money(int(float(revenue[:-1]) * 1_000_000) * 100, currency),
                        "domains": [f"{domain}.example"],
                        "addresses": [city],
                        "owner": self.users[owner],
                    },
                ).id
            )
        for person in self.plan.people:
            self.people.append(records.add(uow, "contact", self._person(uow, person)).id)

    def _person(self, uow: UnitOfWork, person: Person) -> dict[str, Any]:
        values: dict[str, Any] = {
            "name": person.name,
            "job_title": person.job_title,
            "company": self.companies[person.company],
            "emails": [person.email],
            "phones": [person.phone],
            "owner": self.users[data.COMPANIES[person.company][7]],
            "source": person.source,
        }
        if person.birthday is not None:
            day = self._today(uow) + timedelta(days=person.birthday)
            values["birthday"] = f"{person.born}-{day:%m-%d}".replace("02-29", "02-28")
        for name, word in (("hobbies", person.hobby), ("groups", person.group)):
            if word:
                values[name] = [word]
        if person.tag:
            values["tags"] = [person.tag]
        return values

    def _today(self, uow: UnitOfWork) -> date:
        return uow.today - timedelta(days=FOUNDED + 1)

    # Working

    def _work(self, uow: UnitOfWork, events: Sequence[Event], now: datetime) -> None:
        does = {
            "open": self._open, "move": self._move, "win": self._win, "lose": self._lose,
            "talk": self._talk, "task": self._task,
        }  # fmt: skip
        for event in events:
            does[event.what](uow, event, now)

    def _open(self, uow: UnitOfWork, event: Event, now: datetime) -> None:
        from operations import records

        sale = self.plan.deals[event.deal]
        currency = "USD" if data.COMPANIES[sale.company][5] == "US" else "EUR"
        today = now.astimezone(uow.zone).date()
        first = data.CARE_STAGES[0][0] if sale.pipeline == CARE else "Lead"
        values: dict[str, Any] = {
            "title": sale.title,
            "company": self.companies[sale.company],
            "owner": self._owner(sale),
            "pipeline": self.pipelines[sale.pipeline],
            "stage": self.stages[sale.pipeline, first],
            "amount": Money(sale.amount * 100, currency),
            "expected_close": today + timedelta(days=sale.expected),
            "opened_at": _at(now, uow.zone, event.day, event.hour),
            "source": sale.source,
            "contacts": [f"#{self.people[place]}:{role}" for place, role in sale.people],
        }
        if sale.tag:
            values["tags"] = [sale.tag]
        if sale.roof:
            values["roof_area_m2"] = str(sale.roof)
        self.deals[event.deal] = records.add(uow, "deal", values).id

    def _owner(self, sale: Sale) -> int:
        return self.users[data.COMPANIES[sale.company][7]]

    def _talk(self, uow: UnitOfWork, event: Event, now: datetime) -> None:
        from operations import records

        kind, outcome, note = event.talk
        sale = self.plan.deals[event.deal]
        values: dict[str, Any] = {
            "kind": kind,
            "at": min(_at(now, uow.zone, event.day, event.hour), uow.now),
            "note": note,
            "company": self.companies[sale.company],
            "deal": self.deals[event.deal],
            "owner": self._owner(sale),
        }
        if outcome:
            values["outcome"] = outcome
        if event.minutes:
            values["minutes"] = event.minutes
        if event.person >= 0:
            values["contacts"] = [self.people[event.person]]
        records.add(uow, "activity", values)

    def _task(self, uow: UnitOfWork, event: Event, now: datetime) -> None:
        from operations import records

        day = _day(now, uow.zone, event.due)
        hour = event.due_hour
        moment = None if hour is None else _at(now, uow.zone, event.due, hour)
        values: dict[str, Any] = {
            "title": event.title,
            "due": When(day, moment),
            "priority": event.priority,
        }
        if event.deal >= 0:
            sale = self.plan.deals[event.deal]
            values |= {"deal": self.deals[event.deal], "owner": self._owner(sale)}
            values["contact"] = self.people[sale.people[0][0]] if sale.people else None
        else:
            values["owner"] = self.users[event.owner]
        records.add(uow, "task", values)

    def _move(self, uow: UnitOfWork, event: Event, now: datetime) -> None:
        from operations.deal_moves import move

        sale = self.plan.deals[event.deal]
        move(uow, self.deals[event.deal], self.stages[sale.pipeline, event.stage])

    def _win(self, uow: UnitOfWork, event: Event, now: datetime) -> None:
        from operations.deal_moves import win

        win(uow, self.deals[event.deal], {"closed_at": _day(now, uow.zone, event.day)})

    def _lose(self, uow: UnitOfWork, event: Event, now: datetime) -> None:
        from operations.deal_moves import lose

        values: dict[str, Any] = {"closed_at": _day(now, uow.zone, event.day)}
        if event.competitor:
            values["competitor"] = event.competitor
        if event.reason == "timing":
            values["retry"] = _day(now, uow.zone, event.day + 180)
        lose(uow, self.deals[event.deal], event.reason, values)

    # This morning

    def _this_morning(self, now: datetime) -> None:
        """What the hero did today, as commands of her own, so that undo has something to show."""
        from operations.deal_moves import move
        from operations.log import NextStep, log
        from storage.database import Deed

        first, second = (
            next(place for place in self._still_open(stage) if self._is_mine(place))
            for stage in ("Lead", "Proposal")
        )
        moved, talked = self.deals[first], self.deals[second]
        person = f"#{self.people[self.plan.deals[second].people[0][0]]}"
        zone = self.database.settings.zone
        said = {"note": data.NEWS, "outcome": "connected", "minutes": 12, "deal": talked}
        step = NextStep(When(_day(now, zone, 1), None), data.NEXT)
        self.database.clock = lambda: now - THIS_MORNING
        with self.database.writing(Deed("deal move", ("deal", "move", str(moved)))) as uow:
            move(uow, moved, "Qualified")
        self.database.clock = lambda: now - timedelta(minutes=25)
        with self.database.writing(Deed("call log", ("call", "log", person))) as uow:
            log(uow, "call", person, said, next_step=step)

    def _is_mine(self, place: int) -> bool:
        return data.TEAM[data.COMPANIES[self.plan.deals[place].company][7]][0] == data.HERO

    def _still_open(self, stage: str) -> list[int]:
        """Places of the deals whose last event left them in a stage of the standard pipeline."""
        left = {}
        for event in self.plan.events:
            if event.what in {"open", "move", "win", "lose"}:
                left[event.deal] = event.stage or {"open": "Lead"}.get(event.what, "closed")
        return [
            place
            for place, name in left.items()
            if name == stage and self.plan.deals[place].pipeline != CARE
        ]


def _closing(day: int) -> int:
    """The day on which an event is written down: its own lately, else the end of its period."""
    if day > DAILY:
        return day
    length, limit = (7, DAILY) if day > WEEKLY else (28, WEEKLY)
    return min(limit, day - day % length + length - 1)


def _at(now: datetime, zone: Any, day: int, hour: float) -> datetime:
    """A local hour of a day counted from today, as an aware moment; nobody works at weekends."""
    local = now.astimezone(zone)
    start = datetime.combine(_day(now, zone, day), time(), local.tzinfo)
    return start + timedelta(hours=hour)


def _day(now: datetime, zone: Any, day: int) -> date:
    """A day counted from today; a past Saturday or Sunday is the Friday before."""
    found = now.astimezone(zone).date() + timedelta(days=day)
    late = max(0, found.weekday() - 4) if day < 0 else 0
    return found - timedelta(days=late)


def _summary(events: Sequence[Event]) -> str:
    words = {
        "open": ("opened", "deal"),
        "move": ("moved", "deal"),
        "win": ("won", "deal"),
        "lose": ("lost", "deal"),
        "talk": ("logged", "activity"),
        "task": ("planned", "task"),
    }
    said = []
    for what, (verb, noun) in words.items():
        count = sum(event.what == what for event in events)
        plural = NOUNS[noun].plural if count > 1 else noun
        said += [f"{verb} {count} {plural}"] if count else []
    return ", ".join(said)
