"""Answers kept by button and by form: read from Slack where that is possible, refused in words, saved once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlmodel import select

from bot.views import entries_fields, entries_keeping, ids
from bot.views.ids import Unreadable
from handlers import changes, entries, questions
from handlers.request import Body
from storage import questions as rows
from storage.people import Membership
from tests import cast
from tests.cast import ADA, ALEX, APPLICANTS, COHORT, FAY, PRIYA
from tests.fakes import refuses
from tests.handlers.desk import Desk, filled
from tests.journeys.workspace import text_of
from tests.services.test_entries import DUE, THREAD, asked, due, here
from tests.views.test_entries import fits

ROOT, REPLY = "1602511100.000100", "1602511150.000100"
PARKING = "Where can I park?"


def shortcut(desk: Desk, text: str = "Behind the house.", user: str = FAY, thread: str | None = ROOT) -> dict[str, Any]:
    """*Save as answer* on what Priya wrote in the cohort's channel."""
    message = {"type": "message", "user": PRIYA, "text": text, "ts": REPLY}
    return desk.on_message(
        entries.from_message, user, {**message, "thread_ts": thread} if thread else message, COHORT
    )  # fmt: skip


def fields(view: Body) -> dict[str, str | None]:
    found = ((one["block_id"], one["element"]) for one in view["blocks"] if one["type"] == "input")
    return {name: element.get("initial_value") for name, element in found}


def wrote(desk: Desk, text: str, ts: str, thread: str | None = None, channel: str = COHORT) -> None:
    """A message that stands in a channel."""
    message = {"channel": channel, "text": text, "ts": ts, "user": PRIYA}
    desk.slack.messages.append({**message, "thread_ts": thread} if thread else message)


def revision(desk: Desk) -> int:
    with desk.deps.db.read() as session:
        return here(session).revision


def test_what_began_the_thread_is_read_while_the_form_already_stands_there(season: Desk) -> None:
    wrote(season, f"<@U0TOMAS01> {PARKING}", ROOT)
    shortcut(season)
    assert [name for name, _ in season.slack.calls] == ["views.open", "conversations.replies", "views.update"]
    assert fields(season.shown())[entries_fields.QUESTION] == PARKING
    fits(season.shown())


@pytest.mark.parametrize("code", ["not_in_channel", "missing_scope", "ratelimited"])
def test_what_slack_does_not_let_the_bot_read_is_left_to_be_written(season: Desk, code: str) -> None:
    season.slack.next_time("conversations.replies", refuses(code))
    shortcut(season)
    assert fields(season.shown())[entries_fields.QUESTION] is None
    assert fields(season.shown())[entries_fields.ANSWER] == "Behind the house."


def test_a_form_that_was_closed_meanwhile_hurts_nobody(season: Desk) -> None:
    season.slack.next_time("views.update", refuses("not_found"))
    assert shortcut(season) == {}


def test_outside_a_thread_slack_is_asked_nothing(season: Desk) -> None:
    shortcut(season, thread=None)
    assert [name for name, _ in season.slack.calls] == ["views.open"]


def test_a_message_without_words_can_be_saved_with_ones_own(season: Desk) -> None:
    shortcut(season, text="", thread=None)
    assert fields(season.shown())[entries_fields.ANSWER] is None


def keep(desk: Desk, user: str = FAY, ts: str = REPLY) -> int:
    """*Make it an answer* under what somebody has answered in the thread of Ada's question; the question's id."""
    with desk.deps.db.begin() as session:
        question = asked(session, PARKING)
        program = here(session).id
    desk.press(entries.keep, user, ids.reference(program, f"{question}/{ts}" if ts else str(question)))
    return question


def test_a_reply_that_is_offered_is_read_from_its_thread(season: Desk) -> None:
    wrote(season, "Behind <https://example.org|the house>.", REPLY, THREAD.ts, APPLICANTS)
    question = keep(season)
    view = season.shown()
    assert (fields(view)[entries_fields.QUESTION], fields(view)[entries_fields.ANSWER]) == (
        PARKING,
        "Behind [the house](https://example.org).",
    )
    assert "Priya Nair" in str(fields(view)[entries_fields.SOURCE])
    answer = season.submit(entries.submit, FAY, filled(view))
    assert answer["response_action"] == "update"
    with season.deps.db.read() as session:
        row = rows.get(session, question)
        assert row is not None
        assert row.kept_as == "where-can-i-park"


def test_a_reply_that_is_gone_leaves_an_empty_field(season: Desk) -> None:
    keep(season)
    assert fields(season.shown())[entries_fields.ANSWER] is None


def test_a_question_alone_opens_its_form_at_once(season: Desk) -> None:
    keep(season, ts="")
    assert [name for name, _ in season.slack.calls] == ["views.open"]


