"""Moving a date: what will follow from it, saving it, and planning all that follows in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from sqlmodel import Session

from bot.domain import moves as rules
from bot.domain import quiet as quiet_rules
from bot.domain.dates import concern
from bot.domain.documents import Reading
from bot.domain.homework import NUDGE, NUDGE_NOW, POST
from bot.domain.modes import PRACTISED
from bot.domain.moves import (
    CORRECTION,
    EDIT,
    FILE,
    ChangedMeanwhile,
    Comer,
    Dated,
    Draft,
    Editing,
    Effects,
    Foreseen,
    Move,
    Moved,
    NotAllowed,
    Past,
    Picking,
    Rejected,
    Said,
    Same,
    Section,
    Taker,
    When,
    Why,
)
from bot.domain.notices import Notice, Planned, Refs, Target, ToPerson, ToPurpose
from bot.domain.odd_days import warnings
from bot.domain.people import ROLES, Role, Viewer
from bot.domain.planning import SAID, Change
from bot.domain.programs import Assignment, Event, Mode, Program
from bot.domain.reminders import EVENT
from bot.domain.rsvps import TOLD
from bot.services import homework, people, planning, reminders, rsvps
from bot.services import programs as program_service
from bot.services.dates import CALENDAR
from bot.services.planning import Feature
from bot.services.program_schema import Body, Sheet
from bot.services.programs import Edited, Loaded, Programs
from bot.services.quiet import AGAIN, PUT_OFF, Rests
from storage import moves as rows
from storage import notices
from storage import people as people_rows
from storage import programs as program_rows
from storage.notices import NoticeRow

FEATURES: dict[Section, Feature] = {"events": reminders.FEATURE, "assignments": homework.FEATURE}
NAMING: dict[Section, tuple[str, ...]] = {
    "events": (EVENT, CORRECTION),
    "assignments": (POST, NUDGE, NUDGE_NOW, AGAIN, CORRECTION),
}
"""The kinds whose messages name the time of something."""
REMADE = frozenset({EVENT, POST, NUDGE, NUDGE_NOW, AGAIN, CORRECTION, EDIT, PUT_OFF})
"""The kinds that a message may hold, or have been changed by, which is to be made again."""
REF: dict[Section, str] = {"events": "event", "assignments": "homework"}
DATES = "dates"
"""Under this a notice names several things that have moved at once, `events/convening-1 assignments/survey`."""
MOVERS: tuple[Role, ...] = ("facilitator", "admin")


@dataclass(frozen=True)
class Thing:
    """What may have moved; `after` is None where it was taken out of the program."""

    was: Dated
    after: When | None
    what: Event | Assignment


class ComingSoFar(NamedTuple):
    """Everybody who comes to something, and every notice that has told them of a change."""

    known: rsvps.Comers
    told: Sequence[NoticeRow]


NOBODY = ComingSoFar((), ())


def picking(*, session: Session, viewer: Viewer, now: datetime) -> Picking | NotAllowed:
    """What somebody may move: everything that is not over."""
    program = _allowed(session, viewer)
    if isinstance(program, NotAllowed):
        return program
    ahead = (one for one in rules.dated(program).values() if not one.when.over(now))
    return Picking(program, tuple(sorted(ahead, key=lambda one: (one.when.starts_at, one.key))))


def editing(*, session: Session, viewer: Viewer, section: str, key: str) -> Editing | NotAllowed:
    """The form for another time."""
    program = _allowed(session, viewer)
    if isinstance(program, NotAllowed):
        return program
    found = next((one for (kind, name), one in rules.dated(program).items() if (kind, name) == (section, key)), None)
    return Editing(program, found, viewer.zone) if found is not None else _not(session, viewer, "gone")


def foresee(
    *, session: Session, viewer: Viewer, draft: Draft, now: datetime
) -> Foreseen | Same | Rejected | ChangedMeanwhile | NotAllowed:
    """What another time will do; changes nothing."""
    found = _wanted(session, viewer, draft)
    if not isinstance(found, tuple):
        return found
    editing, body, move = found
    after = program_service.with_item(
        session=session, program=editing.program, section=draft.section, key=draft.key, body=body
    )
    if isinstance(after, program_service.Rejected):
        return Rejected(_problems(after))
    effects = _effects(session, after, move, now)
    stood = program_service.body_of(session=session, program=editing.program, section=draft.section, key=draft.key)
    odd = warnings(draft.section, stood, body, editing.program, now)
    return Foreseen(editing.program, move, effects, viewer.zone, odd)


def save(
    *, session: Session, programs: Programs, viewer: Viewer, draft: Draft, now: datetime
) -> Moved | Same | Rejected | ChangedMeanwhile | NotAllowed:
    """Move it, and plan everything that follows. Saving the same form twice moves it once."""
    if viewer.program is not None:
        program_rows.held(session, viewer.program.slug)
        viewer = replace(viewer, program=programs.by_id(session, viewer.program.id))
    found = _wanted(session, viewer, draft)
    if not isinstance(found, tuple):
        return found
    editing, body, move = found
    slug = editing.program.slug
    outcome = program_service.edit_item(
        session=session, slug=slug, section=draft.section, key=draft.key, body=body, by=viewer.user, now=now
    )
    match outcome:
        case Edited(moves=(move, *_), change=change):
            effects = follow_up(session=session, programs=programs, slug=slug, moves=(move,), now=now)
            return Moved(editing.program, move, effects, viewer.zone, change)
        case program_service.Rejected():
            return Rejected(_problems(outcome))
        case Edited() | program_service.NotThere():
            return Same(editing.program, editing.dated)


def follow_up(
    *, session: Session, programs: Programs, slug: str, moves: Sequence[Move], now: datetime
) -> Effects:  # fmt: skip
    """Plan everything that follows from moves that were just written; what it returns is what happens."""
    program = programs.get(session, slug)
    if program is None or not moves:
        return Effects()
    # Once for all of them: on another clock every date of a program moves.
    planned = {
        one: planning.foreseen(session, program, FEATURES[one], now) for one in {one.was.section for one in moves}
    }
    stood = {one: notices.standing(session, program.id, (*NAMING[one], EDIT)) for one in planned}
    coming = _coming(session, program.id) if "events" in planned else NOBODY
    each = [
        (move, _effects(session, program, move, now, planned[move.was.section], stood[move.was.section], coming))
        for move in moves
    ]
    for feature in FEATURES.values():
        planning.follow(session=session, programs=programs, slug=slug, feature=feature, now=now)
    effects = rules.together(found for _, found in each)
    rests = Rests(session, program)
    new = (*_corrections(program, each, rests, now), *_edits(program, each, now))
    personal = (*_files(program, each, rests, now), *_told(program, each, rests, now))
    notices.add_all(session, [Planned(one) for one in (*new, *personal)], now)
    people.show_again(session, program.id, *ROLES)
    return effects


def load(
    *,
    session: Session,
    sheet: Sheet,
    now: datetime,
    overwrite: bool = False,
    readings: Sequence[Reading] = (),
    mode: Mode | None = None,
) -> tuple[Loaded, Effects]:
    """Load a program file, as `bot.services.programs.load`, and plan all that follows from the dates it moves."""
    loaded = program_service.load(
        session=session, sheet=sheet, now=now, overwrite=overwrite, readings=readings, mode=mode
    )
    programs = Programs()
    return loaded, follow_up(session=session, programs=programs, slug=loaded.slug, moves=loaded.moves, now=now)


# What was said, and what it says now


def said_of(
    session: Session,
    program_id: int,
    section: Section,
    key: str,
    when: When | None,
    history: Sequence[Past],
    *,
    but: str = "",
    stood: Sequence[NoticeRow] | None = None,
) -> tuple[Said, ...]:
    """Every message that has named the time of something which is at `when` after its `history`; `but` one of a key.

    `stood` is as in `_effects`.
    """
    about = _about(session, program_id, section, key, stood)
    edits = {_post(row): row for row in about if row.kind == EDIT and row.key != but}
    return tuple(_as_said(row, edits, when, history) for row in about if row.kind != EDIT and row.key != but)


def takers_of(
    session: Session, program: Program, dated: Dated, when: When | None, history: Sequence[Past], *, but: str = ""
) -> Iterator[Taker]:
    """Everybody who has an event in a calendar of their own by a file of ours, and whom it still concerns."""
    last: dict[int, tuple[datetime, When | None]] = {}
    for row in notices.standing(session, program.id, (CALENDAR, FILE)):
        if row.state not in SAID or row.key == but or not _holds(row, dated.key):
            continue
        at = row.settled_at or row.due_at
        said = rules.named_at(history, when, at) if row.settled_at else when
        if row.refs.get("event") is None and row.kind == CALENDAR and (said is None or said.over(at)):
            # A file of everything that was ahead then, which this was not.
            continue
        person = int(row.refs["person"] or 0)
        if person not in last or at >= last[person][0]:
            last[person] = (at, said)
    for person, (_, said) in last.items():
        user = _concerned(session, program, person, dated)
        if user is not None:
            yield Taker(person, user, said)


def past(session: Session, program_id: int, section: Section, key: str, *, but: int = 0) -> tuple[Past, ...]:
    """Every change of a time, oldest first; `but` the one of a sequence."""
    return tuple(
        Past(
            When(row.before_start, row.before_end) if row.before_start else None,
            When(row.after_start, row.after_end) if row.after_start else None,
            row.moved_at,
        )
        for row in rows.of(session, program_id, section, key)
        if row.sequence != but
    )


def find(session: Session, program: Program, section: Section, key: str) -> Thing | None:
    """Something with a time as it is now; what was taken out of the program, as it was last."""
    if section == "events":
        event = program.event(key) or program_service.former_event(session=session, program=program, key=key)
        return None if event is None else _thing(program, event)
    homework = program.assignment(key) or program_service.former_homework(session=session, program=program, key=key)
    return None if homework is None else _thing(program, homework)


def _thing(program: Program, found: Event | Assignment) -> Thing:
    was = program_service.as_dated(found)
    after = was.when if (was.section, was.key) in rules.dated(program) else None
    return Thing(was, after, found)


def _effects(
    session: Session,
    after: Program,
    move: Move,
    now: datetime,
    planned: Sequence[Change] | None = None,
    stood: Sequence[NoticeRow] | None = None,
    coming: ComingSoFar | None = None,
) -> Effects:
    """What follows from a move at `now`, in the program as it is, or would be, after it.

    `planned` is what planning would change, `stood` what names such things, and `coming` who comes to what, where that
    is known already.
    """
    if planned is None:
        planned = planning.foreseen(session, after, FEATURES[move.was.section], now)
    was = move.was
    # Where the move is on record already, what was said until now was still said of the time before it.
    history = past(session, after.id, was.section, was.key, but=move.sequence)
    about = (one for one in planned if one.notice.refs.get(REF[was.section]) == was.key)
    said = _with_company(
        session, after.id, said_of(session, after.id, was.section, was.key, move.before, history, stood=stood)
    )
    if was.section != "events":
        return rules.effects(move, about, said, (), now)
    takers = takers_of(session, after, was, move.before, history)
    known, told = coming if coming is not None else _coming(session, after.id)
    comers = rsvps.comers_of(was, move.before, history, known, told)
    return rules.effects(move, about, said, takers, now, comers)


def _coming(session: Session, program_id: int) -> ComingSoFar:
    """Who comes to what in a program, and what they were told of changes."""
    known = rsvps.everybody(session, program_id)
    return ComingSoFar(known, notices.standing(session, program_id, (TOLD,)) if known else ())


def _with_company(session: Session, program_id: int, said: Sequence[Said]) -> tuple[Said, ...]:
    """The same, marked where something shares the message that cannot be made again."""
    others = rows.at_posts(session, program_id, {one.post for one in said if one.post is not None})
    fixed = {_post(row) for row in others if row.kind not in REMADE}
    return tuple(replace(one, fixed=one.post in fixed) for one in said)


def _practised(row: NoticeRow) -> bool:
    """Whether something was only said to the facilitators, in practice: nobody who is concerned has heard it."""
    return row.reason is not None and row.reason.startswith(PRACTISED)


def _about(
    session: Session, program_id: int, section: Section, key: str, stood: Sequence[NoticeRow] | None
) -> list[NoticeRow]:
    """What was said about something, or is on its way, oldest first."""
    found = notices.standing(session, program_id, (*NAMING[section], EDIT)) if stood is None else stood
    return [row for row in found if row.state in SAID and _names(row, section, key) and not _practised(row)]


def _names(row: NoticeRow, section: Section, key: str) -> bool:
    """Whether a message is about something, alone or among others."""
    return row.refs.get(REF[section]) == key or f"{section}/{key}" in str(row.refs.get(DATES) or "").split()


def _as_said(
    row: NoticeRow, edits: dict[tuple[str, str] | None, NoticeRow], when: When | None, history: Sequence[Past]
) -> Said:
    spoke = rules.named_at(history, when, row.settled_at) if row.settled_at else when
    post = _post(row)
    edit = edits.get(post) if post else None
    shown = rules.named_at(history, when, edit.settled_at) if edit is not None and edit.settled_at else spoke
    target = notices.to_notice(row).target
    return Said(row.key, target, spoke, shown, row.settled_at, post, not isinstance(target, ToPerson))


def _post(row: NoticeRow) -> tuple[str, str] | None:
    return (row.posted_channel, row.posted_ts) if row.posted_channel and row.posted_ts else None


def _holds(row: NoticeRow, key: str) -> bool:
    """Whether a calendar file holds an event: one of all dates may, others name theirs."""
    if row.kind == CALENDAR:
        return row.refs.get("event") in (None, key)
    return key in str(row.refs.get("events")).split()


def _concerned(session: Session, program: Program, person_id: int, dated: Dated) -> str | None:
    """The user id of somebody whom an event concerns now."""
    person = people_rows.by_ids(session, (person_id,)).get(person_id)
    if person is None or person.gone or person.user_id is None:
        return None
    held = people_rows.memberships(session, person_id)
    viewer = people.as_viewer(session=session, person=person, held=held, program=program)
    return person.user_id if dated.audience in (*concern(viewer), "all") else None


# What is planned


def _corrections(
    program: Program, each: Iterable[tuple[Move, Effects]], rests: Rests, now: datetime
) -> Iterator[Notice]:
    """One word to each channel, with everything that moved at once and was said there."""
    moves: dict[Target, list[Move]] = {}
    for move, found in each:
        for target in found.corrections:
            moves.setdefault(target, []).append(move)
    for target, mine in moves.items():
        place = target.purpose if isinstance(target, ToPurpose) else ""
        yield Notice(
            key=f"{_key(CORRECTION, program, mine)}:{place}",
            kind=CORRECTION,
            target=target,
            due_at=min(_when_to_say(move, rests, target, now) for move in mine),
            program_id=program.id,
            refs=_refs(mine),
        )


def _edits(program: Program, each: Iterable[tuple[Move, Effects]], now: datetime) -> Iterator[Notice]:
    """Each message is made again once, whatever of it has moved."""
    moves: dict[tuple[str, str] | str, list[Move]] = {}
    first: dict[tuple[str, str] | str, Said] = {}
    for move, found in each:
        for one in found.edits:
            post = one.post or one.key
            moves.setdefault(post, []).append(move)
            first.setdefault(post, one)
    for post, mine in moves.items():
        one = first[post]
        key = f"{_key(EDIT, program, mine)}:{one.key}"
        yield Notice(key, EDIT, one.target, now, program.id, {**_refs(mine), "of": one.key})


def _files(
    program: Program, each: Iterable[tuple[Move, Effects]], rests: Rests, now: datetime
) -> Iterator[Notice]:  # fmt: skip
    """One file for each person, with everything of theirs that moved at once."""
    moves: dict[int, list[Move]] = {}
    users: dict[int, str] = {}
    for move, found in each:
        for taker in found.files:
            moves.setdefault(taker.person_id, []).append(move)
            users[taker.person_id] = taker.user
    for person_id, mine in moves.items():
        target = ToPerson(users[person_id])
        yield Notice(
            key=f"{FILE}:{program.id}:{mine[0].sequence}:{person_id}",
            kind=FILE,
            target=target,
            due_at=min(_when_to_say(move, rests, target, now) for move in mine),
            program_id=program.id,
            refs={"person": person_id, "events": " ".join(move.was.key for move in mine)},
        )


def _told(program: Program, each: Iterable[tuple[Move, Effects]], rests: Rests, now: datetime) -> Iterator[Notice]:
    """One word to each who comes to something that has moved, is cancelled or takes place after all."""
    moves: dict[Comer, list[Move]] = {}
    for move, found in each:
        for comer in found.comers:
            moves.setdefault(replace(comer, when=None), []).append(move)
    for comer, mine in moves.items():
        target = ToPerson(comer.user)
        yield Notice(
            key=f"{TOLD}:{program.id}:{mine[0].sequence}:{comer.person_id}",
            kind=TOLD,
            target=target,
            due_at=min(_when_to_say(move, rests, target, now) for move in mine),
            program_id=program.id,
            refs={"person": comer.person_id, "events": " ".join(move.was.key for move in mine)},
        )


def _when_to_say(move: Move, rests: Rests, target: Target, now: datetime) -> datetime:
    """After the reader's quiet, unless somebody would come in vain by then."""
    after = quiet_rules.next_allowed(rests.of(target), now)
    soonest = rules.soonest(move, now)
    return now if soonest is not None and soonest <= after else after


