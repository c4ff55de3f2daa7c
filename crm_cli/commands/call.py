"""`crm call`."""

from __future__ import annotations

from crm_cli.activity_log import log_app

app = log_app("call", "Log calls, and list them.")
