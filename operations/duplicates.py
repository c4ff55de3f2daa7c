"""Pairs of records that are likely the same, and pairs that somebody said are different.

Every record is compared only with those that share a key with it (a mailbox, a phone, a name, the
beginning of a name at one company), so that 100,000 contacts take seconds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from language.errors import InvalidValue
from language.firms import firm_key
from language.mailboxes import email_identity
from language.names import name_of, person_keys
from language.values import Ref
from operations.candidates import load
from operations.find import label
from operations.matcher import LIKELY, Firm, Match, Person, score
from storage.model.anything import distinctions

if TYPE_CHECKING:
    from storage.unit import UnitOfWork

LARGEST = 200
"""Records that may share a key; more are a company's switchboard or a habit, not one person."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that may be one; `a` has the lower number."""

    noun: str
    score: float
    reasons: tuple[str, ...]
    a: Ref
    b: Ref


@dataclass(frozen=True, slots=True)
class Found:
    """What a search for duplicates found, best first.

    `total` counts the pairs before `limit`; `skipped` says which keys too many records share.
    """

    pairs: tuple[Pair, ...]
    total: int
    skipped: tuple[str, ...] = ()


def find_duplicates(
    uow: UnitOfWork, noun: str, *, at_least: float = LIKELY, limit: int | None = None
) -> Found:
    """Pairs of living records whose score is `at_least`, but for those said to be different."""
    known = load(uow, noun)
    different = set(_different(uow, noun))
    matches: dict[tuple[int, int], Match] = {}
    seen: set[tuple[int, int]] = set()
    skipped: list[str] = []
    for shared, keys in WAYS[noun].items():
        for one, other in _worth_comparing(shared, keys, known, skipped):
            pair = (one, other) if one < other else (other, one)
            if pair in seen or pair in different:
                continue
            seen.add(pair)
            match = score(known[pair[0]], known[pair[1]])
            if match.score >= at_least:
                matches[pair] = match
    best = sorted(matches.items(), key=lambda item: (-item[1].score, item[0]))
    pairs = tuple(
        Pair(noun, match.score, match.reasons, Ref(a, known[a].name), Ref(b, known[b].name))
        for (a, b), match in best[:limit]
    )
    return Found(pairs, len(best), tuple(skipped))


def compare(uow: UnitOfWork, noun: str, one: int, other: int) -> Match:
    """How likely two living records are one, whatever was said of them."""
    known = load(uow, noun, [one, other])
    return score(known[one], known[other])


# ── which records are compared ───────────────────────────────────────────────────────────────


def _names(who: Person) -> Iterable[str]:
    return person_keys(who.name, who.given, who.family)


def _names_at_work(who: Person) -> Iterator[str]:
    # An initial leaves the family name, a slip of the pen one of the two beginnings.
    name = name_of(who.name, who.given, who.family)
    begins = {words[0][:3] for words in (name.given, name.family) if words}
    for place in [who.company_key] if who.company_key else who.colleagues:
        for begin in begins:
            if len(begin) > 1:
                yield f"{begin}… at {place}"


def _beginnings(firm: Firm) -> Iterator[str]:
    # One slip leaves one half whole; a letter more or less moves the middle by one at most.
    solid = firm_key(firm.name).core.replace(" ", "")
    if len(solid) >= 6:
        middle = len(solid) // 2
        yield from (f"{solid[:middle]}…", f"{solid[: middle - 1]}…")
        yield from (f"…{solid[middle:]}", f"…{solid[middle + 1 :]}")


WAYS: dict[str, dict[str, Callable[[Any], Iterable[str]]]] = {
    "contact": {
        "e-mail": lambda who: who.mailboxes,
        "phone": lambda who: who.numbers,
        "name": _names,
        "company and name": _names_at_work,
    },
    "company": {
        "domain": lambda firm: firm.sites,
        "phone": lambda firm: firm.numbers,
        "e-mail": lambda firm: {email_identity(address) for address in firm.emails},
        "name": lambda firm: [" ".join(sorted(firm_key(firm.name).core.split()))],
        "half a name": _beginnings,
    },
}
"""What two records must share to be compared: the word for it, and the keys of a record."""


