"""What can hang on any record: tags, custom fields, flags, attachments, what it is not.

These name their record by noun and number, so that a new noun needs no new table.
"""

import sqlalchemy as sa

from storage.columns import flag, integer, json_list, link, text
from storage.model.base import OPTIONS, Part, Record, one_of, table_of, uid_index, unique_living


class Tag(Record, table=True):
    """A word that groups records."""

    __tablename__ = "tags"
    __table_args__ = (uid_index("tags"), unique_living("ux_tags_name", "name_key"), OPTIONS)
    name: str = text()
    name_key: str = text()
    note: str | None = text(null=True)


class Tagging(Part, table=True):
    """A tag on a record."""

    __tablename__ = "taggings"
    __table_args__ = (
        sa.Index("ux_taggings", "noun", "record_id", "tag_id", unique=True),
        sa.Index("ix_taggings_tag", "tag_id", "noun", "record_id"),
        OPTIONS,
    )
    noun: str = text()
    record_id: int = integer()
    tag_id: int = link("tags.id", null=False, index=False)


class CustomField(Record, table=True):
    """A field that a team added to a noun."""

    __tablename__ = "custom_fields"
    __table_args__ = (
        uid_index("custom_fields"),
        unique_living("ux_custom_fields_key", "noun", "key"),
        one_of("kind", ("text", "number", "money", "date", "choice", "flag", "link")),
        OPTIONS,
    )
    noun: str = text()
    key: str = text()
    label: str = text()
    kind: str = text()
    choices: list[str] = json_list()
    target: str | None = text(null=True)  # the noun that a link points to
    required: bool = flag()
    help: str | None = text(null=True)


class CustomValue(Part, table=True):
    """A value of a custom field on a record.

    `content` holds text, a choice or an ISO day; `number` holds millionths for kind number, minor
    units for money (with `currency`), 0/1 for flag, the record's number for link.
    """

    __tablename__ = "custom_values"
    __table_args__ = (
        sa.Index("ux_custom_values", "noun", "record_id", "field_id", unique=True),
        sa.Index("ix_custom_values_content", "field_id", "content"),
        sa.Index("ix_custom_values_number", "field_id", "number"),
        OPTIONS,
    )
    field_id: int = link("custom_fields.id", null=False, index=False)
    noun: str = text()
    record_id: int = integer()
    content: str | None = text(null=True)
    number: int | None = integer(null=True)
    currency: str | None = text(null=True)


class Flag(Part, table=True):
    """A value that an import could not read, kept as it was given until the field is filled."""

    __tablename__ = "flags"
    __table_args__ = (sa.Index("ix_flags_record", "noun", "record_id", "field"), OPTIONS)
    noun: str = text()
    record_id: int = integer()
    field: str = text()
    content: str = text()
    reason: str = text(default="")


class Distinction(Part, table=True):
    """Two records of a noun that somebody said are different; `record_id` is the lower number."""

    __tablename__ = "distinctions"
    __table_args__ = (
        sa.Index("ux_distinctions", "noun", "record_id", "other_id", unique=True),
        sa.Index("ix_distinctions_other", "noun", "other_id"),
        sa.CheckConstraint("record_id < other_id"),
        OPTIONS,
    )
    noun: str = text()
    record_id: int = integer()
    other_id: int = integer()


class Attachment(Record, table=True):
    """A file on a record, stored once under the SHA-256 of its content."""

    __tablename__ = "attachments"
    __table_args__ = (
        uid_index("attachments"),
        sa.Index("ix_attachments_record", "noun", "record_id"),
        sa.CheckConstraint("length(sha256) = 64"),
        sa.CheckConstraint("size >= 0"),
        OPTIONS,
    )
    noun: str = text()
    record_id: int = integer()
    name: str = text()
    name_key: str = text(index=True)
    sha256: str = text(index=True)
    size: int = integer()
    media_type: str = text(default="application/octet-stream")
    note: str | None = text(null=True)


tags = table_of(Tag)
taggings = table_of(Tagging)
custom_fields = table_of(CustomField)
custom_values = table_of(CustomValue)
flags = table_of(Flag)
distinctions = table_of(Distinction)
attachments = table_of(Attachment)
