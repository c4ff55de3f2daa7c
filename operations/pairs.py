"""Fields kept in two columns: an amount with its currency, a day with its moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa

from language.money import Money, exponent, parse_money
from language.values import Value
from language.when import When, parse_when
from operations.bindings import Binding, Condition, compare, is_empty

if TYPE_CHECKING:
    from storage.unit import UnitOfWork

NO_DECIMALS = (
    "JPY",
    "KRW",
    "CLP",
    "VND",
    "ISK",
    "PYG",
    "UGX",
    "XAF",
    "XOF",
    "XPF",
    "RWF",
    "KMF",
    "GNF",
    "DJF",
    "BIF",
    "VUV",
)
THREE_DECIMALS = ("KWD", "BHD", "OMR", "JOD", "TND", "IQD", "LYD")


class MoneyPair(Binding):
    """Minor units and a currency. Without a currency, a filter compares major units of any."""

    def __init__(
        self, minor: sa.ColumnElement[Any], currency: sa.ColumnElement[Any], *, fill: bool = True
    ) -> None:
        self.minor = minor
        self.currency = currency
        self.fill = fill

    def select(self, uow: UnitOfWork, name: str) -> list[sa.ColumnElement[Any]]:
        return [self.minor.label(name), self.currency.label(f"{name}__currency")]

    def value(self, uow: UnitOfWork, row: Mapping[str, Any], name: str) -> Value:
        minor = row[name]
        return None if minor is None else Money(int(minor), row[f"{name}__currency"])

    def order(self, uow: UnitOfWork) -> sa.ColumnElement[Any]:
        return self.minor

    def columns(self, uow: UnitOfWork, value: object) -> dict[str, Any]:
        if not self.fill:
            return super().columns(uow, value)
        minor, currency = cast("sa.Column[Any]", self.minor), cast("sa.Column[Any]", self.currency)
        if value is None:
            return {minor.name: None, currency.name: None}
        money = cast("Money", value)
        return {minor.name: money.minor, currency.name: money.currency}

    def condition(self, uow: UnitOfWork, op: str, text: str) -> Condition:
        empty = is_empty(self.minor, op)
        if empty is not None:
            return empty
        money = parse_money(text, currency=uow.settings.currency)
        if any(letter.isalpha() and letter not in "kKmM" for letter in text) or any(
            sign in text for sign in "€$£¥"
        ):
            return sa.and_(compare(self.minor, op, money.minor), self.currency == money.currency)
        factor = 100 if exponent(money.currency) == 2 else 10 ** exponent(money.currency)
        scaled = sa.case(
            (self.currency.in_(NO_DECIMALS), money.minor // factor),
            (self.currency.in_(THREE_DECIMALS), money.minor * 1000 // factor),
            else_=money.minor * 100 // factor,
        )
        return compare(self.minor, op, scaled)


class DayAndMoment(Binding):
    """A business day, with the real moment where it is known (`closed_at`)."""

    def __init__(self, day: sa.Column[Any], moment: sa.Column[Any]) -> None:
        self.day = day
        self.moment = moment

    def select(self, uow: UnitOfWork, name: str) -> list[sa.ColumnElement[Any]]:
        return [self.day.label(name), self.moment.label(f"{name}__moment")]

    def value(self, uow: UnitOfWork, row: Mapping[str, Any], name: str) -> Value:
        return cast("Value", row[f"{name}__moment"] or row[name])

    def order(self, uow: UnitOfWork) -> sa.ColumnElement[Any]:
        return self.day

    def columns(self, uow: UnitOfWork, value: object) -> dict[str, Any]:
        if value is None:
            return {self.day.name: None, self.moment.name: None}
        if isinstance(value, When):
            return {self.day.name: value.day, self.moment.name: value.moment}
        if isinstance(value, datetime):
            return {self.day.name: value.astimezone(uow.zone).date(), self.moment.name: value}
        return {self.day.name: value, self.moment.name: None}

    def condition(self, uow: UnitOfWork, op: str, text: str) -> Condition:
        empty = is_empty(self.day, op)
        if empty is not None:
            return empty
        when = parse_when(
            text, now=uow.now, zone=uow.zone, past=True, day_first=uow.settings.day_first
        )
        return compare(self.day, op, when.day)


class Due(DayAndMoment):
    """A day that may have a time: read back as `When`."""

    def value(self, uow: UnitOfWork, row: Mapping[str, Any], name: str) -> Value:
        day: date | None = row[name]
        return None if day is None else When(day, row[f"{name}__moment"])

    def order(self, uow: UnitOfWork) -> sa.ColumnElement[Any]:
        return self.day

    def condition(self, uow: UnitOfWork, op: str, text: str) -> Condition:
        empty = is_empty(self.day, op)
        if empty is not None:
            return empty
        when = parse_when(text, now=uow.now, zone=uow.zone, day_first=uow.settings.day_first)
        return compare(self.day, op, when.day)
