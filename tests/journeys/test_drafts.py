"""Drafts lived through: typed and left, offered again to their author alone, gone on with, handed in or thrown away."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from sqlmodel import select

from storage.drafts import Draft
from storage.notices import NoticeRow
from tests import cast
from tests.journeys.test_faq import hand_over
from tests.journeys.test_in_time import ANSWERS
from tests.journeys.workspace import (
    ALEX,
    APPLICANTS,
    COHORT,
    FACILITATORS,
    FAY,
    JUNE,
    PRIYA,
    TOMAS,
    Workspace,
    text_of,
)

WORDS = "what I told my coach in confidence"
PROGRAM, HOPE = ANSWERS
GO_ON, AWAY, EMPTY = "draft.go_on", "draft.throw_away", "draft.empty"


def field(view: dict[str, Any], label: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one["element"] for one in view["blocks"] if one.get("label", {}).get("text") == label)
    return found


def type_in(workspace: Workspace, user: str, label: str, words: str, **values: Any) -> None:
    """Type a word after the other into a field, as a page tells of it."""
    view = workspace.view(user)
    action = field(view, label)["action_id"]
    for end in range(1, len(words.split()) + 1):
        typed = " ".join(words.split()[:end])
        workspace.press(user, action, view_id=view["id"], value=typed, values={**values, label: typed})


def begin(workspace: Workspace, words: str = WORDS, user: str = TOMAS) -> None:
    """Begin a reflection, and close it."""
    workspace.command(user, "/reflect", COHORT)
    type_in(workspace, user, PROGRAM, words)
    workspace.post("close", user=user)


def offers(workspace: Workspace, user: str) -> list[str]:
    said = [text_of(one["blocks"]) for one in workspace.told(user)]
    return [one for one in said if "You began" in one]


def kept(workspace: Workspace) -> int:
    with workspace.stage.convene.deps.db.read() as session:
        return len(session.exec(select(Draft)).all())


def standing(workspace: Workspace, user: str, label: str) -> str:
    """What a field of the open form begins with."""
    return str(field(workspace.view(user), label).get("initial_value", ""))


def test_a_form_that_was_closed_is_offered_filled_in_and_handed_in(workspace: Workspace) -> None:
    begin(workspace)
    assert offers(workspace, TOMAS) == []
    workspace.clock(advance="70s")
    (offer,) = offers(workspace, TOMAS)
    assert "You began a reflection on *Before we begin (sample)* and have not handed it in" in offer
    assert WORDS not in offer
    workspace.press(TOMAS, GO_ON, channel=workspace.direct(TOMAS))
    assert standing(workspace, TOMAS, PROGRAM) == WORDS
    assert "This is your draft" in text_of(workspace.view(TOMAS)["blocks"])
    workspace.submit(TOMAS, {HOPE: "Calm."})
    assert "Saved as no. 1" in text_of(workspace.view(TOMAS))
    assert kept(workspace) == 0
    workspace.clock(advance="1h")
    (offer,) = offers(workspace, TOMAS)
    assert "and handed it in" in offer
    assert "Go on writing" not in offer
    workspace.command(TOMAS, "/reflect", COHORT)
    assert "This is your draft" not in text_of(workspace.view(TOMAS)["blocks"])


def test_a_form_that_is_only_left_is_offered_after_ten_minutes_and_once(over_http: Workspace) -> None:
    over_http.command(TOMAS, "/reflect", COHORT)
    type_in(over_http, TOMAS, PROGRAM, WORDS)
    over_http.clock(advance="6m")
    type_in(over_http, TOMAS, PROGRAM, WORDS + " and more")
    over_http.clock(advance="6m")
    assert offers(over_http, TOMAS) == []
    over_http.clock(advance="5m")
    assert len(offers(over_http, TOMAS)) == 1
    over_http.clock(advance="24h")
    assert len(offers(over_http, TOMAS)) == 1


def test_what_is_handed_in_at_once_is_never_offered(over_http: Workspace) -> None:
    over_http.command(TOMAS, "/reflect", COHORT)
    type_in(over_http, TOMAS, PROGRAM, "Loud.")
    over_http.submit(TOMAS, ANSWERS)
    over_http.clock(advance="1h")
    assert offers(over_http, TOMAS) == []
    assert kept(over_http) == 0


def test_opened_in_the_ordinary_way_the_form_is_filled_in_as_well(over_http: Workspace) -> None:
    begin(over_http)
    over_http.command(TOMAS, "/reflect", COHORT)
    assert standing(over_http, TOMAS, PROGRAM) == WORDS


def test_started_empty_the_form_forgets_and_goes_on_keeping(over_http: Workspace) -> None:
    begin(over_http)
    over_http.command(TOMAS, "/reflect", COHORT)
    before = field(over_http.view(TOMAS), PROGRAM)["action_id"]
    over_http.press(TOMAS, EMPTY)
    view = over_http.view(TOMAS)
    assert field(view, PROGRAM)["action_id"] != before, "Slack would leave the words where the names stay"
    assert view["state"]["values"]["answer:before-we-begin:program"] == {
        field(view, PROGRAM)["action_id"]: {"type": "plain_text_input", "value": None}
    }
    assert "This is your draft" not in text_of(view["blocks"])
    assert kept(over_http) == 0
    type_in(over_http, TOMAS, PROGRAM, "Something else")
    over_http.post("close", user=TOMAS)
    over_http.command(TOMAS, "/reflect", COHORT)
    assert standing(over_http, TOMAS, PROGRAM) == "Something else"
    over_http.submit(TOMAS, {HOPE: "Calm."})
    assert "Saved as no. 1" in text_of(over_http.view(TOMAS))


def test_started_empty_the_short_fields_are_empty_too(over_http: Workspace) -> None:
    over_http.command(TOMAS, "/reflect", COHORT)
    type_in(over_http, TOMAS, PROGRAM, WORDS, **{"Hours spent": "2"})
    over_http.post("close", user=TOMAS)
    over_http.command(TOMAS, "/reflect", COHORT)
    assert standing(over_http, TOMAS, "Hours spent") == "2"
    over_http.press(TOMAS, EMPTY)
    state = over_http.view(TOMAS)["state"]["values"]["hours:before-we-begin"]
    assert [one["value"] for one in state.values()] == [None]
    over_http.submit(TOMAS, {**ANSWERS, "Hours spent": "1h"})
    assert "1 hour spent" in text_of(over_http.view(TOMAS))


def test_thrown_away_it_is_gone_from_the_message_and_the_home(over_http: Workspace) -> None:
    over_http.home(TOMAS)
    begin(over_http)
    assert "Begun, and not handed in yet" in text_of(over_http.get("home", user=TOMAS)["view"])
    over_http.clock(advance="2m")
    over_http.press(TOMAS, AWAY, channel=over_http.direct(TOMAS))
    (offer,) = offers(over_http, TOMAS)
    assert "The draft is gone" in offer
    assert "Begun, and not handed in yet" not in text_of(over_http.get("home", user=TOMAS)["view"])
    assert kept(over_http) == 0
    over_http.command(TOMAS, "/reflect", COHORT)
    assert standing(over_http, TOMAS, PROGRAM) == ""


def test_a_button_of_a_draft_that_is_gone_says_so(over_http: Workspace) -> None:
    begin(over_http)
    over_http.clock(advance="2m")
    with over_http.stage.convene.deps.db.begin() as session:
        for one in session.exec(select(Draft)).all():
            session.delete(one)
    for action in (GO_ON, AWAY):
        over_http.press(TOMAS, action, channel=over_http.direct(TOMAS))
        assert "That draft is no longer there" in text_of(over_http.view(TOMAS))


def test_turned_to_another_homework_and_back_both_are_kept(over_http: Workspace) -> None:
    over_http.command(TOMAS, "/reflect", COHORT)
    type_in(over_http, TOMAS, PROGRAM, WORDS)
    over_http.press(TOMAS, "reflection.assignment", selected="quality-snapshot")
    other = next(
        one for one in over_http.view(TOMAS)["blocks"] if one.get("dispatch_action") and "answer:" in one["block_id"]
    )
    type_in(over_http, TOMAS, other["label"]["text"], "the other words")
    over_http.press(TOMAS, "reflection.assignment", selected="before-we-begin")
    assert standing(over_http, TOMAS, PROGRAM) == WORDS
    assert kept(over_http) == 2


def test_with_other_readers_chosen_the_words_stay_and_no_draft_is_offered_in_the_form(over_http: Workspace) -> None:
    over_http.command(TOMAS, "/reflect", COHORT)
    type_in(over_http, TOMAS, PROGRAM, WORDS)
    over_http.press(TOMAS, "reflection.readers", selected="cohort")
    assert "This is your draft" not in text_of(over_http.view(TOMAS)["blocks"])
    over_http.post("close", user=TOMAS)
    over_http.command(TOMAS, "/reflect", COHORT)
    assert "The whole cohort reads this" in text_of(over_http.view(TOMAS)["blocks"])
    assert standing(over_http, TOMAS, PROGRAM) == WORDS


def test_a_change_of_what_was_handed_in_is_kept_as_well(over_http: Workspace) -> None:
    over_http.command(TOMAS, "/reflect", COHORT)
    over_http.submit(TOMAS, ANSWERS)
    over_http.press(TOMAS, "reflection.change", channel=over_http.direct(TOMAS))
    type_in(over_http, TOMAS, HOPE, "Calm and kind.")
    over_http.post("close", user=TOMAS)
    over_http.clock(advance="2m")
    (offer,) = offers(over_http, TOMAS)
    assert "a change of reflection no. 1 on" in offer
    over_http.press(TOMAS, GO_ON, channel=over_http.direct(TOMAS))
    assert standing(over_http, TOMAS, HOPE) == "Calm and kind."
    assert standing(over_http, TOMAS, PROGRAM) == "Loud."
    over_http.submit(TOMAS, {})
    assert kept(over_http) == 0


def test_a_coachs_check_in_comes_back_with_its_private_note_and_its_menus(over_http: Workspace) -> None:
    over_http.command(JUNE, "/checkin", COHORT)
    menus = {"Organizations present": ["River Robotics"], "Confidence in that next step": "4: confident"}
    type_in(over_http, JUNE, "Your private note", WORDS, Minutes="45", **menus)
    over_http.post("close", user=JUNE)
    over_http.clock(advance="2m")
    assert "You began a coaching check-in and" in offers(over_http, JUNE)[0]
    over_http.press(JUNE, GO_ON, channel=over_http.direct(JUNE))
    view = over_http.view(JUNE)
    assert standing(over_http, JUNE, "Your private note") == WORDS
    assert standing(over_http, JUNE, "Minutes") == "45"
    (chosen,) = field(view, "Organizations present")["initial_options"]
    assert chosen["text"]["text"] == "River Robotics"
    over_http.submit(JUNE, {"What moved?": "Much.", "Next step": "More."})
    assert "Saved as no. 1" in text_of(over_http.view(JUNE))
    assert kept(over_http) == 0


def ask(workspace: Workspace) -> None:
    """A question that waits for a person, as FACILITATORS see it."""
    hand_over(workspace)
    assert "A question for a person" in text_of(workspace.messages(FACILITATORS)[-1])


def test_a_facilitators_answer_is_kept_until_it_is_sent(over_http: Workspace) -> None:
    ask(over_http)
    over_http.press(FAY, "question.answer", channel=FACILITATORS)
    type_in(over_http, FAY, "Your answer", WORDS)
    over_http.post("close", user=FAY)
    over_http.clock(advance="2m")
    (offer,) = offers(over_http, FAY)
    assert "You began an answer to Ada Okafor" in offer
    over_http.press(FAY, GO_ON, channel=over_http.direct(FAY))
    assert standing(over_http, FAY, "Your answer") == WORDS
    over_http.submit(FAY, {})
    assert "Saved. Ada Okafor reads your answer" in text_of(over_http.view(FAY))
    assert kept(over_http) == 0
    assert "and handed it in" in offers(over_http, FAY)[0]


def test_when_somebody_else_was_faster_the_words_are_still_there(over_http: Workspace) -> None:
    ask(over_http)
    over_http.press(FAY, "question.answer", channel=FACILITATORS)
    type_in(over_http, FAY, "Your answer", WORDS)
    over_http.post("close", user=FAY)
    over_http.press(ALEX, "question.answer", channel=FACILITATORS)
    over_http.submit(ALEX, {"Your answer": "There is."})
    over_http.clock(advance="2m")
    over_http.press(FAY, GO_ON, channel=over_http.direct(FAY))
    assert "has answered this already" in text_of(over_http.view(FAY))
    assert standing(over_http, FAY, "Your answer, to be sent as well") == WORDS


def test_where_the_form_cannot_be_opened_any_more_the_words_are_shown(over_http: Workspace) -> None:
    over_http.home(TOMAS)
    begin(over_http)
    with over_http.stage.convene.deps.db.begin() as session:
        cast.take_out(session, "assignments", "before-we-begin")
    over_http.press(TOMAS, GO_ON)
    said = text_of(over_http.view(TOMAS))
    assert "That homework is no longer in" in said
    assert WORDS in said


@pytest.mark.parametrize("user", [FAY, ALEX, PRIYA, JUNE])
def test_nobody_else_is_shown_a_draft(over_http: Workspace, user: str) -> None:
    begin(over_http)
    over_http.clock(advance="3m")
    assert WORDS not in text_of(over_http.home(user))
    for line in ("/convene digest", "/reflect all", "/homework"):
        over_http.command(user, line, COHORT)
    seen = [text_of(over_http.messages(room, user)) for room in (COHORT, APPLICANTS)]
    assert WORDS not in "".join([*seen, text_of(over_http.told(user))])
    assert "Begun, and not handed in yet" not in text_of(over_http.home(user))


def test_no_word_of_a_draft_is_logged_or_in_the_ledger_or_sent_to_slack(
    over_http: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    begin(over_http)
    over_http.clock(advance="3m")
    over_http.press(TOMAS, AWAY, channel=over_http.direct(TOMAS))
    assert WORDS not in caplog.text
    assert "in confidence" not in caplog.text
    with over_http.stage.convene.deps.db.read() as session:
        assert WORDS not in str([one.model_dump() for one in session.exec(select(NoticeRow)).all()])
    said = [one for one in over_http.messages(over_http.direct(TOMAS)) if one.get("bot_id")]
    assert WORDS not in json.dumps(said)


def test_typing_is_acknowledged_fast(over_http: Workspace) -> None:
    over_http.command(TOMAS, "/reflect", COHORT)
    view = over_http.view(TOMAS)
    action = field(view, PROGRAM)["action_id"]
    took = [
        over_http.press(TOMAS, action, view_id=view["id"], value="x" * number)["acked_ms"] for number in range(1, 21)
    ]
    assert sorted(took)[10] < 200
