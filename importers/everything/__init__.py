"""A whole export → its tables, exactly as they were stored: what `exporters.everything` wrote.

A form is one module with `read(path) -> Parcel`. Tables are streamed; columns for people are passed
over; tables and columns that an older export lacks are left to their defaults.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from language.errors import InvalidValue, NotFound
from language.text import quoted

if TYPE_CHECKING:
    from operations.everything import Parcel

__all__ = ["read_everything"]

FORMS = {"xlsx": "importers.everything.book", "json": "importers.everything.document"}


def read_everything(place: str) -> Parcel:
    """Open what `crm export all` wrote: a folder, or one file.

    Raises NotFound, InvalidValue for what is no such export, Refused for one of a newer crm; while
    its tables are read also InvalidValue for a damaged one, naming the table and the row.
    """
    path = Path(place).expanduser()
    try:
        found = path.exists()
    except (OSError, ValueError):
        found = False
    if not found:
        raise NotFound(f"there is no export at {quoted(place, 200)}", "check the path")
    form = "" if path.is_dir() else path.suffix.lower().removeprefix(".")
    module = "importers.everything.folder" if path.is_dir() else FORMS.get(form)
    if module is None:
        raise InvalidValue(
            f"{quoted(place, 200)} does not hold everything",
            "give what crm export all wrote: a folder, a .xlsx or a .json file",
        )
    parcel: Parcel = import_module(module).read(path)
    return parcel
