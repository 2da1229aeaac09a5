"""A thousand questions at once, through the door that Slack knocks at: none is lost, none is answered twice."""

from __future__ import annotations

import hashlib
import hmac
import json
import math
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from sqlmodel import select
from werkzeug.test import Client

from bot import app as composition
from bot.app import Convene
from bot.clock import wall
from bot.config import Settings
from bot.guard import AT_ONCE
from bot.services import faq
from storage.database import Database
from storage.notices import NoticeRow
from storage.questions import Question
from tests import cast
from tests.cast import ADA, APPLICANTS, TEAM
from tests.fakes import FakeSlack, serving

pytestmark = pytest.mark.long

SECRET = "a-signing-secret"
QUESTIONS = 1_000
TRIES = 20
"""Slack delivers an event that was not taken three more times, with minutes between; here they come after moments."""
TEXTS = ("when is the application due?", "is there parking?", "¿cuándo cierra la convocatoria?", "is it online?")


@dataclass(frozen=True)
class Delivered:
    """How often an event had to be delivered until it was taken, and how long the last time took."""

    tries: int
    seconds: float


def test_a_thousand_questions_at_once_are_each_logged_and_answered_once(
    db: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    with db.begin() as session:
        cast.begin(session)
    with serving(FakeSlack(wall)) as slack:
        url = db.url.render_as_string(hide_password=False)
        convene = composition.build(Settings("xoxb-1", None, SECRET, slack.url, database_url=url))
        try:
            _rush(convene, range(1))  # who the bot is is asked once, before the clock runs
            begun = time.monotonic()
            first = _rush(convene, range(QUESTIONS))
            took = time.monotonic() - begun
            again = _rush(convene, range(0, QUESTIONS, 10))
        finally:
            convene.stop()
    assert all(one.tries <= TRIES for one in (*first, *again))
    with db.read() as session:
        questions = session.exec(select(Question)).all()
        replies = session.exec(select(NoticeRow.key).where(NoticeRow.kind == faq.REPLY)).all()
    assert Counter(one.ts for one in questions) == {_ts(number): 1 for number in range(QUESTIONS)}
    assert {one.text for one in questions} == set(TEXTS)
    assert sorted(replies) == sorted(faq.reply_key(one.id or 0) for one in questions)
    seconds = sorted(one.seconds for one in first)
    with capsys.disabled():
        print(  # noqa: T201
            f"\n{db.engine.dialect.name}: {QUESTIONS} questions in {took:.1f} s, p50 {_at(seconds, 0.5):.0f} ms, "
            f"p99 {_at(seconds, 0.99):.0f} ms, {sum(one.tries > 1 for one in first)} delivered again"
        )


def _rush(convene: Convene, numbers: range) -> list[Delivered]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda number: _deliver(convene, number), numbers))


def _deliver(convene: Convene, number: int) -> Delivered:
    for tries in range(1, TRIES + 1):
        begun = time.monotonic()
        status = _post(convene, number)
        if status == 200:
            return Delivered(tries, time.monotonic() - begun)
        time.sleep(0.5)
    raise AssertionError(f"question {number} was not taken: {status}")


def _post(convene: Convene, number: int) -> int:
    text = f"<@U0CONVENE> {TEXTS[number % len(TEXTS)]}"
    event = {"type": "app_mention", "user": ADA, "channel": APPLICANTS, "text": text, "ts": _ts(number)}
    envelope = {"type": "event_callback", "team_id": TEAM, "api_app_id": "A0", "event_id": f"Ev{number}"}
    body = json.dumps({**envelope, "event": event}).encode()
    stamp = str(int(time.time()))
    signed = "v0=" + hmac.new(SECRET.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signed}
    found = Client(convene.wsgi).post("/slack/events", data=body, headers=headers, content_type="application/json")
    return found.status_code


def _ts(number: int) -> str:
    return f"1602511200.{number:06}"


def _at(seconds: list[float], share: float) -> float:
    """The time within which a share of them was taken, in milliseconds."""
    return seconds[math.ceil(len(seconds) * share) - 1] * 1_000
