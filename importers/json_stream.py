"""The elements of a JSON text read piece by piece, going on behind one that is broken."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from itertools import islice
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
_LOOKED_AT = 20


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
        self._between = ""
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
                yield "", key if isinstance(key, Broken) else self._passed("expecting ':'")
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
                return self._passed(why(error))
            if end == len(self._buffer) and self._more():
                continue
            self._at = end
            if isinstance(value, dict):
                self._keys = self._keys or frozenset(value)
                self._between = "}" + gap if "," in gap else self._between
            return value

    def _may_go_on(self, error: Exception) -> bool:
        """Whether the rest of what looks broken may only not have been read yet."""
        at = getattr(error, "pos", 0)
        unread = getattr(error, "msg", "").startswith("Unterminated")
        return not self._ended and (unread or at > len(self._buffer) - _LONGEST_TOKEN)

    def _likely_keys(self) -> frozenset[str]:
        """The keys of elements when the first is broken: of the widest of those that follow.

        What lists inside the elements hold is narrower.
        """
        widest: frozenset[str] = frozenset()
        for found in islice(_BETWEEN.finditer(self._buffer, self._at), _LOOKED_AT):
            with contextlib.suppress(ValueError, RecursionError):
                value, _ = self._decode(self._buffer, found.end())
                if isinstance(value, dict) and len(value) > len(widest):
                    widest = frozenset(value)
        return widest

    def _is_alike(self, value: Any, between: str) -> bool:
        """Whether a value is an element as those before, and no part of a list inside one."""
        if not isinstance(value, dict):
            return False
        shared = len(self._keys & value.keys()) / max(len(self._keys), 1)
        return shared >= (0.5 if between == self._between else 0.8)

    def _passed(self, reason: str) -> Broken:
        """Go to the next element that can be read and is like those before."""
        if not self._between:
            # The first element is broken, or what was taken for it.
            self._keys = self._likely_keys() or self._keys
        start = self._at + 1
        while self._tries < _MOST_TRIES:
            found = _BETWEEN.search(self._buffer, start)
            before = self._at
            if found is None:
                # The sign may lie across two pieces, with what little space there is in it.
                start = max(start, len(self._buffer) - 1000) - before
                if not self._more():
                    break
                continue
            try:
                value, _ = self._decode(self._buffer, found.end())
            except (ValueError, RecursionError) as error:
                if self._may_go_on(error) and self._more():
                    start = found.start() - before
                    continue
                value = None
                self._tries += 1
            if self._is_alike(value, found[0]):
                return self._cut(found.end(), reason)
            start = found.end()
        while self._more():
            pass
        return self._cut(len(self._buffer), reason)

    def _cut(self, end: int, reason: str) -> Broken:
        text = self._buffer[self._at : end]
        self._at = end
        return Broken(text.strip().rstrip(",").rstrip(), reason)
