"""`convene channel`: say what a channel is for, without Slack's help."""

from __future__ import annotations

import difflib
import re
from typing import Annotated, Literal

import typer

from bot.cli.common import ProgramOption, chosen_program, database, err, out, refuse, settings, team_of
from bot.clock import wall
from bot.domain.channels import ANSWERING, UNSEEN, USES, Answering, Assigned, Room, Use, is_use
from bot.domain.doctor import ANSWERS
from bot.domain.programs import Program
from bot.services import channels
from bot.services.programs import Programs
from bot.slack import Slack, SlackError
from storage.database import JOB_PATIENCE, Busy

WORDS = {"nothing": "none"}
ANSWER: dict[str, Answering | Literal["usual"]] = {**dict(zip(ANSWERING, ANSWERING, strict=True)), "usual": "usual"}


def add(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    group = typer.Typer(help="Channels.", no_args_is_help=True)
    group.callback()(lambda: None)
    group.command("set")(set_)
    app.add_typer(group, name="channel")


def set_(
    channel: Annotated[str, typer.Argument(metavar="CHANNEL", help="The channel's id: C… or G….")],
    purpose: Annotated[str, typer.Argument(metavar="PURPOSE", help="cohort, applicants, facilitators, or nothing.")],
    program: ProgramOption = None,
    answering: Annotated[
        str | None,
        typer.Option("--answering", help="When it speaks there: always, questions, mention, or usual for the purpose."),
    ] = None,
) -> None:
    """Say what a channel is for, and when the bot speaks there. The bot has to be in it: /invite it there."""
    use, speaking = _use(purpose), _answering(answering)
    if not re.fullmatch(r"[CG][A-Z0-9]{2,}", channel):
        how = "In Slack, open the channel's details; the id stands at the very bottom and begins with C or G."
        refuse(f"{channel!r} is not the id of a channel. {how}")
    room = _room(channel)
    with database(create=True) as db:
        team = team_of(db)
        try:
            with db.begin(patience=JOB_PATIENCE) as session:
                whole = chosen_program(session, program)
                done = channels.assign(
                    session=session,
                    programs=Programs(),
                    team=team,
                    by=None,
                    channel=channel,
                    use=use,
                    program_id=whole.id,
                    room=room,
                    now=wall(),
                    answering=speaking,
                )
        except Busy:
            refuse("The database is busy; nothing was changed. Try again in a minute.")
    assert isinstance(done, Assigned)
    _tell(done, whole, room)


def _use(word: str) -> Use:
    use = WORDS.get(word.lower(), word.lower())
    if not is_use(use):
        near = difflib.get_close_matches(use, [*USES, *WORDS], 1)
        guess = f" Did you mean {near[0]}?" if near else ""
        refuse(f"{word!r} is not a purpose.{guess} Purposes: cohort, applicants, facilitators, nothing.")
    return use


def _answering(word: str | None) -> Answering | Literal["usual"] | None:
    if word is None:
        return None
    found = ANSWER.get(word.lower())
    if found is None:
        near = difflib.get_close_matches(word.lower(), ANSWER, 1)
        guess = f" Did you mean {near[0]}?" if near else ""
        refuse(f"{word!r} does not say when to answer.{guess} There is: {', '.join(ANSWER)}.")
    return found


def _room(channel: str) -> Room | None:
    """The channel as Slack shows it; None while there is no token, or Slack does not answer."""
    given = settings()
    if given.bot_token is None:
        return None
    try:
        room = Slack(given.bot_token, given.api_url).room(channel)
    except SlackError as error:
        if error.code in UNSEEN:
            refuse(f"I cannot see the channel {channel}. Open it in Slack, type /invite @Convene, and try again.")
        err().print(f"Slack does not show the channel ({error.code}); it is set without having looked.", markup=False)
        return None
    if room.archived:
        refuse(f"#{room.name} is archived. Take it out of the archive, or choose another channel.")
    if not room.member:
        refuse(f"I am not in #{room.name}. Open it in Slack, type /invite @Convene, and try again.")
    return room


def _tell(done: Assigned, program: Program, room: Room | None) -> None:
    name = f"#{room.name}" if room is not None and room.name else done.channel
    what = {
        "cohort": f"is the cohort's channel of {program.name}",
        "applicants": f"is for applicants' questions about {program.name}",
        "facilitators": f"is the facilitators' channel of {program.name}",
        "none": "has no purpose",
    }[done.use]
    out().print(f"{name} {what} now. {ANSWERS[done.answering]}", markup=False)
    for other in done.instead_of:
        out().print(f"It takes over from {other}, which has no purpose now.", markup=False)
    for why in done.exposed:
        readers = "everybody in the workspace" if why == "public" else "people of another organization"
        err().print(f"Careful: this channel is {why}; {readers} can read it.", style="yellow", markup=False)
