"""The dates of a whole column: decide once in which order they are written, then read them fast."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, time, tzinfo

from language.errors import InvalidValue
from language.when_zone import FIRST_YEAR, LAST_YEAR, When, moment_at

_HINT = "Name the order of the column: ymd, dmy or mdy."
_PLACES = {"ymd": (0, 1, 2), "dmy": (2, 1, 0), "mdy": (2, 0, 1)}
# What a value says that reads alike in every order.
_ANY = frozenset(("any",))
_YEAR_FIRST = frozenset(("ymd",))


def day_order(values: Iterable[str]) -> str | None:
    """Decide in which order the dates of a column are written: "ymd", "dmy" or "mdy".

    A value with a four-digit year in front or with the name of a month reads alike in every order
    and proves nothing about the others; a column of four-digit years in front is "ymd". What is no
    date at all is passed over. None when the column never tells, as when every number is at most
    12. Raises InvalidValue, naming two values, when no single order reads them all.
    """
    proofs: dict[frozenset[str], str] = {}
    seen: Counter[frozenset[str]] = Counter()
    # Without their times there are few different values, even in a long column.
    for value in {value.split()[0] for value in values if value and not value.isspace()}:
        orders = _orders(value)
        if orders:
            # The smallest witness, so that the same column always gives the same message.
            proofs[orders] = min(proofs.get(orders, value), value)
            seen[orders] += 1
    is_iso = proofs.pop(_ANY, None) is not None
    if not proofs:
        return "ymd" if is_iso else None
    if len(proofs) > 1 and seen[_YEAR_FIRST] * 2 < sum(seen.values()):
        # 30/02/26 is no day in the order of the others, and no reason to read them year first.
        others = [orders for orders in proofs if orders != _YEAR_FIRST]
        if frozenset.intersection(*others) - _YEAR_FIRST:
            proofs.pop(_YEAR_FIRST, None)
    left = frozenset.intersection(*proofs)
    if not left:
        _contradict(proofs)
    # Two-digit years in front are rare: they count only where nothing else reads the column.
    likely = left - {"ymd"} or left
    return next(iter(likely)) if len(likely) == 1 else None


def _contradict(proofs: dict[frozenset[str], str]) -> None:
    values = sorted(proofs.items(), key=lambda proof: (len(proof[0]), proof[1]))
    first_orders, first = values[0]
    second = next((value for orders, value in values if not orders & first_orders), values[-1][1])
    raise InvalidValue(
        f"'{first.strip()}' and '{second.strip()}' cannot be dates written in the same order.",
        _HINT,
    )


def _orders(value: str) -> frozenset[str]:
    """Give the orders in which a value is a date; `_ANY` when the year stands in front."""
    parts, _ = _cut(value)
    if len(parts) not in (1, 3) or not "".join(parts).isdigit():
        return frozenset()
    if len(parts) == 1 or len(parts[0]) == 4:
        return _ANY if _try(value, "ymd") else frozenset()
    orders = ("dmy", "mdy") if len(parts[2]) == 4 else _PLACES
    return frozenset(order for order in orders if _try(value, order))


def _try(value: str, order: str) -> bool:
    try:
        parse_day_in(value, order)
    except InvalidValue:
        return False
    return True


def _cut(text: str) -> tuple[list[str], str]:
    """Cut a value into the numbers of its date, as text, and what follows them."""
    text = text.strip()
    head, rest = text, ""
    if len(text) > 8:
        if " " in text:
            head, _, rest = text.partition(" ")
        elif "T" in text:
            head, _, rest = text.partition("T")
    if "-" in head:
        return head.split("-"), rest
    if "/" in head:
        return head.split("/"), rest
    return head.split("."), rest


def parse_day_in(text: str, order: str) -> date:
    """Read one date of a column whose order is known ("ymd", "dmy" or "mdy"); fast.

    Takes `/`, `-` and `.`, `20261122`, names of months, and years of two digits (00 to 68 are
    20xx). A year of four digits in front is read as such in every order. A time after the date is
    left out. Raises InvalidValue.
    """
    parts, _ = _cut(text)
    if len(parts) == 3:
        first, second, third = parts
        digits = first + second + third
        if digits.isdigit() and digits.isascii():
            try:
                if len(first) == 4:
                    year, month, day = int(first), int(second), int(third)
                elif order == "dmy":
                    year, month, day = int(third), int(second), int(first)
                elif order == "mdy":
                    year, month, day = int(third), int(first), int(second)
                else:
                    year, month, day = int(first), int(second), int(third)
                if year < 100 and len(first) <= 2 and len(third) <= 2:
                    year += 2000 if year < 69 else 1900
                if FIRST_YEAR <= year <= LAST_YEAR:
                    return date(year, month, day)
            except ValueError:
                pass
            return _refuse(text, order)
    return _slow(text, order)


def _slow(text: str, order: str) -> date:
    from language.when_words import MONTHS, fold

    head = text.strip().partition("T")[0]
    if len(head) == 8 and head.isascii() and head.isdigit():
        return parse_day_in(f"{head[:4]}-{head[4:6]}-{head[6:]}", order)
    words = fold(text).replace(",", " ").replace("-", " ").replace("/", " ").replace(".", " ")
    parts = [word for word in words.split() if word not in ("de", "del")][:3]
    places = [place for place, word in enumerate(parts) if word in MONTHS]
    if len(parts) != 3 or len(places) != 1:
        return _refuse(text, order)
    month = MONTHS[parts.pop(places[0])]
    # The name stands in the middle, or in front as in `Nov 22, 2026`; the year is last unless
    # it has four digits.
    first, last = parts
    if len(first) == 4:
        return parse_day_in(f"{first}-{month}-{last}", order)
    return parse_day_in(f"{first}/{month}/{last}", "dmy")


def _refuse(text: str, order: str) -> date:
    example = {"ymd": "2026-11-22", "mdy": "11/22/2026"}.get(order, "22/11/2026")
    raise InvalidValue(
        f"'{text.strip()[:60]}' is not a date.",
        f"Write it as {example}, or name another order for the column.",
    )


def parse_when_in(text: str, order: str, zone: tzinfo | None = None) -> When:
    """Read one date of a column with the time after it, if there is one.

    `zone` is where the clock stood when the value has no offset of its own; None is the machine's.
    Raises InvalidValue when the date or the time cannot be read.
    """
    day = parse_day_in(text, order)
    rest = _time_part(text)
    if rest is None:
        return When(day, None)
    clock, offset = _clock(rest, text)
    moment = moment_at(day, clock, offset or zone)
    return When(moment.astimezone(zone).date() if offset else day, moment)


def _time_part(text: str) -> str | None:
    from language.when_words import fold

    parts, rest = _cut(text)
    if (len(parts) != 3 and len(parts[0]) != 8) or not "".join(parts).isdigit():
        # The date holds a word, so the time is what surrounds the colon.
        colon = text.find(":")
        rest = text[text.rfind(" ", 0, colon) + 1 :] if colon > 0 else ""
    rest = "".join(fold(rest).split())
    return rest.replace("utc", "z").replace("gmt", "z") or None


def _clock(rest: str, text: str) -> tuple[time, tzinfo | None]:
    from language.when_clock import read_clock_word, read_iso_clock

    iso = read_iso_clock(rest)
    if iso is not None:
        return iso
    clock = read_clock_word(rest.replace(".m.", "m").replace(".m", "m"))
    if clock is None:
        raise InvalidValue(f"'{text.strip()[:60]}' has no time I can read.", "Write it as 15:30.")
    return clock, None
