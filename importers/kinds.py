"""What kind of file it is: by how it begins, and by its name where that says nothing."""

from __future__ import annotations

import codecs
import re
import zipfile
from typing import BinaryIO

from language.errors import InvalidValue
from language.text import quoted

FORMATS: dict[str, str] = {
    "csv": "importers.csv",
    "xlsx": "importers.excel",
    "json": "importers.json",
    "ndjson": "importers.json",
    "vcard": "importers.vcard",
}
OPTIONS: dict[str, frozenset[str]] = {
    "csv": frozenset({"encoding", "delimiter"}),
    "xlsx": frozenset({"page"}),
    "json": frozenset({"encoding", "page"}),
    "ndjson": frozenset({"encoding"}),
    "vcard": frozenset({"encoding"}),
}
"""What a user may say about a file of each format."""
SUFFIXES: dict[str, str] = {
    "csv": "csv", "tsv": "csv", "tab": "csv", "psv": "csv", "txt": "csv", "xlsx": "xlsx",
    "xlsm": "xlsx", "json": "json", "ndjson": "ndjson", "jsonl": "ndjson", "vcf": "vcard",
    "vcard": "vcard",
}  # fmt: skip
_OTHERS = (
    (b"%PDF", "a PDF", "export the table it was made from"),
    (b"BEGIN:VCALENDAR", "a calendar", "only contacts, companies, deals and the like are imported"),
    (b"<!DOCTYPE HTML", "a web page", "open it in a spreadsheet and save it as .xlsx or CSV"),
    (b"<HTML", "a web page", "open it in a spreadsheet and save it as .xlsx or CSV"),
    (b"<TABLE", "a web page", "open it in a spreadsheet and save it as .xlsx or CSV"),
    (b"<?XML", "XML", "open it in a spreadsheet and save it as .xlsx or CSV"),
)
_JSON = re.compile(r'\[\s*(?:[\[{"\d\]-]|true|false|null|$)|\{\s*(?:["}]|$)')
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEAD = 4096


def format_of(file: BinaryIO, name: str, notes: list[str]) -> str:
    """A name of FORMATS. Raises InvalidValue for what is known to be something else.

    A suffix that says another format goes to `notes`.
    """
    file.seek(0)
    head = file.read(_HEAD)
    file.seek(0)
    suffix = name.rpartition(".")[2].lower() if "." in name else ""
    named = SUFFIXES.get(suffix, "")
    found = _begun(file, head, name)
    if found == "json" and named == "ndjson":
        return named
    if found and named and found != named:
        notes.append(f"the file is {found}, though its name ends in .{suffix}")
    if found or named != "xlsx":
        return found or named or "csv"
    if _is_text(head):
        notes.append(f"the file is no workbook, though its name ends in .{suffix}: read as CSV")
        return "csv"
    return named


def _begun(file: BinaryIO, head: bytes, name: str) -> str:
    """The format by how a file begins; empty when that says nothing."""
    if head.startswith(b"PK\x03\x04"):
        return _zipped(file, name)
    if head.startswith(_OLE):
        _refuse_ole(file, name)
    text = _text(head).lstrip("\ufeff \t\r\n")
    if text[:11].upper() == "BEGIN:VCARD":
        return "vcard"
    upper = text[:20].upper().encode("ascii", "replace")
    for start, what, hint in _OTHERS:
        if upper.startswith(start):
            raise InvalidValue(f"{quoted(name)} is {what}", hint)
    return "json" if _JSON.match(text) else ""


def _text(head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head.decode("utf-16", "ignore")
    if head[1:2] == b"\0":
        return head.decode("utf-16-le", "ignore")
    if head[:1] == b"\0":
        return head.decode("utf-16-be", "ignore")
    return head.decode("utf-8", "ignore")


def _is_text(head: bytes) -> bool:
    return bool(head) and b"\0" not in head and not re.search(rb"[\x01-\x08\x0e-\x1a]", head)


def _zipped(file: BinaryIO, name: str) -> str:
    """A workbook, also a damaged one; any other zip is refused."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = {each.lower() for each in archive.namelist()}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return "xlsx"
    finally:
        file.seek(0)
    if "xl/workbook.xml" in names or (
        "[content_types].xml" in names and "xl/workbook.bin" not in names
    ):
        return "xlsx"
    if "xl/workbook.bin" in names:
        raise InvalidValue(f"{quoted(name)} is a binary workbook", "save it as .xlsx")
    if "content.xml" in names and "mimetype" in names:
        raise InvalidValue(f"{quoted(name)} is an OpenDocument file", "save it as .xlsx")
    raise InvalidValue(f"{quoted(name)} is a zip", "unpack it and import the files inside")


def _refuse_ole(file: BinaryIO, name: str) -> None:
    head = file.read(1 << 20)
    file.seek(0)
    if "EncryptedPackage".encode("utf-16-le") in head:
        raise InvalidValue(
            f"{quoted(name)} is locked with a password",
            "open it in Excel and save it without one",
        )
    raise InvalidValue(f"{quoted(name)} is an old Excel workbook (.xls)", "save it as .xlsx")
