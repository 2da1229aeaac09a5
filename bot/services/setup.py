"""A program that is being set up: how far it is, looking through it, and who and which channels take part."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.domain import modes, roster, shifting
from bot.domain import setup as rules
from bot.domain.channels import Assigned, Room
from bot.domain.people import Member, Role, Viewer, squeezed
from bot.domain.programs import Assignment, Entry, Event, Program, Purpose
from bot.domain.setup import (
    PARTS,
    PURPOSES,
    Accepted,
    Added,
    AddingPeople,
    Checklist,
    ChoosingChannel,
    Dropped,
    Flaw,
    Foreseen,
    Gone,
    Kind,
    Look,
    Looking,
    Moved,
    NotAllowed,
    Note,
    Part,
    People,
    Previewed,
    Rejected,
    State,
    Stuck,
    Thing,
    Unclear,
    Unsure,
)
from bot.domain.shifting import Shift, weeks_to
from bot.services import channels, homework, people, planning, reminders, setup_begin
from bot.services import programs as program_service
from bot.services import roster as lists
from bot.services.program_schema import Body
from bot.services.programs import HEADER, Name, Programs
from storage import channels as channel_rows
from storage import notices
from storage import people as people_rows
from storage import programs as program_rows
from storage import setup as rows
from storage.setup import SetupRow

PAGE: Mapping[Part, int] = {"words": 40, "dates": 40, "homework": 20, "answers": 12}
"""How many things are looked at at once."""
POSTS = 12
HEADERS: Mapping[str, str] = {
    "program": "What the program is, in short",
    "home": "What the Home says",
    "welcome": "The welcome",
    "hours": "Hours that are expected",
    "coaching": "How coaching goes",
}
"""The parts of the header that are words, and what they are called."""
THROWN_AWAY = "the program was thrown away while it was being set up"


# How far it is


def standing(*, session: Session, program: Program) -> SetupRow | None:
    """The row of a program that is being set up; None for any other."""
    row = rows.of_program(session, program.id)
    return row if row is not None and row.finished_at is None and row.dropped_at is None else None


def checklist(*, session: Session, program: Program, now: datetime) -> Checklist | None:
    """How far a program's set-up is; None for one that is not being set up."""
    row = standing(session=session, program=program)
    if row is None:
        return None
    parts = {part: _state(_things(program, row, part, now)) for part in PARTS}
    starts = [one.starts_at for one in program.events]
    dated = [*starts, *(one.due_at for one in program.assignments)]
    return Checklist(
        program=program,
        kind=_kind(row),
        source=setup_begin.source_name(session, row),
        begun=setup_begin.as_begun(session, row, program),
        parts=parts,
        counts=people.counts(session, program.id),
        organizations=len(people.organizations_owing(session, program.id)),
        unmet=_unmet(session, program),
        channels=tuple(one for one in channels.settings(session) if one.program_id == program.id),
        previewed="preview" in row.looked,
        samples=modes.samples(program),
        first=min(dated, default=None),
        span=(min(starts), max(starts)) if starts else None,
    )


# Looking through it


def look(*, session: Session, viewer: Viewer, part: Part, start: int, now: datetime) -> Looking | NotAllowed | Gone:
    """A page of one part of what a template or a copy has brought."""
    found = _open(session, viewer)
    if not isinstance(found, SetupRow):
        return found
    return _looking(viewer.of_program, found, part, start, viewer.zone, now)


def accept(
    *,
    session: Session,
    programs: Programs,
    viewer: Viewer,
    part: Part,
    start: int,
    request: str,
    now: datetime,
    left: Collection[str] = (),
    everything: bool = False,
) -> Accepted | Stuck | NotAllowed | Gone:
    """Say that what stands on a page is right, or all of the part, but for what is to be left out.

    What is right is no sample any more; what is left out is taken out of whatever points at it, too.
    """
    found = _open(session, viewer)
    if not isinstance(found, SetupRow):
        return found
    program = viewer.of_program
    page = _looking(program, found, part, start, viewer.zone, now)
    things = _things(program, found, part, now) if everything else page.things
    out = [one for one in things if one.name in left and one.section != HEADER]
    right = [one for one in things if one not in out]
    edits = _edits(session, found, viewer, right, out, now)
    if edits:
        outcome = program_service.edit(
            session=session, slug=program.slug, edits=edits, by=viewer.user, now=now, request=request
        )
        if isinstance(outcome, program_service.Rejected):
            return Stuck(program, tuple(says for _, says in outcome.problems[:3]))
    after = programs.by_id(session, program.id) or program
    further = 0 if everything else page.start + len(page.things) - len(out)
    total = page.total - len(out)
    done = everything or further >= total
    if done:
        _looked(session, found, part)
    _show_again(session, after)
    shown = _looking(after, found, part, further, viewer.zone, now)
    return Accepted(shown, sum(one.waits for one in right), len(out), done)


