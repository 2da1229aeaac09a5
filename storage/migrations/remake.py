"""`python -m storage.migrations.remake`: write the first revision again from the models, until the first release."""

import subprocess
import sys
import tempfile
from pathlib import Path

from alembic import command

from storage.database import Database
from storage.migrations import HERE, configuration


def main() -> None:
    """Replace the only revision by one made from the models against an empty database."""
    versions = HERE / "versions"
    old = sorted(versions.glob("*.py"))
    if len(old) > 1:
        sys.exit("There is more than one revision: write a new one instead.")
    for path in old:
        path.unlink()
    with tempfile.TemporaryDirectory() as folder:
        db = Database(f"sqlite:///{Path(folder) / 'empty.db'}")
        with db.engine.connect() as connection:
            command.revision(configuration(connection), "first tables", autogenerate=True, rev_id="0001")
        db.close()
    for tool in (["format", "-q"], ["check", "--fix", "-q"], ["format", "-q"]):
        subprocess.run([sys.executable, "-m", "ruff", *tool, str(versions)], check=True)


if __name__ == "__main__":
    main()
