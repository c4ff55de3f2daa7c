"""Unique ids made by the client, sortable by time: UUID version 7 (RFC 9562, section 5.7)."""

from __future__ import annotations

import os
import time


def new_uid() -> str:
    """Make one id, such as `019a9f5e-7c1b-7d3e-9a4f-0c2b6d8e1f35`."""
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