def everything_waiting(*, session: Session, viewer: Viewer, part: Part, now: datetime) -> tuple[str, ...]:
    """The names of all that nobody has said to be right, but for what can only be changed."""
    row = rows.of_program(session, viewer.of_program.id) if viewer.program is not None else None
    if row is None:
        return ()
    return tuple(one.name for one in _things(viewer.of_program, row, part, now) if one.waits and one.section != HEADER)


def move_all(
    *, session: Session, programs: Programs, viewer: Viewer, start: date | None, request: str, now: datetime
) -> Moved | Rejected | NotAllowed | Gone:
    """Take every date to another start, by whole weeks; they are to be looked at again."""
    found = _open(session, viewer)
    if not isinstance(found, SetupRow):
        return found
    program = viewer.of_program
    wrong = rules.start_flaws(start, program.local_day(now))
    if wrong or start is None:
        return Rejected(wrong)
    weeks = weeks_to(setup_begin.first_day(program), start)
    sheet = program_service.sheet(session=session, slug=program.slug)
    assert sheet is not None
    raw, notes = setup_begin.whole(sheet), list[dict[str, str]]()
    items = setup_begin.shifted_items(raw, Shift(weeks, program.zone), notes)
    edits: dict[Name, Body | None] = {
        Name(section, one["id"]): one for section, bodies in items.items() for one in bodies
    }
    edits |= {Name(HEADER, part): {part: body} for part, body in setup_begin.shifted_header(raw, weeks).items()}
    if edits and weeks:
        outcome = program_service.edit(
            session=session, slug=program.slug, edits=edits, by=viewer.user, now=now, request=request
        )
        if isinstance(outcome, program_service.Rejected):
            return Rejected(tuple(Flaw("start", "other", says) for _, says in outcome.problems))
        found.notes = [one for one in found.notes if one["why"] != "clock"] + notes
        found.looked = [one for one in found.looked if one not in ("dates", "homework", "preview", "moved")] + ["moved"]
        session.add(found)
    after = programs.by_id(session, program.id) or program
    _show_again(session, after)
    dated = [one.starts_at for one in after.events] + [one.due_at for one in after.assignments]
    return Moved(after, weeks, min(dated, default=None), len(notes))


def drop(*, session: Session, viewer: Viewer, now: datetime) -> Dropped | NotAllowed | Gone:
    """Throw a set-up away: the program is there no more, and its channels are for nothing."""
    found = _open(session, viewer)
    if not isinstance(found, SetupRow):
        return found
    program = viewer.of_program
    row = program_rows.by_id(session, program.id)
    assert row is not None
    for channel in channel_rows.of_program(session, program.id):
        channel.purpose, channel.program_id, channel.set_by, channel.set_at = "none", None, viewer.user, now
        session.add(channel)
    _show_again(session, program)
    for seat in people_rows.roster(session, program.id):
        seat[0].state, seat[0].ended_at, seat[0].set_by = "left", now, viewer.user
        session.add(seat[0])
    found.dropped_at = now
    session.add(found)
    rows.drop(session, row, THROWN_AWAY, now)
    people_rows.mark_home(session, viewer.person_id)
    return Dropped(program.name)


# People


def adding(*, session: Session, viewer: Viewer) -> AddingPeople | NotAllowed | Gone:
    """The form for people."""
    found = _open(session, viewer)
    if not isinstance(found, SetupRow):
        return found
    names = (one.name for one in people_rows.organizations(session, viewer.of_program.id) if one.left_at is None)
    return AddingPeople(viewer.of_program, tuple(names))


