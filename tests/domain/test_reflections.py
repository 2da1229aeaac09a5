"""What a reflection must hold, who may read it, and which homework opens first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain import reflections as rules
from bot.domain.people import Role, Viewer
from bot.domain.programs import Assignment, Prompt
from bot.domain.reflections import Answer, Content, Draft, Problem

PROMPTS = (Prompt("good-day", "What does a good day look like?"), Prompt("worry", "What worries you?", required=False))
NOW = datetime(2020, 10, 12, 14, tzinfo=UTC)


def draft(good_day: str = "Loud.", worry: str = "", *, hours: str = "1.5", readers: str = "facilitators") -> Draft:
    answers = (Answer("good-day", "What does a good day look like?", good_day), Answer("worry", "…", worry))
    return Draft("before", answers, hours, readers)


def problems(found: Content | tuple[Problem, ...]) -> list[tuple[str, str]]:
    assert isinstance(found, tuple)
    return [(one.field, one.why) for one in found]


def assignment(key: str, days: int, audience: str = "cohort") -> Assignment:
    return Assignment(
        key=key,
        title=key,
        summary="…",
        due_at=NOW + timedelta(days=days),
        prompts=PROMPTS,
        audience="applicants" if audience == "applicants" else "cohort",
    )


def viewer(*roles: Role, person_id: int = 1) -> Viewer:
    return Viewer(team="T0CONVENE", user="U0TOMAS01", person_id=person_id, name="Tomás", roles=frozenset(roles))


def test_what_was_written_is_kept_and_what_was_left_empty_is_not() -> None:
    found = rules.validate(draft(), PROMPTS)
    assert found == Content((Answer("good-day", PROMPTS[0].label, "Loud."),), 90, "facilitators")


def test_hours_may_be_left_out() -> None:
    found = rules.validate(draft(hours=""), PROMPTS)
    assert isinstance(found, Content)
    assert found.minutes is None


@pytest.mark.parametrize("nothing", ["", "   ", "\n\t", "\u200b\u200e", "\x00"])
def test_nothing_visible_is_nothing(nothing: str) -> None:
    assert problems(rules.validate(draft(nothing), PROMPTS)) == [("good-day", "missing")]


def test_an_emoji_is_something() -> None:
    assert isinstance(rules.validate(draft("👩‍🔬"), PROMPTS), Content)


def test_every_problem_is_named_at_once() -> None:
    found = rules.validate(draft("", "x" * 3001, hours="-1", readers="everybody"), PROMPTS)
    assert problems(found) == [
        ("good-day", "missing"),
        ("worry", "too many words"),
        ("hours", "negative"),
        ("readers", "no readers"),
    ]


def test_an_answer_may_be_exactly_as_long_as_a_field() -> None:
    assert isinstance(rules.validate(draft("x" * 3000), PROMPTS), Content)


def test_ten_thousand_characters_are_counted_in_the_problem() -> None:
    found = rules.validate(draft("x" * 10_000), PROMPTS)
    assert found == (Problem("good-day", "too many words", of_prompt=True, length=10_000),)


def test_a_form_of_optional_questions_wants_at_least_one_answer() -> None:
    optional = tuple(Prompt(one.key, one.label, required=False) for one in PROMPTS)
    assert problems(rules.validate(draft(""), optional)) == [("good-day", "nothing written")]


def test_a_question_that_the_program_dropped_meanwhile_keeps_its_answer() -> None:
    found = rules.validate(draft("Loud.", "Time."), PROMPTS[:1])
    assert isinstance(found, Content)
    assert [one.text for one in found.answers] == ["Loud.", "Time."]


def test_a_question_that_came_meanwhile_is_not_missing() -> None:
    assert isinstance(rules.validate(draft(), (*PROMPTS, Prompt("new", "And now?"))), Content)


def test_a_menu_turned_to_another_homework_is_not_taken_for_it() -> None:
    turned = Draft("before", draft().answers, "", "facilitators", chosen="after")
    assert problems(rules.validate(turned, PROMPTS)) == [("assignment", "other homework")]


def test_a_question_answered_before_is_still_asked_after_the_program_dropped_it() -> None:
    before = Content((Answer("worry", "What worries you?", "Time."),), None, "facilitators")
    assert rules.prompts_for(None, before) == (Prompt("worry", "What worries you?", required=False),)


@pytest.mark.parametrize(
    ("who", "readers", "may"),
    [
        (viewer(person_id=7), "facilitators", True),
        (viewer("facilitator"), "facilitators", True),
        (viewer("admin"), "facilitators", False),
        (viewer("participant"), "facilitators", False),
        (viewer("coach"), "facilitators", False),
        (viewer("participant"), "cohort", True),
        (viewer("coach"), "cohort", True),
        (viewer("admin"), "cohort", False),
        (viewer("applicant"), "cohort", False),
        (viewer(), "cohort", False),
    ],
)
def test_who_may_read_follows_from_the_role_and_the_authors_choice(
    who: Viewer, readers: rules.Readers, may: bool
) -> None:
    assert rules.may_read(who, author_id=7, readers=readers) is may


def test_the_next_homework_that_the_organization_owes_opens_first() -> None:
    left = rules.open_for([assignment("later", 9), assignment("sooner", 2)], ())
    assert [one.key for one in left] == ["sooner", "later"]
    assert (rules.most_useful(left, (), NOW) or left[1]).key == "sooner"
    assert (rules.most_useful(left, ("sooner",), NOW) or left[0]).key == "later"


def test_with_nothing_ahead_the_latest_overdue_one_opens() -> None:
    left = rules.open_for([assignment("long-ago", -30), assignment("lately", -3)], ())
    assert (rules.most_useful(left, (), NOW) or left[0]).key == "lately"


def test_with_nothing_owed_the_next_one_due_opens_all_the_same() -> None:
    left = rules.open_for([assignment("past", -3), assignment("ahead", 3)], ())
    assert (rules.most_useful(left, ("past", "ahead"), NOW) or left[0]).key == "ahead"


def test_what_one_has_handed_in_is_not_open_and_neither_is_applicants_homework() -> None:
    assert rules.open_for([assignment("mine", 1), assignment("theirs", 1, "applicants")], ("mine",)) == ()
    assert rules.most_useful((), (), NOW) is None
