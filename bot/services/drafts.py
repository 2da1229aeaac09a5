"""Keeping what people type until they hand it in: written as it comes, offered again, and gone when it is handed in."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

from sqlalchemy.exc import NoResultFound
from sqlmodel import Session

from bot.domain import drafts as rules
from bot.domain.drafts import KEPT_FOR, About, Closed, Gone, Kept, Offer, Typed
from bot.domain.notices import Notice, Planned, ToPerson
from bot.domain.people import Viewer
from bot.domain.programs import Program
from bot.services import dialogues_end
from storage import checkins, notices, people, programs, questions, reflections
from storage import drafts as rows
from storage.drafts import Draft
from storage.people import Person

KEPT = "drafts.kept"
GONE = "drafts.gone"


def write(*, session: Session, what: Iterable[Typed | Closed]) -> None:
    """Keep all that has come in, in the order in which it came."""
    every = tuple(what)
    # While nobody hands anything in: a word that is kept just then would be left behind as a draft of what is done.
    for program_id in sorted({one.about.program_id for one in every if isinstance(one, Typed)}):
        with suppress(NoResultFound):
            programs.hold_by_id(session, program_id)
    for one in every:
        _write(session, one)


def standing(*, session: Session, viewer: Viewer, about: About, also: str | None = None) -> Kept | None:
    """What somebody has typed for something, or for the `also` subject of the same form; None if nothing is kept."""
    subjects = (about.subject,) if also is None else (about.subject, also)
    found = rows.find(session, viewer.team, viewer.person_id, about.form, about.program_id, subjects)
    return rows.kept(found) if found is not None else None


def own(*, session: Session, viewer: Viewer, draft_id: int) -> Kept | None:
    """A draft, for its author alone."""
    row = rows.get(session, draft_id)
    if row is None or row.person_id != viewer.person_id or row.team != viewer.team or not row.length:
        return None
    return rows.kept(row)


def mine(*, session: Session, viewer: Viewer) -> tuple[Offer, ...]:
    """Everything somebody has begun in their program and not handed in, newest first."""
    found = rows.of_person(session, viewer.person_id, viewer.of_program.id)
    return tuple(_as_offer(session, viewer.of_program, one) for one in found)


def finish(
    *,
    session: Session,
    viewer: Viewer,
    about: About,
    now: datetime,
    also: str | None = None,
    how: Gone = "handed in",
) -> bool:
    """Delete somebody's drafts of something, as they handed it in or threw them away; False if there was none."""
    taken = rows.take(session, viewer.team, viewer.person_id, about.form, about.program_id, about.subject, also)
    dialogues_end.elsewhere(
        session=session, person_id=viewer.person_id, user=viewer.user, about=about, also=also, how=how, now=now
    )
    for draft_id, began in taken:
        _take_back_offer(session, draft_id, began, viewer.user, about, how, now)
    if taken:
        _show(session, session.get_one(Person, viewer.person_id))
    return bool(taken)


def offered(*, session: Session, program: Program, draft_id: int, began: int, now: datetime) -> Offer | datetime | None:
    """What the notice about a draft says; when it is time to, if somebody still writes; None if it is no longer there.

    One in which nothing is left is not there either.
    """
    row = rows.get(session, draft_id)
    if row is None or row.began != began or not row.length:
        return None
    due = rules.offer_at(row.saved_at, row.closed_at)
    writing = dialogues_end.waits_until(session, row.person_id, rows.about(row))
    if writing is not None:
        due = max(due, writing + rules.AFTER_WRITING)
    return due if due > now else _as_offer(session, program, row)


def described(session: Session, program: Program, about: About) -> tuple[str, bool, int | None]:
    """What a draft is for: a title, whether that is a sample, and the number of what it changes."""
    number = rules.changed(about.subject)
    match about.form:
        case "reflection":
            row = session.get(reflections.Reflection, number) if number is not None else None
            if row is not None and row.program_id == program.id:
                return row.title, row.sample, row.number
            asked = program.assignment(about.subject)
            return (asked.title, asked.sample, None) if asked is not None else ("", False, None)
        case "checkin":
            found = session.get(checkins.Checkin, number) if number is not None else None
            return "", False, found.receipt if found is not None else None
        case "answer":
            question = questions.get(session, int(about.subject)) if about.subject.isdigit() else None
            asker = session.get(Person, question.asker_id) if question is not None else None
            return (asker.called if asker is not None else ""), False, None
        case "question" | "note":
            return "", False, None


