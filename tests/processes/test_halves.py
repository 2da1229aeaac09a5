"""`convene web` and `convene worker`: the two halves over one PostgreSQL."""

from __future__ import annotations

import urllib.parse
from collections.abc import Iterator

import psycopg
import pytest

from bot.views import ids
from tests.localslack import COHORT, FACILITATORS, FAY, PRIYA, TOMAS, LocalSlack
from tests.processes.processes import ROOT, Pipe, Process, Starter, furnish, until

pytestmark = pytest.mark.long


@pytest.fixture
def pipe(server_url: str) -> Iterator[Pipe]:
    """A way to the PostgreSQL server that can be cut."""
    server = urllib.parse.urlsplit(server_url)
    way = Pipe(server.hostname or "127.0.0.1", server.port or 5432)
    way.open()
    yield way
    way.cut()


def through(pipe: Pipe, url: str) -> str:
    """The same database by way of the pipe."""
    parts = urllib.parse.urlsplit(url)
    who = f"{parts.netloc.rpartition('@')[0]}@" if "@" in parts.netloc else ""
    return parts._replace(netloc=f"{who}127.0.0.1:{pipe.port}").geturl()


def both(start: Starter, slack: LocalSlack, url: str) -> tuple[Process, Process]:
    """Both halves, with an open Slack."""
    web = start("web", DATABASE_URL=url, **slack.settings)
    worker = start("worker", DATABASE_URL=url, **slack.settings)
    web.wait_until_healthy()
    slack.open(web.port)
    worker.wait_until_said("Sending what is due.")
    return web, worker


def test_one_half_hears_and_the_other_speaks(start: Starter, slack_over_http: LocalSlack, server_url: str) -> None:
    web, worker = both(start, slack_over_http, server_url)
    assert slack_over_http.command(TOMAS, "/dates")["ok"]
    assert slack_over_http.check_in(PRIYA)["ok"]
    until(lambda: slack_over_http.receipts(PRIYA))
    assert slack_over_http.command(PRIYA, "/ask is there somewhere to park a bus?")["ok"]
    slack_over_http.act("action", user=PRIYA, action_id=ids.FAQ_HAND_OVER, channel=COHORT)
    until(lambda: [one for one in slack_over_http.said_in(FACILITATORS, FAY) if "park a bus" in one])
    assert (web.stop(), worker.stop()) == (0, 0)


def test_without_its_worker_the_web_half_says_nothing_by_itself(
    start: Starter, slack_over_http: LocalSlack, server_url: str
) -> None:
    slack = slack_over_http
    web = start("web", DATABASE_URL=server_url, **slack.settings)
    web.wait_until_healthy()
    slack.open(web.port)
    slack.check_in(PRIYA)
    assert web.stop() == 0
    assert slack.receipts(PRIYA) == []
    start("worker", DATABASE_URL=server_url, **slack.settings)
    until(lambda: slack.receipts(PRIYA))


def test_the_worker_is_woken_by_the_commit_of_the_web_half(
    start: Starter, slack_over_http: LocalSlack, server_url: str
) -> None:
    both(start, slack_over_http, server_url)
    with psycopg.connect(server_url, autocommit=True) as beside:
        waiting = "SELECT 1 FROM pg_stat_activity WHERE query = 'LISTEN convene_notices' AND pid <> pg_backend_pid()"
        until(lambda: beside.execute(waiting).fetchone())
        beside.execute("LISTEN convene_notices")
        slack_over_http.check_in(PRIYA)
        assert next(beside.notifies(timeout=10)).channel == "convene_notices"
    until(lambda: slack_over_http.receipts(PRIYA))


def test_a_worker_finishes_the_send_under_way(start: Starter, slack_over_http: LocalSlack, server_url: str) -> None:
    _, worker = both(start, slack_over_http, server_url)
    posting = slack_over_http.hold("chat.postMessage")
    slack_over_http.check_in(PRIYA)
    assert posting.arrived.wait(20)
    worker.tell_to_stop()
    with pytest.raises(AssertionError):
        until(lambda: worker.inner.poll() is not None, seconds=0.5)
    posting.let_in.set()
    assert worker.wait() == 0
    with psycopg.connect(server_url) as beside:
        found: dict[str, int] = dict(beside.execute("SELECT state, count(*) FROM notices GROUP BY state").fetchall())
    assert found["delivered"] == len(slack_over_http.told(PRIYA)) > 0
    assert "sending" not in found


def test_a_database_that_goes_away_is_said_and_its_return_is_noticed(
    start: Starter, slack_over_http: LocalSlack, server_url: str, pipe: Pipe
) -> None:
    slack = slack_over_http
    web, worker = both(start, slack, through(pipe, server_url))
    pipe.cut()
    assert until(lambda: web.health()[0] == 503 and web.health()) == (503, "The database does not answer.")
    assert slack.command(PRIYA, "/checkin")["ok"]
    assert "try again in a minute" in slack.said_in(COHORT, PRIYA)[-1]
    pipe.open()
    until(lambda: web.health() == (200, "ok"))
    slack.check_in(PRIYA)
    until(lambda: slack.receipts(PRIYA))
    assert (web.stop(), worker.stop()) == (0, 0)


def test_the_procfile_brings_up_a_fresh_database_and_both_halves(
    start: Starter, slack_over_http: LocalSlack, postgres_url: str
) -> None:
    lines = dict(line.split(": convene ") for line in (ROOT / "Procfile").read_text().splitlines())
    # As hosts write it.
    told = {"DATABASE_URL": postgres_url.replace("postgresql://", "postgres://"), **slack_over_http.settings}
    assert start(*lines["release"].split(), **told).wait() == 0
    furnish(postgres_url)
    web, worker = start(*lines["web"].split(), **told), start(*lines["worker"].split(), **told)
    web.wait_until_healthy()
    slack_over_http.open(web.port)
    assert slack_over_http.check_in(PRIYA)["ok"]
    until(lambda: slack_over_http.receipts(PRIYA))
    assert (web.stop(), worker.stop()) == (0, 0)
