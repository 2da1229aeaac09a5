"""Documents dropped into a conversation: offered, read when somebody wants that, and taken out again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import get_args

from sqlmodel import Session

from bot.domain import drops as rules
from bot.domain.changes import Author, Change, ChangedSince, Stands, Undone
from bot.domain.documents import Read, Trouble, Unread
from bot.domain.drops import (
    LEASE,
    Before,
    Dropped,
    Failure,
    Form,
    Gone,
    Kept,
    Listing,
    Rejected,
    State,
    Wanted,
)
from bot.domain.messages import Dropped as File
from bot.domain.notices import Notice, Refs, ToChannel
from bot.domain.people import NotAllowed, Role, Viewer
from bot.domain.programs import Audience, Document, Program
from bot.domain.questions import Where
from bot.domain.written import clean
from bot.services import changes, documents, people
from bot.services import programs as program_service
from bot.services.programs import Edited, Name, Programs
from storage import channels, notices
from storage import documents as document_rows
from storage import drops as rows
from storage import people as people_rows
from storage import programs as program_rows
from storage.drops import DroppedFile
from storage.people import Person

OFFER = "drops.offer"
OUTCOME = "drops.outcome"
WORD = "drops.word"
RECORD = "document"
"""The kind under which changes are on record."""
SECTION = "documents"
MOST_DOCUMENTS = 60
RUN_IT: tuple[Role, ...] = ("facilitator", "admin")
STATES: dict[str, State] = {name: name for name in get_args(State)}
WHY: dict[str, Trouble | Failure] = {name: name for name in (*get_args(Trouble), *get_args(Failure))}
AUDIENCES: dict[str, Audience] = {name: name for name in rules.AUDIENCES}


def concerns(*, session: Session, team: str, where: Where) -> bool:
    """Whether files may be dropped there: directly, or in a facilitators' channel."""
    if where.place == "direct":
        return True
    known = channels.get(session, team, where.channel)
    return known is not None and known.purpose == "facilitators"


def take(
    *,
    session: Session,
    programs: Programs,
    viewer: Viewer,
    where: Where,
    files: Sequence[File],
    key: str,
    alone: bool,
    now: datetime,
) -> None:
    """Offer what can be read of a message's files, each once; `alone`: it has no words, so that somebody answers.

    Others than those who run a program are told, directly and only then, what to do instead.
    """
    runs = _runs(session, programs, viewer, where)
    readable = [one for one in files if rules.is_readable(one.name)] if runs else []
    for file in readable[: rules.MOST]:
        if rows.of_file(session, viewer.team, file.id) is None:
            _offer(session, viewer, where, file, runs, now)
    if alone and not readable and where.place == "direct":
        refs: Refs = {"person": viewer.person_id, "runs": int(bool(runs)), "name": files[0].name[:80]}
        notices.add(session, Notice(f"{WORD}:{key}", WORD, _place(where), now, _id(viewer.program), refs), now)


def form(*, session: Session, viewer: Viewer, drop_id: int) -> Form | Before | Gone | NotAllowed:
    """What the form asks about a file that is offered."""
    program = _allowed(session, viewer)
    if isinstance(program, NotAllowed):
        return program
    row = rows.get(session, drop_id)
    if row is None or not _is_offered(session, row, viewer):
        return Gone(program)
    if _is_settled(row, program):
        return Before(program, as_dropped(row, (program,)))
    return Form(program, as_dropped(row, (program,)), program.documents)


