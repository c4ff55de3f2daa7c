"""`crm visit`."""

from __future__ import annotations

from crm_cli.activity_log import log_app

app = log_app("visit", "Log visits, and list them.")
