"""A database full of everything, and new ones beside it, for what goes out and comes back whole."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage.database import Deed, open_database
from storage.settings import Settings
from tests.conftest import Crm

HOSTILE = (
    "", " ", "'", "''", "'=1+1", "=1+1", "+cmd|' /C calc'!A0", "@SUM(1)", "-2+3", "text:",
    'text:"x"', "text:#1", "\x1b[31mred\x1b[0m", "bell\a and \x7f and \x85", "two\nlines",
    "cr\rlf\r\nmix", "\t", "שלום مرحبا \u202eabc", "👩‍👩‍👧 e\u0301", '{"a": [1, null]}', "null",
    "007", "1e5", "TRUE", "2026-01-01", "_x000D_", "<r>rich</r>", "a,b;c\td|e", '"quoted',
    "\ufeffmark", "\uffff", "x" * 40_000, "=" + "long \n" * 8_000, " lead and trail ", "\u2028",
    "#N/A", "%", "|x",
)  # fmt: skip
MOMENT = datetime(2026, 11, 24, 9, 30, 0, 123457, tzinfo=UTC)


def fill(crm: Crm, home: Path) -> None:
    """A team's database with all that may be in one, and worse."""
    crm.ok("pipeline", "add", "Partners")
    crm.ok("company", "add", "acme", "--domain", "acme.example")
    crm.ok("contact", "add", "Ana Ruíz", "--company", "acme", "--email", "ana@acme.example",
           "--phone", "+34 600 111 222", "--birthday", "05-03", "--tag", "vip")  # fmt: skip
    crm.ok("contact", "add", "Luis Paz", "--email", "home:luis@paz.example")
    crm.ok("deal", "add", "Seats", "--company", "acme", "--amount", "JPY 5000", "--contact", "ana")
    crm.ok("deal", "move", "1", "qualified")
    crm.ok("deal", "lose", "1", "--reason", "price")
    crm.ok("call", "log", "ana", "20 seats", "--deal", "1", "--next", "fri send quote")
    crm.ok("product", "add", "PRO", "--price", "KWD 1.255")
    for kind, value in (
        ("text", "a"), ("number", "1.5"), ("money", "EUR 3"), ("date", "2026-01-02"),
        ("flag", "yes"), ("choice", "red"), ("link", "luis"),
    ):  # fmt: skip
        more = {
            "choice": ["--choice", "red", "--choice", 'b"l,ue'],
            "link": ["--target", "contact"],
        }
        crm.ok("field", "add", "contact", f"A {kind}", "--kind", kind, *more.get(kind, []))
        crm.ok("contact", "edit", "ana", "--set", f"a {kind}={value}")
    paper = home / "paper.txt"
    paper.write_text("signed")
    crm.ok("attachment", "add", "deal:1", str(paper))
    crm.ok("contact", "add", "Gone Girl")
    crm.ok("contact", "delete", "gone")
    crm.ok("contact", "add", "Undone")
    crm.ok("undo")
    fill_by_hand(crm)


def fill_by_hand(crm: Crm) -> None:
    """What the commands would not let in, or not yet."""
    from storage.model import anything, people, sales

    database = open_database(Settings(database=str(crm.database), user="eva"))
    with database.writing(Deed("fill")) as uow:
        numbers = []
        for at, text in enumerate(HOSTILE):
            name = text or "-"
            numbers.append(
                uow.insert(
                    people.contacts, name=name, name_key=name, note=text, job_title=text or None,
                    created_at=MOMENT + timedelta(microseconds=at * 777),
                )
            )  # fmt: skip
            uow.insert(anything.flags, noun="contact", record_id=numbers[-1], field=text,
                       content=text, reason=text)  # fmt: skip
        uow.insert(people.relations, contact_id=1, other_id=2, kind="boss", note="")
        uow.insert(anything.distinctions, noun="contact", record_id=1, other_id=2)
        stage = uow.scalar(sales.stages.select().with_only_columns(sales.stages.c.id).limit(1))
        for minor, currency in (
            (0, "EUR"), (-1, "EUR"), (2**62, "JPY"), (2**53 + 1, "KWD"), (12345, "EUR"), (1, "???"),
        ):  # fmt: skip
            uow.insert(
                sales.deals, title=f"{minor}", title_key=f"{minor}", pipeline_id=1, stage_id=stage,
                stage_since=datetime(1850, 1, 1, tzinfo=UTC), amount_minor=minor,
                currency=currency, opened_on=datetime(1899, 12, 31, tzinfo=UTC).date(),
                closed_at=datetime(9999, 12, 31, 23, 59, 59, 999000, tzinfo=UTC),
            )  # fmt: skip
    database.close()


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the full database is kept once the first test has made it."""
    return tmp_path_factory.mktemp("full") / "crm.db"


@pytest.fixture
def full(crm: Crm, home: Path, made: Path) -> Crm:
    """`crm` on a full database."""
    if not made.exists():
        fill(crm, home)
        shutil.copy(crm.database, made)
        shutil.copytree(f"{crm.database}.files", f"{made}.files")
    else:
        shutil.copy(made, crm.database)
        shutil.copytree(f"{made}.files", f"{crm.database}.files")
    return crm


@pytest.fixture
def new(home: Path, blank_database: Path) -> Callable[[str], Path]:
    """A new database of a name."""

    def make(name: str) -> Path:
        path = home / name
        shutil.copy(blank_database, path)
        path.chmod(0o600)
        return path

    return make
