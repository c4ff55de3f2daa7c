"""`crm config`: preferences, kept in one small text file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from crm_cli.completion import words
from crm_cli.options import command, new_app
from crm_cli.run import Run
from language.fields import Field

if TYPE_CHECKING:
    from language.values import Record

app = new_app("Preferences.")

FIELDS = (
    Field("id", "text", "Key"),
    Field("value", "text", "Value"),
    Field("source", "text", "From"),
    Field("help", "text", "Meaning"),
)


def _complete_key(incomplete: str) -> list[str]:
    from storage.settings import KEYS

    return words(KEYS)(incomplete)


def _complete_value(ctx: typer.Context, incomplete: str) -> list[str]:
    from storage.settings import CHOICES

    return words(CHOICES.get(ctx.params.get("key", ""), ()))(incomplete)


Key = Annotated[
    str, typer.Argument(help="Such as currency.", metavar="KEY", autocompletion=_complete_key)
]


@command(app, "list", title="config list")
def list_(run: Run) -> None:
    """List every preference, its value and where the value is from."""
    from storage.settings import KEYS

    run.show_list("preferences", FIELDS, [_record(run, key) for key in KEYS])


@command(app, "show", title="config show")
def show(run: Run, key: Key) -> None:
    """Print the value of one preference."""
    from storage.settings import known_key

    found = _record(run, known_key(key))
    if run.asks_for_json:
        run.show_record(key, FIELDS, found)
    else:
        from language.text import safe

        print(safe(str(found["value"])))


@command(app, "set", title="config set")
def set_(
    run: Run,
    key: Key,
    value: Annotated[
        str, typer.Argument(help="Its value.", metavar="VALUE", autocompletion=_complete_value)
    ],
) -> None:
    """Set a preference; comments in the file are kept."""
    from storage.settings import check_value, config_path, known_key, write_config

    key = known_key(key)
    value = check_value(key, value)
    path = config_path() if run.dry_run else write_config(key, value)
    run.say(f"set {key} to {value} in {path}")


@command(app, "unset", title="config unset")
def unset(run: Run, key: Key) -> None:
    """Remove a preference, so that its default holds again."""
    from storage.settings import known_key, read_config, write_config

    key = known_key(key)
    if key not in read_config():
        run.warn(f"{key} was not set")
        return
    if not run.dry_run:
        write_config(key, None)
    run.say(f"removed {key}")


@command(app, "path", title="config path")
def path(run: Run) -> None:  # noqa: ARG001 (every command gets its run)
    """Print where the config file is."""
    from storage.settings import config_path

    print(config_path())


def _record(run: Run, key: str) -> Record:
    from storage.settings import HELP, source_of

    value, source = getattr(run.settings, key), source_of(key, run.options)
    return {"id": key, "value": value, "source": source, "help": HELP[key]}
