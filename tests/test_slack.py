"""What Slack's answers mean: sent, refused, later, or nobody knows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.domain.messages import Message
from bot.domain.notices import Delivered, Later, Outcome, Refused, Unknown, opaque
from bot.slack import Slack, SlackError
from tests.cast import MONDAY
from tests.fakes import FakeSlack, Odd, breaks, hangs_up, limits, refuses, serving

HELLO = Message("Hello")
KEY = opaque("key")


@pytest.fixture
def fake() -> Iterator[FakeSlack]:
    """A Slack at a port of its own."""
    with serving(FakeSlack(lambda: MONDAY)) as slack:
        yield slack


@pytest.fixture
def slack(fake: FakeSlack) -> Slack:
    """The bot's side of it."""
    return Slack("xoxb-test", fake.url)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (limits(30), Later("ratelimited", timedelta(seconds=30))),
        (refuses("ratelimited"), Later("ratelimited")),
        (refuses("service_unavailable"), Later("service_unavailable")),
        (refuses("invalid_auth"), Later("invalid_auth")),
        (refuses("token_revoked"), Later("token_revoked")),
        (refuses("channel_not_found"), Refused("channel_not_found")),
        (refuses("not_in_channel"), Refused("not_in_channel")),
        (refuses("msg_blocks_too_long"), Refused("msg_blocks_too_long")),
        (refuses("invalid_blocks"), Refused("invalid_blocks")),
        (refuses("missing_scope"), Refused("missing_scope")),
        (refuses("fatal_error"), Unknown("fatal_error")),
        (refuses("internal_error"), Unknown("internal_error")),
        (refuses("request_timeout"), Unknown("request_timeout")),
        (breaks(acts=True), Unknown("http_5xx")),
    ],
)
def test_every_answer_says_whether_another_try_helps(
    fake: FakeSlack, slack: Slack, answer: Odd, outcome: Outcome
) -> None:
    fake.next_time("chat.postMessage", answer)
    assert slack.post("C1", HELLO, KEY) == outcome


@pytest.mark.parametrize("answer", [hangs_up(acts=True), Odd(body=b"<html>", acts=True), Odd(body=b"", acts=True)])
def test_an_answer_that_was_not_heard_or_cannot_be_read_is_unknown(fake: FakeSlack, slack: Slack, answer: Odd) -> None:
    fake.next_time("chat.postMessage", answer)
    assert isinstance(slack.post("C1", HELLO, KEY), Unknown)
    assert len(fake.asked("chat.postMessage")) == 1, "the client does not send twice by itself"


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/api/", "http://no-such-host.invalid/api/"])
def test_a_slack_that_cannot_be_reached_has_heard_nothing(address: str) -> None:
    slack = Slack("xoxb-test", address)
    assert slack.post("C1", HELLO, KEY) == Later("unreachable")
    with pytest.raises(SlackError) as raised:
        slack.open_dm("U1")
    assert raised.value.temporary


@pytest.mark.parametrize(
    ("answer", "code", "temporary"),
    [
        (refuses("user_disabled"), "user_disabled", False),
        (refuses("missing_scope"), "missing_scope", False),
        (limits(9), "ratelimited", True),
        (refuses("invalid_auth"), "invalid_auth", True),
        (breaks(acts=False), "http_503", True),
        (hangs_up(acts=False), "RemoteDisconnected", True),
    ],
)
def test_a_question_that_fails_says_how_and_whether_for_long(
    fake: FakeSlack, slack: Slack, answer: Odd, code: str, temporary: bool
) -> None:
    fake.next_time("conversations.open", answer)
    with pytest.raises(SlackError) as raised:
        slack.open_dm("U1")
    assert raised.value.temporary is temporary
    assert raised.value.code == code or temporary
    assert raised.value.wait == (timedelta(seconds=9) if code == "ratelimited" else None)


def test_what_was_posted_is_found_by_any_of_its_keys(slack: Slack) -> None:
    first, second, third, fourth = (opaque(one) for one in ("first", "second", "third", "fourth"))
    posted = slack.post("C1", HELLO, first, None, [second, third])
    assert isinstance(posted, Delivered)
    since = MONDAY - timedelta(minutes=1)
    assert [slack.find("C1", key, since) for key in (first, second, third)] == [posted] * 3
    assert slack.find("C1", fourth, since) is None
    assert slack.find("C2", first, since) is None


def test_no_token_shows_when_a_call_fails(fake: FakeSlack, slack: Slack) -> None:
    fake.next_time("conversations.open", refuses("invalid_auth"))
    with pytest.raises(SlackError) as raised:
        slack.open_dm("U1")
    assert "xoxb" not in str(raised.value)
