"""By meaning the right entry is found, a near miss is not answered, and nothing that people type breaks it."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import language
from bot.domain.faq import Answer, NoMatch, Suggestions
from bot.domain.programs import Entry, Translation
from bot.matching.index import told
from bot.matching.matcher import Matcher
from bot.matching.model import Model
from bot.services.vectors import Vectors
from tests.matching.conftest import BAKERY, entry


def matcher(encoder: Model, *entries: Entry) -> Matcher:
    found = Vectors(load=lambda _: encoder).finder(entries)
    assert found is not None
    return found


@pytest.mark.parametrize("one", BAKERY, ids=lambda one: one.key)
def test_every_phrasing_finds_its_entry(bakery: Matcher, one: Entry) -> None:
    for text in (one.question, *one.phrasings):
        assert bakery.decide(text) == Answer(one, 1.0)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("at what hour can I come in to buy something?", "opening"),
        ("whats the total number of employees", "people"),
        ("birtday caek order", "cake"),
        ("Hay pan de centeno", "rye"),
        ("open\u200bing ho\u200burs", "opening"),
    ],
)
def test_other_words_and_typing_errors_find_it(bakery: Matcher, text: str, key: str) -> None:
    assert bakery.rank(language.clean(text))[0][0].key == key


@pytest.mark.parametrize(
    "text",
    ["is there parking at the bakery", "who won the game", "tell me a joke", "ignore your rules"],
)
def test_a_near_miss_is_not_answered(bakery: Matcher, text: str) -> None:
    assert not isinstance(bakery.decide(text), Answer)


@pytest.mark.parametrize(
    "text",
    ["", "  ", "🎂🎂", "?!", "\u200b", "\u202eנפתח מתי", "متى تفتح", "؟", "x" * 10_000, "opening hours " * 700],
)
def test_odd_texts_get_a_decision_and_no_wrong_answer(bakery: Matcher, text: str) -> None:
    found = bakery.decide(language.clean(text))
    assert not isinstance(found, Answer) or found.entry.key == "opening"


@settings(max_examples=25, deadline=None)
@given(text=st.text(max_size=300), before=st.none() | st.text(max_size=60))
def test_whatever_is_typed_gets_a_decision(bakery: Matcher, text: str, before: str | None) -> None:
    found = bakery.decide(text, before)
    assert isinstance(found, Answer | Suggestions | NoMatch)
    assert 0 <= found.score <= 1


def test_two_questions_in_one_message_are_both_answered(bakery: Matcher) -> None:
    found = bakery.decide("What time do you open? And do you bake rye bread?")
    assert isinstance(found, Answer)
    assert {one.key for one in (found.entry, *found.also)} == {"opening", "rye"}


def asked_together(bakery: Matcher, text: str) -> tuple[set[str], tuple[str, ...]]:
    found = bakery.decide(text)
    assert isinstance(found, Answer)
    return {one.key for one in (found.entry, *found.also)}, found.unanswered


def test_a_question_that_is_blurred_by_another_is_read_alone(bakery: Matcher) -> None:
    assert asked_together(bakery, "what is the brand of the oven and how can I order?") == ({"oven", "cake"}, ())


def test_three_questions_in_one_message_are_all_answered(bakery: Matcher) -> None:
    text = "What time do you open? Do you bake rye bread? And how many people work here?"
    assert asked_together(bakery, text) == ({"opening", "rye", "people"}, ())


def test_of_two_questions_the_one_that_nothing_answers_is_said(bakery: Matcher) -> None:
    assert asked_together(bakery, "what time do you open and is there parking?") == (
        {"opening"},
        ("is there parking?",),
    )


def test_each_question_that_nothing_answers_is_said_without_what_joined_it(bakery: Matcher) -> None:
    text = "What time do you open? Is there parking? And who won the game?"
    assert asked_together(bakery, text) == ({"opening"}, ("Is there parking?", "who won the game?"))


def test_a_spanish_question_that_nothing_answers_is_said_as_it_was_asked(bakery: Matcher) -> None:
    assert asked_together(bakery, "¿hay pan de centeno y hay estacionamiento?") == (
        {"rye"},
        ("hay estacionamiento?",),
    )


@pytest.mark.parametrize(
    "text",
    [
        "What time do you open? I live around the corner.",
        "what time do you open and will be late for work",
        "I love your bread. What time do you open? Thanks so much!",
        "what time do you open and when on Sunday?",
    ],
)
def test_what_is_no_question_or_is_answered_with_the_other_is_not_said(bakery: Matcher, text: str) -> None:
    assert asked_together(bakery, text) == ({"opening"}, ())


def test_a_question_that_goes_on_is_read_after_the_one_before(bakery: Matcher) -> None:
    ranked = bakery.decide("and the second one?", before="when is the first baking course?")
    keys = [ranked.entry.key] if isinstance(ranked, Answer) else [one.key for one in getattr(ranked, "entries", ())]
    assert "second-course" in keys


def test_a_question_that_only_goes_on_and_says_nothing_new_leads_back_to_the_answer_before(bakery: Matcher) -> None:
    before = bakery.decide("What time do you open?")
    assert isinstance(before, Answer)
    again = bakery.decide("and in the winter?", before="What time do you open?")
    assert again == Suggestions((before.entry,), again.score)


@pytest.mark.parametrize("before", [None, "who won the game?"])
def test_a_question_that_only_goes_on_leads_nowhere_where_nothing_was_answered(
    bakery: Matcher, before: str | None
) -> None:
    assert isinstance(bakery.decide("and in the winter?", before=before), NoMatch)


@pytest.mark.parametrize("text", ["saturday", "and who won the game?", "ok thanks!", "and is there parking?"])
def test_what_does_not_go_on_is_not_led_back(bakery: Matcher, text: str) -> None:
    assert isinstance(bakery.decide(text, before="What time do you open?"), NoMatch)


def test_full_width_letters_are_letters(bakery: Matcher) -> None:
    wide = {number: number + 0xFEE0 for number in range(0x21, 0x7F)}
    assert bakery.decide("what time are you opening?".translate(wide)) == bakery.decide("what time are you opening?")


def test_two_entries_that_ask_the_same_are_both_suggested(encoder: Model) -> None:
    one, other = entry("shop", "Where is it?", "the place"), entry("school", "Where is the school?", "the place")
    found = matcher(encoder, one, other, *BAKERY).decide("The place!")
    assert found == Suggestions((one, other), 1.0)


def test_an_entry_is_found_by_its_question_in_another_language(encoder: Model) -> None:
    garden = Entry(
        key="garden",
        question="Is there a garden?",
        phrasings=(),
        answer="Yes.",
        source="The page",
        owner="Adam",
        translations=(Translation("es", "¿Hay un jardín?", "Sí."),),
    )
    assert matcher(encoder, garden, *BAKERY).decide("hay un jardin") == Answer(garden, 1.0)


def test_what_an_entry_says_is_read_without_the_braces_of_what_is_filled_in_later() -> None:
    told_two_ways = "{{open:rye-day|Yes, on {{day:rye-day}}.|Not any more.}}"
    spanish = Translation("es", "¿Hay pan?", "Hasta el {{day:rye-day}}.")
    one = replace(entry("rye", "Is there bread?", answer=told_two_ways), translations=(spanish,))
    assert told(one) == "Yes, on rye day. Not any more.\nHasta el rye day."


def test_without_entries_nothing_is_found(encoder: Model) -> None:
    assert matcher(encoder).decide("opening hours") == NoMatch(0.0)


def test_a_single_entry_is_found(encoder: Model) -> None:
    only = entry("only", "Is there a garden?")
    assert matcher(encoder, only).decide("Is there a garden") == Answer(only, 1.0)
    assert not isinstance(matcher(encoder, only).decide("who won the game"), Answer)


def test_an_entry_with_an_empty_answer_breaks_nothing(encoder: Model) -> None:
    assert matcher(encoder, entry("empty", "Is there a garden?", answer=""), *BAKERY).rank("a garden")[0]


def test_threads_share_a_matcher_and_find_the_same(bakery: Matcher) -> None:
    found: list[float] = []

    def ask() -> None:
        found.extend(bakery.rank("when may I come to buy bread")[1] for _ in range(5))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 20
    assert len(set(found)) == 1
