"""Every area at once, for migrations and checks."""

from storage.model import anything, journal, people, sales, work

__all__ = ["anything", "journal", "people", "sales", "work"]
