"""How the bot itself is doing, for those who run a program."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from bot.domain.convene import Said, Status
from bot.domain.notices import NO_CHANNEL
from bot.domain.people import NotAllowed, Viewer
from bot.services import channels, people
from storage import notices
from storage.notices import NoticeRow

MOST_TROUBLES = 5


def status(*, session: Session, viewer: Viewer, now: datetime) -> Status | NotAllowed:
    """The database, the program, its channels, and what was said, is to be said, and could not be said."""
    program = viewer.program
    if program is None or not viewer.runs_it:
        return people.not_allowed(session, viewer)
    last, following = notices.last_said(session, program.id), notices.next_planned(session, program.id)
    troubles = [
        *notices.struggling(session, program.id, MOST_TROUBLES),
        *notices.not_said(session, program.id, (NO_CHANNEL,), MOST_TROUBLES),
    ]
    return Status(
        program=program,
        now=now,
        database=session.get_bind().dialect.name,
        channels=tuple(one for one in channels.settings(session) if one.program_id == program.id),
        notices=notices.counts(session, program.id),
        last=_said(last, last.settled_at) if last else None,
        next=_said(following, following.due_at) if following else None,
        troubles=tuple(_said(one, one.settled_at or one.due_at) for one in troubles[:MOST_TROUBLES]),
    )


def _said(row: NoticeRow, at: datetime | None) -> Said:
    return Said(row.kind, at or row.due_at, row.reason)
