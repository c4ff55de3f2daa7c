"""`crm database` and `crm backup`: where the data are, and copies that can be trusted."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from storage.migrate import VERSION
from tests.conftest import Crm


def test_info_tells_where_the_data_are_and_what_they_are(crm: Crm, database: Path) -> None:
    crm.ok("contact", "add", "Ana Ruiz")
    crm.ok("contact", "add", "Luis Paz")
    crm.ok("contact", "delete", "luis")

    facts = crm.ok("database", "info", "--format", "json").json

    assert facts["path"] == str(database)
    assert (facts["contacts"], facts["stages"], facts["schema"]) == (1, 6, VERSION)
    assert facts["journal_mode"] == "wal"
    assert facts["sqlite"] == sqlite3.sqlite_version
    assert "WAL-reset bug" in facts["sqlite_verdict"]
    assert facts["last_backup"] is None
    assert facts["config"].endswith("config.toml")


@pytest.mark.parametrize("verb", ["info", "dump", "hash", "reindex", "upgrade"])
def test_looking_for_a_database_that_is_not_there_makes_none(
    crm: Crm, home: Path, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    path = home / "none" / "crm.db"
    monkeypatch.setenv("CRM_DATABASE", str(path))

    result = crm("database", verb)

    assert result.code == 5
    assert f"there is no database at {path}" in result.err
    assert not path.parent.exists()


@pytest.mark.parametrize("form", ["table", "json", "ndjson", "csv", "tsv", "markdown", "ids"])
def test_every_format_works_for_facts_lists_and_checks(crm: Crm, form: str) -> None:
    crm.ok("backup", "add")
    if form != "ids":  # a database has no number
        assert crm.ok("database", "info", "--format", form).out
    for words in (("backup", "list"), ("doctor",), ("config", "list")):
        assert crm.ok(*words, "--format", form).out, words


def test_upgrade_says_when_there_is_nothing_to_do(crm: Crm) -> None:
    assert "nothing to do" in crm.ok("database", "upgrade").err


def test_equal_data_have_equal_hashes_and_any_change_shows(crm: Crm) -> None:
    empty = crm.ok("database", "hash").out
    crm.ok("contact", "add", "Ana Ruiz")
    one = crm.ok("database", "hash").out
    crm.ok("database", "reindex")

    assert one != empty
    assert crm.ok("database", "hash").out == one
    assert any('"Ana Ruiz"' in line for line in crm.ok("database", "dump").lines)


def test_a_broken_search_index_is_found_and_mended(crm: Crm, database: Path) -> None:
    crm.ok("contact", "add", "Ana Ruiz")
    connection = sqlite3.connect(database)
    connection.execute("DELETE FROM search_index")
    connection.commit()
    connection.close()

    sick = crm("doctor", "--format", "json")
    assert sick.code == 8
    assert "crm database reindex" in sick.out

    crm.ok("database", "reindex")
    crm.ok("doctor")
    assert crm.show("contact", "ana")["name"] == "Ana Ruiz"


def test_a_backup_is_listed_verified_and_private(crm: Crm, database: Path) -> None:
    crm.ok("contact", "add", "Ana Ruiz")
    made = Path(crm.ok("backup", "add").out.strip())

    (listed,) = crm.ok("backup", "list", "--format", "json").json
    assert listed["path"] == str(made)
    assert listed["schema"] == VERSION
    assert listed["rows"] > 0
    assert made.stat().st_mode & 0o777 == 0o600
    assert "is whole" in crm.ok("backup", "verify").err
    assert "is whole" in crm.ok("backup", "verify", "1").err
    assert "is whole" in crm.ok("backup", "verify", str(made)).err
    assert [one["name"] for one in crm.list("contact", "--database", str(made))] == ["Ana Ruiz"]


def test_one_flipped_bit_anywhere_in_a_backup_is_found(crm: Crm) -> None:
    made = Path(crm.ok("backup", "add").out.strip())
    whole = made.read_bytes()
    for place in range(0, len(whole), len(whole) // 25):
        damaged = bytearray(whole)
        damaged[place] ^= 1
        made.write_bytes(damaged)
        result = crm("backup", "verify")
        assert (result.code, "is damaged" in result.err) == (8, True), place
    made.write_bytes(whole)
    crm.ok("backup", "verify")


def test_a_backup_without_its_manifest_is_not_trusted(crm: Crm) -> None:
    made = Path(crm.ok("backup", "add").out.strip())
    made.with_suffix(".json").unlink()

    assert crm("backup", "verify").code == 8
    assert crm("backup", "verify", "nothing.db").code == 3


def test_a_rehearsed_backup_and_none_at_all(crm: Crm, home: Path) -> None:
    assert "would have backed up" in crm.ok("backup", "add", "--dry-run").err
    assert "no backups yet" in crm.ok("backup", "list", "--format", "table").err
    assert crm("backup", "verify").code == 3
    elsewhere = home / "elsewhere"
    assert crm.ok("backup", "add", "--folder", str(elsewhere)).out.startswith(str(elsewhere))
    assert crm("backup", "add", "--folder", "/dev/null/x").code == 5
