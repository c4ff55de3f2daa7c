"""Draw the board of a pipeline: columns where there is room, one bar a stage where there is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_cli.output import console, print_list
from language.fields import Field
from language.money import show_money, to_major
from language.text import display_width, fit, safe, shorten

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console

    from crm_cli.run import Run
    from language.money import Money
    from language.values import Record
    from operations.board import Board, Card, Column

WIDE = 100
NARROWEST = 15
CARDS = 8
BAR = 24
FIGURES = (
    Field("stage", "text", "Stage"),
    Field("outcome", "text", "Outcome"),
    Field("probability", "percent", "Probability"),
    Field("deals", "integer", "Deals"),
    Field("total", "money", "Total"),
    Field("weighted", "money", "Weighted"),
    Field("rotting", "integer", "Rotting"),
)


def usual_limit(run: Run, *, cards: bool) -> int:
    """How many deals a stage to read when nobody said."""
    from operations.board import CARDS as ALL

    return CARDS if run.format == "table" else ALL if cards else 0


def draw(run: Run, board: Board, *, cards: bool = False) -> None:
    """Print a board in the run's format."""
    form = run.format
    if form == "json":
        from exporters.json import dumps

        print(dumps(as_json(board, cards=cards)))
    elif form != "table":
        print_list(run, board.pipeline.label, FIGURES, _figures(board))
    else:
        screen = console(run)
        if screen.width >= max(WIDE, NARROWEST * len(board.stages)):
            _columns(run, screen, board)
        else:
            _bars(run, screen, board)


def as_json(board: Board, *, cards: bool) -> dict[str, Any]:
    """A board for programs: amounts in major units, one entry a currency."""
    return {
        "id": board.pipeline.id,
        "pipeline": board.pipeline.label,
        "closed_days": board.closed_days,
        "open_deals": board.open_count,
        "stages": [_stage(column, cards=cards) for column in board.stages],
    }


def _stage(column: Column, *, cards: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": column.stage_id,
        "stage": column.name,
        "outcome": column.outcome,
        "probability": column.probability,
        "deals": column.count,
        "totals": [_money(money) for money in column.totals],
        "weighted": [_money(money) for money in column.weighted],
        "rotting": column.rotting,
    }
    return shown | ({"cards": [_card(card) for card in column.cards]} if cards else {})


def _card(card: Card) -> dict[str, Any]:
    amount = card.amount
    return {
        "id": card.id,
        "title": card.title,
        "company": card.company or None,
        "amount": None if amount is None else to_major(amount.minor, amount.currency),
        "currency": None if amount is None else amount.currency,
        "owner": card.owner or None,
        "age": card.age,
        "rotting": card.rotting,
        "expected_close": card.expected_close,
        "slips": card.slips,
        "next_step": card.next_step or None,
    }


def _money(money: Money) -> dict[str, Any]:
    return {"amount": to_major(money.minor, money.currency), "currency": money.currency}


def _figures(board: Board) -> Iterator[Record]:
    """One row a stage and currency, for files and pipes."""
    for column in board.stages:
        weighted = {money.currency: money for money in column.weighted}
        for n, total in enumerate(column.totals or (None,)):
            yield {
                "id": column.stage_id,
                "stage": column.name,
                "outcome": column.outcome,
                "probability": column.probability,
                # Counted once, so that the column adds up.
                "deals": column.count if n == 0 else 0,
                "total": total,
                "weighted": None if total is None else weighted.get(total.currency),
                "rotting": column.rotting if n == 0 else 0,
            }


def _amounts(run: Run, amounts: Sequence[Money]) -> str:
    """Amounts side by side, in whole units: a board is looked at from afar."""
    return " + ".join(_amount(run, money) for money in amounts)


def _amount(run: Run, money: Money) -> str:
    from language.money import exponent

    unit = 10 ** exponent(money.currency)
    whole = (abs(money.minor) + unit // 2) // unit * unit
    lang = run.settings.language
    return show_money(-whole if money.minor < 0 else whole, money.currency, lang=lang)


def _deals(count: int) -> str:
    return f"{count:,} deal" if count == 1 else f"{count:,} deals"


def _rot(count: int) -> str:
    return "rots" if count == 1 else "rot"


def _heading(board: Board, column: Column) -> str:
    return column.name if column.outcome == "open" else f"{column.name} ({board.closed_days} d)"


def _summary(run: Run, board: Board) -> str:
    parts = [f"{board.pipeline.label}: {_deals(board.open_count)} open"]
    if board.open_totals:
        parts.append(_amounts(run, board.open_totals))
    if board.open_weighted:
        parts.append(f"weighted {_amounts(run, board.open_weighted)}")
    return safe(", ".join(parts))


def _columns(run: Run, screen: Console, board: Board) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    # Heads are a row, because Rich hangs headings of a table from the bottom.
    table = Table(
        box=box.HORIZONTALS, show_header=False, pad_edge=False, expand=True, padding=(0, 1)
    )
    heads, cells = [], []
    for column in board.stages:
        head = Text()
        head.append(safe(_heading(board, column)), style="bold")
        head.append(f"\n{_deals(column.count)}")
        for money in column.totals:
            head.append(f"\n{_amount(run, money)}")
        for money in column.weighted if column.outcome == "open" else ():
            head.append(f"\n≈ {_amount(run, money)}", style="dim")
        if column.rotting:
            head.append(f"\n! {column.rotting:,} {_rot(column.rotting)}", style="red")
        table.add_column(ratio=1, overflow="fold")
        heads.append(head)
        cells.append(_cards(run, column))
    table.add_row(*heads, end_section=True)
    table.add_row(*cells)
    screen.print(Text(_summary(run, board), style="bold"))
    screen.print(table)


def _cards(run: Run, column: Column) -> Any:
    from rich.text import Text

    text = Text()
    for card in column.cards:
        text.append(f"#{card.id} {shorten(safe(card.title), 60)}\n", style="bold")
        if card.company:
            text.append(f"{shorten(safe(card.company), 40)}\n")
        if card.amount is not None:
            text.append(f"{_amount(run, card.amount)}\n")
        about = [shorten(safe(card.owner), 20)] if card.owner else []
        if column.outcome == "open":
            about.append(f"{card.age} d")
        text.append(" · ".join(about), style="dim")
        if card.rotting:
            text.append(" !\u00a0rots", style="bold red")
        text.append("\n\n")
    if column.count > len(column.cards):
        text.append(f"{column.count - len(column.cards):,} more")
    text.rstrip()
    return text


def _bars(run: Run, screen: Console, board: Board) -> None:
    from rich.text import Text

    names = [safe(_heading(board, column)) for column in board.stages]
    width = min(max(map(display_width, names), default=0), 24)
    most = max((column.count for column in board.stages), default=0) or 1
    longest = min(BAR, max(4, screen.width // 5))
    screen.print(Text(_summary(run, board), style="bold"))
    for name, column in zip(names, board.stages, strict=True):
        length = max(1, round(column.count * longest / most)) if column.count else 0
        count = f"{column.count:,}".rjust(len(f"{most:,}"))
        line = Text(f"{fit(name, width)}  {count}  {'█' * length}")
        if column.totals:
            line.append(f" {safe(_amounts(run, column.totals))}")
        if column.rotting:
            line.append(f" ! {column.rotting:,} {_rot(column.rotting)}")
        screen.print(line)
