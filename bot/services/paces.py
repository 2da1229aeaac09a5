"""Turns at speaking to Slack, shared by all workers: taken before a call, and paused when Slack asks for a rest."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session

from bot.domain.notices import Later, Outcome
from bot.domain.paces import CHANNEL, METHODS, Method, Pace
from storage import paces as rows

POST: Method = "chat.postMessage"


def take(*, session: Session, method: Method, now: datetime) -> datetime | None:
    """Take a turn at calling a method: None when it may be called, else from when."""
    return _take(session, method, METHODS[method], now)


def opens(*, session: Session, now: datetime) -> datetime:
    """From when messages may be posted in the workspace: now, or later."""
    row = rows.get(session, POST)
    return now if row is None else METHODS[POST].opens(row.free_at, row.paused_until, now)


def take_channel(*, session: Session, channel: str, now: datetime) -> datetime | None:
    """Take a turn at posting in a channel: None when it may be posted, else from when."""
    later = _take(session, channel, CHANNEL, now)
    if later is None:
        # Whether the workspace has a turn was looked at before, by whoever chooses what to send.
        _take(session, POST, METHODS[POST], now)
    return later


def after(*, session: Session, channel: str, post: Outcome | None, now: datetime) -> None:
    """What follows for a channel from what became of a turn taken there; `post` is None when nothing was posted."""
    match post:
        case None:
            _give_back(session, channel, CHANNEL, now)
            _give_back(session, POST, METHODS[POST], now)
        case Later(_, timedelta() as wait):
            _pause_channel(session, channel, wait, now)


def pause(*, session: Session, method: Method, wait: timedelta, now: datetime) -> None:
    """Slack asked for a rest from a method: for the whole workspace."""
    _pause(session, method, METHODS[method], now + wait, now)


def known_as(*, session: Session, user: str, channel: str, now: datetime) -> None:
    """The direct message that was written to by its reader's id has an id of its own."""
    row = rows.get(session, user)
    if row is not None:
        own = rows.held(session, channel, now)
        own.free_at, own.paused_until = row.free_at, row.paused_until


def _pause_channel(session: Session, channel: str, wait: timedelta, now: datetime) -> None:
    """Slack asked for a rest after a post: from that channel, and from all if it has asked for another one's, too."""
    _pause(session, channel, CHANNEL, now + wait, now)
    if rows.paused_after(session, now + CHANNEL.every, channel):
        pause(session=session, method=POST, wait=wait, now=now)


def _pause(session: Session, place: str, pace: Pace, until: datetime, now: datetime) -> None:
    row = rows.held(session, place, now)
    row.free_at, row.paused_until = pace.rested(until), until


def _give_back(session: Session, place: str, pace: Pace, now: datetime) -> None:
    row = rows.held(session, place, now)
    row.free_at = pace.given_back(row.free_at)


def _take(session: Session, place: str, pace: Pace, now: datetime) -> datetime | None:
    row = rows.held(session, place, now)
    later = pace.opens(row.free_at, row.paused_until, now)
    if later > now:
        return later
    row.free_at = pace.taken(row.free_at, now)
    return None
