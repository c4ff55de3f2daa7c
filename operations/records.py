"""Add, edit, trash and restore records of any noun; the rules of a noun live in its `prepare`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa

from language.errors import Conflict, InvalidValue, NotFound
from language.fields import NOUNS, field_named
from language.values import Changed, Ref, Values
from operations import find
from operations.lists import select_records
from operations.parts import Parts
from operations.sources import Draft, binding_of, source_of

if TYPE_CHECKING:
    from operations.bindings import Binding
    from storage.unit import UnitOfWork


def add(
    uow: UnitOfWork,
    noun: str,
    values: Values,
    *,
    columns: Mapping[str, Any] | None = None,
    complete: bool = True,
) -> Ref:
    """Add a record; raises `InvalidValue`, `Conflict`, `NotFound` or `NotAllowed`.

    `columns` are written too, as they are: what nobody fills by hand. Not `complete`: required
    custom fields may be empty, because nobody could fill them here.
    """
    source = source_of(noun)
    values = _own_names(uow, noun, values)
    bound = _bound(uow, noun, values)
    draft = Draft({**_columns(uow, bound, values), **(columns or {})}, values)
    source.prepare(uow, draft)
    _must_have_title(noun, source.table, draft.columns)
    try:
        number = uow.insert(source.table, **draft.columns)
    except sa.exc.IntegrityError as error:
        raise _twice(uow, noun, draft.columns, error) from error
    _write_parts(uow, bound, values, number)
    from operations.custom_fields import check_required

    if complete:
        check_required(uow, noun, number)
    name = find.label(uow, noun, number)
    uow.summary = uow.summary or f"added {noun} #{number} {name}"
    uow.result = (noun, number)
    return Ref(number, name)


def edit(
    uow: UnitOfWork,
    noun: str,
    record_id: int,
    values: Values,
    *,
    clear: Sequence[str] = (),
    remove: Sequence[tuple[str, str]] = (),
    version: int | None = None,
) -> Changed:
    """Change fields of a record: set or add `values`, take `remove`d values away, empty `clear`.

    `version` guards against a change by somebody else since it was read (`Conflict`).
    """
    source = source_of(noun)
    emptied = [binding_of(uow, noun, name)[0] for name in clear]
    values = {**_own_names(uow, noun, values), **dict.fromkeys(emptied)}
    removed = [(binding_of(uow, noun, name), value) for name, value in remove]
    bound = _bound(uow, noun, values)
    names = list(dict.fromkeys([*bound, *(item[0][0] for item in removed)]))
    before = select_records(uow, noun, names, ids=[record_id])
    if not before:
        raise NotFound(f"there is no {noun} #{record_id}", f"see: crm {noun} list")
    row = (
        uow.connection.execute(sa.select(source.table).where(source.table.c.id == record_id))
        .mappings()
        .one()
    )
    draft = Draft(_columns(uow, bound, values), values, dict(row))
    source.prepare(uow, draft)
    _must_have_title(noun, source.table, {**row, **draft.columns})
    try:
        uow.update(source.table, record_id, draft.columns, version=version)
    except sa.exc.IntegrityError as error:
        raise _twice(uow, noun, draft.columns, error) from error
    for (name, binding), value in removed:
        _as_parts(noun, name, binding).remove(uow, record_id, [value])
    _write_parts(uow, bound, values, record_id)
    if "flagged" in source.bindings:
        from operations.flags import settle

        settle(uow, noun, record_id, (*values, *(name for (name, _), _ in removed)))
    after = select_records(uow, noun, names, ids=[record_id])[0]
    changed = {
        name: (before[0][name], after[name]) for name in names if before[0][name] != after[name]
    }
    if changed and not any(name in draft.columns for name in changed):
        uow.update(source.table, record_id, {"updated_at": uow.now})
    name = find.label(uow, noun, record_id)
    if not uow.summary:
        labels = [_label_of(noun, field) for field in changed]
        uow.summary = f"edited {noun} #{record_id} {name}: {', '.join(labels) or 'nothing'}"
    uow.result = (noun, record_id)
    return Changed(record_id, name, changed)


def _label_of(noun: str, name: str) -> str:
    known = field_named(noun, name)
    return known.label.lower() if known is not None else name


def delete(uow: UnitOfWork, noun: str, ids: Sequence[int]) -> int:
    """Move records to the trash, where `restore` finds them with all their links."""
    source = source_of(noun)
    for number in ids:
        source.before_delete(uow, number)
        uow.update(source.table, number, {"deleted_at": uow.now})
    names = [find.label(uow, noun, number) for number in ids[:3]]
    uow.summary = _counted("deleted", noun, ids, names)
    return len(ids)


def restore(uow: UnitOfWork, noun: str, ids: Sequence[int]) -> int:
    """Take records out of the trash; raises `Conflict` when a living one has its unique name."""
    source = source_of(noun)
    for number in ids:
        source.before_restore(uow, number)
        try:
            uow.update(source.table, number, {"deleted_at": None})
        except sa.exc.IntegrityError as error:
            name = find.label(uow, noun, number)
            raise Conflict(
                f"{noun} #{number} {name} cannot come back: its name or number is used again",
                "rename the other one first",
            ) from error
    names = [find.label(uow, noun, number) for number in ids[:3]]
    uow.summary = _counted("restored", noun, ids, names)
    return len(ids)


def _counted(verb: str, noun: str, ids: Sequence[int], names: Sequence[str]) -> str:
    if len(ids) == 1:
        return f"{verb} {noun} #{ids[0]} {names[0]}"
    return f"{verb} {len(ids)} {NOUNS[noun].plural}: {', '.join(names)}" + (
        "…" if len(ids) > len(names) else ""
    )


def _own_names(uow: UnitOfWork, noun: str, values: Values) -> Values:
    """The same values under the fields' own names: a custom field may be given by its label."""
    return {binding_of(uow, noun, name)[0]: value for name, value in values.items()}


