"""The form says who reads it before the first field, reads back what was typed, and everything keeps Slack's limits."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, get_args

import pytest

from bot.domain.people import Member, Org, Viewer
from bot.domain.programs import Program, Prompt
from bot.domain.reflections import (
    Answer,
    CameIn,
    Content,
    Form,
    Handed,
    Mine,
    NotAllowed,
    NothingOpen,
    Problem,
    Readable,
    Receipt,
    Why,
    validate,
)
from bot.sandbox import rules
from bot.services import programs
from bot.views import ids
from bot.views import reflections as views
from tests.journeys.workspace import text_of

NOW = datetime(2020, 10, 12, 14, tzinfo=UTC)
FAY = Member(7, "U0FAY0001", "Fay Whitaker", "facilitator")
MAX = Member(8, "U0MAX0001", "Max Ode", "facilitator")
BRIGHT = Org(1, "Bright Labs")
TOMAS = Viewer("T0CONVENE", "U0TOMAS01", 2, "Tomás Rivera", roles=frozenset({"participant"}), organization=BRIGHT)
PING = "<!channel> & <https://evil.example|the packet>"
HARMLESS = "&lt;!channel&gt; &amp; &lt;https://evil.example|the packet&gt;"
RTL = "\u202eيوم جيد في برنامجنا"


@pytest.fixture(scope="module")
def ost() -> Program:
    return replace(programs.check(programs.find_file("ost-cop")), id=7)


def shape(ost: Program, **other: Any) -> Form:
    first = ost.assignments[0]
    plain = Form(
        program=ost,
        viewer=TOMAS,
        facilitators=(FAY,),
        assignment=first,
        key=first.key,
        prompts=first.prompts,
        readers="facilitators",
        choices=ost.assignments,
        channel="C0COHORT1",
    )
    return replace(plain, **other)


def handed(*texts: str, **other: Any) -> Handed:
    answers = tuple(Answer(f"p{place}", f"Question {place}?", text) for place, text in enumerate(texts or ("Loud.",)))
    plain = Handed(
        id=3,
        number=14,
        assignment="before-we-begin",
        title="Before we begin",
        sample=True,
        author_id=2,
        author="Tomás Rivera",
        user="U0TOMAS01",
        organization=BRIGHT,
        version=1,
        content=Content(answers, 90, "facilitators"),
        handed_in_at=NOW,
        saved_at=NOW,
    )
    return replace(plain, **other)


def shared(one: Handed) -> Handed:
    return replace(one, content=replace(one.content, readers="cohort"))


def receipt(ost: Program, one: Handed) -> Receipt:
    return Receipt(ost, one, (FAY,), "C0COHORT1")


def blocks_of(view: dict[str, Any]) -> list[dict[str, Any]]:
    return list(view["blocks"])


def filled(view: dict[str, Any], **typed: Any) -> dict[str, Any]:
    """The form as it comes back: every field with what is typed, by the end of its block id, or what it began with."""
    values: dict[str, Any] = {}
    for block in blocks_of(view):
        if block["type"] != "input":
            continue
        element = block["element"]
        name = block["block_id"].rsplit(":", 1)[-1]
        if element["type"] == "plain_text_input":
            state: dict[str, Any] = {"value": typed.get(name, element.get("initial_value"))}
        else:
            chosen = next((one for one in element["options"] if one["value"] == typed.get(name)), None)
            state = {"selected_option": chosen or element.get("initial_option")}
        values[block["block_id"]] = {element["action_id"]: state}
    return {**view, "state": {"values": values}}


# The form


def readers_field(form: Any) -> Any:
    return next(one for one in blocks_of(form) if one.get("block_id") == views.READERS_BLOCK)


def test_who_reads_it_stands_above_the_first_field(ost: Program) -> None:
    first, second, third, fourth = blocks_of(views.form(shape(ost)))[:4]
    assert first["type"] == "section"
    assert text_of(first["text"]).strip() == (
        "*Fay Whitaker, the facilitator of this cohort, reads this.* Nobody else; administrators see counts only."
    )
    assert "I keep what you type here as a draft, for you alone" in text_of(second)
    assert "Write it here instead" in text_of(third)
    assert fourth["type"] == "input"


def test_two_facilitators_are_both_named(ost: Program) -> None:
    said = text_of(blocks_of(views.form(shape(ost, facilitators=(FAY, MAX))))[0])
    assert "The two facilitators of this cohort read this: Fay Whitaker and Max Ode." in said


def test_before_there_is_a_facilitator_the_form_says_so(ost: Program) -> None:
    assert "as soon as there are any" in text_of(blocks_of(views.form(shape(ost, facilitators=())))[0])


def test_for_the_cohort_the_channel_and_the_name_are_announced(ost: Program) -> None:
    said = text_of(blocks_of(views.form(shape(ost, readers="cohort")))[0])
    assert "I post it in <#C0COHORT1> under your name" in said


def test_without_a_cohort_channel_the_cohort_cannot_be_chosen(ost: Program) -> None:
    radios = readers_field(views.form(shape(ost, channel=None)))["element"]
    assert [one["value"] for one in radios["options"]] == ["facilitators"]


def test_the_facilitators_are_preset(ost: Program) -> None:
    assert readers_field(views.form(shape(ost)))["element"]["initial_option"]["value"] == "facilitators"


def test_every_shape_of_the_form_keeps_slacks_rules(ost: Program) -> None:
    long = tuple(Prompt(f"p{place}", "?" * 300, "!" * 300) for place in range(10))
    for form in (
        shape(ost),
        shape(ost, readers="cohort", choices=()),
        shape(ost, prompts=long, facilitators=(FAY,) * 12),
        shape(ost, before=handed("x" * 3000), prompts=long),
        shape(ost, assignment=None, before=handed(), choices=()),
        shape(ost, done=(handed(author="A" * 200),)),
    ):
        assert rules.view(views.form(form), "modal") == []


def test_samples_are_shown_as_samples(ost: Program) -> None:
    assert "Before we begin (sample)" in text_of(blocks_of(views.form(shape(ost))))


def test_the_colleagues_reflection_is_mentioned(ost: Program) -> None:
    said = text_of(blocks_of(views.form(shape(ost, done=(handed(author="Priya Nair"),)))))
    assert "Priya Nair has handed it in for Bright Labs. Yours is welcome too." in said


def test_one_homework_alone_needs_no_menu(ost: Program) -> None:
    names = [one.get("block_id") for one in blocks_of(views.form(shape(ost, choices=ost.assignments[:1])))]
    assert views.ASSIGNMENT_BLOCK not in names


def test_fields_of_two_homeworks_never_share_a_name(ost: Program) -> None:
    second = ost.assignments[1]
    one, other = views.form(shape(ost)), views.form(shape(ost, assignment=second, key=second.key))
    names = [{block["block_id"] for block in blocks_of(view) if block["type"] == "input"} for view in (one, other)]
    assert names[0] & names[1] == {views.READERS_BLOCK, views.ASSIGNMENT_BLOCK}


def test_homework_that_asks_for_no_hours_has_no_field_for_them(ost: Program) -> None:
    without = replace(ost.assignments[0], hours_asked=False)
    assert "Hours spent" not in text_of(blocks_of(views.form(shape(ost, assignment=without))))


# Read back


def test_what_was_typed_is_read_back(ost: Program) -> None:
    view = filled(views.form(shape(ost)), program="Loud.", hope=PING, **{"before-we-begin": "1,5"})
    read = views.read(view)
    assert (read.program_id, read.reflection_id, read.draft.assignment) == (7, None, "before-we-begin")
    assert [one.text for one in read.draft.answers] == ["Loud.", PING, ""]
    assert (read.draft.hours, read.draft.readers) == ("1,5", "facilitators")
    assert read.draft.answers[0].label == ost.assignments[0].prompts[0].label


def test_a_changed_form_starts_with_what_was_written(ost: Program) -> None:
    before = handed(content=Content((Answer("program", "?", "Loud."),), 90, "cohort"))
    read = views.read(filled(views.form(shape(ost, before=before, readers="cohort"))))
    assert read.reflection_id == 3
    assert isinstance(kept := validate(read.draft, ()), Content)
    assert ([one.text for one in kept.answers], kept.minutes, kept.readers) == (["Loud."], 90, "cohort")


def test_a_field_that_was_never_touched_may_be_missing_from_the_state(ost: Program) -> None:
    before = handed(content=Content((Answer("program", "?", "Loud."),), 90, "cohort"))
    read = views.read({**views.form(shape(ost, before=before, readers="cohort")), "state": {"values": {}}})
    assert (read.draft.answers[0].text, read.draft.hours, read.draft.readers) == ("Loud.", "1.5 hours", "cohort")


def test_a_field_that_was_emptied_is_empty(ost: Program) -> None:
    before = handed(content=Content((Answer("program", "?", "Loud."),), 90, "facilitators"))
    read = views.read(filled(views.form(shape(ost, before=before)), program=None))
    assert read.draft.answers[0].text == ""


def test_drawn_again_the_form_keeps_what_was_typed(ost: Program) -> None:
    view = filled(views.form(shape(ost)), program="Loud.")
    again = views.form(shape(ost, readers="cohort"), views.typed(view))
    assert "The whole cohort reads this" in text_of(blocks_of(again)[0])
    assert views.read(filled(again)).draft.answers[0].text == "Loud."


def test_each_problem_stands_under_its_own_field(ost: Program) -> None:
    view = filled(views.form(shape(ost)), program="", hope="x" * 3001, **{"before-we-begin": "-1"})
    found = validate(views.read(view).draft, ost.assignments[0].prompts)
    assert isinstance(found, tuple)
    assert views.errors(found, view) == {
        "answer:before-we-begin:program": "This one is needed. A few words are enough.",
        "answer:before-we-begin:hope": "That is 3,001 characters, and 3,000 fit. Shorten it a little.",
        "hours:before-we-begin": "Hours can be 0 or more. Try 1.5, or 90 min.",
    }


@pytest.mark.parametrize(
    "problem",
    [
        Problem("assignment", "other homework"),
        Problem("readers", "no readers"),
        Problem("hours", "which unit"),
        Problem("hours", "too long"),
        Problem("hours", "not a time"),
        Problem("not-in-the-form", "missing", of_prompt=True),
        Problem("", "nothing written", of_prompt=True),
    ],
)
def test_every_problem_stands_under_some_field_of_the_form(ost: Program, problem: Problem) -> None:
    view = filled(views.form(shape(ost)))
    (block_id,) = views.errors([problem], view)
    assert block_id in {block["block_id"] for block in blocks_of(view) if block["type"] == "input"}


def test_a_homework_that_the_menu_names_is_not_named_twice(ost: Program) -> None:
    with_menu, without = views.form(shape(ost)), views.form(shape(ost, choices=()))
    due = "Wed, Oct 21, 5:00 pm (St. Louis)"
    assert f"\nDue {due}\n" in text_of(with_menu["blocks"])
    assert f"*Before we begin (sample)* · due {due}" in text_of(without["blocks"])


# Refusals


@pytest.mark.parametrize("why", get_args(Why))
def test_every_refusal_is_a_sentence_here_and_in_the_form(ost: Program, why: Why) -> None:
    refused = NotAllowed(why, None if why == "no program" else ost, (FAY,))
    assert rules.message_text(views.refusal(refused)) == []
    assert views.refusal(refused).endswith(".")
    (said,) = views.refused_errors(refused, filled(views.form(shape(ost)))).values()
    assert "Your words are still here" in said
    assert "<" not in said


def test_a_refusal_says_who_can_help(ost: Program) -> None:
    assert "Fay Whitaker" in views.refusal(NotAllowed("not a participant", ost, (FAY,)))
    assert "Fay Whitaker" in views.refusal(NotAllowed("not readable", ost, (FAY,)))
    assert ost.contact.name in views.refusal(NotAllowed("not a participant", ost))


def test_a_facilitator_is_not_sent_to_herself(ost: Program) -> None:
    said = views.refusal(NotAllowed("reads only", ost, (FAY,)))
    assert "Fay Whitaker" not in said
    assert "/reflect all" in said


def test_when_nothing_is_open_what_was_handed_in_can_be_listed(ost: Program) -> None:
    done, none_yet = views.nothing_open(NothingOpen(ost, 3)), views.nothing_open(NothingOpen(ost, 0))
    assert ids.REFLECTION_MINE in str(done.blocks)
    assert "No homework has been given out yet" in none_yet.text
    for message in (done, none_yet):
        assert rules.message_blocks(list(message.blocks)) == []
        assert rules.view(views.window(message), "modal") == []


def test_an_unknown_word_is_answered_with_the_known_ones() -> None:
    said = views.unknown_word("<!channel>")
    assert "/reflect mine" in said
    assert rules.message_text(said) == []


# What stands saved


def test_thanks_and_receipt_name_the_number_and_the_readers(ost: Program) -> None:
    thanks, message = views.thanks(receipt(ost, handed())), views.receipt(receipt(ost, handed()), None)
    for said in (text_of(thanks), text_of(list(message.blocks))):
        assert "Saved as no. 14: Before we begin (sample), for Bright Labs." in said
        assert "You can change it until you leave the program." in said
        assert "Fay Whitaker, the facilitator of this cohort, reads this." in said
        assert "1.5 hours" in said
    assert rules.view(thanks, "modal") == []
    assert rules.message_blocks(list(message.blocks)) == []


def test_only_what_the_cohort_reads_can_be_taken_back(ost: Program) -> None:
    for one, there in ((handed(), False), (shared(handed()), True)):
        saved = receipt(ost, one)
        assert (ids.REFLECTION_BACK in str(views.thanks(saved))) is there
        assert (ids.REFLECTION_BACK in str(views.receipt(saved, None).blocks)) is there


def test_a_change_is_dated_in_the_receipt(ost: Program) -> None:
    changed = handed(version=2, saved_at=datetime(2020, 10, 13, 15, tzinfo=UTC))
    said = text_of(list(views.receipt(receipt(ost, changed), "America/New_York").blocks))
    assert "Changed Tue, Oct 13, 10:00 am (St. Louis) · 11:00 am your time" in said


# What others see


@pytest.mark.parametrize("text", [PING, RTL, "🙂", "*bold* _and_ `code`", "x" * 3000, "&" * 3000, "<" * 3000])
def test_peoples_words_are_harmless_and_fit(ost: Program, text: str) -> None:
    one = shared(handed(*([text] * 10), title=PING, author=PING, organization=Org(1, PING)))
    post = views.cohort_post(receipt(ost, one))
    assert rules.message_blocks(list(post.blocks)) == []
    assert rules.message_text(post.text) == []
    assert rules.characters(list(post.blocks)) < rules.MESSAGE_CHARACTERS
    assert "<!channel>" not in str(post)
    assert rules.view(views.whole(Readable(ost, one), None), "modal") == []
    assert rules.view(views.thanks(receipt(ost, one)), "modal") == []
    assert rules.message_blocks(list(views.receipt(receipt(ost, one), None).blocks)) == []


def test_the_post_says_who_for_whom_on_what_and_leaves_the_hours_out(ost: Program) -> None:
    said = text_of(list(views.cohort_post(receipt(ost, shared(handed(PING)))).blocks))
    assert "*Tomás Rivera* of Bright Labs on *Before we begin (sample)*" in said
    assert HARMLESS in said
    assert "hours" not in said


def test_a_long_answer_is_cut_in_the_post_and_whole_behind_its_button(ost: Program) -> None:
    words = " ".join(f"word{number}" for number in range(600))[:3000]
    one = shared(handed(*([words] * 4)))
    post = views.cohort_post(receipt(ost, one))
    assert ids.REFLECTION_READ in str(post.blocks)
    assert "…" in text_of(list(post.blocks))
    whole = text_of(views.whole(Readable(ost, one), None))
    assert whole.replace("\n", "").count(words) == 4


def test_a_short_one_needs_no_button(ost: Program) -> None:
    assert ids.REFLECTION_READ not in str(views.cohort_post(receipt(ost, shared(handed()))).blocks)


def test_a_whole_one_of_the_worst_characters_loses_none(ost: Program) -> None:
    whole = views.whole(Readable(ost, handed("&" * 3000)), None)
    assert str(whole).count("&amp;") == 3000
    assert rules.view(whole, "modal") == []


# One's own


def test_the_list_has_number_title_date_readers_hours_and_a_button(ost: Program) -> None:
    found = Mine(ost, (shared(handed(version=2)), handed(number=3, content=Content((), None, "facilitators"))), 2)
    message = views.mine_message(found, None)
    said = text_of(list(message.blocks))
    assert "*No. 14 · Before we begin (sample)*\nMon, Oct 12, 9:00 am (St. Louis)" in said
    assert "1.5 hours · version 2 · the cohort reads it" in said
    assert "the facilitators read it" in said
    assert str(message.blocks).count(f"'{ids.REFLECTION_CHANGE}") == 2


@pytest.mark.parametrize("count", [0, 1, 20])
def test_the_list_keeps_slacks_rules(ost: Program, count: int) -> None:
    items = tuple(handed(number=number + 1) for number in range(count))
    message = views.mine_message(Mine(ost, items, count, earlier=5 if count == 20 else None), None)
    assert rules.message_blocks(list(message.blocks)) == []
    assert rules.view(views.window(message), "modal") == []


@pytest.mark.parametrize("count", [0, 1, 20])
def test_the_list_of_what_one_may_read_names_authors_and_keeps_slacks_rules(ost: Program, count: int) -> None:
    items = tuple(shared(handed(number=number + 1)) for number in range(count))
    message = views.came_in(CameIn(ost, items, count, earlier=5 if count == 20 else None), None)
    assert rules.message_blocks(list(message.blocks)) == []
    assert rules.view(views.window(message), "modal") == []
    assert text_of(list(message.blocks)).count("*Tomás Rivera* of Bright Labs") == count


def test_an_empty_list_offers_the_form(ost: Program) -> None:
    message = views.mine_message(Mine(ost, (), 0), None)
    assert "no reflection yet" in message.text
    assert ids.REFLECTION_OPEN in str(message.blocks)


@pytest.mark.parametrize("odd", [10**30, -1, "x", [7]])
def test_a_form_about_what_cannot_be_is_about_nothing(ost: Program, odd: object) -> None:
    about = json.dumps({"program": odd, "homework": "before-we-begin", "reflection": odd})
    found = views.read({**views.form(shape(ost)), "state": {"values": {}}, "private_metadata": about})
    assert (found.program_id, found.reflection_id) == (0, 0)
