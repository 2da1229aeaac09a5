"""Who may look after entries, which questions they may read for that, and who may be told what is kept."""

from __future__ import annotations

from sqlmodel import Session

from bot.domain.people import NotAllowed, Viewer
from bot.domain.programs import Audience, Program
from bot.domain.questions import ANSWERERS
from bot.services import people
from bot.services.programs import Programs
from storage import channels
from storage import people as people_rows
from storage.channels import Channel
from storage.questions import Question


def allowed(session: Session, viewer: Viewer, program: Program | None) -> Program | NotAllowed:
    """The program, if `viewer` answers its questions and looks after its entries."""
    if program is None:
        return NotAllowed(None)
    here = viewer.program
    if here is not None and here.id == program.id and viewer.has(*ANSWERERS):
        return program
    return NotAllowed(program, people.facilitators(session, program.id))


def program_of(session: Session, programs: Programs, row: Question | None, viewer: Viewer) -> Program | None:
    """The question's program; of a question of which that could not be told, and of any message, the viewer's."""
    if row is None or row.program_id is None:
        return viewer.program
    return programs.by_id(session, row.program_id)


def readable(session: Session, question: Question) -> bool:
    """Whether facilitators may read what was asked: what people ask for their own eyes stays theirs."""
    in_channel = question.place == "channel"
    return readable_in(question, channels.get(session, question.team, question.channel) if in_channel else None)


def readable_in(question: Question, room: Channel | None) -> bool:
    """The same where the channel is known in which it was asked, if it was one."""
    if question.handed_at or question.shared_at or question.via:
        return True
    return room is not None and (not room.private or room.program_id == question.program_id is not None)


def audience_of(session: Session, question: Question) -> Audience:
    """Who should be told an answer, if nobody says otherwise: in private whoever is like the asker."""
    if question.place == "channel":
        return audience_in(session, question.team, question.channel)
    held = people_rows.memberships(session, question.asker_id)
    inside = [one for one in held if one.state == "active" and one.program_id == question.program_id]
    return "cohort" if any(one.role in ("participant", "coach") for one in inside) else "all"


def audience_in(session: Session, team: str, channel: str | None) -> Audience:
    """The same for what is said in a channel, or in none."""
    room = channels.get(session, team, channel) if channel else None
    return "cohort" if room is not None and room.purpose == "cohort" else "all"
