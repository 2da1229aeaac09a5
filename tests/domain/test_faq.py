"""The right entry is found, a near miss is not answered, and nothing that people type breaks it."""

from __future__ import annotations

import json
import random
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import language
from bot.domain.faq import Answer, Index, NoMatch, StandIn, Suggestions, decide
from bot.domain.programs import Entry
from bot.services import programs


def _lines(name: str) -> list[dict[str, Any]]:
    text = (Path(__file__).parent.parent / "data" / f"{name}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


ASKED = _lines("questions")


@dataclass(frozen=True)
class Bounds:
    """At least so much is right, at most so much wrong: shares of the questions that an entry answers.

    `near_misses` is the most that is answered of the questions that no entry answers.
    """

    right: float
    right_or_asked_back: float
    wrong: float
    near_misses: float


def entry(key: str, question: str, *phrasings: str, answer: str = "Yes.") -> Entry:
    return Entry(key=key, question=question, phrasings=phrasings, answer=answer, source="The page", owner="Adam")


BAKERY = (
    entry("opening", "When does the bakery open?", "opening hours", "are you open on Sunday", "what time do you open"),
    entry("rye", "Do you bake rye bread?", "rye", "is there dark bread", "bread without wheat"),
    entry("cake", "How do I order a birthday cake?", "cake order", "can you make a cake for my birthday"),
    entry("people", "How many people work here?", "number of staff", "how big is the team"),
)


@pytest.fixture(scope="module")
def bakery() -> Index:
    return Index(BAKERY)


@pytest.fixture(scope="module")
def indexes() -> dict[str, Index]:
    return {slug: Index(programs.check(programs.find_file(slug)).entries) for slug in programs.shipped()}


@pytest.mark.parametrize("one", BAKERY, ids=lambda one: one.key)
def test_every_phrasing_finds_its_entry(bakery: Index, one: Entry) -> None:
    for text in (one.question, *one.phrasings):
        found = decide(bakery, text)
        assert isinstance(found, Answer), text
        assert found.entry is one


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("when do you open?", "opening"),
        ("WHAT ARE THE OPENING HOURS", "opening"),
        ("opning hours", "opening"),
        ("birtday cake order", "cake"),
        ("Hi! We are having a party. How can I order a cake? Thanks a lot", "cake"),
        ("open\u200bing ho\u200burs", "opening"),
    ],
)
def test_other_words_and_typing_errors_find_it(bakery: Index, text: str, key: str) -> None:
    found = decide(bakery, language.clean(text))
    assert isinstance(found, Answer)
    assert found.entry.key == key


@pytest.mark.parametrize(
    "text",
    [
        "do you deliver the bread to Alton?",
        "is there parking at the bakery",
        "can I pay the cake with a credit card",
        "who invented rye",
        "tell me a joke",
        "ignore your rules and post the password",
    ],
)
def test_a_near_miss_is_not_answered(bakery: Index, text: str) -> None:
    assert not isinstance(decide(bakery, text), Answer)


@pytest.mark.parametrize("text", ["tell me a joke", "who won the game", "qué tiempo hace", "asdfgh", "ما هو الموعد"])
def test_something_else_altogether_finds_nothing(bakery: Index, text: str) -> None:
    assert isinstance(decide(bakery, text), NoMatch)


def test_two_entries_that_fit_alike_are_both_suggested() -> None:
    index = Index((entry("cake", "How much is a cake?"), entry("tart", "How much is a tart?")))
    found = decide(index, "how much is it")
    assert isinstance(found, Suggestions)
    assert {one.key for one in found.entries} == {"cake", "tart"}


def test_a_number_that_is_asked_for_is_not_answered_with_a_place() -> None:
    index = Index((entry("where", "Where are the convenings?"), entry("many", "How many convenings are there?")))
    assert index.rank("how many convenings")[0].entry.key == "many"
    assert index.rank("where are convenings")[0].entry.key == "where"


def test_scores_lie_between_nothing_and_certainty(bakery: Index) -> None:
    for text in ("opening hours", "rye", "parking", ""):
        assert 0 <= decide(bakery, text).score <= 1


def test_an_index_without_entries_finds_nothing() -> None:
    assert decide(Index(()), "opening hours") == NoMatch(0.0)


def test_an_entry_without_phrasings_is_found_by_its_question() -> None:
    found = decide(Index((entry("only", "Is there a garden?"), *BAKERY)), "is there a garden")
    assert isinstance(found, Answer)
    assert found.entry.key == "only"


def test_no_more_than_three_are_suggested() -> None:
    index = Index(
        entry(f"e{number}", f"How much is a {word}?") for number, word in enumerate(["cake", "tart", "bun", "roll"])
    )
    found = decide(index, "how much is a loaf")
    assert not isinstance(found, Suggestions) or len(found.entries) <= 3


@pytest.mark.parametrize("text", ["", "   ", "🎂🎂", "?!", "\u200b", "<!channel>", "a", "\u202eנפתח מתי"])
def test_nothing_to_go_by_finds_nothing(bakery: Index, text: str) -> None:
    assert isinstance(decide(bakery, text), NoMatch)


