"""Fields that hold several values: e-mails, phones, tags, people of a deal.

They are loaded after their records, for all records at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa

from language.errors import InvalidValue
from language.text import fold
from language.values import Ref, Value
from operations.bindings import Binding, Condition, compare, folded

if TYPE_CHECKING:
    from storage.unit import UnitOfWork

IDS = 500


class Parts(Binding):
    """A list held in a table of its own. Subclasses say how one row reads and is written."""

    many = True

    def __init__(self, table: sa.Table, owner: sa.Column[Any]) -> None:
        self.table = table
        self.owner = owner

    def select(self, uow: UnitOfWork, name: str) -> list[sa.ColumnElement[Any]]:
        return []

    def order(self, uow: UnitOfWork) -> sa.ColumnElement[Any]:
        raise InvalidValue("a list cannot be sorted by a field that holds several values")

    def rows(self, uow: UnitOfWork, ids: Sequence[int]) -> list[Mapping[str, Any]]:
        """Rows of some records, in order."""
        found: list[Mapping[str, Any]] = []
        for start in range(0, len(ids), IDS):
            statement = self.statement().where(self.owner.in_(ids[start : start + IDS]))
            found += [dict(row) for row in uow.connection.execute(statement).mappings()]
        return found

    def statement(self) -> sa.Select[Any]:
        """Select of all rows, preferred first, then as given."""
        order: list[sa.ColumnElement[Any]] = [self.table.c.id]
        if "preferred" in self.table.c:
            order.insert(0, self.table.c.preferred.desc())
        return sa.select(self.table).order_by(*order)

    def load(self, uow: UnitOfWork, ids: Sequence[int]) -> Mapping[int, Value]:
        listed: defaultdict[int, list[Any]] = defaultdict(list)
        for row in self.rows(uow, ids):
            listed[int(row[self.owner.name])].append(self.show(row))
        return cast("Mapping[int, Value]", listed)

    def show(self, row: Mapping[str, Any]) -> object:
        """One value as users read and type it."""
        raise NotImplementedError

    def read(self, uow: UnitOfWork, value: Any) -> dict[str, Any]:
        """Columns for one value that a user filled."""
        raise NotImplementedError

    def same(self, row: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
        """Whether a stored row is the same thing as a new one."""
        raise NotImplementedError

    def add(self, uow: UnitOfWork, record_id: int, values: Sequence[Any]) -> None:
        """Add values that are not there yet; the first one ever becomes the preferred."""
        rows = self.rows(uow, [record_id])
        for value in values:
            new = self.read(uow, value)
            same = next((row for row in rows if self.same(row, new)), None)
            if same is not None:
                self.again(uow, same, new)
                continue
            if "preferred" in self.table.c and not rows:
                new["preferred"] = True
            number = uow.insert(self.table, **{self.owner.name: record_id}, **self.fixed(), **new)
            rows.append({self.owner.name: record_id, "id": number, **new})

    def again(self, uow: UnitOfWork, row: Mapping[str, Any], new: Mapping[str, Any]) -> None:
        """Take over what is new about a value that is there already, such as its label."""
        label = new.get("label")
        if label and label != row.get("label"):
            uow.update(self.table, row["id"], {"label": label})

    def fixed(self) -> dict[str, Any]:
        """Columns that are the same for every row of this field."""
        return {}

    def remove(self, uow: UnitOfWork, record_id: int, values: Sequence[Any]) -> None:
        """Take values away; raises `InvalidValue` for one that is not there."""
        for value in values:
            new = self.read(uow, value)
            rows = self.rows(uow, [record_id])
            gone = [row for row in rows if self.same(row, new)]
            if not gone:
                has = ", ".join(str(self.show(row)) for row in rows) or "nothing"
                raise InvalidValue(f"'{value}' is not there to remove", f"there is: {has}")
            for row in gone:
                uow.delete(self.table, self.table.c.id == row["id"])
            left = [row for row in rows if row not in gone]
            if left and "preferred" in self.table.c and any(row["preferred"] for row in gone):
                uow.update(self.table, left[0]["id"], {"preferred": True})

    def clear(self, uow: UnitOfWork, record_id: int) -> None:
        """Take all values away."""
        for row in self.rows(uow, [record_id]):
            uow.delete(self.table, self.table.c.id == row["id"])

    def having(self, condition: Condition | None = None) -> sa.Select[Any]:
        """Numbers of the records that hold a row for which the condition is true."""
        fixed = [self.table.c[name] == value for name, value in self.fixed().items()]
        where = [self.owner.is_not(None), *fixed]
        if condition is not None:
            where.append(condition)
        return sa.select(self.owner).where(*where).correlate(None)

    def record_number(self) -> sa.Column[Any]:
        """The number column of the records this field belongs to."""
        return next(iter(self.owner.foreign_keys)).column

    def condition(self, uow: UnitOfWork, op: str, text: str) -> Condition:
        number = self.record_number()
        if op == "empty":
            return number.not_in(self.having())
        if op == "not empty":
            return number.in_(self.having())
        if op not in {"=", "!=", "~", "!~"}:
            raise InvalidValue(f"'{op}' does not fit a field of several values", "use = != ~ !~")
        inside = number.in_(self.having(self.matches(uow, op.lstrip("!") or "=", text)))
        return sa.not_(inside) if op in {"!=", "!~"} else inside

    def matches(self, uow: UnitOfWork, op: str, text: str) -> Condition:
        """Condition on one row of the list."""
        raise NotImplementedError


class Points(Parts):
    """A way to reach somebody: a value with a label, one preferred."""

    def __init__(
        self,
        table: sa.Table,
        owner: sa.Column[Any],
        value: sa.Column[Any],
        key: sa.Column[Any] | None,
        make: Callable[[UnitOfWork, str], dict[str, Any]],
        default_label: str = "work",
    ) -> None:
        super().__init__(table, owner)
        self.value_column = value
        self.key = key
        self.make = make
        self.default_label = default_label

    def show(self, row: Mapping[str, Any]) -> object:
        text = str(row[self.value_column.name])
        label = row.get("label", self.default_label)
        return text if label == self.default_label else f"{label}:{text}"

    def read(self, uow: UnitOfWork, value: Any) -> dict[str, Any]:
        from language.reading import split_label

        label, text = split_label(str(value))
        made = self.make(uow, text)
        if "label" in self.table.c and (label or "label" not in made):
            made["label"] = label or self.default_label
        return made

    def same(self, row: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
        if self.key is not None:
            return bool(row[self.key.name] == new[self.key.name])
        name = self.value_column.name
        return fold(str(row[name])) == fold(str(new[name]))

    def matches(self, uow: UnitOfWork, op: str, text: str) -> Condition:
        if op == "~":
            return folded(self.value_column).contains(fold(text), autoescape=True)
        if self.key is not None:
            try:
                wanted = self.read(uow, text)[self.key.name]
            except InvalidValue:
                wanted = fold(text)
            return compare(self.key, "=", wanted)
        return folded(self.value_column) == fold(text)


class Words(Parts):
    """A list of plain words, such as hobbies."""

    def __init__(
        self,
        table: sa.Table,
        owner: sa.Column[Any],
        value: sa.Column[Any],
        fixed: Mapping[str, Any],
    ) -> None:
        super().__init__(table, owner)
        self.value_column = value
        self._fixed = dict(fixed)

    def statement(self) -> sa.Select[Any]:
        where = [self.table.c[name] == value for name, value in self._fixed.items()]
        return super().statement().where(*where)

    def fixed(self) -> dict[str, Any]:
        return self._fixed

    def show(self, row: Mapping[str, Any]) -> object:
        return str(row[self.value_column.name])

    def read(self, uow: UnitOfWork, value: Any) -> dict[str, Any]:
        return {self.value_column.name: str(value)}

    def same(self, row: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
        name = self.value_column.name
        return fold(str(row[name])) == fold(str(new[name]))

    def matches(self, uow: UnitOfWork, op: str, text: str) -> Condition:
        column = folded(self.value_column)
        return column.contains(fold(text), autoescape=True) if op == "~" else column == fold(text)


class Members(Parts):
    """Other records of a noun, each with a role where the table has one: `ana:decision maker`."""

    def __init__(
        self, table: sa.Table, owner: sa.Column[Any], member: sa.Column[Any], noun: str
    ) -> None:
        super().__init__(table, owner)
        self.member = member
        self.noun = noun

    def statement(self) -> sa.Select[Any]:
        from operations.bindings import label_of
        from operations.sources import source_of

        source = source_of(self.noun)
        label = label_of(source.table, source.label, self.member)
        return super().statement().add_columns(label.label("member_label"))

    def show(self, row: Mapping[str, Any]) -> object:
        label = row["member_label"] or f"#{row[self.member.name]}"
        if row.get("role"):
            label = f"{label} ({row['role']})"
        return Ref(int(row[self.member.name]), label)

    def read(self, uow: UnitOfWork, value: Any) -> dict[str, Any]:
        from operations.find import find

        if isinstance(value, int | Ref):
            return {self.member.name: value.id if isinstance(value, Ref) else value}
        text, _, role = str(value).partition(":")
        new: dict[str, Any] = {self.member.name: find(uow, self.noun, text.strip()).id}
        if "role" in self.table.c:
            new["role"] = role.strip() or None
        elif role:
            raise InvalidValue(f"'{value}': there are no roles here", f"give only {text.strip()}")
        return new

    def again(self, uow: UnitOfWork, row: Mapping[str, Any], new: Mapping[str, Any]) -> None:
        if new.get("role"):
            uow.update(self.table, row["id"], {"role": new["role"]})

    def same(self, row: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
        return bool(row[self.member.name] == new[self.member.name])

    def matches(self, uow: UnitOfWork, op: str, text: str) -> Condition:
        from operations.bindings import Link

        return Link(self.member, self.noun).condition(uow, op, text)

    def inside(self, uow: UnitOfWork, make: Callable[[str], Condition]) -> Condition:
        from operations.sources import source_of

        target = source_of(self.noun).table
        ids = sa.select(target.c.id).where(make(self.noun)).correlate(None)
        return self.record_number().in_(self.having(self.member.in_(ids)))


class Tagged(Parts):
    """The tags of a record; a new word becomes a tag."""

    def __init__(self, noun: str, number: sa.Column[Any]) -> None:
        from storage.model.anything import taggings

        super().__init__(taggings, taggings.c.record_id)
        self.noun = noun
        self.number = number

    def fixed(self) -> dict[str, Any]:
        return {"noun": self.noun}

    def record_number(self) -> sa.Column[Any]:
        return self.number

    def statement(self) -> sa.Select[Any]:
        from storage.model.anything import taggings, tags

        return (
            sa.select(taggings, tags.c.name)
            .join(tags, tags.c.id == taggings.c.tag_id)
            .where(taggings.c.noun == self.noun, tags.c.deleted_at.is_(None))
            .order_by(tags.c.name_key)
        )

    def show(self, row: Mapping[str, Any]) -> object:
        return str(row["name"])

    def read(self, uow: UnitOfWork, value: Any) -> dict[str, Any]:
        from operations.tags import tag_number

        return {"tag_id": tag_number(uow, str(value))}

    def same(self, row: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
        return bool(row["tag_id"] == new["tag_id"])

    def again(self, uow: UnitOfWork, row: Mapping[str, Any], new: Mapping[str, Any]) -> None:
        return

    def matches(self, uow: UnitOfWork, op: str, text: str) -> Condition:
        from storage.model.anything import tags

        key = tags.c.name_key
        wanted = key.contains(fold(text), autoescape=True) if op == "~" else key == fold(text)
        if op != "~":
            from operations.find import numbers_named

            numbers_named(uow, "tag", text)
        living = sa.select(tags.c.id).where(wanted, tags.c.deleted_at.is_(None)).correlate(None)
        return self.table.c.tag_id.in_(living)
