"""Activities (what happened) and tasks (what must happen)."""

from datetime import date, datetime

import sqlalchemy as sa

from storage.columns import day, integer, link, moment, text
from storage.model.base import OPTIONS, Part, Record, one_of, table_of, uid_index


class Activity(Record, table=True):
    """A call, meeting, email, note, message or visit."""

    __tablename__ = "activities"
    __table_args__ = (
        uid_index("activities"),
        one_of("kind", ("call", "meeting", "email", "note", "message", "visit")),
        sa.CheckConstraint("direction IS NULL OR direction IN ('in', 'out')"),
        sa.CheckConstraint("minutes IS NULL OR minutes >= 0"),
        sa.Index("ix_activities_deal", "deal_id", "happened_at"),
        sa.Index("ix_activities_company", "company_id", "happened_at"),
        OPTIONS,
    )
    kind: str = text()
    happened_at: datetime = moment(index=True)
    subject: str = text(default="")
    note: str = text(default="")
    direction: str | None = text(null=True)
    outcome: str | None = text(null=True)
    minutes: int | None = integer(null=True)
    company_id: int | None = link("companies.id", index=False)
    deal_id: int | None = link("deals.id", index=False)
    owner_id: int | None = link("users.id")
    external_source: str = text(default="")
    external_id: str | None = text(null=True)


class ActivityContact(Part, table=True):
    """A contact who took part in an activity."""

    __tablename__ = "activity_contacts"
    __table_args__ = (
        sa.Index("ux_activity_contacts", "activity_id", "contact_id", unique=True),
        OPTIONS,
    )
    activity_id: int = link("activities.id", null=False, index=False)
    contact_id: int = link("contacts.id", null=False)


class Task(Record, table=True):
    """Something that must happen. `due_at` is set when a time of day was given.

    `repeat` is an RFC 5545 rule (`FREQ=WEEKLY`); `repeat_from` says whether the next one counts
    from the due day or from the day it was done.
    """

    __tablename__ = "tasks"
    __table_args__ = (
        uid_index("tasks"),
        one_of("priority", ("low", "normal", "high", "urgent")),
        one_of("repeat_from", ("due", "done")),
        sa.Index("ix_tasks_open", "owner_id", "due_on"),
        sa.CheckConstraint("due_at IS NULL OR due_on IS NOT NULL"),
        OPTIONS,
    )
    title: str = text()
    title_key: str = text(index=True)
    due_on: date | None = day(index=True)
    due_at: datetime | None = moment(null=True)
    priority: str = text(default="normal")
    owner_id: int | None = link("users.id")
    contact_id: int | None = link("contacts.id")
    company_id: int | None = link("companies.id")
    deal_id: int | None = link("deals.id")
    activity_id: int | None = link("activities.id")
    repeat: str | None = text(null=True)
    repeat_from: str = text(default="due")
    follows_id: int | None = link("tasks.id")
    done_at: datetime | None = moment(null=True, index=True)
    note: str | None = text(null=True)


activities = table_of(Activity)
activity_contacts = table_of(ActivityContact)
tasks = table_of(Task)
