"""Where files live and what the user prefers: flag, environment, config file, default."""

from __future__ import annotations

import getpass
import os
import stat
import tempfile
import tomllib
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from language.errors import InvalidValue, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

APP = "crm"


def config_path() -> Path:
    """Path of the config file; `CRM_CONFIG` names another one."""
    if named := os.environ.get("CRM_CONFIG"):
        return Path(named).expanduser()
    base = os.environ.get("XDG_CONFIG_HOME")
    if base and os.name == "posix":
        return Path(base) / APP / "config.toml"
    import platformdirs

    return Path(platformdirs.user_config_dir(APP, appauthor=False)) / "config.toml"


def default_database() -> str:
    """Path of the database when nothing names one."""
    base = os.environ.get("XDG_DATA_HOME")
    if base and os.name == "posix":
        return str(Path(base) / APP / "crm.db")
    import platformdirs

    return str(Path(platformdirs.user_data_dir(APP, appauthor=False)) / "crm.db")


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user prefers: the same keys in the config file and, as CRM_KEY, the environment."""

    database: str = ""
    user: str = ""
    currency: str = "EUR"
    country: str = "ES"
    language: str = "en"
    timezone: str = ""
    dates: str = "day-first"
    format: str = ""
    aliases: Mapping[str, str] = field(default_factory=dict)

    @property
    def zone(self) -> tzinfo | None:
        """The user's time zone; None means the zone of this machine."""
        if not self.timezone:
            return None
        from zoneinfo import ZoneInfo

        return ZoneInfo(self.timezone)

    @property
    def day_first(self) -> bool:
        """Whether 03/04 is the third of April."""
        return self.dates == "day-first"


HELP = {
    "database": "path or URL of the database",
    "user": "who you are, as your colleagues know you",
    "currency": "ISO 4217 code that amounts without a currency have",
    "country": "ISO 3166 code that phone numbers without a prefix belong to",
    "language": "en or es: how dates and amounts are shown",
    "timezone": "IANA name such as Europe/Madrid; empty: this machine's",
    "dates": "day-first or month-first: how 03/04/2026 is read",
    "format": "table, json, ndjson, csv, tsv, markdown or ids; empty: table on a terminal",
}
KEYS = tuple(item.name for item in fields(Settings) if item.name in HELP)


def read_config(path: Path | None = None) -> dict[str, Any]:
    """Read the config file; a missing file is empty. Raises `Refused` when it cannot be trusted."""
    path = path or config_path()
    try:
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            if os.name == "posix" and status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
                raise Refused(
                    f"other users may write to the config file {path}", f"chmod go-w {path}"
                )
            if os.name == "posix" and status.st_uid not in {0, os.geteuid()}:
                raise Refused(f"the config file {path} belongs to another user", "use your own")
            return tomllib.load(file)
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refused(
            f"the config file {path} cannot be read: {error}", "mend or remove it"
        ) from error
    except OSError as error:
        raise Refused(f"the config file {path} cannot be read: {error.strerror}") from error


def load_settings(flags: Mapping[str, str | None] | None = None) -> Settings:
    """Put flags, environment (`CRM_USER`…), config file and defaults together, in that order."""
    stored = read_config()
    chosen: dict[str, Any] = {}
    for key in KEYS:
        given = (flags or {}).get(key)
        if given is None:
            # An empty variable is an unset one; an empty flag is a script's mistake, not a default.
            given = os.environ.get(f"CRM_{key.upper()}") or None
        if given is not None:
            chosen[key] = check_value(key, given)
        elif stored.get(key) not in {None, ""}:
            chosen[key] = _check_stored(key, stored[key])
    settings = Settings(**chosen)
    aliases = stored.get("aliases")
    if isinstance(aliases, dict):
        settings = replace(settings, aliases={str(k): str(v) for k, v in aliases.items()})
    if not settings.database:
        settings = replace(settings, database=default_database())
    if not settings.user:
        settings = replace(settings, user=os_user())
    return settings


