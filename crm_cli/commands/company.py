"""`crm company`."""

from __future__ import annotations

from crm_cli.options import new_app
from crm_cli.verbs import ALL_VERBS, add_verbs

app = new_app("company.")
add_verbs(app, "company", (*ALL_VERBS,))
