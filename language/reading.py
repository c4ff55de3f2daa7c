"""Turn what a user typed into the typed value of a field: the one place where text is parsed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from language.errors import InvalidValue
from language.terms import SYNONYMS
from language.text import clean, clean_line, closest, fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from language.fields import Field

YES = frozenset({"yes", "y", "true", "1", "on", "si", "s", "x", "verdadero"})
NO = frozenset({"no", "n", "false", "0", "off", "falso"})
LABELS = frozenset(
    {"work", "home", "mobile", "other", "main", "fax", "personal", "office", "billing", "invoice",
     "shipping", "delivery", "trabajo", "casa", "movil", "oficina", "facturacion", "envio",
     "linkedin", "x", "twitter", "instagram", "facebook", "github", "mastodon", "web", "whatsapp",
     "telegram", "skype", "youtube", "tiktok", "anniversary", "birthday", "aniversario",
     "cumpleanos", "wedding", "name day", "santo", "started", "contract", "assistant", "direct",
     "switchboard"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading depends on: the moment, the user's zone, currency, country and date order."""

    now: datetime
    zone: tzinfo | None
    currency: str
    country: str
    day_first: bool


def read_field(field: Field, text: str, reading: Reading) -> object:
    """Read one value of a field; an empty text gives None, which empties the field.

    References to other records stay text for the operation to resolve. Raises `InvalidValue`
    naming the field, the value and what would fit.
    """
    if not text.strip():
        return None
    try:
        return _read(field, text, reading)
    except InvalidValue as error:
        if error.message.startswith(field.label.lower()):
            raise
        raise InvalidValue(f"{field.label.lower()}: {error.message}", error.hint) from None


def _read(field: Field, text: str, reading: Reading) -> object:
    match field.kind:
        case "long":
            return clean(text, what=field.label.lower())
        case "integer":
            return read_integer(text)
        case "number":
            from language.money import parse_number

            return parse_number(text)
        case "percent":
            from language.money import parse_percent

            return parse_percent(text)
        case "money":
            from language.money import parse_money

            return parse_money(text, currency=reading.currency)
        case "day" | "moment" | "when":
            return _read_when(field, text, reading)
        case "minutes":
            from language.when import parse_minutes

            return parse_minutes(text)
        case "days":
            from language.when import parse_days

            return parse_days(text)
        case "flag":
            return read_flag(text)
        case "repeat":
            from language.repeat import parse_repeat

            return parse_repeat(
                text, now=reading.now, zone=reading.zone, day_first=reading.day_first
            )
        case "choice":
            return read_choice(text, field.choices, field.label.lower())
        case _:
            return clean_line(text, field.label.lower())


def _read_when(field: Field, text: str, reading: Reading) -> object:
    from language.when import parse_when

    past = field.kind == "moment"
    when = parse_when(
        text, now=reading.now, zone=reading.zone, past=past, day_first=reading.day_first
    )
    return when.day if field.kind == "day" else when


def read_integer(text: str) -> int:
    """Read a whole number, with thousands marks or without."""
    from language.money import parse_number

    number = parse_number(text)
    if number != number.to_integral_value():
        raise InvalidValue(f"'{text}' is not a whole number")
    if abs(number) >= 2**62:
        raise InvalidValue(f"'{text}' is too large")
    return int(number)


def read_flag(text: str) -> bool:
    """Read yes or no, in English or Spanish."""
    word = fold(text)
    if word in YES:
        return True
    if word in NO:
        return False
    raise InvalidValue(f"'{text}' is neither yes nor no", "write yes or no")


def read_choice(text: str, choices: tuple[str, ...], what: str) -> str:
    """Read one of a closed list: whole, by its beginning, or by a Spanish synonym."""
    word = fold(text.replace("_", " ").replace("-", " "))
    word = SYNONYMS.get(word, word)
    if word in choices:
        return word
    begins = [choice for choice in choices if choice.startswith(word)]
    if len(begins) == 1:
        return begins[0]
    near = closest(word, choices)
    hint = f"did you mean {', '.join(near)}?" if near else f"one of: {', '.join(choices)}"
    raise InvalidValue(f"{what}: '{text}' is not known", hint)


def split_words(texts: Sequence[str]) -> list[str]:
    """Part words at commas and semicolons: `vip,madrid` is two."""
    return [word.strip() for text in texts for word in re.split(r"[,;]", text) if word.strip()]


def split_label(text: str) -> tuple[str, str]:
    """Split `home:ana@x.es` into its label and value; without a known label, the label is empty."""
    label, colon, rest = text.partition(":")
    if colon and rest.strip() and not rest.startswith("//") and fold(label) in LABELS:
        return fold(label), rest.strip()
    return "", text.strip()
