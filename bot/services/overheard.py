"""What people say in channels to nobody in particular: their questions, and how they answer each other in threads.

What the program's own words answer for sure is answered. Anything else waits for the facilitators from that moment on,
without a word, and people have a while to answer each other before it is said in the thread who has the question.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from bot.domain import chatter, language
from bot.domain import faq as matching
from bot.domain.channels import Answering, is_use
from bot.domain.channels import answers as answers_there
from bot.domain.entries import as_answer
from bot.domain.notices import Planned
from bot.domain.once import AlreadySaved, Saved
from bot.domain.people import NotAllowed, Viewer
from bot.domain.programs import answer_due
from bot.domain.questions import ANSWERERS, LONGEST_ANSWER, Form, NotYours, Reply, Where
from bot.services import cards, faq, people, questions
from bot.services.faq import Asking, FaqIndexes
from bot.services.programs import Programs
from storage import channels, inbound, notices
from storage import people as people_rows
from storage import questions as rows
from storage.questions import EarlyReply, Question, QuestionAnswer

STILL_COMING = timedelta(hours=1)
"""How long after a message was written its event may still come in: Slack tries again for some minutes."""
MOST_OFFERED = 3
"""Replies in a thread that are shown to facilitators as answers to one question."""


@dataclass(frozen=True)
class Said:
    """A message in a thread: `ts` and `thread_ts` as Slack has them, `text` as Slack delivers it."""

    team: str
    channel: str
    ts: str
    thread_ts: str
    user: str
    text: str

    @property
    def key(self) -> str:
        """What makes it count once."""
        return message_key(self.team, self.channel, self.ts)


def message_key(team: str, channel: str, ts: str) -> str:
    """What makes a message count once, as a question or as an answer."""
    return f"{team}:{channel}:{ts}"


def when_to_speak(*, session: Session, team: str, channel: str) -> Answering:
    """When the bot speaks to what is written in a channel; in one that it has never heard of only where mentioned."""
    row = channels.get(session, team, channel)
    if row is None:
        return answers_there("none", None)
    return answers_there(row.purpose if is_use(row.purpose) else "none", row.answering)


def concerns(*, session: Session, team: str, channel: str, ts: str) -> bool:
    """Whether a message, or what is written under it, may concern a question at all; only looks."""
    known = rows.by_message(session, team, channel, ts) or rows.answer_by_key(session, message_key(team, channel, ts))
    return known is not None or when_to_speak(session=session, team=team, channel=channel) != "mention"


def asked(
    *, session: Session, programs: Programs, indexes: FaqIndexes, asking: Asking, mode: Answering, now: datetime
) -> Reply | None:
    """A question that mentions nobody, in a channel where that is enough: answered, or given to the facilitators.

    None where nothing was made of it: it was deleted before it came in, or there is no program to ask about.
    """
    if mode == "mention" or inbound.noted(session, _deleted_key(asking.key)):
        return None
    said = faq.ask(session=session, programs=programs, indexes=indexes, asking=asking, now=now)
    if not isinstance(said, Reply):
        return None
    question = rows.held(session, said.question_id)
    assert question is not None
    if question.quiet or question.handed_at is not None:
        return said
    if said.outcome in ("answered", "quoted") or (mode == "always" and said.outcome != "declined"):
        return _say(session, programs, question, said, asking.viewer, mode, now)
    return _wait(session, programs, question, asking.viewer, mode, now)


def goes_on(*, session: Session, where: Where, team: str, user: str) -> bool:
    """Whether somebody who writes in a thread may go on asking the bot there: it has answered them, and only it."""
    if when_to_speak(session=session, team=team, channel=where.channel) == "mention":
        return False
    question = rows.by_message(session, team, where.channel, where.thread_ts or "")
    if question is None or question.quiet or faq.outcome_of(question) not in ("answered", "quoted"):
        return False
    asker = people_rows.by_user(session, team, user)
    theirs = asker is not None and asker.id == question.asker_id
    return theirs and question.talked_at is None and question.answered_at is None


def went_on(
    *, session: Session, programs: Programs, indexes: FaqIndexes, asking: Asking, now: datetime
) -> Reply | None:
    """A further question under the bot's answer, by whoever got it: answered there if that is sure, else left alone."""
    viewer, where = asking.viewer, asking.where
    if not goes_on(session=session, where=where, team=viewer.team, user=viewer.user):
        return None
    if inbound.noted(session, _deleted_key(asking.key)):
        return None
    said = faq.ask_if_sure(session=session, programs=programs, indexes=indexes, asking=asking, now=now)
    question = rows.held(session, said.question_id) if said is not None else None
    if said is None or question is None:
        return None
    mode = when_to_speak(session=session, team=viewer.team, channel=where.channel)
    return _say(session, programs, question, said, viewer, mode, now)


