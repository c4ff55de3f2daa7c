"""Today on the screen, the help, and undo with nothing to undo."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from operations import records
from storage.database import Database, Deed
from tests.tui.conftest import Opener, story


@pytest.mark.parametrize(("width", "height"), [(80, 24), (120, 40)])
@story
async def test_today_looks_as_it_should(
    open_app: Opener, same_picture: Callable[[str, str], None], width: int, height: int
) -> None:
    async with open_app(width, height) as screen:
        await screen.press("down")
        same_picture(f"today-{width}x{height}", screen.text)


@story
async def test_the_brief_follows_the_line(open_app: Opener) -> None:
    async with open_app() as screen:
        first = screen.text
        await screen.press("j")
        assert screen.text != first
        await screen.press("k")
        assert screen.text == first


@story
async def test_a_task_named_like_markup_is_only_shown(open_app: Opener, demo: Database) -> None:
    with demo.writing(Deed("task add")) as uow:
        title = "[@click=app.quit]now[/] \x1b[2J"
        records.add(uow, "task", {"title": title, "due": uow.today, "priority": "urgent"})
    async with open_app() as screen:
        await screen.press("down", "down", "down", "down")
        assert "[@click=app.quit]now[/] \\x1b[2J" in screen.text
        assert screen.app.is_running


@story
async def test_help_names_every_key_and_closes(open_app: Opener) -> None:
    async with open_app() as screen:
        await screen.press("2", "question_mark")
        for told in ("Move the deal one stage back", "Lose the deal, saying why", "Undo your last"):
            assert told in screen.text
        await screen.press("escape")
        assert "Lose the deal, saying why" not in screen.text


@story
async def test_nothing_to_undo_is_said_and_harms_nothing(open_app: Opener) -> None:
    async with open_app() as screen:
        await screen.press("u", "u", "u")
        assert "Nothing to undo" in screen.said[-1]


@story
async def test_ctrl_c_names_the_key_that_really_leaves(open_app: Opener) -> None:
    async with open_app() as screen:
        await screen.press("ctrl+c")
        assert screen.said[-1] == "Press q to leave"
        await screen.press("q")
        assert not screen.app.is_running
