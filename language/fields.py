"""Every field once: its name, kind, label, the words that mean it, and whether a user may fill it.

From one declaration come the option of the command line, the heading of a table, the key in JSON,
the header of a file, the word in a filter. What a field *means* in the database is its binding in
`operations`. English and Spanish aliases are compared folded (no case, no accents, `_` = space).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from language import terms
from language.text import fold

Kind = Literal[
    "text",  # one line
    "long",  # many lines
    "integer",
    "number",  # with decimals
    "percent",
    "money",
    "day",
    "moment",
    "when",  # a day, with or without a time
    "minutes",
    "days",  # a number of days, written 30d
    "flag",
    "choice",
    "ref",  # another record, by anything that names it
    "email",
    "phone",
    "address",
    "handle",
    "domain",
    "date_fact",  # a day whose year may be unknown
    "tag",
    "member",  # another record with a role: ana:decision maker
    "line",  # a product on a deal: PRO x20 @49 -10%
    "repeat",
    "words",  # a list of words
]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a noun. `many`: holds several values. `fill`: a user may set it.

    `currency`: for money, the key under which JSON and CSV give the currency.
    """

    name: str
    kind: Kind
    label: str
    help: str = ""
    aliases: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    noun: str = ""
    many: bool = False
    fill: bool = True
    option: str = ""
    currency: str = "currency"

    @property
    def flag_name(self) -> str:
        """Name of the command-line option, without dashes: the singular of a list."""
        return self.option or self.name.replace("_", "-")


@dataclass(frozen=True, slots=True)
class Noun:
    """A kind of record: its words, its fields in reading order and what a list shows."""

    name: str
    plural: str
    title: str  # the field that names a record
    columns: tuple[str, ...]
    sort: str
    fields: tuple[Field, ...]
    aliases: tuple[str, ...] = ()

    def counted(self, count: int) -> str:
        """Say how many: `1 deal`, `8,800 deals`."""
        return f"{count:,} {self.name if count == 1 else self.plural}"

    def field(self, name: str) -> Field | None:
        """Find a field by its name, label or alias."""
        return _lookup(self.name).get(field_word(name))


def field_word(text: str) -> str:
    """The form in which names, labels and aliases of fields are compared."""
    return fold(text.replace("_", " ").replace("-", " "))


@cache
def _lookup(noun: str) -> dict[str, Field]:
    table: dict[str, Field] = {}
    for field in NOUNS[noun].fields:
        for word in (field.name, field.label, field.flag_name, *field.aliases):
            table.setdefault(field_word(word), field)
    return table


def field_named(noun: str, name: str) -> Field | None:
    """Find a field of a noun by its own name only."""
    return next((field for field in NOUNS[noun].fields if field.name == name), None)


# fmt: off
# One field a line, so that the whole language reads as a table.

ID = Field("id", "integer", "#", "number", ("number", "numero", "record id"), fill=False)
UID = Field("uid", "text", "UID", fill=False)
VERSION = Field("version", "integer", "Version", fill=False)
CREATED = Field("created_at", "moment", "Created", aliases=("created", "creado", "fecha de alta"), fill=False)
UPDATED = Field("updated_at", "moment", "Updated", aliases=("updated", "actualizado", "modificado"), fill=False)
FACTS = (CREATED, UPDATED, UID, VERSION)
TAGS = Field("tags", "tag", "Tags", "tag; repeat for more", ("tag", "etiqueta", "etiquetas", "labels"), many=True, option="tag")
NOTE = Field("note", "long", "Note", "free text", ("notes", "nota", "notas", "description", "descripcion", "comments", "comentarios", "about"))
FLAGGED = Field("flagged", "words", "Unread", "values that an import could not read", ("unread", "sin leer"), many=True, fill=False)
OWNER = Field("owner", "ref", "Owner", "the colleague responsible", ("sales agent", "agent", "rep", "sales rep", "salesperson", "owner name", "assigned to", "account owner", "deal owner", "comercial", "responsable", "propietario", "vendedor", "agente"), noun="user")
SOURCE = Field("source", "text", "Source", "how they found us", ("lead source", "origen", "fuente", "origen del contacto"))
EXTERNAL = Field("external_id", "text", "External id", "number in the program it came from", ("external id", "ext id", "id externo", "codigo externo"))
COMPANY = Field("company", "ref", "Company", "company, by anything that names it", ("account", "account name", "organization", "organisation", "company name", "empresa", "cuenta", "compania", "organizacion", "cliente"), noun="company")
EMAILS = Field("emails", "email", "E-mail", "address, or label:address; repeat for more", ("email", "e-mail", "mail", "email address", "correo", "correo electronico", "e-mails"), many=True, option="email")
PHONES = Field("phones", "phone", "Phone", "number, or label:number; repeat for more", ("phone", "telephone", "tel", "mobile", "phone number", "telefono", "movil", "celular", "telefonos"), many=True, option="phone")
ADDRESSES = Field("addresses", "address", "Address", "postal address, or label:address", ("address", "office location", "location", "direccion", "domicilio", "ubicacion", "country", "pais"), many=True, option="address")
HANDLES = Field("handles", "handle", "Social", "profile address, or network:handle", ("handle", "social", "linkedin", "twitter", "instagram", "redes"), many=True, option="handle")
LAST_TOUCH = Field("last_touch", "moment", "Last touch", "when we last spoke", ("last activity", "ultimo contacto"), fill=False)
NEXT_STEP = Field("next_step", "text", "Next step", "the open task due first", ("next task", "siguiente paso", "proximo paso"), fill=False)
NEXT_DUE = Field("next_due", "day", "Next due", "when the next step is due", fill=False)
IDLE = Field("idle", "days", "Idle", "days since the last touch", ("inactivo",), fill=False)
DEAL = Field("deal", "ref", "Deal", "deal, by anything that names it", ("opportunity", "oportunidad", "negocio"), noun="deal")

