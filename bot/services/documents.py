"""Reading a program's documents from their files, keeping what they say, and looking in it."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from signal import SIGXCPU
from typing import get_args

from sqlmodel import Session

from bot.domain import documents as rules
from bot.domain import pages
from bot.domain.documents import PASSING, Found, Index, Judge, Passage, Read, Reading, Same, Trouble, Unread
from bot.domain.modes import spoken
from bot.domain.pages import Piece
from bot.domain.programs import Audience, Document, Program
from bot.domain.questions import EVERYTHING
from bot.services.vectors import Vectors
from storage import documents as rows
from storage import programs as program_rows
from storage.database import Database
from storage.documents import DocumentRow, PassageRow

PDF = b"%PDF-"
TEXT_ENDINGS = frozenset((".txt", ".text", ".md", ".markdown", ""))
RULES = 1
"""Grows when passages are cut otherwise, so that every document is cut anew when it is loaded next."""


def read(
    *,
    folder: Path,
    documents: Iterable[Document],
    known: Mapping[str, str] | None = None,
    seconds: float = rules.SECONDS,
) -> tuple[Reading, ...]:
    """Read documents from their files; what cannot be read is among the outcomes.

    `folder` is the program file's: nothing outside of it is read. `known` are fingerprints by key: a file that has the
    same one is not read again. `seconds` is how long one PDF may take.
    """
    return tuple(_read(folder, one, (known or {}).get(one.key), seconds) for one in documents)


def known(*, session: Session, slug: str) -> Mapping[str, str]:
    """The fingerprints of a program's documents as they were read, by key; none while it is not stored."""
    program = program_rows.get(session, slug)
    there = rows.of_program(session, program.id or 0) if program is not None else {}
    return {key: row.fingerprint for key, row in there.items() if row.fingerprint is not None}


def keep(
    *, session: Session, program_id: int, listed: Iterable[str], readings: Sequence[Reading], now: datetime
) -> tuple[tuple[Reading, ...], bool]:
    """Store what was read, and forget what is no longer `listed`; the outcomes, and whether what can be quoted changed.

    What only could not be found keeps its text from an earlier time.
    """
    there = rows.of_program(session, program_id)
    gone = [row for key, row in there.items() if key not in frozenset(listed)]
    for row in gone:
        rows.remove(session, row)
    changed = any(row.fingerprint is not None for row in gone)
    outcomes: list[Reading] = []
    for reading in readings:
        key = reading.document.key
        row = there.get(key) or DocumentRow(program_id=program_id, key=key, looked_at=now)
        before = row.fingerprint
        outcomes.append(_keep(session, row, reading, now))
        changed = changed or row.fingerprint != before
    return tuple(outcomes), changed


def put(*, session: Session, program_id: int, reading: Read, now: datetime) -> None:
    """Store what was read of one document, in the place of what was stored of it."""
    there = rows.of_program(session, program_id).get(reading.document.key)
    row = there or DocumentRow(program_id=program_id, key=reading.document.key, looked_at=now)
    row.fingerprint = None
    _keep(session, row, reading, now)


def forget(*, session: Session, program_id: int, key: str) -> None:
    """Delete what one document says."""
    row = rows.of_program(session, program_id).get(key)
    if row is not None:
        rows.remove(session, row)


def read_dropped(document: Document, data: bytes, seconds: float = rules.SECONDS) -> Read | Unread:
    """Read a file that was handed over, rather than one that lies somewhere."""
    if len(data) > rules.MOST_BYTES:
        return Unread(document, "too large")
    return _read_bytes(document, data, seconds)


def troubles(*, session: Session, program: Program) -> tuple[Unread, ...]:
    """The documents that could not be read when their program was loaded last."""
    there = rows.of_program(session, program.id)
    found = []
    for document in program.documents:
        row = there.get(document.key)
        if row is None:
            found.append(Unread(document, "not read"))
        elif row.trouble is not None:
            found.append(Unread(document, _trouble(row.trouble), kept=row.fingerprint is not None))
    return tuple(found)


def passages(*, session: Session, program: Program) -> tuple[Passage, ...]:
    """Everything that can be quoted from a program's documents."""
    there = rows.passages(session, program.id) if program.documents else {}
    return tuple(
        Passage(document, row.text, row.page, row.heading, program.slug)
        for document in spoken(program).documents
        for row in there.get(document.key, ())
    )


def passages_in(readings: Iterable[Reading], program: Program) -> tuple[Passage, ...]:
    """The same of documents that were just read and are not stored."""
    return tuple(
        Passage(one.document, piece.quoted, piece.page, piece.heading, program.slug)
        for one in readings
        if isinstance(one, Read)
        for piece in one.pieces
    )


