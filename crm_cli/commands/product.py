"""`crm product`."""

from __future__ import annotations

from crm_cli.options import new_app
from crm_cli.verbs import ALL_VERBS, add_verbs

app = new_app("product.")
add_verbs(app, "product", (*ALL_VERBS,))