CONTACT = Noun(
    "contact",
    "contacts",
    "name",
    ("id", "name", "job_title", "company", "emails", "phones", "owner", "last_touch"),
    "name",
    (
        ID,
        Field("name", "text", "Name", "full name", ("full name", "contact", "contact name", "nombre completo", "nombre y apellidos", "contacto")),
        Field("given_name", "text", "Given name", "first name", ("first name", "first", "nombre", "nombre de pila")),
        Field("family_name", "text", "Family name", "last name", ("last name", "last", "surname", "apellido", "apellidos")),
        Field("job_title", "text", "Job title", "position", ("title", "job", "position", "cargo", "puesto")),
        COMPANY,
        EMAILS,
        PHONES,
        ADDRESSES,
        HANDLES,
        OWNER,
        SOURCE,
        Field("referrer", "ref", "Referrer", "the contact who sent them", ("referred by", "recomendado por"), noun="contact"),
        Field("channel", "choice", "Channel", "how they like to be reached", ("preferred channel", "canal", "canal preferido"), terms.CHANNELS),
        Field("birthday", "date_fact", "Birthday", "3 may, or 1980-05-03", ("birth date", "date of birth", "cumpleanos", "fecha de nacimiento")),
        Field("dates", "date_fact", "Dates", "anniversary:2010-06-12; repeat for more", ("date", "fechas"), many=True, option="date"),
        Field("hobbies", "words", "Hobbies", "repeat for more", ("hobby", "aficiones"), many=True, option="hobby"),
        Field("groups", "words", "Groups", "groups and associations; repeat for more", ("group", "association", "grupos"), many=True, option="group"),
        TAGS,
        NOTE,
        EXTERNAL,
        LAST_TOUCH,
        NEXT_STEP,
        NEXT_DUE,
        IDLE,
        FLAGGED,
        *FACTS,
    ),
    ("person", "people", "contacto", "contactos"),
)

COMPANY_NOUN = Noun(
    "company",
    "companies",
    "name",
    ("id", "name", "industry", "size", "revenue", "domains", "owner", "open_deals"),
    "name",
    (
        ID,
        Field("name", "text", "Name", "name of the company", ("account", "account name", "company", "company name", "organization", "empresa", "nombre", "razon social", "cuenta")),
        Field("parent", "ref", "Parent", "the company it belongs to", ("subsidiary of", "parent company", "parent account", "matriz", "filial de", "empresa matriz"), noun="company"),
        Field("domains", "domain", "Domain", "internet domain; repeat for more", ("domain", "website", "web", "url", "dominio", "sitio web", "pagina web"), many=True, option="domain"),
        Field("industry", "text", "Industry", "what they do", ("sector", "industria", "actividad")),
        Field("size", "integer", "Size", "number of employees", ("employees", "number of employees", "headcount", "empleados", "tamano", "numero de empleados", "plantilla")),
        Field("revenue", "money", "Revenue", "yearly revenue", ("annual revenue", "turnover", "facturacion", "ingresos", "ventas"), currency="revenue_currency"),
        Field("founded", "integer", "Founded", "year", ("year established", "year founded", "established", "fundada", "ano de fundacion")),
        EMAILS,
        PHONES,
        ADDRESSES,
        HANDLES,
        OWNER,
        SOURCE,
        TAGS,
        NOTE,
        EXTERNAL,
        Field("open_deals", "integer", "Open deals", "how many", fill=False),
        Field("contacts", "integer", "Contacts", "how many", fill=False),
        LAST_TOUCH,
        NEXT_STEP,
        NEXT_DUE,
        FLAGGED,
        *FACTS,
    ),
    ("account", "accounts", "empresa", "empresas", "organization", "organizations"),
)

