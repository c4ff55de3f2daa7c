"""The plan of a table: which columns fill which field, which are left out, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as made
from typing import TYPE_CHECKING

from importers.cells import Column
from importers.chosen import from_profile, picked
from importers.contents import guessed_headers, says_nothing, seen
from importers.goals import BESIDE, CONTENT, MAPPED, PROFILE, WORDS, Goal, goal_of, own
from importers.headings import words_of
from importers.ours import exact, is_ours
from language.errors import InvalidValue
from language.fields import NOUNS

if TYPE_CHECKING:
    from importers.profile import Profile
    from importers.sheet import Sheet
    from language.fields import Field

CURRENCY = ("currency", "currency code", "currency iso code", "moneda", "divisa")
TOGETHER = frozenset({"long", "member", "email", "phone", "address", "handle", "domain", "tag",
                      "words"})  # fmt: skip
"""Kinds that several columns fill at once: lists, and notes, which are joined by lines."""
IDENTITY: dict[str, tuple[str, ...]] = {
    "contact": ("name", "given_name", "family_name", "emails", "phones", "external_id", "uid"),
    "company": ("name", "domains", "emails", "phones", "external_id", "uid"),
    "user": ("name", "login", "email", "uid"),
    "product": ("name", "code", "uid"),
    "task": ("title", "uid"),
}
"""Fields of which one at least says which record a row is; the other nouns need none."""
_WITH_DEAL = ("amount", "stage", "pipeline", "probability", "expected_close", "closed_at",
              "opened_at", "lost_reason", "competitor")  # fmt: skip
_REACHED = ("emails", "phones")


@dataclass(slots=True)
class Filled:
    """One field and the columns that fill it, in order. `currency`: the column of its currencies.

    `spare`: columns that hold the same thing again, used where the first is empty.
    """

    noun: str
    field: Field
    found: list[tuple[Column, Goal]] = made(default_factory=list)
    currency: Column | None = None
    spare: list[Column] = made(default_factory=list)

    @property
    def header(self) -> str:
        """What the file calls the field."""
        return self.found[0][0].header


@dataclass(slots=True)
class Plan:
    """What is done with every column. `ignored` and `unknown`: place → why it is left out."""

    noun: str
    columns: list[Column]
    filled: dict[tuple[str, str], Filled] = made(default_factory=dict)
    goals: dict[int, Goal] = made(default_factory=dict)
    ignored: dict[int, str] = made(default_factory=dict)
    unknown: list[int] = made(default_factory=list)
    notes: list[str] = made(default_factory=list)
    profile: Profile | None = None
    ours: bool = False

    def values(self, noun: str, name: str) -> Mapping[str, str]:
        """What the profile's program writes in a field → what we write."""
        if self.profile is None:
            return {}
        given = dict(self.profile.values.get(f"{noun}.{name}", {}))
        if noun == self.noun:
            given |= self.profile.values.get(name, {})
        return {key.strip().lower(): value for key, value in given.items()}

    def check(self) -> None:
        """Raise InvalidValue for a table in which nothing says which record a row is."""
        names = ", ".join(f"'{column.header}'" for column in self.columns[:8])
        mine = {name for noun, name in self.filled if noun == self.noun}
        first = self.columns[0].header if self.columns else "Column"
        title = NOUNS[self.noun].title
        if not mine:
            raise InvalidValue(
                f"no column of {names} is a field of a {self.noun}",
                f'name one: --map "{first}={title}"',
            )
        wanted = IDENTITY.get(self.noun)
        if wanted and not mine & set(wanted):
            raise InvalidValue(
                f"no column of {names} holds the {title} of a {self.noun}",
                f'name it: --map "{first}={title}"; or import what the file does hold',
            )


def make_plan(
    sheet: Sheet,
    noun: str,
    chosen: Sequence[str],
    custom: Mapping[str, Sequence[Field]],
    profile: Profile | None,
) -> Plan:
    """Say what is done with every column of a table.

    Raises InvalidValue for a chosen column or field that is not there, and for two columns chosen
    for one value.
    """
    plan = Plan(noun, columns_of(sheet), profile=profile)
    plan.ours = is_ours(sheet.headers, noun, custom.get(noun, ()))
    by_hand = picked(noun, plan.columns, chosen, custom)
    kept = from_profile(noun, plan.columns, profile, custom)
    for column in plan.columns:
        given = by_hand.get(column.place, kept.get(column.place))
        if given is not None:
            goal, why = given
        elif plan.ours:
            goal, why = exact(column.header, noun, custom.get(noun, ()))
        else:
            goal, why = goal_of(sheet.headers[column.place], noun, custom), ""
        if goal is not None:
            plan.goals[column.place] = goal
        elif why:
            plan.ignored[column.place] = why
        else:
            plan.unknown.append(column.place)
    _look_beside(plan)
    _look_inside(plan, sheet.headers)
    for place in sorted(plan.goals, key=lambda place: (plan.goals[place].rank, place)):
        _put(plan, plan.columns[place], plan.goals[place])
    for one in plan.filled.values():
        one.found.sort(key=lambda pair: pair[0].place)
    _find_currencies(plan)
    value = "" if by_hand else guessed_headers(sheet.headers)
    if value:
        plan.notes.append(f"'{value}' stands in the first line: is that line a row, not headings?")
    return plan


def columns_of(sheet: Sheet) -> list[Column]:
    """The columns of a table; one without a heading is called by its place."""
    form = sheet.facts.get("format", "csv").lower()
    guarded = not form.startswith(("xls", "ods", "json", "ndjson", "vcard", "excel"))
    cells = list(zip(*sheet.rows, strict=True)) or [()] * len(sheet.headers)
    return [
        Column(place, header.strip() or f"column {place + 1}", cells[place], guarded)
        for place, header in enumerate(sheet.headers)
    ]


