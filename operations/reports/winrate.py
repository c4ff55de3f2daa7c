"""How many closed deals are won, and what they brought: by owner, product, company or time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from language.errors import InvalidValue
from language.fields import Field
from language.filters import parse_filter
from language.money import split_amount
from language.text import closest, fold
from operations.find import find
from operations.lists import condition
from operations.reports import Report, in_currencies
from storage.model.people import companies, users
from storage.model.sales import deal_products, deals, products, stages

if TYPE_CHECKING:
    from operations.bindings import Condition
    from storage.unit import UnitOfWork

TOTAL = "Total"
JOINED = deals.join(stages, stages.c.id == deals.c.stage_id)


@dataclass(slots=True)
class _Figures:
    """What adds up: won and lost deals, won minor units by currency."""

    won: int = 0
    lost: int = 0
    amounts: Counter[str] = field(default_factory=Counter)

    def add(self, outcome: str, count: int, currency: str | None, minor: int | None) -> None:
        if outcome == "won":
            self.won += count
            if minor is not None and currency is not None:
                self.amounts[currency] += minor
        else:
            self.lost += count

    def row(self, by: str, name: str) -> Iterator[Any]:
        facts = {by: name, "won": self.won, "lost": self.lost, "rate": self.rate()}
        return in_currencies(facts, {"won_total": self.amounts})

    def rate(self) -> Decimal | None:
        """Won of all closed deals, per cent with two decimals, a half rounded up."""
        closed = self.won + self.lost
        if not closed:
            return None
        exact = Decimal(self.won * 100) / closed
        return exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def report(
    uow: UnitOfWork,
    *,
    by: str = "owner",
    filter_text: str = "",
    since: date | None = None,
    until: date | None = None,
    pipeline: str = "",
) -> Report:
    """Closed deals by `by` (one of BY). `since` and `until` are days on which deals closed."""
    chosen = _read_by(by)
    where: list[Condition] = [deals.c.deleted_at.is_(None), stages.c.outcome != "open"]
    if since is not None:
        where.append(deals.c.closed_on >= since)
    if until is not None:
        where.append(deals.c.closed_on <= until)
    if pipeline:
        where.append(deals.c.pipeline_id == find(uow, "pipeline", pipeline).id)
    if filter_text:
        where.append(condition(uow, "deal", parse_filter(filter_text)))
    fields = (
        Field(chosen, "text", chosen.capitalize()),
        Field("won", "integer", "Won"),
        Field("lost", "integer", "Lost"),
        Field("rate", "percent", "Win rate"),
        Field("won_total", "money", "Won total", currency="won_total_currency"),
    )
    found = Report("winrate", fields)
    if chosen == "product":
        groups, several = _by_product(uow, where)
        if several:
            has = "deal has" if several == 1 else "deals have"
            found.notes.append(
                f"{several:,} {has} several products: the amount is shared by their lines, and"
                " each deal counts under its largest line"
            )
    else:
        groups = _by_column(uow, where, chosen)
    whole = _Figures()
    for name in _ordered(groups, by_time=chosen in {"month", "quarter"}):
        one = groups[name]
        found.rows += one.row(chosen, name)
        whole.won += one.won
        whole.lost += one.lost
        whole.amounts.update(one.amounts)
    found.totals += whole.row(chosen, TOTAL)
    return found


def _read_by(text: str) -> str:
    word = fold(text)
    if word in BY:
        return word
    near = closest(word, BY)
    hint = f"did you mean {near[0]}?" if near else f"one of: {', '.join(BY)}"
    raise InvalidValue(f"--by: '{text}' is not known", hint)


def _ordered(groups: Mapping[str, _Figures], *, by_time: bool) -> list[str]:
    """Time goes forward; anything else by what was won, the most first."""
    if by_time:
        return sorted(groups, key=lambda name: (not name[:1].isdigit(), name))
    return sorted(
        groups,
        key=lambda name: (
            -max(groups[name].amounts.values(), default=0), -groups[name].won, fold(name), name
        ),
    )  # fmt: skip


def _by_column(uow: UnitOfWork, where: list[Condition], by: str) -> dict[str, _Figures]:
    column, name_of = COLUMNS[by](uow)
    groups: defaultdict[str, _Figures] = defaultdict(_Figures)
    for row in uow.rows(
        sa.select(
            column.label("key"),
            stages.c.outcome,
            deals.c.currency,
            sa.func.count().label("closed"),
            sa.func.sum(deals.c.amount_minor).label("minor"),
        )
        .select_from(JOINED)
        .where(*where)
        .group_by(column, stages.c.outcome, deals.c.currency)
    ):
        minor = None if row.minor is None else int(row.minor)
        groups[name_of(row.key)].add(row.outcome, row.closed, row.currency, minor)
    return dict(groups)


def _by_product(uow: UnitOfWork, where: list[Condition]) -> tuple[dict[str, _Figures], int]:
    """Amounts go to products by the totals of their lines, to the last minor unit."""
    lines: defaultdict[int, Counter[int]] = defaultdict(Counter)
    closed = sa.select(deals.c.id).select_from(JOINED).where(*where)
    for line in uow.rows(
        sa.select(deal_products.c.deal_id, deal_products.c.product_id, deal_products.c.total_minor)
        .where(deal_products.c.deal_id.in_(closed))
        .order_by(deal_products.c.id)
    ):
        lines[line.deal_id][line.product_id] += max(0, line.total_minor or 0)
    labels = _labels(uow, "product", products)
    groups: defaultdict[str, _Figures] = defaultdict(_Figures)
    several = 0
    for row in uow.rows(
        sa.select(deals.c.id, stages.c.outcome, deals.c.currency, deals.c.amount_minor)
        .select_from(JOINED)
        .where(*where)
    ):
        sold = lines.get(row.id)
        if not sold:
            groups["(no product)"].add(row.outcome, 1, row.currency, row.amount_minor)
            continue
        several += len(sold) > 1
        shares = split_amount(row.amount_minor or 0, list(sold.values()))
        largest = max(sold, key=lambda number: sold[number])
        for number, share in zip(sold, shares, strict=True):
            count = 1 if number == largest else 0
            minor = None if row.amount_minor is None else share
            groups[labels(number)].add(row.outcome, count, row.currency, minor)
    return dict(groups), several


Name = Callable[[Any], str]


def _labels(uow: UnitOfWork, noun: str, table: sa.Table) -> Name:
    """What to call a record by its number; the number is added where two have the same name."""
    names = {row.id: row.name for row in uow.rows(sa.select(table.c.id, table.c.name))}
    twice = {name for name, count in Counter(names.values()).items() if count > 1}

    def name_of(number: int | None) -> str:
        if number is None:
            return f"(no {noun})"
        name = str(names[number])
        return f"{name} #{number}" if name in twice else name

    return name_of


def _owner(uow: UnitOfWork) -> tuple[sa.Column[Any], Name]:
    return deals.c.owner_id, _labels(uow, "owner", users)


def _company(uow: UnitOfWork) -> tuple[sa.Column[Any], Name]:
    return deals.c.company_id, _labels(uow, "company", companies)


def _region(uow: UnitOfWork) -> tuple[sa.Column[Any], Name]:
    regions = {row.id: row.region for row in uow.rows(sa.select(users.c.id, users.c.region))}
    return deals.c.owner_id, lambda number: regions.get(number) or "(no region)"


def _source(_: UnitOfWork) -> tuple[sa.Column[Any], Name]:
    return deals.c.source, lambda text: text or "(no source)"


def _month(_: UnitOfWork) -> tuple[sa.Column[Any], Name]:
    return deals.c.closed_on, lambda day: f"{day:%Y-%m}" if day else "(no date)"


def _quarter(_: UnitOfWork) -> tuple[sa.Column[Any], Name]:
    def name_of(day: date | None) -> str:
        return f"{day.year}-Q{(day.month + 2) // 3}" if day else "(no date)"

    return deals.c.closed_on, name_of


COLUMNS: dict[str, Callable[[UnitOfWork], tuple[sa.Column[Any], Name]]] = {
    "owner": _owner,
    "company": _company,
    "month": _month,
    "quarter": _quarter,
    "source": _source,
    "region": _region,
}
BY = (*COLUMNS, "product")
