"""What can be wrong with a set-up, from facts that somebody else has gathered; and what to do about each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from bot.domain.channels import Answering

Level = Literal["good", "look", "wrong"]
MOST_SKEW = timedelta(seconds=60)
TOKEN_TROUBLE = frozenset(
    {
        "invalid_auth",
        "not_authed",
        "account_inactive",
        "token_revoked",
        "token_expired",
        "not_allowed_token_type",
        "missing_scope",
    }
)
SOCKET_OFF = frozenset({"socket_mode_not_enabled", "forbidden_team"})
ANSWERS: dict[Answering, str] = {
    "always": "The bot answers whatever is asked there.",
    "questions": "The bot answers the questions there that it is sure about.",
    "mention": "The bot answers there when it is mentioned.",
}
PURPOSES = {
    "facilitators": "questions that nobody could answer and the digest",
    "cohort": "convenings and homework",
    "applicants": "the dates of the application season",
}


@dataclass(frozen=True)
class Finding:
    """One thing looked at: how it is, and, unless it is good, what to do."""

    level: Level
    what: str
    todo: str = ""


@dataclass(frozen=True)
class DatabaseFacts:
    """What became of looking at the database: `problem` in the driver's words, `file` when it is one."""

    problem: str | None = None
    missing: bool = False
    current: bool = True
    file: str | None = None


@dataclass(frozen=True)
class SlackFacts:
    """What Slack said of the bot, or the code with which it refused; `skew` is the wall clock less Slack's."""

    problem: str | None = None
    team: str = ""
    granted: frozenset[str] = frozenset()
    skew: timedelta | None = None


@dataclass(frozen=True)
class RoomFacts:
    """One channel that is set, and how Slack shows it; `problem` is Slack's code when it would not.

    `seen` is false while Slack could not be asked. `answers` is when the bot speaks there.
    """

    name: str
    purpose: str
    problem: str | None = None
    member: bool = True
    archived: bool = False
    private: bool = True
    shared: bool = False
    seen: bool = True
    answers: Answering = "mention"


@dataclass(frozen=True)
class ProgramFacts:
    """A program in the database: how much of it is samples, who runs it, and where it speaks.

    `documents` is what is the matter with each that could not be read, and what to do about it. `made_up` names each
    sample by its section and id; `practice` and `holds` are sentences about what is not said for now.
    """

    name: str
    facilitators: int
    samples: int
    rooms: tuple[RoomFacts, ...] = ()
    refused: int = 0
    documents: tuple[tuple[str, str], ...] = ()
    made_up: tuple[str, ...] = ()
    demo: bool = False
    practice: str = ""
    holds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Facts:
    """All that was found out; a part that could not be looked at is None.

    `socket` is Slack's answer to the app-level token: empty when it opens Socket Mode, else a code; `model_missing` why
    questions cannot be matched by meaning.
    """

    database: DatabaseFacts
    settings_missing: tuple[str, ...]
    slack: SlackFacts | None
    wanted: frozenset[str]
    optional: frozenset[str]
    socket: str | None = None
    model_missing: str | None = None
    programs: tuple[ProgramFacts, ...] | None = None


def examine(facts: Facts) -> tuple[Finding, ...]:
    """Every finding, in the order in which things have to be mended."""
    return tuple(_all(facts))


def _all(facts: Facts) -> Iterator[Finding]:
    yield _database(facts.database)
    for sentence in facts.settings_missing:
        yield Finding("wrong", sentence, "Set it in the environment or in .env, then start again.")
    if facts.slack is not None:
        yield from _slack(facts.slack, facts.wanted, facts.optional)
    if facts.socket is not None:
        yield _socket(facts.socket)
    yield _model(facts.model_missing)
    if facts.programs is not None:
        yield from _programs(facts.programs)
        granted = facts.slack.granted if facts.slack is not None else frozenset()
        yield from _deaf([room for program in facts.programs for room in program.rooms], granted)


def _deaf(rooms: Iterable[RoomFacts], granted: frozenset[str]) -> Iterator[Finding]:
    """Channels in which the bot is to answer what mentions nobody, and cannot read it."""
    for room in rooms:
        scope = "groups:history" if room.private else "channels:history"
        if granted and room.seen and room.answers != "mention" and scope not in granted:
            what = f"#{room.name}: questions that do not mention the bot are not heard without the scope {scope}."
            yield Finding("look", what, _reinstall())


def _database(found: DatabaseFacts) -> Finding:
    if found.missing:
        return Finding("wrong", f"There is no database yet: {found.file} is not there.", "Run: convene db upgrade")
    if found.problem is not None:
        todo = "Check DATABASE_URL, and that the server runs."
        return Finding("wrong", f"The database does not answer: {found.problem}", todo)
    if not found.current:
        return Finding("wrong", "The database is not up to date.", "Run: convene db upgrade")
    if found.file is not None:
        note = "Keep it on a disk that lasts, and let one process use it: with more than one, use PostgreSQL."
        return Finding("good", f"The database answers and is up to date. It is the file {found.file}.", note)
    return Finding("good", "The database answers and is up to date.")


def _model(missing: str | None) -> Finding:
    if missing is None:
        return Finding("good", "Questions are matched by meaning.")
    todo = "Install Convene again with all it needs, or correct CONVENE_MODEL_DIR."
    return Finding("look", f"Questions are matched by their words alone. {missing}", todo)


