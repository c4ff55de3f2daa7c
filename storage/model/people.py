"""Users, companies, contacts and the ways to reach them."""

import sqlalchemy as sa

from storage.columns import flag, integer, link, text
from storage.model.base import OPTIONS, Part, Record, one_of, table_of, uid_index, unique_living

IN_ONE = "(contact_id IS NULL) <> (company_id IS NULL)"


class User(Record, table=True):
    """A colleague using the CRM; an owner is a user."""

    __tablename__ = "users"
    __table_args__ = (
        uid_index("users"),
        unique_living("ux_users_name", "name_key"),
        one_of("role", ("rep", "manager", "admin")),
        OPTIONS,
    )
    name: str = text()
    name_key: str = text()
    login: str | None = text(null=True, index=True)
    email: str | None = text(null=True)
    role: str = text(default="rep")
    team: str | None = text(null=True)
    region: str | None = text(null=True)
    manager_id: int | None = link("users.id")
    active: bool = flag(default=True)


class Company(Record, table=True):
    """An organisation that contacts work for."""

    __tablename__ = "companies"
    __table_args__ = (
        uid_index("companies"),
        unique_living("ux_companies_external", "external_source", "external_id"),
        sa.CheckConstraint("parent_id IS NULL OR parent_id <> id"),
        sa.CheckConstraint("revenue_minor IS NULL OR revenue_currency IS NOT NULL"),
        OPTIONS,
    )
    name: str = text()
    name_key: str = text(index=True)
    parent_id: int | None = link("companies.id")
    industry: str | None = text(null=True, index=True)
    size: int | None = integer(null=True)
    revenue_minor: int | None = integer(null=True)
    revenue_currency: str | None = text(null=True)
    founded: int | None = integer(null=True)
    owner_id: int | None = link("users.id")
    source: str | None = text(null=True)
    note: str | None = text(null=True)
    external_source: str = text(default="")
    external_id: str | None = text(null=True, index=True)


class Contact(Record, table=True):
    """A person."""

    __tablename__ = "contacts"
    __table_args__ = (
        uid_index("contacts"),
        unique_living("ux_contacts_external", "external_source", "external_id"),
        sa.CheckConstraint("referrer_id IS NULL OR referrer_id <> id"),
        OPTIONS,
    )
    name: str = text()
    name_key: str = text(index=True)
    given_name: str | None = text(null=True)
    family_name: str | None = text(null=True)
    job_title: str | None = text(null=True)
    company_id: int | None = link("companies.id")
    owner_id: int | None = link("users.id")
    source: str | None = text(null=True)
    referrer_id: int | None = link("contacts.id")
    channel: str | None = text(null=True)
    note: str | None = text(null=True)
    external_source: str = text(default="")
    external_id: str | None = text(null=True, index=True)


class Email(Part, table=True):
    """An e-mail address of a contact or company; at most one is preferred."""

    __tablename__ = "emails"
    __table_args__ = (
        sa.CheckConstraint(IN_ONE),
        sa.Index("ix_emails_key", "address_key"),
        OPTIONS,
    )
    contact_id: int | None = link("contacts.id")
    company_id: int | None = link("companies.id")
    address: str = text()
    address_key: str = text()
    label: str = text(default="work")
    preferred: bool = flag()


class Phone(Part, table=True):
    """A phone number as typed, and in E.164 where it is a valid number."""

    __tablename__ = "phones"
    __table_args__ = (
        sa.CheckConstraint(IN_ONE),
        sa.Index("ix_phones_key", "number_key"),
        OPTIONS,
    )
    contact_id: int | None = link("contacts.id")
    company_id: int | None = link("companies.id")
    raw: str = text()
    e164: str | None = text(null=True)
    number_key: str = text()
    label: str = text(default="work")
    preferred: bool = flag()


class Address(Part, table=True):
    """A postal address: one text as given, with the parts that are known."""

    __tablename__ = "addresses"
    __table_args__ = (sa.CheckConstraint(IN_ONE), OPTIONS)
    contact_id: int | None = link("contacts.id")
    company_id: int | None = link("companies.id")
    address: str = text()
    city: str | None = text(null=True)
    region: str | None = text(null=True)
    postcode: str | None = text(null=True)
    country: str | None = text(null=True)
    label: str = text(default="work")
    preferred: bool = flag()


class Handle(Part, table=True):
    """A social handle; the label is the network."""

    __tablename__ = "handles"
    __table_args__ = (sa.CheckConstraint(IN_ONE), OPTIONS)
    contact_id: int | None = link("contacts.id")
    company_id: int | None = link("companies.id")
    handle: str = text()
    label: str = text(default="web")
    preferred: bool = flag()


class Domain(Part, table=True):
    """An internet domain that identifies a company."""

    __tablename__ = "domains"
    __table_args__ = (sa.Index("ix_domains_key", "domain_key"), OPTIONS)
    company_id: int = link("companies.id", null=False)
    domain: str = text()
    domain_key: str = text()
    preferred: bool = flag()


class PersonalDate(Part, table=True):
    """A dated fact of a contact: birthday, anniversary… The year may be unknown."""

    __tablename__ = "personal_dates"
    __table_args__ = (
        sa.Index("ix_personal_dates_month_day", "month_day"),
        sa.CheckConstraint("length(month_day) = 5"),
        OPTIONS,
    )
    contact_id: int = link("contacts.id", null=False)
    label: str = text(default="birthday")
    month_day: str = text()  # MM-DD, so that "whose day is today" is one index look-up
    year: int | None = integer(null=True)
    note: str | None = text(null=True)


class Interest(Part, table=True):
    """A hobby of a contact, or a group or association it belongs to."""

    __tablename__ = "interests"
    __table_args__ = (one_of("kind", ("hobby", "group")), OPTIONS)
    contact_id: int = link("contacts.id", null=False)
    kind: str = text()
    name: str = text()


class Relation(Part, table=True):
    """`contact` is the KIND of `other`: Ana (contact) is the manager of Luis (other)."""

    __tablename__ = "relations"
    __table_args__ = (
        sa.Index("ux_relations", "contact_id", "other_id", "kind", unique=True),
        sa.CheckConstraint("contact_id <> other_id"),
        OPTIONS,
    )
    contact_id: int = link("contacts.id", null=False)
    other_id: int = link("contacts.id", null=False)
    kind: str = text()
    note: str | None = text(null=True)


users = table_of(User)
companies = table_of(Company)
contacts = table_of(Contact)
emails = table_of(Email)
phones = table_of(Phone)
addresses = table_of(Address)
handles = table_of(Handle)
domains = table_of(Domain)
personal_dates = table_of(PersonalDate)
interests = table_of(Interest)
relations = table_of(Relation)
