"""The first schema, as it was released: this file never changes, whatever the model becomes.

Every table is STRICT and counts its numbers up (AUTOINCREMENT), so that a number is never given
twice. `record` and `part` add the columns that rows of that shape carry; see storage/model/base.py.
"""

import sqlalchemy as sa
from alembic import op

from storage import columns, history, search

revision = "0001"
down_revision = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    """Make every table, its history triggers and the search index."""
    make_tables()
    connection = op.get_bind()
    connection.exec_driver_sql("INSERT INTO open_command (id, replaying) VALUES (1, 0)")
    connection.exec_driver_sql(search.CREATE)


def column(name, kind, *more, null=False, default=None, key=False):
    return sa.Column(name, kind, *more, nullable=null, server_default=default, primary_key=key)


def text(name, **facts):
    return column(name, sa.Text(), **facts)


def whole(name, **facts):
    return column(name, WHOLE, **facts)


def flag(name, **facts):
    return column(name, columns.Flag(), **facts)


def moment(name, **facts):
    return column(name, columns.Moment(), **facts)


def day(name, **facts):
    return column(name, columns.Day(), **facts)


def json(name, **facts):
    return column(name, columns.Json(), **facts)


def link(name, *, to, **facts):
    return column(name, WHOLE, sa.ForeignKey(to), **facts)


def index(name, *names, unique=False, where=None):
    return (name, names, {"unique": unique, "sqlite_where": where, "postgresql_where": where})


def unique(name, *names):
    return index(name, *names, unique=True)


def living(name, *names):
    """Unique among rows outside the trash."""
    return index(name, *names, unique=True, where=sa.text("deleted_at IS NULL"))


def table(name, *items, autoincrement=True):
    inside = [item for item in items if not isinstance(item, tuple)]
    options = {"sqlite_autoincrement": True} if autoincrement else {}
    made = op.create_table(name, *inside, sqlite_strict=True, **options)
    for title, names, facts in (item for item in items if isinstance(item, tuple)):
        op.create_index(title, name, list(names), **facts)
    if name not in {"commands", "changes", "open_command", "settings"}:
        history.install(op.get_bind(), made)


def record(name, *items):
    table(
        name,
        whole("id", key=True),
        text("uid"),
        whole("version", default="1"),
        whole("created_by_command"),
        moment("created_at"),
        moment("updated_at"),
        moment("deleted_at", null=True),
        *items,
        unique(f"ux_{name}_uid", "uid"),
        index(f"ix_{name}_created_by_command", "created_by_command"),
    )


def part(name, *items):
    table(
        name,
        whole("id", key=True),
        whole("version", default="1"),
        whole("created_by_command"),
        *items,
        index(f"ix_{name}_created_by_command", "created_by_command"),
    )


