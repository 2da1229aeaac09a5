"""What is kept of an answer: an entry, or another way to ask one that is there; and how that is taken back."""

from __future__ import annotations

from dataclasses import astuple, replace
from datetime import datetime

from sqlmodel import Session

from bot.domain import entries as rules
from bot.domain.entries import SPANISH, Gone, How, Keep, Keeping, Kept, Problem, Rejected, Said
from bot.domain.language import language_of
from bot.domain.once import AlreadySaved, Saved, with_other_words
from bot.domain.people import NotAllowed, Viewer
from bot.domain.programs import Audience, Program, Verified
from bot.domain.questions import ANSWERERS
from bot.domain.written import clean, one_line
from bot.services import cards, people
from bot.services.entries_access import allowed, audience_in, audience_of, program_of, readable
from bot.services.entries_written import (
    SECTION,
    Writer,
    as_written,
    body_of,
    current,
    held,
    last_change,
    note,
    put,
    verification,
    write,
)
from bot.services.faq import FaqIndexes
from bot.services.program_schema import Body
from bot.services.programs import Edited, Programs
from storage import entries as rows
from storage import people as people_rows
from storage import programs as program_rows
from storage import questions as question_rows
from storage.entries import EntrySave
from storage.questions import Question


def keeping(
    *,
    session: Session,
    programs: Programs,
    indexes: FaqIndexes,
    viewer: Viewer,
    now: datetime,
    question_id: int | None = None,
    said: Said | None = None,
    asked: str = "",
) -> Keeping | NotAllowed | Gone:
    """The form that keeps an answer: to a logged question, and, with `said`, one that somebody has written.

    `asked` is what it answers, where that was not logged.
    """
    row = _asked(session, viewer, question_id, said)
    if row is None and question_id is not None:
        return Gone()
    program = allowed(session, viewer, program_of(session, programs, row, viewer))
    if isinstance(program, NotAllowed):
        return program
    channel = said.channel if said is not None else None
    audience = audience_in(session, viewer.team, channel) if row is None else audience_of(session, row)
    words, by = row.text if row is not None else asked, _name(session, viewer, said)
    shape = first_shape(program, indexes, words, by, now, row=row, how="entry", audience=audience)
    answer = rules.as_answer(said.text)[: rules.LONGEST_TEXT] if said is not None else ""
    return replace(shape, answer=answer, said=said)


def thread_of(*, session: Session, question_id: int) -> tuple[str, str] | None:
    """The channel and the thread in which people answer a question, if it was asked in one."""
    row = question_rows.get(session, question_id)
    if row is None or row.place != "channel" or row.ts is None:
        return None
    return row.channel, row.thread_ts or row.ts


def save(
    *,
    session: Session,
    programs: Programs,
    viewer: Viewer,
    keep: Keep,
    answer: str,
    key: str,
    now: datetime,
    question_id: int | None = None,
) -> Saved[Kept] | AlreadySaved[Kept] | Rejected | NotAllowed | Gone:
    """Make an answer an entry, or a question a way to ask one; `key` is of the form, so that it counts once."""
    row = question_rows.held(session, question_id) if question_id is not None else None
    if question_id is not None and (row is None or row.team != viewer.team or not readable(session, row)):
        return Gone()
    program = allowed(session, viewer, program_of(session, programs, row, viewer))
    if isinstance(program, NotAllowed):
        return program
    found = keep_it(Writer(session, programs, program, viewer, key, now), keep, answer, row)
    if isinstance(found, Saved) and row is not None:
        cards.changed(session, row, now)
    if isinstance(found, Saved | AlreadySaved):
        people.show_again(session, program.id, *ANSWERERS)
    return found


def keep_it(
    writer: Writer, keep: Keep, answer: str, question: Question | None
) -> Saved[Kept] | AlreadySaved[Kept] | Rejected:
    """The same within a use case that has made sure that they may; nothing is written if anything is wrong."""
    writer = held(writer)
    keep = replace(keep, question=one_line(keep.question), source=one_line(keep.source))
    answer = clean(answer)
    own = with_other_words(writer.key, (*astuple(keep), answer))
    before = rows.last_of_form(writer.session, writer.key)
    if before is None:
        return _keep(replace(writer, key=own), keep, answer, question)
    if before.key == own or before.key.startswith(f"{own}:"):
        return _kept_before(writer.program, before)
    if rows.by_key(writer.session, own) is not None:
        # Once more what it was before it was something else.
        own = f"{own}:{before.id}"
    return _keep_instead(replace(writer, key=own), before, keep, answer, question)


