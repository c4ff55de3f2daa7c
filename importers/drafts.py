"""A table → drafts of its records: the one door for the command line and the app."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from importers.contents import field_kind, says_nothing
from importers.filling import Result, fill
from importers.goals import Goal
from importers.people import add_parts, roles_only, settle_names, turn_names
from importers.plan import Filled, Plan, make_plan
from importers.understood import Understood, UnderstoodColumn
from language.fields import NOUNS, Field
from language.text import closest
from operations.import_drafts import Batch, Drafts, Flagged, NewField

if TYPE_CHECKING:
    from importers.profile import Profile
    from importers.sheet import Sheet
    from language.reading import Reading

__all__ = ["Understood", "UnderstoodColumn", "read_drafts", "understand"]

Custom = Mapping[str, Sequence[Field]]
_NO_CUSTOM: Custom = {}


def read_drafts(
    sheet: Sheet,
    noun: str,
    reading: Reading,
    *,
    chosen: Sequence[str] = (),
    custom: Custom = _NO_CUSTOM,
    profile: Profile | None = None,
    create_fields: bool = False,
) -> Batch:
    """Read what a table says of a noun and of the nouns beside it; every row stays.

    `chosen`: `Column=field`, `Column=noun.field` or `Column=` pairs, which overrule everything
    else. `custom`: noun → its fields beyond the built-in ones. `create_fields`: columns that are
    no field become new ones. Raises InvalidValue for a chosen column or field that is not there,
    and for a table in which nothing says which record a row is.
    """
    plan, new_fields = _plan(sheet, noun, chosen, custom, profile, create=create_fields)
    plan.check()
    read = len(sheet.rows) + len(sheet.broken)
    batch = Batch(Drafts(noun, {}, {}, list(sheet.lines), read, sheet.name))
    batch.rejected, batch.new_fields = list(sheet.broken), new_fields
    notes: list[str] = []
    for filled in list(plan.filled.values()):
        result = _fill(plan, filled, reading)
        drafts = batch.main
        if filled.noun != noun:
            new = Drafts(filled.noun, {}, {}, batch.main.lines, read, sheet.name)
            drafts = batch.linked.setdefault(filled.noun, new)
        if not roles_only(filled):
            drafts.columns[filled.field.name] = result.values
            drafts.headers[filled.field.name] = filled.header
        batch.flags += result.flags
        notes += result.notes
        plan.ignored |= result.unused
    _name_kind(plan, batch)
    batch.flags += [
        Flagged(place, noun, "extra cells", "", text, "more cells than headings")
        for place, text in sheet.extras.items()
    ]
    batch.flags.sort(key=lambda flag: flag.place)
    batch.ignored = _ignored(plan)
    batch.notes = [*sheet.notes, *plan.notes, *notes]
    batch.notes += [
        f"ignored: column {plan.columns[place].header} ({why})"
        for place, why in batch.ignored.items()
    ]
    return batch


def understand(
    sheet: Sheet,
    noun: str,
    reading: Reading,
    *,
    chosen: Sequence[str] = (),
    custom: Custom = _NO_CUSTOM,
    profile: Profile | None = None,
    create_fields: bool = False,
) -> Understood:
    """Say what `read_drafts` makes of every column, and why, with what is decided for all of it."""
    plan, new_fields = _plan(sheet, noun, chosen, custom, profile, create=create_fields)
    decisions: dict[int, list[str]] = {}
    for filled in list(plan.filled.values()):
        if _is_undecided(filled):
            continue
        result = _fill(plan, filled, reading)
        for place, said in result.decisions.items():
            decisions.setdefault(place, []).extend(said)
        plan.ignored |= result.unused
    ignored = _ignored(plan)
    found = []
    for column in plan.columns:
        place, goal = column.place, plan.goals.get(column.place)
        used = goal is not None and place not in ignored
        found.append(
            UnderstoodColumn(
                place,
                column.header,
                goal.noun if goal is not None and used else "",
                _named(goal) if goal is not None and used else "",
                ignored.get(place, goal.why if goal is not None else ""),
                column.filled(),
                column.sample(),
                tuple(decisions.get(place, ())),
            )
        )
    return Understood(noun, found, profile, new_fields, [*sheet.notes, *plan.notes])


def _is_undecided(filled: Filled) -> bool:
    """Whether nothing is decided for a field, so that its values need not be read to say so."""
    kind, name = filled.field.kind, filled.field.name
    if len(filled.found) > 1 or filled.spare or name in {"name", "given_name", "family_name"}:
        return False
    return kind in {"text", "long", "ref", "email", "phone", "tag", "domain", "handle", "member"}


def _named(goal: Goal) -> str:
    """The field with what of it a column holds: `phones:mobile`, `amount:currency`."""
    if goal.activity:
        return f"{goal.field.name}:{goal.activity}"
    if goal.part and not goal.role:
        return f"{goal.field.name}:{goal.label}.{goal.part}"
    part = goal.role or goal.label
    return f"{goal.field.name}:{part}" if part else goal.field.name


def _plan(
    sheet: Sheet,
    noun: str,
    chosen: Sequence[str],
    custom: Custom,
    profile: Profile | None,
    *,
    create: bool,
) -> tuple[Plan, list[NewField]]:
    plan = make_plan(sheet, noun, chosen, custom, profile)
    for each in {noun, *(key[0] for key in plan.filled)} & {"contact"}:
        settle_names(plan, each)
    return plan, _new_fields(plan) if create else []


def _fill(plan: Plan, filled: Filled, reading: Reading) -> Result:
    result = fill(plan, filled, reading)
    if filled.noun == "contact":
        if filled.field.name in {"given_name", "family_name"}:
            add_parts(plan, filled, result)
        elif filled.field.name == "name":
            turn_names(plan, filled, result)
    return result


def _name_kind(plan: Plan, batch: Batch) -> None:
    """Say of what kind the activity of each row is, where headings name it."""
    drafts = batch.linked.get("activity")
    if drafts is None or "kind" in drafts.columns:
        return
    goals = [goal for goal in plan.goals.values() if goal.noun == "activity"]
    kind = next((goal.activity for goal in goals if goal.activity), "note")
    rows = zip(*drafts.columns.values(), strict=True)
    drafts.columns["kind"] = [
        kind if any(value is not None for value in row) else None for row in rows
    ]
    drafts.headers["kind"] = "kind"


def _ignored(plan: Plan) -> dict[int, str]:
    """Place of a column → why nothing of it is used; what is no field, with how much it holds."""
    ignored = dict(plan.ignored)
    for place in plan.unknown:
        filled, rows = plan.columns[place].filled(), len(plan.columns[place].cells)
        near = _nearest(plan, plan.columns[place].header)
        said = f"no field of this name{near}; {filled:,} of {rows:,} cells are filled"
        ignored[place] = said
    return dict(sorted(ignored.items()))


def _nearest(plan: Plan, header: str) -> str:
    """What a heading nobody knows may be a slip for, and how to say so."""
    taken = {goal.field.name for goal in plan.goals.values()}
    free = {
        field.label: field.name
        for field in NOUNS[plan.noun].fields
        if field.fill and field.name not in taken
    }
    near = closest(header, [*free, *free.values()], 1)
    if not near or len(header) < 4:
        return ""
    name = free.get(near[0], near[0])
    return f'; for {name}: --map "{header}={name}"'


def _new_fields(plan: Plan) -> list[NewField]:
    """Make a field of every column that is none yet and has a heading and a value."""
    from operations.custom_fields import ON, key_from

    made: list[NewField] = []
    if plan.noun not in ON:
        return made
    keys: set[str] = set()
    for place in list(plan.unknown):
        column = plan.columns[place]
        if says_nothing(column.header) or not column.filled():
            continue
        key, label, count = key_from(column.header), column.header, 1
        if not key:
            continue
        while key in keys:
            count += 1
            label = f"{column.header} {count}"
            key = key_from(label)
        keys.add(key)
        kind, choices = field_kind(column)
        made.append(NewField(plan.noun, label, kind, key, column.header, choices))
        _add_new(plan, place, made[-1])
    return made


def _add_new(plan: Plan, place: int, new: NewField) -> None:
    from operations.custom_fields import KINDS

    field = Field(new.key, KINDS[new.kind], new.label, choices=new.choices)
    goal = Goal(new.noun, field, f"becomes a new field ({new.kind})", 8)
    plan.unknown.remove(place)
    plan.goals[place] = goal
    plan.filled[new.noun, new.key] = Filled(new.noun, field, [(plan.columns[place], goal)])
