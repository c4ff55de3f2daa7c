"""Heading → goal: the field of the noun of the file, or of a noun that its rows hold beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from importers.headings import Shape, shape_of, spellings, words_in, words_of
from importers.words import MORE
from language.currencies import CURRENCIES, SYMBOLS
from language.fields import NOUNS, Field

Custom = Mapping[str, Sequence[Field]]

# How sure a goal is; the lowest wins.
MAPPED, PROFILE, NAME, LABEL, ALIAS, WORDS, BESIDE, CONTENT = range(8)

LINKED: dict[str, tuple[str, ...]] = {
    "contact": ("company", "deal", "activity"),
    "company": ("contact", "deal", "activity"),
    "deal": ("company", "contact", "activity"),
    "activity": ("contact", "company", "deal"),
    "task": ("contact", "company", "deal"),
}
"""What else a row may hold."""
LINKS: dict[tuple[str, str], str] = {
    ("contact", "company"): "company",
    ("deal", "company"): "company",
    ("deal", "contact"): "contacts",
    ("activity", "company"): "company",
    ("activity", "deal"): "deal",
    ("activity", "contact"): "contacts",
    ("task", "company"): "company",
    ("task", "deal"): "deal",
    ("task", "contact"): "contact",
}
"""The field of the file's noun that names the one beside it."""
QUALIFIERS: dict[str, tuple[str, ...]] = {
    "contact": ("primary contact", "main contact", "contact person", "persona de contacto",
                "contact", "contacto", "person", "persona", "lead"),
    "company": ("company", "account", "organization", "organisation", "organizacion", "empresa",
                "cuenta", "compania", "employer", "org"),
    "deal": ("deal", "opportunity", "oportunidad", "negocio", "potential"),
    "activity": ("activity", "actividad", "interaction", "call", "llamada", "meeting", "reunion",
                 "visit", "visita"),
    "task": ("task", "tarea", "todo"),
    "product": ("product", "producto"),
    "user": ("user", "usuario"),
}  # fmt: skip
KINDS = {
    "call": "call", "llamada": "call", "meeting": "meeting", "reunion": "meeting",
    "visit": "visit", "visita": "visit",
}  # fmt: skip
"""Kinds of activity that a heading names: `Call date`, `Fecha de la reunión`."""
BESIDES: dict[tuple[str, str], tuple[str, ...]] = {
    ("contact", "company"): ("industry", "domains", "size", "revenue", "founded"),
    ("deal", "company"): ("industry", "domains", "size", "revenue", "founded"),
    ("activity", "company"): ("industry", "domains"),
    ("company", "contact"): ("given_name", "family_name", "job_title"),
    ("deal", "contact"): ("given_name", "family_name", "job_title"),
    ("activity", "contact"): ("given_name", "family_name", "job_title"),
    ("task", "contact"): ("given_name", "family_name", "job_title"),
}
"""Fields that can only be meant of the noun beside, even where the heading does not name it."""
VAGUE = words_in(
    "size tamano ventas ingresos actividad established url revenue first last position job nombre"
    " title name year ano"
)
PARTS_OF_NAMES = {
    "middle": "middle name, middle names, additional name, middle, middle initial, segundo nombre",
    "prefix": "prefix, name prefix, honorific, honorific prefix, salutation, courtesy title, "
    "tratamiento, titulo de cortesia, mr mrs, mr ms",
    "suffix": "suffix, name suffix, honorific suffix, generational suffix, sufijo",
    "family2": "segundo apellido, second surname, apellido 2, 2 apellido, second last name",
    "given": "primer nombre",
    "family": "primer apellido, apellido 1, 1 apellido",
}
_NAME_PARTS = {word: part for part, text in PARTS_OF_NAMES.items() for word in text.split(", ")}

_IDS = words_in("id number code codigo reference ref key guid identifier identificador")
_SMALL = words_in("de del la el of the a last latest ultimo ultima mas reciente")
_NOT_YET = words_in("next proximo proxima siguiente scheduled planned planificada")


