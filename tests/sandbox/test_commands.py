"""Slash commands, their answers, and response_urls."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

import pytest

from tests.sandbox.blocks import actions, button, section
from tests.sandbox.conftest import ADA, CLOSED, DM, FAY, LENA, PAT, QUESTIONS, STAFF, Stage, StageMaker


def answering(stage: Stage, *answer: Any, **more: Any) -> list[dict[str, str]]:
    """A bot that answers /ask and /raw in one way, and keeps what it got."""
    got: list[dict[str, str]] = []

    def listener(ack: Any, body: dict[str, str]) -> None:
        got.append(body)
        ack(*answer, **more)

    stage.app.command("/ask")(listener)
    stage.app.command("/raw")(listener)
    return got


def ask(stage: Stage, text: str = "when?", **more: str) -> dict[str, Any]:
    return stage.post("command", **{"user": ADA, "channel": QUESTIONS, "command": "/ask", "text": text} | more)


def speak(url: str, **body: Any) -> tuple[int, str]:
    """Post to a response_url."""
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)["error"]


def test_a_command_has_slacks_fields(stage: Stage) -> None:
    got = answering(stage)

    assert ask(stage)["ok"]

    [body] = got
    assert {name: body[name] for name in ("team_id", "channel_id", "channel_name", "user_id", "command", "text")} == {
        "team_id": "T0CONVENE",
        "channel_id": QUESTIONS,
        "channel_name": "questions",
        "user_id": ADA,
        "command": "/ask",
        "text": "when?",
    }
    assert body["is_enterprise_install"] == "false"
    assert body["trigger_id"]
    assert "/response/" in body["response_url"]


@pytest.mark.parametrize(("channel", "user", "name"), [(DM, ADA, "directmessage"), (STAFF, FAY, "privategroup")])
def test_the_channel_name_stands_in_where_slack_hides_it(stage: Stage, channel: str, user: str, name: str) -> None:
    got = answering(stage)

    ask(stage, channel=channel, user=user)

    assert got[0]["channel_name"] == name


def test_names_are_escaped_only_where_the_manifest_says_so(stage: Stage) -> None:
    got = answering(stage)

    ask(stage, "is @fay in #staff? <b>")
    ask(stage, "is @fay in #staff? <b>", command="/raw")

    assert got[0]["text"] == f"is <@{FAY}> in <#{STAFF}|>? &lt;b&gt;"
    assert got[1]["text"] == "is @fay in #staff? <b>"


def test_an_empty_answer_is_silent(stage: Stage) -> None:
    answering(stage)

    assert ask(stage)["ok"]
    assert stage.texts(QUESTIONS) == []


def test_an_answer_is_private_unless_it_says_otherwise(stage: Stage) -> None:
    answering(stage, text="private")

    result = ask(stage)

    [message] = stage.get("messages", channel=QUESTIONS)["messages"]
    assert (message["text"], message["is_ephemeral"], message["ts"]) == ("private", True, result["ts"])
    assert stage.texts(QUESTIONS, FAY) == []


def test_an_answer_in_the_channel_shows_the_command_too(stage: Stage) -> None:
    answering(stage, text="open", response_type="in_channel")

    ask(stage)

    assert stage.texts(QUESTIONS, FAY) == ["/ask when?", "open"]


def test_an_answer_with_wrong_blocks_is_refused_loudly(stage: Stage) -> None:
    answering(stage, text="x", blocks=[{"type": "hologram"}])

    result = ask(stage)

    assert (result["ok"], result["error"]) == (False, "invalid_blocks")
    assert "/blocks/0/type" in result["detail"][0]
    assert stage.texts(QUESTIONS) == []


def test_a_command_nobody_listens_to_fails_for_its_writer(stage: Stage) -> None:
    result = ask(stage)

    assert (result["ok"], result["error"]) == (False, "http_client_error")
    assert stage.texts(QUESTIONS, ADA) == ["`/ask` failed with the error “http_client_error”."]


def test_a_listener_that_raises_is_a_service_error(stage: Stage) -> None:
    @stage.app.command("/ask")
    def broken() -> None:
        raise RuntimeError("on purpose")

    assert ask(stage)["error"] == "http_service_error"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"user": LENA}, "guests cannot use slash commands here"),
        ({"thread_ts": "1602511200.000001"}, "cannot be used in threads"),
        ({"command": "/sing"}, "/sing is not a command here; there are: /ask, /raw."),
        ({"user": PAT}, "not_in_channel"),
        ({"channel": CLOSED}, "channel_not_found"),
    ],
)
def test_a_command_that_slack_would_not_send_is_refused(stage: Stage, change: dict[str, str], says: str) -> None:
    got = answering(stage)

    result = ask(stage, **change)

    assert result["status"] == 400
    assert says in result["error"]
    assert got == []


def test_commands_need_their_scope(make_stage: StageMaker) -> None:
    stage = make_stage(changes=lambda manifest: manifest["oauth_config"]["scopes"]["bot"].remove("commands"))

    assert "lacks the scope `commands`" in ask(stage)["error"]


def test_a_response_url_works_five_times(stage: Stage) -> None:
    got = answering(stage)
    ask(stage)
    url = got[0]["response_url"]

    answers = [speak(url, text=f"no. {number}")[0] for number in range(6)]

    assert answers == [200] * 5 + [404]
    assert speak(url, text="again") == (404, "used_url")
    assert stage.texts(QUESTIONS, ADA) == [f"no. {number}" for number in range(5)]
    assert stage.texts(QUESTIONS, FAY) == []


def test_a_response_url_works_for_thirty_minutes(stage: Stage) -> None:
    got = answering(stage)
    ask(stage)

    stage.post("clock", advance="29m")
    assert speak(got[0]["response_url"], text="in time")[0] == 200
    stage.post("clock", advance="2m")
    assert speak(got[0]["response_url"], text="too late") == (404, "expired_url")


def test_a_response_url_works_where_the_bot_is_not(stage: Stage) -> None:
    got = answering(stage)
    ask(stage, channel=CLOSED, user=FAY)

    assert speak(got[0]["response_url"], text="here", response_type="in_channel")[0] == 200
    assert stage.texts(CLOSED, FAY) == ["here"]


def test_a_response_replaces_or_deletes_the_original(stage: Stage) -> None:
    got = answering(stage, text="first")
    ask(stage)
    url = got[0]["response_url"]

    speak(url, text="second", replace_original=True)
    assert stage.texts(QUESTIONS, ADA) == ["second"]
    speak(url, delete_original=True)
    assert stage.texts(QUESTIONS, ADA) == []


def test_a_private_answer_does_not_become_public_by_replacing(stage: Stage) -> None:
    got = answering(stage, text="first")
    ask(stage)

    speak(got[0]["response_url"], text="second", replace_original=True, response_type="in_channel")

    assert stage.texts(QUESTIONS, FAY) == []


def test_a_wrong_message_through_a_response_url_is_refused(stage: Stage) -> None:
    got = answering(stage)
    ask(stage)

    assert speak(got[0]["response_url"], blocks=[section("a < b")]) == (404, "invalid_blocks")
    assert speak(got[0]["response_url"]) == (404, "no_text")


def test_an_invented_response_url_is_refused(stage: Stage) -> None:
    assert speak(f"{stage.sandbox.site}/response/invented", text="x") == (404, "invalid_url")


def test_a_private_answer_can_be_shared_from_its_button(stage: Stage) -> None:
    answering(stage, text="the answer", blocks=[section("the answer"), actions(button("share"))])

    @stage.app.action("share")
    def share(ack: Any, respond: Any) -> None:
        ack()
        respond(text="shared", response_type="in_channel", replace_original=False)

    ask(stage)
    assert stage.post("action", user=ADA, action_id="share")["ok"]

    assert stage.texts(QUESTIONS, FAY) == ["shared"]
    assert stage.texts(QUESTIONS, ADA) == ["the answer", "shared"]
