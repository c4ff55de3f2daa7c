"""Social handles: profile addresses and names on a network, as they are written."""

from __future__ import annotations

import re

from language.errors import InvalidValue
from language.text import clean_line, quoted

_NETWORKS = {
    "linkedin": "linkedin",
    "x": "x",
    "twitter": "x",
    "instagram": "instagram",
    "ig": "instagram",
    "facebook": "facebook",
    "fb": "facebook",
    "github": "github",
    "mastodon": "mastodon",
    "youtube": "youtube",
    "tiktok": "tiktok",
    "threads": "threads",
}
_HOSTS = {
    "linkedin.com": "linkedin",
    "x.com": "x",
    "twitter.com": "x",
    "instagram.com": "instagram",
    "facebook.com": "facebook",
    "fb.com": "facebook",
    "github.com": "github",
    "youtube.com": "youtube",
    "tiktok.com": "tiktok",
    "threads.net": "threads",
    "threads.com": "threads",
}
_HANDLE = re.compile(r"[\w.\-]{1,100}")
_FEDIVERSE = re.compile(r"@?([\w.\-]{1,60})@([\w.\-]{1,200}\.[^\W\d_]{2,24})")
_PREFIXED = re.compile(r"([a-zA-Z]{1,12})\s*:\s*(?!//)(\S+)")
_WEB = re.compile(r"(?:https?://)?((?:[\w\-]{1,63}\.){1,5}[a-zA-Z]{2,24})/(\S+)", re.IGNORECASE)
_FACEBOOK_NUMBER = re.compile(r"profile\.php\?(?:.*&)?id=(\d{1,30})")


def parse_handle(text: str) -> tuple[str, str]:
    """Who somebody is on a network, as (network, handle), without the leading `@`.

    Reads profile addresses, `linkedin:ana-ruiz`, `x:@ana` and, for Mastodon, `@ana@b.social`. A
    LinkedIn company is `company/acme`; `twitter` is called `x`. Raises InvalidValue.
    """
    given = clean_line(text, "handle", 500)
    found = _read_handle(given)
    if found is None:
        hint = "use the address of the profile, or name the network: linkedin:ana-ruiz, x:@ana"
        raise InvalidValue(f"handle: {quoted(given)} is not a profile on a known network", hint)
    return found


def _read_handle(text: str) -> tuple[str, str] | None:
    from urllib.parse import unquote

    fediverse = _FEDIVERSE.fullmatch(text)
    if fediverse and text.startswith("@"):
        return "mastodon", f"{fediverse[1]}@{fediverse[2].lower()}"
    web = _WEB.fullmatch(text)
    if web:
        return _read_profile(web[1].lower(), unquote(web[2]))
    prefixed = _PREFIXED.fullmatch(text)
    network = _NETWORKS.get(prefixed[1].lower()) if prefixed else None
    if prefixed is None or network is None:
        return None
    name = prefixed[2]
    inner = _WEB.fullmatch(name)
    if inner:
        return _read_profile(inner[1].lower(), unquote(inner[2]))
    if network == "mastodon":
        address = _FEDIVERSE.fullmatch(name)
        return (network, f"{address[1]}@{address[2].lower()}") if address else None
    return _named(network, name)


def _read_profile(host: str, path: str) -> tuple[str, str] | None:
    while host not in _HOSTS and host.count(".") > 1:
        shorter = host.partition(".")[2]
        if shorter not in _HOSTS and host.partition(".")[0] not in ("www", "m", "mobile"):
            break
        host = shorter
    network = _HOSTS.get(host)
    numbered = _FACEBOOK_NUMBER.match(path)
    if network == "facebook" and numbered:
        return network, numbered[1]
    path = re.split(r"[?#]", path, maxsplit=1)[0].strip("/")
    if network is not None:
        return _named(network, path)
    first = path.partition("/")[0]
    if first.startswith("@") and _HANDLE.fullmatch(first[1:]):
        return "mastodon", f"{first[1:]}@{host}"
    return None


def _named(network: str, name: str) -> tuple[str, str] | None:
    parts = name.strip("/").split("/")
    kind = ""
    if network == "linkedin" and len(parts) > 1:
        kind = "company/" if parts[0] in ("company", "school", "showcase") else ""
        parts = parts[1:]
    handle = parts[0].removeprefix("@")
    return (network, kind + handle) if _HANDLE.fullmatch(handle) else None
