"""Every key of the app, each with an id: keys can be remapped, and help is made from here."""

from __future__ import annotations

from textual.binding import Binding, BindingType

APP: list[BindingType] = [
    Binding("1", "go('today')", "Today", id="app.today", tooltip="What to do now, and why"),
    Binding("2", "go('board')", "Pipeline", id="app.board", tooltip="Deals by stage"),
    Binding("u", "undo", "Undo", id="app.undo", tooltip="Undo your last command"),
    Binding(
        "ctrl+r", "redo", "Redo", id="app.redo", show=False, tooltip="Redo what was just undone"
    ),
    Binding("r", "refresh", "Refresh", id="app.refresh", show=False, tooltip="Read the data again"),
    Binding(
        "question_mark", "help", "Help", key_display="?", id="app.help", tooltip="Show these keys"
    ),
    Binding(
        "q", "quit", "Quit", key_display="q", id="app.quit",
        tooltip="Leave; everything is saved",
    ),
]  # fmt: skip
TODAY: list[BindingType] = [
    Binding("down,j", "next", "Down", id="today.next", show=False, tooltip="Next line"),
    Binding("up,k", "previous", "Up", id="today.previous", show=False, tooltip="Line before"),
]
BOARD: list[BindingType] = [
    Binding("left,h", "stage(-1)", "Stage before", id="board.left", show=False),
    Binding("right,l", "stage(1)", "Next stage", id="board.right", show=False),
    Binding("down,j", "card(1)", "Next deal", id="board.down", show=False),
    Binding("up,k", "card(-1)", "Deal before", id="board.up", show=False),
    Binding(
        "less_than_sign", "move(-1)", "Back", show=False, key_display="<", id="board.back",
        tooltip="Move the deal one stage back; open a closed one again",
    ),
    Binding(
        "greater_than_sign", "move(1)", "Move", key_display="< >", id="board.forward",
        tooltip="Move the deal one stage back or on",
    ),
    Binding(
        "enter", "details", "Details", key_display="Enter", id="board.details",
        tooltip="Show or hide all of the deal",
    ),
    Binding("w", "win", "Win", id="board.win", tooltip="Win the deal"),
    Binding("x", "lose", "Lose", id="board.lose", tooltip="Lose the deal, saying why"),
    Binding("p", "pipeline", "Next pipeline", id="board.pipeline", show=False),
    Binding("escape", "close", "Close details", id="board.close", show=False),
]  # fmt: skip
