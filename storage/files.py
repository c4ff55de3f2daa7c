"""Where attached files are: each content once, under its SHA-256, in a folder beside the database.

`crm.db.files/ab/cdef…`, the folder 0700 and the files 0600. A file is whole and on disk before any
row names it, so a row never leads to half a file.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from language.errors import Conflict, CrmError, InvalidValue, NotFound, Refused, Unreachable
from language.text import quoted

if TYPE_CHECKING:
    from storage.settings import Settings

LARGEST = 1 << 30
PIECE = 1 << 20
REASONS = {
    errno.ENOENT: "there is no such file",
    errno.ENOTDIR: "part of the path is not a folder",
    errno.EACCES: "you may not go there",
    errno.EPERM: "you may not go there",
    errno.EROFS: "that disk is read-only",
    errno.ENAMETOOLONG: "the name is too long",
    errno.ELOOP: "its links lead in a circle",
    errno.ENXIO: "it is not a file",
}


@dataclass(frozen=True, slots=True)
class Kept:
    """A file as it was taken in: its own name, and what its content is known by."""

    name: str
    sha256: str
    size: int


def folder_of(settings: Settings) -> Path:
    """The folder of the files that belong to the database of these settings."""
    return beside(Path(settings.database.removeprefix("sqlite:///")).expanduser().resolve())


def beside(path: Path) -> Path:
    """The folder of the files that belong to a database file."""
    return path.with_name(f"{path.name}.files")


def place_of(folder: Path, sha256: str) -> Path:
    """Where a content is kept."""
    return folder / sha256[:2] / sha256[2:]


def take_in(folder: Path, path: str, *, keep: bool = True) -> Kept:
    """Copy a file into the folder, unless its content is there; `keep` False only measures it.

    Raises `InvalidValue` for what is not a readable file of at most 1 GiB, `Unreachable` when the
    disk is full.
    """
    with _explained(path), _opened(path) as source:
        name = Path(path).name
        if not keep:
            return _measured(source, None, path, name)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        temporary = folder / f".{os.getpid()}-{os.urandom(8).hex()}.tmp"
        try:
            with _new_file(temporary) as out:
                kept = _measured(source, out, path, name)
                out.flush()
                os.fsync(out.fileno())
            _put(temporary, place_of(folder, kept.sha256))
        finally:
            temporary.unlink(missing_ok=True)
        return kept


def _put(temporary: Path, place: Path) -> None:
    # A content that is there but damaged is replaced too; a whole one is the same bytes again.
    place.parent.mkdir(mode=0o700, exist_ok=True)
    temporary.replace(place)
    for folder in (place.parent, place.parent.parent):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _measured(source: BinaryIO, out: BinaryIO | None, path: str, name: str) -> Kept:
    digest, size = hashlib.sha256(), 0
    while piece := source.read(PIECE):
        size += len(piece)
        if size > LARGEST:
            raise _too_large(path)
        digest.update(piece)
        if out is not None:
            out.write(piece)
    return Kept(name, digest.hexdigest(), size)


@contextlib.contextmanager
def _opened(path: str) -> Iterator[BinaryIO]:
    # Without O_NONBLOCK, opening a named pipe would wait for ever.
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    try:
        _check(os.fstat(handle), path)
    except BaseException:
        os.close(handle)
        raise
    with os.fdopen(handle, "rb") as source:
        yield source


def _check(status: os.stat_result, path: str) -> None:
    shown = quoted(path, 200)
    if stat.S_ISDIR(status.st_mode):
        raise InvalidValue(f"{shown} is a folder", "attach the files in it, or pack it first")
    if not stat.S_ISREG(status.st_mode):
        raise InvalidValue(f"{shown} is not a file", "attach a regular file")
    if status.st_size > LARGEST:
        raise _too_large(path)


def _too_large(path: str) -> InvalidValue:
    hint = "keep it elsewhere and note where it is"
    return InvalidValue(f"{quoted(path, 200)} is larger than 1 GiB", hint)


def _new_file(path: Path) -> BinaryIO:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    return os.fdopen(os.open(path, flags, 0o600), "wb")


def is_whole(folder: Path, sha256: str) -> bool:
    """Whether a content is kept, and is what its name says."""
    try:
        with place_of(folder, sha256).open("rb") as source:
            return hashlib.file_digest(source, "sha256").hexdigest() == sha256
    except OSError:
        return False


def save(folder: Path, sha256: str, target: Path, *, overwrite: bool = False) -> None:
    """Write a kept content to `target`, whole or not at all, for its owner only.

    A link at `target` is never followed. Raises `Conflict` when something is there and `overwrite`
    is not given, `NotFound` or `Refused` when the kept file is missing or damaged.
    """
    with _explained(str(target)):
        if target.is_dir() and not target.is_symlink():
            raise InvalidValue(f"{quoted(str(target), 200)} is a folder", "add a file name to it")
        if not target.parent.is_dir():
            folder_named = quoted(str(target.parent), 200)
            raise InvalidValue(f"there is no folder {folder_named}", "make it, or choose another")
        temporary = target.parent / f".crm-{os.urandom(8).hex()}.tmp"
        out = _new_file(temporary)
        try:
            with out:
                _copy(folder, sha256, out)
                out.flush()
                os.fsync(out.fileno())
            if overwrite:
                temporary.replace(target)
            else:
                _place_new(temporary, target)
        finally:
            temporary.unlink(missing_ok=True)


def _place_new(temporary: Path, target: Path) -> None:
    shown = quoted(str(target), 200)
    taken = Conflict(f"{shown} exists already", "choose another name, or add --yes")
    try:
        target.hardlink_to(temporary)
    except FileExistsError:
        raise taken from None
    except OSError:
        # FAT and some network disks have no hard links; a check is then the best there is.
        if os.path.lexists(target):
            raise taken from None
        temporary.rename(target)


def _copy(folder: Path, sha256: str, out: BinaryIO) -> None:
    place = place_of(folder, sha256)
    digest = hashlib.sha256()
    try:
        source = place.open("rb")
    except FileNotFoundError:
        raise NotFound(
            f"the file itself is missing: {place}", "put it back from a backup of that folder"
        ) from None
    with source:
        while piece := source.read(PIECE):
            digest.update(piece)
            out.write(piece)
    if digest.hexdigest() != sha256:
        raise Refused(f"the file is damaged: {place}", "put it back from a backup of that folder")


@contextlib.contextmanager
def _explained(shown: str) -> Iterator[None]:
    try:
        yield
    except CrmError:
        raise
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
            raise Unreachable("disk full, nothing changed", "free some space") from error
        reason = REASONS.get(error.errno or 0)
        if reason is None:
            raise
        raise InvalidValue(f"{quoted(shown, 200)}: {reason}", "check the path") from error
