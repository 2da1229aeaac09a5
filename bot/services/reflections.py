"""Handing in, changing, taking back and reading reflections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from datetime import datetime

from sqlmodel import Session

from bot.domain import reflections as rules
from bot.domain.drafts import About, changing
from bot.domain.notices import Notice, Target, ToChannel, ToPerson, ToPurpose
from bot.domain.once import AlreadySaved, Saved, with_other_words
from bot.domain.people import Viewer
from bot.domain.programs import Program
from bot.domain.reflections import (
    PAGE,
    CameIn,
    Content,
    Draft,
    Form,
    Handed,
    Mine,
    NotAllowed,
    NothingOpen,
    Problem,
    Readable,
    Readers,
    Receipt,
    Why,
)
from bot.services import drafts
from bot.services.people import facilitators, show_again, took_part
from storage import chain, channels, notices, programs
from storage import reflections as rows
from storage.people import Organization, Person
from storage.reflections import Reflection, ReflectionVersion

RECEIPT = "reflection.receipt"
RECEIPT_CHANGE = "reflection.receipt_change"
COHORT_POST = "reflection.cohort_post"
COHORT_CHANGE = "reflection.cohort_change"
COHORT_WITHDRAWAL = "reflection.cohort_withdrawal"


@dataclass(frozen=True)
class Rejected:
    """Nothing was written: every field that cannot be taken, and why."""

    problems: tuple[Problem, ...]


Submitted = Saved[Receipt] | AlreadySaved[Receipt] | Rejected | NotAllowed


def form(
    *, session: Session, viewer: Viewer, now: datetime, assignment: str = "", readers: Readers = "facilitators"
) -> Form | NothingOpen | NotAllowed:
    """The form for a homework by its key, or, without one, for the most useful; what they handed in is changed."""
    refused = _refusal(session, viewer)
    if refused is not None:
        return refused
    program = viewer.of_program
    own = _own(session, viewer)
    left = rules.open_for(program.assignments, {one.assignment for one in own})
    done = _of_organization(session, viewer)
    if assignment:
        chosen = program.assignment(assignment)
    else:
        chosen = rules.most_useful(left, {one.assignment for one in done}, now)
        if chosen is None:
            return NothingOpen(program, len(own))
    if chosen is None:
        return _not(session, viewer, "homework gone")
    before = next((one for one in reversed(own) if one.assignment == chosen.key), None)
    if before is not None:
        return _change_form(session, viewer, before, before.content.readers)
    return Form(
        program=program,
        viewer=viewer,
        facilitators=facilitators(session, program.id),
        assignment=chosen,
        key=chosen.key,
        prompts=chosen.prompts,
        readers=readers,
        choices=left,
        done=done,
        channel=_cohort_channel(session, program),
        kept=drafts.standing(session=session, viewer=viewer, about=About("reflection", program.id, chosen.key)),
    )


def change_form(
    *, session: Session, viewer: Viewer, reflection_id: int, readers: Readers | None = None
) -> Form | NotAllowed:
    """The form that changes a reflection, filled with what it says."""
    found = _theirs(session, viewer, reflection_id)
    if isinstance(found, NotAllowed):
        return found
    return _change_form(session, viewer, found, readers or found.content.readers)


def submit(*, session: Session, viewer: Viewer, draft: Draft, key: str, now: datetime) -> Submitted:
    """Hand in a reflection once per `key`; the receipt, and a post if the cohort may read it, go with it."""
    return _no_longer_a_draft(session, viewer, _submit(session, viewer, draft, key, now), now)


def change(*, session: Session, viewer: Viewer, reflection_id: int, draft: Draft, key: str, now: datetime) -> Submitted:
    """Write a new version; only the author may, and every earlier version is kept.

    Once per `key` and what it says: a form whose answer was lost may be handed in again with other words.
    """
    return _no_longer_a_draft(session, viewer, _change(session, viewer, reflection_id, draft, key, now), now)


def check(*, session: Session, viewer: Viewer, draft: Draft, reflection_id: int | None = None) -> tuple[Problem, ...]:
    """Everything that is wrong with a draft as it stands; writes nothing, and asks nobody whether they may."""
    if viewer.program is None:
        return ()
    found = _theirs(session, viewer, reflection_id) if reflection_id is not None else None
    if isinstance(found, Handed):
        content = _content(viewer, found.assignment, found.content, draft)
    else:
        asked = viewer.program.assignment(draft.assignment)
        content = rules.validate(draft, asked.prompts if asked is not None else ())
    return content if isinstance(content, tuple) else ()


def take_back(*, session: Session, viewer: Viewer, reflection_id: int, key: str, now: datetime) -> Submitted:
    """Have only the facilitators read it from now on; the cohort's post goes. Once per `key`, by the author alone."""
    found = _held(session, viewer, reflection_id, key)
    if not isinstance(found, Handed):
        return found
    return _write(session, viewer, found, replace(found.content, readers="facilitators"), key, now)