def no_offer(*, session: Session, viewer: Viewer, about: About, now: datetime) -> None:
    """A draft is offered in another way: the notice that was to offer it does not come."""
    row = rows.find(session, viewer.team, viewer.person_id, about.form, about.program_id, (about.subject,))
    notice = notices.get(session, _key(KEPT, row.id, row.began)) if row is not None else None
    if notice is not None and notice.state == "planned":
        notices.withdraw(session, notice, "offered where it was written", now)


def any_old(session: Session, now: datetime) -> bool:
    """Whether there is a draft that has been kept for long enough."""
    since = now - KEPT_FOR
    return rows.any_untouched(session, since) or dialogues_end.any_old(session, since)


def forget_old(*, session: Session, now: datetime) -> int:
    """Delete the drafts that nobody has touched for thirty days; how many there were."""
    dialogues_end.forget_old(session=session, since=now - KEPT_FOR, now=now)
    old = rows.untouched(session, now - KEPT_FOR)
    for row in old:
        person = session.get_one(Person, row.person_id)
        assert row.id is not None
        _take_back_offer(session, row.id, row.began, person.user_id or "", rows.about(row), "thrown away", now)
        session.delete(row)
        _show(session, person)
    return len(old)


def _write(session: Session, what: Typed | Closed) -> None:
    person = people.by_user(session, what.team, what.user)
    if person is None or person.id is None:
        return
    if isinstance(what, Closed):
        _close(session, person.id, what)
        return
    made = rows.keep(session, person.id, what)
    if made is None:
        return
    if _was_handed_in(session, what):
        # Typed before it was handed in, and only now here.
        session.delete(made)
        session.flush()
        return
    notices.add(session, _offer(made, what.user, rules.offer_at(what.at, None)), what.at)
    _show(session, person)


def _close(session: Session, person_id: int, closed: Closed) -> None:
    for row in rows.of_view(session, closed.team, person_id, closed.view):
        row.closed_at = closed.at
        session.add(row)
        session.flush()
        notice = _offer(row, closed.user, rules.offer_at(row.saved_at, row.closed_at))
        standing = notices.get(session, notice.key)
        if standing is not None and standing.state == "planned":
            notices.change(session, standing, Planned(notice), closed.at)


def _was_handed_in(session: Session, typed: Typed) -> bool:
    """Whether a form was handed in after this was typed; one whose answer was lost is written on in."""
    at = _handed_in_at(session, typed)
    return at is not None and rules.typed_before(typed.order, at)


def _handed_in_at(session: Session, typed: Typed) -> datetime | None:
    match typed.about.form:
        case "reflection":
            keys = (typed.key, f"{typed.key}:{typed.about.subject}")
            found = [reflections.version_by_key(session, key) for key in keys]
            return next((one[1].saved_at for one in found if one is not None), None)
        case "checkin":
            current = checkins.by_key(session, typed.key)
            return current[1].saved_at if current is not None else None
        case "answer":
            answer = questions.answer_by_key(session, typed.key)
            return answer.answered_at if answer is not None else None
        case "question" | "note":
            asked = questions.by_key(session, typed.key)
            return asked.asked_at if asked is not None else None


def _offer(row: Draft, user: str, due_at: datetime) -> Notice:
    return Notice(
        key=_key(KEPT, row.id, row.began),
        kind=KEPT,
        target=ToPerson(user),
        due_at=due_at,
        program_id=row.program_id,
        refs={"draft": row.id, "began": row.began},
    )


def _take_back_offer(
    session: Session, draft_id: int, began: int, user: str, about: About, how: Gone, now: datetime
) -> None:
    """An offer that is still to come does not come, and one that has come says what became of it."""
    key = _key(KEPT, draft_id, began)
    row = notices.get(session, key)
    if row is None or (row.state == "planned" and notices.withdraw(session, row, how, now)):
        return
    refs = {"post": key, "form": about.form, "subject": about.subject, "how": how}
    gone = Notice(_key(GONE, draft_id, began), GONE, ToPerson(user), now, about.program_id, refs)
    notices.add(session, gone, now)


def _key(kind: str, draft_id: int | None, began: int) -> str:
    return f"{kind}:{draft_id}:{began}"


def _as_offer(session: Session, program: Program, row: Draft) -> Offer:
    assert row.id is not None
    about = rows.about(row)
    return Offer(row.id, about, row.saved_at, *described(session, program, about))


def _show(session: Session, person: Person) -> None:
    """The author's Home names what they have begun, and nobody else's does."""
    if person.home_opened_at is not None and person.id is not None:
        people.mark_home(session, person.id)
        notices.wake(session)
