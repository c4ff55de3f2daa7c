"""`crm deal`: sales in progress."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from crm_cli.completion import names_of
from crm_cli.options import command, new_app
from crm_cli.run import Run
from crm_cli.verbs import ALL_VERBS, add_verbs, who

if TYPE_CHECKING:
    from collections.abc import Callable

    from language.values import Changed
    from storage.unit import UnitOfWork

app = new_app("Sales in progress: add, move, win, lose.")
add_verbs(app, "deal", (*ALL_VERBS, "tag", "untag"))

At = Annotated[str | None, typer.Option("--at", help="When, if not now: yesterday, 2026-11-03.")]


def _do(run: Run, text: str, act: Callable[[UnitOfWork, int], Changed]) -> None:
    """Find a deal, do one thing with it, say what became of it."""
    from operations.find import find

    with run.writing() as uow:
        found = find(uow, "deal", text)
        changed = act(uow, found.id)
        sentence = uow.summary if changed.fields else ""
    run.finish("deal", found.id, sentence)


@command(app, "move", title="deal move")
def move(
    run: Run,
    who_: who("deal"),  # type: ignore[valid-type]  # made for this noun
    stage: Annotated[str, typer.Argument(help="Stage.", autocompletion=names_of("stage"))],
    reason: Annotated[
        str | None, typer.Option("--reason", help="Why it was lost, for a lost stage.")
    ] = None,
) -> None:
    """Move a deal to another stage of its pipeline."""
    from operations import deal_moves

    values = run.read("deal", {"lost_reason": reason})
    _do(run, who_, lambda uow, deal: deal_moves.move(uow, deal, stage, values))


@command(app, "win", title="deal win")
def win(
    run: Run,
    who_: who("deal"),  # type: ignore[valid-type]  # made for this noun
    at: At = None,
    amount: Annotated[
        str | None, typer.Option("--amount", help="What it was sold for, if that changed.")
    ] = None,
) -> None:
    """Win a deal: it goes to the won stage of its pipeline and closes."""
    from operations import deal_moves

    values = run.read("deal", {"closed_at": at, "amount": amount})
    _do(run, who_, lambda uow, deal: deal_moves.win(uow, deal, values))


@command(app, "lose", title="deal lose")
def lose(
    run: Run,
    who_: who("deal"),  # type: ignore[valid-type]  # made for this noun
    reason: Annotated[
        str | None, typer.Option("--reason", help="Why: price, timing, no budget… Always needed.")
    ] = None,
    competitor: Annotated[str | None, typer.Option("--competitor", help="Who won it.")] = None,
    gap: Annotated[
        str | None, typer.Option("--gap", help="How far our price was off, per cent.")
    ] = None,
    retry: Annotated[
        str | None, typer.Option("--retry", help="When to try again: 2027-01, in 6 months.")
    ] = None,
    note: Annotated[str | None, typer.Option("--note", help="Added to the deal's note.")] = None,
    at: At = None,
) -> None:
    """Lose a deal, saying why; it goes to the lost stage of its pipeline and closes."""
    from operations import deal_moves

    typed: dict[str, Any] = {"competitor": competitor, "gap": gap, "retry": retry}
    values = run.read("deal", {**typed, "closed_at": at})
    why = str(run.read("deal", {"lost_reason": reason}).get("lost_reason") or "")
    more = str(run.read("deal", {"note": note}).get("note") or "")
    _do(run, who_, lambda uow, deal: deal_moves.lose(uow, deal, why, values, note=more))


@command(app, "reopen", title="deal reopen")
def reopen(
    run: Run,
    who_: who("deal"),  # type: ignore[valid-type]  # made for this noun
    stage: Annotated[
        str | None,
        typer.Option(
            "--stage", help="Stage; else the one it left.", autocompletion=names_of("stage")
        ),
    ] = None,
) -> None:
    """Open a won or lost deal again; its history keeps how it had closed."""
    from operations import deal_moves

    _do(run, who_, lambda uow, deal: deal_moves.reopen(uow, deal, stage or ""))
