"""What an imported deal needs beyond its columns: title, stage, days, a line for its product.

A file tells what was, so stage gates and lost reasons are not asked for.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from language.errors import CrmError, InvalidValue
from language.money import parse_money
from language.text import fold
from language.when import day_bounds
from operations.deal_lines import MILLI, Line, line_total, parse_line
from operations.import_drafts import Drafts, Rejected
from operations.import_names import Names, in_chunks, lookup
from operations.pipelines import standard_pipeline
from operations.stages import stages_of
from storage.model.sales import deal_products, products

if TYPE_CHECKING:
    from operations.import_match import Slot
    from storage.unit import UnitOfWork

OUTCOMES = {
    **dict.fromkeys(("won", "closed won", "win", "ganada", "ganado", "cerrada ganada"), "won"),
    **dict.fromkeys(("lost", "closed lost", "loss", "perdida", "perdido", "cerrada perdida"), "lost"),
    **dict.fromkeys(("open", "abierta", "abierto"), "open"),
}  # fmt: skip
CERTAIN = {"won": 100, "lost": 0}


class Derived(str):
    """A title made from other columns: good for a new deal, no reason to rename an old one."""

    __slots__ = ()


class Deals:
    """The deals of one import."""

    def __init__(self, uow: UnitOfWork, drafts: Drafts, names: Names) -> None:
        self.uow = uow
        self.drafts = drafts
        self.names = names
        self.stages: dict[int, sa.Row[Any]] = {}
        self.lines: dict[str, tuple[int, Line]] = {}
        self.prices: dict[int, tuple[int | None, str | None]] = {}
        self._starts: dict[date, datetime] = {}

    # Before rows are matched

    def read_products(self) -> None:
        """Find the product that each line names: the whole text, or what stands before ` x2 @9`."""
        columns = self.drafts.columns
        counts = Counter(text for listed in columns.get("products", ()) for text in listed or ())
        whole = lookup(self.uow, "product", [self.names.aliased("products", t) for t in counts])
        lines: dict[str, Line] = {}
        wanted: Counter[str] = Counter()
        for text, count in counts.items():
            if self.names.aliased("products", text) in whole:
                lines[text] = Line(text)
            else:
                try:
                    lines[text] = parse_line(text)
                except InvalidValue:
                    lines[text] = Line(text)
            wanted[lines[text].product] += count
        numbers = self.names.numbers("products", "product", wanted)
        for text, line in lines.items():
            if line.product in numbers:
                self.lines[text] = (numbers[line.product], line)
        for chunk in in_chunks(set(numbers.values())):
            for row in self.uow.rows(
                sa.select(products.c.id, products.c.price_minor, products.c.price_currency).where(
                    products.c.id.in_(chunk)
                )
            ):
                self.prices[row.id] = (row.price_minor, row.price_currency)

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
            line = self.lines.get(sold[row][0]) if sold[row] else None
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
                line_number = self.drafts.lines[row]
                empty[row] = Rejected(line_number, "title", "", "nothing says what this deal is")
        columns["title"] = titles
        return empty

    # After rows are matched

    def settle_stages(self, slots: Sequence[Slot], pipeline: int | None, *, create: bool) -> None:
        """Find the pipeline and stage of each deal; unknown stages are made or noted."""
        standard: int | None = pipeline
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
        """Fill what follows from the stage and the days of each deal; raises nothing."""
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
            elif slot.is_new and columns.get("closed_on") is None:
                undated += slot.rows
            if columns.get("probability") is not None:
                if columns["probability"] == CERTAIN.get(stage.outcome, stage.probability):
                    columns["probability"] = None
            self._title(slot)
            if slot.is_new:
                self._begin(slot, stage)
            else:
                self._go_on(slot, stage)
        if undated:
            has = "deal has" if undated == 1 else "deals have"
            self.names.done.notes.append(f"{undated:,} closed {has} no close date: left empty")

    def _stage_of(self, slot: Slot) -> sa.Row[Any]:
        number = slot.columns["stage_id"]
        if number not in self.stages:
            self.stages |= {row.id: row for row in stages_of(self.uow, slot.columns["pipeline_id"])}
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
            columns |= self._price_of_lines(slot)

    def _since(self, columns: Mapping[str, Any], what: str) -> datetime:
        """When a deal came to its stage, as far as the file tells."""
        for name in (what, "opened"):
            moment, day = columns.get(f"{name}_at"), columns.get(f"{name}_on")
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
            closed = stage.outcome != "open" and columns.get("closed_on") is not None
            columns["stage_since"] = self._since(columns, "closed") if closed else self.uow.now
        after, was = columns.get("expected_close"), before["expected_close"]
        if after is not None and was is not None and after > was:
            columns["slips"] = before["slips"] + 1

    # Lines

    def _price_of_lines(self, slot: Slot) -> dict[str, Any]:
        """Amount and currency of a deal that says none: what its products add up to."""
        currency = self._currency(slot)
        totals = [self._line(text, currency, None)["total_minor"] for text in self._texts(slot)]
        known = [total for total in totals if total is not None]
        return {"amount_minor": sum(known) if known else None, "currency": currency}

    def _currency(self, slot: Slot) -> str:
        columns, before = slot.columns, slot.before or {}
        own = columns.get("currency") or before.get("currency")
        for text in self._texts(slot):
            own = own or self.prices.get(self.lines[text][0], (None, None))[1]
        return str(own or self.names.choices.currency or self.uow.settings.currency)

    def _texts(self, slot: Slot) -> list[str]:
        return [text for text in slot.values.get("products") or () if text in self.lines]

    def _line(self, text: str, currency: str, amount: int | None) -> dict[str, Any]:
        """Columns of a line. `amount`: what the deal is worth, when this is all that it sells."""
        number, line = self.lines[text]
        quantity, discount = line.quantity or MILLI, line.discount or 0
        price: int | None = None
        if line.price is not None:
            price = parse_money(line.price, currency=currency).minor
        elif amount is not None:
            # Nothing at all (0) is what programs write for "not known yet": no price then.
            price = amount or None
        else:
            listed, code = self.prices.get(number, (None, None))
            price = listed if code == currency else None
        total = None if price is None else line_total(price, quantity, discount)
        return {
            "product_id": number, "quantity_milli": quantity,
            "price_minor": price, "discount_bp": discount, "total_minor": total,
        }  # fmt: skip

    def check_lines(self, slots: Sequence[Slot]) -> dict[int, CrmError]:
        """Errors of lines that cannot be priced, by the place of their row."""
        bad: dict[int, CrmError] = {}
        for slot in slots:
            columns, before = slot.columns, slot.before or {}
            opened = columns.get("opened_on") or before.get("opened_on")
            closed = columns.get("closed_on") or before.get("closed_on")
            if opened and closed and closed < opened:
                reason = f"a deal cannot close ({closed}) before it opened ({opened})"
                bad[slot.place] = InvalidValue(reason)
            currency = None
            for text in self._texts(slot):
                price = self.lines[text][1].price
                if price is not None:
                    currency = currency or self._currency(slot)
                    try:
                        money = parse_money(price, currency=currency)
                        if money.currency != currency or money.minor < 0:
                            raise InvalidValue(f"the price in '{text}' is not one in {currency}")
                    except CrmError as error:
                        bad[slot.place] = error
        return bad

    def write_lines(self, slots: Sequence[Slot]) -> set[int]:
        """Write the products of deals; gives the numbers of the deals that changed."""
        old = {slot.id for slot in slots if not slot.is_new and slot.values.get("products")}
        held: defaultdict[int, dict[int, Any]] = defaultdict(dict)
        for chunk in in_chunks(old):
            statement = sa.select(deal_products).where(deal_products.c.deal_id.in_(chunk))
            for row in self.uow.rows(statement):
                held[row.deal_id][row.product_id] = row
        new: list[dict[str, Any]] = []
        changed: list[dict[str, Any]] = []
        touched: set[int] = set()
        for slot in slots:
            texts = self._texts(slot)
            if not texts:
                continue
            currency = self._currency(slot)
            amount = slot.columns.get("amount_minor", (slot.before or {}).get("amount_minor"))
            alone = len(texts) == 1 and self.lines[texts[0]][1].price is None
            for text in texts:
                number, line = self.lines[text]
                had = held[slot.id].get(number)
                if had is not None and (line == Line(line.product)):
                    row = self._follow(slot, had, amount, alone=alone and len(held[slot.id]) == 1)
                else:
                    row = self._line(text, currency, amount if alone else None)
                if had is None:
                    new.append({"deal_id": slot.id, **row})
                    held[slot.id][number] = row
                    touched.add(slot.id)
                elif any(getattr(had, key, None) != value for key, value in row.items()):
                    keys = ("quantity_milli", "price_minor", "discount_bp", "total_minor")
                    changed.append({"id": had.id} | {key: row[key] for key in keys})
                    touched.add(slot.id)
        self.uow.insert_many(deal_products, new)
        self.uow.update_many(deal_products, changed)
        return touched - {slot.id for slot in slots if slot.is_new}

    def _follow(self, slot: Slot, had: Any, amount: int | None, *, alone: bool) -> dict[str, Any]:
        """A line that was there stays, unless it is all of a deal whose amount changes."""
        row = {
            key: getattr(had, key)
            for key in ("quantity_milli", "price_minor", "discount_bp", "total_minor")
        }
        was = (slot.before or {}).get("amount_minor")
        plain = had.quantity_milli == MILLI and not had.discount_bp
        if alone and plain and amount != was and (had.total_minor or 0) == (was or 0):
            row |= {"price_minor": amount or None, "total_minor": amount or None}
        return row


def _stage_named(listed: Sequence[sa.Row[Any]], text: str) -> int | None:
    """A stage by its whole name, else by a word for its outcome; no text is the first open one."""
    wanted = fold(text) or "open"
    for row in listed:
        if row.name_key == wanted:
            return int(row.id)
    outcome = OUTCOMES.get(wanted)
    return next((int(row.id) for row in listed if row.outcome == outcome), None)