def mine(*, session: Session, viewer: Viewer, before: int | None = None) -> Mine | NotAllowed:
    """One's own reflections, newest first, those numbered below `before`; also for somebody who has left."""
    if viewer.program is None:
        return _not(session, viewer, "no program")
    own = list(reversed(_own(session, viewer)))
    if not own:
        refused = _refusal(session, viewer)
        if refused is not None:
            return refused
    page, earlier = _page(own, before)
    return Mine(viewer.program, page, len(own), earlier)


def came_in(*, session: Session, viewer: Viewer, before: int | None = None) -> CameIn | NotAllowed:
    """All that somebody may read, newest first: everything for facilitators, for the cohort what is shared with it."""
    if viewer.program is None:
        return _not(session, viewer, "no program")
    if not viewer.has("participant", "coach", "facilitator"):
        return _not(session, viewer, "not a reader")
    every = [rows.handed(one) for one in reversed(rows.current(session, viewer.program.id))]
    found = [one for one in every if rules.may_read(viewer, author_id=one.author_id, readers=one.content.readers)]
    page, earlier = _page(found, before)
    return CameIn(viewer.program, tuple(_as_seen(viewer, one) for one in page), len(found), earlier)


def readable(*, session: Session, viewer: Viewer, reflection_id: int) -> Readable | NotAllowed:
    """A reflection for somebody who may read it: its author, the facilitators, and the cohort if it was shared."""
    if viewer.program is None:
        return _not(session, viewer, "no program")
    found = rows.get(session, viewer.program.id, reflection_id)
    if found is None:
        return _not(session, viewer, "gone")
    handed = rows.handed(found)
    if not rules.may_read(viewer, author_id=handed.author_id, readers=handed.content.readers):
        return _not(session, viewer, "not readable")
    return Readable(viewer.program, _as_seen(viewer, handed))


def list_new(*, session: Session, program: Program, since: datetime, until: datetime) -> tuple[Handed, ...]:
    """What was handed in after `since` and by `until`, oldest first. Who is shown the texts is asked of `readable`."""
    return tuple(rows.handed(one) for one in rows.current(session, program.id, since=since, until=until))


def by_id(*, session: Session, program: Program, reflection_id: int) -> Receipt | None:
    """A reflection as it stands now, for what the bot says about it by itself."""
    row = session.get(Reflection, reflection_id)
    return _receipt(session, program, row) if row is not None and row.program_id == program.id else None


def shown_by(*, session: Session, reflection_id: int) -> str | None:
    """The key of the notice that shows a reflection to the cohort, None while it is not shown."""
    row = session.get(Reflection, reflection_id)
    return row.post_key if row is not None else None


def _submit(session: Session, viewer: Viewer, draft: Draft, key: str, now: datetime) -> Submitted:
    if viewer.program is None:
        return _not(session, viewer, "no program")
    program = viewer.program
    programs.hold_by_id(session, program.id)
    # A form may be turned to another homework while it is open.
    key = f"{key}:{draft.assignment}"
    if (known := rows.by_key(session, key)) is not None and known.id is not None:
        return _change(session, viewer, known.id, draft, key, now)
    refused = _refusal(session, viewer)
    if refused is not None:
        return refused
    assignment = program.assignment(draft.assignment)
    if assignment is None:
        return _not(session, viewer, "homework gone")
    content = rules.validate(draft, assignment.prompts)
    if not isinstance(content, Content):
        return Rejected(content)
    values = {
        "program_id": program.id,
        "number": programs.next_receipt(session, program.id),
        "assignment": assignment.key,
        "title": assignment.title,
        "sample": assignment.sample,
        "author_id": viewer.person_id,
        "organization_id": viewer.organization.id if viewer.organization else None,
    }
    row, version = rows.hand_in(session, values, content, key, now)
    _say(session, row, RECEIPT, f"{RECEIPT}:{row.id}", ToPerson(viewer.user), now)
    _show_cohort(session, row, now)
    mine = {viewer.organization.id} if viewer.organization else set()
    show_again(session, program.id, "coach", "facilitator", organizations=mine)
    chain.seal_reflection(session, row, version)
    return Saved(_receipt_of(session, program, row, version))


