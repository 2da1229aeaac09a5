"""Which program is meant, in: before a command, a shortcut or a button that could mean several, it is asked."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import Any

from slack_bolt import Ack, BoltContext, Respond

from bot.deps import Deps
from bot.domain.questions import Where
from bot.services import which
from bot.slack import SlackError
from bot.views import ids
from bot.views import which as views
from bot.views.commands import Shortcut
from handlers import messages
from handlers.listen import Listener, Listeners
from handlers.reply import CHOSEN, UNCLEAR, Several, say, show, tell, typed, value
from handlers.request import Body, caller

log = logging.getLogger(__name__)
COMMAND, SHORTCUT, ACTION, MESSAGE = "command ", "shortcut ", "action ", "message "
"""What goes on: how the key behind the button begins."""
CLEAR = frozenset(("help",))
"""Words of `/convene` that are about no program."""
KEEPS = ("channel", "message", "message_ts", "type", "callback_id")
"""What of a message's shortcut its listener needs."""


@dataclass
class _Said:
    """Stands in for Bolt's ack: what a command answers is shown in the place of the question."""

    given: dict[str, Any] = field(default_factory=dict)

    def __call__(self, text: str = "", **given: Any) -> None:
        self.given = {"text": text, **given} if text or given else {}


class Which:
    """All that begins something, each with the question before it."""

    def __init__(self, on: Listeners) -> None:
        self._commands = {command.name: listener for command, listener in on.commands.items()}
        self._shortcuts = {shortcut.callback_id: listener for shortcut, listener in on.shortcuts.items()}
        self._actions = {name: listener for name, listener in on.actions.items() if name in ids.OPENERS}
        for command, listener in on.commands.items():
            on.commands[command] = self._before_command(listener)
        for shortcut, listener in on.shortcuts.items():
            on.shortcuts[shortcut] = self._before_shortcut(shortcut, listener)
        for name, listener in self._actions.items():
            on.actions[name] = self._before_action(name, listener)
        on.action(ids.WHICH, self.chosen)

    def chosen(self, ack: Ack, body: Body, deps: Deps, context: BoltContext, respond: Respond) -> None:
        """A program is chosen: what was begun goes on."""
        program_id, about = ids.referred(value(body))
        if about.startswith(COMMAND):
            self._command(ack, body, deps, respond, program_id, about.removeprefix(COMMAND))
        elif about.startswith(SHORTCUT):
            self._shortcut(ack, body, deps, program_id, about.removeprefix(SHORTCUT))
        elif about.startswith(ACTION):
            self._action(ack, body, deps, program_id, about.removeprefix(ACTION))
        else:
            _message(ack, body, deps, context, respond, program_id, about.removeprefix(MESSAGE))

    def _before_command(self, listener: Listener) -> Listener:
        def asked(ack: Ack, body: Body, deps: Deps) -> None:
            # Who it is for is what each command looks up first, in the transaction that serves it: no other is needed.
            clear = body["command"] == ids.CONVENE and typed(body).casefold() in CLEAR
            body[UNCLEAR] = CHOSEN not in body and not clear
            try:
                listener(ack=ack, body=body, deps=deps)
                return
            except Several as several:
                choices = several.choices[: which.MOST]
            about = f"{COMMAND}{body['command']} {' '.join(str(body.get('text') or '').split())}"
            if views.fits(about):
                say(ack, views.ask(choices, about))
            else:
                ack(text=views.too_long())

        return asked

    def _before_shortcut(self, shortcut: Shortcut, listener: Listener) -> Listener:
        def asked(ack: Ack, body: Body, deps: Deps) -> None:
            choices = _choices(deps, body)
            if not choices:
                listener(ack=ack, body=body, deps=deps)
                return
            keep = {name: body[name] for name in KEEPS if name in body}
            window = views.window(choices, f"{SHORTCUT}{shortcut.callback_id}", keep)
            if window is None:
                tell(ack, deps, body, views.too_long())
                return
            show(deps, body, window)
            ack()

        return asked

    def _before_action(self, name: str, listener: Listener) -> Listener:
        def asked(ack: Ack, body: Body, deps: Deps) -> None:
            program_id, _ = ids.referred(value(body))
            choices = _choices(deps, body) if not program_id else ()
            window = views.window(choices, f"{ACTION}{name}") if choices else None
            if window is None:
                listener(ack=ack, body=body, deps=deps)
                return
            show(deps, body, window)
            ack()

        return asked

    def _command(self, ack: Ack, body: Body, deps: Deps, respond: Respond, program_id: int | None, line: str) -> None:
        name, _, text = line.partition(" ")
        listener = self._commands.get(name)
        if listener is None or program_id is None:
            tell(ack, deps, body, views.gone())
            return
        who, answer = caller(body), _Said()
        begun = {
            "command": name,
            "text": text,
            "trigger_id": body["trigger_id"],
            "team_id": who.team,
            "user_id": who.user,
            "channel_id": who.channel or "",
            CHOSEN: program_id,
        }
        listener(ack=answer, body=begun, deps=deps)
        ack()
        shown = answer.given or {"text": views.said("", _name(deps, program_id)).text}
        _in_place(body, respond, shown)

    def _shortcut(self, ack: Ack, body: Body, deps: Deps, program_id: int | None, callback_id: str) -> None:
        listener = self._shortcuts.get(callback_id)
        if listener is None or program_id is None:
            tell(ack, deps, body, views.gone())
            return
        begun = {**views.kept(body["view"]), **_presser(body), CHOSEN: program_id}
        listener(ack=_Said(), body=begun, deps=deps)
        ack()

    def _action(self, ack: Ack, body: Body, deps: Deps, program_id: int | None, name: str) -> None:
        listener = self._actions.get(name)
        if listener is None or program_id is None:
            tell(ack, deps, body, views.gone())
            return
        pressed = [{**body["actions"][0], "action_id": name, "value": ids.reference(program_id)}]
        begun = {"type": "block_actions", "container": body["container"], "actions": pressed, **_presser(body)}
        listener(ack=_Said(), body=begun, deps=deps)
        ack()


