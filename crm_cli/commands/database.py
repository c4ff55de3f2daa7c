"""`crm database`: where the data are, and their upkeep."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from crm_cli.options import command, new_app
from crm_cli.run import Run
from language.fields import NOUNS, Field

app = new_app("Where the data are, and their health.")

FIELDS = (
    Field("path", "text", "File"),
    Field("owner", "text", "Owner"),
    Field("size", "integer", "Bytes"),
    Field("log_size", "integer", "Bytes in the log"),
    Field("schema", "integer", "Schema"),
    Field("journal_mode", "text", "Journal"),
    Field("sqlite", "text", "SQLite"),
    Field("sqlite_verdict", "text", "This SQLite"),
    Field("last_backup", "moment", "Last backup"),
    Field("config", "text", "Config file"),
    Field("commands", "integer", "Commands"),
)
COUNTS = tuple(
    Field(noun.plural.replace(" ", "_"), "integer", noun.plural.capitalize())
    for noun in NOUNS.values()
)


def existing(run: Run) -> Path:
    """Path of the database; raises `Unreachable` when there is none yet."""
    from language.errors import Unreachable
    from storage.database import database_path

    path = database_path(run.settings)
    if not path.exists():
        raise Unreachable(
            f"there is no database at {path} yet",
            "crm contact add makes it; crm demo shows one",
        )
    return path


@command(app, "info", title="database info")
def info(run: Run) -> None:
    """Where the database is, what it holds, when it was last backed up."""
    from storage.doctor import describe
    from storage.settings import config_path

    existing(run)
    facts = describe(run.database.path)
    run.show_record("database", (*FIELDS, *COUNTS), {**facts, "config": str(config_path())})


@command(app, "upgrade", title="database upgrade")
def upgrade(run: Run) -> None:
    """Bring an older database to this crm's schema, after a backup."""
    from storage.migrate import VERSION, schema_version
    from storage.migrate import upgrade as bring_up

    path = existing(run)
    if schema_version(path) == VERSION:
        run.database.close()
        run.warn(f"nothing to do: {path} has schema {VERSION} already")
    elif run.dry_run:
        run.say(f"upgraded {path} from schema {schema_version(path)} to {VERSION}")
    else:
        done = bring_up(path, run.settings)
        run.say(f"upgraded {path} from schema {done.before} to {VERSION}; backup: {done.backup}")


@command(app, "dump", title="database dump")
def dump(run: Run) -> None:
    """Print every row as one line of JSON: to compare two databases."""
    from storage.dump import logical_dump

    existing(run)
    with run.reading() as uow:
        sys.stdout.writelines(f"{line}\n" for line in logical_dump(uow.connection))


@command(app, "hash", title="database hash")
def hash_(run: Run) -> None:
    """Print one number that is equal when all data are equal; json: of each table too.

    It covers every record and its parts, living or in the trash. It leaves out versions, which
    command made what, the history, the search index, and what is in attached files.
    """
    from storage.dump import hash_of, table_sums

    existing(run)
    with run.reading() as uow:
        sums = table_sums(uow.connection)
    if run.asks_for_json:
        from dataclasses import asdict

        from exporters.json import dumps

        print(dumps({"hash": hash_of(sums), "tables": {n: asdict(s) for n, s in sums.items()}}))
    else:
        print(hash_of(sums))


@command(app, "verify-export", title="database verify-export")
def verify_export(
    run: Run,
    place: Annotated[
        str, typer.Argument(help="What crm export all wrote: a folder or a file.", metavar="PLACE")
    ],
) -> None:
    """Bring an export back in a database of its own and say whether it is the same as this one.

    Exit 0: it holds everything. Exit 4: the tables that differ, and how many commands came since.
    """
    from crm_cli.everything import verify_export as verify

    existing(run)
    raise typer.Exit(verify(run, place))


@command(app, "reindex", title="database reindex")
def reindex(run: Run) -> None:
    """Make the search index again from the records."""
    from storage.indexing import reindex_everything

    existing(run)
    with run.writing() as uow:
        uow.describe(kind="system")
        reindex_everything(uow.connection)
        uow.summary, uow.changed = "made the search index again", True
    run.say("made the search index again")
