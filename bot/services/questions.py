"""Questions that a person answers: handed over with an owner and a day, answered, and counted for the digest."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from bot.domain.drafts import About
from bot.domain.entries import LONGEST_ASKED, Keep, Kept, Problem, Rejected
from bot.domain.notices import Notice, Target, ToChannel, ToPerson
from bot.domain.once import AlreadySaved, Saved, with_other_words
from bot.domain.people import NotAllowed, Viewer
from bot.domain.programs import Program, answer_due
from bot.domain.questions import (
    ANSWERERS,
    LONGEST_ANSWER,
    AnsweredAlready,
    Draft,
    Empty,
    Form,
    Logged,
    Nobody,
    Noting,
    NotYours,
    OpenQuestion,
    Queue,
    Reply,
    Sent,
    lightest,
)
from bot.domain.written import clean
from bot.services import cards, drafts, faq, people
from bot.services.entries_access import allowed, audience_of
from bot.services.entries_keeping import as_line, first_shape, keep_it, take_back
from bot.services.entries_written import Writer
from bot.services.faq import FaqIndexes
from bot.services.programs import Programs
from storage import notices
from storage import questions as rows
from storage.people import Person, by_ids
from storage.questions import Question, QuestionAnswer

TOLD = "questions.told"
PAGE = 20
"""Open questions on one page."""
NOTHING = Keep()


def hand_over(
    *, session: Session, programs: Programs, viewer: Viewer, question_id: int, now: datetime
) -> Reply | NotYours | Nobody:
    """Give a question to the facilitators, with an owner and the day by which they answer; once.

    `viewer.program` decides for a question of which the program could not be told.
    """
    question = rows.held(session, question_id)
    if question is None or not faq.may_press(viewer, question):
        return NotYours()
    if question.handed_at is None:
        program = _program(session, programs, question) or viewer.program
        if program is None:
            return NotYours()
        if not give(session=session, question=question, program=program, by=viewer.person_id, shown_at=now, now=now):
            return Nobody(program, question.language)
        faq.changed(session, question, now)
    return faq.current(session=session, programs=programs, question=question, reader=viewer)


def give(
    *, session: Session, question: Question, program: Program, by: int | None, shown_at: datetime, now: datetime
) -> bool:
    """Make a question the facilitators', who see it in their queue at once and are shown its card at `shown_at`.

    `by` is who has handed it over, if anybody has. False when there is nobody to give it to.
    """
    targets = people.to_facilitators(session, program.id)
    if not targets:
        return False
    owner = lightest(people.facilitators(session, program.id), rows.load_of(session, program.id))
    question.program_id = program.id
    question.owner_id = owner.person_id if owner is not None else None
    question.handed_at, question.handed_by = now, by
    question.due_at = answer_due(program, now)
    session.add(question)
    session.flush()
    cards.show(session, question, targets, shown_at, now)
    people.show_again(session, program.id, *ANSWERERS)
    return True


def form(
    *, session: Session, programs: Programs, indexes: FaqIndexes, viewer: Viewer, question_id: int, now: datetime
) -> Form | NotAllowed | NotYours:
    """What is needed to answer a question, for somebody who may."""
    question = rows.get(session, question_id)
    found = to_answer(session, programs, viewer, question) if question is not None else NotYours()
    if question is None or not isinstance(found, Form):
        return found
    begun = drafts.standing(session=session, viewer=viewer, about=_about(found, question_id))
    found = replace(found, kept=begun, zone=viewer.zone)
    return _with_choices(session, indexes, viewer, question, found, now)


def check(text: str) -> Empty | None:
    """What is wrong with the words of an answer."""
    words = clean(text)
    return None if 0 < len(words) <= LONGEST_ANSWER else Empty(len(words))


def answer(
    *,
    session: Session,
    programs: Programs,
    indexes: FaqIndexes,
    viewer: Viewer,
    question_id: int,
    text: str,
    key: str,
    now: datetime,
    keep: Keep = NOTHING,
    as_well: bool = False,
) -> Saved[Sent] | AlreadySaved[Sent] | AnsweredAlready | Empty | Rejected | NotAllowed | NotYours:
    """Keep a facilitator's answer, have the asker told where they asked, and keep of it for next time what is wished.

    With a way to ask an entry that is there, that entry answers, behind the text if there is one. When there is an
    answer already, nothing is kept unless it is meant to be sent `as_well`.
    """
    question = rows.held(session, question_id)
    if question is None:
        return NotYours()
    shape = to_answer(session, programs, viewer, question)
    if not isinstance(shape, Form):
        return shape
    words = clean(text)
    if len(words) > LONGEST_ANSWER or not (words or keep.how == "phrasing"):
        return Empty(len(words))
    # The form that asks whether to send it as well took the place of the one in which it was written first.
    own = with_other_words(key, words) if as_well else key
    before = rows.answer_by_key(session, own)
    again = before is not None and before.text == words
    if question.answered_at is not None and not (again or as_well):
        return AnsweredAlready(_with_choices(session, indexes, viewer, question, shape, now), words)
    writer = Writer(session, programs, shape.program, viewer, own, now)
    outcome = AlreadySaved(Sent(shape)) if again else _send(writer, question, shape, words, keep)
    if not isinstance(outcome, Rejected):
        drafts.finish(session=session, viewer=viewer, about=_about(shape, question_id), now=now)
    return outcome


def _send(writer: Writer, question: Question, shape: Form, words: str, keep: Keep) -> Saved[Sent] | Rejected:
    kept = _keep(writer, keep, words, question)
    if isinstance(kept, Rejected):
        return kept
    _settle(writer.session, question, _said(question, writer, words, kept), shape, writer.now)
    return Saved(Sent(_form_of(writer.session, writer.programs, writer.viewer, question, shape.program), kept))


def noting(
    *, session: Session, indexes: FaqIndexes, viewer: Viewer, now: datetime, asked: str = ""
) -> Noting | NotAllowed:
    """What is needed to note a question that came otherwise; `asked` is what of it stands in the form already."""
    program = allowed(session, viewer, viewer.program)
    if isinstance(program, NotAllowed):
        return program
    begun = drafts.standing(session=session, viewer=viewer, about=About("note", program.id))
    return Noting(first_shape(program, indexes, asked, viewer.name, now), begun, viewer.zone)


def note(
    *,
    session: Session,
    programs: Programs,
    viewer: Viewer,
    draft: Draft,
    key: str,
    now: datetime,
    keep: Keep = NOTHING,
) -> Saved[Logged] | AlreadySaved[Logged] | Rejected | NotAllowed:
    """Log a question that came otherwise than through Slack, with its answer; `key` is of the form.

    The facilitator stands in as its asker, so that it counts, and nobody is told anything. A form whose answer was lost
    may be handed in again with other words: they take the place of the first, which are kept with them.
    """
    program = allowed(session, viewer, viewer.program)
    if isinstance(program, NotAllowed):
        return program
    draft = tidied(draft)
    wrong = check_note(draft, keep)
    if wrong:
        return Rejected(wrong)
    outcome = _note(Writer(session, programs, program, viewer, key, now), draft, keep)
    if not isinstance(outcome, Rejected):
        drafts.finish(session=session, viewer=viewer, about=About("note", program.id), now=now)
    return outcome


def _note(writer: Writer, draft: Draft, keep: Keep) -> Saved[Logged] | AlreadySaved[Logged] | Rejected:
    session, program = writer.session, writer.program
    if (known := rows.by_key(session, writer.key)) is not None:
        return _noted_again(writer, known, draft, keep)
    question = _noted(writer, draft)
    kept = _keep(writer, keep, draft.answer, None)
    if isinstance(kept, Rejected):
        return kept
    if kept is not None:
        question.kept_as, question.kept_at = kept.entry.key, writer.now
        question.chosen = _sent(kept)
    if rows.add(session, question) is None:
        return AlreadySaved(Logged(program))
    session.add(_said(question, writer, draft.answer, kept))
    session.flush()
    return Saved(Logged(program, kept))


def queue(*, session: Session, viewer: Viewer, now: datetime, start: int = 0) -> Queue | NotAllowed:
    """A page of what waits for a person, for somebody who may answer."""
    program = allowed(session, viewer, viewer.program)
    if isinstance(program, NotAllowed):
        return program
    waiting = open_questions(session, program, now)
    start = min(start, max(len(waiting) - 1, 0) // PAGE * PAGE)
    return Queue(program, waiting[start : start + PAGE], start, len(waiting), viewer.zone)


def open_questions(session: Session, program: Program, now: datetime) -> tuple[OpenQuestion, ...]:
    """What waits for a person at `now`, the oldest first."""
    waiting = rows.waiting(session, program.id)
    known = by_ids(session, {one for question in waiting for one in (question.asker_id, question.owner_id or 0)})
    promised = _promised(session, waiting)
    found = []
    for question in waiting:
        if question.handed_at is None or question.due_at is None or question.handed_at > now:
            continue
        assert question.id is not None
        asker, owner = known[question.asker_id], known.get(question.owner_id or 0)
        found.append(
            OpenQuestion(
                id=question.id,
                text=question.text,
                asker=asker.user_id or "",
                asker_name=asker.name or asker.user_id or "",
                where=faq.where_of(question),
                asked_at=question.asked_at,
                handed_at=question.handed_at,
                due_at=question.due_at,
                owner=(owner.name or None) if owner is not None else None,
                owner_user=owner.user_id if owner is not None else None,
                promised=question.id in promised,
            )
        )
    return tuple(found)


def to_answer(
    session: Session, programs: Programs, viewer: Viewer, question: Question
) -> Form | NotAllowed | NotYours:  # fmt: skip
    """A question as somebody finds it who may answer it; one that was taken back is nobody's."""
    program = _program(session, programs, question)
    if program is None or question.team != viewer.team or question.withdrawn_at is not None:
        return NotYours()
    here = allowed(session, viewer, program)
    return here if isinstance(here, NotAllowed) else _form_of(session, programs, viewer, question, here)


