"""Merge all pairs that are surely one, in groups: only where every two of a group are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from language.errors import InvalidValue
from language.fields import NOUNS
from language.values import Ref
from operations.candidates import load
from operations.duplicates import are_different, find_duplicates
from operations.matcher import SURE, Firm, Match, Person, score
from operations.merge import merge

if TYPE_CHECKING:
    from storage.unit import UnitOfWork


@dataclass(frozen=True, slots=True)
class Group:
    """Records that are one: the fullest is kept, of equals the oldest.

    `score` and `reasons` are those of the least sure of its pairs.
    """

    noun: str
    score: float
    reasons: tuple[str, ...]
    keep: Ref
    others: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What merging would do. `unsure` counts the chains that hold a pair which is not sure."""

    groups: tuple[Group, ...]
    unsure: int

    @property
    def gone(self) -> int:
        """How many records would go."""
        return sum(len(group.others) for group in self.groups)


def plan(uow: UnitOfWork, noun: str, *, at_least: float) -> Plan:
    """Find the groups to merge; `at_least` is the score that every pair of a group needs."""
    if not SURE <= at_least <= 1:
        raise InvalidValue(
            f"--auto: {at_least:g} is not between {SURE} and 1",
            "what is less sure is for a person: crm duplicate list",
        )
    pairs = find_duplicates(uow, noun, at_least=at_least).pairs
    chains = _chains([(pair.a.id, pair.b.id) for pair in pairs])
    known = load(uow, noun, [number for chain in chains for number in chain])
    groups: list[Group] = []
    unsure = 0
    for chain in chains:
        least = _least_sure(uow, noun, [known[number] for number in chain])
        if least is None or least.score < at_least:
            unsure += 1
            continue
        keep, *others = sorted(chain, key=lambda number: (-_filled(known[number]), number))
        refs = tuple(Ref(number, known[number].name) for number in others)
        groups.append(Group(noun, least.score, least.reasons, Ref(keep, known[keep].name), refs))
    groups.sort(key=lambda group: (-group.score, group.keep.id))
    return Plan(tuple(groups), unsure)


def merge_groups(uow: UnitOfWork, groups: Sequence[Group]) -> int:
    """Merge planned groups, all in this one step; gives how many records went."""
    gone = 0
    for group in groups:
        done = merge(uow, group.noun, group.keep.id, [ref.id for ref in group.others])
        gone += len(done.others)
    if len(groups) > 1:
        plural = NOUNS[groups[0].noun].plural
        named = ", ".join(f"#{group.keep.id} {group.keep.label}" for group in groups[:3])
        more = "…" if len(groups) > 3 else ""
        uow.summary = f"merged {gone:,} {plural} into {len(groups):,}: {named}{more}"
    return gone


def _chains(pairs: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Records that hang together over pairs."""
    near: defaultdict[int, set[int]] = defaultdict(set)
    for one, other in pairs:
        near[one].add(other)
        near[other].add(one)
    chains: list[list[int]] = []
    seen: set[int] = set()
    for start in sorted(near):
        if start in seen:
            continue
        chain, todo = [], [start]
        seen.add(start)
        while todo:
            number = todo.pop()
            chain.append(number)
            todo += near[number] - seen
            seen |= near[number]
        chains.append(sorted(chain))
    return chains


def _least_sure(uow: UnitOfWork, noun: str, chain: Sequence[Person | Firm]) -> Match | None:
    """The weakest match of a chain; None when somebody said that two of it are different."""
    least = Match(1.0)
    for one, other in combinations(chain, 2):
        if are_different(uow, noun, *sorted((one.id, other.id))):
            return None
        least = min(least, score(one, other), key=lambda match: match.score)
    return least


def _filled(record: Person | Firm) -> int:
    """How much is known of a record."""
    ways = len(record.emails) + len(record.phones) + bool(record.external[1])
    if isinstance(record, Firm):
        return ways + len(record.domains)
    return ways + (record.company_id is not None) + len(record.name.split())
