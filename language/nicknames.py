"""Short names and the formal names they stand for, in English and Spanish."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from language.text import fold

TABLE = Path(__file__).with_name("nicknames.txt")


@cache
def _formal() -> dict[str, frozenset[str]]:
    """Short name → the formal names it may stand for."""
    formal: dict[str, set[str]] = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        name, colon, shorts = line.partition(":")
        if colon and not line.startswith("#"):
            formal.setdefault(name, set()).add(name)
            for short in fold(shorts).split():
                formal.setdefault(short, set()).add(name)
    return {short: frozenset(names) for short, names in formal.items()}


def formal_names(given: str) -> frozenset[str]:
    """The formal names that a folded given name stands for: `pepe` → `jose`; else itself."""
    return _formal().get(given) or frozenset((given,))


def is_short_name(given: str) -> bool:
    """Whether a folded name stands for another one, or for several."""
    formal = _formal().get(given)
    return formal is not None and formal != {given}


def stand_for_one(given: str, other: str) -> bool:
    """Whether two folded given names can be one person's: Pepe and José, Bob and Rob."""
    return not formal_names(given).isdisjoint(formal_names(other))


@cache
def _shorts() -> dict[str, frozenset[str]]:
    """Formal name → every name that may stand for it."""
    shorts: dict[str, set[str]] = {}
    for short, names in _formal().items():
        for name in names:
            shorts.setdefault(name, {name}).add(short)
    return {name: frozenset(words) for name, words in shorts.items()}


def names_like(given: str) -> frozenset[str]:
    """All folded names under which somebody of this given name may be written down."""
    linked = (_shorts().get(name, frozenset((name,))) for name in formal_names(given))
    return frozenset((given,)).union(*linked)