USER = Noun(
    "user",
    "users",
    "name",
    ("id", "name", "role", "team", "region", "manager", "email", "active"),
    "name",
    (
        ID,
        Field("name", "text", "Name", "full name", ("sales agent", "agent", "rep", "user", "full name", "nombre", "comercial", "vendedor", "usuario")),
        Field("email", "text", "E-mail", "address", ("e-mail", "mail", "correo")),
        Field("login", "text", "Login", "name on this machine", ("username", "usuario del sistema")),
        Field("role", "choice", "Role", "rep, manager or admin", ("rol", "perfil"), terms.ROLES),
        Field("team", "text", "Team", "team", ("equipo",)),
        Field("region", "text", "Region", "region or office", ("regional office", "office", "zona", "oficina", "delegacion")),
        Field("manager", "ref", "Manager", "their manager", ("jefe", "responsable", "reports to"), noun="user"),
        Field("active", "flag", "Active", "yes or no", ("activo",)),
        Field("open_deals", "integer", "Open deals", "how many", fill=False),
        FLAGGED,
        *FACTS,
    ),
    ("sales agents", "reps", "usuario", "usuarios"),
)

PRODUCT = Noun(
    "product",
    "products",
    "name",
    ("id", "name", "code", "family", "price", "unit", "active"),
    "name",
    (
        ID,
        Field("name", "text", "Name", "name of the product", ("product", "product name", "producto", "nombre", "articulo")),
        Field("code", "text", "Code", "short unique code", ("sku", "product code", "reference", "codigo", "referencia")),
        Field("family", "text", "Family", "series or category", ("series", "category", "line", "familia", "serie", "categoria", "gama")),
        Field("price", "money", "Price", "list price", ("sales price", "unit price", "list price", "precio", "precio de venta", "pvp")),
        Field("unit", "text", "Unit", "unit, hour, seat…", ("unidad",)),
        Field("active", "flag", "Active", "on sale: yes or no", ("activo",)),
        TAGS,
        NOTE,
        FLAGGED,
        *FACTS,
    ),
    ("producto", "productos"),
)

PIPELINE = Noun(
    "pipeline",
    "pipelines",
    "name",
    ("id", "name", "standard", "stages", "open_deals"),
    "name",
    (
        ID,
        Field("name", "text", "Name", "name of the pipeline", ("nombre", "embudo")),
        Field("standard", "flag", "Standard", "where new deals go: yes or no", ("default",)),
        Field("stages", "words", "Stages", "names in order", ("etapas", "fases"), many=True, fill=False),
        Field("open_deals", "integer", "Open deals", "how many", fill=False),
        NOTE,
        *FACTS,
    ),
    ("embudo", "embudos"),
)

STAGE = Noun(
    "stage",
    "stages",
    "name",
    ("id", "name", "pipeline", "position", "outcome", "probability", "rotting_days", "required"),
    "position",
    (
        ID,
        Field("name", "text", "Name", "name of the stage", ("nombre", "etapa", "fase")),
        Field("pipeline", "ref", "Pipeline", "its pipeline", ("embudo",), noun="pipeline"),
        Field("position", "integer", "Position", "1 is first", ("order", "posicion", "orden")),
        Field("outcome", "choice", "Outcome", "open, won or lost", ("resultado",), terms.STAGE_OUTCOMES),
        Field("probability", "percent", "Probability", "per cent; empty: unknown", ("probabilidad",)),
        Field("rotting_days", "days", "Rots after", "days without a touch before a deal rots", ("rotting", "rot", "dias")),
        Field("required", "words", "Required", "deal fields that must be filled to enter; repeat", ("require", "requires", "obligatorio"), many=True, option="require"),
        *FACTS,
    ),
    ("etapa", "etapas"),
)

