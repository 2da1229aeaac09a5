"""Writing, changing and reading coaching check-ins."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import astuple, replace
from datetime import date, datetime

from sqlmodel import Session

from bot.domain import checkins as rules
from bot.domain.checkins import (
    Changing,
    Choices,
    Content,
    Draft,
    Entry,
    Form,
    Meeting,
    Named,
    Need,
    New,
    NotAllowed,
    Receipt,
    Refusal,
    Rejected,
    Voice,
)
from bot.domain.drafts import About, changing
from bot.domain.notices import Notice, ToChannel, ToPerson
from bot.domain.once import AlreadySaved, Saved, with_other_words
from bot.domain.people import Viewer
from bot.domain.programs import Program
from bot.services import drafts
from bot.services.people import facilitators, members, show_again, took_part
from storage import chain, notices, people, programs
from storage import checkins as rows
from storage.checkins import Checkin, CheckinVersion, Current

RECEIPT = "checkin.receipt"
RECEIPT_CHANGE = "checkin.receipt_change"


def form(*, session: Session, viewer: Viewer, now: datetime, checkin_id: int | None = None) -> Form | NotAllowed:
    """The form for a new check-in, preset as far as it is known; or for changing one of one's own."""
    choices = _choices(session, viewer, now)
    if isinstance(choices, NotAllowed):
        return choices
    program = viewer.of_program
    shape = Form(
        program=program,
        coaches=_coaches(session, program.id),
        organizations=_organizations(session, program.id),
        facilitators=facilitators(session, program.id),
        writes_as_coach=choices.writes_as_coach,
        draft=_preset(viewer, choices),
        today=choices.today,
        zone=viewer.zone,
    )
    if checkin_id is None:
        begun = drafts.standing(session=session, viewer=viewer, about=_about(program, None))
        return _offers(replace(shape, kept=begun))
    found = _own(session, viewer, checkin_id)
    if isinstance(found, NotAllowed):
        return found
    checkin, version = found
    content = rows.content_of(version)
    return replace(
        shape,
        coaches=_with(shape.coaches, _people(session, program.id), (content.coach,)),
        organizations=_with(shape.organizations, _organization_names(session, program.id), content.organizations),
        writes_as_coach=shape.writes_as_coach or bool(content.private_note),
        draft=_draft(content),
        changing=Changing(checkin_id, checkin.receipt, checkin.version),
        kept=drafts.standing(session=session, viewer=viewer, about=_about(program, checkin_id)),
    )


Submitted = Saved[Receipt] | AlreadySaved[Receipt] | Rejected | NotAllowed


def submit(
    *, session: Session, viewer: Viewer, draft: Draft, key: str, now: datetime, checkin_id: int | None = None
) -> Submitted:
    """Save a check-in, or with `checkin_id` a new version of one; join it with what others wrote about the meeting.

    `key` is of the form that was handed in: the same one again gives the same receipt and writes nothing, unless its
    answer was lost and it says something else by now. What was kept of it as a draft goes.
    """
    outcome = _submit(session, viewer, draft, key, now, checkin_id)
    if isinstance(outcome, Saved | AlreadySaved):
        about = _about(viewer.of_program, checkin_id)
        drafts.finish(session=session, viewer=viewer, about=about, now=now)
    return outcome


def check(
    *, session: Session, viewer: Viewer, draft: Draft, now: datetime, checkin_id: int | None = None
) -> Rejected | None:
    """Everything that is wrong with a draft as it stands; writes nothing. None for whoever may not write."""
    choices = _choices(session, viewer, now)
    standing = _own(session, viewer, checkin_id) if checkin_id is not None else None
    if isinstance(choices, NotAllowed) or isinstance(standing, NotAllowed):
        return None
    content = rules.validate(draft, choices, kept=rows.content_of(standing[1]) if standing else None)
    if isinstance(content, Content):
        return None
    return Rejected(content, viewer.of_program, choices.today, viewer.organization)


