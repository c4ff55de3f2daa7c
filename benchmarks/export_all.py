"""What it costs to take 100,000 contacts out, and to bring everything back.

    python benchmarks/export_all.py [--contacts 100000] [--full DATABASE]

The reference is `sqlite-utils dump`, which writes the same database as SQL text. Each program runs
in a process of its own. Printed are seconds of processor, megabytes held at most, megabytes
written, and the ratio to the reference. Memory of an export must not grow with the rows.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
CRM = [sys.executable, "-m", "crm_cli"]
PLACES = ("folder/", "book.xlsx", "document.json")
FORMATS = ("csv", "xlsx", "json", "ndjson", "markdown", "vcard")


class Took(NamedTuple):
    """One run: seconds on the clock and of processor, megabytes held at most."""

    clock: float
    cpu: float
    memory: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--contacts", type=int, default=100_000)
    parser.add_argument("--full", type=Path, help="a database made by crowd.py")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="crm-bench-") as name:
        place = Path(name)
        full = given.full or place / "full.db"
        if not given.full:
            crowd = [sys.executable, str(ROOT / "benchmarks" / "crowd.py"), str(full)]
            subprocess.run([*crowd, "--contacts", str(given.contacts)], check=True)
        print(f"{'':<28} {'cpu s':>7} {'clock s':>8} {'MB held':>8} {'MB out':>7} {'ratio':>6}")
        dump = place / "dump.sql"
        peer = took([str(Path(sys.executable).parent / "sqlite-utils"), "dump", str(full)], dump)
        tell("sqlite-utils dump", peer, peer, dump)
        for target in PLACES:
            to = place / target
            tell(f"export all {target}", crm(full, "export", "all", "--to", f"{place}/{target}"),
                 peer, to)  # fmt: skip
            other = place / "other.db"
            tell(f"import all {target}", crm(other, "import", "all", str(to)), peer, other)
            assert digest(other) == digest(full)
            tell("undo", crm(other, "undo"), peer, other)
            other.unlink()
            shutil.rmtree(to) if to.is_dir() else to.unlink()
        for form in FORMATS:
            to = place / f"contacts.{form}"
            words = ("export", "contacts", "--to", str(to), "--format", form)
            tell(f"export contacts {form}", crm(full, *words), peer, to)


def tell(name: str, one: Took, peer: Took, written: Path) -> None:
    files = [written] if written.is_file() else [*written.rglob("*")]
    size = sum(file.stat().st_size for file in files if file.is_file()) / 1e6
    print(f"{name:<28} {one.cpu:7.1f} {one.clock:8.1f} {one.memory:8.0f} {size:7.1f}"
          f" {one.cpu / peer.cpu:6.1f}", flush=True)  # fmt: skip


def crm(database: Path, *words: str) -> Took:
    return took([*CRM, *words, "--database", str(database)])


def digest(database: Path) -> str:
    words = [*CRM, "database", "hash", "--database", str(database)]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def took(words: list[str], to: Path = Path(os.devnull)) -> Took:
    """Run one program as a process of its own."""
    start = time.perf_counter()
    with to.open("wb") as out:
        process = subprocess.Popen(
            words, cwd=ROOT, env={**os.environ, "CRM_USER": "eva"}, stdout=out,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        _, status, used = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"{' '.join(words)} failed")
    clock = time.perf_counter() - start
    return Took(clock, used.ru_utime + used.ru_stime, used.ru_maxrss / 1000)


if __name__ == "__main__":
    main()
