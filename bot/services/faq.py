"""Answering: a question is logged with what becomes of it, and what is said to it is a notice of the same commit."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from typing import Literal, TypeVar

from sqlmodel import Session

from bot.domain import chatter, faq, language, modes
from bot.domain.documents import WEAK, Found, Passage
from bot.domain.faq import Answer, Decision, Finder, Index, NoMatch, StandIn, Suggestions
from bot.domain.notices import Notice, ToChannel
from bot.domain.people import Role, Room, Viewer, is_role
from bot.domain.people import audiences as concern
from bot.domain.programs import Audience, Entry, Program
from bot.domain.questions import (
    EVERYTHING,
    FOR_APPLICANTS,
    Answered,
    Examples,
    Handed,
    Help,
    NoProgram,
    NotYours,
    Outcome,
    Place,
    Reply,
    TooLong,
    Where,
    audiences,
    audiences_in,
    examples,
    quotable,
)
from bot.matching.matcher import Matcher
from bot.services.documents import DocumentIndexes, Key, Shelf, key_of
from bot.services.people import as_viewer, facilitators
from bot.services.programs import Programs
from bot.services.vectors import Vectors
from storage import channels, notices, people, switchboard
from storage import questions as rows
from storage.database import Database
from storage.people import Membership, Person
from storage.questions import Question, QuestionVote

REPLY = "faq.reply"
REPLY_CHANGE = "faq.reply_change"
SHARED = "faq.shared"
WORD = "faq.word"

TRY_AGAIN = timedelta(minutes=10)
"""How long after it could not be made a finder is tried again; of the wall, since it is no matter of the story."""
STILL_TALKING = timedelta(minutes=10)
"""How long a question written to the bot may go on from the one before it."""

Word = Literal["examples", "too_long", "no_program", "thanks", "wordless"] | chatter.Wish
"""What can be said that is no answer: how to ask, a courtesy, or a button for what somebody wishes to open."""


@dataclass(frozen=True)
class Asking:
    """A question as it came in; `key` makes its delivery count once.

    `language` is that of the form, or of the question before it; it counts where the words leave it open. `chosen` is
    the one in which the asker wants to be answered, whatever they write in.
    """

    viewer: Viewer
    where: Where
    text: str
    key: str
    language: str = ""
    chosen: str = ""


@dataclass(frozen=True)
class Looked:
    """What would be said, and how sure that is, 0 to 1."""

    said: Reply | Examples | TooLong
    score: float = 0.0


@dataclass(frozen=True)
class CannotShare:
    """It has no place there: no channel, no answer, or, `reserved`, one that not everybody in the channel may read."""

    language: str = "en"
    reserved: bool = False


@dataclass(frozen=True)
class Shared:
    """The answer is on its way into the channel, or there already."""

    reply: Reply


class FaqIndexes:
    """Finders, made once per revision and audience and then shared by all threads.

    With `vectors` they find by meaning. Making one of these takes seconds when its texts are new, so nobody waits for
    it: until it is ready, and when there is no model, questions are matched by their words, at first with a higher bar.
    One that cannot be made is tried again at the next revision, or after `TRY_AGAIN`. `documents` is what can be quoted
    where no entry answers.
    """

    def __init__(self, vectors: Vectors | None = None, most: int = 24) -> None:
        self.documents = DocumentIndexes(vectors, most)
        self._vectors = vectors
        self._lock = threading.Lock()
        self._making = threading.Lock()
        self._by_words: dict[Key, Index] = {}
        self._by_meaning: dict[Key, Matcher] = {}
        self._wanted: set[Key] = set()
        self._failed: dict[Key, float] = {}
        self._without_model = False
        self._most = most

    @property
    def trouble(self) -> str | None:
        """Why questions are matched by their words alone, in a sentence; None when they are not, or are meant to be."""
        return self._vectors.trouble if self._vectors is not None else None

    def of(self, programs: tuple[Program, ...], allowed: frozenset[Audience] = EVERYTHING) -> Finder:
        """What finds among all quotable entries of some programs, as good as there is one by now."""
        key, entries = key_of(programs, allowed), _quotable(programs, allowed)
        with self._lock:
            ready = _held(self._by_meaning, key, entries)
            if ready is not None:
                return ready
            begin = self._vectors is not None and key not in self._wanted and self._may_try(key)
            if begin:
                self._wanted.add(key)
            coming = key in self._wanted and key not in self._failed and not self._without_model
            index = _held(self._by_words, key, entries) or Index(entries)
            _put(self._by_words, key, index, self._most)
        if begin:
            self.in_background(partial(self.prepare, programs, allowed), "matcher")
        return StandIn(index) if coming else index

    def read_ahead(self, text: str) -> None:
        """Have the model read a question before a transaction begins in which it is decided on.

        Other writers would wait for it. It is read as in the program that was asked in last: most words are the same in
        all of them.
        """
        with self._lock:
            last = next(reversed(self._by_meaning.values()), None)
        if last is not None:
            last.read_ahead(language.clean(text))

    def renew(self, program: Program) -> None:
        """Make ready again, beside everything else, what has been used to find in a program that has changed."""
        for allowed in self._used(program):
            self.in_background(partial(self._renewed, program, allowed), "matcher")

    def _used(self, program: Program) -> set[frozenset[Audience]]:
        """For whom there is something by meaning, of an earlier state and not of this one; it is on its way now."""
        found = set()
        with self._lock:
            for old in self._by_meaning:
                key = key_of((program,), old[1])
                if _succeeds(key, old) and key not in self._wanted:
                    self._wanted.add(key)
                    found.add(old[1])
        return found

    def _renewed(self, program: Program, allowed: frozenset[Audience]) -> None:
        key = key_of((program,), allowed)
        with self._lock:
            outdone = any(_succeeds(one, key) for one in (*self._wanted, *self._by_meaning))
            if outdone:
                self._wanted.discard(key)
        if not outdone:
            self.prepare((program,), allowed)

    def _may_try(self, key: Key) -> bool:
        return key not in self._failed or monotonic() >= self._failed[key]

    def in_background(self, work: Callable[[], object], name: str) -> None:
        """Do something that makes finders, beside everything else, until `stop`."""
        if self._vectors is not None:
            self._vectors.in_background(work, name)

    def stop(self) -> None:
        """Make no more finders by meaning: the process is about to end."""
        if self._vectors is not None:
            self._vectors.stop()

    def prepare(self, programs: tuple[Program, ...], allowed: frozenset[Audience] = EVERYTHING) -> Finder:
        """The same, waiting for it to be the best that there can be."""
        key, entries = key_of(programs, allowed), _quotable(programs, allowed)
        with self._lock:
            self._wanted.add(key)
        try:
            with self._making:
                made = _among(entries, self._by_meaning.get(key)) or self._made(entries)
        except Exception:
            with self._lock:
                self._wanted.discard(key)
                _put(self._failed, key, monotonic() + TRY_AGAIN.total_seconds(), self._most)
            raise
        if made is None:
            # The model is not there, and will not be: whoever asks need not begin again.
            self._without_model = True
            return self.of(programs, allowed)
        with self._lock:
            for old in [one for one in self._by_meaning if _succeeds(key, one)]:
                del self._by_meaning[old]
            _put(self._by_meaning, key, made, self._most)
            self._by_words.pop(key, None)
            self._wanted.discard(key)
            self._failed.pop(key, None)
        return made

    def _made(self, entries: tuple[Entry, ...]) -> Matcher | None:
        with self._lock:
            equal = next((one for one in self._by_meaning.values() if one.entries == entries), None)
        if equal is not None or self._vectors is None:
            return equal
        return self._vectors.finder(entries)


def prepare(*, db: Database, programs: Programs, indexes: FaqIndexes) -> None:
    """Make ready what questions will be looked for in: each program, and all together, for each kind of reader."""
    with db.read() as session:
        every = programs.all(session)
    meant = [(one,) for one in every] + ([every] if len(every) > 1 else [])
    for some in meant:
        for allowed in (EVERYTHING, FOR_APPLICANTS):
            indexes.prepare(some, allowed)
            indexes.documents.prepare(db, some, allowed)


_Value = TypeVar("_Value")
_Found = TypeVar("_Found", bound=Finder)


def _among(entries: tuple[Entry, ...], finder: _Found | None) -> _Found | None:
    """A finder, if it is among these entries.

    A revision alone does not tell: a change may be rolled back, and its revision be given out again; and whoever reads
    a program while it changes may hold newer entries than its revision says.
    """
    return finder if finder is not None and finder.entries == entries else None


def _held(kept: dict[Key, _Found], key: Key, entries: tuple[Entry, ...]) -> _Found | None:
    """A finder among these entries, in the place of what was kept before them.

    Most changes of a program leave its entries as they are: then one of an earlier state is as good.
    """
    found = _among(entries, kept.pop(key, None)) or next((one for one in kept.values() if one.entries == entries), None)
    if found is not None:
        for old in [one for one in kept if _succeeds(key, one)]:
            del kept[old]
        kept[key] = found
    return found


def _succeeds(new: Key, old: Key) -> bool:
    """Whether one is made from a later state of the programs that another was made from."""
    same = [one[:2] for one in new[0]] == [one[:2] for one in old[0]] and new[1] == old[1]
    return same and new != old and all(one[2] >= other[2] for one, other in zip(new[0], old[0], strict=True))


def _quotable(programs: tuple[Program, ...], allowed: frozenset[Audience]) -> tuple[Entry, ...]:
    return tuple(entry for program in programs for entry in quotable(program, allowed))


def _put(kept: dict[Key, _Value], key: Key, value: _Value, most: int) -> None:
    kept[key] = value
    while len(kept) > most:
        del kept[next(iter(kept))]


def ask(
    *, session: Session, programs: Programs, indexes: FaqIndexes, asking: Asking, now: datetime
) -> Reply | Examples | TooLong | NoProgram:
    """Find what answers a question and log both; what was asked before gets the same reply, and counts once."""
    heard = _heard(session, programs, asking)
    if not isinstance(heard, _Heard):
        return heard
    asking, decision, shelf = _decided(session, indexes, asking, heard, now)
    best = _quoted(decision, shelf, heard.said) or decision
    return _logged(session, programs, asking, heard, best, now)


def ask_if_sure(
    *, session: Session, programs: Programs, indexes: FaqIndexes, asking: Asking, now: datetime
) -> Reply | None:
    """The same where an entry answers for sure; of anything else nothing is kept."""
    heard = _heard(session, programs, asking)
    if not isinstance(heard, _Heard):
        return None
    question = rows.by_key(session, asking.key)
    if question is not None:
        return current(session=session, programs=programs, question=question, reader=asking.viewer)
    asking, decision, _ = _decided(session, indexes, asking, heard, now)
    if not isinstance(decision, Answer):
        return None
    return _logged(session, programs, asking, heard, decision, now)


def look(*, meant: tuple[Program, ...], index: Finder, shelf: Shelf, text: str, now: datetime) -> Looked:
    """What would be said to a question, by the same matching; nothing is logged."""
    said, meant = language.clean(text), tuple(map(modes.spoken, meant))
    unfit = _unfit(meant, said, _language(meant, said))
    if unfit is not None:
        return Looked(unfit)
    decision = index.decide(said)
    best = _quoted(decision, shelf, said) or decision
    taken = _taken(meant, best)
    found = Reply(
        question_id=0,
        text=said,
        asker="",
        where=Where("private", ""),
        asked_at=now,
        programs=meant if taken.program is None else (taken.program,),
        outcome=taken.outcome,
        entry=taken.entry,
        also=taken.also,
        unanswered=taken.unanswered,
        passage=taken.passage,
        suggestions=taken.suggestions,
        language=_language(meant, said),
    )
    return Looked(found, best.score)


def answer_in_place(
    *, session: Session, programs: Programs, indexes: FaqIndexes, asking: Asking, now: datetime
) -> Reply | Examples | TooLong | NoProgram:
    """The same for a message: the bot answers it where it was written, once, however often it is delivered."""
    outcome = ask(session=session, programs=programs, indexes=indexes, asking=asking, now=now)
    match outcome:
        case Reply():
            notice = reply_notice(outcome, now)
        case Examples():
            notice = _word(asking, "examples", now)
        case TooLong(_, length):
            notice = _word(asking, "too_long", now, length)
        case NoProgram():
            notice = _word(asking, "no_program", now)
    notices.add(session, notice, now)
    return outcome


def check(*, session: Session, programs: Programs, viewer: Viewer, text: str) -> Examples | TooLong | NoProgram | None:
    """What is wrong with the words of a question."""
    heard = _heard(session, programs, Asking(viewer, Where("private", ""), text, ""))
    return None if isinstance(heard, _Heard) else heard


def ask_directly(
    *,
    session: Session,
    programs: Programs,
    indexes: FaqIndexes,
    viewer: Viewer,
    text: str,
    ts: str | None,
    language: str,
    key: str,
    now: datetime,
) -> None:
    """Answer in the direct message a question that was written there, `ts` its last message; once per `key`."""
    person = session.get_one(Person, viewer.person_id)
    where = Where("direct", person.dm_channel or viewer.user, ts)
    chosen = switchboard.of_person(session, viewer.person_id)
    asking = Asking(viewer, where, text, key, language, (chosen.language if chosen is not None else None) or "")
    answer_in_place(session=session, programs=programs, indexes=indexes, asking=asking, now=now)


def say(*, session: Session, asking: Asking, what: Word, now: datetime) -> None:
    """Say something short where a message was written, once for the message: a button for a wish, or a courtesy."""
    notices.add(session, _word(asking, what, now), now)


def current(*, session: Session, programs: Programs, question: Question, reader: Viewer | None = None) -> Reply:
    """All that is said to a logged question, as things stand now; `reader` is whose vote is shown."""
    found = programs.by_id(session, question.program_id) if question.program_id is not None else None
    meant = (found,) if found is not None else programs.all(session)
    return reply(session=session, meant=meant, question=question, reader=reader)


def reply(
    *,
    session: Session,
    meant: tuple[Program, ...],
    question: Question,
    reader: Viewer | None = None,
) -> Reply:
    """The same where the programs that may be meant are known already."""
    assert question.id is not None
    meant = tuple(map(modes.spoken, meant))
    found = meant[0] if len(meant) == 1 and meant[0].id == question.program_id else None
    asker = session.get_one(Person, question.asker_id)
    where = where_of(question)
    alone = where.place != "channel"
    voter = reader.person_id if reader is not None else question.asker_id if alone else None
    vote = rows.vote_of(session, question.id, voter) if voter is not None else None
    outcome = outcome_of(question)
    entry, also = _entry(found, question.chosen or question.entry), _entries(found, question.also)
    passage = _passage(found, question.document, question.quote, question.page)
    suggestions = _entries(found, question.suggestions)
    return Reply(
        question_id=question.id,
        text=question.text,
        asker=asker.user_id or "",
        where=where,
        asked_at=question.asked_at,
        programs=meant,
        # What was suggested may have been taken out since; then there is nothing to choose from.
        outcome="declined" if outcome == "suggested" and not suggestions else outcome,
        entry=entry,
        also=also,
        unanswered=tuple(question.unanswered),
        passage=passage,
        suggestions=suggestions,
        handed=_handed(session, question),
        answers=_answers(session, question.id, found),
        helpful=vote.helpful if vote is not None else None,
        shared=question.shared_at is not None,
        reserved=_reserved(session, question.team, where, (entry, *also), passage),
        zone=asker.zone if alone else None,
        language=question.language,
        quiet=question.quiet,
        # A reply that came in while the question was being taken up has not been put to it.
        talked=question.talked_at is not None or (question.quiet and bool(rows.early(session, question))),
        withdrawn=question.withdrawn_at is not None,
        settled=question.kept_at is not None,
        kept=question.kept_as is not None,
        helps=_helps(session, question.asker_id, meant, reader) if entry is None else (),
    )


def choose(
    *, session: Session, programs: Programs, viewer: Viewer, question_id: int, entry: str | None, now: datetime
) -> Reply | NotYours:
    """A suggestion is pressed, or, with `entry` None, *None of these*; the first press counts."""
    question = rows.held(session, question_id)
    if question is None or not may_press(viewer, question):
        return NotYours()
    offered = entry is None or entry in question.suggestions
    if offered and question.outcome == "suggested" and question.chosen is None and not question.none_fits:
        question.chosen, question.none_fits = entry, entry is None
        question.chosen_at = now
        session.add(question)
        changed(session, question, now)
    return current(session=session, programs=programs, question=question, reader=viewer)


def vote(
    *, session: Session, programs: Programs, viewer: Viewer, question_id: int, helpful: bool, now: datetime
) -> Reply | NotYours:
    """Keep what somebody thinks of an answer; they may change their mind."""
    question = rows.held(session, question_id)
    if question is None or question.id is None or not may_press(viewer, question):
        return NotYours()
    standing = rows.vote_of(session, question.id, viewer.person_id)
    if standing is None:
        standing = QuestionVote(question_id=question.id, person_id=viewer.person_id, helpful=helpful, voted_at=now)
    elif standing.helpful != helpful:
        standing.helpful, standing.voted_at = helpful, now
    session.add(standing)
    session.flush()
    if question.place == "direct":
        changed(session, question, now)
    return current(session=session, programs=programs, question=question, reader=viewer)


def share(
    *, session: Session, programs: Programs, viewer: Viewer, question_id: int, now: datetime
) -> Shared | NotYours | CannotShare:
    """Show a private answer, with its question, to the channel in which it was asked for; once."""
    question = rows.held(session, question_id)
    if question is None or not may_press(viewer, question):
        return NotYours()
    said = current(session=session, programs=programs, question=question, reader=viewer)
    if question.place != "private" or not sharable(said):
        return CannotShare(question.language, said.reserved)
    if question.shared_at is None:
        question.shared_at = now
        session.add(question)
        notice = Notice(
            key=f"{SHARED}:{question.id}",
            kind=SHARED,
            target=ToChannel(question.channel),
            due_at=now,
            program_id=question.program_id,
            refs={"question": question.id},
        )
        notices.add(session, notice, now)
    return Shared(current(session=session, programs=programs, question=question, reader=viewer))


def sharable(said: Reply) -> bool:
    """Whether there is an answer, and a channel to share it in whose people may be told."""
    answered = said.entry is not None or said.passage is not None
    return answered and said.where.channel[:1] in ("C", "G") and not said.reserved


def may_press(viewer: Viewer, question: Question) -> bool:
    """Everybody may press a button in a channel; a private reply is its asker's alone."""
    return question.team == viewer.team and (question.place == "channel" or question.asker_id == viewer.person_id)


