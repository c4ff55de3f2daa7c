"""A stage in one line, for making a pipeline: `Lead 10% 30d`, `Closed won=won`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from language.errors import InvalidValue
from language.money import parse_percent
from language.reading import read_choice
from language.terms import STAGE_OUTCOMES, SYNONYMS
from language.text import clean_line, fold
from language.when import parse_days

HINT = 'for example: "Lead 10% 30d" or "Won=won"'
PERCENT = re.compile(r"(.*\S)\s+(\d+)\s*%")
DAYS = re.compile(r"(.*\S)\s+(\d+\s*[dw])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class StageText:
    """A stage as typed. `probability`: per cent, None: unknown; `rotting_days` None: never."""

    name: str
    outcome: str = "open"
    probability: int | None = None
    rotting_days: int | None = None


def parse_stage(text: str) -> StageText:
    """Read `NAME [PER CENT%] [DAYSd] [=open|won|lost]`; a stage named Won or Lost is just that.

    Won is 100 %, lost 0 %. Raises `InvalidValue`.
    """
    name, equals, said = text.rpartition("=")
    if not equals:
        name, said = text, ""
    name = name.strip()
    probability = days = None
    while True:
        if found := PERCENT.fullmatch(name):
            name, probability = found[1], parse_percent(found[2])
        elif found := DAYS.fullmatch(name):
            name, days = found[1], parse_days(found[2])
        else:
            break
    name = clean_line(name, "stage", 100)
    if equals:
        outcome = read_choice(said, STAGE_OUTCOMES, "outcome")
    else:
        word = SYNONYMS.get(fold(name), fold(name))
        outcome = word if word in {"won", "lost"} else "open"
    if outcome != "open":
        probability = {"won": 100, "lost": 0}[outcome] if probability is None else probability
    if days == 0:
        raise InvalidValue(f"'{text}': a stage rots after one day or more", HINT)
    return StageText(name, outcome, probability, days)


def show_stage(stage: StageText) -> str:
    """A stage in the form that `parse_stage` reads."""
    shown = stage.name
    if stage.outcome == "open":
        shown += "" if stage.probability is None else f" {stage.probability}%"
        shown += "" if stage.rotting_days is None else f" {stage.rotting_days}d"
    return shown if stage.outcome == "open" else f"{shown}={stage.outcome}"
