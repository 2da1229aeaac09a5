"""The end of what is written without a form, and of each of its questions: what was posted says that it is over."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlmodel import Session

from bot.domain.drafts import About
from bot.domain.notices import Notice, Refs, ToPerson
from storage import dialogues as rows
from storage import notices
from storage.dialogues import Dialogue
from storage.people import Person

TURN = "dialogue.turn"
PAST = "dialogue.past"

How = Literal["handed in", "thrown away", "stopped", "refused", "ended", "went on"]


def turn_key(row: Dialogue) -> str:
    """The key of the notice that is its newest question."""
    return f"{TURN}:{row.id}:{row.turn}"


def past(session: Session, row: Dialogue, user: str, how: How, now: datetime) -> None:
    """The question that stands has been answered: it loses its buttons, or is not asked at all."""
    before = notices.get(session, turn_key(row))
    if before is None or (before.state == "planned" and notices.withdraw(session, before, "it went on", now)):
        return
    step = row.progress.get("at")
    refs: Refs = {"of": before.key, "dialogue": row.id, "how": how, "step": str(step) if step is not None else None}
    notices.add(session, Notice(f"{PAST}:{row.id}:{row.turn}", PAST, ToPerson(user), now, row.program_id, refs), now)


def elsewhere(
    *, session: Session, person_id: int, user: str, about: About, also: str | None, how: How, now: datetime
) -> None:  # fmt: skip
    """What is being written was handed in or thrown away in another way: nothing more is asked."""
    subjects = (about.subject,) if also is None else (about.subject, also)
    row = rows.about(session, person_id, about.form, about.program_id, subjects)
    if row is not None:
        past(session, row, user, how, now)
        rows.close(session, row, how)


def any_old(session: Session, since: datetime) -> bool:
    """Whether there is something being written to which nobody has said anything for so long."""
    return rows.any_untouched(session, since)


def forget_old(*, session: Session, since: datetime, now: datetime) -> None:
    """What nobody has said anything to for so long is not asked about any more; nothing of it stays."""
    for row in rows.untouched(session, since):
        person = session.get_one(Person, row.person_id)
        past(session, row, person.user_id or "", "ended", now)
        rows.close(session, row, "ended")


def waits_until(session: Session, person_id: int, about: About) -> datetime | None:
    """When somebody said something last in what they are writing; None if they are not writing that."""
    row = rows.about(session, person_id, about.form, about.program_id, (about.subject,))
    return row.updated_at if row is not None else None
