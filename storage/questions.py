"""Questions as they were asked, what became of them, and what people thought of the answers."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, UniqueConstraint, bindparam, delete
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, Session, SQLModel, col, func, select

from storage.database import UtcDateTime, add_once, at_first, insert_once


class Question(SQLModel, table=True):
    """One question. `key` is that of its delivery; a message has its `ts` as well and counts once by it.

    place: channel (answered in the thread), direct (in the conversation with the bot) or private (to the asker alone).
    outcome: answered, suggested, quoted or declined; `entry`, `also` (what answers a second question in it) and
    `suggestions` are keys of entries, `chosen` the one pressed. `unanswered` are questions in it, in its own words,
    that nothing answers though something answers the rest. `quote` is what was quoted word for word, from the
    `document` of that key and its `page`, if it has pages.
    It is open from `handed_at` until `answered_at`; `cards` name the notices that show it to facilitators.
    `changes` counts what has changed in the reply since it was made. `language` (`en`, `es`) is that of the question.
    Since `kept_at` it is settled whether it is kept for next time: `kept_as` is the key of its entry, None for no.
    `quiet` says that it turned to nobody and that nothing was said at once; since `talked_at` people talk about it in
    its thread without having answered it, and since `withdrawn_at` its asker has taken it back.
    `via` is email, telephone or in_person if it came otherwise than through Slack: then a facilitator stands in as the
    asker, and `asked_by` is who asked in their words.
    `earlier` is how it read before its asker changed it, oldest first, each with until when.
    """

    __tablename__ = "questions"
    __table_args__ = (UniqueConstraint("team", "channel", "ts"),)

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    program_id: int | None = Field(default=None, foreign_key="programs.id", index=True)
    team: str
    channel: str
    ts: str | None = None
    thread_ts: str | None = None
    place: str
    asker_id: int = Field(foreign_key="people.id", index=True)
    text: str = Field(repr=False)
    language: str = "en"
    asked_at: datetime = Field(sa_type=UtcDateTime, index=True)
    outcome: str
    entry: str | None = None
    also: list[str] = Field(default=[], sa_column=Column(JSON, nullable=False))
    suggestions: list[str] = Field(default=[], sa_column=Column(JSON, nullable=False))
    score: float = 0.0
    chosen: str | None = None
    chosen_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    none_fits: bool = False
    unanswered: list[str] = Field(default=[], sa_column=Column(JSON, nullable=False, server_default="[]"), repr=False)
    document: str | None = None
    page: int | None = None
    quote: str | None = Field(default=None, repr=False)
    shared_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    handed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    handed_by: int | None = Field(default=None, foreign_key="people.id")
    owner_id: int | None = Field(default=None, foreign_key="people.id")
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    cards: list[str] = Field(default=[], sa_column=Column(JSON, nullable=False))
    changes: int = 0
    kept_as: str | None = None
    kept_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    quiet: bool = False
    talked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    via: str | None = None
    asked_by: str = Field(default="", repr=False)
    earlier: list[dict[str, str]] = Field(
        default=[], sa_column=Column(JSON, nullable=False, server_default="[]"), repr=False
    )


class QuestionAnswer(SQLModel, table=True):
    """What a person answered; `key` is of the form it was handed in with, so that it counts once.

    With a `ts` it is a message in the question's thread, and `key` is that message's; since `dismissed_at` it counts as
    no answer. `entry` is the key of the entry that answers, behind the text or in its place; `earlier` as in a
    question.
    """

    __tablename__ = "question_answers"

    id: int | None = Field(default=None, primary_key=True)
    question_id: int = Field(foreign_key="questions.id", index=True)
    key: str = Field(unique=True)
    author_id: int = Field(foreign_key="people.id")
    text: str = Field(repr=False)
    entry: str | None = None
    ts: str | None = None
    dismissed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    answered_at: datetime = Field(sa_type=UtcDateTime)
    earlier: list[dict[str, str]] = Field(
        default=[], sa_column=Column(JSON, nullable=False, server_default="[]"), repr=False
    )


class EarlyReply(SQLModel, table=True):
    """A message in a thread whose first one has not come in, as the order of events is not certain.

    Its words are not kept, since it may turn out to be about anything; `answers` says whether they could answer.
    """

    __tablename__ = "early_replies"
    __table_args__ = (UniqueConstraint("team", "channel", "ts"),)

    id: int | None = Field(default=None, primary_key=True)
    team: str
    channel: str
    thread_ts: str = Field(index=True)
    ts: str
    author_id: int = Field(foreign_key="people.id")
    answers: bool
    heard_at: datetime = Field(sa_type=UtcDateTime)


class QuestionVote(SQLModel, table=True):
    """Whether an answer helped somebody: one vote each, which they may change."""

    __tablename__ = "question_votes"
    __table_args__ = (UniqueConstraint("question_id", "person_id"),)

    id: int | None = Field(default=None, primary_key=True)
    question_id: int = Field(foreign_key="questions.id", index=True)
    person_id: int = Field(foreign_key="people.id", index=True)
    helpful: bool
    voted_at: datetime = Field(sa_type=UtcDateTime)


_BY_KEY = select(Question).where(Question.key == bindparam("key"))


def add(session: Session, question: Question) -> Question | None:
    """Log a question; None when this message or delivery is logged already."""
    return question if add_once(session, question) else None


def log(session: Session, values: Mapping[str, Any]) -> int | None:
    """The same with what its columns hold, the others as they are at first: its id.

    To make the object in between takes as long as to write it.
    """
    return insert_once(session, Question, {**at_first(Question), **values})


def reword(session: Session, row: Question | QuestionAnswer, text: str, now: datetime) -> None:
    """Let a question or an answer read otherwise, as its author has changed their message; no wording is lost."""
    row.earlier = [*row.earlier, {"text": row.text, "until": now.isoformat()}]
    row.text = text
    session.add(row)


def by_key(session: Session, key: str) -> Question | None:
    """The question of a delivery or a message."""
    return session.exec(_BY_KEY, params={"key": key}).first()


def by_message(session: Session, team: str, channel: str, ts: str) -> Question | None:
    """The question that a message asked."""
    statement = select(Question).where(Question.team == team, Question.channel == channel, Question.ts == ts)
    return session.exec(statement).first()


def get(session: Session, question_id: int) -> Question | None:
    """A question by its id."""
    return session.get(Question, question_id)


def last_in_thread(session: Session, team: str, channel: str, thread: str) -> str | None:
    """The text of the newest question of a thread, the one that began it included."""
    statement = (
        select(Question.text)
        .where(Question.team == team, Question.channel == channel)
        .where((col(Question.thread_ts) == thread) | (col(Question.ts) == thread))
        .order_by(col(Question.id).desc())
    )
    return session.exec(statement.limit(1)).first()


def last_of_person(session: Session, person_id: int, channel: str, since: datetime) -> str | None:
    """The text of the newest question that somebody asked in a conversation since then."""
    statement = (
        select(Question.text)
        .where(Question.asker_id == person_id, Question.channel == channel, col(Question.asked_at) >= since)
        .order_by(col(Question.id).desc())
    )
    return session.exec(statement.limit(1)).first()


def held(session: Session, question_id: int) -> Question | None:
    """A question, held against other writers until this transaction ends."""
    statement = select(Question).where(Question.id == question_id).with_for_update()
    return session.exec(statement.execution_options(populate_existing=True)).first()


def waiting(session: Session, program_id: int) -> list[Question]:
    """What was handed to the facilitators and has no answer yet, oldest first."""
    statement = (
        select(Question)
        .where(Question.program_id == program_id, col(Question.handed_at).is_not(None))
        .where(col(Question.answered_at).is_(None), col(Question.withdrawn_at).is_(None))
        .order_by(col(Question.handed_at), col(Question.id))
    )
    return list(session.exec(statement).all())


def load_of(session: Session, program_id: int) -> dict[int, int]:
    """How many questions wait for each owner."""
    statement = (
        select(Question.owner_id, func.count())
        .where(Question.program_id == program_id, col(Question.owner_id).is_not(None))
        .where(col(Question.answered_at).is_(None), col(Question.withdrawn_at).is_(None))
        .group_by(col(Question.owner_id))
    )
    return {owner: count for owner, count in session.exec(statement).all() if owner is not None}


def answers(session: Session, question_id: int) -> list[QuestionAnswer]:
    """Everything people answered to a question, oldest first; not what turned out to be no answer."""
    statement = select(QuestionAnswer).where(QuestionAnswer.question_id == question_id)
    statement = statement.where(col(QuestionAnswer.dismissed_at).is_(None))
    return list(session.exec(statement.order_by(col(QuestionAnswer.id))).all())


def answer_by_key(session: Session, key: str) -> QuestionAnswer | None:
    """The answer that a form has saved, or a message in the thread, even if it turned out to be none."""
    return session.exec(select(QuestionAnswer).where(QuestionAnswer.key == key)).first()


def add_early(session: Session, reply: EarlyReply, forget: datetime) -> None:
    """Note a message, once, and forget those heard before a moment."""
    session.connection().execute(delete(EarlyReply).where(col(EarlyReply.heard_at) < forget))
    with suppress(IntegrityError), session.begin_nested():
        session.add(reply)


def early(session: Session, question: Question) -> list[EarlyReply]:
    """What others wrote in a question's thread before it came in, in the order of the thread."""
    statement = select(EarlyReply).where(EarlyReply.team == question.team, EarlyReply.channel == question.channel)
    statement = statement.where(EarlyReply.thread_ts == question.ts, EarlyReply.author_id != question.asker_id)
    return list(session.exec(statement.order_by(EarlyReply.ts)).all())


def vote_of(session: Session, question_id: int, person_id: int) -> QuestionVote | None:
    """What somebody thought of an answer."""
    statement = select(QuestionVote).where(QuestionVote.question_id == question_id, QuestionVote.person_id == person_id)
    return session.exec(statement).first()


def unhelpful(session: Session, program_id: int) -> list[tuple[QuestionVote, Question]]:
    """Every vote that an entry of a program did not help, with the question that it answered, oldest first."""
    statement = (
        select(QuestionVote, Question)
        .join(Question, col(Question.id) == col(QuestionVote.question_id))
        .where(Question.program_id == program_id, col(QuestionVote.helpful).is_(False))
        .order_by(col(QuestionVote.voted_at), col(QuestionVote.id))
    )
    return list(session.exec(statement).all())


def chosen(session: Session, program_id: int, limit: int) -> list[Question]:
    """Questions for which a suggestion was pressed and of which it is not settled what is kept, newest first."""
    statement = (
        select(Question)
        .where(Question.program_id == program_id, col(Question.chosen).is_not(None), col(Question.kept_at).is_(None))
        .order_by(col(Question.chosen_at).desc(), col(Question.id).desc())
        .limit(limit)
    )
    return list(session.exec(statement).all())