@dataclass(frozen=True)
class Shelf:
    """What can be quoted to some readers from some programs, and who judges it: without a judge, words alone do."""

    index: Index
    names: tuple[str, ...] = ()
    judge: Judge | None = None

    def find(self, text: str) -> Found | None:
        """The passage to quote, if there is one that is surely about the question."""
        return self.index.find(text, self.judge)


def shelf(programs: Sequence[Program], found: Iterable[Passage], allowed: frozenset[Audience] = EVERYTHING) -> Shelf:
    """Passages of some programs, those that may be quoted to these readers, ready to be looked in."""
    return _shelf(programs, tuple(one for one in found if one.document.audience in allowed))


def stored(session: Session, programs: tuple[Program, ...], allowed: frozenset[Audience] = EVERYTHING) -> Shelf:
    """The same of everything that is stored of them."""
    return _shelf(programs, _quotable(session, programs, allowed))


class DocumentIndexes:
    """Shelves, made once per revision and audience and then shared by all threads.

    With `vectors` passages are judged by their meaning. To read new ones takes a while, so nobody waits for it: until
    that is done, and when there is no model, they are judged by their words.
    """

    def __init__(self, vectors: Vectors | None = None, most: int = 24) -> None:
        self._vectors = vectors
        self._lock = threading.Lock()
        self._making = threading.Lock()
        self._shelves: dict[Key, Shelf] = {}
        self._most = most

    def of(self, session: Session, programs: tuple[Program, ...], allowed: frozenset[Audience] = EVERYTHING) -> Shelf:
        """What may be quoted from some programs' documents, judged as well as that can be done by now."""
        key = key_of(programs, allowed)
        with self._lock:
            known = self._shelves.get(key)
        if known is not None:
            return known
        found = self._put(key, self._stored(session, programs, allowed))
        if self._vectors is not None and found.judge is None and found.index.passages:
            self._vectors.in_background(partial(self.judged, programs, allowed, found), "passages")
        return found

    def prepare(self, db: Database, programs: tuple[Program, ...], allowed: frozenset[Audience] = EVERYTHING) -> Shelf:
        """The same, waiting for it to be the best that there can be."""
        with db.read() as session:
            found = self._stored(session, programs, allowed)
        return self.judged(programs, allowed, found)

    def judged(self, programs: tuple[Program, ...], allowed: frozenset[Audience], found: Shelf) -> Shelf:
        """A shelf with its judge, if there can be one; kept for whoever asks next."""
        key = key_of(programs, allowed)
        with self._making:
            known = self._put(key, found)
            if known.judge is not None or self._vectors is None or not known.index.passages:
                return known
            return self._put(key, replace(known, judge=self._vectors.judge(known.index.passages)))

    def _stored(self, session: Session, programs: tuple[Program, ...], allowed: frozenset[Audience]) -> Shelf:
        """What is stored; where an edit has left that as it was, the shelf that is there is good enough."""
        every, names = _quotable(session, programs, allowed), _names(programs)
        with self._lock:
            alike = [one for one in self._shelves.values() if one.names == names and one.index.passages == every]
        return max(alike, key=lambda one: one.judge is not None, default=None) or _shelf(programs, every)

    def _put(self, key: Key, made: Shelf) -> Shelf:
        """Keep a shelf, unless there is one that has its judge already."""
        with self._lock:
            known = self._shelves.pop(key, None)
            for former in [one for one in self._shelves if one[1] == key[1] and _is_former(one[0], key[0])]:
                # What was taken out of a program is not to stay in memory.
                del self._shelves[former]
            self._shelves[key] = known if known is not None and made.judge is None else made
            while len(self._shelves) > self._most:
                del self._shelves[next(iter(self._shelves))]
            return self._shelves[key]


Key = tuple[tuple[tuple[str, int, int], ...], frozenset[Audience]]
"""As which some programs are known (slug, id and revision of each), and for which readers."""


def key_of(programs: tuple[Program, ...], allowed: frozenset[Audience]) -> Key:
    """The key under which what is found in some programs, for some readers, is kept."""
    return tuple((one.slug, one.id, one.revision) for one in programs), allowed


def _is_former(one: Sequence[tuple[str, int, int]], other: Sequence[tuple[str, int, int]]) -> bool:
    """Whether these are the same programs, at an earlier revision."""
    same = [(slug, number) for slug, number, _ in one] == [(slug, number) for slug, number, _ in other]
    return same and [at for *_, at in one] < [at for *_, at in other]


def _names(programs: Iterable[Program]) -> tuple[str, ...]:
    return tuple(name for one in programs for name in (one.name, one.slug, one.organizer))


def _shelf(programs: Sequence[Program], found: tuple[Passage, ...]) -> Shelf:
    return Shelf(Index(found, _names(programs)), _names(programs))


