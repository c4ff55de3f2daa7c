"""What an imported deal needs beyond its columns: title, stage, days, a line for its product.

A file tells what was, so stage gates and lost reasons are not asked for.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from language.text import fold
from language.when import day_bounds
from operations.import_drafts import NOTHING, Derived, Drafts, Rejected
from operations.import_lines import Lines
from operations.import_names import Names
from operations.pipelines import standard_pipeline
from operations.stages import stages_of

if TYPE_CHECKING:
    from operations.import_flags import Flags
    from operations.import_match import Slot
    from storage.unit import UnitOfWork

WORDS = {
    "won": ("won", "closed won", "win", "ganada", "ganado", "cerrada ganada"),
    "lost": ("lost", "closed lost", "loss", "perdida", "perdido", "cerrada perdida"),
    "open": ("open", "abierta", "abierto"),
}
OUTCOMES = {word: outcome for outcome, words in WORDS.items() for word in words}
CERTAIN = {"won": 100, "lost": 0}


class Deals:
    """The deals of one import."""

    def __init__(self, uow: UnitOfWork, drafts: Drafts, names: Names, flags: Flags) -> None:
        self.uow = uow
        self.drafts = drafts
        self.names = names
        self.flags = flags
        self.stages: dict[int, sa.Row[Any]] = {}
        self.lines = Lines(uow, drafts, names)
        self._starts: dict[date, datetime] = {}

    # Before rows are matched

    def give_titles(self) -> dict[int, Rejected]:
        """Call deals without a title `Company: Product`; gives the rows that say nothing at all."""
        columns = self.drafts.columns
        blank = [None] * len(self.drafts)
        given = columns.get("title", blank)
        firms, externals = columns.get("company", blank), columns.get("external_id", blank)
        sold = columns.get("products", blank)
        company, product = self.names.labels["company"], self.names.labels["product"]
        made: dict[tuple[Any, ...], Derived | None] = {}
        titles: list[Any] = []
        empty: dict[int, Rejected] = {}
        for row, title in enumerate(given):
            if title:
                titles.append(title)
                continue
            line = self.lines.read.get(sold[row][0]) if sold[row] else None
            key = (
                firms[row],
                line[0] if line else None,
                None if firms[row] or line else externals[row],
            )
            if key not in made:
                parts = [company.get(key[0], ""), product.get(key[1], "") if key[1] else ""]
                text = ": ".join(part for part in parts if part) or key[2]
                made[key] = Derived(text) if text else None
            titles.append(made[key])
            if made[key] is None:
                why = "nothing says what this deal is"
                empty[row] = self.drafts.rejection(row, "title", "", why)
        columns["title"] = titles
        return empty

    # After rows are matched

    def settle_stages(self, slots: Sequence[Slot], pipeline: int | None, *, create: bool) -> None:
        """Find the pipeline and stage of each deal; unknown stages are made or noted."""
        standard: int | None = pipeline
        for slot in slots:
            if slot.values.get("stage", "").lower() in NOTHING:
                del slot.values["stage"]
        asked: defaultdict[int, Counter[str]] = defaultdict(Counter)
        for slot in slots:
            number = slot.columns.get("pipeline_id") or pipeline
            if number is None and slot.before is not None:
                number = slot.before["pipeline_id"]
            if number is None:
                standard = number = standard or standard_pipeline(self.uow)
            slot.columns["pipeline_id"] = number
            asked[number][slot.values.get("stage") or ""] += slot.rows
        found = {
            (number, text): stage
            for number, texts in asked.items()
            for text, stage in self._stages(number, texts, create=create).items()
        }
        for slot in slots:
            slot.columns.pop("stage_id", None)
            text = slot.values.get("stage")
            if text is None and slot.before is not None:
                stage_id = slot.before["stage_id"]
                if slot.before["pipeline_id"] == slot.columns["pipeline_id"]:
                    slot.columns["stage_id"] = stage_id
                    continue
            stage = found.get((slot.columns["pipeline_id"], text or ""))
            if stage is not None:
                slot.columns["stage_id"] = stage

    def _stages(self, pipeline: int, texts: Mapping[str, int], *, create: bool) -> dict[str, int]:
        listed = stages_of(self.uow, pipeline)
        found: dict[str, int] = {}
        missing: list[tuple[str, int]] = []
        for text, count in texts.items():
            name = self.names.aliased("stage", text)
            chosen = _stage_named(listed, name)
            if chosen is not None:
                found[text] = chosen
            elif text and create:
                found[text] = self._make_stage(pipeline, name)
                listed = stages_of(self.uow, pipeline)
            elif text:
                missing.append((name, count))
        if missing:
            self.names.refuse("stage", "stage", missing, [row.name for row in listed])
        self.stages |= {row.id: row for row in listed}
        return found

    def _make_stage(self, pipeline: int, name: str) -> int:
        """Add an open stage after the open ones; its odds are unknown."""
        from operations import records

        values = {"name": name, "pipeline": pipeline, "outcome": "open"}
        self.names.done.made["stage"] = self.names.done.made.get("stage", 0) + 1
        return records.add(self.uow, "stage", values).id

    def fill(self, slots: Sequence[Slot]) -> None:
        """Fill what follows from the stage and the days of each deal."""
        undated = 0
        for slot in slots:
            stage = self._stage_of(slot)
            columns = slot.columns
            if stage.outcome == "open":
                closed = columns.pop("closed_on", None)
                columns.pop("closed_at", None)
                if closed is not None and "expected_close" not in columns:
                    columns["expected_close"] = closed
                if slot.is_new or (slot.before or {})["closed_on"] is not None:
                    columns |= {"closed_on": None, "closed_at": None}
            elif (columns.get("closed_on") or (slot.before or {}).get("closed_on")) is None:
                undated += slot.rows
            else:
                self._check_days(slot)
            own = columns.get("probability")
            if own is not None and own == CERTAIN.get(stage.outcome, stage.probability):
                columns["probability"] = None
            self._title(slot)
            if slot.is_new:
                self._begin(slot, stage)
            else:
                self._go_on(slot, stage)
        if undated:
            has = "deal has" if undated == 1 else "deals have"
            self.names.done.notes.append(f"{undated:,} closed {has} no close date: left empty")

    def _check_days(self, slot: Slot) -> None:
        """A deal cannot close before it opened: the day it closed is flagged then."""
        columns, before = slot.columns, slot.before or {}
        opened = columns.get("opened_on") or before.get("opened_on")
        closed = columns.get("closed_on") or before.get("closed_on")
        if opened is not None and closed is not None and closed < opened:
            why = f"a deal cannot close ({closed}) before it opened ({opened})"
            name = "closed_at" if "closed_on" in columns else "opened_at"
            self.flags.add(
                self.drafts, slot.row, name, closed if name == "closed_at" else opened, why
            )
            for column in (
                ("closed_on", "closed_at") if name == "closed_at" else ("opened_on", "opened_at")
            ):
                columns.pop(column, None)

    def _stage_of(self, slot: Slot) -> sa.Row[Any]:
        number = slot.columns["stage_id"]
        if number not in self.stages:
            self.stages |= {row.id: row for row in stages_of(self.uow, slot.columns["pipeline_id"])}
        return self._stage(number)

    def _stage(self, number: int) -> sa.Row[Any]:
        if number not in self.stages:
            from operations.stages import stage_row

            self.stages[number] = stage_row(self.uow, number)
        return self.stages[number]

    def _title(self, slot: Slot) -> None:
        if not slot.is_new and (
            slot.by == "title" or isinstance(slot.values.get("title"), Derived)
        ):
            slot.columns.pop("title", None)
            slot.columns.pop("title_key", None)

    def _begin(self, slot: Slot, stage: sa.Row[Any]) -> None:
        columns = slot.columns
        since = self._since(columns, "closed" if stage.outcome != "open" else "opened")
        columns["stage_since"] = since
        if columns.get("amount_minor") is None:
            columns |= self.lines.price(slot)

    def _since(self, columns: Mapping[str, Any], what: str) -> datetime:
        """When a deal came to its stage, as far as the file tells."""
        for name in (what, "opened"):
            moment: datetime | None = columns.get(f"{name}_at")
            day: date | None = columns.get(f"{name}_on")
            if moment is not None:
                return min(moment, self.uow.now)
            if day is not None:
                if day not in self._starts:
                    self._starts[day] = min(day_bounds(day, self.uow.zone)[0], self.uow.now)
                return self._starts[day]
        return self.uow.now

    def _go_on(self, slot: Slot, stage: sa.Row[Any]) -> None:
        columns, before = slot.columns, slot.before or {}
        if columns["stage_id"] != before["stage_id"]:
            if stage.outcome != "lost" and self._stage(before["stage_id"]).outcome == "lost":
                # As when a person moves it: why it was lost stays in its history only.
                for name in ("lost_reason", "gap_percent", "retry_on"):
                    columns.setdefault(name, None)
            closed = stage.outcome != "open" and columns.get("closed_on") is not None
            columns["stage_since"] = self._since(columns, "closed") if closed else self.uow.now
        after, was = columns.get("expected_close"), before["expected_close"]
        if after is not None and was is not None and after > was:
            columns["slips"] = before["slips"] + 1


def _stage_named(listed: Sequence[sa.Row[Any]], text: str) -> int | None:
    """A stage by its whole name, else by a word for its outcome; no text is the first open one."""
    wanted = fold(text) or "open"
    for row in listed:
        if row.name_key == wanted:
            return int(row.id)
    outcome = OUTCOMES.get(wanted)
    return next((int(row.id) for row in listed if row.outcome == outcome), None)