def _promised(session: Session, waiting: Collection[Question]) -> set[int | None]:
    """Whose askers have been told when they are answered: where one turned to nobody that is said later, if ever."""
    quiet = {faq.reply_key(one.id or 0): one.id for one in waiting if one.quiet}
    said = notices.by_keys(session, quiet) if quiet else {}
    unsaid = {number for key, number in quiet.items() if key not in said or said[key].state != "delivered"}
    return {one.id for one in waiting} - unsaid


def _about(shape: Form, question_id: int) -> About:
    """What a draft of an answer is for."""
    return About("answer", shape.program.id, str(question_id))


def _program(session: Session, programs: Programs, question: Question) -> Program | None:
    return programs.by_id(session, question.program_id) if question.program_id is not None else None


def _form_of(session: Session, programs: Programs, viewer: Viewer, question: Question, program: Program) -> Form:
    asker = session.get_one(Person, question.asker_id)
    said = faq.current(session=session, programs=programs, question=question, reader=viewer)
    return Form(said, program, asker.name or asker.user_id or "")


def _with_choices(
    session: Session, indexes: FaqIndexes, viewer: Viewer, question: Question, shape: Form, now: datetime
) -> Form:
    """The form with what may be kept of the answer: the question's words, and the entries that may be meant."""
    audience = audience_of(session, question)
    keeping = first_shape(shape.program, indexes, question.text, viewer.name, now, row=question, audience=audience)
    return replace(shape, keeping=keeping)


