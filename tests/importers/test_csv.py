"""CSV files as other programs write them are read, or refused with the line that is wrong."""

from __future__ import annotations

import pytest

from importers.csv import read
from language.errors import InvalidValue


def test_every_delimiter_is_found_by_how_well_it_fits() -> None:
    for mark in ",;\t|":
        text = f"name{mark}note\nAna{mark}a b\nLuis{mark}c\n"
        sheet = read(text.encode(), "x.csv")
        assert (sheet.headers, sheet.rows) == (["name", "note"], [["Ana", "a b"], ["Luis", "c"]])


def test_a_comma_inside_amounts_does_not_beat_the_semicolon() -> None:
    sheet = read(b"cliente;importe\nAcme;1.234,56\nBeta;7,00\n", "x.csv")

    assert sheet.rows == [["Acme", "1.234,56"], ["Beta", "7,00"]]
    assert sheet.notes == ["columns are parted by semicolon"]


def test_excel_may_say_its_delimiter_itself() -> None:
    sheet = read(b"sep=;\r\na;b\r\n1,2;3\r\n", "x.csv")

    assert (sheet.headers, sheet.rows, sheet.lines) == (["a", "b"], [["1,2", "3"]], [3])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_names_survive_every_usual_encoding(encoding: str) -> None:
    assert read("name\nMuñoz Ibáñez\n".encode(encoding), "x.csv").rows == [["Muñoz Ibáñez"]]


def test_a_file_that_is_not_utf8_says_so() -> None:
    assert read("name\nMuñoz\n".encode("cp1252"), "x.csv").notes == [
        "the file is not UTF-8: read as Windows-1252"
    ]


def test_rows_that_do_not_fit_are_kept_apart_with_their_line() -> None:
    sheet = read(b'a,b\n"x\ny",2\nonly\n1,2,3\n4,5,,\n\n', "x.csv")

    assert (sheet.rows, sheet.lines) == ([["x\ny", "2"], ["4", "5"]], [2, 6])
    assert [(row.line, row.reason) for row in sheet.broken] == [
        (4, "1 cell where there are 2 columns"),
        (5, "3 cells where there are 2 columns"),
    ]


def test_a_quotation_mark_that_never_closes_is_no_import_of_half_a_file() -> None:
    with pytest.raises(InvalidValue, match="line 3: a quotation mark"):
        read(b'a,b\n1,2\n"x,3\n4,5\n6,7\n', "x.csv")


def test_a_picture_is_not_a_table() -> None:
    with pytest.raises(InvalidValue, match="not a text file"):
        read(b"\x89PNG\r\n\x1a\n\x00\x00\x00", "x.csv")
    with pytest.raises(InvalidValue, match="is empty"):
        read(b"\n\n", "x.csv")
