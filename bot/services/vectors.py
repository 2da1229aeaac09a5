"""The sentence model and what it has made of texts: loaded when it is first needed, and kept in the database."""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress

from sqlalchemy.exc import SQLAlchemyError

from bot.domain.documents import Passage
from bot.domain.programs import Entry
from bot.matching import index, model
from bot.matching import passages as matching
from bot.matching.matcher import Matcher
from bot.matching.model import Unusable
from bot.matching.passages import Judge, Whole
from bot.matching.tokens import Encoder, Tokens, key
from storage import vectors as rows
from storage.database import JOB_PATIENCE, Busy, Database

log = logging.getLogger(__name__)

Load = Callable[[str | None], Encoder]
_AT_ONCE = 200


class Stopped(Exception):
    """The process is about to end: nothing is read any more."""


class Vectors:
    """Makes finders by meaning. Without a database nothing is kept; `keeps` false only looks at what is kept there.

    `folder` names a model of one's own. Threads may share it.
    """

    def __init__(
        self, db: Database | None = None, folder: str | None = None, load: Load = model.load, *, keeps: bool = True
    ) -> None:
        self._db = db
        self._folder = folder
        self._load = load
        self._keeps = keeps
        self._lock = threading.Lock()
        self._encoder: Encoder | None = None
        self._trouble: str | None = None
        self._looked = False
        self._stopped = threading.Event()
        self._starting = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._said: frozenset[str] = frozenset()

    @property
    def trouble(self) -> str | None:
        """Why there is no model, in a sentence; None when there is one. Looks without loading it."""
        with self._lock:
            if not self._looked and self._trouble is None and self._encoder is None:
                self._looked, self._trouble = True, model.missing(self._folder)
            return self._trouble

    def encoder(self) -> Encoder | None:
        """The model, loaded at the first call; None, and a line in the log, when it cannot be."""
        with self._lock:
            if self._encoder is None and self._trouble is None:
                try:
                    self._encoder = self._load(self._folder)
                except Unusable as error:
                    self._trouble = str(error)
                    log.warning("Questions are matched by their words alone: %s", self._trouble)
            return self._encoder

    def finder(self, entries: Sequence[Entry]) -> Matcher | None:
        """What finds the entry that answers a question by its meaning; None without a model."""
        self._go_on()
        encoder = self.encoder()
        if encoder is None:
            return None
        return Matcher(entries, encoder, self._read(encoder, index.texts(entries)).__getitem__)

    def judge(self, passages: Sequence[Passage]) -> Judge | None:
        """What tells by its meaning whether one of some passages is about a question; None without a model."""
        self._go_on()
        encoder = self.encoder()
        if encoder is None:
            return None
        whole = Whole(encoder)
        return Judge(whole, self._read(whole, matching.texts(passages)).__getitem__)

    def _read(self, encoder: Encoder, texts: Iterable[str]) -> dict[str, Tokens]:
        """The vectors of texts: as they are kept, and, of what is new, from the model."""
        keys = {key(encoder.name, text): text for text in texts}
        found = {keys[one]: tokens for one, tokens in self._kept(keys)}
        new = [(one, text) for one, text in keys.items() if text not in found]
        for start in range(0, len(new), _AT_ONCE):
            read = {one: (text, self._encoded(encoder, text)) for one, text in new[start : start + _AT_ONCE]}
            self._keep({one: tokens.pack() for one, (_, tokens) in read.items()})
            found.update(read.values())
        return found

    def in_background(self, work: Callable[[], object], name: str) -> None:
        """Do something that reads much, beside everything else; `stop` ends it."""
        thread = threading.Thread(target=self._until_stopped, args=(work,), name=name)
        with self._starting:
            self._threads = [one for one in self._threads if one.is_alive()]
            if self._stopped.is_set():
                return
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """Read nothing any more. A process that ends while the model is at work in a thread would crash."""
        with self._starting:
            self._stopped.set()
            threads = self._threads
        for thread in threads:
            thread.join()

    def _until_stopped(self, work: Callable[[], object]) -> None:
        with suppress(Stopped):
            self._noted(work)

    def _noted(self, work: Callable[[], object]) -> None:
        """Nobody waits for what is done in the background: what goes wrong there is in the log, the same thing once."""
        try:
            work()
        except Stopped:
            raise
        except Exception as error:
            # Whatever it is, questions go on being matched by their words.
            with self._starting:
                new, self._said = repr(error) not in self._said, self._said | {repr(error)}
            if new:
                reference = secrets.token_hex(3).upper()
                log.exception("%s: questions are matched by their words for a while: making ready failed", reference)

    def _encoded(self, encoder: Encoder, text: str) -> Tokens:
        self._go_on()
        return encoder.encode(text).tokens

    def _go_on(self) -> None:
        if self._stopped.is_set():
            raise Stopped

    def _kept(self, keys: Iterable[str]) -> Iterator[tuple[str, Tokens]]:
        if self._db is None:
            return
        try:
            with self._db.read() as session:
                kept = rows.get(session, keys)
        except (Busy, SQLAlchemyError) as error:
            log.warning("Kept vectors cannot be looked at (%s); the texts are read again.", type(error).__name__)
            return
        for one, data in kept.items():
            try:
                yield one, Tokens.unpack(data)
            except ValueError:
                log.warning("Kept vectors are damaged; the text is read again.")

    def _keep(self, found: Mapping[str, bytes]) -> None:
        if self._db is None or not self._keeps:
            return
        try:
            with self._db.begin(patience=JOB_PATIENCE) as session:
                rows.add(session, found)
        except (Busy, SQLAlchemyError) as error:
            log.warning("Vectors cannot be kept (%s); they are made again at the next start.", type(error).__name__)
