"""The words of headings: what they have in common however they are written, and their labels.

`E-mail (work)`, `Tel. 2`, `Teléfono móvil`, `Phone 1 - Value`, `Home Street`: a heading that says
nothing but what is reached, where and which one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from language.text import fold

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_BETWEEN = re.compile(r"[\W_]+")
_SPELT = {
    "e mail": "email",
    "e mails": "emails",
    "web site": "website",
    "web page": "website",
    "pagina web": "website",
    "sitio web": "website",
    "linked in": "linkedin",
    "you tube": "youtube",
    "git hub": "github",
    "c p": "cp",
    "p o": "po",
    "post code": "postcode",
}
_RESPELL = re.compile(rf"\b(?:{'|'.join(_SPELT)})\b")


def words_in(text: str) -> frozenset[str]:
    """A set of words, written as one text."""
    return frozenset(text.split())


@cache
def words_of(text: str) -> str:
    """The form in which headings are compared: no case, accents, punctuation or underscores."""
    plain = " ".join(_BETWEEN.sub(" ", fold(text)).split())
    return _RESPELL.sub(lambda found: _SPELT[found.group()], plain)


def spellings(header: str) -> list[str]:
    """The words of a heading, also with `FirstName` taken apart."""
    apart = words_of(_CAMEL.sub(" ", header))
    return list(dict.fromkeys((words_of(header), apart)))


@dataclass(frozen=True, slots=True)
class Shape:
    """A heading of a list: `field` it fills, `label` and `group` (which one of several).

    `part`: of an address: street, box, city, region, postcode, country; whole: all of it in one.
    `is_type`: the column holds the labels of another one (`Phone 1 - Type`).
    """

    field: str
    label: str = ""
    part: str = ""
    group: str = ""
    is_type: bool = False


def _phrases(**named: str) -> dict[str, str]:
    return {phrase: name for name, text in named.items() for phrase in text.split(", ")}


# What a heading is about. Longer phrases are looked for first.
_HEADS = _phrases(
    emails="email, emails, mail, mails, email address, email addresses, mail address, correo, "
    "correos, correo electronico, direccion de correo electronico, direccion de correo, "
    "direccion de email, direccion email, correo e",
    phones="phone, phones, telephone, tel, telefono, telefonos, tfno, tlf, tfn, telf, tlfn, "
    "phone number, telephone number, numero de telefono, no de telefono, landline, fijo, gsm, "
    "contact number, numero de contacto, handphone",
    mobile="mobile, mobiles, movil, moviles, cell, cellphone, cellular, celular, mobile number",
    fax="fax, telefax",
    street="street, address, addresses, street address, address line, address street, calle, "
    "direccion, direcciones, domicilio, via, direccion postal, postal address, mailing address, "
    "addr, direccion linea, extended address, neighborhood, suburb, suite, office location, "
    "location, ubicacion",
    box="po box, apartado, apartado de correos, apdo",
    city="city, town, ciudad, localidad, poblacion, municipio, city town, town city, locality",
    region="state, region, province, provincia, county, state province, state region, "
    "province state, state or province, comunidad, comunidad autonoma, state code, "
    "billing state province",
    postcode="zip, postcode, postal code, zip code, zipcode, zip postal code, codigo postal, cp, "
    "cod postal, postal zip code, postalcode, zip postcode",
    country="country, pais, country region, country name, country code, nation",
    whole="formatted, full address, direccion completa, address formatted",
    domains="website, web, url, website url, domain, dominio, homepage, home page, "
    "company domain name, domain name, internet, websites, domains, dominios",
    **{
        name: name
        for name in ("linkedin", "twitter", "instagram", "facebook", "github", "mastodon",
                     "youtube", "tiktok", "threads")
    },
)  # fmt: skip
_NETWORKS = words_in("linkedin twitter instagram facebook github mastodon youtube tiktok threads")
_PARTS = words_in("street box city region postcode country whole")
_PHONES = frozenset({"phones", "mobile", "fax"})
_HEAD = re.compile(rf"\b(?:{'|'.join(sorted(_HEADS, key=len, reverse=True))})\b")
_LABELS = _phrases(
    home="home, casa, particular, private, privado, privada, domestico, hogar",
    personal="personal",
    work="work, business, office, trabajo, oficina, laboral, profesional, professional, "
    "corporativo, corporate, empresarial, job",
    main="main, principal",
    other="other, otro, otra, otros, alternative, alternate, alternativo, alt, secondary, "
    "secundario, additional, adicional, second, segundo",
    direct="direct, directo, did, ddi",
    assistant="assistant, asistente, assistants, secretary",
    switchboard="switchboard, centralita",
    billing="billing, invoice, facturacion, factura, fiscal, bill to",
    shipping="shipping, delivery, envio, entrega, ship to",
    whatsapp="whatsapp",
)
_FILL = words_in(
    "de del la el of the number numero num no n nr value valor primary preferred default mailing "
    "postal correspondence address direccion line linea direct link page pagina contacto physical "
    "visit visiting fisica in public formatted first 1st complete name"
)
_OF_PROFILES = words_in("id url profile perfil handle username user account cuenta")
"""What a heading says besides the network: `LinkedIn profile`, `Twitter handle`."""
_TYPES = frozenset({"type", "tipo", "label", "etiqueta"})


@cache
def shape_of(words: str) -> Shape | None:
    """What list a heading fills, when all of its words only say that, where and which one."""
    heads: list[str] = []

    def take(found: re.Match[str]) -> str:
        heads.append(_HEADS[found.group()])
        return " "

    rest = _HEAD.sub(take, words).split()
    if not heads:
        return None
    label = group = ""
    is_type = False
    for word in rest:
        if word.isdigit() and len(word) < 3:
            group = group or word
        elif word in _TYPES:
            is_type = True
        elif word in _LABELS:
            label = label or _LABELS[word]
        elif word not in _FILL and not (word in _OF_PROFILES and heads[0] in _NETWORKS):
            return None
    return _shaped(heads, label, group, is_type=is_type)


def _shaped(heads: list[str], label: str, group: str, *, is_type: bool) -> Shape | None:
    kinds = {_kind(head) for head in heads}
    if "handles" in kinds:
        kinds.discard("domains")  # `LinkedIn URL`
    if "emails" in kinds and set(heads) & _PARTS <= {"street"}:
        kinds.discard("addresses")  # `Email 2 Address`
    if len(kinds) != 1:
        return None
    kind = kinds.pop()
    if kind == "addresses":
        # `Address 1 - City`: the last word says which part.
        part = next((head for head in reversed(heads) if head != "street"), "street")
        return Shape(kind, "" if label in {"work", "main"} else label, part, group, is_type)
    if kind == "phones":
        label = next((head for head in ("fax", "mobile") if head in heads), label)
    elif kind == "handles":
        label = next(head for head in heads if head in _NETWORKS)
    return Shape(kind, "" if label == "work" else label, "", group, is_type)


def _kind(head: str) -> str:
    if head in _PARTS:
        return "addresses"
    if head in _PHONES:
        return "phones"
    return "handles" if head in _NETWORKS else head


def label_of(word: str) -> str:
    """The label that the cell of a `Type` column says: `Mobile`, `* Work`, `Home Fax`; or ""."""
    for one in words_of(word).split()[::-1]:
        head = _HEADS.get(one, "")
        if head in {"mobile", "fax"} or head in _NETWORKS:
            return head
        if one in _LABELS:
            return "" if _LABELS[one] == "work" else _LABELS[one]
    return ""
