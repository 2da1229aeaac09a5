"""How plain words are understood: days, choices, the words that steer; and the way through a script."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain import dialogues as rules
from bot.domain.dialogues import SKIPPED, Answer, Choice, Part, Script, State, Step

WEDNESDAY = date(2020, 10, 14)
CHOICES = (Choice("a", "The facilitators only"), Choice("b", "The whole cohort"))
SCRIPT = Script(
    "a reflection",
    (
        Step("who", "Who may read it", "one", choices=CHOICES, preset=("a",)),
        Step("one", "What moved?"),
        Step("two", "What else?", optional=True),
    ),
)


def said(text: str, ts: str = "1.0") -> Answer:
    return Answer((Part(ts, text),))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("yesterday", 13),
        ("Yesterday.", 13),
        ("It was yesterday", 13),
        ("ayer", 13),
        ("anteayer", 12),
        ("today", 14),
        ("hoy", 14),
        ("the day before yesterday", 12),
        ("last Tuesday", 13),
        ("tuesday", 13),
        ("Wednesday", 14),
        ("last wednesday", 7),
        ("el martes pasado", 13),
        ("on Monday", 12),
        ("October 12", 12),
        ("oct 12th", 12),
        ("the 12th of October, 2020", 12),
        ("12 de octubre", 12),
        ("Friday, Oct 9", 9),
        ("10/12", 12),
        ("10/12/20", 12),
        ("2020-10-12", 12),
        ("two days ago", 12),
        ("hace dos días", 12),
        ("a week ago", 7),
    ],
)
def test_days_in_plain_words(text: str, day: int) -> None:
    assert rules.day_of(text, WEDNESDAY) == date(2020, 10, day)


@pytest.mark.parametrize("text", ["", "soon", "31/31", "mañana", "next month", "February 30", "twelve", "12", "ago"])
def test_what_is_no_day_is_none(text: str) -> None:
    assert rules.day_of(text, WEDNESDAY) is None


def test_a_day_without_a_year_is_the_nearest() -> None:
    assert rules.day_of("December 30", date(2021, 1, 4)) == date(2020, 12, 30)
    assert rules.day_of("1/2", date(2020, 12, 30)) == date(2021, 1, 2)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("1", 0),
        ("2.", 1),
        ("number two", 1),
        ("the second one", 1),
        ("la segunda", 1),
        ("The whole cohort", 1),
        ("cohort", 1),
        ("only the facilitators, please", 0),
        ("3", None),
        ("0", None),
        ("whoever", None),
        ("the", None),
        ("", None),
    ],
)
def test_one_choice_by_number_or_words(text: str, place: int | None) -> None:
    assert rules.place_of(text, [one.label for one in CHOICES]) == place


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("1 and 3", (0, 2)),
        ("1, 2", (0, 1)),
        ("2 3", (1, 2)),
        ("money y space", (1, 2)),
        ("all", (0, 1, 2)),
        ("1, x", ()),
    ],
)
def test_several_choices(text: str, places: tuple[int, ...]) -> None:
    assert rules.places_of(text, ["Curriculum", "Money", "Space"]) == places


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Skip.", "skip"),
        ("saltar", "skip"),
        ("Go back, please", "back"),
        ("Atrás", "back"),
        ("STOP", "stop"),
        ("parar por ahora", "stop"),
        ("Start over", "over"),
        ("Empezar de nuevo", "over"),
        ("¡Entregar!", "hand in"),
        ("change 3", "change"),
        ("cambiar la 2", "change"),
        ("sí", "yes"),
    ],
)
def test_words_that_steer(text: str, name: str) -> None:
    found = rules.word(text)
    assert found is not None
    assert found[0] == name


@pytest.mark.parametrize("text", ["When is it due?", "We skipped it", "back then it was calm", "stop signs", "", "👍"])
def test_what_only_has_such_a_word_in_it_is_an_answer(text: str) -> None:
    assert rules.word(text) is None


def test_it_goes_from_question_to_question_and_ends_with_the_whole() -> None:
    state = rules.begin(SCRIPT, {}, WEDNESDAY)
    assert state.at == "who"
    state = rules.answered(SCRIPT, state, SCRIPT.steps[0], Answer(values=("b",)))
    state = rules.answered(SCRIPT, state, SCRIPT.steps[1], said("Much."))
    state = rules.answered(SCRIPT, state, SCRIPT.steps[2], SKIPPED)
    assert (state.at, state.said) == (None, "skipped")


def test_what_was_typed_before_is_not_asked_again_nor_what_was_chosen_above_it() -> None:
    state = rules.begin(SCRIPT, {"one": said("Much."), "gone": said("x")}, WEDNESDAY)
    assert state.at == "two"
    assert state.answers == {"who": Answer(values=("a",)), "one": said("Much.")}


def test_back_stays_at_the_first_and_comes_from_the_whole_to_the_last() -> None:
    assert rules.back(SCRIPT, State(at="who")).said == "first"
    assert rules.back(SCRIPT, State(at=None)).at == "two"
    assert rules.back(SCRIPT, State(at="two")).at == "one"


def test_a_question_with_one_choice_is_not_asked() -> None:
    only = Script("x", (Step("who", "Who?", "one", choices=CHOICES[:1]), SCRIPT.steps[1]))
    assert rules.begin(only, {}, WEDNESDAY).at == "one"
    assert rules.back(only, State(at="one")).said == "first"


def test_an_answer_of_two_messages_loses_one_and_then_the_other() -> None:
    both = Answer((Part("1.0", "One."), Part("2.0", "Two.")))
    state = State({"one": both}, "two", "one", "noted")
    left = rules.reworded(state, "1.0", None)
    assert left is not None
    assert left.answers["one"].text == "Two."
    gone = rules.reworded(left, "2.0", None)
    assert gone is not None
    assert (gone.at, gone.answers) == ("one", {})
    assert rules.reworded(gone, "3.0", "x") is None


def test_a_script_that_has_changed_keeps_what_still_fits() -> None:
    state = State({"one": said("Much."), "gone": said("x")}, "gone", "gone", "noted")
    fitted = rules.fitted(SCRIPT, state)
    assert fitted.answers == {"one": said("Much.")}
    assert (fitted.at, fitted.last) == ("who", "")


def test_scripts_and_answers_come_back_from_where_they_are_kept() -> None:
    assert rules.script_of(rules.as_rows(SCRIPT)) == SCRIPT
    answers = {"one": said("Much."), "who": Answer(values=("a",)), "two": SKIPPED}
    assert rules.answers_of(rules.answers_as_rows(answers)) == answers  # type: ignore[arg-type]
    assert rules.script_of({}) == Script("", ())


def test_an_answer_to_change_is_named_by_number_or_label() -> None:
    assert rules.which(SCRIPT, "2") == "one"
    assert rules.which(SCRIPT, "what moved") == "one"
    assert rules.which(SCRIPT, "9") is None
    assert rules.which(SCRIPT, "the weather") is None
