"""What both screens share: read in a thread, paint in a handler, look for changes each second."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from textual import on, work
from textual.containers import Vertical
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Footer
from textual.worker import NoActiveWorker, get_current_worker

from language.errors import CrmError
from tui.widgets.top import TopBar
from tui.words import lines

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.widget import Widget

    from storage.unit import UnitOfWork
    from tui.app import CrmApp
    from tui.background import Data

POLL = 1.0  # seconds


class DataScreen(Screen[None]):
    """A screen over the data. Subclasses say what to `fetch` and how to `paint` it."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]
    place = ""

    class Fetched(Message):
        """What a thread read, for the handler that paints."""

        def __init__(self, found: Any, version: int) -> None:
            super().__init__()
            self.found, self.version = found, version

    class Wrote(Message):
        """A command was done (or nothing changed); then the data are read again."""

        def __init__(self, sentence: str) -> None:
            super().__init__()
            self.sentence = sentence

    class Failed(Message):
        """The data refused."""

        def __init__(self, error: CrmError) -> None:
            super().__init__()
            self.error = error

    def __init__(self) -> None:
        super().__init__()
        self.version = -1

    @property
    def crm(self) -> CrmApp:
        """The app, with its own type."""
        return cast("CrmApp", self.app)

    @property
    def data(self) -> Data:
        """The data, for threads only."""
        return self.crm.data

    def compose(self) -> ComposeResult:
        yield TopBar(self.place)
        with Vertical(id="body"):
            yield from self.content()
        yield Footer(show_command_palette=False, compact=True)

    def content(self) -> list[Widget]:
        """Widgets between the top bar and the footer."""
        raise NotImplementedError

    def fetch(self, uow: UnitOfWork) -> Any:
        """Read what the screen shows; runs in a thread."""
        raise NotImplementedError

    def paint(self, found: Any) -> None:
        """Show what was read."""
        raise NotImplementedError

    def on_mount(self) -> None:
        self.reload()
        self.set_interval(POLL, self.look)

    def on_screen_resume(self) -> None:
        if self.version >= 0:
            self.reload()

    @work(thread=True, exclusive=True, group="read")
    def reload(self) -> None:
        """Read everything again."""
        try:
            version = self.data.version()
            self.send(self.Fetched(self.data.read(self.fetch), version))
        except CrmError as error:
            self.send(self.Failed(error))

    @work(thread=True, exclusive=True, group="look")
    def look(self) -> None:
        """Read again when somebody, here or in another terminal, changed something."""
        try:
            if not self.is_active or self.version < 0:
                return
            # Asked before the data: what comes in between is then read at the next look.
            version = self.data.version()
            if version != self.version:
                self.send(self.Fetched(self.data.read(self.fetch), version))
        except CrmError:
            # It will be said when the person asks for something.
            return

    @work(thread=True, group="write")
    def do(self, name: str, act: Callable[[UnitOfWork], object]) -> None:
        """Do one command in a thread, say its sentence, read again."""
        try:
            self.send(self.Wrote(self.data.write(name, act)))
        except CrmError as error:
            self.send(self.Failed(error))

    def send(self, message: Message) -> None:
        """Post what a thread found, unless a later question has overtaken it."""
        try:
            overtaken = get_current_worker().is_cancelled
        except NoActiveWorker:
            overtaken = False
        if not overtaken:
            self.post_message(message)

    @on(Fetched)
    def _painted(self, message: Fetched) -> None:
        self.version = message.version
        self.paint(message.found)

    @on(Wrote)
    def _said(self, message: Wrote) -> None:
        self.say(message.sentence or "nothing to change")
        self.reload()

    @on(Failed)
    def _refused(self, message: Failed) -> None:
        error = message.error
        told = "\n".join([error.message, *([error.hint] if error.hint else []), *error.candidates])
        self.say(told, severity="error")

    def say(self, text: str, *, severity: str = "information") -> None:
        """Tell the person, in a corner, for a while."""
        shown = lines(text[:1].upper() + text[1:]).plain
        self.notify(shown, severity=cast("Any", severity), markup=False, timeout=6)
