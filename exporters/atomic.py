"""Put a file in its place whole or not at all, readable by its owner only."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from language.errors import Conflict, InvalidValue, Unreachable
from language.text import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_REASONS = {
    errno.EACCES: "you may not write there",
    errno.EPERM: "you may not write there",
    errno.EROFS: "that disk is read-only",
    errno.ENAMETOOLONG: "the name is too long",
    errno.ENOTDIR: "part of the path is a file, not a folder",
    errno.ENOENT: "the folder does not exist",
    errno.ELOOP: "its links lead in a circle",
    errno.EISDIR: "it is a folder",
}


def write_file(
    path: str | os.PathLike[str], write: Callable[[BinaryIO], T], *, overwrite: bool = True
) -> T:
    """Give `write` a stream, put what it wrote at `path`, and return what it returned.

    A reader sees the old file or the whole new one, also after a power cut; an error leaves the
    old file and nothing beside it. A device or a named pipe is written straight through.
    Raises InvalidValue for a folder or a place that cannot be written, Conflict for an existing
    file with `overwrite=False`, Unreachable when the disk is full.
    """
    shown = os.fspath(path)
    _check_name(shown)
    with explained(shown):
        mode = _mode(Path(shown))
        if mode is not None and stat.S_ISDIR(mode):
            raise InvalidValue(f"{_named(shown)} is a folder", "add a file name to it")
        if mode is not None and not stat.S_ISREG(mode):
            with Path(shown).open("wb") as out:
                return write(out)
        if mode is not None and not overwrite:
            raise _taken(shown)
        # Through a link, the file it leads to is replaced and the link stays.
        return _replace(shown, Path(os.path.realpath(shown)), write, overwrite=overwrite)


@contextlib.contextmanager
def place_folder(path: Path, may_go: Callable[[Path], bool]) -> Iterator[Path]:
    """Give a new folder to fill, and put it at `path` when all of it is written.

    A folder that is there is replaced when it is empty or `may_go` says so; an error leaves it as
    it was and nothing beside it. Raises Conflict for another folder, InvalidValue for a file.
    """
    import shutil
    import tempfile

    shown = os.fspath(path)
    _check_name(shown)
    with explained(shown):
        target = Path(os.path.realpath(shown))
        mode = _mode(target)
        if mode is not None and not stat.S_ISDIR(mode):
            raise InvalidValue(f"{_named(shown)} is a file", "name a folder")
        if mode is not None and not may_go(target):
            raise Conflict(
                f"the folder {_named(shown)} holds other things", "name a new or an empty folder"
            )
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".crm-", suffix=".tmp", dir=target.parent) as near:
            fresh, old = Path(near, "new"), Path(near, "old")
            fresh.mkdir(mode=0o700)
            yield fresh
            for file in fresh.rglob("*"):
                if file.is_file():
                    _sync(file)
            if mode is not None:
                target.rename(old)
            try:
                fresh.rename(target)
            except BaseException:
                if mode is not None:
                    old.rename(target)
                raise
            _sync_folder(target.parent)
            shutil.rmtree(old, ignore_errors=True)


def _check_name(shown: str) -> None:
    if "\0" in shown:
        raise InvalidValue(f"{quoted(shown)} is not a file name", "give a path to a file")


def _sync(file: Path) -> None:
    handle = os.open(file, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _replace(shown: str, target: Path, write: Callable[[BinaryIO], T], *, overwrite: bool) -> T:
    import tempfile

    handle, name = tempfile.mkstemp(prefix=".crm-", suffix=".tmp", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w+b") as out:
            result = write(out)
            out.flush()
            os.fsync(out.fileno())
        if overwrite:
            temporary.replace(target)
        else:
            _place_new(shown, temporary, target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)
    return result


def _place_new(shown: str, temporary: Path, target: Path) -> None:
    """Rename without overwriting a file that appeared meanwhile."""
    try:
        target.hardlink_to(temporary)
    except FileExistsError as error:
        raise _taken(shown) from error
    except OSError:
        # FAT and some network disks have no hard links; a check is then the best there is.
        if os.path.lexists(target):
            raise _taken(shown) from None
        temporary.rename(target)
    else:
        temporary.unlink()


def _sync_folder(folder: Path) -> None:
    # The file is in place and synced by now: a system that cannot sync folders is no failure.
    with contextlib.suppress(OSError):
        _sync(folder)


def _mode(path: Path) -> int | None:
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        return None


def _named(shown: str) -> str:
    return quoted(shown, 200)


def _taken(shown: str) -> Conflict:
    return Conflict(f"{_named(shown)} exists already", "choose another name or allow overwriting")


@contextlib.contextmanager
def explained(shown: str) -> Iterator[None]:
    """Turn what the system says about writing `shown` into a refusal a person can act on."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise Unreachable(
                f"disk full: {_named(shown)} was not written",
                "free some space or choose another disk",
            ) from error
        reason = _REASONS.get(error.errno or 0)
        if reason is None:
            raise
        raise InvalidValue(
            f"cannot write {_named(shown)}: {reason}", "choose another file or folder"
        ) from error