def changed(session: Session, question: Question, now: datetime) -> None:
    """Have a reply that was posted brought up to date; what only the asker sees is shown again at once instead."""
    if question.place == "private":
        return
    question.changes += 1
    session.add(question)
    notice = Notice(
        key=f"{REPLY_CHANGE}:{question.id}:{question.changes}",
        kind=REPLY_CHANGE,
        target=ToChannel(question.channel, where_of(question).thread),
        due_at=now,
        program_id=question.program_id,
        refs={"question": question.id},
    )
    notices.add(session, notice, now)


def reply_key(question_id: int) -> str:
    """The key of the notice that carries the reply."""
    return f"{REPLY}:{question_id}"


def where_of(question: Question) -> Where:
    """Where a question was asked."""
    place: Place = "channel" if question.place == "channel" else "direct" if question.place == "direct" else "private"
    return Where(place, question.channel, question.ts, question.thread_ts)


def outcome_of(question: Question) -> Outcome:
    """What became of a question: a pressed suggestion answers it, and when none fits there is no answer."""
    if question.chosen is not None or question.outcome == "answered":
        return "answered"
    if question.outcome == "quoted":
        return "quoted"
    return "suggested" if question.outcome == "suggested" and not question.none_fits else "declined"


def _word(asking: Asking, what: Word, now: datetime, length: int = 0) -> Notice:
    program = asking.viewer.program
    return Notice(
        key=f"{WORD}:{asking.key}",
        kind=WORD,
        target=ToChannel(asking.where.channel, asking.where.thread),
        due_at=now,
        program_id=program.id if program is not None else None,
        refs={"word": what, "person": asking.viewer.person_id, "length": length, "language": _spoken(asking)},
    )


