"""The digest: in its order, names and counts only, within Slack's limits, however much there is to tell."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.domain.checkins import SOMETHING_ELSE, Content, Meeting, Need, New, Voice
from bot.domain.digest import Handed, Hours, Missing, Report
from bot.domain.entries import Care, Doubt, Offer
from bot.domain.programs import Break, Program, Verified
from bot.domain.questions import OpenQuestion, Where
from bot.domain.week import Post
from bot.sandbox import rules
from bot.services import programs
from bot.views import digest as views
from bot.views import ids
from tests.journeys.workspace import text_of

NOW = datetime(2020, 10, 20, 13, 0, tzinfo=UTC)
YESTERDAY = NOW - timedelta(days=1)
LONG = "An Organization With a Name as Long as Organizations' Names May Be & Then <!>"[:75]


@pytest.fixture(scope="module")
def ost() -> Program:
    return replace(programs.check(programs.find_file("ost-cop")), id=7)


def question(number: int = 1, asker: str = "Ada Okafor", text: str = "What about Illinois?") -> OpenQuestion:
    where = Where("channel", "C0APPLY01", "1.1")
    due = NOW + timedelta(hours=4)
    return OpenQuestion(number, text, "U0ADA0001", asker, where, YESTERDAY, YESTERDAY, due, "Fay Whitaker", "U0FAY0001")


def full(program: Program, **other: Any) -> Report:
    homework = program.assignments[0]
    plain = Report(
        program=program,
        now=NOW,
        since=YESTERDAY,
        until=NOW,
        month=date(2020, 10, 1),
        questions=(question(),),
        missing=(Missing(homework, ("Bright Labs", "River Robotics"), 3, ("River Robotics",)),),
        reflections=(Handed(4, 12, "Kofi Mensah", "Gateway Makers", homework.title, True, NOW),),
        checkins=(New(1, 14, "Priya Nair", "June Park", "one-on-one", ("Bright Labs",), date(2020, 10, 19), NOW),),
        needs=(Need("staff", ("Bright Labs",)), Need(SOMETHING_ELSE, ("Bright Labs",))),
        hours=(Hours("Bright Labs", 90, 45), Hours("River Robotics", 0, 0)),
        events=program.events[:1],
        assignments=(homework,),
    )
    return replace(plain, **other)


def care(program: Program, number: int = 1) -> Care:
    lapsed = replace(program.entries[1], verified=Verified("Fay", date(2020, 9, 1), date(2020, 10, 1)))
    doubt = Doubt(program.entries[0], 2, ("in confidence",), 1)
    return Care((doubt,) * number, (lapsed,) * number, (Offer(3, "in confidence", program.entries[0]),) * number)


def said(report: Report) -> str:
    return text_of(list(views.message(report).blocks))


def test_it_is_told_in_the_order_in_which_it_matters(ost: Program) -> None:
    text = said(full(ost))
    order = (
        "Needs you today: 1 open question",
        "Nothing yet from",
        "1 new reflection and 1 new check-in",
        "Support asked for",
        "Hours in October",
        "The week ahead",
    )
    places = [text.index(one) for one in order]
    assert places == sorted(places)


def test_a_question_has_its_age_its_owner_and_a_button_and_not_its_words(ost: Program) -> None:
    text = said(full(ost))
    assert "Ada Okafor, asked 24 hours ago" in text
    assert "Fay Whitaker looks after it, promised by Tue, Oct 20, 12:00 pm (St. Louis)" in text
    assert "Illinois" not in text
    assert f"'action_id': '{ids.QUESTION_ANSWER}'" in str(views.message(full(ost)).blocks)


def test_a_question_of_which_nobody_was_told_when_waits_since_it_came_in(ost: Program) -> None:
    silent = replace(full(ost), questions=(replace(full(ost).questions[0], promised=False),))
    assert "looks after it, waits since " in said(silent)
    assert "promised" not in said(silent)


def test_who_is_missing_is_named_with_a_nudge_and_who_asked_for_time(ost: Program) -> None:
    text = said(full(ost))
    assert "2 of 3: Bright Labs, River Robotics\nMore time asked for: River Robotics" in text
    assert "(sample)" in text
    assert ids.HOMEWORK_NUDGE in str(views.message(full(ost)).blocks)


def test_hours_stand_beside_the_programs_own_words(ost: Program) -> None:
    text = said(full(ost))
    assert "Bright Labs: 1.5 hours of prep work and homework, 45 minutes of coaching" in text
    assert "None reported yet: River Robotics" in text
    assert "On average, prep work and homework may take 3-5 hours per month." in text


def test_without_any_hours_it_says_so_once(ost: Program) -> None:
    text = said(full(ost, hours=(Hours("Bright Labs", 0, 0),)))
    assert "Hours in October*\nNone reported yet." in text


def test_a_reader_elsewhere_has_their_own_time_beside(ost: Program) -> None:
    assert "5:00 pm (St. Louis) · 6:00 pm your time" in said(full(ost, zone="America/New_York"))
    assert "your time" not in said(full(ost, zone="America/Chicago"))


def test_a_break_is_named_in_the_week_ahead(ost: Program) -> None:
    text = said(full(ost, pause=Break("winter", "Winter break", NOW.date(), NOW.date(), sample=True)))
    assert "Winter break (sample): nothing is posted, and nobody is missing" in text


def test_answers_to_look_at_stand_below_the_questions_without_what_people_asked(ost: Program) -> None:
    text = said(full(ost, care=care(ost)))
    assert text.index("Needs you today") < text.index("Answers to look at") < text.index("Nothing yet from")
    assert f"“{ost.entries[0].question}” did not help 2 people" in text
    assert "1 way of asking waits for your yes" in text
    assert "Look at them" in text
    assert "in confidence" not in text
    assert "2 answers to look at" in views.summary(full(ost, care=care(ost)))


def test_an_answer_in_doubt_is_something_to_report_and_one_whose_owner_was_reminded_is_no_news(ost: Program) -> None:
    nothing, found = Report(ost, NOW, YESTERDAY, NOW, date(2020, 10, 1)), care(ost)
    assert nothing.empty
    assert replace(nothing, care=Care(lapsed=found.lapsed)).empty
    assert not replace(nothing, care=Care(doubts=found.doubts)).empty
    assert not replace(nothing, care=Care(offers=found.offers)).empty


def test_more_questions_than_fit_are_behind_a_button(ost: Program) -> None:
    text = said(full(ost, questions=tuple(question(number) for number in range(20))))
    assert "And 12 more." in text
    assert "See all" in text


def test_nothing_to_report_is_one_line(ost: Program) -> None:
    message = views.message(Report(ost, NOW, YESTERDAY, NOW, date(2020, 10, 1), hours=(Hours("Bright Labs", 90, 0),)))
    assert len(message.blocks) == 1
    assert message.text == "Nothing to report from OST Community of Practice since Mon, Oct 19."


def test_the_fallback_text_counts_what_there_is(ost: Program) -> None:
    assert views.summary(full(ost)) == (
        "OST Community of Practice: 1 open question, nothing yet from 2 organizations, 1 new reflection, "
        "1 new check-in, 2 kinds of support asked for, 2 dates in the week ahead."
    )


def test_the_largest_digest_keeps_to_slacks_limits_and_counts_what_it_leaves_out(ost: Program) -> None:
    names = tuple(f"{number:02} {LONG}"[:75] for number in range(40))
    homework = replace(ost.assignments[0], title=LONG)
    report = full(
        ost,
        questions=tuple(question(number, LONG) for number in range(30)),
        missing=tuple(Missing(replace(homework, key=f"h{number}"), names, 40, names) for number in range(10)),
        reflections=tuple(Handed(one, one, LONG, LONG, LONG, True, NOW) for one in range(50)),
        checkins=tuple(New(one, one, LONG, LONG, "group", names, NOW.date(), NOW) for one in range(50)),
        needs=tuple(Need(f"need-{number}", names) for number in range(20)),
        hours=tuple(Hours(name, 90, 45) for name in names),
        events=tuple(replace(ost.events[0], key=f"e{number}", title=LONG) for number in range(30)),
        care=care(replace(ost, entries=tuple(replace(one, question=LONG * 3) for one in ost.entries)), 30),
    )
    message = views.message(report)
    blocks: list[Any] = list(message.blocks)
    assert rules.message_blocks(blocks) == []
    assert rules.characters(blocks) <= 12_000
    assert len(blocks) <= 50
    assert "And 22 more." in text_of(blocks)
    assert text_of(blocks).count(" more") >= 7
    assert "<!" not in text_of(blocks)
    assert rules.view(views.window(views.message(report)), "modal") == []


def test_a_span_survives_being_a_buttons_value() -> None:
    odd = NOW + timedelta(microseconds=123_457)
    _, key = ids.referred(ids.reference(7, views.span_value(YESTERDAY, odd)))
    assert views.read_span(key) == (YESTERDAY, odd)


@pytest.mark.parametrize(
    "key",
    [
        *("", "/", "2020-10-12/", "a/b", "2020-10-12/2020-10-13", "2020-10-12T08:00/2020-10-13T08:00"),
        "0001-01-01T00:00+14:00/9999-12-31T23:59-14:00",
    ],
)
def test_a_key_that_nobody_wrote_is_no_span(key: str) -> None:
    assert views.read_span(key) is None


def meeting(number: int, author: str = "Priya Nair", other: str = "a van") -> Meeting:
    content = Content(1, "one-on-one", (10,), NOW.date(), 45, "moved", "", ("+else",), other, "next", 4)
    voice = Voice(number, number, 1, author, False, False, NOW, NOW, content)
    return Meeting(number, "June Park", "one-on-one", ("Bright Labs",), NOW.date(), 45, (voice,))


def test_the_texts_open_one_by_one_and_keep_to_slacks_limits(ost: Program) -> None:
    handed = tuple(Handed(one, one, LONG, LONG, LONG, False, NOW) for one in range(60))
    view = views.texts(ost, handed, tuple(meeting(one, other="<!channel> " * 100) for one in range(60)))
    assert rules.view(view, "modal") == []
    assert text_of(view).count("And 15 more.") == 2
    assert "<!channel>" not in text_of(view)


def test_support_in_peoples_own_words_stands_behind_the_button(ost: Program) -> None:
    assert "Support: a van" in text_of(views.texts(ost, (), (meeting(3),)))
    assert "a van" not in said(full(ost))


def test_nothing_that_may_be_read_says_so(ost: Program) -> None:
    assert "nothing here that you may read" in text_of(views.texts(ost, (), ()))


def held(program: Program, **other: Any) -> Post:
    homework = program.assignments[0]
    return replace(Post((4,), "homework.post", "cohort", YESTERDAY, YESTERDAY, "held", assignment=homework), **other)


def test_what_somebody_holds_is_named_with_whose_word_it_waits_for(ost: Program) -> None:
    report = full(ost, held=(held(ost, by="Fay & co", since=YESTERDAY),))
    made = views.message(report)
    assert "1 post held" in made.text
    said = text_of(list(made.blocks))
    assert "*Held: 1 post*" in said
    assert "held by Fay &amp; co since Mon, Oct 19, 8:00 am" in said
    assert ids.WEEK_OPEN in str(made.blocks)


def test_something_held_alone_is_worth_a_digest(ost: Program) -> None:
    assert "1 post held" in views.message(replace(nothing(ost), held=(held(ost),))).text


def nothing(program: Program) -> Report:
    return Report(program=program, now=NOW, since=YESTERDAY, until=NOW, month=date(2020, 10, 1))
