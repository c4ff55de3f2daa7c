"""What the user, or a profile, says of columns: `Cliente=company`, `Sector=company.industry`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from importers.goals import KINDS, LINKED, MAPPED, PROFILE, Goal, goal_of, own
from importers.headings import shape_of, spellings, words_of
from language.errors import InvalidValue
from language.fields import NOUNS, noun_named
from language.text import closest

if TYPE_CHECKING:
    from importers.cells import Column
    from importers.goals import Custom
    from importers.profile import Profile

Given = Mapping[int, tuple[Goal | None, str]]
"""Place → its goal, or None and why the column is left out."""
ROLES = frozenset({"middle", "prefix", "suffix", "family2", "type", "outcome", "currency"})
_LEFT = "left out, as you said"


def picked(noun: str, columns: Sequence[Column], chosen: Sequence[str], custom: Custom) -> Given:
    """Read `Column=field` pairs. Raises InvalidValue naming what is not there."""
    found: dict[int, tuple[Goal | None, str]] = {}
    for pair in chosen:
        name, equals, wanted = pair.rpartition("=")
        if not equals:
            raise InvalidValue(
                f"'{pair}' is not COLUMN=FIELD", 'for example: --map "Cliente=company"'
            )
        column = _column(name, columns, found)
        if not wanted.strip():
            found[column.place] = (None, _LEFT)
            continue
        goal = target(wanted, column.header, noun, custom)
        if goal is None:
            raise _unknown(wanted, noun)
        found[column.place] = (replace(goal, why="--map", rank=MAPPED), "")
    return found


def _column(name: str, columns: Sequence[Column], taken: Mapping[int, object]) -> Column:
    same = [column for column in columns if column.header == name.strip()]
    same = same or [column for column in columns if words_of(column.header) == words_of(name)]
    if not same:
        headers = [column.header for column in columns]
        near = closest(name, headers)
        hint = f"did you mean {near[0]}?" if near else f"columns: {', '.join(headers)}"
        raise InvalidValue(f"the file has no column '{name}'", hint)
    return next((column for column in same if column.place not in taken), same[0])


def _unknown(wanted: str, noun: str) -> InvalidValue:
    left, dot, name = wanted.partition(".")
    other = noun_named(left) if dot else None
    if other is not None and other.name != noun:
        if other.name not in LINKED.get(noun, ()):
            return InvalidValue(
                f"a row of {NOUNS[noun].plural} holds no {other.name}",
                f"beside it may stand: {', '.join(LINKED.get(noun, ())) or 'nothing'}",
            )
        noun, wanted = other.name, name
    names = [item.name for item in NOUNS[noun].fields if item.fill]
    near = closest(wanted, names)
    hint = f"did you mean {', '.join(near)}?" if near else f"fields: {', '.join(names)}"
    return InvalidValue(f"{noun} has no field '{wanted}' that can be filled", hint)


def target(wanted: str, header: str, noun: str, custom: Custom) -> Goal | None:
    """The goal that `field`, `noun.field` or `field:label` names; the heading may say its label.

    An address may have `:label.part`, with a part as in `Shape`.
    """
    path, _, rest = wanted.partition(":")
    label, _, part = rest.strip().partition(".")
    left, dot, name = path.partition(".")
    other = noun_named(left) if dot else None
    where = other.name if other is not None else noun
    if where != noun and where not in LINKED.get(noun, ()):
        return None
    goal = own(words_of(name if other is not None else path), where, custom)
    if goal is None or goal.role in {"computed", "type"}:
        return None
    if where == "activity" and label in KINDS.values():
        return replace(goal, activity=label)
    if goal.field.many:
        goal = _as_heading_says(goal, header, where, custom)
    if label in ROLES:
        return replace(goal, role=label)
    if part:
        return replace(goal, label=label, part=part, group="")
    return replace(goal, label=label) if label else goal


def _as_heading_says(goal: Goal, header: str, noun: str, custom: Custom) -> Goal:
    """A goal in a list, with the label, part and number that the heading has."""
    for words in spellings(header):
        shape = shape_of(words)
        if shape is not None and shape.field == goal.field.name:
            return replace(goal, label=shape.label, part=shape.part, group=shape.group)
    seen = goal_of(header, noun, custom)
    if seen is not None and seen.field.name == goal.field.name and not seen.role:
        return replace(goal, label=seen.label, part=seen.part, group=seen.group)
    return replace(goal, label="", part="whole" if goal.part else "", group="")


def from_profile(
    noun: str, columns: Sequence[Column], profile: Profile | None, custom: Custom
) -> Given:
    """What a profile says of the columns that it knows."""
    if profile is None:
        return {}
    known = {
        word: wanted
        for heading, wanted in reversed(list(profile.columns.items()))
        for word in spellings(heading)
    }
    found: dict[int, tuple[Goal | None, str]] = {}
    for column in columns:
        found_in = [known[word] for word in spellings(column.header) if word in known]
        wanted = found_in[0] if found_in else None
        if wanted is None:
            continue
        if not wanted:
            found[column.place] = (None, f"left out by profile {profile.name}")
            continue
        goal = target(wanted, column.header, noun, custom)
        if goal is not None:
            why = f"profile {profile.name}"
            found[column.place] = (replace(goal, why=why, rank=PROFILE), "")
    return found