def add_people(
    *, session: Session, viewer: Viewer, wanted: People, now: datetime
) -> Added | Unclear | Rejected | NotAllowed | Gone:
    """Let people take part: those picked with the role that was chosen, and those that were written a line each."""
    found = _open(session, viewer)
    if not isinstance(found, SetupRow):
        return found
    organization = squeezed(wanted.organization)
    if not wanted.users and not wanted.lines.strip():
        return Rejected((Flaw("users", "empty"),))
    if wanted.users and wanted.role == "participant" and not organization:
        return Rejected((Flaw("organization", "empty"),))
    listed = rules.pasted(wanted.lines, wanted.role, organization) if wanted.lines.strip() else roster.Roster()
    if listed.problems:
        return Unclear(listed.problems)
    picked = tuple(
        roster.Row(0, "", None, user, wanted.role, organization if wanted.role == "participant" else None)
        for user in wanted.users
    )
    return take(session=session, viewer=viewer, rows=(*picked, *listed.rows), now=now)


def take(
    *, session: Session, viewer: Viewer, rows: Sequence[roster.Row], now: datetime, file: str = ""
) -> Added | Unclear | NotAllowed:
    """Bring who takes part in a program to what a list says, for somebody who runs it; twice is once."""
    if viewer.program is None or not viewer.runs_it:
        return _refused(session, viewer)
    if any(one.role == "admin" for one in rows) and not (viewer.workspace_admin or viewer.has("admin")):
        first = next(one for one in rows if one.role == "admin")
        return Unclear((roster.Problem(first.line, "role", "only an admin makes somebody an admin."),), file)
    program = viewer.program
    found = lists.take(session=session, program_id=program.id, team=viewer.team, rows=rows, now=now)
    if isinstance(found, lists.Rejected):
        return Unclear(found.problems, file)
    people.show_again(session, program.id, "facilitator", "admin")
    people_rows.mark_home(session, viewer.person_id)
    notices.wake(session)
    return Added(program, len(found.added), len(found.changed), found.unchanged, _unmet(session, program))


def take_file(
    *, session: Session, viewer: Viewer, data: bytes, name: str, now: datetime
) -> Added | Unclear | NotAllowed:
    """The same for a file as a spreadsheet saves it."""
    if viewer.program is None or not viewer.runs_it:
        return _refused(session, viewer)
    listed = roster.read(data)
    if listed.problems:
        return Unclear(listed.problems, name)
    return take(session=session, viewer=viewer, rows=listed.rows, now=now, file=name)


def keeper(
    *, session: Session, programs: Programs, team: str, user: str, text: str, now: datetime
) -> Viewer | Unsure | None:
    """Somebody who hands in a list, in the program that it is for; None for who runs none.

    It is the one that they name beside it, else the one that they are setting up, else the only one that they run.
    """
    person = people.meet(session=session, team=team, user=user, now=now)
    held = people_rows.memberships(session, person.id or 0)
    every = people.visible(session, programs, person, held)
    viewers = [people.as_viewer(session=session, person=person, held=held, program=one) for one in every]
    running = [one for one in viewers if one.runs_it]
    named = [one for one in running if one.of_program.name.casefold() in text.casefold()]
    unfinished = [one for one in running if standing(session=session, program=one.of_program) is not None]
    mine = [one for one in running if one.has("facilitator", "admin")]
    some = next((found for found in (named, unfinished, mine, running) if found), [])
    if not some:
        return None
    return some[0] if len(some) == 1 else Unsure(tuple(one.of_program.name for one in some))


# Channels


def choosing(*, session: Session, viewer: Viewer, purpose: Purpose) -> ChoosingChannel | NotAllowed | Gone:
    """The form for one channel, with who would be brought into one that is made."""
    found = _open(session, viewer)
    if not isinstance(found, SetupRow):
        return found
    program = viewer.of_program
    here = channel_rows.for_purpose(session, program.id, purpose)
    now = channels.as_setting(here[0]) if here else None
    invited = _invited(session, program, purpose)
    return ChoosingChannel(program, purpose, now, rules.channel_name(program, purpose), invited)


