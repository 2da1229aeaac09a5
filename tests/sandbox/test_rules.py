"""Every limit and shape of blocks and views, with the place that a refusal names."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox import rules
from bot.sandbox.interface import Payload
from tests.sandbox.blocks import actions, button, field, home, modal, mrkdwn, option, options, plain, section

CONFIRM = {"title": plain("Sure?"), "text": plain("Really?"), "confirm": plain("Yes"), "deny": plain("No")}
TEXTLESS = {name: CONFIRM[name] for name in ("title", "confirm", "deny")}
IMAGE = {"type": "image", "image_url": "https://x.org/a.png", "alt_text": "a"}
RICH = {
    "type": "rich_text",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": "bold", "style": {"bold": True}},
                {"type": "link", "url": "https://x.org", "text": "x"},
                {"type": "user", "user_id": "U1"},
                {"type": "emoji", "name": "wave"},
                {"type": "date", "timestamp": 1602511200, "format": "{date}", "fallback": "Monday"},
            ],
        },
        {
            "type": "rich_text_list",
            "style": "bullet",
            "indent": 1,
            "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "one"}]}],
        },
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "quote"}]},
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "code"}]},
    ],
}

GOOD: list[Payload] = [
    section("x" * 3000),
    {"type": "section", "fields": [mrkdwn("x" * 2000)] * 10},
    section(accessory=button(value="v" * 2000, style="primary", confirm=CONFIRM)),
    section(accessory={"type": "overflow", "action_id": "o", "options": options("a", "b")}),
    section(accessory=IMAGE),
    {"type": "header", "text": plain("x" * 150)},
    {"type": "divider"},
    IMAGE | {"title": plain("A picture")},
    {"type": "context", "elements": [mrkdwn("a"), plain("b"), IMAGE]},
    actions(*(button(f"b{number}") for number in range(25))),
    actions(button(url="https://x.org")),
    actions({"type": "static_select", "action_id": "s", "options": options("a"), "initial_option": option("a")}),
    actions(
        {"type": "static_select", "action_id": "s", "option_groups": [{"label": plain("G"), "options": options("a")}]}
    ),
    actions({"type": "datepicker", "action_id": "d", "initial_date": "2020-10-12"}),
    actions({"type": "timepicker", "action_id": "t", "initial_time": "09:30", "timezone": "America/Chicago"}),
    actions({"type": "datetimepicker", "action_id": "dt", "initial_date_time": 1602511200}),
    actions({"type": "radio_buttons", "action_id": "r", "options": [{"text": mrkdwn("*a*"), "value": "a"}]}),
    actions({"type": "conversations_select", "action_id": "c", "filter": {"include": ["public"]}}),
    field("f", "Text", multiline=True, min_length=1, max_length=3000, initial_value="x", placeholder=plain("p")),
    field("f", "Number", "number_input", is_decimal_allowed=True, min_value="0", max_value="10.5", initial_value="1.5"),
    field("f", "Rich", "rich_text_input", initial_value={"type": "rich_text", "elements": RICH["elements"]}),
    field("f", "Mail", "email_text_input"),
    field("f", "Boxes", "checkboxes", options=options("a", "b"), initial_options=options("b")),
    field("f", "Many", "multi_static_select", options=options("a", "b"), max_selected_items=1),
    field("f", "Who", "multi_users_select", initial_users=["U1"], block={"hint": plain("h"), "optional": True}),
    field("f", "Ask", "external_select", min_query_length=0),
    RICH,
]

BAD: list[tuple[Payload, str, str]] = [
    ({"type": "hologram"}, "/blocks/0/type", "unsupported block type: hologram"),
    ({"text": mrkdwn("a")}, "/blocks/0", "missing required field: type"),
    ({"type": "section"}, "/blocks/0", "needs text or fields"),
    (section("x" * 3001), "/blocks/0/text/text", "must be less than 3001 characters"),
    (section(""), "/blocks/0/text/text", "must be more than 0 characters"),
    (section("a < b"), "/blocks/0/text/text", "not escaped"),
    (section(colour="red"), "/blocks/0", "invalid additional property: colour"),
    (section(block_id="x" * 256), "/blocks/0/block_id", "must be less than 256 characters"),
    ({"type": "section", "text": "plain"}, "/blocks/0/text", "text object"),
    ({"type": "section", "text": {"type": "markdown", "text": "a"}}, "/blocks/0/text/type", "text object"),
    (
        {"type": "section", "text": mrkdwn("a") | {"emoji": True}},
        "/blocks/0/text",
        "invalid additional property: emoji",
    ),
    ({"type": "section", "fields": [mrkdwn("a")] * 11}, "/blocks/0/fields", "no more than 10 items"),
    ({"type": "section", "fields": [mrkdwn("a" * 2001)]}, "/blocks/0/fields/0/text", "2001"),
    ({"type": "header", "text": mrkdwn("a")}, "/blocks/0/text/type", "plain_text"),
    ({"type": "header", "text": plain("x" * 151)}, "/blocks/0/text/text", "less than 151"),
    ({"type": "image", "image_url": "https://x.org/a.png"}, "/blocks/0", "missing required field: alt_text"),
    ({"type": "image", "image_url": "a.png", "alt_text": "a"}, "/blocks/0/image_url", "URL"),
    ({"type": "image", "alt_text": "a"}, "/blocks/0", "either image_url or slack_file"),
    ({"type": "context", "elements": [mrkdwn("a")] * 11}, "/blocks/0/elements", "no more than 10 items"),
    ({"type": "context", "elements": [button()]}, "/blocks/0/elements/0/type", "text object"),
    ({"type": "context", "elements": []}, "/blocks/0/elements", "no fewer than 1"),
    (actions(), "/blocks/0/elements", "no fewer than 1"),
    (actions(*(button(f"b{number}") for number in range(26))), "/blocks/0/elements", "no more than 25 items"),
    (actions(IMAGE), "/blocks/0/elements/0/type", "not allowed in a block of type actions"),
    (actions({"type": "plain_text_input", "action_id": "a"}), "/blocks/0/elements/0/type", "not allowed"),
    (actions({"type": "lever", "action_id": "a"}), "/blocks/0/elements/0/type", "unsupported element type: lever"),
    (actions({"type": "button", "action_id": "a"}), "/blocks/0/elements/0", "missing required field: text"),
    (actions(button(text=plain("x" * 76))), "/blocks/0/elements/0/text/text", "less than 76"),
    (actions(button(text=mrkdwn("x"))), "/blocks/0/elements/0/text/type", "plain_text"),
    (actions(button(style="warning")), "/blocks/0/elements/0/style", "must be one of: primary, danger"),
    (actions(button(value="v" * 2001)), "/blocks/0/elements/0/value", "less than 2001"),
    (actions(button(value=7)), "/blocks/0/elements/0/value", "must be a string"),
    (actions(button(url="x.org")), "/blocks/0/elements/0/url", "valid URL"),
    (actions(button("a" * 256)), "/blocks/0/elements/0/action_id", "less than 256"),
    (actions(button(confirm=CONFIRM | {"title": plain("x" * 101)})), "/blocks/0/elements/0/confirm/title/text", "101"),
    (actions(button(confirm=CONFIRM | {"deny": plain("x" * 31)})), "/blocks/0/elements/0/confirm/deny/text", "31"),
    (
        actions(button(confirm=TEXTLESS)),
        "/blocks/0/elements/0/confirm",
        "missing required field: text",
    ),
    (section(accessory=field("f", "x")["element"]), "/blocks/0/accessory/type", "not allowed"),
    (
        section(accessory={"type": "overflow", "action_id": "o", "options": options(*"abcdef")}),
        "/blocks/0/accessory/options",
        "no more than 5",
    ),
    (actions({"type": "static_select", "action_id": "s"}), "/blocks/0/elements/0", "either options or option_groups"),
    (actions({"type": "static_select", "action_id": "s", "options": []}), "/blocks/0/elements/0/options", "no fewer"),
    (
        actions({"type": "static_select", "action_id": "s", "options": [option(str(n)) for n in range(101)]}),
        "/blocks/0/elements/0/options",
        "no more than 100",
    ),
    (
        actions({"type": "static_select", "action_id": "s", "options": [option("v" * 76)]}),
        "/blocks/0/elements/0/options/0/text/text",
        "less than 76",
    ),
    (
        actions({"type": "static_select", "action_id": "s", "options": [option("v" * 151, "t")]}),
        "/blocks/0/elements/0/options/0/value",
        "less than 151",
    ),
    (
        actions({"type": "static_select", "action_id": "s", "options": [{"text": mrkdwn("a"), "value": "a"}]}),
        "/blocks/0/elements/0/options/0/text/type",
        "plain_text",
    ),
    (
        actions({"type": "static_select", "action_id": "s", "options": options("a", "a")}),
        "/blocks/0/elements/0",
        "same value",
    ),
    (
        actions(
            {"type": "static_select", "action_id": "s", "options": options("a"), "initial_option": option("a", "other")}
        ),
        "/blocks/0/elements/0/initial_option",
        "one of the options, exactly",
    ),
    (actions({"type": "datepicker", "action_id": "d", "initial_date": "2020-02-30"}), "/initial_date", "YYYY-MM-DD"),
    (actions({"type": "timepicker", "action_id": "t", "initial_time": "9:30"}), "/initial_time", "HH:mm"),
    (actions({"type": "timepicker", "action_id": "t", "timezone": "Mars/Base"}), "/timezone", "IANA"),
    (
        actions({"type": "datetimepicker", "action_id": "t", "initial_date_time": 16025112}),
        "/initial_date_time",
        "between",
    ),
    (
        actions({"type": "checkboxes", "action_id": "c", "options": options(*"abcdefghijk")}),
        "/options",
        "no more than 10",
    ),
    (field("f", "x" * 2001), "/blocks/0/label/text", "less than 2001"),
    (field("f", "x", max_length=3001), "/blocks/0/element/max_length", "between 1 and 3000"),
    (field("f", "x", min_length=5, max_length=4), "/blocks/0/element", "min_length is greater"),
    (field("f", "x", max_length=2, initial_value="abc"), "/blocks/0/element/initial_value", "less than 3"),
    (field("f", "x", placeholder=plain("p" * 151)), "/blocks/0/element/placeholder/text", "less than 151"),
    (field("f", "x", "number_input"), "/blocks/0/element", "missing required field: is_decimal_allowed"),
    (field("f", "x", "number_input", is_decimal_allowed=True, min_value=0), "/min_value", "written as a string"),
    (field("f", "x", "number_input", is_decimal_allowed=False, initial_value="1.5"), "/initial_value", "whole number"),
    (field("f", "x", "button"), "/blocks/0/element/type", "not allowed in a block of type input"),
    (field("f", "x", "multi_users_select", initial_users=["ada"]), "/initial_users/0", "a user id"),
    (field("f", "x", "channels_select", response_url_enabled=True), "/response_url_enabled", "modals only"),
    (
        actions({"type": "conversations_select", "action_id": "c", "default_to_current_conversation": True}),
        "/default_to_current_conversation",
        "known to Slack but not to this sandbox",
    ),
    ({"type": "rich_text", "elements": [{"type": "text", "text": "a"}]}, "/blocks/0/elements/0/type", "unsupported"),
    (
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "link", "text": "x"}]}]},
        "/blocks/0/elements/0/elements/0",
        "missing required field: url",
    ),
]


@pytest.mark.parametrize("block", GOOD, ids=lambda block: block["type"])
def test_a_block_within_the_limits_passes(block: Payload) -> None:
    assert rules.message_blocks([block]) == []


@pytest.mark.parametrize(("block", "at", "says"), BAD, ids=[f"{at} {says}"[:60] for _, at, says in BAD])
def test_a_block_over_a_limit_is_refused_by_its_place(block: Payload, at: str, says: str) -> None:
    [message] = rules.message_blocks([block])

    assert f"{at}]" in message
    assert says in message
    assert message.startswith("[ERROR] ")


def test_a_message_has_at_most_fifty_blocks() -> None:
    assert rules.message_blocks([section()] * 50) == []
    assert rules.message_blocks([section()] * 51) == ["[ERROR] no more than 50 items allowed [json-pointer:/blocks]"]


def test_blocks_must_be_an_array() -> None:
    assert rules.message_blocks({"type": "section"}) == ["[ERROR] must be an array [json-pointer:/blocks]"]


def test_a_block_id_stands_once() -> None:
    [message] = rules.message_blocks([section(block_id="a"), section(block_id="a")])

    assert "'a' already exists [json-pointer:/blocks/1/block_id]" in message


def test_an_action_id_stands_once_in_the_whole_message() -> None:
    [message] = rules.message_blocks([actions(button("a")), section(accessory=button("a"))])

    assert "'a' already exists [json-pointer:/blocks/1/accessory/action_id]" in message


def test_all_mistakes_are_named_at_once() -> None:
    assert len(rules.message_blocks([section(""), {"type": "header", "text": plain("x" * 151)}])) == 2


def test_a_modal_within_the_limits_passes() -> None:
    view = modal(
        *(section() for _ in range(99)),
        field("f", "Text"),
        callback_id="c",
        private_metadata="x" * 3000,
        close=plain("Not now"),
        notify_on_close=True,
        clear_on_close=True,
        external_id="e",
    )
    assert rules.view(view, "modal") == []


@pytest.mark.parametrize(
    ("view", "at", "says"),
    [
        (modal(section(), title=plain("x" * 25)), "/view/title/text", "less than 25 characters"),
        (modal(section(), submit=plain("x" * 25)), "/view/submit/text", "less than 25 characters"),
        (modal(section(), close=plain("x" * 25)), "/view/close/text", "less than 25 characters"),
        (modal(section(), title=mrkdwn("x")), "/view/title/type", "plain_text"),
        (modal(section(), private_metadata="x" * 3001), "/view/private_metadata", "less than 3001"),
        (modal(section(), callback_id="x" * 256), "/view/callback_id", "less than 256"),
        (modal(section(), external_id="x" * 256), "/view/external_id", "less than 256"),
        (modal(*(section() for _ in range(101))), "/view/blocks", "no more than 100"),
        (modal(section(), color="red"), "/view", "invalid additional property: color"),
        ({**home(field("f", "x")), "type": "modal", "title": plain("x")}, "/view", "missing required field: submit"),
        (modal(section(), submit=None), "/view/submit", "must not be null"),
        (modal({"type": "hologram"}), "/view/blocks/0/type", "unsupported block type"),
        (home(), "/view/type", "must be modal, not home"),
        ({"type": "modal", "title": plain("x")}, "/view", "missing required field: blocks"),
        (
            modal(field("a", "x", focus_on_load=True), field("b", "x", focus_on_load=True)),
            "/view/blocks",
            "only one element may have focus_on_load",
        ),
    ],
)
def test_a_modal_over_a_limit_is_refused_by_its_place(view: Payload, at: str, says: str) -> None:
    [message] = rules.view(view, "modal")

    assert f"[json-pointer:{at}]" in message
    assert says in message


@pytest.mark.parametrize("name", ["title", "submit", "close", "notify_on_close"])
def test_a_home_has_none_of_a_modals_parts(name: str) -> None:
    given: Any = True if name == "notify_on_close" else plain("x")

    assert rules.view(home(section()) | {name: given}, "home") == [
        f"[ERROR] invalid additional property: {name} [json-pointer:/view]"
    ]


def test_a_modal_may_ask_for_a_response_url() -> None:
    assert rules.view(modal(field("f", "Where", "channels_select", response_url_enabled=True)), "modal") == []


def test_a_view_is_at_most_250_kilobytes() -> None:
    assert not rules.too_large(modal(*(section("x" * 2300) for _ in range(100))))
    assert rules.too_large(modal(*(section("x" * 2500) for _ in range(100))))


@pytest.mark.parametrize(
    ("metadata", "code"),
    [
        ({"event_type": "t", "event_payload": {"key": "a", "n": 1, "deep": {"yes": True}}}, None),
        ("text", "invalid_metadata_format"),
        ({"event_type": "t"}, "invalid_metadata_format"),
        ({"event_type": "", "event_payload": {}}, "invalid_metadata_format"),
        ({"event_type": "t", "event_payload": {}, "more": 1}, "invalid_metadata_format"),
        ({"event_type": "t", "event_payload": {"list": [1]}}, "invalid_metadata_schema"),
        ({"event_type": "t", "event_payload": {"key": "x" * 1024}}, "metadata_too_large"),
    ],
)
def test_metadata_is_an_object_of_plain_values(metadata: Any, code: str | None) -> None:
    assert rules.metadata(metadata) == code


def test_the_text_of_blocks_is_counted_at_any_depth() -> None:
    blocks = [section("x" * 10), actions(button(text=plain("yy"))), {"type": "context", "elements": [mrkdwn("zzz")]}]

    assert rules.characters(blocks) == 15
