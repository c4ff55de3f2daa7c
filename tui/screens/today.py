"""Today: what to do now, ranked, and a brief of the line under the cursor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from language.errors import CrmError
from tui import keys
from tui.screens.base import DataScreen
from tui.widgets.brief import BriefPanel
from tui.widgets.top import TopBar
from tui.words import amount_text, words

if TYPE_CHECKING:
    from textual.widget import Widget

    from language.tables import Look
    from operations.brief import Brief
    from operations.today import Line
    from storage.unit import UnitOfWork

SHOWN = 200
EMPTY = "Nothing is due. A good moment for a new lead: press 2."
SIGNS = {
    "overdue": ("!", "bold $error"),
    "due": ("●", "$accent"),
    "past close": ("!", "bold $error"),
    "rotting": ("!", "bold $error"),
    "date": ("♥", "$secondary"),
}


@dataclass(frozen=True, slots=True)
class Found:
    """What a thread read for this screen."""

    lines: tuple[Line, ...]
    look: Look


class TodayScreen(DataScreen):
    """What to do now, and why."""

    place = "today"
    BINDINGS: ClassVar = keys.TODAY

    class Told(Message):
        """The brief of a line was read."""

        def __init__(self, brief: Brief) -> None:
            super().__init__()
            self.brief = brief

    def __init__(self) -> None:
        super().__init__()
        self.found: Found | None = None

    def content(self) -> list[Widget]:
        return [Horizontal(OptionList(id="lines", markup=False), BriefPanel(id="brief"))]

    def fetch(self, uow: UnitOfWork) -> Found:
        from language.tables import Look
        from operations.today import today

        me = uow.my_user()
        found = list(today(uow, user=me.id if me is not None else None))[:SHOWN]
        return Found(tuple(found), Look(uow.now, uow.zone, uow.settings.language))

    def paint(self, found: Found) -> None:
        self.found = found
        listed = self.query_one("#lines", OptionList)
        at = listed.highlighted or 0
        listed.clear_options()
        listed.add_options(Option(self._prompt(line, found.look)) for line in found.lines)
        count = len(found.lines)
        self.query_one(TopBar).words = f"{count} to do" if count else "nothing to do"
        if count:
            listed.highlighted = min(at, count - 1)
            self._tell(listed.highlighted)
        else:
            listed.add_option(Option(words(EMPTY), disabled=True))
            self.query_one(BriefPanel).show(None, None)
        listed.focus()

    def _prompt(self, line: Line, look: Look) -> Content:
        sign, style = SIGNS.get(line.kind, ("·", "$faint"))
        money = amount_text(line.money, look.lang)
        head = [Content.styled(f"{sign} ", style), words(line.what, "bold")]
        if money:
            head.append(Content.styled(f"  {money}", "$primary"))
        below = " · ".join(part for part in (line.reason, line.who) if part)
        return Content.assemble(*head, "\n  ", words(below, "$faint"))

    def action_next(self) -> None:
        """Go down."""
        self.query_one("#lines", OptionList).action_cursor_down()

    def action_previous(self) -> None:
        """Go up."""
        self.query_one("#lines", OptionList).action_cursor_up()

    @on(OptionList.OptionHighlighted)
    def _moved(self, message: OptionList.OptionHighlighted) -> None:
        self._tell(message.option_index)

    def _tell(self, index: int) -> None:
        if self.found and index < len(self.found.lines):
            line = self.found.lines[index]
            self._read_brief(line.noun, line.record_id)

    @work(thread=True, exclusive=True, group="brief")
    def _read_brief(self, noun: str, number: int) -> None:
        from operations.brief import brief

        try:
            self.send(self.Told(self.data.read(lambda uow: brief(uow, noun, number))))
        except CrmError as error:
            self.send(self.Failed(error))

    @on(Told)
    def _show_brief(self, message: Told) -> None:
        if self.found:
            self.query_one(BriefPanel).show(message.brief, self.found.look)
