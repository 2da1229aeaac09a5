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
    MERGE_WINDOW,
    MOST_ATTEMPTS,
    Claimed,
    Delivered,
    Later,
    Outcome,
    Refused,
    Skipped,
    Unknown,
    back_off,
)
from storage import notices as rows


def claim_due(*, session: Session, now: datetime, merging: Collection[str] = ()) -> tuple[Claimed, ...]:
    """Take the earliest due notice, and with it what may share its post; empty when nothing is due.

    A notice whose kind is in `merging` takes along those of such kinds that are due in the same place within two
    hours after now, so that people get one message instead of several.
    """
    for row in rows.due(session, now, limit=20):
        token = secrets.token_hex(16)
        company = [row]
        if row.kind in merging and row.state == "planned":
            until = now + MERGE_WINDOW
            company += [
                near for near in rows.planned_between(session, row.due_at, until, row) if near.kind in merging
            ]
        claimed = []
        for one in company:
            assert one.id is not None
            if not rows.claim(session, one.id, token, now + LEASE, one.state, now):
                continue
            # A lease that ran out belonged to a sender that died, perhaps after posting.
            if one.state == "sending" and one.uncertain_since is None:
                one.uncertain_since = one.due_at
            claimed.append(rows.to_claimed(one, token))
        if claimed and claimed[0].id == row.id:
            return tuple(claimed)
    return ()


def settle(*, session: Session, claimed: Claimed, outcome: Outcome, now: datetime) -> bool:
    """Write down what became of a notice; False when another sender has taken it over meanwhile."""
    return rows.settle(session, claimed.id, claimed.token, _values(claimed, outcome, now))


def _values(claimed: Claimed, outcome: Outcome, now: datetime) -> dict[str, Any]:
    match outcome:
        case Delivered(channel, ts):
            return {"state": "delivered", "posted_channel": channel, "posted_ts": ts, "reason": None, "settled_at": now}
        case Refused(code):
            return {"state": "refused", "reason": code, "settled_at": now}
        case Skipped(reason):
            return {"state": "skipped", "reason": reason, "settled_at": now}
        case Later(code, wait):
            if claimed.attempts >= MOST_ATTEMPTS:
                return {"state": "refused", "reason": f"{code}, {claimed.attempts} times", "settled_at": now}
            again = now + (wait or back_off(claimed.attempts))
            return {"state": "planned", "due_at": again, "reason": code, "uncertain_since": None}
        case Unknown(code):
            since = claimed.uncertain_since or now - timedelta(minutes=1)
            return {"state": "unknown", "due_at": now + GRACE, "reason": code, "uncertain_since": since}