def _submit(
    session: Session, viewer: Viewer, draft: Draft, key: str, now: datetime, checkin_id: int | None
) -> Submitted:  # fmt: skip
    if viewer.program is None:
        return NotAllowed("no program")
    program = viewer.program
    programs.hold_by_id(session, program.id)
    choices = _choices(session, viewer, now)
    before = rows.by_key(session, key)
    if before is not None and before[0].author_id == viewer.person_id:
        if not _says_more(draft, choices, rows.content_of(before[1])):
            return AlreadySaved(_receipt(session, program, *before))
        key = with_other_words(key, astuple(draft))
        if (known := rows.by_key(session, key)) is not None:
            return AlreadySaved(_receipt(session, program, *known))
    checkin_id = before[0].id if before is not None else checkin_id
    if isinstance(choices, NotAllowed):
        return choices
    standing = _own(session, viewer, checkin_id) if checkin_id is not None else None
    if isinstance(standing, NotAllowed):
        return standing
    kept = rows.content_of(standing[1]) if standing else None
    content = rules.validate(draft, choices, kept=kept)
    if not isinstance(content, Content):
        return Rejected(content, program, choices.today, viewer.organization)
    if standing and kept and not rules.changed(content, kept):
        return AlreadySaved(_receipt(session, program, *standing))
    checkin = _next_version(standing[0]) if standing else _new(session, viewer, now)
    version = rows.add(session, checkin, content, key, now)
    said = [one for one in (content, kept) if one is not None]
    _regroup(session, program.id, {_slot(one) for one in said})
    _say(session, viewer, checkin, now)
    present = {organization for one in said for organization in one.organizations}
    show_again(session, program.id, "coach", "facilitator", organizations=present)
    chain.seal_checkin(session, checkin, version)
    return Saved(_receipt(session, program, checkin, version))


def erase(*, session: Session, author_id: int, now: datetime) -> None:
    """Take back what the receipts of somebody's check-ins say, as their words are being erased."""
    for row in rows.of_author(session, author_id):
        said = notices.get(session, receipt_key(row.id or 0))
        if said is not None and said.posted_channel is not None:
            # Not to the person: nothing that is kept may name them.
            where = ToChannel(said.posted_channel)
            refs = {"checkin": row.id, "version": row.version}
            key = f"{RECEIPT_CHANGE}:{row.id}:erased"
            notices.add(session, Notice(key, RECEIPT_CHANGE, where, now, row.program_id, refs), now)


def receipt_key(checkin_id: int) -> str:
    """The key of the notice that is a check-in's receipt."""
    return f"{RECEIPT}:{checkin_id}"


def receipt(*, session: Session, program: Program, checkin_id: int) -> tuple[Receipt, Meeting] | None:
    """A check-in as its author's receipt shows it: its number, and the meeting with their own words."""
    found = rows.get(session, program.id, checkin_id)
    if found is None:
        return None
    checkin, version = found
    book = _Book(session, program.id)
    meeting = book.meeting([found], rows.of_meetings(session, program.id, [checkin.meeting_id]), checkin.author_id)
    return _receipt(session, program, checkin, version), meeting


def mine(*, session: Session, viewer: Viewer) -> tuple[Meeting, ...] | NotAllowed:
    """The meetings somebody wrote about, newest first, with what others wrote as far as they may read it."""
    if viewer.program is None:
        return NotAllowed("no program")
    own = rows.current(session, viewer.program.id, author_id=viewer.person_id)
    if not own and not viewer.has("participant", "coach", "facilitator"):
        return _refusal(session, viewer)
    return _meetings(session, viewer, {checkin.meeting_id for checkin, _ in own})


def readable(
    *, session: Session, viewer: Viewer, since: datetime | None = None, until: datetime | None = None
) -> tuple[Meeting, ...] | NotAllowed:
    """The meetings of which somebody may read something, newest first.

    `since` and `until` keep to those somebody has written about for the first time between the two.
    """
    if viewer.program is None:
        return NotAllowed("no program")
    if not viewer.has("participant", "coach", "facilitator"):
        return _refusal(session, viewer)
    found = rows.current(session, viewer.program.id, created_after=since, created_until=until)
    allowed = [one for one in found if _may_read(viewer, *one)]
    return _meetings(session, viewer, {checkin.meeting_id for checkin, _ in allowed})


