"""Bring a file's records in: the noun asked for, and the companies, contacts, deals beside it.

Everything is decided before anything is written; the caller's transaction makes it one command.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from language.errors import InvalidValue
from language.fields import NOUNS
from language.text import quoted
from operations.import_drafts import ORDER, Batch, Choices, Derived, Drafts, Rejected
from operations.import_flags import Flags
from operations.import_noun import NounImport
from operations.import_told import Imported, Outcome
from operations.sources import source_of

if TYPE_CHECKING:
    from storage.unit import UnitOfWork

LINKS: dict[str, tuple[tuple[str, str], ...]] = {
    "contact": (("company", "company"),),
    "deal": (("company", "company"), ("contacts", "contact")),
    "activity": (("company", "company"), ("contacts", "contact"), ("deal", "deal")),
    "task": (("company", "company"), ("contact", "contact"), ("deal", "deal")),
}
"""Noun → its fields that name a record of another noun in the same row."""
TITLES = {"company": "name", "contact": "name", "deal": "title"}


def apply(uow: UnitOfWork, batch: Batch, choices: Choices) -> Imported:
    """Add and update the records of a file; says what was done.

    A row without anything that names its record is rejected; a value that cannot be read is
    flagged and its row kept. Raises `InvalidValue` for a stage, product or pipeline that is
    nowhere, or with `choices.strict` for the first problem; nothing may be kept then.
    """
    return _File(uow, batch, choices).run()


class _File:
    def __init__(self, uow: UnitOfWork, batch: Batch, choices: Choices) -> None:
        self.uow = uow
        self.batch = batch
        self.choices = choices
        self.main = batch.main
        self.noun = batch.main.noun
        self.flags = Flags(batch.flags)
        self.done = Imported(
            self.noun,
            len(batch.main) + len(batch.rejected),
            name=batch.main.name,
            lines=batch.main.lines,
            notes=list(batch.notes),
        )
        self.ids: dict[str, dict[int, int]] = {}
        self.parts: dict[str, NounImport] = {}

    def run(self) -> Imported:
        self._check_options()
        self._make_fields()
        self.main.rejected = list(self.batch.rejected)
        self._name_by_points()
        self.main.reject(_nameless(self.main))
        alive = set(self.main.places)
        for noun in ORDER:
            if noun == self.noun:
                self._link(self.main)
                self._import(self.main, self.done)
            elif noun in self.batch.linked:
                self._beside(noun, alive)
        self._keep_flags()
        return self._told()

    def _check_options(self) -> None:
        """Refuse what is chosen for a field that none of the file's nouns has."""
        nouns = (self.noun, *self.batch.linked)
        for option, given, name in (
            ("--owner", self.choices.owners, "owner"),
            ("--tag", self.choices.tags, "tags"),
            ("--pipeline", self.choices.pipeline, "pipeline"),
            ("--source", self.choices.source, "external_id"),
        ):
            if given and not any(name in source_of(noun).bindings for noun in nouns):
                plural = NOUNS[self.noun].plural
                raise InvalidValue(f"{option}: {plural} have no {name}", f"leave {option} out")

    # Rows

    def _make_fields(self) -> None:
        from operations import records

        summary, self.uow.summary = self.uow.summary, ""
        for field in self.batch.new_fields:
            values: dict[str, Any] = {
                "noun": field.noun, "label": field.label, "kind": field.kind,
            }  # fmt: skip
            if field.choices:
                values["choices"] = list(field.choices)
            records.add(self.uow, "field", values)
            self.done.made["field"] = self.done.made.get("field", 0) + 1
        self.uow.summary = summary

    def _name_by_points(self) -> None:
        """Call people by their address or number, and companies by their domain, if by nothing."""
        drafts = self.main
        sources = {"contact": ("emails", "phones"), "company": ("domains", "emails")}
        lists = [
            drafts.columns[name] for name in sources.get(drafts.noun, ()) if name in drafts.columns
        ]
        if not lists:
            return
        names = drafts.columns.setdefault("name", [None] * len(drafts))
        for row, name in enumerate(names):
            if name or (drafts.noun == "contact" and _parts_of_name(drafts, row)):
                continue
            known = next((values[row][0] for values in lists if values[row]), None)
            if known is not None:
                names[row] = Derived(str(known).rpartition(":")[2].strip())

    def _beside(self, noun: str, alive: set[int]) -> None:
        """Import what the rows say of another noun; rows that say nothing of it are passed over."""
        drafts = self.batch.linked[noun]
        self._take_name(noun, drafts)
        self._link(drafts)
        named = {field for field, _ in LINKS.get(noun, ())}
        says = [name for name in drafts.columns if name not in named]
        rows = [
            row
            for row, place in enumerate(drafts.places)
            if place in alive and any(drafts.columns[name][row] is not None for name in says)
        ]
        drafts.keep(rows)
        if not len(drafts):
            return
        nameless = _nameless(drafts)
        for row in nameless:
            for name in says:
                value = drafts.columns[name][row]
                if value is not None:
                    self.flags.add(drafts, row, name, value, f"no {noun} is named for it")
        drafts.keep([row for row in range(len(drafts)) if row not in nameless])
        done = Imported(noun, len(drafts), name=self.main.name, lines=self.done.lines)
        self._import(drafts, done)
        self._flag_refused(drafts)
        self.done.beside[noun] = done
        self.done.notes += done.notes
        for made, count in done.made.items():
            self.done.made[made] = self.done.made.get(made, 0) + count

    def _flag_refused(self, drafts: Drafts) -> None:
        """What is said of a record beside the main one that cannot be stays with the main one."""
        at = {place: row for row, place in enumerate(drafts.places)}
        for refused in drafts.rejected:
            row = at[refused.place]
            for name, values in drafts.columns.items():
                if name in drafts.headers and name != "kind" and values[row] is not None:
                    self.flags.add(drafts, row, name, values[row], refused.reason)

    def _take_name(self, noun: str, drafts: Drafts) -> None:
        """Where the main row names the record, it has that name: `company` of a contact."""
        title = TITLES.get(noun)
        field = next((name for name, other in LINKS.get(self.noun, ()) if other == noun), None)
        if title is None:
            return
        own = drafts.columns.get(title, [None] * len(drafts))
        if field is not None and field in self.main.columns:
            at = {place: row for row, place in enumerate(self.main.places)}
            texts = self.main.columns[field]
            for row, place in enumerate(drafts.places):
                if place in at and not own[row]:
                    text = texts[at[place]]
                    text = text[0] if isinstance(text, list) and text else text
                    own[row] = text if isinstance(text, str) else None
            drafts.columns[title] = own
        elif noun == "deal":
            self._title_deals(drafts, own)

    def _title_deals(self, drafts: Drafts, own: list[Any]) -> None:
        """A deal that only a contact's or company's row tells of is called after it."""
        at = {place: row for row, place in enumerate(self.main.places)}
        for row, place in enumerate(drafts.places):
            if own[row] or place not in at:
                continue
            company = self.main.columns.get("company", [None] * len(self.main))[at[place]]
            who = company if isinstance(company, str) else name_of(self.main, at[place])
            if who and any(values[row] is not None for values in drafts.columns.values()):
                own[row] = Derived(who)
        drafts.columns["title"] = own

    def _link(self, drafts: Drafts) -> None:
        """Point rows to the records that the same rows brought: numbers instead of texts."""
        for field, noun in LINKS.get(drafts.noun, ()):
            ids = self.ids.get(noun) or {}
            if noun == drafts.noun:
                continue
            values = drafts.columns.get(field) or self._from_main(drafts, field)
            many = field == "contacts"
            linked: list[Any] = []
            for row, place in enumerate(drafts.places):
                number, value = ids.get(place), values[row]
                if number is None:
                    linked.append(value)
                elif many:
                    rest = list(value or ())[1:] if self.noun != noun else list(value or ())
                    linked.append([number, *rest])
                else:
                    linked.append(number)
            if any(value is not None for value in linked):
                drafts.columns[field] = linked

    def _from_main(self, drafts: Drafts, field: str) -> list[Any]:
        """What the main rows say of a link: whoever stands in a row works at its company too."""
        if drafts is self.main or field == "contacts" or field not in self.main.columns:
            return [None] * len(drafts)
        values = self.main.columns[field]
        at = dict(zip(self.main.places, values, strict=True))
        return [at.get(place) for place in drafts.places]

    def _import(self, drafts: Drafts, done: Imported) -> None:
        choices = self.choices if drafts is self.main else _beside_main(self.choices)
        part = NounImport(self.uow, drafts, choices, done, self.flags)
        part.run()
        self.parts[drafts.noun] = part
        self.ids[drafts.noun] = part.ids

    # The end

    def _keep_flags(self) -> None:
        """Keep what is left: values of a record that a row does not bring, with its main record."""
        self.flags.drop({row.place for row in self.main.rejected})
        part = self.parts[self.noun]
        flagged = self.flags.keep_rest(self.uow, self.noun, part.ids, part.new)
        for number in flagged - part.new:
            self.uow.touch(self.noun, number)
        for _ in flagged - part.new - part.changed:
            self.done.updated += 1
            self.done.unchanged -= 1
        self.done.flagged = self.flags.found

    def _told(self) -> Imported:
        done = self.done
        done.rejected = sorted(self.main.rejected, key=lambda item: item.line)
        if self.choices.detail:
            done.outcomes += [
                Outcome(row.line, "rejected", 0, row.value, row.reason) for row in done.rejected
            ]
        done.notes = list(dict.fromkeys([*self.main.notes, *done.notes]))
        if self.choices.strict and (done.rejected or done.flagged):
            raise _refusal(done)
        plural = NOUNS[self.noun].plural
        self.uow.summary = f"imported {plural}" + (
            f" from {self.main.name}" if self.main.name else ""
        )
        self.uow.summary += f": {done.created:,} created, {done.updated:,} updated"
        return done


