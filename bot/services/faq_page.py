"""A page's file, written so that whoever serves the folder never serves half of it."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def write(*, out: Path, name: str, text: str) -> Path:
    """Put a file into a folder, in the place of an earlier one; the folder is made if it is not there.

    Raises OSError when that cannot be done; then what was there is there still.
    """
    out.mkdir(parents=True, exist_ok=True)
    unfinished = out / f".{name}.{secrets.token_hex(8)}"
    try:
        with unfinished.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(out / name)
    finally:
        unfinished.unlink(missing_ok=True)
    return out / name
