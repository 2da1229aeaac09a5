"""Erasing a person: what they wrote and all that names them goes, that somebody took part stays.

What stays: that a reflection was handed in or a meeting held, for which organization, when and how long; that something
was asked or answered; the program's own entries, also those that came of their words; and where in Slack the bot has
posted. The chain over submissions still holds.
"""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from bot.domain.erasing import Erased, NoSuchPerson, Theirs
from bot.domain.people import ERASED
from bot.services import cards, checkins, reflections
from bot.services.people import show_again
from storage import chain, notices, people, programs
from storage import erasing as rows
from storage.database import Database
from storage.people import Person
from storage.questions import Question

REASON = "their person was erased"


def find(*, session: Session, who: str) -> Theirs | NoSuchPerson:
    """Somebody by their e-mail address or Slack id, with how much there is of theirs."""
    found = rows.people(session, who)
    if len(found) != 1:
        return NoSuchPerson(several=len(found) > 1)
    person = found[0]
    assert person.id is not None
    return Theirs(person.id, person.called, **rows.counts(session, person.id))


def erase(*, session: Session, theirs: Theirs, now: datetime) -> Erased:
    """Erase a person whom `find` has found; their posts are withdrawn and their receipts emptied afterwards."""
    person = session.get_one(Person, theirs.person_id)
    rows.overwrite(session)
    # What has no seal yet gets it while its words are there.
    chain.seal_rest(session)
    reflections.erase(session=session, author_id=theirs.person_id, now=now)
    checkins.erase(session=session, author_id=theirs.person_id, now=now)
    _empty_questions(session, theirs.person_id, now)
    session.flush()
    rows.empty_submissions(session, theirs.person_id, now)
    rows.empty_answers(session, theirs.person_id)
    rows.empty_wishes(session, theirs.person_id)
    rows.empty_holds(session, theirs.person_id)
    rows.empty_addresses(session, theirs.person_id)
    _show_others(session, theirs.person_id)
    rows.forget(session, theirs.person_id, now)
    if person.user_id is not None:
        rows.silence(session, person.user_id, REASON, now)
        rows.rename(session, person.user_id, f"erased-{theirs.person_id}")
    _empty(person, now)
    session.add(person)
    notices.wake(session)
    session.flush()
    session.expire_all()
    return Erased(theirs)


def scrub(db: Database) -> None:
    """Have nothing of what was erased left in what SQLite keeps beside its file. Raises Busy."""
    rows.scrub(db)


def _empty_questions(session: Session, person_id: int, now: datetime) -> None:
    """Nobody is to answer what is erased, nor to keep it as another way to ask."""
    for one in session.exec(select(Question).where(Question.asker_id == person_id).order_by(col(Question.id))):
        one.text, one.earlier, one.asked_by = ERASED, [], ""
        one.kept_at = one.kept_at or now
        if one.answered_at is None:
            one.withdrawn_at = one.withdrawn_at or now
        session.add(one)
        cards.changed(session, one, now)


def _show_others(session: Session, person_id: int) -> None:
    """The Homes of those who could read it, and the plans that count people, are made anew."""
    for one in people.memberships(session, person_id):
        mine = {one.organization_id} if one.organization_id is not None else set()
        show_again(session, one.program_id, "coach", "facilitator", organizations=mine)
        programs.people_changed(session, one.program_id)


def _empty(person: Person, now: datetime) -> None:
    person.user_id = person.email = person.zone = person.dm_channel = None
    person.name, person.erased_at, person.gone = ERASED, now, True
    person.guest = person.workspace_admin = False
    person.look_after = person.welcomed_at = person.home_opened_at = None
