"""Product lines read, show and add up exactly."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.errors import InvalidValue
from language.money import parse_money
from operations.deal_lines import line_total, parse_line, show_line

CURRENCIES = st.sampled_from(["EUR", "JPY", "KWD", "USD"])
NAMES = st.sampled_from(["PRO", "GTX Pro", "Cable x2", "MG Special", "A-10", "Año 2%", "x"])


@pytest.mark.parametrize(
    ("text", "product", "quantity", "price", "discount"),
    [
        ("PRO", "PRO", None, None, None),
        ("PRO x20 @49 -10%", "PRO", 20_000, "49", 1_000),
        ("GTX Pro x3 @4821", "GTX Pro", 3_000, "4821", None),
        ("gtx pro X 2,5 @ 1.234,56 € - 7,5 %", "gtx pro", 2_500, "1.234,56 €", 750),
        ("Cable x2 x3", "Cable x2", 3_000, None, None),
        ("A-10 -5%", "A-10", None, None, 500),
        ("PRO ×0.125", "PRO", 125, None, None),
        ("PRO @USD 49", "PRO", None, "USD 49", None),
    ],
)
def test_a_line_is_read_from_its_end(
    text: str, product: str, quantity: int | None, price: str | None, discount: int | None
) -> None:
    line = parse_line(text)

    assert (line.product, line.quantity, line.price, line.discount) == (
        product,
        quantity,
        price,
        discount,
    )


@pytest.mark.parametrize("text", ["PRO x0", "PRO x1.000", "PRO x2,500", "PRO -101%", "PRO x0.0001"])
def test_what_could_be_misread_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue):
        parse_line(text)


@given(NAMES, st.integers(1, 10**9), st.integers(0, 10**12), st.integers(0, 10_000), CURRENCIES)
def test_a_line_reads_back_as_it_is_shown(
    product: str, quantity: int, price: int, discount: int, currency: str
) -> None:
    line = parse_line(show_line(product, quantity, price, discount, currency))

    assert line.product == product
    assert line.quantity == quantity
    assert line.price is not None
    assert parse_money(line.price, currency=currency).minor == price
    assert (line.discount or 0) == discount


@given(st.integers(0, 10**12), st.integers(1, 10**6), st.integers(0, 10_000))
def test_a_total_is_exact_and_rounds_a_half_up(price: int, quantity: int, discount: int) -> None:
    exact = (
        Decimal(price) * Decimal(quantity) / 1000 * (Decimal(10_000) - discount) / Decimal(10_000)
    )

    total = line_total(price, quantity, discount)

    assert total == int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def test_a_total_that_no_column_holds_is_refused() -> None:
    with pytest.raises(InvalidValue):
        line_total(2**61, 4_000, 0)
