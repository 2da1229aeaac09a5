"""The figures of a program's answering. What was asked for nobody else's eyes is counted, and its words left out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time

from sqlmodel import Session

from bot.domain import faq_report as rules
from bot.domain.faq_report import Asked, Report
from bot.domain.programs import Program
from bot.services.entries_access import readable_in
from storage import channels
from storage import faq_report as rows
from storage.channels import Channel
from storage.questions import Question, QuestionAnswer

Rooms = Mapping[tuple[str, str], Channel]


def report(*, session: Session, program: Program, since: date | None = None) -> Report:
    """Everything that was asked about a program since a day of its calendar, and what became of it."""
    begin = datetime.combine(since, time.min, program.tz).astimezone(UTC) if since is not None else None
    rooms = {(room.team, room.channel_id): room for room in channels.every(session)}
    votes, answers = rows.votes(session, program.id), rows.first_answers(session, program.id)
    asked = [
        _asked(row, _room(rooms, row), answers.get(row.id or 0), votes.get(row.id or 0, (0, 0)))
        for row in rows.asked_since(session, program.id, begin)
    ]
    figures = rules.of_entries(asked, program.entries)
    return Report(
        program=program.slug,
        name=program.name,
        since=since,
        all=rules.count(asked),
        kinds=rules.by_kind(asked),
        languages=rules.by_language(asked),
        entries=figures,
        never=rules.never(program.entries, figures),
        missed=rules.gather(asked),
        missed_private=sum(one.missed and not one.settled and one.text is None for one in asked),
        unplaced=len(rows.asked_since(session, None, begin)),
    )


def _room(rooms: Rooms, row: Question) -> Channel | None:
    if row.place != "channel":
        return None
    return rooms.get((row.team, row.channel)) or rooms.get(("", row.channel))


def _asked(row: Question, room: Channel | None, answer: QuestionAnswer | None, votes: tuple[int, int]) -> Asked:
    return Asked(
        asked_at=row.asked_at,
        kind=_kind(row, room),
        language=row.language,
        text=row.text if readable_in(row, room) else None,
        outcome=row.outcome,
        entry=row.entry,
        also=tuple(row.also),
        suggestions=tuple(row.suggestions),
        chosen=row.chosen,
        none_fits=row.none_fits,
        handed_at=row.handed_at,
        person_at=answer.answered_at if answer is not None else None,
        person_entry=answer.entry if answer is not None else None,
        settled=row.kept_as is not None or row.withdrawn_at is not None,
        helpful=votes[0],
        not_helpful=votes[1],
    )


def _kind(row: Question, room: Channel | None) -> str:
    """What its channel is for, or how else a question came."""
    if row.via is not None or row.place != "channel":
        return row.via or row.place
    return room.purpose if room is not None and room.purpose != "none" else "channel"
