"""A table → drafts of its records: the one door for the command line and the app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from importers.columns import read_columns
from importers.mapping import match_headers
from importers.understood import Understood, UnderstoodColumn
from operations.import_drafts import Batch, Flagged

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from importers.profile import Profile
    from importers.sheet import Sheet
    from language.fields import Field
    from language.reading import Reading

__all__ = ["Understood", "UnderstoodColumn", "read_drafts"]


def read_drafts(
    sheet: Sheet,
    noun: str,
    reading: Reading,
    *,
    chosen: Sequence[str] = (),
    custom: Mapping[str, Sequence[Field]] | None = None,
    profile: Profile | None = None,
    create_fields: bool = False,
) -> Batch:
    """Read what a table says of a noun and of the nouns beside it; every row stays.

    `chosen`: `Column=field`, `Column=noun.field` or `Column=` pairs, which overrule everything
    else. `custom`: noun → its fields beyond the built-in ones. `create_fields`: columns that are
    no field become new ones. Raises InvalidValue for a chosen column or field that is not there.
    """
    matched = match_headers(noun, sheet.headers, chosen, (custom or {}).get(noun, ()))
    drafts = read_columns(sheet, matched, noun, reading)
    batch = Batch(drafts, rejected=list(sheet.broken), notes=list(drafts.notes))
    batch.flags += [
        Flagged(place, noun, "extra cells", "", text, "more cells than headings")
        for place, text in sheet.extras.items()
    ]
    return batch
