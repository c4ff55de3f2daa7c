"""Custom fields: what a team adds to a noun, usable wherever a built-in field is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa

from language.errors import Conflict, InvalidValue
from language.fields import NOUNS, Field
from language.reading import read_choice, read_flag
from language.text import fold
from language.values import Ref, Value
from operations.bindings import Binding, Condition, Plain, compare, folded, read_plain
from operations.facts import facts
from operations.parts import Parts
from operations.sources import Draft, Source, source_of
from storage.model.anything import custom_fields, custom_values

if TYPE_CHECKING:
    from language.fields import Kind
    from language.money import Money
    from storage.unit import UnitOfWork

SCALE = 1_000_000
KINDS: dict[str, Kind] = {
    "text": "text",
    "number": "text",
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
        if fold(row.key) in wanted or fold(row.label) in wanted:
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


class Custom(Parts):
    """The value of one custom field; loaded after the records, like a list of one."""

    def __init__(self, definition: sa.Row[Any]) -> None:
        super().__init__(custom_values, custom_values.c.record_id)
        self.definition = definition
        self.kind: str = definition.kind

    def record_number(self) -> sa.Column[Any]:
        return source_of(self.definition.noun).table.c.id

    def fixed(self) -> dict[str, Any]:
        return {"field_id": self.definition.id, "noun": self.definition.noun}

    def statement(self) -> sa.Select[Any]:
        return sa.select(custom_values).where(custom_values.c.field_id == self.definition.id)

    def load(self, uow: UnitOfWork, ids: Sequence[int]) -> Mapping[int, Value]:
        found = {int(row["record_id"]): self.shown(uow, row) for row in self.rows(uow, ids)}
        return {number: found.get(number) for number in ids}

    def shown(self, uow: UnitOfWork, row: Mapping[str, Any]) -> Value:
        """The stored value as a plain value."""
        from datetime import date

        from language.money import Money
        from operations.find import label

        if self.kind in {"text", "choice"}:
            return cast("Value", row["content"])
        if self.kind == "date":
            return date.fromisoformat(row["content"])
        number = row["number"]
        if self.kind == "money":
            return Money(number, row["currency"])
        if self.kind == "flag":
            return bool(number)
        if self.kind == "link":
            return Ref(number, label(uow, self.definition.target, number))
        return show_millionths(number)

    def add(self, uow: UnitOfWork, record_id: int, values: Any) -> None:
        value = values[0] if isinstance(values, list) else values
        new = self.read(uow, value)
        rows = self.rows(uow, [record_id])
        if rows:
            uow.update(custom_values, rows[0]["id"], new)
        else:
            uow.insert(custom_values, record_id=record_id, **self.fixed(), **new)

    def read(self, uow: UnitOfWork, value: Any) -> dict[str, Any]:
        empty: dict[str, Any] = {"content": None, "number": None, "currency": None}
        if self.kind == "money":
            from language.money import Money, parse_money

            money: Money = (
                value
                if isinstance(value, Money)
                else parse_money(str(value), currency=uow.settings.currency)
            )
            return empty | {"number": money.minor, "currency": money.currency}
        if self.kind == "number":
            return empty | {"number": read_millionths(str(value))}
        if self.kind == "flag":
            flag = value if isinstance(value, bool) else read_flag(str(value))
            return empty | {"number": int(flag)}
        if self.kind == "link":
            from operations.find import find

            number = (
                value.id
                if isinstance(value, Ref)
                else find(uow, self.definition.target, str(value)).id
            )
            return empty | {"number": number}
        if self.kind == "date":
            day = value if hasattr(value, "isoformat") else read_plain("day", str(value), uow)
            return empty | {"content": day.isoformat()}
        if self.kind == "choice":
            allowed = tuple(self.definition.choices)
            exact = {fold(word): word for word in allowed}
            word = exact.get(fold(str(value)))
            return empty | {
                "content": word or read_choice(str(value), allowed, self.definition.label)
            }
        return empty | {"content": str(value)}

    def condition(self, uow: UnitOfWork, op: str, text: str) -> Condition:
        number = self.record_number()
        if op == "empty":
            return number.not_in(self.having())
        if op == "not empty":
            return number.in_(self.having())
        if op in {"!=", "!~"}:
            return number.not_in(self.having(self.matches(uow, op[1:], text)))
        return number.in_(self.having(self.matches(uow, op, text)))

    def matches(self, uow: UnitOfWork, op: str, text: str) -> Condition:
        if self.kind in {"text", "choice"}:
            column = folded(custom_values.c.content)
            if op == "~":
                return column.contains(fold(text), autoescape=True)
            return compare(column, op, fold(text))
        new = self.read(uow, text)
        if self.kind == "date":
            return compare(custom_values.c.content, op, new["content"])
        return compare(custom_values.c.number, op, new["number"])

    def order(self, uow: UnitOfWork) -> sa.ColumnElement[Any]:
        column = (
            custom_values.c.content
            if self.kind in {"text", "choice", "date"}
            else (custom_values.c.number)
        )
        return (
            sa.select(column)
            .where(
                custom_values.c.field_id == self.definition.id,
                custom_values.c.record_id == self.record_number(),
            )
            .correlate(source_of(self.definition.noun).table)
            .scalar_subquery()
        )


def read_millionths(text: str) -> int:
    """Read a number with up to six decimals as whole millionths."""
    from language.money import parse_number

    scaled = parse_number(text) * SCALE
    if scaled != scaled.to_integral_value() or abs(scaled) >= 2**62:
        raise InvalidValue(f"'{text}' has more than six decimals or is too large")
    return int(scaled)


def show_millionths(number: int) -> int | str:
    """A stored number: whole when it is whole, else its decimal text."""
    if number % SCALE == 0:
        return number // SCALE
    from decimal import Decimal

    return format((Decimal(number) / SCALE).normalize(), "f")


def key_from(label: str) -> str:
    """Make the key of a custom field from its label: `Shoe size` → `shoe_size`."""
    return re.sub(r"[^a-z0-9]+", "_", fold(label)).strip("_")


def _prepare(uow: UnitOfWork, draft: Draft) -> None:
    label = str(draft.now("label") or "")
    noun = str(draft.now("noun") or "")
    if noun not in ON:
        raise InvalidValue(f"'{noun}' cannot have custom fields", f"one of: {', '.join(ON)}")
    if draft.adding:
        draft.columns["key"] = key_from(label)
    if not draft.now("key"):
        raise InvalidValue(f"field label '{label}' needs at least one letter")
    known = NOUNS[noun].field(label) or NOUNS[noun].field(str(draft.now("key")))
    if draft.adding and known is not None:
        raise Conflict(f"{noun} has a field '{known.label}' already", "choose another label")
    kind = draft.now("kind")
    target = draft.now("target")
    if kind == "link" and target not in NOUNS:
        raise InvalidValue("a link needs the noun it points to", "add --target contact")


SOURCE = Source(
    noun="field",
    table=custom_fields,
    label=custom_fields.c.label,
    key=custom_fields.c.key,
    bindings={
        "noun": Plain(custom_fields.c.noun),
        "label": Plain(custom_fields.c.label),
        "key": Plain(custom_fields.c.key, fill=False),
        "kind": Plain(custom_fields.c.kind, "choice"),
        "choices": Plain(custom_fields.c.choices),
        "target": Plain(custom_fields.c.target),
        "required": Plain(custom_fields.c.required, "flag"),
        "help": Plain(custom_fields.c.help),
        **facts(custom_fields),
    },
    prepare=_prepare,
    describe=("noun", "kind"),
)
