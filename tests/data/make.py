"""Writes the sample files of this folder: invented people in the shapes that real files have.

Run it by hand, `.venv/bin/python tests/data/make.py`, after changing what is in it.
"""

from __future__ import annotations

import datetime as dt
import io
import json
from pathlib import Path

from xlsxwriter import Workbook

HERE = Path(__file__).resolve().parent
HEADINGS = (
    "Nombre", "Apellidos", "Correo electrónico", "Teléfono", "Empresa", "Cargo", "Importe previsto",
    "Fecha de visita", "Notas",
)  # fmt: skip
PEOPLE = (
    ("Ana", "Ruiz Ibáñez", "ana.ruiz@acme.example", "+34 600 111 222", "Acme, S.L.", "Directora",
     "1.234,56", dt.date(2026, 11, 3), "Quiere precios\nantes de Navidad"),
    ("Íñigo", "Muñoz", "inigo@betasol.example", "912 345 678", "Betasol; Hijos", "Jefe de compras",
     "12.000,00", dt.date(2026, 11, 25), 'Pide la "demo" larga'),
    ("José", "de la Peña", "jose.pena@", "600333444", "Acme SL", "", "", dt.date(2026, 11, 4), ""),
    ("Ana", "Ruiz Ibáñez", "ANA.RUIZ@acme.example", "600 111 222", "ACME", "Directora general",
     "980,00", dt.date(2026, 11, 5), "Otra vez en la feria"),
    ("Núria", "Güell", "nuria@gamma.example", "+34 93 000 11 22", "Gamma España", "CEO", "450,5",
     dt.date(2026, 11, 5), "=SUMA(A1)"),
)  # fmt: skip
ABOVE = ("Feria del Mueble 2026 — contactos del puesto", "Exportado el 06/11/2026 18:30", "")


def quoted(text: str, mark: str) -> str:
    """One cell as Excel writes it: in quotation marks where it must be."""
    if any(char in text for char in (mark, '"', "\n")):
        return '"' + text.replace('"', '""') + '"'
    return text


def table(mark: str, end: str, above: tuple[str, ...] = ()) -> str:
    """The people as text, days first."""
    rows = [list(HEADINGS), *([*row[:7], f"{row[7]:%d/%m/%Y}", row[8]] for row in PEOPLE)]
    lines = [mark.join(quoted(str(cell), mark) for cell in row) for row in rows]
    return end.join([*above, *lines, ""])


def amount(text: str) -> float | None:
    """A Spanish amount as a number."""
    return float(text.replace(".", "").replace(",", ".")) if text else None


def workbook() -> bytes:
    """The people with typed cells: a sheet of explanations first, the list second."""
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"created": dt.datetime(2026, 11, 6, tzinfo=dt.UTC)})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    money = book.add_format({"num_format": "#,##0.00 €"})
    book.add_worksheet("Portada")
    page = book.add_worksheet("Contactos")
    for line, text in enumerate(ABOVE):
        page.write_string(line, 0, text)
    page.write_row(3, 0, HEADINGS)
    for line, row in enumerate(PEOPLE, 4):
        for at, cell in enumerate(row[:6]):
            page.write_string(line, at, cell)
        if row[6]:
            page.write_number(line, 6, amount(row[6]), money)
        page.write_datetime(line, 7, row[7], day)
        page.write_string(line, 8, row[8])
    book.add_worksheet("Hoja3")
    book.close()
    return out.getvalue()


def objects() -> list[dict[str, object]]:
    """The people as a web service gives them."""
    return [
        {
            "id": number,
            "name": f"{row[0]} {row[1]}",
            "emails": [row[2]],
            "phones": [{"type": "mobile", "number": row[3]}],
            "company": {"name": row[4], "active": True},
            "amount": amount(row[6]),
            "visited": row[7].isoformat(),
            "tags": ["feria26", "mueble"],
        }
        for number, row in enumerate(PEOPLE, 1)
    ]


