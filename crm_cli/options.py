"""One declaration of a command: its own parameters, the fields of a noun, and what is everywhere.

`@command(app, "add", fields=…)` gives the function a `Run` first and the filled fields as
`values`; Typer sees one option for every field, made from `language.fields`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from crm_cli.completion import completer, names_of, words
from crm_cli.run import FORMATS, Run

if TYPE_CHECKING:
    from language.fields import Field

EVERYWHERE: dict[str, Any] = {
    "format": (
        str | None,
        typer.Option(
            "--format", "-f", help="table, json, ndjson, csv, tsv…", autocompletion=words(FORMATS)
        ),
    ),
    "database": (str | None, typer.Option("--database", help="Path or URL of the database.")),
    "user": (
        str | None,
        typer.Option("--user", help="Who you are.", autocompletion=names_of("user")),
    ),
    "yes": (bool, typer.Option("--yes", "-y", help="Answer yes to every question.")),
    "dry_run": (bool, typer.Option("--dry-run", help="Do it all, keep nothing.")),
    "no_input": (bool, typer.Option("--no-input", help="Never ask.")),
    "debug": (bool, typer.Option("--debug", help="Show what went wrong inside.")),
    "color": (
        str | None,
        typer.Option(
            "--color",
            help="always, never or auto.",
            autocompletion=words(("always", "never", "auto")),
        ),
    ),
}

Function = Callable[..., None]


def new_app(help_: str) -> typer.Typer:
    """Make the Typer app of one noun."""
    return typer.Typer(
        help=help_,
        add_completion=False,
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["--help", "-h"]},
    )


def command(
    app: typer.Typer,
    name: str,
    *,
    title: str = "",
    fields: Sequence[Field] = (),
    hidden: bool = False,
) -> Callable[[Function], Function]:
    """Register a command. `title`: what history calls it (`deal move`).

    `fields` become options; the function gets what was filled as `values` (field name → text),
    plus `custom` (`--set` key → text) when there are fields.
    """

    def decorate(function: Function) -> Function:
        own = _own_parameters(function)
        field_names = {f"field_{field.name}": field for field in fields}

        @wraps(function)
        def wrapper(**given: Any) -> None:
            context: typer.Context = given.pop("ctx")
            root: dict[str, Any] = context.find_root().obj or {}
            options = {key: given.pop(key) or root.get(key) for key in EVERYWHERE}
            run = Run(title or name, options, root.get("words", ()))
            if fields:
                typed = {field.name: given.pop(key) for key, field in field_names.items()}
                given["values"] = {
                    key: text for key, text in typed.items() if text not in (None, [])
                }
                settings = split_settings(given.pop("set_") or [])
                given["custom"] = _take_built_in(settings, fields, given["values"])
            try:
                function(run, **given)
            finally:
                run.close()

        parameters = [
            inspect.Parameter("ctx", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context),
            *own,
            *(_field_parameter(key, field) for key, field in field_names.items()),
            *([_set_parameter()] if fields else []),
            *(_common_parameter(key) for key in EVERYWHERE),
        ]
        # Typer reads these, and would look behind the wrapper if it could.
        vars(wrapper).pop("__wrapped__", None)
        vars(wrapper)["__signature__"] = inspect.Signature(parameters)
        wrapper.__annotations__ = {item.name: item.annotation for item in parameters}
        app.command(name, hidden=hidden, rich_help_panel=None)(wrapper)
        return function

    return decorate


def _own_parameters(function: Function) -> list[inspect.Parameter]:
    hints = get_type_hints(function, include_extras=True)
    return [
        parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY, annotation=hints[parameter.name])
        for parameter in list(inspect.signature(function).parameters.values())[1:]
        if parameter.name not in {"values", "custom"}
    ]


def _field_parameter(key: str, field: Field) -> inspect.Parameter:
    kind: Any = list[str] | None if field.many else str | None
    option = typer.Option(
        *_flags(field),
        help=field.help or field.label,
        autocompletion=completer(field),
        metavar=_metavar(field),
        show_default=False,
    )
    return inspect.Parameter(
        key, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[kind, option]
    )


def _flags(field: Field) -> list[str]:
    """Names of a field's option: its short one and its own; `--help` is taken."""
    names = dict.fromkeys((field.flag_name, field.name.replace("_", "-")))
    return [f"--{name}" for name in names if name != "help"]


def _metavar(field: Field) -> str:
    words = {
        "ref": field.noun,
        "member": field.noun,
        "choice": "word",
        "long": "text",
        "flag": "yes|no",
    }
    return words.get(field.kind, field.kind).upper().replace("_", " ")


def _set_parameter() -> inspect.Parameter:
    option = typer.Option(
        "--set",
        help='Fill a field of your own: --set "shoe size=42". Repeat for more.',
        metavar="FIELD=VALUE",
    )
    return inspect.Parameter(
        "set_",
        inspect.Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[list[str] | None, option],
    )


def _common_parameter(key: str) -> inspect.Parameter:
    kind, option = EVERYWHERE[key]
    return inspect.Parameter(
        key,
        inspect.Parameter.KEYWORD_ONLY,
        default=False if kind is bool else None,
        annotation=Annotated[kind, option],
    )


def _take_built_in(
    settings: dict[str, str], fields: Sequence[Field], values: dict[str, Any]
) -> dict[str, str]:
    """Move what `--set` says of built-in fields to `values`; gives what is left."""
    from language.fields import field_word

    known = {
        field_word(word): field
        for field in reversed(fields)
        for word in (*field.aliases, field.label, field.name)
    }
    rest: dict[str, str] = {}
    for name, text in settings.items():
        field = known.get(field_word(name))
        if field is None:
            rest[name] = text
        elif field.many:
            values[field.name] = [*values.get(field.name, []), text]
        else:
            values[field.name] = text
    return rest


def split_settings(texts: Sequence[str]) -> dict[str, str]:
    """Read `field=value` pairs; raises `InvalidValue` for one without `=`."""
    from language.errors import InvalidValue

    pairs: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise InvalidValue(f"'{text}' is not FIELD=VALUE", 'for example: "source=fair"')
        pairs[name.strip()] = value.strip()
    return pairs