def _key(kind: str, program: Program, mine: Sequence[Move]) -> str:
    """What moved alone is named by itself; what moved at once has one sequence, which no other change has."""
    what = f"{mine[0].was.section}:{mine[0].was.key}" if len(mine) == 1 else DATES
    return f"{kind}:{program.id}:{what}:{mine[0].sequence}"


def _refs(mine: Sequence[Move]) -> Refs:
    if len(mine) == 1:
        return {REF[mine[0].was.section]: mine[0].was.key, "sequence": mine[0].sequence}
    return {DATES: " ".join(f"{one.was.section}/{one.was.key}" for one in mine), "sequence": mine[0].sequence}


# Who may, and what they want


def _wanted(
    session: Session, viewer: Viewer, draft: Draft
) -> tuple[Editing, Body, Move] | Same | Rejected | ChangedMeanwhile | NotAllowed:
    """The item as it is to be, and the move that makes it so."""
    found = editing(session=session, viewer=viewer, section=draft.section, key=draft.key)
    if isinstance(found, NotAllowed):
        return found
    was, program = found.dated, found.program
    body = program_service.body_of(session=session, program=program, section=draft.section, key=draft.key)
    start, end = rules.walls(draft, was.when, program.zone)
    if draft.section == "assignments":
        body |= {"due": f"{start:%Y-%m-%d %H:%M}"}
    else:
        body |= {"starts": f"{start:%Y-%m-%d %H:%M}"}
        body |= {"ends": f"{end:%Y-%m-%d %H:%M}"} if end is not None else {}
    after = program_service.dated_of(draft.section, body, program.zone).when
    if after == was.when:
        return Same(program, was)
    if was.when != draft.seen:
        return ChangedMeanwhile(found)
    return found, body, Move(was, after)


def _allowed(session: Session, viewer: Viewer) -> Program | NotAllowed:
    if viewer.program is None:
        return NotAllowed("no program")
    return viewer.program if viewer.has(*MOVERS) else _not(session, viewer, "not theirs")


def _not(session: Session, viewer: Viewer, why: Why) -> NotAllowed:
    return NotAllowed(why, viewer.program, people.facilitators(session, viewer.of_program.id))


_FIELDS = {"starts": "starts", "due": "starts", "ends": "ends"}


def _problems(refused: program_service.Rejected) -> tuple[tuple[str, str], ...]:
    """What is wrong, by field of the form."""
    return tuple((_FIELDS.get(path.rpartition(".")[2], "day"), says) for path, says in refused.problems)
