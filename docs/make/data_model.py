"""Write docs/data-model.md from the schema: `./dev docs`; `--check` only compares."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import sqlalchemy as sa  # noqa: E402 (after the path is known)
from sqlmodel import SQLModel  # noqa: E402

FILE = ROOT / "docs" / "data-model.md"
AREAS = ("people", "sales", "work", "anything", "journal")
COMMON = ("id", "uid", "version", "created_by_command", "created_at", "updated_at", "deleted_at")
HEAD = """# Data model

<!-- Written by ./dev docs from storage/model. Do not edit. -->

One SQLite file. Tables are plural, columns singular. Times are UTC, days are ISO dates; money is
whole minor units (cents) with its ISO 4217 code beside it. Text is kept as it was given; a column
ending in `_key` holds the same text without case and accents, for look-ups.

Every table has `id`, `version` (raised by each change) and `created_by_command` (which command
added the row). Records, the things people name, also have `uid` (UUIDv7), `created_at`,
`updated_at` and `deleted_at` (in the trash since). Parts, such as an e-mail, live inside a record.
Each change of a row is written down by triggers, whoever makes it: see *commands* and *changes*.

"""


def text() -> str:
    """The whole page."""
    return HEAD + "".join(_areas()).rstrip() + "\n"


def _areas() -> Iterator[str]:
    for area in AREAS:
        module = import_module(f"storage.model.{area}")
        yield f"## {(module.__doc__ or area).split(chr(10))[0].rstrip('.')}\n\n"
        for model in vars(module).values():
            if inspect.isclass(model) and issubclass(model, SQLModel) and _is_of(model, module):
                yield from _table(model)


def _is_of(model: type[SQLModel], module: Any) -> bool:
    return model.__module__ == module.__name__ and hasattr(model, "__table__")


def _table(model: Any) -> Iterator[str]:
    table: sa.Table = model.__table__
    kind = "record" if "uid" in table.c and "deleted_at" in table.c else "part"
    kind = "" if table.name in {"commands", "changes", "open_command", "settings"} else f" ({kind})"
    yield f"### {table.name}{kind}\n\n{' '.join((model.__doc__ or '').split())}\n\n"
    yield "| Column | Holds | |\n|---|---|---|\n"
    for column in table.columns:
        if column.name not in COMMON or not kind:
            yield f"| `{column.name}` | {_holds(column)} | {_facts(column)} |\n"
    yield "\n"


def _holds(column: sa.Column[Any]) -> str:
    name = type(column.type).__name__
    return {
        "Text": "text", "BigInteger": "number", "Integer": "number", "Flag": "yes or no",
        "Moment": "moment", "Day": "day", "Json": "list",
    }.get(name, name.lower())  # fmt: skip


def _facts(column: sa.Column[Any]) -> str:
    links = [f"→ {key.column.table.name}" for key in column.foreign_keys]
    return ", ".join([*links, *([] if column.nullable or column.primary_key else ["never empty"])])


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(FILE.read_text("utf-8") != text())
    FILE.write_text(text(), "utf-8")
