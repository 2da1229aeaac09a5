"""The bot as it is put together: who it is is asked once, from many threads, and again when Slack was away."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import time
import urllib.parse
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest
from slack_sdk import WebClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from werkzeug.test import Client, TestResponse

from bot import app as composition
from bot.app import Convene
from bot.clock import wall
from bot.config import Settings
from storage.database import Database
from tests import cast
from tests.cast import COHORT, TEAM, TOMAS
from tests.fakes import FakeSlack, Odd, breaks, refuses, serving

SECRET = "a-signing-secret"


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with serving(FakeSlack(wall)) as fake:
        yield fake


@pytest.fixture
def convene(quick_db: Database, slack: FakeSlack) -> Iterator[Convene]:
    with quick_db.begin() as session:
        cast.begin(session)
    built = build(quick_db, slack.url)
    yield built
    built.stop()


def build(db: Database, api_url: str) -> Convene:
    url = db.url.render_as_string(hide_password=False)
    return composition.build(Settings("xoxb-1", None, SECRET, api_url, database_url=url))


def post(convene: Convene, body: bytes, content_type: str) -> TestResponse:
    stamp = str(int(time.time()))
    signed = "v0=" + hmac.new(SECRET.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signed}
    return Client(convene.wsgi).post("/slack/events", data=body, headers=headers, content_type=content_type)


def command(convene: Convene, number: int = 1) -> TestResponse:
    form: Mapping[str, str] = {
        "command": "/dates",
        "text": "",
        "team_id": TEAM,
        "user_id": TOMAS,
        "channel_id": COHORT,
        "trigger_id": f"{number}.{number}",
        "api_app_id": "A0CONVENE",
    }
    return post(convene, urllib.parse.urlencode(form).encode(), "application/x-www-form-urlencoded")


def mention(convene: Convene) -> TestResponse:
    event = {"type": "app_mention", "user": TOMAS, "channel": COHORT, "text": "<@U0CONVENE> hello", "ts": "1.2"}
    envelope = {"type": "event_callback", "team_id": TEAM, "api_app_id": "A0", "event_id": "Ev1", "event": event}
    return post(convene, json.dumps(envelope).encode(), "application/json")


def test_slack_is_asked_who_the_bot_is_once(convene: Convene, slack: FakeSlack) -> None:
    assert slack.asked("auth.test") == []
    assert [command(convene, number).status_code for number in range(3)] == [200, 200, 200]
    assert len(slack.asked("auth.test")) == 1


def test_many_first_requests_at_once_are_all_answered(convene: Convene, slack: FakeSlack) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda number: command(convene, number), range(8)))
    assert {answer.status_code for answer in answers} == {200}
    assert not [answer for answer in answers if "Number" in answer.text]
    asked = len(slack.asked("auth.test"))
    assert 1 <= asked <= 8
    command(convene, 9)
    assert len(slack.asked("auth.test")) == asked


@pytest.mark.parametrize("trouble", [breaks(acts=False), refuses("invalid_auth"), refuses("service_unavailable")])
def test_while_slack_cannot_say_a_command_gets_a_sentence_and_an_event_is_repeated(
    convene: Convene, slack: FakeSlack, caplog: pytest.LogCaptureFixture, trouble: Odd
) -> None:
    slack.next_time("auth.test", trouble, trouble)
    answer = command(convene)
    assert answer.status_code == 200
    assert "could not reach Slack" in answer.get_json()["text"]
    assert mention(convene).status_code == 500
    assert [record.levelno for record in caplog.records if record.name == "handlers.failures"] == [logging.WARNING] * 2
    assert "could not reach" not in command(convene, 2).text


def test_a_slack_that_nobody_answers_for_is_no_mistake_of_ours(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
    convene = build(quick_db, "http://127.0.0.1:1/api/")
    assert "could not reach Slack" in command(convene).get_json()["text"]
    assert mention(convene).status_code == 500
    convene.stop()


def test_slacks_question_whether_the_address_is_ours_is_answered_without_asking_back(
    convene: Convene, slack: FakeSlack
) -> None:
    answer = post(convene, b'{"type": "url_verification", "challenge": "abc"}', "application/json")
    assert answer.get_json() == {"challenge": "abc"}
    assert slack.calls == []


# The web socket


class Answered:
    """The client's side of a web socket that remembers what was answered."""

    def __init__(self) -> None:
        self.answers: list[SocketModeResponse] = []
        self.logger = logging.getLogger("the web socket")

    def send_socket_mode_response(self, response: SocketModeResponse) -> None:
        self.answers.append(response)


def over_socket(convene: Convene, kind: str, payload: dict[str, object]) -> list[SocketModeResponse]:
    """Hand a delivery over as the web socket's client does; what was answered."""
    client = Answered()
    line = composition.Line(convene.bolt, "xapp-1-test", WebClient(base_url=convene.deps.settings.api_url))
    try:
        line.handle(client, SocketModeRequest(type=kind, envelope_id="E1", payload=payload))  # type: ignore[arg-type]
    finally:
        line.hang_up()
    return client.answers


def test_what_comes_over_the_web_socket_is_answered(convene: Convene) -> None:
    given: dict[str, object] = {
        "command": "/dates",
        "text": "",
        "team_id": TEAM,
        "user_id": TOMAS,
        "channel_id": COHORT,
        "trigger_id": "1.1",
    }
    (answer,) = over_socket(convene, "slash_commands", given)
    assert answer.envelope_id == "E1"
    assert answer.payload


@pytest.mark.parametrize(
    "payload",
    [
        {"command": "/dates", "text": ["not", "text"], "team_id": TEAM, "user_id": TOMAS},
        {"type": "block_actions", "user": {"id": "<@everyone>"}, "actions": []},
        {"type": "view_submission", "user": {"id": TOMAS}, "view": {"id": "V1", "blocks": "none"}},
        {"type": "event_callback", "team_id": TEAM, "event_id": "Ev1", "event": {"type": "message", "ts": 12}},
    ],
)
def test_what_is_of_another_shape_than_slacks_gets_no_further_over_the_web_socket_either(
    convene: Convene, payload: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    assert over_socket(convene, "interactive", payload) == []
    (said,) = [one.getMessage() for one in caplog.records if one.levelno >= logging.WARNING]
    assert said.startswith("refused what Slack has signed")
