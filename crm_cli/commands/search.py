"""`crm search`: anything by any word."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from crm_cli.completion import words
from crm_cli.options import command, new_app
from crm_cli.run import Run
from language.errors import InvalidValue
from language.fields import Field

app = new_app("Find anything by any word.")
NOUN_WORDS = ("contact", "company", "deal", "task", "activity", "product", "attachment")
FIELDS = (
    Field("noun", "text", "Noun"),
    Field("id", "integer", "#"),
    Field("name", "text", "Name"),
    Field("match", "text", "Match"),
)


@command(app, "search", title="search")
def search(
    run: Run,
    text: Annotated[list[str], typer.Argument(help="Words, or beginnings.", metavar="TEXT...")],
    noun: Annotated[
        list[str] | None,
        typer.Option("--noun", help="Only these: contact,deal.", autocompletion=words(NOUN_WORDS)),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", help="How many.")] = 20,
) -> None:
    """Find anything by any word: names, addresses, numbers, tags, notes, files."""
    from operations import searching

    if limit < 1:
        raise InvalidValue("--limit must be at least 1")
    query = " ".join(text)
    with run.reading() as uow:
        answer = searching.search(uow, query, nouns=searching.read_nouns(noun or []), limit=limit)
        near = [] if answer.found else searching.suggestions(uow, query)
    rows: list[Any] = [
        {"noun": hit.noun, "id": hit.id, "name": hit.name, "match": hit.match}
        for hit in answer.found
    ]
    run.show_list("search", FIELDS, rows)
    if not rows:
        hint = f"did you mean {', '.join(near)}?" if near else "try fewer or shorter words"
        run.warn(f"nothing holds '{query}'. {hint}")
    elif answer.more:
        run.warn(f"the first {limit}; say more words, or --limit {limit * 5}")
