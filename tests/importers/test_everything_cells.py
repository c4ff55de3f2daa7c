"""Any stored value comes back from any form of export of everything."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exporters.everything import write
from importers.everything import read_everything
from operations.everything import Head, Parcel, Table, exported_tables, stored_columns
from storage.columns import write_moment
from storage.dump import Sum

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"))
NAMED = st.sampled_from(
    ["", " ", "'", "=1+1", "text:", "text:#1", "007", "1e5", "\x1b", "\r\n", "x" * 40_000, "#N/A"]
)
MOMENT = st.datetimes(min_value=datetime(1, 1, 1), timezones=st.just(UTC)).map(write_moment)
FIRST = datetime(1970, 1, 1, tzinfo=UTC)
NEAR = st.integers(0, 4_102_444_800_000).map(
    lambda number: write_moment(FIRST + timedelta(milliseconds=number))
)
KINDS: dict[str, st.SearchStrategy[Any]] = {
    "text": TEXT | NAMED,
    "integer": st.integers(-(2**63), 2**63 - 1),
    "flag": st.integers(0, 1),
    "day": st.dates(min_value=date(1, 1, 1)).map(date.isoformat),
    "moment": MOMENT | NEAR,
    "json": st.just('["a", "b\\"c"]'),
}
COLUMNS = {
    table.name: tuple(stored_columns(table))
    for table in exported_tables()
    if table.name in {"deals", "stages"}
}


@st.composite
def rows(draw: st.DrawFn, table: str) -> list[list[Any]]:
    strategies = [
        KINDS[column.kind] | st.none() if column.null else KINDS[column.kind]
        for column in COLUMNS[table]
    ]
    return draw(st.lists(st.tuples(*strategies).map(list), max_size=4))


@pytest.mark.parametrize("name", ["folder/", "book.xlsx", "document.json"])
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(given_rows=st.fixed_dictionaries({name: rows(name) for name in COLUMNS}))
def test_any_value_comes_back(
    tmp_path: Path, name: str, given_rows: dict[str, list[list[Any]]]
) -> None:
    sums = {table: Sum(len(some), "") for table, some in given_rows.items()}
    parcel = Parcel(
        Head("2026-11-24T00:00:00.000000Z", 7, "uid"),
        [Table(table, COLUMNS[table], given_rows[table]) for table in COLUMNS],
        lambda: sums,
    )
    place = str(tmp_path / name)

    write(parcel, place, lambda _sha256, _target: True)
    back = read_everything(place)
    found = {
        table.name: [
            dict(zip([column.name for column in table.columns], row, strict=True))
            for row in table.rows
        ]
        for table in back.tables
    }

    assert back.head == parcel.head
    assert back.sums() == sums
    for table, some in given_rows.items():
        names = [column.name for column in COLUMNS[table]]
        assert found[table] == [dict(zip(names, row, strict=True)) for row in some]
