"""The app on the demo company of a fixed Tuesday morning, and its screen as text."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any

import pytest

from operations.demo import make
from storage.database import Database, open_database
from storage.settings import Settings
from tui.app import CrmApp

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
PICTURES = Path(__file__).with_name("pictures")


def settings_for(path: Path) -> Settings:
    return Settings(database=str(path), user="eva", timezone="Europe/Madrid")


@pytest.fixture(scope="session")
def made_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo company, made once for the tests of this process to copy."""
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    database = open_database(settings_for(path))
    database.clock = lambda: NOW
    make(database)
    database.close()
    return path


@pytest.fixture
def demo(made_demo: Path, tmp_path: Path) -> Database:
    """A demo company of this test's own, on a day that stands still."""
    path = tmp_path / "demo.db"
    shutil.copy(made_demo, path)
    path.chmod(0o600)
    database = open_database(settings_for(path))
    database.clock = lambda: NOW
    return database


@dataclass
class Screen:
    """The running app as a person meets it: keys in, text out."""

    app: CrmApp
    pilot: Any

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.pilot.press(key)
            await self.settle()

    async def type(self, text: str) -> None:
        await self.pilot.press(*text)

    async def settle(self) -> None:
        """Wait until every thread has answered and all is painted."""
        for _ in range(4):
            while any(not worker.is_finished for worker in self.app.workers):  # noqa: ASYNC110 (threads set no event)
                await asyncio.sleep(0.01)
            await self.pilot.pause()

    @property
    def text(self) -> str:
        strips = self.app.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in strips).rstrip() + "\n"

    @property
    def said(self) -> list[str]:
        return [notification.message for notification in self.app._notifications]


Opener = Callable[..., AbstractAsyncContextManager[Screen]]


@pytest.fixture
def open_app(demo: Database) -> Opener:
    """Open the app at a size."""

    @asynccontextmanager
    async def opened(width: int = 120, height: int = 40) -> AsyncIterator[Screen]:
        app = CrmApp(demo.settings, demo)
        async with app.run_test(size=(width, height), notifications=True) as pilot:
            screen = Screen(app, pilot)
            await screen.settle()
            yield screen

    return opened


@pytest.fixture
def same_picture() -> Callable[[str, str], None]:
    """Compare the screen with the picture kept; CRM_NEW_PICTURES=1 keeps this one instead."""

    def compare(name: str, text: str) -> None:
        kept = PICTURES / f"{name}.txt"
        if os.environ.get("CRM_NEW_PICTURES"):
            kept.write_text(text, "utf-8")
        assert text == kept.read_text("utf-8")

    return compare


def story(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Let a test of the app be written with await."""

    @wraps(test)
    def run(*args: Any, **kwargs: Any) -> None:
        asyncio.run(test(*args, **kwargs))

    return run
