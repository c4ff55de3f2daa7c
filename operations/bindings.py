"""What a field is in the database: one class a shape of column. See `operations.sources`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa

from language.errors import InvalidValue
from language.text import fold
from language.values import Ref, Value
from language.when import day_bounds, parse_days, parse_minutes, parse_when

if TYPE_CHECKING:
    from storage.unit import UnitOfWork

Condition = sa.ColumnElement[bool]


class Binding:
    """One field of one noun. `many` bindings are loaded after their records, for all at once."""

    many = False
    reverse = False  # whether ascending values mean descending `order`

    def select(self, uow: UnitOfWork, name: str) -> list[sa.ColumnElement[Any]]:
        """Columns to select, labelled with names that begin with `name`."""
        raise NotImplementedError

    def value(self, uow: UnitOfWork, row: Mapping[str, Any], name: str) -> Value:
        """The field's value from a selected row."""
        return cast("Value", row[name])

    def condition(self, uow: UnitOfWork, op: str, text: str) -> Condition:
        """Compare with what a user typed. Raises `InvalidValue` when it cannot be read."""
        raise NotImplementedError

    def order(self, uow: UnitOfWork) -> sa.ColumnElement[Any]:
        """What to sort by."""
        raise NotImplementedError

    def columns(self, uow: UnitOfWork, value: object) -> dict[str, Any]:
        """What to write for a value; None empties the field."""
        raise InvalidValue("this field cannot be filled by hand")

    def load(self, uow: UnitOfWork, ids: Sequence[int]) -> Mapping[int, Value]:
        """Values of a `many` binding, by record number."""
        raise NotImplementedError

    def inside(self, uow: UnitOfWork, make: Callable[[str], Condition]) -> Condition:
        """Condition on the records this field points to (`company.industry=SaaS`).

        `make(noun)` builds the condition on the other noun's table.
        """
        raise InvalidValue("this field does not lead to another record")


def folded(column: sa.ColumnElement[Any]) -> sa.ColumnElement[str]:
    """Text without case and accents, computed by the database."""
    return sa.func.crm_fold(column)


def compare(column: sa.ColumnElement[Any], op: str, value: Any) -> Condition:
    """Compare a column; a different value (`!=`) includes no value at all."""
    if op == "=":
        return cast("Condition", column == value)
    if op == "!=":
        return sa.or_(column.is_(None), column != value)
    if op in {">", ">=", "<", "<="}:
        return cast("Condition", column.op(op, is_comparison=True)(value))
    raise InvalidValue(f"'{op}' does not fit this field", "use = != > >= < <=")


def is_empty(column: sa.ColumnElement[Any], op: str) -> Condition | None:
    """Handle the two operators that ask for emptiness."""
    if op == "empty":
        return column.is_(None)
    if op == "not empty":
        return column.is_not(None)
    return None


class Plain(Binding):
    """One column that holds the value itself. `key`: the same text folded, for fast look-ups."""

    def __init__(
        self,
        column: sa.ColumnElement[Any],
        kind: str = "text",
        *,
        key: sa.ColumnElement[Any] | None = None,
        fill: bool = True,
        choices: tuple[str, ...] = (),
    ) -> None:
        self.column = column
        self.kind = kind
        self.key = key
        self.fill = fill
        self.choices = choices

    def select(self, uow: UnitOfWork, name: str) -> list[sa.ColumnElement[Any]]:
        return [self.column.label(name)]

    def order(self, uow: UnitOfWork) -> sa.ColumnElement[Any]:
        if self.kind == "text":
            return self.key if self.key is not None else folded(self.column)
        if self.choices:
            return sa.case({word: n for n, word in enumerate(self.choices)}, value=self.column)
        return self.column

    def columns(self, uow: UnitOfWork, value: object) -> dict[str, Any]:
        if not self.fill or not isinstance(self.column, sa.Column):
            return super().columns(uow, value)
        written: dict[str, Any] = {self.column.name: value}
        if value is None and not self.column.nullable:
            raise InvalidValue(f"{self.column.name} cannot be empty")
        if isinstance(self.key, sa.Column):
            written[self.key.name] = fold(str(value))
        return written

    def condition(self, uow: UnitOfWork, op: str, text: str) -> Condition:
        if self.choices and op in {">", ">=", "<", "<="}:
            from language.reading import read_choice

            place = self.choices.index(read_choice(text, self.choices, "value"))
            return compare(Plain.order(self, uow), op, place)
        if self.kind in {"text", "long", "choice"}:
            return self._text(op, text)
        empty = is_empty(self.column, op)
        if empty is not None:
            return empty
        if self.kind == "moment":
            return moment_condition(self.column, uow, op, text)
        return compare(self.column, op, read_plain(self.kind, text, uow))

    def _text(self, op: str, text: str) -> Condition:
        if op in {"empty", "not empty"}:
            filled = sa.and_(self.column.is_not(None), self.column != "")
            return sa.not_(filled) if op == "empty" else filled
        key = self.key if self.key is not None else folded(self.column)
        wanted = fold(text)
        if self.choices and op in {"=", "!="}:
            from language.reading import read_choice

            # Words of a closed list are stored as they are: no folding of half a million rows.
            return compare(self.column, op, read_choice(text, self.choices, "value"))
        if op == "~":
            return key.contains(wanted, autoescape=True)
        if op == "!~":
            return sa.or_(key.is_(None), sa.not_(key.contains(wanted, autoescape=True)))
        return compare(key, op, wanted)


