"""The files of one import: opened, read as tables, understood, and what was wrong given back."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from language.errors import InvalidValue, NotFound
from language.text import fold

if TYPE_CHECKING:
    from crm_cli.run import Run
    from importers.profile import Profile
    from importers.sheet import Sheet
    from language.fields import Field
    from language.reading import Reading
    from operations.import_drafts import Batch, Choices
    from operations.import_told import Imported

SPOOLED = 20_000_000
IDS = frozenset({"id", "record id", "recordid", "identificador"})


@dataclass(frozen=True, slots=True)
class Options:
    """How the files are to be read."""

    chosen: tuple[str, ...] = ()
    profile: str = ""
    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""


class Files:
    """The tables of an import, and what is needed to understand them, again if need be."""

    def __init__(
        self,
        noun: str,
        names: Sequence[str],
        sheets: Sequence[Sheet],
        options: Options,
        reading: Reading,
        custom: Mapping[str, Sequence[Field]],
        profiles: Sequence[Profile | None],
        *,
        fields: bool,
        folder: Path,
        ids: bool,
    ) -> None:
        self.noun = noun
        self.names = list(names)
        self.sheets = list(sheets)
        self.options = options
        self.reading = reading
        self.custom = custom
        self.profiles = list(profiles)
        self.fields = fields
        self.folder = folder
        self.ids = ids
        self.count = sum(len(sheet.rows) + len(sheet.broken) for sheet in sheets)

    def __len__(self) -> int:
        return len(self.sheets)

    def source(self, number: int) -> str:
        """The program that the external ids of a file come from, as its profile knows it."""
        profile = self.profiles[number]
        return profile.source if profile is not None else ""

    def batch(self, number: int) -> Batch:
        """What one file says, read anew: an import uses its batch up."""
        from importers.drafts import read_drafts

        return read_drafts(
            self.sheets[number], self.noun, self.reading, chosen=self._chosen(number),
            custom=self.custom, profile=self.profiles[number], create_fields=self.fields,
        )  # fmt: skip

    def save_profile(self, name: str, source: str) -> Path:
        """Keep the mapping of the first file under a name; gives the file it is kept in."""
        from importers.drafts import understand
        from importers.profile import profile_from, save_profile

        found = understand(
            self.sheets[0], self.noun, self.reading, chosen=self._chosen(0),
            custom=self.custom, profile=self.profiles[0],
        )  # fmt: skip
        return save_profile(self.folder, profile_from(name, found, source=source))

    def _chosen(self, number: int) -> tuple[str, ...]:
        """What the columns of one file are told to mean; an id column is that file's alone."""
        own = _ids(self.options, self.sheets[number]) if self.ids else []
        return (*self.options.chosen, *own)

    def write_rejects(self, done: Sequence[Imported], asked: str | None) -> list[tuple[str, int]]:
        """Write the rows with a problem beside their files; gives each path and its rows."""
        from crm_cli.import_rejects import write_rejects

        return write_rejects(self.names, self.sheets, done, asked)


def open_files(
    run: Run, noun: str, names: Sequence[str], options: Options, choices: Choices, *, fields: bool
) -> Files:
    """Read every file as a table. Raises `NotFound` or `InvalidValue` before anything is done."""
    from importers.profile import load_profile
    from operations.custom_fields import fields_of
    from operations.import_drafts import IMPORTABLE

    with run.reading() as uow:
        custom = {each: fields_of(uow, each) for each in IMPORTABLE}
    reading = replace(run.reading_of(), currency=choices.currency)
    folder = profile_folder()
    chosen = load_profile(folder, options.profile) if options.profile else None
    sheets, profiles = [], []
    for name in names:
        sheet = read(name, options)
        profile = chosen or _recognised(sheet, noun, custom.get(noun, ()), folder)
        if profile is not None and profile.note:
            sheet.notes.append(profile.note)
        sheets.append(sheet)
        profiles.append(profile)
    return Files(
        noun, names, sheets, options, reading, custom, profiles, fields=fields, folder=folder,
        ids=bool(choices.source),
    )  # fmt: skip


