"""Records as people and programs read them: the same headings and cells for every surface.

`cell_text` is for eyes (terminal, board, Markdown); `plain_record` is for programs (JSON, CSV,
Excel): money as a number in major units with its currency beside it, references as their label
with the number beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from language.fields import Field, Noun
from language.money import Money, to_major
from language.values import Record, Ref
from language.when import When, show_day, show_minutes, show_moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

RIGHT = frozenset({"integer", "number", "percent", "money", "days", "minutes"})


@dataclass(frozen=True, slots=True)
class Look:
    """How values are shown: the moment, the user's zone and language."""

    now: datetime
    zone: tzinfo | None = None
    lang: str = "en"


def cell_text(value: object, look: Look, field: Field | None = None) -> str:
    """One value as a person reads it. The text may hold anything: pass it through `safe`."""
    if value is None or value in ("", []):
        return ""
    kind = field.kind if field is not None else ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(cell_text(item, look) for item in value)
    if isinstance(value, Money):
        from language.money import show_money

        return show_money(value.minor, value.currency, lang=look.lang)
    if isinstance(value, Ref):
        return value.label
    if isinstance(value, When | datetime | date):
        return _time_text(value, look)
    if kind == "percent":
        # A rate worked out to decimals is set apart from a whole percentage that somebody typed.
        return f"{value} %" if isinstance(value, Decimal) else f"{value}%"
    if kind == "repeat":
        from language.repeat import show_repeat

        return show_repeat(str(value))
    if kind == "days":
        return f"{value} d"
    if kind == "minutes" and isinstance(value, int):
        return show_minutes(value)
    if kind == "integer" and isinstance(value, int) and field is not None and _is_a_count(field):
        return f"{value:,}"
    return str(value)


def _is_a_count(field: Field) -> bool:
    return field.name not in {"id", "founded", "version", "position"}


def _time_text(value: When | datetime | date, look: Look) -> str:
    if isinstance(value, When):
        value = value.moment or value.day
    if isinstance(value, datetime):
        return show_moment(value, now=look.now, zone=look.zone, lang=look.lang)
    today = look.now.astimezone(look.zone).date()
    return show_day(value, today=today, lang=look.lang)


def plain_record(record: Record, *, numbers: bool = True) -> dict[str, Any]:
    """A record with values that JSON, CSV and Excel can hold.

    With `numbers`, every reference `company` is followed by `company_id`.
    """
    plain: dict[str, Any] = {}
    for name, value in record.items():
        if isinstance(value, Money):
            plain[name] = to_major(value.minor, value.currency)
            plain[currency_key(name)] = value.currency
        elif isinstance(value, Ref):
            plain[name] = value.label
            if numbers:
                plain[f"{name}_id"] = value.id
        elif isinstance(value, When):
            plain[name] = value.moment or value.day
        elif isinstance(value, list):
            plain[name] = [item.label if isinstance(item, Ref) else item for item in value]
            if numbers and value and all(isinstance(item, Ref) for item in value):
                plain[f"{name}_ids"] = [item.id for item in value if isinstance(item, Ref)]
        else:
            plain[name] = value
    return plain


def currency_key(name: str) -> str:
    """Key of the currency that belongs to a money field."""
    return "currency" if name in {"amount", "price"} else f"{name}_currency"


def stable_record(record: Record, fields: Sequence[Field]) -> dict[str, Any]:
    """`plain_record` with every key of every field, also of empty ones: one shape for scripts."""
    plain = plain_record(record)
    shaped: dict[str, Any] = {"id": record["id"]} if "id" in record else {}
    for field in fields:
        shaped[field.name] = plain.get(field.name, [] if field.many else None)
        if field.kind == "money":
            key = currency_key(field.name)
            shaped[key] = plain.get(key)
        elif field.kind == "ref":
            shaped[f"{field.name}_id"] = plain.get(f"{field.name}_id")
        elif field.kind == "member":
            shaped[f"{field.name}_ids"] = plain.get(f"{field.name}_ids", [])
    return shaped


def fields_for(noun: Noun, names: Iterable[str], custom: Sequence[Field] = ()) -> list[Field]:
    """Fields by their own names, custom ones included, in the order asked for."""
    known = {field.name: field for field in (*custom, *noun.fields)}
    return [known[name] for name in names if name in known]