def meeting(*, session: Session, viewer: Viewer, meeting_id: int) -> Meeting | NotAllowed:
    """One meeting, with what somebody may read of it; to those who may read nothing of it, it is not there."""
    if viewer.program is None:
        return NotAllowed("no program")
    found = _meetings(session, viewer, (meeting_id,))
    return found[0] if found else NotAllowed("gone", viewer.program)


def list_new(*, session: Session, program: Program, since: datetime, until: datetime) -> tuple[New, ...]:
    """Check-ins first handed in after `since` and no later than `until`, oldest first."""
    book = _Book(session, program.id)
    return tuple(
        book.new(checkin, version)
        for checkin, version in rows.current(session, program.id, created_after=since, created_until=until)
    )


def support_needs(*, session: Session, program: Program, since: datetime, until: datetime) -> tuple[Need, ...]:
    """Support asked for in check-ins new in a span, by category in the program's order, something else at the end.

    An organization counts once for a category, however many people of it asked.
    """
    found = rows.current(session, program.id, created_after=since, created_until=until)
    book = _Book(session, program.id)
    wanted: dict[str, set[int]] = {}
    for _, version in found:
        for key in version.support:
            wanted.setdefault(key, set()).update(version.organizations)
    order = [one.key for one in program.support_categories]
    keys = sorted(wanted, key=lambda key: (key == rules.SOMETHING_ELSE, _place(order, key), key))
    return tuple(Need(key, book.organizations(sorted(wanted[key]))) for key in keys)


