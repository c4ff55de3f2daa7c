"""The keys, made from the bindings themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui import keys

if TYPE_CHECKING:
    from textual.app import ComposeResult

NAMES = {
    "left": "←", "right": "→", "up": "↑", "down": "↓", "enter": "Enter", "escape": "Esc",
    "ctrl+r": "Ctrl+R", "ctrl+q": "Ctrl+Q",
}  # fmt: skip


class HelpDialog(ModalScreen[None]):
    """Keys of one screen and those that work everywhere."""

    BINDINGS: ClassVar = [
        Binding("escape,question_mark,q,enter", "dismiss", "Close", id="help.close")
    ]

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def compose(self) -> ComposeResult:
        here = keys.BOARD if self.place == "board" else keys.TODAY
        with VerticalScroll(id="box"):
            yield Static(
                Content.assemble(
                    ("Here\n", "bold $primary"),
                    *_lines(here),
                    ("\nEverywhere\n", "bold $primary"),
                    *_lines(keys.APP),
                )
            )


def _lines(bindings: list[BindingType]) -> list[Content | str]:
    told: list[Content | str] = []
    for binding in bindings:
        if not isinstance(binding, Binding):
            continue
        shown = binding.key_display or " ".join(NAMES.get(k, k) for k in binding.key.split(","))
        told += [
            Content.styled(f"  {shown:<12}", "bold"),
            f"{binding.tooltip or binding.description}\n",
        ]
    return told
