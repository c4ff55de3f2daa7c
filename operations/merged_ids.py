"""The ids that merged records had, so that a later import still knows whom they mean.

A record holds one external id only. Those of the records merged into it stay beside it as flags,
which move along when it is merged again itself; undoing the merge takes them away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from operations.flags import MERGED
from operations.sources import source_of
from storage.model.anything import flags

if TYPE_CHECKING:
    from storage.unit import UnitOfWork

Row = Mapping[str, Any]
MERGED_UID, MERGED_ID = MERGED
"""Fields of these flags: `content` is the id, `reason` its source."""


@dataclass(frozen=True, slots=True)
class Absorbed:
    """The ids that merged records had, each with the number of the record that they are now."""

    by_uid: dict[str, int]
    by_external: dict[tuple[str, str], int]


def absorbed(uow: UnitOfWork, noun: str) -> Absorbed:
    """Ids under which an import may still name records that were merged into others."""
    by_uid: dict[str, int] = {}
    by_external: dict[tuple[str, str], int] = {}
    table = source_of(noun).table
    for row in uow.rows(
        sa.select(flags.c.record_id, flags.c.field, flags.c.content, flags.c.reason)
        .join(table, table.c.id == flags.c.record_id)
        .where(
            flags.c.noun == noun,
            flags.c.field.in_((MERGED_UID, MERGED_ID)),
            table.c.deleted_at.is_(None),
        )
    ):
        if row.field == MERGED_UID:
            by_uid[row.content] = row.record_id
        else:
            by_external[row.reason, row.content] = row.record_id
    return Absorbed(by_uid, by_external)


def remember_ids(
    uow: UnitOfWork,
    noun: str,
    keep: int,
    others: Sequence[int],
    rows: Mapping[int, Row],
    now: Row,
) -> None:
    """Keep the ids that the merged records had, so that a later import still knows them.

    A record holds one external id only; the rest stay beside it as flags, which move along when
    it is merged again itself.
    """
    for number in others:
        uow.insert(
            flags,
            noun=noun,
            record_id=keep,
            field=MERGED_UID,
            content=rows[number]["uid"],
            reason=f"#{number}",
        )
    for number in (keep, *others):
        source, external = rows[number]["external_source"], rows[number]["external_id"]
        if external and (source, external) != (now["external_source"], now["external_id"]):
            uow.insert(
                flags, noun=noun, record_id=keep, field=MERGED_ID, content=external, reason=source
            )
