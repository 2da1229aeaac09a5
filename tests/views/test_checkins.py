"""The check-in's form, receipt and lists keep to Slack's limits, name their readers and escape people's words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.domain.checkins import (
    SOMETHING_ELSE,
    Choices,
    Content,
    Draft,
    Form,
    Meeting,
    Named,
    NotAllowed,
    Receipt,
    Refusal,
    Rejected,
    Voice,
    validate,
)
from bot.domain.people import Member, Org
from bot.domain.programs import Program
from bot.sandbox import rules
from bot.services import programs
from bot.views import checkins as views
from bot.views import ids
from tests.journeys.workspace import text_of

NOW = datetime(2020, 10, 12, 14, 0, tzinfo=UTC)
TODAY = date(2020, 10, 12)
PING = "<!channel> & co"
HARMLESS = "&lt;!channel&gt; &amp; co"


@pytest.fixture(scope="module")
def ost() -> Program:
    return replace(programs.check(programs.find_file("ost-cop")), id=7)


def shape(program: Program, **other: Any) -> Form:
    fay = Member(5, "U0FAY0001", "Fay Whitaker", "facilitator")
    plain = Form(
        program=program,
        coaches=(Named(1, "June Park"),),
        organizations=(Named(10, "Bright Labs"), Named(20, "River Robotics")),
        facilitators=(fay,),
        writes_as_coach=False,
        draft=Draft(coach=1, kind="one-on-one", organizations=(10,), held_on=TODAY),
        today=TODAY,
    )
    return replace(plain, **other)


def content(**other: Any) -> Content:
    plain = Content(
        coach=1,
        kind="one-on-one",
        organizations=(10,),
        held_on=TODAY,
        minutes=45,
        moved="Two new volunteers",
        in_the_way="",
        support=("staff",),
        support_other="",
        next_step="Train them",
        confidence=4,
    )
    return replace(plain, **other)


def voice(number: int = 14, author: str = "Priya Nair", own: bool = True, **other: Any) -> Voice:
    return Voice(number, number, 1, author, False, own, NOW, NOW, content(**other))


def meeting(*voices: Voice, minutes: int = 45) -> Meeting:
    return Meeting(3, "June Park", "one-on-one", ("Bright Labs",), TODAY, minutes, voices or (voice(),))


def submitted(view: Any, **typed: dict[str, Any]) -> dict[str, Any]:
    """The view as Slack sends it back, with what was put into its fields."""
    values = {f"checkin.{name}": {f"checkin.{name}": element} for name, element in typed.items()}
    return {**view, "state": {"values": values}}


def form(program: Program, **other: Any) -> Any:
    """The form as plain JSON."""
    return views.form(shape(program, **other))


def labels(view: Any) -> list[str]:
    return [block["label"]["text"] for block in view["blocks"] if block["type"] == "input"]


def test_the_form_keeps_to_slacks_rules(ost: Program) -> None:
    assert rules.view(form(ost), "modal") == []
    assert rules.view(form(ost, writes_as_coach=True), "modal") == []


def test_the_form_says_who_will_read_it_above_the_first_field(ost: Program) -> None:
    first, second, third, fourth = form(ost)["blocks"][:4]
    assert "Who reads this" in text_of(first)
    assert "Fay Whitaker" in text_of(first)
    assert "I keep what you type here as a draft, for you alone" in text_of(second)
    assert "Write it here instead" in text_of(third)
    assert fourth["type"] == "input"


def test_the_private_note_is_a_coachs_and_says_who_reads_it_before_it(ost: Program) -> None:
    assert "Your private note" not in labels(form(ost))
    view = form(ost, writes_as_coach=True)
    assert labels(view)[-1] == "Your private note"
    assert "Only you read this note" in text_of(view["blocks"][-2])


def test_something_else_is_always_offered_after_the_programs_categories(ost: Program) -> None:
    view = form(ost)
    (menu,) = [one["element"] for one in view["blocks"] if one.get("block_id") == "checkin.support"]
    assert [one["value"] for one in menu["options"]] == [
        *(one.key for one in ost.support_categories),
        SOMETHING_ELSE,
    ]


def test_what_was_typed_is_read_back(ost: Program) -> None:
    view = submitted(
        form(ost),
        coach={"type": "static_select", "selected_option": {"value": "1"}},
        kind={"type": "radio_buttons", "selected_option": {"value": "group"}},
        organizations={"type": "multi_static_select", "selected_options": [{"value": "10"}, {"value": "20"}]},
        held_on={"type": "datepicker", "selected_date": "2020-10-09"},
        length={"type": "plain_text_input", "value": "1,5 h"},
        moved={"type": "plain_text_input", "value": "Two new volunteers"},
        in_the_way={"type": "plain_text_input", "value": None},
        support={"type": "multi_static_select", "selected_options": []},
        next_step={"type": "plain_text_input", "value": "Train them"},
        confidence={"type": "radio_buttons", "selected_option": {"value": "4"}},
    )
    assert views.about(view) == (7, None)
    assert views.read(view) == Draft(
        coach=1,
        kind="group",
        organizations=(10, 20),
        held_on=date(2020, 10, 9),
        length="1,5 h",
        moved="Two new volunteers",
        next_step="Train them",
        confidence=4,
    )


def test_an_untouched_form_is_read_as_an_empty_draft(ost: Program) -> None:
    assert views.read(submitted(form(ost))) == Draft()


def test_every_problem_has_a_sentence_under_a_field_of_the_form(ost: Program) -> None:
    choices = Choices(coaches={1}, organizations={10}, support=(), today=TODAY, own=10)
    problems = validate(Draft(support_other="x" * 3001, support=("gone",)), choices)
    assert isinstance(problems, tuple)
    errors = views.errors(Rejected(problems, ost, TODAY, Org(10, "Bright Labs")))
    fields = {block["block_id"] for block in form(ost)["blocks"] if block["type"] == "input"}
    assert len(errors) == 10
    assert set(errors) <= fields
    assert all(sentence.endswith((".", "?")) for sentence in errors.values())


def test_a_day_to_come_is_refused_with_today(ost: Program) -> None:
    choices = Choices(coaches={1}, organizations={10}, support=(), today=TODAY)
    problems = validate(views.read(submitted(form(ost))), choices)
    assert isinstance(problems, tuple)
    late = Rejected((replace(problems[0], field="held_on", why="future"),), ost, TODAY)
    assert views.errors(late) == {
        "checkin.held_on": "That day is still to come. Choose today, Mon, Oct 12, or an earlier day."
    }


def test_the_receipt_has_its_number_its_readers_and_a_way_to_change_it(ost: Program) -> None:
    message = views.receipt(Receipt(ost, 14, 2, 1), meeting())
    assert rules.message_blocks(list(message.blocks)) == []
    assert "no. 2" in message.text
    assert "the people of Bright Labs" in text_of(list(message.blocks))
    assert ids.CHECKIN_CHANGE in str(message.blocks)


def test_a_joined_receipt_says_so_and_what_counts(ost: Program) -> None:
    message = views.receipt(Receipt(ost, 14, 2, 1, ("June Park",)), meeting(minutes=50))
    said = text_of(list(message.blocks))
    assert "June Park wrote about this meeting as well" in said
    assert "its minutes count once: 50 minutes" in said


def test_to_its_coach_a_meeting_was_with_the_organization(ost: Program) -> None:
    hers = replace(meeting(), coached=True)
    said = text_of(list(views.receipt(Receipt(ost, 14, 2, 1), hers).blocks))
    assert "one-on-one with Bright Labs" in said
    assert "the people of Bright Labs, you and the facilitators" in said
    assert "June Park" not in said
    assert views.headline(hers) == "Mon, Oct 12 · one-on-one with Bright Labs · 45 minutes"
    assert views.headline(meeting()) == "Mon, Oct 12 · one-on-one with June Park · Bright Labs · 45 minutes"


def test_peoples_words_ping_nobody(ost: Program) -> None:
    loud = meeting(voice(author=PING, moved=PING, next_step=PING, support_other=PING, private_note=PING))
    for said in (
        text_of(views.whole(loud, ost)),
        text_of(list(views.listing((loud,), ost, own=False).blocks)),
        text_of(list(views.receipt(Receipt(ost, 14, 2, 1, (PING,)), loud).blocks)),
    ):
        assert HARMLESS in said
        assert "<!" not in said


def test_the_longest_check_in_is_shown_whole(ost: Program) -> None:
    long = voice(moved="a" * 3000, in_the_way="& " * 1500, next_step="b " * 1500, support_other="c" * 3000)
    view = views.whole(meeting(long), ost)
    assert rules.view(view, "modal") == []
    assert text_of(view).count("a" * 10) >= 290
    assert text_of(view).count("&amp;") == 1500


def test_both_voices_of_a_meeting_are_listed(ost: Program) -> None:
    both = meeting(voice(14, "Priya Nair"), voice(15, "June Park", own=False, next_step="Call Maya"))
    said = text_of(list(views.listing((both,), ost, own=True).blocks))
    assert "You (no. 14): Train them" in said
    assert "June Park (no. 15): Call Maya" in said


def test_a_long_list_is_read_on(ost: Program) -> None:
    many = tuple(replace(meeting(voice(next_step="x" * 3000)), id=number) for number in range(1, 31))
    first = views.listing(many, ost, own=True)
    assert rules.message_blocks(list(first.blocks)) == []
    assert rules.characters(list(first.blocks)) < rules.MESSAGE_CHARACTERS
    assert "And 18 older." in text_of(list(first.blocks))
    blocks: list[Any] = list(first.blocks)
    (older,) = [block for block in blocks if "Show older" in text_of(block)]
    _, key = ids.referred(older["accessory"]["value"])
    assert views.page(key) == (True, 12)
    last = views.listing(many, ost, own=True, start=24)
    assert "older" not in text_of(list(last.blocks))


def test_an_empty_list_offers_the_form(ost: Program) -> None:
    message = views.listing((), ost, own=True)
    assert ids.CHECKIN_OPEN in str(message.blocks)
    assert message.text == "You have not logged a coaching check-in yet."


@pytest.mark.parametrize(
    ("why", "says"),
    [
        ("role", "participants and coaches"),
        ("reads only", "/checkin all"),
        ("stranger", "Adam"),
        ("pending", "<@U0FAY0001>"),
        ("left", "You have left"),
        ("no coaches", "<@U0FAY0001> can add a coach"),
        ("no organizations", "add an organization"),
        ("not theirs", "can change it"),
        ("gone", "no longer there"),
    ],
)
def test_every_refusal_says_who_can_or_what_to_do(ost: Program, why: Refusal, says: str) -> None:
    fay = Member(5, "U0FAY0001", "Fay Whitaker", "facilitator")
    refused = NotAllowed(why, ost, (fay,))
    assert says in views.refusal(refused)
    (plainly,) = views.refused_errors(refused, form(ost)).values()
    assert "Your words are still here" in plainly
    assert "<@" not in plainly
