"""Claiming and settling what is due: between the two, and outside any transaction, it is sent."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from bot.domain.notices import (
    GRACE,
    LEASE,
    LOOK_BACK,
    MERGE_WINDOW,
    MOST_ATTEMPTS,
    Claimed,
    Delivered,
    Later,
    NotYet,
    Outcome,
    Refused,
    Skipped,
    Unknown,
    back_off,
)
from storage import notices as rows
from storage.notices import NoticeRow


def claim_due(*, session: Session, now: datetime, merging: Collection[str] = ()) -> tuple[Claimed, ...]:
    """Take the notice that has waited longest, and with it what may share its post; empty when nothing is due.

    A notice whose kind is in `merging` takes along those of such kinds that are due in the same place within two
    hours after now, so that people get one message instead of several.
    """
    rows.take_turn(session)
    first = rows.take_due(session, now)
    if first is None:
        return ()
    company: list[NoticeRow] = []
    if first.kind in merging:
        company = rows.take_near(session, first, merging, now, now + MERGE_WINDOW)
    token = secrets.token_hex(16)
    return tuple(_claim(session, row, token, now) for row in (first, *company))


def settle(*, session: Session, claimed: Claimed, outcome: Outcome, now: datetime) -> bool:
    """Write down what became of a notice; False when another sender has taken it over meanwhile."""
    return rows.settle(session, claimed.id, claimed.token, _values(claimed, outcome, now))


def _claim(session: Session, row: NoticeRow, token: str, now: datetime) -> Claimed:
    assert row.id is not None
    early = row.state == "planned" and (row.retry_at or row.due_at) > now
    uncertain_since = row.uncertain_since
    if row.state == "sending" and row.lease_until is not None and uncertain_since is None:
        # A lease that ran out belonged to a sender that died, perhaps after posting.
        uncertain_since = row.lease_until - LEASE - LOOK_BACK
    rows.claim(session, row, token, now + LEASE, uncertain_since)
    return Claimed(row.id, rows.to_notice(row), token, row.attempts, uncertain_since, row.reason, early)


def _values(claimed: Claimed, outcome: Outcome, now: datetime) -> dict[str, Any]:
    match outcome:
        case Delivered(channel, ts, note):
            found = {"posted_channel": channel, "posted_ts": ts}
            return {"state": "delivered", "reason": note, "retry_at": None, "settled_at": now, **found}
        case Refused(code):
            return _given_up(code, now)
        case Skipped(reason):
            return {"state": "skipped", "reason": reason, "retry_at": None, "settled_at": now}
        case NotYet():
            return {"state": "planned", "attempts": claimed.attempts - 1}
        case Later(code) | Unknown(code) if claimed.attempts >= MOST_ATTEMPTS:
            return _given_up(f"{code}, {claimed.attempts} times", now)
        case Later(code, wait):
            # However soon it may be tried again: the tries are to last for hours, not to be used up in seconds.
            again = now + max(wait or timedelta(), back_off(claimed.attempts))
            return {"state": "planned", "retry_at": again, "reason": code}
        case Unknown(code):
            again = now + max(GRACE, back_off(claimed.attempts))
            since = claimed.uncertain_since or now - LOOK_BACK
            return {"state": "unknown", "retry_at": again, "reason": code, "uncertain_since": since}


def _given_up(reason: str, now: datetime) -> dict[str, Any]:
    return {"state": "refused", "reason": reason, "retry_at": None, "settled_at": now}
