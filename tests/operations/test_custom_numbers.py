"""Numbers of custom fields are kept as they were read, not read a second time."""

from __future__ import annotations

from decimal import Decimal

import pytest

from language.errors import InvalidValue
from operations.custom_values import read_millionths


def test_a_typed_number_with_three_decimals_is_no_thousand() -> None:
    assert read_millionths(Decimal("1.234")) == 1_234_000
    assert read_millionths("1.234") == 1_234_000_000
    assert read_millionths(7) == 7_000_000


def test_more_than_six_decimals_are_refused() -> None:
    with pytest.raises(InvalidValue, match="more than six decimals"):
        read_millionths(Decimal("0.1234567"))