def default_settings(flags: Mapping[str, Any]) -> Settings:
    """Flags and environment without the config file or any check: for looking at what is wrong."""
    chosen = {
        key: flags.get(key) or os.environ.get(f"CRM_{key.upper()}") or ""
        for key in ("database", "format")
    }
    database = chosen["database"] or default_database()
    return Settings(database=database, user=os_user(), format=chosen["format"])


def _check_stored(key: str, value: object) -> str:
    """Check a value of the config file; a bad one is the file's fault, not this command's."""
    mend = f"crm config set {key} VALUE, or: crm config unset {key}"
    if not isinstance(value, str):
        raise Refused(f"{config_path()}: {key} must be a text in quotes, not {value}", mend)
    try:
        return check_value(key, value)
    except InvalidValue as error:
        raise Refused(f"{config_path()}: {error.message}", mend) from error


def source_of(key: str, flags: Mapping[str, Any]) -> str:
    """Say where the value of a setting comes from."""
    if flags.get(key):
        return f"--{key}"
    if os.environ.get(f"CRM_{key.upper()}"):
        return f"CRM_{key.upper()}"
    return "config file" if read_config().get(key) not in {None, ""} else "default"


def known_key(key: str) -> str:
    """Give the key that was meant; raises `InvalidValue` naming the closest."""
    if key in KEYS:
        return key
    from language.text import closest

    near = closest(key, list(KEYS))
    hint = f"did you mean {near[0]}?" if near else f"one of: {', '.join(KEYS)}"
    raise InvalidValue(f"there is no setting '{key}'", hint)


def os_user() -> str:
    """Name of the person logged in to this machine."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "me"


def check_value(key: str, value: str) -> str:
    """Refuse a setting that no command could use, naming the key; gives it in its usual form."""
    if key == "currency":
        from language.money import CURRENCIES

        if value.upper() not in CURRENCIES:
            raise InvalidValue(f"currency: '{value}' is not an ISO 4217 code", "for example: EUR")
        return value.upper()
    if key == "country":
        if len(value) != 2 or not value.isascii() or not value.isalpha():
            raise InvalidValue(f"country: '{value}' is not a two-letter code", "for example: ES")
        return value.upper()
    if key in {"user", "database"}:
        if not value.strip() or not value.isprintable():
            raise InvalidValue(f"{key}: '{value}' is empty or holds a control character")
    elif key == "timezone":
        from zoneinfo import ZoneInfo

        try:
            ZoneInfo(value)
        except (ValueError, OSError, KeyError) as error:
            raise InvalidValue(
                f"timezone: '{value}' is not known", "for example: Europe/Madrid"
            ) from error
    elif key in CHOICES and value not in CHOICES[key]:
        raise InvalidValue(f"{key}: '{value}' is not one of {', '.join(CHOICES[key])}")
    return value


CHOICES = {
    "language": ("en", "es"),
    "dates": ("day-first", "month-first"),
    "format": ("table", "json", "ndjson", "csv", "tsv", "markdown", "ids"),
}


def write_config(key: str, value: str | None) -> Path:
    """Set one key of the config file, or remove it with None; comments and order are kept.

    The file is replaced whole (written beside, flushed, renamed): a full disk never cuts it.
    """
    import tomlkit

    path = config_path()
    read_config(path)
    text = path.read_text("utf-8") if path.exists() else ""
    document = tomlkit.parse(text)
    if value is None:
        document.pop(key, None)
    else:
        document[key] = check_value(key, value)
    write_whole(path, tomlkit.dumps(document))
    return path


def write_whole(path: Path, text: str) -> None:
    """Replace a small private file in one step (mode 0600, folder 0700)."""
    # Through a link (dotfiles are often linked), the file it points to is the one to replace.
    path = path.resolve()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    fsync_folder(path.parent)


def fsync_folder(folder: Path) -> None:
    """Make sure that names given in a folder outlive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
