"""What the doctor says: each finding in a sentence, and what to do about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.doctor import DatabaseFacts, Facts, Finding, ProgramFacts, RoomFacts, SlackFacts, examine

ROOMS = (
    RoomFacts("applicants", "applicants", private=False),
    RoomFacts("cohort", "cohort"),
    RoomFacts("facilitators", "facilitators"),
)
PROGRAM = ProgramFacts("OST", facilitators=2, samples=0, rooms=ROOMS)
WELL = Facts(
    database=DatabaseFacts(),
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
        DatabaseFacts(problem="no route"),
        ("SLACK_BOT_TOKEN is not set.",),
        SlackFacts(problem="invalid_auth"),
        frozenset(),
        frozenset(),
        "invalid_auth",
    )
    assert all(finding.todo for finding in trouble(ill))
    assert len(trouble(ill)) == 4


@pytest.mark.parametrize(
    ("found", "what"),
    [
        (DatabaseFacts(missing=True, file="convene.db"), "convene.db is not there"),
        (DatabaseFacts(current=False), "not up to date"),
    ],
)
def test_a_database_that_is_not_ready_gets_the_command_that_makes_it_so(found: DatabaseFacts, what: str) -> None:
    (finding,) = trouble(replace(WELL, database=found, programs=None))
    assert what in finding.what
    assert finding.todo == "Run: convene db upgrade"


def test_a_file_as_database_is_well_and_its_limits_are_told() -> None:
    finding = examine(replace(WELL, database=DatabaseFacts(file="convene.db")))[0]
    assert finding.level == "good"
    assert "a disk that lasts" in finding.todo


@pytest.mark.parametrize(
    ("code", "todo"),
    [
        ("invalid_auth", "SLACK_APP_TOKEN"),
        ("socket_mode_not_enabled", "Switch on Socket Mode"),
        ("unreachable", "network"),
    ],
)
def test_an_app_level_token_that_opens_nothing_is_found(code: str, todo: str) -> None:
    (finding,) = trouble(replace(WELL, socket=code))
    assert todo in finding.todo


def test_an_app_level_token_that_opens_the_socket_is_well() -> None:
    assert trouble(replace(WELL, socket="")) == []


def test_a_bot_token_that_is_refused_is_told_apart_from_a_slack_that_is_away() -> None:
    (refused,) = trouble(replace(WELL, slack=SlackFacts(problem="invalid_auth"), programs=None))
    (away,) = trouble(replace(WELL, slack=SlackFacts(problem="unreachable"), programs=None))
    assert "SLACK_BOT_TOKEN" in refused.todo
    assert "network" in away.todo
    assert "token" not in away.what


def test_missing_scopes_are_named() -> None:
    (found,) = trouble(replace(WELL, wanted=frozenset({"chat:write", "im:history", "files:write"})))
    assert "files:write" in found.what
    assert found.level == "wrong"


def test_a_document_that_cannot_be_read_is_worth_a_look() -> None:
    ill = replace(PROGRAM, documents=(("“Packet” is locked.", "Save a copy."),))
    (found,) = trouble(replace(WELL, programs=(ill,)))
    assert found == Finding("look", "OST: “Packet” is locked.", "Save a copy.")


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


def test_rooms_that_could_not_be_looked_at_are_not_praised() -> None:
    rooms = tuple(replace(room, seen=False) for room in ROOMS)
    findings = examine(replace(WELL, programs=(replace(PROGRAM, rooms=rooms),)))
    assert not [finding for finding in findings if "#" in finding.what]


def test_a_room_that_is_archived_or_hidden_is_found() -> None:
    for ill in (replace(ROOMS[1], archived=True), replace(ROOMS[1], problem="channel_not_found")):
        (found,) = trouble(replace(WELL, programs=(replace(PROGRAM, rooms=(ROOMS[0], ill, ROOMS[2])),)))
        assert found.level == "wrong"


def test_a_public_facilitators_channel_is_warned_about() -> None:
    rooms = (*ROOMS[:2], replace(ROOMS[2], private=False))
    (found,) = trouble(replace(WELL, programs=(replace(PROGRAM, rooms=rooms),)))
    assert "public" in found.what


def test_samples_refusals_and_missing_facilitators_are_reported() -> None:
    program = replace(PROGRAM, facilitators=0, samples=3, refused=2)
    assert len(trouble(replace(WELL, programs=(program,)))) == 3


def test_a_model_that_is_missing_is_looked_at_and_not_wrong() -> None:
    (found,) = [one for one in examine(replace(WELL, model_missing="It is on holiday.")) if "words alone" in one.what]
    assert found.level == "look"
    assert found.what.endswith("It is on holiday.")
    assert "CONVENE_MODEL_DIR" in found.todo


@pytest.mark.parametrize(
    ("private", "granted", "heard"),
    [(False, "channels:history", True), (True, "groups:history", True), (True, "channels:history", False)],
)
def test_a_channel_to_be_listened_to_needs_the_scope_to_hear_it(private: bool, granted: str, heard: bool) -> None:
    room = RoomFacts("apply", "applicants", private=private, answers="questions")
    slack = SlackFacts(team="Guild", granted=frozenset({"chat:write", "im:history", granted}), skew=timedelta())
    found = trouble(replace(WELL, slack=slack, programs=(replace(PROGRAM, rooms=(*ROOMS, room)),)))
    assert [one.what for one in found if "are not heard without the scope groups:history" in one.what] == (
        []
        if heard
        else ["#apply: questions that do not mention the bot are not heard without the scope groups:history."]
    )
