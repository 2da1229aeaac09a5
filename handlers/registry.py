"""Every feature's listeners; and what is said when one of them fails."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Callable, Sequence
from typing import Any

from slack_bolt import BoltResponse, Respond

from bot.slack import Slack, SlackError
from bot.views import failures
from handlers import checkins, dates, reflections
from handlers.listen import Listeners
from storage.database import Busy

log = logging.getLogger(__name__)

FEATURES: tuple[Callable[[Listeners], None], ...] = (reflections.listen, checkins.listen, dates.listen)
"""Each feature's `listen(on)`, in the order in which the help names their commands."""


def collect() -> Listeners:
    """All listeners, noted and not yet attached."""
    listeners = Listeners()
    for listen in FEATURES:
        listen(listeners)
    return listeners


def failed(error: Exception, body: dict[str, Any], slack: Slack, respond: Respond) -> BoltResponse:
    """Log an unexpected error once, under a number that the person is shown; an event is left for Slack to repeat."""
    number = secrets.token_hex(3).upper()
    if isinstance(error, Busy):
        log.warning("%s: the database is busy: %s", number, error)
    else:
        log.error("%s: a listener failed", number, exc_info=error)
    if "event" in body:
        return BoltResponse(status=500, body="")
    words = failures.busy(number) if isinstance(error, Busy) else failures.unexpected(number)
    if body.get("type") == "view_submission":
        errors = {failures.first_input(body["view"]["blocks"]): words}
        return BoltResponse(status=200, body=json.dumps({"response_action": "errors", "errors": errors}), headers=_JSON)
    if "command" in body:
        return BoltResponse(status=200, body=json.dumps({"response_type": "ephemeral", "text": words}), headers=_JSON)
    _say(words, body, slack, respond)
    return BoltResponse(status=200, body="")


def _say(words: str, body: dict[str, Any], slack: Slack, respond: Respond) -> None:
    """Tell the person who pressed a button: where they pressed it, or, on a surface without an answer, directly."""
    try:
        if body.get("response_url"):
            respond(text=words, response_type="ephemeral", replace_original=False)
        else:
            slack.tell(body["user"]["id"], words)
    except (SlackError, OSError) as error:
        log.warning("the person could not be told: %s", error)


_JSON: dict[str, str | Sequence[str]] = {"content-type": ["application/json"]}
