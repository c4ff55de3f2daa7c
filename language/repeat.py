"""How often something repeats: words in English and Spanish ↔ an RFC 5545 rule.

`parse_repeat` and `show_repeat` stand side by side: every shown form reads back as the same rule.
A rule names days, weeks, months or years; nothing repeats by the hour.
"""

from __future__ import annotations

import re
from datetime import date, datetime, tzinfo
from typing import Any

from language.errors import InvalidValue
from language.text import fold

HINT = (
    "for example: daily, weekdays, weekly on mon and thu, every 2 weeks, monthly on the 15th,"
    " monthly x6, yearly until 2030-01-01, or an RRULE such as FREQ=WEEKLY;INTERVAL=2"
)
MOST = 1000
LONGEST_MONTHS = 28  # a day after this one is missing from some months
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WORKING = "MO,TU,WE,TH,FR"
_SHOWN_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DAYS = {
    "monday": 0, "mon": 0, "lunes": 0, "lun": 0,
    "tuesday": 1, "tue": 1, "tues": 1, "martes": 1, "mar": 1,
    "wednesday": 2, "wed": 2, "miercoles": 2, "mie": 2,
    "thursday": 3, "thu": 3, "thur": 3, "thurs": 3, "jueves": 3, "jue": 3,
    "friday": 4, "fri": 4, "viernes": 4, "vie": 4,
    "saturday": 5, "sat": 5, "sabado": 5, "sab": 5,
    "sunday": 6, "sun": 6, "domingo": 6, "dom": 6,
}  # fmt: skip
_UNITS = {
    "day": "DAILY", "days": "DAILY", "dia": "DAILY", "dias": "DAILY",
    "week": "WEEKLY", "weeks": "WEEKLY", "semana": "WEEKLY", "semanas": "WEEKLY",
    "month": "MONTHLY", "months": "MONTHLY", "mes": "MONTHLY", "meses": "MONTHLY",
    "year": "YEARLY", "years": "YEARLY", "ano": "YEARLY", "anos": "YEARLY",
}  # fmt: skip
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_BASES = {
    "daily": ("DAILY", 1), "diario": ("DAILY", 1), "diaria": ("DAILY", 1),
    "diariamente": ("DAILY", 1),
    "weekly": ("WEEKLY", 1), "semanal": ("WEEKLY", 1), "semanalmente": ("WEEKLY", 1),
    "fortnightly": ("WEEKLY", 2), "biweekly": ("WEEKLY", 2), "quincenal": ("WEEKLY", 2),
    "monthly": ("MONTHLY", 1), "mensual": ("MONTHLY", 1), "mensualmente": ("MONTHLY", 1),
    "bimestral": ("MONTHLY", 2), "quarterly": ("MONTHLY", 3), "every quarter": ("MONTHLY", 3),
    "trimestral": ("MONTHLY", 3), "cada trimestre": ("MONTHLY", 3), "semestral": ("MONTHLY", 6),
    "yearly": ("YEARLY", 1), "annually": ("YEARLY", 1), "annual": ("YEARLY", 1),
    "anual": ("YEARLY", 1), "anualmente": ("YEARLY", 1),
}  # fmt: skip
_WORKDAYS = frozenset(
    {"weekdays", "every weekday", "workdays", "every workday", "working days", "laborables",
     "dias laborables", "los dias laborables", "cada dia laborable", "entre semana"}
)  # fmt: skip
_ORDINALS = {
    "first": 1, "1st": 1, "primer": 1, "primero": 1, "second": 2, "2nd": 2, "segundo": 2,
    "third": 3, "3rd": 3, "tercer": 3, "tercero": 3, "fourth": 4, "4th": 4, "cuarto": 4,
    "last": -1, "ultimo": -1,
}  # fmt: skip
_SHOWN_ORDINALS = {1: "first", 2: "second", 3: "third", 4: "fourth", -1: "last"}
_KEYS = frozenset(
    {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS",
     "BYWEEKNO", "BYYEARDAY", "WKST"}
)  # fmt: skip
_EVERY = re.compile(
    r"(?:every|each|cada|todos los|todas las|todos|los) (?:(\d+|other|otro|dos) )?(.+)"
)
_ON = re.compile(r"\s+(?:on|el|los|of|de)\s+(?:the\s+|el\s+|los\s+)?")
_COUNT = re.compile(r",?\s*(?:x\s*(\d+)|(?:for )?(\d+) times|(?:durante )?(\d+) veces)$")
_UNTIL = re.compile(r",?\s+(?:until|till|hasta(?: el)?)\s+(.+)$", re.IGNORECASE)


