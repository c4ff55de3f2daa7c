"""The line on top: where we are, and on which data."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from language.text import display_width, safe, shorten

PLACES = {"today": "1 Today", "board": "2 Pipeline"}


class TopBar(Static):
    """Names of the screens, the one we are on marked, and a few words about it on the right."""

    words: reactive[str] = reactive("")

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def render(self) -> Content:
        parts: list[Content | tuple[str, str]] = [
            (" crm ", "bold $background on $primary"),
            ("  ", ""),
        ]
        used = 7
        for name, label in PLACES.items():
            style = "bold $primary underline" if name == self.place else "$faint"
            parts += [(label, style), ("   ", "")]
            used += len(label) + 3
        room = self.size.width - used - 1
        told = shorten(safe(self.words), max(0, room))
        parts += [(" " * max(0, room - display_width(told)), ""), (told, "$faint")]
        return Content.assemble(*parts)