def set_channel(
    *, session: Session, programs: Programs, viewer: Viewer, purpose: Purpose, room: Room, now: datetime
) -> Assigned | NotAllowed | Gone:
    """Say that a channel is for something in the program that is being set up."""
    found = _open(session, viewer)
    if not isinstance(found, SetupRow):
        return found
    outcome = channels.assign(
        session=session,
        programs=programs,
        team=viewer.team,
        by=viewer.user,
        channel=room.channel,
        use=purpose,
        program_id=viewer.of_program.id,
        room=room,
        now=now,
    )
    if not isinstance(outcome, Assigned):
        return _refused(session, viewer)
    people_rows.mark_home(session, viewer.person_id)
    return outcome


# What people will see


def preview(*, session: Session, viewer: Viewer, start: int, now: datetime) -> Previewed | NotAllowed | Gone:
    """Everything that will be said in channels from now on, in order, a page of it."""
    found = _open(session, viewer)
    if not isinstance(found, SetupRow):
        return found
    program = viewer.of_program
    posts = sorted(_posts(session, program, now), key=lambda one: (one.at, one.purpose, one.key))
    _looked(session, found, "preview")
    people_rows.mark_home(session, viewer.person_id)
    return Previewed(program, tuple(posts[start : start + POSTS]), start, len(posts), _where(session, program), POSTS)


def _posts(session: Session, program: Program, now: datetime) -> Iterator[Foreseen]:
    whole = replace(program, mode="demo")
    for feature in (reminders.FEATURE, homework.FEATURE):
        for one in planning.wanted(session, whole, feature):
            purpose = getattr(one.notice.target, "purpose", None)
            if one.skip is not None or purpose not in PURPOSES or one.notice.due_at < now:
                continue
            event = program.event(str(one.notice.refs.get("event")))
            assignment = program.assignment(str(one.notice.refs.get("homework")))
            if event is not None or assignment is not None:
                yield Foreseen(one.notice.key, one.notice.due_at, purpose, event, assignment)


def _where(session: Session, program: Program) -> dict[str, str]:
    return {one.purpose: one.channel_id for one in reversed(channel_rows.of_program(session, program.id))}


def _open(session: Session, viewer: Viewer) -> SetupRow | NotAllowed | Gone:
    """The set-up of somebody who may go on with it, held against others who do."""
    if viewer.program is None:
        return Gone()
    if not viewer.runs_it:
        return _refused(session, viewer)
    program_rows.hold_by_id(session, viewer.program.id)
    row = standing(session=session, program=viewer.program)
    return row if row is not None else Gone(viewer.program)


def _refused(session: Session, viewer: Viewer) -> NotAllowed:
    program = viewer.program
    return NotAllowed(people.facilitators(session, program.id) if program is not None else (), program)


def _kind(row: SetupRow) -> Kind:
    if row.copied:
        return "copy"
    return "blank" if setup_begin.is_blank(row.source) else "template"


def _looked(session: Session, row: SetupRow, part: Look) -> None:
    if part not in row.looked:
        row.looked = [*row.looked, part]
        session.add(row)


def _show_again(session: Session, program: Program) -> None:
    people.show_again(session, program.id, "facilitator", "admin")


def _unmet(session: Session, program: Program) -> tuple[str, ...]:
    """Addresses of people who take part and are nobody in the workspace so far."""
    seats = people.listed(session, program.id)
    return tuple(dict.fromkeys(one.email for one in seats if one.state == "active" and not one.user and one.email))


def _invited(session: Session, program: Program, purpose: Purpose) -> tuple[Member, ...]:
    roles: Mapping[Purpose, tuple[Role, ...]] = {
        "facilitators": ("facilitator", "admin"),
        "cohort": ("participant", "coach", "facilitator", "admin"),
        "applicants": ("applicant", "facilitator", "admin"),
    }
    found = {one.user: one for one in people.members(session, program.id, *roles[purpose]) if one.user}
    return tuple(found.values())


# What there is to look at


def _looking(program: Program, row: SetupRow, part: Part, start: int, zone: str | None, now: datetime) -> Looking:
    things = _things(program, row, part, now)
    waiting = sum(one.waits for one in things)
    at = min(start, max(len(things) - 1, 0)) // PAGE[part] * PAGE[part]
    page = things[at : at + PAGE[part]]
    return Looking(program, part, page, at, len(things), waiting, zone)


def _state(things: Sequence[Thing]) -> State:
    return State(
        total=len(things),
        waiting=sum(one.waits for one in things),
        gone=sum(one.gone for one in things),
        noted=sum(bool(one.notes) for one in things),
    )


