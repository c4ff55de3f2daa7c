"""What a file is: its format, the noun it holds, the program it comes from, every column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from importers.drafts import understand
from importers.goals import ALIAS, goal_of
from importers.ours import is_ours
from importers.plan import IDENTITY
from importers.profile import Profile, Recognised, best_of, recognise, shipped_profiles
from language.fields import NOUNS

if TYPE_CHECKING:
    from importers.sheet import Sheet
    from importers.understood import Understood
    from language.fields import Field
    from language.reading import Reading

CANDIDATES = ("contact", "company", "deal", "user", "product", "activity", "task")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A noun that a file may hold; `score` from 0 to 1."""

    noun: str
    score: float
    why: str


@dataclass(frozen=True, slots=True)
class Detected:
    """What `--detect` says.

    `facts`: of the format, such as its delimiter. `nouns`: best first. `profile`: the program's,
    None where none fits; `others`: profiles that fit as well. `understood`: the columns, read as
    the best noun with the profile. `is_ours`: an export of crm itself.
    """

    name: str
    rows: int
    facts: Mapping[str, str]
    nouns: Sequence[Candidate]
    profile: Recognised | None
    others: Sequence[Recognised]
    understood: Understood
    is_ours: bool = False
    notes: Sequence[str] = field(default_factory=tuple)


def detect(
    sheet: Sheet,
    reading: Reading,
    custom: Mapping[str, Sequence[Field]] | None = None,
    profiles: Sequence[Profile] | None = None,
) -> Detected:
    """Say what a table is and why. `profiles`: to be looked through; by default the shipped."""
    own = custom or {}
    found = recognise(sheet.headers, shipped_profiles() if profiles is None else profiles)
    best, others = best_of(found)
    ours = next((n for n in CANDIDATES if is_ours(sheet.headers, n, own.get(n, ()))), "")
    if ours:
        best, others = None, []
    nouns = [candidate_of(noun, sheet.headers, own) for noun in CANDIDATES]
    nouns.sort(key=lambda each: (-each.score, CANDIDATES.index(each.noun)))
    chosen = ours or (best.profile.noun if best else nouns[0].noun)
    if ours:
        nouns = _first(nouns, Candidate(ours, 1.0, "its headings are the keys of our own export"))
    elif best:
        why = f"it looks like {best.profile.program} ({best.profile.name})"
        nouns = _first(nouns, Candidate(chosen, max(best.score, nouns[0].score), why))
    read = understand(sheet, chosen, reading, custom=own, profile=best.profile if best else None)
    notes = [*read.notes]
    if best and best.profile.note:
        notes.append(best.profile.note)
    if others:
        named = ", ".join(each.profile.name for each in others)
        notes.append(f"as well it may be: {named}; name one with --profile")
    return Detected(
        sheet.name, len(sheet.rows), dict(sheet.facts), nouns, best, others, read, bool(ours), notes
    )


def _first(nouns: Sequence[Candidate], chosen: Candidate) -> list[Candidate]:
    return [chosen, *(each for each in nouns if each.noun != chosen.noun)]


def candidate_of(
    noun: str, headers: Sequence[str], custom: Mapping[str, Sequence[Field]]
) -> Candidate:
    """How well the headings fit a noun: how many are its own fields, and whether one names it."""
    goals = [goal_of(header, noun, custom) for header in headers]
    mine = [goal for goal in goals if goal is not None and goal.noun == noun]
    filled = [header for header in headers if header.strip()]
    names = {goal.field.name for goal in mine if goal.role != "computed"}
    wanted = IDENTITY.get(noun, (NOUNS[noun].title, "external_id", "at", "uid"))
    sure = sum(1.0 if goal.rank <= ALIAS else 0.8 for goal in mine if goal.field.name in names)
    share = min(sure / len(filled), 1.0) if filled else 0.0
    score = 0.6 * share + 0.2 * min(len(names) / 4, 1.0)
    named = next((name for name in wanted if name in names), "")
    if named:
        score += 0.2 if named in {wanted[0], NOUNS[noun].title, "given_name"} else 0.1
    why = f"{len(names)} of {len(filled)} columns are fields of a {noun}"
    why += f", and one holds its {named.replace('_', ' ')}" if named else ", and none names one"
    return Candidate(noun, round(score, 3), why)
