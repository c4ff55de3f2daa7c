"""The verb `merge` of contacts and companies, made once for both."""

# No `from __future__ import annotations`: the annotations of the verb are made for each noun.

from collections.abc import Sequence
from typing import Annotated

import typer

from crm_cli.options import command
from crm_cli.run import Run
from crm_cli.verbs import who
from language.errors import InvalidValue
from language.text import quoted


def add_merge(app: typer.Typer, noun: str) -> None:
    """Give an app the verb `merge`."""

    @command(app, "merge", title=f"{noun} merge")
    def merge(
        run: Run,
        keep: who(noun),  # type: ignore[valid-type]  # made for this noun
        others: who(noun, many=True),  # type: ignore[valid-type]  # made for this noun
        take: Annotated[
            list[str] | None,
            typer.Option(
                "--take",
                help="A value of an other to keep: other.title, or 12.title by its number.",
                metavar="WHO.FIELD",
            ),
        ] = None,
    ) -> None:
        """Make the others part of KEEP: its values stay, what it lacks is filled from them."""
        from operations.find import find, find_all
        from operations.merge import merge

        with run.writing() as uow:
            kept = find(uow, noun, keep)
            numbers = [ref.id for ref in find_all(uow, noun, others) if ref.id != kept.id]
            taken = [_read_take(text, numbers) for text in take or []]
            merge(uow, noun, kept.id, numbers, take=taken)
            sentence = uow.summary
        run.finish(noun, kept.id, sentence)


def _read_take(text: str, others: Sequence[int]) -> tuple[int, str]:
    """Read `other.title` or `12.title`; raises `InvalidValue`."""
    whose, dot, field = text.partition(".")
    whose = whose.strip().lstrip("#")
    if not dot or not field.strip():
        raise InvalidValue(f"--take: {quoted(text)} is not WHO.FIELD", "for example: other.title")
    if whose.isdecimal():
        return int(whose), field.strip()
    if whose != "other":
        raise InvalidValue(
            f"--take: {quoted(whose)} is neither a number nor 'other'", "for example: 12.title"
        )
    if len(others) != 1:
        raise InvalidValue(
            f"--take: 'other' could be any of {len(others)}", "say which by its number: 12.title"
        )
    return others[0], field.strip()
