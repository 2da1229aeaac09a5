"""An entry as it is written down: its body, checked with the whole program, and that somebody has looked at it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any, get_args

from sqlmodel import Session

from bot.domain.entries import Field, Problem, Rejected
from bot.domain.people import Viewer
from bot.domain.programs import Entry, Program, Verified
from bot.services import programs as program_service
from bot.services.program_schema import Body
from bot.services.programs import Edited, NotThere, Programs
from storage import changes
from storage import programs as program_rows
from storage.entries import EntrySave
from storage.questions import Question

SECTION = "faq"
LABEL = 75
"""The longest name that a verification has room for."""
_FIELDS: dict[str, Field] = {name: name for name in get_args(Field)}


@dataclass(frozen=True)
class Writer:
    """Somebody who may write a program's entries, at `now`; `key` is of the form or the button with which they do."""

    session: Session
    programs: Programs
    program: Program
    viewer: Viewer
    key: str
    now: datetime

    @property
    def today(self) -> date:
        """The program's calendar day."""
        return self.program.local_day(self.now)

    @property
    def name(self) -> str:
        """How they are named under what they have verified."""
        return self.viewer.name[:LABEL]


def held(writer: Writer) -> Writer:
    """The same with the program as it is while nobody else can change it."""
    program_rows.held(writer.session, writer.program.slug)
    return current(writer)


def current(writer: Writer) -> Writer:
    """The same with the program as it is now."""
    program = writer.programs.by_id(writer.session, writer.program.id)
    return replace(writer, program=program) if program is not None else writer


def body_of(writer: Writer, entry: str) -> Body:
    """An entry as it is stored."""
    items = program_rows.items(writer.session, writer.program.id)
    return dict(next(one.body for one in items if one.section == SECTION and one.key == entry))


def put(writer: Writer, entry: str, body: Body | None) -> Edited | NotThere | program_service.Rejected:
    """Put an entry into the program, or take it out, after the whole program was checked with that."""
    return program_service.edit_item(
        session=writer.session,
        slug=writer.program.slug,
        section=SECTION,
        key=entry,
        body=body,
        by=writer.viewer.user,
        now=writer.now,
    )


def write(writer: Writer, entry: str, body: Body) -> Rejected | None:
    """Write an entry; what is wrong, by field of the form."""
    match put(writer, entry, body):
        case Edited():
            return None
        case program_service.Rejected(problems):
            mine = _place(writer, entry)
            return Rejected(tuple(dict.fromkeys(_problem(path, says, mine) for path, says in problems)))
        case NotThere():
            return Rejected((Problem("entry", "gone"),))


def note(
    writer: Writer, entry: str, what: str, question: Question | None = None, wording: str | None = None
) -> EntrySave:
    """Note what somebody has done with an entry: because of which question, and which way to ask it they added."""
    save = EntrySave(
        key=writer.key,
        program_id=writer.program.id,
        entry=entry,
        what=what,
        question_id=question.id if question is not None else None,
        person_id=writer.viewer.person_id,
        wording=wording,
        saved_at=writer.now,
    )
    writer.session.add(save)
    writer.session.flush()
    return save


def as_written(writer: Writer, entry: str) -> tuple[Program, Entry]:
    """An entry and its program as they are after it was written."""
    program = current(writer).program
    found = program.entry(entry)
    assert found is not None
    return program, found


def last_change(writer: Writer, entry: str) -> int | None:
    """The number on record of the last change of an entry."""
    last = changes.last_of_key(writer.session, writer.program.id, program_service.CHANGE, f"{SECTION}/{entry}")
    return last.id if last is not None else None


def verification(verified: Verified) -> dict[str, Any]:
    """Who has verified an entry, when and until when, as it is stored."""
    said = {name: value for name, value in asdict(verified).items() if value is not None}
    return {name: value if isinstance(value, str) else value.isoformat() for name, value in said.items()}


def _place(writer: Writer, entry: str) -> str:
    """Where in the program an entry stands when it is checked: behind all the others."""
    items = program_rows.items(writer.session, writer.program.id)
    others = [one for one in items if one.section == SECTION and one.key != entry]
    return f"{SECTION}.{len(others)}"


def _problem(path: str, says: str, mine: str) -> Problem:
    if path == mine or path.startswith(f"{mine}."):
        return Problem(_field(path), "wrong", says)
    return Problem("question", "elsewhere", f"{path}: {says}")


def _field(path: str) -> Field:
    """The field of a form that a place in an entry belongs to, as in `faq.12.translations.es.answer`."""
    parts = path.split(".")[2:]
    if "verified" in parts:
        return "until"
    if "translations" in parts:
        return "spanish_question" if parts[-1] == "question" else "spanish_answer"
    return _FIELDS.get(parts[0], "answer") if parts else "answer"