@dataclass(frozen=True, slots=True)
class Goal:
    """Where a column goes, why, and how sure that is.

    `role`: "" for values; currency, type (the labels of another column), outcome (of a deal, over
    its stage), computed (a field that nobody fills), or a part of a name: middle, prefix, suffix,
    family2. `part`, `label`, `group`: of lists, as in `Shape`. `currency`: that the heading says.
    `activity`: the kind of activity that the heading names.
    """

    noun: str
    field: Field
    why: str
    rank: int
    role: str = ""
    label: str = ""
    part: str = ""
    group: str = ""
    currency: str = ""
    activity: str = ""


def goal_of(header: str, main: str, custom: Custom) -> Goal | None:
    """The goal of a heading in a file of `main`, by its words alone."""
    for words in spellings(header):
        if not words:
            continue
        goal = (
            own(words, main, custom)
            or _qualified(words, main, custom)
            or _priced(header, words, main, custom)
        )
        goal = goal or _beside(words, main)
        if goal is not None:
            symbol = next((sign for sign in SYMBOLS if sign in header and not sign.isalnum()), "")
            if symbol and goal.field.kind == "money" and SYMBOLS[symbol] in CURRENCIES:
                return replace(goal, currency=SYMBOLS[symbol])
            return goal
    return None


def own(words: str, noun: str, custom: Custom) -> Goal | None:
    """The field of a noun that some words name."""
    for field in custom.get(noun, ()):
        if words in {words_of(field.name), words_of(field.label)}:
            return Goal(noun, field, "the heading is a field of yours", NAME)
    if noun == "contact" and words in _NAME_PARTS:
        part = _NAME_PARTS[words]
        name = "family_name" if part in {"suffix", "family2", "family"} else "given_name"
        role = "" if part in {"given", "family"} else part
        return Goal(noun, _field(noun, name), "the heading is a part of a name", ALIAS, role)
    shape = shape_of(words)
    found = _table(noun).get(words)
    if found is not None:
        field, rank = found
        if shape is not None and shape.field == field.name and not shape.is_type:
            return _of_shape(noun, field, shape, rank)
        if noun == "deal" and field.name == "outcome":
            return Goal(noun, _field(noun, "stage"), _WHY[rank], rank, "outcome")
        computed = "" if field.fill or field.name == "uid" else "computed"
        return Goal(noun, field, _WHY[rank], rank, computed)
    if shape is not None:
        listed = next((one for one in NOUNS[noun].fields if one.name == shape.field), None)
        if listed is not None and listed.many:
            return _of_shape(noun, listed, shape, WORDS)
    if words in {"anniversary", "aniversario", "wedding anniversary"} and noun == "contact":
        why = "the heading says which day"
        return Goal(noun, _field(noun, "dates"), why, WORDS, label="anniversary")
    return None


_WHY = {
    NAME: "the heading is the name of the field",
    LABEL: "the heading is the label of the field",
    ALIAS: "the heading is a word for the field",
    WORDS: "the heading says what it is",
}


def _of_shape(noun: str, field: Field, shape: Shape, rank: int) -> Goal:
    role = "type" if shape.is_type else ""
    return Goal(noun, field, _WHY[rank], rank, role, shape.label, shape.part, shape.group)


def _qualified(words: str, main: str, custom: Custom) -> Goal | None:
    """`Company website`, `Account: City`, `Web de la empresa`, `Last call date`."""
    for noun in (main, *LINKED.get(main, ())):
        for name in QUALIFIERS.get(noun, ()):
            rest = _rest(words, name)
            if rest is None or (not rest and noun == main and noun != "contact"):
                continue
            goal = _named(noun, name, rest, main, custom)
            if goal is not None:
                return goal
    return None