def _things(program: Program, row: SetupRow, part: Part, now: datetime) -> tuple[Thing, ...]:
    """Everything of a part, with what is to be looked at; what was looked through waits no more."""
    made = {"words": _words, "dates": _dates, "homework": _homework, "answers": _answers}[part](program, now)
    looked, kind = part in row.looked, _kind(row)
    names = [one["about"] for one in row.notes if one["why"] == "name"]
    clocks = {(one["section"], one["key"]): one["about"] for one in row.notes if one["why"] == "clock"}
    found = []
    for thing, sample, words in made:
        if kind == "template" and thing.section == "resources":
            # Another's link is never right: it stays a sample until somebody fills in the program's own.
            continue
        moved = "moved" in row.looked or (thing.section, thing.key) in clocks
        fresh = not looked and _brought(thing, part, kind, moved=moved)
        notes = tuple(_notes(thing, words, names, clocks)) if sample or fresh else ()
        # Of a copy the words stand, but for those with a date.
        waits = sample or (fresh and (kind != "copy" or part in ("dates", "homework") or bool(notes)))
        found.append(replace(thing, waits=waits, notes=notes))
    return tuple(found)


def _brought(thing: Thing, part: Part, kind: Kind, *, moved: bool) -> bool:
    """Whether what has no mark of its own came from elsewhere, and not from somebody who typed it here."""
    if part in ("dates", "homework"):
        return kind == "copy" or moved
    return kind != "template" or (part == "words" and thing.section == HEADER)


_Made = tuple[Thing, bool, str]
"""Something to look at, whether it is a sample, and all its words."""


def _notes(thing: Thing, words: str, names: Iterable[str], clocks: Mapping[tuple[str, str], str]) -> Iterator[Note]:
    clock = clocks.get((thing.section, thing.key))
    if clock is not None:
        yield Note(thing.section, thing.key, "clock", clock)
    if shifting.names_date(words):
        yield Note(thing.section, thing.key, "date")
    elif thing.section == "breaks":
        yield Note(thing.section, thing.key, "break")
    yield from (Note(thing.section, thing.key, "name", one) for one in shifting.named_in(words, names))


def _words(program: Program, now: datetime) -> Iterator[_Made]:
    home, welcome = program.home, program.welcome
    texts = {
        "program": program.summary,
        "home": "\n".join(
            one
            for one in (home.about, home.applicant, home.participant, home.coach, home.facilitator, home.stranger)
            if one
        ),
        "welcome": "\n".join((welcome.does, welcome.readers, welcome.quieten)),
        "hours": program.hours.words if program.hours else "",
        "coaching": program.coaching.words if program.coaching else "",
    }
    for key, text in texts.items():
        if text:
            yield Thing(HEADER, key, HEADERS[key], text), False, text
    for role in program.roles:
        yield Thing("roles", role.key, role.title, role.text), role.sample, f"{role.title}\n{role.text}"
    for one in program.expectations:
        yield Thing("expectations", one.key, one.who, one.text), one.sample, f"{one.who}\n{one.text}"
    for told in program.milestones:
        words = f"{told.title}\n{told.when}\n{told.text}"
        yield Thing("milestones", told.key, told.title, f"{told.when}: {told.text}"), told.sample, words


def _dates(program: Program, now: datetime) -> Iterator[_Made]:
    found: list[_Made] = [_event(one, now) for one in program.events]
    for pause in program.breaks:
        first, last = _day(pause.first, program), _day(pause.last, program)
        gone = last + timedelta(days=1) <= now
        thing = Thing("breaks", pause.key, pause.name, "", first, last, gone=gone, whole_days=True)
        found.append((thing, pause.sample, pause.name))
    if program.holidays:
        names = ", ".join(one.name for one in program.holidays)
        first = _day(min(one.on for one in program.holidays), program)
        last = _day(max(one.on for one in program.holidays), program)
        thing = Thing(HEADER, "holidays", "Holidays", names, first, last, whole_days=True)
        found.append((thing, any(one.sample for one in program.holidays), names))
    if program.starts is not None:
        season = Thing(HEADER, "season", "The season", program.season_words or "", _day(program.starts, program))
        ends = _day(program.ends, program) if program.ends else None
        season = replace(season, until=ends, whole_days=True)
        found.append((season, program.season_sample, program.season_words or ""))
    yield from sorted(found, key=lambda one: (one[0].when or now, one[0].title))


