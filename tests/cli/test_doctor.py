"""`crm doctor` finds what is wrong, names it, and says what to do."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Crm, Result


def found(result: Result) -> dict[str, Any]:
    return {item["id"]: item for item in result.json}


def break_in(database: Path, *statements: str) -> None:
    """Alter rows as another program would, past triggers and foreign keys."""
    connection = sqlite3.connect(database)
    triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    kept = triggers.fetchall()
    for name, _ in kept:
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("PRAGMA ignore_check_constraints=1")
    for statement in statements:
        connection.execute(statement)
    for _, sql in kept:
        connection.execute(sql)
    connection.commit()
    connection.close()


def test_a_healthy_database_is_in_order(crm: Crm) -> None:
    crm.ok("contact", "add", "Ana Ruiz, CEO, Acme, ana@acme.es")
    crm.ok("backup", "add")

    result = crm.ok("doctor", "--format", "json")

    checks = found(result)
    assert {item["state"] for item in checks.values()} == {"ok"}
    assert {
        "schema-hash", "integrity", "foreign-keys", "search-in-sync", "money-has-currency",
        "orphans", "duplicate-uids", "file-modes", "backup-age", "sqlite-version", "config",
        "terminal", "disk-space",
    } <= set(checks)  # fmt: skip
    assert "everything is in order" in result.err


def test_it_changes_nothing(crm: Crm, database: Path) -> None:
    crm.ok("contact", "add", "Ana Ruiz")
    before = database.read_bytes()

    crm.ok("doctor")

    assert database.read_bytes() == before


def test_a_missing_backup_is_a_warning_not_damage(crm: Crm) -> None:
    result = crm.ok("doctor", "--format", "json")

    assert found(result)["backup-age"]["state"] == "warning"
    assert found(result)["backup-age"]["hint"] == "crm backup add"


@pytest.mark.parametrize(
    ("check", "statement"),
    [
        ("foreign-keys", "UPDATE contacts SET company_id = 99"),
        ("orphans", "UPDATE taggings SET record_id = 99"),
        ("orphans", "UPDATE taggings SET noun = 'ghost'"),
        ("open-command", "UPDATE open_command SET command_id = 1"),
        ("money-has-currency", "UPDATE companies SET revenue_minor = 5, revenue_currency = NULL"),
        ("search-in-sync", "UPDATE contacts SET deleted_at = updated_at"),
    ],
)
def test_each_kind_of_damage_is_named(crm: Crm, database: Path, check: str, statement: str) -> None:
    crm.ok("contact", "add", "Ana Ruiz, CEO, Acme", "--tag", "vip")
    break_in(database, statement)

    result = crm("doctor", "--format", "json")

    assert result.code == 8
    assert found(result)[check]["state"] == "damaged"
    assert check in result.err


def test_altered_tables_and_a_torn_file_are_named_where_no_command_opens_them(
    crm: Crm, database: Path
) -> None:
    crm.ok("contact", "add", "Ana Ruiz")
    connection = sqlite3.connect(database)
    connection.execute("CREATE INDEX mine ON contacts (note)")
    connection.close()
    altered = crm("doctor", "--format", "json")
    assert altered.code == 8
    assert "altered by another program" in found(altered)["schema-hash"]["found"]

    whole = database.read_bytes()
    database.write_bytes(whole[:6000] + os.urandom(len(whole) - 6000))
    torn = crm("doctor", "--format", "json")
    assert torn.code == 8
    assert found(torn)["integrity"]["state"] == "damaged"


def test_open_files_are_named_with_the_command_that_closes_them(crm: Crm, database: Path) -> None:
    crm.ok("backup", "add")
    (copy,) = (database.parent / "backups").glob("*.db")
    copy.chmod(0o644)
    database.parent.chmod(0o777)

    result = crm.ok("doctor", "--format", "table")

    assert "chmod" in result.out
    assert "2 warnings" in result.err


def test_before_the_first_record_there_is_nothing_to_complain_about(
    crm: Crm, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRM_DATABASE", str(home / "none" / "crm.db"))

    assert "none yet" in crm.ok("doctor").out
    assert not (home / "none").exists()


def test_a_database_that_cannot_be_looked_into_is_not_called_damaged(
    crm: Crm, database: Path
) -> None:
    crm.ok("contact", "add", "Ana Ruiz")
    # As in a folder that may not be written: the log cannot be opened.
    database.with_name(database.name + "-wal").unlink(missing_ok=True)
    database.with_name(database.name + "-wal").mkdir()

    result = crm("doctor", "--format", "json")

    assert result.code == 5
    assert found(result)["database"]["state"] == "closed"
    assert "you may write in" in found(result)["database"]["hint"]
    assert "damaged" not in {item["state"] for item in found(result).values()}


def test_a_misspelt_key_of_the_config_is_named_with_what_was_meant(crm: Crm, home: Path) -> None:
    config = home / "config" / "crm" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text('curency = "USD"\n')
    config.chmod(0o600)

    result = crm.ok("doctor", "--format", "json")

    warnings = [item for item in result.json if item["id"] == "config"]
    assert "curency" in warnings[1]["found"]
    assert "did you mean currency" in warnings[1]["hint"]


def test_a_config_that_nobody_can_use_is_a_finding(crm: Crm, home: Path) -> None:
    config = home / "config" / "crm" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text('currency = "EURO"\n')
    config.chmod(0o600)

    result = crm("doctor", "--format", "json")

    assert result.code == 8
    assert "EURO" in found(result)["config"]["found"]