def take_back(writer: Writer) -> Rejected | None:
    """Undo what a form has kept, since it is handed in again without; what is wrong if that cannot be."""
    before = rows.last_of_form(writer.session, writer.key)
    if before is None or writer.program.entry(before.entry) is None:
        return None
    writer = held(writer)
    left = _taken_back(writer, before)
    return None if left is not None else _changed_since(writer.program, before)


def leave(
    *, session: Session, programs: Programs, viewer: Viewer, question_id: int, now: datetime
) -> Saved[None] | AlreadySaved[None] | NotAllowed | Gone:
    """*No* to what is offered for a question: it is not offered again."""
    row = question_rows.held(session, question_id)
    if row is None or row.team != viewer.team:
        return Gone()
    program = allowed(session, viewer, program_of(session, programs, row, viewer))
    if isinstance(program, NotAllowed):
        return program
    if row.kept_at is not None:
        return AlreadySaved(None)
    row.kept_at = now
    session.add(row)
    cards.changed(session, row, now)
    people.show_again(session, program.id, *ANSWERERS)
    return Saved(None)


def take_wording(
    *, session: Session, programs: Programs, viewer: Viewer, question_id: int, key: str, now: datetime
) -> Saved[Kept] | AlreadySaved[Kept] | Rejected | NotAllowed | Gone:
    """*Add it* to what somebody asked when they pressed a suggestion: their words become a way to ask that entry."""
    row = question_rows.held(session, question_id)
    if row is None or row.chosen is None or row.team != viewer.team:
        return Gone()
    program = allowed(session, viewer, program_of(session, programs, row, viewer))
    if isinstance(program, NotAllowed):
        return program
    there = program.entry(row.chosen)
    if there is not None and row.kept_as == there.key:
        return AlreadySaved(Kept(program, there, "phrasing"))
    return save(
        session=session,
        programs=programs,
        viewer=viewer,
        keep=Keep("phrasing", question=row.text, entry=row.chosen),
        answer="",
        key=key,
        now=now,
        question_id=question_id,
    )


def first_shape(
    program: Program,
    indexes: FaqIndexes,
    words: str,
    by: str,
    now: datetime,
    *,
    row: Question | None = None,
    how: How = "no",
    audience: Audience = "all",
) -> Keeping:
    """The part of a form that keeps an answer to `words`, said by somebody: those first that may answer it already."""
    known = (row.chosen, row.entry, *row.suggestions) if row is not None else ()
    choices, likely = rules.ordered(program, indexes.of((program,)).decide(words), *known)
    return Keeping(
        program=program,
        keep=Keep(how, question=as_line(words), audience=audience),
        answer="",
        by=by,
        today=program.local_day(now),
        choices=choices,
        likely=likely,
        question_id=row.id if row is not None else None,
    )


def as_line(text: str) -> str:
    """What a field of one line begins with: people's words, as many as it holds."""
    return one_line(text)[: rules.LONGEST_LINE]


def _keep_instead(
    writer: Writer, before: EntrySave, keep: Keep, answer: str, question: Question | None
) -> Saved[Kept] | Rejected:
    """The form had stayed open though it was kept: what is in it now takes the place of what was in it then."""
    stays = keep.how == "entry" and before.what == "made"
    with writer.session.begin_nested() as both:
        left = _taken_back(writer, before, stays=stays)
        if left is None:
            return _changed_since(writer.program, before)
        instead = before.entry if stays and left.program.entry(before.entry) is not None else None
        found = _keep(left, keep, answer, question, instead)
        if isinstance(found, Rejected):
            both.rollback()
    return found


