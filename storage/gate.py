"""One writer at a time: an `flock` beside the database file, first come first served.

SQLite's own busy handler starves writers, and SQLite before 3.51.3 can corrupt a WAL database
when checkpoints and writers race; a kernel lock around both prevents it and is freed by the kernel
when its holder is killed. See docs/decisions/0003-one-writer-at-a-time.md.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from language.errors import Unreachable

if TYPE_CHECKING:
    from collections.abc import Iterator

WAIT_SECONDS = 30.0


class Gate:
    """The write lock of one database file, named `<database>.lock`."""

    def __init__(self, database: Path, *, holder: str, wait: float | None = None) -> None:
        self.path = database.with_name(database.name + ".lock")
        self.holder = holder
        self.wait = WAIT_SECONDS if wait is None else wait

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lock; raises `Unreachable` naming the holder after `wait` seconds."""
        handle = self._open()
        try:
            self._lock(handle)
        except BaseException:
            os.close(handle)
            raise
        try:
            self._sign(handle, f"{os.getpid()} {time.time():.0f} {self.holder}")
            yield
        finally:
            self._sign(handle, "")
            os.close(handle)

    @contextmanager
    def held_if_free(self) -> Iterator[bool]:
        """Hold the lock only if nobody has it; yields whether it is held."""
        handle = self._open()
        try:
            yield _try_lock(handle)
        finally:
            os.close(handle)

    def _open(self) -> int:
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        try:
            return os.open(self.path, flags, 0o600)
        except OSError as error:
            raise Unreachable(
                f"the lock {self.path} cannot be opened: {error.strerror}",
                "check the disk and the permissions of its folder; nothing was changed",
            ) from error

    def _sign(self, handle: int, text: str) -> None:
        """Leave a note of who holds the lock; on a full disk the lock holds without it."""
        with suppress(OSError):
            os.ftruncate(handle, 0)
            os.pwrite(handle, text.encode(errors="replace"), 0)

    def _lock(self, handle: int) -> None:
        if _try_lock(handle):
            return
        # A blocking flock keeps the kernel's queue fair; it has no time limit of its own, so it
        # waits in a thread on a duplicate, which shares the lock with `handle`.
        duplicate = os.dup(handle)
        taken = threading.Event()
        given_up = threading.Event()

        def wait_in_line() -> None:
            fcntl.flock(duplicate, fcntl.LOCK_EX)
            taken.set()
            if given_up.is_set():
                fcntl.flock(duplicate, fcntl.LOCK_UN)
            os.close(duplicate)

        threading.Thread(target=wait_in_line, daemon=True).start()
        if not taken.wait(self.wait):
            given_up.set()
            raise Unreachable(
                f"the database is being written by {self._describe_holder()}",
                "wait for it to finish, or stop that process; nothing was changed",
            )

    def _describe_holder(self) -> str:
        try:
            pid, since, what = self.path.read_text(errors="replace").split(" ", 2)
            seconds = max(0, int(time.time() - float(since)))
        except (OSError, ValueError):
            return "another process"
        return f"pid {pid} ({what}) for {seconds} s"


def _try_lock(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
