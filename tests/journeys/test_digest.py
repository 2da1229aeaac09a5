"""The digest comes by itself, names who is missing, and opens texts for those who may read them."""

from __future__ import annotations

import re
from typing import Any

from tests.journeys.test_checkins import log
from tests.journeys.workspace import ADA, ALEX, APPLICANTS, COHORT, FACILITATORS, FAY, PRIYA, Workspace, text_of


def digests(workspace: Workspace) -> list[dict[str, Any]]:
    """The digests in the facilitators' channel, oldest first."""
    return [one for one in workspace.messages(FACILITATORS, FAY) if "what needs you" in text_of(one.get("blocks"))]


def test_it_comes_on_weekdays_at_eight_in_the_morning(workspace: Workspace) -> None:
    workspace.clock(to="2020-10-13T07:59")
    assert digests(workspace) == []
    workspace.clock(to="2020-10-13T08:00")
    (first,) = digests(workspace)
    assert "The week ahead" in text_of(first["blocks"])
    workspace.clock(to="2020-10-14T09:00")
    assert len(digests(workspace)) == 2


def test_it_comes_on_demand_to_the_one_who_asked(workspace: Workspace) -> None:
    workspace.command(FAY, "/convene digest", channel=COHORT)
    assert "The week ahead" in text_of(workspace.messages(COHORT, FAY)[-1]["blocks"])
    assert workspace.messages(COHORT, PRIYA) == []


def test_whoever_does_not_run_the_program_is_told_who_does(over_http: Workspace) -> None:
    over_http.command(PRIYA, "/convene digest", channel=COHORT)
    said = over_http.messages(COHORT, PRIYA)[-1]["text"]
    assert "facilitators, coaches and admins" in said
    assert f"<@{FAY}>" in said


def test_the_home_opens_it_in_a_window(over_http: Workspace) -> None:
    home = over_http.home(FAY)
    over_http.press(FAY, "digest.open", view_id=home["view"]["id"])
    assert "The week ahead" in text_of(over_http.view(FAY))


def test_an_open_question_is_answered_from_it(over_http: Workspace) -> None:
    over_http.command(ADA, "/ask Is there childcare at the convenings?")
    over_http.press(ADA, "faq.hand_over", channel=APPLICANTS, message_ts=over_http.messages(APPLICANTS, ADA)[-1]["ts"])
    over_http.clock(to="2020-10-13T08:00")
    (found,) = digests(over_http)
    assert "1 open question" in found["text"]
    assert re.search(r"Ada.*, asked 2\d hours ago\n.*promised by Tue, Oct 13, 12:00 pm", text_of(found["blocks"]), re.I)
    assert "childcare" not in text_of(found["blocks"])
    over_http.press(FAY, "question.answer", channel=FACILITATORS, message_ts=found["ts"])
    assert "childcare" in text_of(over_http.view(FAY))


def test_who_is_missing_is_nudged_after_their_names_were_shown(over_http: Workspace) -> None:
    over_http.clock(to="2020-10-19T08:00")
    over_http.press(FAY, "homework.nudge", channel=FACILITATORS, message_ts=digests(over_http)[-1]["ts"])
    assert "lena" in text_of(over_http.view(FAY)).casefold()


def test_it_names_who_wrote_and_keeps_the_words_behind_a_button(over_http: Workspace) -> None:
    log(over_http, PRIYA, **{"Something else": "a van"})
    over_http.clock(to="2020-10-13T08:00")
    (found,) = digests(over_http)
    said = text_of(found["blocks"])
    assert "priya" in said.casefold()
    assert "Two new volunteers" not in said
    assert "a van" not in said
    over_http.press(FAY, "digest.read", channel=FACILITATORS, message_ts=found["ts"])
    assert "a van" in text_of(over_http.view(FAY))
    over_http.press(FAY, "checkin.read", view_id=over_http.view(FAY)["id"])
    assert "Two new volunteers" in text_of(over_http.view(FAY))


def test_somebody_who_only_counts_is_told_who_reads(over_http: Workspace) -> None:
    log(over_http, PRIYA)
    over_http.clock(to="2020-10-13T08:00")
    (found,) = digests(over_http)
    over_http.press(ALEX, "digest.read", channel=FACILITATORS, message_ts=found["ts"])
    assert "Only the facilitators" in text_of(over_http.view(ALEX))


def test_who_is_missing_is_named_and_no_longer_once_something_came(over_http: Workspace) -> None:
    over_http.clock(to="2020-10-19T08:00")
    before = text_of(digests(over_http)[-1]["blocks"])
    assert "3 of 3: Bright Labs, Gateway Makers, River Robotics" in before
    over_http.command(PRIYA, "/reflect", channel=COHORT)
    answers = ("What does a good day in your program look like?", "What do you hope is different ten months from now?")
    over_http.submit(PRIYA, dict.fromkeys(answers, "A room full of noise"))
    over_http.clock(to="2020-10-20T08:00")
    after = text_of(digests(over_http)[-1]["blocks"])
    assert "2 of 3: Gateway Makers, River Robotics" in after
    assert "1 new reflection" in after