@dataclass(frozen=True)
class _Heard:
    """What somebody has asked, the programs that may be meant, and the channel as it is set up."""

    said: str
    meant: tuple[Program, ...]
    room: Room | None


def _heard(session: Session, programs: Programs, asking: Asking) -> _Heard | Examples | TooLong | NoProgram:
    meant = _meant(session, programs, asking.viewer)
    if not meant:
        return NoProgram()
    said = language.clean(asking.text)
    return _unfit(meant, said, asking.chosen or _language(meant, said, asking.language)) or _Heard(
        said, meant, _room(session, asking)
    )


def _room(session: Session, asking: Asking) -> Room | None:
    """Where it is asked; whoever is asking there has mostly been looked up together with it."""
    there, channel = asking.viewer.room, asking.where.channel
    if there is not None and there.channel == channel:
        return there
    known = channels.get(session, asking.viewer.team, channel) if channel else None
    return Room(channel, known.program_id, known.purpose) if known is not None else None


def _decided(
    session: Session, indexes: FaqIndexes, asking: Asking, heard: _Heard, now: datetime
) -> tuple[Asking, Decision, Shelf]:
    """What to say, read after what was asked before, whose language counts; and what may be quoted instead."""
    allowed = _allowed(session, asking.viewer, asking.where, heard.meant, heard.room)
    before = _before(session, asking, now)
    asking = replace(asking, language=asking.language or language.language_of(before or "", ""))
    decision = indexes.of(heard.meant, allowed).decide(heard.said, before)
    return asking, decision, indexes.documents.of(session, heard.meant, allowed)


