"""Custom fields: what a team adds to a noun, usable wherever a built-in field is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from language.errors import Conflict, InvalidValue
from language.fields import NOUNS, Field, noun_named
from language.terms import FIELD_KINDS
from language.text import clean_line, fold, one_of
from language.values import Value
from operations.bindings import Binding, Condition, Plain, folded
from operations.custom_values import Custom
from operations.facts import facts
from operations.parts import Parts
from operations.sources import Draft, Source
from storage.model.anything import custom_fields, custom_values

if TYPE_CHECKING:
    from language.fields import Kind
    from storage.unit import UnitOfWork

KINDS: dict[str, Kind] = {
    "text": "text",
    "number": "number",
    "money": "money",
    "date": "day",
    "choice": "choice",
    "flag": "flag",
    "link": "ref",
}
ON = ("contact", "company", "deal", "activity", "task", "product", "user")


def definitions(uow: UnitOfWork, noun: str) -> Sequence[sa.Row[Any]]:
    """Living custom fields of a noun, in order of their numbers."""
    return uow.rows(
        sa.select(custom_fields)
        .where(custom_fields.c.noun == noun, custom_fields.c.deleted_at.is_(None))
        .order_by(custom_fields.c.id)
    )


def keys_of(uow: UnitOfWork, noun: str) -> list[str]:
    """Names of a noun's custom fields, as in JSON and filters."""
    return [row.key for row in definitions(uow, noun)]


def fields_of(uow: UnitOfWork, noun: str) -> list[Field]:
    """Custom fields of a noun as fields: for headings, forms and reading values."""
    return [as_field(row) for row in definitions(uow, noun)]


def as_field(row: sa.Row[Any]) -> Field:
    """A custom field's declaration as a field."""
    return Field(
        row.key,
        KINDS[row.kind],
        row.label,
        row.help or "",
        choices=tuple(row.choices or ()),
        noun=row.target or "",
        currency=f"{row.key}_currency",
    )


def custom_binding(uow: UnitOfWork, noun: str, name: str) -> tuple[str, Binding] | None:
    """The binding of a noun's custom field by key or label, or None."""
    wanted = {fold(name), fold(name.replace("_", " ").replace("-", " "))}
    for row in definitions(uow, noun):
        if row.key == key_from(name) or fold(row.label) in wanted:
            return row.key, Custom(row)
    return None


def check_required(uow: UnitOfWork, noun: str, record_id: int) -> None:
    """Refuse a new record that leaves a required custom field empty."""
    missing = [
        row.label
        for row in definitions(uow, noun)
        if row.required
        and uow.first(
            sa.select(custom_values.c.id).where(
                custom_values.c.field_id == row.id, custom_values.c.record_id == record_id
            )
        )
        is None
    ]
    if missing:
        raise InvalidValue(f"a {noun} needs {', '.join(missing)}", f'add --set "{missing[0]}=…"')


def key_from(label: str) -> str:
    """Make the key of a custom field from its label: `Shoe size` → `shoe_size`."""
    return re.sub(r"\W+", "_", fold(label)).strip("_")


class Choices(Parts):
    """The choices of a field, a list kept in its own row."""

    def __init__(self) -> None:
        super().__init__(custom_fields, custom_fields.c.id)

    def load(self, uow: UnitOfWork, ids: Sequence[int]) -> Mapping[int, Value]:
        rows = self.rows(uow, ids)
        return {int(row["id"]): list(row["choices"] or ()) for row in rows}

    def add(self, uow: UnitOfWork, record_id: int, values: Sequence[Any]) -> None:
        now = self._now(uow, record_id)
        known = {fold(word) for word in now}
        for word in (clean_line(str(value), "choice", 200) for value in values):
            if fold(word) not in known:
                known.add(fold(word))
                now.append(word)
        uow.update(custom_fields, record_id, {"choices": now})

    def remove(self, uow: UnitOfWork, record_id: int, values: Sequence[Any]) -> None:
        now = self._now(uow, record_id)
        for value in values:
            word = one_of(str(value), {known: known for known in now}, "choice")
            used = uow.scalar(
                sa.select(sa.func.count())
                .select_from(custom_values)
                .where(custom_values.c.field_id == record_id, custom_values.c.content == word)
            )
            if used:
                raise Conflict(
                    f"{used} records hold '{word}'", "change those first, then remove it"
                )
            now.remove(word)
        if not now:
            raise InvalidValue("a field of kind choice needs a choice", "add --choice WORD")
        uow.update(custom_fields, record_id, {"choices": now})

    def clear(self, uow: UnitOfWork, record_id: int) -> None:
        raise InvalidValue("a field of kind choice needs its choices", "use --remove choice=WORD")

    def _now(self, uow: UnitOfWork, record_id: int) -> list[str]:
        chosen = sa.select(custom_fields.c.choices).where(custom_fields.c.id == record_id)
        return list(uow.scalar(chosen) or ())

    def condition(self, uow: UnitOfWork, op: str, text: str) -> Condition:
        return Plain(sa.type_coerce(custom_fields.c.choices, sa.Text)).condition(uow, "~", text)


