"""Street, postcode, city and country, each in a column of its own → one postal address."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from importers.cells import Column, as_text, is_nothing
from importers.headings import label_of

if TYPE_CHECKING:
    from importers.goals import Goal

_LINES = {"street": 0, "box": 1, "city": 2, "postcode": 2, "region": 2, "country": 3}


def is_whole(goals: Sequence[Goal]) -> bool:
    """Whether every column holds whole addresses, so that nothing is to be joined."""
    groups = [(goal.label, goal.group) for goal in goals if goal.role != "type"]
    parts = {goal.part for goal in goals}
    return parts <= {"", "whole", "street"} and len(groups) == len(set(groups))


def joined(found: Sequence[tuple[Column, Goal]]) -> list[Any]:
    """A list of addresses a row; None where there is none.

    Columns of one label and number are one address: street, then city, region and postcode as the
    file has them, then country. Where a column holds all of it, the parts are left out.
    """
    groups: defaultdict[tuple[str, str], list[tuple[Column, Goal]]] = defaultdict(list)
    types: dict[tuple[str, str], Column] = {}
    for column, goal in found:
        if goal.role == "type":
            types[goal.label, goal.group] = column
        else:
            groups[_group_of(goal, found)].append((column, goal))
    lists: list[list[str]] = [[] for _ in found[0][0].cells]
    for key, members in groups.items():
        whole = _texts([column for column, goal in members if goal.part == "whole"], len(lists))
        parts = [member for member in members if member[1].part != "whole"]
        parts.sort(key=lambda member: _LINES.get(member[1].part, 0))
        texts = _texts([column for column, _ in parts], len(lists))
        labels = types.get(key)
        for row, text in enumerate(a or b for a, b in zip(whole, texts, strict=True)):
            if text:
                label = key[0] or (label_of(as_text(labels.cells[row])) if labels else "")
                lists[row].append(f"{label}:{text}" if label else text)
    return [listed or None for listed in lists]


def _texts(columns: Sequence[Column], count: int) -> list[str]:
    if not columns:
        return [""] * count
    lines = [_lines(column) for column in columns]
    return [", ".join(filter(None, each)) for each in zip(*lines, strict=True)]


def _group_of(goal: Goal, found: Sequence[tuple[Column, Goal]]) -> tuple[str, str]:
    """`Street 2` and `Address 2` are lines of the one address, where it has no city of its own."""
    if goal.group and goal.part in {"street", ""}:
        parts = {
            other.part
            for _, other in found
            if (other.label, other.group) == (goal.label, goal.group)
        }
        if not parts - {"street", ""}:
            return goal.label, ""
    return goal.label, goal.group


def _lines(column: Column) -> list[str]:
    """One line a cell, each different cell tidied once."""
    known = {key: _line(value) for key, value in column.distinct()}
    return [known[key] for key in column.keys()]  # noqa: SIM118  # of a Column, no dict


def _line(value: Any) -> str:
    text = as_text(value)
    if is_nothing(text):
        return ""
    return ", ".join(" ".join(line.split()) for line in text.splitlines() if line.strip())
