"""The log is folded into the file when it has grown."""

from __future__ import annotations

from pathlib import Path

from storage.database import Deed, open_database
from storage.model.anything import tags
from storage.settings import Settings


def test_a_large_command_is_folded_into_the_file_at_once(database: Path) -> None:
    store = open_database(Settings(database=str(database), user="eva"))
    with store.reading():  # somebody looks on, so closing alone would not fold the log
        with store.writing(Deed("tag add")) as uow:
            uow.insert_many(
                tags,
                ({"name": f"tag {n}", "name_key": f"tag {n} " + "x" * 500} for n in range(9000)),
            )

        log = database.with_name(database.name + "-wal")
        assert store.last.changed
        assert log.stat().st_size < 4 * 1024 * 1024