def test_only_facilitators_open_it_and_are_named(season: Desk) -> None:
    keep(season, ADA)
    assert "Only the facilitators" in str(season.shown())
    shortcut(season, user=ADA)
    assert f"<@{FAY}>" in str(season.shown())


@pytest.mark.parametrize("value", ["", "99999:1", "1:999/1.1", "1:abc", "abc"])
def test_a_button_that_names_nothing_is_answered_in_a_sentence(season: Desk, value: str) -> None:
    for listener in (entries.keep, entries.open_edit, entries.leave, entries.take_wording, entries.still_right):
        season.press(listener, FAY, value)
        said = str(season.shown())
        assert "no longer there" in said or "which program" in said


def test_a_form_delivered_twice_is_thanked_for_twice_and_kept_once(season: Desk) -> None:
    shortcut(season, thread=None)
    view = filled(season.shown(), **{entries_fields.QUESTION: PARKING})
    before = revision(season)
    first, second = (season.submit(entries.submit, FAY, view) for _ in range(2))
    assert "Kept: whoever asks" in str(first["view"])
    assert "Kept: whoever asks" in str(second["view"])
    assert revision(season) == before + 1


def test_who_is_no_facilitator_any_more_keeps_their_words_and_nothing_is_saved(season: Desk) -> None:
    shortcut(season, thread=None)
    view, before = filled(season.shown(), **{entries_fields.QUESTION: PARKING}), revision(season)
    with season.deps.db.begin() as session:
        member = session.exec(select(Membership).where(Membership.role == "facilitator")).one()
        member.state = "left"
        session.add(member)
    answer = season.submit(entries.submit, FAY, view)
    assert answer["response_action"] == "errors"
    assert "Only the facilitators" in str(answer["errors"])
    assert revision(season) == before


def test_what_is_wrong_stands_under_its_field_and_the_form_stays(season: Desk) -> None:
    shortcut(season, thread=None)
    view = filled(season.shown(), **{entries_fields.QUESTION: DUE, entries_fields.SOURCE: " "})
    answer = season.submit(entries.submit, FAY, view)
    assert answer["response_action"] == "errors"
    assert set(answer["errors"]) == {entries_fields.QUESTION, entries_fields.SOURCE}


def test_an_entry_taken_out_while_its_form_was_open_is_said_under_the_first_field(season: Desk) -> None:
    with season.deps.db.read() as session:
        entry, program = due(session), here(session)
    season.press(entries.open_edit, FAY, ids.reference(program.id, entry.key))
    view = filled(season.shown(), **{entries_fields.ANSWER: "On Friday."})
    with season.deps.db.begin() as session:
        cast.take_out(session, "faq", entry.key)
    answer = season.submit(entries.edit, FAY, view)
    assert "taken out of the program meanwhile" in answer["errors"][entries_fields.QUESTION]


def test_a_changed_entry_is_shown_to_whoever_was_slower(season: Desk) -> None:
    with season.deps.db.read() as session:
        value = ids.reference(here(session).id, due(session).key)
    season.press(entries.open_edit, FAY, value)
    first = filled(season.shown(), "V1", **{entries_fields.ANSWER: "On Friday."})
    second = filled(season.shown(), "V2", **{entries_fields.ANSWER: "On Thursday."})
    season.submit(entries.edit, FAY, first)
    answer = season.submit(entries.edit, FAY, second)
    assert "Fay Whitaker has changed this since you opened it" in str(answer["view"])
    fits(answer["view"])
    season.submit(entries.edit_both, FAY, filled(answer["view"], "V2"))
    with season.deps.db.read() as session:
        assert due(session).answer == "On Thursday."


def test_a_form_nobody_here_made_is_unreadable(season: Desk) -> None:
    odd: Body = {"id": "V1", "private_metadata": "7:12", "blocks": [], "state": {"values": {}}}
    for listener in (entries.submit, entries.edit, entries.edit_both):
        with pytest.raises(Unreadable):
            season.submit(listener, FAY, odd)


def test_a_form_drawn_again_asks_for_what_was_chosen(season: Desk) -> None:
    shortcut(season, thread=None)
    view = filled(season.shown(), **{entries_keeping.HOW: "phrasing", entries_fields.QUESTION: "when is it due"})
    season.press(entries.redraw, FAY, "", {**view, "type": "modal"})
    assert entries_fields.ENTRY in fields(season.shown())
    assert fields(season.shown())[entries_fields.WORDING] == "when is it due"


def test_a_form_that_was_closed_before_it_was_drawn_again_hurts_nobody(season: Desk) -> None:
    season.press(questions.open_note, FAY, "")
    view = {**filled(season.shown(), **{entries_keeping.HOW: "entry"}), "type": "modal"}
    season.slack.next_time("views.update", refuses("not_found"))
    assert season.press(questions.redraw, FAY, "", view) == {}