def parse_repeat(
    text: str, *, now: datetime, zone: tzinfo | None = None, day_first: bool = True
) -> str:
    """Read how often, as an RFC 5545 rule: `monthly x6` is `FREQ=MONTHLY;COUNT=6`.

    `x6` counts the first time too. Raises `InvalidValue` for what cannot be read, repeats by the
    hour or faster, has both an end and a count, or would never happen.
    """
    text = text.strip()
    if "=" in text:
        rule = _parse_rule(text)
    else:
        until = _UNTIL.search(text)
        parts: dict[str, str] = {}
        if until:
            from language.when import parse_day

            day = parse_day(until[1], now=now, zone=zone, day_first=day_first)
            parts["UNTIL"] = f"{day:%Y%m%d}"
            text = text[: until.start()]
        words = fold(text)
        count = _COUNT.search(words)
        if count:
            if parts:
                raise InvalidValue("an end and a number of times cannot both be said", HINT)
            parts["COUNT"] = next(part for part in count.groups() if part)
            words = words[: count.start()].strip()
        found = _read_words(words, now=now, zone=zone, day_first=day_first)
        if found is None:
            raise InvalidValue(f"'{text[:60]}' does not say how often", HINT)
        rule = found | parts
    return _checked(rule)


def split_rule(rule: str) -> dict[str, str]:
    """Give the parts of a rule, name → value, in its order."""
    return dict(part.split("=", 1) for part in rule.split(";") if "=" in part)


def join_rule(parts: dict[str, str]) -> str:
    """Write parts as a rule."""
    return ";".join(f"{name}={value}" for name, value in parts.items())


def month_day(day: int) -> dict[str, str]:
    """Parts that mean this day of a month, or the last one of a month that is shorter."""
    if day <= LONGEST_MONTHS:
        return {"BYMONTHDAY": str(day)}
    listed = ",".join(str(number) for number in range(LONGEST_MONTHS, day + 1))
    return {"BYMONTHDAY": listed, "BYSETPOS": "-1"}


# ── words ────────────────────────────────────────────────────────────────────────────────────


def _read_words(
    words: str, *, now: datetime, zone: tzinfo | None, day_first: bool
) -> dict[str, str] | None:
    if words in _WORKDAYS:
        return {"FREQ": "WEEKLY", "BYDAY": WORKING}
    days = _read_days(re.sub(r"^(?:every|each|cada|todos los|los) ", "", words))
    if days:
        return {"FREQ": "WEEKLY", "BYDAY": days}
    base, _, rest = words, "", ""
    parted = _ON.search(words)
    if parted and words[: parted.start()] not in {"todos", "cada", "every"}:
        base, rest = words[: parted.start()], words[parted.end() :]
    rule = _read_base(base)
    if rule is None:
        return None
    if not rest:
        return rule
    more = _read_on(rule["FREQ"], rest, now=now, zone=zone, day_first=day_first)
    return None if more is None else rule | more


def _read_base(words: str) -> dict[str, str] | None:
    if words in _BASES:
        frequency, interval = _BASES[words]
    else:
        every = _EVERY.fullmatch(words)
        if every is None or every[2] not in _UNITS:
            return None
        frequency = _UNITS[every[2]]
        interval = {"other": 2, "otro": 2, "dos": 2}.get(every[1] or "1") or int(every[1] or 1)
    rule = {"FREQ": frequency}
    return rule if interval == 1 else rule | {"INTERVAL": str(interval)}