def _meant(session: Session, programs: Programs, viewer: Viewer) -> tuple[Program, ...]:
    """The program in which somebody asks; where it cannot be told, all that may be meant."""
    if viewer.program is not None:
        return (viewer.program,)
    among = {number for number, _ in viewer.among}
    return tuple(one for one in programs.all(session) if one.id in among)


def _allowed(
    session: Session, viewer: Viewer, where: Where, meant: tuple[Program, ...], room: Room | None
) -> frozenset[Audience]:
    """Whose entries may be quoted: of several programs only what may be quoted in each of them."""
    purpose = room.purpose if room is not None else None
    if len(meant) == 1:
        return audiences(viewer, where, purpose)
    person = session.get_one(Person, viewer.person_id)
    held = people.memberships(session, viewer.person_id)
    everywhere = (as_viewer(session=session, person=person, held=held, program=one) for one in meant)
    return frozenset.intersection(*(audiences(one, where, purpose) for one in everywhere))


def _before(session: Session, asking: Asking, now: datetime) -> str | None:
    """What was asked before in the same thread, or directly by the same person a little while ago."""
    team, where = asking.viewer.team, asking.where
    if where.thread_ts is not None and where.thread_ts != where.ts:
        return rows.last_in_thread(session, team, where.channel, where.thread_ts)
    if where.place == "direct":
        return rows.last_of_person(session, asking.viewer.person_id, where.channel, now - STILL_TALKING)
    return None


