"""Workbooks: typed cells, and hostile text that stays text."""

from __future__ import annotations

import io
import re
import tempfile
import tracemalloc
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exporters import Column, Row, Sheet, write_rows
from exporters.excel import LONGEST_TEXT, MOST_ROWS, escape, unescape, write_book
from language.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Iterator

HOSTILE = [
    "[bold]x[/bold]",
    "\x1b]52;c;cm0gLXJm\x07",
    "محمد الفاتح",
    "Ñ" * 300,
    "two\nlines\r\nthree",
    '=HYPERLINK("http://evil","x")',
    "=1+1",
    "@SUM(A1)",
    "{=1+1}",
    "'=1+1",
    "http://evil.example",
    "007",
    "_x0041_x0042_",
    "_x0041\x01",
    "</t></is></c><c><f>1+1</f></c>",
    "<r><t>a</t></r></is></c><c r='Z1'><f>1+1</f><v>2</v></c><c><is><r><t>b</t></r>",
    " spaces ",
    "\u202e\ufffe",
]


def book(*sheets: Sheet) -> io.BytesIO:
    out = io.BytesIO()
    write_book(sheets, out)
    return out


def cells(out: io.BytesIO) -> list[list[Any]]:
    page = openpyxl.load_workbook(out).worksheets[0]
    return [list(line) for line in page.iter_rows()]


def one(value: Any, kind: str = "text") -> Any:
    sheet = Sheet("x", [Column("k", "K", kind)], [{"k": value}, {"k": "end"}])
    return cells(book(sheet))[1][0]


def names(rows: list[str]) -> Sheet:
    return Sheet("x", [Column("name", "Name")], [{"name": each} for each in rows])


def test_cells_have_the_type_a_spreadsheet_can_count_with() -> None:
    columns = [
        Column("id", "Number", "integer"),
        Column("amount", "Amount", "money"),
        Column("born", "Birthday", "day"),
        Column("seen", "Seen", "moment"),
        Column("active", "Active", "flag"),
        Column("tags", "Tags", "list"),
        Column("phone", "Phone"),
        Column("empty", "Empty"),
    ]
    record: Row = {
        "id": 7,
        "amount": Decimal("-1234.50"),
        "born": date(1980, 1, 2),
        "seen": datetime(2026, 11, 22, 10, 30, tzinfo=UTC),
        "active": 1,
        "tags": ["vip", "a;b"],
        "phone": "+34600111222",
    }
    head, line = cells(book(Sheet("People", columns, [record])))
    assert [cell.value for cell in head] == [column.key for column in columns]
    assert all(cell.font.bold for cell in head)
    assert [cell.value for cell in line] == [
        7,
        -1234.5,
        datetime(1980, 1, 2),
        datetime(2026, 11, 22, 10, 30),
        True,
        "vip; a\\;b",
        "+34600111222",
        None,
    ]
    assert [cell.number_format for cell in line[:4]] == [
        "0",
        "#,##0.00",
        "yyyy-mm-dd",
        'yyyy-mm-dd hh:mm:ss "UTC"',
    ]


def test_the_heading_stays_in_view_and_filters() -> None:
    page = openpyxl.load_workbook(book(names(["Ana", "Luis"]))).worksheets[0]
    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref == "A1:A3"


def test_columns_are_as_wide_as_what_they_hold_up_to_a_limit() -> None:
    columns = [Column("a", "A"), Column("b", "B")]
    out = book(Sheet("x", columns, [{"a": "x" * 30, "b": "y" * 500}]))
    widths = openpyxl.load_workbook(out).worksheets[0].column_dimensions
    assert 30 <= widths["A"].width < 35
    assert widths["B"].width < 65


def test_hostile_text_comes_back_and_nothing_becomes_a_formula() -> None:
    out = book(names(HOSTILE))
    body = cells(out)[1:]
    assert [unescape(cell.value) for (cell,) in body] == HOSTILE
    assert {cell.data_type for (cell,) in body} == {"s"}
    with zipfile.ZipFile(out) as parts:
        for part in parts.namelist():
            assert b"<f>" not in parts.read(part), part
            assert b"hyperlink" not in parts.read(part).replace(b"HYPERLINK", b""), part


