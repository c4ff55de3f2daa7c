"""`crm user`: colleagues, their roles, teams and managers."""

from __future__ import annotations

from crm_cli.options import new_app
from crm_cli.verbs import ALL_VERBS, add_verbs

app = new_app("Colleagues, their roles, teams and managers.")
add_verbs(app, "user", ALL_VERBS)