def _logged(
    session: Session, programs: Programs, asking: Asking, heard: _Heard, decision: Decision | Found, now: datetime
) -> Reply:
    """The reply to a question that is logged now; to what was logged by then, the reply to that."""
    viewer, taken = asking.viewer, _taken(heard.meant, decision)
    spoken_in = asking.chosen or _language(heard.meant, heard.said, asking.language)
    values = _values(asking, heard.said, taken, now)
    question_id = rows.log(session, {**values, "language": spoken_in, "score": decision.score})
    if question_id is None:
        logged = rows.by_key(session, asking.key)
        assert logged is not None
        return current(session=session, programs=programs, question=logged, reader=viewer)
    meant = (taken.program,) if taken.program is not None else programs.all(session)
    fresh = _Fresh(question_id, heard.said, spoken_in, now)
    return _first_reply(session, viewer, asking.where, tuple(map(modes.spoken, meant)), taken, fresh)


@dataclass(frozen=True)
class _Fresh:
    """A question that was logged this very moment."""

    id: int
    text: str
    language: str
    at: datetime


def _first_reply(
    session: Session, viewer: Viewer, where: Where, meant: tuple[Program, ...], taken: _Taken, fresh: _Fresh
) -> Reply:
    """What `reply` finds where nobody has done anything yet, without reading again what was decided just now."""
    found = meant[0] if taken.program is not None else None
    entry = _entry(found, _key(taken.entry))
    also, suggestions = (_entries(found, (one.key for one in some)) for some in (taken.also, taken.suggestions))
    quoted = taken.passage
    passage = _passage(found, quoted.document.key, quoted.text, quoted.page) if quoted is not None else None
    return Reply(
        question_id=fresh.id,
        text=fresh.text,
        asker=viewer.user,
        where=where,
        asked_at=fresh.at,
        programs=meant,
        outcome="declined" if taken.outcome == "suggested" and not suggestions else taken.outcome,
        entry=entry,
        also=also,
        unanswered=taken.unanswered,
        passage=passage,
        suggestions=suggestions,
        reserved=_reserved(session, viewer.team, where, (entry, *also), passage),
        zone=viewer.zone if where.place != "channel" else None,
        language=fresh.language,
        helps=_helps(session, viewer.person_id, meant, viewer) if entry is None else (),
    )


