"""Stored columns as people read them: a field's label, its value with references by name."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa

from language.errors import CrmError
from language.fields import NOUNS as WORDS
from language.money import Money
from language.values import Ref, Value
from storage.columns import Day, Flag, Json, Moment, read_moment
from storage.history import NOUNS, PARENTS, journaled_tables

if TYPE_CHECKING:
    from storage.unit import UnitOfWork

TABLES = {noun: table for table, noun in NOUNS.items()}

# Columns that hold what another column says already, or that only the program needs.
HIDDEN = frozenset(
    {"id", "uid", "version", "created_by_command", "created_at", "updated_at", "position",
     "external_source", "stage_since", "noun", "record_id", "field_id", "preferred", "follows_id",
     "given_name", "family_name", "currency", "slips", "sha256", "media_type"}
)  # fmt: skip
FIELDS = {
    "happened_at": "at",
    "gap_percent": "gap",
    "retry_on": "retry",
    "due_on": "due",
    "due_at": "due",
    "opened_on": "opened_at",
    "closed_on": "closed_at",
    "deleted_at": "in the trash",
}
PARTS = {
    "emails": ("E-mail", "address"),
    "phones": ("Phone", "raw"),
    "addresses": ("Address", "address"),
    "handles": ("Social", "handle"),
    "domains": ("Domain", "domain"),
    "interests": ("Interest", "name"),
    "taggings": ("Tag", "tag_id"),
    "relations": ("Relation", "other_id"),
    "deal_contacts": ("Contact", "contact_id"),
    "deal_products": ("Product", "product_id"),
    "activity_contacts": ("Contact", "contact_id"),
    "personal_dates": ("Date", "month_day"),
    "custom_values": ("Field", "content"),
    "flags": ("Unread", "content"),
    "distinctions": ("Different from", "other_id"),
}


@cache
def table_named(name: str) -> sa.Table:
    """The table of a name in history."""
    return next(table for table in journaled_tables() if table.name == name)


def is_hidden(table: str, column: str) -> bool:
    """Whether a column is bookkeeping that nobody asks about."""
    hidden = column in HIDDEN or column.endswith(("_key", "_currency", "e164"))
    return hidden or column in PARENTS.get(table, ())


def field_label(table: str, column: str) -> str:
    """What people call a column: `Job title`, `Company`, `Amount`."""
    name = FIELDS.get(column) or column.removesuffix("_id").removesuffix("_minor")
    noun = NOUNS.get(table)
    known = WORDS[noun].field(name) if noun is not None else None
    if known is not None:
        return known.label
    if table in PARTS and column == PARTS[table][1]:
        return PARTS[table][0]
    label = name.replace("_", " ")
    if table in PARTS:
        return f"{PARTS[table][0]} {label}"
    return label.capitalize()


def readable(uow: UnitOfWork, table: str, column: str, row: Mapping[str, Any]) -> Value:
    """A stored value as a typed one: references with their label, money, days, moments."""
    value = row.get(column)
    if value is None:
        return None
    declared = table_named(table).c[column]
    for key in declared.foreign_keys:
        return Ref(int(value), name_of(uow, key.column.table.name, int(value)))
    if column.endswith("_minor"):
        currency = row.get("currency") or row.get(column.removesuffix("_minor") + "_currency")
        return Money(int(value), str(currency)) if currency else int(value)
    kind = declared.type
    if isinstance(kind, Moment):
        return read_moment(value)
    if isinstance(kind, Day):
        from datetime import date

        return date.fromisoformat(value)
    if isinstance(kind, Flag):
        return bool(value)
    if isinstance(kind, Json):
        import json

        read = json.loads(value)
        return [str(item) for item in read] if isinstance(read, list) else str(read)
    return cast("Value", value)


def name_of(uow: UnitOfWork, table: str, number: int) -> str:
    """What people call a record, or its number when it is gone."""
    from operations.find import label

    noun = NOUNS.get(table, table)
    try:
        return label(uow, noun, number)
    except CrmError:
        return f"{noun} #{number}"


def part_value(uow: UnitOfWork, table: str, row: Mapping[str, Any]) -> Value:
    """A part of a record in one text: its value with its label or role."""
    if table == "custom_values":
        return _custom_value(uow, row)
    if table == "distinctions":
        return name_of(uow, TABLES[row["noun"]], int(row["other_id"]))
    value = readable(uow, table, PARTS[table][1], row)
    text = value.label if isinstance(value, Ref) else str(value or "")
    if table == "deal_products":
        from decimal import Decimal

        quantity = Decimal(row["quantity_milli"]) / 1000
        text = f"{text} x{quantity.normalize():f}"
    if table == "personal_dates" and row.get("year"):
        text = f"{row['year']}-{text}"
    extra = row.get("label") or row.get("role") or row.get("kind") or ""
    return text if extra in {"", "work", "web"} else f"{text} ({extra})"


def _custom_value(uow: UnitOfWork, row: Mapping[str, Any]) -> Value:
    from operations.custom_values import Custom
    from storage.model.anything import custom_fields

    definition = uow.first(sa.select(custom_fields).where(custom_fields.c.id == row["field_id"]))
    if definition is None:
        return str(row["content"] or row["number"])
    if definition.kind == "link":
        return name_of(uow, TABLES[definition.target], int(row["number"]))
    return cast("Value", Custom(definition).show(row))
