"""An entry's life by rules alone: what may be kept, what is in doubt, whose time is up, and who is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from bot.domain import entries
from bot.domain.entries import DOUBTERS, LONGEST_LINE, LONGEST_TEXT, Draft, Keep, Problem, Vote
from bot.domain.faq import Answer, NoMatch, Suggestions
from bot.domain.people import Member
from bot.domain.programs import Break, Entry, Translation, Verified
from tests.calendars import clock, program, there

TODAY = date(2020, 10, 12)
MONDAY = there("2020-10-12 09:00")
DUE = Entry(
    key="due",
    question="When is it due?",
    phrasings=("deadline?",),
    answer="On Friday.",
    source="Page",
    owner="Fay",
    translations=(Translation("es", "¿Cuándo vence?", "El viernes."),),
)
PAID = Entry(key="paid", question="Is it paid?", phrasings=(), answer="No.", source="Page", owner="The office")
HERE = program(entries=(DUE, PAID))
NEW = Keep("entry", question="Is there parking?", source="Fay, Oct 12, 2020")
OTHER = Keep("phrasing", question="Do we get money?", entry="paid")


def wrong(keep: Keep, answer: str = "Yes.") -> list[tuple[str, str]]:
    return [(one.field, one.why) for one in entries.check(keep, answer, HERE, TODAY)]


def draft(**other: object) -> Draft:
    return replace(entries.draft_of(DUE, HERE), **other)  # type: ignore[arg-type]


def wrong_draft(**other: object) -> list[tuple[str, str]]:
    return [(one.field, one.why) for one in entries.check_draft(draft(**other), HERE, DUE, TODAY)]


def vote(person: int, entry: str = "due", text: str | None = "when?", at: datetime = MONDAY) -> Vote:
    return Vote(entry, person, person, text, at)


# Keeping


def test_what_is_complete_may_be_kept() -> None:
    assert wrong(NEW) == []
    assert wrong(OTHER, "") == []
    assert wrong(Keep()) == []


@pytest.mark.parametrize(
    ("keep", "answer", "found"),
    [
        (replace(NEW, question=""), "Yes.", ("question", "missing")),
        (replace(NEW, question="?!"), "Yes.", ("question", "missing")),
        (replace(NEW, question="x" * (LONGEST_LINE + 1)), "Yes.", ("question", "too_long")),
        (NEW, "", ("answer", "missing")),
        (NEW, "x" * (LONGEST_TEXT + 1), ("answer", "too_long")),
        (replace(NEW, source=""), "Yes.", ("source", "missing")),
        (replace(NEW, until=TODAY - timedelta(days=1)), "Yes.", ("until", "past")),
        (replace(OTHER, entry=None), "", ("entry", "missing")),
        (replace(OTHER, entry="taken-out"), "", ("entry", "gone")),
        (replace(OTHER, question=""), "", ("question", "missing")),
    ],
)
def test_what_is_wrong_is_named_by_its_field(keep: Keep, answer: str, found: tuple[str, str]) -> None:
    assert wrong(keep, answer) == [found]


@pytest.mark.parametrize("words", ["WHEN is it due", "Deadline", "¿cuándo vence?"])
def test_one_question_has_one_answer_however_it_is_written(words: str) -> None:
    (problem,) = entries.check(replace(NEW, question=words), "Yes.", HERE, TODAY)
    assert problem == Problem("question", "asked_already", DUE.question)
    assert wrong(replace(OTHER, question=words)) == [("question", "asked_already")]


def test_a_wording_that_an_entry_has_already_is_no_problem_for_that_entry() -> None:
    assert wrong(Keep("phrasing", question="Deadline!", entry="due"), "") == []


def test_today_is_not_over() -> None:
    assert wrong(replace(NEW, until=TODAY)) == []


# A changed entry


@pytest.mark.parametrize(
    ("other", "found"),
    [
        ({"question": ""}, ("question", "missing")),
        ({"question": "Is it paid"}, ("question", "asked_already")),
        ({"answer": ""}, ("answer", "missing")),
        ({"phrasings": ("is it PAID?",)}, ("phrasings", "asked_already")),
        ({"phrasings": ("x" * 301,)}, ("phrasings", "too_long")),
        ({"source": ""}, ("source", "missing")),
        ({"owner": ""}, ("owner", "missing")),
        ({"until": date(2020, 1, 1)}, ("until", "past")),
        ({"spanish_answer": ""}, ("spanish_answer", "half")),
        ({"spanish_question": ""}, ("spanish_question", "half")),
        ({"spanish_answer": "x" * (LONGEST_TEXT + 1)}, ("spanish_answer", "too_long")),
    ],
)
def test_what_is_wrong_with_a_changed_entry(other: dict[str, object], found: tuple[str, str]) -> None:
    assert wrong_draft(**other) == [found]


def test_an_entry_as_it_stands_is_right_whether_it_has_lapsed_or_not() -> None:
    assert wrong_draft() == []
    over = replace(DUE, verified=Verified("Fay", date(2020, 1, 1), date(2020, 2, 1)))
    assert entries.check_draft(entries.draft_of(over, HERE), HERE, over, TODAY) == ()


def test_its_mark_says_what_it_says_and_not_who_looked_at_it() -> None:
    assert entries.mark(DUE) == entries.mark(replace(DUE, verified=Verified("Fay", TODAY)))
    assert entries.mark(DUE) != entries.mark(replace(DUE, answer="On Thursday."))


# Keys and choices


@pytest.mark.parametrize(
    ("question", "key"),
    [
        ("Is there parking?", "is-there-parking"),
        ("¿Dónde está?", "donde-esta"),
        ("停车?", "entry"),
        ("due", "due-3"),
        ("w" * 200, "w" * 60),
    ],
)
def test_a_new_key_is_made_of_words_and_is_nobody_elses(question: str, key: str) -> None:
    assert entries.new_key(question, {"due", "due-2"}) == key


def test_the_likeliest_choices_come_first_and_everything_is_there() -> None:
    assert entries.ordered(HERE, Suggestions((PAID,), 0.4)) == ((PAID, DUE), 1)
    assert entries.ordered(HERE, Answer(PAID, 0.9), "due") == ((DUE, PAID), 2)
    assert entries.ordered(HERE, NoMatch(0.0), "taken-out", None) == ((PAID, DUE), 0)


# Doubt


def test_two_people_make_a_doubt_and_one_who_asks_twice_does_not() -> None:
    (doubt,) = entries.doubted(HERE, [vote(1), vote(2), vote(3, "paid")], {})
    assert (doubt.entry, doubt.people, doubt.private) == (DUE, DOUBTERS, 0)
    assert entries.doubted(HERE, [vote(1), replace(vote(1), question_id=9)], {}) == ()


def test_whoever_has_looked_at_it_since_has_settled_it() -> None:
    votes = [vote(1), vote(2, at=MONDAY + timedelta(hours=2))]
    assert entries.doubted(HERE, votes, {"due": MONDAY + timedelta(hours=1)}) == ()
    assert entries.doubted(HERE, votes, {"due": MONDAY + timedelta(hours=2)}) == ()
    assert entries.doubted(HERE, votes, {"paid": MONDAY + timedelta(days=1)}) != ()


def test_questions_that_nobody_may_read_are_only_counted() -> None:
    alone = [vote(1, text=None), replace(vote(2, text=None), question_id=1)]
    votes = [*alone, vote(3, text="when?"), vote(4, text="when?")]
    (doubt,) = entries.doubted(HERE, votes, {})
    assert (doubt.people, doubt.asked, doubt.private) == (4, ("when?",), 1)


def test_an_entry_that_was_taken_out_is_not_doubted() -> None:
    assert entries.doubted(HERE, [vote(1, "gone"), vote(2, "gone")], {}) == ()


# Time


def verified(until: date | None, on: date = TODAY) -> Entry:
    return replace(DUE, verified=Verified("Fay", on, until))


def test_an_entry_lapses_on_the_day_after_its_last() -> None:
    early, late, never = (replace(verified(day), key=str(day)) for day in (date(2020, 9, 1), date(2020, 10, 11), None))
    today = replace(verified(TODAY), key="today")
    assert entries.lapsed(program(entries=(late, never, early, today)), TODAY) == (early, late)


@pytest.mark.parametrize(
    ("until", "said"),
    [
        (date(2020, 10, 12), "2020-10-13 09:00 -0500"),
        (date(2020, 10, 16), "2020-10-19 09:00 -0500"),
        (date(2020, 10, 31), "2020-11-02 09:00 -0600"),
        (date(2020, 12, 22), "2021-01-04 09:00 -0600"),
    ],
)
def test_somebody_is_reminded_on_the_next_working_day_outside_breaks(until: date, said: str) -> None:
    winter = program(breaks=(Break("winter", "Winter break", date(2020, 12, 23), date(2021, 1, 3)),))
    assert clock(entries.lapses_at(winter, until)) == said


def test_what_holds_until_the_end_of_all_calendars_lapses_and_is_renewed_without_an_error() -> None:
    for until in (date.max, date.max - timedelta(days=1)):
        assert entries.lapses_at(program(), until).year == 9990
        assert entries.renewed(Verified("Adam", date(2020, 9, 1), until), "Fay", TODAY).until == entries.FAR


def test_still_right_holds_for_as_long_as_before() -> None:
    old = Verified("Adam", date(2020, 9, 1), date(2020, 10, 1))
    assert entries.renewed(old, "Fay", TODAY) == Verified("Fay", TODAY, date(2020, 11, 11))
    assert entries.renewed(Verified("Adam", date(2020, 9, 1)), "Fay", TODAY) == Verified("Fay", TODAY)
    assert entries.renewed(None, "Fay", TODAY) == Verified("Fay", TODAY)
    same_day = Verified("Adam", TODAY, TODAY)
    assert entries.renewed(same_day, "Fay", TODAY).until == TODAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("owner", "found"),
    [("Fay Whitaker", 1), ("fay  whitaker", 1), ("Fay", None), ("Olu", 3), ("The office", None), ("Whitaker", None)],
)
def test_an_owner_is_a_facilitator_by_name_if_only_one_is_meant(owner: str, found: int | None) -> None:
    people = [
        Member(1, "U1", "Fay Whitaker", "facilitator"),
        Member(1, "U1", "Fay Whitaker", "admin"),
        Member(2, "U2", "Fay Olsen", "facilitator"),
        Member(3, "U3", "Olu Bello", "admin"),
    ]
    member = entries.owner_of(replace(DUE, owner=owner), people)
    assert (member.person_id if member else None) == found


# What people write


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("See <https://x.org/a|the packet>, please", "See [the packet](https://x.org/a), please"),
        ("<https://x.org/a>", "https://x.org/a"),
        ("<https://x.org|x.org> and <mailto:a@x.org|a@x.org>", "https://x.org and a@x.org"),
        ("<@U0FAY0001> says *yes* &amp; _no_ &lt;here&gt;", "says yes & no <here>"),
        ("<!channel> In <#C1|applicants>:\n• one\n•two", "In #applicants:\n- one\n- two"),
        ("<https://x.org/_a_/b|see> <https://x.org/_a_/b>", "[see](https://x.org/_a_/b) https://x.org/_a_/b"),
        ("2 * 3 * 4 and snake_case_name", "2 * 3 * 4 and snake_case_name"),
    ],
)
def test_a_message_becomes_an_answer_that_names_nobody(written: str, kept: str) -> None:
    assert entries.as_answer(written) == kept
