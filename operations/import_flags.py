"""What could not be read in one import: collected row by row, kept with the records at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from language.text import shorten
from language.when import When
from operations.flags import flag_many
from operations.import_drafts import Drafts, Flagged

if TYPE_CHECKING:
    from storage.unit import UnitOfWork


def _text(value: Any) -> str:
    """A value that was read and then refused, as a file writes it."""
    if isinstance(value, When):
        value = value.moment or value.day
    return value.isoformat() if isinstance(value, date) else str(value)


Ids = Mapping[int, int]
"""Place of a row in the file's table → number of its record."""


class Flags:
    """The unreadable values of one file, the first of them those that its columns held."""

    def __init__(self, found: Sequence[Flagged]) -> None:
        self.found = list(found)
        self._kept: set[int] = set()
        self._seen = {(flag.place, flag.noun, flag.field, flag.value) for flag in self.found}

    def add(self, drafts: Drafts, row: int, field: str, value: Any, reason: str) -> None:
        """Flag one value of a row of some drafts."""
        text = _text(value)
        key = (drafts.places[row], drafts.noun, field, text)
        if key not in self._seen:
            self._seen.add(key)
            header = drafts.headers.get(field, field)
            self.found.append(
                Flagged(drafts.places[row], drafts.noun, field, header, text, reason.rstrip("."))
            )

    def reason(self, drafts: Drafts, row: int, field: str) -> str:
        """Why a value of a row could not be read; "" when it could."""
        place = drafts.places[row]
        found = (f.reason for f in self.found if f.place == place and f.field == field)
        return next(found, "")

    def fields_of(self, noun: str, ids: Ids) -> set[tuple[int, str]]:
        """Records of a noun, each with a field of which this file has an unreadable value."""
        return {
            (ids[flag.place], flag.field)
            for flag in self.found
            if flag.noun == noun and flag.place in ids
        }

    def drop(self, places: set[int]) -> None:
        """Forget rows that are left out whole."""
        self.found = [flag for flag in self.found if flag.place not in places]

    def keep(self, uow: UnitOfWork, noun: str, ids: Ids, new: set[int]) -> set[int]:
        """Keep the flags of a noun with its records; gives the records that got one."""
        return self._keep(uow, noun, ids, new, [flag for flag in self.found if flag.noun == noun])

    def keep_rest(self, uow: UnitOfWork, main: str, ids: Ids, new: set[int]) -> set[int]:
        """Keep what no record of its own noun could, with the main record of its row."""
        return self._keep(
            uow, main, ids, new, [flag for flag in self.found if id(flag) not in self._kept]
        )

    def _keep(
        self, uow: UnitOfWork, noun: str, ids: Ids, new: set[int], some: Sequence[Flagged]
    ) -> set[int]:
        found: list[tuple[int, str, str, str]] = []
        for flag in some:
            number = ids.get(flag.place)
            if number is not None:
                self._kept.add(id(flag))
                name = flag.field if flag.noun == noun else f"{flag.noun}.{flag.field}"
                found.append((number, name, flag.value, shorten(flag.reason, 300)))
        return flag_many(uow, noun, found, new)
