"""What the tiny bot says and asks in the browser tests: one of every block, and a form that is hard to please."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App

from tests.browser.conftest import Stage
from tests.sandbox.conftest import ADA, QUESTIONS

Block = dict[str, Any]


def plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": text}


def option(text: str, value: str | None = None) -> Block:
    return {"text": plain(text), "value": value or text}


def button(action_id: str, text: str, **more: Any) -> Block:
    return {"type": "button", "action_id": action_id, "text": plain(text), **more}


OPTIONS = [option("Materials"), option("Coaching"), option("Something else")]

MENUS: list[Block] = [
    {"type": "static_select", "options": OPTIONS},
    {"type": "multi_static_select", "option_groups": [{"label": plain("Support"), "options": OPTIONS}]},
    {"type": "users_select"},
    {"type": "multi_users_select"},
    {"type": "conversations_select"},
    {"type": "multi_conversations_select"},
    {"type": "channels_select"},
    {"type": "multi_channels_select"},
]
CHOICES: list[Block] = [{"type": "checkboxes", "options": OPTIONS}, {"type": "radio_buttons", "options": OPTIONS}]
PICKERS: list[Block] = [{"type": "datepicker"}, {"type": "timepicker"}, {"type": "datetimepicker"}]
FIELDS: list[Block] = [
    {"type": "plain_text_input", "multiline": True, "max_length": 100},
    {"type": "email_text_input"},
    {"type": "url_text_input"},
    {"type": "number_input", "is_decimal_allowed": True},
    {"type": "rich_text_input"},
]
CONFIRM: Block = {
    "title": plain("Take it back?"),
    "text": plain("It disappears for everybody."),
    "confirm": plain("Take back"),
    "deny": plain("Leave it"),
}


def _named(kind: Block) -> Block:
    more = {"placeholder": plain("Choose")} if kind in MENUS else {}
    return {**kind, "action_id": f"one_{kind['type']}", **more}


RICH: Block = {
    "type": "rich_text",
    "elements": [
        {"type": "rich_text_section", "elements": [{"type": "text", "text": "rich", "style": {"bold": True}}]},
        {
            "type": "rich_text_list",
            "style": "ordered",
            "indent": 1,
            "elements": [{"type": "rich_text_section", "elements": [{"type": "user", "user_id": ADA}]}],
        },
        {"type": "rich_text_quote", "elements": [{"type": "emoji", "name": "wave"}]},
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "as it stands"}]},
    ],
}


def display_blocks() -> list[Block]:
    """Everything that is only looked at, and every element that speaks at once."""
    menu = {"type": "overflow", "action_id": "one_overflow", "options": [option("Edit"), option("Take back")]}
    return [
        {"type": "header", "text": plain("Everything :tada:")},
        {"type": "section", "text": mrkdwn("*bold* _and_ `code`"), "accessory": button("one_accessory", "Beside")},
        {"type": "section", "fields": [mrkdwn("*Due*\nFriday"), plain("3:00 pm")]},
        {"type": "context", "elements": [mrkdwn("From the page"), plain("sample")]},
        {"type": "divider"},
        {"type": "image", "image_url": "https://example.invalid/x.png", "alt_text": "A chart of hours"},
        {"type": "actions", "elements": [_named(kind) for kind in [*MENUS, *PICKERS]]},
        {"type": "actions", "elements": [*(_named(kind) for kind in CHOICES), menu]},
        {
            "type": "actions",
            "elements": [
                button("one_primary", "Hand in", style="primary"),
                button("one_danger", "Take back", style="danger", confirm=CONFIRM),
                button("one_link", "Join", url="https://example.org/join"),
            ],
        },
        RICH,
    ]


def every_input() -> list[Block]:
    """Each element that can be filled in, as an input block."""
    kinds = [_named(kind) for kind in [*FIELDS, *MENUS, *CHOICES, *PICKERS]]
    return [
        {
            "type": "input",
            "block_id": f"in_{kind['type']}",
            "label": plain(kind["type"].replace("_", " ").capitalize()),
            "hint": plain("As you like"),
            "optional": True,
            "element": kind,
        }
        for kind in kinds
    ]


def form(title: str = "Reflection", blocks: list[Block] | None = None) -> Block:
    """A form with two fields, of which the second is checked, and a way to one more view."""
    fields: list[Block] = [
        {
            "type": "input",
            "block_id": "story",
            "label": plain("What did you try?"),
            "element": {"type": "plain_text_input", "action_id": "story", "multiline": True},
        },
        {
            "type": "input",
            "block_id": "hours",
            "label": plain("Hours spent"),
            "hint": plain("Such as 1.5"),
            "element": {"type": "plain_text_input", "action_id": "hours"},
        },
        {"type": "actions", "block_id": "more", "elements": [button("again", "Again"), button("deeper", "Deeper")]},
    ]
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain(title),
        "submit": plain("Hand in"),
        "close": plain("Not now"),
        "blocks": fields if blocks is None else blocks,
    }


def _shortcuts(stage: Stage, blocks: list[Block] | None) -> None:
    app: App = stage.app
    client = stage.client

    @app.shortcut("sc_reflect")
    def from_anywhere(ack: Ack, shortcut: dict[str, Any]) -> None:
        client.views_open(trigger_id=shortcut["trigger_id"], view=form(blocks=blocks))
        ack()

    @app.shortcut("sc_save")
    def from_a_message(ack: Ack, shortcut: dict[str, Any]) -> None:
        ack()
        client.chat_postMessage(channel=QUESTIONS, text=f"Kept: {shortcut['message']['text']}")


def teach(stage: Stage, blocks: list[Block] | None = None) -> None:
    """`/ask` answers one person, `/raw` opens the form; the form wants hours it can read."""
    app: App = stage.app
    client = stage.client
    _shortcuts(stage, blocks)

    @app.command("/ask")
    def ask(ack: Ack, command: dict[str, Any]) -> None:
        ack(f"You asked: {command['text']}")

    @app.command("/raw")
    def open_form(ack: Ack, command: dict[str, Any]) -> None:
        client.views_open(trigger_id=command["trigger_id"], view=form(blocks=blocks))
        ack()

    @app.action("again")
    def again(ack: Ack, body: dict[str, Any]) -> None:
        client.views_update(view_id=body["view"]["id"], view=form("Reflection, again"))
        ack()

    @app.action("deeper")
    def deeper(ack: Ack, body: dict[str, Any]) -> None:
        client.views_push(trigger_id=body["trigger_id"], view=form("Deeper"))
        ack()

    @app.view("form")
    def handed_in(ack: Ack, view: dict[str, Any]) -> None:
        values = view["state"]["values"]
        hours = values["hours"]["hours"]["value"] if "hours" in values else "1"
        if hours == "crash":
            raise RuntimeError("the bot stumbles")
        if not hours.isdigit():
            ack(response_action="errors", errors={"hours": "Hours can be 0 or more. Try 1.5."})
            return
        ack()
        client.chat_postMessage(channel=QUESTIONS, text=f"Handed in: {hours} hours")

    @app.event("app_home_opened")
    def opened(event: dict[str, Any]) -> None:
        blocks = [
            {"type": "header", "text": plain("Good morning")},
            {"type": "actions", "elements": [button("x", "Ask")]},
        ]
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    @app.event("message")
    def silent() -> None:
        """What people write is theirs."""
