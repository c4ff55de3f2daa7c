"""`crm email`."""

from __future__ import annotations

from crm_cli.activity_log import log_app

app = log_app("email", "Log e-mails, and list them.")
