"""What Slack's payloads look like, as far as anything here goes into them: whatever else comes is turned away whole.

A check says where a value does not fit, by the names of the fields and never by what is in them, or None if it does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

Check = Callable[[object], str | None]
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,255}")
_PERSON = re.compile(r"[UW][A-Z0-9]{1,254}")
_PLACE_ID = re.compile(r"[CDG][A-Z0-9]{1,254}")


def text(value: object) -> str | None:
    """Any text."""
    return None if isinstance(value, str) else ""


def name(value: object) -> str | None:
    """An id, a time stamp or a trigger: nothing in one would have to be escaped anywhere."""
    return None if isinstance(value, str) and _NAME.fullmatch(value) else ""


def person(value: object) -> str | None:
    """The id of a person, as it is put into a mention."""
    return None if isinstance(value, str) and _PERSON.fullmatch(value) else ""


def place(value: object) -> str | None:
    """The id of a channel or of a direct message, as it is put into a mention."""
    return None if isinstance(value, str) and _PLACE_ID.fullmatch(value) else ""


def address(value: object) -> str | None:
    """Where something can be sent to."""
    return None if isinstance(value, str) and value.startswith(("https://", "http://")) else ""


def some(value: object) -> str | None:
    """Somebody or something, by its id or as an object."""
    return None if isinstance(value, str | dict) else ""


def has(fields: Mapping[str, Check]) -> Check:
    """An object with at least these fields.

    One with a question mark may be missing, null or empty; one with an exclamation mark may only be missing.
    """

    def check(value: object) -> str | None:
        if not isinstance(value, dict):
            return ""
        for field, inner in fields.items():
            key = field.rstrip("?!")
            found = value.get(key)
            if (field.endswith("?") and found in (None, "")) or (field.endswith("!") and key not in value):
                continue
            at = inner(found)
            if at is not None:
                return f".{key}{at}"
        return None

    return check


def each(inner: Check, least: int = 0) -> Check:
    """A list of such."""

    def check(value: object) -> str | None:
        if not isinstance(value, list) or len(value) < least:
            return ""
        return next((f"[]{at}" for at in map(inner, value) if at is not None), None)

    return check


def every(inner: Check) -> Check:
    """An object with such behind whatever names."""

    def check(value: object) -> str | None:
        if not isinstance(value, dict):
            return ""
        return next((f".*{at}" for at in map(inner, value.values()) if at is not None), None)

    return check


_BLOCK = has({"type": text, "block_id?": text})
_OPTION = has({"value": text})
_INPUT = has(
    {
        "block_id": text,
        "element": has(
            {
                "type": text,
                "action_id?": text,
                "initial_value?": text,
                "initial_option?": _OPTION,
                "initial_options?": each(_OPTION),
                "options?": each(_OPTION),
                "option_groups?": each(has({"options": each(_OPTION)})),
            }
        ),
    }
)


def _block(value: object) -> str | None:
    at = _BLOCK(value)
    return _INPUT(value) if at is None and isinstance(value, dict) and value["type"] == "input" else at


_CHOSEN: dict[str, Check] = {
    "selected_option?": _OPTION,
    "selected_options?": each(_OPTION),
    "selected_user?": person,
    "selected_users?": each(person),
    "selected_channel?": place,
    "selected_channels?": each(place),
    "selected_conversation?": place,
    "selected_conversations?": each(place),
}
_VIEW = has(
    {
        "id": name,
        "type": text,
        "callback_id?": text,
        "private_metadata?": text,
        "app_installed_team_id?": name,
        "blocks": each(_block),
        "state?": has({"values": every(every(has(_CHOSEN)))}),
        "submit?": has({"text?": text}),
    }
)
_USER = has({"id": person, "team_id?": name})
_MESSAGE = has({"ts?": name, "thread_ts?": name, "text?": text, "user?": person, "subtype?": text, "bot_id?": name})
_SENDER: dict[str, Check] = {"user": _USER, "response_url?": address}
_TRIGGER: dict[str, Check] = {"trigger_id": name}
_ACTION = has(
    {
        "action_id": text,
        "action_ts": name,
        "block_id?": text,
        "value?": text,
        **_CHOSEN,
    }
)
_PLACE: dict[str, Check] = {
    "container": has({"view_id?": name, "channel_id?": place, "message_ts?": name, "thread_ts?": name}),
    "channel?": has({"id?": place}),
    "message?": _MESSAGE,
    "view?": _VIEW,
}
_POINTED_AT = has({"ts": name, "thread_ts?": name, "text?": text, "user?": person})
_WRITTEN = has(
    {
        "channel": place,
        "ts": name,
        "user?": person,
        "text?": text,
        "thread_ts?": name,
        "deleted_ts?": name,
        "subtype?": text,
        "bot_id?": name,
        "message?": _MESSAGE,
    }
)
_ACCOUNT = has(
    {
        "id": person,
        "name?": text,
        "real_name?": text,
        "tz?": text,
        "profile?": has({"real_name?": text, "email?": text}),
    }
)
_EVENTS: dict[str, Check] = {
    "app_mention": _WRITTEN,
    "message": _WRITTEN,
    "app_home_opened": has({"user": person, "channel?": place, "tab?": text}),
    "channel_archive": has({"channel": place}),
    "channel_left": has({"channel": place}),
    "channel_rename": has({"channel": has({"id": place, "name?": text})}),
    "channel_unarchive": has({"channel": place}),
    "group_archive": has({"channel": place}),
    "group_left": has({"channel": place}),
    "group_rename": has({"channel": has({"id": place, "name?": text})}),
    "group_unarchive": has({"channel": place}),
    "member_joined_channel": has({"user": person, "channel": place, "inviter?": person}),
    "member_left_channel": has({"user": person, "channel": place}),
    "user_change": has({"user": _ACCOUNT}),
}


def _event(value: object) -> str | None:
    at = has({"type": text})(value)
    known = _EVENTS.get(str(value.get("type"))) if isinstance(value, dict) else None
    return known(value) if at is None and known is not None else at


_AUTHORIZED = has({"team_id?": name, "enterprise_id?": name, "user_id?": person})


def _authorization(value: object) -> str | None:
    """For whom an event is: one of no workspace would count for any, unless it is for a whole organization."""
    at = _AUTHORIZED(value)
    if at is None and isinstance(value, dict) and not value.get("is_enterprise_install") and not value.get("team_id"):
        return ".team_id"
    return at


_SOMEBODY: dict[str, Check] = {"user?": some, "channel?": some, "team?": some, "enterprise?": some}
_INNER = has(_SOMEBODY)
_AROUND: dict[str, Check] = {
    "item?": _INNER,
    "assistant_thread?": _INNER,
    "message?": _INNER,
    "previous_message?": _INNER,
}
_ANY = has(
    {
        **_AROUND,
        "type?": text,
        "api_app_id?": name,
        "team_id?": name,
        "team?": has({"id?": name, "enterprise_id?": name}),
        "enterprise?": has({"id?": name}),
        "enterprise_id?": name,
        "authorizations?": each(_authorization),
        "event!": has({**_SOMEBODY, **_AROUND, "authorizations?": each(has({}))}),
        "user?": has({"id?": name, "team_id?": name}),
        "view?": has({"callback_id?": text}),
        "actions?": each(has({"action_id?": text})),
        "channel?": has({"id?": place}),
        "response_url?": address,
        "response_urls!": each(has({"response_url?": address})),
    }
)
"""Where Bolt itself looks, whatever it is."""
_COMMAND = has(
    {
        "command": text,
        "text?": text,
        "team_id": name,
        "user_id": person,
        "channel_id": place,
        "trigger_id": name,
        "response_url?": address,
    }
)
_KINDS: dict[str, Check] = {
    "event_callback": has({"team_id": name, "event_id": name, "event": _event}),
    "block_actions": has({**_SENDER, **_TRIGGER, **_PLACE, "actions": each(_ACTION, least=1)}),
    "view_submission": has({**_SENDER, "view": _VIEW}),
    "view_closed": has({**_SENDER, "view": _VIEW}),
    "block_suggestion": has({**_SENDER, "action_id": text, "block_id?": text, "value?": text}),
    "shortcut": has({**_SENDER, **_TRIGGER, "callback_id": text, "action_ts?": name}),
    "message_action": has(
        {
            **_SENDER,
            **_TRIGGER,
            "callback_id": text,
            "action_ts?": name,
            "channel": has({"id": name}),
            "message": _POINTED_AT,
        }
    ),
}


def misfit(payload: Mapping[str, object]) -> str | None:
    """Where a payload is otherwise than Slack's are, or None. What is of no kind known here is not looked into."""
    at = _ANY(payload)
    kind = _COMMAND if "command" in payload else _KINDS.get(str(payload.get("type")))
    return kind(payload) if at is None and kind is not None else at
