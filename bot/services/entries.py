"""Entries made and looked after in Slack: from an answer, by another wording, when doubted, and when time is up."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, astuple, replace
from datetime import date, datetime
from typing import Any, get_args

from sqlmodel import Session

from bot.domain import entries as rules
from bot.domain.entries import (
    SPANISH,
    Care,
    ChangedMeanwhile,
    Deed,
    Done,
    Doubt,
    Draft,
    DraftField,
    Editing,
    Field,
    Gone,
    How,
    Keep,
    Keeping,
    Kept,
    NotAllowed,
    Offer,
    Problem,
    Rejected,
    Said,
    Vote,
)
from bot.domain.language import language_of
from bot.domain.notices import Notice, Planned, Target, ToPerson
from bot.domain.once import AlreadySaved, Saved, with_other_words
from bot.domain.people import Member, Viewer
from bot.domain.programs import Audience, Entry, Program, Verified
from bot.domain.questions import ANSWERERS, NotYours, Reply
from bot.domain.written import clean
from bot.services import cards, faq, people
from bot.services import programs as program_service
from bot.services.faq import FaqIndexes
from bot.services.planning import Feature, by_people
from bot.services.program_schema import Body, EntryItem, to_entry
from bot.services.programs import Edited, Programs
from storage import changes, channels, notices
from storage import entries as rows
from storage import people as people_rows
from storage import programs as program_rows
from storage import questions as question_rows
from storage.channels import Channel
from storage.entries import EntrySave
from storage.programs import Revised
from storage.questions import Question, QuestionVote

DOUBTED = "entries.doubted"
LAPSED = "entries.lapsed"
SETTLED = "entries.settled"
SECTION = "faq"
DEEDS: dict[str, Deed] = {name: name for name in get_args(Deed)}
MOST_OFFERS = 200
"""Pressed suggestions that are looked at, the newest first."""
LABEL = 75
"""The longest name that a verification has room for."""


# Keeping an answer


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
    program = allowed(session, viewer, _program(session, programs, row, viewer))
    if isinstance(program, NotAllowed):
        return program
    channel = said.channel if said is not None else None
    audience = _audience_in(session, viewer.team, channel) if row is None else audience_of(session, row)
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
    program = allowed(session, viewer, _program(session, programs, row, viewer))
    if isinstance(program, NotAllowed):
        return program
    found = keep_it(
        session=session,
        programs=programs,
        viewer=viewer,
        program=program,
        keep=keep,
        answer=answer,
        key=key,
        now=now,
        question=row,
    )
    if isinstance(found, Saved) and row is not None:
        cards.changed(session, row, now)
    if isinstance(found, Saved | AlreadySaved):
        people.show_again(session, program.id, *ANSWERERS)
    return found


def keep_it(
    *,
    session: Session,
    programs: Programs,
    viewer: Viewer,
    program: Program,
    keep: Keep,
    answer: str,
    key: str,
    now: datetime,
    question: Question | None,
) -> Saved[Kept] | AlreadySaved[Kept] | Rejected:
    """The same within a use case that has made sure that `viewer` may; nothing is written if anything is wrong."""
    program = _held(session, programs, program)
    keep = replace(keep, question=_one_line(keep.question), source=_one_line(keep.source))
    answer = clean(answer)
    own = with_other_words(key, (*astuple(keep), answer))
    before = rows.last_of_form(session, key)
    if before is None:
        return _keep(session, programs, program, viewer, keep, answer, own, now, question)
    if before.key == own or before.key.startswith(f"{own}:"):
        return _kept_before(program, before)
    if rows.by_key(session, own) is not None:
        # Once more what it was before it was something else.
        own = f"{own}:{before.id}"
    # The form had stayed open though it was kept: what is in it now takes the place of what was in it then.
    stays = keep.how == "entry" and before.what == "made"
    with session.begin_nested() as both:
        left = _taken_back(session, programs, program, before, viewer, now, stays=stays)
        if left is None:
            return _changed_since(program, before)
        instead = before.entry if stays and left.entry(before.entry) is not None else None
        found = _keep(session, programs, left, viewer, keep, answer, own, now, question, instead)
        if isinstance(found, Rejected):
            both.rollback()
    return found


def take_back(
    *, session: Session, programs: Programs, viewer: Viewer, program: Program, key: str, now: datetime
) -> Rejected | None:
    """Undo what a form has kept, since it is handed in again without; what is wrong if that cannot be."""
    before = rows.last_of_form(session, key)
    if before is None or program.entry(before.entry) is None:
        return None
    program = _held(session, programs, program)
    left = _taken_back(session, programs, program, before, viewer, now)
    return None if left is not None else _changed_since(program, before)


def _keep(
    session: Session,
    programs: Programs,
    program: Program,
    viewer: Viewer,
    keep: Keep,
    answer: str,
    key: str,
    now: datetime,
    question: Question | None,
    instead: str | None = None,
) -> Saved[Kept] | Rejected:
    """Write what is to be kept, in the place of the entry `instead` if there is one."""
    problems = rules.check(keep, answer, program, program.local_day(now), instead)
    if problems:
        return Rejected(problems)
    name, body = _body_of(session, program, keep, answer, viewer, now, question, instead)
    wording = keep.question if keep.how == "phrasing" and keep.question in body.get("phrasings", ()) else None
    if wording is not None and wording in _stored(session, program, name).get("phrasings", ()):
        wording = None
    outcome = _write(session, program, name, body, viewer, now)
    if outcome is not None:
        return outcome
    what = "made" if keep.how == "entry" else "phrasing"
    _note(session, program, name, what, viewer, key, now, question, wording)
    if question is not None:
        question.kept_as, question.kept_at = name, now
        session.add(question)
    return Saved(Kept(*_written(session, programs, program, name), keep.how, _change(session, program, name)))


def _taken_back(
    session: Session,
    programs: Programs,
    program: Program,
    before: EntrySave,
    viewer: Viewer,
    now: datetime,
    *,
    stays: bool = False,
) -> Program | None:
    """The program without what a form has kept, unless its entry `stays`; None if somebody has changed it since."""
    last = rows.last(session, program.id, before.entry)
    if last is not None and (last.id or 0) > (before.id or 0):
        return None
    if stays or program.entry(before.entry) is None:
        return program
    body: Body | None = None
    if before.what != "made":
        stored = _stored(session, program, before.entry)
        body = {**stored, "phrasings": [one for one in stored.get("phrasings", ()) if one != before.wording]}
    outcome = program_service.edit_item(
        session=session, slug=program.slug, section=SECTION, key=before.entry, body=body, by=viewer.user, now=now
    )
    return _current(session, programs, program) if isinstance(outcome, Edited) else None


def _changed_since(program: Program, before: EntrySave) -> Rejected:
    there = program.entry(before.entry)
    return Rejected((Problem("question", "asked_already", there.question if there is not None else ""),))


def leave(
    *, session: Session, programs: Programs, viewer: Viewer, question_id: int, now: datetime
) -> Saved[None] | AlreadySaved[None] | NotAllowed | Gone:
    """*No* to what is offered for a question: it is not offered again."""
    row = question_rows.held(session, question_id)
    if row is None or row.team != viewer.team:
        return Gone()
    program = allowed(session, viewer, _program(session, programs, row, viewer))
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
    program = allowed(session, viewer, _program(session, programs, row, viewer))
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
    return _one_line(text)[: rules.LONGEST_LINE]


def readable(session: Session, question: Question) -> bool:
    """Whether facilitators may read what was asked: what people ask for their own eyes stays theirs."""
    in_channel = question.place == "channel"
    return readable_in(question, channels.get(session, question.team, question.channel) if in_channel else None)


def readable_in(question: Question, room: Channel | None) -> bool:
    """The same where the channel is known in which it was asked, if it was one."""
    if question.handed_at or question.shared_at or question.via:
        return True
    return room is not None and (not room.private or room.program_id == question.program_id is not None)


def audience_of(session: Session, question: Question) -> Audience:
    """Who should be told an answer, if nobody says otherwise: in private whoever is like the asker."""
    if question.place == "channel":
        return _audience_in(session, question.team, question.channel)
    held = people_rows.memberships(session, question.asker_id)
    inside = [one for one in held if one.state == "active" and one.program_id == question.program_id]
    return "cohort" if any(one.role in ("participant", "coach") for one in inside) else "all"


def allowed(session: Session, viewer: Viewer, program: Program | None) -> Program | NotAllowed:
    """The program, if `viewer` answers its questions and looks after its entries."""
    if program is None:
        return NotAllowed(None)
    here = viewer.program
    if here is not None and here.id == program.id and viewer.has(*ANSWERERS):
        return program
    return NotAllowed(program, people.facilitators(session, program.id))


# Changing an entry


def picking(*, session: Session, viewer: Viewer) -> Program | NotAllowed:
    """The program whose entries somebody wants to choose from."""
    return allowed(session, viewer, viewer.program)


def editing(*, session: Session, viewer: Viewer, entry: str) -> Editing | NotAllowed | Gone:
    """The form for changing an entry."""
    program = allowed(session, viewer, viewer.program)
    if isinstance(program, NotAllowed):
        return program
    found = program.entry(entry)
    return Editing(program, found, rules.mark(found)) if found is not None else Gone()


def edit(
    *,
    session: Session,
    programs: Programs,
    viewer: Viewer,
    entry: str,
    draft: Draft,
    mark: str,
    key: str,
    now: datetime,
    theirs: Collection[DraftField] = (),
) -> Saved[Done] | AlreadySaved[Done] | Rejected | ChangedMeanwhile | NotAllowed | Gone:
    """Write a changed entry, which is verified by that; `mark` says as which it was seen when its form was made.

    What somebody else has changed since of other fields is kept with it. Of the fields in `theirs` the draft does not
    count, but what stood there.
    """
    found = _standing(session, programs, viewer, entry)
    if not isinstance(found, tuple):
        return found
    program, standing = found
    base, there = _seen(session, program, standing, mark), rules.draft_of(standing, program)
    typed = _clean(rules.with_theirs(draft, base if base is not None else there, theirs))
    today = program.local_day(now)
    draft = rules.filled(typed)
    before = rows.by_key(session, key)
    if before is not None:
        key = with_other_words(key, astuple(draft))
        if rows.by_key(session, key) is not None or _says(standing, program, draft, today):
            return AlreadySaved(Done(program, standing, "edited"))
    last = rows.last(session, program.id, entry)
    own = before is not None and last is not None and last.id == before.id
    merged = mark != rules.mark(standing) and not own
    if merged:
        joined, both = (typed, rules.differing(typed, there)) if base is None else rules.merge(base, there, typed)
        if both:
            editing = Editing(program, standing, rules.mark(standing))
            return ChangedMeanwhile(editing, joined, both, _faster(session, program, entry))
        draft = rules.filled(joined)
    problems = rules.check_draft(draft, program, standing, today)
    if problems:
        return Rejected(problems)
    verified = rules.looked_over(standing.verified, viewer.name[:LABEL], today, draft.until)
    body = _changed(_stored(session, program, entry), draft, verified)
    outcome = _write(session, program, entry, body, viewer, now)
    if outcome is not None:
        return outcome
    return Saved(replace(_done(session, programs, program, entry, "edited", viewer, key, now), merged=merged))


def renew(
    *, session: Session, programs: Programs, viewer: Viewer, entry: str, key: str, now: datetime
) -> Saved[Done] | AlreadySaved[Done] | Rejected | NotAllowed | Gone:
    """*Still right*: an entry is verified anew, for as long as it was before."""
    found = _standing(session, programs, viewer, entry)
    if not isinstance(found, tuple):
        return found
    program, standing = found
    today = program.local_day(now)
    if rows.by_key(session, key) is not None or rules.is_fresh(standing.verified, today):
        return AlreadySaved(Done(program, standing, "renewed"))
    verified = rules.renewed(standing.verified, viewer.name[:LABEL], today)
    body = {**_stored(session, program, entry), "verified": _verified(verified)}
    outcome = _write(session, program, entry, body, viewer, now)
    if outcome is not None:
        return outcome
    return Saved(_done(session, programs, program, entry, "renewed", viewer, key, now))


def fine(
    *, session: Session, programs: Programs, viewer: Viewer, entry: str, key: str, now: datetime
) -> Saved[Done] | AlreadySaved[Done] | NotAllowed | Gone:
    """*It is fine*, said of an entry that did not help some people: it is not doubted any more."""
    found = _standing(session, programs, viewer, entry)
    if not isinstance(found, tuple):
        return found
    program, standing = found
    if rows.by_key(session, key) is not None or _is_settled(session, program, entry):
        return AlreadySaved(Done(program, standing, "fine"))
    return Saved(_done(session, programs, program, entry, "fine", viewer, key, now))


# What needs somebody


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


def _is_settled(session: Session, program: Program, entry: str) -> bool:
    """Whether somebody has looked at an entry, and nobody has said since that it did not help."""
    looked_at = rows.looked_at(session, program.id).get(entry)
    if looked_at is None:
        return False
    votes = question_rows.unhelpful(session, program.id)
    return not any(_answering(question) == entry and vote.voted_at > looked_at for vote, question in votes)


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


def _done(
    session: Session,
    programs: Programs,
    program: Program,
    entry: str,
    what: Deed,
    viewer: Viewer,
    key: str,
    now: datetime,
) -> Done:
    """Note that somebody has looked at an entry, and have what was said about it brought up to date."""
    save = _note(session, program, entry, what, viewer, key, now, None)
    for row in notices.standing(session, program.id, (DOUBTED, LAPSED)):
        if row.refs.get("entry") == entry and row.state in ("delivered", "sending", "unknown"):
            change = Notice(
                key=f"{SETTLED}:{save.id}:{row.id}",
                kind=SETTLED,
                target=notices.to_notice(row).target,
                due_at=now,
                program_id=program.id,
                refs={"entry": entry, "save": save.id, "card": row.key},
            )
            notices.add(session, change, now)
    people.show_again(session, program.id, *ANSWERERS)
    number = _change(session, program, entry) if what == "edited" else None
    return Done(*_written(session, programs, program, entry), what, number)


def _note(
    session: Session,
    program: Program,
    entry: str,
    what: str,
    viewer: Viewer,
    key: str,
    now: datetime,
    question: Question | None,
    wording: str | None = None,
) -> EntrySave:
    save = EntrySave(
        key=key,
        program_id=program.id,
        entry=entry,
        what=what,
        question_id=question.id if question is not None else None,
        person_id=viewer.person_id,
        wording=wording,
        saved_at=now,
    )
    session.add(save)
    session.flush()
    return save


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


def _program(session: Session, programs: Programs, row: Question | None, viewer: Viewer) -> Program | None:
    """The question's program; of a question of which that could not be told, and of any message, the viewer's."""
    if row is None or row.program_id is None:
        return viewer.program
    return programs.by_id(session, row.program_id)


def _standing(
    session: Session, programs: Programs, viewer: Viewer, entry: str
) -> tuple[Program, Entry] | NotAllowed | Gone:
    """An entry and its program, while nobody else can change them, for somebody who may."""
    program = allowed(session, viewer, viewer.program)
    if isinstance(program, NotAllowed):
        return program
    program = _held(session, programs, program)
    found = program.entry(entry)
    return (program, found) if found is not None else Gone()


def _seen(session: Session, program: Program, standing: Entry, mark: str) -> Draft | None:
    """An entry as it was when its form was made, as the form showed it; None if that is not known."""
    if mark == rules.mark(standing):
        return rules.draft_of(standing, program)
    name = program_service.Name(SECTION, standing.key)
    for body in program_service.earlier(session=session, program_id=program.id, name=name):
        was = to_entry(EntryItem.model_validate({**body, "id": standing.key}))
        if rules.mark(was) == mark:
            return rules.draft_of(was, program)
    return None


def _faster(session: Session, program: Program, entry: str) -> str | None:
    """Who has written an entry last."""
    name = program_service.Name(SECTION, entry)
    user, _ = program_service.written(session=session, program_id=program.id, name=name)
    person = people_rows.anybody(session, user) if user else None
    return person.called if person is not None else None


def _held(session: Session, programs: Programs, program: Program) -> Program:
    """The program as it is while nobody else can change it."""
    program_rows.held(session, program.slug)
    return _current(session, programs, program)


def _current(session: Session, programs: Programs, program: Program) -> Program:
    return programs.by_id(session, program.id) or program


def _written(session: Session, programs: Programs, program: Program, entry: str) -> tuple[Program, Entry]:
    """An entry and its program as they are after it was written."""
    current = _current(session, programs, program)
    found = current.entry(entry)
    assert found is not None
    return current, found


def _change(session: Session, program: Program, name: str) -> int | None:
    """The number on record of the last change of an entry."""
    last = changes.last_of_key(session, program.id, program_service.CHANGE, f"{SECTION}/{name}")
    return last.id if last is not None else None


def _kept_before(program: Program, before: EntrySave) -> AlreadySaved[Kept] | Rejected:
    """What a form has kept that is handed in once more."""
    there = program.entry(before.entry)
    if there is None:
        return Rejected((Problem("entry", "gone"),))
    return AlreadySaved(Kept(program, there, "entry" if before.what == "made" else "phrasing"))


def _audience_in(session: Session, team: str, channel: str | None) -> Audience:
    room = channels.get(session, team, channel) if channel else None
    return "cohort" if room is not None and room.purpose == "cohort" else "all"


def _write(session: Session, program: Program, name: str, body: Body, viewer: Viewer, now: datetime) -> Rejected | None:
    """Write an entry after the whole program was checked with it; what is wrong, by field of the form."""
    outcome = program_service.edit_item(
        session=session, slug=program.slug, section=SECTION, key=name, body=body, by=viewer.user, now=now
    )
    match outcome:
        case Edited():
            return None
        case program_service.Rejected(problems):
            mine = _place(session, program, name)
            return Rejected(tuple(dict.fromkeys(_problem(path, says, mine) for path, says in problems)))
        case program_service.NotThere():
            return Rejected((Problem("entry", "gone"),))


_FIELDS: dict[str, Field] = {name: name for name in get_args(Field)}


def _place(session: Session, program: Program, name: str) -> str:
    """Where in the program an entry stands when it is checked: behind all the others."""
    others = [one for one in program_rows.items(session, program.id) if one.section == SECTION and one.key != name]
    return f"{SECTION}.{len(others)}"


def _problem(path: str, says: str, mine: str) -> Problem:
    if path == mine or path.startswith(f"{mine}."):
        return Problem(_field(path), "wrong", says)
    return Problem("question", "elsewhere", f"{path}: {says}")


def _field(path: str) -> Field:
    """The field of a form that a place in an entry belongs to, as in `faq.12.translations.es.answer`."""
    parts = path.split(".")[2:]
    if "verified" in parts:
        return "until"
    if "translations" in parts:
        return "spanish_question" if parts[-1] == "question" else "spanish_answer"
    return _FIELDS.get(parts[0], "answer") if parts else "answer"


def _body_of(
    session: Session,
    program: Program,
    keep: Keep,
    answer: str,
    viewer: Viewer,
    now: datetime,
    question: Question | None,
    instead: str | None,
) -> tuple[str, Body]:
    """The key and the body of what is to be written."""
    if keep.how == "phrasing":
        assert keep.entry is not None
        body = _stored(session, program, keep.entry)
        entry = program.entry(keep.entry)
        known = entry is not None and rules.bare(keep.question) in map(rules.bare, rules.ways(entry))
        if not known:
            body["phrasings"] = [*body.get("phrasings", ()), keep.question]
        return keep.entry, body
    items = program_rows.items(session, program.id, removed=True)
    taken = {one.key for one in items if one.section == SECTION}
    verified = Verified(viewer.name[:LABEL], program.local_day(now), keep.until)
    spoken = language_of(answer, otherwise=question.language if question is not None else program.language)
    alone = {"question": keep.question, "answer": answer} if spoken == SPANISH != program.language else None
    return instead or rules.new_key(keep.question, taken), {
        **(_stored(session, program, instead) if instead is not None else {}),
        "question": keep.question,
        "answer": answer,
        "source": keep.source,
        "owner": viewer.name,
        "audience": keep.audience,
        "verified": _verified(verified),
        "translations": {SPANISH: alone} if alone is not None else {},
    }


def _changed(body: Body, draft: Draft, verified: Verified) -> Body:
    translations = dict(body.get("translations", {}))
    if draft.spanish_question:
        translations[SPANISH] = {"question": draft.spanish_question, "answer": draft.spanish_answer}
    else:
        translations.pop(SPANISH, None)
    return {
        **body,
        "question": draft.question,
        "phrasings": list(draft.phrasings),
        "answer": draft.answer,
        "source": draft.source,
        "owner": draft.owner,
        "audience": draft.audience,
        "translations": translations,
        "verified": _verified(verified),
    }


def _stored(session: Session, program: Program, entry: str) -> Body:
    items = program_rows.items(session, program.id)
    return dict(next(one.body for one in items if one.section == SECTION and one.key == entry))


def _verified(verified: Verified) -> dict[str, Any]:
    said = {name: value for name, value in asdict(verified).items() if value is not None}
    return {name: value if isinstance(value, str) else value.isoformat() for name, value in said.items()}


def _clean(draft: Draft) -> Draft:
    return replace(
        draft,
        question=_one_line(draft.question),
        answer=clean(draft.answer),
        phrasings=tuple(_distinct(_one_line(one) for one in draft.phrasings)),
        source=_one_line(draft.source),
        owner=_one_line(draft.owner),
        spanish_question=_one_line(draft.spanish_question),
        spanish_answer=clean(draft.spanish_answer),
    )


def _distinct(lines: Iterable[str]) -> Iterator[str]:
    met: set[str] = set()
    for line in lines:
        if line and rules.bare(line) not in met:
            met.add(rules.bare(line))
            yield line


def _says(entry: Entry, program: Program, draft: Draft, today: date) -> bool:
    """Whether an entry is as a draft wants it; a day that is over is not wanted, and was put on when it was saved."""
    there = rules.filled(rules.draft_of(entry, program))
    over = draft.until is not None and draft.until < today
    return there == (replace(draft, until=there.until) if over else draft)


def _one_line(text: str) -> str:
    return " ".join(clean(text).split())