DEAL_NOUN = Noun(
    "deal",
    "deals",
    "title",
    ("id", "title", "company", "stage", "amount", "probability", "expected_close", "owner", "next_step"),
    "-amount",
    (
        ID,
        Field("title", "text", "Title", "what is being sold", ("deal", "deal name", "opportunity", "opportunity name", "name", "nombre", "titulo", "oportunidad", "negocio")),
        COMPANY,
        Field("contacts", "member", "Contacts", "contact, or contact:role; repeat for more", ("contact", "contact name", "contacto", "contactos"), noun="contact", many=True, option="contact"),
        OWNER,
        Field("pipeline", "ref", "Pipeline", "pipeline", ("embudo",), noun="pipeline"),
        Field("stage", "ref", "Stage", "stage of the pipeline", ("deal stage", "sales stage", "opportunity stage", "etapa", "fase", "estado"), noun="stage"),
        Field("outcome", "choice", "Outcome", "open, won or lost", ("status", "resultado"), terms.STAGE_OUTCOMES, fill=False),
        Field("amount", "money", "Amount", "what it is worth", ("value", "close value", "deal value", "deal amount", "importe", "valor", "cantidad")),
        Field("weighted", "money", "Weighted", "amount × probability", ("ponderado",), fill=False, currency="weighted_currency"),
        Field("probability", "percent", "Probability", "per cent, instead of the stage's", ("probabilidad",)),
        Field("expected_close", "day", "Expected close", "forecast date", ("close", "expected close date", "cierre previsto", "fecha prevista", "cierre"), option="close"),
        Field("opened_at", "moment", "Opened", "when it began", ("engage date", "opened", "open date", "created date", "opened on", "fecha de apertura", "apertura")),
        Field("closed_at", "moment", "Closed", "when it was won or lost", ("close date", "closed", "closed date", "closed on", "fecha de cierre", "cerrado")),
        SOURCE,
        Field("lost_reason", "text", "Lost reason", "why it was lost", ("reason", "loss reason", "reason lost", "motivo", "motivo de perdida")),
        Field("competitor", "text", "Competitor", "who else is in", ("competidor", "competencia")),
        Field("gap", "percent", "Price gap", "how far our price was off, per cent", ("price gap", "diferencia")),
        Field("retry", "day", "Retry", "when to try again after a loss", ("retry on", "re-engage", "reintentar")),
        Field("products", "line", "Products", "PRO x20 @49 -10%; repeat for more", ("product", "product name", "producto", "productos"), noun="product", many=True, option="product"),
        TAGS,
        NOTE,
        Field("external_id", "text", "External id", "number in the program it came from", ("opportunity id", "deal id", "id externo", "ext id", "id oportunidad")),
        Field("slips", "integer", "Slips", "times the expected close was moved later", ("aplazamientos",), fill=False),
        Field("age", "days", "In stage", "days in this stage", ("days in stage", "antiguedad"), fill=False),
        Field("rotting", "flag", "Rotting", "longer without a touch than its stage allows", ("rotten",), fill=False),
        LAST_TOUCH,
        IDLE,
        NEXT_STEP,
        NEXT_DUE,
        FLAGGED,
        *FACTS,
    ),
    ("opportunity", "opportunities", "oportunidad", "oportunidades", "negocio", "negocios"),
)

ACTIVITY = Noun(
    "activity",
    "activities",
    "subject",
    ("id", "at", "kind", "contacts", "company", "deal", "outcome", "minutes", "note", "owner"),
    "-at",
    (
        ID,
        Field("kind", "choice", "Kind", "call, meeting, email, note, message or visit", ("type", "tipo"), terms.ACTIVITY_KINDS),
        Field("at", "moment", "At", "when it happened", ("happened at", "when", "date", "fecha", "cuando")),
        Field("subject", "text", "Subject", "one line", ("asunto",)),
        NOTE,
        Field("direction", "choice", "Direction", "out (we called) or in", ("direccion", "sentido"), terms.DIRECTIONS),
        Field("outcome", "text", "Outcome", "connected, no answer, voicemail, interested… or your own word", ("result", "resultado")),
        Field("minutes", "minutes", "Minutes", "45, 1h30", ("duration", "duracion", "minutos")),
        Field("contacts", "member", "With", "contact; repeat for more", ("contact", "with", "contacto", "con"), noun="contact", many=True, option="contact"),
        COMPANY,
        DEAL,
        Field("owner", "ref", "By", "the colleague who did it", ("by", "user", "usuario", "comercial"), noun="user"),
        TAGS,
        FLAGGED,
        *FACTS,
    ),
    ("actividad", "actividades"),
)

