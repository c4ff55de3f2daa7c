"""What `show` prints below a record on a terminal: what is open on it, and what happened last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.output import print_lines
from crm_cli.run import Run
from language.fields import NOUNS
from language.tables import cell_text

if TYPE_CHECKING:
    from storage.unit import UnitOfWork

SHOWN = 5
# noun → (heading, filter that comes on top, fields, sort)
SECTIONS = {
    "deal": (
        "Open deals",
        "outcome=open",
        ("title", "stage", "amount", "expected_close", "next_step"),
        "-amount",
    ),
    "task": ("Open tasks", "status!=done", ("title", "due", "priority", "owner"), "due,-priority"),
    "contact": ("Contacts", "", ("name", "job_title", "emails", "phones"), "name"),
    "activity": ("Last activities", "", ("at", "kind", "subject", "note", "outcome"), "-at"),
}


def print_sections(
    run: Run, uow: UnitOfWork, noun: str, record_id: int, sections: tuple[str, ...]
) -> None:
    """Print sections about a record, each with its first few lines and how many there are."""
    from operations.lists import Query, count_records, list_records

    for other in sections:
        heading, where, names, sort = SECTIONS[other]
        chosen = f'{noun}="#{record_id}"' + (f" and {where}" if where else "")
        query = Query(chosen, sort, SHOWN, fields=("id", *names))
        records = list_records(uow, other, query)
        known = {field.name: field for field in NOUNS[other].fields}
        lines = []
        for record in records:
            cells = [cell_text(record.get(name), run.look, known.get(name)) for name in names]
            lines.append(f"#{record['id']} " + " · ".join(cell for cell in cells if cell))
        if len(records) == SHOWN and (total := count_records(uow, other, chosen)) > SHOWN:
            lines.append(f"{total - SHOWN} more: crm {other} list --filter '{chosen}'")
        print_lines(run, heading, lines)
