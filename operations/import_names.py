"""References in a file → numbers: all names of a column are looked up at once, none is guessed."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from language.errors import InvalidValue
from language.fields import NOUNS
from language.text import fold, quoted
from operations.bindings import Link
from operations.import_drafts import NOTHING, Choices, Drafts
from operations.import_lookup import Twins, all_names, lookup, nearest_name, reach, rows
from operations.import_told import Imported
from operations.parts import Members
from operations.sources import source_of

if TYPE_CHECKING:
    from operations.import_flags import Flags
    from storage.unit import UnitOfWork

LISTED = 40
# Of what a column says, this much names the record; the rest is its role, or a line's price.
ROLE = re.compile(r"(?P<name>.+?)\s*(?:\((?P<role>[^()]+)\)|:\s*(?P<word>[^:]+))")
MADE = {"user": {"role": "rep"}}
SOFT = frozenset({"user", "company", "contact", "deal"})
"""Nouns of which an unknown name is an unreadable value; of others it must be settled first."""
NEAR = 88  # from here on a name that is made is told to be near one that is there


class Names:
    """What the references of one import lead to, and what they lead to in vain.

    `labels`: noun → number → what the record is called. `vain`: column → text that leads nowhere
    → why; its rows are kept and flagged.
    """

    def __init__(self, uow: UnitOfWork, drafts: Drafts, choices: Choices, done: Imported) -> None:
        self.uow = uow
        self.drafts = drafts
        self.choices = choices
        self.done = done
        self.labels: defaultdict[str, dict[int, str]] = defaultdict(dict)
        self.vain: defaultdict[str, dict[str, str]] = defaultdict(dict)
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

    def resolve(self, bindings: Mapping[str, Any], flags: Flags) -> dict[str, list[str | None]]:
        """Turn every column of references into numbers; gives those that stay texts.

        These are references to records of the same noun, which the file itself may hold. A text
        that leads nowhere is flagged.
        """
        own: dict[str, list[str | None]] = {}
        for name, values in self.drafts.columns.items():
            binding = bindings.get(name)
            if not isinstance(binding, Link) or binding.noun == "stage":
                continue
            if binding.noun == self.drafts.noun:
                own[name] = [None if text is None else self.aliased(name, text) for text in values]
                continue
            counts = Counter(text for text in values if isinstance(text, str))
            known = self.numbers(name, binding.noun, counts)
            vain = self.vain.get(name, {})
            for row, text in enumerate(values if vain else ()):
                if text in vain:
                    flags.add(self.drafts, row, name, text, vain[text])
            self.drafts.columns[name] = [
                known.get(text) if isinstance(text, str) else text for text in values
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
                why = f"{len(refs)} {NOUNS[noun].plural} have that name ({listed})"
                if noun in SOFT:
                    self.vain[column][text] = why
                else:
                    shown = quoted(name, 60)
                    self.problems.append(f"{noun} {shown} in {rows(counts[text])}: {why}")
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
        if noun not in SOFT:
            self.refuse(noun, column, missing)
            return
        known = all_names(self.uow, noun)
        for at, (name, _) in enumerate(missing):
            near = nearest_name(name, known) if at < LISTED else ""
            why = f"no {noun} has that name" + (f"; nearest is {quoted(near, 60)}" if near else "")
            self.vain[column] |= dict.fromkeys(unknown[name], why)

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
            near = nearest_name(name, known)
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
        twins = Twins(noun)
        made: list[dict[str, Any]] = []
        numbers: dict[str, int] = {}
        for name in names:
            number = first + len(made)
            numbers[name] = twins.number(name, number)
            if numbers[name] == number:
                row = {"id": number, "name": name, "name_key": fold(name)}
                made.append(row | MADE.get(noun, {}) | extra)
                self.labels[noun][number] = name
        self._tell_near(noun, [row["name"] for row in made])
        self.uow.insert_many(source.table, made)
        reach(self.uow, noun, {row["name"]: row["id"] for row in made})
        self.uow.touch_created(noun)
        self.done.made[noun] = self.done.made.get(noun, 0) + len(made)
        return numbers

    def _tell_near(self, noun: str, names: Sequence[str]) -> None:
        """Say which of the first new names may be a slip for one that is there."""
        if noun not in SOFT:
            return
        known = all_names(self.uow, noun)
        if not known:
            return
        from rapidfuzz import fuzz, process

        keys = {name: fold(name) for name in known}
        for name in names[:LISTED]:
            near = process.extractOne(fold(name), keys, scorer=fuzz.ratio, score_cutoff=NEAR)
            if near is not None:
                self.done.notes.append(
                    f"made {noun} {quoted(name, 60)}; near it is {quoted(str(near[2]), 60)}"
                    f' (one and the same? --alias "{name}={near[2]}")'
                )

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

    def members(self, binding: Members, name: str) -> dict[Any, dict[str, Any]]:
        """Columns for each text of a list of other records: `ana:buyer`, `Ana (buyer)`, or a number.

        Texts that lead nowhere are in `vain`.
        """
        listed = [text for values in self.drafts.columns[name] for text in values or ()]
        texts = Counter(text for text in listed if isinstance(text, str))
        split = {text: _name_and_role(text) for text in texts}
        whole = lookup(self.uow, binding.noun, set(texts))
        counts: Counter[str] = Counter()
        for text, count in texts.items():
            if whole.get(text):
                split[text] = (text, None)
            counts[split[text][0]] += count
        numbers = self.numbers(name, binding.noun, counts)
        from operations.deals import role_named

        read: dict[Any, dict[str, Any]] = {
            number: {binding.member.name: number} | ({"role": None} if "role" in binding.table.c else {})
            for number in listed if isinstance(number, int)
        }  # fmt: skip
        for text, (who, role) in split.items():
            if who in self.vain.get(name, {}):
                self.vain[name][text] = self.vain[name][who]
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
