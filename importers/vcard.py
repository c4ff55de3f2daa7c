"""vCard files → contacts: one card is one row, with the fields of a contact as headings.

What has no field of its own (departments, web pages, nicknames, relatives) becomes lines of the
note; pictures, sounds, keys and dates of revision are left out and said once.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, BinaryIO

from importers.encoding import find_encoding
from importers.sheet import Cell, Sheet
from importers.vcard_lines import Card, Property, cards
from language.errors import CrmError, InvalidValue
from language.lists import join_list
from language.reading import LABELS
from language.text import fold, quoted
from operations.import_drafts import Rejected

if TYPE_CHECKING:
    from collections.abc import Iterable

HEADINGS = (
    "uid", "external_id", "name", "given_name", "family_name", "job_title", "company", "emails",
    "phones", "addresses", "handles", "birthday", "dates", "tags", "note",
)  # fmt: skip
_USED = frozenset({
    "N", "FN", "NICKNAME", "ORG", "TITLE", "ROLE", "EMAIL", "TEL", "ADR", "LABEL", "URL", "IMPP",
    "X-SOCIALPROFILE", "BDAY", "ANNIVERSARY", "X-ANNIVERSARY", "X-MS-ANNIVERSARY", "X-ABDATE",
    "CATEGORIES", "NOTE", "UID", "KIND", "X-ADDRESSBOOKSERVER-KIND", "X-ABSHOWAS", "X-ABLABEL",
    "RELATED", "X-ABRELATEDNAMES", "PRODID", "PROFILE", "SOURCE", "X-ABADR", "MAILER",
})  # fmt: skip
_NETWORKS = {
    "X-TWITTER": "x", "X-FACEBOOK": "facebook", "X-LINKEDIN": "linkedin", "X-GITHUB": "github",
    "X-INSTAGRAM": "instagram",
}  # fmt: skip
_NOTED = {
    "NICKNAME": "Nickname", "X-MS-MANAGER": "Manager", "X-MANAGER": "Manager",
    "X-EVOLUTION-MANAGER": "Manager", "X-MS-ASSISTANT": "Assistant", "X-ASSISTANT": "Assistant",
    "X-EVOLUTION-ASSISTANT": "Assistant", "X-SPOUSE": "Spouse", "X-EVOLUTION-SPOUSE": "Spouse",
    "X-MS-IMADDRESS": "Chat", "X-SKYPE": "Skype", "X-SKYPE-USERNAME": "Skype", "X-JABBER": "Jabber",
    "X-AIM": "AIM", "X-ICQ": "ICQ", "X-MSN": "MSN", "X-YAHOO": "Yahoo", "X-QQ": "QQ",
    "X-GTALK": "Google Talk", "X-GOOGLE-TALK": "Google Talk",
}  # fmt: skip
_TYPES = {
    "cell": "mobile", "iphone": "mobile", "work": "work", "home": "home", "main": "main",
    "fax": "fax", "other": "other",
}  # fmt: skip
_BEFORE = ("fax", "cell", "iphone", "main", "work", "home", "other")
"""Which of several types says most."""
_LABEL = re.compile(r"_\$!<(.*)>!\$_")
_DAY = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ].*)?")
_NO_YEAR = re.compile(r"--(\d\d)-?(\d\d)(?:[T ].*)?")
_NONE = "1604"
"""The year Apple writes when there is none."""


def read(file: BinaryIO, name: str, *, encoding: str = "") -> Sheet:
    """Read the cards of a file. Raises InvalidValue when there is none."""
    found = find_encoding(file, name, encoding)
    facts = {"format": "vcard", "encoding": found.label}
    sheet = Sheet(name, [], [], [], notes=list(found.notes), facts=facts)
    people: list[dict[str, Cell]] = []
    left: dict[str, int] = {}
    versions: dict[str, int] = {}
    text = found.opened(file)
    try:
        for card in cards(line.replace("\0", "") for line in text):
            _take(card, sheet, people, left)
            versions[card.version or "?"] = versions.get(card.version or "?", 0) + 1
    finally:
        text.detach()
    if not versions:
        raise InvalidValue(f"{quoted(name)} holds no vCard", "a card begins with BEGIN:VCARD")
    sheet.headers = [each for each in HEADINGS if any(person.get(each) for person in people)]
    sheet.rows = [[person.get(each) or "" for each in sheet.headers] for person in people]
    facts["version"] = ", ".join(sorted(versions))
    if left:
        shown = ", ".join(sorted(left)[:12]) + (", …" if len(left) > 12 else "")
        sheet.notes.append(f"left out of the cards: {shown}")
    if sheet.extras:
        count = len(sheet.extras)
        sheet.notes.append(
            f"{count:,} {'card has' if count == 1 else 'cards have'} lines that say nothing:"
            f" kept aside (line {sheet.lines[next(iter(sheet.extras))]})"
        )
    return sheet


def _take(card: Card, sheet: Sheet, people: list[dict[str, Cell]], left: dict[str, int]) -> None:
    """Add a card to the rows, or to what is broken with its reason."""
    reason = _refused(card)
    person: dict[str, Cell] = {}
    if not reason:
        person = _person(card)
        if not any(person.get(each) for each in ("name", "company", "emails", "phones")):
            reason = "the card names nobody"
    if reason:
        sheet.broken.append(Rejected(card.line, "", card.text, reason))
        return
    if card.unread:
        sheet.extras[len(people)] = " | ".join(card.unread)
    for each in card.properties:
        if each.name not in _USED and each.name not in _NOTED and each.name not in _NETWORKS:
            left[each.name] = left.get(each.name, 0) + 1
    people.append(person)
    sheet.lines.append(card.line)


def _refused(card: Card) -> str:
    if not card.ended:
        return "the card has no END:VCARD"
    kind = card.first("KIND") or card.first("X-ADDRESSBOOKSERVER-KIND")
    word = kind.text.strip().lower() if kind else ""
    if word == "group":
        return "a group of contacts, no contact"
    shown = card.first("X-ABSHOWAS")
    if word in {"org", "location"} or (shown and shown.text.strip().upper() == "COMPANY"):
        return "the card of a company or place, no contact: add it with crm company add"
    return ""


def _person(card: Card) -> dict[str, Cell]:
    notes = [each.text.strip() for each in card.all("NOTE")]
    person: dict[str, Cell] = dict(_named(card))
    title, role, org = card.first("TITLE"), card.first("ROLE"), card.first("ORG")
    job = title or role
    person["job_title"] = _line(job.text) if job else ""
    if title and role and role.text != title.text:
        notes.append(f"Role: {_line(role.text)}")
    if org:
        company, *units = org.parts
        person["company"] = _line(company)
        notes += [f"Department: {_line(unit)}" for unit in units if unit]
    person["emails"] = _joined(card, "EMAIL", _email)
    person["phones"] = _joined(card, "TEL", _phone)
    person["addresses"] = _joined(card, "ADR", _address) or _joined(card, "LABEL", _postal)
    person["handles"] = join_list(_handles(card, notes))
    person["birthday"], person["dates"] = _dates(card, notes)
    tags = dict.fromkeys(_line(tag) for each in card.all("CATEGORIES") for tag in each.listed)
    person["tags"] = join_list(tags)
    uid = card.first("UID")
    told = _line(uid.text) if uid else ""
    # A card of ours has our unique id; other programs' cards have a number of their own.
    person["uid" if told.startswith("urn:uuid:") else "external_id"] = told.removeprefix(
        "urn:uuid:"
    )
    notes += _others(card)
    person["note"] = "\n".join(dict.fromkeys(filter(None, notes)))
    return person


def _line(text: str) -> str:
    return " ".join(text.split())


def _named(card: Card) -> dict[str, Cell]:
    """Whole, given and family name; a card without FN gets one from N."""
    structured = card.first("N")
    parts = [_line(part.replace(",", " ")) for part in structured.parts] if structured else []
    family, given, more, _, suffix, *_ = [*parts, "", "", "", "", ""]
    given = _line(f"{given} {more}")
    full = card.first("FN")
    name = _line(full.text) if full else ""
    return {
        "name": name or _line(f"{given} {family} {suffix}"),
        "given_name": given,
        "family_name": _line(f"{family} {suffix}") if family else "",
    }


def _joined(card: Card, name: str, shown: object) -> str:
    """Every value of a property, the preferred first, each with its label."""
    values: dict[str, None] = {}
    for each in sorted(card.all(name), key=lambda item: item.rank):
        text = _line(shown(each))  # type: ignore[operator]
        if text:
            label = _label(card, each)
            values[f"{label}:{text}" if label else text] = None
    return join_list(values)


def _label(card: Card, found: Property) -> str:
    """A label of ours: from the group's own label, else from the types."""
    if found.group in card.labels:
        return _own_label(card.labels[found.group])
    for kind in _BEFORE:
        if kind in found.types:
            return _TYPES[kind]
    return ""


