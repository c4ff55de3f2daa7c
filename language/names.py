"""Comparing the names of people: order, accents, titles, initials, nicknames, second surnames.

`name_of` reads a name once; `compare_names` says how well two can be one person's, and
`person_keys` gives the keys under which compatible names meet.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product

from language.nicknames import formal_names, is_short_name, stand_for_one
from language.people import HONORIFICS, PARTICLES, split_name
from language.text import fold

SAME = 0.85
"""From here on two names are taken for one person's when something else says so too."""

_WORDS = re.compile(r"[^\W_]+")
_GENERATION = {
    "jr": "jr", "junior": "jr", "hijo": "jr", "sr": "sr", "senior": "sr", "padre": "sr",
    "ii": "2", "iii": "3", "iv": "4",
}  # fmt: skip
_SMALL = PARTICLES | {"la", "las", "los", "el", "al", "do", "di", "du", "des", "le"}
_LINKS = frozenset({"y", "e", "i"})
_DEGREES = frozenset({"phd", "md", "mba", "esq", "cpa", "msc", "bsc", "ba", "ma", "llm", "dds"})
_SPECIAL = _SMALL | _LINKS | _DEGREES | HONORIFICS | frozenset(_GENERATION)
_MANY = 12  # words of a name that are looked at; more is no name


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it is compared: folded words, without titles and particles.

    `generation` is `jr`, `sr`, `2`, `3`, `4` or ""; `shown` is the given name as it was written.
    """

    given: tuple[str, ...]
    family: tuple[str, ...]
    generation: str = ""
    shown: str = field(default="", compare=False)

    @property
    def words(self) -> tuple[str, ...]:
        """All words, given names first."""
        return self.given + self.family


@dataclass(frozen=True, slots=True)
class Likeness:
    """How well two names fit (0 to 1), and why in words; without words they are equal."""

    score: float
    reasons: tuple[str, ...] = ()


@lru_cache(maxsize=150_000)
def name_of(name: str, given: str = "", family: str = "") -> Name:
    """Read a name; `given` and `family` are used where they are known."""
    if not given or not family:
        given, family = split_name(name) if name else (given, family)
    first, one = _words(given, titles=True)
    last, two = _words(family)
    return Name(first, last, one or two, " ".join(given.split()))


def forget_names() -> None:
    """Let go of the names read so far, of which a large file would leave all in memory."""
    for read in (name_of, _words, person_keys):
        read.cache_clear()


@lru_cache(maxsize=50_000)
def _words(text: str, *, titles: bool = False) -> tuple[tuple[str, ...], str]:
    """The words that count, and the generation."""
    words = _WORDS.findall(fold(text))[:_MANY]
    if len(words) < 2 or _SPECIAL.isdisjoint(words):
        return tuple(words), ""
    kept: list[str] = []
    generation = ""
    for at, word in enumerate(words):
        if at and word in _GENERATION:
            generation = _GENERATION[word]
        elif word in _SMALL or (kept and word in _LINKS) or (at and word in _DEGREES):
            continue
        elif not titles or kept or word not in HONORIFICS:
            kept.append(word)
    return tuple(kept or words), generation


@lru_cache(maxsize=20_000)
def person_keys(name: str, given: str = "", family: str = "") -> tuple[str, ...]:
    """Keys of which compatible names share one: folded, order-free, nicknames made formal.

    `Pepe Ruiz`, `Ruiz, José` and `Sr. José Ruiz García` share `jose ruiz`. Initials and slips of
    the pen do not meet here. The first key holds all words.
    """
    text = f"{given} {family}" if given and family else name or given or family
    before, comma, after = text.partition(",")
    words = _words(f"{after} {before}" if comma else text, titles=True)[0]
    if not words:
        return ()
    choices = [words]
    if any(map(is_short_name, words)):
        # Any word may be the given name: which one it is, people write in either order.
        found = _few(*map(formal_names, words))
        choices = [tuple(" ".join(names).split()) for names in found]
    keys: dict[str, None] = {" ".join(sorted(choice)): None for choice in choices}
    if len(words) > 2 or len(choices[0]) > 2:
        for first, *rest in choices:
            for other in rest[:2]:
                keys[f"{first} {other}" if first < other else f"{other} {first}"] = None
    return tuple(keys)


def _few(*choices: frozenset[str]) -> list[tuple[str, ...]]:
    """Every combination of choices, unless there are too many to be of use."""
    total = 1
    for names in choices:
        total *= len(names)
    if total > 8:
        return [tuple(min(names) for names in choices)]
    return list(product(*map(sorted, choices)))


# ── two names ────────────────────────────────────────────────────────────────────────────────


def compare_names(a: Name, b: Name) -> Likeness:
    """How well two names can be one person's; the same both ways round."""
    if not a.words or not b.words:
        return Likeness(0.5, ("one has no name",))
    if a.generation and b.generation and a.generation != b.generation:
        both = " and ".join(sorted((a.generation, b.generation)))
        return Likeness(0.0, (f"differ: {both}",))
    if (a.given, a.family) == (b.given, b.family):
        like = Likeness(1.0)
    else:
        like = _in_order(a, b)
        if like.score < SAME:
            like = max(like, _cut_anew(a, b), key=lambda found: found.score)
    if a.generation != b.generation:
        reason = f"only one is {a.generation or b.generation}"
        return Likeness(like.score * 0.85, (*like.reasons, reason))
    return like


