"""`crm pipeline`."""

from __future__ import annotations

from crm_cli.options import new_app
from crm_cli.verbs import ALL_VERBS, add_verbs

app = new_app("pipeline.")
add_verbs(app, "pipeline", (*ALL_VERBS, "tag", "untag"))