def _ids(options: Options, sheet: Sheet) -> list[str]:
    """With the program named, its own numbers are external ids: `Id`, `Record ID`."""
    found = [
        f"{header}=external_id"
        for header in sheet.headers
        if fold(header.replace("_", " ")) in IDS
        and not any(pair.startswith(f"{header}=") for pair in options.chosen)
    ]
    return found[:1]


def _recognised(sheet: Sheet, noun: str, custom: Sequence[Field], folder: Path) -> Profile | None:
    """The profile of the program that a file comes from; said, as it decides what columns mean."""
    from importers.ours import is_ours
    from importers.profile import best_of, list_profiles, recognise

    if is_ours(sheet.headers, noun, custom):
        return None
    mine = [profile for profile in list_profiles(folder) if profile.noun == noun]
    best, others = best_of(recognise(sheet.headers, mine))
    if best is None:
        return None
    name = best.profile.program or best.profile.name
    note = f"read as an export of {name} (profile {best.profile.name}): {best.why}"
    if others:
        note += f"; it may also be {', '.join(each.profile.name for each in others)}: --profile"
    sheet.notes.append(note)
    return best.profile


def profile_folder() -> Path:
    """Where the user's own mappings are kept."""
    from storage.settings import config_path

    return config_path().parent / "profiles"


def read(name: str, options: Options) -> Sheet:
    """Read one file, or standard input, as a table."""
    from importers import read_sheet

    with ExitStack() as stack:
        file = stack.enter_context(_open(name))
        shown = "stdin" if name == "-" else Path(name).name
        try:
            sheet = read_sheet(
                file, shown, page=options.sheet, encoding=options.encoding,
                delimiter=options.delimiter,
            )  # fmt: skip
        except (UnicodeError, LookupError):
            raise InvalidValue(
                f"'{shown}' cannot be read as {options.encoding or 'text'}",
                "leave --encoding out, or name another",
            ) from None
    return _without_ours(sheet)


def _without_ours(sheet: Sheet) -> Sheet:
    """Pass over the two columns that a reject file has beside those of its input."""
    from crm_cli.import_rejects import LINE, PROBLEM

    if PROBLEM in sheet.headers:
        kept = [at for at, head in enumerate(sheet.headers) if head not in {LINE, PROBLEM}]
        sheet.headers = [sheet.headers[at] for at in kept]
        sheet.rows = [[row[at] for at in kept] for row in sheet.rows]
    return sheet


def _open(name: str) -> BinaryIO:
    """A file that can be read twice; standard input is put aside first."""
    if name == "-":
        return _spooled(sys.stdin.buffer)
    try:
        file = Path(name).expanduser().open("rb")
        return file if file.seekable() else _spooled(file)
    except (FileNotFoundError, NotADirectoryError):
        raise NotFound(f"there is no file '{name}'", "check the path") from None
    except (IsADirectoryError, PermissionError, ValueError):
        raise InvalidValue(f"'{name}' cannot be read", "give a file that you may read") from None


def _spooled(stream: BinaryIO) -> BinaryIO:
    spool = tempfile.SpooledTemporaryFile(SPOOLED)  # noqa: SIM115 (closed by the caller)
    while block := stream.read(1 << 20):
        spool.write(block)
    spool.seek(0)
    return spool  # type: ignore[return-value]  # a binary file in all that is asked of it


def detect(run: Run, words: Sequence[str], options: Options) -> None:
    """Say what files are, how that is known, and how each column is understood."""
    from crm_cli.import_detected import tell_detected
    from importers.detect import detect as detected
    from importers.profile import list_profiles
    from language.fields import noun_named
    from operations.custom_fields import fields_of
    from operations.import_drafts import IMPORTABLE

    names = list(words)
    known = noun_named(names[0]) if len(names) > 1 else None
    if known is not None and not Path(names[0]).exists():
        names = names[1:]
    with run.reading() as uow:
        custom = {each: fields_of(uow, each) for each in IMPORTABLE}
    profiles = list_profiles(profile_folder())
    for name in names:
        tell_detected(run, detected(read(name, options), run.reading_of(), custom, profiles))
