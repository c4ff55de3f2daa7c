"""How many known twins `crm duplicate list` finds among invented contacts, how fast, in how much.

`python benchmarks/duplicates.py [--contacts N]` invents contacts of which one in ten has a twin
(another spelling, a private address, a nickname, a slip of the pen, an initial) and one in twenty a
look-alike (father and son, a namesake elsewhere, a couple with one phone, a colleague), and prints
pairs, time, memory, recall by kind of twin, and precision.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from language.mailboxes import email_identity
from language.people import email_key, split_name
from language.text import fold
from operations.duplicates import find_duplicates
from storage.database import Database, Deed, open_database
from storage.model.people import companies, contacts, emails, phones
from storage.settings import Settings

GIVEN = [
    "Ana",
    "María",
    "José",
    "Antonio",
    "Luis",
    "Carmen",
    "Francisco",
    "Dolores",
    "Manuel",
    "Pilar",
    "Javier",
    "Isabel",
    "Jesús",
    "Teresa",
    "Rafael",
    "Rosario",
    "Ignacio",
    "Lucía",
    "Enrique",
    "Mercedes",
    "Fernando",
    "Concepción",
    "Miguel",
    "Cristina",
    "Alejandro",
    "Beatriz",
    "Robert",
    "Elizabeth",
    "William",
    "Margaret",
    "Richard",
    "Katherine",
    "James",
    "Jennifer",
    "Thomas",
    "Susan",
    "Michael",
    "Patricia",
    "Edward",
    "Deborah",
    "Charles",
    "Rebecca",
    "Daniel",
    "Pamela",
    "Matthew",
    "Barbara",
    "Andrew",
    "Cynthia",
    "Oliver",
    "Sigrid",
    "Hans",
    "Petra",
    "Giulia",
    "Marco",
    "Chiara",
    "Pierre",
    "Sylvie",
    "Mateusz",
    "Agnieszka",
    "Yusuf",
    "Fatima",
    "Wei",
    "Keiko",
]
NICK = {
    "José": "Pepe", "Francisco": "Paco", "Dolores": "Lola", "Manuel": "Manolo", "Javier": "Javi",
    "Isabel": "Isa", "Teresa": "Tere", "Rafael": "Rafa", "Rosario": "Charo", "Ignacio": "Nacho",
    "Enrique": "Quique", "Mercedes": "Merche", "Concepción": "Conchita", "Robert": "Bob",
    "William": "Bill", "Margaret": "Peggy", "Richard": "Dick", "Katherine": "Kate", "James": "Jim",
    "Jennifer": "Jenny", "Thomas": "Tom", "Susan": "Sue", "Michael": "Mike", "Charles": "Chuck",
}  # fmt: skip
STARTS = [
    "Bal",
    "Car",
    "Dor",
    "Fer",
    "Gar",
    "Her",
    "Kla",
    "Lor",
    "Mar",
    "Nav",
    "Ort",
    "Per",
    "Quin",
    "Rod",
    "San",
    "Tor",
    "Val",
    "Zab",
    "Win",
    "Stu",
    "Bri",
]
MIDDLES = ["a", "e", "i", "o", "u", "an", "er", "il", "or", "ame", "ati", "eno", "ido", "ola"]
ENDS = [
    "ez",
    "es",
    "a",
    "o",
    "ona",
    "ero",
    "illo",
    "aga",
    "ano",
    "son",
    "man",
    "ley",
    "ton",
    "ski",
    "er",
    "etti",
    "eau",
]
FORMS = ["SL", "S.L.", "SA", "Ltd", "GmbH", "Inc", ""]
TRADES = [
    "Talleres",
    "Bodegas",
    "Grupo",
    "Sistemas",
    "Clínica",
    "Software",
    "Logística",
    "Consulting",
    "Foods",
    "Energy",
]

Person = dict[str, Any]


class Town:
    """Everybody there is, and who is whose twin."""

    def __init__(self, count: int) -> None:
        self.dice = random.Random(11)
        self.firms = [self._firm(number) for number in range(count // 10 + 1)]
        self.people: list[Person] = []
        self.twins: dict[tuple[int, int], str] = {}
        while len(self.people) < count:
            self._settle()

    def surname(self) -> str:
        """Invent one; some come often."""
        pick = self.dice.choice
        return pick(STARTS) + pick(MIDDLES) + pick(ENDS)

    def _firm(self, number: int) -> tuple[str, str]:
        name = f"{self.dice.choice(TRADES)} {self.surname()} {self.surname()}"
        return f"{name} {self.dice.choice(FORMS)}".strip(), f"firm{number}.example.com"

    def _settle(self) -> None:
        """One person, perhaps with a twin or a look-alike."""
        dice = self.dice
        firm = dice.randrange(len(self.firms))
        given, family, second = dice.choice(GIVEN), self.surname(), self.surname()
        local = f"{fold(given)}.{fold(family)}"
        person = {
            "name": f"{given} {family} {second}" if dice.random() < 0.6 else f"{given} {family}",
            "firm": firm if dice.random() < 0.9 else None,
            "email": f"{local}@{self.firms[firm][1]}" if dice.random() < 0.85 else None,
            "phone": f"6{dice.randrange(10**8):08d}" if dice.random() < 0.7 else None,
            "given": given, "family": family,
        }  # fmt: skip
        self.people.append(person)
        chance = dice.random()
        possible = {name: twin for name, make in TWINS.items() if (twin := make(self, person))}
        if chance < 0.1 and possible:
            kind, twin = dice.choice(list(possible.items()))
            self.twins[len(self.people) - 1, len(self.people)] = kind
            self.people.append(person | twin)
        elif chance < 0.15:
            other = dice.choice(list(LOOKALIKES.values()))(self, person)
            if other is not None:
                self.people.append(person | other)


def slip(town: Town, word: str) -> str:
    """Swap two letters inside a word."""
    at = town.dice.randrange(1, len(word) - 2)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


Make = Callable[[Town, Person], Person | None]
TWINS: dict[str, Make] = {
    "same e-mail, other spelling": lambda _, who: (
        {"name": f"{who['family']}, {who['given']}", "phone": None} if who["email"] else None
    ),
    "no second surname, same phone": lambda _, who: (
        {"name": f"{who['given']} {who['family']}", "email": None, "firm": None}
        if who["phone"] else None
    ),
    "nickname at the same company": lambda _, who: (
        {"name": f"{NICK[who['given']]} {who['family']}", "email": None, "phone": None}
        if who["given"] in NICK and who["firm"] is not None else None
    ),
    "nickname, same phone": lambda _, who: (
        {"name": f"{NICK[who['given']]} {who['family']}", "email": None}
        if who["given"] in NICK and who["phone"] else None
    ),
    "private address, same company": lambda _, who: (
        {"email": f"{fold(who['given'])}{fold(who['family'])}@gmail.com", "phone": None}
        if who["firm"] is not None else None
    ),
    "slip of the pen, same company": lambda town, who: (
        {"name": f"{who['given']} {slip(town, who['family'])}", "email": None}
        if who["firm"] is not None else None
    ),
    "initial at the same company": lambda _, who: (
        {"name": f"{who['given'][0]}. {who['family']}", "email": None, "phone": None}
        if who["firm"] is not None else None
    ),
    "names swapped, accents lost": lambda _, who: (
        {"name": fold(f"{who['family']} {who['given']}").upper(), "email": None, "phone": None}
        if who["firm"] is not None else None
    ),
}  # fmt: skip
LOOKALIKES: dict[str, Make] = {
    "father and son": lambda town, who: {
        "name": f"{who['given']} {who['family']} {town.surname()}",
        "email": who["email"] and who["email"].replace(".", "_", 1), "phone": None,
    },
    "namesake elsewhere": lambda town, _: {
        "firm": town.dice.randrange(len(town.firms)), "email": None, "phone": None,
    },
    "couple with one phone": lambda town, _: {
        "name": f"{town.dice.choice(GIVEN)} {town.surname()}", "email": None, "firm": None,
    },
    "colleague of one family name": lambda _, who: {
        "name": f"Xavier {who['family']}", "email": None, "phone": None,
    },
}  # fmt: skip


def fill(database: Database, town: Town) -> int:
    """Write everybody down; gives the number of the first contact."""
    with database.writing(Deed("import town", via="benchmark")) as uow:
        first_firm, first = uow.next_id(companies), uow.next_id(contacts)
        uow.insert_many(
            companies,
            (
                {"id": first_firm + n, "name": name, "name_key": fold(name)}
                for n, (name, _) in enumerate(town.firms)
            ),
        )
        people = list(enumerate(town.people))
        uow.insert_many(contacts, (_row(first + n, who, first_firm) for n, who in people))
        uow.insert_many(
            emails,
            (
                {"contact_id": first + n, "address": who["email"],
                 "address_key": email_key(who["email"]), "preferred": True}
                for n, who in people if who["email"]
            ),
        )  # fmt: skip
        uow.insert_many(
            phones,
            (
                {"contact_id": first + n, "raw": who["phone"], "e164": f"+34{who['phone']}",
                 "number_key": who["phone"], "preferred": True}
                for n, who in people if who["phone"]
            ),
        )  # fmt: skip
        uow.summary = f"invented {len(people):,} contacts"
    return first


def _row(number: int, who: Person, first_firm: int) -> dict[str, Any]:
    given, family = split_name(who["name"])
    return {
        "id": number, "name": who["name"], "name_key": fold(who["name"]),
        "given_name": given or None, "family_name": family or None,
        "company_id": None if who["firm"] is None else first_firm + who["firm"],
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts", type=int, default=100_000)
    parser.add_argument(
        "--missed", type=int, default=0, help="Show some twins that were not found."
    )
    given = parser.parse_args()
    town = Town(given.contacts)
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(Settings(database=f"{folder}/crm.db", user="eva", country="ES"))
        first = fill(database, town)
        email_identity.cache_clear()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        with database.reading() as uow:
            start, cpu = time.perf_counter(), time.process_time()
            found = find_duplicates(uow, "contact")
            took, cpu = time.perf_counter() - start, time.process_time() - cpu
        report(town, first, found.pairs, given.missed)
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(f"{found.total:,} pairs in {took:.1f} s ({cpu:.1f} s of processor)")
        print(f"memory: {after / 1024:.0f} MB at most, {before / 1024:.0f} MB of it before")
        for text in found.skipped[:5]:
            print(f"skipped: {text}")
        database.close()


def report(town: Town, first: int, pairs: Any, missed: int) -> None:
    """Print recall by kind of twin and precision."""
    got = {(pair.a.id - first, pair.b.id - first): pair for pair in pairs}
    kinds = Counter(town.twins.values())
    hits = Counter(kind for pair, kind in town.twins.items() if pair in got)
    for kind, count in sorted(kinds.items()):
        print(f"{hits[kind] / count:7.1%} of {count:6,} found: {kind}")
    for least in (0.7, 0.8, 0.9, 0.95):
        chosen = {pair for pair, match in got.items() if match.score >= least}
        right = len(chosen & set(town.twins))
        print(
            f"from {least}: recall {right / len(town.twins):.1%},"
            f" precision {right / max(len(chosen), 1):.1%}"
        )
    for pair in [pair for pair in town.twins if pair not in got][:missed]:
        print("missed:", *(town.people[n] for n in pair), sep="\n  ")
    for pair in [pair for pair in got if pair not in town.twins][:missed]:
        print(
            "wrong:",
            got[pair].score,
            got[pair].reasons,
            *(town.people[n] for n in pair),
            sep="\n  ",
        )


if __name__ == "__main__":
    main()
