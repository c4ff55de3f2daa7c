"""How long `crm import contacts` takes for 100,000 people, beside `sqlite-utils insert --csv`.

    python benchmarks/import_contacts.py [--contacts 100000] [--rounds 3]

sqlite-utils puts the same file (see contacts_file.py) into a bare table of texts. Ours reads,
normalises, matches, links to companies that it makes, tags, keeps history and indexes, all in one
command, which is then undone and redone. Rounds are paired, each program in a process of its own
and each round on a fresh database. Printed are the least and the middle of all rounds, on the
clock and of processor, the most memory held, and the ratio to sqlite-utils.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
CRM = [sys.executable, "-m", "crm_cli"]
PARTLY = 6
PEER = "sqlite-utils insert --csv"
IMPORT = "crm import contacts"


class Took(NamedTuple):
    """One run: seconds on the clock and of processor, megabytes held at most."""

    clock: float
    cpu: float
    memory: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--contacts", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="folder in which the last database stays")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="crm-bench-") as name:
        place = given.keep or Path(name)
        place.mkdir(parents=True, exist_ok=True)
        people = place / "people.csv"
        # In a process of its own: memory of this one would count as memory of its children.
        maker = [sys.executable, str(ROOT / "benchmarks" / "contacts_file.py"), str(people)]
        run([*maker, "--contacts", str(given.contacts)])
        took: defaultdict[str, list[Took]] = defaultdict(list)
        for _ in range(given.rounds):
            one_round(place, people, took)
    report(took, f"{given.contacts:,} contacts, {given.rounds} rounds")


def one_round(place: Path, people: Path, took: defaultdict[str, list[Took]]) -> None:
    peer, ours = place / "peer.db", place / "crm.db"
    for old in (*place.glob("peer.db*"), *place.glob("crm.db*")):
        old.unlink()
    insert = [str(BIN / "sqlite-utils"), "insert", str(peer), "people", str(people), "--csv"]
    took[PEER].append(run(insert))
    run([*CRM, "contact", "list"], ours)  # makes the database
    took[IMPORT].append(
        run([*CRM, "import", "contacts", str(people), "--create", "companies", "--yes"], ours)
    )
    twins = [*CRM, "duplicate", "list"]
    if (
        subprocess.run([*twins, "--help"], capture_output=True, check=False, cwd=ROOT).returncode
        == 0
    ):
        took["crm duplicate list"].append(run(twins, ours))
    took["crm undo"].append(run([*CRM, "undo"], ours))
    took["crm redo"].append(run([*CRM, "redo"], ours))


def report(took: defaultdict[str, list[Took]], title: str) -> None:
    print(title)
    print(f"  {'':28}{'seconds':^20}{'of processor':^20}{'memory':>10}")
    print(f"  {'':28}{'min':>10}{'median':>10}{'min':>10}{'median':>10}{'MB':>10}")
    for label, runs in took.items():
        columns = [[one.clock for one in runs], [one.cpu for one in runs]]
        shown = "".join(f"{min(some):10.2f}{statistics.median(some):10.2f}" for some in columns)
        print(f"  {label:28}{shown}{max(one.memory for one in runs):10.0f}")
    pairs = list(zip(took[PEER], took[IMPORT], strict=True))
    clock = statistics.median(ours.clock / peer.clock for peer, ours in pairs)
    cpu = statistics.median(ours.cpu / peer.cpu for peer, ours in pairs)
    print(f"  import ÷ sqlite-utils: {clock:.1f} (of processor {cpu:.1f}; aim: at most 6)")


def run(words: list[str], database: Path | None = None) -> Took:
    """Run a program that must succeed, though rows may be left out."""
    env = {**os.environ, "CRM_USER": "bench", "CRM_COUNTRY": "ES"}
    if database is not None:
        env["CRM_DATABASE"] = str(database)
    begin = time.perf_counter()
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            words, env=env, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=errors
        )
        _, status, used = os.wait4(process.pid, 0)
        clock = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in {0, PARTLY}:
            errors.seek(0)
            sys.exit(f"{' '.join(words)} failed:\n{errors.read().decode()}")
    return Took(clock, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


if __name__ == "__main__":
    main()
