"""What a channel is for, in: the bot is invited, somebody says, somebody changes it."""

from __future__ import annotations

import logging
from typing import Literal

from slack_bolt import Ack, BoltContext

from bot.deps import Deps
from bot.domain.channels import UNSEEN, Assigned, Foreseen, NoProgram, NotAllowed, NotIn, Room, Use
from bot.domain.messages import Block
from bot.services import channels, people, reach
from bot.slack import SlackError, as_room
from bot.views import channels as views
from bot.views import ids
from bot.views.refusals import sorry, too_old
from handlers.behind import changed
from handlers.listen import Listeners
from handlers.reply import show, tell, turn, value
from handlers.request import Body, caller, key, team_of
from storage import inbound

log = logging.getLogger(__name__)


def invited(body: Body, event: Body, deps: Deps) -> None:
    """The bot itself is in a channel now. What Slack says of the channel and the inviter is asked before anything."""
    now, team, channel = deps.clock(), team_of(body), str(event["channel"])
    inviter = str(event.get("inviter") or "") or None
    seen, account = _room(deps, channel), None
    if isinstance(seen, Room) and seen.creator == event["user"]:
        # The bot has made it itself, for what somebody has told it.
        return
    if inviter is not None:
        try:
            account = deps.slack.account(inviter)
        except SlackError as error:
            log.warning("Slack does not say who invited the bot: %s", error.code)
    with deps.db.begin() as session:
        if not inbound.first_time(session, key(body), now):
            return
        if account is not None:
            people.learn(session=session, team=team, account=account, now=now)
        channels.invited(
            session=session,
            programs=deps.programs,
            team=team,
            channel=channel,
            inviter=inviter,
            room=seen if isinstance(seen, Room) else None,
            delivery=key(body),
            now=now,
        )


def answer(ack: Ack, body: Body, action: Body, deps: Deps) -> None:
    """One of the buttons under the question; the message says from then on what was decided."""
    program_id, channel = _meant(body)
    use = views.USE_OF[str(action["action_id"]).partition("#")[0]]
    if not channel:
        tell(ack, deps, body, too_old())
        return
    asked_at = str((body.get("message") or {}).get("ts") or "")
    outcome = _assign(deps, body, channel, use, program_id, asked_at)
    if isinstance(outcome, Assigned):
        ack()
        return
    tell(ack, deps, body, _words(outcome))


def open_form(ack: Ack, body: Body, deps: Deps) -> None:
    """*Change*, beside a channel."""
    _, channel = _meant(body)
    who = caller(body)
    with deps.db.begin() as session:
        person = people.meet(session=session, team=who.team, user=who.user, now=deps.clock())
        setting = channels.setting(session, who.team, channel)
        concerned = () if setting.program_id is None else (setting.program_id,)
        allowed = channels.may_set(session, person, *concerned)
        ask = channels.entitled(session, deps.programs, who.team, *concerned)
        every = deps.programs.all(session)
        programs = [(one.id, one.name) for one in every if channels.may_set(session, person, one.id)]
        known = any(one.channel == channel for one in channels.settings(session))
    if not allowed:
        tell(ack, deps, body, views.refusal(NotAllowed(ask)))
        return
    if not known:
        tell(ack, deps, body, too_old())
        return
    show(deps, body, views.form(setting, programs))
    ack()


def submit(ack: Ack, body: Body, view: Body, deps: Deps) -> None:
    """The form handed in: what follows from it."""
    channel, use, program_id, speaking = views.read(view)
    _foresee(ack, body, deps, channel, use, program_id, speaking)


def save(ack: Ack, body: Body, view: Body, deps: Deps) -> None:
    """*Save*. Where somebody else was quicker, what follows is shown once more."""
    channel, use, program_id, speaking, seen = views.read_save(view)
    with deps.db.read() as session:
        now = channels.setting(session, caller(body).team, channel)
    if now.seen != seen and (now.use, now.program_id or program_id) != (use, program_id):
        _foresee(ack, body, deps, channel, use, program_id, speaking, views.meanwhile(now))
        return
    outcome = _assign(deps, body, channel, use, program_id, speaking=speaking)
    if isinstance(outcome, Assigned):
        changed(body)
        ack(response_action="update", view=views.thanks(outcome))
        return
    ack(response_action="update", view=sorry(_words(outcome)))


def listing(ack: Ack, body: Body, deps: Deps) -> None:
    """*Channels*: all of a program's."""
    program_id, _ = ids.referred(value(body))
    with turn(deps, body, program_id) as (session, viewer, _now):
        found = channels.overview(session=session, viewer=viewer)
    if isinstance(found, NotAllowed):
        tell(ack, deps, body, views.refusal(found))
        return
    show(deps, body, views.listing(found))
    ack()


def archived(body: Body, event: Body, deps: Deps) -> None:
    """A channel was archived."""
    _happened(body, str(event["channel"]), deps, "archived")


def unarchived(body: Body, event: Body, deps: Deps) -> None:
    """A channel was taken out of the archive."""
    _happened(body, str(event["channel"]), deps, "unarchived")


