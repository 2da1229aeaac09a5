"""Slack's web API, as far as a bot of this kind uses it: same arguments, same answers, same refusals.

A method that is not here is `unknown_method`. Scopes are those of the manifest.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.sandbox import members, modals
from bot.sandbox.arguments import Arguments, Method, invalid, page
from bot.sandbox.conversations import Conversations
from bot.sandbox.ids import APP_ID, BOT_ID, BOT_USER, TEAM, TEAM_DOMAIN, TEAM_NAME
from bot.sandbox.interface import Payload, SlackError
from bot.sandbox.modals import Views
from bot.sandbox.posting import Posting
from bot.sandbox.transport import SocketTransport
from bot.sandbox.uploads import Uploads
from bot.sandbox.workspace import Workspace


class WebApi:
    """The door to the methods: tokens, scopes, names; and the methods about people and views."""

    def __init__(
        self,
        workspace: Workspace,
        views: Views,
        *parts: Conversations | Posting | Uploads,
        bot_token: str,
        app_token: str,
        socket: SocketTransport | None,
    ) -> None:
        self._workspace = workspace
        self._views = views
        self._bot_token = bot_token
        self._app_token = app_token
        self._socket = socket
        self._methods: dict[str, Method] = {
            "auth.test": Method((), self._auth_test),
            "bots.info": Method(("users:read",), self._bots_info),
            "team.info": Method(("team:read",), self._team_info),
            "users.info": Method(("users:read",), self._user_info),
            "users.list": Method(("users:read",), self._user_list),
            "users.lookupByEmail": Method(("users:read.email",), self._user_by_email),
            "views.open": Method((), self._view_open),
            "views.publish": Method((), self._view_publish),
            "views.push": Method((), self._view_push),
            "views.update": Method((), self._view_update),
        }
        for part in parts:
            self._methods |= part.methods

    @property
    def names(self) -> frozenset[str]:
        """Every method there is."""
        return frozenset(self._methods) | {"apps.connections.open"}

    def call(self, name: str, token: str | None, given: Mapping[str, Any]) -> Payload:
        """Answer one call, `ok` or not."""
        try:
            return {"ok": True, **self._answer(name, token, given)}
        except SlackError as error:
            return {"ok": False, "error": error.code, **error.extra}

    def _answer(self, name: str, token: str | None, given: Mapping[str, Any]) -> Payload:
        if name == "apps.connections.open":
            return self._connect(token)
        method = self._methods.get(name)
        if method is None:
            raise SlackError("unknown_method", req_method=name)
        if not token:
            raise SlackError("not_authed")
        if token == self._app_token:
            raise SlackError("not_allowed_token_type")
        if token != self._bot_token:
            raise SlackError("invalid_auth")
        self._workspace.app.need(*method.scopes)
        return method.call(Arguments(given))

    def _connect(self, token: str | None) -> Payload:
        if not token:
            raise SlackError("not_authed")
        if token != self._app_token:
            raise SlackError("not_allowed_token_type" if token == self._bot_token else "invalid_auth")
        if self._socket is None:
            raise SlackError("socket_mode_not_enabled")
        return {"url": self._socket.invite()}

    def _auth_test(self, _: Arguments) -> Payload:
        return {
            "url": f"{self._workspace.site}/",
            "team": TEAM_NAME,
            "team_id": TEAM,
            "user": self._workspace.app.bot_name,
            "user_id": BOT_USER,
            "bot_id": BOT_ID,
            "app_id": APP_ID,
            "app_name": self._workspace.app.name,
            "is_enterprise_install": False,
        }

    def _team_info(self, _: Arguments) -> Payload:
        return {"team": {"id": TEAM, "name": TEAM_NAME, "domain": TEAM_DOMAIN, "email_domain": "", "icon": {}}}

    def _bots_info(self, given: Arguments) -> Payload:
        if given.text("bot") != BOT_ID:
            raise SlackError("bot_not_found")
        name = self._workspace.app.name
        return {"bot": {"id": BOT_ID, "app_id": APP_ID, "user_id": BOT_USER, "name": name, "deleted": False}}

    def _user_info(self, given: Arguments) -> Payload:
        return {"user": self._with_locale(members.member(self._workspace, given.text("user")), given)}

    def _user_list(self, given: Arguments) -> Payload:
        everybody = [self._with_locale(one, given) for one in members.members(self._workspace)]
        found, more = page(everybody, given, 1_000, default=1_000)
        return {"members": found, "cache_ts": self._workspace.seconds(), **more}

    def _user_by_email(self, given: Arguments) -> Payload:
        email = given.text("email").lower()
        for person in self._workspace.people.values():
            if person.email.lower() == email and not person.deleted:
                return {"user": members.member(self._workspace, person.id)}
        raise SlackError("users_not_found")

    def _with_locale(self, member: Payload, given: Arguments) -> Payload:
        person = self._workspace.people.get(member["id"])
        return member | {"locale": person.locale} if person and given.flag("include_locale") else member

    def _view_open(self, given: Arguments) -> Payload:
        view = _view(given, "modal")
        trigger = self._workspace.passes.spend(given.text("trigger_id"))
        return {"view": self._views.open(trigger.user, view).wire()}

    def _view_push(self, given: Arguments) -> Payload:
        view = _view(given, "modal")
        trigger = self._workspace.passes.spend(given.text("trigger_id"))
        if trigger.view_id is None:
            raise SlackError("invalid_trigger_id")
        return {"view": self._views.push(trigger.user, view).wire()}

    def _view_update(self, given: Arguments) -> Payload:
        if not given.has("view_id") and not given.has("external_id"):
            raise invalid("missing required field: view_id", "view_id")
        found = self._views.find(given.maybe("view_id"), given.maybe("external_id"))
        view = _view(given, found.definition["type"])
        return {"view": self._views.update(found, view, _hash(given)).wire()}

    def _view_publish(self, given: Arguments) -> Payload:
        user = given.text("user_id")
        if user not in self._workspace.people or self._workspace.people[user].deleted:
            raise SlackError("user_not_found")
        if not self._workspace.app.home_tab:
            raise SlackError("not_enabled")
        return {"view": self._views.publish(user, _view(given, "home"), _hash(given)).wire()}


def _view(given: Arguments, kind: str) -> Payload:
    if not given.has("view"):
        raise invalid("missing required field: view", "view")
    return modals.checked(given.parsed("view", "invalid_arguments"), kind)


def _hash(given: Arguments) -> str | None:
    """An empty hash is not the same as none: it matches nothing."""
    value = given.raw("hash")
    return None if value is None else str(value)
