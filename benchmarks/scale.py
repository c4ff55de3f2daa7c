"""What a full database costs: the same commands on an empty one and on 100,000 contacts.

`python benchmarks/scale.py [--contacts N] [--rounds R]` runs each command as a process of its own,
in pairs, and prints the median of both and of their difference in milliseconds.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
COMMANDS = {
    "list --limit 20": ["contact", "list", "--limit", "20"],
    "show by number": ["contact", "show", "77"],
    "show by e-mail": ["contact", "show", "person76@example76.com"],
    "call log": ["call", "log", "77", "spoke about seats", "--outcome", "connected"],
    "search rare": ["search", "person76"],
    "search common": ["search", "garcia"],
    "search prefix": ["search", "ma"],
    "today": ["today"],
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts", type=int, default=100_000)
    parser.add_argument("--deals", type=int, default=20_000)
    parser.add_argument("--activities", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--full", type=Path, help="a database made by crowd.py")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        small, full = Path(folder) / "small.db", given.full or Path(folder) / "full.db"
        crowd = [sys.executable, str(ROOT / "benchmarks" / "crowd.py")]
        subprocess.run(
            [*crowd, str(small), "--contacts", "77", "--deals", "0", "--activities", "0"],
            check=True,
        )
        if not given.full:
            subprocess.run(
                [*crowd, str(full), "--contacts", str(given.contacts), "--deals", str(given.deals),
                 "--activities", str(given.activities)], check=True,
            )  # fmt: skip
        print(
            "milliseconds, median of", given.rounds, "pairs; cpu does not count waiting for others"
        )
        print(f"{'command':<18} {'empty':>8} {'full':>8} {'more':>8} {'more cpu':>9}")
        for name, words in COMMANDS.items():
            pairs = [(took(small, words), took(full, words)) for _ in range(given.rounds)]
            low, high = (statistics.median(pair[at].wall for pair in pairs) for at in (0, 1))
            more = statistics.median(b.wall - a.wall for a, b in pairs)
            cpu = statistics.median(b.cpu - a.cpu for a, b in pairs)
            print(f"{name:<18} {low:8.0f} {high:8.0f} {more:8.0f} {cpu:9.0f}")


class Took(NamedTuple):
    """Milliseconds of one run: on the clock, and of processor."""

    wall: float
    cpu: float


def took(database: Path, words: list[str]) -> Took:
    """Run one command as a process of its own and time it."""
    env = {**os.environ, "CRM_DATABASE": str(database), "CRM_USER": "eva"}
    start = time.perf_counter()
    program = [sys.executable, "-m", "crm_cli", *words]
    process = subprocess.Popen(
        program, env=env, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    spent = (time.perf_counter() - start) * 1000
    if os.waitstatus_to_exitcode(status) not in {0, 3}:
        sys.exit(f"crm {' '.join(words)} failed")
    return Took(spent, (used.ru_utime + used.ru_stime) * 1000)


if __name__ == "__main__":
    main()
