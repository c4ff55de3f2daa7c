"""The full-screen app: two screens over the same operations as the shell."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import App

from tui import keys
from tui.background import Data
from tui.dialogs.help import HelpDialog
from tui.screens.base import DataScreen
from tui.screens.board import BoardScreen
from tui.screens.today import TodayScreen
from tui.theme import THEMES

if TYPE_CHECKING:
    from storage.database import Database
    from storage.settings import Settings
    from storage.unit import UnitOfWork


class CrmApp(App[None]):
    """`crm` on a terminal."""

    TITLE = "crm"
    CSS_PATH = "styles/app.tcss"
    ENABLE_COMMAND_PALETTE = False
    MODES: ClassVar = {"today": TodayScreen, "board": BoardScreen}
    DEFAULT_MODE = "today"
    BINDINGS: ClassVar = keys.APP

    def __init__(self, settings: Settings, database: Database | None = None) -> None:
        super().__init__()
        self.data = Data(settings, database)
        self.settings = settings
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Names that the styles use beside Textual's own."""
        return dict(THEMES[0].variables)

    def action_go(self, place: str) -> None:
        """Go to a screen."""
        if self.current_mode != place and not self._asking:
            self.switch_mode(place)

    def action_undo(self) -> None:
        """Undo the person's last command, wherever it was done."""

        def act(uow: UnitOfWork) -> object:
            from operations.undo import undo

            return undo(uow)

        self._do("undo", act)

    def action_redo(self) -> None:
        """Redo what was undone last."""

        def act(uow: UnitOfWork) -> object:
            from operations.undo import redo

            return redo(uow)

        self._do("redo", act)

    def action_refresh(self) -> None:
        """Read the data again."""
        if isinstance(self.screen, DataScreen):
            self.screen.reload()

    def action_help(self) -> None:
        """Show the keys of this screen."""
        if isinstance(self.screen, DataScreen):
            self.push_screen(HelpDialog(self.screen.place))

    def action_help_quit(self) -> None:
        """Answer Ctrl+C, which a terminal may send by accident while text is copied."""
        said = "Ctrl+Q leaves; everything is saved" if self._asking else "Press q to leave"
        self.notify(said, markup=False)

    @property
    def _asking(self) -> bool:
        return not isinstance(self.screen, DataScreen)

    def _do(self, name: str, act: object) -> None:
        if isinstance(self.screen, DataScreen) and callable(act):
            self.screen.do(name, act)

    def on_unmount(self) -> None:
        self.data.close()


def run(settings: Settings, database: Database | None = None) -> None:
    """Open the app and stay until the person leaves."""
    CrmApp(settings, database).run()
