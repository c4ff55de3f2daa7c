"""Triggers that record every change by every path: audit, undo and live refresh in one place.

Inserts need no journal row, because each row carries `created_by_command`; only a row that undo or
redo puts back, under the command that first made it, is noted (kind I). Updates keep the changed
fields before and after; deletes keep the whole row. A row written while no command is open is
refused by the database itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlalchemy as sa

UNJOURNALED = frozenset({"commands", "changes", "open_command", "settings", "alembic_version"})
NOTED = 2
"""Value of `replaying` while rows go that have been noted already."""
UNTRACKED = frozenset({"id", "version", "created_by_command"})

# Columns by which a part names the record it lives in, with that record's noun, in order of weight.
PARENTS = {
    "emails": ("contact_id", "company_id"),
    "phones": ("contact_id", "company_id"),
    "addresses": ("contact_id", "company_id"),
    "handles": ("contact_id", "company_id"),
    "domains": ("company_id",),
    "personal_dates": ("contact_id",),
    "interests": ("contact_id",),
    "relations": ("contact_id",),
    "deal_contacts": ("deal_id",),
    "deal_products": ("deal_id",),
    "activity_contacts": ("activity_id",),
}
POLYMORPHIC = frozenset({"taggings", "custom_values", "flags", "distinctions"})
ON_ANY_RECORD = POLYMORPHIC | {"attachments"}
NOUNS = {
    "users": "user",
    "companies": "company",
    "contacts": "contact",
    "pipelines": "pipeline",
    "stages": "stage",
    "products": "product",
    "deals": "deal",
    "activities": "activity",
    "tasks": "task",
    "tags": "tag",
    "custom_fields": "field",
    "attachments": "attachment",
}


@dataclass(frozen=True, slots=True)
class Belongs:
    """SQL giving the noun and number of the record that a row (`{row}`: OLD or NEW) belongs to."""

    noun: str
    record_id: str


def belongs(table: str) -> Belongs:
    """Say which record a row of `table` belongs to."""
    if table in POLYMORPHIC:
        return Belongs("{row}.noun", "{row}.record_id")
    if table in PARENTS:
        columns = PARENTS[table]
        cases = " ".join(
            f"WHEN {{row}}.{column} IS NOT NULL THEN '{column.removesuffix('_id')}'"
            for column in columns
        )
        if len(columns) == 1:
            return Belongs(f"'{columns[0].removesuffix('_id')}'", f"{{row}}.{columns[0]}")
        listed = ", ".join(f"{{row}}.{column}" for column in columns)
        return Belongs(f"CASE {cases} END", f"COALESCE({listed})")
    return Belongs(f"'{NOUNS[table]}'", "{row}.id")


def journaled_tables() -> list[sa.Table]:
    """Give every table whose rows history keeps, each after the tables that it points to."""
    from sqlmodel import SQLModel

    from storage.model import everything  # noqa: F401 (importing it declares every table)

    tables = [table for table in SQLModel.metadata.sorted_tables if table.name not in UNJOURNALED]
    # What hangs on a record by noun and number points to it too, without a foreign key.
    return sorted(tables, key=lambda table: table.name in ON_ANY_RECORD)


def defer_links(connection: sa.Connection) -> None:
    """Check foreign keys at the end of this transaction only, so that order does not matter."""
    connection.exec_driver_sql("PRAGMA defer_foreign_keys=1")


def install(connection: sa.Connection, table: sa.Table) -> None:
    """Create or replace the history triggers of one table."""
    for name, statement in triggers(table).items():
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
        connection.exec_driver_sql(statement)


def triggers(table: sa.Table) -> dict[str, str]:
    """Give the SQLite triggers of a table, name → statement."""
    name = table.name
    columns = [column.name for column in table.columns]
    tracked = [column for column in columns if column not in UNTRACKED]
    home = belongs(name)
    noun = home.noun.format(row="OLD")
    record = home.record_id.format(row="OLD")
    command = "(SELECT command_id FROM open_command)"
    refuse = f"SELECT RAISE(ABORT, 'write outside a command') WHERE {command} IS NULL;"
    before, after = (
        " || ".join(
            f"CASE WHEN OLD.{column} IS NOT NEW.{column}"
            f" THEN ',\"{column}\":' || {_json(f'{row}.{column}')} ELSE '' END"
            for column in tracked
        )
        for row in ("OLD", "NEW")
    )
    whole = " || ',' || ".join(f"'\"{column}\":' || {_json(f'OLD.{column}')}" for column in columns)
    into = (
        "INSERT INTO changes"
        " (command_id, table_name, row_id, noun, record_id, kind, version, before, after)"
    )
    return {
        f"history_{name}_insert": (
            f"CREATE TRIGGER history_{name}_insert BEFORE INSERT ON {name}"
            f" WHEN NEW.created_by_command IS NOT {command}"
            f" AND COALESCE((SELECT replaying FROM open_command), 0) = 0"
            f" BEGIN SELECT RAISE(ABORT, 'write outside a command'); END"
        ),
        f"history_{name}_replay": (
            f"CREATE TRIGGER history_{name}_replay AFTER INSERT ON {name}"
            f" WHEN (SELECT replaying FROM open_command) = 1 BEGIN {refuse}"
            f" {into} VALUES ({command}, '{name}', NEW.id, {home.noun.format(row='NEW')},"
            f" {home.record_id.format(row='NEW')}, 'I', NEW.version, '{{}}', NULL); END"
        ),
        f"history_{name}_update": (
            f"CREATE TRIGGER history_{name}_update AFTER UPDATE ON {name} BEGIN {refuse}"
            f" {into} SELECT {command}, '{name}', OLD.id, {noun}, {record}, 'U', NEW.version,"
            f" '{{' || substr(b, 2) || '}}', '{{' || substr(a, 2) || '}}'"
            f" FROM (SELECT {before} AS b, {after} AS a) WHERE b <> ''; END"
        ),
        f"history_{name}_delete": (
            f"CREATE TRIGGER history_{name}_delete AFTER DELETE ON {name}"
            f" WHEN COALESCE((SELECT replaying FROM open_command), 0) <> {NOTED} BEGIN {refuse}"
            f" {into} VALUES ({command}, '{name}', OLD.id, {noun}, {record}, 'D', OLD.version,"
            f" '{{' || {whole} || '}}', NULL); END"
        ),
    }


def delete_noted(connection: sa.Connection, bare: sa.TableClause, where: Any) -> int:
    """Remove many rows for good and note each, as the trigger does, in half its time.

    `bare`: the table with its columns as stored. Gives how many are gone.
    """
    import sqlalchemy as sa

    from storage.model.journal import changes, open_command

    name = str(bare.name)
    home = belongs(name)
    pairs = [part for column in bare.c for part in (sa.literal(column.name), column)]
    noted = sa.select(
        sa.select(open_command.c.command_id).scalar_subquery(),
        sa.literal(name),
        bare.c.id,
        sa.literal_column(home.noun.format(row=name)),
        sa.literal_column(home.record_id.format(row=name)),
        sa.literal("D"),
        bare.c.version,
        sa.func.json_object(*pairs),
        sa.null(),
    ).where(where)
    columns = [column for column in changes.c if column.name != "id"]
    connection.execute(sa.insert(changes).from_select(columns, noted))
    before = connection.exec_driver_sql("SELECT replaying FROM open_command").scalar()
    connection.exec_driver_sql("UPDATE open_command SET replaying = ?", (NOTED,))
    gone = connection.execute(sa.delete(bare).where(where)).rowcount
    connection.exec_driver_sql("UPDATE open_command SET replaying = ?", (before,))
    return int(gone)


def _json(value: str) -> str:
    """SQL that writes a value as JSON (control characters stay raw: read it with strict=False).

    SQLite's own JSON functions are refused in triggers while trusted_schema is off.
    """
    return (
        f"CASE typeof({value}) WHEN 'null' THEN 'null' WHEN 'text' THEN"
        f" '\"' || replace(replace({value}, '\\', '\\\\'), '\"', '\\\"') || '\"'"
        f" ELSE {value} END"
    )
