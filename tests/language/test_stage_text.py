"""A stage in one line reads as people write it, and reads back as it is shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.errors import InvalidValue
from language.stage_text import StageText, parse_stage, show_stage


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("Lead", StageText("Lead")),
        ("Lead 10%", StageText("Lead", "open", 10)),
        ("Lead 30d 10 %", StageText("Lead", "open", 10, 30)),
        ("Due soon 2w", StageText("Due soon", "open", None, 14)),
        ("Won", StageText("Won", "won", 100)),
        ("Ganada", StageText("Ganada", "won", 100)),
        ("Closed lost = lost", StageText("Closed lost", "lost", 0)),
        ("Q3 = plan=open", StageText("Q3 = plan")),
        ("Phase 2", StageText("Phase 2")),
    ],
)
def test_a_stage_is_read_from_its_end(text: str, stage: StageText) -> None:
    assert parse_stage(text) == stage


@pytest.mark.parametrize("text", ["", "=won", "Lead 101%", "Lead=maybe", "Lead 0d"])
def test_what_is_no_stage_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue):
        parse_stage(text)


@given(
    st.sampled_from(["Lead", "Due soon", "Phase 2"]),
    st.sampled_from(["open", "won", "lost"]),
    st.none() | st.integers(0, 100),
    st.none() | st.integers(1, 999),
)
def test_a_stage_reads_back_as_it_is_shown(
    name: str, outcome: str, probability: int | None, days: int | None
) -> None:
    if outcome != "open":
        probability, days = {"won": 100, "lost": 0}[outcome], None
    stage = StageText(name, outcome, probability, days)

    assert parse_stage(show_stage(stage)) == stage
