"""`crm message`."""

from __future__ import annotations

from crm_cli.activity_log import log_app

app = log_app("message", "Log messages (SMS, WhatsApp, chat), and list them.")
