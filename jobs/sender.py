"""Sending what is due: claim, render, send outside any transaction, settle."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from bot.deps import Deps
from bot.domain.channels import CODES, shut_words
from bot.domain.messages import Message, Part, Upload
from bot.domain.modes import LABELLED, PRACTISED, UNTOUCHED, AsIs, Elsewhere, Silent, spoken
from bot.domain.notices import (
    LOOK_BACK,
    NO_CHANNEL,
    QUIET,
    UNHEARD,
    Claimed,
    Delivered,
    Held,
    Later,
    Notice,
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
from bot.domain.paces import Method
from bot.services import channels as channel_service
from bot.services import holds, modes, paces
from bot.services import notices as ledger
from bot.slack import SlackError
from bot.views import modes as mode_views
from bot.views import notices as views
from bot.views.blocks import distinct
from jobs.quiet import rest
from jobs.render import Kinds, Rendered, Scene, Update, Withdraw, rules
from jobs.switchboard import unwanted
from storage import channels, people
from storage import moves as posts
from storage import notices as rows
from storage.channels import Channel
from storage.database import JOB_PATIENCE, Busy

log = logging.getLogger(__name__)
GONE = Skipped("the person has left the workspace")
HURRY = timedelta(seconds=20)
"""How much of a lease has to be left when a post begins: as long as Slack may take to answer, and as much again."""
_NOBODY = frozenset({"user_not_found", "user_disabled", "users_not_found"})
_UNCHANGEABLE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
_BROKEN = "it could not be made, reference "


@dataclass(frozen=True)
class Address:
    """Where a notice goes once its target is looked up.

    A direct message that is not open yet goes by its reader's id, where files cannot be sent nor messages looked for;
    `opens` is from when it can be opened.
    """

    channel: str
    thread_ts: str | None = None
    zone: str | None = None
    opens: datetime | None = None


@dataclass(frozen=True)
class Errand:
    """What was claimed together, on its way to one place, by a ruling; `label` stands above it in practice."""

    deps: Deps
    kinds: Kinds
    claimed: tuple[Claimed, ...]
    address: Address
    now: datetime
    ruling: AsIs | Elsewhere
    label: str | None = None


@dataclass(frozen=True)
class Saying:
    """One notice's share of a post; `note` is what the ledger is to remember of how it came there."""

    claimed: Claimed
    what: Part | Upload
    note: str | None = None


@dataclass(frozen=True)
class Done:
    """What became of what was claimed, by id; what is not named waits. `post` is the one post that was tried."""

    outcomes: dict[int, Outcome] = field(default_factory=dict)
    post: Outcome | None = None

    def of(self, claimed: Claimed) -> Outcome:
        """What became of one; what was only taken along is asked again when it is due, unless it may have been said."""
        outcome = self.outcomes.get(claimed.id, NotYet())
        return NotYet() if claimed.early and not isinstance(outcome, Delivered | Unknown) else outcome


@dataclass(frozen=True)
class Unsettled:
    """What became of what was claimed, while it could not be written down."""

    claimed: tuple[Claimed, ...]
    done: Done


def send_due(
    deps: Deps,
    now: datetime,
    kinds: Kinds,
    stopping: Callable[[], bool] = lambda: False,
    unsettled: list[Unsettled] | None = None,
) -> int:
    """Send everything that is due and has a turn; returns how many notices were settled.

    `now` is when the tick began. Time goes on while messages are on their way, so each claim asks the clock again and
    has its whole lease. What is under way is finished when `stopping` says so; nothing else is begun. `unsettled`
    remembers, from tick to tick, what could not be written down because the database had gone away: nobody else may
    take it as long as it is leased, and nobody has to look for it. Raises Busy and OperationalError.
    """
    ruled = rules(kinds)
    kept = [] if unsettled is None else unsettled
    sent = 0
    while kept:
        sent += _settle(deps, kept.pop(), kept, max(now, deps.clock()))
    while not stopping():
        at = max(now, deps.clock())
        with deps.db.begin(patience=JOB_PATIENCE) as session:
            claimed = ledger.claim_due(session=session, now=at, rules=ruled)
        if not claimed:
            break
        try:
            done = _deliver(deps, kinds, claimed, at)
        except (Busy, OperationalError):
            # Nothing was posted: that comes last, and what is written down after it does without the database.
            _settle(deps, Unsettled(claimed, Done()), kept, max(at, deps.clock()))
            raise
        sent += _settle(deps, Unsettled(claimed, done), kept, max(at, deps.clock()))
    return sent


