"""Reflections by hand: written, read by whom the author chose, changed, taken back, and found again."""

from __future__ import annotations

from typing import Any

import pytest

from bot.views import ids
from bot.views.reflections import ASSIGNMENT_BLOCK, READERS_BLOCK, WHO_BLOCK
from tests.journeys.workspace import (
    ADA,
    ALEX,
    APPLICANTS,
    COHORT,
    FAY,
    GENERAL,
    KOFI,
    LENA,
    PRIYA,
    SAM,
    TOMAS,
    RefusedError,
    Workspace,
    text_of,
)

GOOD_DAY = "What does a good day in your program look like?"
HOPE = "What do you hope is different ten months from now?"
WRITTEN = {GOOD_DAY: "Loud. <!channel> & all", HOPE: "Calm."}


def hand_in(workspace: Workspace, user: str = TOMAS, **values: Any) -> dict[str, Any]:
    workspace.command(user, "/reflect", channel=COHORT)
    return workspace.submit(user, {**WRITTEN, **values})


def receipt(workspace: Workspace, user: str = TOMAS) -> dict[str, Any]:
    (found,) = [one for one in workspace.told(user) if one["text"].startswith("Saved as no.")]
    return found


def press_receipt(workspace: Workspace, action_id: str, user: str = TOMAS) -> dict[str, Any]:
    message = receipt(workspace, user)
    return workspace.press(user, action_id, channel=workspace.direct(user), message_ts=message["ts"])


def posts(workspace: Workspace) -> list[dict[str, Any]]:
    return [one for one in workspace.messages(COHORT) if "shared a reflection" in one["text"]]


def block(view: dict[str, Any], block_id: str) -> dict[str, Any]:
    return next(dict(one) for one in view["blocks"] if one["block_id"] == block_id)


def test_a_reflection_is_handed_in_changed_and_found_again(workspace: Workspace) -> None:
    workspace.command(TOMAS, "/reflect", channel=COHORT)
    view = workspace.view(TOMAS)
    assert view["blocks"][0]["block_id"] == WHO_BLOCK
    assert "the facilitator of this cohort, reads this" in text_of(view["blocks"][0])

    answer = workspace.submit(TOMAS, {GOOD_DAY: "\u200b", HOPE: "Calm.", "Hours spent": "-2"})
    assert answer["errors"] == {
        "answer:before-we-begin:program": "This one is needed. A few words are enough.",
        "hours:before-we-begin": "Hours can be 0 or more. Try 1.5, or 90 min.",
    }
    answer = workspace.submit(TOMAS, {GOOD_DAY: "Loud.", "Hours spent": "1,5"})
    assert "Saved as no. 1" in text_of(answer["view"])
    assert "1.5 hours" in text_of(receipt(workspace)["blocks"])

    press_receipt(workspace, ids.REFLECTION_CHANGE)
    again = workspace.view(TOMAS)
    assert again["title"]["text"] == "Change no. 1"
    assert "Loud." in str(again["state"])
    workspace.submit(TOMAS, {GOOD_DAY: "Quieter than I thought."})
    assert "every version is kept" in text_of(receipt(workspace)["blocks"])

    press_receipt(workspace, ids.REFLECTION_MINE)
    assert "version 2" in text_of(workspace.view(TOMAS))
    assert posts(workspace) == []


def test_choosing_other_readers_changes_what_the_form_says_and_keeps_the_words(over_http: Workspace) -> None:
    over_http.command(TOMAS, "/reflect", channel=COHORT)
    over_http.submit(TOMAS, {GOOD_DAY: "Loud.", "Hours spent": "soon"})
    over_http.press(TOMAS, ids.REFLECTION_READERS, selected="cohort", view_id=over_http.view(TOMAS)["id"])
    view = over_http.view(TOMAS)
    assert f"I post it in <#{COHORT}> under your name" in text_of(block(view, WHO_BLOCK))
    assert "Loud." in str(view["state"])


def test_choosing_another_homework_asks_its_questions_and_carries_nothing_over(over_http: Workspace) -> None:
    over_http.command(TOMAS, "/reflect", channel=COHORT)
    over_http.submit(TOMAS, {GOOD_DAY: "Loud.", "Hours spent": "soon"})
    view = over_http.view(TOMAS)
    over_http.press(TOMAS, ids.REFLECTION_ASSIGNMENT, selected="quality-snapshot", view_id=view["id"])
    view = over_http.view(TOMAS)
    assert "Whose voice do you not hear" in text_of(view["blocks"])
    assert "Loud." not in str(view["state"])
    assert {READERS_BLOCK, ASSIGNMENT_BLOCK} <= {one["block_id"] for one in view["blocks"]}