def read_plain(kind: str, text: str, uow: UnitOfWork) -> Any:
    """Read what a filter compares a simple field with."""
    if kind == "day":
        return parse_when(text, now=uow.now, zone=uow.zone, day_first=uow.settings.day_first).day
    if kind == "days":
        return parse_days(text)
    if kind == "minutes":
        return parse_minutes(text)
    if kind == "flag":
        from language.reading import read_flag

        return read_flag(text)
    try:
        return int(text.rstrip("% "))
    except ValueError:
        raise InvalidValue(f"'{text}' is not a whole number") from None


def moment_condition(
    column: sa.ColumnElement[Any], uow: UnitOfWork, op: str, text: str
) -> Condition:
    """Compare a moment with a day (whole day, in the user's zone) or with another moment."""
    when = parse_when(text, now=uow.now, zone=uow.zone, past=True, day_first=uow.settings.day_first)
    if when.moment is not None:
        return compare(column, op, when.moment)
    start, end = day_bounds(when.day, uow.zone)
    if op == "=":
        return sa.and_(column >= start, column < end)
    if op == "!=":
        return sa.or_(column.is_(None), column < start, column >= end)
    edge = {">": end, ">=": start, "<": start, "<=": end}.get(op)
    if edge is None:
        raise InvalidValue(f"'{op}' does not fit a time", "use = != > >= < <=")
    return column >= edge if op in {">", ">="} else column < edge


class Link(Binding):
    """A foreign key to another noun; shown as its label, compared by anything that names it."""

    def __init__(self, column: sa.Column[Any], noun: str, *, fill: bool = True) -> None:
        self.column = column
        self.noun = noun
        self.fill = fill

    def _label(self) -> sa.ColumnElement[Any]:
        from operations.sources import source_of

        return label_of(source_of(self.noun).table, source_of(self.noun).label, self.column)

    def select(self, uow: UnitOfWork, name: str) -> list[sa.ColumnElement[Any]]:
        return [self.column.label(name), self._label().label(f"{name}__label")]

    def value(self, uow: UnitOfWork, row: Mapping[str, Any], name: str) -> Value:
        number = row[name]
        return None if number is None else Ref(int(number), row[f"{name}__label"] or f"#{number}")

    def order(self, uow: UnitOfWork) -> sa.ColumnElement[Any]:
        return folded(self._label())

    def columns(self, uow: UnitOfWork, value: object) -> dict[str, Any]:
        if not self.fill:
            return super().columns(uow, value)
        from operations.find import find

        if value is None:
            if not self.column.nullable:
                raise InvalidValue(f"{self.noun} cannot be empty")
            return {self.column.name: None}
        if isinstance(value, Ref):
            return {self.column.name: value.id}
        if isinstance(value, int):
            return {self.column.name: value}
        return {self.column.name: find(uow, self.noun, str(value)).id}

    def condition(self, uow: UnitOfWork, op: str, text: str) -> Condition:
        from operations.find import numbers_named
        from operations.sources import source_of

        empty = is_empty(self.column, op)
        if empty is not None:
            return empty
        if op in {"~", "!~"}:
            source = source_of(self.noun)
            key = source.key if source.key is not None else folded(source.label)
            inside = self.column.in_(
                sa.select(source.table.c.id)
                .where(key.contains(fold(text), autoescape=True))
                .correlate(None)
            )
            return inside if op == "~" else sa.or_(self.column.is_(None), sa.not_(inside))
        if op not in {"=", "!="}:
            raise InvalidValue(f"'{op}' does not fit a {self.noun}", "use = != ~")
        numbers = numbers_named(uow, self.noun, text)
        if op == "=":
            return self.column.in_(numbers)
        return sa.or_(self.column.is_(None), self.column.not_in(numbers))

    def inside(self, uow: UnitOfWork, make: Callable[[str], Condition]) -> Condition:
        from operations.sources import source_of

        target = source_of(self.noun).table
        return self.column.in_(sa.select(target.c.id).where(make(self.noun)).correlate(None))