def _settle(deps: Deps, said: Unsettled, kept: list[Unsettled], now: datetime) -> int:
    """Write down what became of what was claimed; how many do not wait. It is `kept` when the database is not there."""
    try:
        _write(deps, said.claimed, said.done, now)
    except (Busy, OperationalError):
        kept.append(said)
        raise
    return sum(not isinstance(said.done.of(one), NotYet) for one in said.claimed)


def _write(deps: Deps, claimed: tuple[Claimed, ...], done: Done, now: datetime) -> None:
    channel = claimed[0].channel
    with deps.db.begin(patience=JOB_PATIENCE) as session:
        kept = [ledger.settle(session=session, claimed=one, outcome=done.of(one), now=now) for one in claimed]
        if channel is not None:
            paces.after(session=session, channel=channel, post=done.post, now=now)
        if channel is not None and isinstance(done.post, Refused) and done.post.code in CODES:
            channel_service.refused(session=session, channel_id=channel, why=CODES[done.post.code], now=now)
    for one, mine in zip(claimed, kept, strict=True):
        outcome = done.of(one)
        if not mine:
            log.warning("notice %s (%s): the lease had run out", one.notice.opaque_key, one.notice.kind)
        elif isinstance(outcome, Refused | Unknown):
            log.warning("notice %s (%s): %s", one.notice.opaque_key, one.notice.kind, outcome)


def _deliver(deps: Deps, kinds: Kinds, claimed: tuple[Claimed, ...], now: datetime) -> Done:
    """Say what can be said in one post. What does not fit into it waits for the next turn there."""
    settled: dict[int, Outcome] = {}
    going: list[tuple[Claimed, AsIs | Elsewhere]] = []
    for one in claimed:
        ruled = _ruling(deps, kinds, one, now)
        if isinstance(ruled, AsIs | Elsewhere):
            going.append((one, ruled))
        else:
            settled[one.id] = ruled
    if not going:
        return Done(settled)
    ruling = going[0][1]
    together = tuple(one for one, ruled in going if ruled == ruling)
    address = _address(deps, together[0], ruling)
    if not isinstance(address, Address):
        return Done({**settled, **{one.id: address for one in together}})
    errand = Errand(deps, kinds, together, address, now, ruling, _label(deps, together[0], ruling))
    made = [(one, _prepare(errand, one)) for one in together]
    done = _post(errand, [saying for _, saying in made if isinstance(saying, Saying)])
    settled |= {one.id: outcome for one, outcome in made if not isinstance(outcome, Saying)}
    return Done({**settled, **done.outcomes}, done.post)


# Whether


def _ruling(deps: Deps, kinds: Kinds, claimed: Claimed, now: datetime) -> AsIs | Elsewhere | Skipped | Held:
    """Where a notice may be said as its program speaks, unless all posts are held; what may have been is looked for."""
    notice = claimed.notice
    voice = kinds[notice.kind].voice if notice.kind in kinds else "anybody"
    with deps.db.read() as session:
        program = deps.programs.by_id(session, notice.program_id) if notice.program_id is not None else None
        if program is None:
            return AsIs()
        found = modes.ruling(session=session, program=program, notice=notice, voice=voice)
        if isinstance(found, Silent):
            return Skipped(found.reason)
        hold = holds.keeping(session=session, notice=notice, voice=voice, now=now)
    return found if hold is None or claimed.uncertain_since is not None else Held(hold)


def _label(deps: Deps, claimed: Claimed, ruling: AsIs | Elsewhere) -> str | None:
    """What stands above it in practice."""
    if isinstance(ruling, AsIs):
        return mode_views.NOT_LIVE if ruling.label else None
    with deps.db.read() as session:
        return _would_be(deps, session, claimed.notice)


