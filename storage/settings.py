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
        for value in (
            (flags or {}).get(key),
            os.environ.get(f"CRM_{key.upper()}"),
            stored.get(key),
        ):
            if value is not None and value != "":
                chosen[key] = check_value(key, str(value))
                break
    settings = Settings(**chosen)
    aliases = stored.get("aliases")
    if isinstance(aliases, dict):
        settings = replace(settings, aliases={str(k): str(v) for k, v in aliases.items()})
    if not settings.database:
        settings = replace(settings, database=default_database())
    if not settings.user:
        settings = replace(settings, user=os_user())
    return settings


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

        value = value.upper()
        if value not in CURRENCIES:
            raise InvalidValue(f"currency: '{value}' is not an ISO 4217 code", "for example: EUR")
    elif key == "country":
        value = value.upper()
        if len(value) != 2 or not value.isascii() or not value.isalpha():
            raise InvalidValue(f"country: '{value}' is not a two-letter code", "for example: ES")
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
    document = tomlkit.parse(path.read_text()) if path.exists() else tomlkit.document()
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
