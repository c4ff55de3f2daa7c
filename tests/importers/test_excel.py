"""Workbooks give typed cells, and one that would eat the memory is refused before it is opened."""

from __future__ import annotations

import io
import resource
import time
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from xlsxwriter import Workbook

from exporters import Column, write_rows
from exporters import Sheet as Exported
from importers import Sheet, pages_of, read_sheet
from language.errors import InvalidValue

DATA = Path(__file__).parent.parent / "data"


def book(*pages: tuple[str, list[list[Any]]]) -> bytes:
    """A workbook with these sheets; a date in a cell is written as one."""
    out = io.BytesIO()
    made = Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    day = made.add_format({"num_format": "yyyy-mm-dd"})
    moment = made.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    for title, rows in pages:
        page = made.add_worksheet(title)
        for line, row in enumerate(rows):
            for at, cell in enumerate(row):
                if isinstance(cell, date):
                    style = moment if isinstance(cell, datetime) else day
                    page.write_datetime(line, at, cell, style)
                elif cell is not None:
                    page.write(line, at, cell)
    made.close()
    return out.getvalue()


def sheet(data: bytes, **options: str) -> Sheet:
    return read_sheet(io.BytesIO(data), "x.xlsx", **options)


def changed(data: bytes, path: str, old: bytes, new: bytes) -> bytes:
    """A workbook with something else in one of its parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w", 8) as after:
        for name in before.namelist():
            part = before.read(name)
            after.writestr(name, part.replace(old, new) if name == path else part)
    return out.getvalue()


def test_the_list_of_a_fair_is_read_with_its_types_from_the_sheet_that_has_one() -> None:
    with (DATA / "feria.xlsx").open("rb") as file:
        found = read_sheet(file, "feria.xlsx")
        assert pages_of(file, "feria.xlsx") == ["Portada", "Contactos", "Hoja3"]

    assert found.headers[:3] == ["Nombre", "Apellidos", "Correo electrónico"]
    assert found.lines == [5, 6, 7, 8, 9]
    assert found.rows[0][5:] == [
        "Directora", Decimal("1234.56"), date(2025, 11, 3), "Quiere precios\nantes de Navidad",
    ]  # fmt: skip
    assert found.rows[1][6] == 12000
    assert isinstance(found.rows[1][6], int)
    assert found.rows[2][5:7] == [None, None]
    assert found.notes[0] == "sheet 'Contactos' is read; not read: 'Portada', 'Hoja3'"
    assert found.notes[1].startswith("2 lines stand above the headings: 'Feria del Mueble 2025")
    assert found.facts["sheet"] == "Contactos"


def test_a_sheet_is_chosen_by_name_or_number_and_a_wrong_one_gets_the_nearest() -> None:
    data = book(("Uno", [["name"], ["Ana"]]), ("Dos", [["name"], ["Luis"]]))

    assert sheet(data, page="dos").rows == [["Luis"]]
    assert sheet(data, page="2").rows == [["Luis"]]
    with pytest.raises(InvalidValue, match="no sheet 'Doss'") as refused:
        sheet(data, page="Doss")
    assert "'Dos'" in refused.value.hint
    with pytest.raises(InvalidValue, match="no sheet '3'"):
        sheet(data, page="3")


def test_every_kind_of_cell_keeps_its_kind() -> None:
    found = sheet(
        book(
            (
                "x",
                [
                    ["n", "f", "flag", "day", "moment", "text"],
                    [7, 0.1, True, date(2026, 5, 3), datetime(2026, 5, 3, 10, 42), "00123"],
                    [
                        2**40,
                        -12.5,
                        False,
                        date(1999, 12, 31),
                        datetime(2026, 1, 1, 23, 59, 59),
                        "=1",
                    ],
                ],
            )
        )
    )

    assert found.rows == [
        [7, Decimal("0.1"), True, date(2026, 5, 3), datetime(2026, 5, 3, 10, 42), "00123"],
        [
            2**40,
            Decimal("-12.5"),
            False,
            date(1999, 12, 31),
            datetime(2026, 1, 1, 23, 59, 59),
            "=1",
        ],
    ]


def test_our_own_export_comes_back_with_its_control_characters_and_zones() -> None:
    columns = [Column("name", "Name"), Column("at", "At", "moment"), Column("on", "On", "day")]
    rows: list[dict[str, Any]] = [
        {"name": "a\x1bb _x0041_ =1+1", "at": datetime(2026, 5, 3, 10, 42, 7, tzinfo=UTC)},
        {"name": "'=x", "at": date(2026, 5, 4), "on": date(2026, 5, 3)},
    ]
    out = io.BytesIO()
    write_rows("xlsx", Exported("contacts", columns, rows), out)

    found = sheet(out.getvalue())
    assert found.rows == [
        [rows[0]["name"], rows[0]["at"], None],
        [rows[1]["name"], rows[1]["at"], rows[1]["on"]],
    ]


def test_empty_rows_and_columns_around_a_table_are_no_part_of_it() -> None:
    found = sheet(
        book(
            ("x", [[], [None, None, "name", "", "city", " "], [], [None, None, "Ana", "", "Vigo"]])
        )
    )

    assert (found.headers, found.rows, found.lines) == (["name", "city"], [["Ana", "Vigo"]], [4])


def test_a_workbook_without_a_table_says_so() -> None:
    with pytest.raises(InvalidValue, match="is empty"):
        sheet(book(("x", []), ("y", [])))
    assert sheet(book(("x", [["name", "city"]]))).rows == []


def test_what_is_no_workbook_is_named() -> None:
    whole = book(("x", [["name"], ["Ana"]]))
    with pytest.raises(InvalidValue, match="damaged workbook"):
        sheet(whole[:-400])
    with pytest.raises(InvalidValue, match=r"damaged workbook|not a text file"):
        sheet(b"\0" + whole[1:])
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(InvalidValue, match="locked with a password"):
        sheet(locked)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.csv", "name\nAna\n")
    with pytest.raises(InvalidValue, match="is a zip"):
        sheet(packed.getvalue())
    assert sheet(b"name,city\nAna,Vigo\n").notes == [
        "the file is no workbook, though its name ends in .xlsx: read as CSV"
    ]


SHEET = "xl/worksheets/sheet1.xml"
PLAIN = book(("x", [["name"], ["Ana"]]))
ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>'


def sized(count: int, part: bytes, name: str = SHEET) -> bytes:
    """A workbook with a part of many equal pieces."""
    out = io.BytesIO(PLAIN)
    with zipfile.ZipFile(out, "a", 8) as archive, archive.open(f"{name}x", "w") as stream:
        stream.write(b"<x>")
        for _ in range(count):
            stream.write(part)
    return out.getvalue()


def many() -> bytes:
    out = io.BytesIO(PLAIN)
    with zipfile.ZipFile(out, "a") as archive:
        for number in range(2_001):
            archive.writestr(f"x/{number}.txt", b"")
    return out.getvalue()


BOMBS = {
    "a cell in the last corner": changed(PLAIN, SHEET, b'r="A2"', b'r="XFD1048576"'),
    "a cell far to the right": changed(PLAIN, SHEET, b'r="A2"', b'r="XFD2"'),
    "a cell far below": changed(PLAIN, SHEET, b'r="A2"', b'r="SR1048576"'),
    "a row that does not exist": changed(PLAIN, SHEET, b'r="A2"', b'r="A99999999"'),
    "rows without end": changed(PLAIN, SHEET, b"</sheetD", b"<row/>" * 1_100_000 + b"</sheetD"),
    "cells without reference": changed(
        PLAIN, SHEET, b"</sheetData>", b"<row>" + b"<c><v>1</v></c>" * 600 + b"</row></sheetData>"
    ),
    "its own entities": changed(PLAIN, SHEET, b"<worksheet", ENTITY + b"<worksheet"),
    "entities among the texts": changed(PLAIN, "xl/sharedStrings.xml", b"<sst", ENTITY + b"<sst"),
    "a part of nothing but zeros": sized(30, b"0" * 1_000_000),
    "too many files": many(),
    "a workbook in UTF-16": changed(PLAIN, "xl/workbook.xml", b"<?xml", b"\xff\xfe<?xml"),
}  # fmt: skip


@pytest.mark.parametrize("kind", BOMBS)
def test_a_bomb_is_refused_before_it_goes_off(kind: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    with pytest.raises(InvalidValue):
        sheet(BOMBS[kind])
    assert time.process_time() - began < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000


def test_a_workbook_of_old_excel_is_read_like_a_new_one() -> None:
    with (DATA / "clientes.xls").open("rb") as file:
        found = read_sheet(file, "clientes.xls")
        assert pages_of(file, "clientes.xls") == ["Portada", "Contactos"]
        with pytest.raises(InvalidValue, match="no sheet 'Contactas'"):
            read_sheet(file, "clientes.xls", page="Contactas")

    assert found.headers == ["Nombre", "Apellidos", "Teléfono", "Importe", "Alta", "Activo"]
    assert found.rows == [
        ["Ana", "Ruiz Ibáñez", "600 111 222", Decimal("1234.56"), date(2025, 11, 3), True],
        ["Íñigo", "Muñoz", 912345678, 12000, date(1999, 12, 31), False],
    ]
    assert found.facts["format"] == "xls"


def opendocument(rows: str) -> bytes:
    """A spreadsheet of OpenDocument with these rows."""
    names = 'xmlns:{0}="urn:oasis:names:tc:opendocument:xmlns:{0}:1.0"'
    spaces = " ".join(names.format(each) for each in ("office", "table", "text"))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", 8) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", 0)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:body><office:spreadsheet>"
            f'<table:table table:name="x">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return out.getvalue()


def odscell(text: str, more: str = "") -> str:
    kind = 'office:value-type="string"'
    return f"<table:table-cell {kind} {more}><text:p>{text}</text:p></table:table-cell>"


def test_a_spreadsheet_of_opendocument_is_read_and_its_bombs_are_refused() -> None:
    row = "<table:table-row>{}</table:table-row>"
    good = "".join(
        row.format(odscell(a) + odscell(b)) for a, b in (("name", "city"), ("Ana", "Vigo"))
    )
    found = sheet(opendocument(good))

    assert (found.headers, found.rows) == (["name", "city"], [["Ana", "Vigo"]])
    assert found.notes == ["the file is ods, though its name ends in .xlsx"]
    wide = odscell("x", 'table:number-columns-repeated="16384"')
    bomb = f'<table:table-row table:number-rows-repeated="1048576">{wide}</table:table-row>'
    with pytest.raises(InvalidValue, match="damaged"):
        sheet(opendocument(bomb))
