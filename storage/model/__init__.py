"""The schema by area: base, people, sales, work, anything, journal.

Links are plain foreign-key columns, without relationships across areas, so that a command imports
only the areas it needs.
"""
