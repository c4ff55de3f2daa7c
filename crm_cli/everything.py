"""`all` as a noun: everything out, everything back, and whether an export holds everything."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from language.errors import InvalidValue, NotFound, Refused
from language.text import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from crm_cli.run import Run
    from storage.dump import Sum
    from storage.unit import UnitOfWork

PARTLY = 6
DIFFERENT = 4
SHOWN = 8


def export_all(run: Run, to: str | None, refused: Mapping[str, object]) -> int:
    """Write everything to a folder or a file; gives the exit code.

    `refused`: options that choose among records, which everything has no use for.
    """
    from exporters.everything import form_of, manifest, write
    from operations.everything import everything
    from storage.files import folder_of

    for name, value in refused.items():
        if value:
            raise InvalidValue(f"--{name} does not go with all", "export one noun instead")
    if to is not None:
        from crm_cli.commands.export import refuse_database

        refuse_database(run, to)
    if to is None:
        raise InvalidValue("everything needs a place", "add --to FOLDER/, FILE.xlsx or FILE.json")
    form = form_of(to)
    with run.reading() as uow:
        parcel = everything(uow)
        if run.dry_run:
            for table in parcel.tables:
                sum(1 for _ in table.rows)
            lacking: list[str] = []
        else:
            lacking = write(parcel, to, _copier(folder_of(run.settings)))
    facts = manifest(parcel)
    rows = sum(each["rows"] for each in facts["tables"].values())
    run.say(f"exported everything to {to}: {rows:,} rows, hash {facts['hash']}")
    if run.asks_for_json:
        from exporters.json import dumps

        print(dumps({"to": to, "rows": rows, **facts}))
    if lacking and form == "folder":
        run.warn(f"{_files(len(lacking))} missing or damaged and not in it; see: crm doctor")
        return PARTLY
    if lacking:
        folder = folder_of(run.settings)
        run.warn(
            f"{_files(len(lacking))} not inside: export to a folder instead, or keep a copy of"
            f" {folder}"
        )
    return 0


def _files(count: int) -> str:
    return f"{count:,} attached {'files are' if count != 1 else 'file is'}"


def _copier(folder: Path) -> Callable[[str, Path], bool]:
    from storage.files import save

    def copy(sha256: str, target: Path) -> bool:
        try:
            save(folder, sha256, target)
        except (NotFound, Refused):
            return False
        return True

    return copy


def import_all(run: Run, place: str) -> None:
    """Bring everything back into an empty database."""
    from importers.everything import read_everything
    from operations.restore import restore, word_of

    parcel = read_everything(place)
    with run.writing() as uow:
        done = restore(uow, parcel)
        lacking = _bring_files(run, uow, Path(place).expanduser())
    rows = sum(done.rows.values())
    run.say(f"imported everything from {place}: {rows:,} rows, hash {done.hash}")
    gone = ", ".join(f"{n:,} {word_of(name, n)}" for name, n in done.replaced.items() if n)
    if gone:
        run.warn(f"what the new database began with gave way: {gone}")
    if lacking:
        run.warn(
            f"{_files(len(lacking))} not in the export: copy the .files folder that was beside the"
            " other database; see: crm doctor"
        )
    if run.asks_for_json:
        from exporters.json import dumps

        print(
            dumps({"from": place, "hash": done.hash, "tables": done.rows, "files_lacking": lacking})
        )


def _bring_files(run: Run, uow: UnitOfWork, place: Path) -> list[str]:
    """Take the attached files of an export in; gives the SHA-256 of those it does not hold."""
    from operations.everything import attached_files
    from storage.files import folder_of, is_whole, place_of, take_in

    ours, theirs = folder_of(run.settings), place / "files"
    lacking = []
    for sha256 in attached_files(uow):
        source = place_of(theirs, sha256)
        if is_whole(ours, sha256):
            continue
        if not source.is_file():
            lacking.append(sha256)
        elif not is_whole(theirs, sha256):
            raise Refused(
                f"an attached file of the export is damaged: {source}",
                "nothing was changed; export again",
            )
        else:
            take_in(ours, str(source), keep=not run.dry_run)
    return lacking


def verify_export(run: Run, place: str) -> int:
    """Load an export into a database of its own and compare; gives the exit code."""
    from dataclasses import replace

    from importers.everything import read_everything
    from operations.everything import attached_files, commands_since
    from operations.restore import restore
    from storage.database import Deed, open_database
    from storage.dump import hash_of, table_sums
    from storage.files import folder_of, is_whole

    parcel = read_everything(place)
    with tempfile.TemporaryDirectory(prefix="crm-verify-") as folder:
        other = open_database(replace(run.settings, database=str(Path(folder, "crm.db"))))
        try:
            with other.writing(Deed("import all")) as uow:
                restore(uow, parcel)
            with other.reading() as theirs, run.reading() as ours:
                sums = table_sums(ours.connection)
                differing = _differing(ours, theirs, sums, table_sums(theirs.connection))
                since = commands_since(ours, parcel.head)
                files = attached_files(ours)
        finally:
            other.close()
    inside = Path(place).expanduser() / "files"
    lacking = [sha256 for sha256 in files if not is_whole(inside, sha256)]
    digest = hash_of(sums)
    if run.asks_for_json:
        from exporters.json import dumps

        print(dumps({"export": place, "holds_everything": not differing, "hash": digest,
                     "differing_rows": differing, "commands_since": since,
                     "files_lacking": lacking}))  # fmt: skip
    if not differing:
        run.warn(f"the export holds everything: hash {digest}")
        if lacking and inside.parent.is_dir():
            run.warn(f"but {_files(len(lacking))} missing or damaged in it: {lacking[0][:12]}…")
            return DIFFERENT
        if lacking:
            run.warn(f"{_files(len(lacking))} not in it; they are in {folder_of(run.settings)}")
        return 0
    run.warn(f"the export {quoted(place, 200)} does not hold what the database holds now:")
    for name, count in list(differing.items())[:SHOWN]:
        run.warn(f"  {name}: {count:,} {'rows differ' if count != 1 else 'row differs'}")
    if len(differing) > SHOWN:
        run.warn(f"  …and {len(differing) - SHOWN} more tables")
    run.warn(_why(since))
    return DIFFERENT


def _why(since: int | None) -> str:
    if since is None:
        return "it was made from another database"
    if since:
        return (
            f"it is older: {since:,} {'commands' if since != 1 else 'command'} since; export again"
        )
    return "the database was not changed since by any command; see: crm doctor"


def _differing(
    ours: UnitOfWork, theirs: UnitOfWork, mine: Mapping[str, Sum], other: Mapping[str, Sum]
) -> dict[str, int]:
    """Table → rows that are only in one of two databases, or not the same in both."""
    from storage.dump import count_differing

    return {
        name: count_differing(ours.connection, theirs.connection, name)
        for name in mine
        if mine[name] != other[name]
    }
