"""Alembic's entry: on the connection it is handed, or on DATABASE_URL when run from a shell."""

import os

from alembic import context
from sqlalchemy import Connection

from storage.database import Database
from storage.tables import metadata


def _run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()
    # A connection that has looked something up before is in a transaction already, and alembic leaves that one open.
    connection.commit()


handed = context.config.attributes.get("connection")
if handed is not None:
    _run(handed)
else:
    with Database(os.environ.get("DATABASE_URL", "sqlite:///convene.db")).engine.connect() as opened:
        _run(opened)