def _look_beside(plan: Plan) -> None:
    """Give columns that name no noun to the one noun beside it that they can only belong to."""
    nouns = {goal.noun for goal in plan.goals.values()}
    links = {goal.field.noun for goal in plan.goals.values() if goal.noun == plan.noun}
    for place in list(plan.unknown):
        words = words_of(plan.columns[place].header)
        goal: Goal | None = None
        if plan.noun != "deal" and "deal" in nouns:
            goal = _only(own(words, "deal", {}), _WITH_DEAL)
        if goal is None and plan.noun in {"deal", "activity", "task"}:
            noun = "company" if "company" in links and "contact" not in links | nouns else "contact"
            goal = _only(own(words, noun, {}), _REACHED)
        if goal is not None:
            plan.unknown.remove(place)
            why = f"the {goal.noun} of the row"
            plan.goals[place] = replace(goal, why=why, rank=BESIDE)


def _only(goal: Goal | None, names: Sequence[str]) -> Goal | None:
    return goal if goal is not None and goal.field.name in names else None


def _look_inside(plan: Plan, headers: Sequence[str]) -> None:
    """Give columns whose headings say nothing to what most of their cells are."""
    fields = {
        "email": "emails", "phone": "phones", "domain": "domains",
        "money": {"deal": "amount", "product": "price"}.get(plan.noun, ""),
        "day": {"activity": "at", "task": "due"}.get(plan.noun, ""),
    }  # fmt: skip
    taken = {(goal.noun, goal.field.name) for goal in plan.goals.values()}
    for place in list(plan.unknown):
        if plan.ours or not says_nothing(headers[place]):
            continue
        kind, why = seen(plan.columns[place])
        name = fields.get(kind, "")
        for noun in (plan.noun, "company") if kind == "domain" else (plan.noun,):
            found = next((one for one in NOUNS[noun].fields if one.name == name), None)
            if found is None or ((noun, name) in taken and not found.many):
                continue
            plan.unknown.remove(place)
            plan.goals[place] = Goal(noun, found, why, CONTENT)
            taken.add((noun, name))
            break


def _put(plan: Plan, column: Column, goal: Goal) -> None:
    """Let a column fill its field, unless a better one does already."""
    if goal.role == "computed":
        label = goal.field.label.lower() if goal.field.name != "id" else "the number of a record"
        plan.ignored[column.place] = f"{label} is worked out, not filled"
        return
    other = _other_activity(plan, goal)
    if other:
        plan.ignored[column.place] = f"a row holds one activity, and here that is the {other}"
        return
    held = plan.filled.setdefault((goal.noun, goal.field.name), Filled(goal.noun, goal.field))
    joins = goal.field.kind in TOGETHER or (goal.field.many and goal.field.kind != "line")
    if not held.found or joins or goal.role or all(each.role for _, each in held.found):
        same = [each for _, each in held.found if each.role == goal.role]
        if not (goal.role and same and not joins):
            held.found.append((column, goal))
            return
    best = held.found[0][0]
    if goal.rank == MAPPED and held.found[0][1].rank == MAPPED:
        raise InvalidValue(
            f"columns '{best.header}' and '{column.header}' both hold the {goal.field.name}",
            f'leave one out: --map "{column.header}="',
        )
    if _stem(best.header) == _stem(column.header):
        held.spare.append(column)
    else:
        label = goal.field.label.lower()
        plan.ignored[column.place] = f"'{best.header}' holds the {label} already"


def _other_activity(plan: Plan, goal: Goal) -> str:
    """The kind of activity that the columns before are about, where this one is of another."""
    if goal.noun != "activity" or goal.noun == plan.noun or not goal.activity:
        return ""
    for (noun, _), held in plan.filled.items():
        for _, each in held.found:
            if noun == "activity" and each.activity and each.activity != goal.activity:
                return each.activity
    return ""


def _stem(header: str) -> str:
    return " ".join(word for word in words_of(header).split() if not word.isdigit())


def _find_currencies(plan: Plan) -> None:
    """Give columns of currencies to their amounts."""
    for held in list(plan.filled.values()):
        named = [column for column, goal in held.found if goal.role == "currency"]
        held.found = [pair for pair in held.found if pair[1].role != "currency"]
        if named and held.found:
            held.currency = named[0]
        elif named:
            del plan.filled[held.noun, held.field.name]
            plan.ignored |= {column.place: "there is no amount to it" for column in named}
    money = {key: held for key, held in plan.filled.items() if held.field.kind == "money"}
    mine = [held for (noun, _), held in money.items() if noun == plan.noun]
    for place in list(plan.unknown):
        words = words_of(plan.columns[place].header)
        if not words.endswith(CURRENCY):
            continue
        chosen = next(
            (held for held in money.values() if words in _currency_words(held)),
            None,
        )
        if chosen is None and words in CURRENCY:
            alone = mine or list(money.values())
            chosen = alone[0] if len(alone) == 1 else None
        if chosen is not None and chosen.currency is None:
            chosen.currency = plan.columns[place]
            plan.unknown.remove(place)
            why = f"currency of the {chosen.field.label.lower()}"
            plan.goals[place] = Goal(chosen.noun, chosen.field, why, WORDS, "currency")


def _currency_words(held: Filled) -> set[str]:
    names = {words_of(held.field.name), words_of(held.field.label), words_of(held.header)}
    names |= {words_of(f"{held.noun} {held.field.name}")}
    ends = {f"{name} {end}" for name in names for end in CURRENCY}
    return ends | {words_of(held.field.currency)} - set(CURRENCY)


__all__ = ["PROFILE", "Filled", "Plan", "columns_of", "make_plan"]
