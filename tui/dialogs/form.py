"""A small form: asks for a few values and gives them back, or nothing. It never touches data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.suggester import SuggestFromList
from textual.widgets import Input, Label, Static

from tui.words import lines, words

if TYPE_CHECKING:
    from textual.app import ComposeResult

Answers = dict[str, str]


@dataclass(frozen=True, slots=True)
class Question:
    """One value to ask for. `name`: its key in the answers; `choices`: offered while typing."""

    name: str
    label: str
    help: str = ""
    choices: tuple[str, ...] = ()
    needed: bool = True


class FormDialog(ModalScreen[Answers | None]):
    """Asks; gives a value for each question, or None when the person thinks better of it."""

    BINDINGS: ClassVar = [
        Binding("escape", "leave", "Cancel", id="form.cancel"),
        Binding("down", "app.focus_next", show=False, id="form.next"),
        Binding("up", "app.focus_previous", show=False, id="form.previous"),
    ]

    def __init__(self, title: str, questions: list[Question]) -> None:
        super().__init__()
        self.heading = title
        self.questions = questions

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield Static(words(self.heading, "bold"), id="heading")
            for place, question in enumerate(self.questions):
                yield Label(words(question.label + ("" if question.needed else " (optional)")))
                suggest = SuggestFromList(question.choices, case_sensitive=False)
                yield Input(
                    id=f"answer-{place}",
                    placeholder=question.help,
                    suggester=suggest if question.choices else None,
                    compact=True,
                )
            yield Static(lines("Enter goes on, Esc cancels", "$faint"), id="foot")

    @on(Input.Submitted)
    def _next(self) -> None:
        fields = list(self.query(Input))
        for question, field in zip(self.questions, fields, strict=True):
            if question.needed and not field.value.strip():
                field.focus()
                return
        focused = self.focused
        at = fields.index(focused) if isinstance(focused, Input) else len(fields) - 1
        if at < len(fields) - 1:
            fields[at + 1].focus()
            return
        values = [field.value.strip() for field in fields]
        names = [question.name for question in self.questions]
        self.dismiss({name: text for name, text in zip(names, values, strict=True) if text})

    def action_leave(self) -> None:
        """Give nothing back."""
        self.dismiss(None)
