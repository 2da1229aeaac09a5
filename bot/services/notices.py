"""Claiming and settling what is due: between the two, and outside any transaction, it is sent."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from bot.domain.modes import Elsewhere, practised
from bot.domain.notices import (
    GRACE,
    LEASE,
    LOOK_BACK,
    MOST_ATTEMPTS,
    QUIET,
    TOGETHER,
    Claimed,
    Delivered,
    Held,
    Later,
    NotYet,
    Outcome,
    Refused,
    Rules,
    Skipped,
    Unknown,
    back_off,
    overdue,
)
from bot.domain.paces import CHANNEL
from bot.services import modes, paces
from bot.services.programs import practice_in_of
from storage import channels, holds, people, programs
from storage import notices as rows
from storage.notices import NoticeRow

ANY = Rules()


def claim_due(*, session: Session, now: datetime, rules: Rules = ANY) -> tuple[Claimed, ...]:
    """Take the most urgent notice whose channel is free, and what may share its post; empty when there is none.

    A turn at posting there is taken with it. What is due where no turn is to be had is put off until there is one.
    """
    rows.take_turn(session)
    if paces.opens(session=session, now=now) > now:
        return ()
    rows.grade(session, rules.urgency, now)
    found = _first(session, now, rules)
    if found is None:
        return ()
    first, channel = found
    company = rows.take_company(session, first, rules, now, TOGETHER - 1)
    token = secrets.token_hex(16)
    claimed = [_claim(session, row, token, now, channel) for row in (first, *company)]
    return tuple(sorted(claimed, key=lambda one: (one.early, one.notice.due_at)))


def settle(*, session: Session, claimed: Claimed, outcome: Outcome, now: datetime) -> bool:
    """Write down what became of a notice; False when another sender has taken it over meanwhile."""
    if isinstance(outcome, Held) and not _still_holds(session, claimed, outcome):
        outcome = NotYet()
    return rows.settle(session, claimed.id, claimed.token, _values(claimed, outcome, now))


def next_due(*, session: Session, now: datetime, until: datetime) -> datetime | None:
    """When the next notice can be sent, if not after `until`."""
    found = rows.next_due(session, until)
    if found is None:
        return None
    opens = paces.opens(session=session, now=now)
    when = max(found, opens) if opens > now else found
    return when if when <= until else None


def _still_holds(session: Session, claimed: Claimed, held: Held) -> bool:
    """Whether nobody has ended a hold since it was looked at: what it kept would wait for ever then."""
    if claimed.notice.program_id is not None:
        programs.hold_by_id(session, claimed.notice.program_id)
    row = holds.get(session, held.hold)
    return row is not None and row.ended_at is None


def _first(session: Session, now: datetime, rules: Rules) -> tuple[NoticeRow, str | None] | None:
    """What is to be sent first, and the channel in which a turn was taken for it."""
    while (row := rows.take_due(session, now)) is not None:
        channel = _practised(session, row, rules) or _channel(session, row)
        opens = None if channel is None else paces.take_channel(session=session, channel=channel, now=now)
        if opens is None:
            return row, channel
        # One behind the other, so that each has to be put off but once, however many there are.
        there = rows.due_there(session, row, now)
        rows.put_off(session, ((one, opens + number * CHANNEL.every) for number, one in enumerate(there)))
    return None


def _practised(session: Session, row: NoticeRow, rules: Rules) -> str | None:
    """Where a notice is said in practice instead of where it belongs, if it is."""
    program = programs.by_id(session, row.program_id) if row.program_id is not None else None
    if program is None or program.mode != "practice":
        return None
    there = modes.place(session, rows.to_notice(row))
    ruled = practised(practice_in_of(program), rules.voices.get(row.kind, "anybody"), there)
    serving = channels.for_purpose(session, row.program_id or 0, "facilitators")
    return serving[0].channel_id if isinstance(ruled, Elsewhere) and serving else None


def _channel(session: Session, row: NoticeRow) -> str | None:
    """Where a notice will be posted: the id of a channel, or of a person whose direct message is not open yet."""
    if row.to_channel is not None:
        return row.to_channel
    if row.to_person is not None:
        person = people.anybody(session, row.to_person)
        return (person.dm_channel if person else None) or row.to_person
    serving = channels.for_purpose(session, row.program_id or 0, row.to_purpose or "")
    return serving[0].channel_id if serving else None


def _claim(session: Session, row: NoticeRow, token: str, now: datetime, channel: str | None) -> Claimed:
    assert row.id is not None
    assert row.next_at is not None
    early = row.next_at > now
    uncertain_since = rows.unheard_since(row)
    late = overdue(row.due_at, now) and row.reason != QUIET
    rows.claim(session, row, token, now + LEASE, uncertain_since)
    return Claimed(
        id=row.id,
        notice=rows.to_notice(row),
        token=token,
        attempts=row.attempts,
        until=now + LEASE,
        uncertain_since=uncertain_since,
        reason=row.reason,
        early=early,
        overdue=late,
        channel=channel,
        hold=row.hold_id,
    )


def _values(claimed: Claimed, outcome: Outcome, now: datetime) -> dict[str, Any]:
    # What may have been said already must not be moved or withdrawn as if it had not.
    waiting = "planned" if claimed.uncertain_since is None else "unknown"
    match outcome:
        case Delivered(channel, ts, note, made_at):
            # Not when Slack has answered: what changed while it was on its way is not in its words.
            found = {"posted_channel": channel, "posted_ts": ts, "settled_at": made_at or claimed.at}
            return {"state": "delivered", "reason": note, "retry_at": None, **found}
        case Refused(code):
            return _given_up(code, now)
        case Skipped(reason):
            return {"state": "skipped", "reason": reason, "retry_at": None, "settled_at": now}
        case Held(hold):
            return {
                "state": "held",
                "reason": None,
                "retry_at": None,
                "settled_at": now,
                "attempts": claimed.attempts - 1,
                "hold_id": hold,
            }
        case NotYet(until, reason):
            again = {"retry_at": until, "reason": reason or claimed.reason} if until is not None else {}
            return {"state": waiting, "attempts": claimed.attempts - 1, **again}
        case Later(code) | Unknown(code) if claimed.attempts >= MOST_ATTEMPTS:
            return _given_up(f"{code}, {claimed.attempts} times", now)
        case Later(code, wait):
            # However soon it may be tried again: the tries are to last for hours, not to be used up in seconds.
            return {"state": waiting, "retry_at": now + max(wait or timedelta(), _wait(claimed)), "reason": code}
        case Unknown(code):
            since = claimed.uncertain_since or claimed.at - LOOK_BACK
            again = {"retry_at": now + max(GRACE, _wait(claimed))}
            return {"state": "unknown", "reason": code, "uncertain_since": since, **again}


def _wait(claimed: Claimed) -> timedelta:
    return back_off(claimed.notice.key, claimed.attempts)


def _given_up(reason: str, now: datetime) -> dict[str, Any]:
    return {"state": "refused", "reason": reason, "retry_at": None, "settled_at": now}
