"""The first schema."""

from alembic import op
from sqlmodel import SQLModel

import storage.model.everything  # noqa: F401 (fills the metadata)
from storage import history, search

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make every table, its history triggers and the search index."""
    connection = op.get_bind()
    SQLModel.metadata.create_all(connection)
    for table in SQLModel.metadata.sorted_tables:
        if table.name not in history.UNJOURNALED:
            history.install(connection, table)
    connection.exec_driver_sql("INSERT INTO open_command (id, replaying) VALUES (1, 0)")
    connection.exec_driver_sql(search.CREATE)
