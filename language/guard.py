"""Keep a cell from becoming a formula when a spreadsheet opens a CSV file.

Excel, LibreOffice and Google Sheets run `=HYPERLINK(…)`, `@SUM(…)`, `+cmd|…` from plain text.
An apostrophe in front stops that. The escape is exact: `unguard(guard(text)) == text` for every
text, so an exported file comes back unchanged, and phones and negative numbers are not touched.
"""

from __future__ import annotations

import re

# Any number of apostrophes first: a text that already looks guarded gets one more, which is what
# lets `unguard` take exactly one away.
_LIVE = re.compile(r"'*[=+\-@\t\r\n|%＝＋－＠]")
_NUMBER = re.compile(r"\+[\d\s().-]+|-[\d\s.]+")


def guard(text: str) -> str:
    """Return `text` so that a spreadsheet shows it and never runs it."""
    return f"'{text}" if is_live(text) else text


def unguard(text: str) -> str:
    """Return what `guard` was given: takes away its one apostrophe, and no other."""
    return text[1:] if text.startswith("'") and is_live(text[1:]) else text


def is_live(text: str) -> bool:
    """Say whether a spreadsheet may run `text`, or would read it as a guarded text.

    Phones (`+34 600 111 222`) and plain negative numbers (`-12.50`) are not live.
    """
    return _LIVE.match(text) is not None and _NUMBER.fullmatch(text) is None
