"""People come, are confirmed or not, and are told; each step through the sandbox."""

from __future__ import annotations

import pytest

from tests.journeys.workspace import (
    ADA,
    APPLICANTS,
    COHORT,
    FACILITATORS,
    FAY,
    KOFI,
    SAM,
    TOMAS,
    Message,
    RefusedError,
    Workspace,
    text_of,
)


def asked(workspace: Workspace) -> Message:
    """The question about whoever joined, as it stands in the facilitators' channel."""
    return workspace.messages(FACILITATORS, FAY)[-1]


def test_somebody_joins_the_cohort_and_is_confirmed(workspace: Workspace) -> None:
    workspace.join(SAM, COHORT)
    question = asked(workspace)
    assert "Sam Lee" in text_of(question)
    assert "not on the list" in text_of(question)

    workspace.press(FAY, "people.confirm", channel=FACILITATORS, message_ts=question["ts"])
    refused = workspace.submit(FAY, {"Role": "participant"})
    assert "Which organization" in refused["errors"]["people.organization"]
    workspace.submit(FAY, {"Role": "participant", "Or a new organization": "Sky Lab"})
    assert "participant, Sky Lab" in text_of(workspace.view(FAY))

    decided = asked(workspace)
    assert decided["ts"] == question["ts"]
    assert "participant, Sky Lab" in text_of(decided)
    told = [text_of(one["blocks"]) for one in workspace.told(SAM)]
    assert len(told) == 2
    assert "Who reads what" in told[0]
    assert "You are confirmed" in told[1]
    assert "Sky Lab" in text_of(workspace.home(SAM))


def test_not_a_participant_leaves_them_alone(over_http: Workspace) -> None:
    over_http.join(SAM, COHORT)
    question = asked(over_http)
    over_http.press(FAY, "people.dismiss", channel=FACILITATORS, message_ts=question["ts"])
    assert "does not take part" in text_of(asked(over_http))
    assert len(over_http.told(SAM)) == 1
    with pytest.raises(RefusedError):
        over_http.press(FAY, "people.confirm", channel=FACILITATORS, message_ts=question["ts"])


def test_two_facilitators_at_once_decide_once(over_http: Workspace) -> None:
    over_http.join(SAM, COHORT)
    over_http.command(FAY, "/convene people", FACILITATORS)
    listing = over_http.messages(FACILITATORS, FAY)[-1]
    question = over_http.messages(FACILITATORS)[0]
    over_http.press(FAY, "people.dismiss", channel=FACILITATORS, message_ts=question["ts"])
    over_http.press(FAY, "people.confirm", channel=FACILITATORS, message_ts=listing["ts"])
    assert "does not take part" in text_of(over_http.view(FAY))


def test_whoever_joins_the_applicants_gets_the_kit(over_http: Workspace) -> None:
    over_http.join(SAM, APPLICANTS)
    assert over_http.messages(FACILITATORS) == []
    assert "you are applying" in text_of(over_http.told(SAM))
    assert "Application kit" in text_of(over_http.home(SAM))


def test_somebody_who_has_left_gets_nothing_and_is_not_missing(over_http: Workspace) -> None:
    over_http.command(FAY, "/convene people", FACILITATORS)
    listing = over_http.messages(FACILITATORS, FAY)[-1]
    over_http.press(FAY, "people.pick", channel=FACILITATORS, message_ts=listing["ts"], selected=KOFI)
    over_http.press(FAY, "personnel.leave")
    assert "Nobody else takes part for Gateway Makers" in text_of(over_http.view(FAY))
    over_http.submit(FAY, {})
    before = len(over_http.told(KOFI))
    over_http.clock(to="2020-10-22T12:00")
    assert len(over_http.told(KOFI)) == before
    digests = [text_of(one["blocks"]) for one in over_http.messages(FACILITATORS) if "Nothing yet from" in text_of(one)]
    assert "River Robotics" in digests[-1]
    assert "Gateway Makers" not in "".join(digests)
    over_http.command(KOFI, "/reflect", COHORT)
    said = text_of(over_http.messages(COHORT, KOFI)[-1])
    assert "Adam" in said
    assert "You have left" in text_of(over_http.home(KOFI))


def test_others_are_told_whom_to_ask(over_http: Workspace) -> None:
    over_http.command(TOMAS, "/convene people", COHORT)
    assert f"<@{FAY}>" in text_of(over_http.messages(COHORT, TOMAS)[-1])
    over_http.command(ADA, "/convene status", APPLICANTS)
    assert f"<@{FAY}>" in text_of(over_http.messages(APPLICANTS, ADA)[-1])
