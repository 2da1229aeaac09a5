"""A question's way: asked, answered in the program's own words or by a person, and what people thought of that."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.domain import drafts
from bot.domain.documents import Passage
from bot.domain.entries import Keeping, Kept
from bot.domain.modes import spoken
from bot.domain.people import Member, Viewer
from bot.domain.programs import Audience, Entry, Program

Place = Literal["channel", "direct", "private"]
"""Where an answer goes: a thread in a channel, the conversation with the bot, or the asker's eyes alone."""
Outcome = Literal["answered", "suggested", "quoted", "declined"]
Via = Literal["email", "telephone", "in_person"]
"""How a question came that was not asked in Slack."""

LONGEST_ANSWER = 2500
ANSWERERS: tuple[Literal["facilitator", "admin"], ...] = ("facilitator", "admin")
EVERYTHING: frozenset[Audience] = frozenset(("applicants", "cohort", "all"))
FOR_APPLICANTS: frozenset[Audience] = frozenset(("applicants", "all"))


@dataclass(frozen=True)
class Where:
    """The conversation in which something was asked; `ts` of the message, and of its thread if it is in one."""

    place: Place
    channel: str
    ts: str | None = None
    thread_ts: str | None = None

    @property
    def thread(self) -> str | None:
        """The thread in which to answer: in a channel always one, directly only where the person has begun it."""
        return self.thread_ts or (self.ts if self.place == "channel" else None)


@dataclass(frozen=True)
class Answered:
    """What a person said to a question: in their own words, with an entry, or both.

    Neither is there when the entry was taken out since. With a `ts` it is a message in the question's thread, which has
    no words here if it came in before the question.
    """

    by: str
    text: str
    at: datetime
    entry: Entry | None = None
    ts: str | None = None


@dataclass(frozen=True)
class Handed:
    """That a question waits for a person: who looks after it (a name, or None for all facilitators), and until when."""

    owner: str | None
    owner_user: str | None
    due_at: datetime
    at: datetime


@dataclass(frozen=True)
class Help:
    """Who helps somebody in a program: office hours for these `audiences`, and, if they take part, facilitators."""

    audiences: tuple[Audience, ...] = ("applicants",)
    facilitators: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reply:
    """Everything that is said to a question, as it stands now.

    `programs` has one element unless it could not be told which program is meant; `helps` is who helps the asker in
    each of them, where no entry answers. `entry` is what answers, whether found or chosen, `also` what answers further
    questions in it and `unanswered` those that nothing answers, `passage` what is quoted where no entry answers; `zone`
    is the reader's, where there is one reader. `language` (`en`, `es`) is the question's, in which all of it is said.

    `reserved`: not everybody in the channel where it was asked in private may be told what answers it. `quiet`: it
    turned to nobody, and nothing was said at once; `talked`: people talk about it without having answered it;
    `withdrawn`: its asker has taken it back; `settled`: it is settled whether an answer is kept, and `kept` that it is.
    """

    question_id: int
    text: str
    asker: str
    where: Where
    asked_at: datetime
    programs: tuple[Program, ...]
    outcome: Outcome
    entry: Entry | None = None
    also: tuple[Entry, ...] = ()
    unanswered: tuple[str, ...] = ()
    passage: Passage | None = None
    suggestions: tuple[Entry, ...] = ()
    handed: Handed | None = None
    answers: tuple[Answered, ...] = ()
    helpful: bool | None = None
    shared: bool = False
    reserved: bool = False
    zone: str | None = None
    language: str = "en"
    quiet: bool = False
    talked: bool = False
    withdrawn: bool = False
    settled: bool = False
    kept: bool = False
    helps: tuple[Help, ...] = ()

    @property
    def program(self) -> Program | None:
        """The program that is meant, if that is known."""
        return self.programs[0] if len(self.programs) == 1 else None

    @property
    def from_thread(self) -> bool:
        """Whether it was answered, and only by people in its thread."""
        return bool(self.answers) and all(one.ts is not None for one in self.answers)


@dataclass(frozen=True)
class OpenQuestion:
    """A question that waits for a person. `asker` and `owner_user` are Slack user ids.

    `promised`: its asker has been told by when it is answered.
    """

    id: int
    text: str
    asker: str
    asker_name: str
    where: Where
    asked_at: datetime
    handed_at: datetime
    due_at: datetime
    owner: str | None
    owner_user: str | None
    promised: bool = True


