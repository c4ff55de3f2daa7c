"""Products on a deal: `PRO x20 @49 -10%` — what, how many, at what price, less what discount."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from language.errors import InvalidValue
from language.money import exponent, parse_money
from language.text import fold
from language.values import Ref
from operations.parts import Members
from storage.model.sales import deal_products, deals, products

if TYPE_CHECKING:
    from storage.unit import UnitOfWork

LINE = re.compile(
    r"(?P<product>.+?)"
    r"(?:\s+[x×]\s*(?P<quantity>\d[\d.,]*))?"
    r"(?:\s*@\s*(?P<price>[^@%]+?))?"
    r"(?:\s+-\s*(?P<discount>\d[\d.,]*)\s*%)?",
    re.IGNORECASE,
)
MILLI = 1_000
WHOLE_BP = 10_000
LARGEST = 2**62
HINT = "for example: PRO x20 @49 -10%"


@dataclass(frozen=True, slots=True)
class Line:
    """A line as typed; what was not said is None. Quantity in thousandths, discount in 0.01 %."""

    product: str
    quantity: int | None = None
    price: str | None = None
    discount: int | None = None


def parse_line(text: str) -> Line:
    """Take a line apart from its end; a product's name may hold spaces."""
    found = LINE.fullmatch(text.strip())
    if found is None:
        raise InvalidValue(f"'{text}' is not a product line", HINT)
    quantity, discount = found["quantity"], found["discount"]
    return Line(
        found["product"].strip(),
        None if quantity is None else _quantity(quantity),
        found["price"],
        None if discount is None else _discount(discount),
    )


def _quantity(text: str) -> int:
    """Thousandths of `20`, `2.5`, `0,125`. `1.000` could be one or a thousand: it is refused."""
    if re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", text):
        whole, rest = re.split("[.,]", text)
        raise InvalidValue(
            f"quantity: '{text}' may be {whole}{rest} or {whole} and a fraction",
            f"write x{whole}{rest}, or x{whole}.{rest}0",
        )
    found = re.fullmatch(r"(\d{1,9})(?:[.,](\d{1,3})0*)?", text)
    milli = int(found[1]) * MILLI + int((found[2] or "").ljust(3, "0")) if found else 0
    if milli <= 0:
        raise InvalidValue(
            f"quantity: '{text}' is not a number above 0 with up to 3 decimals", HINT
        )
    return milli


def _discount(text: str) -> int:
    found = re.fullmatch(r"(\d{1,3})(?:[.,](\d{1,2}))?", text)
    points = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) if found else WHOLE_BP + 1
    if points > WHOLE_BP:
        raise InvalidValue(
            f"discount: '{text}%' is not between 0 and 100 with up to 2 decimals", HINT
        )
    return points


def show_line(product: str, quantity: int, price: int | None, discount: int, currency: str) -> str:
    """A line in the form that `parse_line` reads."""
    shown = f"{product} x{_decimal(quantity, 3)}"
    if price is not None:
        places = exponent(currency)
        whole, rest = divmod(price, 10**places)
        shown += f" @{whole}" + (f".{rest:0{places}d}" if rest else "")
    return shown + (f" -{_decimal(discount, 2)}%" if discount else "")


def _decimal(number: int, places: int) -> str:
    whole, rest = divmod(number, 10**places)
    if not rest:
        return str(whole)
    decimals = f"{rest:0{places}d}".rstrip("0")
    # Three decimals could be read as thousands; a fourth, zero, cannot.
    return f"{whole}.{decimals}" + ("0" if len(decimals) == 3 and whole else "")


def line_total(price: int, quantity: int, discount: int) -> int:
    """Price × quantity × (1 - discount) in minor units, exact, a half rounded up."""
    exact = price * quantity * (WHOLE_BP - discount)
    scale = MILLI * WHOLE_BP
    total = (2 * exact + scale) // (2 * scale)
    if total >= LARGEST:
        raise InvalidValue("the total of a product is too large an amount", "check the zeros")
    return total


