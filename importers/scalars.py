"""One value a row: a reader for each kind of field, made for a whole column."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as made
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from importers.cells import DASHES, Column, as_number, as_text, is_nothing
from importers.orders import Decided, decide_days, decide_mark, in_order
from language.errors import CrmError, InvalidValue
from language.reading import read_field, read_flag
from language.text import clean, clean_line, one_of, quoted

if TYPE_CHECKING:
    from importers.sheet import Cell
    from language.fields import Field
    from language.reading import Reading

Read = Callable[[Any], Any]
UID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NUMBERS = frozenset({"integer", "number", "percent", "money", "minutes", "days"})
DAYS = frozenset({"day", "moment", "when", "date_fact"})
TOLD = NUMBERS | DAYS | {"flag", "choice"}
"""Kinds in which a word for nothing is read as empty and said."""
DASHED = TOLD | {"ref", "email", "phone", "address", "handle", "domain", "tag", "words", "member"}
_MONTH_DAY = re.compile(r"--?(\d{1,2})-?(\d{1,2})")
_ACTIVE = {"active": True, "activo": True, "activa": True, "enabled": True,
           "inactive": False, "inactivo": False, "inactiva": False, "disabled": False}  # fmt: skip


@dataclass(slots=True)
class Told:
    """How a column is to be read. `values`: what the program writes → what we write.

    `currency`: of amounts that name none. `ours`: a file that crm itself wrote, read exactly.
    """

    field: Field
    reading: Reading
    values: Mapping[str, str] = made(default_factory=dict)
    currency: str = ""
    ours: bool = False


def reader(told: Told, columns: Sequence[Column]) -> tuple[Read, list[str]]:
    """How one cell of these columns is read, and what was decided for all of them."""
    kind = told.field.kind
    if kind in DAYS:
        return _days(told, columns)
    if kind in NUMBERS:
        return _numbers(told, columns)
    return _plain(told), []


def _plain(told: Told) -> Read:
    kind, known = told.field.kind, told.field
    what = known.label.lower()
    if known.name == "uid":
        return lambda value: _uid(as_text(value))
    if kind == "long":
        return lambda value: clean(as_text(value), what=what)
    if kind == "flag":
        return _flag
    if kind == "choice" and known.choices != tuple(map(str.lower, known.choices)):
        words = {word: word for word in known.choices}
        return lambda value: one_of(as_text(value), words, what)
    if kind in {"choice", "repeat"}:
        return lambda value: read_field(known, as_text(value), told.reading)
    return lambda value: _line(as_text(value), what)


def _line(text: str, what: str) -> str:
    if text.isascii() and text.isprintable() and len(text) < 500:
        return text
    return clean_line(text, what)


def _uid(text: str) -> str | None:
    return text.lower() if UID.fullmatch(text.lower()) else None


def _flag(value: Cell) -> bool:
    if isinstance(value, bool):
        return value
    if value in (0, 1):
        return bool(value)
    text = as_text(value)
    known = _ACTIVE.get(text.lower())
    return read_flag(text) if known is None else known


# Days


def _days(told: Told, columns: Sequence[Column]) -> tuple[Read, list[str]]:
    from language.when import parse_day_in, parse_when_in

    kind, zone = told.field.kind, told.reading.zone
    texts = [text for column in columns for text in column.texts()]
    decided = Decided("ymd") if told.ours else decide_days(texts, told.reading)
    mixed = bool(decided.doubtful)
    if kind == "day":
        days = in_order(decided, parse_day_in, mixed=mixed)
        return lambda value: days(value) if isinstance(value, str) else _day(value), decided.notes
    if kind == "date_fact":
        facts = in_order(decided, parse_day_in, mixed=mixed)
        return lambda value: _date_fact(value, facts, told.reading), decided.notes
    whens = in_order(decided, lambda text, order: parse_when_in(text, order, zone), mixed=mixed)
    clocks = any(
        isinstance(cell, datetime) and cell.time() != time()
        for column in columns for cell in column.cells
    )  # fmt: skip
    naive = UTC if told.ours else zone

    def when(value: Cell) -> Any:
        if isinstance(value, str):
            return whens(value)
        return _when(value, naive, zone, clocks=clocks)

    return when, decided.notes


def _day(value: Cell) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    raise InvalidValue(f"{quoted(as_text(value))} is not a date")


def _when(value: Cell, naive: Any, zone: Any, *, clocks: bool) -> Any:
    from language.when_zone import When, moment_at

    if isinstance(value, datetime) and (clocks or value.tzinfo is not None):
        if value.tzinfo is None:
            moment = (
                value.replace(tzinfo=UTC)
                if naive is UTC
                else moment_at(value.date(), value.time(), naive)
            )
        else:
            moment = value.astimezone(UTC)
        return When(moment.astimezone(zone).date(), moment)
    return When(_day(value), None)


def _date_fact(value: Cell, days: Read, reading: Reading) -> str:
    """A day whose year may be unknown, as 1980-05-03 or 05-03."""
    from language.when import parse_day

    if not isinstance(value, str):
        day = _day(value)
        return _fact(day, known=day.year != 1604)
    found = _MONTH_DAY.fullmatch(value) or re.fullmatch(r"(\d\d)-(\d\d)", value)
    found = found or re.fullmatch(r"1604-(\d\d)-(\d\d)", value)
    if found:
        try:
            return _fact(date(2000, int(found[1]), int(found[2])), known=False)
        except ValueError:
            raise InvalidValue(f"{quoted(value)} is not a day of the year") from None
    try:
        return _fact(days(value), known=True)
    except InvalidValue:
        day = parse_day(
            value, now=reading.now, zone=reading.zone, past=True, day_first=reading.day_first
        )
        return _fact(day, known=re.search(r"\d{4}", value) is not None)


def _fact(day: date, *, known: bool) -> str:
    return day.isoformat() if known else f"{day:%m-%d}"


# Numbers


def _numbers(told: Told, columns: Sequence[Column]) -> tuple[Read, list[str]]:
    kind = told.field.kind
    if kind in {"minutes", "days"}:
        return lambda value: _counted(told, value), []
    texts = [text for column in columns for text in column.texts()]
    decided = Decided(".") if told.ours else decide_mark(texts)
    notes = list(decided.notes)
    if kind == "money":
        return lambda value: _money(told, decided, value, ""), notes
    if kind == "percent":
        fractions = not told.ours and _are_fractions(columns)
        if fractions:
            notes.append("0.25 is read as 25 %")
        return lambda value: _percent(value, fractions=fractions), notes
    if kind == "integer":
        return lambda value: _integer(decided, value), notes
    return lambda value: _number(decided, value), notes


def _are_fractions(columns: Sequence[Column]) -> bool:
    """Whether a workbook holds rates, as it does behind every cell shown as per cent."""
    numbers = [as_number(cell) for column in columns for cell in column.cells]
    known = [number for number in numbers if number is not None]
    return bool(known) and max(known) <= 1 and any(0 < number < 1 for number in known)


def _counted(told: Told, value: Cell) -> Any:
    return read_field(told.field, as_text(value), told.reading)


def _percent(value: Cell, *, fractions: bool) -> Any:
    from language.money import parse_percent

    number = as_number(value)
    if number is None:
        text = as_text(value)
        return parse_percent(re.sub(r"[.,]0+(?=\s*%?$)", "", text))
    return parse_percent(format((number * 100 if fractions else number).normalize(), "f"))


def _integer(decided: Decided, value: Cell) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 18:
        return int(value)
    number = _number(decided, value)
    if number != number.to_integral_value() or abs(number) >= 2**62:
        raise InvalidValue(f"{quoted(as_text(value))} is not a whole number")
    return int(number)


def _number(decided: Decided, value: Cell) -> Decimal:
    from language.money import parse_number

    number = as_number(value)
    if number is None:
        text = as_text(value)
        decided.refuse_doubtful(text)
        number = parse_number(text, mark=decided.way)
    return Decimal(format(number, "f"))


def _money(told: Told, decided: Decided, value: Cell, code: str) -> Any:
    from language.money import Money, parse_money, to_minor

    currency = told.currency or told.reading.currency
    number = as_number(value)
    if number is not None:
        from language.currencies import CURRENCIES

        code = code.upper() or currency
        if code in CURRENCIES:
            return Money(to_minor(number, code), code)
    text = as_text(value)
    decided.refuse_doubtful(text)
    written = f"{text} {code.upper()}" if code else text
    return parse_money(written, currency=currency, mark=decided.way)


def priced(told: Told, column: Column) -> tuple[Callable[[Any, str], Any], list[str]]:
    """How an amount is read whose currency stands in a column of its own."""
    decided = Decided(".") if told.ours else decide_mark(column.texts())
    return lambda value, code: _money(told, decided, value, code), list(decided.notes)


# A column of values


def mapped(told: Told, value: Cell) -> Cell:
    """What the profile says a value of the program means."""
    if told.values and isinstance(value, str):
        return told.values.get(value.strip().lower(), value)
    return value


def is_empty(told: Told, value: Cell) -> bool:
    """Whether a value of this kind of field says nothing."""
    if value is None:
        return True
    if not isinstance(value, str) or told.ours or told.field.kind not in DASHED:
        return False
    if told.field.kind in {"ref", "tag"}:
        # A company may be called Null: the database decides.
        return value in DASHES
    return is_nothing(value) and value.lower() not in told.field.choices


def reason_of(error: CrmError) -> str:
    """One line for a report: what is wrong, with its hint."""
    return f"{error.message.rstrip('.')}" + (f" ({error.hint})" if error.hint else "")
