"""`crm duplicate`: records that are likely the same, and what to do with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from crm_cli.completion import names_of, words
from crm_cli.options import command, new_app
from crm_cli.run import Run
from language.errors import InvalidValue
from language.fields import NOUNS, Field, noun_named
from language.tables import cell_text, fields_for
from language.text import quoted

if TYPE_CHECKING:
    from operations.duplicates import Pair
    from operations.merge_groups import Plan
    from storage.unit import UnitOfWork

app = new_app("Records that are likely the same: list, compare, merge.")
BOTH = ("contact", "company")
PAGE = 50
SHOWN = 20
FIELDS = (
    Field("noun", "text", "Noun"),
    Field("score", "number", "Score"),
    Field("id", "integer", "#"),
    Field("name", "text", "Name"),
    Field("other_id", "integer", "#"),
    Field("other", "text", "Other"),
    Field("reasons", "words", "Why", many=True),
)
NounOption = Annotated[
    str,
    typer.Option("--noun", help="contact or company.", autocompletion=words(BOTH), metavar="NOUN"),
]
One = Annotated[
    str,
    typer.Argument(
        help="Number, name, e-mail or domain.", autocompletion=names_of("contact"), metavar="ONE"
    ),
]
Other = Annotated[
    str,
    typer.Argument(
        help="The one to set beside it.", autocompletion=names_of("contact"), metavar="OTHER"
    ),
]


@command(app, "list", title="duplicate list")
def list_(
    run: Run,
    noun: Annotated[
        str | None,
        typer.Argument(
            help="contacts or companies; both without.",
            autocompletion=words(("contacts", "companies")),
            metavar="[NOUN]",
        ),
    ] = None,
    at_least: Annotated[
        float, typer.Option("--at-least", help="How sure, from 0 to 1.", metavar="SCORE")
    ] = 0.7,
    limit: Annotated[int | None, typer.Option("--limit", help="How many; 0: all.")] = None,
) -> None:
    """List pairs that are likely the same, the surest first, and why."""
    from operations.duplicates import find_duplicates

    if limit is not None and limit < 0:
        raise InvalidValue("--limit cannot be negative")
    _check_score("--at-least", at_least)
    nouns = (_noun(noun),) if noun else BOTH
    most = limit if limit is not None else PAGE if run.format == "table" else 0
    with run.reading() as uow:
        found = [find_duplicates(uow, one, at_least=at_least, limit=most or None) for one in nouns]
    pairs = sorted((pair for one in found for pair in one.pairs), key=lambda pair: -pair.score)[
        : most or None
    ]
    total = sum(one.total for one in found)
    fields = FIELDS if len(nouns) > 1 or run.format != "table" else FIELDS[1:]
    empty = f"no two {NOUNS[nouns[0]].plural if noun else 'records'} look the same"
    run.show_list("duplicates", fields, [_record(pair) for pair in pairs], empty)
    if run.format == "table" and total > len(pairs):
        run.warn(f"{len(pairs)} of {total:,} pairs; --limit 0 shows all")
    for text in [text for one in found for text in one.skipped][:5]:
        run.warn(f"not compared: {text}")


def _record(pair: Pair) -> dict[str, Any]:
    return {
        "noun": pair.noun,
        "score": round(pair.score, 2),
        "id": pair.a.id,
        "name": pair.a.label,
        "other_id": pair.b.id,
        "other": pair.b.label,
        "reasons": list(pair.reasons),
    }


@command(app, "show", title="duplicate show")
def show(run: Run, one: One, other: Other, noun: NounOption = "contact") -> None:
    """Show two records side by side, with what differs marked."""
    from crm_cli.output import print_shaped
    from operations.duplicates import are_different, compare

    noun = _noun(noun)
    with run.reading() as uow:
        first, second = _two(uow, noun, one, other)
        match = compare(uow, noun, first, second)
        different = are_different(uow, noun, first, second)
        fields, a, b = _side_by_side(uow, noun, first, second)
    differ = [field.name for field in fields if a[field.name] != b[field.name]]
    if run.asks_for_json:
        from language.tables import stable_record

        both = [stable_record(record, fields) for record in (a, b)]
        facts = {"noun": noun, "score": round(match.score, 2), "reasons": list(match.reasons)}
        print_shaped(
            run, {**facts, "different": different, "differ": differ, "a": both[0], "b": both[1]}
        )
        return
    rows: list[Any] = [
        {
            "field": field.label,
            "mark": "≠" if field.name in differ else "",
            "a": cell_text(a[field.name], run.look, field),
            "b": cell_text(b[field.name], run.look, field),
        }
        for field in fields
        if a[field.name] not in (None, "", []) or b[field.name] not in (None, "", [])
    ]
    heads = ("field", "Field"), ("mark", " "), ("a", f"#{first}"), ("b", f"#{second}")
    run.show_list("duplicates", [Field(name, "text", label) for name, label in heads], rows)
    if run.format == "table":
        said = "; said to be different" if different else ""
        run.warn(f"{match.score:.2f}: {', '.join(match.reasons) or 'nothing in common'}{said}")


def _side_by_side(
    uow: UnitOfWork, noun: str, one: int, other: int
) -> tuple[list[Field], dict[str, Any], dict[str, Any]]:
    from operations.custom_fields import fields_of
    from operations.lists import all_fields, get

    names = [name for name in all_fields(uow, noun) if name not in {"version", "updated_at"}]
    fields = fields_for(NOUNS[noun], names, fields_of(uow, noun))
    return fields, get(uow, noun, one, names), get(uow, noun, other, names)


@command(app, "different", title="duplicate different")
def different(run: Run, one: One, other: Other, noun: NounOption = "contact") -> None:
    """Say that two are different; they are never listed again."""
    from operations.duplicates import mark_different

    noun = _noun(noun)
    with run.writing() as uow:
        mark_different(uow, noun, *_two(uow, noun, one, other))
        sentence = uow.summary
    _end(run, sentence)


@command(app, "same", title="duplicate same")
def same(run: Run, one: One, other: Other, noun: NounOption = "contact") -> None:
    """Forget that two are different; they may be listed again."""
    from operations.duplicates import forget_different

    noun = _noun(noun)
    with run.writing() as uow:
        forget_different(uow, noun, *_two(uow, noun, one, other))
        sentence = uow.summary
    _end(run, sentence)


def _end(run: Run, sentence: str) -> None:
    if run.database.last.changed:
        run.say(sentence)
    else:
        run.warn(f"nothing to change: {sentence} already")


@command(app, "merge", title="duplicate merge")
def merge(
    run: Run,
    auto: Annotated[
        float,
        typer.Option("--auto", help="Merge what is at least this sure: 0.95.", metavar="SCORE"),
    ],
    noun: Annotated[
        str | None,
        typer.Option("--noun", help="contact or company; both without.", metavar="NOUN"),
    ] = None,
) -> None:
    """Merge all that are surely the same, in one step. --dry-run shows what it would do."""
    from operations.merge_groups import merge_groups, plan

    _check_score("--auto", auto)
    nouns = (_noun(noun),) if noun else BOTH
    with run.reading() as uow:
        plans = [plan(uow, one, at_least=auto) for one in nouns]
    groups = [group for one in plans for group in one.groups]
    _tell(run, plans)
    if not groups:
        run.warn(f"nothing is at least {auto:g} sure to be the same")
        return
    if not run.ask(f"merge {sum(one.gone for one in plans):,} into {len(groups):,}?"):
        run.warn("nothing was changed")
        return
    with run.writing() as uow:
        # What a colleague changed while we asked is looked at again.
        again = [plan(uow, one, at_least=auto) for one in nouns]
        sentences = []
        for one in again:
            uow.summary = ""
            if one.groups:
                merge_groups(uow, one.groups)
                sentences.append(uow.summary)
        uow.summary = sentence = "; ".join(sentences)
    run.say(sentence)


def _tell(run: Run, plans: list[Plan]) -> None:
    """Say what would be merged into what."""
    groups = [group for one in plans for group in one.groups]
    for group in groups[:SHOWN]:
        others = ", ".join(f"#{ref.id} {ref.label}" for ref in group.others)
        why = ", ".join(group.reasons)
        keep = f"#{group.keep.id} {group.keep.label}"
        run.warn(f"{group.noun} {others} → {keep} ({group.score:.2f}: {why})")
    if len(groups) > SHOWN:
        run.warn(f"and {len(groups) - SHOWN:,} more")
    unsure = sum(one.unsure for one in plans)
    if unsure:
        run.warn(f"left alone: {unsure:,} groups in which not every two are that sure")


def _check_score(option: str, score: float) -> None:
    if not 0 <= score <= 1:
        raise InvalidValue(f"{option}: {score:g} is not between 0 and 1", "for example: 0.95")


def _noun(word: str) -> str:
    found = noun_named(word)
    if found is None or found.name not in BOTH:
        raise InvalidValue(f"duplicates: {quoted(word)} have none", "contacts or companies")
    return found.name


def _two(uow: UnitOfWork, noun: str, one: str, other: str) -> tuple[int, int]:
    from operations.find import find

    first, second = find(uow, noun, one).id, find(uow, noun, other).id
    if first == second:
        raise InvalidValue(f"both are {noun} #{first}", "say which two by their numbers")
    return first, second