def replied(*, session: Session, said: Said, now: datetime) -> None:
    """Somebody writes in a thread: under an open question that keeps the bot quiet, and may be the answer."""
    found = rows.by_message(session, said.team, said.channel, said.thread_ts)
    if found is None or found.id is None:
        _note_early(session, said, now)
        return
    question = rows.held(session, found.id)
    if question is not None and not _open_to_replies(session, question):
        _note_talk(session, question, said, now)
    if question is None or not _open_to_replies(session, question) or rows.answer_by_key(session, said.key) is not None:
        return
    author = people.meet(session=session, team=said.team, user=said.user, now=now)
    if author.id is not None and author.id != question.asker_id and not author.bot:
        _hear(session, question, said.ts, author.id, as_answer(said.text), now, answers=chatter.may_answer(said.text))


def edited(*, session: Session, team: str, channel: str, ts: str, text: str, now: datetime) -> None:
    """A message was changed: facilitators are shown an open question, or an offered answer, as it reads now."""
    question = rows.by_message(session, team, channel, ts)
    if question is not None and question.id is not None:
        _reword(session, question.id, language.clean(text)[: matching.LONGEST], now)
        return
    answer = rows.answer_by_key(session, message_key(team, channel, ts))
    question = rows.held(session, answer.question_id) if answer is not None else None
    words = as_answer(text)[:LONGEST_ANSWER]
    if answer is None or question is None or question.kept_at is not None or words in ("", answer.text):
        return
    rows.reword(session, answer, words, now)
    cards.changed(session, question, now)


def deleted(*, session: Session, programs: Programs, team: str, channel: str, ts: str, now: datetime) -> None:
    """A message was deleted: a question that is open is closed, and an answer in a thread is none any more."""
    question = rows.by_message(session, team, channel, ts)
    if question is not None and question.id is not None:
        _withdraw(session, question.id, now)
        return
    key = message_key(team, channel, ts)
    answer = rows.answer_by_key(session, key)
    if answer is None:
        if _still_coming(ts, now) and when_to_speak(session=session, team=team, channel=channel) != "mention":
            inbound.first_time(session, _deleted_key(key), now)
        return
    question = rows.held(session, answer.question_id)
    if question is not None and question.kept_at is None and answer.dismissed_at is None:
        _dismiss(session, programs, question, answer, now)


def not_an_answer(
    *, session: Session, programs: Programs, viewer: Viewer, question_id: int, ts: str, now: datetime
) -> Saved[Reply] | AlreadySaved[Reply] | NotAllowed | NotYours:
    """A facilitator says that a reply in a thread does not answer the question: it waits for a person again."""
    question = rows.held(session, question_id)
    if question is None:
        return NotYours()
    allowed = questions.to_answer(session, programs, viewer, question)
    if not isinstance(allowed, Form):
        return allowed
    answer = rows.answer_by_key(session, message_key(question.team, question.channel, ts))
    if answer is None or answer.question_id != question.id:
        return NotYours()
    if answer.dismissed_at is not None or question.kept_at is not None:
        return AlreadySaved(allowed.reply)
    _dismiss(session, programs, question, answer, now)
    return Saved(faq.current(session=session, programs=programs, question=question, reader=viewer))


def _say(
    session: Session,
    programs: Programs,
    question: Question,
    said: Reply,
    viewer: Viewer,
    mode: Answering,
    now: datetime,
) -> Reply:
    """Answer a question at once, and give what is left of it to the facilitators."""
    if said.unanswered and question.handed_at is None:
        _give(session, programs, question, viewer, mode, now)
    notices.add(session, faq.reply_notice(said, now), now)
    return faq.current(session=session, programs=programs, question=question)


def _note_talk(session: Session, question: Question, said: Said, now: datetime) -> None:
    """Somebody else writes under an answer of the bot's: from then on the thread is between people."""
    author = people.meet(session=session, team=said.team, user=said.user, now=now)
    if question.talked_at is None and author.id != question.asker_id and not author.bot:
        question.talked_at = now
        session.add(question)


def _wait(
    session: Session, programs: Programs, question: Question, viewer: Viewer, mode: Answering, now: datetime
) -> Reply:
    """Give a question to the facilitators without a word, and have that said later, unless somebody is faster."""
    question.quiet, question.outcome = True, "declined"
    session.add(question)
    due_at = _give(session, programs, question, viewer, mode, now)
    said = faq.current(session=session, programs=programs, question=question)
    # Whoever answers questions asks the others something, and needs no word that they are to answer it themselves.
    if not viewer.has(*ANSWERERS):
        notices.add(session, faq.reply_notice(said, due_at), now)
    for early in rows.early(session, question):
        _hear(session, question, early.ts, early.author_id, "", now, answers=early.answers)
        session.delete(early)
    return faq.current(session=session, programs=programs, question=question)


