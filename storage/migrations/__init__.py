"""The database's shape, step by step, and how to bring one up to date."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

import storage.tables
from storage import chain
from storage.database import JOB_PATIENCE, Database

HERE = Path(__file__).parent
UNSEALED = (None, "0001")
"""The shapes that had no chain of seals. Since then a version without a seal is a fault, and not sealed in silence."""


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's settings without a file: an installed package has no pyproject.toml beside it."""
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["connection"] = connection
    return config


def upgrade(db: Database, revision: str = "head") -> int:
    """Bring a database to the newest shape, or to an earlier one; one that is there already is left as it is.

    Returns how many versions of submissions were sealed that an earlier Convene had taken in without.
    """
    if is_current(db):
        return 0
    with db.engine.connect() as connection:
        before = revision_of(connection)
        command.upgrade(configuration(connection), revision)
    if before not in UNSEALED or not is_current(db):
        return 0
    with db.begin(patience=JOB_PATIENCE) as session:
        return chain.seal_rest(session)


def upgrade_within(connection: Connection) -> None:
    """Bring a database to the newest shape within the transaction of `connection`, which is left open."""
    config = configuration(connection)
    config.attributes["leave_open"] = True
    command.upgrade(config, "head")


def revisions() -> list[str]:
    """Every shape there has been, the oldest first."""
    found = ScriptDirectory.from_config(configuration()).walk_revisions()
    return [one.revision for one in reversed(list(found))]


def revision_of(connection: Connection) -> str | None:
    """Which shape a database has; None where it has none yet."""
    return MigrationContext.configure(connection).get_current_revision()


def is_current(db: Database) -> bool:
    """Whether a database has the newest shape."""
    with db.engine.connect() as connection:
        have = MigrationContext.configure(connection).get_current_heads()
    return set(have) == set(ScriptDirectory.from_config(configuration()).get_heads())


def differences(db: Database) -> list[object]:
    """What the models say that an upgraded database does not, or the other way round."""
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, storage.tables.metadata))
