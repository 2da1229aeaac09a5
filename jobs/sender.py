"""Sending what is due: claim, render, send outside any transaction, settle."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from bot.deps import Deps
from bot.domain.messages import Message, Upload
from bot.domain.notices import (
    Claimed,
    Delivered,
    Later,
    Outcome,
    Refused,
    Skipped,
    ToChannel,
    ToPerson,
    ToPurpose,
    Unknown,
)
from bot.services import notices as ledger
from bot.slack import SlackError
from bot.views import notices as views
from jobs.render import Part, Rendered, Renderers, Scene, Update, Withdraw
from storage import channels, people
from storage.database import JOB_PATIENCE

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Address:
    """Where a notice goes once its target is looked up."""

    channel: str
    thread_ts: str | None = None
    zone: str | None = None


def send_due(deps: Deps, now: datetime, renderers: Renderers, merging: Collection[str]) -> int:
    """Send everything that is due at `now`; returns how many notices were settled."""
    sent = 0
    while True:
        with deps.db.begin(patience=JOB_PATIENCE) as session:
            claimed = ledger.claim_due(session=session, now=now, merging=merging)
        if not claimed:
            return sent
        outcomes = _deliver(deps, claimed, now, renderers)
        with deps.db.begin(patience=JOB_PATIENCE) as session:
            for one in claimed:
                ledger.settle(session=session, claimed=one, outcome=outcomes[one.id], now=now)
        sent += len(claimed)


def _deliver(deps: Deps, claimed: tuple[Claimed, ...], now: datetime, renderers: Renderers) -> dict[int, Outcome]:
    address = _address(deps, claimed[0])
    if not isinstance(address, Address):
        return {one.id: address for one in claimed}
    outcomes: dict[int, Outcome] = {}
    parts: list[tuple[Claimed, Part]] = []
    for one in claimed:
        found = _already_there(deps, one, address)
        if found is not None:
            outcomes[one.id] = found
            continue
        rendered = _render(deps, one, address, now, renderers)
        if isinstance(rendered, Part):
            parts.append((one, rendered))
        else:
            outcomes[one.id] = _send(deps, one, address, rendered)
    if parts:
        message = views.together([(part.about, part.text, part.blocks) for _, part in parts])
        outcome = _send(deps, parts[0][0], address, message)
        outcomes |= {one.id: outcome for one, _ in parts}
    return outcomes


def _address(deps: Deps, claimed: Claimed) -> Address | Outcome:
    notice = claimed.notice
    match notice.target:
        case ToChannel(channel, thread_ts):
            return Address(channel, thread_ts)
        case ToPurpose(purpose):
            with deps.db.read() as session:
                found = channels.for_purpose(session, notice.program_id or 0, purpose)
            return Address(found[0].channel_id) if found else Skipped(f"no channel is set for {purpose}")
        case ToPerson(user):
            return _direct(deps, user)


def _direct(deps: Deps, user: str) -> Address | Outcome:
    with deps.db.read() as session:
        person = people.anybody(session, user)
        known, zone = (person.dm_channel, person.zone) if person else (None, None)
        if person is not None and person.gone:
            return Skipped("the person has left the workspace")
    if known:
        return Address(known, None, zone)
    try:
        channel = deps.slack.open_dm(user)
    except SlackError as error:
        return Later(error.code) if error.code in ("ratelimited", "URLError", "TimeoutError") else Refused(error.code)
    with deps.db.begin(patience=JOB_PATIENCE) as session:
        people.remember_dm(session, user, channel)
    return Address(channel, None, zone)


def _already_there(deps: Deps, claimed: Claimed, address: Address) -> Outcome | None:
    """What the conversation itself says about a send whose answer was never heard."""
    if claimed.uncertain_since is None:
        return None
    try:
        return deps.slack.find(address.channel, claimed.notice.opaque_key, claimed.uncertain_since, address.thread_ts)
    except SlackError as error:
        if error.code in ("missing_scope", "not_in_channel", "channel_not_found"):
            return Refused(f"unconfirmed, and the conversation may not be read ({error.code})")
        return Unknown(error.code)


def _render(deps: Deps, claimed: Claimed, address: Address, now: datetime, renderers: Renderers) -> Rendered:
    notice = claimed.notice
    with deps.db.read() as session:
        program = deps.programs.by_id(session, notice.program_id) if notice.program_id is not None else None
        return renderers[notice.kind](Scene(session, notice, now, program, address.zone))


def _send(deps: Deps, claimed: Claimed, address: Address, rendered: Rendered) -> Outcome:
    match rendered:
        case Skipped():
            return rendered
        case Update(channel, ts, message):
            outcome = deps.slack.update(channel, ts, message)
        case Withdraw(channel, ts):
            outcome = deps.slack.delete(channel, ts)
        case Upload():
            outcome = deps.slack.upload(address.channel, rendered)
        case Part(_, text, blocks):
            outcome = deps.slack.post(
                address.channel, Message(text, blocks), claimed.notice.opaque_key, address.thread_ts
            )
        case Message():
            outcome = deps.slack.post(address.channel, rendered, claimed.notice.opaque_key, address.thread_ts)
    if not isinstance(outcome, Delivered):
        log.warning("notice %s (%s): %s", claimed.notice.opaque_key, claimed.notice.kind, outcome)
    return outcome