def use(
    *,
    session: Session,
    viewer: Viewer,
    drop_id: int,
    title: str,
    audience: str,
    replaces: str | None,
    now: datetime,
) -> Wanted | Before | Rejected | Gone | NotAllowed:
    """Have a file read as a source of answers; of two who want that at once one decides how."""
    program = _allowed(session, viewer)
    if isinstance(program, NotAllowed):
        return program
    row = rows.held(session, drop_id)
    if row is None or not _is_offered(session, row, viewer):
        return Gone(program)
    if _is_settled(row, program):
        return Before(program, as_dropped(row, (program,)))
    name = " ".join(clean(title).split())
    wrong = rules.problems(name, replaces, program.documents, MOST_DOCUMENTS)
    if wrong:
        return Rejected(wrong)
    row.program_id, row.wanted_by, row.title = program.id, viewer.person_id, name
    row.audience, row.replaces = AUDIENCES.get(audience, "all"), replaces
    row.state, row.tries, row.attempts, row.retry_at, row.trouble = "wanted", row.tries + 1, 0, None, None
    session.add(row)
    session.flush()
    notices.wake(session)
    return Wanted(program, name)


# Reading one


def waits(*, session: Session, now: datetime) -> bool:
    """Whether there is a file to be read now."""
    return rows.to_read(session, now) is not None


def claim(*, session: Session, now: datetime) -> tuple[int, File, Document] | None:
    """A file that is to be read now; whoever else looks does not get it before `LEASE` is over."""
    due = rows.to_read(session, now)
    row = rows.held(session, due.id) if due is not None and due.id is not None else None
    if row is None or row.id is None or row.state != "wanted" or (row.retry_at is not None and row.retry_at > now):
        return None
    row.retry_at, row.attempts = now + LEASE, row.attempts + 1
    session.add(row)
    document = Document(key="", title=row.title, path=row.name, audience=AUDIENCES.get(row.audience, "all"))
    return row.id, File(row.file_id, row.name, row.size), document


def later(*, session: Session, drop_id: int, now: datetime, wait: timedelta | None = None) -> None:
    """Slack did not give it at the moment: it is asked again, so many times."""
    row = rows.held(session, drop_id)
    if row is None or row.state != "wanted":
        return
    if row.attempts >= rules.MOST_ATTEMPTS:
        _end(session, row, "Slack", now)
        return
    row.retry_at = now + max(wait or rules.AGAIN, rules.AGAIN)
    session.add(row)


def failed(*, session: Session, drop_id: int, why: Failure, now: datetime) -> None:
    """It cannot be had: nothing is changed."""
    row = rows.held(session, drop_id)
    if row is not None and row.state == "wanted":
        _end(session, row, why, now)


def finish(
    *, session: Session, programs: Programs, drop_id: int, reading: Read | Unread, mark: str, now: datetime
) -> None:
    """What was read becomes a document of the program, or why nothing could be read is said; once.

    `mark` is a short name for the file's contents.
    """
    row = rows.held(session, drop_id)
    if row is None or row.state != "wanted" or row.program_id is None:
        return
    program = programs.by_id(session, row.program_id)
    if program is None:
        _end(session, row, "refused", now)
        return
    if isinstance(reading, Unread):
        _end(session, row, reading.why, now)
        return
    known = document_rows.of_program(session, program.id)
    same = next((one for one, at in known.items() if at.fingerprint == reading.fingerprint), None)
    if same is not None and same != row.replaces:
        row.key = same
        _end(session, row, "twice", now)
        return
    _keep(session, program, row, reading, mark, now)


def _keep(session: Session, program: Program, row: DroppedFile, reading: Read, mark: str, now: datetime) -> None:
    before = program.document(row.replaces) if row.replaces is not None else None
    taken = {one.key for one in program_rows.items(session, program.id, removed=True) if one.section == SECTION}
    key = before.key if before is not None else rules.key_for(row.title, taken)
    body = {"id": key, "title": row.title, "path": _path(row.name), "audience": row.audience, "dropped": mark}
    person = session.get(Person, row.wanted_by) if row.wanted_by is not None else None
    edited = program_service.edit(
        session=session,
        slug=program.slug,
        edits={Name(SECTION, key): body},
        by=person.user_id if person is not None else None,
        now=now,
        on_record=False,
    )
    if not isinstance(edited, Edited):
        _end(session, row, "refused", now)
        return
    documents.put(session=session, program_id=program.id, reading=_named(reading, key), now=now)
    row.state, row.key, row.trouble, row.retry_at = "used", key, None, None
    row.pages, row.passages, row.wordless = reading.pages, len(reading.pieces), reading.wordless
    _note(session, program, key, before, row.title, row.wanted_by, now)
    _tell(session, row, now)


