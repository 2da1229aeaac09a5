"""The digest: when it is due, what it holds, and who may ask for it and read the texts behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial

from cronsim import CronSim
from sqlmodel import Session

from bot.domain import digest as rules
from bot.domain.checkins import Meeting
from bot.domain.digest import Handed, Hours, Missing, Report
from bot.domain.modes import spoken
from bot.domain.notices import Notice, Planned, Target, ToPerson, ToPurpose
from bot.domain.people import NotAllowed, Role, Viewer
from bot.domain.programs import DigestContent, DigestRule, Program, in_break
from bot.domain.reflections import Handed as Reflection
from bot.domain.reflections import may_read
from bot.domain.week import WORD
from bot.services import cards, checkins, entries, homework, reflections, rsvps, week
from bot.services.people import facilitators, members, organizations_owing
from bot.services.planning import Feature, by_people
from bot.services.questions import open_questions
from storage import notices, people
from storage.notices import NoticeRow
from storage.programs import Revised

REPORT = cards.DIGEST
SAYS: Mapping[DigestContent, str] = {"what-needs-you": REPORT, "next-week": WORD}
"""The kind of notice of a subscription, by what it tells."""
HORIZON = timedelta(days=35)
"""How far ahead digests stand in the ledger; the next one always does, however far it is."""
MOST = 200
"""Occurrences of one subscription at a time: a schedule by the minute is not planned for a month."""
IN_FLIGHT = timedelta(minutes=1)
"""How long before it is sent a digest's span ends: what is being saved at that moment comes in the next one."""
READERS: tuple[Role, ...] = ("coach", "facilitator", "admin")


@dataclass(frozen=True)
class Texts:
    """What came in, as far as somebody may read it."""

    program: Program
    reflections: tuple[Handed, ...]
    meetings: tuple[Meeting, ...]


def feature(now: datetime) -> Feature:
    """What the planner follows: each program's subscriptions, looked at again every hour, as time goes on.

    Who takes part is in the mark as well, since a subscription may name somebody by an address.
    """
    return Feature("digest", tuple(SAYS.values()), partial(_plan, now=now), partial(_marks, now=now), whole=False)


def occurrences(rule: DigestRule, program: Program, after: datetime, until: datetime) -> Iterator[tuple[str, datetime]]:
    """When a subscription is due after `after`: its name in local time, and the moment in UTC.

    All up to `until`, and the first one in any case. Of a wall time that comes twice only the first counts; one that
    the clocks skip is due when they have.
    """
    seen: set[str] = set()
    for moment in CronSim(rule.cron, after.astimezone(program.tz)):
        if seen and (moment > until or len(seen) >= MOST):
            return
        local = f"{moment:%Y-%m-%dT%H:%M}"
        if local not in seen:
            seen.add(local)
            yield local, moment.astimezone(UTC)


def gather(
    *,
    session: Session,
    program: Program,
    now: datetime,
    since: datetime,
    until: datetime | None = None,
    zone: str | None = None,
) -> Report:
    """Everything that a digest tells at `now`, of what came in after `since` and by `until`, which is now if not given.

    `zone` is its one reader's. Before the season nobody is held to hours: they are told only once there are any.
    """
    program, until = spoken(program), until or now
    month = rules.month_of(program, now)
    events, assignments = rules.week_ahead(program, now)
    return Report(
        program=program,
        now=now,
        since=since,
        until=until,
        month=month,
        questions=open_questions(session, program, now),
        missing=tuple(_missing(session, program, now)),
        reflections=_reflections(session, program, since, until),
        checkins=checkins.list_new(session=session, program=program, since=since, until=until),
        needs=checkins.support_needs(session=session, program=program, since=since, until=until),
        hours=_hours(session, program, month, now),
        events=events,
        assignments=assignments,
        pause=in_break(program, now),
        care=entries.care(session=session, program=program, now=now),
        held=week.held(session=session, program=program),
        answers=rsvps.tallies(session=session, program=program),
        zone=zone,
    )


def scheduled(
    *, session: Session, program: Program, notice: Notice, now: datetime, zone: str | None = None
) -> Report | str:
    """The digest of a subscription that is due, for a reader in `zone`; or why it is not sent."""
    key = str(notice.refs["rule"])
    if all(rule.key != key for rule in program.digests):
        return "nobody subscribes to it any more"
    pause = in_break(program, now)
    if pause is not None:
        return f"break: {pause.name}"
    if isinstance(notice.target, ToPerson) and not _reads(session, program, notice.target.user):
        return "its reader does not run the program any more"
    rows = [row for row in notices.standing(session, program.id, (REPORT,)) if row.refs["rule"] == key]
    if any(notice.due_at < row.due_at <= now for row in rows):
        return "a later one is due already"
    since = _last(rows) or now - rules.FIRST_LOOK
    return gather(session=session, program=program, now=now, since=since, until=now - IN_FLIGHT, zone=zone)


def again(*, session: Session, program: Program, key: str, zone: str | None = None) -> Report | None:
    """A digest that was sent, as it was then, without what is settled since; None if it is not on record."""
    sent = notices.get(session, key)
    if sent is None or sent.settled_at is None:
        return None
    rows = notices.standing(session, program.id, (REPORT,))
    before = [row for row in rows if row.refs["rule"] == sent.refs["rule"] and row.due_at < sent.due_at]
    at = sent.settled_at
    since = _last(before) or at - rules.FIRST_LOOK
    return gather(session=session, program=program, now=at, since=since, until=at - IN_FLIGHT, zone=zone)