OLD_CARD = """BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Mu=C3=B1oz;=C3=8D=C3=B1igo;;;
FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C3=8D=C3=B1igo Mu=C3=B1oz
ORG:Betasol\\; Hijos;Compras
TITLE:Jefe de compras
TEL;CELL;VOICE:600 333 444
TEL;WORK;FAX:912 345 679
TEL;WORK;VOICE;PREF:912 345 678
EMAIL;PREF;INTERNET:inigo@betasol.example
ADR;WORK:;;Calle Mayor 5;Madrid;Madrid;28013;España
NOTE;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Pide la =22demo=22 larga=0D=0Aen enero, =
con su jefe
PHOTO;ENCODING=BASE64;JPEG:
 /9j/4AAQSkZJRgABAQAAAQABAAD

BDAY:19800322
REV:20261106T183000Z
END:VCARD
"""
CARDS = """BEGIN:VCARD
VERSION:3.0
PRODID:-//Apple Inc.//iOS 17.0//EN
N:Ruiz Ibáñez;Ana;María;Dra.;
FN:Dra. Ana María Ruiz Ibáñez
NICKNAME:Anita
ORG:Acme\\, S.L.;Ventas
TITLE:Directora
item1.EMAIL;type=INTERNET:ana@home.example
item1.X-ABLabel:_$!<Home>!$_
EMAIL;type=INTERNET;type=WORK;type=pref:ana.ruiz@acme.example
TEL;type=CELL;type=VOICE:+34 600 111 222
item2.TEL:+34 912 000 000
item2.X-ABLabel:_$!<AssistantPhone>!$_
item3.ADR;type=WORK:;;Gran Vía 1\\nPlanta 3;Madrid;;28001;España
item4.URL;type=pref:http\\://www.acme.example
URL:https://www.linkedin.com/in/ana-ruiz
X-SOCIALPROFILE;type=twitter:https://twitter.com/anaruiz
BDAY;X-APPLE-OMIT-YEAR=1604:1604-05-03
item5.X-ABDATE:2010-06-12
item5.X-ABLabel:_$!<Anniversary>!$_
CATEGORIES:VIP,Feria\\, 2026
NOTE:Quiere precios\\nantes de Navidad\\; llamar por la ma
 ñana
UID:1f2e-ana
END:VCARD
BEGIN:VCARD
VERSION:4.0
KIND:individual
N:Güell;Núria;;;
FN:Núria Güell
ORG:Gamma España
TITLE:CEO
EMAIL;TYPE=home;PREF=2:nuria@casa.example
EMAIL;TYPE=work;PREF=1:nuria@gamma.example
TEL;VALUE=uri;TYPE="voice,cell":tel:+34-930-001-122
ADR;TYPE=work;LABEL="Calle 1^nBarcelona":;;;;;;
BDAY:--0503
ANNIVERSARY:20090808T1430-0500
GENDER:F
UID:urn:uuid:4fbe8971-0bc3-424c-9c26-36c3e1eff6b1
END:VCARD
BEGIN:VCARD
VERSION:4.0
KIND:group
FN:Clientes
MEMBER:urn:uuid:4fbe8971-0bc3-424c-9c26-36c3e1eff6b1
END:VCARD
"""


def main() -> None:
    """Write every file."""
    list_ = objects()
    files = {
        "feria.csv": table(";", "\r\n", ABOVE).encode("cp1252"),
        "feria.xlsx": workbook(),
        "feria-utf16.txt": table("\t", "\r\n").encode("utf-16"),
        "feria-bars.txt": table("|", "\n").encode(),
        "feria-mac.csv": table(",", "\r").encode("utf-8-sig"),
        "contacts.json": json.dumps({"contacts": list_, "total": len(list_)}, indent=2).encode(),
        "contacts.ndjson": "".join(
            json.dumps(each, ensure_ascii=False) + "\n" for each in list_
        ).encode(),
        "phone-2.1.vcf": OLD_CARD.replace("\n", "\r\n").encode("cp1252"),
        "cards.vcf": CARDS.replace("\n", "\r\n").encode(),
    }
    for name, data in files.items():
        (HERE / name).write_bytes(data)


if __name__ == "__main__":
    main()
