"""Runs the steps on the connection that `storage.migrate` has opened; it owns the transaction."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], render_as_batch=True)
context.run_migrations()
