"""CSV files as other programs write them are read, and what is wrong costs its own row only."""

from __future__ import annotations

import io

import pytest

from importers import Sheet
from importers.csv import read
from importers.csv_lines import LONGEST_CELL
from language.errors import InvalidValue


def sheet(data: bytes | str, **options: str) -> Sheet:
    given = data.encode() if isinstance(data, str) else data
    return read(io.BytesIO(given), "x.csv", **options)


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_every_delimiter_is_found_by_how_well_it_fits(mark: str) -> None:
    found = sheet(f"name{mark}note\nAna{mark}a b\nLuis{mark}c\n")

    assert (found.headers, found.rows) == (["name", "note"], [["Ana", "a b"], ["Luis", "c"]])


def test_a_comma_inside_amounts_does_not_beat_the_semicolon() -> None:
    found = sheet("cliente;importe\nAcme;1.234,56\nBeta;7,00\n")

    assert found.rows == [["Acme", "1.234,56"], ["Beta", "7,00"]]
    assert found.notes == ["columns are parted by semicolon"]


def test_excel_may_say_its_delimiter_itself() -> None:
    found = sheet(b"sep=;\r\na;b\r\n1,2;3\r\n")

    assert (found.headers, found.rows, found.lines) == (["a", "b"], [["1,2", "3"]], [3])


def test_the_user_may_say_the_delimiter_and_is_told_what_cannot_be_one() -> None:
    assert sheet("a b\n1 2\n", delimiter=" ").rows == [["1", "2"]]
    assert sheet("a\tb\n1\t2\n", delimiter="tab").rows == [["1", "2"]]
    with pytest.raises(InvalidValue, match="'==' cannot part columns"):
        sheet("a", delimiter="==")


def test_one_column_is_a_table_too_and_its_commas_are_text() -> None:
    found = sheet("name\nRuiz, Ana\nMuñoz, Íñigo\n")

    assert (found.headers, found.rows) == (["name"], [["Ruiz, Ana"], ["Muñoz, Íñigo"]])


def test_only_headings_are_no_rows_and_nothing_at_all_is_refused() -> None:
    assert sheet("name,email\n").rows == []
    for nothing in ("", "\n\n", " , ,\n", "\ufeff"):
        with pytest.raises(InvalidValue, match="is empty"):
            sheet(nothing)


@pytest.mark.parametrize(
    ("encoding", "label"),
    [
        ("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8 with mark"), ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"), ("utf-16-be", "UTF-16"), ("cp1252", "Windows-1252"),
        ("latin-1", "Windows-1252"),
    ],
)  # fmt: skip
def test_names_survive_every_usual_encoding(encoding: str, label: str) -> None:
    found = sheet("name,email\nMuñoz Ibáñez,a@x.es\nGüell,b@x.es\n".encode(encoding))

    assert found.rows == [["Muñoz Ibáñez", "a@x.es"], ["Güell", "b@x.es"]]
    assert found.facts["encoding"] == label


def test_cyrillic_and_japanese_files_are_read_in_their_own_code_pages() -> None:
    russian = "имя,город\n" + "Анна Иванова,Санкт-Петербург\nПётр Сидоров,Москва\n" * 5
    japanese = "名前,会社\n" + "田中太郎,東京商事株式会社\n佐藤花子,大阪物産\n" * 5

    assert sheet(russian.encode("cp1251")).rows[0] == ["Анна Иванова", "Санкт-Петербург"]
    assert sheet(japanese.encode("cp932")).rows[0] == ["田中太郎", "東京商事株式会社"]


def test_a_code_page_that_cannot_be_found_can_be_said() -> None:
    data = "name\nŁukasz Żak\n".encode("cp1250")

    assert sheet(data, encoding="cp1250").rows == [["Łukasz Żak"]]
    for wrong in ("klingon", "base64", "rot13"):
        with pytest.raises(InvalidValue, match="there is no encoding"):
            sheet(data, encoding=wrong)


def test_a_byte_that_windows_leaves_open_refuses_no_file() -> None:
    assert sheet(b"name,city\nMu\xf1oz,\x81vila\n").rows == [["Muñoz", "\x81vila"]]


def test_one_bad_byte_does_not_make_a_file_of_utf8_another() -> None:
    found = sheet("name,city\nMuñoz,Málaga\nGüell,M".encode() + b"\xe1laga\n")

    assert found.rows == [["Muñoz", "Málaga"], ["Güell", "Málaga"]]
    assert found.notes == ["some bytes of the file are not UTF-8: read as Windows-1252"]


