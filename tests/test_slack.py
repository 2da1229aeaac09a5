"""What Slack's answers mean: sent, refused, later, or nobody knows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.domain.messages import Download, Dropped, Message
from bot.domain.notices import Delivered, Later, Outcome, Refused, Unknown, opaque
from bot.slack import Slack, SlackError, _same_house, dropped
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


@pytest.mark.parametrize("said", [None, "soon", "Mon, 12 Oct 2020 14:00:30 GMT", "-5", "nan", "1e400"])
def test_a_rest_of_which_nobody_can_tell_how_long_is_a_short_one(
    fake: FakeSlack, slack: Slack, said: str | None
) -> None:
    headers = {"Retry-After": said} if said is not None else {}
    limited = Odd(status=429, body=b'{"ok": false, "error": "ratelimited"}', headers=headers)
    fake.next_time("chat.postMessage", limited)
    assert slack.post("C1", HELLO, KEY) == Later("ratelimited", timedelta(seconds=1))
    fake.next_time("conversations.open", limited)
    with pytest.raises(SlackError) as failed:
        slack.open_dm("U1")
    assert (failed.value.temporary, failed.value.wait) == (True, timedelta(seconds=1))


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


DROPPED = Dropped("F1", "people.csv", 3)


def test_a_file_is_fetched_with_the_token_from_where_slack_says(fake: FakeSlack, slack: Slack) -> None:
    fake.files["F1"] = ({"name": "list.csv"}, b"a,b")
    assert slack.download(DROPPED) == Download("list.csv", b"a,b")


@pytest.mark.parametrize(
    "about",
    [
        {"url_private_download": "http://127.0.0.1:9/files/F1"},
        {"url_private_download": "https://slack.com.evil.example/files/F1"},
        {"url_private_download": ""},
        {"is_external": True},
    ],
)
def test_the_token_goes_to_nobody_but_slack(fake: FakeSlack, slack: Slack, about: dict[str, object]) -> None:
    fake.files["F1"] = (about, b"a,b")
    with pytest.raises(SlackError, match="file_elsewhere"):
        slack.download(DROPPED)


@pytest.mark.parametrize(
    ("address", "base", "same"),
    [
        ("https://files.slack.com/files-pri/T1-F1/a.csv", "https://slack.com/api/", True),
        ("http://files.slack.com/files-pri/T1-F1/a.csv", "https://slack.com/api/", False),
        ("https://files.notslack.com/a.csv", "https://slack.com/api/", False),
        ("https://files.slack.com@evil.example/a.csv", "https://slack.com/api/", False),
        ("http://127.0.0.1:4000/files/a", "http://127.0.0.1:4000/api/", True),
        ("http://127.0.0.1:4001/files/a", "http://127.0.0.1:4000/api/", False),
    ],
)
def test_where_files_may_be(address: str, base: str, same: bool) -> None:
    assert _same_house(address, base) is same


def test_a_file_that_leads_elsewhere_is_not_followed(fake: FakeSlack, slack: Slack) -> None:
    fake.files["F1"] = ({}, b"a,b")
    fake.next_time("files", Odd(status=302, headers={"Location": "http://127.0.0.1:9/"}))
    with pytest.raises(SlackError, match="http_302"):
        slack.download(DROPPED)


def test_a_file_is_no_larger_than_it_may_be_whatever_it_says(fake: FakeSlack, slack: Slack) -> None:
    fake.files["F1"] = ({}, b"a,b,c")
    with pytest.raises(SlackError, match="file_too_large"):
        slack.download(Dropped("F1", "people.csv", 9), most=4)
    with pytest.raises(SlackError, match="file_too_large"):
        slack.download(DROPPED, most=4)


def test_a_file_that_slack_does_not_have_is_said_by_its_code(fake: FakeSlack, slack: Slack) -> None:
    with pytest.raises(SlackError, match="file_not_found"):
        slack.download(DROPPED)


def test_the_files_of_a_message_are_read_from_its_event() -> None:
    event = {"files": [{"id": "F1", "name": "people.csv", "size": 3}, {"id": "F2"}, {"name": "no id"}]}
    assert dropped(event) == (DROPPED, Dropped("F2", "", 0))
    assert dropped({}) == ()
