"""The words people use for days and times, in English and Spanish, without accents or capitals."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import islice

Phrase = tuple[str, ...]

# The longest phrase the grammar knows is shorter than this, so more words never need a look.
MOST_WORDS = 24


@dataclass(frozen=True, slots=True)
class Word:
    """One folded word, and where it ends in the text it came from."""

    text: str
    end: int


def fold(text: str) -> str:
    """Make small letters without accents, so that `Próximo` and `proximo` are one word."""
    if text.isascii():
        return text.lower()
    # Not NFKD: it would turn the superscript in `10²` into a digit.
    apart = unicodedata.normalize("NFD", text.replace("\N{MINUS SIGN}", "-"))
    return "".join(each for each in apart if not unicodedata.combining(each)).casefold()


_PIECE = re.compile(r"[^\s,]+")


def cut(text: str) -> list[Word]:
    """Cut a text into folded words; at most `MOST_WORDS` of them."""
    words = []
    for piece in islice(_PIECE.finditer(text), MOST_WORDS):
        word = fold(piece.group()).rstrip(".;:")
        words.append(Word({"a.m": "am", "p.m": "pm"}.get(word, word), piece.end()))
    return words


def _numbered(first: int, *rows: str) -> dict[str, int]:
    return {word: n for n, row in enumerate(rows, first) for word in row.split()}


def _phrases(**rows: str) -> dict[Phrase, str]:
    return {
        tuple(phrase.split()): name for name, row in rows.items() for phrase in row.split(" | ")
    }


MONTHS = _numbered(
    1,
    "jan january ene enero",
    "feb february febrero",
    "mar march marzo",
    "apr april abr abril",
    "may mayo",
    "jun june junio",
    "jul july julio",
    "aug august ago agosto",
    "sep sept september septiembre setiembre",
    "oct october octubre",
    "nov november noviembre",
    "dec december dic diciembre",
)

WEEKDAYS = _numbered(
    0,
    "mon monday lun lunes",
    "tue tues tuesday mar martes",
    "wed weds wednesday mie mier miercoles",
    "thu thur thurs thursday jue jueves",
    "fri friday vie viernes",
    "sat saturday sab sabado",
    "sun sunday dom domingo",
)

NUMBERS = _numbered(
    1,
    "a an one un una uno",
    "two dos",
    "three tres",
    "four cuatro",
    "five cinco",
    "six seis",
    "seven siete",
    "eight ocho",
    "nine nueve",
    "ten diez",
)

UNITS = {
    word: unit
    for unit, row in {
        "minutes": "min mins minute minutes minuto minutos",
        "hours": "h hr hrs hour hours hora horas",
        "days": "d day days dia dias",
        "weeks": "w wk wks week weeks sem semana semanas",
        "months": "m mo month months mes meses",
        "years": "y yr yrs year years ano anos",
    }.items()
    for word in row.split()
}

PERIODS = {
    "week": "week",
    "semana": "week",
    "month": "month",
    "mes": "month",
    "quarter": "quarter",
    "trimestre": "quarter",
    "year": "year",
    "ano": "year",
}

NAMED_DAYS: dict[Phrase, int] = {
    ("today",): 0,
    ("hoy",): 0,
    ("tomorrow",): 1,
    ("manana",): 1,
    ("yesterday",): -1,
    ("ayer",): -1,
    ("day", "after", "tomorrow"): 2,
    ("pasado", "manana"): 2,
    ("day", "before", "yesterday"): -2,
    ("anteayer",): -2,
    ("antes", "de", "ayer"): -2,
}

PERIOD_ENDS = _phrases(
    month="eom | end of month | end of the month | fin de mes | a fin de mes | final de mes",
    quarter="eoq | end of quarter | end of the quarter | fin de trimestre",
    year="eoy | end of year | end of the year | fin de ano | a fin de ano | final de ano",
)

TURNS_BEFORE = {
    "next": 1,
    "coming": 1,
    "proximo": 1,
    "proxima": 1,
    "last": -1,
    "pasado": -1,
    "pasada": -1,
    "ultimo": -1,
    "ultima": -1,
    "this": 0,
    "este": 0,
    "esta": 0,
}

TURNS_AFTER: dict[Phrase, int] = {
    ("que", "viene"): 1,
    ("proximo",): 1,
    ("proxima",): 1,
    ("siguiente",): 1,
    ("pasado",): -1,
    ("pasada",): -1,
}

ARTICLES = frozenset(("on", "the", "el"))
AHEAD: tuple[Phrase, ...] = (("in",), ("en",), ("dentro", "de"))
AGO = frozenset(("ago", "atras"))
NOW = frozenset(("now", "ahora"))