def _end(session: Session, row: DroppedFile, why: Trouble | Failure, now: datetime) -> None:
    row.state, row.trouble, row.retry_at = "unread", why, None
    _tell(session, row, now)


def _tell(session: Session, row: DroppedFile, now: datetime) -> None:
    session.add(row)
    session.flush()
    where = Where("direct" if row.channel.startswith("D") else "channel", row.channel, row.ts, row.thread_ts)
    key = f"{OUTCOME}:{row.id}:{row.tries}"
    notices.add(session, Notice(key, OUTCOME, _place(where), now, row.program_id, {"drop": row.id}), now)
    if row.program_id is not None:
        people.show_again(session, row.program_id, *RUN_IT)


# Looking after them


def listing(*, session: Session, viewer: Viewer, removed: str = "") -> Listing | NotAllowed:
    """All documents of a program, with how much can be quoted of each."""
    program = _allowed(session, viewer)
    if isinstance(program, NotAllowed):
        return program
    there = document_rows.of_program(session, program.id)
    counts = document_rows.counts(session, program.id)
    troubles = {one.document.key: one.why for one in documents.troubles(session=session, program=program)}
    kept = (
        Kept(one, there[one.key].pages if one.key in there else 0, counts.get(one.key, 0), troubles.get(one.key))
        for one in program.documents
    )
    return Listing(viewer, tuple(kept), removed)


def remove(
    *, session: Session, programs: Programs, viewer: Viewer, key: str, now: datetime
) -> Listing | Gone | NotAllowed:
    """Take a document out of a program; nothing is quoted from it any more, and its words are deleted."""
    program = _allowed(session, viewer)
    if isinstance(program, NotAllowed):
        return program
    document = program.document(key)
    if document is None:
        return Gone(program)
    program_service.edit(
        session=session,
        slug=program.slug,
        edits={Name(SECTION, key): None},
        by=viewer.user,
        now=now,
        on_record=False,
    )
    documents.forget(session=session, program_id=program.id, key=key)
    _note(session, program, key, document, None, viewer.person_id, now)
    people.show_again(session, program.id, *RUN_IT)
    after = programs.by_id(session, program.id)
    return Gone(program) if after is None else _after(session, viewer, after, document.title)


def take_back(
    *, session: Session, programs: Programs, change: Change, author: Author, now: datetime
) -> Undone | ChangedSince | Stands:
    """A document that was added is taken out again; what was removed or replaced is deleted, and stays so."""
    program = programs.by_id(session, change.program_id)
    if change.before is not None or program is None:
        return Stands(change, "words deleted")
    if program.document(change.key) is None:
        return ChangedSince(change)
    edits = {Name(SECTION, change.key): None}
    program_service.edit(session=session, slug=program.slug, edits=edits, by=author.user, now=now, on_record=False)
    documents.forget(session=session, program_id=program.id, key=change.key)
    people.show_again(session, program.id, *RUN_IT)
    return Undone(change)


def told(*, session: Session, programs: Programs, drop_id: int) -> Dropped | None:
    """A file as it stands, for what is said about it."""
    row = rows.get(session, drop_id)
    if row is None:
        return None
    person = session.get(Person, row.person_id)
    meant = programs.by_id(session, row.program_id) if row.program_id is not None else None
    if meant is not None:
        return as_dropped(row, (meant,))
    where = Where("direct" if row.channel.startswith("D") else "channel", row.channel)
    return as_dropped(row, _runs_of(session, programs, row.team, person, where))


