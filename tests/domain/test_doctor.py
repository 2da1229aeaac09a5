"""What the doctor says: each finding in a sentence, and what to do about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.doctor import Facts, Finding, ProgramFacts, RoomFacts, SlackFacts, examine

ROOMS = (
    RoomFacts("applicants", "applicants", private=False),
    RoomFacts("cohort", "cohort"),
    RoomFacts("facilitators", "facilitators"),
)
PROGRAM = ProgramFacts("OST", facilitators=2, samples=0, rooms=ROOMS)
WELL = Facts(
    database_problem=None,
    database_current=True,
    settings_missing=(),
    slack=SlackFacts(team="Guild", granted=frozenset({"chat:write", "im:history"}), skew=timedelta(seconds=1)),
    wanted=frozenset({"chat:write", "im:history"}),
    optional=frozenset(),
    programs=(PROGRAM,),
)


def trouble(facts: Facts) -> list[Finding]:
    return [finding for finding in examine(facts) if finding.level != "good"]


def test_a_healthy_set_up_has_nothing_to_do() -> None:
    assert trouble(WELL) == []


def test_every_finding_that_is_not_good_says_what_to_do() -> None:
    ill = Facts(
        "no route",
        False,
        ("SLACK_BOT_TOKEN is not set.",),
        SlackFacts(problem="invalid_auth"),
        frozenset(),
        frozenset(),
    )
    assert all(finding.todo for finding in trouble(ill))
    assert len(trouble(ill)) == 3


def test_missing_scopes_are_named() -> None:
    (found,) = trouble(replace(WELL, wanted=frozenset({"chat:write", "im:history", "files:write"})))
    assert "files:write" in found.what
    assert found.level == "wrong"


def test_an_optional_scope_that_is_missing_is_only_worth_a_look() -> None:
    (found,) = trouble(replace(WELL, wanted=WELL.wanted | {"x:y"}, optional=frozenset({"x:y"})))
    assert found.level == "look"


def test_a_clock_that_is_off_is_found_both_ways() -> None:
    assert WELL.slack is not None
    slow = replace(WELL, slack=replace(WELL.slack, skew=timedelta(minutes=-3)))
    fast = replace(WELL, slack=replace(WELL.slack, skew=timedelta(minutes=3)))
    assert "180 seconds behind" in trouble(slow)[0].what
    assert "180 seconds ahead" in trouble(fast)[0].what


def test_without_a_program_the_command_to_load_one_is_given() -> None:
    (found,) = trouble(replace(WELL, programs=()))
    assert "convene program load" in found.todo


def test_channels_that_are_not_set_are_named_and_the_facilitators_one_weighs_most() -> None:
    found = trouble(replace(WELL, programs=(replace(PROGRAM, rooms=()),)))
    assert [finding.level for finding in found] == ["wrong", "look", "look"]


def test_a_room_the_bot_is_not_in_is_found() -> None:
    rooms = (*ROOMS[:2], replace(ROOMS[2], member=False))
    (found,) = trouble(replace(WELL, programs=(replace(PROGRAM, rooms=rooms),)))
    assert "/invite" in found.todo


def test_a_public_facilitators_channel_is_warned_about() -> None:
    rooms = (*ROOMS[:2], replace(ROOMS[2], private=False))
    (found,) = trouble(replace(WELL, programs=(replace(PROGRAM, rooms=rooms),)))
    assert "public" in found.what


def test_samples_refusals_and_missing_facilitators_are_reported() -> None:
    program = replace(PROGRAM, facilitators=0, samples=3, refused=2)
    assert len(trouble(replace(WELL, programs=(program,)))) == 3
