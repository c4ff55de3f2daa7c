"""What was understood of a table, for people: every column, where it goes, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importers.profile import Profile
    from operations.import_drafts import NewField


@dataclass(frozen=True, slots=True)
class UnderstoodColumn:
    """One column of the file.

    `noun` and `field`: what it fills; both empty when nothing does. `why`: the reason for either.
    `decisions`: what was decided for the whole column, such as `day first`. `sample`: a few cells
    as the file has them; `filled`: how many hold anything.
    """

    place: int
    header: str
    noun: str
    field: str
    why: str
    filled: int = 0
    sample: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()


@dataclass(slots=True)
class Understood:
    """A whole table as understood. `notes`: what was decided beyond single columns."""

    noun: str
    columns: list[UnderstoodColumn]
    profile: Profile | None = None
    new_fields: list[NewField] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