@dataclass(frozen=True)
class Examples:
    """Nothing was asked: what could be, from the program's own questions."""

    program: Program
    questions: tuple[str, ...] = field(default_factory=tuple)
    language: str = "en"


@dataclass(frozen=True)
class TooLong:
    """More words than one question has."""

    program: Program
    length: int
    language: str = "en"


@dataclass(frozen=True)
class NoProgram:
    """There is no program to ask about."""


@dataclass(frozen=True)
class NotYours:
    """A private reply that somebody else asked for, or one that is gone."""


@dataclass(frozen=True)
class Nobody:
    """There is no facilitator whom the question could be handed to."""

    program: Program
    language: str = "en"


@dataclass(frozen=True)
class Form:
    """A question to be answered: as it stands, and who asked; `keeping` is what may be kept of the answer.

    `kept` is what somebody has begun to answer and not sent; `zone` is theirs.
    """

    reply: Reply
    program: Program
    asker_name: str
    keeping: Keeping | None = None
    kept: drafts.Kept | None = None
    zone: str | None = None


@dataclass(frozen=True)
class Sent:
    """An answer is kept and on its way, and perhaps it is kept for next time as well."""

    form: Form
    kept: Kept | None = None


@dataclass(frozen=True)
class Queue:
    """A page of what waits for a person, the longest waiting first; `start` of them come before, `total` are all."""

    program: Program
    questions: tuple[OpenQuestion, ...]
    start: int
    total: int
    zone: str | None = None


@dataclass(frozen=True)
class Draft:
    """A question that came otherwise than through Slack, with its answer, as a facilitator notes it."""

    text: str
    answer: str
    via: Via = "email"
    asked_by: str = ""


@dataclass(frozen=True)
class Noting:
    """What is needed to note a question: what may be kept of its answer, and what somebody has begun and not noted."""

    keeping: Keeping
    kept: drafts.Kept | None = None
    zone: str | None = None


@dataclass(frozen=True)
class Logged:
    """It is noted, and perhaps its answer is kept for next time."""

    program: Program
    kept: Kept | None = None


@dataclass(frozen=True)
class AnsweredAlready:
    """Somebody else was faster; `words` are what was just written, and are not kept unless sent again."""

    form: Form
    words: str


@dataclass(frozen=True)
class Empty:
    """Nothing was written, or too much."""

    length: int


def audiences(viewer: Viewer, where: Where, purpose: str | None) -> frozenset[Audience]:
    """Whose entries may be quoted to those who will read the answer.

    In a channel that depends on what the channel is for, otherwise on who is asking.
    """
    if where.place == "channel":
        return audiences_in(purpose)
    inside = viewer.has("participant", "coach", "facilitator", "admin")
    return EVERYTHING if inside else FOR_APPLICANTS


def audiences_in(purpose: str | None) -> frozenset[Audience]:
    """Whose entries may be quoted to everybody in a channel, by what it is for."""
    return EVERYTHING if purpose in ("cohort", "facilitators") else FOR_APPLICANTS


def quotable(program: Program, allowed: Collection[Audience]) -> tuple[Entry, ...]:
    """The entries of a program that may be quoted: none that is made up, where the program is live."""
    return tuple(entry for entry in spoken(program).entries if entry.audience in allowed)


def examples(program: Program, language: str) -> tuple[str, ...]:
    """Two questions that the program answers to anybody: from the beginning and the middle of its list.

    In the asker's language, as far as there are any in it.
    """
    wordings = [program.wording(entry, language) for entry in quotable(program, FOR_APPLICANTS)]
    short = [one for one in wordings if len(one.question) <= 80]
    questions = [one.question for one in short if one.language == language] or [one.question for one in short]
    return tuple(dict.fromkeys((questions[0], questions[len(questions) // 2]))) if questions else ()


def lightest(candidates: Collection[Member], load: dict[int, int]) -> Member | None:
    """Of several facilitators the one for whom the fewest questions wait; of equals the first."""
    return min(candidates, key=lambda one: load.get(one.person_id, 0), default=None)
