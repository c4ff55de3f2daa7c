"""`crm company`: organisations that contacts work for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crm_cli.merging import add_merge
from crm_cli.options import command, new_app
from crm_cli.run import Run
from crm_cli.verbs import add_verbs, fillable, understood, who
from language.fields import Field

if TYPE_CHECKING:
    from storage.unit import UnitOfWork

app = new_app("Organisations that contacts work for.")
TREE = (
    Field("id", "integer", "#"),
    Field("name", "text", "Name"),
    Field("depth", "integer", "Depth"),
    Field("parent_id", "integer", "Parent #"),
    Field("open_deals", "integer", "Open deals"),
)


@command(app, "add", title="company add", fields=fillable("company", "name"))
def add(
    run: Run,
    name: Annotated[str, typer.Argument(help="Name", metavar="NAME")],
    values: Mapping[str, Any],
    custom: Mapping[str, str],
    allow_duplicate: Annotated[
        bool, typer.Option("--allow-duplicate", help="Even if it is there already.")
    ] = False,
) -> None:
    """Add one; prints its number when stdout is no terminal."""
    from operations.candidates import add_unless_known

    filled = {**run.read("company", {"name": name, **values}), **custom}
    with run.writing() as uow:
        added = add_unless_known(uow, "company", filled, allow_duplicate=allow_duplicate)
        sentence = uow.summary + understood(run, uow, "company", added.id, filled)
    run.finish("company", added.id, sentence)


def _more(run: Run, uow: UnitOfWork, company_id: int) -> None:
    from crm_cli.page import print_sections

    print_sections(run, uow, "company", company_id, ("deal", "task", "contact", "activity"))


add_verbs(
    app,
    "company",
    ("list", "show", "edit", "delete", "restore", "tag", "untag"),
    show_more=_more,
)


add_merge(app, "company")


@command(app, "tree", title="company tree")
def tree(run: Run, who_: who("company")) -> None:  # type: ignore[valid-type]  # made for this noun
    """Show the group a company belongs to, from its top, with open deals of each."""
    from crm_cli.output import print_lines
    from operations import companies
    from operations.find import find

    with run.reading() as uow:
        found = find(uow, "company", who_)
        branches = companies.tree(uow, found.id)
    if run.format == "table":
        print_lines(run, branches[0].name, [_line(branch, found.id) for branch in branches])
        return
    rows: list[Any] = [
        {field.name: getattr(branch, field.name) for field in TREE} for branch in branches
    ]
    run.show_list("tree", TREE, rows)


def _line(branch: Any, chosen: int) -> str:
    deals = f" · {branch.open_deals} open deals" if branch.open_deals else ""
    mark = " ←" if branch.id == chosen else ""
    return f"{'  ' * branch.depth}#{branch.id} {branch.name}{deals}{mark}"
