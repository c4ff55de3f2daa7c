"""Phone numbers: kept as they were given, and understood as far as they can be."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from language.errors import InvalidValue
from language.text import clean_line, quoted

KEY_LENGTH = 9

_EXAMPLE = "for example: +34 600 111 222"
_MAX_LENGTH = 100
_PHONE = re.compile(
    r"""(?:tel:|☎)?\s*[+(\d][\d\s().\-/‐-–]*
    (?:(?:[,;]?\s*(?:extension|extensión|extn?|int|x)[.:=]?|[#;]|,,)\s*\d{1,7})?""",
    re.IGNORECASE | re.VERBOSE,
)
# Most numbers in a file: digits and the marks between them, with the prefix of a country or none.
_PLAIN = re.compile(r"(\+?)([1-9](?:[ .\-]?\d){6,14})", re.ASCII)
_MARKS = re.compile(r"[ .\-]")
_NO_DIGITS = re.compile(r"[^0-9]+")
_DATE = re.compile(r"\d{4}([-/.])\d{1,2}\1\d{1,2}|\d{1,2}([-/.])\d{1,2}\2\d{4}")
_EXTENSION = re.compile(
    r"(?:(?<![^\W\d_])(?:extension|extensión|extn?|int|x)[.:=]?|\#|,,)\s*(\d{1,7})\s*$",
    re.IGNORECASE,
)


if TYPE_CHECKING:
    from phonenumbers import PhoneNumber


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone number.

    `raw`: as given. `e164`: `+34600111222`, or None when it is no valid number ("flagged, not
    dropped"). `extension`: digits, mostly "".
    """

    raw: str
    e164: str | None
    extension: str = ""


def parse_phone(text: str, *, region: str) -> Phone:
    """Read a phone number; `region` (two letters, `ES`) is where one without a prefix is dialled.

    A number that no country has comes back with `e164` None. Raises InvalidValue when there is no
    digit.
    """
    import phonenumbers

    raw = clean_line(text, "phone")
    if not _digits(raw):
        raise InvalidValue(f"phone: {quoted(raw)} has no digits", _EXAMPLE)
    dialled = _PLAIN.fullmatch(raw)
    if dialled:
        e164 = _plain_number(_MARKS.sub("", dialled[2]), dialled[1], region)
        if e164:
            return Phone(raw, e164)
    number = _read(raw, region)
    if number is None or not phonenumbers.is_valid_number(number):
        extension = _EXTENSION.search(raw)
        return Phone(raw, None, _digits(extension[1]) if extension else "")
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return Phone(raw, e164, number.extension or "")


@cache
def _country(region: str) -> tuple[int, re.Pattern[str] | None]:
    """Prefix of a region, and what in front of a number there may be no part of it (None: much)."""
    from phonenumbers import PhoneMetadata

    known = PhoneMetadata.metadata_for_region(region, None)
    if known is None or known.country_code is None or known.national_prefix_transform_rule:
        return 0, None
    prefixes = [known.national_prefix_for_parsing, known.international_prefix]
    return known.country_code, re.compile("|".join(f"(?:{one})" for one in prefixes if one) or "0")


def _plain_number(digits: str, plus: str, region: str) -> str:
    """E.164 of digits that hold no prefix to take away; "" where only the whole reader can tell."""
    import phonenumbers

    home, inside = _country(region.upper())
    if plus:
        for length in (2, 1, 3):
            regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(int(digits[:length]), ())
            if regions:
                break
        else:
            return ""
        code, digits = int(digits[:length]), digits[length:]
        home, inside = _country(regions[0])
        if home != code:
            return ""
    if not home or inside is None or digits[0] == "0" or inside.match(digits):
        return ""
    if not plus and digits.startswith(str(home)):
        return ""
    number = phonenumbers.PhoneNumber(country_code=home, national_number=int(digits))
    return f"+{home}{digits}" if phonenumbers.is_valid_number(number) else ""


def show_phone(e164_or_raw: str, *, region: str) -> str:
    """A number as people of `region` write it: `600 11 12 22` at home, `+44 20 …` abroad.

    A text that is no valid number is shown as it is.
    """
    import phonenumbers

    number = _read(e164_or_raw, region)
    if number is None or not phonenumbers.is_valid_number(number):
        return e164_or_raw
    style = phonenumbers.PhoneNumberFormat
    at_home = phonenumbers.region_code_for_number(number) == region.upper()
    return phonenumbers.format_number(number, style.NATIONAL if at_home else style.INTERNATIONAL)


def phone_key(text: str) -> str:
    """The last nine digits, which a number has with and without its prefix; "" without digits."""
    if text[:1] == "+" and text[1:].isascii() and text[1:].isdigit():
        return text[1:][-KEY_LENGTH:]
    return _digits(_EXTENSION.sub("", text))[-KEY_LENGTH:]


def looks_like_phone(text: str) -> bool:
    """Whether a text can only be meant as a phone number: six digits or more, and no words."""
    text = text.strip()
    return (
        len(text) <= _MAX_LENGTH
        and _PHONE.fullmatch(text) is not None
        and _DATE.fullmatch(text) is None
        and len(_digits(text)) >= 6
    )


def _read(text: str, region: str) -> PhoneNumber | None:
    import phonenumbers

    try:
        return phonenumbers.parse(text, region.upper())
    except phonenumbers.NumberParseException:
        return None


def _digits(text: str) -> str:
    if text.isascii():
        return _NO_DIGITS.sub("", text)
    return "".join(str(unicodedata.decimal(char)) for char in text if char.isdecimal())
