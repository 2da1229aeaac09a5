"""Drafts as they are shown: within Slack's rules, escaped, and saying what each is for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.drafts import About, Kept, Offer
from bot.domain.programs import Program
from bot.sandbox import rules
from bot.services import programs
from bot.services.program_schema import to_program
from bot.views import drafts as views
from bot.views import ids
from bot.views.blocks import field_block, modal, section, text_input
from bot.views.ids import Unreadable
from tests.cast import MONDAY, sheet
from tests.journeys.workspace import text_of

EVIL = "<!channel> & <@U0FAY0001>"


@pytest.fixture
def ost() -> Program:
    return to_program(sheet(programs.find_file("ost-cop")), id=1)


def offer(form: Any = "reflection", title: str = "Before we begin", number: int | None = None) -> Offer:
    return Offer(7, About(form, 1, "before-we-begin"), MONDAY, title, False, number)


def kept(**words: str | None) -> Kept:
    values = {name: {"draft.typed#1": {"type": "plain_text_input", "value": text}} for name, text in words.items()}
    return Kept(7, About("reflection", 1, "before-we-begin"), MONDAY, values)


def form(*, turn: int = 0) -> dict[str, Any]:
    """A form with two long fields and a short one, as Slack gives it back untouched."""
    blocks = [
        section("Who reads this"),
        field_block("one", "One", text_input("one", multiline=True, initial="begun")),
        field_block("two", "Two", text_input("two", multiline=True)),
        field_block("short", "Short", text_input("short", initial="45")),
    ]
    made = modal("f", "A form", views.drafted(blocks, ("one", "two"), turn), submit="Hand in", tells_closing=True)
    return {**made, "state": {"values": {}}}


def typed(view: dict[str, Any], **words: str | None) -> dict[str, Any]:
    state = {}
    for block in view["blocks"]:
        if block.get("block_id") in words:
            state[block["block_id"]] = {block["element"]["action_id"]: {"value": words[block["block_id"]]}}
    return {**view, "state": {"values": state}}


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (offer(), "You began a reflection on *Before we begin* and have not handed it in."),
        (offer(number=3), "You began a change of reflection no. 3 on *Before we begin* and"),
        (offer(title=""), "You began a reflection and have not"),
        (offer("checkin", ""), "You began a coaching check-in and"),
        (offer("checkin", "", 5), "You began a change of check-in no. 5 and"),
        (offer("answer", "Ada Okafor"), "You began an answer to Ada Okafor and"),
        (offer("answer", ""), "You began an answer to a question and"),
    ],
)
def test_an_offer_says_what_it_is_for_and_keeps_slacks_rules(ost: Program, made: Offer, words: str) -> None:
    message = views.kept(made, ost, None)
    assert words in message.text
    assert rules.message_blocks(list(message.blocks)) == []
    assert rules.view({"type": "home", "blocks": views.begun([made] * 9, MONDAY + timedelta(minutes=5))}, "home") == []


def test_the_home_says_how_old_a_draft_is(ost: Program) -> None:
    said = text_of(views.begun([offer()], MONDAY + timedelta(minutes=5)))
    assert "A reflection on *Before we begin*, last written 5 minutes ago" in said
    assert "And 4 more drafts." in text_of(views.begun([offer()] * 9, MONDAY))
    assert views.begun([], MONDAY) == []


def test_what_became_of_it_is_said_in_its_place(ost: Program) -> None:
    assert "and handed it in" in views.gone(offer(), "handed in").text
    assert "The draft is gone" in views.gone(offer(), "thrown away").text


def test_titles_and_words_ping_nobody(ost: Program) -> None:
    shown = [views.kept(offer(title=EVIL), ost, None).blocks, views.words_only("Why", kept(one=EVIL))]
    assert "<!channel>" not in str(shown)
    assert "<@U0FAY0001>" not in str(shown)


def test_the_words_alone_are_all_there_however_many_they_are() -> None:
    view = views.words_only("That homework is no longer there.", kept(one="x" * 3000, two="&" * 3000, three=None))
    assert rules.view(view, "modal") == []
    assert text_of(view).count("x") >= 3000
    assert text_of(view).count("&amp;") == 3000


def test_long_fields_tell_of_every_character_and_others_do_not() -> None:
    view = form()
    assert rules.view({name: view[name] for name in view if name != "state"}, "modal") == []
    assert [bool(one.get("dispatch_action")) for one in view["blocks"][1:]] == [True, True, False]
    assert view["notify_on_close"] is True
    names = [one["element"]["action_id"] for one in view["blocks"][1:3]]
    assert len(set(names)) == 2
    assert all(one.startswith(f"{ids.DRAFT_TYPED}#") for one in names)


def test_in_the_next_turn_every_long_field_has_another_name() -> None:
    first, second = (one["blocks"][1]["element"]["action_id"] for one in (form(), form(turn=1)))
    assert first != second
    assert views.turn_of(form(turn=3)) == 3
    assert views.turn_of({"blocks": []}) == 0


def test_what_was_filled_in_by_us_and_never_touched_is_part_of_what_stands_there() -> None:
    found = views.values(typed(form(), two="more"))
    assert found["one"] == {"draft.typed#2": {"value": "begun"}}
    assert found["two"] == {"draft.typed#3": {"value": "more"}}
    assert found["short"] == {"short": {"value": "45"}}
    assert views.length(typed(form(), two="more ")) == len("begun") + len("more")


def test_an_emptied_field_stays_empty() -> None:
    found = views.values(typed(form(), one=None))
    draft = Kept(1, About("reflection", 1, "x"), MONDAY, found)
    assert views.words_in(draft)["one"] == ""
    assert views.length(typed(form(), one=None)) == 0


def test_a_form_that_nobody_here_made_cannot_be_read() -> None:
    with pytest.raises(Unreadable):
        views.values({"blocks": [{"type": "input"}], "state": {"values": {}}})
    with pytest.raises(Unreadable):
        views.length({"blocks": []})


def test_the_form_says_before_its_first_field_that_drafts_are_kept(ost: Program) -> None:
    said, instead = views.keeps(None, ost, None)
    assert text_of(said).strip().startswith("I keep what you type here as a draft, for you alone, until you hand it in")
    assert not views.shows_draft({"blocks": [said]})
    assert "Write it here instead" in text_of(instead)
    both = views.keeps(kept(one="begun"), ost, "America/New_York")
    assert "This is your draft" in text_of(both)
    assert "Start empty" in text_of(both)
    assert views.shows_draft({"blocks": both})
    assert rules.message_blocks([*both]) == []