def test_two_who_change_one_answer_at_once_choose_field_by_field(season: Desk) -> None:
    with season.deps.db.read() as session:
        value = ids.reference(here(session).id, due(session).key)
    season.press(entries.open_edit, FAY, value)
    hers = season.shown()
    season.press(entries.open_edit, ALEX, value)
    his = season.shown()
    season.submit(entries.edit, FAY, filled(hers, "V1", **{"entry.answer": "On Friday.", "entry.source": "The page"}))
    both = season.submit(
        entries.edit, ALEX, filled(his, "V2", **{"entry.answer": "On Thursday.", "entry.until": "2020-11-30"})
    )
    assert both["response_action"] == "update"
    assert "Fay Whitaker wrote" in text_of(both["view"])
    assert [one["block_id"] for one in both["view"]["blocks"] if one["type"] == "input"] == ["both:answer"]
    done = season.submit(entries.edit_both, ALEX, filled(both["view"], "V2", answer="theirs"))
    assert "Saved" in text_of(done["view"])
    with season.deps.db.read() as session:
        entry = due(session)
    assert (entry.answer, entry.source) == ("On Friday.", "The page")
    assert entry.verified is not None
    assert entry.verified.until == date(2020, 11, 30)


# The list behind a form


def in_list(desk: Desk, listing: Body) -> Body:
    """The form of an answer, opened from a list."""
    with desk.deps.db.read() as session:
        value = ids.reference(here(session).id, due(session).key)
    desk.press(entries.open_edit, FAY, value, {**listing, "id": "V0"})
    return {**desk.shown(), "root_view_id": "V0"}


def drawn(desk: Desk) -> list[dict[str, Any]]:
    """What was drawn anew of the list."""
    return [one["view"] for one in desk.slack.asked("views.update") if one["view_id"] == "V0"]


def test_a_saved_answer_stands_in_the_list_of_answers_behind_its_form(season: Desk) -> None:
    season.press(changes.listing, FAY, "1:faq")
    form = in_list(season, filled(season.shown()))
    done = season.submit(
        entries.edit,
        FAY,
        filled(form, "V1", **{"entry.question": "Until when may I apply?", "entry.answer": "Friday."}),
    )
    assert "Saved" in text_of(done["view"])
    (listing,) = drawn(season)
    assert listing["callback_id"] == ids.CHANGE_LIST_FORM
    fits(listing)


def test_the_list_is_drawn_with_the_words_that_were_searched_for(season: Desk) -> None:
    season.press(changes.listing, FAY, "1:faq")
    words = filled(season.shown(), words="deadline")
    found = season.submit(changes.find, FAY, words)["view"]
    assert "deadline" in found["private_metadata"]
    form = in_list(season, filled(found))
    season.submit(entries.edit, FAY, filled(form, "V1", **{"entry.answer": "Friday."}))
    (listing,) = drawn(season)
    assert listing["private_metadata"] == found["private_metadata"]


def test_after_a_choice_between_two_versions_the_list_is_drawn_as_well(season: Desk) -> None:
    season.press(changes.listing, FAY, "1:faq")
    form = in_list(season, filled(season.shown()))
    with season.deps.db.read() as session:
        value = ids.reference(here(session).id, due(session).key)
    season.press(entries.open_edit, ALEX, value)
    season.submit(entries.edit, ALEX, filled(season.shown(), "V9", **{"entry.answer": "On Friday."}))
    both = season.submit(entries.edit, FAY, filled(form, "V1", **{"entry.answer": "On Thursday."}))["view"]
    assert drawn(season) == []
    season.submit(entries.edit_both, FAY, {**filled(both, "V1"), "root_view_id": "V0"})
    assert len(drawn(season)) == 1


def test_a_form_of_its_own_draws_nothing_and_one_whose_list_was_closed_is_saved(season: Desk) -> None:
    with season.deps.db.read() as session:
        value = ids.reference(here(session).id, due(session).key)
    season.press(entries.open_edit, FAY, value)
    season.submit(entries.edit, FAY, {**filled(season.shown(), "V1", **{"entry.answer": "A."}), "root_view_id": "V1"})
    assert drawn(season) == []
    season.press(entries.care, FAY, "1:")
    form = in_list(season, season.shown())
    season.slack.next_time("views.update", refuses("not_found"))
    done = season.submit(entries.edit, FAY, filled(form, "V2", **{"entry.answer": "B."}))
    assert "Saved" in text_of(done["view"])
    with season.deps.db.read() as session:
        assert due(session).answer == "B."
