"""One value reads the same in every text format, and lists come back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exporters.cells import plain
from language.lists import join_list, split_list

if TYPE_CHECKING:
    from exporters import Value


@settings(max_examples=2000, deadline=None)
@given(st.lists(st.text(alphabet=st.sampled_from("\\; a")) | st.text()))
def test_a_list_in_a_cell_comes_back_part_by_part(parts: list[str]) -> None:
    assert split_list(join_list(parts)) == parts


def test_a_list_typed_by_hand_is_read() -> None:
    assert split_list("vip;north") == ["vip", "north"]


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (None, "text", ""),
        (True, "flag", "yes"),
        (0, "flag", "no"),
        (2**70, "integer", str(2**70)),
        (Decimal("1E+3"), "money", "1000"),
        (Decimal("1234567.50"), "money", "1234567.50"),
        (Decimal("NaN"), "money", ""),
        (float("inf"), "number", ""),
        (date(2026, 2, 3), "day", "2026-02-03"),
        (datetime(2026, 11, 22, 10, 30, tzinfo=UTC), "moment", "2026-11-22T10:30:00Z"),
        (
            datetime(2026, 11, 22, 10, 30, tzinfo=timezone(timedelta(hours=2))),
            "moment",
            "2026-11-22T08:30:00Z",
        ),
        (datetime(2026, 11, 22, 10, 30), "moment", "2026-11-22T10:30:00Z"),
        (["a;b", 3, None, True], "list", "a\\;b; 3; ; yes"),
        ({"b": [1, Decimal("2.50")]}, "text", '{"b":[1,2.5]}'),
    ],
)
def test_a_value_reads_the_same_in_every_text_format(value: Value, kind: str, text: str) -> None:
    assert plain(value, kind) == text
