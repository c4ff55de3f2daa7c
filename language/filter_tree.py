"""The tree that a filter becomes, and how it is written again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

AND = frozenset({"and", "y"})
OR = frozenset({"or", "o"})
JOIN = AND | OR
NOT = frozenset({"not", "no"})
NOTHING = frozenset({"none", "null"})
EMPTY_WORDS = NOTHING | {"empty"}
KEYWORDS = JOIN | NOT | {"in", "is"}
NAME = re.compile(r"\w+(?:-+\w+)*")
_PLAIN_VALUE = re.compile(r"[\w.+\-:/@%#€$]+(?: [\w.+\-:/@%#€$]+)*")
_ESCAPED = re.compile(r"""["\\]""")


@dataclass(frozen=True, slots=True)
class And:
    """All of two or more parts hold."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of two or more parts holds."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Node


@dataclass(frozen=True, slots=True)
class Compare:
    """One field against one value.

    `path`: the field, after the relations that lead to it. `op`: one of `OPERATORS`; for `empty`
    and `not empty` the value is "". `value`: as typed, never empty otherwise. `position`: where
    the condition starts, the first character being 1.
    """

    path: tuple[str, ...]
    op: str
    value: str
    position: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class In:
    """One field against a list of one or more values, as typed; "" stands for nothing there."""

    path: tuple[str, ...]
    values: tuple[str, ...]
    position: int = field(default=0, compare=False)


Node: TypeAlias = And | Or | Not | Compare | In


def show_filter(node: Node) -> str:
    """The filter as text, one way for every tree; reading it gives an equal tree."""
    if isinstance(node, And):
        return " and ".join(_show_part(part) for part in node.parts)
    if isinstance(node, Or):
        return " or ".join(_show_part(part) for part in node.parts)
    if isinstance(node, Not):
        if isinstance(node.part, In):
            return _show_in(node.part, "not in")
        return f"not {_show_part(node.part)}"
    if isinstance(node, In):
        return _show_in(node, "in")
    if node.op in ("empty", "not empty"):
        return f"{_show_path(node.path)} is {node.op}"
    return f"{_show_path(node.path)} {node.op} {_show_value(node.value)}"


def _show_part(node: Node) -> str:
    return f"({show_filter(node)})" if isinstance(node, And | Or) else show_filter(node)


def _show_in(node: In, word: str) -> str:
    values = ", ".join(_show_value(value) for value in node.values)
    return f"{_show_path(node.path)} {word} ({values})"


def _show_path(path: tuple[str, ...]) -> str:
    return ".".join(
        name if NAME.fullmatch(name) and name.casefold() not in KEYWORDS else _in_quotes(name)
        for name in path
    )


def _show_value(value: str) -> str:
    words = value.casefold().split(" ")
    if _PLAIN_VALUE.fullmatch(value) and not any(
        word in KEYWORDS or word in EMPTY_WORDS for word in words
    ):
        return value
    return _in_quotes(value)


def _in_quotes(text: str) -> str:
    return '"' + _ESCAPED.sub(r"\\\g<0>", text) + '"'


def paths(node: Node) -> list[tuple[str, ...]]:
    """Every field the filter names, once each, in the order of reading."""
    return list(dict.fromkeys(_walk(node)))


def _walk(node: Node) -> Iterator[tuple[str, ...]]:
    if isinstance(node, And | Or):
        for part in node.parts:
            yield from _walk(part)
    elif isinstance(node, Not):
        yield from _walk(node.part)
    else:
        yield node.path
