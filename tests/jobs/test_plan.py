"""Planners over many programs: few transactions, none of them long, and one program's failure is its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import event
from sqlmodel import Session

from bot.domain.notices import Notice, Planned, ToPurpose
from bot.domain.programs import Program
from bot.services.planning import Feature
from jobs import digest, entries, homework, plan, reminders
from storage import notices
from storage import programs as program_rows
from storage.database import Database
from storage.programs import ProgramRow
from tests import cast
from tests.fakes import FakeSlack
from tests.jobs.conftest import Bench, HandClock, bench_of

COHORTS = 5


def _one_each(session: Session, program: Program) -> Iterator[Planned]:
    key = f"test:{program.slug}"
    yield Planned(Notice(key, "test.say", ToPurpose("cohort"), cast.MONDAY, program.id))


def _fails_for_the_third(session: Session, program: Program) -> Iterator[Planned]:
    if program.slug == "ost-cop-2":
        raise KeyError("a bug")
    yield from _one_each(session, program)


ONE_EACH = Feature("test", ("test.say",), _one_each)


@pytest.fixture
def cohorts(bench: Bench) -> Bench:
    """A bench with several programs, alike but for their slugs and as short as can be."""
    return _several(bench)


@pytest.fixture
def cohorts_on_a_server(migrated_postgres_url: str, slack: FakeSlack, clock: HandClock) -> Iterator[Bench]:
    """The same on PostgreSQL."""
    db = Database(migrated_postgres_url)
    yield _several(bench_of(db, slack, clock))
    db.close()


def _several(bench: Bench) -> Bench:
    with bench.deps.db.begin() as session:
        first = session.get_one(ProgramRow, cast.load(session).id)
        for slug in _slugs()[1:]:
            body = {**first.body, "program": {**first.body["program"], "slug": slug}}
            session.add(ProgramRow(slug=slug, name=first.name, zone=first.zone, body=body, revision=1))
    return bench


def _planned(bench: Bench) -> set[str]:
    with bench.deps.db.read() as session:
        every = program_rows.every(session)
        return {row.key for one in every for row in notices.standing(session, one.id or 0, ("test.say",))}


def _slugs() -> list[str]:
    return ["ost-cop", *(f"ost-cop-{at}" for at in range(1, COHORTS))]


def _writes(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One for every transaction that writes from now on."""
    begun: list[int] = []
    begin = bench.deps.db.begin

    def counted(**given: float) -> object:
        begun.append(1)
        return begin(**given)

    monkeypatch.setattr(bench.deps.db, "begin", counted)
    return begun


def test_several_programs_share_a_transaction(cohorts: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "TURN", 60)
    begun = _writes(cohorts, monkeypatch)
    plan.planner(ONE_EACH)(cohorts.deps, cast.MONDAY)
    assert _planned(cohorts) == {f"test:{slug}" for slug in _slugs()}
    assert len(begun) == 1


def test_where_planning_takes_long_others_get_to_write_in_between(
    cohorts: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "monotonic", iter(range(1000)).__next__)
    begun = _writes(cohorts, monkeypatch)
    plan.planner(ONE_EACH)(cohorts.deps, cast.MONDAY)
    assert _planned(cohorts) == {f"test:{slug}" for slug in _slugs()}
    assert len(begun) == COHORTS


def test_what_is_planned_is_not_written_again(cohorts: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    plan.planner(ONE_EACH)(cohorts.deps, cast.MONDAY)
    begun = _writes(cohorts, monkeypatch)
    plan.planner(ONE_EACH)(cohorts.deps, cast.MONDAY)
    assert begun == []


def test_a_program_that_cannot_be_planned_undoes_nothing_of_those_before_it(cohorts: Bench) -> None:
    broken = Feature("test", ("test.say",), _fails_for_the_third)
    with pytest.raises(KeyError):
        plan.planner(broken)(cohorts.deps, cast.MONDAY)
    assert _planned(cohorts) == {"test:ost-cop", "test:ost-cop-1"}


def test_with_nothing_to_plan_no_program_is_read_however_many_there_are(cohorts: Bench) -> None:
    planners = (reminders.plan, homework.plan, digest.plan, entries.plan)
    for one in planners:
        one(cohorts.deps, cast.MONDAY)
    asked: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        asked.extend([statement] if statement.startswith("SELECT") else [])

    event.listen(cohorts.deps.db.engine, "before_cursor_execute", note)
    for one in planners:
        one(cohorts.deps, cast.MONDAY)
    assert [one for one in asked if "program_items" in one or "memberships" in one] == []
    assert len(asked) < 3 * len(planners)


def test_a_program_that_another_process_holds_is_left_for_the_next_tick(cohorts_on_a_server: Bench) -> None:
    bench = cohorts_on_a_server
    follow = plan.planner(ONE_EACH)
    with bench.deps.db.begin() as session:
        program_rows.held(session, "ost-cop-1")
        follow(bench.deps, cast.MONDAY)
        assert _planned(bench) == {f"test:{slug}" for slug in _slugs() if slug != "ost-cop-1"}
    follow(bench.deps, cast.MONDAY)
    assert _planned(bench) == {f"test:{slug}" for slug in _slugs()}
