"""Answers filled from the calendar read like sentences, in the reader's zone and language."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.living import MOST_DATES
from bot.domain.programs import Contact, Program, Resource
from bot.views import living
from bot.views.words import SPANISH
from tests.calendars import event, program, there

DEADLINE = event("application-deadline", "2020-10-16 23:59", kind="deadline", audience="applicants")
FIRST = event("convening-1", "2020-11-19 10:00", "2020-11-19 12:30", sample=True)
SECOND = event("convening-2", "2021-01-21 13:00", "2021-01-21 15:00")
RETREAT = event("retreat", "2020-11-20 17:00", "2020-11-22 12:00", kind="other")
WEBINAR = Resource(key="webinar", kind="webinar", title="Webinar <1>", url="https://example.org/w?a=1&b=2", sample=True)
SEASON = program(SECOND, DEADLINE, FIRST, RETREAT, resources=(WEBINAR,))
OPEN = "{{open:applications|Yes, until {{date:applications}}.|No, they closed on {{date:applications}}.}}"
NEW_YORK = "America/New_York"


def plain(text: str, now: str = "2020-10-12 09:00", zone: str | None = None, of: Program = SEASON) -> str:
    return living.plain(text, of, there(now), zone)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{date:application-deadline}}", "Fri, Oct 16, 11:59 pm (St. Louis)"),
        ("{{day:application-deadline}}", "Fri, Oct 16"),
        ("{{time:application-deadline}}", "11:59 pm (St. Louis)"),
        ("{{date:convening-1}}", "Thu, Nov 19, 10:00 am–12:30 pm (St. Louis; sample)"),
        ("{{time:convening-1}}", "10:00 am–12:30 pm (St. Louis; sample)"),
        ("{{day:convening-1}}", "Thu, Nov 19 (sample)"),
        ("{{date:convening-2}}", "Thu, Jan 21, 2021, 1:00–3:00 pm (St. Louis)"),
        ("{{date:retreat}}", "Fri, Nov 20, 5:00 pm – Sun, Nov 22, 12:00 pm (St. Louis)"),
        ("{{time:retreat}}", "5:00 pm (St. Louis)"),
        ("It is {{next:coaching}}.", "It is not on the calendar yet."),
        ("Write to {{contact}}.", "Write to Mara, mara@example.org."),
        ("By {{answer-by}}.", "By Tue, Oct 13, 12:00 pm (St. Louis)."),
        ("See {{link:webinar|the recording}}.", "See the recording (https://example.org/w?a=1&b=2) (sample)."),
        (OPEN, "Yes, until Fri, Oct 16, 11:59 pm (St. Louis)."),
    ],
)
def test_a_placeholder_reads_as_part_of_its_sentence(text: str, said: str) -> None:
    assert plain(text) == said


def test_the_same_answer_says_something_else_a_minute_later() -> None:
    assert plain(OPEN, "2020-10-16 23:59").startswith("Yes, until ")
    assert plain(OPEN, "2020-10-17 00:00") == "No, they closed on Fri, Oct 16, 11:59 pm (St. Louis)."


def test_a_date_of_another_year_says_its_year() -> None:
    assert plain(OPEN, "2026-10-16 12:00") == "No, they closed on Fri, Oct 16, 2020, 11:59 pm (St. Louis)."


def test_the_year_is_that_of_the_programs_calendar() -> None:
    eve = event("eve", "2020-12-31 23:00", kind="other")
    assert plain("{{day:eve}}", "2020-12-31 22:00", of=program(eve)) == "Thu, Dec 31"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{date:convening-1}}", "Thu, Nov 19, 10:00 am–12:30 pm (St. Louis; 11:00 am your time; sample)"),
        (
            "{{date:application-deadline}}",
            "Fri, Oct 16, 11:59 pm (St. Louis; Sat, Oct 17, 12:59 am your time)",
        ),
        ("{{time:application-deadline}}", "11:59 pm (St. Louis; Sat, Oct 17, 12:59 am your time)"),
        ("{{day:application-deadline}}", "Fri, Oct 16 (St. Louis; Sat, Oct 17, 12:59 am your time)"),
        ("{{day:convening-2}}", "Thu, Jan 21, 2021"),
    ],
)
def test_a_reader_elsewhere_reads_their_own_time_as_well(text: str, said: str) -> None:
    assert plain(text, zone=NEW_YORK) == said


def test_several_dates_at_the_end_of_a_line_are_a_list() -> None:
    listed = "- Thu, Nov 19, 10:00 am–12:30 pm (St. Louis; sample)\n- Thu, Jan 21, 2021, 1:00–3:00 pm (St. Louis)"
    assert plain("They are: {{dates:convening}}") == f"They are:\n{listed}"
    assert plain("They are:\n{{dates:convening}}\nAll on Zoom.") == f"They are:\n{listed}\nAll on Zoom."
    assert living.rich("{{dates:convening}}", SEASON, there("2020-10-12 09:00")).count("• ") == 2


def test_inside_a_sentence_they_stand_behind_each_other() -> None:
    assert plain("On {{dates:convening}}, on Zoom.") == (
        "On Thu, Nov 19, 10:00 am–12:30 pm (St. Louis; sample); Thu, Jan 21, 2021, 1:00–3:00 pm (St. Louis), on Zoom."
    )


def test_one_date_is_no_list() -> None:
    assert plain("{{dates:deadline}}") == "Fri, Oct 16, 11:59 pm (St. Louis)"


def test_dates_that_are_over_say_so() -> None:
    assert plain("{{dates:deadline}}", "2020-10-20 09:00") == "Fri, Oct 16, 11:59 pm (St. Louis; over)"


def test_a_long_list_says_how_many_more_there_are() -> None:
    every = [event(f"e-{day}", f"2020-11-{day:02} 10:00") for day in range(1, MOST_DATES + 3)]
    assert plain("{{dates:convening}}", of=program(*every)).endswith("\n- and 2 more")


def test_what_leads_somewhere_is_a_link_and_nothing_else_is_markup() -> None:
    said = living.rich(
        "<b> {{link:webinar}} [page](https://example.org) {{contact}}", SEASON, there("2020-10-12 09:00")
    )
    assert said == (
        "&lt;b&gt; <https://example.org/w?a=1&amp;b=2|Webinar &lt;1&gt;> (sample) <https://example.org|page> "
        "Mara, <mailto:mara@example.org|mara@example.org>"
    )


def test_a_made_up_address_says_so() -> None:
    made_up = replace(SEASON, contact=Contact("Mara", "mara@example.org", sample=True))
    assert plain("{{contact}}", of=made_up) == "Mara, mara@example.org (sample)"


def test_a_date_may_stand_in_the_words_of_a_written_link() -> None:
    text = "[Register by {{day:application-deadline}}](https://example.org/r)"
    assert plain(text) == "Register by Fri, Oct 16 (https://example.org/r)"


def test_the_same_in_spanish() -> None:
    text = "Hasta el {{date:application-deadline}}. Luego: {{dates:convening}}"
    said = living.plain(text, SEASON, there("2020-10-12 09:00"), NEW_YORK, SPANISH)
    assert said == (
        "Hasta el viernes 16 de octubre, 11:59 p. m. (St. Louis; sábado 17 de octubre, 12:59 a. m. en su hora local). "
        "Luego:\n"
        "- jueves 19 de noviembre, 10:00 a. m.–12:30 p. m. (St. Louis; 11:00 a. m. en su hora local; ejemplo)\n"
        "- jueves 21 de enero de 2021, 1:00–3:00 p. m. (St. Louis; 2:00 p. m. en su hora local)"
    )
