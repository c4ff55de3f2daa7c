"""Where each noun's records are: its table, its label, and the binding of each field.

A binding says what one field *is* in the database: how to select it, compare it, sort by it and
write it. `operations.lists` and `operations.records` do the rest, the same for every noun.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa

from language.errors import InvalidValue
from language.fields import NOUNS
from language.text import closest

if TYPE_CHECKING:
    from operations.bindings import Binding
    from storage.unit import UnitOfWork

MODULES = {
    "contact": "operations.contacts",
    "company": "operations.companies",
    "deal": "operations.deals",
    "pipeline": "operations.pipelines",
    "stage": "operations.stages",
    "activity": "operations.activities",
    "task": "operations.tasks",
    "product": "operations.products",
    "user": "operations.users",
    "tag": "operations.tags",
    "field": "operations.custom_fields",
    "attachment": "operations.attachments",
}


@dataclass(slots=True)
class Draft:
    """A record about to be written, for the rules of its noun to fill, change or refuse.

    `columns` is what will be written; `before` is the row as it is, empty when adding; `values` is
    what the user filled.
    """

    columns: dict[str, Any]
    values: Mapping[str, object]
    before: Mapping[str, Any] = field(default_factory=dict)

    @property
    def adding(self) -> bool:
        """Whether the record is new."""
        return not self.before

    def now(self, column: str) -> Any:
        """What a column will hold after the write."""
        return self.columns[column] if column in self.columns else self.before.get(column)

    def moves(self, column: str) -> bool:
        """Whether a column will hold something else than before."""
        return column in self.columns and self.columns[column] != self.before.get(column)


def _no_rule(uow: UnitOfWork, draft: Draft) -> None:
    """Most nouns have no rule of their own."""


def _no_delete_rule(uow: UnitOfWork, record_id: int) -> None:
    """Most records may go to the trash, and come back."""


@dataclass(frozen=True, slots=True)
class Source:
    """One noun in the database.

    `prepare` holds the rules of the trade for adding and editing; `before_delete` may refuse a
    trip to the trash and `before_restore` the way back; `extra_keys` finds records by what only
    this noun has (an e-mail, a code).
    """

    noun: str
    table: sa.Table
    label: sa.ColumnElement[str]
    key: sa.Column[Any] | None
    bindings: Mapping[str, Binding]
    prepare: Callable[[UnitOfWork, Draft], None] = _no_rule
    before_delete: Callable[[UnitOfWork, int], None] = _no_delete_rule
    before_restore: Callable[[UnitOfWork, int], None] = _no_delete_rule
    extra_keys: Callable[[UnitOfWork, str], sa.Select[Any] | None] | None = None
    describe: tuple[str, ...] = ()

    @property
    def living(self) -> sa.ColumnElement[bool]:
        """Rows outside the trash."""
        return cast("sa.ColumnElement[bool]", self.table.c.deleted_at.is_(None))


def source_of(noun: str) -> Source:
    """Give the source of a noun, importing only that noun's module."""
    return cast("Source", import_module(MODULES[noun]).SOURCE)


def binding_of(uow: UnitOfWork, noun: str, name: str) -> tuple[str, Binding]:
    """Find a field's own name and its binding; custom fields count. Unknown: `InvalidValue`."""
    source = source_of(noun)
    known = NOUNS[noun].field(name)
    if known is not None and known.name in source.bindings:
        return known.name, source.bindings[known.name]
    from operations.custom_fields import custom_binding

    custom = custom_binding(uow, noun, name)
    if custom is not None:
        return custom
    from operations.custom_fields import keys_of

    names = [item.name for item in NOUNS[noun].fields if item.name in source.bindings]
    near = closest(name, [*names, *keys_of(uow, noun)])
    hint = f"did you mean {', '.join(near)}?" if near else f"fields: {', '.join(names)}"
    raise InvalidValue(f"{noun} has no field '{name}'", hint)
