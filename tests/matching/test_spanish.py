"""Spanish put into English word by word, so that a model of English tells what a question is about."""

from __future__ import annotations

import pytest

from bot.matching import spanish
from bot.matching.spelling import Speller


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("¿Cuándo es la fecha límite para aplicar?", "when is the deadline for apply?"),
        ("hay cuidado de niños durante las sesiones", "is there childcare during the meeting"),
        ("¿Pueden ir dos personas de la misma organización?", "can go two people of the same organization?"),
        (
            "mi organización está en Springfield, ¿podemos participar?",
            "my organization is in Springfield, can we take part?",
        ),
        ("que pasa si falto a una reunion", "what happens if miss to a meeting"),
    ],
)
def test_words_and_turns_are_put_into_english(said: str, means: str) -> None:
    said_in_english = spanish.in_english(said)
    assert said_in_english.replace(" the ", " ").split() == means.replace(" the ", " ").split()


def test_accents_and_capitals_make_no_difference() -> None:
    assert spanish.in_english("¿CUÁNTO CUESTA ESTO?") == spanish.in_english("cuanto cuesta esto?")


def test_english_stays_as_it_is() -> None:
    said = "Is my org in San Luis, the one with 2 teachers, too small?"
    assert spanish.in_english(said) == said


def test_names_and_numbers_stay() -> None:
    assert spanish.in_english("¿Puede Rosa Quiñones traer 15 personas?") == "can Rosa Quiñones bring 15 people?"


def test_a_turn_of_several_words_goes_before_its_words() -> None:
    assert spanish.gloss("horas de oficina") == "office hours"
    assert spanish.gloss("horas") == "hour"


def test_the_longest_beginning_of_a_word_counts() -> None:
    assert spanish.gloss("participantes") == "participants"
    assert spanish.gloss("participaremos") == "take part"


def test_a_text_without_words_is_left_alone() -> None:
    assert spanish.gloss("?!") == "?!"
    assert spanish.gloss("") == ""


def test_every_line_of_the_list_can_be_read() -> None:
    whole, begun = spanish._meanings()
    assert len(whole) > 900
    assert len(begun) > 200
    assert all(len(word) > 1 for word in begun)


def test_a_slip_in_spanish_is_put_right_towards_a_word_that_has_a_meaning() -> None:
    speller = Speller((), lambda _: False)
    assert speller.repair("¿cual es la fcheaa del taller?") == "¿cual es la fcheaa del taller?"
    assert speller.repair("¿cual es la fehca del taller?") == "¿cual es la fecha del taller?"
