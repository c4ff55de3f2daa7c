"""`crm meeting`."""

from __future__ import annotations

from crm_cli.activity_log import log_app

app = log_app("meeting", "Log meetings, and list them.")
