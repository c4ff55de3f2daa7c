"""The cards of one stage, drawn line by line: a thousand deals cost no more than ten."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from language.text import display_width, fit, safe
from tui.words import amount_text, initials

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

    from operations.board import Card

LINES = 4  # title, company, amount and age, a gap


class Cards(ScrollView, can_focus=False):
    """Deals of one stage, one chosen when the cursor is here. `chosen` is -1 elsewhere."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "cards--card",
        "cards--chosen",
        "cards--title",
        "cards--faint",
        "cards--amount",
        "cards--rot",
        "cards--bar",
        "cards--bar-chosen",
        "cards--bar-rot",
    }
    chosen: reactive[int] = reactive(-1)

    class Picked(Message):
        """A card was clicked; `again` when it was the chosen one already."""

        def __init__(self, cards: Cards, index: int, *, again: bool) -> None:
            super().__init__()
            self.cards, self.index, self.again = cards, index, again

    def __init__(self, stage: int, *, lang: str = "en") -> None:
        super().__init__()
        self.stage = stage
        self.lang = lang
        self.cards: Sequence[Card] = ()

    def show(self, cards: Sequence[Card]) -> None:
        """Take other cards."""
        self.cards = cards
        self.virtual_size = Size(0, len(cards) * LINES)
        self.refresh()

    def watch_chosen(self, index: int) -> None:
        if index >= 0:
            self.scroll_to_region(Region(0, index * LINES, 1, LINES - 1), animate=False, force=True)
        self.refresh()

    def on_resize(self) -> None:
        self.watch_chosen(self.chosen)

    def on_click(self, event: events.Click) -> None:
        index = (event.y + self.scroll_offset.y) // LINES
        if 0 <= index < len(self.cards):
            self.post_message(self.Picked(self, index, again=index == self.chosen))

    def render_line(self, y: int) -> Strip:
        index, line = divmod(y + self.scroll_offset.y, LINES)
        width = self.size.width
        if index >= len(self.cards) or line == LINES - 1:
            return Strip.blank(width, self.rich_style)
        card, chosen = self.cards[index], index == self.chosen
        ground = self._style("cards--chosen" if chosen else "cards--card", whole=True)
        bar = "cards--bar-rot" if card.rotting else "cards--bar"
        parts = [
            ("▌", self._style("cards--bar-chosen" if chosen else bar)),
            *self._line(card, line, width - 2),
            (" ", Style()),
        ]
        return Strip([Segment(text, ground + style) for text, style in parts], width)

    def _line(self, card: Card, line: int, width: int) -> list[tuple[str, Style]]:
        if line == 0:
            return [(fit(safe(card.title), width), self._style("cards--title"))]
        if line == 1:
            return [(fit(safe(card.company), width), self._style("cards--faint"))]
        left = amount_text(card.amount, self.lang) or "no amount"
        age = f"{'! ' if card.rotting else ''}{card.age} d"
        who = f"{initials(card.owner)}  "
        room = width - display_width(age) - display_width(who)
        if room < display_width(left) + 1:
            who, room = "", width - display_width(age)
        return [
            (fit(left, room), self._style("cards--amount")),
            (who, self._style("cards--faint")),
            (age, self._style("cards--rot" if card.rotting else "cards--faint")),
        ]

    def _style(self, name: str, *, whole: bool = False) -> Style:
        return self.get_component_rich_style(name, partial=not whole)
