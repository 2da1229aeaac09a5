"""Ten times more than it can take: who is let in is answered in time, who is not hears so at once, nothing is lost."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from sqlmodel import select

from bot.sandbox import payloads
from bot.sandbox.ids import dm_id
from bot.sandbox.interface import Payload
from bot.sandbox.transport import Answer, HttpTransport, Parcel
from storage.database import Database
from storage.questions import Question
from tests.localslack import PRIYA, SECRET, LocalSlack
from tests.processes.processes import Starter, until

pytestmark = pytest.mark.long
LONG, SHORT = 20.0, 4.0
HANDS = 120
MEASURED_SECONDS = 2.0
FEW = 4
ACK_MS = 3000
REFUSED = (429, 503)
UNDISTURBED_SECONDS = 0.1
"""Where four who ask in peace wait for longer, the machine is busy with something else: its delays are not the bot's,
and only whether anything was lost can be judged.
"""


@dataclass(frozen=True)
class Knock:
    """A question at the door, and what came of it."""

    text: str
    answer: Answer


class Crowd:
    """People who ask in their direct messages, past the sandbox's own bookkeeping."""

    def __init__(self, slack: LocalSlack, port: int) -> None:
        self._slack = slack
        self._count = 0
        self._way = HttpTransport(f"http://127.0.0.1:{port}/slack/events", SECRET)

    def knock(self, envelope: Payload) -> Knock:
        """Deliver a question."""
        text = str(envelope["event"]["text"])
        return Knock(text, self._way.deliver(Parcel("events_api", "message", envelope)))

    def questions(self, count: int) -> list[Payload]:
        """So many, none like another, made beforehand: the hands that knock share a machine with the bot."""
        return [self._envelope() for _ in range(count)]

    def _envelope(self) -> Payload:
        self._count += 1
        workspace = self._slack.sandbox.workspace
        message = workspace.say(PRIYA, dm_id(PRIYA), f"When is the application due? ({self._count:06d})")
        (event,) = [one for one in payloads.posted(workspace, message) if one["type"] == "message"]
        return payloads.envelope(workspace, event)


@pytest.mark.parametrize("seconds", [SHORT, LONG])
@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_ten_times_too_much_is_refused_at_once_and_nothing_acknowledged_is_lost(
    engine: str,
    seconds: float,
    request: pytest.FixtureRequest,
    start: Starter,
    slack_over_http: LocalSlack,
    capsys: pytest.CaptureFixture[str],
) -> None:
    url = request.getfixturevalue("file_url" if engine == "sqlite" else "server_url")
    process = start("run" if engine == "sqlite" else "web", DATABASE_URL=url, **slack_over_http.settings)
    process.wait_until_healthy()
    slack_over_http.open(process.port)
    crowd = Crowd(slack_over_http, process.port)
    until(lambda: crowd.knock(crowd.questions(1)[0]).answer.ok)
    rate = _measured(crowd)
    knocks = _storm(crowd, 10 * rate, seconds)
    taken = [one for one in knocks if one.answer.ok]
    refused = [one for one in knocks if one.answer.status in REFUSED]
    late = [one for one in knocks if one.answer.failure == "http_timeout"]
    with capsys.disabled():
        print(  # noqa: T201
            f"\n{engine}: {rate:.0f} a second in peace; of {len(knocks)} in {seconds:.0f} s {len(taken)} taken, "
            f"{len(refused)} refused, slowest {max(one.answer.ms for one in taken):.0f} ms and "
            f"{max((one.answer.ms for one in refused), default=0.0):.0f} ms, {len(late)} not heard in time"
        )
    assert taken
    assert [one.answer for one in knocks if one.answer.status not in (200, *REFUSED) and one not in late] == []
    if FEW / rate < UNDISTURBED_SECONDS:
        assert late == []
        assert max(one.answer.ms for one in taken) < ACK_MS
    assert _missing(url, taken) == []
    until(lambda: crowd.knock(crowd.questions(1)[0]).answer.ok)


def _measured(crowd: Crowd) -> float:
    """How many a second are taken when few ask."""
    begun, count = time.monotonic(), 0
    with ThreadPoolExecutor(FEW) as pool:
        while time.monotonic() < begun + MEASURED_SECONDS:
            count += sum(one.answer.ok for one in pool.map(crowd.knock, crowd.questions(FEW)))
    return count / (time.monotonic() - begun)


def _storm(crowd: Crowd, rate: float, seconds: float) -> list[Knock]:
    """Knock at a rate, whether or not anybody answers."""
    questions = crowd.questions(int(rate * seconds))
    begun = time.monotonic()
    with ThreadPoolExecutor(HANDS) as pool:
        under_way = []
        for number, question in enumerate(questions):
            time.sleep(max(0.0, begun + number / rate - time.monotonic()))
            under_way.append(pool.submit(crowd.knock, question))
            if time.monotonic() > begun + seconds:
                break
        return [one.result() for one in under_way]


def _missing(url: str, taken: list[Knock]) -> list[str]:
    db = Database(url)
    with db.read() as session:
        kept = list(session.exec(select(Question.text)).all())
    db.close()
    assert len(kept) == len(set(kept)), "a question is there twice"
    return sorted({one.text for one in taken} - set(kept))
