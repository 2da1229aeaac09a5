"""The forms of answers and what is said of those in doubt: in Slack's limits, escaped, readers named, nothing lost."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest

from bot.domain.entries import (
    LONGEST_TEXT,
    Care,
    ChangedMeanwhile,
    Done,
    Doubt,
    Draft,
    Editing,
    Field,
    Keep,
    Keeping,
    Kept,
    Offer,
    Problem,
    Said,
    Why,
    draft_of,
    mark,
)
from bot.domain.people import Member, NotAllowed
from bot.domain.programs import Entry, Translation, Verified
from bot.sandbox import rules
from bot.views import entries as views
from bot.views import entries_editing, entries_fields, entries_keeping, ids
from bot.views.ids import Unreadable
from tests.calendars import program
from tests.handlers.desk import filled
from tests.journeys.workspace import text_of

NOW = datetime(2020, 10, 12, 14, 0, tzinfo=UTC)
TODAY = date(2020, 10, 12)
PING = "<!channel> & co"
BYTES = 250_000
"""As much as Slack takes for one view."""
FAY = Member(5, "U0FAY0001", "Fay Whitaker", "facilitator")


def entry(number: int = 1, **other: Any) -> Entry:
    plain = Entry(
        key=f"entry-{number}",
        question=f"Is it {number}? {PING}",
        phrasings=(f"{number} or what", "really"),
        answer=f"Yes. {PING}",
        source=PING,
        owner="Fay Whitaker",
        verified=Verified("Fay <b>", date(2020, 9, 1), date(2020, 10, 11)),
        translations=(Translation("es", "¿Es?", "Sí."),),
    )
    return replace(plain, **other)


HERE = program(entries=tuple(entry(number) for number in range(1, 4)))


def shape(count: int = 3, **other: Any) -> Keeping:
    choices = tuple(entry(number) for number in range(1, count + 1))
    plain = Keeping(
        program=HERE,
        keep=Keep("entry", question="Is it?"),
        answer="Yes.",
        by="Fay",
        today=TODAY,
        choices=choices,
        likely=1,
    )
    return replace(plain, **other)


def fits(view: dict[str, Any]) -> None:
    assert rules.view(view, "modal") == []
    assert len(str(view).encode()) < BYTES
    assert "<!channel>" not in "".join(text_of(one) for one in _mrkdwn(view["blocks"]))


def _mrkdwn(thing: Any) -> list[Any]:
    if isinstance(thing, dict):
        own = [thing] if thing.get("type") == "mrkdwn" else []
        return own + [one for value in thing.values() for one in _mrkdwn(value)]
    return [one for part in thing for one in _mrkdwn(part)] if isinstance(thing, list) else []


def labels(view: Any) -> list[str]:
    return [block["label"]["text"] for block in view["blocks"] if block["type"] == "input"]


# Saving an answer


def test_the_readers_are_named_before_the_first_field_is() -> None:
    view: Any = entries_keeping.form(shape())
    fits(view)
    assert "whoever asks about Riverside" in text_of(view["blocks"][0])
    assert labels(view) == [
        "Save it as",
        "The question, as people ask it",
        "The answer",
        "Where it stands",
        "Who may be told",
        "Right until",
    ]


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("is there parking?", "Is there parking?"),
        ("¿nos dan un certificado?", "¿Nos dan un certificado?"),
        ("iPads: do you lend them?", "iPads: do you lend them?"),
        ("3d printers?", "3d printers?"),
        ("", None),
    ],
)
def test_a_question_begins_with_a_capital_as_everybody_reads_it(asked: str, shown: str | None) -> None:
    view: Any = entries_keeping.form(shape(), Keep("entry", question=asked))
    field = next(block["element"] for block in view["blocks"] if block.get("block_id") == entries_fields.QUESTION)
    assert field.get("initial_value") == shown


def test_a_way_to_ask_stays_as_it_was_typed() -> None:
    view: Any = entries_keeping.form(shape(), Keep("phrasing", question="is it", entry="entry-2"))
    field = next(block["element"] for block in view["blocks"] if block.get("block_id") == entries_fields.WORDING)
    assert field["initial_value"] == "is it"


def test_another_way_to_ask_wants_only_the_entry_and_the_words() -> None:
    view: Any = entries_keeping.form(shape(), Keep("phrasing", question="is it", entry="entry-2"))
    fits(view)
    assert labels(view) == ["Save it as", "Which answer", "Another way to ask for it"]
    menu = next(block["element"] for block in view["blocks"] if block.get("block_id") == entries_fields.ENTRY)
    assert menu["initial_option"]["value"] == "entry-2"
    assert [group["label"]["text"] for group in menu["option_groups"]] == ["Most alike", "All others"]


def test_without_any_entry_there_is_nothing_to_add_a_wording_to() -> None:
    view: Any = entries_keeping.form(shape(0, likely=0))
    fits(view)
    assert "A way to ask" not in text_of(view)


@pytest.mark.parametrize("count", [100, 101, 300, 900])
def test_as_many_entries_as_fit_can_be_chosen(count: int) -> None:
    long = tuple(replace(entry(number), question="é" * 300, key=f"{number:064}") for number in range(count))
    view: Any = entries_keeping.form(shape(choices=long, likely=3), Keep("phrasing", question="é" * 300))
    fits(view)
    menu = next(block["element"] for block in view["blocks"] if block.get("block_id") == entries_fields.ENTRY)
    assert sum(len(group["options"]) for group in menu["option_groups"]) == min(count, entries_fields.MOST_CHOICES)


def test_a_form_comes_back_as_it_was_filled_in() -> None:
    view: Any = entries_keeping.form(shape(question_id=12, said=Said("C1", None, "", "U1")))
    back = filled(view, **{"entry.question": "Is it so?"})
    keep, answer = entries_keeping.read(back)
    assert (keep.how, keep.question, keep.source, answer) == ("entry", "Is it so?", "Fay, Oct 12, 2020", "Yes.")
    assert entries_keeping.about(back) == (1, 12, Said("C1", None, "", "U1"))


def test_what_was_typed_survives_the_way_there_and_back() -> None:
    began: Any = entries_keeping.form(shape())
    typed = filled(began, **{"entry.question": "Is it so?", "entry.answer": "Indeed.", "entry.how": "phrasing"})
    there: Any = entries_keeping.form(
        shape(), entries_keeping.with_typed(shape(), typed), entries_keeping.read(typed)[1]
    )
    fits(there)
    back = filled(there, **{"entry.how": "entry"})
    keep, answer = entries_keeping.with_typed(shape(), back), entries_keeping.read(back)[1]
    assert (keep.how, keep.question, answer) == ("entry", "Is it so?", "Indeed.")


@pytest.mark.parametrize("one", ["\n", '"', "\\", "ñ", "\x0b", "&"])
def test_no_answer_is_too_long_to_be_put_aside_whatever_it_is_made_of(one: str) -> None:
    said = f"a{one * (LONGEST_TEXT - 2)}z"
    view: Any = entries_keeping.form(
        shape(question_id=10**9, said=Said("C" * 20, None, "", "U" * 20)), Keep("phrasing", question="is it"), said
    )
    fits(view)
    assert entries_keeping.read(filled(view))[1] == said
    again: Any = entries_keeping.form(shape(), Keep("entry", question="is it"), entries_keeping.read(filled(view))[1])
    assert entries_keeping.read(filled(again))[1] == said


@pytest.mark.parametrize("metadata", ["", "7:12", "{}", '{"program": "x", "question": null, "channel": "", "by": ""}'])
def test_a_form_of_an_earlier_version_is_unreadable(metadata: str) -> None:
    for read in (entries_keeping.about, entries_editing.edited):
        with pytest.raises(Unreadable):
            read({"private_metadata": metadata, "state": {"values": {}}})


def test_what_is_done_is_said_with_the_question() -> None:
    made = entries_keeping.thanks(Kept(HERE, entry(), "entry"))
    fits(made)
    assert "whoever asks “Is it 1? &lt;!channel&gt;" in text_of(made)
    assert "in these words" in text_of(entries_keeping.thanks(Kept(HERE, entry(), "phrasing")))


def test_an_entry_that_is_there_in_spanish_alone_stands_in_the_spanish_fields() -> None:
    alone = replace(entry(), question="¿Hay estacionamiento?", answer="Sí, en el patio de la escuela.", translations=())
    view: Any = entries_editing.edit_form(Editing(HERE, alone, "m"))
    fits(view)
    draft = entries_editing.read_edit(filled(view))
    assert (draft.question, draft.answer) == ("", "")
    assert (draft.spanish_question, draft.spanish_answer) == (alone.question, alone.answer)
    optional = {one["block_id"] for one in view["blocks"] if one.get("optional")}
    assert {"entry.question", "entry.answer"} <= optional


# Errors


WHYS: list[tuple[Field, Why]] = [
    ("question", "missing"),
    ("question", "too_long"),
    ("question", "asked_already"),
    ("question", "elsewhere"),
    ("answer", "missing"),
    ("answer", "wrong"),
    ("source", "missing"),
    ("until", "past"),
]


@pytest.mark.parametrize(("field", "why"), WHYS)
def test_what_is_wrong_stands_under_its_field(field: Field, why: Why) -> None:
    view: Any = entries_keeping.form(shape())
    (block,) = entries_fields.errors([Problem(field, why, PING, 4000)], filled(view))
    assert block == f"entry.{field}"


def test_what_is_wrong_with_a_wording_stands_under_the_wording() -> None:
    view: Any = entries_keeping.form(shape(), Keep("phrasing", question="is it"))
    problems = [Problem("question", "asked_already", "Is it paid?"), Problem("entry", "missing")]
    found = entries_fields.errors(problems, filled(view))
    assert set(found) == {entries_fields.WORDING, entries_fields.ENTRY}
    assert "“Is it paid?”" in found[entries_fields.WORDING]


def test_a_refusal_leaves_the_words_in_view_and_names_who_may() -> None:
    view: Any = entries_keeping.form(shape())
    (words,) = views.refused_errors(NotAllowed(HERE, (FAY,)), filled(view)).values()
    assert "Fay Whitaker" in words
    assert "copy them" in words
    assert views.refused_errors(NotAllowed(None), filled(view))
    assert "<@U0FAY0001>" in views.refusal(NotAllowed(HERE, (FAY,)))
    assert views.refusal(NotAllowed(None))


# Changing an entry


def editing(**other: Any) -> Editing:
    found = entry(**other)
    return Editing(HERE, found, mark(found))


def test_the_form_of_an_entry_holds_all_of_it_and_comes_back_the_same() -> None:
    view: Any = entries_editing.edit_form(editing())
    fits(view)
    back = filled(view)
    assert entries_editing.edited(back) == (1, "entry-1", mark(entry()))
    assert entries_editing.read_edit(back) == draft_of(entry(), HERE)


def test_more_wordings_than_one_field_holds_have_several() -> None:
    many = tuple(f"{number} {'w' * 290}" for number in range(40))
    view: Any = entries_editing.edit_form(editing(phrasings=many))
    fits(view)
    assert entries_editing.read_edit(filled(view)).phrasings == many


def test_wordings_are_read_line_by_line_without_bullets() -> None:
    view: Any = entries_editing.edit_form(editing())
    back = filled(view, **{"entry.phrasings": "- one\n\n• two\n  three  \n"})
    assert entries_editing.read_edit(back).phrasings == ("one", "two", "three  ")


def test_an_entry_that_two_have_changed_is_chosen_field_by_field() -> None:
    mine = Draft("Mine?", "Mine.", ("one", "two"), "s", "o", "all", date(2020, 10, 20), "¿Mía?", "Mía.")
    view: Any = entries_editing.again(ChangedMeanwhile(editing(), mine, ("answer", "until"), "Alex"))
    fits(view)
    text = text_of(view["blocks"])
    assert "Alex has changed this since you opened it" in text
    assert "Yes. &lt;!channel&gt;" in text
    assert "Mine." in text
    assert "Question" not in [block.get("label", {}).get("text") for block in view["blocks"]]
    assert entries_editing.edited(view) == entries_editing.edited(entries_editing.edit_form(editing()))
    assert entries_editing.read_both(filled(view)) == (mine, ())
    assert entries_editing.read_both(filled(view, until="theirs"))[1] == ("until",)


def test_versions_that_are_too_long_to_be_carried_are_written_in_the_form_itself() -> None:
    noise = "".join(Random(7).choices("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", k=2400))
    mine = Draft("Mine?", noise, (), "s", "o", "all", None, "¿Mía?", noise[::-1])
    view: Any = entries_editing.again(ChangedMeanwhile(editing(), mine, ("answer",), "Alex"))
    fits(view)
    assert "Alex has changed this meanwhile" in text_of(view["blocks"][0])
    assert "Yes. &lt;!channel&gt;" in text_of(view["blocks"][:6])
    assert entries_editing.read_edit(filled(view)).answer == noise


@pytest.mark.parametrize("damaged", ["", "AAAA", "%%%"])
def test_a_choice_between_versions_that_was_tampered_with_cannot_be_read(damaged: str) -> None:
    mine = Draft("Mine?", "Mine.", (), "s", "o", "all", None)
    view: Any = entries_editing.again(ChangedMeanwhile(editing(), mine, ("answer",), "Alex"))
    said = {**json.loads(view["private_metadata"]), "d": damaged}
    with pytest.raises(Unreadable):
        entries_editing.read_both(filled({**view, "private_metadata": json.dumps(said)}))


def test_every_entry_can_be_picked_and_none_is_said_when_there_is_none() -> None:
    view: Any = entries_editing.pick(HERE)
    fits(view)
    assert entries_editing.read_pick(filled(view)) == (1, "")
    fits(entries_editing.pick(program()))
    assert "no answer yet" in text_of(entries_editing.pick(program()))


# What needs somebody


def test_a_doubted_answer_is_shown_with_what_led_to_it_and_two_ways_out() -> None:
    found = Doubt(entry(), 3, tuple(f"{number} {PING}" for number in range(9)), 2)
    message = views.doubted(found, HERE, NOW)
    assert rules.message_blocks(list(message.blocks)) == []
    said = text_of(list(message.blocks))
    assert "did not help 3 people" in said
    assert "and 4 more" in said
    assert "2 questions that somebody asked me alone" in said
    assert "<!channel>" not in said + message.text
    assert _values(message.blocks) == [(ids.ENTRY_EDIT, "1:entry-1"), (ids.ENTRY_FINE, "1:entry-1")]


def test_a_lapsed_answer_says_until_when_it_was_right() -> None:
    message = views.lapsed(entry(), HERE, NOW)
    assert rules.message_blocks(list(message.blocks)) == []
    assert "right until Oct 11, 2020" in text_of(list(message.blocks))
    assert "<!channel>" not in text_of(list(message.blocks)) + message.text
    assert _values(message.blocks) == [(ids.ENTRY_STILL, "1:entry-1"), (ids.ENTRY_EDIT, "1:entry-1")]


def _values(blocks: Any) -> list[tuple[str, str]]:
    rows = [block["elements"] for block in blocks if block["type"] == "actions"]
    return [(one["action_id"].partition("#")[0], one["value"]) for row in rows for one in row]


@pytest.mark.parametrize(
    ("what", "words"), [("edited", "has changed"), ("renewed", "still right, until Oct 11, 2020"), ("fine", "is fine")]
)
def test_what_became_of_it_is_said_with_who_did_it(what: Any, words: str) -> None:
    message = views.settled(Done(HERE, entry(), what), "Fay <b>")
    assert rules.message_blocks(list(message.blocks)) == []
    assert words in message.text
    assert "Fay &lt;b&gt;" in message.text


def care(number: int) -> Care:
    some = tuple(entry(one) for one in range(number))
    return Care(
        doubts=tuple(Doubt(one, 2, (PING,) * 9, 1) for one in some),
        lapsed=some,
        offers=tuple(Offer(at, f"{PING} {'x' * 290}", one) for at, one in enumerate(some)),
    )


@pytest.mark.parametrize("number", [0, 1, 12, 200])
def test_everything_that_needs_somebody_fits_on_its_page(number: int) -> None:
    fits(views.care_page(HERE, care(number)))


def test_nothing_that_needs_somebody_is_said_too() -> None:
    assert "Nothing needs you here" in text_of(views.care_page(HERE, Care()))


def test_a_digests_lines_hold_no_word_that_people_wrote() -> None:
    lines = "\n".join(views.care_lines(care(2)))
    assert "2 ways of asking wait for your yes" in lines
    assert "was right until Sun, Oct 11" in lines
    assert "xxx" not in lines
    assert views.care_lines(Care()) == []


def test_an_offer_is_added_or_left_by_its_question() -> None:
    blocks = list(views.care_blocks(HERE, Care(offers=(Offer(12, PING, entry()),)), 3))
    assert _values(blocks) == [(ids.ENTRY_PHRASING, "1:12"), (ids.ENTRY_LEAVE, "1:12")]
    assert "<!channel>" not in text_of(blocks)


def test_what_was_said_until_yesterday_counts_from_the_programs_day() -> None:
    later = replace(entry(), verified=Verified("Fay", TODAY, TODAY + timedelta(days=90)))
    assert "Jan 10, 2021" in text_of(list(views.lapsed(later, HERE, NOW).blocks))