def on_demand(*, session: Session, viewer: Viewer, now: datetime) -> Report | NotAllowed:
    """The digest for somebody who asks: what has come in since the last one that went to the facilitators' channel."""
    program = viewer.program
    if program is None:
        return NotAllowed(None)
    if not viewer.has(*READERS):
        return NotAllowed(program, facilitators(session, program.id))
    rows = [row for row in notices.standing(session, program.id, (REPORT,)) if row.to_purpose is not None]
    since = _last(rows) or now - rules.FIRST_LOOK
    return gather(session=session, program=program, now=now, since=since, zone=viewer.zone)


def at_hand(*, session: Session, program: Program, now: datetime, zone: str | None = None) -> Report:
    """What needs somebody and what lies ahead, without what has come in: the Home of whoever runs the program."""
    program = spoken(program)
    events, assignments = rules.week_ahead(program, now)
    return Report(
        program=program,
        now=now,
        since=now,
        until=now,
        month=rules.month_of(program, now),
        questions=open_questions(session, program, now),
        missing=tuple(_missing(session, program, now)),
        events=events,
        assignments=assignments,
        pause=in_break(program, now),
        care=entries.care(session=session, program=program, now=now),
        zone=zone,
    )


def texts(*, session: Session, viewer: Viewer, since: datetime, until: datetime) -> Texts | NotAllowed:
    """What has come in in a span, for facilitators whole, for a coach what they may read; nobody else reads it."""
    program = viewer.program
    if program is None:
        return NotAllowed(None)
    if not viewer.has("coach", "facilitator"):
        return NotAllowed(program, facilitators(session, program.id))
    handed = reflections.list_new(session=session, program=program, since=since, until=until)
    meetings = checkins.readable(session=session, viewer=viewer, since=since, until=until)
    return Texts(
        program,
        tuple(_named(one) for one in handed if _may_read(viewer, one)),
        meetings if isinstance(meetings, tuple) else (),
    )


def _plan(session: Session, program: Program, now: datetime) -> Iterator[Planned]:
    known = notices.standing(session, program.id, tuple(SAYS.values()))
    waiting = [row for row in known if row.state == "planned"]
    for rule in program.digests:
        target = _target(session, program, rule)
        if target is None:
            continue
        # What is late is asked for again, as it would be withdrawn otherwise.
        late = min((row.due_at for row in waiting if row.refs["rule"] == rule.key), default=now)
        after = min(late, now) - timedelta(minutes=1)
        for local, due_at in occurrences(rule, program, after, now + HORIZON):
            key = f"digest:{program.id}:{rule.key}:{local}"
            pause = in_break(program, due_at)
            notice = Notice(key, SAYS[rule.what], target, due_at, program.id, {"rule": rule.key})
            yield Planned(notice, f"break: {pause.name}" if pause else None)


def _hours(session: Session, program: Program, month: date, now: datetime) -> tuple[Hours, ...]:
    told = rules.hours_of(
        [(one.id, one.name) for one in organizations_owing(session, program.id)],
        _homework_minutes(session, program, *rules.bounds(program, month)),
        checkins.coaching_minutes(session=session, program=program, month=month),
    )
    begun = program.starts is None or program.local_day(now) >= program.starts
    return told if begun or any(one.homework or one.coaching for one in told) else ()


def _homework_minutes(session: Session, program: Program, first: datetime, last: datetime) -> dict[int, int]:
    """Minutes reported by organization id in what was handed in from `first` up to, and without, `last`."""
    instant = timedelta(microseconds=1)
    totals: dict[int, int] = {}
    for one in reflections.list_new(session=session, program=program, since=first - instant, until=last - instant):
        if one.organization is not None:
            totals[one.organization.id] = totals.get(one.organization.id, 0) + (one.content.minutes or 0)
    return totals


def _named(one: Reflection) -> Handed:
    organization = one.organization.name if one.organization else ""
    return Handed(one.id, one.number, one.author, organization, one.title, one.sample, one.handed_in_at)


def _may_read(viewer: Viewer, one: Reflection) -> bool:
    return may_read(viewer, author_id=one.author_id, readers=one.content.readers)


def _marks(session: Session, programs: Sequence[Revised], now: datetime) -> dict[int, str]:
    return {program_id: f"{mark}.{now:%Y%m%d%H}" for program_id, mark in by_people(session, programs).items()}


def _target(session: Session, program: Program, rule: DigestRule) -> Target | None:
    """Where a subscription goes; None while an address is nobody's of the program whom Slack knows."""
    if rule.to == "facilitators":
        return ToPurpose("facilitators")
    if "@" not in rule.to:
        return ToPerson(rule.to)
    roster = (person for _, person, _ in people.roster(session, program.id))
    user = next((one.user_id for one in roster if one.email == rule.to.lower() and one.user_id), None)
    return ToPerson(user) if user else None


def _reads(session: Session, program: Program, user: str) -> bool:
    return any(one.user == user for one in members(session, program.id, *READERS))


def _last(rows: list[NoticeRow]) -> datetime | None:
    """How far the latest digest that was sent reached."""
    sent = [row.settled_at for row in rows if row.state == "delivered" and row.settled_at is not None]
    return max(sent) - IN_FLIGHT if sent else None


def _missing(session: Session, program: Program, now: datetime) -> Iterator[Missing]:
    for one in homework.silences(session=session, program=program, assignments=rules.asked_about(program, now)):
        if one.silent:
            yield Missing(
                assignment=one.assignment,
                organizations=tuple(org.name for org in one.silent),
                owing=one.owing,
                want_time=tuple(org.name for org in one.silent if org.id in one.want_time),
            )


def _reflections(session: Session, program: Program, since: datetime, until: datetime) -> tuple[Handed, ...]:
    found = reflections.list_new(session=session, program=program, since=since, until=until)
    return tuple(_named(one) for one in found)
