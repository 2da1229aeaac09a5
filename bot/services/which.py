"""Asking which program is meant, where neither the channel nor who somebody is says it."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from bot.domain.notices import Notice, ToChannel
from bot.domain.people import Viewer
from bot.domain.questions import Where
from bot.services import people
from bot.services.programs import Programs
from storage import notices
from storage import people as rows
from storage.people import Person

ASK = "which.ask"
MOST = 10
"""How many programs are offered: nobody takes part in more."""


def among(
    *, session: Session, programs: Programs, team: str, user: str, channel: str | None, now: datetime
) -> tuple[tuple[int, str], ...]:
    """The programs of which one is meant, by id and name; empty where it is clear. Nobody is met by this."""
    if len(programs.all(session)) < 2:
        return ()
    person = rows.by_user(session, team, user) or Person(team=team, user_id=user)
    held = rows.memberships(session, person.id) if person.id is not None else []
    found = people.meant(session, programs, person, channel, held, now)
    return tuple((one.id, one.name) for one in found)[:MOST] if len(found) > 1 else ()


def ask(*, session: Session, viewer: Viewer, where: Where, key: str, now: datetime) -> None:
    """Ask somebody who has written to the bot, where they wrote; once for a message."""
    refs = {"person": viewer.person_id, "ts": where.ts, "thread": where.thread_ts or ""}
    target = ToChannel(where.channel, where.thread)
    notices.add(session, Notice(f"{ASK}:{key}", ASK, target, now, None, refs), now)
