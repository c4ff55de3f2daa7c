"""What hangs on the records that go in a merge moves to the one that stays.

The tables are those of the schema that name a contact or company, by foreign key or by noun and
number. A row that would then say what another says already is removed; history keeps it for undo.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from language.text import fold
from operations.reversal import TABLES, chunks
from storage.history import ON_ANY_RECORD, journaled_tables
from storage.model.anything import custom_fields, custom_values

if TYPE_CHECKING:
    from storage.unit import UnitOfWork

Row = Mapping[str, Any]
Same = Callable[[Row], tuple[object, ...]]


def _by(*names: str) -> Same:
    return lambda row: tuple(row[name] for name in names)


# What makes two rows of one record the same thing. Consent, once there is any, belongs here too:
# the stricter wins.
SAME: dict[str, Same] = {
    "emails": _by("address_key"),
    "phones": _by("number_key"),
    "addresses": lambda row: (fold(row["address"]),),
    "handles": lambda row: (row["label"], fold(row["handle"])),
    "domains": _by("domain_key"),
    # People are born once; any other day may come twice under one word.
    "personal_dates": lambda row: (
        ("birthday",) if row["label"] == "birthday" else (row["label"], row["month_day"])
    ),
    "interests": lambda row: (row["kind"], fold(row["name"])),
    "relations": _by("contact_id", "other_id", "kind"),
    "deal_contacts": _by("deal_id"),
    "activity_contacts": _by("activity_id"),
    "taggings": _by("tag_id"),
    "custom_values": _by("field_id"),
    "flags": _by("field", "content"),
    "distinctions": _by("record_id", "other_id"),
}
_MUTUAL = frozenset({"relations", "distinctions"})  # two records of one noun


@dataclass(slots=True)
class Move:
    """One merge under way: `keep` stays, `others` go, in this order of weight.

    `taken`: custom fields whose value comes from one of the others: field → record. `moved` counts
    rows by table; `dropped` are the rows that said the same, or stood in the way.
    """

    uow: UnitOfWork
    noun: str
    keep: int
    others: tuple[int, ...]
    taken: Mapping[int, int] = field(default_factory=dict)
    moved: Counter[str] = field(default_factory=Counter)
    dropped: list[tuple[str, Row]] = field(default_factory=list)

    def run(self) -> None:
        """Move everything."""
        for table, columns in links_to(self.noun):
            if table.name in _MUTUAL:
                self._move_mutual(table, columns)
            elif table.name in SAME:
                self._move_parts(table, columns[0])
            else:
                for column in columns:
                    self._move_records(table, column)
        self._move_custom_links()

    def _where(self, table: sa.Table) -> list[sa.ColumnElement[bool]]:
        return [table.c.noun == self.noun] if table.name in ON_ANY_RECORD else []

    def _rows(self, table: sa.Table, column: str, ids: Sequence[int]) -> list[Row]:
        """Rows that name some records, in the order of the records."""
        statement = sa.select(table).where(table.c[column].in_(ids), *self._where(table))
        rows = self.uow.connection.execute(statement.order_by(table.c.id)).mappings().all()
        place = {number: at for at, number in enumerate((self.keep, *self.others))}
        return sorted(map(dict, rows), key=lambda row: place[row[column]])

    def _write(self, table: sa.Table, rows: Sequence[tuple[Row, dict[str, Any]]]) -> None:
        """Change rows, each with its new values: the same names in all."""
        self.uow.update_many(table, [{"id": row["id"], **new} for row, new in rows])
        self.uow.touch_rows(table, [row for row, _ in rows])
        self.uow.touch_rows(table, [{**row, **new} for row, new in rows])
        self.moved[table.name] += len(rows)

    def _drop(self, table: sa.Table, rows: Sequence[Row]) -> None:
        for chunk in chunks([row["id"] for row in rows]):
            self.uow.delete(table, table.c.id.in_(chunk))
        self.dropped += [(table.name, row) for row in rows]

    def _move_records(self, table: sa.Table, column: str) -> None:
        """Records that name one of the others: deals of a company, tasks of a contact."""
        own = table.name == TABLES[self.noun]
        merged = {self.keep, *self.others} if own else set()
        rows = [row for row in self._rows(table, column, self.others) if row["id"] not in merged]
        self._write(table, [(row, {column: self.keep}) for row in rows])

    def _move_parts(self, table: sa.Table, column: str) -> None:
        mine = self._rows(table, column, [self.keep])
        theirs = self._rows(table, column, self.others)
        gone = [row for row in (*mine, *theirs) if self._gives_way(table, row)]
        self._drop(table, gone)
        same = SAME[table.name]
        there = {same(row): row for row in reversed(mine) if row not in gone}
        has_preferred = any(row.get("preferred") for row in there.values())
        moving: list[tuple[Row, dict[str, Any]]] = []
        double: list[Row] = []
        for row in theirs:
            if row in gone:
                continue
            twin = there.setdefault(same(row), row)
            if twin is not row:
                double.append(row)
                self._fill_role(table, twin, row)
                continue
            new: dict[str, Any] = {column: self.keep}
            if "preferred" in table.c:
                new["preferred"] = bool(row["preferred"]) and not has_preferred
                has_preferred = has_preferred or new["preferred"]
            moving.append((row, new))
        self._drop(table, double)
        self._write(table, moving)

    def _gives_way(self, table: sa.Table, row: Row) -> bool:
        """Whether the value of a custom field is replaced by one that was asked for."""
        if table.name != "custom_values" or row["field_id"] not in self.taken:
            return False
        return bool(self.taken[row["field_id"]] != row["record_id"])

    def _fill_role(self, table: sa.Table, row: Row, double: Row) -> None:
        """One contact twice in a deal: its role stays known."""
        if "role" in table.c and not row["role"] and double["role"]:
            self.uow.update(table, row["id"], {"role": double["role"]})

    def _move_mutual(self, table: sa.Table, columns: Sequence[str]) -> None:
        """Rows between two records of this noun: none with itself, none twice."""
        merged = (self.keep, *self.others)
        found = {row["id"]: row for column in columns for row in self._rows(table, column, merged)}
        seen: set[tuple[object, ...]] = set()
        moving: list[tuple[Row, dict[str, Any]]] = []
        gone: list[Row] = []
        # Rows that stay as they are come first, so that they are not the ones to go.
        for row in sorted(
            found.values(), key=lambda row: any(row[c] in self.others for c in columns)
        ):
            ends = [self.keep if row[c] in self.others else row[c] for c in columns]
            if table.name == "distinctions":
                ends.sort()
            new = dict(zip(columns, ends, strict=True))
            key = SAME[table.name]({**row, **new})
            if ends[0] == ends[1] or key in seen:
                gone.append(row)
                continue
            seen.add(key)
            if any(row[name] != value for name, value in new.items()):
                moving.append((row, new))
        self._drop(table, gone)
        self._write(table, moving)

    def _move_custom_links(self) -> None:
        """Custom fields of any noun that name one of the others by number."""
        leads_here = sa.select(custom_fields.c.id).where(
            custom_fields.c.kind == "link", custom_fields.c.target == self.noun
        )
        statement = sa.select(custom_values).where(
            custom_values.c.field_id.in_(leads_here), custom_values.c.number.in_(self.others)
        )
        rows = self.uow.connection.execute(statement).mappings().all()
        self._write(custom_values, [(dict(row), {"number": self.keep}) for row in rows])


def links_to(noun: str) -> Iterator[tuple[sa.Table, tuple[str, ...]]]:
    """Every table that names records of a noun, with the columns that do."""
    target = TABLES[noun]
    for table in journaled_tables():
        columns = [key.parent.name for key in table.foreign_keys if key.column.table.name == target]
        if table.name in ON_ANY_RECORD:
            columns.append("record_id")
            if table.name in _MUTUAL:
                columns.append("other_id")
        if columns:
            order = list(table.c.keys())
            yield table, tuple(sorted(columns, key=order.index))
