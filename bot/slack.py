"""Speaking to Slack: every call that can fail says how, as a value.

The client never retries by itself: a request sent again after a lost answer would post twice.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from http.client import HTTPException
from socket import gaierror
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.domain.channels import Room
from bot.domain.messages import Block, Message, Upload
from bot.domain.notices import Delivered, Later, Outcome, Refused, Unknown
from bot.domain.people import Account

EVENT_TYPE = "convene_notice"
TIMEOUT = 10
"""Seconds to wait for an answer of Slack's."""
TEMPORARY = frozenset({"ratelimited", "rate_limited", "service_unavailable", "accesslimited", "message_limit_exceeded"})
LOCKED_OUT = frozenset(
    {
        "invalid_auth",
        "not_authed",
        "token_revoked",
        "token_expired",
        "account_inactive",
        "team_access_not_granted",
        "org_login_required",
        "ekm_access_denied",
    }
)
"""The bot itself is shut out: nothing is wrong with what it says, and somebody will put the token right."""
UNCERTAIN = frozenset({"fatal_error", "internal_error", "request_timeout"})
UNREADABLE = "unreadable"
UNHEARD = (SlackClientError, HTTPException, OSError, json.JSONDecodeError)
"""What the client raises when no answer of Slack's came, or none that can be read."""


@dataclass(frozen=True)
class Identity:
    """Who the bot is."""

    team: str
    team_name: str
    user: str
    bot: str
    scopes: frozenset[str]
    answered_at: datetime | None


