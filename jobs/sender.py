"""Sending what is due: claim, render, send outside any transaction, settle."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.deps import Deps
from bot.domain.messages import Message, Part, Upload
from bot.domain.notices import (
    NO_CHANNEL,
    Claimed,
    Delivered,
    Later,
    NotYet,
    Outcome,
    Refused,
    Skipped,
    ToChannel,
    ToPerson,
    ToPurpose,
    Unknown,
    too_late,
)
from bot.services import notices as ledger
from bot.slack import SlackError
from bot.views import notices as views
from bot.views.blocks import distinct
from jobs.render import Kinds, Rendered, Scene, Update, Withdraw
from storage import channels, people
from storage.database import JOB_PATIENCE

log = logging.getLogger(__name__)
GONE = Skipped("the person has left the workspace")
_NOBODY = frozenset({"user_not_found", "user_disabled", "users_not_found"})
_UNCHANGEABLE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
_BROKEN = "it could not be made, reference "


@dataclass(frozen=True)
class Address:
    """Where a notice goes once its target is looked up."""

    channel: str
    thread_ts: str | None = None
    zone: str | None = None


def send_due(
    deps: Deps,
    now: datetime,
    kinds: Kinds,
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Send everything that is due; returns how many notices were settled.

    `now` is when the tick began. Time goes on while messages are on their way, so each claim asks the clock again and
    has its whole lease. What is under way is finished when `stopping` says so; nothing else is begun.
    """
    merging = [name for name, kind in kinds.items() if kind.merges]
    sent = 0
    while not stopping():
        at = max(now, deps.clock())
        with deps.db.begin(patience=JOB_PATIENCE) as session:
            claimed = ledger.claim_due(session=session, now=at, merging=merging)
        if not claimed:
            break
        outcomes = _deliver(deps, claimed, at, kinds)
        _settle(deps, claimed, outcomes, max(at, deps.clock()))
        sent += sum(not isinstance(one, NotYet) for one in outcomes.values())
    return sent


def _settle(deps: Deps, claimed: tuple[Claimed, ...], outcomes: dict[int, Outcome], now: datetime) -> None:
    with deps.db.begin(patience=JOB_PATIENCE) as session:
        kept = [ledger.settle(session=session, claimed=one, outcome=outcomes[one.id], now=now) for one in claimed]
    for one, mine in zip(claimed, kept, strict=True):
        outcome = outcomes[one.id]
        if not mine:
            log.warning("notice %s (%s): the lease had run out", one.notice.opaque_key, one.notice.kind)
        elif isinstance(outcome, Refused | Unknown):
            log.warning("notice %s (%s): %s", one.notice.opaque_key, one.notice.kind, outcome)


def _deliver(deps: Deps, claimed: tuple[Claimed, ...], now: datetime, kinds: Kinds) -> dict[int, Outcome]:
    """What became of each of some notices for one place, by id."""
    address = _address(deps, claimed[0])
    if not isinstance(address, Address):
        return {one.id: _in_time(one, address) for one in claimed}
    outcomes: dict[int, Outcome] = {}
    parts: list[tuple[Claimed, Part]] = []
    for one in claimed:
        made = _prepare(deps, one, address, now, kinds)
        if isinstance(made, Part):
            parts.append((one, made))
        elif isinstance(made, Message | Upload | Update | Withdraw):
            outcomes[one.id] = _send(deps, one, address, made, kinds)
        else:
            outcomes[one.id] = _in_time(one, made)
    return outcomes | _send_together(deps, parts, address, kinds)


def _in_time(claimed: Claimed, outcome: Outcome) -> Outcome:
    """What is said of a notice now; one that was only taken along is asked again when it is due."""
    return NotYet() if claimed.early and not isinstance(outcome, Delivered) else outcome


def _send_together(deps: Deps, parts: list[tuple[Claimed, Part]], address: Address, kinds: Kinds) -> dict[int, Outcome]:
    outcomes: dict[int, Outcome] = {}
    for bundle in views.bundles([part for _, part in parts]):
        members = [parts[place][0] for place in bundle.members]
        if all(one.early for one in members):
            outcomes |= {one.id: NotYet() for one in members}
            continue
        outcome = _send(deps, members[0], address, bundle.message, kinds, members[1:])
        for one in members:
            # A post that may have gone out is looked for by each of its keys.
            outcomes[one.id] = outcome if isinstance(outcome, Unknown) else _in_time(one, outcome)
    return outcomes


def _address(deps: Deps, claimed: Claimed) -> Address | Outcome:
    notice = claimed.notice
    match notice.target:
        case ToChannel(channel, thread_ts):
            return Address(channel, thread_ts)
        case ToPurpose(purpose):
            with deps.db.read() as session:
                found = channels.for_purpose(session, notice.program_id or 0, purpose)
            return Address(found[0].channel_id) if found else Skipped(f"{NO_CHANNEL} {purpose}")
        case ToPerson(user):
            return _direct(deps, user)