def _read_on(
    frequency: str, words: str, *, now: datetime, zone: tzinfo | None, day_first: bool
) -> dict[str, str] | None:
    if frequency == "WEEKLY":
        days = _read_days(words)
        return {"BYDAY": days} if days else None
    if frequency == "MONTHLY":
        return _read_day_of_month(words)
    if frequency == "YEARLY":
        from language.when import parse_day

        if not re.search(r"\d{4}", words):
            words += " 2000"  # a leap year, so that 29 feb is a day
        return year_day(parse_day(words, now=now, zone=zone, day_first=day_first))
    return None


def year_day(day: date) -> dict[str, str]:
    """Parts that mean this day of every year; 29 February is the 28th in other years."""
    if (day.month, day.day) == (2, 29):
        return {"BYMONTH": "2", "BYMONTHDAY": "28,29", "BYSETPOS": "-1"}
    return {"BYMONTH": str(day.month), "BYMONTHDAY": str(day.day)}


def _read_day_of_month(words: str) -> dict[str, str] | None:
    words = re.sub(r"^(?:day|dia) ", "", words)
    if words in {"last day", "ultimo dia", "last", "ultimo"}:
        return {"BYMONTHDAY": "-1"}
    number = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?", words)
    if number:
        day = int(number[1])
        return month_day(day) if 1 <= day <= 31 else None
    ordinal, _, name = words.partition(" ")
    if ordinal in _ORDINALS and name in _DAYS:
        return {"BYDAY": f"{_ORDINALS[ordinal]}{WEEKDAYS[_DAYS[name]]}"}
    return None


def _read_days(words: str) -> str:
    """Weekdays as the rule lists them: `mon and thu` is `MO,TH`; empty when they are not."""
    names = [name for name in re.split(r",| and | y | e | & ", words) if name.strip()]
    found = []
    for name in names:
        word = name.strip()
        word = word if word in _DAYS else word.removesuffix("s")
        if word not in _DAYS:
            return ""
        found.append(_DAYS[word])
    return ",".join(WEEKDAYS[day] for day in sorted(set(found)))


# ── rules ────────────────────────────────────────────────────────────────────────────────────


def _parse_rule(text: str) -> dict[str, str]:
    body = text.upper().replace(" ", "").removeprefix("RRULE:").strip(";")
    parts: dict[str, str] = {}
    for piece in body.split(";"):
        name, _, value = piece.partition("=")
        if name not in _KEYS or not value or name in parts:
            raise InvalidValue(f"'{piece[:60]}' does not belong in a rule here", HINT)
        parts[name] = value
    # An end with a time means that day: tasks repeat by days.
    if "UNTIL" in parts:
        parts["UNTIL"] = parts["UNTIL"][:8]
    if parts.get("INTERVAL") == "1":
        del parts["INTERVAL"]
    return parts


def _checked(parts: dict[str, str]) -> str:
    rule = join_rule(parts)
    if parts.get("FREQ") not in {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}:
        raise InvalidValue(f"'{rule[:60]}' must repeat by days, weeks, months or years", HINT)
    if "COUNT" in parts and "UNTIL" in parts:
        raise InvalidValue("an end and a number of times cannot both be said", HINT)
    for name in ("COUNT", "INTERVAL"):
        value = parts.get(name, "1")
        if not (value.isascii() and value.isdigit() and 1 <= int(value[:9]) <= MOST):
            raise InvalidValue(f"{name.lower()} {value[:20]} is not from 1 to {MOST}", HINT)
    if "UNTIL" in parts:
        _check_end(parts["UNTIL"])
    _check_happens({name: value for name, value in parts.items() if name not in {"UNTIL", "COUNT"}})
    return rule