def _would_be(deps: Deps, session: Session, notice: Notice) -> str:
    """Where something would be said if its program were live."""
    program = deps.programs.by_id(session, notice.program_id or 0)
    assert program is not None
    match notice.target:
        case ToPerson(user):
            person = people.anybody(session, user)
            return mode_views.would_go_to(person.called if person is not None else "somebody", program, notice.due_at)
        case ToPurpose(purpose):
            found = channels.for_purpose(session, program.id, purpose)
            return mode_views.would_be_in(found[0].channel_id if found else None, purpose, program, notice.due_at)
        case ToChannel(channel, thread):
            return mode_views.would_be_in(channel, "", program, notice.due_at, thread=thread is not None)


# Where to


def _address(deps: Deps, claimed: Claimed, ruling: AsIs | Elsewhere) -> Address | Outcome:
    notice = claimed.notice
    if isinstance(ruling, Elsewhere):
        return _practice(deps, notice)
    match notice.target:
        case ToChannel(channel, thread_ts):
            return Address(channel, thread_ts)
        case ToPurpose(purpose):
            with deps.db.read() as session:
                found = channels.for_purpose(session, notice.program_id or 0, purpose)
            return _channel(found[0]) if found else Skipped(f"{NO_CHANNEL} {purpose}")
        case ToPerson(user):
            return _direct(deps, user)


def _channel(row: Channel) -> Address | Refused:
    """A channel in which something can be said; else why not, and what helps."""
    why = channel_service.shut(row)
    return Address(row.channel_id) if why is None else Refused(shut_words(row.name or row.channel_id, why))


def _practice(deps: Deps, notice: Notice) -> Address | Outcome:
    """The facilitators' channel, with the clock of whoever would read it."""
    with deps.db.read() as session:
        found = channels.for_purpose(session, notice.program_id or 0, "facilitators")
        person = people.anybody(session, notice.target.user) if isinstance(notice.target, ToPerson) else None
        zone = person.zone if person is not None else None
    return Address(found[0].channel_id, None, zone) if found else Skipped(f"{NO_CHANNEL} facilitators")


def _direct(deps: Deps, user: str) -> Address | Outcome:
    with deps.db.read() as session:
        person = people.anybody(session, user)
        known, zone = (person.dm_channel, person.zone) if person else (None, None)
        if person is not None and person.gone:
            return GONE
    if known:
        return Address(known, None, zone)
    opens = _turn(deps, "conversations.open")
    if opens is not None:
        return Address(user, None, zone, opens)
    try:
        channel = deps.slack.open_dm(user)
    except SlackError as error:
        if error.code in _NOBODY:
            return GONE
        return _heeded(deps, "conversations.open", error) if error.temporary else Refused(error.code)
    _remember(deps, user, channel)
    return Address(channel, None, zone)


def _remember(deps: Deps, user: str, channel: str) -> None:
    with _if_possible(), deps.db.begin(patience=JOB_PATIENCE) as session:
        people.remember_dm(session, user, channel)
        paces.known_as(session=session, user=user, channel=channel, now=deps.clock())


@contextmanager
def _if_possible() -> Iterator[None]:
    """What Slack has just answered must not be forgotten for want of a database that this could be noted in."""
    try:
        yield
    except (Busy, OperationalError) as error:
        log.info("not noted, as the database is not there: %s", type(error).__name__)


# Turns at other methods than posting, whose turn is taken with the claim


def _turn(deps: Deps, method: Method) -> datetime | None:
    """Take a turn; None when it is had, else from when one may be."""
    with deps.db.begin(patience=JOB_PATIENCE) as session:
        return paces.take(session=session, method=method, now=deps.clock())


def _heeded(deps: Deps, method: Method, answer: SlackError | Outcome) -> Later | Outcome:
    """What Slack answered; the rest from a method that it asks for is kept by all senders."""
    outcome = Later(answer.code, answer.wait) if isinstance(answer, SlackError) else answer
    if isinstance(outcome, Later) and outcome.wait is not None:
        with _if_possible(), deps.db.begin(patience=JOB_PATIENCE) as session:
            paces.pause(session=session, method=method, wait=outcome.wait, now=deps.clock())
    return outcome


# What