def _socket(code: str) -> Finding:
    if not code:
        return Finding("good", "The app-level token opens Socket Mode.")
    what = f"Slack refuses the app-level token: {code}"
    if code in TOKEN_TROUBLE:
        todo = "Make one with the scope connections:write on “Basic Information” and put it into SLACK_APP_TOKEN."
        return Finding("wrong", what, todo)
    if code in SOCKET_OFF:
        return Finding("wrong", what, "Switch on Socket Mode on the app's page “Socket Mode”.")
    return Finding("wrong", f"Socket Mode cannot be opened: {code}", "Check the network and SLACK_API_URL.")


def _slack(slack: SlackFacts, wanted: frozenset[str], optional: frozenset[str]) -> Iterator[Finding]:
    if slack.problem is not None:
        said = "Slack refuses the bot token" if slack.problem in TOKEN_TROUBLE else "Slack cannot be asked"
        yield Finding("wrong", f"{said}: {slack.problem}", _token_todo(slack.problem))
        return
    yield Finding("good", f"Slack knows the bot in the workspace {slack.team}.")
    missing = sorted(wanted - optional - slack.granted)
    if missing:
        yield Finding("wrong", f"The app lacks scopes: {', '.join(missing)}", _reinstall())
    elif slack.granted:
        yield Finding("good", "The app has every scope it needs.")
    left_out = sorted(optional - slack.granted)
    if left_out and slack.granted:
        yield Finding("look", f"Optional scopes are not granted: {', '.join(left_out)}", _reinstall())
    if slack.skew is not None and abs(slack.skew) > MOST_SKEW:
        seconds = int(abs(slack.skew).total_seconds())
        behind = "behind" if slack.skew < timedelta() else "ahead of"
        yield Finding(
            "wrong", f"This machine's clock is {seconds} seconds {behind} Slack's.", "Switch on time synchronization."
        )
    elif slack.skew is not None:
        yield Finding("good", "The clock agrees with Slack's.")


def _token_todo(code: str) -> str:
    if code in TOKEN_TROUBLE:
        return "Copy the bot token (xoxb-…) anew from the app's page “OAuth & Permissions” into SLACK_BOT_TOKEN."
    return "Check the network and SLACK_API_URL, then try again."


def _reinstall() -> str:
    return "Paste the output of `convene manifest` into the app's page “App Manifest”, then reinstall the app."


def _programs(programs: tuple[ProgramFacts, ...]) -> Iterator[Finding]:
    if not programs:
        yield Finding(
            "wrong", "There is no program yet.", "Set one up in the Home of the bot, or run: convene program load FILE"
        )
    for program in programs:
        yield Finding("good", f"The program {program.name} is loaded.")
        if program.samples:
            said = "marked as such" if program.demo else "never posted"
            what = f"{program.name}: {program.samples} samples are made up, and {said}: {', '.join(program.made_up)}"
            todo = "Fill each in: the bot's Home, Samples, Fill in; or in the program file, and load it again."
            yield Finding("look", what, todo)
        if program.practice:
            yield Finding("look", f"{program.name}: {program.practice}", "When it is ready: the bot's Home, Go live.")
        for hold in program.holds:
            yield Finding("look", f"{program.name}: {hold}", "To let posts go out again: the bot's Home, Resume.")
        for what, todo in program.documents:
            yield Finding("look", f"{program.name}: {what}", todo)
        if not program.facilitators:
            todo = "Run: convene people grant SLACK_USER_ID facilitator, or import a list: convene people import FILE"
            yield Finding("wrong", f"{program.name}: nobody is a facilitator.", todo)
        if program.refused:
            what = f"{program.name}: Slack refused {program.refused} messages for good."
            yield Finding("look", what, "See which, and why: /convene status")
        yield from _rooms(program)


def _rooms(program: ProgramFacts) -> Iterator[Finding]:
    have = {room.purpose for room in program.rooms}
    for purpose, what_for in PURPOSES.items():
        if purpose not in have:
            level: Level = "wrong" if purpose == "facilitators" else "look"
            todo = f"Invite the bot to the channel for {what_for}, or run: convene channel set CHANNEL {purpose}"
            yield Finding(level, f"{program.name}: no channel is set for {purpose}.", todo)
    for room in program.rooms:
        if room.seen:
            yield _room(room)


def _room(room: RoomFacts) -> Finding:
    if room.problem is not None:
        return Finding(
            "wrong",
            f"#{room.name}: Slack does not show it ({room.problem}).",
            f"Invite the bot: /invite in #{room.name}.",
        )
    if room.archived:
        return Finding(
            "wrong", f"#{room.name} is archived.", "Unarchive it, or set another channel: convene channel set"
        )
    if not room.member:
        return Finding("wrong", f"The bot is not in #{room.name}.", f"Invite it: /invite in #{room.name}.")
    if room.purpose == "facilitators" and (room.shared or not room.private):
        seen = "shared with other workspaces" if room.shared else "public"
        return Finding(
            "look",
            f"#{room.name} is for facilitators and is {seen}.",
            "Use a private channel: names and counts are posted there.",
        )
    return Finding("good", f"#{room.name} serves as the channel for {room.purpose}. {ANSWERS[room.answers]}")