def _direct(deps: Deps, user: str) -> Address | Outcome:
    with deps.db.read() as session:
        person = people.anybody(session, user)
        known, zone = (person.dm_channel, person.zone) if person else (None, None)
        if person is not None and person.gone:
            return GONE
    if known:
        return Address(known, None, zone)
    try:
        channel = deps.slack.open_dm(user)
    except SlackError as error:
        if error.code in _NOBODY:
            return GONE
        return Later(error.code) if error.temporary else Refused(error.code)
    with deps.db.begin(patience=JOB_PATIENCE) as session:
        people.remember_dm(session, user, channel)
    return Address(channel, None, zone)


def _prepare(
    deps: Deps, claimed: Claimed, address: Address, now: datetime, kinds: Kinds
) -> Rendered | Outcome:  # fmt: skip
    """What is to be sent now, or what became of the notice already."""
    made = _render(deps, claimed, address, now, kinds)
    if claimed.uncertain_since is None or isinstance(made, Update | Withdraw | Later):
        return made
    if isinstance(made, Upload):
        # A file carries no key to look for.
        return Refused("nobody heard whether Slack took the file, and a file is not sent twice")
    return _already_there(deps, claimed, address, kinds) or made


def _already_there(deps: Deps, claimed: Claimed, address: Address, kinds: Kinds) -> Outcome | None:
    """What the conversation itself says about a send whose answer was never heard; None if it is to be sent (again).

    Where the bot may not look, the kind decides: most are better never said twice, some better twice than never.
    """
    assert claimed.uncertain_since is not None
    try:
        return deps.slack.find(address.channel, claimed.notice.opaque_key, claimed.uncertain_since, address.thread_ts)
    except SlackError as error:
        if error.temporary:
            return Unknown(error.code)
        if kinds[claimed.notice.kind].unheard == "again":
            return None
        return Refused(f"nobody heard whether Slack took it, and the conversation cannot be read: {error.code}")


def _render(
    deps: Deps, claimed: Claimed, address: Address, now: datetime, kinds: Kinds
) -> Rendered | Later:  # fmt: skip
    notice = claimed.notice
    try:
        with deps.db.read() as session:
            program = deps.programs.by_id(session, notice.program_id) if notice.program_id is not None else None
            kind = kinds[notice.kind]
            made = kind.render(Scene(session, notice, now, program, address.zone, deps.faq.trouble))
    except Exception:
        # One notice that cannot be made must not keep the others from being said.
        reference = _reference(claimed)
        if claimed.reason != _BROKEN + reference:
            log.exception("%s: notice %s (%s) could not be made", reference, notice.opaque_key, notice.kind)
        return Later(_BROKEN + reference)
    late = too_late(notice.due_at, kind.late, now)
    return made if late is None or isinstance(made, Skipped | Later) else Skipped(late)


def _reference(claimed: Claimed) -> str:
    """The number under which a notice's failure is in the log: the one of its first failure."""
    before = claimed.reason or ""
    return before.removeprefix(_BROKEN) if before.startswith(_BROKEN) else secrets.token_hex(3).upper()


def _send(
    deps: Deps,
    claimed: Claimed,
    address: Address,
    made: Message | Upload | Update | Withdraw,
    kinds: Kinds,
    others: list[Claimed] | None = None,
) -> Outcome:
    also = [one.notice.opaque_key for one in others or ()]
    try:
        match made:
            case Update(channel, ts, message, anew):
                outcome = deps.slack.update(channel, ts, _told_apart(message))
                if anew is not None and isinstance(outcome, Refused) and outcome.code in _UNCHANGEABLE:
                    before = (
                        _already_there(deps, claimed, address, kinds) if claimed.uncertain_since is not None else None
                    )
                    return before or _send(deps, claimed, address, anew, kinds)
            case Withdraw(channel, ts):
                outcome = deps.slack.delete(channel, ts)
            case Upload():
                outcome = deps.slack.upload(address.channel, made)
            case Message():
                key = claimed.notice.opaque_key
                outcome = deps.slack.post(address.channel, _told_apart(made), key, address.thread_ts, also)
    except Exception as error:
        log.exception("notice %s (%s): sending it failed", claimed.notice.opaque_key, claimed.notice.kind)
        return Unknown(type(error).__name__)
    if isinstance(outcome, Refused) and outcome.code in _NOBODY and isinstance(claimed.notice.target, ToPerson):
        return GONE
    return outcome


def _told_apart(message: Message) -> Message:
    return Message(message.text, distinct(message.blocks))