def make_tables():
    record(
        "attachments",
        text("noun"), whole("record_id"), text("name"), text("name_key"), text("sha256"),
        whole("size"), text("media_type", default="application/octet-stream"),
        text("note", null=True), sa.CheckConstraint("length(sha256) = 64"),
        sa.CheckConstraint("size >= 0"), index("ix_attachments_name_key", "name_key"),
        index("ix_attachments_record", "noun", "record_id"),
        index("ix_attachments_sha256", "sha256"),
    )
    table(
        "changes",
        whole("id", key=True), whole("command_id"), text("table_name"), whole("row_id"),
        text("noun"), whole("record_id"), text("kind"), whole("version"), text("before"),
        text("after", null=True), sa.CheckConstraint("kind IN ('U', 'D', 'I')"),
        index("ix_changes_command", "command_id"),
        index("ix_changes_record", "noun", "record_id"),
        index("ix_changes_row", "table_name", "row_id"),
    )
    table(
        "commands",
        whole("id", key=True), text("uid"), text("name"), text("summary", default=""),
        text("kind", default="command"), text("via", default="cli"), text("actor", default=""),
        text("host", default=""), whole("pid", default="0"), text("argv", default=""),
        moment("started_at"), whole("undo_of", null=True), whole("undone_by", null=True),
        index("ix_commands_actor", "actor", "id"), index("ix_commands_undo_of", "undo_of"),
        unique("ux_commands_uid", "uid"),
    )
    record(
        "custom_fields",
        text("noun"), text("key"), text("label"), text("kind"), json("choices", default="[]"),
        text("target", null=True), flag("required", default="0"), text("help", null=True),
        sa.CheckConstraint("kind IN ('text', 'number', 'money', 'date', 'choice', 'flag', 'link')"),
        living("ux_custom_fields_key", "noun", "key"),
    )
    table(
        "open_command",
        whole("id", key=True), whole("command_id", null=True), flag("replaying", default="0"),
        sa.CheckConstraint("id = 1"), autoincrement=False,
    )
    record(
        "pipelines",
        text("name"), text("name_key"), flag("standard", default="0"), text("note", null=True),
        living("ux_pipelines_name", "name_key"),
    )
    record(
        "products",
        text("name"), text("name_key"), text("code", null=True), text("family", null=True),
        whole("price_minor", null=True), text("price_currency", null=True),
        text("unit", null=True), flag("active", default="1"), text("note", null=True),
        sa.CheckConstraint("price_minor IS NULL OR price_currency IS NOT NULL"),
        living("ux_products_code", "code"), living("ux_products_name", "name_key"),
    )
    table(
        "settings",
        text("key", key=True), text("value", default=""), autoincrement=False,
    )
    record(
        "tags",
        text("name"), text("name_key"), text("note", null=True),
        living("ux_tags_name", "name_key"),
    )
    record(
        "users",
        text("name"), text("name_key"), text("login", null=True), text("email", null=True),
        text("role", default="rep"), text("team", null=True), text("region", null=True),
        link("manager_id", to="users.id", null=True), flag("active", default="1"),
        sa.CheckConstraint("role IN ('rep', 'manager', 'admin')"),
        index("ix_users_login", "login"), index("ix_users_manager_id", "manager_id"),
        living("ux_users_name", "name_key"),
    )
    record(
        "companies",
        text("name"), text("name_key"), link("parent_id", to="companies.id", null=True),
        text("industry", null=True), whole("size", null=True), whole("revenue_minor", null=True),
        text("revenue_currency", null=True), whole("founded", null=True),
        link("owner_id", to="users.id", null=True), text("source", null=True),
        text("note", null=True), text("external_source", default=""),
        text("external_id", null=True),
        sa.CheckConstraint("parent_id IS NULL OR parent_id <> id"),
        sa.CheckConstraint("revenue_minor IS NULL OR revenue_currency IS NOT NULL"),
        index("ix_companies_external_id", "external_id"),
        index("ix_companies_industry", "industry"), index("ix_companies_name_key", "name_key"),
        index("ix_companies_owner_id", "owner_id"), index("ix_companies_parent_id", "parent_id"),
        living("ux_companies_external", "external_source", "external_id"),
    )
    part(
        "custom_values",
        link("field_id", to="custom_fields.id"), text("noun"), whole("record_id"),
        text("content", null=True), whole("number", null=True), text("currency", null=True),
        index("ix_custom_values_content", "field_id", "content"),
        index("ix_custom_values_number", "field_id", "number"),
        unique("ux_custom_values", "noun", "record_id", "field_id"),
    )
    record(
        "stages",
        link("pipeline_id", to="pipelines.id"), text("name"), text("name_key"), whole("position"),
        text("outcome", default="open"), whole("probability", null=True),
        whole("rotting_days", null=True), json("required", default="[]"),
        sa.CheckConstraint("outcome IN ('open', 'won', 'lost')"),
        sa.CheckConstraint("probability IS NULL OR probability BETWEEN 0 AND 100"),
        sa.CheckConstraint("rotting_days IS NULL OR rotting_days > 0"),
        index("ix_stages_pipeline_id", "pipeline_id"),
        living("ux_stages_name", "pipeline_id", "name_key"),
    )
    part(
        "taggings",
        text("noun"), whole("record_id"), link("tag_id", to="tags.id"),
        index("ix_taggings_tag", "tag_id", "noun", "record_id"),
        unique("ux_taggings", "noun", "record_id", "tag_id"),
    )
    record(
        "contacts",
        text("name"), text("name_key"), text("given_name", null=True),
        text("family_name", null=True), text("job_title", null=True),
        link("company_id", to="companies.id", null=True),
        link("owner_id", to="users.id", null=True), text("source", null=True),
        link("referrer_id", to="contacts.id", null=True), text("channel", null=True),
        text("note", null=True), text("external_source", default=""),
        text("external_id", null=True),
        sa.CheckConstraint("referrer_id IS NULL OR referrer_id <> id"),
        index("ix_contacts_company_id", "company_id"),
        index("ix_contacts_external_id", "external_id"),
        index("ix_contacts_name_key", "name_key"), index("ix_contacts_owner_id", "owner_id"),
        index("ix_contacts_referrer_id", "referrer_id"),
        living("ux_contacts_external", "external_source", "external_id"),
    )
    record(
        "deals",
        text("title"), text("title_key"), link("company_id", to="companies.id", null=True),
        link("owner_id", to="users.id", null=True), link("pipeline_id", to="pipelines.id"),
        link("stage_id", to="stages.id"), moment("stage_since"), whole("amount_minor", null=True),
        text("currency", null=True), whole("probability", null=True),
        day("expected_close", null=True), day("opened_on", null=True),
        moment("opened_at", null=True), day("closed_on", null=True),
        moment("closed_at", null=True), text("source", null=True), text("lost_reason", null=True),
        text("competitor", null=True), whole("gap_percent", null=True),
        day("retry_on", null=True), whole("slips", default="0"), text("note", null=True),
        text("external_source", default=""), text("external_id", null=True),
        sa.CheckConstraint("amount_minor IS NULL OR currency IS NOT NULL"),
        sa.CheckConstraint("probability IS NULL OR probability BETWEEN 0 AND 100"),
        index("ix_deals_closed_on", "closed_on"), index("ix_deals_company_id", "company_id"),
        index("ix_deals_expected_close", "expected_close"),
        index("ix_deals_external_id", "external_id"), index("ix_deals_owner_id", "owner_id"),
        index("ix_deals_pipeline_id", "pipeline_id"), index("ix_deals_retry_on", "retry_on"),
        index("ix_deals_stage_closed", "stage_id", "closed_on"),
        index("ix_deals_title_key", "title_key"),
        living("ux_deals_external", "external_source", "external_id"),
    )
    part(
        "domains",
        link("company_id", to="companies.id"), text("domain"), text("domain_key"),
        flag("preferred", default="0"), index("ix_domains_company_id", "company_id"),
        index("ix_domains_key", "domain_key"),
    )
    record(
        "activities",
        text("kind"), moment("happened_at"), text("subject", default=""),
        text("note", default=""), text("direction", null=True), text("outcome", null=True),
        whole("minutes", null=True), link("company_id", to="companies.id", null=True),
        link("deal_id", to="deals.id", null=True), link("owner_id", to="users.id", null=True),
        text("external_source", default=""), text("external_id", null=True),
        sa.CheckConstraint("kind IN ('call', 'meeting', 'email', 'note', 'message', 'visit')"),
        sa.CheckConstraint("direction IS NULL OR direction IN ('in', 'out')"),
        sa.CheckConstraint("minutes IS NULL OR minutes >= 0"),
        index("ix_activities_company", "company_id", "happened_at"),
        index("ix_activities_deal", "deal_id", "happened_at"),
        index("ix_activities_happened_at", "happened_at"),
        index("ix_activities_owner_id", "owner_id"),
    )
    part(
        "addresses",
        link("contact_id", to="contacts.id", null=True),
        link("company_id", to="companies.id", null=True), text("address"),
        text("city", null=True), text("region", null=True), text("postcode", null=True),
        text("country", null=True), text("label", default="work"), flag("preferred", default="0"),
        sa.CheckConstraint("(contact_id IS NULL) <> (company_id IS NULL)"),
        index("ix_addresses_company_id", "company_id"),
        index("ix_addresses_contact_id", "contact_id"),
    )
    part(
        "deal_contacts",
        link("deal_id", to="deals.id"), link("contact_id", to="contacts.id"),
        text("role", null=True), index("ix_deal_contacts_contact_id", "contact_id"),
        unique("ux_deal_contacts", "deal_id", "contact_id"),
    )
    part(
        "deal_products",
        link("deal_id", to="deals.id"), link("product_id", to="products.id"),
        whole("quantity_milli", default="1000"), whole("price_minor", null=True),
        whole("discount_bp", default="0"), whole("total_minor", null=True),
        sa.CheckConstraint("quantity_milli > 0"),
        sa.CheckConstraint("discount_bp BETWEEN 0 AND 10000"),
        index("ix_deal_products_deal_id", "deal_id"),
        index("ix_deal_products_product_id", "product_id"),
    )
    part(
        "emails",
        link("contact_id", to="contacts.id", null=True),
        link("company_id", to="companies.id", null=True), text("address"), text("address_key"),
        text("label", default="work"), flag("preferred", default="0"),
        sa.CheckConstraint("(contact_id IS NULL) <> (company_id IS NULL)"),
        index("ix_emails_company_id", "company_id"), index("ix_emails_contact_id", "contact_id"),
        index("ix_emails_key", "address_key"),
    )
    part(
        "handles",
        link("contact_id", to="contacts.id", null=True),
        link("company_id", to="companies.id", null=True), text("handle"),
        text("label", default="web"), flag("preferred", default="0"),
        sa.CheckConstraint("(contact_id IS NULL) <> (company_id IS NULL)"),
        index("ix_handles_company_id", "company_id"),
        index("ix_handles_contact_id", "contact_id"),
    )
    part(
        "interests",
        link("contact_id", to="contacts.id"), text("kind"), text("name"),
        sa.CheckConstraint("kind IN ('hobby', 'group')"),
        index("ix_interests_contact_id", "contact_id"),
    )
    part(
        "personal_dates",
        link("contact_id", to="contacts.id"), text("label", default="birthday"),
        text("month_day"), whole("year", null=True), text("note", null=True),
        sa.CheckConstraint("length(month_day) = 5"),
        index("ix_personal_dates_contact_id", "contact_id"),
        index("ix_personal_dates_month_day", "month_day"),
    )
    part(
        "phones",
        link("contact_id", to="contacts.id", null=True),
        link("company_id", to="companies.id", null=True), text("raw"), text("e164", null=True),
        text("number_key"), text("label", default="work"), flag("preferred", default="0"),
        sa.CheckConstraint("(contact_id IS NULL) <> (company_id IS NULL)"),
        index("ix_phones_company_id", "company_id"), index("ix_phones_contact_id", "contact_id"),
        index("ix_phones_key", "number_key"),
    )
    part(
        "relations",
        link("contact_id", to="contacts.id"), link("other_id", to="contacts.id"), text("kind"),
        text("note", null=True), sa.CheckConstraint("contact_id <> other_id"),
        index("ix_relations_contact_id", "contact_id"),
        index("ix_relations_other_id", "other_id"),
        unique("ux_relations", "contact_id", "other_id", "kind"),
    )
    part(
        "activity_contacts",
        link("activity_id", to="activities.id"), link("contact_id", to="contacts.id"),
        index("ix_activity_contacts_contact_id", "contact_id"),
        unique("ux_activity_contacts", "activity_id", "contact_id"),
    )
    record(
        "tasks",
        text("title"), text("title_key"), day("due_on", null=True), moment("due_at", null=True),
        text("priority", default="normal"), link("owner_id", to="users.id", null=True),
        link("contact_id", to="contacts.id", null=True),
        link("company_id", to="companies.id", null=True),
        link("deal_id", to="deals.id", null=True),
        link("activity_id", to="activities.id", null=True), text("repeat", null=True),
        text("repeat_from", default="due"), link("follows_id", to="tasks.id", null=True),
        moment("done_at", null=True), text("note", null=True),
        sa.CheckConstraint("priority IN ('low', 'normal', 'high', 'urgent')"),
        sa.CheckConstraint("repeat_from IN ('due', 'done')"),
        sa.CheckConstraint("due_at IS NULL OR due_on IS NOT NULL"),
        index("ix_tasks_activity_id", "activity_id"), index("ix_tasks_company_id", "company_id"),
        index("ix_tasks_contact_id", "contact_id"), index("ix_tasks_deal_id", "deal_id"),
        index("ix_tasks_done_at", "done_at"), index("ix_tasks_due_on", "due_on"),
        index("ix_tasks_follows_id", "follows_id"), index("ix_tasks_open", "owner_id", "due_on"),
        index("ix_tasks_owner_id", "owner_id"), index("ix_tasks_title_key", "title_key"),
    )
