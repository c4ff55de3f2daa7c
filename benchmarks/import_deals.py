"""How long `crm import deals` takes for 8,800 real deals, beside `sqlite-utils insert --csv`.

sqlite-utils puts the same file into a bare table of texts: no references, no search index, no
history. Rounds are paired, each program in a process of its own; the database that deals go into
holds the users, products and companies. Printed are the least and the middle of all rounds, what
importing our modules costs, and the ratio of what is left to sqlite-utils.

    python benchmarks/import_deals.py [ROUNDS] [FOLDER OF MAVEN FILES]
"""

from __future__ import annotations

import csv
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REAL = ROOT.parent / "shared" / "data" / "maven-crm"
BIN = Path(sys.executable).parent
ALIAS = ("--alias", "GTXPro=GTX Pro", "--create", "stages")
MODULES = (
    "import crm_cli.main, crm_cli.tree, crm_cli.commands.import_, importers.csv, importers.columns,"
    " importers.mapping, storage.database, operations.imports, operations.deals,"
    " operations.import_deals"
)


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    with tempfile.TemporaryDirectory(prefix="crm-bench-") as name:
        place = Path(name)
        files = Path(sys.argv[2]) if len(sys.argv) > 2 else REAL
        if not (files / "sales_pipeline.csv").exists():
            files = invent(place)
        measure(place, files, rounds)


def measure(place: Path, files: Path, rounds: int) -> None:
    start = place / "start.db"
    for noun, file in (
        ("users", "sales_teams"),
        ("products", "products"),
        ("companies", "accounts"),
    ):
        run([str(BIN / "crm"), "import", noun, str(files / f"{file}.csv")], start)
    deals = str(files / "sales_pipeline.csv")
    ours: list[float] = []
    theirs: list[float] = []
    imports: list[float] = []
    bare: list[float] = []
    for number in range(rounds):
        target = place / f"crm{number}.db"
        shutil.copy(start, target)
        theirs.append(
            run(
                [
                    str(BIN / "sqlite-utils"),
                    "insert",
                    str(place / f"u{number}.db"),
                    "t",
                    deals,
                    "--csv",
                ]
            )
        )
        ours.append(run([str(BIN / "crm"), "import", "deals", deals, *ALIAS], target))
        imports.append(run([sys.executable, "-c", MODULES]))
        bare.append(run([sys.executable, "-c", "pass"]))
    count = Path(deals).read_text().count("\n") - 1
    print(f"{count:,} deals, {rounds} rounds, seconds")
    for label, times in (
        ("sqlite-utils insert --csv", theirs),
        ("crm import deals", ours),
        ("importing our modules", imports),
        ("starting python", bare),
    ):
        print(f"  {label:28} min {min(times):6.3f}   median {statistics.median(times):6.3f}")
    modules = statistics.median(imports) - statistics.median(bare)
    whole, peer = statistics.median(ours), statistics.median(theirs)
    print(f"  whole time      ÷ sqlite-utils: {whole / peer:.2f}")
    print(f"  without modules ÷ sqlite-utils: {(whole - modules) / peer:.2f} (aim: at most 3)")


def run(words: list[str], database: Path | None = None) -> float:
    """Run a program that must succeed; gives its seconds."""
    extra = {} if database is None else {"CRM_DATABASE": str(database), "CRM_USER": "bench"}
    begin = time.perf_counter()
    done = subprocess.run(
        words, env={**os.environ, **extra}, capture_output=True, text=True, check=False
    )
    seconds = time.perf_counter() - begin
    assert done.returncode == 0, done.stderr
    return seconds


def invent(place: Path) -> Path:
    """Files of the same shape and size, for where the real ones are absent."""
    chance = random.Random(8800)
    users = [f"Agent {number}" for number in range(35)]
    firms = [f"Firm {number}" for number in range(85)]
    sold = ["GTX Basic", "GTXPro", "MG Special", "GTX Plus Pro"]
    write(place, "sales_teams", ["sales_agent", "manager"], [[user, "Chief"] for user in users])
    names = [["GTX Pro" if name == "GTXPro" else name, str(len(name) * 100)] for name in sold]
    write(place, "products", ["product", "sales_price"], names)
    write(place, "accounts", ["account", "sector"], [[firm, "retail"] for firm in firms])
    head = ["opportunity_id", "sales_agent", "product", "account", "deal_stage"]
    rows = []
    for number in range(8800):
        begin = date(2016, 10, 20) + timedelta(days=chance.randrange(400))
        stage = chance.choices(["Won", "Lost", "Engaging", "Prospecting"], [48, 28, 18, 6])[0]
        end = begin + timedelta(days=chance.randrange(140))
        closed = stage in {"Won", "Lost"}
        rows.append([
            f"{number:08X}", chance.choice(users), chance.choice(sold),
            chance.choice([*firms, "null"]), stage,
            f"{begin:%d-%m-%Y}" if stage != "Prospecting" else "",
            f"{end:%d-%m-%Y}" if closed else "",
            str(chance.randrange(1, 30_000)) if stage == "Won" else "0",
        ])  # fmt: skip
    write(place, "sales_pipeline", [*head, "engage_date", "close_date", "close_value"], rows)
    return place


def write(place: Path, name: str, head: list[str], rows: list[list[str]]) -> None:
    with (place / f"{name}.csv").open("w", newline="") as file:
        csv.writer(file).writerows([head, *rows])


if __name__ == "__main__":
    main()
