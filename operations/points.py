"""Ways to reach a contact or a company, the same for both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from language.text import quoted
from operations.parts import Points
from storage.model.people import addresses, emails, handles, phones

if TYPE_CHECKING:
    from operations.bindings import Binding
    from storage.unit import UnitOfWork


def email_columns(uow: UnitOfWork, text: str) -> dict[str, Any]:
    """Columns of an e-mail address; raises `InvalidValue` for what is none."""
    from language.people import email_key, parse_email

    address = parse_email(text)
    key = email_key(address)
    # One text where they are equal, which they mostly are, takes half the room in a large import.
    return {"address": address, "address_key": address if key == address else key}


def phone_columns(uow: UnitOfWork, text: str) -> dict[str, Any]:
    """Columns of a phone number: as typed, and in E.164 where it is a valid number."""
    from language.phone import parse_phone, phone_key

    phone = parse_phone(text, region=uow.settings.country)
    return {"raw": phone.raw, "e164": phone.e164, "number_key": phone_key(phone.e164 or phone.raw)}


def address_columns(uow: UnitOfWork, text: str) -> dict[str, Any]:
    """Columns of a postal address as given."""
    return {"address": text}


def handle_columns(uow: UnitOfWork, text: str) -> dict[str, Any]:
    """Columns of a social handle; the network becomes its label."""
    from language.handles import parse_handle

    network, handle = parse_handle(text)
    return {"handle": handle, "label": network}


def points_of(column: str) -> dict[str, Binding]:
    """Bindings of all points; `column` is `contact_id` or `company_id`."""
    return {
        "emails": Points(
            emails, emails.c[column], emails.c.address, emails.c.address_key, email_columns
        ),
        "phones": Phones(
            phones, phones.c[column], phones.c.raw, phones.c.number_key, phone_columns
        ),
        "addresses": Points(
            addresses, addresses.c[column], addresses.c.address, None, address_columns
        ),
        "handles": Handles(
            handles, handles.c[column], handles.c.handle, None, handle_columns, "web"
        ),
    }


class Phones(Points):
    """Phone numbers: shown in E.164 where known, else as typed."""

    def read(self, uow: UnitOfWork, value: Any) -> dict[str, Any]:
        new = super().read(uow, value)
        if new["e164"] is None and uow.writes:
            uow.notes.append(
                f"phone {quoted(new['raw'])} is no valid number in {uow.settings.country};"
                " kept as typed"
            )
        return new

    def show(self, row: Any) -> object:
        number = str(row["e164"] or row["raw"])
        return number if row["label"] == self.default_label else f"{row['label']}:{number}"


class Handles(Points):
    """Social handles: the network in front is part of what is read, not a label of the user's."""

    def read(self, uow: UnitOfWork, value: Any) -> dict[str, Any]:
        return self.make(uow, str(value))


def reached_by(column: str, text: str) -> sa.Select[Any] | None:
    """Numbers of the contacts or companies that an e-mail address or phone number reaches."""
    from language.people import email_key, looks_like_email
    from language.phone import looks_like_phone, phone_key

    if looks_like_email(text):
        return sa.select(emails.c[column]).where(
            emails.c.address_key == email_key(text), emails.c[column].is_not(None)
        )
    if looks_like_phone(text):
        return sa.select(phones.c[column]).where(
            phones.c.number_key == phone_key(text), phones.c[column].is_not(None)
        )
    return None
