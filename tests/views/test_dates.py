"""What is next, in words and links; within Slack's limits however much there is to say."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.domain.dates import Agenda
from bot.domain.programs import Event, Milestone, Program, Resource
from bot.sandbox import rules
from bot.views import dates as views
from tests.calendars import event, program, there
from tests.journeys.workspace import text_of

MONDAY = there("2020-10-12 09:00")
OFFICE = event(
    "office-hour",
    "2020-10-14 15:00",
    "2020-10-14 16:00",
    kind="office_hours",
    title="Office hours & more <!channel>",
    audience="applicants",
    link="https://example.org/join?a=1&b=2",
    prep="Bring *any* question.",
)
DEADLINE = event("deadline", "2020-10-16 23:59", kind="deadline", title="Applications are due", audience="applicants")
FORM = Resource(key="form", kind="application", title="Form", url="https://example.org/form", sample=True)
SEASON = program(OFFICE, DEADLINE, resources=(FORM,))


def _agenda(*events: Event, zone: str | None = None, stranger: bool = False, made: Program = SEASON) -> Agenda:
    return Agenda(made, events, made.milestones, ("applicants",), zone, stranger)


def _said(agenda: Agenda, now: datetime = MONDAY) -> str:
    message = views.listing(agenda, now)
    assert rules.message_blocks(list(message.blocks)) == []
    assert rules.characters(list(message.blocks)) <= rules.MESSAGE_CHARACTERS
    view = views.window(agenda, now)
    assert rules.view(view, "modal") == []
    return text_of(message.blocks)


def test_a_date_has_its_day_clock_zone_and_distance_and_what_to_bring() -> None:
    said = _said(_agenda(OFFICE))
    assert "*Office hours &amp; more &lt;!channel&gt;* · in 2 days" in said
    assert "Wed, Oct 14, 3:00–4:00 pm (St. Louis)\nBring *any* question." in said
    assert "<https://example.org/join?a=1&amp;b=2|Join>" in said


def test_the_place_stands_behind_the_time() -> None:
    assert "3:00–4:00 pm (St. Louis) · Room 2 &amp; online\n" in _said(
        _agenda(replace(OFFICE, place="Room 2 & online"))
    )


@pytest.mark.parametrize(
    ("zone", "said"), [("Asia/Kolkata", "1:30 am your time"), ("America/New_York", "4:00 pm your time")]
)
def test_a_reader_elsewhere_sees_their_own_time_too(zone: str, said: str) -> None:
    assert said in _said(_agenda(OFFICE, zone=zone))


def test_a_reader_of_the_same_clock_sees_one_time() -> None:
    assert "your time" not in _said(_agenda(OFFICE, zone="America/Chicago"))


def test_google_and_outlook_get_the_whole_event_in_utc_properly_encoded() -> None:
    google = parse_qs(urlsplit(views.google(OFFICE, SEASON)).query, strict_parsing=True)
    outlook = parse_qs(urlsplit(views.outlook(OFFICE, SEASON)).query, strict_parsing=True)
    assert google["dates"] == ["20201014T200000Z/20201014T210000Z"]
    assert (outlook["startdt"], outlook["enddt"]) == (["2020-10-14T20:00:00Z"], ["2020-10-14T21:00:00Z"])
    assert google["text"] == outlook["subject"] == ["Office hours & more <!channel>"]
    assert google["details"] == outlook["body"]
    assert "https://example.org/join?a=1&b=2" in google["details"][0]
    for address in (views.google(OFFICE, SEASON), views.outlook(OFFICE, SEASON)):
        assert " " not in address
        assert "+" not in address


def test_a_deadline_is_one_moment_in_a_calendar() -> None:
    assert "20201017T045900Z%2F20201017T045900Z" in views.google(DEADLINE, SEASON)


def test_a_deadline_leads_to_the_application_and_says_that_it_is_a_sample() -> None:
    assert "<https://example.org/form|Open the application (sample link)>" in _said(_agenda(DEADLINE))


def test_what_is_made_up_says_so() -> None:
    said = _said(_agenda(replace(OFFICE, sample=True, link_sample=True)))
    assert "(sample)* · in 2 days" in said
    assert "|Join (sample link)>" in said


def test_something_without_a_link_has_none() -> None:
    bare = replace(OFFICE, link=None)
    assert "Join" not in _said(_agenda(bare))
    assert "Google Calendar" in _said(_agenda(bare))


def test_nothing_ahead_is_a_kind_sentence_with_somebody_to_ask() -> None:
    said = _said(_agenda())
    assert "Nothing is on the calendar of Riverside for you at the moment." in said
    assert "<mailto:mara@example.org|mara@example.org>" in said
    assert "as a file" not in said


def test_a_stranger_is_told_whose_dates_these_are_and_whom_to_ask() -> None:
    said = _said(_agenda(OFFICE, stranger=True))
    assert "You have no part in Riverside at the moment" in said
    assert "mara@example.org" in said


def test_what_is_dated_in_words_stays_in_words() -> None:
    made = program(milestones=(Milestone("met", "They met <here>", "early 2018", "Then.", "The page"),))
    assert "Dated in words only: They met &lt;here&gt; (early 2018)" in _said(_agenda(OFFICE, made=made))


def test_a_long_season_is_cut_in_a_message_and_whole_in_the_window() -> None:
    season = [replace(OFFICE, key=f"e{number}", title=f"Event {number}") for number in range(80)]
    agenda = _agenda(*season)
    said = _said(agenda)
    assert "Event 4" in said
    assert "Event 5" not in said
    assert "75 more dates follow after these." in said
    assert "Event 79" in text_of(views.window(agenda, MONDAY))


def test_a_season_longer_than_any_window_says_what_is_left_out() -> None:
    season = [replace(OFFICE, key=f"e{number}") for number in range(120)]
    view = views.window(_agenda(*season), MONDAY, note="Sent.")
    assert rules.view(view, "modal") == []
    assert "30 more dates follow after these." in text_of(view)


def test_the_longest_texts_and_links_keep_whole_links_or_none() -> None:
    huge = replace(
        OFFICE,
        title="<" * 75,
        place="&" * 300,
        prep="& " * 1250,
        link="https://example.org/" + "é" * 1900,
    )
    agenda = _agenda(*(replace(huge, key=f"e{number}") for number in range(10)))
    said = _said(agenda)
    assert said.count("<http") == said.count("|Join>") + said.count("|Google Calendar>") + said.count("|Outlook>")


def test_every_date_has_its_own_calendar_file_and_all_have_one_together() -> None:
    view = views.window(_agenda(OFFICE, DEADLINE), MONDAY)
    pressed = [one for _, one, _ in rules.elements(view["blocks"]) if one["action_id"].startswith("dates.file")]  # type: ignore[arg-type]
    assert [one["value"] for one in pressed] == ["1:office-hour", "1:deadline", "1:"]
    assert len({one["action_id"] for one in pressed}) == 3


def test_the_notification_says_what_is_next() -> None:
    assert views.listing(_agenda(DEADLINE), MONDAY).text == (
        "Next: Applications are due, Fri, Oct 16, 11:59 pm (St. Louis), in 4 days"
    )


def test_a_file_says_what_is_in_it_and_that_a_newer_one_doubles_nothing() -> None:
    one = views.file(SEASON, (OFFICE,), b"x", "America/New_York")
    both = views.file(SEASON, (OFFICE, DEADLINE), b"x", None)
    assert one.filename == "riverside-office-hour.ics"
    assert "4:00 pm your time" in one.comment
    assert "&lt;!channel&gt;" in one.comment
    assert both.filename == "riverside.ics"
    assert "2 dates of Riverside" in both.comment
    assert "none is doubled" in both.comment