class SlackError(Exception):
    """Slack said no, or could not be heard; `code` is Slack's word for it. `temporary`: another time may go well.

    `wait` is for how long Slack asks to be left alone with that method.
    """

    def __init__(self, code: str, *, temporary: bool = False, wait: timedelta | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.temporary = temporary
        self.wait = wait


class Slack:
    """The few calls that Convene makes."""

    def __init__(self, token: str, api_url: str) -> None:
        self.client = WebClient(token=token, base_url=api_url, retry_handlers=[], timeout=TIMEOUT)

    def post(
        self, channel: str, message: Message, key: str, thread_ts: str | None = None, also: Sequence[str] = ()
    ) -> Outcome:
        """Post a message that carries its notice's opaque key, and those of the notices that share the message."""
        payload = {"key": key, "also": " ".join(also)} if also else {"key": key}

        def send() -> Outcome:
            answer = self.client.chat_postMessage(
                channel=channel,
                text=message.text,
                blocks=list(message.blocks) or None,
                thread_ts=thread_ts,
                metadata={"event_type": EVENT_TYPE, "event_payload": payload},
                unfurl_links=False,
                unfurl_media=False,
            )
            return Delivered(str(answer["channel"]), str(answer["ts"]))

        return _outcome(send)

    def upload(self, channel: str, upload: Upload) -> Outcome:
        """Send a file to a conversation by its id, with its few words. People see only the last of its three calls.

        Delivered holds the file's id in place of a ts: Slack tells that of the message later, by an event.
        """
        file_id = ""

        def hand_over() -> Outcome:
            nonlocal file_id
            size = len(upload.content)
            place = self.client.files_getUploadURLExternal(filename=upload.filename, length=size)
            kind = {"Content-Type": "application/octet-stream"}
            with urlopen(Request(str(place["upload_url"]), upload.content, kind), timeout=TIMEOUT):
                file_id = str(place["file_id"])
            return Delivered(channel, file_id)

        def share() -> Outcome:
            files: list[dict[str, str | None]] = [{"id": file_id, "title": upload.title}]
            self.client.files_completeUploadExternal(files=files, channel_id=channel, initial_comment=upload.comment)
            return Delivered(channel, file_id)

        handed_over = _outcome(hand_over)
        if isinstance(handed_over, Unknown):
            return Later(handed_over.code)
        return _outcome(share) if isinstance(handed_over, Delivered) else handed_over

    def update(self, channel: str, ts: str, message: Message) -> Outcome:
        """Replace one of the bot's own messages; blocks are always sent along, since leaving them out keeps the old."""

        def send() -> Outcome:
            self.client.chat_update(channel=channel, ts=ts, text=message.text, blocks=list(message.blocks))
            return Delivered(channel, ts)

        return _outcome(send)

    def delete(self, channel: str, ts: str) -> Outcome:
        """Take back one of the bot's own messages; one that is gone already counts as taken back."""

        def send() -> Outcome:
            try:
                self.client.chat_delete(channel=channel, ts=ts)
            except SlackApiError as error:
                if error.response.get("error") != "message_not_found":
                    raise
            return Delivered(channel, ts)

        return _outcome(send)

    def tell(self, user: str, words: str) -> None:
        """Say something to one person that nothing depends on, so that it needs no key. Raises SlackError."""
        _call(lambda: self.client.chat_postMessage(channel=user, text=words))

    def find(self, channel: str, key: str, since: datetime, thread_ts: str | None = None) -> Delivered | None:
        """Look for a message that carries a key, back to `since`, page by page. Raises SlackError."""
        oldest = f"{since.timestamp():.6f}"
        for message in self._history(channel, oldest, thread_ts):
            if key in _keys(message.get("metadata") or {}):
                return Delivered(channel, str(message["ts"]))
        return None

    def written(self, channel: str, thread_ts: str, ts: str) -> tuple[str, str] | None:
        """Who wrote a message of a thread, by user id, and its text; None if it is not there. Raises SlackError."""
        look = partial(self.client.conversations_replies, channel=channel, ts=thread_ts)
        # Whatever is asked for, the message that began the thread comes along.
        page = _call(partial(look, oldest=ts, latest=ts, inclusive=True, limit=2))
        found = (one for one in page["messages"] if str(one.get("ts")) == ts)
        return next(((str(one.get("user") or ""), str(one.get("text") or "")) for one in found), None)

    def open_dm(self, user: str) -> str:
        """The id of the direct message with a person. Raises SlackError."""
        return str(_call(lambda: self.client.conversations_open(users=user))["channel"]["id"])

    def open_view(self, trigger: str, view: Block) -> str:
        """Open a modal, and return its id; the trigger lives three seconds. Raises SlackError."""
        return str(_call(lambda: self.client.views_open(trigger_id=trigger, view=view))["view"]["id"])

    def push_view(self, trigger: str, view: Block) -> str:
        """Open a modal above the one that is open, and return its id. Raises SlackError."""
        return str(_call(lambda: self.client.views_push(trigger_id=trigger, view=view))["view"]["id"])

    def update_view(self, view_id: str, view: Block) -> None:
        """Replace an open modal. Raises SlackError."""
        _call(lambda: self.client.views_update(view_id=view_id, view=view))

    def publish_home(self, user: str, view: Block) -> None:
        """Show a person their App Home. Raises SlackError."""
        _call(lambda: self.client.views_publish(user_id=user, view=view))

    def account(self, user: str) -> Account:
        """Who a user id is. Raises SlackError."""
        return as_account(_call(lambda: self.client.users_info(user=user))["user"])

    def room(self, channel: str) -> Room:
        """What a conversation is. Raises SlackError."""
        found = _call(lambda: self.client.conversations_info(channel=channel))["channel"]
        return Room(
            channel=str(found["id"]),
            name=str(found.get("name") or ""),
            private=bool(found.get("is_private")),
            shared=bool(found.get("is_ext_shared") or found.get("is_shared")),
            archived=bool(found.get("is_archived")),
            member=bool(found.get("is_member")),
        )

    def members(self, channel: str) -> Iterator[str]:
        """The user ids of a conversation. Raises SlackError."""
        for page in _pages(partial(self.client.conversations_members, channel=channel, limit=200)):
            yield from (str(user) for user in page["members"])

    def identity(self) -> Identity:
        """Who the bot is, what its token may do, and what time Slack has. Raises SlackError."""
        answer = _call(self.client.auth_test)
        headers = {str(name).lower(): value for name, value in answer.headers.items()}
        date = headers.get("date")
        return Identity(
            team=str(answer["team_id"]),
            team_name=str(answer.get("team") or ""),
            user=str(answer["user_id"]),
            bot=str(answer.get("bot_id")),
            scopes=frozenset(filter(None, (scope.strip() for scope in headers.get("x-oauth-scopes", "").split(",")))),
            answered_at=parsedate_to_datetime(date) if date else None,
        )

    def socket_address(self, app_token: str) -> str:
        """Where a web socket to Slack can be opened, once, with the app-level token. Raises SlackError."""
        return str(_call(lambda: self.client.apps_connections_open(app_token=app_token))["url"])

    def _history(self, channel: str, oldest: str, thread_ts: str | None) -> Iterator[dict[str, Any]]:
        look: Callable[..., Any] = partial(self.client.conversations_history, oldest=oldest)
        if thread_ts is not None:
            look = partial(self.client.conversations_replies, ts=thread_ts)
        for page in _pages(partial(look, channel=channel, limit=200, include_all_metadata=True)):
            yield from page["messages"]


def _keys(metadata: dict[str, Any]) -> list[str]:
    """The keys of the notices that a message says."""
    payload = metadata.get("event_payload") or {}
    if metadata.get("event_type") != EVENT_TYPE:
        return []
    return [str(payload.get("key")), *str(payload.get("also") or "").split()]


def _outcome(send: Callable[[], Outcome]) -> Outcome:
    try:
        return send()
    except SlackApiError as error:
        return _judge(error)
    except UNHEARD as error:
        return Later("unreachable") if _never_sent(error) else Unknown(type(error).__name__)


def _judge(error: SlackApiError) -> Outcome:
    response = error.response
    if isinstance(response, str) or response.status_code >= 500:
        return Unknown("http_5xx")
    code = _code(error)
    if response.status_code == 429:
        return Later(code, timedelta(seconds=float(response.headers.get("Retry-After", 1))))
    if code in TEMPORARY | LOCKED_OUT:
        return Later(code)
    return Unknown(code) if code in UNCERTAIN | {UNREADABLE} else Refused(code)


def _code(error: SlackApiError) -> str:
    response = error.response
    if isinstance(response, str):
        return UNREADABLE
    code = str(response.get("error") or f"http_{response.status_code}")
    # What is not JSON, such as the page of a proxy, is handed on by the client as if it were Slack's code.
    return code if re.fullmatch(r"[\w:.-]{1,80}", code) else UNREADABLE


def _never_sent(error: Exception) -> bool:
    """Whether no connection came about, so that Slack cannot have heard the request."""
    reason = error.reason if isinstance(error, URLError) else error
    return isinstance(reason, ConnectionRefusedError | gaierror)


def _pages(look: Callable[..., Any]) -> Iterator[Any]:
    """Every page of a listing, however short some of them are. Raises SlackError."""
    cursor = ""
    while True:
        page = _call(partial(look, cursor=cursor or None))
        yield page
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return


def _call(call: Callable[[], Any]) -> Any:
    try:
        return call()
    except SlackApiError as error:
        judged = _judge(error)
        wait = judged.wait if isinstance(judged, Later) else None
        raise SlackError(_code(error), temporary=not isinstance(judged, Refused), wait=wait) from error
    except UNHEARD as error:
        code = "unreachable" if _never_sent(error) else type(error).__name__
        raise SlackError(code, temporary=True) from error


def as_account(found: dict[str, Any]) -> Account:
    """A user object, as methods and events have it."""
    profile = found.get("profile") or {}
    return Account(
        user=str(found["id"]),
        name=str(found.get("real_name") or profile.get("real_name") or found.get("name") or found["id"]),
        email=profile.get("email"),
        zone=found.get("tz"),
        guest=bool(found.get("is_restricted") or found.get("is_ultra_restricted")),
        admin=bool(found.get("is_admin") or found.get("is_owner")),
        gone=bool(found.get("deleted")),
        bot=bool(found.get("is_bot")) or found["id"] == "USLACKBOT",
    )