def _own_label(text: str) -> str:
    """`_$!<AssistantPhone>!$_` as `assistant`; empty for a word that is no label of ours."""
    apple = _LABEL.fullmatch(text)
    word = fold(apple[1] if apple else text)
    for known in (word, word.removesuffix("phone"), word.removesuffix("fax")):
        if known in LABELS:
            return known
    return ""


def _email(found: Property) -> str:
    return re.sub(r"(?i)^mailto:", "", found.text.strip())


def _phone(found: Property) -> str:
    text = re.sub(r"(?i)^tel:", "", found.text.strip())
    return re.sub(r"(?i);ext=", " ext ", text)


def _address(found: Property) -> str:
    box, more, street, city, region, code, country, *_ = [*found.parts, *[""] * 7]
    lines = (street, more, box, _line(f"{code} {city}"), region, country)
    text = ", ".join(
        _line(line.replace("\n", ", ")).strip(" ,") for line in lines if line.strip(" ,")
    )
    return text or found.params.get("LABEL", "").replace("\n", ", ")


def _postal(found: Property) -> str:
    return ", ".join(filter(None, (_line(line).strip(" ,") for line in found.text.splitlines())))


def _handles(card: Card, notes: list[str]) -> list[str]:
    """Profiles on networks we know; the other addresses go to the notes."""
    from language.handles import parse_handle

    handles: dict[str, None] = {}
    for each in card.properties:
        network = _NETWORKS.get(each.name, "")
        if (
            not (network or each.name in {"URL", "IMPP", "X-SOCIALPROFILE"})
            or not each.value.strip()
        ):
            continue
        text = _line(each.text)
        kinds = [network, *each.types, each.params.get("X-SERVICE-TYPE", "").lower()]
        for tried in (text, *(f"{kind}:{text}" for kind in kinds if kind)):
            try:
                handles[":".join(parse_handle(tried))] = None
                break
            except CrmError:
                continue
        else:
            kind = network or next((word for word in kinds[1:] if word not in _TYPES), "")
            word = "Web" if each.name == "URL" else kind.capitalize() or "Chat"
            notes.append(f"{word}: {text}")
    return list(handles)


