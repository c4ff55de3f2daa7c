"""Name a record by anything that identifies it: number, e-mail, phone, code, part of a name.

One match acts; several never guess (`Ambiguous`, with candidates); none says what was near.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from language.errors import Ambiguous, InvalidValue, NotFound
from language.fields import NOUNS
from language.terms import ME
from language.text import fold, shorten
from language.values import Ref
from operations.bindings import folded
from operations.sources import Source, source_of
from storage import search

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.unit import UnitOfWork

NUMBER = re.compile(r"#?(\d{1,18})")
UID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MANY = 500
SHOWN = 10
COMPARED = 5_000
NEAR = 65


def find(uow: UnitOfWork, noun: str, text: str, *, trashed: bool = False) -> Ref:
    """Find the one record that a text names.

    `trashed` looks in the trash instead of among living records. Raises `NotFound` with the
    closest names, or `Ambiguous` with candidates.
    """
    found = matches(uow, noun, text, trashed=trashed)
    if len(found) == 1:
        return found[0]
    if found:
        count = len(found) if len(found) < MANY else "many"
        raise Ambiguous(
            f"{count} {NOUNS[noun].plural} answer to '{text}'",
            f"say which by its number, such as {found[0].id}",
            describe(uow, noun, [ref.id for ref in found[:SHOWN]]),
        )
    where = " in the trash" if trashed else ""
    near = nearest(uow, noun, text) if not trashed else []
    hint = f"did you mean {', '.join(near)}?" if near else f"see: crm {noun} list"
    if trashed:
        hint = f"see: crm trash list --noun {noun}"
    raise NotFound(f"no {noun}{where} answers to '{text}'", hint)


def find_all(
    uow: UnitOfWork, noun: str, texts: Sequence[str], *, trashed: bool = False
) -> list[Ref]:
    """Find several records, each named by one text; repeated ones count once."""
    found = [find(uow, noun, text, trashed=trashed) for text in texts]
    return list({ref.id: ref for ref in found}.values())


def numbers_named(uow: UnitOfWork, noun: str, text: str) -> list[int]:
    """Numbers of all records that a text names, for filters; `me` is the acting user."""
    if noun == "user" and fold(text) in ME:
        row = uow.my_user()
        return [row.id] if row is not None else []
    found = matches(uow, noun, text)
    if not found:
        find(uow, noun, text)
    if len(found) >= MANY:
        raise InvalidValue(
            f"{MANY} {NOUNS[noun].plural} or more answer to '{text}'",
            "ask with ~ instead of = for all of them, or say more of the name",
        )
    return [ref.id for ref in found]


def matches(
    uow: UnitOfWork,
    noun: str,
    text: str,
    *,
    trashed: bool = False,
    limit: int = MANY,
    names_only: bool = False,
) -> list[Ref]:
    """Records that a text names, from the first way of naming that finds any.

    Order: number, unique id, what only this noun has (e-mail, phone, domain, code), whole name,
    beginnings of words of the name, part of the name, words anywhere in the record (not with
    `names_only`).
    """
    source = source_of(noun)
    text = text.strip()
    if not text:
        return []
    for where in _ways(uow, source, text, trashed=trashed, names_only=names_only):
        found = _refs(uow, source, where, trashed=trashed, limit=limit)
        if found:
            return found
    return []


def _ways(
    uow: UnitOfWork, source: Source, text: str, *, trashed: bool, names_only: bool = False
) -> Any:
    """Conditions to try, one after another; a generator, so that costly ones are rarely made."""
    table = source.table
    number = NUMBER.fullmatch(text)
    if number:
        yield table.c.id == int(number[1])
        if text.startswith("#"):
            return
    if UID.fullmatch(text.lower()):
        yield table.c.uid == text.lower()
        return
    if source.extra_keys is not None:
        keys = source.extra_keys(uow, text)
        if keys is not None:
            yield table.c.id.in_(keys)
    wanted = fold(text)
    key = source.key if source.key is not None else folded(source.label)
    if source.key is not None:
        yield key == wanted
    if not trashed and source.noun in search.NUMBERS:
        yield _indexed(uow, source, text, title_only=True)
        yield key.contains(wanted, autoescape=True)
        if not names_only:
            yield _indexed(uow, source, text, title_only=False)
        return
    starts = [
        sa.or_(key.startswith(word, autoescape=True), key.contains(f" {word}", autoescape=True))
        for word in wanted.split()
    ]
    yield sa.and_(*starts)
    yield key.contains(wanted, autoescape=True)


def _indexed(
    uow: UnitOfWork, source: Source, text: str, *, title_only: bool
) -> sa.ColumnElement[bool]:
    column = "title" if title_only else ""
    query = search.query_of(text)
    found = search.numbers(uow.connection, source.noun, query, limit=MANY, column=column)
    return source.table.c.id.in_(found)


def _refs(uow: UnitOfWork, source: Source, where: Any, *, trashed: bool, limit: int) -> list[Ref]:
    table = source.table
    alive = table.c.deleted_at.is_not(None) if trashed else source.living
    statement = (
        sa.select(table.c.id, source.label.label("label"))
        .where(alive, where)
        .order_by(table.c.id)
        .limit(limit)
    )
    return [Ref(row.id, row.label or f"#{row.id}") for row in uow.rows(statement)]


def label(uow: UnitOfWork, noun: str, record_id: int) -> str:
    """What people call a record, also one in the trash."""
    source = source_of(noun)
    found = uow.scalar(sa.select(source.label).where(source.table.c.id == record_id))
    return str(found) if found else f"{noun} #{record_id}"


def describe(uow: UnitOfWork, noun: str, ids: Sequence[int]) -> list[str]:
    """One line each for some records, with what tells them apart."""
    from language.tables import Look, cell_text
    from operations.lists import select_records

    source = source_of(noun)
    title = NOUNS[noun].title
    names = ("id", title, *source.describe)
    look = Look(uow.now, uow.zone, uow.settings.language)
    lines = []
    for record in select_records(uow, noun, names, ids=ids, trashed=None):
        shown = [cell_text(record.get(name), look) for name in source.describe]
        rest = ", ".join(text for text in shown if text)
        name = cell_text(record.get(title), look)
        lines.append(f"#{record['id']} {name}" + (f" ({rest})" if rest else ""))
    return lines


def nearest(uow: UnitOfWork, noun: str, text: str, count: int = 3) -> list[str]:
    """Names closest to one that nothing answers to."""
    from rapidfuzz import fuzz, process

    source = source_of(noun)
    key = source.key if source.key is not None else folded(source.label)
    statement = sa.select(key.label("key"), source.label.label("label")).where(source.living)
    rows = uow.rows(statement.limit(COMPARED + 1))
    if len(rows) > COMPARED and noun in search.NUMBERS:
        # Too many to compare with: the ones with a word that begins alike are the likely ones.
        begins = " OR ".join(f'"{word[:2]}"*' for word in search.words_of(fold(text)))
        alike = search.numbers(uow.connection, noun, begins, limit=COMPARED, column="title")
        rows = uow.rows(statement.where(source.table.c.id.in_(alike)))
    keys = {row.label: row.key or "" for row in rows if row.label}
    found = process.extract(fold(text), keys, scorer=fuzz.WRatio, limit=count, score_cutoff=NEAR)
    return [shorten(str(name), 60) for _, _, name in found]