def _keep(writer: Writer, keep: Keep, words: str, question: Question | None) -> Kept | Rejected | None:
    if keep.how == "no":
        return None
    found = keep_it(writer, keep, words, question)
    return found if isinstance(found, Rejected) else found.receipt


def _noted(writer: Writer, draft: Draft) -> Question:
    return Question(
        key=writer.key,
        program_id=writer.program.id,
        team=writer.viewer.team,
        channel="",
        place="private",
        asker_id=writer.viewer.person_id,
        text=draft.text,
        asked_at=writer.now,
        outcome="declined",
        owner_id=writer.viewer.person_id,
        answered_at=writer.now,
        via=draft.via,
        asked_by=draft.asked_by,
    )


def _noted_again(
    writer: Writer, known: Question, draft: Draft, keep: Keep
) -> Saved[Logged] | AlreadySaved[Logged] | Rejected:
    """A form that was noted and stayed open: what is in it now counts, under the same number."""
    session, program, now = writer.session, writer.program, writer.now
    if known.asker_id != writer.viewer.person_id:
        return AlreadySaved(Logged(program))
    kept = _keep(writer, keep, draft.answer, None) or take_back(writer)
    if isinstance(kept, Rejected):
        return kept
    answer, entry = rows.answer_by_key(session, known.key), kept.entry.key if kept is not None else None
    same = (known.via, known.asked_by, known.kept_as) == (draft.via, draft.asked_by, entry)
    for row, words in ((known, draft.text), (answer, draft.answer)):
        if row is not None and row.text != words:
            rows.reword(session, row, words, now)
            same = False
    if same:
        return AlreadySaved(Logged(program, kept))
    known.via, known.asked_by = draft.via, draft.asked_by
    known.kept_as, known.kept_at, known.chosen = entry, now if entry is not None else None, _sent(kept)
    if answer is not None:
        answer.entry = _sent(kept)
        session.add(answer)
    session.add(known)
    return Saved(Logged(program, kept))


