"""The two edges every text crosses: `clean` on the way in, `safe` on the way out.

Between them sit the comparisons (`fold`, `closest`, `one_of`) and the measures for a terminal
(`display_width`, `shorten`, `fit`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Literal, TypeVar

from language.errors import InvalidValue

T = TypeVar("T")
Align = Literal["left", "right", "center"]

_ELLIPSIS = "…"
_ZWNJ = "\u200c"
_ZWJ = "\u200d"

# Everything a terminal acts upon, or that a reader cannot see: C0 and C1, soft hyphen, joiners,
# bidi controls and isolates, zero-width characters, line separators, surrogates, variation
# selectors, tag characters. Spelled as escapes: the point of the list is that nobody sees them.
_ALWAYS_HIDDEN = (
    r"\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    r"\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff"
    r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_HIDDEN = re.compile(f"[{_ALWAYS_HIDDEN}\\n]")
_HIDDEN_BUT_NEWLINE = re.compile(f"[{_ALWAYS_HIDDEN}]")
_SURROGATE_OR_NUL = re.compile(r"[\x00\ud800-\udfff]")
_LATIN_MARKS = re.compile(r"[\u0300-\u036f]")
_SHORT_ESCAPES = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}

# Letters that Unicode does not decompose into a base letter and a mark.
_PLAIN = str.maketrans(
    {
        "ß": "ss",
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ı": "i",
        "ħ": "h",
        "ŧ": "t",
    }
)


# ── on the way out ───────────────────────────────────────────────────────────────────────────


def safe(text: str, *, newlines: bool = False) -> str:
    r"""Make any text harmless to show: what acts on a terminal or hides becomes visible.

    Control characters, bidi controls, zero-width characters, line separators, lone surrogates
    and tag characters turn into escapes such as `\x1b` or `\u202e`; nothing else changes and
    nothing is removed. With `newlines`, line feeds stay. Joiners and variation selectors stay
    where an emoji or a script needs them. Safe text passes unchanged. Never raises.
    """
    if text.isascii() and text.isprintable():
        return text
    pattern = _HIDDEN_BUT_NEWLINE if newlines else _HIDDEN
    if pattern.search(text) is None:
        return text
    return pattern.sub(_show_hidden, text)


def quoted(text: str, width: int = 40) -> str:
    """A value as it is named inside a sentence: safe, in quotes, at most `width` cells long."""
    return f"'{shorten(safe(text), width)}'"


def _show_hidden(match: re.Match[str]) -> str:
    char = match.group()
    if _has_a_job(match.string, match.start()):
        return char
    if char in _SHORT_ESCAPES:
        return _SHORT_ESCAPES[char]
    code = ord(char)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _has_a_job(text: str, at: int) -> bool:
    """Whether the joiner or variation selector at `at` changes how its neighbours are drawn."""
    char = text[at]
    if _is_selector(char):
        return at > 0 and _takes_selector(text[at - 1], char)
    if char not in (_ZWJ, _ZWNJ) or not 0 < at < len(text) - 1:
        return False
    before, after = text[at - 1], text[at + 1]
    if _joins_letters(before) and _joins_letters(after):
        return True
    if char == _ZWNJ:
        return False
    if _is_selector(before):
        return _has_a_job(text, at - 1) and _is_picture(after)
    return _is_picture(before) and _is_picture(after)


def _is_selector(char: str) -> bool:
    return (
        "\ufe00" <= char <= "\ufe0f"
        or "\u180b" <= char <= "\u180d"
        or "\U000e0100" <= char <= "\U000e01ef"
    )


def _takes_selector(base: str, selector: str) -> bool:
    if selector in "\ufe0e\ufe0f":
        return base in "0123456789#*" or _is_picture(base)
    if "\u180b" <= selector <= "\u180d":
        return "\u1800" <= base <= "\u18aa" and unicodedata.category(base) == "Lo"
    return base > "\u2000" and unicodedata.category(base) in ("Lo", "Sm", "So")


def _joins_letters(char: str) -> bool:
    # Only scripts from Hebrew onwards use joiners; between Latin, Greek or Cyrillic letters one
    # would only make two names look alike. What is hidden itself joins nothing.
    if _HIDDEN.match(char):
        return False
    return char >= "\u0590" and unicodedata.category(char) in ("Lo", "Mn", "Mc")


def _is_picture(char: str) -> bool:
    if char in "©®‼⁉〰〽":
        return True
    return char >= "\u2100" and unicodedata.category(char) in ("So", "Sm", "Sk", "Po", "Ll")


# ── on the way in ────────────────────────────────────────────────────────────────────────────


def clean(text: str, *, what: str = "text", limit: int = 100_000) -> str:
    r"""Take in a text as data: exactly as given, in NFC, with `\r\n` as `\n`.

    `limit` is in characters. Raises InvalidValue for a NUL, half a surrogate pair, or a text
    that is too long; `what` names the value in that sentence.
    """
    bad = _SURROGATE_OR_NUL.search(text)
    if bad is not None:
        kind = "a NUL character" if bad.group() == "\0" else "half a character (a lone surrogate)"
        raise InvalidValue(
            f"{what}: {quoted(text)} holds {kind} at character {bad.start() + 1}",
            "remove that character, or save the file as UTF-8, and try again",
        )
    text = text.replace("\r\n", "\n")
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if len(text) > limit:
        raise InvalidValue(
            f"{what}: {quoted(text)} has {len(text):,} characters; at most {limit:,} fit",
            "shorten it, or keep the long text in a note or a file",
        )
    return text


def clean_line(text: str, what: str = "name", limit: int = 1000) -> str:
    """Take in a name or a title: like `clean`, without white space at its ends.

    Raises InvalidValue as `clean` does, and when nothing visible is left.
    """
    line = clean(text.strip(), what=what, limit=limit)
    if not line or not _HIDDEN.sub("", line).strip():
        raise InvalidValue(f"{what}: {quoted(text)} is empty", f"give a {what}")
    return line


# ── comparing ────────────────────────────────────────────────────────────────────────────────


def fold(text: str) -> str:
    """The form two texts share when a person would call them the same word.

    Lower case, no accents, no invisible characters, compatibility forms unified, one space for
    any white space and none at the ends. `fold(fold(x)) == fold(x)`.
    """
    if text.isascii():
        return " ".join(text.lower().split())
    # Names in Latin letters are nearly all there is, and need none of the looking up below.
    plain = _LATIN_MARKS.sub("", unicodedata.normalize("NFKD", text)).casefold().translate(_PLAIN)
    if not plain.isascii():
        plain = _without_marks(_without_marks(text).casefold()).translate(_PLAIN)
    return " ".join(plain.split())


def _without_marks(text: str) -> str:
    return "".join(
        char
        for char in unicodedata.normalize("NFKD", text)
        if not unicodedata.combining(char)
        and unicodedata.category(char) != "Cf"
        and char != "\u034f"
        and not _is_selector(char)
    )


def closest(word: str, words: Iterable[str], n: int = 3) -> list[str]:
    """The `n` words most like `word`, best first, for "did you mean"; may be empty.

    Compares without case and accents, with each whole text and with each word inside it.
    """
    from difflib import SequenceMatcher

    wanted = fold(word)[:100]
    if not wanted:
        return []
    # The second sequence is the one difflib indexes, so it is the word that stays.
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(wanted)

    def likeness(part: str) -> float:
        matcher.set_seq1(part)
        if matcher.real_quick_ratio() < _ALIKE or matcher.quick_ratio() < _ALIKE:
            return 0.0
        return matcher.ratio()

    scored: list[tuple[float, int, str]] = []
    for order, candidate in enumerate(dict.fromkeys(words)):
        folded = fold(candidate)[:200]
        score = likeness(folded)
        pieces = folded.split()
        if len(pieces) > 1:
            score = max(score, *(0.95 * likeness(piece) for piece in pieces))
        elif folded.startswith(wanted):
            score = max(score, _ALIKE)
        if score >= _ALIKE:
            scored.append((-score, order, candidate))
    scored.sort()
    return [candidate for _, _, candidate in scored[:n]]


_ALIKE = 0.6


def one_of(text: str, choices: Mapping[str, T], what: str) -> T:
    """The value of the choice a user named, in full or by a beginning that fits only one.

    Case, accents, and `-` or `_` for a space do not matter. Raises InvalidValue listing what
    fits (did you mean) or all choices.
    """
    wanted = _choice_key(text)
    by_key = {_choice_key(name): name for name in choices}
    if wanted in by_key:
        return choices[by_key[wanted]]
    begun = [name for key, name in by_key.items() if wanted and key.startswith(wanted)]
    values = [choices[name] for name in begun]
    if values and all(value == values[0] for value in values):
        return values[0]
    if begun:
        raise InvalidValue(
            f"{what}: {quoted(text)} could be {_listed(begun)}", "type a few more letters"
        )
    near = closest(text, choices)
    hint = f"did you mean {_listed(near)}?" if near else f"use one of: {', '.join(choices)}"
    raise InvalidValue(f"{what}: {quoted(text)} is not a {what}", hint)


def _choice_key(text: str) -> str:
    return fold(text.replace("_", " ").replace("-", " "))


def _listed(names: list[str]) -> str:
    return " or ".join(f"'{name}'" for name in names)


# ── measuring ────────────────────────────────────────────────────────────────────────────────


def display_width(text: str) -> int:
    """How many terminal cells a safe, one-line text takes: 0, 1 or 2 for each character.

    Emoji joined into one picture count each part, as most terminals draw them.
    """
    if text.isascii():
        return len(text)
    return sum(map(_cell_width, text))


def shorten(text: str, width: int) -> str:
    """Cut safe text to at most `width` cells; a cut text ends with `…`."""
    if display_width(text) <= width:
        return text
    if width <= 0:
        return ""
    room = width - 1
    for at, char in enumerate(text):
        room -= _cell_width(char)
        if room < 0:
            return text[:at].rstrip(_ZWJ + _ZWNJ + " ") + _ELLIPSIS
    return text


def fit(text: str, width: int, align: Align = "left") -> str:
    """Pad or cut safe text to exactly `width` cells."""
    text = shorten(text, width)
    space = max(width - display_width(text), 0)
    if align == "right":
        return " " * space + text
    if align == "center":
        return " " * (space // 2) + text + " " * (space - space // 2)
    return text + " " * space


@lru_cache(maxsize=4096)
def _cell_width(char: str) -> int:
    if " " <= char <= "~":
        return 1
    if unicodedata.combining(char) or "\u1160" <= char <= "\u11ff":
        return 0
    if unicodedata.category(char) in ("Mn", "Me", "Cc", "Cf", "Cs", "Zl", "Zp"):
        return 0 if char != "\u00ad" else 1
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1
