"""What every payload says about its sender, and the natural key that makes it count once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.views.ids import Unreadable

Body = dict[str, Any]


@dataclass(frozen=True)
class Caller:
    """Who, in which workspace, and where if the payload says."""

    team: str
    user: str
    channel: str | None


def caller(body: Body) -> Caller:
    """The sender of a command, an action, a shortcut, a submission or an event."""
    if "command" in body:
        return Caller(body["team_id"], body["user_id"], body["channel_id"])
    if "event" in body:
        event = body["event"]
        return Caller(team_of(body), event.get("user") or "", event.get("channel"))
    # In a channel shared with another workspace, a form names that one, and apart from it the one we are installed in.
    installed = (body.get("view") or {}).get("app_installed_team_id")
    team = installed or (body.get("team") or {}).get("id") or body["user"].get("team_id") or ""
    channel = (body.get("channel") or {}).get("id") or (body.get("container") or {}).get("channel_id")
    return Caller(team, body["user"]["id"], channel)


def team_of(event: Body) -> str:
    """The workspace whose bot an event is for; what comes from a channel shared with another may name that one too."""
    told = (event.get("authorizations") or [{}])[0].get("team_id")
    return str(told or event["team_id"])


def form_of(body: Body) -> Body:
    """The form in which something was pressed or chosen. Raises Unreadable where there is none."""
    view: Body | None = body.get("view")
    if view is None:
        raise Unreadable
    return view


def key(body: Body) -> str:
    """The natural key of a payload, its team first: the same delivery has the same key, another has another."""
    team = caller(body).team
    if "command" in body:
        return f"{team}:command:{body['trigger_id']}"
    if "event" in body:
        return f"{team}:event:{body.get('api_app_id', '')}:{body['event_id']}"
    if body["type"] in ("view_submission", "view_closed"):
        return f"{team}:{body['type']}:{body['view']['id']}"
    if body["type"] == "block_actions":
        container, action = body["container"], body["actions"][0]
        place = container.get("view_id") or f"{container.get('channel_id')}:{container.get('message_ts')}"
        return f"{team}:action:{body['user']['id']}:{place}:{action['action_id']}:{action['action_ts']}"
    return f"{team}:{body['type']}:{body['user']['id']}:{body.get('action_ts') or body['trigger_id']}"
