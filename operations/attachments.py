"""Attachments: files on any record, kept once each, beside the database."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from language.errors import InvalidValue
from language.text import clean, clean_line, fold, safe
from language.values import Ref
from operations.bindings import Computed, Plain
from operations.facts import facts
from operations.sources import Draft, Source
from storage.files import Kept, folder_of, save
from storage.model.anything import attachments
from storage.model.people import companies, contacts
from storage.model.sales import deals

if TYPE_CHECKING:
    from storage.unit import UnitOfWork

NAMES = {"contact": contacts.c.name, "company": companies.c.name, "deal": deals.c.title}
LONGEST = 200  # bytes of a saved file's name; most disks take 255
FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?")


def _on(uow: UnitOfWork) -> sa.ColumnElement[Any]:
    number = attachments.c.record_id
    names = {
        noun: sa.select(column).where(column.table.c.id == number).scalar_subquery()
        for noun, column in NAMES.items()
    }
    name = sa.case(names, value=attachments.c.noun, else_="")
    return attachments.c.noun.concat(" #").concat(sa.cast(number, sa.Text)).concat(" ").concat(name)


def _prepare(uow: UnitOfWork, draft: Draft) -> None:
    if draft.moves("name"):
        name = clean_line(str(draft.columns["name"] or ""), "name", 500)
        draft.columns |= {"name": name, "name_key": fold(name)}


SOURCE = Source(
    noun="attachment",
    table=attachments,
    label=attachments.c.name,
    key=attachments.c.name_key,
    bindings={
        "name": Plain(attachments.c.name, key=attachments.c.name_key),
        "on": Computed(_on, "text"),
        "size": Plain(attachments.c.size, "integer", fill=False),
        "media_type": Plain(attachments.c.media_type, fill=False),
        "sha256": Plain(attachments.c.sha256, fill=False),
        "note": Plain(attachments.c.note, "long"),
        "on_noun": Plain(attachments.c.noun, fill=False),
        "on_id": Plain(attachments.c.record_id, "integer", fill=False),
        **facts(attachments),
    },
    prepare=_prepare,
    describe=("on", "size"),
)


def attach(
    uow: UnitOfWork, noun: str, on: Ref, files: Sequence[Kept], note: str | None = None
) -> list[Ref]:
    """Hang files that were taken in on a record; gives the attachments."""
    from mimetypes import guess_type

    added = []
    for file in files:
        name = clean_line(file.name, "name of the file", 500)
        number = uow.insert(
            attachments,
            noun=noun,
            record_id=on.id,
            name=name,
            name_key=fold(name),
            sha256=file.sha256,
            size=file.size,
            media_type=guess_type(name)[0] or "application/octet-stream",
            note=clean(note, what="note") if note else None,
        )
        added.append(Ref(number, name))
    listed = ", ".join(f"#{ref.id} {ref.label}" for ref in added)
    uow.summary = f"attached {listed} to {noun} #{on.id} {on.label}"
    return added


def attached(uow: UnitOfWork, number: int) -> sa.Row[Any]:
    """The row of an attachment; raises `InvalidValue` when there is none."""
    row = uow.first(sa.select(attachments).where(attachments.c.id == number))
    if row is None:
        raise InvalidValue(f"there is no attachment #{number}")
    return row


def save_to(uow: UnitOfWork, number: int, place: str, *, overwrite: bool = False) -> Path:
    """Write an attachment to a file, or into a folder under its own name; gives where it is.

    Raises as `storage.files.save`.
    """
    row = attached(uow, number)
    target = Path(clean(place, what="path")).expanduser()
    if target.is_dir() or place.endswith("/"):
        target /= safe_name(row.name, f"attachment-{number}")
    save(folder_of(uow.settings), row.sha256, target, overwrite=overwrite)
    return target


def safe_name(name: str, otherwise: str) -> str:
    """A file name that is only a name: no folders, nothing hidden, fit for any disk."""
    last = re.split(r"[/\\]", name)[-1]
    # What `safe` would escape is invisible or acts on a terminal: no place for it in a name.
    visible = "".join(char if safe(char) == char else "_" for char in last)
    kept = FORBIDDEN.sub("_", visible).strip(" .")
    if not kept or not kept.strip("_") or DEVICES.fullmatch(kept):
        return otherwise
    stem, dot, ending = kept.rpartition(".")
    if not dot or len(ending) > 20:
        stem, ending = kept, ""
    room = LONGEST - len(f".{ending}".encode())
    short = stem.encode()[:room].decode(errors="ignore").strip(" .")
    return f"{short}.{ending}" if ending else short
