"""A stage of the board: its name, how many deals, what they are worth, and their cards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from language.text import display_width, safe, shorten
from tui.widgets.cards import Cards
from tui.words import totals_text

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from operations.board import Column


class StageHead(Static):
    """The figures of a stage, as wide as the stage."""

    def __init__(self, *, lang: str) -> None:
        super().__init__()
        self.lang = lang
        self.column: Column | None = None
        self.closed_days = 0

    def show(self, column: Column, closed_days: int) -> None:
        """Take other figures."""
        self.column = column
        self.closed_days = closed_days
        self._paint()

    def on_resize(self) -> None:
        self._paint()

    def _paint(self) -> None:
        column, width = self.column, self.size.width
        if column is None or not width:
            return
        sign = {"won": "✓ ", "lost": "✗ "}.get(column.outcome, "")
        known = column.outcome == "open" and column.probability is not None
        odds = f"{column.probability}%" if known else ""
        count = f"{column.count:,}"
        name = shorten(f"{sign}{safe(column.name)}", max(4, width - len(count) - len(odds) - 3))
        gap = width - display_width(name) - len(odds) - len(count) - 2
        weighted = totals_text(column.weighted, self.lang)
        second = (
            f"weighted {weighted}"
            if column.outcome == "open"
            else f"in the last {self.closed_days} days"
        )
        self.update(
            Content.assemble(
                (name, "bold $primary" if column.outcome == "open" else "bold $secondary"),
                (f"  {odds}" if odds else "", "$faint"),
                " " * max(1, gap + (0 if odds else 2)),
                (count, "bold"),
                "\n",
                (shorten(totals_text(column.totals, self.lang), width), "$foreground"),
                "\n",
                (shorten(second, width), "$faint"),
            )
        )


class StageColumn(Vertical):
    """One column of the board."""

    def __init__(self, index: int, *, lang: str) -> None:
        super().__init__()
        self.head = StageHead(lang=lang)
        self.body = Cards(index, lang=lang)

    def compose(self) -> ComposeResult:
        yield self.head
        yield self.body

    def show(self, column: Column, closed_days: int) -> None:
        """Take other deals."""
        self.head.show(column, closed_days)
        self.body.show(column.cards)
