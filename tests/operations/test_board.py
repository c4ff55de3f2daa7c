"""The board in numbers: pages of cards, currencies and odds, the same as lists give."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from language.money import Money
from operations import deal_moves, records
from operations.board import board, cards
from operations.lists import Query, list_records
from operations.pipelines import standard_pipeline
from storage.database import Database, Deed, open_database
from storage.settings import Settings
from storage.unit import UnitOfWork


@pytest.fixture
def sales(database: Path) -> Database:
    """Twelve open deals of rising amounts in two currencies, one of unknown amount, two closed."""
    opened = open_database(Settings(database=str(database), user="eva"))
    with opened.writing(Deed("deal add")) as uow:
        for number in range(1, 13):
            currency = "USD" if number % 3 == 0 else "EUR"
            add(uow, f"Deal {number}", Money(number * 1_001, currency))
        add(uow, "Unknown", None)
        deal_moves.win(uow, add(uow, "Sold", Money(50_000, "EUR")))
        old = uow.today - timedelta(days=31)
        records.add(
            uow,
            "deal",
            {"title": "Sold long ago", "amount": Money(1, "EUR"), "stage": "won", "closed_at": old},
        )
    return opened


def add(uow: UnitOfWork, title: str, amount: Money | None) -> int:
    return records.add(uow, "deal", {"title": title, "amount": amount}).id


def test_figures_are_the_sum_of_what_the_list_shows(sales: Database) -> None:
    with sales.reading() as uow:
        shown = board(uow, standard_pipeline(uow))
        listed = list_records(uow, "deal", Query("stage=lead", fields=("amount", "weighted")))

    lead = shown.stages[0]
    assert lead.count == len(listed) == 13
    for field, totals in (("amount", lead.totals), ("weighted", lead.weighted)):
        amounts = [money for row in listed if isinstance(money := row[field], Money)]
        assert [(total.currency, total.minor) for total in totals] == [
            (currency, sum(money.minor for money in amounts if money.currency == currency))
            for currency in ("EUR", "USD")
        ]


def test_cards_come_in_pages_largest_first_and_unknown_amounts_last(sales: Database) -> None:
    with sales.reading() as uow:
        pipeline = standard_pipeline(uow)
        first = board(uow, pipeline, limit=5).stages[0]
        rest = cards(uow, pipeline, first.stage_id, offset=5, limit=50)

    titles = [card.title for card in (*first.cards, *rest)]
    assert titles == [*(f"Deal {number}" for number in range(12, 0, -1)), "Unknown"]
    assert first.count == 13


def test_closed_stages_hold_what_closed_lately(sales: Database) -> None:
    with sales.reading() as uow:
        pipeline = standard_pipeline(uow)
        won = board(uow, pipeline).stages[4]
        longer = board(uow, pipeline, closed_days=60).stages[4]

    assert (won.outcome, [card.title for card in won.cards]) == ("won", ["Sold"])
    assert longer.count == 2


def test_a_board_without_cards_has_the_same_figures(sales: Database) -> None:
    with sales.reading() as uow:
        pipeline = standard_pipeline(uow)
        bare, full = board(uow, pipeline, limit=0), board(uow, pipeline)

    assert [stage.cards for stage in bare.stages] == [()] * 6
    assert bare.open_totals == full.open_totals
    assert bare.open_count == full.open_count == 13
