"""Which letters the bytes of a text file stand for, found in one pass without keeping the text."""

from __future__ import annotations

import codecs
import io
import re
from dataclasses import dataclass, field
from typing import BinaryIO

from language.errors import InvalidValue
from language.text import quoted

CHUNK = 1 << 20
_SAMPLE = 1 << 16
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8 with mark"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_BINARY = (
    b"\x89PNG",
    b"GIF8",
    b"\xff\xd8\xff",
    b"%PDF-",
    b"\x1f\x8b",
    b"Rar!",
    b"7z\xbc\xaf",
    b"PK",
)
_LEAST = 12
_MOST_CHAOS = 0.05
"""Fewer letters, or stranger ones, say nothing about the language of a file."""
_HIGH = re.compile(rb"[\x80-\xff]+")
_CONTROLS = re.compile(rb"[\x01-\x08\x0e-\x19\x1c-\x1f\x7f]")
_LATIN = re.compile(
    r"cp125[0247]|cp437|cp85\d|latin.*|iso8859_(1|2|9|15|16)|mac_(latin2|roman|iceland|turkish)|hp_.*"
)
"""What charset-normalizer calls a text of Western Europe, whatever its code page really is."""


def _windows_letters() -> tuple[str, ...]:
    """All 256 bytes in Windows-1252; the five it leaves undefined as in Latin-1."""
    return tuple(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(256))


_WINDOWS = _windows_letters()


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.end]
    return "".join(_WINDOWS[byte] for byte in bad), error.end


codecs.register_error("windows-1252", _as_windows)


@dataclass(frozen=True, slots=True)
class Encoding:
    """How to decode a file: Python's codec and error handler, its name for people, and notes."""

    codec: str
    label: str
    errors: str = "windows-1252"
    notes: list[str] = field(default_factory=list)

    def opened(self, file: BinaryIO) -> io.TextIOWrapper:
        """The whole file as a text, line ends as they are. `detach` it, or it closes the file."""
        file.seek(0)
        return io.TextIOWrapper(file, self.codec, self.errors, newline="")


def find_encoding(
    file: BinaryIO, name: str, wanted: str = "", *, unicode: bool = False
) -> Encoding:
    """Find the encoding of a file, or check the `wanted` one.

    A mark decides, then a pattern of NULs (UTF-16), then whether all is UTF-8; else it is what
    charset-normalizer finds, with every Western page read as Windows-1252. `unicode`: the format
    allows no such page. Raises InvalidValue
    for a file that is no text, and for an encoding that does not exist.
    """
    file.seek(0)
    head = file.read(_SAMPLE)
    if wanted:
        return _chosen(wanted, head)
    for mark, codec, label in _MARKS:
        if head.startswith(mark):
            if codec == "utf-8-sig":
                return Encoding(codec, label)
            return Encoding(codec, label, "replace", [f"the file is {label}"])
    wide = _wide(head)
    if wide:
        return Encoding(wide, "UTF-16", "replace", ["the file is UTF-16"])
    if _is_binary(head):
        raise InvalidValue(
            f"{quoted(name)} is not a text file", "give a CSV, XLSX, JSON or vCard file"
        )
    sample = _not_utf8(file)
    if sample is None:
        return Encoding("utf-8", "UTF-8")
    return _guessed(sample, unicode=unicode)


def _chosen(wanted: str, head: bytes) -> Encoding:
    try:
        known = codecs.lookup(wanted)
        b"..".decode(wanted, "ignore")  # says whether it is for texts at all
    except (LookupError, ValueError):
        raise InvalidValue(
            f"there is no encoding {quoted(wanted)}", "such as utf-8, cp1252, cp1250 or utf-16"
        ) from None
    if known.name == "utf-8" and head.startswith(codecs.BOM_UTF8):
        return Encoding("utf-8-sig", _label("utf-8"))
    errors = "windows-1252" if known.name in {"utf-8", "cp1252"} else "replace"
    return Encoding(known.name, _label(known.name), errors)


def _label(codec: str) -> str:
    if re.fullmatch(r"cp125\d", codec):
        return f"Windows-{codec[2:]}"
    return codec.upper().replace("_", "-")


def _wide(head: bytes) -> str:
    """UTF-16 without a mark: in texts of ours, every second byte of most letters is NUL."""
    half = len(head) // 2
    if half < 2 or head.count(0) < half * 0.4:
        return ""
    even, odd = head[0 : half * 2 : 2].count(0), head[1 : half * 2 : 2].count(0)
    if odd > half * 0.7 and even < half * 0.1:
        return "utf-16-le"
    if even > half * 0.7 and odd < half * 0.1:
        return "utf-16-be"
    return ""


def _is_binary(head: bytes) -> bool:
    if head.startswith(_BINARY) and (b"\0" in head or head.startswith(b"%PDF")):
        return True
    odd = head.count(0) + len(_CONTROLS.findall(head))
    return odd > max(16, len(head) // 10) or (odd > 3 and odd > len(head) // 3)


def _not_utf8(file: BinaryIO) -> bytes | None:
    """None when all of the file is UTF-8, else bytes from where its letters are not ASCII."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    sample = bytearray()
    valid = True
    while chunk := file.read(CHUNK):
        if valid:
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                valid = False
        if len(sample) < _SAMPLE and not chunk.isascii():
            for line in chunk.splitlines(keepends=True):
                if not line.isascii():
                    sample += line[:_SAMPLE]
                    if len(sample) >= _SAMPLE:
                        break
        elif not valid:
            break
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        valid = False
    return None if valid else bytes(sample)


def _guessed(sample: bytes, *, unicode: bool) -> Encoding:
    text = sample.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = sum(not char.isascii() for char in text) - bad
    if unicode or good >= 2 * bad:
        note = "some bytes of the file are not UTF-8: read as Windows-1252"
        return Encoding("utf-8", "UTF-8 with errors", notes=[note])
    codec = _page(sample)
    label = _label(codec)
    errors = "windows-1252" if codec == "cp1252" else "replace"
    return Encoding(codec, label, errors, [f"the file is not UTF-8: read as {label}"])


def _page(sample: bytes) -> str:
    runs = _HIGH.findall(sample)
    # In a Western text an accent stands alone; elsewhere whole words are beyond ASCII.
    high = sum(map(len, runs))
    if high < _LEAST or sum(len(run) for run in runs if len(run) > 1) * 2 < high:
        return "cp1252"
    from charset_normalizer import from_bytes

    part = sample if len(sample) <= _SAMPLE // 4 else sample[: _SAMPLE // 4].rpartition(b"\n")[0]
    best = from_bytes(part).best()
    if best is None or best.chaos > _MOST_CHAOS or best.encoding.startswith("utf"):
        return "cp1252"
    return "cp1252" if _LATIN.fullmatch(best.encoding) else best.encoding
