"""What an import tells people: counts that add up, samples of each class, what was left out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from language.fields import NOUNS, Field, field_named
from language.tables import cell_text
from language.text import quoted, safe, shorten

if TYPE_CHECKING:
    from crm_cli.run import Run
    from operations.import_told import Imported, Outcome

SHOWN = 20
SAMPLE = 5
NOTES = 30


def tell(run: Run, done: Sequence[Imported], told: set[tuple[str, str]]) -> None:
    """Say what was done, or with --dry-run what would be, and give it whole to scripts."""
    for part in done:
        tell_notes(run, part.name, part.notes, told, many=len(done) > 1)
    for part in done if run.dry_run else ():
        _tell_rows(run, part)
    for part in done:
        _tell_counts(run, part, many=len(done) > 1)
        _tell_problems(run, part)
    if len(done) > 1:
        _tell_sum(run, done)
    if run.asks_for_json:
        from exporters.json import dumps
        from operations.import_told import as_json, summed

        command = 0 if run.dry_run else run.command_id
        print(dumps(_plain(as_json(summed(done), done, command=command, dry_run=run.dry_run))))
    else:
        for part in done:
            for text in part.explained:
                run.warn(f"  {text}")


def tell_rehearsal(run: Run, done: Sequence[Imported], told: set[tuple[str, str]]) -> None:
    """Say what an import would do, before it is asked for."""
    for part in done:
        tell_notes(run, part.name, part.notes, told, many=len(done) > 1)
        _tell_rows(run, part)
        run.warn(f"this would import {_counts(part)}")
        _tell_problems(run, part)


def tell_notes(
    run: Run,
    name: str,
    notes: Sequence[str],
    told: set[tuple[str, str]],
    *,
    many: bool = False,
) -> None:
    """Say what was decided, each note of a file once; `told` holds those that were said."""
    new = [note for note in notes if (name, note) not in told]
    told |= {(name, note) for note in new}
    where = f"{name}: " if many else ""
    for note in new[:NOTES]:
        run.warn(f"{where}{note}")
    if len(new) > NOTES:
        run.warn(f"…and {len(new) - NOTES:,} more notes (--format json has them)")


def _tell_counts(run: Run, part: Imported, *, many: bool) -> None:
    where = f" from {part.name}" if many else ""
    if part.changed:
        run.say(f"imported {NOUNS[part.noun].plural}{where}: {_counts(part, named=False)}")
    else:
        run.warn(f"nothing to import{where}: {_counts(part, named=False)}")


def _tell_sum(run: Run, done: Sequence[Imported]) -> None:
    from operations.import_told import counts_of, summed

    counts = counts_of(summed(done))
    listed = ", ".join(f"{count:,} {word}" for word, count in counts.items() if word != "read")
    run.warn(f"{len(done)} files: {counts['read']:,} rows read = {listed}")


def _counts(part: Imported, *, named: bool = True) -> str:
    """`480 rows read = 443 created, …; also made 12 companies; 4 values flagged`."""
    from operations.import_told import counts_of

    counts = counts_of(part)
    listed = ", ".join(f"{count:,} {word}" for word, count in counts.items() if word != "read")
    text = f"{counts['read']:,} {'row' if part.read == 1 else 'rows'} read = {listed}"
    made = [NOUNS[noun].counted(count) for noun, count in part.made.items()]
    beside = [
        f"{NOUNS[noun].plural}: {one.created:,} created, {one.updated:,} updated"
        for noun, one in part.beside.items()
        if one.created or one.updated
    ]
    if made:
        text += f"; also made {', '.join(made)}"
    if beside:
        text += f"; {'; '.join(beside)}"
    if part.flagged:
        count = len(part.flagged)
        text += f"; {count:,} {'value' if count == 1 else 'values'} flagged"
    return f"{NOUNS[part.noun].plural}: {text}" if named else text


def _tell_problems(run: Run, part: Imported) -> None:
    for row in part.rejected[:SHOWN]:
        where = f"line {row.line}" + (f", {row.column}" if row.column else "")
        value = f" {quoted(row.value, 60)}" if row.value else ""
        run.warn(f"  {where}{value}: {row.reason}: rejected")
    if len(part.rejected) > SHOWN:
        run.warn(f"  …and {len(part.rejected) - SHOWN:,} more rejected rows")
    for flag in part.flagged[:SHOWN]:
        column = flag.column or flag.field
        where = f"line {part.line_of(flag)}, {column} {quoted(flag.value, 60)}"
        run.warn(f"  {where}: {flag.reason}: row kept, value flagged")
    if len(part.flagged) > SHOWN:
        run.warn(f"  …and {len(part.flagged) - SHOWN:,} more flagged values")


def _tell_rows(run: Run, part: Imported) -> None:
    """A sample of each class of rows, with old → new of what is updated."""
    classes = ("created", "updated", "unchanged", "merged")
    for kind in classes:
        rows = [row for row in part.outcomes if row.kind == kind]
        if not rows:
            continue
        run.warn(f"{kind} {len(rows):,}:")
        for row in rows[:SAMPLE]:
            run.warn(f"  {_row(run, part, row)}")
        if len(rows) > SAMPLE:
            run.warn(f"  …and {len(rows) - SAMPLE:,} more")


def _row(run: Run, part: Imported, row: Outcome) -> str:
    label = shorten(safe(row.label), 60)
    text = f"line {row.line} {label}"
    if row.kind in {"updated", "unchanged"}:
        text += f" (#{row.id}, by {row.by})" if row.by else f" (#{row.id})"
    if row.kind == "merged":
        text += " (the record of another row)"
    if row.changes:
        text += ": " + "; ".join(
            f"{_label(part.noun, name)} {_value(run, part.noun, name, old)} →"
            f" {_value(run, part.noun, name, new)}"
            for name, (old, new) in row.changes.items()
        )
    return text


def _label(noun: str, name: str) -> str:
    known = field_named(noun, name)
    return known.label.lower() if known is not None else name


def _value(run: Run, noun: str, name: str, value: Any) -> str:
    known = field_named(noun, name) or Field(name, "text", name)
    text = cell_text(value, run.look, known)
    if isinstance(value, datetime) and value.microsecond:
        text += f".{value.microsecond // 1000:03d}"
    return shorten(safe(text), 40) if text else "—"


def _plain(value: Any) -> Any:
    """Typed values of changes as scripts get them: money with its currency, references by label."""
    from dataclasses import is_dataclass

    from language.money import Money, to_major
    from language.values import Ref
    from language.when import When

    match value:
        case Money():
            return {"amount": to_major(value.minor, value.currency), "currency": value.currency}
        case Ref():
            return value.label
        case When():
            return value.moment or value.day
        case dict():
            return {key: _plain(one) for key, one in value.items()}
        case list() | tuple():
            return [_plain(one) for one in value]
    return str(value) if is_dataclass(value) else value
