"""Figures for managers: one file a report, and its line in REPORTS.

A report is plain rows under fields, so that every surface and format shows the same numbers. Totals
are rows of their own; amounts of different currencies are never added together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from language.money import Money

if TYPE_CHECKING:
    from language.fields import Field
    from language.values import Record

REPORTS: dict[str, str] = {
    "pipeline": "operations.reports.pipeline",
    "winrate": "operations.reports.winrate",
}


@dataclass(slots=True)
class Report:
    """What a report found. `totals`: rows of the same fields that sum up `rows`."""

    name: str
    fields: tuple[Field, ...]
    rows: list[Record] = field(default_factory=list)
    totals: list[Record] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def in_currencies(
    facts: Mapping[str, Any], amounts: Mapping[str, Mapping[str, int]]
) -> Iterator[Record]:
    """Rows of one group: one a currency, of which the first alone holds the group's counts.

    `amounts`: money field → currency → minor units.
    """
    codes = sorted({code for minors in amounts.values() for code in minors})
    for at, code in enumerate(codes or [""]):
        row: dict[str, Any] = dict(facts) if at == 0 else dict.fromkeys(facts)
        if at:
            # The group is named on each of its rows, so that rows can be sorted and filtered.
            row |= {key: value for key, value in facts.items() if isinstance(value, str)}
        for name, minors in amounts.items():
            row[name] = Money(minors[code], code) if code in minors else None
        yield row