TASK = Noun(
    "task",
    "tasks",
    "title",
    ("id", "due", "title", "priority", "contact", "company", "deal", "owner", "status"),
    "due,-priority",
    (
        ID,
        Field("title", "text", "Title", "what must happen", ("task", "subject", "tarea", "titulo")),
        Field("due", "when", "Due", "fri, tomorrow 9am, 2026-12-01", ("due date", "due on", "vence", "vencimiento", "fecha")),
        Field("priority", "choice", "Priority", "low, normal, high or urgent", ("prioridad",), terms.PRIORITIES),
        Field("owner", "ref", "Owner", "who must do it", ("assigned to", "assignee", "responsable"), noun="user"),
        Field("contact", "ref", "Contact", "about whom", ("contacto",), noun="contact"),
        COMPANY,
        DEAL,
        Field("repeat", "repeat", "Repeat", "daily, weekly, every 2 weeks, monthly x6, or an RRULE", ("recurrence", "repetir")),
        Field("repeat_from", "choice", "Repeat from", "due: from the due day; done: from when it was done", ("repetir desde",), terms.REPEAT_FROM),
        Field("status", "choice", "Status", "open, overdue or done", ("estado",), ("open", "overdue", "done"), fill=False),
        Field("done_at", "moment", "Done", "when it was done", ("done", "completed", "hecho"), fill=False),
        TAGS,
        NOTE,
        FLAGGED,
        *FACTS,
    ),
    ("tarea", "tareas", "todo"),
)

TAG = Noun("tag", "tags", "name", ("id", "name", "count", "note"), "name", (ID, Field("name", "text", "Name", "the word", ("tag", "etiqueta", "nombre")), NOTE, Field("count", "integer", "Records", "how many records have it", fill=False), *FACTS), ("etiqueta", "etiquetas"))

CUSTOM_FIELD = Noun(
    "field",
    "fields",
    "label",
    ("id", "noun", "label", "key", "kind", "choices", "required"),
    "noun,label",
    (
        ID,
        Field("noun", "text", "Noun", "contact, company, deal…", fill=False),
        Field("label", "text", "Label", "what people call it", ("name", "nombre", "etiqueta")),
        Field("key", "text", "Key", "its name in JSON and filters", ("clave",), fill=False),
        Field("kind", "choice", "Kind", "text, number, money, date, choice, flag or link", ("type", "tipo"), terms.FIELD_KINDS, fill=False),
        Field("choices", "words", "Choices", "for kind choice; repeat for more", ("choice", "opciones"), many=True, option="choice"),
        Field("target", "text", "Links to", "for kind link: the noun", fill=False),
        Field("required", "flag", "Required", "must be filled when adding: yes or no", ("obligatorio",)),
        Field("help", "text", "Help", "one line for the person filling it", option="help-text"),
        *FACTS,
    ),
)

ATTACHMENT = Noun(
    "attachment",
    "attachments",
    "name",
    ("id", "name", "size", "on", "media_type", "created_at"),
    "-created_at",
    (ID, Field("name", "text", "Name", "name of the file", ("file", "archivo", "fichero")), Field("on", "text", "On", "the record it hangs on", fill=False), Field("size", "integer", "Bytes", fill=False), Field("media_type", "text", "Type", fill=False), Field("sha256", "text", "SHA-256", fill=False), NOTE, Field("on_noun", "text", "On a", fill=False), Field("on_id", "integer", "On #", fill=False), *FACTS),
)

# fmt: on

NOUNS: dict[str, Noun] = {
    noun.name: noun
    for noun in (
        CONTACT,
        COMPANY_NOUN,
        DEAL_NOUN,
        PIPELINE,
        STAGE,
        ACTIVITY,
        TASK,
        PRODUCT,
        USER,
        TAG,
        CUSTOM_FIELD,
        ATTACHMENT,
    )
}


def noun_named(word: str) -> Noun | None:
    """Find a noun by its name, plural or a word users of other programs say."""
    wanted = fold(word)
    for noun in NOUNS.values():
        if wanted in (noun.name, noun.plural, *noun.aliases):
            return noun
    return None