def test_editing_a_cell_that_looks_like_a_formula_keeps_it_text() -> None:
    (formula,), (name,) = cells(book(names(["=1+1", "Ana"])))[1:]
    assert formula.quotePrefix
    assert not name.quotePrefix


@settings(max_examples=2000, deadline=None)
@given(st.text(alphabet=st.sampled_from("_x0041F\x01\r\ufffe")) | st.text())
def test_control_characters_survive_the_escape(text: str) -> None:
    assert unescape(escape(text)) == text
    assert re.search(r"[\x00-\x08\x0b-\x1f]", escape(text)) is None


@pytest.mark.parametrize("value", [2**53, -(2**60), Decimal("12345678901234567.89")])
def test_a_number_excel_would_round_is_kept_as_text(value: int | Decimal) -> None:
    assert one(value, "number").value == str(value)


@pytest.mark.parametrize("value", [2**53 - 1, Decimal("0.1"), Decimal("99999999999.99"), -3.25])
def test_other_numbers_are_numbers(value: float | Decimal) -> None:
    cell = one(value, "number")
    assert cell.data_type == "n"
    assert Decimal(str(cell.value)) == Decimal(str(value))


def test_a_birthday_before_excel_began_counting_is_kept_as_text() -> None:
    assert one(date(1899, 12, 31), "day").value == "1899-12-31"
    assert one(date(1900, 3, 1), "day").value == datetime(1900, 3, 1)


def test_text_too_long_for_a_cell_is_refused_and_named_not_cut() -> None:
    assert one("x" * LONGEST_TEXT).value == "x" * LONGEST_TEXT
    with pytest.raises(InvalidValue, match="row 2, column 'name' of sheet 'x'") as refusal:
        book(names(["fine", "😀" * 16_384]))
    assert "csv" in refusal.value.hint


def test_more_rows_than_excel_holds_are_refused_before_any_is_written() -> None:
    class TooMany(list[Row]):
        def __len__(self) -> int:
            return MOST_ROWS + 1

        def __iter__(self) -> Iterator[Row]:
            raise AssertionError("read")

    with pytest.raises(InvalidValue, match="more than the 1,048,575 rows"):
        book(Sheet("x", [Column("a", "A")], TooMany()))


def test_several_sheets_get_names_excel_accepts() -> None:
    titles = [
        "Deals: 2026/Q1 [all]?*",
        "People",
        "people",
        "",
        "history",
        "'x'",
        "n" * 40,
        "n" * 40,
    ]
    out = book(*(Sheet(each, [Column("a", "A")], []) for each in titles))
    assert openpyxl.load_workbook(out).sheetnames == [
        "Deals 2026 Q1 all",
        "People",
        "people (2)",
        "Sheet",
        "history list",
        "x",
        "n" * 31,
        "n" * 27 + " (2)",
    ]


def test_an_empty_book_still_opens() -> None:
    assert openpyxl.load_workbook(book()).sheetnames == ["Sheet"]
    assert cells(book(names([])))[0][0].value == "name"


def test_a_row_that_fails_leaves_no_customer_data_in_the_temporary_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def rows() -> Iterator[Row]:
        yield {"name": "Ana"}
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError, match="went away"):
        book(Sheet("x", [Column("name", "Name")], rows()))
    assert list(tmp_path.iterdir()) == []


def test_ten_thousand_rows_stream_without_being_held(tmp_path: Path) -> None:
    columns = [Column("id", "Number", "integer"), Column("name", "Name")]
    rows: Iterator[Row] = ({"id": at, "name": f"{at} " + "x" * 300} for at in range(10_000))
    tracemalloc.start()
    with (tmp_path / "big.xlsx").open("wb") as out:
        assert write_rows("xlsx", Sheet("x", columns, rows), out) == 10_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3_000_000
