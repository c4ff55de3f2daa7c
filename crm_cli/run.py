"""One run of one command: its settings, its database, what it says and what it prints."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from crm_cli.failures import say
from language.errors import InvalidValue
from language.reading import Reading
from language.when_zone import moment_now

if TYPE_CHECKING:
    from language.fields import Field
    from language.tables import Look
    from language.values import Record
    from storage.database import Database
    from storage.settings import Settings
    from storage.unit import UnitOfWork

FORMATS = ("table", "json", "ndjson", "csv", "tsv", "markdown", "ids")
COLORS = ("always", "never", "auto")
NOTES = 10
SECRETS = ("password", "token", "secret")


@dataclass(slots=True)
class Run:
    """What every command gets first. `name` is what history will call the command."""

    name: str
    options: Mapping[str, Any]
    argv: tuple[str, ...] = ()
    _settings: Settings | None = None
    _database: Database | None = None
    said: list[str] = field(default_factory=list)
    _result: tuple[tuple[str, int], dict[str, Any]] | None = None

    def __post_init__(self) -> None:
        """Refuse what every command would have to refuse."""
        if self.options.get("color") not in {None, *COLORS}:
            raise InvalidValue(
                f"color: '{self.options['color']}' is not known", f"one of: {', '.join(COLORS)}"
            )

    # Settings and database

    @property
    def settings(self) -> Settings:
        """Flags, environment, config file and defaults together."""
        if self._settings is None:
            from storage.settings import load_settings

            flags = {key: self.options.get(key) for key in ("database", "user", "format")}
            self._settings = load_settings(flags)
        return self._settings

    def settle(self, settings: Settings) -> None:
        """Go on with these settings, for a command that works when the config is of no use."""
        self._settings = settings

    @property
    def database(self) -> Database:
        """The database, opened (and made or migrated) at first need."""
        if self._database is None:
            from storage.database import open_database

            self._database = open_database(self.settings, rehearsal=self.dry_run)
            collect_garbage_again()
            if self._database.created:
                self.say(f"made a new database at {self._database.path}")
        return self._database

    def close(self) -> None:
        """Let go of the database."""
        if self._database is not None:
            self._database.close()

    @contextmanager
    def reading(self) -> Iterator[UnitOfWork]:
        """Look at the data."""
        with self.database.reading() as uow:
            yield uow

    @contextmanager
    def writing(self) -> Iterator[UnitOfWork]:
        """Do one command: committed at the end, or rolled back on an error or with --dry-run."""
        from storage.database import Deed

        deed = Deed(self.name, redact(self.argv))
        with self.database.writing(deed, dry_run=self.dry_run) as uow:
            yield uow
            if self.asks_for_json and uow.result is not None:
                from crm_cli.output import shaped

                self._result = (uow.result, shaped(uow, *uow.result))
        for note in uow.notes[:NOTES]:
            self.warn(note)

    @property
    def dry_run(self) -> bool:
        """Whether nothing is to be kept."""
        return bool(self.options.get("dry_run"))

    @property
    def command_id(self) -> int:
        """Number of the command just done; 0 when nothing changed."""
        return self.database.last.command_id

    # Reading what was typed

    def reading_of(self) -> Reading:
        """What reading values depends on."""
        settings = self.settings
        return Reading(
            moment_now(),
            settings.zone,
            settings.currency,
            settings.country,
            settings.day_first,
        )

    def read(self, noun: str, typed: Mapping[str, Any]) -> dict[str, object]:
        """Read filled fields of a noun: field name → typed value. Empty text empties a field."""
        from language.fields import field_named
        from language.reading import read_field, split_words

        reading = self.reading_of()
        values: dict[str, object] = {}
        for name, text in typed.items():
            if text is None or text == []:
                continue
            known = field_named(noun, name)
            if known is None:
                raise InvalidValue(f"{noun} has no field '{name}'")
            if known.many:
                words = split_words(text) if known.kind in {"tag", "words"} else text
                items = [read_field(known, item, reading) for item in words]
                values[name] = [item for item in items if item]
            else:
                values[name] = read_field(known, text, reading)
        return values

    # Saying and printing

    def say(self, text: str) -> None:
        """Tell the person: stderr."""
        prefix = "would have " if self.dry_run and not text.startswith("would") else ""
        self.said.append(text)
        say(f"{prefix}{text}")

    def warn(self, text: str) -> None:
        """Tell the person something that is not an outcome."""
        say(text)

    def ask(self, question: str) -> bool:
        """Ask before something large; yes when nobody can be asked, or with --yes or --dry-run."""
        if self.options.get("yes") or self.dry_run or not self.can_ask:
            return True
        say(f"{question} [y/N] ")
        return sys.stdin.readline().strip().lower() in {"y", "yes", "s", "si", "sí"}

    @property
    def can_ask(self) -> bool:
        """Whether a person is there to answer."""
        return not self.options.get("no_input") and sys.stdin.isatty() and sys.stderr.isatty()

    @property
    def format(self) -> str:
        """Form of the output: the flag, CRM_FORMAT, the config, else by where stdout goes."""
        chosen = self.settings.format
        if chosen and chosen not in FORMATS:
            from language.text import closest

            near = closest(chosen, FORMATS)
            hint = f"did you mean {near[0]}?" if near else f"one of: {', '.join(FORMATS)}"
            raise InvalidValue(f"format: '{chosen}' is not known", hint)
        return chosen or ("table" if sys.stdout.isatty() else "tsv")

    @property
    def asks_for_json(self) -> bool:
        """Whether a script reads the output."""
        return self.settings.format in {"json", "ndjson"}

    @property
    def look(self) -> Look:
        """How values are shown to the person."""
        from language.tables import Look

        return Look(datetime.now(UTC), self.settings.zone, self.settings.language)

    def show_list(
        self,
        title: str,
        fields: Sequence[Field],
        records: Iterable[Record],
        empty: str = "",
        *,
        kept: bool = False,
    ) -> int:
        """Print records in the chosen form; gives how many. `empty` is said when there is none.

        A table leaves out a column without any value, unless they are to be `kept`.
        """
        from crm_cli.output import print_list

        count = print_list(self, title, fields, records, kept=kept)
        if not count and empty and self.format == "table":
            self.warn(empty)
        return count

    def show_record(self, title: str, fields: Sequence[Field], record: Record) -> None:
        """Print one record in the chosen form."""
        from crm_cli.output import print_record

        print_record(self, title, fields, record)

    def finish(self, noun: str, record_id: int, sentence: str = "") -> None:
        """End a writing command: the sentence, and the record or its number for scripts."""
        last = self.database.last
        text = sentence or "changed nothing"
        if last.changed:
            self.say(text)
        else:
            self.warn(sentence or "nothing to change")
        if self.asks_for_json:
            self._print_result(noun, record_id)
        elif self.name.endswith((" add", " log")) and not sys.stdout.isatty() and not self.dry_run:
            print(record_id)

    def finish_many(self, noun: str, numbers: Sequence[int], sentence: str) -> None:
        """End a command that wrote several records: JSON is an array then, numbers a line each."""
        if len(numbers) == 1:
            self.finish(noun, numbers[0], sentence)
            return
        self.say(sentence)
        if self.dry_run:
            return
        if self.asks_for_json:
            from crm_cli.output import print_some

            print_some(self, noun, numbers)
        elif not sys.stdout.isatty():
            print("\n".join(map(str, numbers)))

    def _print_result(self, noun: str, record_id: int) -> None:
        """Print the record as the command left it, or (with --dry-run) would have left it."""
        from crm_cli.output import print_shaped, shaped

        if self._result is not None and self._result[0] == (noun, record_id):
            print_shaped(self, self._result[1])
        elif not self.dry_run:
            with self.reading() as uow:
                print_shaped(self, shaped(uow, noun, record_id))


def collect_garbage_again() -> None:
    """Undo the pause of a start: from here on a command may run long and make much."""
    if not gc.isenabled():
        gc.freeze()
        gc.set_threshold(50_000, 20, 20)
        gc.enable()


def redact(words: Sequence[str]) -> tuple[str, ...]:
    """Words of a command without the values of secret options."""
    kept: list[str] = []
    hide = False
    for word in words:
        if hide:
            kept.append("***")
            hide = False
            continue
        name, equals, _ = word.partition("=")
        secret = name.startswith("--") and any(part in name for part in SECRETS)
        kept.append(f"{name}=***" if secret and equals else word)
        hide = secret and not equals
    return tuple(kept)


def wants_color(options: Mapping[str, Any]) -> bool:
    """Whether stdout may be coloured."""
    choice = options.get("color") or "auto"
    if choice == "always":
        return True
    if choice == "never" or os.environ.get("NO_COLOR"):
        return False
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
