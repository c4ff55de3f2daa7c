"""Values that an import could not read, records that are different, and triggers for bulk.

The triggers of history leave out rows that were noted in bulk before they go.
"""

import sqlalchemy as sa
from alembic import op

from storage import history

revision = "0002"
down_revision = "0001"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    """Make the two tables, and all history triggers anew."""
    part(
        "distinctions",
        text("noun"), whole("record_id"), whole("other_id"),
        sa.CheckConstraint("record_id < other_id"),
    )
    op.create_index(
        "ux_distinctions", "distinctions", ["noun", "record_id", "other_id"], unique=True
    )
    op.create_index("ix_distinctions_other", "distinctions", ["noun", "other_id"])
    part(
        "flags",
        text("noun"), whole("record_id"), text("field"), text("content"),
        text("reason", default=""),
    )
    op.create_index("ix_flags_record", "flags", ["noun", "record_id", "field"])
    renew_triggers()


def renew_triggers():
    connection = op.get_bind()
    rows = connection.exec_driver_sql(
        "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'history_%_delete'"
    )
    metadata = sa.MetaData()
    for name in [row[0] for row in rows]:
        history.install(
            connection, sa.Table(name, metadata, autoload_with=connection, resolve_fks=False)
        )


def text(name, default=None):
    return sa.Column(name, sa.Text(), nullable=False, server_default=default)


def whole(name, default=None, key=False):
    return sa.Column(name, WHOLE, nullable=False, server_default=default, primary_key=key)


def part(name, *items):
    made = op.create_table(
        name,
        whole("id", key=True),
        whole("version", default="1"),
        whole("created_by_command"),
        *items,
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_index(f"ix_{name}_created_by_command", name, ["created_by_command"])
    history.install(op.get_bind(), made)
