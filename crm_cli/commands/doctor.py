"""`crm doctor`: check that everything is in order, and say what to do where it is not."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from crm_cli.options import command, new_app
from crm_cli.run import Run
from language.errors import CrmError, Refused, Unreachable
from language.fields import Field

if TYPE_CHECKING:
    from collections.abc import Iterator

    from language.values import Record
    from storage.doctor import Finding

app = new_app("Check that everything is in order.")

FIELDS = (
    Field("id", "text", "Check"),
    Field("state", "text", "State"),
    Field("found", "text", "Found"),
    Field("hint", "text", "Next"),
)


@command(app, "doctor")
def doctor(run: Run) -> None:
    """Check database, files, backups, config and terminal; exit 8 when data are damaged."""
    findings = list(_findings(run))
    records: list[Record] = [
        {"id": item.check, "state": item.state, "found": item.text, "hint": item.hint}
        for item in findings
    ]
    run.show_list("checks", FIELDS, records)
    states = [item.state for item in findings]
    if "damaged" in states:
        checks = [item.check for item in findings if item.state == "damaged"]
        raise Refused(f"damage found by: {', '.join(checks)}", "see the lines above")
    if "closed" in states:
        raise Unreachable("the database could not be looked into", "see the lines above")
    warnings = states.count("warning")
    many = "1 warning" if warnings == 1 else f"{warnings} warnings"
    run.warn(many if warnings else "everything is in order")


def _findings(run: Run) -> Iterator[Finding]:
    from storage.database import database_path
    from storage.doctor import Finding, examine
    from storage.settings import config_path, default_settings

    try:
        settings = run.settings
    except CrmError as error:
        yield Finding("config", "damaged", error.message, error.hint)
        settings = default_settings(run.options)
        run.settle(settings)
    else:
        where = f"{config_path()}, user {settings.user}, {settings.currency}"
        yield Finding("config", "ok", where)
        yield from _unknown_keys()
    try:
        yield from examine(database_path(settings))
    except CrmError as error:
        yield Finding("database", "damaged", error.message, error.hint)
    yield _terminal()


def _unknown_keys() -> Iterator[Finding]:
    """Keys of the config file that mean nothing, most likely misspelt."""
    from language.text import closest, quoted
    from storage.doctor import Finding
    from storage.settings import KEYS, config_path, read_config

    for key in sorted(set(read_config()) - {*KEYS, "aliases"}):
        near = closest(key, KEYS)
        mend = f"did you mean {near[0]}?" if near else f"known: {', '.join(KEYS)}"
        yield Finding("config", "warning", f"{quoted(key)} in {config_path()} means nothing", mend)


def _terminal() -> Finding:
    from storage.doctor import Finding

    encoding = (sys.stdout.encoding or "").lower().replace("-", "")
    kind = os.environ.get("TERM", "")
    if encoding != "utf8":
        return Finding(
            "terminal",
            "warning",
            f"it writes {encoding or 'an unknown encoding'}, not UTF-8: names may look wrong",
            "set LANG to a UTF-8 locale, such as C.UTF-8",
        )
    return Finding("terminal", "ok", f"UTF-8{', ' + kind if kind else ''}")