def _said(question: Question, writer: Writer, words: str, kept: Kept | None) -> QuestionAnswer:
    """What a facilitator has answered."""
    assert question.id is not None
    return QuestionAnswer(
        question_id=question.id,
        key=writer.key,
        author_id=writer.viewer.person_id,
        text=words,
        answered_at=writer.now,
        entry=_sent(kept),
    )


def _sent(kept: Kept | None) -> str | None:
    """The key of the entry that answers, behind what was written or in its place."""
    return kept.entry.key if kept is not None and kept.how == "phrasing" else None


def _settle(session: Session, question: Question, said: QuestionAnswer, shape: Form, now: datetime) -> None:
    """Write an answer, have the asker told, and bring everything up to date that shows the question as open."""
    question.answered_at = question.answered_at or now
    question.handed_at = question.handed_at or now
    question.due_at = question.due_at or now
    session.add_all((said, question))
    session.flush()
    notices.add(session, _told(said, question, shape.reply, now), now)
    cards.changed(session, question, now)
    faq.changed(session, question, now)
    people.show_again(session, shape.program.id, *ANSWERERS)


def tidied(draft: Draft) -> Draft:
    """A question to be noted as it is stored."""
    return replace(draft, text=clean(draft.text), answer=clean(draft.answer), asked_by=as_line(draft.asked_by))


def check_note(draft: Draft, keep: Keep = NOTHING) -> tuple[Problem, ...]:
    """What is wrong with a question to be noted, as it would be stored."""
    found = []
    if not draft.text or len(draft.text) > LONGEST_ASKED:
        found.append(Problem("asked", "too_long" if draft.text else "missing", length=len(draft.text)))
    unanswered = not draft.answer and keep.how != "phrasing"
    if unanswered or len(draft.answer) > LONGEST_ANSWER:
        found.append(Problem("answer", "missing" if unanswered else "too_long", length=len(draft.answer)))
    return tuple(found)


def _told(said: QuestionAnswer, question: Question, reply: Reply, now: datetime) -> Notice:
    target: Target = ToPerson(reply.asker)
    if question.place == "channel":
        target = ToChannel(question.channel, reply.where.thread)
    return Notice(
        key=f"{TOLD}:{said.id}",
        kind=TOLD,
        target=target,
        due_at=now,
        program_id=question.program_id,
        refs={"question": question.id, "answer": said.id},
    )
