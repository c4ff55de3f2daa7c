"""What a program's export files look like: which heading fills which field of which noun."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Profile:
    """A kept mapping, the user's own or one that comes with the product.

    `columns`: heading → `field` of the main noun, `noun.field` of another, "" to leave it out.
    `values`: `noun.field` → what the program writes → what we write. `signature`: headings that
    only this export has together. `source`: where external ids live. `documented`: where the
    headings are known from. `note`: what the user should know.
    """

    name: str
    noun: str
    columns: Mapping[str, str]
    program: str = ""
    source: str = ""
    signature: tuple[str, ...] = ()
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    documented: str = ""
    note: str = ""
