"""`python -m tests.faults [--minutes N] [--seed S] [--db URL]`: exits 1 if anything was lost, doubled or wrong.

Without `--db` it is a SQLite file that is thrown away; with the address of a PostgreSQL database a schema in it.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from tests import schemas
from tests.faults.run import last_line, run, table


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description="Nothing lost, nothing twice: try it.")
    parser.add_argument("--minutes", type=float, default=1.0, help="how long people are at work")
    parser.add_argument("--seed", type=int, default=1, help="what goes wrong, and when")
    parser.add_argument("--db", help="a PostgreSQL database; SQLite if left out")
    told = parser.parse_args()
    console = Console()
    with ExitStack() as stack:
        room = tempfile.TemporaryDirectory(prefix="convene-faults-", ignore_cleanup_errors=True)
        folder = Path(stack.enter_context(room))
        url = stack.enter_context(schemas.of_its_own(told.db)) if told.db else f"sqlite:///{folder / 'faults.db'}"
        report = run(
            url,
            folder,
            seconds=told.minutes * 60,
            seed=told.seed,
            say=lambda words: console.print(f"[dim]{datetime.now(UTC):%H:%M:%S} {words}[/dim]"),
        )
    console.print(table(report))
    for one in report.findings[:50]:
        console.print(f"{one.kind}: {one.what}", style="red", markup=False)
    console.print(last_line(report), markup=False, soft_wrap=True)
    return 0 if report.good else 1


if __name__ == "__main__":
    sys.exit(main())