def _keep(
    writer: Writer, keep: Keep, answer: str, question: Question | None, instead: str | None = None
) -> Saved[Kept] | Rejected:
    """Write what is to be kept, in the place of the entry `instead` if there is one."""
    problems = rules.check(keep, answer, writer.program, writer.today, instead)
    if problems:
        return Rejected(problems)
    wording = None
    if keep.how == "phrasing":
        assert keep.entry is not None
        name = keep.entry
        body, wording = _with_wording(writer, name, keep.question)
    else:
        name = instead or _new_key(writer, keep.question)
        body = {**(body_of(writer, instead) if instead else {}), **_new_body(writer, keep, answer, question)}
    outcome = write(writer, name, body)
    if outcome is not None:
        return outcome
    note(writer, name, "made" if keep.how == "entry" else "phrasing", question, wording)
    if question is not None:
        question.kept_as, question.kept_at = name, writer.now
        writer.session.add(question)
    return Saved(Kept(*as_written(writer, name), keep.how, last_change(writer, name)))


def _taken_back(writer: Writer, before: EntrySave, *, stays: bool = False) -> Writer | None:
    """The program without what a form has kept, unless its entry `stays`; None if somebody has changed it since."""
    last = rows.last(writer.session, writer.program.id, before.entry)
    if last is not None and (last.id or 0) > (before.id or 0):
        return None
    if stays or writer.program.entry(before.entry) is None:
        return writer
    body: Body | None = None
    if before.what != "made":
        stored = body_of(writer, before.entry)
        body = {**stored, "phrasings": [one for one in stored.get("phrasings", ()) if one != before.wording]}
    return current(writer) if isinstance(put(writer, before.entry, body), Edited) else None


def _changed_since(program: Program, before: EntrySave) -> Rejected:
    there = program.entry(before.entry)
    return Rejected((Problem("question", "asked_already", there.question if there is not None else ""),))


def _kept_before(program: Program, before: EntrySave) -> AlreadySaved[Kept] | Rejected:
    """What a form has kept that is handed in once more."""
    there = program.entry(before.entry)
    if there is None:
        return Rejected((Problem("entry", "gone"),))
    return AlreadySaved(Kept(program, there, "entry" if before.what == "made" else "phrasing"))


def _with_wording(writer: Writer, name: str, words: str) -> tuple[Body, str | None]:
    """An entry with another way to ask it, and that way, unless it is known already."""
    body, entry = body_of(writer, name), writer.program.entry(name)
    if entry is not None and rules.bare(words) in map(rules.bare, rules.ways(entry)):
        return body, None
    before = body.get("phrasings", ())
    return {**body, "phrasings": [*before, words]}, words if words not in before else None


def _new_key(writer: Writer, question: str) -> str:
    """A key that no entry of the program has or had."""
    items = program_rows.items(writer.session, writer.program.id, removed=True)
    return rules.new_key(question, {one.key for one in items if one.section == SECTION})


def _new_body(writer: Writer, keep: Keep, answer: str, question: Question | None) -> Body:
    """An entry made of an answer; one that is in Spanish stands as that alone until somebody adds other words."""
    main = writer.program.language
    spoken = language_of(answer, otherwise=question.language if question is not None else main)
    alone = {"question": keep.question, "answer": answer} if spoken == SPANISH != main else None
    return {
        "question": keep.question,
        "answer": answer,
        "source": keep.source,
        "owner": writer.viewer.name,
        "audience": keep.audience,
        "verified": verification(Verified(writer.name, writer.today, keep.until)),
        "translations": {SPANISH: alone} if alone is not None else {},
    }


def _asked(session: Session, viewer: Viewer, question_id: int | None, said: Said | None) -> Question | None:
    """The logged question that is answered, as far as facilitators may read it."""
    row = None
    if question_id is not None:
        row = question_rows.get(session, question_id)
    elif said is not None and said.thread is not None:
        row = question_rows.by_message(session, viewer.team, said.channel, said.thread)
    return row if row is not None and row.team == viewer.team and readable(session, row) else None


def _name(session: Session, viewer: Viewer, said: Said | None) -> str:
    """Who has said what is kept; a facilitator speaks for a bot, and for whom nobody knows."""
    person = people_rows.by_user(session, viewer.team, said.by) if said is not None and said.by else None
    return person.name if person is not None and person.name and not person.bot else viewer.name
