"""Changing the items of a program and the parts of its header from inside Slack, and taking that back.

What will follow is found by doing it and undoing it again, so that what is said beforehand is what then happens.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session

from bot.domain.change_fields import dates, forms, header, keys, repeats, sections
from bot.domain.change_fields.fields import SAMPLE, Body, Problem, Section
from bot.domain.change_fields.header import PARTS
from bot.domain.change_fields.repeats import Series
from bot.domain.change_fields.sections import IN_HEADER, KEYED_BY, LOOKED_AT, SECTIONS, SPECS
from bot.domain.changes import (
    Author,
    Change,
    Changed,
    ChangedSince,
    Conflict,
    Draft,
    Editing,
    Follows,
    Foreseen,
    Gone,
    Listing,
    Meanwhile,
    Menu,
    Rejected,
    Row,
    Same,
    Stands,
    Undone,
    Unknown,
    gaps,
    marked,
    matches,
    merge,
    skipped,
    texts_of,
)
from bot.domain.moves import Effects
from bot.domain.odd_days import warnings
from bot.domain.people import ROLES, NotAllowed, Role, Viewer
from bot.domain.planning import Change as Noticed
from bot.domain.programs import Program, Verified, exists
from bot.services import digest, entries, homework, moves, people, planning, reminders
from bot.services import programs as program_service
from bot.services.entries_written import LABEL
from bot.services.programs import HEADER, SEVERAL, Edited, Name, NotThere, Programs, named
from storage import changes as rows
from storage import people as people_rows
from storage import programs as program_rows

PAGE = 15
CHANGERS: tuple[Role, ...] = ("facilitator", "admin")
ALONE = "would not hold"
"""Why a change stands without which the program would be wrong."""
Outcome = Foreseen | Changed | Same | Conflict | Rejected | Gone | NotAllowed | Unknown


# Looking


def menu(*, session: Session, viewer: Viewer) -> Menu | NotAllowed:
    """Everything that somebody may change, by section."""
    program = _allowed(session, viewer)
    if isinstance(program, NotAllowed):
        return program
    stored = program_rows.counts(session, program.id)
    once = {"holidays": len(program.holidays), "support_categories": len(program.support_categories)}
    counts = {section: (stored | once).get(section, 0) for section in SPECS if section != "program"}
    return Menu(program, counts | {"program": len(PARTS)})


def listing(
    *, session: Session, viewer: Viewer, section: str, words: str, start: int, now: datetime
) -> Listing | NotAllowed | Unknown:
    """A page of a section's items: those that have all of some words, dates to come first."""
    program = _allowed(session, viewer)
    if isinstance(program, NotAllowed):
        return program
    if section not in SECTIONS:
        return Unknown()
    every = _rows(session, program, SECTIONS[section], now)
    found = [one for one in every if matches(words, PARTS.get(one.key, ""), *texts_of(one.body))]
    start = max(0, min(start, (len(found) - 1) // PAGE * PAGE))
    return Listing(
        program, SECTIONS[section], tuple(found[start : start + PAGE]), now, words, start, len(found), len(every)
    )


def editing(*, session: Session, viewer: Viewer, section: str, key: str) -> Editing | Gone | NotAllowed | Unknown:
    """The form of an item that is there."""
    program = _allowed(session, viewer)
    if isinstance(program, NotAllowed):
        return program
    if section not in SECTIONS or (section == "program" and key not in PARTS):
        return Unknown()
    body = _body(session, program, SECTIONS[section], key)
    if body is None:
        return Gone(program, SECTIONS[section], key)
    return _editing(program, SECTIONS[section], key, body)


def adding(*, session: Session, viewer: Viewer, section: str) -> Editing | NotAllowed | Unknown:
    """The form of a new item."""
    program = _allowed(session, viewer)
    if isinstance(program, NotAllowed):
        return program
    if section not in SECTIONS or not SPECS[SECTIONS[section]].adds:
        return Unknown()
    return _adding(program, SECTIONS[section], viewer)


# Changing


def hand_in(
    *,
    session: Session,
    programs: Programs,
    viewer: Viewer,
    draft: Draft,
    request: str,
    now: datetime,
) -> Outcome:
    """Change, add or take out something as a form wants it; what follows from it is shown first.

    Where nothing follows, and nobody is told by such a thing, it is saved at once. The same `request` counts once.
    """
    if viewer.program is not None:
        program_rows.held(session, viewer.program.slug)
        viewer = replace(viewer, program=programs.by_id(session, viewer.program.id))
    program = _allowed(session, viewer)
    if isinstance(program, NotAllowed):
        return program
    request = f"{request}:{draft.mark()}"
    before = rows.of_request(session, request)
    if before is not None:
        return _changed_before(session, program, draft, before.id or 0)
    wanted = _wanted(session, program, viewer, draft, now)
    if not isinstance(wanted, _Wanted):
        return wanted
    made = _made(session, programs, program, viewer, wanted, request, now)
    if isinstance(made, Changed):
        people.show_again(session, program.id, *ROLES)
    return made


def take_back(
    *, session: Session, programs: Programs, change: Change, author: Author, now: datetime
) -> Undone | ChangedSince | Stands:
    """Write everything of a change as it was before, if nobody has changed it since."""
    program = programs.by_id(session, change.program_id)
    assert program is not None
    before, after = _each(change.key, change.before), _each(change.key, change.after)
    for name, body in after.items():
        if program_service.standing(session=session, program_id=program.id, name=name) != body:
            by, at = program_service.written(session=session, program_id=program.id, name=name)
            return ChangedSince(change, _called(session, by), at)
    edits = {name: body for name, body in before.items() if body is not None or after[name] is not None}
    outcome = program_service.edit(
        session=session, slug=program.slug, edits=edits, by=author.user, now=now, on_record=False
    )
    if not isinstance(outcome, Edited):
        return Stands(change, ALONE)
    effects = moves.follow_up(
        session=session, programs=programs, slug=program.slug, moves=outcome.moves, now=now
    )  # fmt: skip
    people.show_again(session, program.id, *ROLES)
    return Undone(change, effects)


@dataclass(frozen=True)
class _Wanted:
    """What is to be written, with what the form says of it."""

    editing: Editing
    draft: Draft
    edits: Mapping[Name, Body | None]
    before: Body | None
    after: Body | None
    series: Series | None = None
    also: int = 0
    merged: bool = False


def _wanted(
    session: Session, program: Program, viewer: Viewer, draft: Draft, now: datetime
) -> _Wanted | Same | Conflict | Rejected | Gone | Unknown:
    section = draft.section
    if section not in SECTIONS or (not draft.key and not SPECS[section].adds):
        return Unknown()
    if not draft.key:
        return _new(session, program, viewer, draft, now)
    body = _body(session, program, section, draft.key)
    if body is None:
        anew = None if draft.remove else _adding(program, section, viewer, draft.values)
        return Gone(program, section, draft.key, draft, anew)
    shape = _editing(program, section, draft.key, body)
    merged = False
    if draft.seen != shape.mark:
        # Somebody was faster.
        base = None if draft.remove else _seen(session, program, section, draft)
        if draft.remove:
            draft, merged = replace(draft, seen=shape.mark, looked=""), True
        elif base is None:
            return Conflict(shape, draft, _differing(shape, draft), _last(session, program, section, draft.key))
        else:
            values, both = merge(forms.shown(shape.fields, base), shape.values, draft.values)
            if both:
                found = (one for one in shape.fields if one.name in both)
                mine = tuple(Meanwhile(one, shape.values[one.name], values[one.name]) for one in found)
                last = _last(session, program, section, draft.key)
                return Conflict(shape, replace(draft, values=values), mine, last)
            draft, merged = replace(draft, values=values, seen=shape.mark, looked=""), True
    if draft.remove:
        edits = _removal(session, program, section, draft.key, body)
        return _Wanted(shape, draft, edits, body, None, also=len(edits) - 1, merged=merged)
    after, problems = forms.written(shape.fields, draft.values, body)
    after = _as_seen(section, body, after, viewer, program, now)
    return _written(session, program, shape, draft, body, after, problems, merged)


def _new(
    session: Session, program: Program, viewer: Viewer, draft: Draft, now: datetime
) -> _Wanted | Same | Rejected:  # fmt: skip
    shape = _adding(program, draft.section, viewer, draft.values)
    after, problems = forms.written(shape.fields, draft.values, {})
    after = _as_seen(draft.section, {}, after, viewer, program, now)
    if draft.section == "reminders":
        problems = (*problems, *_of_reminder(after, draft))
    return _written(session, program, shape, draft, None, after, problems, False)


def _written(
    session: Session,
    program: Program,
    shape: Editing,
    draft: Draft,
    before: Body | None,
    after: Body,
    problems: tuple[Problem, ...],
    merged: bool,
) -> _Wanted | Same | Rejected:
    if not problems:
        problems = skipped(draft.section, after, program.zone) or _ends(draft.section, after)
        problems = problems or _gaps(session, program, draft, after)
    series, wrong = _series(program, draft, after) if not problems else (None, ())
    if problems or wrong:
        return Rejected(shape, draft, (*problems, *wrong))
    if draft.section == "program" and not after and header.may_be_empty(draft.key):
        return _Wanted(shape, draft, {Name(HEADER, draft.key): None}, before, None)
    if before is not None and after == before and series is None:
        return Same(shape)
    key = draft.key or _key(session, program, draft.section, after)
    edits = _placed(program, session, draft.section, key, draft.key, after)
    if series is not None:
        edits |= _repeated(session, program, key, after, series)
    return _Wanted(shape, draft, edits, before, after, series, merged=merged)


def _made(
    session: Session,
    programs: Programs,
    program: Program,
    viewer: Viewer,
    wanted: _Wanted,
    request: str,
    now: datetime,
) -> Foreseen | Changed | Same | Rejected:
    """Write it, unless what follows from it is to be looked at first: then all of that is undone."""
    with session.begin_nested() as trial:
        found = _tried(session, programs, program, viewer, wanted, request, now)
        if not isinstance(found, Changed):
            trial.rollback()
    return _rejected(session, program, wanted, found) if isinstance(found, program_service.Rejected) else found


def _tried(
    session: Session,
    programs: Programs,
    program: Program,
    viewer: Viewer,
    wanted: _Wanted,
    request: str,
    now: datetime,
) -> Foreseen | Changed | Same | program_service.Rejected:
    draft, planned = wanted.draft, _planned(session, program, now)
    outcome = program_service.edit(
        session=session, slug=program.slug, edits=wanted.edits, by=viewer.user, now=now, request=request
    )
    if isinstance(outcome, program_service.Rejected):
        return outcome
    if isinstance(outcome, NotThere) or outcome.change is None:
        return Same(wanted.editing)
    after = programs.get(session, program.slug)
    assert after is not None
    then = _planned(session, after, now)
    effects = moves.follow_up(session=session, programs=programs, slug=program.slug, moves=outcome.moves, now=now)
    follows = replace(
        _follows(wanted, outcome, effects, planned, then),
        warnings=warnings(draft.section, wanted.before, wanted.after, after, now),
    )
    to_see = draft.section in LOOKED_AT or draft.remove or wanted.merged or not follows.nothing
    if to_see and draft.looked != draft.mark():
        return Foreseen(wanted.editing, draft, wanted.before, wanted.after, follows, wanted.merged)
    return Changed(wanted.editing, draft, outcome.change, wanted.before, wanted.after, follows)


def _follows(
    wanted: _Wanted,
    outcome: Edited,
    effects: Effects,
    before: Mapping[str, Noticed],
    after: Mapping[str, Noticed],
) -> Follows:
    told = {one.notice.key for one in (*effects.moving, *effects.unsaid, *effects.withdrawn)}
    new = [one for key, one in after.items() if before.get(key) != one and key not in told]
    said = [one for one in new if one.wanted is not None and one.wanted.skip is None]
    return Follows(
        moves=outcome.moves,
        moved=effects,
        planned=tuple(one for one in said if one.was is None or one.was.state != "planned"),
        moving=tuple(one for one in said if one.was is not None and one.was.state == "planned"),
        withdrawn=tuple(one for one in new if one not in said and one.was is not None and one.was.state == "planned"),
        series=wanted.series,
        also=wanted.also,
    )


def _planned(session: Session, program: Program, now: datetime) -> dict[str, Noticed]:
    """What planning would change now, by key."""
    features = (reminders.FEATURE, homework.FEATURE, entries.FEATURE, digest.feature(now))
    found = (one for feature in features for one in planning.foreseen(session, program, feature, now))
    return {one.notice.key: one for one in found}


def _rejected(
    session: Session, program: Program, wanted: _Wanted, outcome: program_service.Rejected
) -> Rejected:  # fmt: skip
    """What the whole program has against it: by field, or by the other items that have something against it."""
    problems, held_by = [], []
    fields = wanted.editing.fields
    for one in outcome.wrong:
        mine = one.name in wanted.edits and not wanted.draft.remove
        if mine and fields:
            step = next((str(step) for step in one.place if not isinstance(step, int)), "")
            field = next((one for one in fields if step in (one.name, *one.path)), fields[0])
            problems.append(Problem(field.name, "check", one.says))
        else:
            held_by.append(_title(session, program, one.name))
    return Rejected(wanted.editing, wanted.draft, tuple(problems), tuple(dict.fromkeys(held_by)))


def _title(session: Session, program: Program, name: Name | None) -> str:
    if name is None or name.section == HEADER:
        return PARTS.get(name.key if name else "", program.name)
    body = program_service.standing(session=session, program_id=program.id, name=name) or {}
    spec = SPECS[SECTIONS[name.section]] if name.section in SECTIONS else None
    return str(body.get(spec.title if spec else "title") or name.key)


# What stands where


def _rows(session: Session, program: Program, section: Section, now: datetime) -> list[Row]:
    if section == "program":
        return [Row(part, _body(session, program, section, part) or {}) for part in PARTS]
    if section in IN_HEADER:
        return [Row(str(one[KEYED_BY[section]]), one) for one in _in_header(session, program, section)]
    found = [Row(one.key, one.body) for one in program_rows.of_section(session, program.id, section)]
    if section in ("events", "assignments"):
        name = "starts" if section == "events" else "due"
        today = f"{now.astimezone(program.tz):%Y-%m-%d}"
        found.sort(key=lambda one: (str(one.body[name]) < today, str(one.body[name])))
    if section in ("faq", "resources"):
        found.sort(key=lambda one: str(one.body[SPECS[section].title]).casefold())
    return found


def _in_header(session: Session, program: Program, section: Section) -> list[Body]:
    stood = program_service.standing(session=session, program_id=program.id, name=Name(HEADER, section))
    return list((stood or {}).get(section, ()))


def _body(session: Session, program: Program, section: Section, key: str) -> Body | None:
    """An item as it stands; a part of the header that is not there is an empty one."""
    if section in IN_HEADER:
        mine = (one for one in _in_header(session, program, section) if str(one[KEYED_BY[section]]) == key)
        return next(mine, None)
    found = program_service.standing(session=session, program_id=program.id, name=Name(section, key))
    if section == "program":
        return (found or {}).get(key) or {}
    return found


def _placed(
    program: Program, session: Session, section: Section, key: str, was: str, body: Body | None
) -> dict[Name, Body | None]:
    """What is to be written for an item, which may stand in a list of the header."""
    if section == "program":
        return {Name(HEADER, key): {key: body}}
    if section not in IN_HEADER:
        return {Name(section, key): body}
    there = _in_header(session, program, section)
    mine = [] if body is None else [{**body, KEYED_BY[section]: key} if section == "support_categories" else body]
    at = next((number for number, one in enumerate(there) if str(one[KEYED_BY[section]]) == was), len(there))
    made = [*there[:at], *mine, *there[at + 1 :]]
    if section == "holidays":
        made.sort(key=lambda one: str(one["on"]))
    return {Name(HEADER, section): {section: made} if made else None}


def _removal(
    session: Session, program: Program, section: Section, key: str, body: Body
) -> dict[Name, Body | None]:  # fmt: skip
    """What is to be written so that an item is gone: nothing else names it any more, either."""
    edits = _placed(program, session, section, key, key, None)
    if section not in ("events", "resources"):
        return edits
    for entry in program_rows.of_section(session, program.id, "faq"):
        if key in entry.body.get("see", ()):
            others = [one for one in entry.body["see"] if one != key]
            edits[Name("faq", entry.key)] = {**entry.body, "see": others}
    for one in program_rows.of_section(session, program.id, "assignments") if section == "events" else ():
        if one.body.get("event") == key:
            edits[Name("assignments", one.key)] = {name: value for name, value in one.body.items() if name != "event"}
    return edits


def _key(session: Session, program: Program, section: Section, body: Body) -> str:
    """The id of something new: of its title's words, and never one that was there before."""
    if section == "holidays":
        return str(body["on"])
    title = str(body.get(SPECS[section].title) or section)
    if section == "reminders":
        title = f"{body['kind']} {body['to']}"
    return keys.new_key(title, _taken(session, program, section))


def _taken(session: Session, program: Program, section: Section) -> set[str]:
    if section in IN_HEADER:
        return {str(one[KEYED_BY[section]]) for one in _in_header(session, program, section)}
    # Dates and things to open stand beside answers by their ids, so that no two may be the same.
    shared = ("events", "resources") if section in ("events", "resources") else (section,)
    return {one.key for name in shared for one in program_rows.of_section(session, program.id, name, removed=True)}


def _repeated(session: Session, program: Program, key: str, body: Body, series: Series) -> dict[Name, Body | None]:
    taken = {*_taken(session, program, "events"), key}
    made: dict[Name, Body | None] = {}
    for day in series.days[1:]:
        again = keys.new_key(str(body["title"]), taken)
        taken.add(again)
        made[Name("events", again)] = {name: value for name, value in dates.on_day(body, day).items() if name != "id"}
    return made


def _series(
    program: Program, draft: Draft, body: Body
) -> tuple[Series | None, tuple[Problem, ...]]:  # fmt: skip
    """The days of an event that is to repeat."""
    every = draft.values.get("repeat", "") if draft.section == "events" else ""
    if not every:
        return None, ()
    until, times = draft.values.get("until", ""), draft.values.get("times", "")
    first = date.fromisoformat(str(body["starts"])[:10])
    last = date.fromisoformat(until) if until else None
    if (last is None and not times) or (last is not None and last <= first):
        return None, (Problem("until", "repeat"),)
    found = repeats.series(first, every, last, int(float(times)) if times else None, program)
    if len(found.days) < 2:
        return None, (Problem("until" if until else "times", "repeat"),)
    walls = (
        (name, wall) for day in found.days for name, wall in dates.walls("events", dates.on_day(body, day))
    )  # fmt: skip
    missing = [
        Problem(name, "skipped", f"{wall:%Y-%m-%d %H:%M}") for name, wall in walls if not exists(wall, program.zone)
    ]
    return (None, tuple(missing)) if missing else (found, ())


def _ends(section: Section, body: Body) -> tuple[Problem, ...]:
    if section == "events" and body.get("ends"):
        late = str(body["ends"]) > str(body["starts"])
        return () if late and body["kind"] != "deadline" else (Problem("ends", "end", str(body["kind"])),)
    if section == "breaks" and str(body["to"]) < str(body["from"]):
        return (Problem("to", "end"),)
    return ()


def _gaps(session: Session, program: Program, draft: Draft, body: Body) -> tuple[Problem, ...]:
    """The dates that have no time on another clock."""
    zone = str(body.get("zone") or program.zone)
    if (draft.section, draft.key) != ("program", "program") or zone == program.zone:
        return ()
    dated = {
        (section, one.key): one.body
        for section in ("events", "assignments")
        for one in program_rows.of_section(session, program.id, section)
    }
    return gaps(dated, zone)


def _of_reminder(body: Body, draft: Draft) -> tuple[Problem, ...]:
    """Homework is posted and nudged about, everything else has reminders."""
    mine = ("post", "nudges") if body.get("kind") == "homework" else ("offsets",)
    for name in ("offsets", "post", "nudges"):
        if name not in mine:
            body.pop(name, None)
    return () if body.get(mine[0]) else (Problem(mine[0], "missing"),)


def _as_seen(section: Section, was: Body, body: Body, viewer: Viewer, program: Program, now: datetime) -> Body:
    """Who saves an answer has looked at it today, and stands under it."""
    if section != "faq" or (was and body == was):
        return body
    until = (body.get("verified") or {}).get("until")
    seen = Verified(viewer.name[:LABEL], program.local_day(now))
    said = {"by": seen.by, "on": seen.on.isoformat()} | ({"until": until} if until else {})
    return {**body, "verified": said}


# The forms


def _editing(program: Program, section: Section, key: str, body: Body) -> Editing:
    fields = sections.fields(section, key, body, program)
    return Editing(program, section, key, body, fields, forms.shown(fields, body), marked(body))


def _adding(program: Program, section: Section, viewer: Viewer, values: Mapping[str, str] | None = None) -> Editing:
    # What was taken out while its form was open, and is added again, is still asked whether it is made up.
    made_up = {name: True for name in ("sample", "link_sample") if (values or {}).get(name) == SAMPLE}
    fields = sections.fields(section, "", made_up, program, new=True)
    first = {"owner": viewer.name} if section == "faq" else {}
    return Editing(program, section, "", {}, fields, forms.shown(fields, made_up) | first)


def _seen(session: Session, program: Program, section: Section, draft: Draft) -> Body | None:
    """How an item was when its form was opened; None if that is not known."""
    name = Name(HEADER, section) if section in IN_HEADER else Name(section, draft.key)
    for body in program_service.earlier(session=session, program_id=program.id, name=name):
        found: Sequence[Body] = (body,)
        if section == "program":
            found = (body[draft.key],)
        elif section in IN_HEADER:
            found = body[section]
        for one in found:
            if marked(one) == draft.seen:
                return one
    return {} if draft.seen == marked({}) else None


def _differing(shape: Editing, draft: Draft) -> tuple[Meanwhile, ...]:
    return tuple(
        Meanwhile(one, shape.values[one.name], draft.values.get(one.name, ""))
        for one in shape.fields
        if shape.values[one.name] != draft.values.get(one.name, "")
    )


def _changed_before(session: Session, program: Program, draft: Draft, number: int) -> Changed | Same:
    """What a form has changed that is handed in once more."""
    row = rows.get(session, number)
    shape = _editing(program, draft.section, draft.key, _body(session, program, draft.section, draft.key) or {})
    if row is None:
        return Same(shape)
    after = next(iter(_each(row.key, row.after).values()), None)
    before = next(iter(_each(row.key, row.before).values()), None)
    return Changed(shape, draft, number, before, after, Follows())


def _each(key: str, body: Body | None) -> dict[Name, Body | None]:
    """What a change is of, with how each was, or is."""
    if key == SEVERAL:
        return {named(one): found for one, found in (body or {}).items()}
    return {named(key): body}


def _last(session: Session, program: Program, section: Section, key: str) -> str | None:
    name = Name(HEADER, section) if section in IN_HEADER else Name(section, key)
    return _called(session, program_service.written(session=session, program_id=program.id, name=name)[0])


def _called(session: Session, user: str | None) -> str | None:
    person = people_rows.anybody(session, user) if user else None
    return person.called if person is not None else None


def _allowed(session: Session, viewer: Viewer) -> Program | NotAllowed:
    if viewer.program is not None and viewer.has(*CHANGERS):
        return viewer.program
    return people.not_allowed(session, viewer)
