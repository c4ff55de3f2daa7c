"""The products of imported deals: one line for each, priced so that they add up to the amount."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from language.errors import CrmError, InvalidValue
from language.money import parse_money
from operations.deal_lines import MILLI, Line, line_total, parse_line
from operations.import_drafts import Drafts
from operations.import_lookup import in_chunks, lookup
from operations.import_names import Names
from storage.model.sales import deal_products, products

if TYPE_CHECKING:
    from operations.import_flags import Flags
    from operations.import_match import Slot
    from storage.unit import UnitOfWork

KEPT = ("quantity_milli", "price_minor", "discount_bp", "total_minor")


class Lines:
    """The product lines of one import. `read`: text → number of the product, and the line."""

    def __init__(self, uow: UnitOfWork, drafts: Drafts, names: Names) -> None:
        self.uow = uow
        self.drafts = drafts
        self.names = names
        self.read: dict[str, tuple[int, Line]] = {}
        self.prices: dict[int, tuple[int | None, str | None]] = {}

    def find(self) -> None:
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
                self.read[text] = (numbers[line.product], line)
        for chunk in in_chunks(set(numbers.values())):
            for row in self.uow.rows(
                sa.select(products.c.id, products.c.price_minor, products.c.price_currency).where(
                    products.c.id.in_(chunk)
                )
            ):
                self.prices[row.id] = (row.price_minor, row.price_currency)

    def price(self, slot: Slot) -> dict[str, Any]:
        """Amount and currency of a deal that says none: what its products add up to."""
        currency = self._currency(slot)
        totals = [self._line(text, currency, None)["total_minor"] for text in self._texts(slot)]
        known = [total for total in totals if total is not None]
        return {"amount_minor": sum(known) if known else None, "currency": currency}

    def _currency(self, slot: Slot) -> str:
        columns, before = slot.columns, slot.before or {}
        own = columns.get("currency") or before.get("currency")
        for text in self._texts(slot):
            own = own or self.prices.get(self.read[text][0], (None, None))[1]
        return str(own or self.names.choices.currency or self.uow.settings.currency)

    def _texts(self, slot: Slot) -> list[str]:
        return [text for text in slot.values.get("products") or () if text in self.read]

    def _line(self, text: str, currency: str, amount: int | None) -> dict[str, Any]:
        """Columns of a line. `amount`: what the deal is worth, when this is all that it sells."""
        number, line = self.read[text]
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

    def check(self, slots: Sequence[Slot], flags: Flags) -> None:
        """Leave out, and flag, lines whose price is none in the deal's currency."""
        for slot in slots:
            for text in self._texts(slot):
                price = self.read[text][1].price
                if price is None:
                    continue
                currency = self._currency(slot)
                try:
                    money = parse_money(price, currency=currency)
                    if money.currency != currency or money.minor < 0:
                        raise InvalidValue(f"the price in '{text}' is not one in {currency}")
                    self._line(text, currency, None)
                except CrmError as error:
                    flags.add(self.drafts, slot.row, "products", text, error.message)
                    slot.values["products"] = [t for t in slot.values["products"] if t != text]

    def write(self, slots: Sequence[Slot]) -> set[int]:
        """Write the products of deals; gives the numbers of the existing deals that changed."""
        sold = [slot for slot in slots if self._texts(slot)]
        held = self._held([slot.id for slot in sold if not slot.is_new])
        new: list[dict[str, Any]] = []
        changed: dict[int, dict[str, Any]] = {}
        touched: set[int] = set()
        for slot in sold:
            mine = held[slot.id]
            texts, currency = self._texts(slot), self._currency(slot)
            amount = slot.columns.get("amount_minor", (slot.before or {}).get("amount_minor"))
            for text in texts:
                number, line = self.read[text]
                alone = len(texts) == 1 and line.price is None and mine.keys() <= {number}
                had = mine.get(number)
                if had is None:
                    row = self._line(text, currency, amount if alone else None)
                    mine[number] = {"deal_id": slot.id, **row}
                    new.append(mine[number])
                    if not slot.is_new:
                        touched.add(slot.id)
                    continue
                row = self._again(text, currency, had)
                if alone and self._follows(slot, had):
                    row = self._line(text, currency, amount)
                if any(had[key] != row[key] for key in KEPT):
                    had |= {key: row[key] for key in KEPT}
                    if "id" in had:
                        changed[had["id"]] = {key: had[key] for key in ("id", *KEPT)}
                        touched.add(slot.id)
        self.uow.insert_many(deal_products, new)
        self.uow.update_many(deal_products, list(changed.values()))
        return touched

    def _held(self, numbers: Sequence[int]) -> defaultdict[int, dict[int, dict[str, Any]]]:
        held: defaultdict[int, dict[int, dict[str, Any]]] = defaultdict(dict)
        for chunk in in_chunks(numbers):
            statement = sa.select(deal_products).where(deal_products.c.deal_id.in_(chunk))
            for row in self.uow.connection.execute(statement).mappings():
                held[row["deal_id"]][row["product_id"]] = dict(row)
        return held

    def _again(self, text: str, currency: str, had: Mapping[str, Any]) -> dict[str, Any]:
        """A line of a product that the deal has: what the file does not say stays."""
        _, line = self.read[text]
        row = {key: had[key] for key in KEPT}
        if line.quantity is not None:
            row["quantity_milli"] = line.quantity
        if line.discount is not None:
            row["discount_bp"] = line.discount
        if line.price is not None:
            row["price_minor"] = parse_money(line.price, currency=currency).minor
            # A line without a discount is shown without one.
            row["discount_bp"] = line.discount or 0
        if row["price_minor"] is not None:
            row["total_minor"] = line_total(
                row["price_minor"], row["quantity_milli"], row["discount_bp"]
            )
        return row

    def _follows(self, slot: Slot, had: Mapping[str, Any]) -> bool:
        """Whether a line is all that a deal sells, so that it changes with the deal's amount."""
        was = (slot.before or {}).get("amount_minor")
        now = slot.columns.get("amount_minor", was)
        plain = had["quantity_milli"] == MILLI and not had["discount_bp"]
        return plain and now != was and (had["total_minor"] or 0) == (was or 0)