def _message(
    ack: Ack, body: Body, deps: Deps, context: BoltContext, respond: Respond, program_id: int | None, about: str
) -> None:
    """What somebody wrote is read again, and answered as if it had been clear."""
    user, ts, thread = (*about.split("/"), "", "")[:3]
    who = caller(body)
    if user != who.user:
        tell(ack, deps, body, views.not_yours())
        return
    channel = who.channel or ""
    try:
        found = deps.slack.written(channel, thread or ts, ts)
    except SlackError as error:
        log.info("a message could not be read again: %s", error.code)
        found = None
    if found is None or program_id is None:
        tell(ack, deps, body, views.gone())
        return
    where = Where("direct" if channel.startswith("D") else "channel", channel, ts, thread or None)
    words, _ = messages.unmentioned(found[1], context.bot_user_id or "")
    messages.answer(messages.Said(who.team, who.user, where, words, called=True), deps, program_id)
    ack()
    message = views.said("", _name(deps, program_id))
    _in_place(body, respond, {"text": message.text, "blocks": list(message.blocks)})


def _choices(deps: Deps, body: Body) -> tuple[views.Choice, ...]:
    """The programs of which one is meant; none where it is clear, or where somebody has said so."""
    if CHOSEN in body:
        return ()
    who = caller(body)
    with deps.db.read() as session:
        return which.among(
            session=session,
            programs=deps.programs,
            team=who.team,
            user=who.user,
            channel=who.channel,
            now=deps.clock(),
        )


def _presser(body: Body) -> Body:
    """Who pressed, with what a listener needs to open a window in the place of the question."""
    return {
        "user": body["user"],
        "team": body.get("team"),
        "trigger_id": body["trigger_id"],
        "view": body["view"],
    }


def _name(deps: Deps, program_id: int) -> str:
    with deps.db.read() as session:
        program = deps.programs.by_id(session, program_id)
    return program.name if program is not None else ""


def _in_place(body: Body, respond: Respond, shown: dict[str, Any]) -> None:
    if not body.get("response_url"):
        return
    try:
        respond(replace_original=True, **shown)
    except (SlackError, OSError) as error:
        log.warning("the answer to a pressed button could not be shown: %s", error)