def _dates(card: Card, notes: list[str]) -> tuple[str, str]:
    """The birthday, and other dates with their label; what is no date goes to the notes."""
    born = card.first("BDAY")
    birthday = _day(born.text) if born else ""
    if born and not birthday:
        notes.append(f"Birthday: {_line(born.text)}")
    dates: dict[str, None] = {}
    for name in ("ANNIVERSARY", "X-ANNIVERSARY", "X-MS-ANNIVERSARY", "X-ABDATE"):
        for each in card.all(name):
            label = "anniversary" if name != "X-ABDATE" else _label(card, each) or "date"
            day = _day(each.text)
            if day:
                dates[f"{label}:{day}"] = None
            else:
                notes.append(f"{label.capitalize()}: {_line(each.text)}")
    return birthday, join_list(dates)


def _day(text: str) -> str:
    """A day as fields of ours have it: `1980-05-03`, or `05-03` without a year."""
    whole = _DAY.fullmatch(text.strip())
    if whole:
        return (
            f"{whole[2]}-{whole[3]}" if whole[1] == _NONE else f"{whole[1]}-{whole[2]}-{whole[3]}"
        )
    part = _NO_YEAR.fullmatch(text.strip())
    return f"{part[1]}-{part[2]}" if part else ""


def _others(card: Card) -> Iterable[str]:
    """Lines of the note for what has no field of its own."""
    for each in card.properties:
        if not each.value.strip():
            continue
        if each.name in _NOTED:
            yield f"{_NOTED[each.name]}: {_line(each.text)}"
        elif each.name in {"RELATED", "X-ABRELATEDNAMES"}:
            own = card.labels.get(each.group, "")
            apple = _LABEL.fullmatch(own)
            kind = (apple[1] if apple else _line(own)) or next(iter(each.types), "")
            yield f"{kind.capitalize() or 'Related'}: {_line(each.text)}"