def out(body: Body, event: Body, deps: Deps) -> None:
    """The bot was taken out of a channel."""
    _happened(body, str(event["channel"]), deps, "out")


def renamed(body: Body, event: Body, deps: Deps) -> None:
    """A channel has another name."""
    room = as_room(event["channel"])
    with deps.db.begin() as session:
        channels.renamed(session=session, team=team_of(body), channel=room.channel, name=room.name)


def left(body: Body, event: Body, context: BoltContext, deps: Deps) -> None:
    """Somebody is in a channel no more; perhaps the bot itself."""
    if event["user"] == context.bot_user_id:
        out(body, event, deps)
        return
    with deps.db.begin() as session:
        reach.moved(
            session=session, team=team_of(body), user=str(event["user"]), channel=str(event["channel"]), inside=False
        )


def listen(on: Listeners) -> None:
    """Note what this feature listens to; that the bot was invited arrives with everybody else's joining."""
    for kind in ("channel", "group"):
        on.event(f"{kind}_archive", archived)
        on.event(f"{kind}_unarchive", unarchived)
        on.event(f"{kind}_left", out)
        on.event(f"{kind}_rename", renamed)
    on.event("member_left_channel", left)
    on.action(ids.CHANNEL_LIST, listing)
    on.behind(ids.CHANNEL_WINDOW, _again)
    on.view(ids.CHANNEL_SAVE_FORM, save)
    for action_id in views.USE_OF:
        on.action(action_id, answer)
    on.action(ids.CHANNEL_CHANGE, open_form)
    on.view(ids.CHANNEL_FORM, submit)


def _again(deps: Deps, body: Body, about: str) -> Block | None:
    program_id, _ = ids.referred(about)
    with turn(deps, body, program_id) as (session, viewer, _now):
        found = channels.overview(session=session, viewer=viewer)
    return None if isinstance(found, NotAllowed) else views.listing(found)


def _meant(body: Body) -> tuple[int | None, str]:
    """The program and the channel that a button is about."""
    program_id, channel = ids.referred(value(body))
    return program_id, ids.channel(channel)


def _happened(body: Body, channel: str, deps: Deps, what: Literal["archived", "unarchived", "out"]) -> None:
    now = deps.clock()
    with deps.db.begin() as session:
        if inbound.first_time(session, key(body), now):
            channels.happened(session=session, team=team_of(body), channel=channel, what=what, now=now)


def _foresee(
    ack: Ack,
    body: Body,
    deps: Deps,
    channel: str,
    use: Use,
    program_id: int | None,
    speaking: views.Speaking | None,
    note: str = "",
) -> None:
    """Show what follows from a setting. Slack is asked first what the channel is."""
    who, room = caller(body), _room(deps, channel)
    if isinstance(room, NotIn) and use != "none":
        ack(response_action="update", view=sorry(_words(room)))
        return
    with deps.db.begin() as session:
        found = channels.foresee(
            session=session,
            programs=deps.programs,
            team=who.team,
            by=who.user,
            channel=channel,
            use=use,
            program_id=program_id,
            room=room if isinstance(room, Room) else None,
            now=deps.clock(),
            answering=speaking,
        )
    shown = views.preview(found, speaking, note) if isinstance(found, Foreseen) else sorry(_words(found))
    ack(response_action="update", view=shown)


def _assign(
    deps: Deps,
    body: Body,
    channel: str,
    use: Use,
    program_id: int | None,
    asked_at: str = "",
    speaking: views.Speaking | None = None,
) -> Assigned | NotAllowed | NoProgram | NotIn:
    """Say what a channel is for; `asked_at` is the ts of the message that asked, if one did."""
    who, now = caller(body), deps.clock()
    room = _room(deps, channel)
    if isinstance(room, NotIn) and use != "none":
        return room
    with deps.db.begin() as session:
        outcome = channels.assign(
            session=session,
            programs=deps.programs,
            team=who.team,
            by=who.user,
            channel=channel,
            use=use,
            program_id=program_id,
            room=room if isinstance(room, Room) else None,
            now=now,
            answering=speaking,
        )
        if isinstance(outcome, Assigned) and asked_at and who.channel:
            channels.acknowledge(
                session=session,
                team=who.team,
                user=who.user,
                done=outcome,
                at=who.channel,
                ts=asked_at,
                delivery=key(body),
                now=now,
            )
    return outcome


def _room(deps: Deps, channel: str) -> Room | NotIn | None:
    """The channel as Slack shows it; None when Slack does not answer."""
    try:
        room = deps.slack.room(channel)
    except SlackError as error:
        log.warning("Slack does not show a channel: %s", error.code)
        return NotIn(channel) if error.code in UNSEEN else None
    return room if room.member else NotIn(channel)


def _words(outcome: NotAllowed | NoProgram | NotIn) -> str:
    match outcome:
        case NotAllowed():
            return views.refusal(outcome)
        case NotIn(channel):
            return views.not_in(channel)
        case NoProgram():
            return views.nothing_there()