@cache
def label_of(
    table: sa.Table, label: sa.ColumnElement[Any], column: sa.ColumnElement[Any]
) -> sa.ColumnElement[Any]:
    """The label of the record that a column points to, as a sub-query on a table of its own."""
    from sqlalchemy.sql.visitors import replacement_traverse

    other = table.alias()

    def swap(element: Any, **_: Any) -> Any:
        if isinstance(element, sa.Column) and element.table is table:
            return other.c[element.name]
        return None

    shown = replacement_traverse(label, {}, swap)
    return sa.select(shown).where(other.c.id == column).scalar_subquery()


class Computed(Plain):
    """A value worked out by the database; nobody fills it."""

    def __init__(
        self,
        make: Callable[[UnitOfWork], sa.ColumnElement[Any]],
        kind: str = "integer",
        choices: tuple[str, ...] = (),
    ) -> None:
        super().__init__(sa.null(), kind, fill=False, choices=choices)
        self.make = make

    def select(self, uow: UnitOfWork, name: str) -> list[sa.ColumnElement[Any]]:
        return [self.make(uow).label(name)]

    def value(self, uow: UnitOfWork, row: Mapping[str, Any], name: str) -> Value:
        found = row[name]
        return bool(found) if self.kind == "flag" and found is not None else cast("Value", found)

    def order(self, uow: UnitOfWork) -> sa.ColumnElement[Any]:
        return Plain(self.make(uow), self.kind, choices=self.choices).order(uow)

    def condition(self, uow: UnitOfWork, op: str, text: str) -> Condition:
        return Plain(self.make(uow), self.kind, choices=self.choices).condition(uow, op, text)


class Elapsed(Binding):
    """Whole days since a moment: compared through the moment, so that an index can serve it."""

    reverse = True

    def __init__(self, make: Callable[[UnitOfWork], sa.ColumnElement[Any]]) -> None:
        self.make = make

    def select(self, uow: UnitOfWork, name: str) -> list[sa.ColumnElement[Any]]:
        return [self.make(uow).label(name)]

    def value(self, uow: UnitOfWork, row: Mapping[str, Any], name: str) -> Value:
        moment: datetime | None = row[name]
        return None if moment is None else max(0, (uow.now - moment).days)

    def order(self, uow: UnitOfWork) -> sa.ColumnElement[Any]:
        return self.make(uow)

    def condition(self, uow: UnitOfWork, op: str, text: str) -> Condition:
        moment = self.make(uow)
        empty = is_empty(moment, op)
        if empty is not None:
            return empty
        days = parse_days(text)
        at_least = moment <= uow.now - timedelta(days=days)
        more = moment <= uow.now - timedelta(days=days + 1)
        if op == "=":
            return sa.and_(at_least, sa.not_(more))
        if op == "!=":
            return sa.or_(moment.is_(None), sa.not_(at_least), more)
        chosen = {">=": at_least, ">": more, "<": sa.not_(at_least), "<=": sa.not_(more)}.get(op)
        if chosen is None:
            raise InvalidValue(f"'{op}' does not fit a number of days", "use = != > >= < <=")
        return chosen
