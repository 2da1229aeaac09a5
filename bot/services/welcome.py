"""The one direct message at first contact."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from bot.domain.notices import Notice, ToPerson
from bot.domain.people import Viewer
from storage import notices, setup
from storage.people import Person

HELLO = "welcome.hello"


def greet(*, session: Session, person: Person, viewer: Viewer, now: datetime) -> bool:
    """Plan the welcome of somebody who takes part or is about to; False for strangers and those welcomed already.

    Once ever for a person, however many programs they take part in later: the notice's key sees to it. Of a program
    that is being set up nobody hears yet.
    """
    if person.welcomed_at is not None or viewer.program is None or not (viewer.roles or viewer.pending):
        return False
    if viewer.program.mode == "practice" and setup.is_unfinished(session, viewer.program.id):
        return False
    person.welcomed_at = now
    session.add(person)
    hello = Notice(
        key=f"{HELLO}:{person.id}",
        kind=HELLO,
        target=ToPerson(viewer.user),
        due_at=now,
        program_id=viewer.program.id,
        refs={"person": person.id},
    )
    return notices.add(session, hello, now)
