"""A week as it is shown: within Slack's limits however full it is, with what stands where, and nobody's markup."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.domain.notices import LEFT_OUT
from bot.domain.programs import Event, Program
from bot.domain.week import Before, Form, Nudges, Post, Standing, Week
from bot.sandbox import rules
from bot.services import programs
from bot.views import ids
from bot.views import week as views
from bot.views.notices import CHARACTERS, characters
from tests.journeys.workspace import text_of

FRIDAY = datetime(2020, 10, 23, 19, 0, tzinfo=UTC)
MONDAY = date(2020, 10, 26)
DUE = datetime(2020, 10, 28, 14, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def ost() -> Program:
    return replace(programs.check(programs.find_file("ost-cop")), id=7)


def event(number: int = 1, title: str = "Convening & <talk>", prep: str | None = "Bring a <pen>.") -> Event:
    starts = DUE + timedelta(hours=number)
    return Event(key=f"e{number}", kind="convening", title=title, starts_at=starts, audience="cohort", prep=prep)


def post(number: int = 1, standing: Standing = "planned", **other: Any) -> Post:
    about = event(number)
    plain = Post((number, number + 1000), "reminder.event", "cohort", DUE, DUE, standing, event=about)
    return replace(plain, **other)


def week(program: Program, *posts: Post, **other: Any) -> Week:
    return replace(Week(program, MONDAY, FRIDAY, posts, channels={"cohort": "C0COHORT1"}), **other)


def labels(blocks: Any) -> list[str]:
    """The words on all buttons."""
    if isinstance(blocks, list):
        return [found for one in blocks for found in labels(one)]
    if not isinstance(blocks, dict):
        return []
    own = [str(blocks["text"]["text"])] if blocks.get("type") == "button" else []
    return own + [found for value in blocks.values() for found in labels(value)]


def test_a_post_is_shown_with_when_where_its_words_and_three_buttons(ost: Program) -> None:
    made = views.message(week(ost, post()))
    said = text_of(list(made.blocks))
    assert "*Wed, Oct 28, 9:00 am* in <#C0COHORT1>" in said
    assert "> Bring a &lt;pen&gt;." in said
    assert labels(list(made.blocks)) == ["Change", "Skip", "Hold"]


def test_a_person_s_own_words_stand_above_and_are_harmless(ost: Program) -> None:
    said = text_of(list(views.message(week(ost, post(words="<!channel> come", words_by="Fay & co"))).blocks))
    assert "> *Fay &amp; co:* &lt;!channel&gt; come" in said
    assert "<!channel>" not in said


@pytest.mark.parametrize(
    ("standing", "says", "buttons"),
    [
        ("held", "Held by Fay Whitaker since Fri, Oct 23, 2:00 pm", ["Say it", "Change", "Skip"]),
        ("left out", "Will not be said: Fay Whitaker skipped it, Fri, Oct 23, 2:00 pm", ["Say it after all"]),
        ("said", "Said.", []),
        ("under way", "On its way.", []),
        ("not said", "Not said: break: Winter.", []),
    ],
)
def test_where_a_post_stands_is_said_with_what_can_still_be_done(
    ost: Program, standing: Standing, says: str, buttons: list[str]
) -> None:
    one = post(standing=standing, by="Fay Whitaker", since=FRIDAY, reason="break: Winter")
    made = views.message(week(ost, one))
    assert says in text_of(list(made.blocks))
    assert labels(list(made.blocks)) == buttons


def test_what_is_said_in_one_message_says_so(ost: Program) -> None:
    said = text_of(list(views.message(week(ost, post(1), post(2))).blocks))
    assert said.count("in one message with the one above") == 1


def test_a_full_week_stays_within_what_slack_takes(ost: Program) -> None:
    title, prep = "A & B < C " * 7, "<&> " * 600
    many = tuple(post(number, event=event(number, title[:75], prep), words="&" * 300) for number in range(1, 60))
    nudges = tuple(Nudges(one, 40) for one in ost.assignments)
    found = week(ost, *many, nudges=nudges)
    for made in (views.message(found), views.message(found, turns=True)):
        assert len(made.blocks) <= 50
        assert characters(list(made.blocks)) <= CHARACTERS
        assert "And 47 more." in text_of(list(made.blocks))
        assert "See all 59" in labels(list(made.blocks))
        assert rules.message_blocks(list(made.blocks)) == []
    page = views.page(found)
    assert len(page["blocks"]) <= 100  # type: ignore[arg-type]
    assert rules.view(page, "modal") == []


def test_an_empty_week_is_one_sentence(ost: Program) -> None:
    assert "I have nothing to say in the channels." in views.message(week(ost)).text
    nudged = views.message(week(ost, nudges=(Nudges(ost.assignments[0], 9),)))
    assert "but up to 9 personal reminders about _Before we begin (sample)_" in nudged.text


def test_a_form_comes_back_as_it_went_out(ost: Program) -> None:
    view = views.form(Form(ost, post(words="Hi"), "Bring a pen.", 2, "C0COHORT1"), "abc")
    assert rules.view(view, "modal") == []
    assert "Everybody in <#C0COHORT1> reads this" in text_of(view)
    assert "2 other posts" in text_of(view)
    values = {views.TEXT: {views.TEXT: {"value": "New"}}, views.OWN: {views.OWN: {"value": None}}}
    program_id, asked = views.read({**view, "state": {"values": values}})
    assert (program_id, asked.rows, asked.text, asked.words, asked.was) == (7, (1, 1001), "New", "", "abc")


def test_a_form_that_nobody_here_made_is_unreadable() -> None:
    with pytest.raises(ids.Unreadable):
        views.read({"private_metadata": "7:1:x"})


@pytest.mark.parametrize("key", ["", "no", "1/", "99999999999999999999", "2020-13-40", "-1"])
def test_keys_that_nobody_here_wrote_lead_to_nothing(key: str) -> None:
    assert all(one >= 0 for one in views.read_rows(key))
    assert views.read_monday(key) is None


@pytest.mark.parametrize(
    ("standing", "asked", "says"),
    [
        ("said", "skip", "I have said it already"),
        ("under way", "hold", "at this moment"),
        ("held", "hold", "Fay holds it already"),
        ("held", "say", "Fay has held it meanwhile"),
        ("left out", "say", "Its time has passed"),
        ("left out", "hold", "Fay has skipped it already"),
        ("planned", "say", "It is planned as before"),
        ("not said", "hold", "It was not said"),
    ],
)
def test_the_second_is_told_who_was_first(ost: Program, standing: Standing, asked: Any, says: str) -> None:
    one = post(standing=standing, by="Fay", reason=LEFT_OUT)
    assert says in views.before(Before(one, asked, week(ost, one)))


def test_the_heading_says_which_week_it_is(ost: Program) -> None:
    assert views.heading(week(ost)) == "Next week, Oct 26 – Nov 1: what I will say"
    assert views.heading(week(ost, monday=date(2020, 10, 19))) == "This week, Oct 19–25: what I will say"
    assert views.heading(week(ost, monday=date(2020, 11, 9))) == "The week of Nov 9–15: what I will say"


def test_a_home_has_a_line_each_and_the_way_to_it(ost: Program) -> None:
    made = views.home_blocks(week(ost, *(post(number) for number in range(1, 12))))
    assert "and 3 more" in text_of(made)
    assert labels(made) == ["Look through it"]