def _event(one: Event, now: datetime) -> _Made:
    words = "\n".join(filter(None, (one.title, one.prep, one.place)))
    thing = Thing("events", one.key, one.title, one.prep or "", one.starts_at, one.ends_at, gone=one.over(now))
    return thing, one.sample, words


def _homework(program: Program, now: datetime) -> Iterator[_Made]:
    for one in sorted(program.assignments, key=lambda one: (one.due_at, one.key)):
        yield _assignment(one, now)


def _assignment(one: Assignment, now: datetime) -> _Made:
    asked = "\n".join(f"• {prompt.label}" for prompt in one.prompts)
    text = f"{one.summary}\n{asked}"
    hints = "\n".join(prompt.hint or "" for prompt in one.prompts)
    thing = Thing("assignments", one.key, one.title, text, one.due_at, gone=one.overdue(now))
    return thing, one.sample, f"{one.title}\n{text}\n{hints}"


def _answers(program: Program, now: datetime) -> Iterator[_Made]:
    for one in program.resources:
        text = "\n".join(filter(None, (one.url, one.note)))
        yield Thing("resources", one.key, one.title, text), one.sample, f"{one.title}\n{one.note or ''}"
    yield from (_entry(one) for one in program.entries)


def _entry(one: Entry) -> _Made:
    others = "\n".join(f"{other.question}\n{other.answer}" for other in one.translations)
    return Thing("faq", one.key, one.question, one.answer), one.sample, f"{one.question}\n{one.answer}\n{others}"


def _day(on: date, program: Program) -> datetime:
    return datetime.combine(on, time(), ZoneInfo(program.zone))


# Edits


def _edits(
    session: Session, row: SetupRow, viewer: Viewer, right: Sequence[Thing], out: Sequence[Thing], now: datetime
) -> dict[Name, Body | None]:
    """What is to be written so that some things are no samples any more, and others are not there."""
    sheet = program_service.sheet(session=session, slug=viewer.of_program.slug)
    assert sheet is not None
    raw = setup_begin.whole(sheet)
    bodies = {Name(section, one["id"]): one for section in _SECTIONS for one in raw.get(section, ())}
    edits: dict[Name, Body | None] = {}
    for one in right:
        name = Name(one.section, one.key)
        if one.section == HEADER and one.key in ("season", "holidays") and one.waits:
            edits[name] = {one.key: _confirmed_part(raw[one.key])}
        elif name in bodies and one.waits:
            edits[name] = _confirmed(bodies[name], one.section, row, viewer, now)
    gone = {Name(one.section, one.key) for one in out}
    for name, body in bodies.items():
        unlinked = _unlinked(name, edits.get(name) or body, gone)
        if name in gone:
            edits[name] = None
        elif unlinked is not None:
            edits[name] = unlinked
    return edits


_SECTIONS = ("roles", "expectations", "milestones", "events", "breaks", "resources", "assignments", "faq")


def _confirmed(body: Body, section: str, row: SetupRow, viewer: Viewer, now: datetime) -> Body:
    """An item that somebody has said to be right: of a template's words they are the source from then on."""
    made = {name: value for name, value in body.items() if name != "sample"}
    if "sample" not in body or row.copied:
        return made
    if section in ("roles", "expectations", "faq"):
        made["source"] = viewer.name
    if section == "faq":
        made["verified"] = {"by": viewer.name[:75], "on": viewer.of_program.local_day(now).isoformat()}
    return made


def _confirmed_part(value: Any) -> Any:
    if isinstance(value, list):
        return [_confirmed_part(one) for one in value]
    return {name: one for name, one in value.items() if name != "sample"}


def _unlinked(name: Name, body: Body, gone: Collection[Name]) -> Body | None:
    """An item without what points at things that are gone; None where nothing does."""
    if name.section == "assignments" and Name("events", body.get("event", "")) in gone:
        return {key: value for key, value in body.items() if key != "event"}
    if name.section != "faq" or "see" not in body:
        return None
    keys = {one.key for one in gone if one.section in ("events", "resources")}
    kept = [key for key in body["see"] if key not in keys]
    return {**body, "see": kept} if len(kept) < len(body["see"]) else None
