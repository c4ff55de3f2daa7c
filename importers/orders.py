"""What is decided once for a whole column: which number is the day, which mark parts decimals.

A column that contradicts itself is not refused: what can only be read one way is read that way,
and what could be either is left to its owner.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from language.errors import InvalidValue
from language.text import quoted

if TYPE_CHECKING:
    from language.reading import Reading

T = TypeVar("T")
ORDERS = {"dmy": "day first", "mdy": "month first", "ymd": "year first"}
_APART = "what may be either is kept apart"
THOUSANDS = re.compile(r"\D*[1-9]\d{0,2}(?:\.\d{3}|,\d{3})\D*")
"""What is either thousands or three decimals."""


@dataclass(slots=True)
class Decided:
    """`way`: the day order or the decimal mark, None where nothing tells. `notes`: said of it.

    `doubtful`: texts that can be read two ways, with the reason.
    """

    way: str | None
    notes: list[str] = field(default_factory=list)
    doubtful: dict[str, str] = field(default_factory=dict)

    def refuse_doubtful(self, text: str) -> None:
        """Raise InvalidValue for a text that may mean two things."""
        reason = self.doubtful.get(text)
        if reason:
            raise InvalidValue(reason)


def decide_days(texts: Sequence[str], reading: Reading) -> Decided:
    """Decide the order of the days of a column."""
    from language.when import day_order

    usual = "dmy" if reading.day_first else "mdy"
    try:
        order = day_order(texts)
    except InvalidValue as error:
        decided = Decided(usual, [f"day first and month first are mixed: {_APART}"])
        for text in texts:
            if differs(text):
                decided.doubtful[text] = (
                    f"{quoted(text)} may be day first or month first, as the column holds both:"
                    f" {error.message}"
                )
        return decided
    if order is not None:
        return Decided(order, [] if order == "ymd" else [ORDERS[order]])
    if any(differs(text) for text in texts):
        said = f"no date tells which number is the day: {ORDERS[usual]}, as your settings say"
        return Decided(usual, [said])
    return Decided(usual)


def differs(text: str) -> bool:
    """Whether a date means another day when read month first."""
    return len(_days(text)) > 1


def _days(text: str) -> set[object]:
    from language.when import parse_day_in

    days: set[object] = set()
    for order in ("dmy", "mdy"):
        try:
            days.add(parse_day_in(text, order))
        except InvalidValue:
            continue
    return days


def in_order(decided: Decided, read: Callable[[str, str], T], *, mixed: bool) -> Callable[[str], T]:
    """A reader of single dates; in a mixed column each by the only order that fits it."""
    order = decided.way or "dmy"
    if not mixed:
        return lambda text: read(text, order)
    other = "mdy" if order == "dmy" else "dmy"

    def one(text: str) -> T:
        decided.refuse_doubtful(text)
        try:
            return read(text, order)
        except InvalidValue:
            return read(text, other)

    return one


def decide_mark(texts: Sequence[str]) -> Decided:
    """Decide the decimal mark of a column of amounts."""
    from language.money import decimal_mark

    parted = [text for text in texts if THOUSANDS.fullmatch(text)]
    try:
        mark = decimal_mark(texts)
    except InvalidValue as error:
        decided = Decided(None, [f"decimal comma and decimal point are mixed: {_APART}"])
        for text in parted:
            decided.doubtful[text] = (
                f"{quoted(text)} is a thousand or one, as the column holds both marks:"
                f" {error.message}"
            )
        return decided
    if mark is None:
        said = [f"'{min(parted)}' read as thousands; no value has decimals"] if parted else []
        return Decided(None, said)
    decided = Decided(mark, ["decimal comma"] if mark == "," else [])
    decimals = {len(re.sub(r"\D", "", text.rpartition(mark)[2])) for text in texts if mark in text}
    if not decimals <= {3}:
        for text in parted:
            if mark in text:
                decided.doubtful[text] = (
                    f"{quoted(text)} is a thousand or one, as other values here have decimals"
                    " behind such a mark (write it without marks)"
                )
    return decided