def coaching_minutes(*, session: Session, program: Program, month: date) -> Mapping[int, int]:
    """Minutes of coaching by organization id in the calendar month of `month`.

    Each meeting counts once for each organization present.
    """
    first = month.replace(day=1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    found = rows.current(session, program.id, held_from=first, held_before=following)
    totals: dict[int, int] = {}
    for group in _by_meeting(found).values():
        entries = [rows.entry_of(*one) for one in group]
        for organization in frozenset().union(*(one.organizations for one in entries)):
            totals[organization] = totals.get(organization, 0) + rules.counted(entries)
    return totals


class _Book:
    """Names by id, looked up once."""

    def __init__(self, session: Session, program_id: int) -> None:
        self._session = session
        self._people = _people(session, program_id)
        self._organizations = _organization_names(session, program_id)

    def person(self, person_id: int) -> str:
        if person_id not in self._people:
            found = self._session.get(people.Person, person_id)
            self._people[person_id] = found.called if found else ""
        return self._people[person_id]

    def organizations(self, ids: Iterable[int]) -> tuple[str, ...]:
        return tuple(sorted(self._organizations[one] for one in set(ids) if one in self._organizations))

    def new(self, checkin: Checkin, version: CheckinVersion) -> New:
        assert checkin.id is not None
        content = rows.content_of(version)
        return New(
            checkin_id=checkin.id,
            number=checkin.receipt,
            author=self.person(checkin.author_id),
            coach=self.person(content.coach),
            kind=content.kind,
            organizations=self.organizations(content.organizations),
            held_on=content.held_on,
            created_at=checkin.created_at,
        )

    def meeting(self, shown: Sequence[Current], everything: Sequence[Current], reader: int) -> Meeting:
        """A meeting with the voices to be shown; its minutes and organizations come from everything written."""
        entries = [rows.entry_of(*one) for one in everything]
        content = rows.content_of(shown[0][1])
        present = frozenset[int]().union(*(version.organizations for _, version in shown))
        return Meeting(
            id=shown[0][0].meeting_id,
            coach=self.person(content.coach),
            kind=content.kind,
            organizations=self.organizations(present),
            held_on=content.held_on,
            minutes=rules.counted(entries),
            voices=tuple(self._voice(*one, reader) for one in shown),
            coached=content.coach == reader,
        )

    def _voice(self, checkin: Checkin, version: CheckinVersion, reader: int) -> Voice:
        assert checkin.id is not None
        own, content = checkin.author_id == reader, rows.content_of(version)
        return Voice(
            checkin_id=checkin.id,
            number=checkin.receipt,
            version=version.version,
            author=self.person(checkin.author_id),
            as_coach=checkin.author_id == version.coach_id,
            own=own,
            created_at=checkin.created_at,
            saved_at=version.saved_at,
            content=content if own else replace(content, private_note=""),
            erased=version.erased_at is not None,
        )


def _about(program: Program, checkin_id: int | None) -> About:
    """What a draft of a check-in is for."""
    return About("checkin", program.id, "" if checkin_id is None else changing(checkin_id))


def _choices(session: Session, viewer: Viewer, now: datetime) -> Choices | NotAllowed:
    if viewer.program is None:
        return NotAllowed("no program")
    if not viewer.has("participant", "coach"):
        return _refusal(session, viewer)
    program, as_coach = viewer.program, viewer.has("coach")
    organizations = {one.id for one in _organizations(session, program.id)}
    own = viewer.organization.id if viewer.organization and not as_coach else None
    return Choices(
        coaches={one.id for one in _coaches(session, program.id)},
        organizations=organizations,
        support={one.key for one in program.support_categories},
        today=program.local_day(now),
        own=own if own in organizations else None,
        writes_as_coach=as_coach,
    )


def _refusal(session: Session, viewer: Viewer) -> NotAllowed:
    program = viewer.of_program
    return NotAllowed(_why(session, viewer), program, facilitators(session, program.id))


def _why(session: Session, viewer: Viewer) -> Refusal:
    if viewer.has("facilitator"):
        return "reads only"
    if viewer.pending:
        return "pending"
    if viewer.roles:
        return "role"
    return "left" if took_part(session, viewer) else "stranger"


def _offers(shape: Form) -> Form | NotAllowed:
    """A form whose menus are not empty: Slack shows no others, and there would be nothing to choose."""
    if not shape.coaches:
        return NotAllowed("no coaches", shape.program, shape.facilitators)
    if not shape.organizations:
        return NotAllowed("no organizations", shape.program, shape.facilitators)
    return shape


def _preset(viewer: Viewer, choices: Choices) -> Draft:
    coach = next(iter(choices.coaches)) if len(choices.coaches) == 1 else None
    return Draft(
        coach=viewer.person_id if choices.writes_as_coach else coach,
        kind="one-on-one",
        organizations=(choices.own,) if choices.own is not None else (),
        held_on=choices.today,
    )


def _draft(content: Content) -> Draft:
    return Draft(
        coach=content.coach,
        kind=content.kind,
        organizations=content.organizations,
        held_on=content.held_on,
        length=str(content.minutes),
        moved=content.moved,
        in_the_way=content.in_the_way,
        support=content.support,
        support_other=content.support_other,
        next_step=content.next_step,
        confidence=content.confidence,
        private_note=content.private_note,
    )


def _says_more(draft: Draft, choices: Choices | NotAllowed, before: Content) -> bool:
    """Whether a form that was saved as `before` has other words by now; nothing of theirs is taken who have left."""
    if isinstance(choices, NotAllowed):
        return False
    content = rules.validate(draft, choices, kept=before)
    return not isinstance(content, Content) or rules.changed(content, before)


def _own(session: Session, viewer: Viewer, checkin_id: int) -> Current | NotAllowed:
    found = rows.get(session, viewer.of_program.id, checkin_id)
    if found is None:
        return NotAllowed("gone", viewer.program)
    return found if found[0].author_id == viewer.person_id else NotAllowed("not theirs", viewer.program)


def _new(session: Session, viewer: Viewer, now: datetime) -> Checkin:
    program_id = viewer.of_program.id
    checkin = Checkin(
        program_id=program_id,
        meeting_id=rows.add_meeting(session, program_id),
        author_id=viewer.person_id,
        receipt=programs.next_receipt(session, program_id),
        created_at=now,
    )
    session.add(checkin)
    session.flush()
    return checkin


def _next_version(checkin: Checkin) -> Checkin:
    checkin.version += 1
    return checkin


def _say(session: Session, viewer: Viewer, checkin: Checkin, now: datetime) -> None:
    """The receipt to its author, or its being brought up to date."""
    assert checkin.id is not None
    first = checkin.version == 1
    kind = RECEIPT if first else RECEIPT_CHANGE
    key = receipt_key(checkin.id) if first else f"{RECEIPT_CHANGE}:{checkin.id}:{checkin.version}"
    refs = {"checkin": checkin.id, "version": checkin.version}
    notices.add(session, Notice(key, kind, ToPerson(viewer.user), now, checkin.program_id, refs), now)


def _slot(content: Content) -> tuple[int, date, rules.Kind]:
    return content.coach, content.held_on, content.kind


def _regroup(session: Session, program_id: int, slots: Collection[tuple[int, date, rules.Kind]]) -> None:
    """Put what was written about these coaches and days under one row for each meeting, keeping rows where it can."""
    found: dict[int, Checkin] = {}
    entries: list[Entry] = []
    for coach, day, kind in slots:
        for checkin, version in rows.current(session, program_id, coach_id=coach, held_on=day, kind=kind):
            entry = rows.entry_of(checkin, version)
            found[entry.id] = checkin
            entries.append(entry)
    taken: set[int] = set()
    before = {checkin.meeting_id for checkin in found.values()}
    for group in rules.meetings(entries):
        free = sorted({found[one.id].meeting_id for one in group} - taken)
        meeting_id = free[0] if free else rows.add_meeting(session, program_id)
        taken.add(meeting_id)
        for one in group:
            found[one.id].meeting_id = meeting_id
    session.add_all(found.values())
    session.flush()
    rows.drop_empty_meetings(session, before - taken)


def _receipt(session: Session, program: Program, checkin: Checkin, version: CheckinVersion) -> Receipt:
    assert checkin.id is not None
    together = rows.of_meetings(session, program.id, [checkin.meeting_id])
    authors = [other.author_id for other, _ in together if other.id != checkin.id]
    others = tuple(session.get_one(people.Person, author).called for author in authors)
    return Receipt(program, checkin.id, checkin.receipt, version.version, others)


def _meetings(session: Session, viewer: Viewer, ids: Collection[int]) -> tuple[Meeting, ...]:
    program = viewer.of_program
    book = _Book(session, program.id)
    found = []
    for everything in _by_meeting(rows.of_meetings(session, program.id, ids)).values():
        shown = [one for one in everything if _may_read(viewer, *one)]
        if shown:
            found.append(book.meeting(shown, everything, viewer.person_id))
    return tuple(sorted(found, key=lambda one: (one.held_on, one.id), reverse=True))


def _may_read(viewer: Viewer, checkin: Checkin, version: CheckinVersion) -> bool:
    """Its author, its coach, the participants of the organizations it names, and the facilitators."""
    if checkin.author_id == viewer.person_id or viewer.has("facilitator"):
        return True
    if viewer.has("coach") and version.coach_id == viewer.person_id:
        return True
    here = viewer.organization.id if viewer.organization and viewer.has("participant") else None
    return here in version.organizations


def _by_meeting(found: Iterable[Current]) -> dict[int, list[Current]]:
    groups: dict[int, list[Current]] = {}
    for checkin, version in found:
        groups.setdefault(checkin.meeting_id, []).append((checkin, version))
    return groups


def _coaches(session: Session, program_id: int) -> tuple[Named, ...]:
    named = (Named(one.person_id, one.name) for one in members(session, program_id, "coach"))
    return tuple(sorted(named, key=lambda one: (one.name.casefold(), one.id)))


def _organizations(session: Session, program_id: int) -> tuple[Named, ...]:
    found = people.organizations(session, program_id)
    return tuple(Named(one.id, one.name) for one in found if one.id is not None and one.left_at is None)


def _people(session: Session, program_id: int) -> dict[int, str]:
    return people.names(session, program_id)


def _organization_names(session: Session, program_id: int) -> dict[int, str]:
    return {one.id: one.name for one in people.organizations(session, program_id) if one.id is not None}


def _with(choices: tuple[Named, ...], names: Mapping[int, str], needed: Iterable[int]) -> tuple[Named, ...]:
    """The choices, and whatever is chosen already although it is no longer offered."""
    offered = {one.id for one in choices}
    return (*choices, *(Named(one, names.get(one, "")) for one in needed if one not in offered))


def _place(order: Sequence[str], key: str) -> int:
    return order.index(key) if key in order else len(order)