def _worth_comparing(
    shared: str,
    keys: Callable[[Any], Iterable[str]],
    known: Mapping[int, Person | Firm],
    skipped: list[str],
) -> Iterator[tuple[int, int]]:
    """Pairs that share one key; too large a block is skipped, and told."""
    first: dict[str, int] = {}
    blocks: defaultdict[str, list[int]] = defaultdict(list)
    for number, record in known.items():
        for key in keys(record):
            # Most keys are had by one only: no list for those.
            if key not in first:
                first[key] = number
            elif first[key] != number:
                blocks[key].append(number)
    for key, others in blocks.items():
        numbers = [first[key], *others]
        if shared == "name":
            yield from _of_one_name(numbers, known, skipped, key)
        elif len(numbers) <= LARGEST:
            yield from combinations(numbers, 2)
        elif shared != "half a name":
            skipped.append(f"{len(numbers):,} share the {shared} {key}")


def _of_one_name(
    numbers: Sequence[int], known: Mapping[int, Person | Firm], skipped: list[str], key: str
) -> Iterator[tuple[int, int]]:
    """People of one name: those of one company, and those whose company is not known with all."""
    homes: defaultdict[str, list[int]] = defaultdict(list)
    for number in numbers:
        who = known[number]
        homes[who.company_key if isinstance(who, Person) else ""].append(number)
    loose = homes.pop("", [])
    if len(loose) * len(numbers) > LARGEST * LARGEST:
        skipped.append(f"{len(numbers):,} share the name {key}")
        loose = []
    yield from combinations(loose, 2)
    for members in homes.values():
        yield from product(loose, members)
        if len(members) <= LARGEST:
            yield from combinations(members, 2)
        else:
            skipped.append(f"{len(members):,} share the name {key} at one company")


# ── what people said ─────────────────────────────────────────────────────────────────────────


def _different(uow: UnitOfWork, noun: str) -> Iterator[tuple[int, int]]:
    for row in uow.rows(
        sa.select(distinctions.c.record_id, distinctions.c.other_id).where(
            distinctions.c.noun == noun
        )
    ):
        yield row.record_id, row.other_id


def _where(noun: str, one: int, other: int) -> list[sa.ColumnElement[bool]]:
    low, high = sorted((one, other))
    return [
        distinctions.c.noun == noun,
        distinctions.c.record_id == low,
        distinctions.c.other_id == high,
    ]


def are_different(uow: UnitOfWork, noun: str, one: int, other: int) -> bool:
    """Whether somebody said that two records are different."""
    return uow.first(sa.select(distinctions.c.id).where(*_where(noun, one, other))) is not None


def mark_different(uow: UnitOfWork, noun: str, one: int, other: int) -> None:
    """Remember that two records are different: they are no duplicates from now on."""
    if one == other:
        raise InvalidValue(f"{noun} #{one} cannot differ from itself", "name two records")
    if not are_different(uow, noun, one, other):
        low, high = sorted((one, other))
        uow.insert(distinctions, noun=noun, record_id=low, other_id=high)
    uow.summary = f"{_named(uow, noun, one, other)} are different {_plural(noun)}"


def forget_different(uow: UnitOfWork, noun: str, one: int, other: int) -> bool:
    """Forget that two records are different; whether anybody had said so."""
    gone = uow.delete(distinctions, *_where(noun, one, other))
    uow.summary = f"{_named(uow, noun, one, other)} may be the same again"
    return bool(gone)


def _named(uow: UnitOfWork, noun: str, one: int, other: int) -> str:
    return " and ".join(f"#{number} {label(uow, noun, number)}" for number in (one, other))


def _plural(noun: str) -> str:
    from language.fields import NOUNS

    return NOUNS[noun].plural