def _values(asking: Asking, said: str, taken: _Taken, now: datetime) -> dict[str, object]:
    """What is kept of a question, by the names of its columns."""
    viewer, where, passage = asking.viewer, asking.where, taken.passage
    return {
        "key": asking.key,
        "team": viewer.team,
        "channel": where.channel,
        "ts": where.ts,
        "thread_ts": where.thread_ts,
        "place": where.place,
        "asker_id": viewer.person_id,
        "text": said,
        "asked_at": now,
        "outcome": taken.outcome,
        "program_id": _id(taken.program),
        "entry": _key(taken.entry),
        "also": [one.key for one in taken.also],
        "unanswered": list(taken.unanswered),
        "suggestions": [one.key for one in taken.suggestions],
        "document": passage.document.key if passage is not None else None,
        "page": passage.page if passage is not None else None,
        "quote": passage.text if passage is not None else None,
    }


def spoken(session: Session, question_id: int) -> str:
    """The language of a question that was logged."""
    question = rows.get(session, question_id)
    return question.language if question is not None else "en"


def _language(meant: tuple[Program, ...], said: str, likely: str = "") -> str:
    """The language in which to answer; where the words of a question leave it open, the likely or the program's."""
    return language.language_of(said, likely or meant[0].language)


def _spoken(asking: Asking) -> str:
    program = asking.viewer.program
    return asking.chosen or language.language_of(
        language.clean(asking.text), program.language if program is not None else "en"
    )


