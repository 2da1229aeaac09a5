"""The bot is invited, asks what for, and does what it is told."""

from __future__ import annotations

from typing import Any

from tests.journeys.workspace import (
    ADA,
    ALEX,
    APPLICANTS,
    COHORT,
    FACILITATORS,
    FAY,
    GENERAL,
    KOFI,
    SAM,
    TOMAS,
    Message,
    Workspace,
    text_of,
)

BOT = "U0CONVENE"


def invite(workspace: Workspace, inviter: str | None) -> None:
    """Bring the bot into the channel for everybody."""
    workspace.post("join", user=BOT, channel=GENERAL, inviter=inviter)


def last_told(workspace: Workspace, user: str) -> Message:
    return workspace.told(user)[-1]


def answer(workspace: Workspace, user: str, action_id: str) -> str:
    """Press a button under the question; what the message says then."""
    question = last_told(workspace, user)
    workspace.press(user, action_id, channel=workspace.direct(user), message_ts=question["ts"])
    now = last_told(workspace, user)
    assert now["ts"] == question["ts"]
    return text_of(now)


def test_the_inviter_is_asked_privately_and_a_public_facilitators_channel_is_warned_about(
    workspace: Workspace,
) -> None:
    invite(workspace, ALEX)
    assert "What is that channel for?" in text_of(last_told(workspace, ALEX))
    assert [one.get("subtype") for one in workspace.messages(GENERAL, SAM) if one.get("bot_id")] == ["channel_join"]
    said = answer(workspace, ALEX, "channel.facilitators")
    assert "This channel is public" in said
    assert f"It takes over from <#{FACILITATORS}>" in said
    workspace.command(ADA, "/ask Is there childcare at the convenings?", APPLICANTS)
    reply = workspace.messages(APPLICANTS, ADA)[-1]
    workspace.press(ADA, "faq.hand_over", channel=APPLICANTS, message_ts=reply["ts"])
    assert "childcare" in text_of(workspace.messages(GENERAL, FAY)[-1])


def test_a_cohort_channel_asks_the_facilitators_about_those_in_it(over_http: Workspace) -> None:
    invite(over_http, ALEX)
    answer(over_http, ALEX, "channel.cohort")
    said = text_of(over_http.messages(FACILITATORS, FAY)[-1])
    assert "2 people are in" in said
    assert over_http.told(SAM) == []
    over_http.press(
        FAY, "people.list", channel=FACILITATORS, message_ts=over_http.messages(FACILITATORS, FAY)[-1]["ts"]
    )
    assert "Sam Lee" in text_of(over_http.view(FAY))


def test_somebody_who_may_not_say_leaves_the_question_to_those_who_may(over_http: Workspace) -> None:
    invite(over_http, TOMAS)
    assert over_http.told(TOMAS) == []
    for user in (ALEX, FAY):
        assert f"by <@{TOMAS}>" in text_of(last_told(over_http, user))
    assert "has no purpose for me" in answer(over_http, FAY, "channel.none")


def test_without_an_inviter_those_who_may_are_asked(over_http: Workspace) -> None:
    invite(over_http, None)
    assert "I was invited to" in text_of(last_told(over_http, ALEX))


def test_a_channel_that_the_bot_has_left_is_not_set(over_http: Workspace) -> None:
    invite(over_http, ALEX)
    question = last_told(over_http, ALEX)
    over_http.post("leave", user=BOT, channel=GENERAL)
    over_http.press(ALEX, "channel.cohort", channel=over_http.direct(ALEX), message_ts=question["ts"])
    assert "/invite @Convene" in text_of(over_http.view(ALEX))
    assert f"<#{GENERAL}>" not in text_of(over_http.get("home", user=ALEX))


def test_it_is_changed_in_the_home(over_http: Workspace) -> None:
    invite(over_http, ALEX)
    home: dict[str, Any] = over_http.home(ALEX)
    assert f"What is <#{GENERAL}> for?" in text_of(home)
    over_http.press(ALEX, "channel.change")
    over_http.submit(ALEX, {"This channel is for": "Applicants' questions"})
    assert "counts as an applicant" in text_of(over_http.view(ALEX))
    over_http.submit(ALEX, {})
    assert "is for applicants' questions" in text_of(over_http.view(ALEX))
    assert f"<#{GENERAL}>: applicants' questions" in text_of(over_http.get("home", user=ALEX))


def test_a_facilitator_says_when_the_bot_speaks_there(workspace: Workspace) -> None:
    assert "when mentioned" in status(workspace)
    workspace.press(
        FAY, "channel.change#2", channel=FACILITATORS, message_ts=workspace.messages(FACILITATORS, FAY)[-1]["ts"]
    )
    assert f"What is <#{COHORT}> for?" in text_of(workspace.view(FAY))
    workspace.submit(FAY, {"When I speak there": "Questions I am sure about"})
    workspace.submit(FAY, {})
    assert "I answer the questions there that I am sure about" in text_of(workspace.view(FAY))
    ts = str(workspace.message(KOFI, "Is it virtual?", channel=COHORT)["ts"])
    assert "virtual" in text_of(workspace.messages(COHORT, KOFI, ts)[-1])
    assert f"<#{COHORT}>: the cohort · I answer what I am sure about" in status(workspace)


def test_in_a_channel_that_the_bot_has_left_nobody_says_when_it_speaks(over_http: Workspace) -> None:
    invite(over_http, ALEX)
    answer(over_http, ALEX, "channel.applicants")
    over_http.press(ALEX, "channel.change", channel=over_http.direct(ALEX), message_ts=last_told(over_http, ALEX)["ts"])
    over_http.post("leave", user=BOT, channel=GENERAL)
    over_http.submit(ALEX, {"When I speak there": "Whatever is asked"})
    assert "/invite @Convene" in text_of(over_http.view(ALEX))


def status(workspace: Workspace) -> str:
    """What a facilitator reads about the channels."""
    workspace.command(FAY, "/convene status", FACILITATORS)
    return text_of(workspace.messages(FACILITATORS, FAY)[-1]["blocks"])
