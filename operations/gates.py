"""Gates: what a deal must have before it may enter a stage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from language.errors import InvalidValue, NotAllowed
from language.fields import NOUNS
from operations.sources import Draft, binding_of
from storage.model.sales import deal_contacts, stages

if TYPE_CHECKING:
    from storage.unit import UnitOfWork

# Fields that every deal has once it is written.
ALWAYS = frozenset({"id", "title", "owner", "pipeline", "stage", "outcome", "opened_at"})


def read_requirement(uow: UnitOfWork, text: str) -> str:
    """Read what a stage may require: a deal field, your own too, or `contacts:ROLE`."""
    from operations.deals import role_named

    field, colon, role = text.partition(":")
    name = binding_of(uow, "deal", field.strip())[0]
    if colon and (name != "contacts" or not role.strip()):
        raise InvalidValue(f"'{text}' cannot be required", 'for example: "contacts:decision maker"')
    return f"contacts:{role_named(role.strip())}" if colon else name


def check_gate(uow: UnitOfWork, draft: Draft, stage: sa.Row[Any]) -> None:
    """Raise `NotAllowed` naming what a deal lacks to enter a stage, and how to fill it."""
    missing = [name for name in stage.required or () if not _has(uow, draft, name)]
    if not missing:
        return
    number = draft.before.get("id")
    title = draft.now("title")
    who = f"deal #{number} {title}" if number else f"deal {title}"
    shown = ", ".join(_words(uow, name) for name in missing)
    raise NotAllowed(f"{who} cannot enter {stage.name}: needs {shown}", _how(number, missing))


def lacking(uow: UnitOfWork, deal_id: int, stage_id: int) -> list[tuple[str, str]]:
    """What a deal lacks to enter a stage, for a form to ask: (requirement, as people say it)."""
    required = uow.scalar(sa.select(stages.c.required).where(stages.c.id == stage_id)) or ()
    draft = Draft({}, {}, {"id": deal_id})
    return [(name, _words(uow, name)) for name in required if not _has(uow, draft, name)]


def _has(uow: UnitOfWork, draft: Draft, requirement: str) -> bool:
    name, _, role = requirement.partition(":")
    given = draft.values
    if role:
        return _has_role(uow, draft, role, given.get("contacts"))
    if name in given:
        return given[name] not in (None, "", [])
    if draft.adding:
        # Without an amount of its own, a deal with products is worth their sum.
        return name in ALWAYS or (name == "amount" and bool(given.get("products")))
    from operations.lists import select_records

    try:
        found = select_records(uow, "deal", [name], ids=[draft.before["id"]], trashed=None)
    except InvalidValue:
        # A field of one's own that was deleted since can be filled by nobody.
        return True
    return bool(found) and found[0].get(name) not in (None, "", [])


def _has_role(uow: UnitOfWork, draft: Draft, role: str, given: object) -> bool:
    from operations.deals import role_named

    typed = given if isinstance(given, Sequence) and not isinstance(given, str) else ()
    if any(role_named(str(value).partition(":")[2].strip() or "-") == role for value in typed):
        return True
    if draft.adding:
        return False
    return (
        uow.first(
            sa.select(deal_contacts.c.id).where(
                deal_contacts.c.deal_id == draft.before["id"], deal_contacts.c.role == role
            )
        )
        is not None
    )


def _words(uow: UnitOfWork, requirement: str) -> str:
    """A requirement as people say it: `budget`, `decision maker`, `next step`."""
    from operations.custom_fields import fields_of

    name, _, role = requirement.partition(":")
    if role:
        return role
    known = {field.name: field for field in (*fields_of(uow, "deal"), *NOUNS["deal"].fields)}
    return known[name].label.lower() if name in known else name


def _how(number: int | None, missing: Sequence[str]) -> str:
    """The command that fills what is missing."""
    fields = {field.name: field for field in NOUNS["deal"].fields}
    options: list[str] = []
    for requirement in missing:
        name, _, role = requirement.partition(":")
        if role:
            options.append(f'--contact "NAME:{role}"')
        elif name in {"next_step", "next_due"}:
            continue
        elif name in fields and fields[name].fill:
            options.append(f"--{fields[name].flag_name} …")
        elif name in fields:
            continue
        else:
            options.append(f'--set "{name}=…"')
    steps = []
    if options:
        steps.append(f"crm deal edit {number or 'WHO'} {' '.join(options)}")
    if any(name in {"next_step", "next_due"} for name in missing):
        steps.append(f'crm task add "…" --due "…" --deal {number or "WHO"}')
    return "fill it: " + "; ".join(steps) if steps else ""
