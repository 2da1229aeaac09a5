"""`python -m storage.migrations.remake`: write the open revision again from the models.

The open revision is the one that no release has carried yet: databases elsewhere never stand at it, so it may change.
Those before it are closed. What autogenerate cannot know (a value for rows that are there already) is told in the
models, as `server_default`, or in the revision by hand once it is closed.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from alembic import command

from storage.database import Database
from storage.migrations import HERE, configuration

CLOSED = "0002"
"""The newest revision that a release has carried."""
OPEN = "0003"


def main() -> None:
    """Replace the open revision by one made from the models against a database at the closed one."""
    versions = HERE / "versions"
    for path in versions.glob(f"{OPEN}_*.py"):
        path.unlink()
    with tempfile.TemporaryDirectory() as folder:
        db = Database(f"sqlite:///{Path(folder) / 'closed.db'}")
        with db.engine.connect() as connection:
            command.upgrade(configuration(connection), CLOSED)
        with db.engine.connect() as connection:
            command.revision(configuration(connection), "administration", autogenerate=True, rev_id=OPEN)
        db.close()
    for tool in (["format", "-q"], ["check", "--fix", "-q"], ["format", "-q"]):
        subprocess.run([sys.executable, "-m", "ruff", *tool, str(versions)], check=True)


if __name__ == "__main__":
    main()
