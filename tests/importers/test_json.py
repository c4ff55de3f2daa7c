"""JSON as services and our own exports give it; a broken object costs itself only."""

from __future__ import annotations

import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from exporters.json import dumps
from importers import Sheet, read_sheet
from language.errors import InvalidValue

DATA = Path(__file__).parent.parent / "data"


def sheet(text: str | bytes, name: str = "x.json", **options: str) -> Sheet:
    data = text.encode() if isinstance(text, str) else text
    return read_sheet(io.BytesIO(data), name, **options)


def test_an_array_of_objects_has_its_keys_as_headings_in_order() -> None:
    found = sheet('[{"a": 1, "b": "x"},\n {"c": true, "a": null}]')

    assert found.headers == ["a", "b", "c"]
    assert found.rows == [[1, "x", None], [None, None, True]]
    assert found.lines == [1, 2]


@pytest.mark.parametrize("name", ["contacts.json", "contacts.ndjson"])
def test_the_contacts_of_a_service_are_read(name: str) -> None:
    with (DATA / name).open("rb") as file:
        found = read_sheet(file, name)

    assert found.headers == [
        "id", "name", "emails", "phones", "company.name", "company.active", "amount", "visited",
        "tags",
    ]  # fmt: skip
    assert found.rows[0] == [
        1, "Ana Ruiz Ibáñez", "ana.ruiz@acme.example",
        '[{"type":"mobile","number":"+34 600 111 222"}]', "Acme, S.L.", True, Decimal("1234.56"),
        "2026-11-03", "feria26; mueble",
    ]  # fmt: skip
    assert len(found.rows) == 5


def test_a_list_inside_an_object_is_read_and_what_is_beside_it_is_told() -> None:
    text = '{"total": 2, "contacts": [{"name": "Ana"}], "companies": [{"name": "Acme"}]}'

    assert sheet(text).rows == [["Ana"]]
    assert sheet(text).notes == ["the list 'contacts' is read; not read: 'companies', 'total'"]
    assert sheet(text, page="companies").rows == [["Acme"]]
    with pytest.raises(InvalidValue, match="no list 'deals'"):
        sheet(text, page="deals")


def test_one_object_is_one_row() -> None:
    assert sheet('{"name": "Ana", "tags": ["a;b", "c"], "x": [], "y": {}}').rows == [
        ["Ana", "a\\;b; c", None, None]
    ]


def test_lines_of_objects_are_known_without_their_suffix_and_a_broken_one_is_alone() -> None:
    found = sheet('{"a": 1}\n{"a": 2,}\n\n{"a": 3}\n')

    assert (found.rows, found.lines) == ([[1], [3]], [1, 4])
    assert [(row.line, row.value) for row in found.broken] == [(2, '{"a": 2,}')]


def test_amounts_come_back_to_the_last_digit() -> None:
    amounts: list[Decimal | int] = [Decimal("9007199254740993.01"), Decimal("0.10"), 2**70]
    found = sheet(dumps([{"amount": each} for each in amounts]))

    assert [row[0] for row in found.rows] == amounts


def test_our_own_shape_of_a_deal_comes_back() -> None:
    deal: dict[str, Any] = {
        "id": 7,
        "title": "Web",
        "company": "Acme; Hijos",
        "company_id": 3,
        "amount": Decimal("12.5"),
        "currency": "EUR",
        "contacts": ["Ana Ruiz", "Luis"],
        "contacts_ids": [1, 2],
        "tags": [],
        "probability": None,
    }
    found = sheet(dumps([deal]))

    assert found.headers == list(deal)
    assert found.rows[0] == [
        7, "Web", "Acme; Hijos", 3, Decimal("12.5"), "EUR", "Ana Ruiz; Luis", "1; 2", None, None,
    ]  # fmt: skip


def test_a_key_given_twice_loses_no_value() -> None:
    found = sheet('[{"name": "Ana", "email": "a@x.es", "email": "b@x.es"}]')

    assert found.rows == [["Ana", "b@x.es"]]
    assert found.extras == {0: "email: a@x.es"}
    assert found.notes == ["1 object with a key twice: the last value counts (line 1)"]


def test_numbers_beyond_sense_stay_text_and_half_characters_are_left_out() -> None:
    found = sheet(
        '[{"a": 1e999999, "b": ' + "9" * 5000 + ', "c": NaN, "d": "x\\ud800\\u0000y", "e": -1e3}]'
    )

    assert found.rows == [["1e999999", "9" * 5000, "NaN", "xy", Decimal("-1E+3")]]


def test_an_array_that_ends_early_keeps_the_objects_before() -> None:
    found = sheet('[{"a": 1},\n{"a": 2},\n{"a": "thr')

    assert found.rows == [[1], [2]]
    assert [(row.line, row.value) for row in found.broken] == [(3, '{"a": "thr')]


@pytest.mark.parametrize("indent", [None, 1, 2])
def test_a_broken_object_costs_itself_only(indent: int | None) -> None:
    objects: list[dict[str, Any]] = [
        {"n": number, "lines": [{"p": 1}, {"p": 2}], "z": {"n": number}} for number in range(9)
    ]
    text = json.dumps(objects, indent=indent).replace('"n": 4', '"n" 4', 1)
    found = sheet(text)

    assert [row[0] for row in found.rows] == [0, 1, 2, 3, 5, 6, 7, 8]
    assert len(found.broken) == 1
    assert '"n" 4' in found.broken[0].value


def test_what_is_nested_without_end_is_refused_and_its_neighbours_are_read() -> None:
    deep = "[" * 100_000
    with pytest.raises(InvalidValue, match="not JSON"):
        sheet(deep)
    found = sheet('[{"a": 1}, {"a": ' + '{"b":' * 5_000 + "1" + "}" * 5_000 + '}, {"a": 2}]')
    assert [row[0] for row in found.rows] == [1, 2]
    assert [row.reason for row in found.broken] == ["it is nested too deep"]


def test_elements_that_are_no_objects_are_told() -> None:
    found = sheet('[{"a": 1}, 5, ["x"]]')

    assert found.rows == [[1]]
    assert [row.value for row in found.broken] == ["5", '["x"]']
    for nothing in ("[]", "[1, 2]", "{}"):
        with pytest.raises(InvalidValue):
            sheet(nothing)


def test_objects_without_a_common_key_do_not_fill_the_memory() -> None:
    found = sheet("[" + ",".join(f'{{"k{n}": {n}}}' for n in range(3000)) + "]")

    assert len(found.headers) == 2000
    assert found.extras[2999] == "k2999: 2999"


def test_json_in_utf16_is_json() -> None:
    assert sheet('[{"a": "ñ"}]'.encode("utf-16")).rows == [["ñ"]]
