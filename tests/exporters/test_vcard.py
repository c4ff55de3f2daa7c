"""A contact as a card: read again by a library that is not ours to write."""

from __future__ import annotations

import io
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from icalendar.parser import Contentline, Contentlines

from exporters import Column, Sheet, write_rows

KEYS = (
    "name", "given_name", "family_name", "company", "job_title", "emails", "phones", "addresses",
    "handles", "birthday", "dates", "tags", "note", "uid",
)  # fmt: skip
ANA = {
    "name": "Ana Ruíz", "given_name": "Ana", "family_name": "Ruíz", "company": "Acme; Sons, SL",
    "job_title": "CEO", "emails": ["home:ana@acme.example", "b@acme.example"],
    "phones": ["mobile:+34600111222", "fax:+34911222333"],
    "addresses": ["home:Calle Mayor 1; Madrid"],
    "handles": ["linkedin:ana"], "birthday": "05-03", "dates": ["anniversary:2010-06-12"],
    "tags": ["vip", "a,b"], "note": "one;\ntwo\\", "uid": "0192",
}  # fmt: skip


def written(*rows: dict[str, Any]) -> bytes:
    out = io.BytesIO()
    columns = [Column(key, key) for key in KEYS]
    assert write_rows("vcard", Sheet("contacts", columns, rows), out) == len(rows)
    return out.getvalue()


def lines(data: bytes) -> list[Contentline]:
    return [line for line in Contentlines.from_ical(data.decode()) if line]  # type: ignore[no-untyped-call]  # theirs


def test_a_contact_becomes_a_card_of_version_3_with_everything_that_has_a_place() -> None:
    data = written(ANA)

    assert data.startswith(b"BEGIN:VCARD\r\nVERSION:3.0\r\n")
    assert data.endswith(b"END:VCARD\r\n")
    assert lines(data)[2:-1] == [
        "FN:Ana Ruíz",
        "N:Ruíz;Ana;;;",
        r"ORG:Acme\; Sons\, SL",
        "TITLE:CEO",
        "EMAIL;TYPE=INTERNET,HOME,PREF:ana@acme.example",
        "EMAIL;TYPE=INTERNET,WORK:b@acme.example",
        "TEL;TYPE=CELL,PREF:+34600111222",
        "TEL;TYPE=FAX:+34911222333",
        r"ADR;TYPE=HOME,PREF:;;Calle Mayor 1\; Madrid;;;;",
        "X-SOCIALPROFILE;TYPE=linkedin:ana",
        "BDAY;X-APPLE-OMIT-YEAR=1604:1604-05-03",
        "X-ANNIVERSARY:2010-06-12",
        r"CATEGORIES:vip,a\,b",
        r"NOTE:one\;\ntwo\\",
        "UID:urn:uuid:0192",
    ]


def test_no_line_is_longer_than_75_bytes_and_none_cuts_a_letter() -> None:
    data = written(ANA | {"note": "ñandú 👩‍👩‍👧 " * 200})

    assert max(map(len, data.split(b"\r\n"))) <= 75
    assert all(line.decode() for line in data.split(b"\r\n") if line)
    (note,) = [line for line in lines(data) if line.startswith("NOTE")]
    assert note.parts()[2] == "ñandú 👩‍👩‍👧 " * 200


def test_a_contact_with_a_name_only_has_a_card_too() -> None:
    assert lines(written({"name": "Plato"}))[2:4] == ["FN:Plato", "N:;Plato;;;"]


@given(
    st.text(st.characters(codec="utf-8")),
    st.lists(st.text(st.characters(codec="utf-8")), max_size=3),
)
def test_no_text_gets_out_of_its_line(text: str, several: list[str]) -> None:
    row = dict.fromkeys(("name", "company", "job_title", "note", "uid", "birthday"), text)
    many = dict.fromkeys(("emails", "phones", "addresses", "handles", "dates", "tags"), several)

    data = written(row | many, ANA)
    names = [line.partition(":")[0].partition(";")[0] for line in lines(data)]

    assert names.count("BEGIN") == names.count("END") == 2
    assert data.count(b"\r\nBEGIN:VCARD\r\n") == 1
    assert set(names) <= {
        "BEGIN", "VERSION", "FN", "N", "ORG", "TITLE", "EMAIL", "TEL", "ADR", "X-SOCIALPROFILE",
        "BDAY", "X-ANNIVERSARY", "CATEGORIES", "NOTE", "UID", "END",
        *(f"item{number}.X-AB{word}" for number in range(1, 4) for word in ("DATE", "LABEL")),
    }  # fmt: skip
