"""Acknowledgements, retries and both transports."""

from __future__ import annotations

from typing import Any

from tests.sandbox.conftest import ADA, DM, QUESTIONS, Stage


def test_a_command_is_answered_over_either_transport(either_stage: Stage) -> None:
    @either_stage.app.command("/ask")
    def ask(ack: Any, command: dict[str, str]) -> None:
        ack(f"You asked: {command['text']}")

    result = either_stage.post("command", user=ADA, channel=QUESTIONS, command="/ask", text="when?")

    assert result["ok"]
    assert 0 < result["acked_ms"] < 3000
    [message] = either_stage.get("messages", channel=QUESTIONS, user=ADA)["messages"]
    assert message["text"] == "You asked: when?"
    assert message["is_ephemeral"]


def test_an_event_reaches_its_listener_over_either_transport(either_stage: Stage) -> None:
    heard = []

    @either_stage.app.event("message")
    def listen(event: dict[str, Any]) -> None:
        heard.append(event["text"])

    assert either_stage.post("message", user=ADA, channel=DM, text="hello")["ok"]
    assert heard == ["hello"]


def test_a_modal_opens_and_is_handed_in_over_either_transport(either_stage: Stage) -> None:
    form = {
        "type": "modal",
        "callback_id": "form",
        "title": {"type": "plain_text", "text": "Form"},
        "submit": {"type": "plain_text", "text": "Hand in"},
        "blocks": [
            {
                "type": "input",
                "block_id": "b",
                "label": {"type": "plain_text", "text": "Hours"},
                "element": {"type": "plain_text_input", "action_id": "a"},
            }
        ],
    }
    got = []

    @either_stage.app.command("/ask")
    def ask(ack: Any, body: dict[str, Any], client: Any) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=form)
        ack()

    @either_stage.app.view("form")
    def hand_in(ack: Any, view: dict[str, Any]) -> None:
        got.append(view["state"]["values"]["b"]["a"]["value"])
        ack(response_action="errors", errors={"b": "Try 1.5."}) if got == ["x"] else ack()

    opened = either_stage.post("command", user=ADA, channel=QUESTIONS, command="/ask", text="")
    assert opened["view"]["callback_id"] == "form"
    refused = either_stage.post("submit", user=ADA, values={"hours": "x"})
    assert (refused["ok"], refused["errors"]) == (False, {"b": "Try 1.5."})
    assert either_stage.post("submit", user=ADA, values={"b": "1.5"})["view"] is None
    assert got == ["x", "1.5"]