def _bound(uow: UnitOfWork, noun: str, values: Values) -> dict[str, Binding]:
    return dict(binding_of(uow, noun, name) for name in values)


def _columns(uow: UnitOfWork, bound: Mapping[str, Binding], values: Values) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    for name, binding in bound.items():
        if not isinstance(binding, Parts):
            columns.update(binding.columns(uow, values[name]))
    return columns


def _write_parts(
    uow: UnitOfWork, bound: Mapping[str, Binding], values: Values, record_id: int
) -> None:
    for name, binding in bound.items():
        if isinstance(binding, Parts):
            value = values[name]
            if value is None:
                binding.clear(uow, record_id)
            else:
                binding.add(uow, record_id, cast("Sequence[Any]", value))


def _as_parts(noun: str, name: str, binding: Binding) -> Parts:
    if isinstance(binding, Parts):
        return binding
    raise InvalidValue(f"{noun} {name} holds one value only", f"use --clear {name}")


def _must_have_title(noun: str, table: sa.Table, columns: Mapping[str, Any]) -> None:
    title = NOUNS[noun].title
    if title in table.c and not table.c[title].nullable and not columns.get(title):
        if noun == "activity":
            return
        raise InvalidValue(f"a {noun} needs a {title}")


def _twice(
    uow: UnitOfWork, noun: str, columns: Mapping[str, Any], error: sa.exc.IntegrityError
) -> Exception:
    """Say which living record already has the unique value."""
    text = str(error.orig)
    if "UNIQUE" not in text.upper():
        return error
    source = source_of(noun)
    for name in ("name_key", "key", "code", "external_id"):
        if name in text and name in columns:
            same = uow.first(
                sa.select(source.table.c.id, source.label.label("label")).where(
                    source.living, source.table.c[name] == columns[name]
                )
            )
            if same is not None:
                return Conflict(
                    f"{noun} #{same.id} {same.label} has the same {name.removesuffix('_key')}",
                    f"edit that one: crm {noun} edit {same.id}",
                )
    return Conflict(f"another {noun} has that unique value already", f"see: crm {noun} list")
