"""The board: deals move, are won and lost, and nothing typed by anybody runs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from language.money import Money
from operations import records
from operations.lists import get
from storage.database import Database, Deed
from tests.tui.conftest import Opener, Screen, story
from tui.screens.board import BoardScreen


def board_of(screen: Screen) -> BoardScreen:
    assert isinstance(screen.app.screen, BoardScreen)
    return screen.app.screen


def stage_of(demo: Database, deal: int) -> str:
    with demo.reading() as uow:
        return str(get(uow, "deal", deal, ["stage"])["stage"].label)  # type: ignore[union-attr]


@pytest.mark.parametrize(("width", "height"), [(80, 24), (120, 40), (200, 60)])
@story
async def test_the_board_looks_as_it_should(
    open_app: Opener, same_picture: Callable[[str, str], None], width: int, height: int
) -> None:
    async with open_app(width, height) as screen:
        await screen.press("2", "right", "down")
        same_picture(f"board-{width}x{height}", screen.text)


@story
async def test_a_deal_moves_on_goes_back_and_each_step_can_be_undone(
    open_app: Opener, demo: Database
) -> None:
    async with open_app() as screen:
        await screen.press("2")
        card = board_of(screen).card
        assert card is not None

        await screen.press("greater_than_sign")
        assert stage_of(demo, card.id) == "Qualified"
        assert screen.said[-1] == f"Moved deal #{card.id} {card.title}: Lead → Qualified"
        here = board_of(screen).card
        assert here is not None
        assert here.id == card.id, "the cursor goes with the deal"

        await screen.press("u")
        assert stage_of(demo, card.id) == "Lead"
        await screen.press("ctrl+r")
        assert stage_of(demo, card.id) == "Qualified"
        await screen.press("less_than_sign")
        assert stage_of(demo, card.id) == "Lead"


@story
async def test_losing_a_deal_asks_why_and_esc_loses_nothing(
    open_app: Opener, demo: Database
) -> None:
    async with open_app() as screen:
        await screen.press("2")
        card = board_of(screen).card
        assert card is not None

        await screen.press("x")
        assert "Why was it lost?" in screen.text
        await screen.press("escape")
        assert stage_of(demo, card.id) == "Lead"

        await screen.press("x", "enter")
        assert "Why was it lost?" in screen.text, "a reason is needed"
        await screen.type("price")
        await screen.press("enter")
        await screen.type("Voltia")
        await screen.press("enter")

    with demo.reading() as uow:
        deal = get(uow, "deal", card.id, ["outcome", "lost_reason", "competitor"])
    assert (deal["outcome"], deal["lost_reason"], deal["competitor"]) == ("lost", "price", "Voltia")


@story
async def test_a_gate_asks_for_what_is_missing_and_then_lets_the_deal_through(
    open_app: Opener, demo: Database
) -> None:
    with demo.writing(Deed("stage edit")) as uow:
        records.edit(uow, "stage", 2, {"required": ["competitor"]})
    async with open_app() as screen:
        await screen.press("2")
        card = board_of(screen).card
        assert card is not None
        await screen.press("greater_than_sign")
        assert "Qualified needs more about" in screen.text
        await screen.type("Voltia")
        await screen.press("enter")

    assert stage_of(demo, card.id) == "Qualified"


@story
async def test_a_won_deal_is_opened_again_by_moving_it_back(
    open_app: Opener, demo: Database
) -> None:
    async with open_app() as screen:
        await screen.press("2", "right", "right", "right")
        card = board_of(screen).card
        assert card is not None
        await screen.press("w")
        assert stage_of(demo, card.id) == "Won"
        await screen.press("greater_than_sign")
        assert "opens it again" in screen.said[-1]
        await screen.press("less_than_sign")
        assert stage_of(demo, card.id) == "Negotiation"


@story
async def test_the_details_of_a_deal_open_beside_the_board(open_app: Opener) -> None:
    async with open_app() as screen:
        await screen.press("2", "enter")
        card = board_of(screen).card
        assert card is not None
        assert f"deal #{card.id}" in screen.text
        assert "What happened" in screen.text
        await screen.press("escape")
        assert f"deal #{card.id}" not in screen.text


@story
async def test_the_other_pipeline_has_its_own_stages(open_app: Opener) -> None:
    async with open_app() as screen:
        await screen.press("2", "p")
        assert "Renewed" in screen.text


@story
async def test_what_somebody_else_does_appears_by_itself(open_app: Opener, demo: Database) -> None:
    async with open_app() as screen:
        await screen.press("2")
        with demo.writing(Deed("deal add")) as uow:
            records.add(uow, "deal", {"title": "Brand new deal"})
        board_of(screen).look()
        await screen.settle()
        board = board_of(screen).found
        assert board is not None
        assert "Brand new deal" in [card.title for card in board.board.stages[0].cards]


HOSTILE = "[@click=app.quit]press[/] [bold]me[/bold] \x1b]52;c;aGk=\x07 \u202eevil"


@story
async def test_names_that_look_like_commands_are_only_shown(
    open_app: Opener, demo: Database
) -> None:
    with demo.writing(Deed("deal add")) as uow:
        company = records.add(uow, "company", {"name": HOSTILE}).id
        records.add(
            uow, "deal", {"title": HOSTILE, "company": company, "amount": Money(10**12, "EUR")}
        )
    async with open_app(200, 60) as screen:
        await screen.press("2", "enter")
        assert "[@click=app.quit]press[/] [bold]me[/bold]" in screen.text
        assert "\x1b" not in screen.text
        assert "\u202e" not in screen.text
        await screen.press("greater_than_sign", "question_mark")
        assert screen.app.is_running


@story
async def test_a_window_made_wider_shows_every_column_whole_again(open_app: Opener) -> None:
    async with open_app(80, 24) as screen:
        await screen.press("2", "right")
        for size in ((40, 10), (200, 60)):
            await screen.pilot.resize_terminal(*size)
            await screen.settle()

        heads = screen.text.splitlines()[2]
        for stage in ("Lead", "Qualified", "Proposal", "Negotiation", "Won", "Lost"):
            assert stage in heads


@story
async def test_a_window_made_narrower_keeps_the_cursor_in_view(open_app: Opener) -> None:
    async with open_app(200, 60) as screen:
        await screen.press("2", "right", "right", "right")

        await screen.pilot.resize_terminal(40, 10)
        await screen.settle()

        assert screen.text.splitlines()[2].startswith(" Negotiation")
