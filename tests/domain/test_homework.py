"""The duty is the organization's; reminders follow the program and its people, and rest in breaks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.domain import homework as rules
from bot.domain.homework import Item, Standing
from bot.domain.notices import Planned, ToPerson, ToPurpose
from bot.domain.people import Member, Org, Team
from bot.domain.programs import Assignment, Break, Offset, Program, Prompt, ReminderRule
from bot.domain.reflections import Content, Handed
from bot.services import programs

BRIGHT, RIVER = Org(1, "Bright Labs"), Org(2, "River Robotics")
TOMAS = Member(11, "U0TOMAS01", "Tomás", "participant", organization=BRIGHT)
PRIYA = Member(12, "U0PRIYA01", "Priya", "participant", organization=BRIGHT)
LENA = Member(13, "U0LENA001", "Lena", "participant", organization=RIVER)
TEAMS = (Team(BRIGHT, (TOMAS, PRIYA)), Team(RIVER, (LENA,)))
NOON = datetime(2020, 11, 18, 18, tzinfo=UTC)


@pytest.fixture(scope="module")
def ost() -> Program:
    return replace(programs.check(programs.find_file("ost-cop")), id=7)


def due(key: str, days: float) -> Assignment:
    return Assignment(key=key, title=key, summary="…", due_at=NOON + timedelta(days=days), prompts=(Prompt("a", "A?"),))


def homework(ost: Program, *assignments: Assignment, **other: object) -> Program:
    rule = ReminderRule(
        key="homework",
        kind="homework",
        to="cohort",
        offsets=(Offset(days=7, at=time(9)),),
        nudges=(Offset(days=2, at=time(9)), Offset(days=-1, at=time(9))),
    )
    changes = {"assignments": assignments, "reminders": (rule,), "breaks": ()} | other
    return replace(ost, **changes)  # type: ignore[arg-type]


def handed(assignment: str, organization: Org | None, author: int = 11, number: int = 1) -> Handed:
    return Handed(
        id=number,
        number=number,
        assignment=assignment,
        title=assignment,
        sample=False,
        author_id=author,
        author="Tomás",
        user="U0TOMAS01",
        organization=organization,
        version=1,
        content=Content((), None, "facilitators"),
        handed_in_at=NOON,
        saved_at=NOON,
    )


def names(teams: tuple[Team, ...]) -> list[str]:
    return [one.organization.name for one in teams]


def keys(planned: tuple[Planned, ...]) -> list[str]:
    return [one.notice.key for one in planned]


# Who is missing


def test_either_persons_reflection_fulfils_the_organizations_duty(ost: Program) -> None:
    program = homework(ost, due("a", 3))
    for author in (11, 12):
        found = rules.standings(due("a", 3), TEAMS, [handed("a", BRIGHT, author)], ())
        assert names(rules.missing(program, found, NOON)) == ["River Robotics"]


def test_another_homework_or_an_author_without_an_organization_fulfils_nothing(ost: Program) -> None:
    found = rules.standings(due("a", 3), TEAMS, [handed("b", BRIGHT), handed("a", None)], ())
    assert names(rules.missing(homework(ost), found, NOON)) == ["Bright Labs", "River Robotics"]


def test_nobody_is_missing_in_a_break(ost: Program) -> None:
    today = NOON.date()
    program = homework(ost, breaks=(Break("thanks", "Thanksgiving", today, today),))
    found = rules.standings(due("a", 3), TEAMS, [], ())
    assert rules.missing(program, found, NOON) == ()
    assert names(rules.missing(program, found, NOON + timedelta(days=1))) == ["Bright Labs", "River Robotics"]


def test_asking_for_time_is_no_handing_in(ost: Program) -> None:
    bright, river = rules.standings(due("a", 3), TEAMS, [], {1})
    assert (bright.wants_time, river.wants_time) == (True, False)
    assert names(rules.missing(homework(ost), (bright, river), NOON)) == ["Bright Labs", "River Robotics"]


# What is planned


def test_there_is_one_post_and_two_messages_to_each_person(ost: Program) -> None:
    planned = rules.plan(homework(ost, due("a", 0)), TEAMS)
    assert keys(planned) == [
        "homework.post:7:a",
        *(f"homework.nudge:7:a:{number}:{person}" for person in (11, 12, 13) for number in (1, 2)),
    ]
    assert planned[0].notice.target == ToPurpose("cohort")
    assert planned[1].notice.target == ToPerson("U0TOMAS01")


def test_reminders_come_at_the_wall_time_on_both_sides_of_the_clock_change(ost: Program) -> None:
    # Due on the Wednesday after clocks went back: the post was planned in summer time, the nudges in winter time.
    late = replace(due("a", 0), due_at=datetime(2020, 11, 4, 23, tzinfo=UTC))
    post, first, second = rules.plan(homework(ost, late), (Team(RIVER, (LENA,)),))
    assert [one.notice.due_at for one in (post, first, second)] == [
        datetime(2020, 10, 28, 14, tzinfo=UTC),
        datetime(2020, 11, 2, 15, tzinfo=UTC),
        datetime(2020, 11, 5, 15, tzinfo=UTC),
    ]


def test_a_homework_that_moves_keeps_its_keys(ost: Program) -> None:
    before = rules.plan(homework(ost, due("a", 0)), TEAMS)
    after = rules.plan(homework(ost, due("a", 5)), TEAMS)
    assert keys(before) == keys(after)
    assert before[0].notice.due_at != after[0].notice.due_at


def test_two_rules_together_still_make_one_post_and_two_messages(ost: Program) -> None:
    again = ReminderRule(
        key="again", kind="homework", to="cohort", offsets=(Offset(days=3, at=time(9)),), nudges=(Offset(minutes=60),)
    )
    program = homework(ost, due("a", 0))
    twice = replace(program, reminders=(*program.reminders, again))
    planned = [one.notice for one in rules.plan(twice, (Team(RIVER, (LENA,)),))]
    assert [one.kind for one in planned] == ["homework.post", "homework.nudge", "homework.nudge"]
    assert planned[2].due_at == NOON - timedelta(hours=1)


def test_what_falls_into_a_break_is_recorded_as_skipped(ost: Program) -> None:
    program = homework(ost, due("a", 0), breaks=(Break("thanks", "Thanksgiving", NOON.date(), NOON.date()),))
    soon = replace(program, assignments=(due("a", 2),))
    skipped = {one.notice.key: one.skip for one in rules.plan(soon, (Team(RIVER, (LENA,)),)) if one.skip}
    assert skipped == {"homework.nudge:7:a:1:13": "break: Thanksgiving"}


def test_nothing_is_planned_for_applicants_homework_or_without_a_rule(ost: Program) -> None:
    theirs = replace(due("a", 3), audience="applicants")
    assert rules.plan(homework(ost, theirs), TEAMS) == ()
    assert rules.plan(homework(ost, due("a", 3), reminders=()), TEAMS) == ()


def test_whoever_is_not_in_slack_yet_gets_no_message_planned(ost: Program) -> None:
    unknown = (Team(RIVER, (replace(LENA, user=None),)),)
    assert keys(rules.plan(homework(ost, due("a", 3)), unknown)) == ["homework.post:7:a"]


# The order


def test_the_next_one_comes_first_then_what_is_still_owed(ost: Program) -> None:
    def item(key: str, days: float, *, done: bool = False) -> Item:
        standing = Standing(TEAMS[0], (handed(key, BRIGHT),) if done else ())
        return Item(due(key, days), (standing,), int(done), 1)

    found = rules.in_order(
        [
            item("long-past", -40, done=True),
            item("owed", -3),
            item("next", 2),
            item("after", 9),
            item("owed-longer", -20),
        ],
        NOON,
    )
    assert [one.assignment.key for one in found] == ["next", "owed", "owed-longer", "after", "long-past"]


def test_homework_is_given_out_when_its_post_was_due(ost: Program) -> None:
    program = homework(ost, due("a", 7))
    nine = datetime(2020, 11, 18, 15, tzinfo=UTC)
    assert not rules.given_out(program, due("a", 7), nine - timedelta(minutes=1))
    assert rules.given_out(program, due("a", 7), nine)


def test_without_a_post_homework_is_given_out_a_month_before(ost: Program) -> None:
    program = homework(ost, reminders=())
    assert not rules.given_out(program, due("a", 31), NOON)
    assert rules.given_out(program, due("a", 30), NOON)
