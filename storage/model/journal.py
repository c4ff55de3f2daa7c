"""The journal: what each user did (commands) and each row it altered (changes).

Rows here are written by `storage.database` (commands) and by triggers (changes), never by hand.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from storage.columns import BIG, flag, integer, moment, text
from storage.model.base import table_of


class Command(SQLModel, table=True):
    """One thing a user did: undone, redone and listed as a whole."""

    __tablename__ = "commands"
    __table_args__ = (
        sa.Index("ux_commands_uid", "uid", unique=True),
        sa.Index("ix_commands_actor", "actor", "id"),
        {"sqlite_strict": True, "sqlite_autoincrement": True},
    )
    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    uid: str = text()
    name: str = text()
    summary: str = text(default="")
    kind: str = text(default="command")  # command, undo, redo or system
    via: str = text(default="cli")
    actor: str = text(default="")
    host: str = text(default="")
    pid: int = integer(default=0)
    argv: str = text(default="")
    started_at: datetime = moment()
    undo_of: int | None = integer(null=True, index=True)
    undone_by: int | None = integer(null=True)


class Change(SQLModel, table=True):
    """One row that a command altered (kind U), removed (D) or put back (I); values as JSON.

    Rows that a command *inserted* are not listed: they carry `created_by_command` themselves.
    A row put back by undo or redo is, because it keeps the command that first made it.
    `noun` and `record_id` name the record that the row belongs to.
    """

    __tablename__ = "changes"
    __table_args__ = (
        sa.Index("ix_changes_command", "command_id"),
        sa.Index("ix_changes_record", "noun", "record_id"),
        sa.Index("ix_changes_row", "table_name", "row_id"),
        sa.CheckConstraint("kind IN ('U', 'D', 'I')"),
        {"sqlite_strict": True, "sqlite_autoincrement": True},
    )
    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    command_id: int = integer()
    table_name: str = text()
    row_id: int = integer()
    noun: str = text()
    record_id: int = integer()
    kind: str = text()
    version: int = integer()
    before: str = text()
    after: str | None = text(null=True)


class OpenCommand(SQLModel, table=True):
    """The one command that may write now; no row may change while `command_id` is empty.

    `replaying` is 1 while undo and redo put rows back as they were, and 2 while rows go that have
    been noted already, which the triggers then need not do one by one.
    """

    __tablename__ = "open_command"
    __table_args__ = (sa.CheckConstraint("id = 1"), {"sqlite_strict": True})
    id: int = Field(primary_key=True, sa_type=BIG)
    command_id: int | None = integer(null=True)
    replaying: bool = flag()


class Setting(SQLModel, table=True):
    """Facts about this database: schema hash, when it was made."""

    __tablename__ = "settings"
    __table_args__ = ({"sqlite_strict": True},)
    key: str = Field(primary_key=True, sa_type=sa.Text)
    value: str = text(default="")


commands = table_of(Command)
changes = table_of(Change)
open_command = table_of(OpenCommand)
settings = table_of(Setting)
