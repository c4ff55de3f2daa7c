"""How far an import is, on a terminal: rows, rows a second, time left."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crm_cli.run import Run

Progress = Callable[[str, int, int], None]
WORTH_IT = 2_000
"""Fewer rows are there before anybody could read a bar."""


@contextmanager
def shown(run: Run) -> Iterator[Progress | None]:
    """Give what an import reports to, or None where nobody watches."""
    if not sys.stderr.isatty() or run.options.get("no_input"):
        yield None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress as Bar,
        ProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: object) -> Text:
            speed = getattr(task, "speed", None)
            return Text(f"{speed:,.0f} rows/s" if speed else "")

    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Rate(),
        TimeRemainingColumn(),
    )  # fmt: skip
    with Bar(*columns, console=Console(file=sys.stderr), transient=True) as bar:
        tasks: dict[str, int] = {}

        def report(what: str, done: int, total: int) -> None:
            if total < WORTH_IT:
                return
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total)
            bar.update(tasks[what], completed=done)  # type: ignore[arg-type]  # a TaskID is an int

        yield report
