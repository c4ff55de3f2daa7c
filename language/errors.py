"""How `crm` says no: every refusal is one of these kinds, and each kind has one exit code.

Anything a user can cause is a `CrmError`. The message says what happened and names the value;
the hint says what to type next. Neither holds a traceback, an SQL statement or a secret.
"""

from __future__ import annotations

from collections.abc import Sequence


class CrmError(Exception):
    """A refusal that a person will read.

    `message`: what happened, naming the value. `hint`: the next step, may be empty.
    `candidates`: records that could have been meant, one line of text each.
    """

    exit_code = 1
    kind = "error"

    def __init__(self, message: str, hint: str = "", candidates: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.candidates = tuple(candidates)


class InvalidValue(CrmError):
    """A value that cannot be read, or an option that does not fit (exit 2)."""

    exit_code = 2
    kind = "invalid value"


class NotFound(CrmError):
    """Nothing answers to that name (exit 3)."""

    exit_code = 3
    kind = "not found"


class Ambiguous(CrmError):
    """More than one record answers to that name (exit 4)."""

    exit_code = 4
    kind = "ambiguous"


class Conflict(CrmError):
    """Somebody changed it since, or it exists already (exit 4)."""

    exit_code = 4
    kind = "conflict"


class Unreachable(CrmError):
    """The database or a server cannot be reached, is busy, or its disk is full (exit 5)."""

    exit_code = 5
    kind = "unreachable"


class PartlyDone(CrmError):
    """Some of it was done and some refused; the message counts both (exit 6)."""

    exit_code = 6
    kind = "partly done"


class NotAllowed(CrmError):
    """A permission or a stage gate forbids it (exit 7)."""

    exit_code = 7
    kind = "not allowed"


class Refused(CrmError):
    """The database or configuration is not safe to use: newer, damaged or open (exit 8)."""

    exit_code = 8
    kind = "refused"
