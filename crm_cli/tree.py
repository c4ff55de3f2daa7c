"""The command tree: every noun and lone verb with its one-line help, imported only when used."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

# name → (module with `app`, one line of help). A module whose app holds a single command of the
# same name is a lone verb (`crm today`).
COMMANDS: dict[str, tuple[str, str]] = {
    "today": ("crm_cli.commands.today", "What to do now, ranked, and why"),
    "contact": ("crm_cli.commands.contact", "People"),
    "company": ("crm_cli.commands.company", "Organisations that contacts work for"),
    "deal": ("crm_cli.commands.deal", "Sales in progress: add, move, win, lose"),
    "pipeline": ("crm_cli.commands.pipeline", "Stages that deals move through, and the board"),
    "product": ("crm_cli.commands.product", "What we sell"),
    "call": ("crm_cli.commands.call", "Log calls"),
    "meeting": ("crm_cli.commands.meeting", "Log meetings"),
    "email": ("crm_cli.commands.email", "Log e-mails"),
    "message": ("crm_cli.commands.message", "Log messages (SMS, WhatsApp, chat)"),
    "visit": ("crm_cli.commands.visit", "Log visits"),
    "note": ("crm_cli.commands.note", "Write notes on anybody"),
    "activity": ("crm_cli.commands.activity", "Everything that happened"),
    "task": ("crm_cli.commands.task", "What must happen, and when"),
    "tag": ("crm_cli.commands.tag", "Words that group records"),
    "field": ("crm_cli.commands.field", "Fields of your own on any noun"),
    "attachment": ("crm_cli.commands.attachment", "Files on any record"),
    "user": ("crm_cli.commands.user", "Colleagues, roles and teams"),
    "search": ("crm_cli.commands.search", "Find anything by any word"),
    "duplicate": ("crm_cli.commands.duplicate", "Records that are likely the same: compare, merge"),
    "import": ("crm_cli.commands.import_", "Bring records in from a file"),
    "export": ("crm_cli.commands.export", "Take records out to a file"),
    "report": ("crm_cli.commands.report", "Figures: pipeline, win rate"),
    "history": ("crm_cli.commands.history", "Who did what, when"),
    "undo": ("crm_cli.commands.undo", "Undo the last command, or any"),
    "redo": ("crm_cli.commands.redo", "Redo what was undone"),
    "trash": ("crm_cli.commands.trash", "Deleted records: list, restore, empty"),
    "database": ("crm_cli.commands.database", "Where the data are, and their health"),
    "backup": ("crm_cli.commands.backup", "Make and check copies of the database"),
    "config": ("crm_cli.commands.config", "Preferences"),
    "doctor": ("crm_cli.commands.doctor", "Check that everything is in order"),
    "demo": ("crm_cli.commands.demo", "Try crm on a small invented company"),
    "tui": ("crm_cli.commands.tui", "Open the full-screen interface"),
}


class LazyGroup(TyperGroup):
    """A group that knows the names and help of its commands without importing them."""

    listing = False

    def list_commands(self, ctx: Any) -> list[str]:
        """Names in the order of COMMANDS."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Import the command; while only listing, a stub with its help."""
        if cmd_name not in COMMANDS:
            return None
        module, help_ = COMMANDS[cmd_name]
        if self.listing:
            return TyperCommand(cmd_name, help=help_, short_help=help_)
        if cmd_name not in self.commands:
            self.commands[cmd_name] = load(cmd_name, module)
        return self.commands[cmd_name]

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Show help from the one-line texts."""
        self.listing = True
        try:
            super().format_help(ctx, formatter)
        finally:
            self.listing = False

    def shell_complete(self, ctx: Any, incomplete: str) -> Any:
        """Complete from the one-line texts."""
        self.listing = True
        try:
            return super().shell_complete(ctx, incomplete)
        finally:
            self.listing = False

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Say what was near when there is no such command."""
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            from language.errors import InvalidValue
            from language.text import closest, safe

            near = closest(args[0], list(COMMANDS))
            hint = f"did you mean: crm {near[0]}?" if near else "see: crm --help"
            raise InvalidValue(f"there is no command '{safe(args[0])}'", hint)
        return super().resolve_command(ctx, args)


def load(name: str, module: str) -> Any:
    """Import one module of the tree and give its click command, under its name."""
    app: typer.Typer = import_module(module).app
    lone = len(app.registered_commands) == 1 and app.registered_commands[0].name == name
    command: Any = typer.main.get_command(app) if lone else typer.main.get_group(app)
    command.name = name
    command.help = command.help or COMMANDS[name][1]
    return command


root = typer.Typer(
    cls=LazyGroup,
    name="crm",
    help="The terminal-first CRM for small sales teams.",
    epilog="crm NOUN --help shows what a noun can do. Everything can be undone: crm undo.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=True,
    context_settings={"help_option_names": ["--help", "-h"]},
)


def show_version(value: bool) -> None:
    """Print the version and leave."""
    if value:
        from importlib.metadata import version

        typer.echo(f"crm {version('crm-cli')}")
        raise typer.Exit


@root.callback(invoke_without_command=True)
def everywhere(
    ctx: typer.Context,
    database: Annotated[str | None, typer.Option(help="Path or URL of the database.")] = None,
    user: Annotated[str | None, typer.Option(help="Who you are.")] = None,
    format: Annotated[str | None, typer.Option(help="Form of the output.")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Answer yes to every question.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Do it all, keep nothing.")] = False,
    no_input: Annotated[bool, typer.Option("--no-input", help="Never ask.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show what went wrong inside.")] = False,
    color: Annotated[str | None, typer.Option(help="always, never or auto.")] = None,
    version: Annotated[  # noqa: ARG001 (its callback does the work)
        bool, typer.Option("--version", callback=show_version, is_eager=True, help="Show it.")
    ] = False,
) -> None:
    """Options that every command takes too."""
    ctx.obj = {
        "words": (ctx.obj or {}).get("words", ()),
        "database": database,
        "user": user,
        "format": format,
        "yes": yes,
        "dry_run": dry_run,
        "no_input": no_input,
        "debug": debug,
        "color": color,
    }
    if ctx.invoked_subcommand is None:
        if sys.stdout.isatty() and sys.stdin.isatty():
            ctx.invoke(import_module("crm_cli.commands.tui").start, ctx)
        else:
            typer.echo(ctx.get_help())


def build() -> Callable[[Sequence[str]], int]:
    """Give the program as a function of its words that returns an exit code."""
    command = typer.main.get_command(root)

    def call(words: Sequence[str]) -> int:
        result = command.main(
            list(words), prog_name="crm", standalone_mode=False, obj={"words": tuple(words)}
        )
        return result if isinstance(result, int) else 0

    return call