def _unfit(meant: tuple[Program, ...], said: str, language_: str) -> Examples | TooLong | None:
    if len(said) > faq.LONGEST:
        return TooLong(meant[0], len(said), language_)
    # A number alone is no question, however well it fits what stands on a page of that number.
    asked = any(not word.isdigit() for word in language.words(said))
    return None if asked else Examples(meant[0], examples(meant[0], language_), language_)


@dataclass(frozen=True)
class _Taken:
    """A decision, and the program that it is about."""

    outcome: Outcome
    program: Program | None
    entry: Entry | None = None
    also: tuple[Entry, ...] = ()
    unanswered: tuple[str, ...] = ()
    suggestions: tuple[Entry, ...] = ()
    passage: Passage | None = None


def _quoted(decision: Decision, shelf: Shelf, said: str) -> Found | None:
    """A passage in place of a decision that answers nothing and has no likely entry to suggest."""
    if isinstance(decision, Answer) or (isinstance(decision, Suggestions) and decision.score >= WEAK):
        return None
    return shelf.find(said)


def _taken(meant: tuple[Program, ...], decision: Decision | Found) -> _Taken:
    """What another program may mean, or has to say besides, is left out."""
    match decision:
        case Found(passage):
            return _Taken("quoted", next(one for one in meant if one.slug == passage.program), passage=passage)
        case Answer(entry, _, also, unanswered):
            program = _owner(meant, entry)
            own = tuple(one for one in also if one in program.entries)
            return _Taken("answered", program, entry, also=own, unanswered=unanswered)
        case Suggestions(entries):
            program = _owner(meant, entries[0])
            return _Taken("suggested", program, suggestions=tuple(one for one in entries if one in program.entries))
        case NoMatch():
            return _Taken("declined", meant[0] if len(meant) == 1 else None)


