"""Read `stage=proposal and amount>10k and close<=+30d` into a small tree.

The tree holds words only: which fields exist and what a value means is for others to say.

    filter     = and-parts joined by `or` (`o`)
    and-part   = conditions joined by `and` (`y`), which binds tighter
    condition  = `not` (`no`) condition | `(` filter `)` | field | field operator value
               | field [not] in (value, value, …) | field is [not] empty
    operator   = `=` `==` `!=` `<>` `~` (contains) `!~` `>` `>=` `<` `<=` | is | is not
    field      = letters, digits, `_` and `-`, with dots for relations (`company.industry`);
                 any other name in quotes or backticks (`"Shoe size" > 40`)
    value      = in quotes, or bare

A bare value runs to the next `and`, `or`, `y` or `o`, to a closing parenthesis or to the end, so
`name=Ana Ruiz and stage=won` asks for "Ana Ruiz". Inside `in (…)` only a comma or the closing
parenthesis ends it. A value with such a word, or with `=`, `<`, `>` or `~`, needs quotes. In
quotes, a quote is doubled or follows a backslash. A field alone means "yes"; `""` or a bare `none`
means that nothing is there.
"""

from __future__ import annotations

import re

from language.errors import InvalidValue
from language.filter_tree import (
    AND,
    EMPTY_WORDS,
    JOIN,
    NAME,
    NOT,
    NOTHING,
    OR,
    And,
    Compare,
    In,
    Node,
    Not,
    Or,
    paths,
    show_filter,
)
from language.text import clean, quoted, safe, shorten

__all__ = [
    "OPERATORS",
    "And",
    "Compare",
    "In",
    "Node",
    "Not",
    "Or",
    "parse_filter",
    "parse_sort",
    "paths",
    "show_filter",
]

MAX_LENGTH = 10_000
MAX_DEPTH = 50
MAX_SORT_FIELDS = 20

_EXAMPLE = "for example: stage=proposal and amount>10k"
_SORT_EXAMPLE = "for example: name,-amount"
_EXCERPT = 24

OPERATORS = ("=", "!=", "~", "!~", ">", ">=", "<", "<=", "empty", "not empty")

_SPELLINGS = {"==": "=", "<>": "!=", "≠": "!=", "≥": ">=", "≤": "<="}
_CLOSING = {'"': '"', "'": "'", "`": "`", "“": "”", "«": "»"}

_SPACE = re.compile(r"\s*")
_OPERATOR = re.compile(r"==|!=|<>|!~|>=|<=|[=~<>≠≥≤]")
_BARE_WORD = re.compile(r"[^\s()]+")
_BARE_WORD_IN_LIST = re.compile(r"[^\s(),]+")
_NOT_BARE = re.compile(r"[=<>~≠≥≤]")


# ── reading ──────────────────────────────────────────────────────────────────────────────────


def parse_filter(text: str) -> Node:
    """Read a filter, as described at the top of this file.

    Raises InvalidValue with the place, counted in characters from 1, and what is expected there.
    """
    return _Reader(clean(text, what="filter", limit=MAX_LENGTH)).whole()


