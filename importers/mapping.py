"""Headings → fields: by name, label or alias in two languages, unless the user says other."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from language.errors import InvalidValue
from language.fields import NOUNS
from language.text import closest, fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from language.fields import Field

CURRENCY = frozenset({"currency", "currency code", "currency iso code", "moneda", "divisa"})
KEPT = frozenset({"uid"})
"""Fields that nobody fills by hand and that a file may bring nevertheless."""
NAMES = frozenset({"given_name", "family_name"})
"""What names a contact when no column holds the whole name."""
TITLED = frozenset({"deal"})
"""Nouns whose records get a title from what else a row says."""
ONE_CELL = frozenset({"line", "member"})
"""Lists whose items only make sense together: one column each."""


@dataclass(slots=True)
class Matched:
    """Which columns (by place) fill which fields; several may fill one list or one address."""

    fields: dict[str, Field] = field(default_factory=dict)
    places: dict[str, list[int]] = field(default_factory=dict)
    currencies: dict[str, int] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)


def match_headers(
    noun: str, headers: Sequence[str], chosen: Sequence[str] = (), custom: Sequence[Field] = ()
) -> Matched:
    """Say which column fills which field of a noun.

    `chosen`: `Column=field` pairs; an empty field leaves the column out. Raises InvalidValue for
    two columns that fill one field, and for a chosen column or field that is not there.
    """
    picked = _picked(noun, headers, chosen, custom)
    matched = Matched()
    currencies: list[tuple[int, str]] = []
    for place, header in enumerate(headers):
        known = picked[place] if place in picked else _field(noun, header, custom)
        if known is not None:
            _add(matched, headers, place, known, chosen=place in picked)
        elif place not in picked and _word(header).endswith(tuple(CURRENCY)):
            currencies.append((place, _word(header)))
        else:
            matched.ignored.append(header or f"{place + 1} (no heading)")
    for place, word in currencies:
        money = _money_of(matched, word)
        if money:
            matched.currencies[money] = place
        else:
            matched.ignored.append(headers[place])
    if not matched.fields:
        names = ", ".join(f"'{header}'" for header in headers[:8])
        raise InvalidValue(
            f"no column of {names} is a field of a {noun}",
            f'name one: --map "{headers[0] if headers else "Column"}={NOUNS[noun].title}"',
        )
    title = NOUNS[noun].title
    if not matched.fields.keys() & {title, *NAMES} and noun not in TITLED:
        # Such a file holds another noun, or names this one by a word of its own.
        names = ", ".join(f"'{header}'" for header in headers[:8])
        raise InvalidValue(
            f"no column of {names} holds the {title} of a {noun}",
            f'name it: --map "{headers[0]}={title}"; or import what the file does hold',
        )
    return matched


def _word(text: str) -> str:
    return fold(text.replace("_", " ").replace("-", " "))


def _field(noun: str, header: str, custom: Sequence[Field]) -> Field | None:
    word = _word(header)
    for own in custom:
        if word in {_word(own.name), _word(own.label)}:
            return own
    known = NOUNS[noun].field(header) if word else None
    if known is not None and known.name == "outcome" and noun == "deal":
        # Won or lost is what the stages of a file without stages are.
        known = NOUNS["deal"].field("stage")
    return known if known is not None and (known.fill or known.name in KEPT) else None


def _picked(
    noun: str, headers: Sequence[str], chosen: Sequence[str], custom: Sequence[Field]
) -> dict[int, Field | None]:
    picked: dict[int, Field | None] = {}
    for pair in chosen:
        column, equals, name = pair.rpartition("=")
        if not equals:
            raise InvalidValue(
                f"'{pair}' is not COLUMN=FIELD", 'for example: --map "Cliente=company"'
            )
        places = [i for i, header in enumerate(headers) if _word(header) == _word(column)]
        if not places:
            near = closest(column, headers)
            hint = f"did you mean {near[0]}?" if near else f"columns: {', '.join(headers)}"
            raise InvalidValue(f"the file has no column '{column}'", hint)
        known = _field(noun, name, custom)
        if known is None and name.strip():
            names = [item.name for item in NOUNS[noun].fields if item.fill]
            near = closest(name, names)
            hint = f"did you mean {', '.join(near)}?" if near else f"fields: {', '.join(names)}"
            raise InvalidValue(f"{noun} has no field '{name}' that can be filled", hint)
        picked[places[0]] = known
    return picked


def _add(
    matched: Matched, headers: Sequence[str], place: int, known: Field, *, chosen: bool
) -> None:
    places = matched.places.setdefault(known.name, [])
    joins = (known.many and known.kind not in ONE_CELL) or known.kind == "address"
    same_word = any(_word(headers[i]) == _word(headers[place]) for i in places)
    if places and (same_word or not joins) and not chosen:
        raise InvalidValue(
            f"columns '{headers[places[0]]}' and '{headers[place]}' both hold the {known.name}",
            f'leave one out: --map "{headers[place]}="',
        )
    matched.fields[known.name] = known
    places.append(place)


def _money_of(matched: Matched, word: str) -> str:
    """The money field whose currency a column holds."""
    money = [known for known in matched.fields.values() if known.kind == "money"]
    for known in money:
        if word in {_word(known.currency), f"{_word(known.name)} currency"}:
            return known.name
    return money[0].name if len(money) == 1 and word in CURRENCY else ""
