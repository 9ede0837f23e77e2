"""Alembic's entry: it migrates over the connection that `lms.storage.schema` hands it."""

from alembic import context

from lms.storage.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
