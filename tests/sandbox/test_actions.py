"""Buttons and menus: which one is meant, what is sent, who sees it."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.interface import Payload
from tests.sandbox.blocks import actions, button, field, home, modal, option, options, section
from tests.sandbox.conftest import ADA, FAY, LENA, PAT, QUESTIONS, STAFF, Stage

PRESSED = {"go", "menu", "when", "more", "who", "note_in"}


def pressing(stage: Stage, *action_ids: str) -> list[Payload]:
    """Every press that reaches the bot."""
    got: list[Payload] = []

    def keep(ack: Any, body: Payload) -> None:
        got.append(body)
        ack()

    for action_id in action_ids or PRESSED:
        stage.app.action(action_id)(keep)
    return got


def post(stage: Stage, *blocks: Payload, channel: str = QUESTIONS, **more: Any) -> str:
    return str(stage.client.chat_postMessage(channel=channel, text="text", blocks=list(blocks), **more)["ts"])


def test_a_button_in_a_message_sends_slacks_fields(stage: Stage) -> None:
    got = pressing(stage)
    ts = post(stage, section(block_id="s"), actions(button(value="7"), block_id="row"))

    result = stage.post("action", user=ADA, action_id="go")

    assert result["ok"]
    [body] = got
    assert body["type"] == "block_actions"
    assert body["container"] == {"type": "message", "message_ts": ts, "channel_id": QUESTIONS, "is_ephemeral": False}
    assert body["channel"] == {"id": QUESTIONS, "name": "questions"}
    assert body["message"]["ts"] == ts
    assert body["user"] == {"id": ADA, "username": "ada", "name": "ada", "team_id": "T0CONVENE"}
    assert body["team"] == {"id": "T0CONVENE", "domain": "sandbox"}
    assert body["response_url"]
    assert body["trigger_id"]
    [action] = body["actions"]
    assert (action["type"], action["block_id"], action["action_id"], action["value"]) == ("button", "row", "go", "7")
    assert action["text"]["text"] == "Go"
    assert action["action_ts"] > ts


def test_a_button_in_a_thread_names_the_thread(stage: Stage) -> None:
    got = pressing(stage)
    parent = post(stage, section())
    post(stage, actions(button()), thread_ts=parent)

    stage.post("action", user=ADA, action_id="go")

    assert got[0]["container"]["thread_ts"] == parent


def test_an_ephemeral_is_named_but_not_sent_along(stage: Stage) -> None:
    got = pressing(stage)
    stage.client.chat_postEphemeral(channel=QUESTIONS, user=ADA, text="t", blocks=[actions(button())])

    assert stage.post("action", user=ADA, action_id="go")["ok"]

    assert got[0]["container"]["is_ephemeral"] is True
    assert "message" not in got[0]


def test_somebody_elses_ephemeral_cannot_be_pressed(stage: Stage) -> None:
    got = pressing(stage)
    stage.client.chat_postEphemeral(channel=QUESTIONS, user=ADA, text="t", blocks=[actions(button())])

    assert stage.post("action", user=FAY, action_id="go")["status"] == 400
    assert got == []


def test_a_button_in_a_channel_one_is_not_in_cannot_be_pressed(stage: Stage) -> None:
    post(stage, actions(button()), channel=STAFF)

    assert stage.post("action", user=ADA, action_id="go")["status"] == 400
    assert stage.post("action", user=ADA, action_id="go", channel=STAFF)["error"].startswith("channel_not_found")


def test_an_absent_element_is_refused_and_the_ones_in_sight_are_named(stage: Stage) -> None:
    post(stage, actions(button("one"), button("two")))

    result = stage.post("action", user=ADA, action_id="go")

    assert result["status"] == 400
    assert "in sight: one, two" in result["error"]


def test_the_newest_of_several_messages_is_meant(stage: Stage) -> None:
    got = pressing(stage)
    post(stage, actions(button()))
    newest = post(stage, actions(button()))

    stage.post("action", user=ADA, action_id="go")

    assert got[0]["message"]["ts"] == newest


def test_a_value_decides_between_several(stage: Stage) -> None:
    got = pressing(stage)
    oldest = post(stage, actions(button(value="1")))
    post(stage, actions(button(value="2")))

    stage.post("action", user=ADA, action_id="go", value="1")

    assert got[0]["message"]["ts"] == oldest


def test_a_value_that_is_nowhere_is_refused(stage: Stage) -> None:
    post(stage, actions(button(value="1")))

    result = stage.post("action", user=ADA, action_id="go", value="9")

    assert result["status"] == 400
    assert "there are: 1" in result["error"]


def test_a_message_is_named_by_its_ts(stage: Stage) -> None:
    got = pressing(stage)
    first = post(stage, actions(button()))
    post(stage, actions(button()))

    assert stage.post("action", user=ADA, action_id="go", channel=QUESTIONS, message_ts=first)["ok"]
    assert stage.post("action", user=ADA, action_id="go", message_ts=first)["ok"]
    assert [one["message"]["ts"] for one in got] == [first, first]
    assert stage.post("action", user=ADA, action_id="go", message_ts="1.000000")["status"] == 400


def test_the_open_view_comes_before_the_home_and_the_home_before_messages(stage: Stage) -> None:
    got = pressing(stage)
    post(stage, actions(button()))
    stage.client.views_publish(user_id=ADA, view=home(actions(button())))
    stage.post("action", user=ADA, action_id="go")
    trigger = got[0]["trigger_id"]
    stage.client.views_open(trigger_id=trigger, view=modal(actions(button())))
    stage.post("action", user=ADA, action_id="go")
    stage.post("close", user=ADA)
    stage.post("action", user=FAY, action_id="go")

    assert [one["container"]["type"] for one in got] == ["view", "view", "message"]
    assert [one["view"]["type"] for one in got[:2]] == ["home", "modal"]
    assert "response_url" not in got[0]


def test_a_url_button_is_told_too(stage: Stage) -> None:
    got = pressing(stage)
    post(stage, actions(button(url="https://x.org")))

    assert stage.post("action", user=ADA, action_id="go")["ok"]
    assert got[0]["actions"][0]["url"] == "https://x.org"


def test_a_guest_presses_buttons(stage: Stage) -> None:
    pressing(stage)
    post(stage, actions(button()))

    assert stage.post("action", user=LENA, action_id="go")["ok"]


def test_an_unacknowledged_press_fails(stage: Stage) -> None:
    post(stage, actions(button()))

    result = stage.post("action", user=ADA, action_id="go")

    assert (result["status"], result["ok"], result["error"]) == (200, False, "http_client_error")


@pytest.mark.parametrize("chosen", ["b", "The second"])
def test_a_menu_takes_an_options_value_or_its_text(stage: Stage, chosen: str) -> None:
    got = pressing(stage)
    menu = {"type": "static_select", "action_id": "menu", "options": [option("a"), option("b", "The second")]}
    post(stage, actions(menu, block_id="row"))

    assert stage.post("action", user=ADA, action_id="menu", selected=chosen)["ok"]

    assert got[0]["actions"][0]["selected_option"]["value"] == "b"
    assert got[0]["state"]["values"]["row"]["menu"]["selected_option"]["value"] == "b"


def test_what_one_person_chose_in_a_message_is_not_another_persons_state(stage: Stage) -> None:
    got = pressing(stage)
    menu = {"type": "static_select", "action_id": "menu", "options": options("a", "b")}
    post(stage, actions(menu, button(), block_id="row"))

    stage.post("action", user=ADA, action_id="menu", selected="a")
    stage.post("action", user=FAY, action_id="go")

    assert got[1]["state"]["values"]["row"]["menu"]["selected_option"] is None


def test_an_option_that_is_not_offered_is_refused(stage: Stage) -> None:
    got = pressing(stage)
    post(stage, actions({"type": "static_select", "action_id": "menu", "options": options("a", "b")}))

    result = stage.post("action", user=ADA, action_id="menu", selected="c")

    assert result["status"] == 400
    assert "it offers a (a), b (b)" in result["error"]
    assert got == []


def test_an_overflow_menu_sends_its_option(stage: Stage) -> None:
    got = pressing(stage)
    post(stage, section(accessory={"type": "overflow", "action_id": "more", "options": options("edit", "drop")}))

    stage.post("action", user=ADA, action_id="more", selected="drop")

    assert got[0]["actions"][0]["selected_option"]["value"] == "drop"


def test_checkboxes_send_all_that_are_ticked(stage: Stage) -> None:
    got = pressing(stage)
    post(stage, actions({"type": "checkboxes", "action_id": "menu", "options": options("a", "b", "c")}))

    stage.post("action", user=ADA, action_id="menu", selected=["a", "c"])
    stage.post("action", user=ADA, action_id="menu", selected=[])

    assert [[one["value"] for one in body["actions"][0]["selected_options"]] for body in got] == [["a", "c"], []]


def test_a_date_picker_sends_a_date(stage: Stage) -> None:
    got = pressing(stage)
    post(stage, actions({"type": "datepicker", "action_id": "when"}))

    assert stage.post("action", user=ADA, action_id="when", selected="2020-10-16")["ok"]
    assert got[0]["actions"][0]["selected_date"] == "2020-10-16"
    assert stage.post("action", user=ADA, action_id="when", selected="Friday")["status"] == 400


def test_a_people_menu_takes_names_and_ids(stage: Stage) -> None:
    got = pressing(stage)
    post(stage, actions({"type": "users_select", "action_id": "who"}))

    stage.post("action", user=ADA, action_id="who", selected="fay")
    stage.post("action", user=ADA, action_id="who", selected=PAT)

    assert [body["actions"][0]["selected_user"] for body in got] == [FAY, PAT]


def test_an_input_tells_of_changes_only_when_it_is_asked_to(stage: Stage) -> None:
    got = pressing(stage)
    post(stage, field("note", "Note"))
    assert "tells nobody of changes" in stage.post("action", user=ADA, action_id="note_in", value="x")["error"]

    post(stage, field("note", "Note", block={"dispatch_action": True}))
    assert stage.post("action", user=ADA, action_id="note_in", value="x")["ok"]
    assert got[0]["actions"][0]["value"] == "x"
    assert got[0]["state"]["values"]["note"]["note_in"]["value"] == "x"


def test_an_external_menu_asks_the_bot_what_to_offer(stage: Stage) -> None:
    got = pressing(stage)

    @stage.app.options("menu")
    def offer(ack: Any, body: Payload) -> None:
        ack(options=[option("r", f"Riverside for {body['value']}")])

    post(stage, actions({"type": "external_select", "action_id": "menu"}))

    offered = stage.post("options", user=ADA, action_id="menu", value="riv")
    assert [one["value"] for one in offered["options"]] == ["r"]
    assert stage.post("action", user=ADA, action_id="menu", selected="x")["status"] == 400
    assert stage.post("action", user=ADA, action_id="menu", selected="r")["ok"]
    assert got[0]["actions"][0]["selected_option"]["text"]["text"] == "Riverside for riv"


def test_a_global_shortcut_has_no_channel(stage: Stage) -> None:
    got: list[Payload] = []

    @stage.app.shortcut("sc_reflect")
    def reflect(ack: Any, body: Payload) -> None:
        got.append(body)
        ack()

    assert stage.post("shortcut", user=LENA, callback_id="sc_reflect")["ok"]
    assert (got[0]["type"], "channel" in got[0], "response_url" in got[0]) == ("shortcut", False, False)
    assert "there are: sc_reflect, sc_save" in stage.post("shortcut", user=ADA, callback_id="sc_none")["error"]


def test_a_message_shortcut_carries_its_message(stage: Stage) -> None:
    got: list[Payload] = []

    @stage.app.shortcut("sc_save")
    def save(ack: Any, body: Payload) -> None:
        got.append(body)
        ack()

    ts = post(stage, section())

    assert stage.post("shortcut", user=ADA, callback_id="sc_save")["status"] == 400
    assert stage.post("shortcut", user=PAT, callback_id="sc_save", channel=STAFF, message_ts=ts)["status"] == 400
    assert stage.post("shortcut", user=ADA, callback_id="sc_save", channel=QUESTIONS, message_ts=ts)["ok"]
    [body] = got
    assert (body["type"], body["message_ts"], body["message"]["ts"]) == ("message_action", ts, ts)
    assert body["response_url"]


def test_a_persons_own_message_is_not_replaced_through_its_shortcut(stage: Stage) -> None:
    @stage.app.shortcut("sc_save")
    def save(ack: Any, respond: Any) -> None:
        ack()
        respond(text="taken over", replace_original=True)

    stage.app.event("message")(lambda: None)
    ts = stage.post("message", user=ADA, channel=QUESTIONS, text="mine")["ts"]

    assert stage.post("shortcut", user=FAY, callback_id="sc_save", channel=QUESTIONS, message_ts=ts)["ok"]
    assert stage.texts(QUESTIONS, ADA) == ["mine"]
    assert stage.texts(QUESTIONS, FAY) == ["mine", "taken over"]
