"""Questions are counted by what became of them, and what found no answer is gathered by likeness."""

from __future__ import annotations

import time
from datetime import timedelta

from bot.domain.faq_report import Asked, OfEntry, by_kind, count, gather, never, of_entries
from bot.domain.programs import Entry
from tests.cast import MONDAY

PARKING = "is there parking?"


def asked(text: str | None = PARKING, **fields: object) -> Asked:
    """A question without an answer, unless its fields say otherwise."""
    known = {"asked_at": MONDAY, "kind": "applicants", "language": "en", "outcome": "declined"}
    return Asked(**{**known, "text": text, **fields})  # type: ignore[arg-type]


def entry(key: str) -> Entry:
    return Entry(key=key, question=f"{key}?", phrasings=(), answer="Yes.", source="Page", owner="Fay")


def test_what_became_of_a_question_is_counted_once_however_it_went_on() -> None:
    counts = count(
        [
            asked(outcome="answered", entry="fee", helpful=2, not_helpful=1),
            asked(outcome="suggested", suggestions=("fee",), chosen="fee"),
            asked(outcome="suggested", suggestions=("fee",), none_fits=True, handed_at=MONDAY),
            asked(),
        ]
    )
    assert (counts.asked, counts.answered, counts.suggested, counts.declined) == (4, 1, 2, 1)
    assert (counts.clicked, counts.none_fits, counts.handed_over, counts.waiting) == (1, 1, 1, 1)
    assert (counts.helpful, counts.not_helpful) == (2, 1)


def test_half_of_those_handed_over_were_answered_within_the_median() -> None:
    hours = [asked(handed_at=MONDAY, person_at=MONDAY + timedelta(hours=one)) for one in (1, 2, 30)]
    assert count([*hours, asked(handed_at=MONDAY)]).median == timedelta(hours=2)
    assert count([asked(handed_at=MONDAY)]).median is None


def test_what_was_answered_without_waiting_does_not_make_people_look_faster() -> None:
    counts = count([asked(handed_at=MONDAY, person_at=MONDAY), asked(handed_at=MONDAY, person_at=MONDAY + 3 * HOUR)])
    assert counts.by_a_person == 2
    assert counts.median == 3 * HOUR


HOUR = timedelta(hours=1)


def test_the_busiest_channel_comes_first() -> None:
    split = by_kind([asked(kind="cohort"), asked(), asked()])
    assert [(kind, one.asked) for kind, one in split.items()] == [("applicants", 2), ("cohort", 1)]


def test_an_entry_is_credited_with_what_it_answered_and_with_what_people_thought_of_it() -> None:
    questions = [
        asked(outcome="answered", entry="fee", helpful=1),
        asked(outcome="suggested", suggestions=("fee", "place"), chosen="place", not_helpful=1),
        asked(handed_at=MONDAY, person_at=MONDAY, person_entry="place"),
    ]
    fee = OfEntry(key="fee", question="fee?", answered=1, suggested=1, helpful=1)
    place = OfEntry(key="place", question="place?", suggested=1, clicked=1, by_a_person=1, not_helpful=1)
    assert of_entries(questions, [entry("fee"), entry("place"), entry("dates")]) == (place, fee)


def test_an_entry_that_answers_a_second_question_is_counted_too() -> None:
    figures = of_entries([asked(outcome="answered", entry="fee", also=("place",))], [entry("fee"), entry("place")])
    assert [(one.key, one.answered) for one in figures] == [("fee", 1), ("place", 1)]


def test_an_entry_that_is_gone_is_still_counted_behind_the_others() -> None:
    questions = [asked(outcome="answered", entry="old"), asked(outcome="answered", entry="old")]
    figures = of_entries([*questions, asked(outcome="answered", entry="fee")], [entry("fee")])
    assert [(one.key, one.question, one.answered) for one in figures] == [("fee", "fee?", 1), ("old", "", 2)]


def test_an_entry_that_was_only_suggested_answered_nobody() -> None:
    entries = [entry("fee"), entry("place"), entry("dates")]
    questions = [asked(outcome="answered", entry="fee"), asked(outcome="suggested", suggestions=("place",))]
    assert never(entries, of_entries(questions, entries)) == ("place", "dates")


def test_wordings_of_one_thing_are_gathered_and_the_most_frequent_names_them() -> None:
    texts = ["Where can we park?", PARKING, "Is there PARKING", "is there parkng?", "do you give us lunch"]
    parking, lunch = gather([asked(text) for text in texts])
    assert parking.count == 4
    assert parking.wordings[0] == PARKING
    assert (lunch.count, lunch.wordings) == (1, ("do you give us lunch",))


def test_one_word_in_common_does_not_make_two_questions_one() -> None:
    assert len(gather([asked("is the program free"), asked("is the program wheelchair friendly")])) == 2


def test_accents_and_capitals_make_no_other_wording() -> None:
    (only,) = gather([asked("¿Hay estacionamiento?"), asked("hay estacionamiento"), asked("HAY ESTACIONAMIENTO")])
    assert (only.count, only.wordings) == (3, ("¿Hay estacionamiento?",))


def test_what_was_answered_clicked_or_kept_is_not_missed() -> None:
    found = gather(
        [
            asked(outcome="answered", entry="fee"),
            asked(outcome="quoted"),
            asked(outcome="suggested", suggestions=("fee",), chosen="fee"),
            asked(settled=True),
        ]
    )
    assert found == ()


def test_what_fits_none_of_the_suggestions_is_missed() -> None:
    (only,) = gather([asked("what about lunch", outcome="suggested", suggestions=("fee",), none_fits=True)])
    assert only.wordings == ("what about lunch",)


def test_words_that_nobody_else_may_read_are_not_gathered() -> None:
    assert gather([asked(None)]) == ()


def test_the_last_time_something_was_missed_is_said() -> None:
    (only,) = gather([asked(asked_at=MONDAY + HOUR), asked()])
    assert only.last == MONDAY + HOUR


def test_a_text_of_one_function_word_or_of_no_letters_is_gathered_with_its_like() -> None:
    assert sorted(one.count for one in gather([asked("why?"), asked("Why"), asked("???")])) == [1, 2]


def test_ten_thousand_questions_are_gathered_without_comparing_each_with_each() -> None:
    words = [f"topic{number} in the program" for number in range(2_000)]
    begun = time.process_time()
    assert sum(one.count for one in gather([asked(f"is there {word}?") for word in words * 5])) == 10_000
    assert time.process_time() - begun < 15