def as_dropped(row: DroppedFile, programs: Sequence[Program]) -> Dropped:
    """A file as a value."""
    same = programs[0].document(row.key) if programs and row.trouble == "twice" and row.key is not None else None
    return Dropped(
        id=row.id or 0,
        name=row.name,
        state=STATES[row.state],
        programs=tuple(programs),
        title=row.title or rules.proposed(row.name),
        audience=AUDIENCES.get(row.audience, "all"),
        replaced=row.replaces is not None,
        pages=row.pages,
        passages=row.passages,
        wordless=row.wordless,
        why=WHY.get(row.trouble) if row.trouble is not None else None,
        same=same.title if same is not None else "",
    )


def _offer(session: Session, viewer: Viewer, where: Where, file: File, runs: Sequence[Program], now: datetime) -> None:
    row = DroppedFile(
        team=viewer.team,
        file_id=file.id,
        name=file.name[:200],
        size=file.size,
        channel=where.channel,
        ts=where.ts or "",
        thread_ts=where.thread_ts,
        person_id=viewer.person_id,
        dropped_at=now,
    )
    refs = {"drop": rows.add(session, row)}
    key = f"{OFFER}:{viewer.team}:{file.id}"
    notices.add(session, Notice(key, OFFER, _place(where), now, runs[0].id, refs), now)


def _runs(session: Session, programs: Programs, viewer: Viewer, where: Where) -> tuple[Program, ...]:
    """The programs whose answers somebody may add to from there: the channel's, or directly all that they run."""
    person = session.get(Person, viewer.person_id)
    return _runs_of(session, programs, viewer.team, person, where)


def _runs_of(
    session: Session, programs: Programs, team: str, person: Person | None, where: Where
) -> tuple[Program, ...]:
    if person is None or person.id is None or person.gone:
        return ()
    held = people_rows.memberships(session, person.id)
    mine = {one.program_id for one in held if one.state == "active" and one.role in RUN_IT}
    known = channels.get(session, team, where.channel) if where.place == "channel" else None
    every = (one for one in programs.all(session) if one.id in mine)
    return tuple(one for one in every if where.place == "direct" or (known and known.program_id == one.id))


def _allowed(session: Session, viewer: Viewer) -> Program | NotAllowed:
    if viewer.program is not None and viewer.has(*RUN_IT):
        return viewer.program
    return people.not_allowed(session, viewer)


def _is_offered(session: Session, row: DroppedFile, viewer: Viewer) -> bool:
    """Whether a file was dropped where they can have seen it: to the bot by themselves, or in their own channel."""
    if row.team != viewer.team:
        return False
    if row.channel.startswith("D"):
        return row.person_id == viewer.person_id
    room = channels.get(session, row.team, row.channel)
    return room is not None and room.program_id == viewer.of_program.id


def _is_settled(row: DroppedFile, program: Program) -> bool:
    """Whether it is being read, or can be quoted already; what was taken out since can be used again."""
    there = row.key is not None and program.document(row.key) is not None
    return row.state == "wanted" or (row.state == "used" and there)


def _after(session: Session, viewer: Viewer, program: Program, removed: str) -> Listing | NotAllowed:
    return listing(session=session, viewer=replace(viewer, program=program), removed=removed)


def _note(
    session: Session,
    program: Program,
    key: str,
    before: Document | None,
    after: str | None,
    by: int | None,
    now: datetime,
) -> None:
    changes.note(
        session=session,
        program_id=program.id,
        kind=RECORD,
        key=key,
        before={"title": before.title} if before is not None else None,
        after={"title": after} if after is not None else None,
        by=by,
        now=now,
    )


def _named(reading: Read, key: str) -> Read:
    return replace(reading, document=replace(reading.document, key=key))


def _path(name: str) -> str:
    """The file's name, as the path of one that lies beside the program's file."""
    plain = "".join(char for char in name if char.isprintable() and char not in '/\\:*?"<>|').strip(". ~")
    return plain[:200] or "document"


def _place(where: Where) -> ToChannel:
    return ToChannel(where.channel, where.thread)


def _id(program: Program | None) -> int | None:
    return program.id if program is not None else None