class Lines(Members):
    """Products of a deal. The deal's amount follows their sum while it equals it."""

    def __init__(self) -> None:
        super().__init__(
            deal_products, deal_products.c.deal_id, deal_products.c.product_id, "product"
        )

    def statement(self) -> sa.Select[Any]:
        currency = (
            sa.select(deals.c.currency)
            .where(deals.c.id == deal_products.c.deal_id)
            .correlate(deal_products)
            .scalar_subquery()
        )
        return super().statement().add_columns(currency.label("deal_currency"))

    def show(self, row: Mapping[str, Any]) -> object:
        return show_line(
            str(row["member_label"]),
            row["quantity_milli"],
            row["price_minor"],
            row["discount_bp"],
            row["deal_currency"] or "EUR",
        )

    def read(self, uow: UnitOfWork, value: Any) -> dict[str, Any]:
        """Only the product: what `remove` needs."""
        if isinstance(value, int | Ref):
            return super().read(uow, value)
        return {"product_id": product_of(uow, str(value))[0]}

    def add(self, uow: UnitOfWork, record_id: int, values: Sequence[Any]) -> None:
        before = self.total(uow, record_id)
        currency = _currency(uow, record_id)
        rows = {int(row["product_id"]): row for row in self.rows(uow, [record_id])}
        for value in values:
            number, line = product_of(uow, str(value))
            had = rows.get(number)
            new = _columns(uow, number, line, currency, had)
            if had is not None:
                uow.update(deal_products, had["id"], new)
            else:
                row_id = uow.insert(deal_products, deal_id=record_id, product_id=number, **new)
                new["id"] = row_id
            rows[number] = {**(had or {}), **new}
        self._follow(uow, record_id, before)

    def remove(self, uow: UnitOfWork, record_id: int, values: Sequence[Any]) -> None:
        before = self.total(uow, record_id)
        super().remove(uow, record_id, values)
        self._follow(uow, record_id, before)

    def clear(self, uow: UnitOfWork, record_id: int) -> None:
        before = self.total(uow, record_id)
        super().clear(uow, record_id)
        self._follow(uow, record_id, before)

    def total(self, uow: UnitOfWork, deal_id: int) -> int | None:
        """Sum of a deal's products, or None while it has none."""
        found = uow.scalar(
            sa.select(sa.func.sum(deal_products.c.total_minor)).where(
                deal_products.c.deal_id == deal_id
            )
        )
        return None if found is None else int(found)

    def _follow(self, uow: UnitOfWork, deal_id: int, before: int | None) -> None:
        amount = uow.scalar(sa.select(deals.c.amount_minor).where(deals.c.id == deal_id))
        if amount is None or amount == before:
            uow.update(deals, deal_id, {"amount_minor": self.total(uow, deal_id)})


def product_of(uow: UnitOfWork, text: str) -> tuple[int, Line]:
    """Find the product that a line names: the whole text, or what stands before ` x2 @9`."""
    from operations.find import find

    row = uow.first(
        sa.select(products.c.id).where(
            products.c.name_key == fold(text), products.c.deleted_at.is_(None)
        )
    )
    if row is not None:
        return int(row.id), Line(text)
    line = parse_line(text)
    return find(uow, "product", line.product).id, line


def currency_of_lines(uow: UnitOfWork, texts: Sequence[Any]) -> str | None:
    """Currency of the first line: the one typed with its price, else its product's."""
    if not texts:
        return None
    number, line = product_of(uow, str(texts[0]))
    own = uow.scalar(sa.select(products.c.price_currency).where(products.c.id == number))
    if line.price is None:
        return None if own is None else str(own)
    return parse_money(line.price, currency=str(own or uow.settings.currency)).currency


def _currency(uow: UnitOfWork, deal_id: int) -> str:
    found = uow.scalar(sa.select(deals.c.currency).where(deals.c.id == deal_id))
    return str(found or uow.settings.currency)


def _columns(
    uow: UnitOfWork, product_id: int, line: Line, currency: str, had: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Columns of a line; what was not said stays as it was, or takes its default."""
    quantity, discount = line.quantity, line.discount
    if quantity is None:
        quantity = had["quantity_milli"] if had else MILLI
    if discount is None:
        discount = had["discount_bp"] if had else 0
    price = had["price_minor"] if had else None
    if line.price is not None or price is None:
        price = _price(uow, product_id, line, currency)
    return {
        "quantity_milli": quantity,
        "price_minor": price,
        "discount_bp": discount,
        "total_minor": line_total(price, quantity, discount),
    }


def _price(uow: UnitOfWork, product_id: int, line: Line, currency: str) -> int:
    if line.price is not None:
        money = parse_money(line.price, currency=currency)
        if money.currency != currency:
            raise InvalidValue(
                f"'{line.price}' is not in {currency}, the currency of the deal",
                f"give the price in {currency}, or make a deal in {money.currency}",
            )
        if money.minor < 0:
            raise InvalidValue(f"price: '{line.price}' is below 0", HINT)
        return money.minor
    row = uow.first(
        sa.select(products.c.price_minor, products.c.price_currency).where(
            products.c.id == product_id
        )
    )
    if row is None or row.price_minor is None or row.price_currency != currency:
        raise InvalidValue(
            f"product '{line.product}' has no price in {currency}",
            f"say it: {line.product} x1 @PRICE",
        )
    return int(row.price_minor)
