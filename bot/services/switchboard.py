"""Each person's own switchboard: pausing, where reminders come, the language, one's own record, leaving."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime

from sqlmodel import Session

from bot.domain import checkins as checkin_rules
from bot.domain import switchboard as rules
from bot.domain.notices import Notice, Refs, ToPerson, Voice
from bot.domain.people import Viewer, ordered
from bot.domain.programs import Program
from bot.domain.switchboard import (
    LANGUAGES,
    NOTHING,
    PAUSED,
    Alone,
    Board,
    Choices,
    Item,
    Language,
    Leaving,
    Left,
    NoProgram,
    NotIn,
    Pausing,
    Record,
    Wrong,
)
from bot.services import memberships, people, personnel, quiet
from bot.services import programs as program_service
from bot.services.programs import Programs
from storage import channels, checkins, notices, reflections, rsvps
from storage import people as people_rows
from storage import programs as program_rows
from storage import switchboard as rows
from storage.checkins import Checkin, CheckinVersion
from storage.people import Person
from storage.rsvps import Rsvp
from storage.switchboard import Switchboard

BACK = "switchboard.back"
RECORD_FILE = "switchboard.record"
LEFT = "switchboard.left"
GOODBYE = "switchboard.goodbye"


def board(*, session: Session, viewer: Viewer) -> Board | NoProgram:
    """Everything that somebody may choose, as it stands."""
    if viewer.program is None:
        return NoProgram()
    rooms = channels.for_purpose(session, viewer.program.id, "cohort")
    return Board(
        program=viewer.program,
        choices=choices(session, viewer.person_id),
        resting=quiet.resting(session=session, viewer=viewer),
        zone=viewer.zone,
        roles=viewer.roles,
        cohort=rooms[0].channel_id if rooms else None,
    )


def pause(*, session: Session, viewer: Viewer, day: date | None, now: datetime, open_end: bool = False) -> (
    Board | NoProgram | Wrong
):  # fmt: skip
    """Say nothing unasked to somebody until a day begins for them, or, with an `open_end`, until they say so."""
    if viewer.program is None:
        return NoProgram()
    ends = None
    if not open_end:
        today = rules.today(now, viewer.program, viewer.zone)
        problem = rules.wrong(day, today)
        if problem is not None or day is None:
            return problem or Wrong("no day", today)
        ends = rules.until(day, viewer.program, viewer.zone)
    row = _row(session, viewer, now)
    before = _choices(row)
    if before.paused(now) and before.paused_until == ends:
        return board(session=session, viewer=viewer)
    if before.paused(now):
        _no_word(session, row, "the pause is another one now", now)
    row.paused_at, row.paused_until = (before.paused_at if before.paused(now) else now), ends
    _save(session, viewer, row, now)
    if ends is not None:
        _word(session, viewer, row, ends, rules.word_at(ends, viewer.program, viewer.zone), now)
    return board(session=session, viewer=viewer)


def resume(*, session: Session, viewer: Viewer, now: datetime) -> Board | NoProgram:
    """Write to somebody again, beginning with one line about what fell due; pressing twice says it once."""
    if viewer.program is None:
        return NoProgram()
    row = _row(session, viewer, now)
    if _choices(row).paused(now):
        _no_word(session, row, "the pause ended before", now)
        _word(session, viewer, row, now, now, now)
        row.paused_until = now
        _save(session, viewer, row, now)
    return board(session=session, viewer=viewer)


def choose(
    *,
    session: Session,
    viewer: Viewer,
    now: datetime,
    channel_only: bool | None = None,
    language: Language | str | None = "",
) -> Board | NoProgram:
    """Where reminders come, and in which language the bot writes; what is not given stays."""
    if viewer.program is None:
        return NoProgram()
    row = _row(session, viewer, now)
    row.channel_only = row.channel_only if channel_only is None else channel_only
    if language != "":
        row.language = language if language in LANGUAGES else None
    _save(session, viewer, row, now)
    return board(session=session, viewer=viewer)


def choices(session: Session, person_id: int) -> Choices:
    """What somebody has chosen."""
    row = rows.of_person(session, person_id)
    return _choices(row) if row is not None else NOTHING


def unsaid(
    *, session: Session, notice: Notice, voice: Voice, waits: bool, reminds: bool, now: datetime
) -> str | None:  # fmt: skip
    """Why a notice is not said to its reader, by what they have chosen: the one place where that is asked."""
    if not isinstance(notice.target, ToPerson):
        return None
    row = rows.of_user(session, notice.target.user)
    if row is None:
        return None
    return rules.unsaid(_choices(row), notice, voice, waits=waits, reminds=reminds, now=now)


def pausing(session: Session, program: Program, now: datetime) -> tuple[Pausing, ...]:
    """Who has paused now, of those who take part."""
    return tuple(
        Pausing(person.called, person.id or 0, row.paused_until)
        for row, person in rows.paused(session, program.id)
        if _choices(row).paused(now) and not person.gone
    )


def missed(*, session: Session, person_id: int, user: str, since: datetime, now: datetime) -> int | None:
    """How much fell due and was not said while somebody had paused; None while they still have."""
    row = rows.of_person(session, person_id)
    if row is None or _choices(row).paused(now):
        return None
    return rows.skipped_for(session, user, PAUSED, since)


# One's own record


def record(*, session: Session, programs: Programs, viewer: Viewer, start: int = 0) -> Record | NoProgram:
    """A page of everything somebody has handed in, in any program, newest first."""
    if viewer.program is None:
        return NoProgram()
    items = _items(session, programs, viewer.person_id)
    shown, after = rules.page(items, start if 0 <= start < len(items) else 0)
    return Record(viewer.program, shown, len(items), sum(one.minutes or 0 for one in items), start, after)


def send_record(*, session: Session, viewer: Viewer, key: str, now: datetime) -> bool:
    """Have somebody's record sent to them as a file, once for a press."""
    if viewer.program is None:
        return False
    refs: Refs = {"person": viewer.person_id}
    notice = Notice(f"{RECORD_FILE}:{key}", RECORD_FILE, ToPerson(viewer.user), now, viewer.program.id, refs)
    notices.add(session, notice, now)
    return True


