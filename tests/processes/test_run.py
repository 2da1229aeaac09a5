"""`convene run`: everything in one process, over HTTP and over the web socket."""

from __future__ import annotations

import signal
import threading
from typing import Any

import pytest

from storage import notices
from storage.database import Database
from tests.localslack import APP_TOKEN, BOT_TOKEN, COHORT, PRIYA, SECRET, TOMAS, WORDS, LocalSlack
from tests.processes.processes import Process, Starter, until

pytestmark = pytest.mark.long


def run(start: Starter, slack: LocalSlack, url: str, **more: str) -> Process:
    """Started, answering, and connected with an open Slack."""
    process = start("run", DATABASE_URL=url, **slack.settings, **more)
    process.wait_until_healthy()
    slack.open(process.port)
    if slack.socket_mode:
        process.wait_until_said("Connected to Slack.")
    return process


def states(url: str, state: str) -> list[str]:
    """The kinds of the notices that are in a state."""
    db = Database(url)
    with db.read() as session:
        found = [one.kind for one in notices.by_state(session, (state,))]
    db.close()
    return found


def test_it_answers_commands_and_sends_receipts(start: Starter, slack: LocalSlack, file_url: str) -> None:
    process = run(start, slack, file_url)
    assert slack.command(TOMAS, "/ask Can programs on the Illinois side apply?")["ok"]
    assert "Illinois" in slack.said_in(COHORT, TOMAS)[-1]
    assert slack.check_in(PRIYA)["ok"]
    until(lambda: slack.receipts(PRIYA))
    assert process.stop() == 0


def test_it_starts_while_slack_is_away(start: Starter, slack: LocalSlack, file_url: str) -> None:
    process = start("run", DATABASE_URL=file_url, **slack.settings)
    process.wait_until_healthy()
    if slack.socket_mode:
        process.wait_until_said("trying again")
    slack.open(process.port)
    if slack.socket_mode:
        process.wait_until_said("Connected to Slack.")
    assert slack.command(TOMAS, "/dates")["ok"]


def test_a_send_under_way_is_finished_and_settled_before_it_ends(
    start: Starter, slack: LocalSlack, file_url: str
) -> None:
    process = run(start, slack, file_url)
    posting = slack.hold("chat.postMessage")
    slack.check_in(PRIYA)
    assert posting.arrived.wait(20)
    process.tell_to_stop()
    with pytest.raises(AssertionError):
        until(lambda: process.inner.poll() is not None, seconds=0.5)
    posting.let_in.set()
    assert process.wait() == 0
    assert len(slack.told(PRIYA)) == len(states(file_url, "delivered")) > 0
    assert states(file_url, "sending") == []


def test_what_was_not_begun_is_sent_by_the_next_process(start: Starter, slack: LocalSlack, file_url: str) -> None:
    process = run(start, slack, file_url)
    posting = slack.hold("chat.postMessage")
    slack.check_in(PRIYA)
    assert posting.arrived.wait(20)
    process.tell_to_stop()
    posting.let_in.set()
    assert process.wait() == 0
    again = start("run", DATABASE_URL=file_url, **slack.settings)
    again.wait_until_healthy()
    until(lambda: slack.receipts(PRIYA))
    assert again.stop() == 0
    assert len(slack.receipts(PRIYA)) == 1


def test_an_answer_under_way_is_given_before_it_ends(start: Starter, slack: LocalSlack, file_url: str) -> None:
    process = run(start, slack, file_url)
    opening = slack.hold("views.open")
    answers: list[dict[str, Any]] = []
    asking = threading.Thread(target=lambda: answers.append(slack.command(PRIYA, "/checkin")))
    asking.start()
    assert opening.arrived.wait(20)
    process.tell_to_stop()
    opening.let_in.set()
    assert process.wait() == 0
    asking.join(20)
    assert [answer["ok"] for answer in answers] == [True]


def test_ctrl_c_ends_it_well_too(start: Starter, slack: LocalSlack, file_url: str) -> None:
    process = run(start, slack, file_url)
    process.tell_to_stop(signal.SIGINT)
    assert process.wait() == 0
    assert "Traceback" not in process.said


def test_told_to_stop_before_slack_ever_answered_it_ends(start: Starter, slack: LocalSlack, file_url: str) -> None:
    process = start("run", DATABASE_URL=file_url, **slack.settings)
    process.wait_until_healthy()
    assert process.stop() == 0
    assert "Traceback" not in process.said


def test_the_web_socket_comes_back_by_itself(start: Starter, file_url: str) -> None:
    slack = LocalSlack(socket_mode=True)
    process = run(start, slack, file_url)
    slack.close()
    again = LocalSlack(socket_mode=True, port=slack.port)
    again.open(process.port)
    try:
        until(lambda: again.command(TOMAS, "/dates")["ok"], seconds=60)
        assert process.stop() == 0
    finally:
        again.close()


def test_even_the_most_talkative_log_repeats_no_words_and_no_secret(
    start: Starter, slack: LocalSlack, file_url: str
) -> None:
    process = run(start, slack, file_url, LOG_LEVEL="DEBUG")
    slack.check_in(PRIYA)
    slack.command(TOMAS, f"/reflect {WORDS}")
    until(lambda: slack.receipts(PRIYA))
    assert process.stop() == 0
    for secret in (WORDS, BOT_TOKEN, APP_TOKEN, SECRET, "/response/", "ticket="):
        assert secret not in process.said


def test_what_bolt_would_take_from_the_environment_changes_nothing(
    start: Starter, slack_over_http: LocalSlack, file_url: str
) -> None:
    strange = {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "garbage", "SLACK_VERIFICATION_TOKEN": "garbage"}
    process = run(start, slack_over_http, file_url, **strange)
    assert slack_over_http.command(TOMAS, "/dates")["ok"]
    first, *others = process.said.strip().splitlines()
    assert first.startswith("Listening on port")
    # A beat may have come meanwhile, and found that this Slack shows nobody who is in a channel.
    assert [one for one in others if " INFO jobs." not in one] == []
