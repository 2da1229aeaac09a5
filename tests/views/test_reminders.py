"""What a channel is told before an event."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.messages import Part
from bot.domain.programs import Event, Resource
from bot.sandbox import rules
from bot.views.reminders import part
from tests.calendars import event, program, there
from tests.journeys.workspace import text_of

OFFICE = event(
    "office-hour",
    "2020-10-14 15:00",
    "2020-10-14 16:00",
    kind="office_hours",
    title="Office hours <!here>",
    link="https://example.org/join",
    prep="Bring any question.",
)
DEADLINE = event("deadline", "2020-10-16 23:59", kind="deadline", title="Applications are due")
FORM = Resource(key="form", kind="application", title="Form", url="https://example.org/form", sample=True)
SEASON = program(OFFICE, DEADLINE, resources=(FORM,))


def _part(one: Event, now: str) -> Part:
    made = part(one, SEASON, there(now))
    assert rules.message_blocks(list(made.blocks)) == []
    return made


def _buttons(made: Part) -> list[Any]:
    blocks: Any = made.blocks
    return [one for _, one, _ in rules.elements(blocks)]


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ("2020-10-14 09:00", "*Office hours &lt;!here&gt;* · today\nWed, Oct 14, 3:00–4:00 pm (St. Louis)"),
        ("2020-10-14 14:00", "*Office hours &lt;!here&gt;* · in 1 hour\n"),
        ("2020-10-13 09:00", "*Office hours &lt;!here&gt;* · tomorrow\n"),
        ("2020-10-14 15:20", "*Office hours &lt;!here&gt;* · now, until 4:00 pm\n"),
    ],
)
def test_it_says_what_is_true_when_it_is_sent(now: str, words: str) -> None:
    assert words in text_of(_part(OFFICE, now).blocks)


def test_it_names_what_to_bring_and_one_press_joins() -> None:
    made = _part(OFFICE, "2020-10-14 14:00")
    join, _coming, _not_coming, file = _buttons(made)
    assert "Bring any question." in text_of(made.blocks)
    assert (join["text"]["text"], join["url"]) == ("Join at 3:00 pm", "https://example.org/join")
    assert (file["text"]["text"], file["value"]) == ("Calendar file", "1:office-hour")


def test_once_it_has_begun_one_joins_now() -> None:
    assert _buttons(_part(OFFICE, "2020-10-14 15:01"))[0]["text"]["text"] == "Join"


def test_a_deadline_opens_the_application_and_offers_an_answer() -> None:
    application, ask = _buttons(_part(DEADLINE, "2020-10-16 12:00"))
    assert application["text"]["text"] == "Open the application (sample link)"
    assert application["url"] == "https://example.org/form"
    assert ask["action_id"] == "ask.open"


def test_without_a_link_there_is_no_button_to_nowhere() -> None:
    assert [one["text"]["text"] for one in _buttons(_part(replace(OFFICE, link=None), "2020-10-14 14:00"))] == [
        "I'm coming",
        "I can't come",
        "Calendar file",
    ]


def test_a_sample_says_so() -> None:
    made = _part(replace(OFFICE, sample=True, link_sample=True), "2020-10-14 14:00")
    assert "(sample)* · in 1 hour" in text_of(made.blocks)
    assert _buttons(made)[0]["text"]["text"] == "Join at 3:00 pm (sample link)"


def test_the_notification_holds_it_all_in_one_line() -> None:
    assert _part(DEADLINE, "2020-10-15 09:00").text == (
        "Applications are due, tomorrow: Fri, Oct 16, 11:59 pm (St. Louis)"
    )


def test_two_reminders_of_one_event_are_about_the_same() -> None:
    assert _part(OFFICE, "2020-10-14 09:00").about == _part(OFFICE, "2020-10-14 14:00").about
    assert _part(OFFICE, "2020-10-14 09:00").about != _part(DEADLINE, "2020-10-14 09:00").about


def test_the_longest_texts_fit() -> None:
    made = _part(replace(OFFICE, title="<" * 75, place="&" * 300, prep="& " * 1250), "2020-10-14 09:00")
    assert rules.characters(made.blocks) < 4000
