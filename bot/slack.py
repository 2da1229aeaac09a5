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
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener, urlopen

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from bot.domain.channels import Room
from bot.domain.messages import Block, Download, Dropped, Message, Upload
from bot.domain.notices import Delivered, Later, Outcome, Refused, Unknown
from bot.domain.people import Account
from bot.domain.written import clean

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
LARGEST_FILE = 20_000_000
"""Bytes of a file that is fetched, at most."""
TOO_LARGE, ELSEWHERE = "file_too_large", "file_elsewhere"
"""Why a file is not fetched, besides Slack's own words: that is for small ones, and for Slack's own."""
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
        self._token, self._api_url = token, api_url

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

    def download(self, file: Dropped, most: int = LARGEST_FILE) -> Download:
        """A file that somebody has put into a conversation with the bot, of `most` bytes. Raises SlackError.

        Slack is asked where it is, so that the token goes to nobody but Slack.
        """
        if file.size > most:
            raise SlackError(TOO_LARGE)
        found = _call(lambda: self.client.files_info(file=file.id))["file"]
        address = str(found.get("url_private_download") or found.get("url_private") or "")
        if found.get("is_external") or not _same_house(address, self._api_url):
            raise SlackError(ELSEWHERE)
        content = _call(lambda: _fetch(address, self._token, most))
        if len(content) > most:
            raise SlackError(TOO_LARGE)
        return Download(str(found.get("name") or file.name), content)

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

    def by_email(self, email: str) -> Account | None:
        """Who has an address in this workspace; None if nobody has. Raises SlackError."""
        try:
            return as_account(_call(lambda: self.client.users_lookupByEmail(email=email))["user"])
        except SlackError as error:
            if error.code != "users_not_found":
                raise
            return None

    def make_channel(self, name: str, *, private: bool) -> Room:
        """A new channel with nobody but the bot in it. Raises SlackError."""
        return as_room(_call(lambda: self.client.conversations_create(name=name, is_private=private))["channel"])

    def join(self, channel: str) -> Room:
        """Go into a public channel; a private one takes somebody to invite. Raises SlackError."""
        return as_room(_call(lambda: self.client.conversations_join(channel=channel))["channel"])

    def invite(self, channel: str, *users: str) -> None:
        """Bring people into a channel; one who is there already counts as brought. Raises SlackError.

        Of several it is all or nobody.
        """
        try:
            _call(lambda: self.client.conversations_invite(channel=channel, users=list(users)))
        except SlackError as error:
            if error.code != "already_in_channel" or len(users) > 1:
                raise

    def room(self, channel: str) -> Room:
        """What a conversation is. Raises SlackError."""
        return as_room(_call(lambda: self.client.conversations_info(channel=channel))["channel"])

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


def dropped(event: dict[str, Any]) -> tuple[Dropped, ...]:
    """The files that came with a message, as its event names them; of another workspace's only the id is known."""
    found = (one for one in event.get("files") or () if isinstance(one, dict) and one.get("id"))
    return tuple(Dropped(str(one["id"]), str(one.get("name") or ""), int(one.get("size") or 0)) for one in found)


class _Stay(HTTPRedirectHandler):
    """Whoever leads elsewhere would be handed the token."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _same_house(address: str, base: str) -> bool:
    """Whether an address is where Slack's own methods are, or of the same name."""
    there, here = urlsplit(address), urlsplit(base)
    return there.scheme == here.scheme and (
        there.netloc == here.netloc or (here.port is None and str(there.netloc).endswith(f".{here.hostname}"))
    )


def _fetch(address: str, token: str, most: int) -> bytes:
    """The bytes at an address of Slack's, one more than `most` at most. Raises what `_call` knows, and SlackError."""
    request = Request(address, headers={"Authorization": f"Bearer {token}"})
    try:
        with build_opener(_Stay()).open(request, timeout=TIMEOUT) as answer:
            content: bytes = answer.read(most + 1)
            return content
    except HTTPError as error:
        raise SlackError(f"http_{error.code}", temporary=error.code >= 500 or error.code == 429) from None


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
        return Later(code, _asked_for(response))
    if code in TEMPORARY | LOCKED_OUT:
        return Later(code)
    return Unknown(code) if code in UNCERTAIN | {UNREADABLE} else Refused(code)


def _asked_for(response: SlackResponse) -> timedelta:
    """For how long Slack asks to be left alone; a second where that is no number, as a proxy may say a date."""
    said = str(response.headers.get("Retry-After", ""))
    return timedelta(seconds=int(said) if re.fullmatch("[0-9]{1,6}", said) else 1)


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


def as_room(found: dict[str, Any]) -> Room:
    """A channel object, as methods have it."""
    return Room(
        channel=str(found["id"]),
        name=clean(str(found.get("name") or "")),
        private=bool(found.get("is_private")),
        shared=bool(found.get("is_ext_shared") or found.get("is_shared")),
        archived=bool(found.get("is_archived")),
        member=bool(found.get("is_member")),
        creator=str(found.get("creator") or ""),
    )


def as_account(found: dict[str, Any]) -> Account:
    """A user object, as methods and events have it."""
    profile = found.get("profile") or {}
    names = (found.get("real_name"), profile.get("real_name"), found.get("name"), found["id"])
    return Account(
        user=str(found["id"]),
        name=next(filter(None, (clean(str(one or "")) for one in names))),
        email=clean(str(profile.get("email") or "")) or None,
        zone=clean(str(found.get("tz") or "")) or None,
        guest=bool(found.get("is_restricted") or found.get("is_ultra_restricted")),
        admin=bool(found.get("is_admin") or found.get("is_owner")),
        gone=bool(found.get("deleted")),
        bot=bool(found.get("is_bot")) or found["id"] == "USLACKBOT",
    )