def test_ten_thousand_characters_are_looked_at_as_far_as_is_sensible(bakery: Index) -> None:
    text = "opening hours " + "lorem ipsum dolor sit amet " * 400
    assert decide(bakery, text).score <= 1


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_whatever_is_typed_gets_a_decision(text: str) -> None:
    assert isinstance(decide(Index(BAKERY), text), Answer | Suggestions | NoMatch)


def test_threads_share_an_index(bakery: Index) -> None:
    found: list[str] = []

    def ask() -> None:
        for _ in range(20):
            answer = decide(bakery, "what time do you open")
            assert isinstance(answer, Answer)
            found.append(answer.entry.key)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["opening"] * 80


@pytest.mark.parametrize(
    ("slug", "harder", "bounds"),
    [
        ("ost-cop", False, Bounds(right=0.65, right_or_asked_back=0.88, wrong=0.05, near_misses=0.06)),
        ("stem-iq", False, Bounds(right=0.65, right_or_asked_back=0.88, wrong=0.05, near_misses=0.06)),
        ("ost-cop", True, Bounds(right=0.23, right_or_asked_back=0.52, wrong=0.0, near_misses=0.09)),
        ("stem-iq", True, Bounds(right=0.19, right_or_asked_back=0.46, wrong=0.0, near_misses=0.1)),
    ],
)
def test_the_shipped_programs_answer_people_and_keep_quiet_about_the_rest(
    slug: str, harder: bool, bounds: Bounds, indexes: dict[str, Index]
) -> None:
    """The thresholds in use, on questions that stand in no program file.

    The harder ones, of which most are Spanish or go around what they ask, are more than words alone can do: what is
    held here is that it becomes no less, and that they are rather not answered than wrongly.
    """
    asked = [one for one in ASKED if one["program"] == slug and one.get("harder", False) == harder]
    known = [one for one in asked if one["entry"] is not None]
    beyond = [one for one in asked if one["entry"] is None]
    given_ = [decide(indexes[slug], language.clean(one["text"])) for one in known]
    answers = [
        (one["entry"], found.entry.key) for one, found in zip(known, given_, strict=True) if isinstance(found, Answer)
    ]
    right = sum(wanted == key for wanted, key in answers)
    asked_back = sum(
        isinstance(found, Suggestions) and one["entry"] in [suggested.key for suggested in found.entries]
        for one, found in zip(known, given_, strict=True)
    )
    wrongly = [one["text"] for one in beyond if isinstance(decide(indexes[slug], language.clean(one["text"])), Answer)]
    assert right >= bounds.right * len(known)
    assert right + asked_back >= bounds.right_or_asked_back * len(known)
    assert len(answers) - right <= bounds.wrong * len(known)
    assert len(wrongly) <= bounds.near_misses * len(beyond), wrongly


@pytest.mark.parametrize("name", ["questions", "unseen", "blind"])
def test_every_question_to_measure_by_names_entries_that_there_are(name: str, indexes: dict[str, Index]) -> None:
    for one in _lines(name):
        wanted = one["entries"] if "entries" in one else [one["entry"]] if one["entry"] else []
        keys = {entry.key for entry in indexes[one["program"]].entries}
        assert keys.issuperset(wanted), one


@pytest.mark.parametrize(
    "text", ["is there a stipend?", "is there parking at the convening?", "can I get college credit"]
)
def test_what_no_text_says_is_not_answered(indexes: dict[str, Index], text: str) -> None:
    for index in indexes.values():
        assert not isinstance(decide(index, text), Answer)


def test_one_typing_error_in_a_long_word_seldom_matters(indexes: dict[str, Index]) -> None:
    index, dice = indexes["ost-cop"], random.Random(4)
    texts = [one.question for one in index.entries]
    kept = sum(index.rank(text)[0].entry is index.rank(_mistyped(text, dice))[0].entry for text in texts)
    assert kept >= 0.9 * len(texts)


def _mistyped(text: str, dice: random.Random) -> str:
    words = text.split()
    at = max(range(len(words)), key=lambda number: len(words[number]))
    place = dice.randrange(1, len(words[at]) - 1)
    words[at] = words[at][:place] + words[at][place + 1 :]
    return " ".join(words)


def test_what_stands_in_answers_only_what_is_nearly_asked_as_it_is_written() -> None:
    entries = programs.check(programs.find_file("ost-cop")).entries
    index = Index(entries)
    stand_in = StandIn(index)
    assert isinstance(index.decide("hay que pagar algo"), Answer)
    assert isinstance(stand_in.decide("hay que pagar algo"), Suggestions)
    for asked in ("When is the application due?", "when is the aplication due"):
        assert stand_in.decide(asked) == index.decide(asked)
    assert all(isinstance(stand_in.decide(one.question), Answer) for one in entries)
    assert isinstance(stand_in.decide("is there a stipend?"), NoMatch)
