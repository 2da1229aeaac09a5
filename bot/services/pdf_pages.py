"""Reads the text of a PDF's pages, as a program of its own: a PDF on standard input, JSON on standard output.

A PDF may be made so that reading it never ends or takes all memory. This process can be ended, and takes only so much.
It is given nothing but the file; whatever it stumbles over ends it, and whoever has started it draws the conclusion.
"""

from __future__ import annotations

import io
import json
import logging
import resource
import sys

from pypdf import PageObject, PasswordType, PdfReader
from pypdf.errors import DependencyError, PyPdfError

MEMORY = 1_000_000_000
PROCESSOR_SECONDS = 60
STUMBLES = (
    PyPdfError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What a page that is not as it should be makes the reader raise."""


def main() -> None:
    """Print {"pages": [text, or null for one that cannot be read]}, or {"why": what is the matter}."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
    logging.disable()
    most_pages, most_characters = int(sys.argv[1]), int(sys.argv[2])
    try:
        found = _read(sys.stdin.buffer.read(), most_pages, most_characters)
    except DependencyError:
        # A kind of encryption for which more than plain Python is needed, whether or not it has a password.
        found = {"why": "encrypted"}
    json.dump(found, sys.stdout)


def _read(data: bytes, most_pages: int, most_characters: int) -> dict[str, object]:
    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not _opens(reader):
        return {"why": "encrypted"}
    if len(reader.pages) > most_pages:
        return {"why": "too many pages"}
    pages: list[str | None] = []
    for page in reader.pages:
        pages.append(_text(page))
        if sum(len(one or "") for one in pages) > most_characters:
            return {"why": "too much text"}
    return {"pages": pages}


def _opens(reader: PdfReader) -> bool:
    """Whether it opens without a password, as one does that is only protected from being changed."""
    try:
        return reader.decrypt("") != PasswordType.NOT_DECRYPTED
    except NotImplementedError:
        return False


def _text(page: PageObject) -> str | None:
    try:
        return page.extract_text()
    except STUMBLES:
        return None


if __name__ == "__main__":
    main()
