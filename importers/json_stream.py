"""The elements of a JSON text read piece by piece, going on behind one that is broken."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from importers.json_rows import decoder

if TYPE_CHECKING:
    import io
    from collections.abc import Iterator

_CHUNK = 1 << 20
_SPACE = re.compile(r"[\s\ufeff]*")
_ARRAY = re.compile(r"\[\s*")
_BETWEEN = re.compile(r"\}\s*,\s*(?=\{)")
_LONGEST_TOKEN = 16
_MOST_TRIES = 10_000


@dataclass(frozen=True, slots=True)
class Broken:
    """What is no JSON: its text and why."""

    text: str
    reason: str


def why(error: Exception) -> str:
    """Why a text is no JSON, in a few words."""
    if isinstance(error, RecursionError):
        return "it is nested too deep"
    return str(getattr(error, "msg", error)).lower()


class Stream:
    """A cursor in a JSON text. `line`: where it stands, from 1."""

    ARRAY: ClassVar[object] = object()
    """Stands for a list of objects that the caller is to read next."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self._decode = decoder().raw_decode
        self._buffer = ""
        self._at = 0
        self._ended = False
        self._line, self._counted = 1, 0
        self._gap = ""
        self._keys: frozenset[str] = frozenset()
        self._tries = 0

    @property
    def line(self) -> int:
        """The line of the cursor."""
        self._line += self._buffer.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line

    def peek(self) -> str:
        """The next character that is no space; empty at the end."""
        while True:
            found = _SPACE.match(self._buffer, self._at)
            end = found.end() if found else self._at
            self._gap += self._buffer[self._at : end]
            self._at = end
            if end < len(self._buffer):
                return self._buffer[end]
            if not self._more():
                return ""

    def skip(self) -> None:
        """Go past one character."""
        self._gap += self._buffer[self._at]
        self._at += 1

    def elements(self, *, last: bool = False) -> Iterator[tuple[int, Any]]:
        """The line and value of each element of a list whose bracket was skipped.

        `last`: nothing may follow the list, so that what does follow is read as its elements.
        """
        value = None
        while True:
            char = self.peek()
            if not char and isinstance(value, Broken):
                return
            if not char:
                yield self.line, Broken("", "the file ends within the list")
                return
            if char == ",":
                self.skip()
            elif char == "]" or (last and char == "}"):
                self.skip()
                if not last or not self.peek():
                    return
            else:
                line, value = self.line, self._value()
                yield line, value

    def members(self) -> Iterator[tuple[str, Any]]:
        """The members of an object whose brace was skipped; ARRAY for a list of objects."""
        while (char := self.peek()) and char != "}":
            if char == ",":
                self.skip()
                continue
            key = self._value()
            if not isinstance(key, str) or self.peek() != ":":
                yield "", key if isinstance(key, Broken) else self._passed("", "expecting ':'")
                return
            self.skip()
            if self._at_objects():
                yield key, Stream.ARRAY
                continue
            value = self._value()
            yield key, value
            if isinstance(value, Broken):
                return
        if char:
            self.skip()
        else:
            yield "", Broken("", "the file ends within the object")

    def _at_objects(self) -> bool:
        if self.peek() != "[":
            return False
        while True:
            found = _ARRAY.match(self._buffer, self._at)
            if found is None:
                return False
            if found.end() < len(self._buffer) or not self._more():
                break
        if not self._buffer.startswith("{", found.end()):
            return False
        self._at += 1
        return True

    def _more(self) -> bool:
        """Read on; False at the end. What lies before the cursor is forgotten."""
        if self._ended:
            return False
        rest = len(self._buffer) - self._at
        read = self._text.read(max(_CHUNK, rest))
        self._ended = not read
        if read:
            _ = self.line
            self._buffer = self._buffer[self._at :] + read
            self._at = self._counted = 0
        return bool(read)

    def _value(self) -> Any:
        gap, self._gap = self._gap, ""
        while True:
            try:
                value, end = self._decode(self._buffer, self._at)
            except (ValueError, RecursionError) as error:
                if self._may_go_on(error) and self._more():
                    continue
                return self._passed(gap, why(error))
            if end == len(self._buffer) and self._more():
                continue
            self._at = end
            if isinstance(value, dict) and not self._keys:
                self._keys = frozenset(value)
            return value

    def _may_go_on(self, error: Exception) -> bool:
        """Whether the rest of what looks broken may only not have been read yet."""
        at = getattr(error, "pos", 0)
        unread = getattr(error, "msg", "").startswith("Unterminated")
        return not self._ended and (unread or at > len(self._buffer) - _LONGEST_TOKEN)

    def _passed(self, gap: str, reason: str) -> Broken:
        """Go to the next element that can be read and is like those before."""
        between = re.compile(re.escape("}" + gap) + r"(?=\{)") if "," in gap else _BETWEEN
        start = self._at + 1
        while True:
            found = between.search(self._buffer, start)
            if found is None:
                # The sign may itself lie across two pieces.
                start = max(self._at + 1, len(self._buffer) - len(gap) - 64)
                before = self._at
                if self._tries > _MOST_TRIES or not self._more():
                    end = len(self._buffer)
                    break
                start -= before
                continue
            end = found.end()
            try:
                value, _ = self._decode(self._buffer, end)
            except (ValueError, RecursionError) as error:
                before = self._at
                if self._may_go_on(error) and self._more():
                    start = found.start() - before
                    continue
                self._tries += 1
                start = end
                continue
            if isinstance(value, dict) and (not self._keys or self._keys & value.keys()):
                break
            start = end
        text = self._buffer[self._at : end]
        self._at = end
        return Broken(text.strip().rstrip(",").rstrip(), reason)
