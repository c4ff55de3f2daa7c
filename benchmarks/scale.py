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
            f"{'command':<18} {'empty':>8} {'full':>8} {'more':>8}   (ms, median of {given.rounds})"
        )
        for name, words in COMMANDS.items():
            pairs = [(took(small, words), took(full, words)) for _ in range(given.rounds)]
            low = statistics.median(a for a, _ in pairs)
            high = statistics.median(b for _, b in pairs)
            more = statistics.median(b - a for a, b in pairs)
            print(f"{name:<18} {low:8.0f} {high:8.0f} {more:8.0f}")


def took(database: Path, words: list[str]) -> float:
    """Milliseconds that one command takes as a process."""
    env = {**os.environ, "CRM_DATABASE": str(database), "CRM_USER": "eva"}
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "crm_cli", *words],
        env=env,
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    spent = (time.perf_counter() - start) * 1000
    if done.returncode not in {0, 3}:
        sys.exit(f"crm {' '.join(words)}: {done.stderr.decode()}")
    return spent


if __name__ == "__main__":
    main()