def record_file(*, session: Session, programs: Programs, person_id: int) -> tuple[bytes, int]:
    """The same as a file for a spreadsheet, a line for each answer; and how many things it holds."""
    items = _items(session, programs, person_id)
    out = io.StringIO()
    sheet = csv.writer(out)
    sheet.writerow(
        (
            *("handed in (UTC)", "program", "what", "no.", "title", "held on", "minutes", "version"),
            *("last changed (UTC)", "question", "answer"),
        )
    )
    for one in items:
        head = (
            f"{one.at:%Y-%m-%d %H:%M}",
            one.program,
            {"reflection": "reflection", "checkin": "coaching check-in", "rsvp": "coming to a date"}[one.kind],
            str(one.number) if one.number else "",
            one.title,
            one.held_on.isoformat() if one.held_on is not None else "",
            str(one.minutes) if one.minutes is not None else "",
            str(one.version),
            f"{one.saved_at:%Y-%m-%d %H:%M}",
        )
        for question, answer in one.lines or (("", ""),):
            sheet.writerow([rules.cell(text) for text in (*head, question, answer)])
    # With a mark at its start, without which some spreadsheets take it for another alphabet.
    return out.getvalue().encode("utf-8-sig"), len(items)


# Leaving


def leaving(*, session: Session, viewer: Viewer) -> Leaving | Alone | NotIn:
    """What follows when somebody leaves their program, to be shown before they do."""
    if viewer.program is None or not (viewer.roles or viewer.pending):
        return NotIn()
    person = session.get_one(Person, viewer.person_id)
    alone = memberships.alone(session, viewer.program.id, person) & viewer.roles
    if alone:
        return Alone(viewer.program, ordered(alone))
    others = [one for one in people.facilitators(session, viewer.program.id) if one.person_id != viewer.person_id]
    home = viewer.organization
    mates = people.members(session, viewer.program.id, "participant")
    same = [one for one in mates if one.organization == home and one.person_id != viewer.person_id] if home else []
    return Leaving(viewer.program, ordered(viewer.roles), tuple(others), home.name if home else "", len(same))


def leave(*, session: Session, viewer: Viewer, key: str, now: datetime) -> Left | Alone | NotIn:
    """End whatever somebody is in their program, at their own wish; the facilitators are told, and can take it back."""
    if viewer.program is None:
        return NotIn()
    program_rows.hold_by_id(session, viewer.program.id)
    found = leaving(session=session, viewer=viewer)
    if not isinstance(found, Leaving):
        return found
    person = session.get_one(Person, viewer.person_id)
    before = memberships.snapshot(session, viewer.program.id, person)
    gone = {str(person.id): [[role, "left", home] for role, _, home in before[str(person.id)]]}
    memberships.restore(session, viewer.program.id, gone, viewer.user, now)
    memberships.record(session, viewer, "leave", before, (person,), now, request=key)
    personnel.silence(session, viewer.program, person, now)
    refs: Refs = {"person": viewer.person_id}
    for tail, target in people.to_facilitators(session, viewer.program.id).items():
        notices.add(session, Notice(f"{LEFT}:{key}{tail}", LEFT, target, now, viewer.program.id, refs), now)
    goodbye = Notice(f"{GOODBYE}:{key}", GOODBYE, ToPerson(viewer.user), now, viewer.program.id, refs)
    notices.add(session, goodbye, now)
    people_rows.mark_home(session, viewer.person_id)
    return Left(viewer.program, found.facilitators)