def _prepare(errand: Errand, claimed: Claimed) -> Saying | Outcome:
    """What is to be posted for a notice, or what has become of it already."""
    made = _render(errand, claimed)
    match made:
        case Later():
            return made
        case Update() | Withdraw():
            return _change(errand, claimed, made)
    found = _found(errand, claimed, made) if claimed.uncertain_since is not None else None
    if found is not None and not isinstance(found, str):
        return found
    match made:
        case Message(text, blocks):
            return Saying(claimed, Part(claimed.notice.key, text, blocks, claimed.overdue), found)
        case Part():
            return Saying(claimed, replace(made, late=claimed.overdue), found)
        case Upload():
            return Saying(claimed, made, found)
    return made


def _render(errand: Errand, claimed: Claimed) -> Rendered | NotYet:
    notice, deps = claimed.notice, errand.deps
    try:
        with deps.db.read() as session:
            program = deps.programs.by_id(session, notice.program_id) if notice.program_id is not None else None
            kind = errand.kinds[notice.kind]
            heard = spoken(program) if program is not None else None
            scene = Scene(session, notice, errand.now, heard, errand.address.zone, deps.faq.trouble)
            until = rest(scene, kind)
            made = kind.render(scene) if until is None else NotYet(until, QUIET)
            made = unwanted(scene, kind, made) or made
    except Busy:
        raise
    except Exception:
        # One notice that cannot be made must not keep the others from being said.
        reference = _reference(claimed)
        if claimed.reason != _BROKEN + reference:
            log.exception("%s: notice %s (%s) could not be made", reference, notice.opaque_key, notice.kind)
        return Later(_BROKEN + reference)
    late = too_late(notice.due_at, kind.late, errand.now)
    return made if late is None or isinstance(made, Skipped | Later | NotYet) else Skipped(late)


def _reference(claimed: Claimed) -> str:
    """The number under which a notice's failure is in the log: the one of its first failure."""
    before = claimed.reason or ""
    return before.removeprefix(_BROKEN) if before.startswith(_BROKEN) else secrets.token_hex(3).upper()


# What may have been said already


def _found(errand: Errand, claimed: Claimed, made: Rendered | NotYet) -> Outcome | str | None:
    """What the conversation itself says about a send whose answer was never heard; None if it was not taken.

    Where nobody can look, the kind decides: most are better never said twice, some better twice than never; words are
    what the ledger is to remember of that.
    """
    if isinstance(made, Upload):
        return _unheard(errand, claimed, "a file carries nothing to look for")
    address, since = errand.address, claimed.uncertain_since
    method: Method = "conversations.history" if address.thread_ts is None else "conversations.replies"
    opens = address.opens or _turn(errand.deps, method)
    if opens is not None:
        return NotYet(opens)
    assert since is not None
    try:
        found = errand.deps.slack.find(address.channel, claimed.notice.opaque_key, since, address.thread_ts)
        return replace(found, made_at=since + LOOK_BACK) if found is not None else None
    except SlackError as error:
        if error.wait is not None:
            return _heeded(errand.deps, method, error)
        if error.temporary:
            return Unknown(error.code)
        return _unheard(errand, claimed, f"the conversation cannot be read: {error.code}")


def _unheard(errand: Errand, claimed: Claimed, why: str) -> Refused | str:
    if errand.kinds[claimed.notice.kind].unheard == "again":
        return f"{UNHEARD}, and {why}; of its kind rather twice than never, so it was sent again"
    return Refused(f"{UNHEARD}, and {why}; of its kind rather never than twice, so it was not sent again")


# Sending


def _change(errand: Errand, claimed: Claimed, made: Update | Withdraw) -> Saying | Outcome:
    """Change a message or take it back; what cannot be changed any more may be said anew."""
    slack = errand.deps.slack
    method: Method = "chat.update" if isinstance(made, Update) else "chat.delete"
    opens = _turn(errand.deps, method)
    if opens is not None:
        return NotYet(opens)
    match made:
        case Withdraw(channel, ts):
            return _heeded(errand.deps, method, _tried(claimed, lambda: slack.delete(channel, ts)))
        case Update(channel, ts, message, anew):
            label = _label_there(errand, channel, ts)
            if label is None and isinstance(errand.ruling, Elsewhere):
                return Skipped(UNTOUCHED)
            message = mode_views.prefaced(message, label)
            told_apart = Message(message.text, distinct(message.blocks))
            outcome = _heeded(errand.deps, method, _tried(claimed, lambda: slack.update(channel, ts, told_apart)))
    if anew is None or not isinstance(outcome, Refused) or outcome.code not in _UNCHANGEABLE:
        return outcome
    found = _found(errand, claimed, anew) if claimed.uncertain_since is not None else None
    if found is not None and not isinstance(found, str):
        return found
    return Saying(claimed, Part(claimed.notice.key, anew.text, anew.blocks), found)


