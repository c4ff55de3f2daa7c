"""Columns of texts → columns of values: dates and decimal marks are decided for whole columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from language.errors import CrmError, InvalidValue
from language.guard import unguard
from language.lists import split_list
from language.reading import LABELS, read_field
from language.text import clean_line, fold, quoted, shorten
from operations.import_drafts import NOTHING, Drafts, Rejected

if TYPE_CHECKING:
    from importers.mapping import Matched
    from importers.sheet import Sheet
    from language.fields import Field
    from language.reading import Reading

Read = Callable[[str], Any]
UID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
EMPTY_WORDS = frozenset(
    {"integer", "percent", "money", "day", "moment", "when", "minutes", "days", "flag", "choice"}
)
"""Kinds of field in which `null` cannot be a value. In a reference, the database decides."""
THOUSANDS = re.compile(r"\D*[1-9]\d{0,2}(?:\.\d{3}|,\d{3})\D*")
"""What is either thousands or three decimals."""
ORDERS = {"dmy": "day first", "mdy": "month first", "ymd": "year first"}
ALSO_COMMAS = frozenset({"email", "tag", "domain"})


def read_columns(sheet: Sheet, matched: Matched, noun: str, reading: Reading) -> Drafts:
    """Read every matched column of a sheet; a row with an unreadable value is rejected."""
    notes = [*sheet.notes, *(f"ignored: column {name}" for name in matched.ignored)]
    drafts = Drafts(noun, {}, {}, list(sheet.lines), len(sheet.rows) + len(sheet.broken))
    drafts.name, drafts.rejected, drafts.notes = sheet.name, list(sheet.broken), notes
    texts = [_cells(column) for column in zip(*sheet.rows, strict=True)]
    if not texts:
        texts = [[] for _ in sheet.headers]
    bad: dict[int, Rejected] = {}
    for name, known in matched.fields.items():
        places = matched.places[name]
        header = sheet.headers[places[0]]
        drafts.headers[name] = header
        column = _Column(known, header, reading, drafts)
        money = matched.currencies.get(name)
        if money is not None:
            column.currencies = texts[money]
        filled = [texts[place] for place in places]
        if known.kind == "address":
            # Street and country of one address, each in a column of its own.
            values = column.lists([_joined(filled)], [header])
        elif known.many:
            values = column.lists(filled, [sheet.headers[place] for place in places])
        else:
            values = column.values(texts[places[0]])
        drafts.columns[name] = values
        for row, rejected in column.bad.items():
            bad.setdefault(row, rejected)
    drafts.reject(bad)
    return drafts


def _cells(column: Sequence[str]) -> list[str]:
    return [
        unguard(cell).strip() if cell[:1] == "'" else cell if cell.isalnum() else cell.strip()
        for cell in column
    ]


def _joined(columns: Sequence[list[str]]) -> list[str]:
    return [", ".join(filter(None, cells)) for cells in zip(*columns, strict=True)]


class _Column:
    """One field being read: what was decided for it, and the rows it rejects."""

    def __init__(self, field: Field, header: str, reading: Reading, drafts: Drafts) -> None:
        self.field = field
        self.header = header
        self.reading = reading
        self.drafts = drafts
        self.currencies: list[str] | None = None
        self.doubtful: frozenset[str] = frozenset()
        self.bad: dict[int, Rejected] = {}

    def values(self, cells: list[str]) -> list[Any]:
        """One value for each cell; every distinct text is read once."""
        if self.currencies is not None:
            return self._priced(cells, self.currencies)
        distinct = dict.fromkeys(cells)
        distinct.pop("", None)
        if self.field.kind in EMPTY_WORDS:
            self._drop_empty_words(cells, distinct)
        read = self._reader(list(distinct))
        known: dict[str, Any] = {"": None}
        failed: dict[str, str] = {}
        for text in distinct:
            if distinct[text] == "empty":
                known[text] = None
                continue
            try:
                known[text] = read(text)
            except CrmError as error:
                known[text] = None
                failed[text] = _reason(error)
        if failed:
            for row, text in enumerate(cells):
                if text in failed:
                    self._reject(row, text, failed[text])
        return [known[text] for text in cells]

    def _reject(self, row: int, text: str, reason: str) -> None:
        line = self.drafts.lines[row]
        self.bad.setdefault(row, Rejected(line, self.header, shorten(text, 80), reason))

    def _drop_empty_words(self, cells: list[str], distinct: dict[str, Any]) -> None:
        for text in distinct:
            if text.lower() in NOTHING and fold(text) not in self.field.choices:
                distinct[text] = "empty"
                count = cells.count(text)
                self.drafts.notes.append(
                    f"{count:,} {'row has' if count == 1 else 'rows have'} {self.header}"
                    f" '{text}': read as empty"
                )

    def _reader(self, texts: list[str]) -> Read:
        kind, field, reading = self.field.kind, self.field, self.reading
        if kind in {"day", "moment", "when"}:
            return self._dates(texts)
        if kind == "money":
            return self._money(texts)
        if kind == "integer":
            return self._integers(texts)
        if field.name == "uid":
            return lambda text: text.lower() if UID.fullmatch(text.lower()) else None
        if kind == "long":
            return lambda text: read_field(field, text, reading)
        if kind in {"text", "ref"}:
            what = field.label.lower()
            return lambda text: (
                text if text.isascii() and text.isprintable() and len(text) < 500
                else clean_line(text, what)
            )  # fmt: skip
        return lambda text: read_field(field, text, reading)

    def _dates(self, texts: list[str]) -> Read:
        from language.when import day_order, parse_day_in, parse_when_in

        try:
            order = day_order(text for text in texts if text.lower() not in NOTHING)
        except InvalidValue as error:
            raise InvalidValue(f"column {self.header}: {error.message}", _ORDER_HINT) from None
        if order is None:
            order = "dmy" if self.reading.day_first else "mdy"
            if any(_differs(text) for text in texts):
                self.drafts.notes.append(
                    f"{self.header}: no date tells which number is the day; read"
                    f" {ORDERS[order]}, as your settings say"
                )
        elif order != "ymd":
            self.drafts.notes.append(f"{self.header}: {ORDERS[order]}")
        if self.field.kind == "day":
            return lambda text: parse_day_in(text, order)
        zone = self.reading.zone
        return lambda text: parse_when_in(text, order, zone)

    def _mark(self, texts: list[str]) -> str | None:
        from language.money import decimal_mark

        try:
            mark = decimal_mark(texts)
        except InvalidValue as error:
            raise InvalidValue(f"column {self.header}: {error.message}", _MARK_HINT) from None
        if mark == ",":
            self.drafts.notes.append(f"{self.header}: decimal comma")
        if mark is None:
            parted = [text for text in texts if THOUSANDS.fullmatch(text)]
            if parted:
                self.drafts.notes.append(
                    f"{self.header}: '{min(parted)}' read as thousands; no value has decimals"
                )
        else:
            self.doubtful = _doubtful(texts, mark)
        return mark

    def _plainly(self, text: str) -> None:
        """Refuse `1,000` where the comma is known to part decimals: a thousand, or one?"""
        if text in self.doubtful:
            raise InvalidValue(
                f"{quoted(text)} is a thousand or one, as other values here have decimals behind"
                f" such a mark",
                "write it without marks",
            )

    def _money(self, texts: list[str]) -> Read:
        from language.money import parse_money

        mark, currency = self._mark(texts), self.reading.currency

        def read(text: str) -> Any:
            self._plainly(text)
            return parse_money(text, currency=currency, mark=mark)

        return read

    def _priced(self, cells: list[str], currencies: list[str]) -> list[Any]:
        """Amounts whose currency stands in a column of its own."""
        from language.money import parse_money

        distinct = dict.fromkeys(cells)
        distinct.pop("", None)
        self._drop_empty_words(cells, distinct)
        mark = self._mark([text for text in distinct if distinct[text] != "empty"])
        known: dict[tuple[str, str], Any] = {}
        values: list[Any] = []
        for row, pair in enumerate(zip(cells, currencies, strict=True)):
            text, code = pair
            if not text or distinct[text] == "empty":
                values.append(None)
                continue
            if pair not in known:
                try:
                    self._plainly(text)
                    written = f"{text} {code.upper()}" if code else text
                    known[pair] = parse_money(written, currency=self.reading.currency, mark=mark)
                except CrmError as error:
                    known[pair] = error
            value = known[pair]
            if isinstance(value, CrmError):
                self._reject(row, f"{text} {code}".strip(), _reason(value))
                value = None
            values.append(value)
        return values

    def _integers(self, texts: list[str]) -> Read:
        from language.money import parse_number

        mark = self._mark(texts)

        def read(text: str) -> int:
            if text.isascii() and text.isdigit() and len(text) < 18:
                return int(text)
            self._plainly(text)
            number = parse_number(text, mark=mark)
            if number != number.to_integral_value() or abs(number) >= 2**62:
                raise InvalidValue(f"{quoted(text)} is not a whole number")
            return int(number)

        return read

    def lists(self, columns: list[list[str]], headers: list[str]) -> list[Any]:
        """A list for each row, from one or several columns; None where all are empty."""
        labels = [self._label(header) for header in headers]
        read = self._reader([])
        known: dict[tuple[int, str], list[Any]] = {}
        values: list[Any] = []
        for row, cells in enumerate(zip(*columns, strict=True)):
            listed: list[Any] = []
            for at, cell in enumerate(cells):
                if not cell or (self.field.kind != "tag" and cell.lower() in NOTHING):
                    continue
                if (at, cell) not in known:
                    try:
                        known[at, cell] = [labels[at] + read(item) for item in self._items(cell)]
                    except CrmError as error:
                        self._reject(row, cell, _reason(error))
                        continue
                listed += known[at, cell]
            values.append(listed or None)
        return values

    def _label(self, header: str) -> str:
        """A column called `Mobile` says what kind of phone it holds."""
        word = fold(header.replace("_", " ")).split(" ", maxsplit=1)[0]
        return f"{word}:" if word in LABELS and self.field.kind in {"phone", "email"} else ""

    def _items(self, cell: str) -> list[str]:
        items = split_list(cell)
        if self.field.kind in ALSO_COMMAS and len(items) == 1:
            items = cell.split(",")
        return [item.strip() for item in items if item.strip()]


_ORDER_HINT = "write them all the same way, or leave the column out with --map"
_MARK_HINT = "write them all the same way, or leave the column out with --map"


def _doubtful(texts: Sequence[str], mark: str) -> frozenset[str]:
    """Values such as `1,000` of a column whose decimals, parted by that mark, are not all three."""
    decimals = {len(re.sub(r"\D", "", text.rpartition(mark)[2])) for text in texts if mark in text}
    if decimals <= {3}:
        return frozenset()
    return frozenset(text for text in texts if mark in text and THOUSANDS.fullmatch(text))


def _differs(text: str) -> bool:
    """Whether a date means another day when read month first."""
    from language.when import parse_day_in

    try:
        return parse_day_in(text, "dmy") != parse_day_in(text, "mdy")
    except InvalidValue:
        return False


def _reason(error: CrmError) -> str:
    return f"{error.message.rstrip('.')}" + (f" ({error.hint})" if error.hint else "")
