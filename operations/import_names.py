"""References in a file → numbers: all names of a column are looked up at once, none is guessed."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from language.errors import InvalidValue
from language.fields import NOUNS
from language.text import closest, fold, quoted
from operations.bindings import Link, folded
from operations.import_drafts import NOTHING, Choices, Drafts, Imported
from operations.parts import Members
from operations.sources import source_of
from storage.model.people import companies, emails, users
from storage.model.sales import products

if TYPE_CHECKING:
    from storage.unit import UnitOfWork

CHUNK = 5_000
LISTED = 40
# Of what a column says, this much names the record; the rest is its role, or a line's price.
ROLE = re.compile(r"(?P<name>.+?)\s*(?:\((?P<role>[^()]+)\)|:\s*(?P<word>[^:]+))")
MADE = {"user": {"role": "rep"}}


def in_chunks(values: Iterable[Any]) -> Iterator[list[Any]]:
    """Cut values into lists short enough for one statement."""
    listed = list(values)
    for start in range(0, len(listed), CHUNK):
        yield listed[start : start + CHUNK]


class Names:
    """What the references of one import lead to, and what they lead to in vain.

    `labels`: noun → number → what the record is called.
    """

    def __init__(self, uow: UnitOfWork, drafts: Drafts, choices: Choices, done: Imported) -> None:
        self.uow = uow
        self.drafts = drafts
        self.choices = choices
        self.done = done
        self.labels: defaultdict[str, dict[int, str]] = defaultdict(dict)
        self.problems: list[str] = []
        self.hints: list[str] = []
        self.used: set[str] = set()

    def aliased(self, column: str, text: str) -> str:
        """The name that the user says a text of a column stands for."""
        wanted = fold(text)
        for alias in self.choices.aliases:
            if fold(alias.old) == wanted and self._is_column(alias.column, column):
                self.used.add(alias.old)
                return alias.new
        return text

    def _is_column(self, said: str, name: str) -> bool:
        if not said:
            return True
        known = NOUNS[self.drafts.noun].field(said)
        header = self.drafts.headers.get(name, "")
        return fold(said) == fold(header) or (known is not None and known.name == name)

    def resolve(self, bindings: Mapping[str, Any]) -> dict[str, list[str | None]]:
        """Turn every column of references into numbers; gives those that stay texts.

        These are references to records of the same noun, which the file itself may hold.
        """
        own: dict[str, list[str | None]] = {}
        for name, values in self.drafts.columns.items():
            binding = bindings.get(name)
            if not isinstance(binding, Link) or binding.noun == "stage":
                continue
            if binding.noun == self.drafts.noun:
                own[name] = [None if text is None else self.aliased(name, text) for text in values]
                continue
            counts = Counter(text for text in values if text is not None)
            known = self.numbers(name, binding.noun, counts)
            self.drafts.columns[name] = [
                None if text is None else known.get(text) for text in values
            ]
        return own

    def numbers(self, column: str, noun: str, counts: Mapping[str, int]) -> dict[str, int]:
        """Number of the record that each text of a column names; makes those it may make."""
        meant = {text: self.aliased(column, text) for text in counts}
        found = lookup(self.uow, noun, set(meant.values()))
        numbers: dict[str, int] = {}
        unknown: dict[str, list[str]] = defaultdict(list)
        for text, name in meant.items():
            refs = found.get(name, [])
            if len(refs) == 1:
                numbers[text] = refs[0][0]
                self.labels[noun][refs[0][0]] = refs[0][1]
            elif refs:
                listed = ", ".join(f"#{number}" for number, _ in refs[:5])
                self.problems.append(
                    f"{noun} {quoted(name, 60)} in {rows(counts[text])}: {len(refs)}"
                    f" {NOUNS[noun].plural} have that name ({listed})"
                )
            else:
                unknown[name].append(text)
        self._settle(column, noun, unknown, counts, numbers)
        return numbers

    def _settle(
        self,
        column: str,
        noun: str,
        unknown: Mapping[str, list[str]],
        counts: Mapping[str, int],
        numbers: dict[str, int],
    ) -> None:
        """What becomes of names that nothing has: empty, made, or refused."""
        header = self.drafts.headers.get(column, column)
        missing: list[tuple[str, int]] = []
        for name, texts in unknown.items():
            count = sum(counts[text] for text in texts)
            if name.lower() in NOTHING:
                has = "row has" if count == 1 else "rows have"
                self.done.notes.append(f"{count:,} {has} {header} '{name}': read as empty")
            else:
                missing.append((name, count))
        if not missing:
            return
        if noun in self.choices.create:
            made = self.make(noun, [name for name, _ in missing])
            for name, number in made.items():
                for text in unknown.get(name, ()):
                    numbers[text] = number
            return
        self.refuse(noun, column, missing)

    def refuse(
        self,
        noun: str,
        column: str,
        missing: Sequence[tuple[str, int]],
        among: Sequence[str] | None = None,
    ) -> None:
        """Note names that lead nowhere, each with its rows and the nearest name."""
        known = list(among) if among is not None else all_names(self.uow, noun)
        ordered = sorted(missing, key=lambda item: -item[1])
        for name, count in ordered[:LISTED]:
            near = _nearest(name, known)
            text = f"{noun} {quoted(name, 60)} in {rows(count)}"
            if near:
                text += f": nearest is {quoted(near, 60)}"
            self.problems.append(text)
            if near and not self.hints:
                self.hints.append(f'--alias "{name}={near}"')
        if len(ordered) > LISTED:
            self.problems.append(f"…and {len(ordered) - LISTED:,} more {NOUNS[noun].plural}")
        self.hints.append(f"--create {NOUNS[noun].plural}")

    def make(self, noun: str, names: Sequence[str], **extra: Any) -> dict[str, int]:
        """Add records that the file only names; gives their numbers. Twins are one record."""
        if noun == "pipeline":
            return {name: self._make_pipeline(name) for name in names}
        source = source_of(noun)
        first = self.uow.next_id(source.table)
        by_key: dict[str, int] = {}
        made: list[dict[str, Any]] = []
        for name in names:
            key = fold(name)
            if key not in by_key:
                by_key[key] = first + len(made)
                row = {"id": by_key[key], "name": name, "name_key": key}
                made.append(row | MADE.get(noun, {}) | extra)
                self.labels[noun][by_key[key]] = name
        self.uow.insert_many(source.table, made)
        self.uow.touch_created(noun)
        self.done.made[noun] = self.done.made.get(noun, 0) + len(made)
        return {name: by_key[fold(name)] for name in names}

    def _make_pipeline(self, name: str) -> int:
        from operations import records

        number = records.add(self.uow, "pipeline", {"name": name}).id
        for stage, outcome in (("Won", "won"), ("Lost", "lost")):
            records.add(self.uow, "stage", {"name": stage, "pipeline": number, "outcome": outcome})
        self.done.made["pipeline"] = self.done.made.get("pipeline", 0) + 1
        self.labels["pipeline"][number] = name
        return number

    def one(self, noun: str, text: str) -> int:
        """Number of a record that an option names; raises as `find` does."""
        from operations.find import find

        ref = find(self.uow, noun, text)
        self.labels[noun][ref.id] = ref.label
        return ref.id

    def check(self) -> None:
        """Refuse the file when any name leads nowhere, with all of them."""
        if not self.problems:
            for alias in self.choices.aliases:
                if alias.old not in self.used:
                    self.done.notes.append(f"alias {quoted(alias.old)} was not needed: not there")
            return
        hints = list(dict.fromkeys(self.hints))
        raise InvalidValue(
            f"{len(self.problems)} {'name' if len(self.problems) == 1 else 'names'} in"
            f" {self.drafts.name or 'the file'} cannot be told; nothing was imported",
            f"add {' or '.join(hints)}" if hints else "give each of them a name of its own",
            self.problems,
        )

    def members(self, binding: Members, name: str) -> dict[str, dict[str, Any]]:
        """Columns for each text of a list of other records: `ana:buyer`, `Ana (buyer)`."""
        texts = Counter(text for values in self.drafts.columns[name] for text in values or ())
        split = {text: _name_and_role(text) for text in texts}
        whole = lookup(self.uow, binding.noun, set(texts))
        counts: Counter[str] = Counter()
        for text, count in texts.items():
            if whole.get(text):
                split[text] = (text, None)
            counts[split[text][0]] += count
        numbers = self.numbers(name, binding.noun, counts)
        from operations.deals import role_named

        read: dict[str, dict[str, Any]] = {}
        for text, (who, role) in split.items():
            if who in numbers:
                read[text] = {binding.member.name: numbers[who]}
                if "role" in binding.table.c:
                    read[text]["role"] = role_named(role) if role else None
        return read


def _name_and_role(text: str) -> tuple[str, str | None]:
    found = ROLE.fullmatch(text)
    if found is None:
        return text, None
    return found["name"], found["role"] or found["word"]


def lookup(uow: UnitOfWork, noun: str, texts: Iterable[str]) -> dict[str, list[tuple[int, str]]]:
    """Records that each text names whole: by name, else by code, login, e-mail or external id."""
    source = source_of(noun)
    key = source.key if source.key is not None else folded(source.label)
    by_key: defaultdict[str, list[str]] = defaultdict(list)
    for text in texts:
        by_key[fold(text)].append(text)
    found: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for chunk in in_chunks(by_key):
        for row in uow.rows(
            sa.select(source.table.c.id, source.label.label("label"), key.label("key"))
            .where(source.living, key.in_(chunk))
            .order_by(source.table.c.id)
        ):
            for text in by_key[row.key]:
                found[text].append((row.id, row.label))
    left = [text for same in by_key.values() for text in same if text not in found]
    if left:
        for text, ref in _by_code(uow, noun, left):
            if ref not in found[text]:
                found[text].append(ref)
    return dict(found)


def _by_code(
    uow: UnitOfWork, noun: str, texts: Sequence[str]
) -> Iterator[tuple[str, tuple[int, str]]]:
    source = source_of(noun)
    columns: dict[str, list[sa.ColumnElement[Any]]] = {
        "product": [folded(products.c.code)],
        "user": [folded(users.c.login), folded(users.c.email)],
        "company": [folded(companies.c.external_id)],
    }
    by_key: defaultdict[str, list[str]] = defaultdict(list)
    for text in texts:
        by_key[fold(text)].append(text)
    for column in columns.get(noun, ()):
        for chunk in in_chunks(by_key):
            for row in uow.rows(
                sa.select(
                    source.table.c.id, source.label.label("label"), column.label("key")
                ).where(source.living, column.in_(chunk))
            ):
                for text in by_key[row.key]:
                    yield text, (row.id, row.label)
    if noun in {"contact", "company"}:
        owner = emails.c[f"{noun}_id"]
        for chunk in in_chunks(key for key in by_key if "@" in key):
            for row in uow.rows(
                sa.select(source.table.c.id, source.label.label("label"), emails.c.address_key)
                .join(emails, owner == source.table.c.id)
                .where(source.living, emails.c.address_key.in_(chunk))
            ):
                for text in by_key.get(row.address_key, ()):
                    yield text, (row.id, row.label)


def all_names(uow: UnitOfWork, noun: str) -> list[str]:
    """What the living records of a noun are called."""
    source = source_of(noun)
    statement = sa.select(source.label).where(source.living).limit(200_000)
    return [str(name) for name in uow.connection.execute(statement).scalars() if name]


def _nearest(text: str, names: Sequence[str]) -> str:
    if len(names) < 200:
        near = closest(text, names, 1)
        if near:
            return near[0]
    from rapidfuzz import fuzz, process

    keys = {name: fold(name) for name in names}
    found = process.extractOne(fold(text), keys, scorer=fuzz.WRatio, score_cutoff=70)
    return str(found[2]) if found else ""


def rows(count: int) -> str:
    """A number of rows in words."""
    return "1 row" if count == 1 else f"{count:,} rows"