def _change(
    session: Session, viewer: Viewer, reflection_id: int, draft: Draft, key: str, now: datetime
) -> Submitted:  # fmt: skip
    if viewer.program is None:
        return _not(session, viewer, "no program")
    programs.hold_by_id(session, viewer.program.id)
    before = rows.version_by_key(session, key)
    if before is not None and _says(viewer, before, draft):
        return AlreadySaved(_receipt(session, viewer.program, before[0]))
    found = _theirs(session, viewer, reflection_id)
    if not isinstance(found, Handed):
        return found
    content = _content(viewer, found.assignment, found.content, draft)
    if not isinstance(content, Content):
        return Rejected(content)
    if before is not None:
        key = with_other_words(key, astuple(content))
        if (known := rows.by_key(session, key)) is not None:
            return AlreadySaved(_receipt(session, viewer.program, known))
    return _write(session, viewer, found, content, key, now)


def _no_longer_a_draft(session: Session, viewer: Viewer, outcome: Submitted, now: datetime) -> Submitted:
    if isinstance(outcome, Saved | AlreadySaved):
        handed = outcome.receipt.handed
        about = About("reflection", viewer.of_program.id, handed.assignment)
        drafts.finish(session=session, viewer=viewer, about=about, also=changing(handed.id), now=now)
    return outcome


def erase(*, session: Session, author_id: int, now: datetime) -> None:
    """Take back what somebody's reflections have shown anywhere, as their words are being erased."""
    for row in rows.of_author(session, author_id):
        if row.post_key is not None:
            target, key = _where(session, row.post_key), f"{COHORT_WITHDRAWAL}:{row.id}:erased"
            _say(session, row, COHORT_WITHDRAWAL, key, target, now, post=row.post_key)
        said = notices.get(session, f"{RECEIPT}:{row.id}")
        if said is not None and said.posted_channel is not None:
            # Not to the person: nothing that is kept may name them.
            where = ToChannel(said.posted_channel)
            _say(session, row, RECEIPT_CHANGE, f"{RECEIPT_CHANGE}:{row.id}:erased", where, now)
        row.post_key, row.readers = None, "facilitators"
        session.add(row)
    session.flush()


def _refusal(session: Session, viewer: Viewer) -> NotAllowed | None:
    if viewer.program is None:
        return _not(session, viewer, "no program")
    if rules.may_write(viewer):
        return None
    if viewer.pending:
        return _not(session, viewer, "pending")
    if viewer.roles:
        return _not(session, viewer, _not_for(viewer))
    return _not(session, viewer, "left" if took_part(session, viewer) else "not in it")


def _not_for(viewer: Viewer) -> Why:
    if viewer.has("facilitator"):
        return "reads only"
    return "applicant" if viewer.roles == {"applicant"} else "not a participant"


def _not(session: Session, viewer: Viewer, why: Why) -> NotAllowed:
    program = viewer.program
    return NotAllowed(why, program, facilitators(session, program.id) if program else ())


def _as_seen(viewer: Viewer, handed: Handed) -> Handed:
    """Without the hours, unless the reader wrote it or is a facilitator."""
    if viewer.person_id == handed.author_id or viewer.has("facilitator"):
        return handed
    return replace(handed, content=replace(handed.content, minutes=None))


def _page(newest_first: Sequence[Handed], before: int | None) -> tuple[tuple[Handed, ...], int | None]:
    """A page of those numbered below `before`, and the number to go on before, if there are more."""
    below = [one for one in newest_first if before is None or one.number < before]
    page = tuple(below[:PAGE])
    return page, page[-1].number if len(below) > PAGE else None


def _own(session: Session, viewer: Viewer) -> tuple[Handed, ...]:
    found = rows.current(session, viewer.of_program.id, author_id=viewer.person_id)
    return tuple(rows.handed(one) for one in found)


def _of_organization(session: Session, viewer: Viewer) -> tuple[Handed, ...]:
    if viewer.organization is None:
        return ()
    found = rows.current(session, viewer.of_program.id, organization_id=viewer.organization.id)
    return tuple(rows.handed(one) for one in found)


def _theirs(session: Session, viewer: Viewer, reflection_id: int) -> Handed | NotAllowed:
    refused = _refusal(session, viewer)
    if refused is not None:
        return refused
    found = rows.get(session, viewer.of_program.id, reflection_id)
    if found is None:
        return _not(session, viewer, "gone")
    handed = rows.handed(found)
    return handed if handed.author_id == viewer.person_id else _not(session, viewer, "not theirs")


