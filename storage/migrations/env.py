"""Alembic's entry: on the connection it is handed, or on DATABASE_URL when run from a shell."""

import os
from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection
from sqlmodel import AutoString

from storage.database import Database, UtcDateTime
from storage.tables import metadata


def _plain_types(kind: str, item: object, _: AutogenContext) -> str | Literal[False]:
    """Write the project's own types plainly, so that a revision reads well and stands alone."""
    if kind == "type" and isinstance(item, AutoString):
        return "sa.String()"
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        render_item=_plain_types,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    # A connection that has looked something up before is in a transaction already, and alembic leaves that one open.
    if not context.config.attributes.get("leave_open"):
        connection.commit()


handed = context.config.attributes.get("connection")
if handed is not None:
    _run(handed)
else:
    with Database(os.environ.get("DATABASE_URL", "sqlite:///convene.db")).engine.connect() as opened:
        _run(opened)