def _check_end(text: str) -> None:
    try:
        datetime.strptime(text, "%Y%m%d")  # noqa: DTZ007 (a day has no zone)
    except ValueError:
        raise InvalidValue(f"'{text}' is not the last day of a rule", HINT) from None


def _check_happens(parts: dict[str, str]) -> None:
    from dateutil.rrule import rrulestr

    rule = join_rule(parts)
    try:
        # From a leap year, so that 29 February counts; with an end, so that looking ends too.
        made: Any = rrulestr(rule, dtstart=datetime(2000, 1, 1))  # noqa: DTZ001 (days have no zone)
        made = made.replace(until=datetime(2060, 1, 1))  # noqa: DTZ001 (days have no zone)
        first = next(iter(made), None)
    except (ValueError, TypeError, IndexError, KeyError, AttributeError) as error:
        raise InvalidValue(f"'{rule[:60]}' is not a rule: {error}", HINT) from None
    if first is None:
        raise InvalidValue(f"'{rule[:60]}' would never happen", HINT)


# ── showing ──────────────────────────────────────────────────────────────────────────────────


def show_repeat(rule: str) -> str:
    """Show a rule in words that read back as the same rule; one without such words shows itself."""
    parts = split_rule(rule)
    end = parts.pop("UNTIL", "")
    count = parts.pop("COUNT", "")
    words = _show_base(parts)
    if words is None:
        return rule
    if end:
        words += f" until {end[:4]}-{end[4:6]}-{end[6:8]}"
    return f"{words} x{count}" if count else words


def _show_base(parts: dict[str, str]) -> str | None:
    rest = {name: value for name, value in parts.items() if name not in {"FREQ", "INTERVAL"}}
    frequency, interval = parts["FREQ"], parts.get("INTERVAL", "1")
    if frequency == "WEEKLY" and interval == "1" and rest == {"BYDAY": WORKING}:
        return "weekdays"
    unit = {"DAILY": "days", "WEEKLY": "weeks", "MONTHLY": "months", "YEARLY": "years"}[frequency]
    base = frequency.lower() if interval == "1" else f"every {interval} {unit}"
    if not rest:
        return base
    on = _show_on(frequency, rest)
    return None if on is None else f"{base} on {on}"


def _show_on(frequency: str, rest: dict[str, str]) -> str | None:
    days = rest.get("BYDAY", "")
    if frequency == "WEEKLY" and set(rest) == {"BYDAY"} and set(days.split(",")) <= set(WEEKDAYS):
        return " and ".join(_SHOWN_DAYS[WEEKDAYS.index(day)] for day in days.split(","))
    if frequency == "MONTHLY":
        return _show_day_of_month(rest)
    if frequency == "YEARLY" and {"BYMONTH", "BYMONTHDAY"} <= set(rest):
        day, month = rest["BYMONTHDAY"].split(",")[-1], rest["BYMONTH"]
        if day.isdigit() and month.isdigit():
            shown = date(2000, int(month), int(day))
            if year_day(shown) == rest:
                return f"{shown.day} {_MONTHS[shown.month - 1]}"
    return None


def _show_day_of_month(rest: dict[str, str]) -> str | None:
    last = rest.get("BYMONTHDAY", "").split(",")[-1]
    if rest == {"BYMONTHDAY": "-1"}:
        return "the last day"
    if last.isdigit() and month_day(int(last)) == rest:
        return f"the {last}{_suffix(int(last))}"
    ordinal = re.fullmatch(r"(-?\d)(MO|TU|WE|TH|FR|SA|SU)", rest.get("BYDAY", ""))
    if ordinal and set(rest) == {"BYDAY"} and int(ordinal[1]) in _SHOWN_ORDINALS:
        return f"the {_SHOWN_ORDINALS[int(ordinal[1])]} {_SHOWN_DAYS[WEEKDAYS.index(ordinal[2])]}"
    return None


def _suffix(day: int) -> str:
    if 10 < day < 20:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
