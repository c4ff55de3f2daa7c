"""Names of people in parts: first, middle, last, second surname, `Ruiz, Ana`, `Nombre` alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from importers.cells import Column, as_text
from importers.goals import MAPPED, PROFILE
from language.fields import NOUNS
from language.people import split_name
from language.text import fold

if TYPE_CHECKING:
    from importers.filling import Result
    from importers.plan import Filled, Plan

_SHARE = 0.8
_AFTER = {"middle": "given_name", "suffix": "family_name", "family2": "family_name"}


def settle_names(plan: Plan, noun: str) -> None:
    """Decide what `Nombre` and `Name` hold: a first name beside surnames, else the whole name."""
    given, family = plan.filled.get((noun, "given_name")), plan.filled.get((noun, "family_name"))
    whole = plan.filled.get((noun, "name"))
    if plan.ours:
        return
    if whole is None and given is not None and family is None and _may_be_whole(given):
        _move(plan, noun, "given_name", "name", "no column holds surnames, so it is the whole name")
    elif whole is not None and given is None and family is not None:
        first, last = whole.found[0], family.found[0]
        if first[1].rank not in {MAPPED, PROFILE} and not _holds(first[0], last[0]):
            _move(plan, noun, "name", "given_name", "the surname stands in a column of its own")


def _may_be_whole(given: Filled) -> bool:
    column, goal = given.found[0]
    if goal.rank in {MAPPED, PROFILE} or len(given.found) > 1:
        return False
    from importers.headings import words_of

    return words_of(column.header) in {"nombre", "first", "nombre contacto", "nombre del contacto"}


def _holds(names: Column, surnames: Column) -> bool:
    """Whether most names hold the surname already."""
    both = [
        (fold(as_text(name)), fold(as_text(surname)))
        for name, surname in zip(names.cells[:500], surnames.cells[:500], strict=True)
        if name and surname
    ]
    return not both or sum(1 for name, last in both if last in name) >= len(both) / 2


def _move(plan: Plan, noun: str, old: str, new: str, why: str) -> None:
    held = plan.filled.pop((noun, old))
    held.field = next(field for field in NOUNS[noun].fields if field.name == new)
    held.found = [(column, replace(goal, field=held.field, why=why)) for column, goal in held.found]
    for column, goal in held.found:
        plan.goals[column.place] = goal
    plan.filled[noun, new] = held


def add_parts(plan: Plan, filled: Filled, result: Result) -> None:
    """Put middle names behind first names, second surnames and suffixes behind the first."""
    whole = (filled.noun, "name") in plan.filled
    for column, goal in filled.found:
        if goal.role == "prefix":
            result.unused[column.place] = "names are kept without honorifics"
        elif goal.role in _AFTER:
            if whole:
                result.unused[column.place] = "the whole name holds it"
                continue
            more = [as_text(cell).strip() for cell in column.cells]
            result.values = [
                " ".join(filter(None, (first, last))) or None
                for first, last in zip(result.values, more, strict=True)
            ]


def turn_names(plan: Plan, filled: Filled, result: Result) -> None:
    """Turn `Ruiz, Ana` into `Ana Ruiz`, where nearly the whole column is written that way."""
    if plan.ours:
        return
    names = {value for value in result.values if value}
    turned = {name: _turned(name) for name in names}
    count = sum(1 for name, other in turned.items() if name != other)
    if count < 2 or count < _SHARE * len(names):
        return
    result.values = [turned.get(value, value) for value in result.values]
    said = "'Ruiz, Ana' is read as Ana Ruiz"
    result.decisions.setdefault(filled.found[0][0].place, []).append(said)
    result.notes.append(f"{filled.header}: {said}")


def _turned(name: Any) -> Any:
    if not isinstance(name, str) or name.count(",") != 1:
        return name
    given, family = split_name(name)
    if not given or not name.startswith(family):
        return name
    return f"{given} {family}"


def roles_only(filled: Filled) -> bool:
    """Whether a field has parts of names only, such as a lone honorific."""
    return all(goal.role in {"prefix", "suffix", "middle"} for _, goal in filled.found)


__all__: Sequence[str] = ("add_parts", "roles_only", "settle_names", "turn_names")