def _keys(uow: UnitOfWork, text: str) -> sa.Select[Any]:
    """Key or label, also after the noun: `contact.shoe_size`."""
    noun, dot, name = text.partition(".")
    where: list[Any] = []
    if dot and noun_named(noun) is not None:
        where.append(custom_fields.c.noun == noun_named(noun).name)  # type: ignore[union-attr]  # checked above
        text = name
    same = sa.or_(custom_fields.c.key == fold(text), folded(custom_fields.c.label) == fold(text))
    return sa.select(custom_fields.c.id).where(same, *where)


def _prepare(uow: UnitOfWork, draft: Draft) -> None:
    noun = str(draft.now("noun") or "")
    kind = str(draft.now("kind") or "")
    if draft.adding or draft.moves("label"):
        label = clean_line(str(draft.now("label") or ""), "label", 100)
        draft.columns["label"] = label
        _refuse_taken(uow, noun, label, draft.before.get("id"))
        if draft.adding:
            draft.columns["key"] = key_from(label)
    if not draft.now("key"):
        raise InvalidValue(f"label '{draft.now('label')}' needs at least one letter")
    if draft.adding and kind == "choice" and not draft.values.get("choices"):
        raise InvalidValue(
            "a field of kind choice needs its choices", "add --choice WORD, repeated"
        )
    if kind != "choice" and draft.values.get("choices"):
        raise InvalidValue(f"a field of kind {kind} has no choices", "use --kind choice")
    if draft.adding and (kind == "link") != bool(draft.now("target")):
        hint = "add --target contact" if kind == "link" else "use --kind link"
        raise InvalidValue("a link, and only a link, says what noun it points to", hint)


def _refuse_taken(uow: UnitOfWork, noun: str, label: str, own: int | None) -> None:
    known = NOUNS[noun].field(label) or NOUNS[noun].field(key_from(label))
    if known is not None:
        raise Conflict(f"{noun} has a field '{known.label}' already", "choose another label")
    for row in definitions(uow, noun):
        if row.id != own and key_from(label) in {row.key, key_from(row.label)}:
            raise Conflict(
                f"{noun} has a field '{row.label}' already",
                f"edit that one: crm field edit {row.id}",
            )


def read_noun(text: str, nouns: Sequence[str]) -> str:
    """Read which noun a field belongs to or points to."""
    known = noun_named(text)
    if known is not None and known.name in nouns:
        return known.name
    return one_of(text, {noun: noun for noun in nouns}, "noun")


SOURCE = Source(
    noun="field",
    table=custom_fields,
    label=custom_fields.c.label,
    key=None,
    bindings={
        "noun": Plain(custom_fields.c.noun),
        "label": Plain(custom_fields.c.label),
        "key": Plain(custom_fields.c.key, fill=False),
        "kind": Plain(custom_fields.c.kind, "choice", choices=FIELD_KINDS),
        "choices": Choices(),
        "target": Plain(custom_fields.c.target),
        "required": Plain(custom_fields.c.required, "flag"),
        "help": Plain(custom_fields.c.help),
        **facts(custom_fields),
    },
    prepare=_prepare,
    extra_keys=_keys,
    describe=("noun", "kind"),
)
