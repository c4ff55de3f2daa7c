"""`crm contact`: people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crm_cli.options import command, new_app
from crm_cli.run import Run
from crm_cli.verbs import add_verbs, fillable, who

if TYPE_CHECKING:
    from storage.unit import UnitOfWork

app = new_app("People.")


@command(app, "add", title="contact add", fields=fillable("contact", "name"))
def add(
    run: Run,
    line: Annotated[
        str,
        typer.Argument(help='"Ana Ruiz" or "Ana Ruiz, CEO, Acme, ana@acme.es".', metavar="NAME"),
    ],
    values: Mapping[str, Any],
    custom: Mapping[str, str],
    allow_duplicate: Annotated[
        bool, typer.Option("--allow-duplicate", help="Even if somebody has that e-mail.")
    ] = False,
) -> None:
    """Add a contact; one line is enough, and says what it understood."""
    from language.people import parse_contact_line
    from operations import contacts, records

    typed = dict(values)
    quick = parse_contact_line(line) if "," in line else None
    if quick is not None:
        typed |= {"name": quick.name}
        typed.setdefault("job_title", quick.job_title or None)
        typed["emails"] = [*quick.emails, *typed.get("emails", [])]
        typed["phones"] = [*quick.phones, *typed.get("phones", [])]
    else:
        typed["name"] = line
    filled = {**run.read("contact", typed), **custom}
    with run.writing() as uow:
        if filled.get("emails") and not allow_duplicate:
            contacts.refuse_same_email(uow, list(filled["emails"]))  # type: ignore[call-overload]  # a list by its kind
        if quick is not None and quick.company and "company" not in filled:
            filled["company"] = contacts.company_for(uow, quick.company)
        added = records.add(uow, "contact", filled)
        sentence = uow.summary
    run.finish("contact", added.id, _understood(sentence, quick))


def _understood(sentence: str, quick: Any) -> str:
    if quick is None:
        return sentence
    parts = (
        ("job title", quick.job_title),
        ("company", quick.company),
        ("e-mail", ", ".join(quick.emails)),
        ("phone", ", ".join(quick.phones)),
    )
    known = ", ".join(f"{name} {value}" for name, value in parts if value)
    return f"{sentence} ({known})" if known else sentence


def _more(run: Run, uow: UnitOfWork, contact_id: int) -> None:
    from crm_cli.output import print_lines
    from crm_cli.page import print_sections
    from operations.contacts import related

    known = [f"{other.label} is their {word}" for word, other in related(uow, contact_id)]
    print_lines(run, "Relations", known)
    print_sections(run, uow, "contact", contact_id, ("deal", "task", "activity"))


add_verbs(
    app,
    "contact",
    ("list", "show", "edit", "delete", "restore", "tag", "untag"),
    show_more=_more,
)


@command(app, "relate", title="contact relate")
def relate(
    run: Run,
    who_: who("contact"),  # type: ignore[valid-type]  # made for this noun
    kind: Annotated[str, typer.Argument(help="manager, assistant, spouse, parent, friend…")],
    other: who("contact"),  # type: ignore[valid-type]  # made for this noun
    note: Annotated[str | None, typer.Option("--note", help="Free text.")] = None,
) -> None:
    """Say that WHO is the KIND of OTHER: crm contact relate ana manager luis."""
    from operations import contacts
    from operations.find import find

    with run.writing() as uow:
        found, related = find(uow, "contact", who_), find(uow, "contact", other)
        sentence = contacts.relate(uow, found.id, kind, related.id, note)
    run.finish("contact", found.id, sentence)


@command(app, "unrelate", title="contact unrelate")
def unrelate(
    run: Run,
    who_: who("contact"),  # type: ignore[valid-type]  # made for this noun
    other: who("contact"),  # type: ignore[valid-type]  # made for this noun
) -> None:
    """Forget how two contacts are related."""
    from operations import contacts
    from operations.find import find

    with run.writing() as uow:
        found, related = find(uow, "contact", who_), find(uow, "contact", other)
        contacts.unrelate(uow, found.id, related.id)
        sentence = uow.summary
    run.finish("contact", found.id, sentence)
