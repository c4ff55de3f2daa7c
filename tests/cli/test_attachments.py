"""Files on records: kept once, private, never written over another."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from operations.attachments import safe_name
from tests.conftest import Crm


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "desk"
    place.mkdir()
    monkeypatch.chdir(place)
    (place / "offer.txt").write_text("twenty seats")
    (place / "copy.txt").write_text("twenty seats")
    return place


def kept(crm: Crm) -> list[Path]:
    folder = crm.database.with_name("crm.db.files")
    return [path for path in folder.rglob("*") if path.is_file()] if folder.exists() else []


def test_a_file_is_kept_once_private_and_comes_back_byte_for_byte(crm: Crm, files: Path) -> None:
    crm.ok("contact", "add", "Ana Ruiz")

    added = crm.ok("attachment", "add", "ana", "offer.txt", "copy.txt", "--note", "signed")

    assert added.lines == ["1", "2"]
    (only,) = kept(crm)
    shown = crm.show("attachment", "offer")
    assert only.parent.name + only.name == shown["sha256"]
    assert (shown["on"], shown["on_noun"], shown["on_id"]) == ("contact #1 Ana Ruiz", "contact", 1)
    assert (shown["size"], shown["media_type"], shown["note"]) == (12, "text/plain", "signed")
    assert stat.S_IMODE(only.stat().st_mode) == 0o600
    assert {stat.S_IMODE(path.stat().st_mode) for path in (only.parent, only.parent.parent)} == {
        0o700
    }
    crm.ok("attachment", "save", "offer", "--to", "back.txt")
    assert (files / "back.txt").read_text() == "twenty seats"
    assert stat.S_IMODE((files / "back.txt").stat().st_mode) == 0o600


def test_files_hang_on_a_contact_else_a_company_else_a_deal(crm: Crm, files: Path) -> None:
    crm.ok("company", "add", "Acme")
    crm.ok("contact", "add", "Ana Ruiz", "--company", "Acme")
    crm.ok("deal", "add", "Acme renewal", "--company", "Acme")

    for who in ("ana", "acme", "deal:acme"):
        crm.ok("attachment", "add", who, "offer.txt")

    assert [row["on_noun"] for row in crm.list("attachment", "--sort", "id")] == [
        "contact",
        "company",
        "deal",
    ]
    assert [row["id"] for row in crm.list("attachment", "--on", "acme")] == [2]
    assert [row["id"] for row in crm.list("attachment", "--on", "deal:1")] == [3]
    assert crm("attachment", "add", "nobody", "offer.txt").code == 3


def test_nothing_is_ever_written_over_or_through_a_link(crm: Crm, files: Path) -> None:
    crm.ok("contact", "add", "Ana Ruiz")
    crm.ok("attachment", "add", "ana", "offer.txt")
    (files / "precious").write_text("mine")
    (files / "link").symlink_to("precious")
    (files / "dangling").symlink_to("nowhere")

    for taken in ("precious", "link", "dangling", "offer.txt"):
        assert crm("attachment", "save", "offer", "--to", taken).code == 4, taken
    crm.ok("attachment", "save", "offer", "--to", "link", "--yes")

    assert (files / "precious").read_text() == "mine"
    assert not (files / "link").is_symlink()
    assert not (files / "nowhere").exists()
    assert not list(files.glob(".*.tmp"))


def test_what_is_no_file_is_refused_and_leaves_nothing(crm: Crm, files: Path) -> None:
    crm.ok("contact", "add", "Ana Ruiz")
    os.mkfifo(files / "pipe")
    with (files / "huge").open("wb") as huge:
        huge.truncate((1 << 30) + 1)

    for name in (".", "pipe", "/dev/null", "missing", "huge"):
        result = crm("attachment", "add", "ana", "offer.txt", name)
        assert result.code == 2, name
        assert "Traceback" not in result.err

    assert crm.list("attachment") == []


def test_a_rehearsal_copies_nothing(crm: Crm, files: Path) -> None:
    crm.ok("contact", "add", "Ana Ruiz")

    result = crm.ok("attachment", "add", "ana", "offer.txt", "--dry-run")

    assert result.err.startswith("would have attached #1 offer.txt to contact #1 Ana Ruiz")
    assert kept(crm) == []
    assert crm.list("attachment") == []


def test_a_missing_or_damaged_file_is_said_so_and_not_handed_out(crm: Crm, files: Path) -> None:
    crm.ok("contact", "add", "Ana Ruiz")
    crm.ok("attachment", "add", "ana", "offer.txt")
    (only,) = kept(crm)

    only.write_text("twenty seat5")
    assert crm("attachment", "save", "offer", "--to", "x").code == 8
    only.unlink()
    assert crm("attachment", "save", "offer", "--to", "x").code == 3

    assert not (files / "x").exists()
    crm.ok("attachment", "add", "ana", "copy.txt")
    crm.ok("attachment", "save", "offer", "--to", "x")


def test_a_backup_says_that_files_are_kept_apart_and_doctor_misses_lost_ones(
    crm: Crm, files: Path, database: Path
) -> None:
    assert "attached files" not in crm.ok("backup", "add").err
    crm.ok("contact", "add", "Ana Ruiz")
    crm.ok("attachment", "add", "ana", str(files / "offer.txt"))

    folder = database.with_name("crm.db.files")
    assert f"copy this folder too: {folder}" in crm.ok("backup", "add").err
    assert crm("doctor").code == 0
    folder.rename(folder.with_name("elsewhere"))

    sick = crm("doctor", "--format", "json")

    assert sick.code == 8
    (lost,) = [item for item in sick.json if item["id"] == "attachments"]
    assert lost["state"] == "damaged"
    assert "1 of 1 attached files are missing" in lost["found"]


def test_an_attachment_is_renamed_trashed_and_restored(crm: Crm, files: Path) -> None:
    crm.ok("contact", "add", "Ana Ruiz")
    crm.ok("attachment", "add", "ana", "offer.txt")

    crm.ok("attachment", "edit", "offer", "--name", "../../etc/passwd", "--note", "see")
    crm.ok("attachment", "delete", "passwd")
    assert crm.list("attachment") == []
    crm.ok("attachment", "restore", "passwd")
    crm.ok("attachment", "save", "passwd")

    assert (files / "passwd").read_text() == "twenty seats"


@pytest.mark.parametrize(
    ("name", "saved"),
    [
        ("../../etc/passwd", "passwd"),
        ("/etc/passwd", "passwd"),
        ("C:\\Windows\\x.ini", "x.ini"),
        ("..", "attachment-1"),
        (".", "attachment-1"),
        (".bashrc", "bashrc"),
        ("CON", "attachment-1"),
        ("nul.txt", "attachment-1"),
        ("a\nb\x1b]52;c;x\x07.txt", "a_b_]52;c;x_.txt"),
        ("gpj.\u202etxt", "gpj._txt"),
        ("عقد.pdf", "عقد.pdf"),
        ("   ", "attachment-1"),
        ("a" * 300 + ".pdf", "a" * 196 + ".pdf"),
        ("é" * 300, "é" * 99),
    ],
)
def test_a_name_is_only_ever_a_name(name: str, saved: str) -> None:
    assert safe_name(name, "attachment-1") == saved
