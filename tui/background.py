"""The data as the app reaches it: only from threads, never from a handler that paints.

The database layer is imported here at first use, so that the first screen is painted before.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from language.errors import CrmError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from storage.database import Database
    from storage.settings import Settings
    from storage.unit import UnitOfWork

T = TypeVar("T")


@contextmanager
def plainly() -> Iterator[None]:
    """Turn what nobody foresaw into a sentence: no traceback over somebody's screen."""
    try:
        yield
    except CrmError:
        raise
    except Exception as error:
        told = f"something unexpected went wrong ({type(error).__name__}: {error})"
        raise CrmError(told, "nothing was changed") from error


@dataclass(slots=True)
class Data:
    """One database for the whole app. `opened`: one that is open already (tests, the demo)."""

    settings: Settings
    opened: Database | None = None
    _lock: Lock = field(default_factory=Lock)

    def _database(self) -> Database:
        with self._lock:
            if self.opened is None:
                from storage.database import open_database

                self.opened = open_database(self.settings)
            return self.opened

    def read(self, ask: Callable[[UnitOfWork], T]) -> T:
        """Ask one question of one consistent state."""
        with plainly(), self._database().reading() as uow:
            return ask(uow)

    def write(self, name: str, act: Callable[[UnitOfWork], object]) -> str:
        """Do one command; gives the sentence that says what was done, empty when nothing was."""
        from storage.database import Deed

        with plainly():
            database = self._database()
        with plainly(), self._lock:
            with database.writing(Deed(name, via="tui")) as uow:
                act(uow)
                sentence = uow.summary
            return sentence if database.last.changed else ""

    def version(self) -> int:
        """Number of the latest command by anybody: another number means that data changed."""
        from operations.live import latest_command

        return self.read(latest_command)

    def close(self) -> None:
        """Let go of the database."""
        if self.opened is not None:
            self.opened.close()
