"""Files appear whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import openpyxl
import pytest

from exporters import FORMATS, Column, Row, Sheet, save
from exporters.atomic import write_file
from language.errors import Conflict, InvalidValue, Unreachable

if TYPE_CHECKING:
    from collections.abc import Iterator


def people() -> Sheet:
    rows: list[Row] = [{"id": 1, "name": "Ana"}, {"id": 2, "name": "Luis"}]
    return Sheet("People", [Column("id", "Number", "integer"), Column("name", "Name")], rows)


def breaking() -> Sheet:
    def rows() -> Iterator[Row]:
        yield {"name": "Ana"}
        raise KeyboardInterrupt

    return Sheet("People", [Column("name", "Name")], rows())


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_saves_a_private_file_and_counts_its_rows(format: str, tmp_path: Path) -> None:
    target = tmp_path / "people"
    assert save(format, people(), target) == 2
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert target.stat().st_size > 0
    assert list(tmp_path.iterdir()) == [target]


def test_a_saved_workbook_opens(tmp_path: Path) -> None:
    save("xlsx", people(), tmp_path / "people.xlsx")
    page = openpyxl.load_workbook(tmp_path / "people.xlsx").worksheets[0]
    assert list(page.values) == [("id", "name"), (1, "Ana"), (2, "Luis")]


@pytest.mark.parametrize("format", ["csv", "json", "xlsx"])
def test_an_interruption_leaves_the_old_file_and_nothing_beside_it(
    format: str, tmp_path: Path
) -> None:
    target = tmp_path / "people"
    target.write_text("old")
    with pytest.raises(KeyboardInterrupt):
        save(format, breaking(), target)
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_an_existing_file_is_kept_when_overwriting_is_not_wanted(tmp_path: Path) -> None:
    target = tmp_path / "people.csv"
    assert save("csv", people(), target, overwrite=False) == 2
    with pytest.raises(Conflict, match="exists already"):
        save("ids", people(), target, overwrite=False)
    assert target.read_text().startswith("id,name")


def test_a_file_that_appears_meanwhile_is_kept(tmp_path: Path) -> None:
    target = tmp_path / "people.csv"

    def write(out: BinaryIO) -> None:
        out.write(b"mine")
        target.write_text("theirs")

    with pytest.raises(Conflict):
        write_file(target, write, overwrite=False)
    assert target.read_text() == "theirs"
    assert list(tmp_path.iterdir()) == [target]


def test_a_link_stays_and_the_file_it_leads_to_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "real.csv").write_text("old")
    (tmp_path / "link.csv").symlink_to("real.csv")
    save("ids", people(), tmp_path / "link.csv")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_text() == "1\n2\n"


def test_a_missing_folder_a_folder_and_a_bad_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match="the folder does not exist"):
        save("csv", people(), tmp_path / "none" / "people.csv")
    with pytest.raises(InvalidValue, match="is a folder"):
        save("csv", people(), tmp_path)
    with pytest.raises(InvalidValue, match="not a file name"):
        save("csv", people(), "a\0b")
    with pytest.raises(InvalidValue, match="too long"):
        save("csv", people(), tmp_path / ("n" * 300))
    (tmp_path / "file").write_text("")
    with pytest.raises(InvalidValue, match="a file, not a folder"):
        save("csv", people(), tmp_path / "file" / "people.csv")


def test_a_full_disk_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    def write(out: BinaryIO) -> None:
        out.write(b"half")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(Unreachable, match="disk full"):
        write_file(tmp_path / "people.csv", write)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("format", FORMATS)
def test_a_device_is_written_through_and_its_being_full_is_said(format: str) -> None:
    with pytest.raises(Unreachable, match="disk full"):
        save(format, people(), "/dev/full")
    assert stat.S_ISCHR(Path("/dev/full").stat().st_mode)


def test_naming_the_formats_loads_none_of_them() -> None:
    program = (
        "import sys, exporters\n"
        "watched = [n for n in sys.modules if n.startswith('exporters.') or n == 'xlsxwriter']\n"
        "print(watched)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert done.stdout.strip() == "['exporters.sheet']"
