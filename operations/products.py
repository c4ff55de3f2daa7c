"""Products: what we sell, found by name or code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from language.errors import Conflict, InvalidValue
from language.text import fold
from operations.bindings import Plain, folded
from operations.facts import facts
from operations.flags import Flagged
from operations.pairs import MoneyPair
from operations.parts import Tagged
from operations.sources import Draft, Source
from storage.model.sales import products

if TYPE_CHECKING:
    from collections.abc import Mapping

    from storage.unit import UnitOfWork


def _keys(uow: UnitOfWork, text: str) -> sa.Select[Any]:
    return sa.select(products.c.id).where(folded(products.c.code) == fold(text))


def check_price(columns: Mapping[str, Any]) -> None:
    """A price is not negative."""
    price = columns.get("price_minor")
    if price is not None and price < 0:
        raise InvalidValue("a price cannot be negative")


def _prepare(uow: UnitOfWork, draft: Draft) -> None:
    """A price is not negative; a code names one product, in capitals or not."""
    check_price(draft.columns)
    code = draft.columns.get("code")
    if not code or not draft.moves("code"):
        return
    same = uow.first(
        sa.select(products.c.id, products.c.name).where(
            folded(products.c.code) == fold(code),
            products.c.deleted_at.is_(None),
            products.c.id != draft.before.get("id", 0),
        )
    )
    if same is not None:
        raise Conflict(
            f"product #{same.id} {same.name} has the code {code} already",
            f"edit that one: crm product edit {same.id}",
        )


SOURCE = Source(
    noun="product",
    table=products,
    label=products.c.name,
    key=products.c.name_key,
    bindings={
        "name": Plain(products.c.name, key=products.c.name_key),
        "code": Plain(products.c.code),
        "family": Plain(products.c.family),
        "price": MoneyPair(products.c.price_minor, products.c.price_currency),
        "unit": Plain(products.c.unit),
        "active": Plain(products.c.active, "flag"),
        "tags": Tagged("product", products.c.id),
        "note": Plain(products.c.note, "long"),
        "flagged": Flagged("product", products.c.id),
        **facts(products),
    },
    prepare=_prepare,
    extra_keys=_keys,
    describe=("code", "family", "price"),
)
