"""The chain over submissions: each version is a link, so that none can be changed or taken out without its being seen.

A link is H(previous, submission, version, H(salt, content)), with SHA-256, written in hexadecimal. Salt and content can
be erased and the links still hold together: without the salt nobody can guess the words from what is left.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

Kind = Literal["reflection", "checkin"]
KINDS: tuple[Kind, ...] = ("reflection", "checkin")
BEGINNING = ""
"""What stands before the first link of a program."""

Why = Literal[
    "changed",
    "version gone",
    "link changed",
    "links missing",
    "head differs",
    "not sealed",
    "erased by hand",
    "not quite erased",
]


@dataclass(frozen=True)
class Link:
    """One version's place in its program's chain. `content` is H(salt, content), `link` the link itself."""

    number: int
    kind: Kind
    receipt: int
    version: int
    content: str
    link: str


@dataclass(frozen=True)
class Kept:
    """What is there of a version that a link is about: H(salt, content) as it can be made now, in every way it may be.

    `erased` says that it was emptied, `author_erased` that its author was erased as well, `empty` that nothing is left.
    """

    contents: frozenset[str]
    erased: bool = False
    author_erased: bool = False
    empty: bool = False


@dataclass(frozen=True)
class Broken:
    """A place where the chain does not hold. `receipt` and `version` are 0 where it is about no submission."""

    why: Why
    number: int
    receipt: int = 0
    version: int = 0


@dataclass
class Walk:
    """Goes along one program's chain, link by link, and notes where it does not hold."""

    number: int = 0
    head: str = BEGINNING
    erased: int = 0

    def step(self, link: Link, kept: Kept | None) -> tuple[Broken, ...]:
        """Take the next link, with what is there of its version; a broken place does not make the later ones broken."""
        found: list[Why] = []
        if link.number != self.number + 1:
            found.append("links missing")
        elif link.link != link_hash(self.head, link.kind, link.receipt, link.version, link.content):
            found.append("link changed")
        if (wrong := _about(link, kept)) is not None:
            found.append(wrong)
        self.number, self.head = link.number, link.link
        self.erased += kept is not None and kept.erased
        return tuple(Broken(why, link.number, link.receipt, link.version) for why in found)

    def end(self, number: int, head: str) -> tuple[Broken, ...]:
        """Compare where the walk has ended with what the program's row says of its last link."""
        return () if (number, head) == (self.number, self.head) else (Broken("head differs", number),)


def new_salt() -> str:
    """Chance, which makes a version's words impossible to guess from their hash."""
    return secrets.token_hex(16)


def canonical(said: Mapping[str, object]) -> bytes:
    """What a version says as bytes that are the same on every machine; times are written in UTC."""
    return json.dumps(said, sort_keys=True, separators=(",", ":"), default=_plain).encode()


def content_hash(salt: str, said: Mapping[str, object]) -> str:
    """H(salt, content)."""
    return _hash(salt.encode(), canonical(said))


def link_hash(previous: str, kind: Kind, receipt: int, version: int, content: str) -> str:
    """H(previous, submission, version, H(salt, content)); a submission is named by its kind and receipt number."""
    return _hash(*(part.encode() for part in (previous, kind, str(receipt), str(version), content)))


def _about(link: Link, kept: Kept | None) -> Why | None:
    if kept is None:
        return "version gone"
    if not kept.erased:
        return None if link.content in kept.contents else "changed"
    if not kept.author_erased:
        return "erased by hand"
    return None if kept.empty else "not quite erased"


def _hash(*parts: bytes) -> str:
    """Of several parts, each with its length before it: no two sequences give the same bytes."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(len(part).to_bytes(8, "big") + part)
    return whole.hexdigest()


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    assert isinstance(value, date)
    return value.isoformat()
