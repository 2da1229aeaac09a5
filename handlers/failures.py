"""What is logged and said when a listener fails, or when there is none: never silence, never the reason itself."""

from __future__ import annotations

import json
import logging
import re
import secrets
from collections.abc import Sequence
from typing import Any

from slack_bolt import BoltResponse, Respond
from slack_bolt.error import BoltUnhandledRequestError

from bot.slack import Slack, SlackError
from bot.views import failures
from bot.views.ids import Unreadable
from handlers.request import Body
from storage.database import Busy

log = logging.getLogger(__name__)
TOO_LATE = frozenset({"expired_trigger_id", "exchanged_trigger_id"})


class Elsewhere(Exception):
    """A payload of a workspace that the bot's token is not for; the text is its id."""


def failed(error: Exception, body: Body, slack: Slack, respond: Respond) -> BoltResponse:
    """Log an error once, under a number that the person is shown; an event is left for Slack to repeat.

    What nobody listens to and what another workspace sends is no failure: it is answered, and never repeated.
    """
    if isinstance(error, Elsewhere):
        log.warning("the app is also installed in workspace %s, which this bot does not serve", error)
        return _answer(failures.elsewhere(), body, None, respond)
    if isinstance(error, BoltUnhandledRequestError):
        log.warning("nobody listens to %s", _name(body))
        return _answer(failures.unknown(), body, slack, respond)
    if isinstance(error, Unreadable):
        log.warning("what came back as %s cannot be read", _name(body))
        return _answer(failures.unreadable(), body, slack, respond)
    form = body["view"] if body.get("type") == "view_submission" else None
    words = _noted(error, secrets.token_hex(3).upper(), form)
    if "event" in body:
        # Either way Slack repeats it; who reads its figures sees which of the two it was.
        return BoltResponse(status=503 if isinstance(error, Busy) else 500, body="")
    return _answer(words, body, slack, respond)


def _noted(error: Exception, number: str, form: Body | None) -> str:
    """Write the error down, and say what the person is told of it."""
    match error:
        case Busy():
            log.warning("%s: the database is busy: %s", number, error)
            return failures.busy(number) if form is None else failures.not_saved(number, failures.language(form))
        case SlackError(code=code) if code in TOO_LATE:
            log.warning("%s: a form was opened too late: %s", number, code)
            return failures.too_late(number)
        case SlackError(temporary=True, code=code):
            log.warning("%s: Slack could not be asked: %s", number, code)
            return failures.slack_away(number)
        case _:
            log.error("%s: a listener failed", number, exc_info=error)
            return failures.unexpected(number)


def _answer(words: str, body: Body, slack: Slack | None, respond: Respond) -> BoltResponse:
    if "command" in body:
        return _json({"response_type": "ephemeral", "text": words})
    if body.get("type") == "view_submission":
        block = failures.first_input(body["view"]["blocks"])
        if block:
            return _json({"response_action": "errors", "errors": {block: words}})
    if "event" not in body:
        _say(words, body, slack, respond)
    return BoltResponse(status=200, body="")


def _say(words: str, body: Body, slack: Slack | None, respond: Respond) -> None:
    """Tell the person where they pressed, or, on a surface without an answer of its own, directly; if there is one."""
    user = (body.get("user") or {}).get("id")
    try:
        if body.get("response_url"):
            respond(text=words, response_type="ephemeral", replace_original=False)
        elif slack is not None and user is not None:
            slack.tell(user, words)
    except (SlackError, OSError) as error:
        log.warning("the person could not be told: %s", type(error).__name__)


def _name(body: Body) -> str:
    """What a payload is, by the names that the code gives things, and nothing of what is in it."""
    if "command" in body:
        return f"the command {_word(body['command'])}"
    if "event" in body:
        return f"the event {_word(body['event'].get('type'))}"
    pressed: list[dict[str, Any]] = body.get("actions") or [{}]
    named = pressed[0].get("action_id") or body.get("callback_id") or (body.get("view") or {}).get("callback_id")
    return f"{_word(body.get('type'))} {_word(named)}"


def _word(name: object) -> str:
    """A name as it may stand in a line of the log: none of ours has anything else in it."""
    return re.sub(r"[^A-Za-z0-9_./#-]", "?", str(name))[:80]


def _json(answer: dict[str, Any]) -> BoltResponse:
    headers: dict[str, str | Sequence[str]] = {"content-type": ["application/json"]}
    return BoltResponse(status=200, body=json.dumps(answer), headers=headers)
