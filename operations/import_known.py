"""Contacts or companies that exist, as far as the keys of an import may mean them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from language.firms import firm_key
from language.mailboxes import email_identity, variant_domains
from language.names import person_keys
from language.people import email_key
from language.text import fold
from operations.import_lookup import in_chunks
from operations.import_match import Key
from operations.matcher import Firm, Person
from storage.model.people import companies, contacts, domains, emails, phones

if TYPE_CHECKING:
    from storage.unit import UnitOfWork


class KnownPeople:
    """The living records that keys may mean.

    `by_key`: key → their numbers, the oldest first. `records`: how the matcher sees them.
    """

    def __init__(self, uow: UnitOfWork, noun: str, source: str, keys: Iterable[Key]) -> None:
        self.uow = uow
        self.noun = noun
        self.table = contacts if noun == "contact" else companies
        self.by_key: defaultdict[Key, list[int]] = defaultdict(list)
        self.records: dict[int, Person | Firm] = {}
        if uow.scalar(sa.select(self.table.c.id).where(self.table.c.deleted_at.is_(None)).limit(1)):
            wanted: defaultdict[str, set[Any]] = defaultdict(set)
            for kind, value in keys:
                wanted[kind].add(value)
            self._find(wanted, source)
            self._load({number for numbers in self.by_key.values() for number in numbers})

    def _find(self, wanted: defaultdict[str, set[Any]], source: str) -> None:
        table = self.table
        self._collect("uid", table.c.uid, wanted["uid"])
        self._collect(
            "external id", table.c.external_id, wanted["external id"],
            table.c.external_source == source,
        )  # fmt: skip
        self._collect_merged(wanted, source)
        if self.noun == "contact":
            self._collect_emails(wanted["e-mail"])
        else:
            join = (domains, domains.c.company_id == table.c.id)
            self._collect("domain", domains.c.domain_key, wanted["domain"], join=join)
        join = (phones, phones.c[f"{self.noun}_id"] == table.c.id)
        self._collect("phone", phones.c.number_key, wanted["phone"], join=join)
        if self.noun == "company":
            self._collect_firms(wanted["name"])
        else:
            self._collect_names(wanted["name and company"])

    def _add(self, key: Key, number: int) -> None:
        listed = self.by_key[key]
        if number not in listed[-20:]:
            listed.append(number)

    def _collect(
        self, kind: str, column: sa.ColumnElement[Any], values: Iterable[Any],
        *where: Any, join: Any = None,
    ) -> None:  # fmt: skip
        table = self.table
        for chunk in in_chunks(values):
            statement = sa.select(table.c.id, column.label("key")).where(
                table.c.deleted_at.is_(None), column.in_(chunk), *where
            )
            if join is not None:
                statement = statement.join(*join)
            for row in self.uow.rows(statement.order_by(table.c.id)):
                self._add((kind, row.key), row.id)

    def _collect_merged(self, wanted: defaultdict[str, set[Any]], source: str) -> None:
        """Whoever has been merged with the record that had one of these ids."""
        from operations.merged_ids import absorbed

        merged = absorbed(self.uow, self.noun)
        for uid, number in merged.by_uid.items():
            if uid in wanted["uid"]:
                self._add(("uid", uid), number)
        for (where, external), number in merged.by_external.items():
            if where == source and external in wanted["external id"]:
                self._add(("external id", external), number)

    def _collect_emails(self, identities: set[str]) -> None:
        """Whoever has an address of one of these mailboxes, however it is spelt there."""
        asked: list[sa.ColumnElement[bool]]
        asked = [emails.c.address_key.in_(chunk) for chunk in in_chunks(map(email_key, identities))]
        spelt = {domain for identity in identities for domain in variant_domains(identity)}
        asked += [emails.c.address_key.endswith(f"@{name}", autoescape=True) for name in spelt]
        for where in asked:
            for row in self.uow.rows(
                sa.select(contacts.c.id, emails.c.address)
                .join(emails, emails.c.contact_id == contacts.c.id)
                .where(contacts.c.deleted_at.is_(None), where)
                .order_by(contacts.c.id)
            ):
                identity = email_identity(row.address)
                if identity in identities:
                    self._add(("e-mail", identity), row.id)

    def _collect_firms(self, cores: set[str]) -> None:
        """Companies whose name is the same but for its legal form."""
        if not cores:
            return
        for row in self.uow.rows(
            sa.select(companies.c.id, companies.c.name)
            .where(companies.c.deleted_at.is_(None))
            .order_by(companies.c.id)
        ):
            core = firm_key(row.name).core or fold(row.name)
            if core in cores:
                self._add(("name", core), row.id)

    def _collect_names(self, pairs: set[tuple[str, int | None]]) -> None:
        """People of a name at one of these companies; those at none, by their name alone."""
        at = {company for _, company in pairs if company is not None}
        conditions = [contacts.c.company_id.in_(chunk) for chunk in in_chunks(at)]
        if any(company is None for _, company in pairs):
            conditions.append(contacts.c.company_id.is_(None))
        names = {name for name, _ in pairs}
        for where in conditions:
            for row in self.uow.rows(
                sa.select(
                    contacts.c.id, contacts.c.name, contacts.c.given_name,
                    contacts.c.family_name, contacts.c.company_id,
                ).where(contacts.c.deleted_at.is_(None), where).order_by(contacts.c.id)
            ):  # fmt: skip
                for name in person_keys(row.name, row.given_name or "", row.family_name or ""):
                    if name in names:
                        self._add(("name and company", (name, row.company_id)), row.id)

    def _load(self, numbers: set[int]) -> None:
        """All that the matcher compares."""
        points = {
            table.name: self._points(table, column, numbers)
            for table, column in (
                (emails, emails.c.address),
                (phones, phones.c.number_key),
                *([(domains, domains.c.domain_key)] if self.noun == "company" else []),
            )
        }
        for chunk in in_chunks(numbers):
            for row in self.uow.rows(sa.select(self.table).where(self.table.c.id.in_(chunk))):
                found = {name: tuple(listed.get(row.id, ())) for name, listed in points.items()}
                external = (row.external_source, row.external_id or "")
                self.records[row.id] = (
                    Person(
                        row.id, row.name, row.given_name or "", row.family_name or "",
                        found["emails"], found["phones"], row.company_id, "", row.uid, external,
                    )
                    if self.noun == "contact"
                    else Firm(
                        row.id, row.name, found["domains"], found["emails"], found["phones"],
                        row.uid, external,
                    )
                )  # fmt: skip

    def _points(
        self, table: sa.Table, column: sa.Column[Any], numbers: set[int]
    ) -> defaultdict[int, list[str]]:
        owner = table.c[f"{self.noun}_id"]
        found: defaultdict[int, list[str]] = defaultdict(list)
        for chunk in in_chunks(numbers):
            for row in self.uow.rows(
                sa.select(owner.label("owner"), column.label("value")).where(owner.in_(chunk))
            ):
                found[row.owner].append(row.value)
        return found
