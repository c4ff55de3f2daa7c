"""Names, e-mail addresses, domains and handles: how people and companies are told apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from language.errors import InvalidValue
from language.phone import looks_like_phone
from language.text import clean_line, fold, quoted


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Mail there says nothing about the company somebody works for.
FREE_MAIL: frozenset[str] = _words("""
    aol.com bluewin.ch btinternet.com duck.com fastmail.com free.fr freenet.de gmail.com gmx.at
    gmx.ch gmx.com gmx.de gmx.es gmx.net googlemail.com hey.com hotmail.co.uk hotmail.com
    hotmail.de hotmail.es hotmail.fr hotmail.it hushmail.com icloud.com laposte.net libero.it
    live.co.uk live.com live.fr mac.com mail.com mail.ru mailbox.org me.com movistar.es msn.com
    naver.com orange.es orange.fr outlook.com outlook.de outlook.es outlook.fr outlook.it
    pm.me posteo.de proton.me protonmail.ch protonmail.com qq.com rediffmail.com rocketmail.com
    sapo.pt sfr.fr t-online.de telefonica.net terra.es tuta.com tutanota.com uol.com.br
    virgilio.it wanadoo.es wanadoo.fr web.de ya.com yahoo.co.uk yahoo.com yahoo.com.ar
    yahoo.com.br yahoo.com.mx yahoo.de yahoo.es yahoo.fr yahoo.it yandex.com yandex.ru ymail.com
    zoho.com 126.com 163.com
    """)


# ── e-mail addresses and domains ─────────────────────────────────────────────────────────────

_RESERVED = re.compile(r"(?:^|\.)(?:local|localhost|test|invalid|onion|arpa)$", re.IGNORECASE)
# What the validator takes as it stands: most addresses, read many times faster.
_PLAIN = re.compile(
    r"(?=.{6,150}\Z)[a-z0-9_+\-]{1,30}(?:\.[a-z0-9_+\-]{1,30})?@"
    r"(?:[a-z0-9](?:[a-z0-9\-]{0,60}[a-z0-9])?\.){1,4}[a-z]{2,24}",
    re.ASCII | re.IGNORECASE,
)
_HYPHENS = re.compile(r"[.@]..--")
_IN_BRACKETS = re.compile(r"<([^<>]*)>\s*$")
_EMAIL = re.compile(
    r"(?:mailto:)?<?[^\s@<>,;:\"()]{1,64}@(?:[^\s@<>,;:\"()./]{1,63}\.)+[^\W\d_][^\s@<>,;:\"()./]+>?",
    re.IGNORECASE,
)
_SCHEME = re.compile(r"(?:[a-z][a-z0-9+.\-]{0,20}:)?//|mailto:", re.IGNORECASE)
_AFTER_HOST = re.compile(r"[/?#\\]")
_PORT = re.compile(r":\d{0,5}$")
_DOMAIN = re.compile(
    r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?\.)+(?:xn--[a-z0-9\-]{1,59}|[a-z]{2,63})"
)
_LIKE_DOMAIN = re.compile(
    r"(?:https?://)?(?:[^\W_](?:[\w\-]{0,61}[^\W_])?\.){1,10}[^\W\d_]{2,24}(?::\d{1,5})?(?:[/?#]\S*)?",
    re.IGNORECASE,
)


def parse_email(text: str) -> str:
    """The address in `ana@Acme.es`, `mailto:ana@acme.es` or `Ana Ruiz <ana@acme.es>`.

    Kept as typed, with the domain in lower case and in Unicode. Nothing is looked up: names for
    tests and for local networks (`.test`, `.local`) pass. Raises InvalidValue.
    """
    if _PLAIN.fullmatch(text) and not _HYPHENS.search(text):
        local, _, domain = text.partition("@")
        return text if domain.islower() else f"{local}@{domain.lower()}"
    from email_validator import EmailNotValidError, validate_email

    given = clean_line(text, "e-mail address", 500)
    inside = _IN_BRACKETS.search(given)
    address = (inside[1] if inside else given).strip()
    if address[:7].lower() == "mailto:":
        address = address[7:].partition("?")[0].strip()
    local, _, domain = address.rpartition("@")
    # The validator refuses names that no mail server can have, which demos and tests live on.
    stand_in = _RESERVED.sub(lambda found: found.group() + ".test", domain)
    try:
        valid = validate_email(
            f"{local}@{stand_in}", check_deliverability=False, test_environment=True
        )
    except EmailNotValidError as error:
        raise InvalidValue(
            f"e-mail: {quoted(given)} is not an e-mail address", "for example: ana@acme.es"
        ) from error
    return valid.normalized.removesuffix(".test") if stand_in != domain else valid.normalized


def email_key(address: str) -> str:
    """The form in which two addresses of one mailbox are equal: lower case, without accents."""
    return fold(address)


def looks_like_email(text: str) -> bool:
    """Whether a text can only be meant as an e-mail address; says nothing about it being valid."""
    text = text.strip()
    return "@" in text and len(text) <= 320 and _EMAIL.fullmatch(text) is not None


def parse_domain(text: str) -> str:
    """The domain in a web address, an e-mail address or a bare name, without `www.`.

    Lower case, in Unicode (`ñandú.es` for `xn--and-6ma2c.es`). Raises InvalidValue.
    """
    given = clean_line(text, "domain", 2000)
    scheme = _SCHEME.match(given)
    host = _AFTER_HOST.split(given[scheme.end() :] if scheme else given, maxsplit=1)[0]
    host = _PORT.sub("", host.rpartition("@")[2].strip(" <>")).rstrip(".").casefold()
    ascii_host = host if host.isascii() else _to_ascii(host)
    if ascii_host.startswith("www.") and ascii_host.count(".") > 1:
        ascii_host = ascii_host[4:]
    name = ""
    if _DOMAIN.fullmatch(ascii_host):
        name = _to_unicode(ascii_host) if "xn--" in ascii_host else ascii_host
    if not name:
        raise InvalidValue(f"domain: {quoted(given)} is not a domain", "for example: acme.es")
    return name


def _to_ascii(host: str) -> str:
    import idna

    try:
        return idna.encode(host[:254], uts46=True).decode("ascii")
    except idna.IDNAError:
        return ""


def _to_unicode(host: str) -> str:
    import idna

    try:
        return idna.decode(host)
    except idna.IDNAError:
        return ""


def looks_like_domain(text: str) -> bool:
    """Whether a text can be meant as a domain or a web address: dots, no spaces, no digits last."""
    text = text.strip()
    return "." in text and len(text) <= 2000 and _LIKE_DOMAIN.fullmatch(text) is not None


# ── names ────────────────────────────────────────────────────────────────────────────────────

HONORIFICS = _words(
    "d da dª dna dr dra frau herr ing lic miss mr mrs ms mx prof profa sr sra srta dona"
)
_SUFFIXES = _words("jr sr ii iii iv phd md mba esq")
PARTICLES = _words("de del da das dos van von der den ter zu zum zur af bin ibn")
# Also names in their own right, so they count in lower case or after another particle only.
_MAYBE_PARTICLES = _words("la las los el al do di du des le te ten y e i")
_LINKS = _words("y e i")
_FIRST_OF_TWO = _words(
    "ana carlos francisco jesus jorge jose juan luis luisa manuel maria marco mary miguel pedro "
    "rosa victor jean anne john"
)
_SECOND_GIVEN = _words("""
    alberto alejandro alfonso alonso andres angel angeles ann anne antonia antonio armando arturo
    augusto beatriz belen beth camilo carlos carmen claude cristina daniel david de dios dolores
    eduardo elena elisa emilio enrique ernesto esteban eugenia felipe fernanda fernando francisco
    gabriel gerardo guillermo gustavo ignacio ines isabel jane javier jesus joaquin jorge jose juan
    julia julio laura lee louise lourdes lucia luis luisa luz lynn manuel marc mar maria marie mario
    mercedes michael miguel nieves orlando oscar pablo paul paula pedro pierre pilar rafael ramon
    raul ricardo roberto rocio rosa rosario salvador sofia soledad susana teresa vicente victoria
    """)
_VIRGINS = _words(
    "angeles carmen consuelo dolores dios mar mercedes milagros nieves pilar pino prado reyes "
    "rocio rosario socorro sol valle"
)


def split_name(full: str) -> tuple[str, str]:
    """Guess (given, family) of a person's name; either may be empty, no word of it is lost.

    Honorifics in front are left out. `Ruiz, Ana` names the family first. Three words are one given
    name and two surnames, as in Spain, unless the second is a common second given name; four are
    two and two. Particles stay with the surname they introduce.
    """
    full = " ".join(full.split())
    before, comma, after = full.partition(",")
    if comma and before.strip() and not _only_suffixes(after):
        return " ".join(_without_honorifics(after.split())), before.strip()
    words = _without_honorifics(full.split())
    suffixes: list[str] = []
    while len(words) > 2 and _bare(words[-1]) in _SUFFIXES:
        suffixes.insert(0, words.pop())
    if len(words) > 1 and words[0] in PARTICLES:
        return "", " ".join([*words, *suffixes])
    units = _units(words)
    given = _count_given(units)
    return " ".join(units[:given]), " ".join([*units[given:], *suffixes])


@lru_cache(maxsize=50_000)  # the same words come again and again in a list of people
def _folded(word: str) -> str:
    return fold(word)


def _bare(word: str) -> str:
    return _folded(word).strip(".,")


def _only_suffixes(text: str) -> bool:
    return all(_bare(word) in _SUFFIXES for word in text.split())


def _without_honorifics(words: list[str]) -> list[str]:
    while len(words) > 1:
        first = _bare(words[0])
        # "Don Draper" has a given name; "D. H. Lawrence" has initials.
        is_title = first in HONORIFICS or (first == "don" and len(words) > 2)
        if first in ("d", "da"):
            is_title = words[0][-1] in ".ªa" and not _is_initial(words[1])
        if not is_title:
            break
        words = words[1:]
    return words


def _is_initial(word: str) -> bool:
    return len(word.rstrip(".")) == 1 and word[0].isalpha() and _folded(word) not in _LINKS


def _units(words: list[str]) -> list[str]:
    """The words, with particles and what they introduce (`de la Fuente`) as one."""
    units: list[str] = []
    open_unit = False
    for at, word in enumerate(words):
        folded = _folded(word)
        is_particle = folded in PARTICLES or (
            folded in _MAYBE_PARTICLES and (open_unit or word == folded or word == word.upper())
        )
        is_particle = is_particle and 0 < at < len(words) - 1 and not word.endswith(".")
        links = is_particle and folded in _LINKS and len(units) > 1
        if open_unit or links:
            units[-1] += " " + word
        else:
            units.append(word)
        open_unit = is_particle
    return units


def _count_given(units: list[str]) -> int:
    if len(units) < 2:
        return len(units)
    first, second = _bare(units[0]), _bare(units[1])
    if first in ("maria", "mª", "ma", "juan") and " " in second and second.split()[-1] in _VIRGINS:
        return min(2, len(units))
    initials = 1
    while initials < len(units) - 1 and _is_initial(units[initials]):
        initials += 1
    if initials > 1:
        return initials
    if len(units) == 2:
        return 2 if first in _FIRST_OF_TWO and second in _SECOND_GIVEN else 1
    if len(units) == 3:
        return 2 if second in _SECOND_GIVEN else 1
    return len(units) - 2


# ── one line about one person ────────────────────────────────────────────────────────────────

_TITLES = _words("""
    administrador administradora administrativo administrativa advisor agent analista analyst
    architect arquitecta arquitecto asesor asesora asistente assistant associate autonomo autonoma
    buyer ceo cfo chair chairman chairwoman chief cio ciso clerk cmo comercial comprador compradora
    compras consejera consejero consultant consultor consultora contable controller coo coordinador
    coordinadora coordinator cpo cro cto delegada delegado designer desarrollador desarrolladora
    developer director directora disenador disenadora duena dueno editor empleada
    empleado encargada encargado engineer evp executive founder cofounder fundador fundadora gerente
    head ingeniera ingeniero intern jefa jefe lawyer lead manager marketing md officer operations
    operaciones owner partner periodista presidenta presidente president principal procurement
    producer professor profesor profesora propietaria propietario purchasing receptionist rector
    representante representative responsable rrhh sales scientist secretaria secretario secretary
    socia socio specialist supervisor supervisora svp tecnica tecnico technician trainer treasurer
    vendedor vendedora ventas vicepresidenta vicepresidente vp
    """)
_TITLE_FILLERS = _words("de del of la el y and & for para the general senior junior sr jr")
_LEGAL_FORMS = _words(
    "sl sa slu sau sll inc ltd llc llp plc gmbh ag kg bv nv srl spa sas sarl oy ab co corp limited"
)
_PARTS = re.compile(r"[,;|\n\t]")
_TITLE_AT_COMPANY = re.compile(r"(\S.*?)\s+(?:at|@|en)\s+(\S.*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ContactLine:
    """What one typed line says about a person; a text that was not given is "".

    `emails` are valid addresses; `phones` and `domains` stand as typed; `rest` is what found no
    place.
    """

    name: str
    job_title: str = ""
    company: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()


def parse_contact_line(text: str) -> ContactLine:
    """Read `Ana Ruiz, CEO, Acme, ana@acme.es, +34 600 111 222`.

    The first part that is no e-mail address, phone or domain is the name. Of the others, the one
    with the words of a job title is the job title, and the next one the company; when none is
    clear, one part is the company and two are job title and company. Raises InvalidValue for an
    empty line or an address that cannot be one.
    """
    emails: list[str] = []
    phones: list[str] = []
    domains: list[str] = []
    words: list[str] = []
    rest: list[str] = []
    for part in _parts(clean_line(text, "contact")):
        if looks_like_phone(part):
            phones.append(part)
        elif part.startswith("@"):
            rest.append(part)
        elif "@" in part:
            words.extend(_take_emails(part, emails))
        elif looks_like_domain(part):
            domains.append(part)
        else:
            words.append(part)
    name = words.pop(0) if words else ""
    job_title, company = _take_job(words)
    rest = words + rest
    return ContactLine(
        name, job_title, company, tuple(emails), tuple(phones), tuple(rest), tuple(domains)
    )


def _parts(text: str) -> list[str]:
    parts: list[str] = []
    for piece in _PARTS.split(text):
        part = " ".join(piece.split())
        # "Acme, S.L." is one company.
        if len(parts) > 1 and fold(part).replace(".", "") in _LEGAL_FORMS:
            parts[-1] += ", " + part
        elif part:
            parts.append(part)
    return parts


def _take_emails(part: str, emails: list[str]) -> list[str]:
    """Move the addresses inside a part to `emails`; what is left of it, if anything."""
    others = []
    for word in part.split():
        # A mistyped address is refused there rather than taken for a company.
        if "@" in word.strip("@"):
            emails.append(parse_email(word))
        else:
            others.append(word)
    return [" ".join(others)] if others else []


def _take_job(words: list[str]) -> tuple[str, str]:
    """Take job title and company out of the unclear parts; the rest stays in `words`."""
    clear = max(words, key=_title_score, default="")
    if clear and _title_score(clear):
        words.remove(clear)
        both = _TITLE_AT_COMPANY.fullmatch(clear)
        if both and _title_score(both[1]) and not words:
            return both[1], both[2]
        return clear, words.pop(0) if words else ""
    job_title = words.pop(0) if len(words) > 1 else ""
    return job_title, words.pop(0) if words else ""


def _title_score(part: str) -> int:
    """2 when every word belongs to a job title, 1 when some word does, 0 for a company."""
    words = [word.strip(".()") for word in re.split(r"[\s/\-]+", fold(part))]
    if any(word.replace(".", "") in _LEGAL_FORMS for word in words):
        return 0
    titles = sum(word in _TITLES for word in words)
    if not titles:
        return 0
    return 2 if all(word in _TITLES or word in _TITLE_FILLERS for word in words) else 1