def name_of(drafts: Drafts, row: int) -> str:
    """What a row calls its record; empty when it does not say."""
    columns = drafts.columns
    title = NOUNS[drafts.noun].title
    said = columns[title][row] if title in columns else None
    return str(said or "") or _parts_of_name(drafts, row)


def _parts_of_name(drafts: Drafts, row: int) -> str:
    parts = [
        drafts.columns[name][row] or ""
        for name in ("given_name", "family_name")
        if name in drafts.columns
    ]
    return " ".join(filter(None, parts))


def _nameless(drafts: Drafts) -> dict[int, Rejected]:
    """Rows that do not say who or what they are about."""
    noun = drafts.noun
    if noun in {"deal", "activity"}:
        # A deal may be told by its company and product, an activity by when it happened.
        return {
            row: drafts.rejection(row, "", "", f"nothing says what this {noun} is")
            for row in range(len(drafts))
            if all(values[row] is None for values in drafts.columns.values())
        }
    title = NOUNS[noun].title
    header = drafts.headers.get(title, title)
    wanted = {
        "contact": "a contact needs a name, an e-mail or a phone",
        "company": "a company needs a name or a domain",
    }.get(noun, f"a {noun} needs a {title}")
    return {
        row: drafts.rejection(row, header, "", wanted)
        for row in range(len(drafts))
        if not name_of(drafts, row)
    }


def _beside_main(choices: Choices) -> Choices:
    """The choices for records beside the main one: its tags and details are its own."""
    from dataclasses import replace

    return replace(choices, tags=(), detail=False, explain=frozenset())


def _refusal(done: Imported) -> InvalidValue:
    """Why a strict import is refused: the first problem, and how many there are."""
    problems = [
        (done.line_of(flag), f"{flag.column or flag.field} {quoted(flag.value)}: {flag.reason}")
        for flag in done.flagged
    ]
    problems += [(row.line, row.reason) for row in done.rejected]
    line, reason = min(problems)
    count = len(problems)
    return InvalidValue(
        f"{count:,} {'value' if count == 1 else 'values or rows'} cannot be read; nothing was"
        " imported",
        f"the first: line {line}: {reason}",
    )
