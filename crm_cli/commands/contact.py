"""`crm contact`: people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crm_cli.merging import add_merge
from crm_cli.options import command, new_app
from crm_cli.run import Run
from crm_cli.verbs import add_verbs, facts_of, fillable, who

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
        bool, typer.Option("--allow-duplicate", help="Even if it is there already.")
    ] = False,
) -> None:
    """Add a contact; one line is enough, and says what it understood."""
    from language.people import parse_contact_line
    from operations import contacts
    from operations.candidates import add_unless_known

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
        if quick is not None and quick.company and "company" not in filled:
            filled["company"] = contacts.company_for(uow, quick.company)
        added = add_unless_known(uow, "contact", filled, allow_duplicate=allow_duplicate)
        in_line = _in_line(quick, values) if quick is not None else {}
        others = facts_of(run, uow, "contact", added.id, [n for n in filled if n not in in_line])
        facts = ", ".join([*in_line.values(), *others])
        sentence = f"{uow.summary} ({facts})" if facts else uow.summary
    run.finish("contact", added.id, sentence)


def _in_line(quick: Any, options: Mapping[str, Any]) -> dict[str, str]:
    """What the line itself said, by field, as it was typed; not what an option said as well."""
    said = {
        "job_title": ("job title", quick.job_title),
        "company": ("company", quick.company),
        "emails": ("e-mail", ", ".join(quick.emails)),
        "phones": ("phone", ", ".join(quick.phones)),
    }
    return {
        field: f"{word} {text}"
        for field, (word, text) in said.items()
        if text and not options.get(field)
    }


def _more(run: Run, uow: UnitOfWork, contact_id: int) -> None:
    from crm_cli.output import print_lines
    from crm_cli.page import print_sections
    from operations.contacts import related

    print_lines(run, "Relations", related(uow, contact_id))
    print_sections(run, uow, "contact", contact_id, ("deal", "task", "activity"))


add_verbs(
    app,
    "contact",
    ("list", "show", "edit", "delete", "restore", "tag", "untag"),
    show_more=_more,
)


add_merge(app, "contact")


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
