"""Pipelines, stages, products and deals."""

from datetime import date, datetime

import sqlalchemy as sa

from storage.columns import day, flag, integer, json_list, link, moment, text
from storage.model.base import OPTIONS, Part, Record, one_of, table_of, uid_index, unique_living


class Pipeline(Record, table=True):
    """An ordered set of stages that deals move through."""

    __tablename__ = "pipelines"
    __table_args__ = (
        uid_index("pipelines"),
        unique_living("ux_pipelines_name", "name_key"),
        OPTIONS,
    )
    name: str = text()
    name_key: str = text()
    standard: bool = flag()
    note: str | None = text(null=True)


class Stage(Record, table=True):
    """One step of a pipeline; its outcome says whether a deal there is open, won or lost.

    `probability` is per cent, empty means unknown. `required` names the deal fields that must be
    filled before a deal may enter.
    """

    __tablename__ = "stages"
    __table_args__ = (
        uid_index("stages"),
        unique_living("ux_stages_name", "pipeline_id", "name_key"),
        one_of("outcome", ("open", "won", "lost")),
        sa.CheckConstraint("probability IS NULL OR probability BETWEEN 0 AND 100"),
        sa.CheckConstraint("rotting_days IS NULL OR rotting_days > 0"),
        OPTIONS,
    )
    pipeline_id: int = link("pipelines.id", null=False)
    name: str = text()
    name_key: str = text()
    position: int = integer()
    outcome: str = text(default="open")
    probability: int | None = integer(null=True)
    rotting_days: int | None = integer(null=True)
    required: list[str] = json_list()


class Product(Record, table=True):
    """Something we sell."""

    __tablename__ = "products"
    __table_args__ = (
        uid_index("products"),
        unique_living("ux_products_name", "name_key"),
        unique_living("ux_products_code", "code"),
        sa.CheckConstraint("price_minor IS NULL OR price_currency IS NOT NULL"),
        OPTIONS,
    )
    name: str = text()
    name_key: str = text()
    code: str | None = text(null=True)
    family: str | None = text(null=True)
    price_minor: int | None = integer(null=True)
    price_currency: str | None = text(null=True)
    unit: str | None = text(null=True)
    active: bool = flag(default=True)
    note: str | None = text(null=True)


class Deal(Record, table=True):
    """A sale in progress.

    `opened_on` and `closed_on` are business days (what reports count by); `opened_at` and
    `closed_at` are the real moments, empty when only the day is known.
    """

    __tablename__ = "deals"
    __table_args__ = (
        uid_index("deals"),
        unique_living("ux_deals_external", "external_source", "external_id"),
        sa.CheckConstraint("amount_minor IS NULL OR currency IS NOT NULL"),
        sa.CheckConstraint("probability IS NULL OR probability BETWEEN 0 AND 100"),
        sa.Index("ix_deals_stage_closed", "stage_id", "closed_on"),
        OPTIONS,
    )
    title: str = text()
    title_key: str = text(index=True)
    company_id: int | None = link("companies.id")
    owner_id: int | None = link("users.id")
    pipeline_id: int = link("pipelines.id", null=False)
    stage_id: int = link("stages.id", null=False, index=False)
    stage_since: datetime = moment()
    amount_minor: int | None = integer(null=True)
    currency: str | None = text(null=True)
    probability: int | None = integer(null=True)
    expected_close: date | None = day(index=True)
    opened_on: date | None = day()
    opened_at: datetime | None = moment(null=True)
    closed_on: date | None = day(index=True)
    closed_at: datetime | None = moment(null=True)
    source: str | None = text(null=True)
    lost_reason: str | None = text(null=True)
    competitor: str | None = text(null=True)
    gap_percent: int | None = integer(null=True)
    retry_on: date | None = day(index=True)
    slips: int = integer(default=0)
    note: str | None = text(null=True)
    external_source: str = text(default="")
    external_id: str | None = text(null=True, index=True)


class DealContact(Part, table=True):
    """A contact's role in the decision of a deal."""

    __tablename__ = "deal_contacts"
    __table_args__ = (
        sa.Index("ux_deal_contacts", "deal_id", "contact_id", unique=True),
        OPTIONS,
    )
    deal_id: int = link("deals.id", null=False, index=False)
    contact_id: int = link("contacts.id", null=False)
    role: str | None = text(null=True)


class DealProduct(Part, table=True):
    """A product on a deal. Quantity is in thousandths, discount in hundredths of a per cent.

    The price is in minor units of the deal's currency. Total = price × quantity × (1 - discount).
    """

    __tablename__ = "deal_products"
    __table_args__ = (
        sa.CheckConstraint("quantity_milli > 0"),
        sa.CheckConstraint("discount_bp BETWEEN 0 AND 10000"),
        OPTIONS,
    )
    deal_id: int = link("deals.id", null=False)
    product_id: int = link("products.id", null=False)
    quantity_milli: int = integer(default=1000)
    price_minor: int | None = integer(null=True)
    discount_bp: int = integer(default=0)
    total_minor: int | None = integer(null=True)


pipelines = table_of(Pipeline)
stages = table_of(Stage)
products = table_of(Product)
deals = table_of(Deal)
deal_contacts = table_of(DealContact)
deal_products = table_of(DealProduct)