def _row(session: Session, viewer: Viewer, now: datetime) -> Switchboard:
    return rows.of_person(session, viewer.person_id) or Switchboard(person_id=viewer.person_id, set_at=now)


def _choices(row: Switchboard) -> Choices:
    language: Language | None = "es" if row.language == "es" else "en" if row.language == "en" else None
    return Choices(row.paused_at, row.paused_until, row.channel_only, language)


def _save(session: Session, viewer: Viewer, row: Switchboard, now: datetime) -> None:
    row.set_at = now
    rows.save(session, row)
    people_rows.mark_home(session, viewer.person_id)
    people.show_again(session, viewer.of_program.id, "facilitator")
    notices.wake(session)


def _word_key(row: Switchboard, at: datetime | None) -> str:
    began, ends = (f"{one:%Y%m%dT%H%M%S}" if one is not None else "" for one in (row.paused_at, at))
    return f"{BACK}:{row.person_id}:{began}:{ends}"


def _word(session: Session, viewer: Viewer, row: Switchboard, ends: datetime, at: datetime, now: datetime) -> None:
    """The one line `at` or after the end of a pause."""
    assert row.paused_at is not None
    refs: Refs = {"person": row.person_id, "since": row.paused_at.isoformat()}
    key = _word_key(row, ends)
    notice = Notice(key, BACK, ToPerson(viewer.user), at, viewer.of_program.id, refs)
    if not notices.add(session, notice, now):
        standing = notices.get(session, key)
        if standing is not None and standing.state == "skipped":
            notices.let_go(session, standing, at)


def _no_word(session: Session, row: Switchboard, why: str, now: datetime) -> None:
    standing = notices.get(session, _word_key(row, row.paused_until))
    if standing is not None and standing.state == "planned":
        notices.withdraw(session, standing, why, now)


def _items(session: Session, programs: Programs, person_id: int) -> tuple[Item, ...]:
    found: list[Item] = []
    for program_id in sorted({one.program_id for one in people_rows.memberships(session, person_id)}):
        program = programs.by_id(session, program_id)
        if program is None:
            continue
        found += [_reflection(program, one) for one in reflections.current(session, program_id, author_id=person_id)]
        names = people_rows.names(session, program_id)
        written = checkins.current(session, program_id, author_id=person_id)
        found += [_checkin(program, names, *one) for one in written]
        mine = (one for one in rsvps.everything_of(session, person_id) if one.program_id == program_id)
        found += [_rsvp(session, program, one) for one in mine]
    return tuple(sorted(found, key=lambda one: (one.at, one.kind, one.number), reverse=True))


def _reflection(program: Program, signed: reflections.Signed) -> Item:
    one = reflections.handed(signed)
    return Item(
        kind="reflection",
        program=program.name,
        number=one.number,
        title=one.title,
        at=one.handed_in_at,
        version=one.version,
        saved_at=one.saved_at,
        minutes=one.content.minutes,
        lines=tuple((answer.label, answer.text) for answer in one.content.answers),
    )


def _rsvp(session: Session, program: Program, row: Rsvp) -> Item:
    event = program.event(row.event)
    event = event or program_service.former_event(session=session, program=program, key=row.event)
    return Item(
        kind="rsvp",
        program=program.name,
        number=0,
        title=event.title if event is not None else row.event,
        at=row.said_at,
        version=1,
        saved_at=row.said_at,
        minutes=None,
        lines=(("Do you come?", "I'm coming" if row.coming else "I can't come"),),
        held_on=row.starts_at.astimezone(program.tz).date(),
    )


def _checkin(program: Program, names: dict[int, str], row: Checkin, version: CheckinVersion) -> Item:
    content = checkins.content_of(version)
    needs = [program.support_label(key) or "" for key in content.support if key != checkin_rules.SOMETHING_ELSE]
    told = (
        ("What moved", content.moved),
        ("What got in the way", content.in_the_way),
        ("Support needed", ", ".join(filter(None, (*needs, content.support_other)))),
        ("Next step", content.next_step),
        ("Confidence", str(content.confidence)),
        ("Private note", content.private_note),
    )
    return Item(
        kind="checkin",
        program=program.name,
        number=row.receipt,
        title=names.get(content.coach, ""),
        at=row.created_at,
        version=version.version,
        saved_at=version.saved_at,
        minutes=content.minutes,
        lines=tuple((label, text) for label, text in told if text),
        held_on=content.held_on,
    )
