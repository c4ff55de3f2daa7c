"""What a program's export files look like: which heading fills which field of which noun.

Shipped profiles are in `importers/profiles`, one file a program with a section for each export;
a user's own are one file each, in a folder of his configuration.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from importers.headings import spellings
from language.errors import InvalidValue, NotFound
from language.fields import NOUNS
from language.text import closest, quoted

if TYPE_CHECKING:
    from importers.understood import Understood

_SHIPPED = Path(__file__).with_name("profiles")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,49}")
_SHARE = 0.5
_AS_GOOD = 0.05


@dataclass(frozen=True, slots=True)
class Profile:
    """A kept mapping, the user's own or one that comes with the product.

    `columns`: heading → `field` of the main noun, `noun.field` of another, each with `:label` or
    `:role` where needed, "" to leave the column out. `values`: field → what the program writes →
    what we write. `signature`: headings that tell this export from others; of
    `needs`, one at least must be there. `source`: where its
    external ids live. `documented`: where the headings are known from. `note`: what the user
    should know.
    """

    name: str
    noun: str
    columns: Mapping[str, str]
    program: str = ""
    source: str = ""
    signature: tuple[str, ...] = ()
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    documented: str = ""
    note: str = ""
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recognised:
    """A profile that fits a file: `score` from 0 to 1, and why."""

    profile: Profile
    score: float
    why: str


@cache
def shipped_profiles() -> tuple[Profile, ...]:
    """Profiles of other programs that come with the product."""
    found: list[Profile] = []
    for path in sorted(_SHIPPED.glob("*.toml")):
        whole = tomllib.loads(path.read_text("utf-8"))
        common = {key: value for key, value in whole.items() if not isinstance(value, dict)}
        found += [
            _profile(f"{path.stem}-{section}", common | part)
            for section, part in whole.items()
            if isinstance(part, dict)
        ]
    return tuple(found)


def _profile(name: str, data: Mapping[str, Any]) -> Profile:
    noun, columns = data.get("noun"), data.get("columns")
    if noun not in NOUNS or not isinstance(columns, dict):
        raise InvalidValue(f"profile '{name}' is damaged", "save it again with --save-profile")
    return Profile(
        name=name,
        noun=str(noun),
        columns={str(key): str(value) for key, value in columns.items()},
        program=str(data.get("program", "")),
        source=str(data.get("source", "")),
        signature=tuple(map(str, data.get("signature", ()))),
        values={
            str(key): {str(old): str(new) for old, new in pairs.items()}
            for key, pairs in data.get("values", {}).items()
        },
        documented=str(data.get("documented", "")),
        note=str(data.get("note", "")),
        needs=tuple(map(str, data.get("needs", ()))),
    )


# A user's own


def save_profile(folder: Path, profile: Profile) -> Path:
    """Keep a mapping under its name; replaces one of the same name. Gives the file.

    Raises InvalidValue for a name that is no good name of a file.
    """
    import tomlkit

    from storage.settings import write_whole

    path = _path(folder, profile.name)
    document = tomlkit.document()
    for key in ("noun", "program", "source", "note"):
        if getattr(profile, key):
            document[key] = getattr(profile, key)
    if profile.signature:
        document["signature"] = list(profile.signature)
    document["columns"] = dict(profile.columns)
    if profile.values:
        document["values"] = {key: dict(pairs) for key, pairs in profile.values.items()}
    write_whole(path, tomlkit.dumps(document))
    return path


def load_profile(folder: Path, name: str) -> Profile:
    """A profile by name: the user's own first, then the shipped. Raises NotFound."""
    own = _own(folder, name) if _NAME.fullmatch(name) else None
    shipped = next((profile for profile in shipped_profiles() if profile.name == name), None)
    if own is not None or shipped is not None:
        return own or shipped  # type: ignore[return-value]  # one of them is there
    names = [profile.name for profile in list_profiles(folder)]
    near = closest(name, names)
    hint = f"did you mean {', '.join(near)}?" if near else "see: crm import --detect FILE"
    raise NotFound(f"there is no profile {quoted(name)}", hint)


def list_profiles(folder: Path) -> list[Profile]:
    """All profiles: the user's own, then the shipped that none of his own replaces.

    A file of his that cannot be read is passed over; loading it by name says what is wrong.
    """
    own: dict[str, Profile] = {}
    for path in sorted(folder.glob("*.toml")) if folder.is_dir() else ():
        try:
            found = _own(folder, path.stem) if _NAME.fullmatch(path.stem) else None
        except InvalidValue:
            continue
        if found is not None:
            own[found.name] = found
    return [*own.values(), *(each for each in shipped_profiles() if each.name not in own)]


def _own(folder: Path, name: str) -> Profile | None:
    path = _path(folder, name)
    try:
        return _profile(name, tomllib.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        return None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, AttributeError, TypeError) as error:
        raise InvalidValue(f"profile '{name}' cannot be read: {error}", f"see {path}") from None


def _path(folder: Path, name: str) -> Path:
    if not _NAME.fullmatch(name):
        raise InvalidValue(
            f"profile: {quoted(name)} is no name for a profile",
            "use small letters, digits, - and _: such as feria-2026",
        )
    return folder / f"{name}.toml"


def profile_from(
    name: str, understood: Understood, *, source: str = "", program: str = ""
) -> Profile:
    """The mapping of a table as it was understood, to be kept under a name."""
    columns: dict[str, str] = {}
    for column in understood.columns:
        if column.field:
            front = "" if column.noun == understood.noun else f"{column.noun}."
            columns[column.header] = front + column.field
        elif column.why.startswith("left out"):
            columns[column.header] = ""
    kept = understood.profile
    return Profile(
        name,
        understood.noun,
        columns,
        program or (kept.program if kept else ""),
        source or (kept.source if kept else ""),
        tuple(columns),
        kept.values if kept else {},
    )


# Recognising


def recognise(headers: Sequence[str], profiles: Iterable[Profile]) -> list[Recognised]:
    """The profiles that fit the headings of a file, best first; all within a hair of each other.

    At least two headings, half of those that tell this export from others, must be there, and one
    of those that no other list has.
    """
    present = {word for header in headers for word in spellings(header) if word}
    filled = [header for header in headers if header.strip()]
    found: list[Recognised] = []
    for profile in profiles:
        signature = [one for one in profile.signature if set(spellings(one)) & present]
        share = len(signature) / len(profile.signature) if profile.signature else 0.0
        needed = [one for one in profile.needs if set(spellings(one)) & present]
        if len(signature) < 2 or share < _SHARE or (profile.needs and not needed):
            continue
        known = {word for one in profile.columns for word in spellings(one)}
        covered = sum(1 for header in filled if set(spellings(header)) & known)
        score = 0.6 * share + 0.4 * covered / len(filled)
        why = (
            f"{len(signature)} of its {len(profile.signature)} telling headings are there,"
            f" and it knows {covered} of the {len(filled)} columns"
        )
        found.append(Recognised(profile, round(score, 3), why))
    found.sort(key=lambda each: -each.score)
    return found


def best_of(found: Sequence[Recognised]) -> tuple[Recognised | None, list[Recognised]]:
    """The profile that fits best, and those that fit as well, which a user has to choose from."""
    if not found:
        return None, []
    first = found[0]
    return first, [each for each in found[1:] if first.score - each.score < _AS_GOOD]
