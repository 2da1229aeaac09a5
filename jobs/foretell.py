"""Foretelling what will be said: the same plans, renderers and shared posts as at sending, and nothing is changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from bot.domain.holds import HELD_VOICES
from bot.domain.messages import Message, Part, Upload
from bot.domain.modes import spoken
from bot.domain.notices import LEFT_OUT, MERGE_WINDOW, NO_LONGER_PLANNED, Notice, ToPerson, ToPurpose
from bot.domain.preview import ON_HOLD, Fate, Foretold, Preview
from bot.domain.programs import Program
from bot.domain.week import bounds
from bot.services import digest, entries, holds, homework, modes, planning, reminders
from bot.services.planning import Feature
from bot.views import notices as views
from jobs.registry import KINDS
from jobs.render import Later, Scene, Skipped, Urgency
from storage import channels, people, week
from storage.notices import to_notice

UNSEEN = "its words are for its reader alone"


@dataclass(frozen=True)
class Coming:
    """A notice that is to be said, held back, or only on record with its reason."""

    notice: Notice
    fate: Fate
    reason: str | None = None


def foretell(session: Session, program: Program, now: datetime, first: date, last: date) -> Preview:
    """What will be said of a program from one day to another, planned as it would be at `now`."""
    since, until = bounds(program, first, last)
    since = max(since, now)
    known = _coming(session, program, now)
    wanted = [one for one in known if one.notice.due_at < until and (one.fate == "held" or one.notice.due_at >= since)]
    said = [one for one in wanted if one.fate != "not said"]
    found = [*_posts(session, program, said), *(_silent(program, one) for one in wanted if one.fate == "not said")]
    found.sort(key=lambda one: (one.at, one.fate == "not said", one.about))
    left_out = modes.left_out(program, since, until)
    return Preview(program, now, first, last, tuple(found), _names(session, program), stored=True, left_out=left_out)


def plan(session: Session, program: Program, now: datetime) -> None:
    """Plan all that a program says of its own accord, where nothing is planned yet."""
    for feature in features(now):
        planning.replan(session, program.id, feature.kinds, planning.wanted(session, program, feature), now)


def features(now: datetime) -> tuple[Feature, ...]:
    """Who plans what a program says of its own accord."""
    return (reminders.FEATURE, homework.FEATURE, digest.feature(now), entries.FEATURE)


def _coming(session: Session, program: Program, now: datetime) -> list[Coming]:
    """What the ledger holds, brought to what the plans ask for."""
    found: dict[str, Coming] = {}
    for row in week.standing(session, program.id, now):
        fate: Fate = "held" if row.state == "held" else "not said" if row.state == "skipped" else "planned"
        found[row.key] = Coming(
            to_notice(row), fate, row.reason if fate == "not said" else ON_HOLD if row.hold_id else None
        )
    for feature in features(now):
        for change in planning.foreseen(session, program, feature, now):
            notice, was = change.notice, found.get(change.notice.key)
            if change.wanted is None:
                found[notice.key] = Coming(notice, "not said", NO_LONGER_PLANNED)
            elif was is not None and (was.fate == "held" or was.reason == LEFT_OUT):
                found[notice.key] = Coming(notice, was.fate, was.reason)
            else:
                skip = change.wanted.skip
                found[notice.key] = Coming(notice, "not said" if skip else "planned", skip)
    return _kept(session, program, list(found.values()), now)


def _kept(session: Session, program: Program, found: Sequence[Coming], now: datetime) -> list[Coming]:
    """The same, with what a hold of all posts will keep when its time has come."""
    standing = holds.standing(session=session, program=program, now=now)
    if not standing.holds:
        return list(found)
    rooms = {room.purpose: room.channel_id for room in reversed(channels.of_program(session, program.id))}

    def kept(one: Coming) -> Coming:
        if one.fate != "planned" or KINDS[one.notice.kind].voice not in HELD_VOICES:
            return one
        target = one.notice.target
        channel = rooms.get(target.purpose) if isinstance(target, ToPurpose) else None
        return one if standing.keeping(one.notice.due_at, channel) is None else Coming(one.notice, "held", ON_HOLD)

    return [kept(one) for one in found]


def _posts(session: Session, program: Program, coming: Sequence[Coming]) -> Iterator[Foretold]:
    """What shares a post is made as one, at the time of the first, as the sender does; in the order of planning."""
    left = sorted(coming, key=lambda one: one.notice.due_at)
    while left:
        first = left.pop(0)
        company = [one for one in left if _joins(one, first)]
        parts: list[tuple[Coming, Part]] = []
        for one in (first, *company):
            made = _made(session, program, one.notice, first.notice.due_at)
            if isinstance(made, Part) and one.fate == "planned":
                parts.append((one, made))
            elif one is first:
                yield _alone(program, one, made)
        for bundle in views.bundles([part for _, part in parts]):
            members = [parts[place][0] for place in bundle.members]
            if any(one.notice.due_at == first.notice.due_at for one in members):
                yield _together(program, members, first.notice.due_at, bundle.message)
                left = [one for one in left if one not in members]


def _joins(one: Coming, first: Coming) -> bool:
    if not (KINDS[one.notice.kind].merges and KINDS[first.notice.kind].merges):
        return False
    if one.fate != "planned" or first.fate != "planned" or one.notice.target != first.notice.target:
        return False
    return one.notice.due_at <= first.notice.due_at + MERGE_WINDOW


def _made(session: Session, program: Program, notice: Notice, at: datetime) -> Message | Part | Skipped | None:
    """A notice as its renderer makes it at a moment; None for what its reader alone is to see."""
    if all(notice.kind not in feature.kinds for feature in features(at)):
        return None
    zone = None
    if isinstance(notice.target, ToPerson):
        person = people.anybody(session, notice.target.user)
        zone = person.zone if person is not None else None
    made = KINDS[notice.kind].render(Scene(session, notice, at, spoken(program), zone))
    match made:
        case Message() | Part() | Skipped():
            return made
        case Later(reason):
            return Skipped(reason)
        case Upload():
            return Message(made.comment)
        case _:
            return None


def _alone(program: Program, one: Coming, made: Message | Part | Skipped | None) -> Foretold:
    message = Message(made.text, made.blocks) if isinstance(made, Message | Part) else None
    skipped = isinstance(made, Skipped)
    return Foretold(
        at=one.notice.due_at,
        kinds=(one.notice.kind,),
        about=(_about(program, one.notice),),
        target=one.notice.target,
        fate="not said" if skipped else one.fate,
        message=message,
        reason=made.reason if isinstance(made, Skipped) else UNSEEN if message is None else one.reason,
        depends=_depends(one.notice),
    )


def _together(program: Program, members: Sequence[Coming], at: datetime, message: Message) -> Foretold:
    return Foretold(
        at=at,
        kinds=tuple(dict.fromkeys(one.notice.kind for one in members)),
        about=tuple(dict.fromkeys(_about(program, one.notice) for one in members)),
        target=members[0].notice.target,
        fate="planned",
        message=message,
        depends=any(_depends(one.notice) for one in members),
    )


def _silent(program: Program, one: Coming) -> Foretold:
    kinds, about = (one.notice.kind,), (_about(program, one.notice),)
    return Foretold(one.notice.due_at, kinds, about, one.notice.target, "not said", reason=one.reason)


def _about(program: Program, notice: Notice) -> str:
    """The title of what a notice is about, if it is about something of the program's."""
    refs = notice.refs
    found = program.event(str(refs.get("event"))) or program.assignment(str(refs.get("homework")))
    if found is not None:
        return found.title
    entry = program.entry(str(refs.get("entry")))
    return entry.question if entry is not None else ""


def _depends(notice: Notice) -> bool:
    """Whether what is said depends on what people do until then."""
    return isinstance(notice.target, ToPerson) or KINDS[notice.kind].urgency == Urgency.SUMMARY


def _names(session: Session, program: Program) -> dict[str, str]:
    """How channels and people are called, by what a message or a target has of them."""
    names: dict[str, str] = {}
    for room in reversed(channels.of_program(session, program.id)):
        names |= {one: f"#{room.name}" for one in (room.channel_id, room.purpose) if one}
    for _, person, _ in people.roster(session, program.id):
        if person.user_id:
            names[person.user_id] = person.called
    return names
