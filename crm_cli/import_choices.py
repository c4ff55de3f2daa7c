"""What was typed behind `crm import` → the choices of the operation."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from language.errors import InvalidValue
from language.fields import NOUNS, field_named, noun_named
from language.terms import ACTIVITY_KINDS
from language.text import closest, fold
from operations.import_drafts import IMPORTABLE, MADE, POLICIES, Alias, Choices

if TYPE_CHECKING:
    from crm_cli.run import Run

CREATABLE = ("field", "user", "product", "stage", "company", "pipeline", "contact")
ROUND_ROBIN = "round robin"


def plural(noun: str) -> str:
    """The word for several records of a noun."""
    return NOUNS[noun].plural


def kind_of(word: str) -> str:
    """The kind of activity that a word for several of them names: `calls`; else ""."""
    return fold(word).removesuffix("s") if fold(word).removesuffix("s") in ACTIVITY_KINDS else ""


def split_words(given: Sequence[str]) -> tuple[str, list[str]]:
    """The noun and the files; raises `InvalidValue` that says what is missing."""
    word, files = given[0], list(given[1:])
    if fold(word) in {"all", "everything", "todo"}:
        noun = "all"
    elif kind_of(word):
        noun = "activity"
    else:
        known = noun_named(word)
        if known is None or known.name not in IMPORTABLE:
            raise _no_noun(word, unknown=known is None)
        noun = known.name
    if not files:
        raise InvalidValue(f"which file? crm import {word} FILE", "- reads standard input")
    if files.count("-") > 1:
        raise InvalidValue("standard input can be read once only", "give - once")
    return noun, files


def the_only(names: Sequence[str]) -> str:
    """The one place of an export of everything."""
    if len(names) != 1:
        raise InvalidValue("an export of everything is one file or folder", "name it alone")
    return names[0]


def _no_noun(word: str, *, unknown: bool) -> InvalidValue:
    plurals = [*map(plural, IMPORTABLE), "all"]
    if unknown and Path(word).exists():
        return InvalidValue(
            f"say what '{word}' holds: crm import contacts {word}",
            f"see what it looks like: crm import --detect {word}",
        )
    near = closest(word, plurals)
    hint = f"did you mean {near[0]}?" if near and unknown else f"one of: {', '.join(plurals)}"
    return InvalidValue(f"'{word}' cannot be imported", hint)


def makes_fields(create: str | None) -> bool:
    """Whether columns that are no field yet become fields."""
    return "field" in _nouns(create or "")


def choices_of(
    run: Run,
    *,
    aliases: Sequence[str],
    stages: Sequence[str],
    create: str | None,
    on_match: Sequence[str],
    pipeline: str,
    owner: str,
    tags: Sequence[str],
    currency: str | None,
    source: str,
    strict: bool,
    explain: Sequence[int],
    kind: str,
) -> Choices:
    """Read every option; raises `InvalidValue` naming the one that cannot be read."""
    made = frozenset() if create and fold(create) == "none" else MADE | _nouns(create or "")
    return Choices(
        create=made,
        aliases=(
            *(_alias(text, "--alias", "GTXPro=GTX Pro") for text in aliases),
            *(_stage(part) for text in stages for part in text.split(",")),
        ),
        pipeline=pipeline,
        owners=_owners(run, owner),
        tags=tuple(tags),
        source=source,
        currency=_currency(run, currency),
        strict=strict,
        on_match=dict(pair for text in on_match for pair in _policies(run, text)),
        explain=frozenset(explain),
        kind=kind,
    )


def _nouns(text: str) -> frozenset[str]:
    made: set[str] = set()
    if fold(text) == "none":
        return frozenset()
    for word in filter(None, map(str.strip, text.split(","))):
        known = noun_named(word)
        name = "field" if fold(word) in {"field", "fields"} else known.name if known else ""
        if name not in CREATABLE:
            plurals = ", ".join(NOUNS[name].plural for name in CREATABLE)
            raise InvalidValue(f"--create: '{word}' cannot be made", f"one of: {plurals}, none")
        made.add(name)
    return frozenset(made)


def _alias(text: str, option: str, example: str) -> Alias:
    old, equals, new = text.partition("=")
    if not equals or not old.strip() or not new.strip():
        raise InvalidValue(f"{option}: '{text}' is not OLD=NEW", f'such as "{example}"')
    column, colon, rest = old.partition(":")
    if colon and rest.strip():
        return Alias(rest.strip(), new.strip(), column.strip())
    return Alias(old.strip(), new.strip())


def _stage(text: str) -> Alias:
    alias = _alias(text, "--stage-map", "Engaging=Demo")
    return Alias(alias.old, alias.new, "stage")


def _policies(run: Run, text: str) -> list[tuple[str, str]]:
    """`fill`, or `phones,note=fill`: pairs of a field (or "" for all) and what to do with it."""
    names, equals, word = text.rpartition("=")
    policy = fold(word)
    if policy not in POLICIES:
        near = closest(policy, POLICIES)
        hint = f"did you mean {near[0]}?" if near else f"one of: {', '.join(POLICIES)}"
        raise InvalidValue(f"--on-match: '{word}' is not known", hint)
    if not equals:
        return [("", policy)]
    if policy == "duplicate":
        raise InvalidValue(
            "--on-match: duplicate is about whole records, not fields", "say it alone: duplicate"
        )
    return [(_field(run, name.strip()), policy) for name in names.split(",") if name.strip()]


def _field(run: Run, name: str) -> str:
    """The own name of a field of any noun that files hold, also of a custom one."""
    for noun in IMPORTABLE:
        known = field_named(noun, name) or NOUNS[noun].field(name)
        if known is not None:
            return known.name
    from operations.custom_fields import key_from, keys_of

    with run.reading() as uow:
        keys = {key for noun in IMPORTABLE for key in keys_of(uow, noun)}
    if key_from(name) in keys:
        return key_from(name)
    names = [field.name for noun in IMPORTABLE for field in NOUNS[noun].fields if field.fill]
    near = closest(name, [*dict.fromkeys(names), *keys])
    hint = f"did you mean {', '.join(near)}?" if near else "such as: phones,note=fill"
    raise InvalidValue(f"--on-match: there is no field '{name}'", hint)


def _owners(run: Run, text: str) -> tuple[str, ...]:
    if not text:
        return ()
    if fold(text.replace("-", " ")) != ROUND_ROBIN:
        return tuple(part.strip() for part in text.split(",") if part.strip())
    from operations.users import in_turn

    with run.reading() as uow:
        return tuple(f"#{number}" for number in in_turn(uow))


def _currency(run: Run, code: str | None) -> str:
    from language.currencies import CURRENCIES

    chosen = (code or run.settings.currency).upper()
    if chosen not in CURRENCIES:
        raise InvalidValue(f"--currency: '{code}' is not a currency", "such as EUR or USD")
    return chosen