def test_a_file_that_is_not_utf8_says_so() -> None:
    assert sheet("name\nMuñoz\n".encode("cp1252")).notes == [
        "the file is not UTF-8: read as Windows-1252"
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n"])
def test_every_line_end_parts_rows_and_stays_in_a_note(end: str) -> None:
    found = sheet(f'a,b{end}1,"x{end}y"{end}3,4{end}')

    assert found.rows == [["1", f"x{end}y"], ["3", "4"]]


def test_short_rows_are_filled_and_surplus_cells_are_kept_aside() -> None:
    found = sheet('a,b\n"x\ny",2\nonly\n1,2,3,,4\n4,5,,\n\n')

    assert found.rows == [["x\ny", "2"], ["only", ""], ["1", "2"], ["4", "5"]]
    assert found.lines == [2, 4, 5, 6]
    assert found.extras == {2: "3 | 4"}
    assert found.notes == [
        "1 row has fewer cells than there are headings: the rest is empty (line 4)",
        "1 row has more cells than there are headings: kept aside (line 5)",
    ]


def test_a_heading_may_stand_twice_and_an_empty_one_stays_only_over_values() -> None:
    found = sheet("phone,,phone,,\n1,x,2,,\n3,,4,,\n")

    assert found.headers == ["phone", "", "phone"]
    assert found.rows == [["1", "x", "2"], ["3", "", "4"]]


def test_lines_above_the_headings_are_passed_over_and_told() -> None:
    found = sheet(
        "Contactos del CRM;;\nExportado el;06/11/2026;\n# no tocar;;\n;;\n"
        "Nombre;Correo;Ciudad\nAna;a@x.es;Madrid\n"
    )

    assert (found.headers, found.lines) == (["Nombre", "Correo", "Ciudad"], [6])
    assert found.notes[-1] == (
        "3 lines stand above the headings: 'Contactos del CRM', 'Exportado el 06/11/2026',"
        " '# no tocar'"
    )


def test_a_line_above_two_columns_is_told_from_their_headings() -> None:
    found = sheet("Exported on,2026-11-06\nname,email\nAna,a@x.es\nLuis,l@x.es\n")

    assert (found.headers, len(found.rows)) == (["name", "email"], 2)


def test_a_quotation_mark_that_never_closes_costs_no_row_below() -> None:
    found = sheet('a,b\n1,2\n"x,3\n4,5\n6,7\n')

    assert found.rows == [["1", "2"], ['"x', "3"], ["4", "5"], ["6", "7"]]
    assert found.lines == [2, 3, 4, 5]
    assert found.notes == [
        "a quotation mark is opened and never closed: taken as it stands in 1 row (line 3)"
    ]


def test_an_open_quotation_mark_does_not_reach_the_next_quoted_cell() -> None:
    found = sheet('id,note,x\n1,"fine",a\n2,"open,b\n3,"quoted, yes",c\n4,"two\nlines",d\n')

    assert found.rows == [
        ["1", "fine", "a"],
        ["2", '"open', "b"],
        ["3", "quoted, yes", "c"],
        ["4", "two\nlines", "d"],
    ]
    assert found.lines == [2, 3, 4, 5]


def test_an_open_mark_behind_a_note_of_two_lines_keeps_the_note() -> None:
    found = sheet('id,note,x\n1,"a\nb","open\n2,c,d\n')

    assert found.rows == [["1", "a\nb", '"open'], ["2", "c", "d"]]


def test_bare_quotation_marks_in_a_note_spoil_that_note_only() -> None:
    found = sheet('note,x\n"He said "hi" and "bye"",2\n"a "b\nc",4\nb,3\n')

    assert found.rows[0] == ['He said hi" and "bye""', "2"]
    assert found.rows[-1] == ["b", "3"]


def test_thousands_of_open_quotation_marks_end_soon() -> None:
    rows = "".join(f'"open {n},{n}\n' + '"",""\n' * 50 for n in range(2000))
    found = sheet("a,b\n" + rows)

    assert len(found.rows) == 2000


def test_a_cell_without_end_is_one_broken_row() -> None:
    found = sheet("a,b\n1,2\n" + "x" * (LONGEST_CELL + 1) + ",3\n4,5\n")

    assert found.rows == [["1", "2"], ["4", "5"]]
    assert [(row.line, row.reason) for row in found.broken] == [
        (3, "a cell of this row has more than 4,000,000 characters")
    ]


def test_nul_bytes_are_left_out_and_told() -> None:
    found = sheet("name,city\nA\0na,Madrid\nLuis,Vigo\n" * 9)

    assert found.rows[0] == ["Ana", "Madrid"]
    assert "NUL bytes were left out of 9 lines" in found.notes


def test_a_space_before_a_quoted_cell_does_not_part_it() -> None:
    found = sheet('name, "company", "city"\nAna, "Acme, S.L.", "Madrid"\n')

    assert (found.headers, found.rows) == (
        ["name", "company", "city"],
        [["Ana", "Acme, S.L.", "Madrid"]],
    )


def test_headings_without_end_over_short_rows_are_refused() -> None:
    with pytest.raises(InvalidValue, match="headings"):
        sheet("a," * 20_000 + "b\n" + "1\n" * 20_000)


def test_a_picture_is_not_a_table() -> None:
    with pytest.raises(InvalidValue, match="not a text file"):
        sheet(b"\x89PNG\r\n\x1a\n\x00\x00\x00")
