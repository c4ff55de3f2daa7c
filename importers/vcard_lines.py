r"""The cards of a vCard file (2.1, 3.0, 4.0) and the properties of each, as texts.

Own code, because no kept library reads them: icalendar refuses the bare parameters of 2.1, keeps
one of several TYPEs and cannot tell `\,` from `,`; vobject fails on what phones write.
"""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAME = re.compile(r"(?:([\w-]+)\.)?([\w-]+)")
_EDGE = re.compile(r"\s*(BEGIN|END)\s*:\s*VCARD\s*", re.IGNORECASE)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_OLD_ESCAPE = re.compile(r"\\([;,\\])")
_ENCODINGS = frozenset({"QUOTED-PRINTABLE", "BASE64", "8BIT", "7BIT", "B", "Q"})
_CARET = {"^n": "\n", "^'": '"', "^^": "^"}
_LONGEST_RAW = 30_000


@dataclass(slots=True)
class Property:
    """One line of a card. `types`: lower case, from TYPE and from bare words of 2.1."""

    name: str
    value: str
    types: list[str] = field(default_factory=list)
    params: dict[str, str] = field(default_factory=dict)
    group: str = ""
    old: bool = False

    @property
    def text(self) -> str:
        """The value as one text."""
        return self._plain(self.value)

    @property
    def parts(self) -> list[str]:
        """The parts of a structured value such as N and ADR."""
        return [self._plain(part).strip() for part in split(self.value, ";")]

    @property
    def listed(self) -> list[str]:
        """The values of a list such as CATEGORIES."""
        return [text for part in split(self.value, ",") if (text := self._plain(part).strip())]

    @property
    def rank(self) -> int:
        """1 is preferred, 100 is not."""
        wanted = self.params.get("PREF", "")
        if wanted.isascii() and wanted.isdigit():
            return min(int(wanted[:4]), 100)
        return 1 if "pref" in self.types else 100

    def _plain(self, text: str) -> str:
        if "\\" not in text:
            return text
        if self.old:
            return _OLD_ESCAPE.sub(r"\1", text)
        return _ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], text)


@dataclass(slots=True)
class Card:
    """One card: where it begins, what it says, and the lines that are no property."""

    line: int
    raw: list[str] = field(default_factory=list)
    properties: list[Property] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    version: str = ""
    ended: bool = False

    @property
    def text(self) -> str:
        """The card as the file has it, without the length of its pictures."""
        return "".join(self.raw).strip()[:_LONGEST_RAW]

    def first(self, name: str) -> Property | None:
        """The preferred property of a name."""
        return min(self.all(name), key=lambda each: each.rank, default=None)

    def all(self, name: str) -> list[Property]:
        """All properties of a name that say anything."""
        return [each for each in self.properties if each.name == name and each.value.strip()]


def cards(lines: Iterator[str]) -> Iterator[Card]:
    """Every card of a text; one that is never ended has `ended` false. Others lines are passed."""
    card: Card | None = None
    nested = 0
    for number, line in enumerate(lines, 1):
        edge = _EDGE.fullmatch(line) if ":" in line and len(line) < 40 else None
        if edge is None:
            if card is not None:
                card.raw.append(line)
        elif edge[1].upper() == "BEGIN":
            if card is not None and _opens_agent(card):
                nested += 1
                card.raw.append(line)
                continue
            if card is not None:
                yield _closed(card)
            card, nested = Card(number, [line]), 0
        elif card is not None:
            card.raw.append(line)
            if nested:
                nested -= 1
                continue
            card.ended = True
            yield _closed(card)
            card = None
    if card is not None:
        yield _closed(card)


def _opens_agent(card: Card) -> bool:
    for line in reversed(card.raw):
        if line.strip():
            return line.upper().startswith("AGENT") and line.rstrip().endswith(":")
    return False


def _closed(card: Card) -> Card:
    """Read the lines of a card into its properties."""
    found: list[Property] = []
    for line in _unfolded(card.raw):
        read = _property(line)
        if read is None:
            card.unread.append(line.strip())
        elif read.name == "VERSION":
            card.version = read.value.strip()
        elif read.name not in {"BEGIN", "END"}:
            found.append(read)
    old = card.version.startswith("2")
    for each in found:
        each.old = old
    card.properties = found
    return card


def _unfolded(lines: list[str]) -> Iterator[str]:
    """Whole lines: folded ones are joined, those of quoted-printable and of pictures too."""
    whole = ""
    soft = picture = depth = False
    for number, line in enumerate(lines):
        text = line.rstrip("\r\n")
        if number and _EDGE.fullmatch(text) and number < len(lines) - 1:
            # A card inside a card: an assistant's, who is no record of ours.
            depth = text.strip().upper().startswith("BEGIN")
            continue
        if depth or not text.strip():
            soft = False
            continue
        if soft and not _EDGE.fullmatch(text):
            whole = whole[:-1] + text
        elif text[0] in " \t" and whole:
            whole += text[1:]
        elif picture and ":" not in text:
            whole += text
        else:
            if whole:
                yield whole
            whole = text
            head = whole.partition(":")[0].upper()
            printable = "QUOTED-PRINTABLE" in head
            picture = "BASE64" in head or "ENCODING=B" in head
            soft = printable
        soft = printable and whole.endswith("=")
    if whole:
        yield whole


def _property(line: str) -> Property | None:
    head, value = _at_colon(line)
    if value is None:
        return None
    name, *words = split(head, ";")
    named = _NAME.fullmatch(name.strip())
    if named is None:
        return None
    found = Property(named[2].upper(), value, group=(named[1] or "").lower())
    for word in words:
        _add_parameter(found, word)
    if found.params.get("ENCODING", "").upper() in {"QUOTED-PRINTABLE", "Q"}:
        text = _printable(value, found.params.get("CHARSET", ""))
        found.value = text.replace("\r\n", "\n")
    return found


def _at_colon(line: str) -> tuple[str, str | None]:
    """Part a line at the colon that stands in no quotation marks."""
    start = 0
    while (at := line.find(":", start)) >= 0:
        if line.count('"', 0, at) % 2 == 0:
            return line[:at], line[at + 1 :]
        start = at + 1
        if start > 2_000:
            break
    head, colon, value = line.partition(":")
    return head, value if colon else None


def _add_parameter(found: Property, word: str) -> None:
    name, equals, value = word.partition("=")
    name, value = name.strip().upper(), value.strip()
    if not equals:
        # As 2.1 has them: TEL;CELL;VOICE and NOTE;QUOTED-PRINTABLE.
        if name in _ENCODINGS:
            found.params["ENCODING"] = name
        else:
            found.types.append(name.lower())
        return
    value = re.sub(r"\^[n'^]", lambda caret: _CARET[caret[0]], value.replace('"', ""))
    if name == "TYPE":
        found.types += [each.strip().lower() for each in value.split(",") if each.strip()]
    else:
        found.params[name] = value


def _printable(text: str, charset: str) -> str:
    # Raw letters beyond ASCII stand beside the encoded ones in some files.
    data = binascii.a2b_qp(text.encode("utf-8", "replace"))
    try:
        return data.decode(charset, "replace") if charset else data.decode()
    except (LookupError, ValueError):
        return data.decode("cp1252", "replace")


def split(text: str, mark: str) -> list[str]:
    """Split at a mark that stands in no quotation marks of a head and behind no backslash."""
    if mark not in text:
        return [text]
    if "\\" not in text:
        return text.split(mark)
    return re.split(rf"(?<!\\)(?:(?<=\\\\){re.escape(mark)}|{re.escape(mark)})", text)