def _give(
    session: Session, programs: Programs, question: Question, viewer: Viewer, mode: Answering, now: datetime
) -> datetime:
    """Give a question to the facilitators, unless one of them asks it; when they are shown it."""
    known = programs.by_id(session, question.program_id) if question.program_id is not None else None
    program = known or viewer.program
    minutes = program.answer_by.wait_minutes if program is not None and mode != "always" else 0
    shown_at = now + timedelta(minutes=minutes)
    if program is not None and not viewer.has(*ANSWERERS):
        questions.give(session=session, question=question, program=program, by=None, shown_at=shown_at, now=now)
    return shown_at


def _note_early(session: Session, said: Said, now: datetime) -> None:
    mode = when_to_speak(session=session, team=said.team, channel=said.channel)
    if mode == "mention" or not _still_coming(said.thread_ts, now):
        return
    author = people.meet(session=session, team=said.team, user=said.user, now=now)
    early = EarlyReply(
        team=said.team,
        channel=said.channel,
        thread_ts=said.thread_ts,
        ts=said.ts,
        author_id=author.id or 0,
        answers=chatter.may_answer(said.text),
        heard_at=now,
    )
    rows.add_early(session, early, now - STILL_COMING)


def _open_to_replies(session: Session, question: Question) -> bool:
    """Whether what people write in its thread may answer a question: it waits for one, or for whether to keep it."""
    waits = question.quiet or question.handed_at is not None
    settled = question.withdrawn_at is not None or question.kept_at is not None
    if not waits or settled or question.thread_ts not in (None, question.ts):
        return False
    before = rows.answers(session, question.id or 0)
    return len(before) < MOST_OFFERED and all(one.ts is not None for one in before)


def _hear(
    session: Session, question: Question, ts: str, author_id: int, words: str, now: datetime, *, answers: bool
) -> None:
    """Somebody has written in the thread of an open question."""
    if not answers:
        question.talked_at = question.talked_at or now
        session.add(question)
        return
    first = question.answered_at is None
    question.answered_at = question.answered_at or now
    answer = QuestionAnswer(
        question_id=question.id or 0,
        key=message_key(question.team, question.channel, ts),
        author_id=author_id,
        text=words[:LONGEST_ANSWER],
        ts=ts,
        answered_at=now,
    )
    session.add_all((question, answer))
    session.flush()
    _show(session, question, now, thread=first)


def _reword(session: Session, question_id: int, words: str, now: datetime) -> None:
    question = rows.held(session, question_id)
    if question is None or not _waits(question) or words == question.text or not language.words(words):
        return
    rows.reword(session, question, words, now)
    _show(session, question, now, thread=False)


def _withdraw(session: Session, question_id: int, now: datetime) -> None:
    question = rows.held(session, question_id)
    if question is None or not _waits(question):
        return
    question.withdrawn_at = now
    session.add(question)
    _show(session, question, now)


def _dismiss(
    session: Session, programs: Programs, question: Question, answer: QuestionAnswer, now: datetime
) -> None:  # fmt: skip
    answer.dismissed_at = now
    session.add(answer)
    session.flush()
    left = rows.answers(session, question.id or 0)
    if not left:
        _open_again(session, programs, question, now)
    _show(session, question, now, thread=not left)


def _open_again(session: Session, programs: Programs, question: Question, now: datetime) -> None:
    """A question waits for a person as if nobody had said anything; a promise that is over is made anew."""
    program = programs.by_id(session, question.program_id) if question.program_id is not None else None
    question.answered_at, question.talked_at = None, None
    if program is not None and question.due_at is not None and question.due_at <= now:
        question.due_at = answer_due(program, now)
    session.add(question)
    word = notices.get(session, faq.reply_key(question.id or 0))
    if word is not None and word.state == "skipped":
        again = notices.to_notice(word)
        notices.change(session, word, Planned(replace(again, due_at=max(again.due_at, now))), now)


def _show(session: Session, question: Question, now: datetime, *, thread: bool = True) -> None:
    """Bring everything up to date that shows a question: cards and Homes, and what was said in its thread."""
    cards.changed(session, question, now)
    if thread:
        faq.changed(session, question, now)
    if question.program_id is not None:
        people.show_again(session, question.program_id, *ANSWERERS)


def _waits(question: Question) -> bool:
    """Whether a question waits for a person."""
    open_ = question.quiet or question.handed_at is not None
    return open_ and question.answered_at is None and question.withdrawn_at is None


def _deleted_key(key: str) -> str:
    return f"{key}:deleted"


def _still_coming(ts: str, now: datetime) -> bool:
    """Whether the event of a message may not have come in yet."""
    try:
        return now - datetime.fromtimestamp(float(ts), UTC) < STILL_COMING
    except (ValueError, OverflowError, OSError):
        return False
