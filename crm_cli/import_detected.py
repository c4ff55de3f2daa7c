"""What `crm import --detect` tells: what a file is, why, and how each column is understood."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from language.fields import NOUNS, Field
from language.text import safe

if TYPE_CHECKING:
    from crm_cli.run import Run
    from importers.detect import Detected

COLUMNS = (
    Field("column", "text", "Column"),
    Field("field", "text", "Fills"),
    Field("why", "text", "Why"),
    Field("filled", "integer", "Filled"),
    Field("sample", "text", "Sample"),
)


def tell_detected(run: Run, found: Detected) -> None:
    """Say it: to eyes as sentences and a table, to scripts as one object."""
    if run.asks_for_json:
        from exporters.json import dumps

        print(dumps(as_json(found)))
        return
    facts = ", ".join(f"{name} {value}" for name, value in found.facts.items())
    rows = "1 row" if found.rows == 1 else f"{found.rows:,} rows"
    run.warn(f"{found.name}: {rows}" + (f" ({facts})" if facts else ""))
    best, *others = found.nouns
    run.warn(f"holds {NOUNS[best.noun].plural}: {best.why}")
    for other in others[:2]:
        if other.score > best.score / 2:
            run.warn(f"may also hold {NOUNS[other.noun].plural}: {other.why}")
    if found.is_ours:
        run.warn("it is an export of crm")
    elif found.profile is not None:
        name = found.profile.profile.program or found.profile.profile.name
        run.warn(
            f"looks like an export of {name} (profile {found.profile.profile.name}):"
            f" {found.profile.why}"
        )
    else:
        run.warn("looks like no program's export that is known")
    for note in found.notes:
        run.warn(note)
    run.show_list("columns", COLUMNS, _columns(found), kept=True)
    run.warn(f'next: crm import {NOUNS[best.noun].plural} "{safe(found.name)}" --dry-run')


def _columns(found: Detected) -> list[Any]:
    told = []
    for column in found.understood.columns:
        front = "" if column.noun in {"", found.understood.noun} else f"{column.noun}."
        decided = "; ".join(column.decisions)
        told.append(
            {
                "column": column.header or f"{column.place + 1} (no heading)",
                "field": f"{front}{column.field}" if column.field else "",
                "why": f"{column.why}; {decided}" if decided else column.why,
                "filled": column.filled,
                "sample": " · ".join(column.sample),
            }
        )
    return told


def as_json(found: Detected) -> dict[str, Any]:
    """A detected file for scripts."""
    profile = found.profile.profile if found.profile is not None else None
    return {
        "file": found.name,
        "rows": found.rows,
        "facts": dict(found.facts),
        "noun": found.nouns[0].noun,
        "nouns": [
            {"noun": each.noun, "score": each.score, "why": each.why} for each in found.nouns
        ],
        "profile": profile.name if profile is not None else None,
        "program": profile.program if profile is not None else None,
        "profile_why": found.profile.why if found.profile is not None else None,
        "others": [each.profile.name for each in found.others],
        "is_ours": found.is_ours,
        "columns": _columns(found),
        "notes": list(found.notes),
    }
