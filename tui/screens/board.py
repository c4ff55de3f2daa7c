"""The pipeline as a board: a column a stage, arrows between deals, < and > to move one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on, work
from textual.containers import Horizontal, HorizontalScroll
from textual.message import Message

from language.errors import CrmError
from tui import keys
from tui.dialogs.form import FormDialog, Question
from tui.screens.base import DataScreen
from tui.widgets.brief import BriefPanel
from tui.widgets.cards import Cards
from tui.widgets.column import StageColumn
from tui.words import totals_text

if TYPE_CHECKING:
    from textual.widget import Widget

    from language.tables import Look
    from operations.board import Board, Card, Column
    from operations.brief import Brief
    from storage.unit import UnitOfWork

NARROWEST = 26  # cells of a column
CARDS = 1_000  # of one stage; more are in `crm deal list`
REASONS = ("price", "no budget", "competitor", "timing", "went silent", "no decision")


@dataclass(frozen=True, slots=True)
class Found:
    """What a thread read for this screen."""

    board: Board
    pipelines: tuple[int, ...]
    look: Look


class BoardScreen(DataScreen):
    """Deals by stage."""

    place = "board"
    BINDINGS: ClassVar = keys.BOARD

    class Told(Message):
        """The details of a deal were read."""

        def __init__(self, brief: Brief) -> None:
            super().__init__()
            self.brief = brief

    class Lacks(Message):
        """A gate asks for more before the deal may move."""

        def __init__(self, card: Card, column: Column, missing: list[tuple[str, str]]) -> None:
            super().__init__()
            self.card, self.column, self.missing = card, column, missing

    def __init__(self) -> None:
        super().__init__()
        self.found: Found | None = None
        self.pipeline: int | None = None
        self.at = (0, 0)
        self.wide = NARROWEST
        self.follow: int | None = None  # the deal to stay on when the cards change

    def content(self) -> list[Widget]:
        panel = BriefPanel(id="details")
        panel.display = False
        return [Horizontal(HorizontalScroll(id="stages", can_focus=False), panel)]

    # Reading and painting

    def fetch(self, uow: UnitOfWork) -> Found:
        from language.tables import Look
        from operations.board import board
        from operations.lists import Query, list_records
        from operations.pipelines import standard_pipeline

        listed = list_records(uow, "pipeline", Query(sort="id", fields=("id",)))
        numbers = tuple(int(str(record["id"])) for record in listed)
        chosen = self.pipeline if self.pipeline in numbers else standard_pipeline(uow)
        look = Look(uow.now, uow.zone, uow.settings.language)
        return Found(board(uow, chosen, limit=CARDS), numbers, look)

    def paint(self, found: Found) -> None:
        changed = self.found is None or _shape(self.found.board) != _shape(found.board)
        self.found = found
        self.pipeline = found.board.pipeline.id
        if changed:
            self._lay_out()
        else:
            self._fill()

    @work(exclusive=True, group="layout")
    async def _lay_out(self) -> None:
        if self.found is None:
            return
        place = self.query_one("#stages")
        await place.remove_children()
        lang = self.found.look.lang
        stages = self.found.board.stages
        await place.mount_all(StageColumn(index, lang=lang) for index in range(len(stages)))
        self._share_width()
        self._fill()

    def on_resize(self) -> None:
        """Whole columns only, as many as fit."""
        self.call_after_refresh(self._share_width)

    def _share_width(self) -> None:
        columns = self.query(StageColumn)
        room = self.query_one("#stages").size.width
        if columns and room:
            together = max(1, min(len(columns), room // NARROWEST))
            self.wide = room // together
            for column in columns:
                column.styles.width = self.wide
            self.call_after_refresh(self._reveal)

    def _fill(self) -> None:
        if self.found is None:
            return
        board = self.found.board
        for column, widget in zip(board.stages, self.query(StageColumn), strict=True):
            widget.show(column, board.closed_days)
        self.crm_top(board)
        self._stay()
        self._point()

    def crm_top(self, board: Board) -> None:
        """Say on top what is open and what it is worth."""
        from tui.widgets.top import TopBar

        lang = self.found.look.lang if self.found else "en"
        total = totals_text(board.open_totals, lang)
        self.query_one(TopBar).words = f"{board.pipeline.label}: {board.open_count:,} open, {total}"

    def _stay(self) -> None:
        """Keep the cursor on the same deal, wherever it went, else on the board."""
        stages = self.found.board.stages if self.found else ()
        for index, column in enumerate(stages):
            for place, card in enumerate(column.cards):
                if card.id == self.follow:
                    self.at = (index, place)
                    return
        stage = min(self.at[0], len(stages) - 1)
        self.at = (stage, max(0, min(self.at[1], len(stages[stage].cards) - 1)))

    def _point(self) -> None:
        """Show where the cursor is."""
        for index, widget in enumerate(self.query(StageColumn)):
            here = index == self.at[0]
            widget.set_class(here, "-here")
            widget.body.chosen = self.at[1] if here and widget.body.cards else -1
        self._reveal()
        card = self.card
        self.follow = card.id if card else None
        if self._panel.display:
            self._tell()

    def _reveal(self) -> None:
        """Bring the stage of the cursor into view, whole columns at a time."""
        place = self.query_one("#stages")
        first, fit = round(place.scroll_x / self.wide), max(1, place.size.width // self.wide)
        if self.at[0] < first:
            first = self.at[0]
        elif self.at[0] >= first + fit:
            first = self.at[0] - fit + 1
        # A window just made wider may still be scrolled as far as the narrow one was.
        first = max(0, min(first, len(self.query(StageColumn)) - fit))
        place.scroll_to(x=first * self.wide, animate=False, force=True)

    # Where the cursor is

    @property
    def column(self) -> Column | None:
        """The stage under the cursor."""
        return self.found.board.stages[self.at[0]] if self.found else None

    @property
    def card(self) -> Card | None:
        """The deal under the cursor."""
        cards = self.column.cards if self.column else ()
        return cards[self.at[1]] if self.at[1] < len(cards) else None

    def action_stage(self, step: int) -> None:
        """Go to another stage."""
        if self.found:
            stage = max(0, min(self.at[0] + step, len(self.found.board.stages) - 1))
            cards = self.found.board.stages[stage].cards
            self.at = (stage, max(0, min(self.at[1], len(cards) - 1)))
            self._point()

    def action_card(self, step: int) -> None:
        """Go to another deal of this stage."""
        if self.column and self.column.cards:
            self.at = (self.at[0], max(0, min(self.at[1] + step, len(self.column.cards) - 1)))
            self._point()

    @on(Cards.Picked)
    def _picked(self, message: Cards.Picked) -> None:
        self.at = (message.cards.stage, message.index)
        self._point()
        if message.again:
            self.action_details()

    def action_pipeline(self) -> None:
        """Show the next pipeline."""
        if self.found and self.pipeline in self.found.pipelines:
            numbers = self.found.pipelines
            self.pipeline = numbers[(numbers.index(self.pipeline) + 1) % len(numbers)]
            self.at, self.follow = (0, 0), None
            self.reload()

    # Details

    @property
    def _panel(self) -> BriefPanel:
        return self.query_one("#details", BriefPanel)

    def action_details(self) -> None:
        """Show or hide the details of the deal under the cursor."""
        self._panel.display = not self._panel.display and self.card is not None
        self.call_after_refresh(self._share_width)
        self.call_after_refresh(self._point)

    def action_close(self) -> None:
        """Hide the details."""
        self._panel.display = False
        self.call_after_refresh(self._share_width)
        self.call_after_refresh(self._point)

    def _tell(self) -> None:
        if self.card is not None:
            self._read_details(self.card.id)
        else:
            self._panel.show(None, None)

    @work(thread=True, exclusive=True, group="details")
    def _read_details(self, number: int) -> None:
        from operations.brief import brief

        try:
            self.send(self.Told(self.data.read(lambda uow: brief(uow, "deal", number))))
        except CrmError as error:
            self.send(self.Failed(error))

    @on(Told)
    def _tell_details(self, message: Told) -> None:
        if self.found:
            self._panel.show(message.brief, self.found.look)

    # Moving

    def action_move(self, step: int) -> None:
        """Move the deal one stage on or back; an open deal moved past its last stage is won."""
        card, column = self.card, self.column
        if card is None or column is None or self.found is None:
            return
        if column.outcome != "open":
            self._from_closed(card, column, step)
            return
        stages = self.found.board.stages
        place = self.at[0] + step
        if not 0 <= place < len(stages):
            return
        self._move_to(card, stages[place])

    def _from_closed(self, card: Card, column: Column, step: int) -> None:
        if step > 0:
            self.say(f"{card.title} is {column.outcome}; < opens it again")
            return

        def act(uow: UnitOfWork) -> object:
            from operations.deal_moves import reopen

            return reopen(uow, card.id)

        self.do("deal reopen", act)

    def action_win(self) -> None:
        """Win the deal."""
        self._close("won")

    def action_lose(self) -> None:
        """Lose the deal, saying why."""
        self._close("lost")

    def _close(self, outcome: str) -> None:
        if self.found is None or self.card is None or self.column is None:
            return
        if self.column.outcome != "open":
            self.say(f"{self.card.title} is {self.column.outcome}; < opens it again")
            return
        target = next((s for s in self.found.board.stages if s.outcome == outcome), None)
        if target is not None:
            self._move_to(self.card, target)

    def _move_to(self, card: Card, column: Column) -> None:
        if column.outcome == "lost":
            self._ask_why(card, column)
        else:
            self._try(card, column)

    @work(thread=True, group="write")
    def _try(self, card: Card, column: Column) -> None:
        """Move the deal, or find out what the gate of the stage asks for."""
        from operations.gates import lacking

        try:
            missing = self.data.read(lambda uow: lacking(uow, card.id, column.stage_id))
        except CrmError as error:
            self.send(self.Failed(error))
            return
        if missing:
            self.send(self.Lacks(card, column, missing))
        else:
            self.app.call_from_thread(self._move, card, column, {})

    def _move(self, card: Card, column: Column, values: dict[str, Any]) -> None:
        def act(uow: UnitOfWork) -> object:
            from operations.deal_moves import lose, move, win

            if column.outcome == "lost":
                given = dict(values)
                return lose(uow, card.id, given.pop("lost_reason"), given)
            if column.outcome == "won":
                return win(uow, card.id, values)
            return move(uow, card.id, column.stage_id, values)

        verb = {"won": "win", "lost": "lose"}.get(column.outcome, "move")
        self.do(f"deal {verb}", act)

    def _ask_why(self, card: Card, column: Column) -> None:
        questions = [
            Question("lost_reason", "Why was it lost?", "price, no budget…", REASONS),
            Question("competitor", "Who won it?", "competitor", needed=False),
        ]

        def answered(given: dict[str, str] | None) -> None:
            if given:
                self._move(card, column, dict(given))

        self.app.push_screen(FormDialog(f"Lose {card.title}", questions), answered)

    @on(Lacks)
    def _ask_for_gate(self, message: Lacks) -> None:
        card, column = message.card, message.column
        questions = [Question(name, said.capitalize()) for name, said in message.missing]

        def answered(given: dict[str, str] | None) -> None:
            if given:
                self._fill_and_move(card, column, given)

        title = f"{column.name} needs more about {card.title}"
        self.app.push_screen(FormDialog(title, questions), answered)

    def _fill_and_move(self, card: Card, column: Column, given: dict[str, str]) -> None:
        from tui.reading import read_answers

        try:
            values = read_answers(self.crm.settings, given)
        except CrmError as error:
            self.send(self.Failed(error))
            return
        self._move(card, column, values)


def _shape(board: Board) -> tuple[Any, ...]:
    return (board.pipeline.id, *(column.stage_id for column in board.stages))
