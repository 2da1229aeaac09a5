"""Documents that are dropped into a conversation: what can be read of them, and what becomes of one."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePosixPath
from typing import Literal

from bot.domain.documents import Trouble
from bot.domain.people import Viewer
from bot.domain.programs import Audience, Document, Program

READABLE = (".pdf", ".txt", ".text", ".md", ".markdown")
LONGEST_TITLE = 75
"""Characters: the name of a document stands in menus."""
MOST = 10
"""Files of one message that are offered."""
LEASE = timedelta(minutes=5)
"""For how long a process that reads one keeps the others from it."""
AGAIN = timedelta(minutes=1)
MOST_ATTEMPTS = 6
AUDIENCES: tuple[Audience, ...] = ("all", "cohort", "applicants")

Problem = Literal["title", "long title", "gone", "full"]
Failure = Literal["forbidden in Slack", "gone in Slack", "elsewhere", "too large", "Slack", "twice", "refused"]
"""Why a file was not read, besides what is the matter with the document itself."""
State = Literal["offered", "wanted", "used", "unread"]


@dataclass(frozen=True)
class Dropped:
    """A file as it is told of: `programs` are those that may use it, `state` what has become of it.

    `why` says why nothing can be quoted from it; `same` is the document that it is already.
    """

    id: int
    name: str
    state: State
    programs: tuple[Program, ...] = ()
    title: str = ""
    audience: Audience = "all"
    replaced: bool = False
    pages: int = 0
    passages: int = 0
    wordless: int = 0
    why: Trouble | Failure | None = None
    same: str = ""


@dataclass(frozen=True)
class Form:
    """What the form asks: the name that is proposed, and the documents that it may replace."""

    program: Program
    dropped: Dropped
    documents: tuple[Document, ...]


@dataclass(frozen=True)
class Wanted:
    """It is going to be read, and what comes of it is told where it was dropped."""

    program: Program
    title: str


@dataclass(frozen=True)
class Before:
    """Somebody was there before: it is being read, or it is a source already."""

    program: Program
    dropped: Dropped


@dataclass(frozen=True)
class Rejected:
    """What is wrong, by field."""

    problems: Mapping[str, Problem]


@dataclass(frozen=True)
class Gone:
    """The file or the document is no longer known."""

    program: Program | None = None


@dataclass(frozen=True)
class Kept:
    """A document of a program as the list has it: how much can be quoted, or what is the matter."""

    document: Document
    pages: int
    passages: int
    why: Trouble | None = None


@dataclass(frozen=True)
class Listing:
    """All documents of a program, for one who looks after them."""

    viewer: Viewer
    documents: tuple[Kept, ...]
    removed: str = ""


def is_readable(name: str) -> bool:
    """Whether a file is of a kind that can be read, by its name."""
    return PurePosixPath(name.casefold()).suffix in READABLE


def proposed(name: str) -> str:
    """What a document may be called, by its file's name."""
    words = re.sub(r"[_\s]+", " ", PurePosixPath(name).stem).strip()
    return (words[:1].upper() + words[1:])[:LONGEST_TITLE].strip() or "Document"


def key_for(title: str, taken: Collection[str]) -> str:
    """A key that no document has or had."""
    whole = re.sub(r"[^a-z0-9]+", "-", title.casefold()).strip("-")[:40].strip("-") or "document"
    numbers = ("", *(f"-{number}" for number in range(2, len(taken) + 3)))
    return next(f"{whole}{number}" for number in numbers if f"{whole}{number}" not in taken)


def problems(title: str, replaces: str | None, documents: Sequence[Document], most: int) -> dict[str, Problem]:
    """What is wrong with a form that was handed in."""
    found: dict[str, Problem] = {}
    if not title:
        found["title"] = "title"
    elif len(title) > LONGEST_TITLE:
        found["title"] = "long title"
    if replaces is not None and all(one.key != replaces for one in documents):
        found["replaces"] = "gone"
    elif replaces is None and len(documents) >= most:
        found["replaces"] = "full"
    return found
