"""Invent a large company's worth of records, fast and always the same: for benchmarks and tests.

`python benchmarks/crowd.py PATH --contacts 100000 --deals 20000 --activities 500000`
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from language.text import fold
from storage.database import Deed, open_database
from storage.model.people import companies, contacts, emails, phones, users
from storage.model.sales import deals, stages
from storage.model.work import activities, activity_contacts
from storage.settings import Settings
from storage.unit import UnitOfWork

GIVEN = [
    "Ana",
    "Luis",
    "Eva",
    "Marta",
    "José",
    "María",
    "Lucía",
    "Pablo",
    "Iván",
    "Núria",
    "Zoë",
    "Jürgen",
    "Anne",
    "John",
    "Mary",
    "Peter",
    "Olga",
    "Dmitri",
    "Aisha",
    "Omar",
]
FAMILY = [
    "Ruiz",
    "García",
    "Núñez",
    "López",
    "Pérez",
    "Müller",
    "Smith",
    "Jones",
    "Brown",
    "Rossi",
    "Silva",
    "Costa",
    "Ivanova",
    "Haddad",
    "Kim",
    "Tanaka",
    "Novak",
    "Popescu",
    "Olsen",
    "Dubois",
]
WORDS = [
    "budget",
    "ok",
    "wants",
    "demo",
    "asked",
    "price",
    "later",
    "next",
    "quarter",
    "interested",
    "competitor",
    "cheaper",
    "renew",
    "contract",
    "seats",
    "training",
    "support",
]
DOMAIN = "example{}.com"


def names(count: int) -> Iterator[str]:
    """Names that repeat as they do in life, each with a number of its own family."""
    for number in range(count):
        first, second = random.choice(FAMILY), random.choice(FAMILY)
        yield f"{random.choice(GIVEN)} {first} {second}{number % 997}"


def fill(path: Path, *, people: int, sales: int, calls: int) -> None:
    """Make a database of `people` contacts, `sales` deals and `calls` activities at `path`."""
    random.seed(7)
    database = open_database(Settings(database=str(path), user="eva", country="ES"))
    with database.writing(Deed("import crowd", via="benchmark")) as uow:
        owner = uow.me()
        for number in range(20):
            uow.insert(users, name=f"Rep {number}", name_key=f"rep {number}")
        firms = people // 10 + 1
        first_firm = _companies(uow, firms, owner)
        first_person = _contacts(uow, people, first_firm, firms, owner)
        first_deal = _deals(uow, sales, first_firm, firms)
        _activities(uow, calls, first_person, people, first_deal, sales)
        for noun in ("company", "contact", "deal", "activity"):
            uow.touch_created(noun)
        uow.summary = f"invented {people:,} contacts"
    database.close()


def _companies(uow: UnitOfWork, count: int, owner: int) -> int:
    first = uow.next_id(companies)
    uow.insert_many(
        companies,
        _keyed(
            {
                "id": first + n,
                "name": f"Firm {n} {random.choice(FAMILY)}",
                "owner_id": owner,
                "industry": random.choice(WORDS),
            }
            for n in range(count)
        ),
    )
    return first


def _keyed(rows: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for row in rows:
        row["name_key"] = fold(row["name"])
        yield row


def _contacts(uow: UnitOfWork, count: int, first_firm: int, firms: int, owner: int) -> int:
    first = uow.next_id(contacts)
    uow.insert_many(
        contacts,
        _keyed(
            {
                "id": first + n,
                "name": name,
                "company_id": first_firm + n % firms,
                "owner_id": owner,
                "job_title": random.choice(WORDS),
            }
            for n, name in enumerate(names(count))
        ),
    )
    uow.insert_many(
        emails,
        (
            {
                "contact_id": first + n,
                "address": f"person{n}@example{n % firms}.com",
                "address_key": f"person{n}@example{n % firms}.com",
                "preferred": True,
            }
            for n in range(count)
        ),
    )
    uow.insert_many(
        phones,
        (
            {
                "contact_id": first + n,
                "raw": f"6{n:08d}",
                "e164": f"+346{n:08d}",
                "number_key": f"6{n:08d}",
                "preferred": True,
            }
            for n in range(count)
        ),
    )
    return first


def _deals(uow: UnitOfWork, count: int, first_firm: int, firms: int) -> int:
    first = uow.next_id(deals)
    import sqlalchemy as sa

    steps = uow.rows(
        sa.select(stages.c.id, stages.c.pipeline_id, stages.c.outcome).order_by(stages.c.position)
    )
    opened = [row for row in steps if row.outcome == "open"]
    uow.insert_many(
        deals,
        (
            {
                "id": first + n,
                "title": f"Deal {n} {random.choice(WORDS)}",
                "title_key": f"deal {n}",
                "company_id": first_firm + n % firms,
                "owner_id": 1 + n % 20,
                "pipeline_id": opened[n % len(opened)].pipeline_id,
                "stage_id": opened[n % len(opened)].id,
                "stage_since": uow.now - timedelta(days=n % 60),
                "amount_minor": 1000 * (n % 900),
                "currency": "EUR",
                "expected_close": uow.today + timedelta(days=n % 120 - 10),
                "opened_on": uow.today,
            }
            for n in range(count)
        ),
    )
    return first


def _activities(
    uow: UnitOfWork, count: int, first_person: int, people: int, first_deal: int, sales: int
) -> None:
    first = uow.next_id(activities)
    uow.insert_many(
        activities,
        (
            {
                "id": first + n,
                "kind": "call",
                "happened_at": uow.now - timedelta(minutes=7 * n),
                "note": " ".join(random.choices(WORDS, k=4)),
                "deal_id": first_deal + n % sales if sales else None,
                "outcome": "connected",
                "owner_id": 1,
            }
            for n in range(count)
        ),
    )
    uow.insert_many(
        activity_contacts,
        ({"activity_id": first + n, "contact_id": first_person + n % people} for n in range(count)),
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("--contacts", type=int, default=100_000)
    parser.add_argument("--deals", type=int, default=20_000)
    parser.add_argument("--activities", type=int, default=50_000)
    given = parser.parse_args()
    fill(given.path, people=given.contacts, sales=given.deals, calls=given.activities)
