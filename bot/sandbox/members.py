"""The people as the web API shows them."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.sandbox.ids import APP_ID, BOT_ID, BOT_USER, TEAM
from bot.sandbox.interface import Payload, Person, SlackError
from bot.sandbox.workspace import Workspace


def member(workspace: Workspace, user_id: str) -> Payload:
    """A user as users.info shows them; raises SlackError."""
    if user_id == BOT_USER:
        return _bot(workspace)
    with workspace.lock:
        person = workspace.people.get(user_id)
    if person is None:
        raise SlackError("user_not_found")
    return _person(workspace, person)


def members(workspace: Workspace) -> list[Payload]:
    """Everybody, the bot last."""
    with workspace.lock:
        return [*(_person(workspace, one) for one in workspace.people.values()), _bot(workspace)]


def _person(workspace: Workspace, person: Person) -> Payload:
    now = workspace.clock().astimezone(ZoneInfo(person.tz))
    offset = now.utcoffset() or timedelta()
    first, _, last = person.real_name.partition(" ")
    profile = {"real_name": person.real_name, "display_name": person.name, "first_name": first, "last_name": last}
    if "users:read.email" in workspace.app.scopes:
        profile["email"] = person.email
    common: Payload = {
        "id": person.id,
        "team_id": TEAM,
        "name": person.name,
        "deleted": person.deleted,
        "profile": profile,
        "is_bot": False,
        "is_app_user": False,
        "updated": workspace.seconds(),
    }
    if person.deleted:
        return common
    return {
        **common,
        "real_name": person.real_name,
        "tz": person.tz,
        "tz_label": now.tzname(),
        "tz_offset": int(offset.total_seconds()),
        "is_admin": person.is_admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": person.guest,
        "is_ultra_restricted": False,
    }


def _bot(workspace: Workspace) -> Payload:
    name = workspace.app.bot_name
    return {
        "id": BOT_USER,
        "team_id": TEAM,
        "name": name,
        "real_name": workspace.app.name,
        "deleted": False,
        "tz": "America/Los_Angeles",
        "tz_label": "Pacific Standard Time",
        "tz_offset": -28800,
        "profile": {
            "real_name": workspace.app.name,
            "display_name": name,
            "bot_id": BOT_ID,
            "api_app_id": APP_ID,
            "always_active": True,
        },
        "is_admin": False,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_bot": True,
        "is_app_user": False,
        "updated": workspace.seconds(),
    }
