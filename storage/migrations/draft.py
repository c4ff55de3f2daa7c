"""Prints the body of the next migration: what the model has that the newest schema has not.

    python -m storage.migrations.draft

Paste it into `versions/vNNNN_what.py`, read it, and raise VERSION and HEAD in `storage/migrate.py`.
Tables that are new or rebuilt need their history triggers: `history.install(op.get_bind(), table)`.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from sqlmodel import SQLModel

from storage import columns, migrate, settings, sqlite
from storage.model import everything  # noqa: F401 (fills the metadata)

if TYPE_CHECKING:
    import sqlalchemy as sa

OWN_TYPES = (columns.Moment, columns.Day, columns.Flag, columns.Json)


def is_ours(thing: Any, name: str | None, kind: str, *_: Any) -> bool:
    """Leave out what is not in the model: the search index and Alembic's own table."""
    table = name if kind == "table" else getattr(getattr(thing, "table", None), "name", "")
    return not str(table).startswith("search_index") and table != "alembic_version"


def context_of(connection: sa.Connection) -> MigrationContext:
    """Compare as the model is declared, types and defaults too."""
    options = {"include_object": is_ours, "render_item": _render, "user_module_prefix": "columns."}
    return MigrationContext.configure(connection, opts=options)


def _render(kind: str, item: Any, _: Any) -> str | Literal[False]:
    if kind == "type" and isinstance(item, OWN_TYPES):
        return f"columns.{type(item).__name__}()"
    return False


def draft(connection: sa.Connection) -> str:
    """Python code of the steps from this database's schema to the model's."""
    steps = produce_migrations(context_of(connection), SQLModel.metadata)
    if steps.upgrade_ops is None:
        return "pass"
    return render_python_code(
        steps.upgrade_ops, render_as_batch=True, render_item=_render, migration_context=None
    )


def main() -> None:
    """Print the draft from a new database of the newest schema."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "new.db"
        sqlite.prepare_file(path)
        if "--first" not in sys.argv:
            migrate.upgrade(path, settings.Settings(user="nobody"))
        with sqlite.make_engine(path, writes=False).connect() as connection:
            sys.stdout.write(f"{draft(connection)}\n")


if __name__ == "__main__":
    main()