class _Reader:
    """Reads from left to right; `at` is the next character to read."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.depth = 0

    def whole(self) -> Node:
        self._skip_space()
        if self._at_end():
            raise InvalidValue("filter: it is empty", _EXAMPLE)
        node = self._any_of()
        if not self._at_end():
            closing = self.text[self.at] == ")"
            raise self._expected(
                "no ')' without its '('" if closing else "'and', 'or' or the end",
                "remove it, or open it earlier" if closing else "join two conditions with 'and'",
            )
        return node

    def _any_of(self) -> Node:
        parts = [self._all_of()]
        while self._take_word(OR):
            parts.append(self._all_of())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _all_of(self) -> Node:
        parts = [self._condition()]
        while self._take_word(AND):
            parts.append(self._condition())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _condition(self) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise InvalidValue(
                f"filter: more than {MAX_DEPTH} levels of 'not' and '(' at character {self.at + 1}",
                "split it into simpler filters",
            )
        try:
            if self.text.startswith("(", self.at):
                return self._group()
            if self._take_word(NOT, unless_field=True):
                return Not(self._condition())
            return self._comparison()
        finally:
            self.depth -= 1

    def _group(self) -> Node:
        opened = self.at + 1
        self._step(1)
        node = self._any_of()
        if not self.text.startswith(")", self.at):
            raise self._expected(f"')' for the '(' at character {opened}", "close it")
        self._step(1)
        return node

    def _comparison(self) -> Node:
        position = self.at + 1
        path = self._path()
        operator = _OPERATOR.match(self.text, self.at)
        if operator is not None:
            self._step(len(operator.group()))
            return self._against(path, operator.group(), position)
        if self._take_word({"is"}):
            op = "!=" if self._take_word({"not"}) else "="
            if self._take_word(EMPTY_WORDS):
                return self._against_nothing(path, op, position)
            return self._against(path, op, position)
        before = self.at
        negated = self._take_word(NOT)
        if self._take_word({"in"}):
            listed = In(path, self._list(), position)
            return Not(listed) if negated else listed
        self.at = before
        if not self._at_end() and not self._ends_value():
            raise self._expected(
                "an operator such as = or >",
                'put a name or a value with spaces in quotes: "Shoe size" > 40',
            )
        return Compare(path, "=", "yes", position)

    def _against(self, path: tuple[str, ...], op: str, position: int) -> Node:
        op = _SPELLINGS.get(op, op)
        start = self.at
        value, is_bare = self._value(_BARE_WORD)
        if op in ("=", "!=") and (not value or (is_bare and value.casefold() in NOTHING)):
            return self._against_nothing(path, op, position)
        if not value:
            self.at = start
            raise self._expected(f"a value to compare with {op}", "or ask for: is empty")
        return Compare(path, op, value, position)

    @staticmethod
    def _against_nothing(path: tuple[str, ...], op: str, position: int) -> Compare:
        return Compare(path, "empty" if op == "=" else "not empty", "", position)

    def _path(self) -> tuple[str, ...]:
        word = self._word()
        if word in JOIN and not self._field_follows(word):
            raise self._expected("a condition", _EXAMPLE)
        path = [self._name()]
        while self.text.startswith(".", self.at):
            self.at += 1
            path.append(self._name())
        self._skip_space()
        return tuple(path)

    def _name(self) -> str:
        if self.text[self.at : self.at + 1] in _CLOSING and not self._at_end():
            start = self.at
            name = self._quoted()
            if not name.strip():
                self.at = start
                raise self._expected("a field name between the quotes", _EXAMPLE)
            return name
        found = NAME.match(self.text, self.at)
        if found is None:
            raise self._expected("a field", _EXAMPLE)
        self.at = found.end()
        return found.group()

    def _list(self) -> tuple[str, ...]:
        if not self.text.startswith("(", self.at):
            raise self._expected("'('", "for example: tag in (vip, partner)")
        self._step(1)
        values = []
        while True:
            value, is_bare = self._value(_BARE_WORD_IN_LIST)
            values.append("" if is_bare and value.casefold() in NOTHING else value)
            if self.text.startswith(")", self.at):
                self._step(1)
                return tuple(values)
            if not self.text.startswith(",", self.at):
                raise self._expected("',' or ')'", "for example: tag in (vip, partner)")
            self._step(1)

    def _value(self, bare_word: re.Pattern[str]) -> tuple[str, bool]:
        """The next value, and whether it was bare."""
        if not self._at_end() and self.text[self.at] in _CLOSING:
            value = self._quoted()
            self._skip_space()
            return value, False
        return self._bare(bare_word), True

    def _quoted(self) -> str:
        start = self.at
        closing = _CLOSING[self.text[start]]
        letters = []
        self.at += 1
        while not self._at_end():
            char = self.text[self.at]
            following = self.text[self.at + 1 : self.at + 2]
            if char == "\\" and following and (following == "\\" or following in _CLOSING):
                letters.append(following)
                self.at += 2
            elif char != closing:
                letters.append(char)
                self.at += 1
            elif following == closing:
                letters.append(char)
                self.at += 2
            else:
                self.at += 1
                return "".join(letters)
        raise self._expected(f"a closing {closing} for character {start + 1}", "close the quote")

    def _bare(self, bare_word: re.Pattern[str]) -> str:
        start = end = self.at
        opened = 0
        while not self._at_end():
            if opened == 0 and self._ends_value(
                first=self.at == start, in_list=bare_word is _BARE_WORD_IN_LIST
            ):
                break
            char = self.text[self.at]
            word = bare_word.match(self.text, self.at)
            if word is None:
                # A comma ends a value of a list; parentheses may be part of a name: Acme (Spain).
                if char not in "()" and opened == 0:
                    break
                opened += {"(": 1, ")": -1}.get(char, 0)
                end = self.at + 1
            else:
                self._refuse_operator(word)
                end = word.end()
            self.at = end
            self._skip_space()
        if opened:
            raise self._expected("')'", "put a value with parentheses in quotes")
        if end == start:
            raise self._expected("a value", _EXAMPLE)
        return self.text[start:end]

    def _refuse_operator(self, word: re.Match[str]) -> None:
        operator = _NOT_BARE.search(word.group())
        if operator is None:
            return
        raise self._expected(
            f"'and' or quotes (a bare value holds no {operator.group()})",
            "join two conditions with 'and', or put the value in quotes",
        )

    # ── words and places ─────────────────────────────────────────────────────────────────────

    def _at_end(self) -> bool:
        return self.at >= len(self.text)

    def _skip_space(self) -> None:
        space = _SPACE.match(self.text, self.at)
        if space is not None:
            self.at = space.end()

    def _step(self, length: int) -> None:
        self.at += length
        self._skip_space()

    def _word(self) -> str:
        """The whole word that starts here, in lower case, or nothing."""
        found = _BARE_WORD_IN_LIST.match(self.text, self.at)
        name = NAME.match(self.text, self.at)
        if found is None or name is None:
            return ""
        # `y` is a keyword in `a=1 y(b=2)` and in `y b`; in `y.b` or `y@b.es` it is not.
        whole = found.end() == name.end() or found.group()[len(name.group())] in '"`“«'
        return name.group().casefold() if whole else ""

    def _take_word(self, words: set[str] | frozenset[str], *, unless_field: bool = False) -> bool:
        word = self._word()
        if word not in words or (unless_field and self._field_follows(word)):
            return False
        self._step(len(word))
        return True

    def _field_follows(self, word: str) -> bool:
        """Whether this keyword is in fact a field: `no = 5`."""
        after = _SPACE.match(self.text, self.at + len(word))
        return after is not None and _OPERATOR.match(self.text, after.end()) is not None

    def _ends_value(self, *, first: bool = False, in_list: bool = False) -> bool:
        if self.text[self.at] == ")":
            return True
        word = self._word()
        if in_list or word not in JOIN:
            return False
        # `active=y` is an answer, not a missing value.
        return not (first and len(word) == 1 and self._value_ends_after(word))

    def _value_ends_after(self, word: str) -> bool:
        start = self.at
        self._step(len(word))
        ends = self._at_end() or self._ends_value()
        self.at = start
        return ends

    def _expected(self, what: str, hint: str) -> InvalidValue:
        before, after = self.text[: self.at].strip(), self.text[self.at :].strip()
        if len(before) > _EXCERPT:
            before = "…" + before[-_EXCERPT:]
        sentence = f"filter: expected {what}"
        if before:
            sentence += f" after '{safe(before)}'"
        sentence += f" at character {self.at + 1}"
        if after:
            sentence += f", not '{shorten(safe(after), _EXCERPT)}'"
        return InvalidValue(sentence, hint)


# ── order ────────────────────────────────────────────────────────────────────────────────────


def parse_sort(text: str) -> list[tuple[str, bool]]:
    """Read an order such as `name,-amount` or `amount desc` as (field, descending) pairs.

    A name may stand in quotes. A field named again is left out. Raises InvalidValue for a missing
    name or for more than 20 fields.
    """
    order: dict[str, bool] = {}
    for term in clean(text, what="sort", limit=1000).split(","):
        name, descending = _sort_term(term.strip())
        if not name:
            raise InvalidValue(f"sort: {quoted(text)} lacks a field name", _SORT_EXAMPLE)
        order.setdefault(name, descending)
    if len(order) > MAX_SORT_FIELDS:
        raise InvalidValue(
            f"sort: {len(order)} fields are named; at most {MAX_SORT_FIELDS} fit", _SORT_EXAMPLE
        )
    return list(order.items())


def _sort_term(term: str) -> tuple[str, bool]:
    descending = term.startswith("-")
    name = term.removeprefix("-" if descending else "+").strip()
    before, _, word = name.rpartition(" ")
    if word.casefold() in ("asc", "desc") and before.strip():
        descending = word.casefold() == "desc"
        name = before.strip()
    if len(name) > 1 and name[0] == name[-1] and name[0] in "\"'`":
        name = name[1:-1].strip()
    return name, descending