def share_given_name(a: Name, b: Name) -> bool:
    """Whether two names may be one person's before and after a wedding: the same given name."""
    if a.generation != b.generation:
        return False
    one, two = (
        {formal for word in name.given if len(word) > 1 for formal in formal_names(word)}
        for name in (a, b)
    )
    return not one.isdisjoint(two)


def _in_order(a: Name, b: Name) -> Likeness:
    given, why_given = _given(*sorted((a, b), key=lambda name: (len(name.given), name.given)))
    family, why_family = _family(
        *sorted((a.family, b.family), key=lambda words: (len(words), words))
    )
    reasons = tuple(reason for reason in (why_given, why_family) if reason)
    if not given or not family:
        return Likeness(0.0, tuple(reason for reason in reasons if reason.startswith("differ")))
    # Two doubts together are more than one.
    return Likeness(given * family, reasons)


def _cut_anew(a: Name, b: Name) -> Likeness:
    """The same words cut differently, or `Ruiz Ana` for `Ana Ruiz`."""
    if sorted(a.words) == sorted(b.words):
        in_order = a.words == b.words
        return Likeness(1.0) if in_order else Likeness(0.97, ("names swapped",))
    tries = []
    for one, two in ((a, b), (b, a)):
        if len(one.words) == len(two.words) and one.given and one.family:
            cut = len(one.given)
            tries.append(_in_order(Name(two.words[:cut], two.words[cut:]), one))
        if len(one.words) == 2:
            first, last = one.words
            like = _in_order(Name((last,), (first,), shown=last.title()), two)
            tries.append(Likeness(like.score * 0.97, ("names swapped", *like.reasons)))
    return max(tries, key=lambda found: (found.score, found.reasons), default=Likeness(0.0))


def _given(few: Name, many: Name) -> tuple[float, str]:
    """Given names of two people, the shorter first."""
    a, b = few.given, many.given
    if a == b:
        return 1.0, ""
    if not a:
        return 0.7, "one has no given name"
    whole_a, whole_b = " ".join(a), " ".join(b)
    one, two = few.shown or _title(a), many.shown or _title(b)
    if stand_for_one(whole_a, whole_b):
        if whole_a in formal_names(whole_a) and whole_b not in formal_names(whole_b):
            one, two = two, one
        return 0.95, f"{one} is {two}"
    if a == b[: len(a)]:
        return 0.92, f"{one} may be {two}"
    pairs = list(zip(a, b, strict=False))
    if all(x == y or stand_for_one(x, y) for x, y in pairs):
        return 0.9, f"{one} may be {two}"
    if all(x == y or stand_for_one(x, y) or _is_initial_of(x, y) for x, y in pairs):
        return 0.8, f"{one} may be {two}"
    if len(a) == len(b) and _typo(whole_a, whole_b) and not _another_name(whole_a, whole_b):
        return 0.87, f"{one} and {two} differ by a letter"
    return 0.0, f"differ: {one} and {two}"


def _is_initial_of(one: str, two: str) -> bool:
    return 1 in (len(one), len(two)) and one[0] == two[0]


def _family(a: tuple[str, ...], b: tuple[str, ...]) -> tuple[float, str]:
    """Family names of two people, the shorter first."""
    if a == b or "".join(a) == "".join(b):
        return 1.0, ""
    if not a:
        return 0.7, "one has no family name"
    one, two = _title(a), _title(b)
    if a == b[: len(a)]:
        return 0.95, f"{one} may be {two}"
    if len(a) == 1 and a[0] in b:
        return 0.86, f"{one} may be {two}"
    # Two second surnames that differ are two families.
    pairs = list(zip(a, b, strict=False))
    if all(x == y or _is_initial_of(x, y) for x, y in pairs):
        return 0.8, f"{one} may be {two}"
    if all(x == y or _typo(x, y) for x, y in pairs):
        return 0.88, f"{one} and {two} differ by a letter"
    return 0.0, f"differ: {one} and {two}"


def _typo(one: str, two: str) -> bool:
    """Whether two words are one slip apart: a letter in five or more, or two letters swapped."""
    from rapidfuzz.distance import OSA

    shorter = min(len(one), len(two))
    if shorter < 4 or abs(len(one) - len(two)) > 1 or (shorter < 5 and sorted(one) != sorted(two)):
        return False
    return OSA.distance(one, two, score_cutoff=1) <= 1


def _another_name(one: str, two: str) -> bool:
    """Whether one ending makes two given names: Mario and María, Julia and Julian."""
    return one[:-1] == two[:-1] or one.startswith(two) or two.startswith(one)


def _title(words: tuple[str, ...]) -> str:
    return " ".join(word.title() for word in words)
