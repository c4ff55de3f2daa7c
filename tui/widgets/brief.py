"""A record told in a panel: facts, then what happened last."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from language.money import Money
from language.text import fit, safe
from tui.words import amount_text, cell, lines, words

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from language.fields import Field
    from language.tables import Look
    from operations.brief import Brief

LABEL = 16


class BriefPanel(VerticalScroll, can_focus=False):
    """Shows the brief of one record."""

    def compose(self) -> ComposeResult:
        yield Static(id="told")

    def show(self, brief: Brief | None, look: Look | None) -> None:
        """Tell another record; None: nothing."""
        told = Content("") if brief is None or look is None else tell(brief, look, self.size.width)
        self.query_one("#told", Static).update(told)
        self.scroll_home(animate=False)


def tell(brief: Brief, look: Look, width: int) -> Content:
    """A brief as text."""
    parts: list[Content | str] = [words(brief.title, "bold"), "\n"]
    parts += [words(f"{brief.noun} #{brief.id}", "$faint"), "\n\n"]
    room = max(12, width - LABEL)
    for field, value in brief.facts:
        values = value if field.many and isinstance(value, list) else [value]
        told = [line for item in values for line in wrap(_fact(item, look, field), room)]
        parts.append(Content.styled(fit(safe(field.label), LABEL), "$faint"))
        parts += [("\n" + " " * LABEL).join(told), "\n"]
    if brief.activities:
        parts += ["\n", Content.styled("What happened", "bold $primary"), "\n"]
    for record in brief.activities:
        head = f"{cell(record['at'], look)}  {cell(record['kind'], look)}"
        if record["outcome"]:
            head += f", {cell(record['outcome'], look)}"
        parts += [words(head, "$secondary"), "\n"]
        note = str(record["note"] or record["subject"] or "")
        parts += [lines(note + "\n\n") if note else "\n"]
    return Content.assemble(*parts)


def _fact(value: object, look: Look, field: Field) -> str:
    if isinstance(value, Money):
        return amount_text(value, look.lang)
    return cell(value, look, None if field.many else field)
