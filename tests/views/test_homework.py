"""Homework in words: the next step first, kind about what is missing, names before anything is sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest

from bot.domain.holds import Hold
from bot.domain.homework import Asked, Item, NotAllowed, Nudge, Nudged, Overview, Standing, Why
from bot.domain.people import Member, Org, Team, Viewer
from bot.domain.programs import Break, Program
from bot.domain.reflections import Content, Handed
from bot.sandbox import rules
from bot.services import programs
from bot.views import homework as views
from bot.views import ids
from tests.journeys.workspace import text_of

NOW = datetime(2020, 10, 12, 14, tzinfo=UTC)
AFTER = datetime(2020, 10, 22, 14, tzinfo=UTC)
PING = "<!channel> & co"
BRIGHT, RIVER = Org(1, "Bright Labs"), Org(2, "River Robotics")
TOMAS = Member(11, "U0TOMAS01", "Tomás Rivera", "participant", organization=BRIGHT)
PRIYA = Member(12, "U0PRIYA01", "Priya Nair", "participant", organization=BRIGHT)
LENA = Member(13, "U0LENA001", "Lena Fischer", "participant", organization=RIVER)
FAY = Member(7, "U0FAY0001", "Fay Whitaker", "facilitator")
BOTH, ALONE = Team(BRIGHT, (TOMAS, PRIYA)), Team(RIVER, (LENA,))


@pytest.fixture(scope="module")
def ost() -> Program:
    return replace(programs.check(programs.find_file("ost-cop")), id=7)


def viewer(ost: Program, *roles: Any, organization: Org | None = None, person_id: int = 11) -> Viewer:
    return Viewer(
        "T0CONVENE", "U0TOMAS01", person_id, "Tomás", program=ost, roles=frozenset(roles), organization=organization
    )


def handed(author: int = 12, name: str = "Priya Nair", organization: Org = BRIGHT) -> Handed:
    return Handed(
        id=3,
        number=14,
        assignment="before-we-begin",
        title="Before we begin",
        sample=True,
        author_id=author,
        author=name,
        user=None,
        organization=organization,
        version=1,
        content=Content((), None, "facilitators"),
        handed_in_at=NOW,
        saved_at=NOW,
    )


def look(ost: Program, *standings: Standing, who: Viewer | None = None, sees: Any = "own", **other: Any) -> Overview:
    item = Item(ost.assignments[0], standings, sum(bool(one.done) for one in standings), max(len(standings), 3))
    reader = who or viewer(ost, "participant", organization=BRIGHT)
    return replace(Overview(ost, reader, (item,), (), sees), **other)


def said(found: Overview, now: datetime = NOW) -> str:
    message = views.overview(found, now)
    assert rules.message_blocks(list(message.blocks)) == []
    assert rules.message_text(message.text) == []
    assert rules.view(views.window(message), "modal") == []
    return text_of(list(message.blocks))


# What is due


def test_the_next_homework_is_said_with_its_day_and_its_distance(ost: Program) -> None:
    found = said(look(ost, Standing(BOTH)))
    assert "*Before we begin (sample)* · due Wed, Oct 21, 5:00 pm (St. Louis), in 9 days" in found
    assert "Nothing from Bright Labs yet. Either of you can hand it in; one is enough." in found


def test_missing_is_not_failing_once_it_was_due(ost: Program) -> None:
    found = said(look(ost, Standing(ALONE)), AFTER)
    assert "was due Wed, Oct 21, 5:00 pm (St. Louis)" in found
    assert "Nothing from River Robotics yet." in found
    assert "overdue" not in found.lower()


def test_who_handed_in_for_the_organization_is_named(ost: Program) -> None:
    found = said(look(ost, Standing(BOTH, (handed(),))))
    assert "Handed in for Bright Labs by Priya Nair, Mon, Oct 12, 9:00 am (St. Louis) (no. 14)." in found


def test_whoever_handed_it_in_may_change_it_and_the_colleague_may_still_write(ost: Program) -> None:
    mine = views.overview(look(ost, Standing(BOTH, (handed(author=11),))), NOW)
    colleagues = views.overview(look(ost, Standing(BOTH, (handed(),))), NOW)
    assert "Change mine" in text_of(list(mine.blocks))
    assert "by you" in text_of(list(mine.blocks))
    assert "Add mine" in text_of(list(colleagues.blocks))


def test_nobody_is_urged_to_what_a_colleague_has_done(ost: Program) -> None:
    open_, done = look(ost, Standing(BOTH)), look(ost, Standing(BOTH, (handed(),)))
    assert "'primary'" in str(views.overview(open_, NOW).blocks)
    assert "'primary'" not in str(views.overview(done, NOW).blocks)


def test_facilitators_see_everybody_and_may_nudge(ost: Program) -> None:
    fay = viewer(ost, "facilitator")
    standings = (Standing(BOTH, wants_time=True), Standing(ALONE, (handed(13, "Lena Fischer", RIVER),)))
    found = look(ost, *standings, who=fay, sees="all")
    assert "1 of 2 organizations have handed it in." in said(found)
    assert "In: River Robotics (no. 14, Lena Fischer)" in said(found)
    assert "Nothing yet: Bright Labs (needs more time)" in said(found)
    assert ids.HOMEWORK_NUDGE in str(views.overview(found, NOW).blocks)


def test_coaches_see_everybody_and_nudge_nobody(ost: Program) -> None:
    found = look(ost, Standing(BOTH), who=viewer(ost, "coach"), sees="all")
    assert "Nothing yet: Bright Labs" in said(found)
    assert ids.HOMEWORK_NUDGE not in str(views.overview(found, NOW).blocks)


def test_administrators_see_counts_and_no_names(ost: Program) -> None:
    found = look(ost, who=viewer(ost, "admin"), sees="counts")
    assert "0 of 3 organizations have handed it in." in said(found)
    assert "Bright Labs" not in said(found)


def test_a_break_is_named_and_nobody_is_nudged_in_it(ost: Program) -> None:
    pause = Break("thanks", "Thanksgiving", NOW.date(), NOW.date() + timedelta(days=2), sample=True)
    found = look(ost, Standing(BOTH), who=viewer(ost, "facilitator"), sees="all", pause=pause)
    assert "Thanksgiving (sample) until Wed, Oct 14: nobody is missing." in said(found)
    assert ids.HOMEWORK_NUDGE not in str(views.overview(found, NOW).blocks)


def test_what_is_not_given_out_yet_is_a_line_each(ost: Program) -> None:
    found = said(look(ost, Standing(BOTH), later=ost.assignments[1:3]))
    assert (
        "Later:\nWed, Nov 4 · Where we stand with quality (sample)\nWed, Dec 16 · Watch one session (sample)" in found
    )


def test_where_there_is_little_room_only_the_next_are_named(ost: Program) -> None:
    message = views.overview(look(ost, Standing(BOTH), later=ost.assignments[1:5]), NOW, most_later=1)
    assert "Later:\nWed, Nov 4 · Where we stand with quality (sample)\nand 3 more" in text_of(list(message.blocks))


def test_without_homework_there_is_a_kind_sentence(ost: Program) -> None:
    assert "No homework has been given out yet." in said(look(ost, items=()))


def test_somebody_without_an_organization_is_told_who_adds_it(ost: Program) -> None:
    found = look(ost, who=viewer(ost, "participant"))
    assert "A facilitator can add it" in said(found)


def test_thirty_organizations_and_thirty_homeworks_fit(ost: Program) -> None:
    teams = [Team(Org(number, f"{number} {PING} " + "x" * 60), (LENA,)) for number in range(30)]
    standings = tuple(Standing(team, (handed(name=PING),)) for team in teams)
    items = tuple(Item(ost.assignments[0], standings, 30, 30) for _ in range(30))
    message = views.overview(look(ost, items=items, who=viewer(ost, "facilitator"), sees="all"), NOW)
    assert rules.message_blocks(list(message.blocks)) == []
    assert rules.characters(list(message.blocks)) < rules.MESSAGE_CHARACTERS
    assert "<!channel>" not in str(message)


# Reminders


def test_the_post_has_the_button_that_does_the_thing(ost: Program) -> None:
    part = views.post(ost.assignments[0], ost, NOW)
    assert rules.message_blocks(list(part.blocks)) == []
    assert part.text == "Homework due Wed, Oct 21, 5:00 pm (St. Louis): Before we begin (sample)"
    assert f"'action_id': '{ids.REFLECTION_OPEN}'" in str(part.blocks)
    assert "'value': '7:before-we-begin'" in str(part.blocks)
    assert text_of(list(part.blocks)).strip().startswith("*Homework: Before we begin (sample)* · due Wed, Oct 21")


def test_the_nudge_asks_whether_more_time_is_needed(ost: Program) -> None:
    part = views.nudge(ost.assignments[0], Standing(ALONE), ost, NOW, "America/New_York")
    assert rules.message_blocks(list(part.blocks)) == []
    assert "Nothing from River Robotics yet. Need more time?" in text_of(list(part.blocks))
    assert "6:00 pm your time" in part.text
    assert ids.HOMEWORK_MORE_TIME in str(part.blocks)


def test_after_the_due_date_it_can_still_be_handed_in(ost: Program) -> None:
    part = views.nudge(ost.assignments[0], Standing(BOTH), ost, AFTER, None)
    assert "It can still be handed in. Either of you can hand it in; one is enough." in text_of(list(part.blocks))


def test_a_facilitators_nudge_is_in_their_name(ost: Program) -> None:
    part = views.nudge(ost.assignments[0], Standing(ALONE, wants_time=True), ost, NOW, None, by=PING)
    found = text_of(list(part.blocks))
    assert "&lt;!channel&gt; &amp; co asks how it is going." in found
    assert "The facilitators know that you need more time." in found
    assert ids.HOMEWORK_MORE_TIME not in str(part.blocks)


def test_the_facilitators_are_told_who_needs_time_for_what(ost: Program) -> None:
    message = views.more_time(ost.assignments[0], PING, "U0LENA001", "Lena", ost)
    assert rules.message_blocks(list(message.blocks)) == []
    assert "&lt;!channel&gt; &amp; co needs more time for Before we begin (sample)" in message.text
    assert "<@U0LENA001> asked" in text_of(list(message.blocks))


# A facilitator's nudge


def test_the_names_stand_above_the_button_that_sends(ost: Program) -> None:
    view = views.nudge_form(Nudge(ost, ost.assignments[0], (TOMAS, LENA), (PRIYA,), ()), NOW)
    assert rules.view(view, "modal") == []
    found = text_of(view)
    assert "• Tomás Rivera (Bright Labs)\n• Lena Fischer (River Robotics)" in found
    assert "Not in Slack yet: Priya Nair." in found
    assert "Send 2 messages" in found
    assert views.read_nudge(view) == views.NudgeForm(7, "before-we-begin", (11, 13))


def test_two_hundred_names_fit_into_the_form(ost: Program) -> None:
    many = tuple(replace(LENA, person_id=100_000 + number, name=PING * 3) for number in range(200))
    view = views.nudge_form(Nudge(ost, ost.assignments[0], many), NOW)
    assert rules.view(view, "modal") == []
    assert len(views.read_nudge(view).people) < 200


def test_nobody_is_sent_a_message_whose_name_was_cut_off(ost: Program) -> None:
    many = tuple(replace(LENA, person_id=number, name=f"{number:03} {'x' * 70}") for number in range(1, 201))
    view = views.nudge_form(Nudge(ost, ost.assignments[0], many), NOW)
    assert all(f"• {number:03} " in text_of(view) for number in views.read_nudge(view).people)


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({}, "Every organization has handed in *Before we begin (sample)*."),
        ({"already": (LENA,)}, "had a message today"),
        ({"unreachable": (LENA,)}, "not in Slack yet"),
        ({"pause": Break("b", "Thanksgiving", NOW.date(), NOW.date())}, "Thanksgiving: nobody is missing now."),
    ],
)
def test_with_nobody_to_nudge_the_reason_is_said(ost: Program, other: Any, words: str) -> None:
    view = views.nudge_form(replace(Nudge(ost, ost.assignments[0], ()), **other), NOW)
    assert rules.view(view, "modal") == []
    assert "submit" not in view
    assert words in text_of(view)


def test_afterwards_it_is_said_who_gets_a_message_and_who_was_spared(ost: Program) -> None:
    view = views.nudged(Nudged(ost, ost.assignments[0], (LENA,), spared=2), NOW)
    assert rules.view(view, "modal") == []
    assert "• Lena Fischer (River Robotics)" in text_of(view)
    assert "2 of those named needed none any more" in text_of(view)
    assert rules.view(views.nudged(Nudged(ost, ost.assignments[0], (), 1), NOW), "modal") == []


# Answers in a sentence


def test_whoever_asks_for_time_hears_who_was_told(ost: Program) -> None:
    assert "(Fay Whitaker)" in views.asked(Asked(ost, ost.assignments[0], "Bright Labs", (FAY,)))
    assert ost.contact.email in views.asked(Asked(ost, ost.assignments[0], "Bright Labs", ()))
    assert "already" in views.asked(Asked(ost, ost.assignments[0], "Bright Labs", (FAY,), handed_in=True))


@pytest.mark.parametrize("why", get_args(Why))
def test_every_refusal_is_a_sentence_that_leads_on(ost: Program, why: Why) -> None:
    found = views.refusal(NotAllowed(why, None if why == "no program" else ost, (FAY,)))
    assert rules.message_text(found) == []
    assert found.endswith(".")


HOLD = Hold(5, 7, None, "", "Snow & ice", NOW, NOW + timedelta(days=1), "Alex", NOW)


@pytest.mark.parametrize("ends", [NOW + timedelta(days=1), None])
def test_while_posts_are_held_the_form_and_what_comes_of_it_say_that_a_nudge_waits(
    ost: Program, ends: datetime | None
) -> None:
    hold = replace(HOLD, ends_at=ends)
    before = views.nudge_form(Nudge(ost, ost.assignments[0], (LENA,), hold=hold), NOW)
    after = views.nudged(Nudged(ost, ost.assignments[0], (LENA,), hold=hold), NOW)
    for view in (before, after):
        assert rules.view(view, "modal") == []
        assert "*All posts are held* until" in text_of(view)
        assert "by Alex. Why: Snow &amp; ice. A nudge waits with them." in text_of(view)
    assert "On its way" not in text_of(after)
    assert "On its way" in text_of(views.nudged(Nudged(ost, ost.assignments[0], (LENA,)), NOW))
