"""What a person typed into a form, as typed values of a deal: read once, at this edge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from language.fields import field_named
from language.reading import Reading, read_field
from language.when_zone import moment_now

if TYPE_CHECKING:
    from collections.abc import Mapping

    from storage.settings import Settings


def read_answers(settings: Settings, given: Mapping[str, str]) -> dict[str, Any]:
    """Values by field; `contacts:ROLE` is a contact with that role; a field of one's own as typed.

    Raises `InvalidValue` for what cannot be read.
    """
    reading = Reading(
        moment_now(), settings.zone, settings.currency, settings.country, settings.day_first
    )
    values: dict[str, Any] = {}
    for name, text in given.items():
        field_name, _, role = name.partition(":")
        field = field_named("deal", field_name)
        if field is None:
            values[field_name] = text
        elif role:
            values.setdefault(field_name, []).append(f"{text}:{role}")
        elif field.many:
            values[field_name] = [read_field(field, text, reading)]
        else:
            values[field_name] = read_field(field, text, reading)
    return values