def _says(viewer: Viewer, before: tuple[Reflection, ReflectionVersion], draft: Draft) -> bool:
    """Whether somebody's draft says just what a version of theirs says."""
    row, version = before
    said = rows.content_of(version)
    return row.author_id == viewer.person_id and _content(viewer, row.assignment, said, draft) == said


def _content(viewer: Viewer, assignment: str, before: Content, draft: Draft) -> Content | tuple[Problem, ...]:
    """What a draft for a reflection on a homework, which says `before`, says."""
    asked = viewer.of_program.assignment(assignment)
    return rules.validate(draft, rules.prompts_for(asked, before))


def _held(
    session: Session, viewer: Viewer, reflection_id: int, key: str
) -> Handed | AlreadySaved[Receipt] | NotAllowed:
    """The reflection that is about to be changed, held against other writers."""
    if viewer.program is None:
        return _not(session, viewer, "no program")
    programs.hold_by_id(session, viewer.program.id)
    if (known := rows.by_key(session, key)) is not None:
        return AlreadySaved(_receipt(session, viewer.program, known))
    return _theirs(session, viewer, reflection_id)


def _change_form(session: Session, viewer: Viewer, before: Handed, readers: Readers) -> Form:
    program = viewer.of_program
    assignment = program.assignment(before.assignment)
    return Form(
        program=program,
        viewer=viewer,
        facilitators=facilitators(session, program.id),
        assignment=assignment,
        key=before.assignment,
        prompts=rules.prompts_for(assignment, before.content),
        readers=readers,
        before=before,
        channel=_cohort_channel(session, program),
        kept=drafts.standing(
            session=session,
            viewer=viewer,
            about=About("reflection", program.id, changing(before.id)),
            also=before.assignment,
        ),
    )


def _write(
    session: Session, viewer: Viewer, found: Handed, content: Content, key: str, now: datetime
) -> Saved[Receipt] | AlreadySaved[Receipt]:
    row = session.get_one(Reflection, found.id)
    if content == found.content:
        return AlreadySaved(_receipt(session, viewer.of_program, row))
    row.version += 1
    version = rows.add(session, row, content, key, now)
    _say(session, row, RECEIPT_CHANGE, f"{RECEIPT_CHANGE}:{row.id}:{row.version}", ToPerson(viewer.user), now)
    _show_cohort(session, row, now)
    chain.seal_reflection(session, row, version)
    return Saved(_receipt_of(session, viewer.of_program, row, version))


def _show_cohort(session: Session, row: Reflection, now: datetime) -> None:
    """Bring what the cohort sees to what the row says: a post, a change of it, or its end."""
    if row.post_key is None:
        if row.readers == "cohort":
            row.post_key = f"{COHORT_POST}:{row.id}:{row.version}"
            _say(session, row, COHORT_POST, row.post_key, ToPurpose("cohort"), now)
    else:
        kind = COHORT_CHANGE if row.readers == "cohort" else COHORT_WITHDRAWAL
        target = _where(session, row.post_key)
        _say(session, row, kind, f"{kind}:{row.id}:{row.version}", target, now, post=row.post_key)
        if row.readers != "cohort":
            row.post_key = None
    session.add(row)
    session.flush()


def _where(session: Session, post_key: str) -> Target:
    """Where the post is, even if the program's cohort channel is another one by now."""
    post = notices.get(session, post_key)
    return ToChannel(post.posted_channel) if post is not None and post.posted_channel else ToPurpose("cohort")


def _say(
    session: Session, row: Reflection, kind: str, key: str, target: Target, now: datetime, *, post: str | None = None
) -> None:
    refs: dict[str, str | int | None] = {"reflection": row.id, "version": row.version}
    if post is not None:
        refs["post"] = post
    notices.add(session, Notice(key, kind, target, now, row.program_id, refs), now)


def _receipt(session: Session, program: Program, row: Reflection) -> Receipt:
    assert row.id is not None
    found = rows.get(session, program.id, row.id)
    assert found is not None
    return _for_receipt(session, program, rows.handed(found))


def _receipt_of(session: Session, program: Program, row: Reflection, version: ReflectionVersion) -> Receipt:
    """The same right after it was written."""
    author = session.get_one(Person, row.author_id)
    organization = session.get(Organization, row.organization_id) if row.organization_id is not None else None
    return _for_receipt(session, program, rows.handed((row, version, author, organization)))


def _for_receipt(session: Session, program: Program, handed: Handed) -> Receipt:
    return Receipt(program, handed, facilitators(session, program.id), _cohort_channel(session, program))


def _cohort_channel(session: Session, program: Program) -> str | None:
    return channels.first_for(session, program.id, "cohort")
