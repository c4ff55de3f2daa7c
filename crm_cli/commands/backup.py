"""`crm backup`: copies of the database that can be trusted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crm_cli.commands.database import existing
from crm_cli.options import command, new_app
from crm_cli.run import Run
from language.fields import Field

if TYPE_CHECKING:
    from language.values import Record

app = new_app("Make and check copies of the database.")

FIELDS = (
    Field("id", "integer", "#"),
    Field("made", "moment", "Made"),
    Field("size", "integer", "Bytes"),
    Field("rows", "integer", "Rows"),
    Field("schema", "integer", "Schema"),
    Field("path", "text", "File"),
)


@command(app, "add", title="backup add")
def add(
    run: Run,
    folder: Annotated[
        Path | None, typer.Option("--folder", help="Where to; else backups/ beside the database.")
    ] = None,
) -> None:
    """Copy the database while others work, check the copy, keep its hash; prints its path."""
    from storage.backup import backup_folder, make_backup
    from storage.files import beside

    path = existing(run)
    if run.dry_run:
        run.say(f"backed up {path} to {folder or backup_folder(path)}")
        return
    made = make_backup(path, folder=folder)
    run.warn(f"backed up {path} ({made.stat().st_size:,} bytes, checked)")
    if (files := beside(path)).is_dir():
        run.warn(f"attached files are not in it; copy this folder too: {files}")
    print(made)


@command(app, "list", title="backup list")
def list_(run: Run) -> None:
    """List the copies beside the database, newest first."""
    from storage.backup import list_backups
    from storage.database import database_path

    records: list[Record] = [
        {
            "id": number,
            "made": backup.made,
            "size": backup.size,
            "rows": backup.rows,
            "schema": backup.schema,
            "path": str(backup.path),
        }
        for number, backup in enumerate(list_backups(database_path(run.settings)), 1)
    ]
    run.show_list("backups", FIELDS, records, "no backups yet. start with: crm backup add")


@command(app, "verify", title="backup verify")
def verify(
    run: Run,
    file: Annotated[
        str | None,
        typer.Argument(help="Its path or number in the list; without it, all.", metavar="FILE"),
    ] = None,
) -> None:
    """Hash copies again, open them and check them; exit 8 when one is damaged."""
    from language.errors import NotFound
    from storage.backup import list_backups, verify_backup
    from storage.database import database_path

    known = [backup.path for backup in list_backups(database_path(run.settings))]
    if file is not None:
        number = int(file) if file.isdecimal() else 0
        chosen = [known[number - 1] if 0 < number <= len(known) else Path(file)]
    elif known:
        chosen = known
    else:
        raise NotFound("there is no backup to verify", "start with: crm backup add")
    for backup in chosen:
        verify_backup(backup)
        run.warn(f"{backup} is whole")
