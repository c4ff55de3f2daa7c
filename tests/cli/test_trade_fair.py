"""The story of a trade fair: a list of 480 people, rehearsed, mended, imported, taken back."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.conftest import Crm

GIVEN = ["Ana", "Íñigo", "José", "Núria", "Zoë", "Begoña", "Ángel", "Lucía", "Raúl", "Maite"]
FAMILY = ["Ruiz", "Muñoz", "Peña", "Güell", "Ibáñez", "Ortega", "Vidal", "Sanz", "Rubio", "Marín"]
HEADINGS = ["Nombre", "Apellidos", "Correo electrónico", "Móvil", "Empresa", "Importe", "Visita"]
ROWS, KNOWN, TWINS, BAD = 480, 31, 6, 4


def people() -> list[list[Any]]:
    """Rows as a stand's scanner writes them; the last are twins of the first."""
    rows: list[list[Any]] = []
    for n in range(ROWS - TWINS):
        given, family = GIVEN[n % 10], f"{FAMILY[n // 10 % 10]} {FAMILY[n // 100]}"
        mail = f"p{n}@empresa{n % 90}.example" if n >= BAD else f"p{n}@@empresa"
        money = f"1.{n:03d},56"
        rows.append([given, family, mail, f"600 11 {n:04d}", f"Empresa {n % 90}, S.L.", money,
                     f"{n % 28 + 1:02d}/10/2026"])  # fmt: skip
    for n in range(100, 100 + TWINS):
        rows.append([*rows[n][:2], rows[n][2].upper(), "", f"EMPRESA {n % 90} SL", "", ""])
    return rows


def write(path: Path, rows: list[list[Any]]) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(["Feria del Mueble 2026"])
    page.append([])
    page.append(HEADINGS)
    for row in rows:
        page.append(row)
    book.save(path)


@pytest.fixture
def fair(crm: Crm, tmp_path: Path) -> Path:
    """The file, beside a database that knows 31 of its people and a mapping of Eva's own."""
    path = tmp_path / "feria.xlsx"
    write(path, people())
    for name in ("Eva", "Luis", "Marta"):
        crm.ok("user", "add", name)
    known = "".join(
        f"{given} {family};{mail};Empresa {n % 90} SL\n"
        for n, (given, family, mail, *_) in enumerate(people()[200 : 200 + KNOWN], 200)
    )
    crm.ok("import", "contacts", "-", stdin=f"name;email;company\n{known}")
    sample = tmp_path / "sample.csv"
    sample.write_text(";".join(HEADINGS) + "\nAna;Ruiz;a@x.example;600111222;Acme;1,5;01/10/2026\n")
    words = ("--map", "Importe=deal.amount", "--map", "Visita=", "--save-profile", "feria")
    crm.ok("import", "contacts", str(sample), *words)
    crm.ok("undo")
    return path


@pytest.mark.slow
def test_the_list_of_a_trade_fair_comes_in_whole_and_goes_back_whole(crm: Crm, fair: Path) -> None:
    before, clean = sha(crm), crm.ok("database", "hash").out
    words = ("import", "contacts", str(fair), "--profile", "feria", "--format", "json")

    rehearsal = crm.ok(*words, "--dry-run").json

    assert sha(crm) == before
    counted = {name: rehearsal[name] for name in ("created", "updated", "unchanged", "merged")}
    assert counted == {"created": 443, "updated": 31, "unchanged": 0, "merged": 6}
    assert rehearsal["read"] == sum(counted.values()) + rehearsal["rejected"] == ROWS
    assert len(rehearsal["flags"]) == BAD
    assert len(rehearsal["rows"]) == ROWS
    changes = next(row["changes"] for row in rehearsal["rows"] if row["class"] == "updated")
    assert changes["phones"]["old"] is None or changes["phones"]["old"] == []
    assert changes["phones"]["new"][0].endswith("+34600110200")

    mended = mend(fair.with_name("feria.rejects.xlsx"))
    choice = ("--tag", "feria26", "--owner", "round-robin")
    real = crm.ok(*words, *choice).json
    assert {name: real[name] for name in counted} == counted
    again = crm.ok("import", "contacts", str(mended), "--format", "json", *words[3:5]).json
    assert (again["read"], again["created"], again["updated"]) == (BAD, 0, BAD)

    assert len(crm.list("contact", "--filter", "tags=feria26", "--limit", "0")) == ROWS - TWINS
    one = crm.show("contact", "p300@empresa30.example")
    assert (one["company"], one["phones"]) == ("Empresa 30 SL", ["mobile:+34600110300"])
    owners = {row["owner"] for row in crm.list("contact", "--limit", "0", "--fields", "owner")}
    assert owners >= {"Eva", "Luis", "Marta"}
    assert len(crm.list("company", "--limit", "0")) == 90
    third = crm(*words, *choice).json
    assert (third["created"], third["updated"]) == (0, 0)

    crm.ok("undo")
    crm.ok("undo")
    assert crm.ok("database", "hash").out == clean


def mend(rejects: Path) -> Path:
    """Correct the four addresses in the file that came back."""
    book = openpyxl.load_workbook(rejects)
    page = book.active
    assert page is not None
    heads = [cell.value for cell in next(page.iter_rows(max_row=1))]
    assert heads == [*HEADINGS, "crm line", "crm problem"]
    rows = list(page.iter_rows(min_row=2))
    assert len(rows) == BAD
    for row in rows:
        assert "is not an e-mail address" in str(row[-1].value)
        row[2].value = str(row[2].value).replace("@@empresa", "@empresa.example")
    book.save(rejects)
    return rejects


def sha(crm: Crm) -> str:
    return hashlib.sha256(crm.database.read_bytes()).hexdigest()
