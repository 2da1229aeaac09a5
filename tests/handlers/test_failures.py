"""A listener that fails: logged once under a number, and the person sees the same number wherever they are."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import re
import time
import urllib.parse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest
from slack_bolt import Ack
from werkzeug.test import Client, TestResponse

from bot.deps import Deps
from bot.domain.messages import Block, Json
from bot.sandbox import run
from bot.slack import SlackError
from bot.views.blocks import actions, button, field_block, modal, section, text_input
from bot.views.commands import Shortcut
from bot.views.ids import Unreadable
from handlers import registry
from handlers.listen import Listeners
from handlers.request import Body
from storage.database import Busy
from tests.journeys.workspace import ADA, APPLICANTS, TOMAS, Workspace, text_of

WORDS = "what I told my coach in confidence"


@dataclass
class Troubled:
    """A feature with one of each kind of listener, all of which fail with `error`."""

    error: Exception

    def listen(self, on: Listeners) -> None:
        on.command("/fail", self.fail, about="Fail")
        on.command("/form", self.form, about="Open a form that fails")
        on.command("/notice", self.notice, about="Open a form without a field, that fails")
        on.command("/button", self.button, about="Show a button that fails")
        on.shortcut(Shortcut("fail.shortcut", "Fail", "Fails"), self.fail)
        on.event("app_mention", self.fail)
        on.event("app_home_opened", self.home)
        on.action("fail.button", self.fail)
        on.view("fail.form", self.fail)

    def fail(self, ack: Ack, body: Body, deps: Deps) -> None:
        raise self.error

    def form(self, ack: Ack, body: Body, deps: Deps) -> None:
        deps.slack.open_view(body["trigger_id"], _form(field_block("what", "What", text_input("what"))))
        ack()

    def notice(self, ack: Ack, body: Body, deps: Deps) -> None:
        deps.slack.open_view(body["trigger_id"], _form(section("Nothing to fill in")))
        ack()

    def button(self, ack: Ack, body: Body, deps: Deps) -> None:
        ack(text="Here", blocks=[actions(button("Fail", "fail.button"), button("Old", "forgotten.button"))])

    def home(self, event: Body, deps: Deps) -> None:
        blocks: list[Json] = [actions(button("Fail", "fail.button"))]
        deps.slack.publish_home(event["user"], {"type": "home", "blocks": blocks})


def _form(block: Block) -> Block:
    return modal("fail.form", "Form", [block], submit="Hand in")


@pytest.fixture
def trouble() -> Troubled:
    return Troubled(RuntimeError("the reason is for the log"))


@pytest.fixture
def workspace(
    trouble: Troubled, monkeypatch: pytest.MonkeyPatch, programs_read_once: None, patient_slack: None
) -> Iterator[Workspace]:
    monkeypatch.setattr(registry, "FEATURES", (trouble.listen,))
    with run.running() as stage:
        yield Workspace(stage)


def logged(caplog: pytest.LogCaptureFixture) -> str:
    """The number of the one failure in the log."""
    (record,) = [one for one in caplog.records if one.levelno >= logging.WARNING]
    return record.getMessage().partition(":")[0]


def number(words: str) -> str:
    (found,) = re.findall(r"\b[0-9A-F]{6}\b", words)
    return str(found)


def last_seen(workspace: Workspace, user: str, channel: str) -> str:
    return text_of(workspace.messages(channel, user)[-1])


def test_a_failing_command_answers_with_the_number_in_the_log(
    workspace: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    workspace.command(ADA, "/fail")
    said = last_seen(workspace, ADA, APPLICANTS)
    assert number(said) == logged(caplog)
    assert "the reason is for the log" in caplog.text
    assert "the reason" not in said


def test_a_failing_form_keeps_its_words_and_shows_the_number_under_a_field(
    workspace: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    workspace.command(ADA, "/form")
    answer = workspace.submit(ADA, {"What": WORDS})
    assert number(answer["errors"]["what"]) == logged(caplog)
    assert workspace.view(ADA)["callback_id"] == "fail.form"
    assert WORDS not in caplog.text


def test_a_form_from_an_earlier_version_keeps_its_words_and_is_no_failure(
    workspace: Workspace, trouble: Troubled, caplog: pytest.LogCaptureFixture
) -> None:
    trouble.error = Unreadable()
    workspace.command(ADA, "/form")
    answer = workspace.submit(ADA, {"What": WORDS})
    assert "Copy your words" in answer["errors"]["what"]
    assert "what came back as view_submission fail.form cannot be read" in caplog.text
    assert WORDS not in caplog.text


def test_a_failing_form_without_a_field_tells_the_person_directly(
    workspace: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    workspace.command(ADA, "/notice")
    workspace.submit(ADA, {})
    assert number(text_of(workspace.told(ADA)[-1])) == logged(caplog)


def test_a_failing_button_in_a_message_answers_where_it_was_pressed(
    workspace: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    workspace.command(ADA, "/button")
    workspace.press(ADA, "fail.button", channel=APPLICANTS)
    assert number(last_seen(workspace, ADA, APPLICANTS)) == logged(caplog)


def test_a_failing_button_of_the_home_answers_by_direct_message(
    workspace: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    workspace.home(ADA)
    workspace.press(ADA, "fail.button")
    assert number(text_of(workspace.told(ADA)[-1])) == logged(caplog)


def test_a_failing_shortcut_answers_by_direct_message(workspace: Workspace, caplog: pytest.LogCaptureFixture) -> None:
    workspace.shortcut(TOMAS, "fail.shortcut")
    assert number(text_of(workspace.told(TOMAS)[-1])) == logged(caplog)


def test_a_failing_event_is_left_for_slack_to_repeat(workspace: Workspace, caplog: pytest.LogCaptureFixture) -> None:
    workspace.message(ADA, f"@convene {WORDS}")
    tries = [one for one in workspace.get("log")["log"] if one["what"] == "app_mention"]
    assert [(one["status"], one["retry"]) for one in tries] == [(500, 0), (500, 1)]
    assert len([one for one in caplog.records if one.exc_info]) == len(tries)
    assert WORDS not in caplog.text


def test_an_event_that_a_busy_database_cannot_take_is_left_for_slack_too_and_is_no_mistake(
    workspace: Workspace, trouble: Troubled, caplog: pytest.LogCaptureFixture
) -> None:
    trouble.error = Busy("another writer is at work")
    workspace.message(ADA, f"@convene {WORDS}")
    tries = [one for one in workspace.get("log")["log"] if one["what"] == "app_mention"]
    assert [(one["status"], one["retry"]) for one in tries] == [(503, 0), (503, 1)]
    assert [one for one in caplog.records if one.exc_info] == []


def test_a_busy_database_is_told_apart_from_a_mistake(
    workspace: Workspace, trouble: Troubled, caplog: pytest.LogCaptureFixture
) -> None:
    trouble.error = Busy("another writer is at work")
    workspace.command(ADA, "/form")
    answer = workspace.submit(ADA, {"What": WORDS})
    said = answer["errors"]["what"]
    assert "Your words are still here" in said
    assert number(said) == logged(caplog)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (SlackError("unreachable", temporary=True), "could not reach Slack"),
        (SlackError("expired_trigger_id"), "too long"),
        (SlackError("invalid_blocks"), "went wrong on my side"),
    ],
)
def test_what_slack_did_is_said_in_its_own_words(
    workspace: Workspace, trouble: Troubled, caplog: pytest.LogCaptureFixture, error: SlackError, words: str
) -> None:
    trouble.error = error
    workspace.command(ADA, "/fail")
    said = last_seen(workspace, ADA, APPLICANTS)
    assert words in said
    assert number(said) == logged(caplog)


def test_a_button_that_nobody_listens_to_any_more_gets_a_sentence(
    workspace: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    workspace.command(ADA, "/button")
    workspace.press(ADA, "forgotten.button", channel=APPLICANTS)
    assert "/convene help" in last_seen(workspace, ADA, APPLICANTS)
    assert "forgotten.button" in caplog.text


def send(workspace: Workspace, payload: Mapping[str, object], *, form: bool = True) -> TestResponse:
    """Deliver something, signed as Slack signs, past the sandbox's own workspace."""
    convene = workspace.stage.convene
    body = urllib.parse.urlencode(payload).encode() if form else json.dumps(payload).encode()
    stamp = str(int(time.time()))
    secret = (convene.deps.settings.signing_secret or "").encode()
    signed = "v0=" + hmac.new(secret, f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    return Client(convene.wsgi).post(
        "/slack/events",
        data=body,
        headers={"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signed},
        content_type="application/x-www-form-urlencoded" if form else "application/json",
    )


def test_a_command_from_another_workspace_is_told_so(workspace: Workspace, caplog: pytest.LogCaptureFixture) -> None:
    command = {"command": "/fail", "team_id": "T0ANOTHER", "user_id": "U1", "channel_id": "C1", "text": WORDS}
    answer = send(workspace, {**command, "trigger_id": "1.2", "api_app_id": "A0CONVENE"})
    assert "serves another" in answer.get_json()["text"]
    assert "T0ANOTHER" in caplog.text
    assert WORDS not in caplog.text


def test_an_event_from_another_workspace_is_not_asked_for_again(workspace: Workspace) -> None:
    event = {"type": "app_mention", "user": "U1", "channel": "C1", "text": "hi", "ts": "1.2"}
    envelope = {"type": "event_callback", "team_id": "T0ANOTHER", "event_id": "Ev1", "event": event}
    assert send(workspace, envelope, form=False).status_code == 200


def test_a_form_of_a_guest_from_a_connected_workspace_counts_as_ours(workspace: Workspace) -> None:
    # In a shared channel Slack names the guest's own workspace, and beside it the one that the app is installed in.
    view = {"id": "V1", "callback_id": "gone.form", "app_installed_team_id": "T0CONVENE", "blocks": [], "type": "modal"}
    payload = {"type": "view_submission", "team": {"id": "T0ANOTHER"}, "user": {"id": "U1"}, "view": view}
    send(workspace, {"payload": json.dumps(payload)})
    calls = [one["what"] for one in workspace.get("log")["log"]]
    assert "chat.postMessage" in calls
