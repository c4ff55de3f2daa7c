"""What every record has: number, unique id, version, times."""

from __future__ import annotations

from typing import TYPE_CHECKING

from operations.bindings import Binding, Plain

if TYPE_CHECKING:
    import sqlalchemy as sa


def facts(table: sa.Table) -> dict[str, Binding]:
    """Bindings of the fields that every record has."""
    return {
        "id": Plain(table.c.id, "integer", fill=False),
        "uid": Plain(table.c.uid, fill=False),
        "version": Plain(table.c.version, "integer", fill=False),
        "created_at": Plain(table.c.created_at, "moment", fill=False),
        "updated_at": Plain(table.c.updated_at, "moment", fill=False),
    }
