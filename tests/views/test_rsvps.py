"""Whether people come, as it reads: the buttons, the answers to them, the names, and what those who come are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.dates import Agenda
from bot.domain.moves import Comer, Effects, Taker, When
from bot.domain.people import Member
from bot.domain.programs import Program
from bot.domain.rsvps import (
    Answer,
    Answers,
    Cancelled,
    Coming,
    HasMoved,
    NoProgram,
    Noted,
    NotIn,
    NotTheirs,
    Over,
    Pressed,
    Tally,
    Told,
    Unknown,
)
from bot.sandbox import rules
from bot.views import dates, moves
from bot.views import rsvps as views
from bot.views.ids import Unreadable
from bot.views.view_as import inert
from tests.calendars import event, program, there
from tests.journeys.workspace import text_of

NOW = there("2020-11-12 09:00")
CONVENING = event(
    "convening-1",
    "2020-11-19 10:00",
    "2020-11-19 12:00",
    kind="convening",
    title="Convening 1 <!here>",
    audience="cohort",
)
PROGRAM = program(CONVENING)
SPANISH = replace(PROGRAM, language="es")
FAY = Member(1, "U0FAY0001", "Fay", "facilitator")


def labels(blocks: Any) -> list[str]:
    return [str(one["text"]["text"]) for _, one, _ in rules.elements(blocks) if one["type"] == "button"]


@pytest.mark.parametrize(
    ("spoken", "words"), [(PROGRAM, ["I'm coming", "I can't come"]), (SPANISH, ["Ahí estaré", "No puedo ir"])]
)
def test_the_buttons_speak_the_programs_language_and_hold_what_they_are_of(spoken: Program, words: list[str]) -> None:
    made = views.buttons(CONVENING, spoken)
    assert [one["text"]["text"] for one in made] == words  # type: ignore[index,call-overload]
    assert {one["value"] for one in made} == {"1:convening-1/20201119T1600Z"}
    assert all("Convening 1" in str(one["accessibility_label"]) for one in made)


def test_what_a_button_holds_is_read_back() -> None:
    found = views.read("1:convening-1/20201119T1600Z", "1605200400.000123")
    assert found == (1, "convening-1", CONVENING.starts_at, datetime(2020, 11, 12, 17, 0, 0, 123, tzinfo=UTC))
    assert views.read("1:convening-1", "1605200400")[2] is None


@pytest.mark.parametrize(
    ("value", "pressed"),
    [
        ("1:convening-1/soon", "1605200400.000123"),
        ("1:convening-1", ""),
        ("1:convening-1", "None"),
        ("1:convening-1", "1605200400.x"),
        ("1:convening-1", "9" * 30),
        ("1:convening-1", "-5.0"),
    ],
)
def test_what_nobody_here_wrote_cannot_be_read(value: str, pressed: str) -> None:
    with pytest.raises(Unreadable):
        views.read(value, pressed)


def test_presses_within_the_same_second_are_told_apart() -> None:
    first, second = (views.moment_of(f"1605200400.{end}") for end in ("000100", "000101"))
    assert second - first == timedelta(microseconds=1)


EVERY: tuple[tuple[Pressed, str], ...] = (
    (
        Noted(PROGRAM, CONVENING, True, "en"),
        "are coming to “Convening 1 &lt;!here&gt;” on Thu, Nov 19",
    ),
    (Noted(PROGRAM, CONVENING, False, "en"), "You said that you can't come"),
    (
        Noted(PROGRAM, CONVENING, True, "es"),
        "viene a “Convening 1 &lt;!here&gt;”, jueves 19 de noviembre",
    ),
    (Noted(PROGRAM, CONVENING, False, "es"), "Usted dijo que no puede venir"),
    (HasMoved(PROGRAM, CONVENING, "en"), "has another time now: Thu, Nov 19, 10:00 am–12:00 pm"),
    (HasMoved(PROGRAM, CONVENING, "es"), "tiene ahora otra hora"),
    (Over(PROGRAM, CONVENING, "en"), "has taken place already"),
    (Cancelled(PROGRAM, CONVENING, "en"), "is cancelled, so there is nothing for you to do"),
    (Cancelled(PROGRAM, CONVENING, "es"), "se canceló"),
    (Unknown(PROGRAM, "en"), "not on your calendar any more"),
    (NotIn(PROGRAM, "en"), "Whoever takes part in"),
    (
        NotIn(PROGRAM, "en", pending=True, facilitators=(FAY,)),
        "not confirmed yet, so nothing was noted. Write to <@U0FAY0001>",
    ),
    (NotIn(PROGRAM, "en", left=True), "You have left"),
    (NoProgram(), "no longer there"),
)


@pytest.mark.parametrize(("outcome", "words"), EVERY)
def test_each_press_is_answered_in_a_few_words(outcome: Pressed, words: str) -> None:
    made = views.pressed(outcome, None)
    assert words in made.text
    assert "<!here>" not in made.text
    assert rules.message_blocks(list(made.blocks)) == []
    assert rules.view(views.window(made), "modal") == []


def test_who_reads_the_answer_is_said_with_it() -> None:
    assert "your facilitators see this" in views.pressed(Noted(PROGRAM, CONVENING, True, "en"), None).text
    assert "lo ven quienes facilitan" in views.pressed(Noted(PROGRAM, CONVENING, True, "es"), None).text
    below = text_of(views.readers(CONVENING, PROGRAM)).strip()
    assert below == "Your facilitators see who comes; admins see only how many."


def test_a_button_of_another_time_is_asked_again_with_new_buttons() -> None:
    made = views.pressed(HasMoved(PROGRAM, CONVENING, "en"), None)
    assert labels(made.blocks) == ["I'm coming", "I can't come"]


def test_counts_say_how_many_spoke_of_an_earlier_time() -> None:
    assert views.tally(Tally(7, 2)) == "7 coming, 2 can't"
    assert views.tally(Tally(7, 2, 3)) == "7 coming, 2 can't (3 said so before it moved)"
    assert views.tally(Tally(7)) == "7 coming"
    assert views.tally(Tally(0, 2)) == "0 coming, 2 can't"
    assert views.tally(Tally()) == ""


def agenda(**more: Any) -> Agenda:
    answers = Answers({"convening-1": True}, {"convening-1": Tally(7, 2)})
    return Agenda(PROGRAM, (CONVENING,), (), ("cohort",), answers=answers, **more)


def test_the_list_of_dates_shows_ones_answer_and_the_facilitators_the_counts() -> None:
    theirs = text_of(dates.window(agenda(asks=True), NOW)["blocks"])
    assert "You said that you are coming" in theirs
    assert "7 coming" not in theirs
    assert "Your facilitators see who comes" in theirs
    runs = dates.window(agenda(asks=True, moves=True, names=True), NOW)
    assert "7 coming, 2 can't" in text_of(runs["blocks"])
    assert labels(runs["blocks"])[:5] == [
        "I'm coming",
        "I can't come",
        "Calendar file",
        "Who is coming",
        "Change the date",
    ]
    assert "Who is coming" not in labels(dates.window(agenda(moves=True), NOW)["blocks"])


def test_who_is_not_asked_sees_no_buttons() -> None:
    assert labels(dates.listing(agenda(), NOW).blocks) == ["Calendar file", "Send me all dates as a file"]


def test_a_year_of_convenings_fits_into_a_message_and_a_window() -> None:
    many = tuple(
        replace(
            CONVENING,
            key=f"convening-{number}",
            starts_at=CONVENING.starts_at + timedelta(days=number),
            prep="x" * 3000,
        )
        for number in range(60)
    )
    found = Agenda(program(*many), many, (), ("cohort",), moves=True, asks=True, names=True)
    assert rules.message_blocks(list(dates.listing(found, NOW).blocks)) == []
    assert rules.view(dates.window(found, NOW), "modal") == []


def test_looking_as_somebody_else_there_is_nothing_to_press() -> None:
    shown = list(inert(dates.window(agenda(asks=True), NOW)["blocks"]))  # type: ignore[arg-type]
    assert labels(shown) == []
    assert "`I'm coming`" in text_of(shown)


def test_names_stand_by_what_they_said() -> None:
    found = Coming(
        PROGRAM, CONVENING, (Answer(1, "Tomás <b>", True), Answer(2, "Kofi", False, earlier=True)), ("Lena", "Priya")
    )
    said = text_of(views.who(found, None)["blocks"])
    assert "*Coming: 1*\nTomás &lt;b&gt;" in said
    assert "*Can't come: 1*\nKofi (said so before it moved)" in said
    assert "*Nothing yet from: 2*\nLena, Priya" in said
    assert "Only the facilitators see these names" in said


def test_two_thousand_names_fit() -> None:
    many = tuple(Answer(number, f"Somebody With A Long Name {number}", number % 2 == 0) for number in range(2000))
    made = views.who(Coming(PROGRAM, CONVENING, many, tuple(one.name for one in many)), None)
    assert rules.view(made, "modal") == []
    assert "*Coming: 1000*" in text_of(made["blocks"])


def test_nobody_yet_is_not_a_refusal() -> None:
    assert "Missing is not declining" in text_of(views.who(Coming(PROGRAM, CONVENING, (), ("Lena",)), None)["blocks"])
    assert "Only the facilitators of" in views.not_theirs(NotTheirs(PROGRAM, (FAY,)))


def told(knew: When | None, *, gone: bool = False) -> Told:
    return Told(CONVENING.title, False, knew, None if gone else CONVENING)


BEFORE = When(there("2020-11-18 10:00"), there("2020-11-18 12:00"))


@pytest.mark.parametrize(
    ("one", "language", "words", "buttons"),
    [
        (told(BEFORE), "en", "has moved to Thu, Nov 19", 2),
        (told(BEFORE), "es", "se cambió: jueves 19", 2),
        (told(BEFORE, gone=True), "en", "on Wed, Nov 18, 10:00 am–12:00 pm (St. Louis) is cancelled", 0),
        (told(BEFORE, gone=True), "es", "se canceló", 0),
        (told(None), "en", "takes place after all: Thu, Nov 19", 2),
        (told(None), "es", "sí tendrá lugar", 2),
    ],
)
def test_those_who_come_are_told_what_has_become_of_it(one: Told, language: str, words: str, buttons: int) -> None:
    made = views.told([one], PROGRAM, language, None)
    assert words in made.text
    assert len(labels(made.blocks)) == buttons
    assert rules.message_blocks(list(made.blocks)) == []


def test_many_changes_at_once_fit_into_one_message() -> None:
    many = [
        Told(one.title, False, BEFORE, one)
        for one in (replace(CONVENING, key=f"convening-{number}", title="x" * 500) for number in range(40))
    ]
    made = views.told(many, PROGRAM, "en", None)
    assert rules.message_blocks(list(made.blocks)) == []
    assert "and 30 more" in text_of(made.blocks)


def test_what_follows_counts_them() -> None:
    assert views.people(0) == []
    assert views.people(1) == ["1 person said that they are coming: they get a message."]
    assert views.people(7) == ["7 people said that they are coming: each gets a message."]
    both = Effects(files=(Taker(2, "U2", BEFORE),), comers=(Comer(1, "U1", BEFORE),))
    assert moves.sentence(both) == (
        "1 person gets a new calendar file. 1 person said that they are coming: they get a message."
    )
    assert moves.sentence(replace(both, files=())) == "1 person said that they are coming: they get a message."
