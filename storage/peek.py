"""Names for <TAB>, read through the standard library only: no model, no SQLAlchemy, no writes."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from urllib.parse import quote

from language.text import fold

NAMES = {
    "contact": ("contacts", "name", "name_key"),
    "company": ("companies", "name", "name_key"),
    "deal": ("deals", "title", "title_key"),
    "pipeline": ("pipelines", "name", "name_key"),
    "stage": ("stages", "name", "name_key"),
    "product": ("products", "name", "name_key"),
    "user": ("users", "name", "name_key"),
    "tag": ("tags", "name", "name_key"),
    "task": ("tasks", "title", "title_key"),
    "field": ("custom_fields", "label", "key"),
    "attachment": ("attachments", "name", "name_key"),
}
LIMIT = 50


def names(database: str, noun: str, begins: str) -> list[str]:
    """Names of living records whose folded name begins so; empty when there is no database.

    They are as they were given: whoever shows them makes them harmless.
    """
    path = Path(database.removeprefix("sqlite:///")).expanduser()
    if noun not in NAMES or not path.exists():
        return []
    table, column, key = NAMES[noun]
    start = fold(begins)
    try:
        # Read only: <TAB> never makes, migrates or folds a database.
        connection = sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=0.2)
    except sqlite3.Error:
        return []
    try:
        rows = connection.execute(
            f"SELECT DISTINCT {column} FROM {table} WHERE deleted_at IS NULL"
            f" AND {key} >= ? AND {key} < ? ORDER BY {key} LIMIT ?",
            (start, start + "\U0010ffff", LIMIT),
        ).fetchall()
    except sqlite3.Error:
        return []
    finally:
        connection.close()
    return [row[0] for row in rows if isinstance(row[0], str)]
