r"""Texts that a cell of a spreadsheet cannot hold exactly, written so that they come back.

Nothing and an empty text look alike in a cell, and control characters do not survive one. Such a
text is written as `text:` and the text as JSON: `text:"bell \u0007"`. A text that begins with
`text:` is written so too. `unhold(hold(text)) == text` for every text.
"""

from __future__ import annotations

import json
import re

MARK = "text:"

# What XML forbids or changes, and what no spreadsheet shows.
_ODD = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_quoted = json.JSONEncoder(ensure_ascii=False).encode


def hold(text: str) -> str:
    """Give what to write into a cell for `text`."""
    if text and not text.startswith(MARK) and _ODD.search(text) is None:
        return text
    return MARK + _ODD.sub(lambda found: f"\\u{ord(found[0]):04x}", _quoted(text))


def unhold(cell: str) -> str:
    """Give the text that `hold` was given; raises ValueError for what `hold` cannot have made."""
    if not cell.startswith(MARK):
        return cell
    text = json.loads(cell[len(MARK) :])
    if not isinstance(text, str):
        message = "not a text"
        raise ValueError(message)  # noqa: TRY004  # of the caller's data, not of its type
    return text
