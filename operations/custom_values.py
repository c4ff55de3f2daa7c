"""The value of a custom field as a binding: read, checked, compared and sorted by its kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa

from language.errors import InvalidValue
from language.money import Money, parse_money, parse_number
from language.reading import read_flag
from language.text import clean_line, fold, one_of
from language.values import Ref, Value
from operations.bindings import Condition, Link, compare, folded, read_plain
from operations.pairs import MoneyPair
from operations.parts import Parts
from operations.sources import source_of
from storage.model.anything import custom_values

if TYPE_CHECKING:
    from storage.unit import UnitOfWork

SCALE = 1_000_000
EMPTY: dict[str, Any] = {"content": None, "number": None, "currency": None}


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
        rows = self.rows(uow, ids)
        labels = self._labels(uow, [row["number"] for row in rows])
        found = {int(row["record_id"]): self._value(row, labels) for row in rows}
        return {number: found.get(number) for number in ids}

    def _labels(self, uow: UnitOfWork, numbers: Sequence[int]) -> dict[int, str]:
        if self.kind != "link" or not numbers:
            return {}
        target = source_of(self.definition.target)
        rows = uow.rows(
            sa.select(target.table.c.id, target.label.label("label")).where(
                target.table.c.id.in_(set(numbers))
            )
        )
        return {row.id: row.label for row in rows}

    def _value(self, row: Mapping[str, Any], labels: Mapping[int, str]) -> Value:
        number = row["number"]
        match self.kind:
            case "date":
                return date.fromisoformat(row["content"])
            case "money":
                return Money(number, row["currency"])
            case "flag":
                return bool(number)
            case "link":
                return Ref(number, labels.get(number) or f"#{number}")
            case "number":
                return show_millionths(number)
        return cast("Value", row["content"])

    # Writing

    def add(self, uow: UnitOfWork, record_id: int, values: Any) -> None:
        value = values[0] if isinstance(values, list) else values
        if isinstance(value, str) and not value.strip():
            self.clear(uow, record_id)
            return
        new = self.read(uow, value)
        rows = self.rows(uow, [record_id])
        if rows:
            uow.update(custom_values, rows[0]["id"], new)
        else:
            uow.insert(custom_values, record_id=record_id, **self.fixed(), **new)

    def clear(self, uow: UnitOfWork, record_id: int) -> None:
        if self.definition.required:
            raise InvalidValue(
                f"a {self.definition.noun} needs {self.definition.label}",
                f"or make it optional: crm field edit {self.definition.id} --required no",
            )
        super().clear(uow, record_id)

    def same(self, row: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
        return all(row[name] == new[name] for name in EMPTY)

    def show(self, row: Mapping[str, Any]) -> object:
        return self._value(row, {})

    def read(self, uow: UnitOfWork, value: Any) -> dict[str, Any]:
        """Columns for a value, typed or as text; raises `InvalidValue` naming the field."""
        label = self.definition.label
        try:
            return EMPTY | self._columns(uow, value)
        except InvalidValue as error:
            if error.message.startswith(label):
                raise
            raise InvalidValue(f"{label}: {error.message}", error.hint) from None

    def _columns(self, uow: UnitOfWork, value: Any) -> dict[str, Any]:
        text = str(value)
        match self.kind:
            case "money":
                typed = isinstance(value, Money)
                money = value if typed else parse_money(text, currency=uow.settings.currency)
                return {"number": money.minor, "currency": money.currency}
            case "number":
                typed = isinstance(value, int | Decimal)
                return {"number": read_millionths(value if typed else text)}
            case "flag":
                return {"number": int(value if isinstance(value, bool) else read_flag(text))}
            case "link":
                return {"number": self._linked(uow, value)}
            case "date":
                day = value if isinstance(value, date) else read_plain("day", text, uow)
                return {"content": day.isoformat()}
            case "choice":
                words = {word: word for word in self.definition.choices}
                return {"content": one_of(text, words, self.definition.label)}
        return {"content": clean_line(text, self.definition.label, 100_000)}

    def _linked(self, uow: UnitOfWork, value: Any) -> int:
        from operations.find import find

        if isinstance(value, Ref | int):
            return value.id if isinstance(value, Ref) else value
        return find(uow, self.definition.target, str(value)).id

    # Filtering and sorting

    def condition(self, uow: UnitOfWork, op: str, text: str) -> Condition:
        number = self.record_number()
        if op == "empty":
            return number.not_in(self.having())
        if op == "not empty":
            return number.in_(self.having())
        if op in {"!=", "!~"}:
            return number.not_in(
                self.having(self.matches(uow, op[1:] if op == "!=" else "~", text))
            )
        return number.in_(self.having(self.matches(uow, op, text)))

    def matches(self, uow: UnitOfWork, op: str, text: str) -> Condition:
        content, number = custom_values.c.content, custom_values.c.number
        if self.kind == "link":
            return Link(number, self.definition.target).condition(uow, op, text)
        if self.kind == "money":
            return MoneyPair(number, custom_values.c.currency).condition(uow, op, text)
        if self.kind in {"text", "choice"}:
            if op == "~":
                return folded(content).contains(fold(text), autoescape=True)
            wanted = self.read(uow, text)["content"] if self.kind == "choice" else text
            return compare(folded(content), op, fold(wanted))
        name = "content" if self.kind == "date" else "number"
        return compare(custom_values.c[name], op, self.read(uow, text)[name])

    def inside(self, uow: UnitOfWork, make: Any) -> Condition:
        if self.kind != "link":
            return super().inside(uow, make)
        linked = Link(custom_values.c.number, self.definition.target).inside(uow, make)
        return self.record_number().in_(self.having(linked))

    def order(self, uow: UnitOfWork) -> sa.ColumnElement[Any]:
        return (
            sa.select(self._sorts_by(uow))
            .where(
                custom_values.c.field_id == self.definition.id,
                custom_values.c.record_id == self.record_number(),
            )
            .correlate(source_of(self.definition.noun).table)
            .scalar_subquery()
        )

    def _sorts_by(self, uow: UnitOfWork) -> sa.ColumnElement[Any]:
        content, number = custom_values.c.content, custom_values.c.number
        match self.kind:
            case "text":
                return folded(content)
            case "date":
                return content
            case "choice":
                places = {word: at for at, word in enumerate(self.definition.choices)}
                return sa.case(places, value=content, else_=len(places))
            case "link":
                return Link(number, self.definition.target).order(uow)
        return number


def read_millionths(value: str | int | Decimal) -> int:
    """A number with up to six decimals, typed or as text, in whole millionths."""
    try:
        number = parse_number(value) if isinstance(value, str) else Decimal(value)
    except InvalidValue:
        raise InvalidValue(f"'{value}' is not a number", "for example: 42, 1.5 or 12k") from None
    scaled = number * SCALE
    if scaled != scaled.to_integral_value() or abs(scaled) >= 2**62:
        raise InvalidValue(f"'{value}' has more than six decimals or is too large")
    return int(scaled)


def show_millionths(number: int) -> int | Decimal:
    """A stored number: whole when it is whole, else exact."""
    whole, rest = divmod(number, SCALE)
    return (Decimal(number) / SCALE).normalize() if rest else whole
