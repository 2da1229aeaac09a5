"""`convene doctor`: look at everything that has to be right, and say what to do about what is not."""

from __future__ import annotations

from dataclasses import replace

import typer
from rich.markup import escape
from sqlalchemy.exc import ArgumentError
from sqlmodel import Session

from bot import app as composition
from bot import clock, config
from bot.cli.common import out, settings
from bot.config import Settings
from bot.domain import doctor as rules
from bot.domain.doctor import DatabaseFacts, Facts, ProgramFacts, RoomFacts, SlackFacts
from bot.domain.programs import Program
from bot.services import channels as channel_services
from bot.services import documents, holds, modes
from bot.services.programs import Programs
from bot.services.vectors import Vectors
from bot.slack import Slack, SlackError
from bot.views import documents as document_views
from bot.views import holds as hold_views
from bot.views import manifest as manifests
from bot.views import modes as mode_views
from storage import channels, migrations, notices, people
from storage.database import Database, answers

MARKS = {"good": "[green]ok[/]   ", "look": "[yellow]look[/] ", "wrong": "[red]wrong[/]"}


def add(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("doctor")(doctor)


def doctor() -> None:
    """Check tokens, scopes, channels, database, clock and program; ends with 1 when something is wrong."""
    findings = rules.examine(gather(settings()))
    for finding in findings:
        out().print(f"{MARKS[finding.level]} {escape(finding.what)}")
        if finding.todo:
            out().print(f"      → {escape(finding.todo)}")
    if any(finding.level == "wrong" for finding in findings):
        raise typer.Exit(1)


def gather(told: Settings) -> Facts:
    """Look at everything; whatever cannot be looked at is a fact of its own."""
    slack = Slack(told.bot_token or "", told.api_url)
    found = _slack(slack) if told.bot_token else None
    database, programs = _stored(told.database_url, slack if found is not None and found.problem is None else None)
    wanted, optional = manifests.scopes(composition.heard())
    return Facts(
        database=database,
        settings_missing=config.missing_for_slack(told),
        slack=found,
        wanted=frozenset(wanted),
        optional=frozenset(optional),
        socket=_socket(slack, told.app_token) if told.app_token else None,
        model_missing=Vectors(folder=told.model_dir).trouble,
        programs=programs,
    )


def _stored(url: str, slack: Slack | None) -> tuple[DatabaseFacts, tuple[ProgramFacts, ...] | None]:
    try:
        db = Database(url)
    except (ArgumentError, ValueError, OSError) as error:
        return DatabaseFacts(problem=str(error)), None
    file = str(db.url.database) if db.is_sqlite else None
    try:
        if db.is_missing:
            return DatabaseFacts(missing=True, file=file), None
        problem = answers(db)
        if problem is not None:
            return DatabaseFacts(problem=problem, file=file), None
        if not migrations.is_current(db):
            return DatabaseFacts(current=False, file=file), None
        return DatabaseFacts(file=file), _programs(db, slack)
    finally:
        db.close()


def _socket(slack: Slack, app_token: str) -> str:
    try:
        slack.socket_address(app_token)
    except SlackError as error:
        return error.code
    return ""


def _slack(slack: Slack) -> SlackFacts:
    try:
        who = slack.identity()
    except SlackError as error:
        return SlackFacts(problem=error.code)
    skew = clock.wall() - who.answered_at if who.answered_at else None
    return SlackFacts(team=who.team_name, granted=who.scopes, skew=skew)


def _programs(db: Database, slack: Slack | None) -> tuple[ProgramFacts, ...]:
    with db.read() as session:
        found = [
            (_program(session, program), channels.of_program(session, program.id))
            for program in Programs().all(session)
        ]
    return tuple(
        replace(facts, rooms=tuple(_room(slack, row) for row in rooms if row.purpose != "none"))
        for facts, rooms in found
    )


def _program(session: Session, program: Program) -> ProgramFacts:
    roster = people.roster(session, program.id)
    samples = modes.samples(program)
    standing = holds.standing(session=session, program=program, now=clock.wall())
    unread = documents.troubles(session=session, program=program)
    return ProgramFacts(
        name=program.name,
        facilitators=sum(
            one.role == "facilitator" and one.state == "active" and not who.gone for one, who, _ in roster
        ),
        samples=len(samples),
        made_up=tuple(one.name for one in samples),
        demo=program.mode == "demo",
        practice=mode_views.mode_line(program) if program.mode == "practice" else "",
        holds=tuple(hold_views.lines(standing)),
        refused=len(notices.by_state(session, ("refused",), program.id)),
        documents=tuple((document_views.trouble(one), document_views.todo(one)) for one in unread),
    )


def _room(slack: Slack | None, row: channels.Channel) -> RoomFacts:
    name, answering = row.name or row.channel_id, channel_services.as_setting(row).answers
    if slack is None:
        return RoomFacts(name, row.purpose, seen=False, answers=answering)
    try:
        room = slack.room(row.channel_id)
    except SlackError as error:
        return RoomFacts(name, row.purpose, problem=error.code, answers=answering)
    return RoomFacts(
        room.name or name,
        row.purpose,
        None,
        room.member,
        room.archived,
        room.private,
        room.shared,
        answers=answering,
    )
