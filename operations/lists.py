"""Read records of any noun: filtered, sorted, a page at a time, as plain values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from language.errors import NotFound
from language.fields import NOUNS
from language.filters import And, Compare, In, Node, Not, Or, parse_filter, parse_sort
from operations.sources import binding_of, source_of

if TYPE_CHECKING:
    from language.values import Record
    from operations.bindings import Binding, Condition
    from storage.unit import UnitOfWork

PAGE = 2_000


@dataclass(frozen=True, slots=True)
class Query:
    """What a list shows. `sort`: `name,-amount`; `limit` None: all; `fields` empty: the usual."""

    filter: str = ""
    sort: str = ""
    limit: int | None = None
    offset: int = 0
    fields: tuple[str, ...] = ()


def list_records(uow: UnitOfWork, noun: str, query: Query = Query()) -> list[Record]:
    """Records of a noun that pass the filter."""
    return list(stream_records(uow, noun, query))


def stream_records(uow: UnitOfWork, noun: str, query: Query) -> Iterator[Record]:
    """The same, a page at a time: for exports of any size."""
    names = [binding_of(uow, noun, name)[0] for name in query.fields or NOUNS[noun].columns]
    ids = select_ids(uow, noun, query)
    for start in range(0, len(ids), PAGE):
        yield from select_records(uow, noun, names, ids=ids[start : start + PAGE])


def select_ids(uow: UnitOfWork, noun: str, query: Query) -> list[int]:
    """Numbers of the records that a query shows, in its order."""
    source = source_of(noun)
    where = [source.living]
    if query.filter:
        where.append(condition(uow, noun, parse_filter(query.filter)))
    statement = sa.select(source.table.c.id).where(*where).offset(query.offset or None)
    if query.limit is not None:
        statement = statement.limit(query.limit)
    elif query.offset:
        statement = statement.limit(2**62)
    statement = statement.order_by(*ordering(uow, noun, query.sort))
    return list(uow.connection.execute(statement).scalars())


def count_records(uow: UnitOfWork, noun: str, filter_text: str = "") -> int:
    """How many records pass a filter."""
    source = source_of(noun)
    where = [source.living]
    if filter_text:
        where.append(condition(uow, noun, parse_filter(filter_text)))
    found = uow.scalar(sa.select(sa.func.count()).select_from(source.table).where(*where))
    return int(found)


def still_passing(
    uow: UnitOfWork, noun: str, filter_text: str, chosen: Sequence[Record]
) -> list[int]:
    """Numbers of those of some records that pass a filter now, for the unit that writes.

    Between the question that named them and the answer, somebody may have changed or deleted one.
    """
    asked = {record["id"] for record in chosen}
    passing = select_ids(uow, noun, Query(filter_text))
    return [number for number in passing if number in asked]


def get(
    uow: UnitOfWork,
    noun: str,
    record_id: int,
    names: Sequence[str] = (),
    *,
    trashed: bool | None = None,
) -> Record:
    """One record with the named fields, or with all of them, custom ones too."""
    names = names or all_fields(uow, noun)
    found = select_records(uow, noun, names, ids=[record_id], trashed=trashed)
    if not found:
        raise NotFound(f"there is no {noun} #{record_id}")
    return found[0]


def all_fields(uow: UnitOfWork, noun: str) -> list[str]:
    """Names of every field of a noun, custom ones last."""
    from operations.custom_fields import keys_of

    bound = source_of(noun).bindings
    own = [field.name for field in NOUNS[noun].fields if field.name in bound]
    return own + list(keys_of(uow, noun))


def select_records(
    uow: UnitOfWork,
    noun: str,
    names: Sequence[str],
    *,
    ids: Sequence[int],
    trashed: bool | None = False,
) -> list[Record]:
    """Records by number, in the order given. `trashed` None: living or not."""
    source = source_of(noun)
    bound = dict(binding_of(uow, noun, name) for name in names)
    columns: list[sa.ColumnElement[Any]] = [source.table.c.id.label("record_number")]
    for name, binding in bound.items():
        columns += binding.select(uow, name)
    where: list[Condition] = [source.table.c.id.in_(sa.bindparam("ids", expanding=True))]
    if trashed is not None:
        where.append(source.table.c.deleted_at.is_not(None) if trashed else source.living)
    statement = sa.select(*columns).where(*where)
    rows = [dict(row) for row in uow.connection.execute(statement, {"ids": list(ids)}).mappings()]
    by_number: dict[int, Record] = {}
    for row in rows:
        record: Record = {"id": int(row["record_number"])}
        for name, binding in bound.items():
            record[name] = None if binding.many else binding.value(uow, row, name)
        by_number[int(row["record_number"])] = record
    _load_parts(uow, bound, by_number)
    return [by_number[number] for number in ids if number in by_number]


def _load_parts(uow: UnitOfWork, bound: dict[str, Binding], records: dict[int, Record]) -> None:
    for name, binding in bound.items():
        if binding.many:
            loaded = binding.load(uow, list(records))
            for number, record in records.items():
                record[name] = loaded.get(number, [])


def condition(uow: UnitOfWork, noun: str, node: Node) -> Condition:
    """Turn a parsed filter into a condition on the noun's table."""
    match node:
        case And(parts):
            return sa.and_(*(condition(uow, noun, part) for part in parts))
        case Or(parts):
            return sa.or_(*(condition(uow, noun, part) for part in parts))
        case Not(part):
            inner = condition(uow, noun, part)
            return sa.not_(sa.func.coalesce(inner, sa.false()))
        case In(path, values):
            return sa.or_(*(_compare(uow, noun, path, "=", value) for value in values))
        case Compare(path, op, value):
            return _compare(uow, noun, path, op, value)


def _compare(uow: UnitOfWork, noun: str, path: tuple[str, ...], op: str, value: str) -> Condition:
    _, binding = binding_of(uow, noun, path[0])
    if len(path) == 1:
        return binding.condition(uow, op, value)
    return binding.inside(uow, lambda other: _compare(uow, other, path[1:], op, value))


def ordering(uow: UnitOfWork, noun: str, sort: str) -> list[sa.ColumnElement[Any]]:
    """What to order by; records that lack the field come last, ties go by number."""
    source = source_of(noun)
    order: list[sa.ColumnElement[Any]] = []
    for name, descending in parse_sort(sort or NOUNS[noun].sort):
        binding = binding_of(uow, noun, name)[1]
        column = binding.order(uow)
        down = descending != binding.reverse
        if not (isinstance(column, sa.Column) and not column.nullable):
            order.append(column.is_(None))
        order.append(column.desc() if down else column.asc())
    return [*order, source.table.c.id]