def _rest(words: str, name: str) -> str | None:
    """What is left of a heading without the word for a noun, or None where it has none."""
    if words == name:
        return ""
    if words.startswith(f"{name} "):
        return words[len(name) + 1 :]
    if words.endswith(f" {name}"):
        left = words[: -len(name) - 1].split()
        while left and left[-1] in _SMALL:
            left.pop()
        return " ".join(left)
    parts = words.split()
    if name in KINDS and name in parts and parts[0] in _SMALL:
        parts.remove(name)
        return " ".join(parts)
    return None


def _named(noun: str, name: str, rest: str, main: str, custom: Custom) -> Goal | None:
    why = f"the heading names the {noun}" if noun != main else "the heading says what it is"
    if noun == "activity":
        return _of_activity(name, rest, custom) if main != "activity" else own(rest, noun, custom)
    if rest in _IDS or rest == "record id":
        field = next((one for one in NOUNS[noun].fields if one.name == "external_id"), None)
        return Goal(noun, field, why, WORDS) if field is not None else None
    if not rest:
        if noun == main:
            return None
        goal: Goal | None = Goal(noun, _field(noun, NOUNS[noun].title), why, WORDS)
    else:
        goal = own(rest, noun, custom)
    if goal is None or (goal.role == "computed" and noun != main):
        return None
    link = LINKS.get((main, noun))
    if link and goal.field.name == NOUNS[noun].title and not goal.role:
        # What names the company of a contact is the contact's own field.
        return Goal(main, _field(main, link), why, WORDS)
    return replace(goal, why=why, rank=max(goal.rank, WORDS))


def _of_activity(name: str, rest: str, custom: Custom) -> Goal | None:
    words = rest.split()
    if _NOT_YET & set(words):
        return None
    left = " ".join(word for word in words if word not in _SMALL)
    kind = KINDS.get(name, "")
    if not left:
        return Goal("activity", _field("activity", "at"), f"the heading names a {name}", WORDS,
                    activity=kind) if kind else None  # fmt: skip
    goal = own(left, "activity", custom)
    if goal is None or goal.role or goal.field.kind in {"ref", "member", "tag"}:
        return None
    return replace(goal, why=f"the heading names the {name}", rank=WORDS, activity=kind)


def _beside(words: str, main: str) -> Goal | None:
    if words in VAGUE:
        return None
    for noun in LINKED.get(main, ()):
        goal = own(words, noun, {})
        if goal is not None and not goal.role and goal.field.name in BESIDES.get((main, noun), ()):
            why = f"only a {noun} has such a field"
            return replace(goal, why=why, rank=BESIDE)
    return None


def _priced(header: str, words: str, main: str, custom: Custom) -> Goal | None:
    """`Amount (USD)`: the heading says the currency too."""
    rest, _, code = words.rpartition(" ")
    code = code.upper()
    if not rest or code not in CURRENCIES or code not in header.upper():
        return None
    rest = rest.removesuffix(" in").removesuffix(" en")
    goal = own(rest, main, custom) or _qualified(rest, main, custom)
    if goal is None or goal.field.kind != "money":
        return None
    return replace(goal, currency=code)


def _field(noun: str, name: str) -> Field:
    return next(field for field in NOUNS[noun].fields if field.name == name)


_TABLES: dict[str, dict[str, tuple[Field, int]]] = {}


def _table(noun: str) -> dict[str, tuple[Field, int]]:
    if noun not in _TABLES:
        table: dict[str, tuple[Field, int]] = {}
        fields = NOUNS[noun].fields
        for rank, words in (
            (NAME, lambda field: (field.name, field.flag_name)),
            (LABEL, lambda field: (field.label,)),
            (ALIAS, lambda field: field.aliases),
        ):
            for field in fields:
                for word in words(field):
                    table.setdefault(words_of(word), (field, rank))
        for field in fields:
            listed = ", ".join(MORE.get((key, field.name), "") for key in (noun, ""))
            for word in filter(None, map(words_of, listed.split(","))):
                table.setdefault(word, (field, ALIAS))
        _TABLES[noun] = table
    return _TABLES[noun]
