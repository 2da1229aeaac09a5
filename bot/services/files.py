"""Files that are there as a whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkstemp

BESIDE = ("-wal", "-shm", "-journal")
"""What SQLite may put beside a file while it is open."""


@contextmanager
def unfinished(file: Path) -> Iterator[Path]:
    """A file beside another that nobody else can read; gone afterwards, unless it was moved away."""
    handle, name = mkstemp(prefix=f".{file.name}.", suffix=".unfinished", dir=file.parent)
    os.close(handle)
    path = Path(name)
    try:
        yield path
    finally:
        for end in ("", *BESIDE):
            Path(f"{path}{end}").unlink(missing_ok=True)


def settle(path: Path, file: Path) -> None:
    """Move what is finished to its place, so that a machine that loses its power has the old file or the new one."""
    with path.open("rb") as made:
        os.fsync(made.fileno())
    path.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