def test_what_the_cohort_may_read_is_posted_changed_in_place_and_taken_back(over_http: Workspace) -> None:
    hand_in(over_http, **{"Who may read it": "cohort"})
    (post,) = posts(over_http)
    assert "Loud. &lt;!channel&gt; &amp; all" in text_of(post["blocks"])

    press_receipt(over_http, ids.REFLECTION_CHANGE)
    over_http.submit(TOMAS, {GOOD_DAY: "Quieter."})
    (changed,) = posts(over_http)
    assert changed["ts"] == post["ts"]
    assert "Quieter." in text_of(changed["blocks"])

    press_receipt(over_http, ids.REFLECTION_BACK)
    assert posts(over_http) == []
    with pytest.raises(RefusedError):
        press_receipt(over_http, ids.REFLECTION_BACK)


def test_a_long_one_is_cut_in_the_channel_and_read_whole_by_the_cohort(over_http: Workspace) -> None:
    words = " ".join(["noise"] * 499)
    hand_in(over_http, **{GOOD_DAY: words, HOPE: words, "Who may read it": "cohort"})
    (post,) = posts(over_http)
    assert words not in text_of(post["blocks"])
    over_http.press(LENA, ids.REFLECTION_READ, channel=COHORT, message_ts=post["ts"])
    assert text_of(over_http.view(LENA)).split().count("noise") == 2 * 499
    over_http.press(ALEX, ids.REFLECTION_READ, channel=COHORT, message_ts=post["ts"])
    assert words not in text_of(over_http.view(ALEX))
    assert "Only its author and the facilitators" in text_of(over_http.view(ALEX))


def test_a_guest_hands_in_without_a_slash_command(over_http: Workspace) -> None:
    with pytest.raises(RefusedError):
        over_http.command(LENA, "/reflect", channel=COHORT)
    over_http.clock(to="2020-10-14T09:00")
    (post,) = [one for one in over_http.messages(COHORT, LENA) if one["text"].startswith("Homework due")]
    over_http.press(LENA, ids.REFLECTION_OPEN, channel=COHORT, message_ts=post["ts"])
    over_http.submit(LENA, WRITTEN)
    assert "for River Robotics" in receipt(over_http, LENA)["text"]


def test_the_shortcut_opens_the_same_form(over_http: Workspace) -> None:
    over_http.shortcut(KOFI, ids.REFLECTION_SHORTCUT)
    assert over_http.view(KOFI)["callback_id"] == ids.REFLECTION_FORM


def test_two_people_of_one_organization_may_both_write(over_http: Workspace) -> None:
    hand_in(over_http, PRIYA)
    over_http.shortcut(TOMAS, ids.REFLECTION_SHORTCUT)
    assert block(over_http.view(TOMAS), "reflection.assignment")["element"]["initial_option"]["value"] == (
        "quality-snapshot"
    )
    view = over_http.view(TOMAS)
    over_http.press(TOMAS, ids.REFLECTION_ASSIGNMENT, selected="before-we-begin", view_id=view["id"])
    assert "Priya Nair has handed it in for Bright Labs" in text_of(over_http.view(TOMAS))
    over_http.submit(TOMAS, WRITTEN)
    assert "Saved as no. 2" in receipt(over_http)["text"]


@pytest.mark.parametrize(
    ("user", "channel", "words"),
    [
        (FAY, COHORT, "you read them: /reflect all"),
        (ADA, APPLICANTS, "Reflections begin with the cohort"),
        (SAM, GENERAL, "You are not in OST Community of Practice yet"),
    ],
)
def test_whoever_cannot_hand_in_hears_why_and_who_helps(
    over_http: Workspace, user: str, channel: str, words: str
) -> None:
    over_http.command(user, "/reflect", channel=channel)
    said = over_http.messages(channel, user)[-1]
    assert words in said["text"]


def test_an_unknown_word_is_answered(over_http: Workspace) -> None:
    over_http.command(TOMAS, "/reflect yesterday", channel=COHORT)
    assert "/reflect mine" in over_http.messages(COHORT, TOMAS)[-1]["text"]


def test_the_list_answers_the_command_too(over_http: Workspace) -> None:
    hand_in(over_http)
    over_http.command(TOMAS, "/reflect mine", channel=COHORT)
    said = over_http.messages(COHORT, TOMAS)[-1]
    assert "No. 1 · Before we begin (sample)" in text_of(said["blocks"])
    over_http.press(TOMAS, ids.REFLECTION_CHANGE, channel=COHORT, message_ts=said["ts"])
    assert over_http.view(TOMAS)["title"]["text"] == "Change no. 1"


def test_a_facilitator_reads_what_came_in(over_http: Workspace) -> None:
    hand_in(over_http)
    over_http.command(FAY, "/reflect all", channel=COHORT)
    said = over_http.messages(COHORT, FAY)[-1]
    assert "*Tomás Rivera* of Bright Labs" in text_of(said["blocks"])
    over_http.press(FAY, ids.REFLECTION_READ, channel=COHORT, message_ts=said["ts"])
    assert "Calm." in text_of(over_http.view(FAY))