def _owner(meant: tuple[Program, ...], entry: Entry) -> Program:
    return next(program for program in meant if entry in program.entries)


def reply_notice(said: Reply, due_at: datetime) -> Notice:
    """The notice that says the reply to a question where it was asked."""
    return Notice(
        key=reply_key(said.question_id),
        kind=REPLY,
        target=ToChannel(said.where.channel, said.where.thread),
        due_at=due_at,
        program_id=said.program.id if said.program is not None else None,
        refs={"question": said.question_id},
    )


def _helps(session: Session, asker_id: int, meant: tuple[Program, ...], reader: Viewer | None) -> tuple[Help, ...]:
    """Who helps somebody in each of some programs."""
    if reader is not None and reader.person_id == asker_id and [one.id for one in meant] == [_id(reader.program)]:
        return (_help(session, reader.roles, meant[0]),)
    held = [one for one in people.memberships(session, asker_id) if one.state == "active"]
    return tuple(_help(session, _roles(held, program), program) for program in meant)


def _id(program: Program | None) -> int | None:
    return program.id if program is not None else None


def _roles(held: Iterable[Membership], program: Program) -> frozenset[Role]:
    return frozenset(one.role for one in held if one.program_id == program.id and is_role(one.role))


def _help(session: Session, roles: frozenset[Role], program: Program) -> Help:
    if not roles:
        return Help()
    takes_part = "participant" in roles or "coach" in roles
    names = tuple(one.name for one in facilitators(session, program.id) if one.name) if takes_part else ()
    return Help(concern(roles), names)


def _entry(program: Program | None, key: str | None) -> Entry | None:
    return program.entry(key) if program is not None and key is not None else None


def _entries(program: Program | None, keys: Iterable[str]) -> tuple[Entry, ...]:
    """Those that are still there."""
    return tuple(entry for key in keys if (entry := _entry(program, key)) is not None)


def _key(entry: Entry | None) -> str | None:
    return entry.key if entry is not None else None


def _passage(program: Program | None, key: str | None, quote: str | None, page: int | None) -> Passage | None:
    """What was quoted, as long as the program lists the document with that key."""
    document = program.document(key) if program is not None and key is not None else None
    if document is None or quote is None or program is None:
        return None
    return Passage(document, quote, page, program=program.slug)


def _reserved(
    session: Session, team: str, where: Where, told: Iterable[Entry | None], passage: Passage | None
) -> bool:  # fmt: skip
    """Whether something that was asked in private has an answer that is not for everybody in that channel."""
    meant_for = {one.audience for one in told if one is not None}
    if passage is not None:
        meant_for.add(passage.document.audience)
    if where.place != "private" or meant_for <= FOR_APPLICANTS:
        return False
    room = channels.get(session, team, where.channel)
    return not meant_for <= audiences_in(room.purpose if room is not None else None)


def _handed(session: Session, question: Question) -> Handed | None:
    if question.handed_at is None or question.due_at is None:
        return None
    owner = session.get(Person, question.owner_id) if question.owner_id is not None else None
    name = (owner.name or None) if owner is not None else None
    return Handed(name, owner.user_id if owner else None, question.due_at, question.handed_at)


def _answers(session: Session, question_id: int, program: Program | None) -> tuple[Answered, ...]:
    found = []
    for answer in rows.answers(session, question_id):
        author = session.get_one(Person, answer.author_id)
        by, entry = author.name or author.user_id or "", _entry(program, answer.entry)
        found.append(Answered(by, answer.text, answer.answered_at, entry, answer.ts))
    return tuple(found)