def _label_there(errand: Errand, channel: str, ts: str) -> str | None:
    """The label of a message that was posted in practice: it stays, whatever has become of the program since."""
    program_id = errand.claimed[0].notice.program_id
    if program_id is None:
        return None
    with errand.deps.db.read() as session:
        there = posts.at_posts(session, program_id, {(channel, ts)})
        said = next((one for one in there if (one.reason or "").startswith(LABELLED)), None)
        if said is None:
            return None
        return _would_be(errand.deps, session, rows.to_notice(said)) if _apart(said.reason) else mode_views.NOT_LIVE


def _apart(reason: str | None) -> bool:
    return (reason or "").startswith(PRACTISED)


def _post(errand: Errand, sayings: Sequence[Saying]) -> Done:
    """One post: as much as fits into one message, or one file."""
    parts = [one for one in sayings if isinstance(one.what, Part)]
    if parts:
        return _say(errand, parts)
    return _upload(errand, sayings[0]) if sayings else Done()


def _say(errand: Errand, sayings: Sequence[Saying]) -> Done:
    bundle, *_ = views.bundles([one.what for one in sayings if isinstance(one.what, Part)])
    members = [sayings[place] for place in bundle.members]
    if all(one.claimed.early for one in members):
        return Done()
    key, *also = (one.claimed.notice.opaque_key for one in members)
    kept = mode_views.AFTER_A_HOLD if any(one.claimed.hold is not None for one in members) else None
    address, message = errand.address, mode_views.prefaced(bundle.message, errand.label, kept)
    outcome = _in_hand(errand) or _tried(
        members[0].claimed,
        lambda: errand.deps.slack.post(address.channel, message, key, address.thread_ts, also),
    )
    if isinstance(outcome, Delivered) and address.opens is not None and outcome.channel != address.channel:
        _remember(errand.deps, address.channel, outcome.channel)
    return Done({one.claimed.id: _noted(errand, one, outcome) for one in members}, outcome)


def _upload(errand: Errand, saying: Saying) -> Done:
    assert isinstance(saying.what, Upload)
    upload, claimed = saying.what, saying.claimed
    if errand.label is not None:
        upload = replace(upload, comment=f"{errand.label}\n{upload.comment}")
    opens = errand.address.opens or _turn(errand.deps, "files.upload")
    if opens is not None:
        return Done({claimed.id: NotYet(opens)})
    outcome = _in_hand(errand) or _heeded(
        errand.deps,
        "files.upload",
        _tried(claimed, lambda: errand.deps.slack.upload(errand.address.channel, upload)),
    )
    return Done({claimed.id: _noted(errand, saying, outcome)}, outcome)


def _in_hand(errand: Errand) -> Later | None:
    """A post that begins when its lease is about to end may be another sender's post already."""
    if errand.deps.clock() + HURRY < errand.claimed[0].until:
        return None
    return Later("its lease ran out before it was sent")


def _tried(claimed: Claimed, send: Callable[[], Outcome]) -> Outcome:
    try:
        outcome = send()
    except Exception as error:
        log.exception("notice %s (%s): sending it failed", claimed.notice.opaque_key, claimed.notice.kind)
        return Unknown(type(error).__name__)
    if isinstance(outcome, Refused) and outcome.code in _NOBODY and isinstance(claimed.notice.target, ToPerson):
        return GONE
    return outcome


def _noted(errand: Errand, saying: Saying, outcome: Outcome) -> Outcome:
    labelled = PRACTISED if isinstance(errand.ruling, Elsewhere) else LABELLED if errand.label else None
    notes = [one for one in (labelled, saying.note) if one is not None]
    if isinstance(outcome, Delivered) and notes:
        return replace(outcome, note="; ".join(notes))
    return outcome