def _quotable(session: Session, programs: Iterable[Program], allowed: frozenset[Audience]) -> tuple[Passage, ...]:
    every = (passage for one in programs for passage in passages(session=session, program=one))
    return tuple(one for one in every if one.document.audience in allowed)


def _keep(session: Session, row: DocumentRow, reading: Reading, now: datetime) -> Reading:
    row.looked_at, row.trouble = now, None
    match reading:
        case Read() if reading.fingerprint == row.fingerprint:
            reading = Same(reading.document)
        case Read():
            row.fingerprint, row.pages, row.read_at = reading.fingerprint, reading.pages, now
            rows.replace(session, row, (_row(at, piece) for at, piece in enumerate(reading.pieces)))
        case Unread(_, why):
            row.trouble = why
            kept = why in PASSING and row.fingerprint is not None
            if not kept:
                row.fingerprint, row.pages, row.read_at = None, 0, None
                rows.replace(session, row, ())
            reading = replace(reading, kept=kept)
    session.add(row)
    session.flush()
    return reading


def _row(position: int, piece: Piece) -> PassageRow:
    return PassageRow(document_id=0, position=position, page=piece.page, heading=piece.heading, text=piece.quoted)


def _trouble(stored: str) -> Trouble:
    found: dict[str, Trouble] = {one: one for one in get_args(Trouble)}
    return found.get(stored, "corrupt")


def _read(folder: Path, document: Document, before: str | None, seconds: float) -> Reading:
    data = _bytes(folder, document)
    if not isinstance(data, bytes):
        # What was dropped in Slack lies nowhere; its words are stored.
        return Same(document) if data == "missing" and document.dropped and before else Unread(document, data)
    if fingerprint_of(data) == before:
        return Same(document)
    return _read_bytes(document, data, seconds)


def fingerprint_of(data: bytes) -> str:
    """What tells a file's contents from any others, as they are cut now."""
    return f"{RULES}:{hashlib.sha256(data).hexdigest()}"


def _read_bytes(document: Document, data: bytes, seconds: float) -> Read | Unread:
    numbered = PDF in data[:1024]
    found = _pdf(data, seconds) if numbered else _text(data, Path(document.path).suffix.lower())
    if not isinstance(found, list):
        return Unread(document, found)
    told = [one if one is not None and pages.says_something(one) else "" for one in found]
    pieces = pages.cut(told, numbered=numbered)
    if not pieces:
        return Unread(document, "corrupt" if None in found else "no words" if numbered else "empty")
    return Read(document, fingerprint_of(data), pieces, len(told) if numbered else 0, told.count(""))


def _bytes(folder: Path, document: Document) -> bytes | Trouble:
    """A document's file, if it is one and lies in the program file's folder, or below it."""
    try:
        base = folder.resolve()
        path = (base / document.path).resolve()
        if not path.is_relative_to(base):
            return "outside"
        there = path.stat()
        if not stat.S_ISREG(there.st_mode):
            return "no file"
        if there.st_size > rules.MOST_BYTES:
            return "too large"
        with path.open("rb") as file:
            data = file.read(rules.MOST_BYTES + 1)
    except PermissionError:
        return "forbidden"
    except (OSError, RuntimeError, ValueError):
        return "missing"
    return data if len(data) <= rules.MOST_BYTES else "too large"


def _text(data: bytes, ending: str) -> list[str | None] | Trouble:
    if ending == ".pdf":
        return "not a PDF"
    if ending not in TEXT_ENDINGS or b"\0" in data:
        return "not text"
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "not text"
    if len(text) > rules.MOST_CHARACTERS:
        return "too much text"
    return [pages.without_markdown(text) if ending in (".md", ".markdown") else text]


def _pdf(data: bytes, seconds: float) -> list[str | None] | Trouble:
    """The text of each page, read in a process of its own that ends in time, whatever the file does to it."""
    command = [sys.executable, "-P", str(Path(__file__).with_name("pdf_pages.py"))]
    limits = [str(rules.MOST_PAGES), str(rules.MOST_CHARACTERS)]
    try:
        done = subprocess.run(
            [*command, *limits], input=data, capture_output=True, timeout=seconds, check=False, env=_without_secrets()
        )
    except subprocess.TimeoutExpired:
        return "slow"
    if done.returncode == -SIGXCPU:
        return "slow"
    if done.returncode:
        return "corrupt"
    said = json.loads(done.stdout)
    return said["pages"] if "pages" in said else _trouble(said["why"])


def _without_secrets() -> dict[str, str]:
    """The environment without what opens the workspace and the database: to read a stranger's file takes neither."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("SLACK_") and name not in ("DATABASE_URL", "PYTHONSTARTUP")
    }
