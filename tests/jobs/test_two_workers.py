"""Two workers at once, on a server or by mistake on one file: planned once, said once."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.domain.notices import ToChannel, ToPerson
from bot.domain.reminders import EVENT, plan
from bot.services import programs
from bot.services.programs import Programs
from jobs import registry, reminders
from jobs.render import Kind, Rendered, Scene
from jobs.tick import tick
from storage import notices
from storage import programs as program_rows
from storage.database import Database
from tests import cast
from tests.fakes import FakeSlack, hangs_up, limits
from tests.jobs.conftest import ROOM, Bench, HandClock, bench_of

FRIDAY = "office-hours-friday"
WEEK = timedelta(days=5)
STEP = timedelta(hours=3)


@pytest.fixture
def workers(db: Database, slack: FakeSlack, clock: HandClock) -> Iterator[tuple[Bench, Bench]]:
    """Two workers with a connection each and one Slack."""
    second = Database(db.url.render_as_string(hide_password=False))
    yield bench_of(db, slack, clock), bench_of(second, slack, clock)
    second.close()


@pytest.fixture
def only_reminders(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reminders are what is planned and sent."""
    monkeypatch.setattr(registry, "PLANNERS", (reminders.plan,))


def _at_once(workers: tuple[Bench, Bench], times: int = 1) -> None:
    """Both tick, neither before the other."""
    begin = threading.Barrier(2)
    failed: list[BaseException] = []

    def work(bench: Bench) -> None:
        try:
            begin.wait(30)
            for _ in range(times):
                tick(bench.deps, bench.clock())
        except BaseException as error:  # noqa: BLE001 - a thread's failure is the test's
            failed.append(error)

    threads = [threading.Thread(target=work, args=(one,)) for one in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert failed == []


def _keys(slack: FakeSlack) -> Counter[str]:
    """How often each notice stands in a channel."""
    payloads = (one["metadata"]["event_payload"] for one in slack.messages)
    return Counter(key for one in payloads for key in (one["key"], *one.get("also", "").split()))


@pytest.mark.usefixtures("only_reminders")
def test_what_both_plan_is_planned_once_and_what_both_send_is_said_once(workers: tuple[Bench, Bench]) -> None:
    bench, _ = workers
    with bench.deps.db.begin() as session:
        cast.begin(session)
    end = bench.clock() + WEEK
    while bench.clock() < end:
        _at_once(workers)
        bench.clock.forward(seconds=STEP.total_seconds())
    with bench.deps.db.read() as session:
        rows = notices.standing(session, 1, (EVENT,))
    said = {row.opaque_key for row in rows if row.state == "delivered"}
    assert len(said) > 5
    assert _keys(bench.slack) == Counter(said)
    assert {row.state for row in rows if row.due_at <= end - STEP} <= {"delivered", "skipped"}
    assert all(row.reason for row in rows if row.state == "skipped")


def test_many_notices_are_shared_out_and_each_is_said_once_whatever_slack_answers(
    workers: tuple[Bench, Bench], monkeypatch: pytest.MonkeyPatch
) -> None:
    bench, _ = workers
    monkeypatch.setattr(registry, "KINDS", bench.kinds)
    monkeypatch.setattr(registry, "PLANNERS", ())
    keys = [f"n{number}" for number in range(24)]
    for number, key in enumerate(keys):
        bench.add(key, to=ToChannel(f"C0{number:07}") if number % 3 else ToPerson(f"U0{number:07}"))
    bench.slack.next_time(
        "chat.postMessage", limits(5), hangs_up(acts=True), hangs_up(acts=False), limits(1), hangs_up(acts=True)
    )
    for _ in range(12):
        _at_once(workers)
        bench.clock.forward(seconds=10)
    assert {bench.state(key) for key in keys} == {("delivered", None)}
    assert sorted(bench.slack.said()) == sorted(keys)


def test_what_one_worker_left_half_done_the_other_finishes_once(workers: tuple[Bench, Bench]) -> None:
    bench, colleague = workers

    def dies(scene: Scene) -> Rendered:
        raise KeyboardInterrupt

    bench.kinds["test.say"] = Kind(dies)
    bench.add("one")
    with pytest.raises(KeyboardInterrupt):
        bench.send_at_once()
    assert bench.state("one")[0] == "sending"
    assert colleague.send_at_once(minutes=1) == 0
    assert colleague.send_at_once(minutes=2) == 1
    assert colleague.slack.said(ROOM) == ["one"]


@pytest.mark.usefixtures("only_reminders")
def test_a_program_that_is_changed_is_planned_again_once(workers: tuple[Bench, Bench]) -> None:
    bench, _ = workers
    with bench.deps.db.begin() as session:
        cast.begin(session)
    for starts in ("2020-10-16 15:00", "2020-10-16 17:00", "2020-10-17 09:00"):
        with bench.deps.db.begin() as session:
            items = program_rows.items(session, 1)
            body = next(dict(one.body) for one in items if one.key == FRIDAY)
            body |= {"starts": starts, "ends": starts.replace(":00", ":30")}
            programs.edit_item(
                session=session, slug="ost-cop", section="events", key=FRIDAY, body=body, by="U1", now=bench.clock()
            )
        _at_once(workers, times=2)
        with bench.deps.db.read() as session:
            program = Programs().get(session, "ost-cop")
            rows = notices.standing(session, 1, (EVENT,))
        assert program is not None
        assert {row.key: row.due_at for row in rows} == {one.notice.key: one.notice.due_at for one in plan(program)}, (
            starts
        )
        assert len(rows) == len({row.key for row in rows})
