"""Entries made and looked after in Slack: from an answer, by another wording, when doubted, and when time is up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import get_args

from sqlmodel import Session

from bot.domain import entries as rules
from bot.domain.entries import Care, Deed, Doubt, Offer, Vote
from bot.domain.notices import Notice, Planned, Target, ToPerson
from bot.domain.people import Member, NotAllowed, Viewer
from bot.domain.programs import Entry, Program
from bot.domain.questions import ANSWERERS, NotYours, Reply
from bot.services import faq, people
from bot.services.entries_access import allowed, readable
from bot.services.planning import Feature, by_people
from bot.services.programs import Programs
from storage import channels, notices
from storage import entries as rows
from storage import questions as question_rows
from storage.programs import Revised
from storage.questions import Question, QuestionVote

DOUBTED = "entries.doubted"
LAPSED = "entries.lapsed"
SETTLED = "entries.settled"
DEEDS: dict[str, Deed] = {name: name for name in get_args(Deed)}
MOST_OFFERS = 200
"""Pressed suggestions that are looked at, the newest first."""


def care(*, session: Session, program: Program, now: datetime) -> Care:
    """What in a program's answers needs somebody at `now`."""
    return Care(
        doubts=_doubts(session, program),
        lapsed=rules.lapsed(program, program.local_day(now)),
        offers=tuple(_offers(session, program)),
    )


def caring(*, session: Session, viewer: Viewer, now: datetime) -> tuple[Program, Care] | NotAllowed:
    """The same for somebody who looks after it."""
    program = allowed(session, viewer, viewer.program)
    if isinstance(program, NotAllowed):
        return program
    return program, care(session=session, program=program, now=now)


def vote(
    *, session: Session, programs: Programs, viewer: Viewer, question_id: int, helpful: bool, now: datetime
) -> Reply | NotYours:
    """Keep what somebody thinks of an answer; facilitators are told, once, when its entry did not help several."""
    said = faq.vote(
        session=session, programs=programs, viewer=viewer, question_id=question_id, helpful=helpful, now=now
    )
    if helpful or isinstance(said, NotYours) or said.entry is None or said.program is None:
        return said
    if said.entry.key in {one.entry.key for one in _doubts(session, said.program)}:
        _say_doubted(session, said.program, said.entry.key, now)
        people.show_again(session, said.program.id, *ANSWERERS)
    return said


def doubt(session: Session, program: Program, entry: str) -> Doubt | None:
    """An entry that did not help several people, as far as it is not looked at yet."""
    return next((one for one in _doubts(session, program) if one.entry.key == entry), None)


def is_settled(session: Session, program: Program, entry: str) -> bool:
    """Whether somebody has looked at an entry, and nobody has said since that it did not help."""
    looked_at = rows.looked_at(session, program.id).get(entry)
    if looked_at is None:
        return False
    votes = question_rows.unhelpful(session, program.id)
    return not any(_answering(question) == entry and vote.voted_at > looked_at for vote, question in votes)


def _plan(session: Session, program: Program) -> Iterator[Planned]:
    lasting = [(entry, entry.verified.until) for entry in program.entries if entry.verified and entry.verified.until]
    if not lasting:
        return
    answerers = people.members(session, program.id, *ANSWERERS)
    others = people.to_facilitators(session, program.id)
    for entry, until in lasting:
        for tail, target in _owner(entry, answerers, others).items():
            yield Planned(
                Notice(
                    key=f"{LAPSED}:{program.id}:{entry.key}:{until}{tail}",
                    kind=LAPSED,
                    target=target,
                    due_at=rules.lapses_at(program, until),
                    program_id=program.id,
                    refs={"entry": entry.key, "until": until.isoformat()},
                )
            )


def _marks(session: Session, programs: Sequence[Revised]) -> dict[int, str]:
    rooms = channels.count(session, [one.id for one in programs], "facilitators")
    return {one: f"{mark}.{rooms.get(one, 0)}" for one, mark in by_people(session, programs).items()}


FEATURE = Feature("entries", (LAPSED,), _plan, _marks)


def _owner(entry: Entry, answerers: Sequence[Member], others: dict[str, Target]) -> dict[str, Target]:
    """Who is reminded of an entry, by what is put behind the notice's key: its owner, or else `others`."""
    owner = rules.owner_of(entry, answerers)
    return {f":{owner.user}": ToPerson(owner.user)} if owner is not None and owner.user is not None else others


def _doubts(session: Session, program: Program) -> tuple[Doubt, ...]:
    unhelpful = question_rows.unhelpful(session, program.id)
    looked_at = rows.looked_at(session, program.id)
    votes = [_vote(one, question, None) for one, question in unhelpful]
    doubted = {one.entry.key for one in rules.doubted(program, votes, looked_at)}
    # Whether they may be read is asked for the few that somebody will read.
    told = (
        _vote(one, question, question.text if readable(session, question) else None)
        for one, question in unhelpful
        if _answering(question) in doubted
    )
    return rules.doubted(program, told, looked_at) if doubted else ()


def _vote(vote: QuestionVote, question: Question, text: str | None) -> Vote:
    return Vote(_answering(question), vote.person_id, vote.question_id, text, vote.voted_at)


def _answering(question: Question) -> str:
    return question.chosen or question.entry or ""


def _offers(session: Session, program: Program) -> Iterator[Offer]:
    known = {rules.bare(way) for entry in program.entries for way in rules.ways(entry)}
    for question in question_rows.chosen(session, program.id, MOST_OFFERS):
        entry, words = program.entry(question.chosen or ""), rules.bare(question.text)
        fits = words and words not in known and len(question.text) <= rules.LONGEST_LINE
        if entry is None or question.id is None or not fits or not readable(session, question):
            continue
        known.add(words)
        yield Offer(question.id, question.text, entry)


def _say_doubted(session: Session, program: Program, entry: str, now: datetime) -> None:
    last = rows.last(session, program.id, entry)
    for tail, target in people.to_facilitators(session, program.id).items():
        notice = Notice(
            key=f"{DOUBTED}:{program.id}:{entry}:{last.id if last else 0}{tail}",
            kind=DOUBTED,
            target=target,
            due_at=now,
            program_id=program.id,
            refs={"entry": entry},
        )
        notices.add(session, notice, now)
