"""Placeholders: what they stand for at a moment, and every way in which one is wrong."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.living import (
    ALIASES,
    KINDS,
    MOST_DATES,
    WORDS,
    Dated,
    Dates,
    Lead,
    Malformed,
    Names,
    Piece,
    Placeholder,
    Undated,
    bare,
    faults,
    fill,
    parse,
)
from bot.domain.programs import Assignment, Program, Prompt, Resource
from tests.calendars import event, program, there

DEADLINE = event("application-deadline", "2020-10-16 23:59", kind="deadline", audience="applicants")
REPORT = event("report", "2021-08-01 12:00", kind="deadline", audience="cohort")
FIRST = event("convening-1", "2020-11-19 10:00", "2020-11-19 12:00", audience="cohort", sample=True)
SECOND = event("convening-2", "2021-01-21 10:00", "2021-01-21 12:00", link="https://example.org/2", link_sample=True)
HOMEWORK = Assignment(
    key="first",
    title="First reflection",
    summary="A few lines.",
    due_at=there("2020-10-21 17:00"),
    prompts=(Prompt("scene", "What did you see?"),),
)
WEBINAR = Resource(key="webinar", kind="webinar", title="Webinar", url="https://example.org/w", sample=True)
RUBRIC = Resource(key="rubric", kind="rubric", title="Rubric")
SEASON = program(SECOND, REPORT, DEADLINE, FIRST, assignments=(HOMEWORK,), resources=(WEBINAR, RUBRIC))
NAMES = Names(
    frozenset(one.key for one in SEASON.events), frozenset({"first"}), frozenset(one.key for one in SEASON.resources)
)
BEFORE, AFTER = "2020-10-12 09:00", "2020-10-17 00:00"


def filled(text: str, now: str = BEFORE, of: Program = SEASON) -> list[Piece]:
    return list(fill(text, of, there(now)))


def says(text: str) -> list[str]:
    return [fault.says for fault in faults(text, NAMES)]


def test_a_text_without_placeholders_stays_as_it_is() -> None:
    assert filled("Yes {of course}.") == ["Yes {of course}."]


def test_a_date_is_the_events_moment() -> None:
    assert filled("By {{date:application-deadline}}!") == ["By ", Dated("date", DEADLINE.starts_at), "!"]


@pytest.mark.parametrize("shape", ["date", "day", "time"])
def test_a_moment_is_said_as_much_as_is_asked_for(shape: str) -> None:
    (found,) = filled(f"{{{{{shape}:application-deadline}}}}")
    assert isinstance(found, Dated)
    assert found.shape == shape


def test_homework_has_a_date_as_well() -> None:
    assert filled("{{date:first}}") == [Dated("date", HOMEWORK.due_at)]


def test_a_made_up_date_is_said_to_be_one() -> None:
    assert filled("{{date:convening-1}}") == [Dated("date", FIRST.starts_at, FIRST.ends_at, sample=True)]


def test_of_a_kind_the_next_one_is_meant_and_the_last_one_when_all_are_over() -> None:
    assert filled("{{date:convening}}", "2020-11-19 12:00") == [Dated("date", SECOND.starts_at, SECOND.ends_at)]
    assert filled("{{date:convening}}", "2021-05-01 12:00") == [
        Dated("date", SECOND.starts_at, SECOND.ends_at, over=True)
    ]


def test_the_next_of_a_kind_may_be_under_way() -> None:
    (found,) = filled("{{next:convening}}", "2020-11-19 11:59")
    assert isinstance(found, Dated)
    assert found.starts_at == FIRST.starts_at


def test_when_none_is_ahead_the_next_has_no_date() -> None:
    assert filled("{{next:convening}}", "2021-05-01 12:00") == [Undated()]
    assert filled("{{date:coaching}}{{dates:coaching}}") == [Undated(), Undated()]


def test_the_next_homework_is_the_one_due_first() -> None:
    assert filled("{{next:homework}}") == [Dated("date", HOMEWORK.due_at)]
    assert filled("{{next:assignments}}") == [Dated("date", HOMEWORK.due_at)]


def test_a_list_of_dates_has_what_is_ahead_soonest_first() -> None:
    (found,) = filled("{{dates:convening}}")
    assert isinstance(found, Dates)
    assert [one.starts_at for one in found.dates] == [FIRST.starts_at, SECOND.starts_at]
    (later,) = filled("{{dates:convenings}}", "2020-12-01 09:00")
    assert isinstance(later, Dates)
    assert [one.starts_at for one in later.dates] == [SECOND.starts_at]


def test_a_list_of_dates_that_are_all_past_says_so() -> None:
    (found,) = filled("{{dates:convening}}", "2021-05-01 12:00")
    assert isinstance(found, Dates)
    assert [one.over for one in found.dates] == [True, True]


def test_a_long_list_of_dates_says_how_many_more_there_are() -> None:
    every = [event(f"e-{day}", f"2020-11-{day:02} 10:00") for day in range(1, 16)]
    (found,) = filled("{{dates:convening}}", of=program(*every))
    assert isinstance(found, Dates)
    assert (len(found.dates), found.more) == (MOST_DATES, 15 - MOST_DATES)


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("{{dates:convening}}", True),
        ("They are:\n{{dates:convening}}\nSee you!", True),
        ("They are {{dates:convening}}.", False),
    ],
)
def test_dates_are_a_list_where_nothing_follows_on_the_line(text: str, alone: bool) -> None:
    (found,) = [one for one in filled(text) if isinstance(one, Dates)]
    assert found.alone is alone


OPEN = "{{open:application-deadline|Yes, until {{day:application-deadline}}.|No, since {{day:application-deadline}}.}}"


def test_what_is_open_is_answered_with_the_first_text_to_the_minute() -> None:
    assert filled(OPEN, "2020-10-16 23:59")[0] == "Yes, until "
    assert filled(OPEN, AFTER)[0] == "No, since "


def test_placeholders_stand_in_the_texts_of_others() -> None:
    assert filled(OPEN)[1:] == [Dated("day", DEADLINE.starts_at), "."]


def test_an_empty_text_may_be_chosen() -> None:
    assert filled("Ask us.{{open:convening|| It is over.}}") == ["Ask us."]


def test_applications_close_with_the_deadline_for_applicants() -> None:
    assert filled("{{open:applications|yes|no}}") == ["yes"]
    assert filled("{{open:applications|yes|no}}", AFTER) == ["no"]
    assert filled("{{open:deadline|yes|no}}", AFTER) == ["yes"]


def test_of_what_is_not_on_the_calendar_nothing_is_open() -> None:
    assert filled("{{open:coaching|yes|no}}") == ["no"]


def test_an_id_goes_before_a_kind_of_the_same_name() -> None:
    named = event("convening", "2020-12-24 10:00")
    assert filled("{{date:convening}}", of=program(FIRST, named)) == [Dated("date", named.starts_at)]


def test_a_link_leads_to_a_resource_or_an_event_by_its_title_or_in_words_of_its_own() -> None:
    assert filled("{{link:webinar}}") == [Lead("Webinar", "https://example.org/w", sample=True)]
    assert filled("{{link:webinar|la grabación}}") == [Lead("la grabación", "https://example.org/w", sample=True)]
    assert filled("{{link:convening-2}}") == [Lead(SECOND.title, "https://example.org/2", sample=True)]


def test_what_has_no_address_is_named() -> None:
    assert filled("{{link:rubric}}") == [Lead("Rubric", None)]


def test_whom_to_write_to_and_by_when_they_answer() -> None:
    assert filled("{{contact}}") == ["Mara, ", Lead("mara@example.org", "mailto:mara@example.org")]
    assert filled("{{answer-by}}", "2020-10-16 09:00") == [Dated("date", there("2020-10-19 12:00"))]


def test_spaces_inside_the_braces_do_not_matter() -> None:
    assert filled("{{ date : first }}") == filled("{{date:first}}")
    assert says("{{ date : first }}") == []


@pytest.mark.parametrize(
    "text",
    [OPEN, "{{next:homework}}", "{{dates:office-hours}}", "{{link:webinar|here}}", "{{contact}} {{answer-by}}", "{a}"],
)
def test_what_is_right_has_no_faults(text: str) -> None:
    assert says(text) == []


@pytest.mark.parametrize("word", WORDS.values(), ids=WORDS)
def test_every_example_of_a_word_can_be_taken_apart(word: Any) -> None:
    found = [one for one in parse(word.like) if isinstance(one, Placeholder)]
    assert {WORDS[one.word] for one in found} == {word}
    assert all(len(one.texts) in word.texts for one in found)


def test_every_alias_is_another_name_for_a_kind() -> None:
    assert set(ALIASES.values()) <= KINDS - set(ALIASES)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("{{dat:first}}", "begins with no word that is known (date, day, time, next,"),
        ("{{}}", "begins with no word that is known"),
        ("{{date:applicatoin-deadline}}", "names no event or assignment: 'applicatoin-deadline'"),
        ("{{date:webinars-x}}", "names no event or assignment"),
        ("{{date:rubric}}", "names no event or assignment: 'rubric'"),
        ("{{date}}", "does not say what it is about; write it like {{date:application-deadline}}"),
        ("{{next:convening-1}}", "names no kind of date: 'convening-1'"),
        ("{{link:first}}", "names no resource or event: 'first'"),
        ("{{link:webinar|{{day:first}}}}", "has a placeholder in the words of a link"),
        ("{{contact:mara}}", "needs nothing behind its name"),
        ("{{open:first|yes}}", "has 1 text after its name; write it like {{open:"),
        ("{{open:first|yes|no|perhaps}}", "has 3 texts after its name"),
        ("{{date:first|on}}", "has 1 text after its name"),
        ("{{date:first}", "is not closed"),
        ("by {{date:first", "is not closed"),
        ("{{open:first|yes, {{day:first}|no}}", "is not closed"),
        ("date:first}}", "closes a placeholder that was never opened"),
        ("{{{{next:homework}}}}", "has a placeholder in its name"),
        ("{{{date:first}}}", "begins with no word that is known"),
        ("{{open:first|" * 5 + "yes" + "|no}}" * 5, "stands in too many placeholders"),
    ],
)
def test_what_names_nothing_or_does_not_close_is_a_fault(text: str, wrong: str) -> None:
    (found,) = faults(text, NAMES)
    assert wrong in found.says
    assert found.written.split()[0] in text


def test_every_fault_of_a_text_is_named_once() -> None:
    assert len(says("{{date:x}} {{date:x}} {{open:y|{{day:z}}|no}}")) == 3


def test_an_id_that_names_two_things_is_a_fault() -> None:
    (found,) = faults("{{date:first}}", Names(frozenset({"first"}), frozenset({"first"})))
    assert "both an event and an assignment" in found.says


def test_words_are_compared_without_braces() -> None:
    assert bare(OPEN) == "Yes, until application deadline. No, since application deadline."
    assert bare("See {{link:webinar|the recording}} or {{contact}}.") == "See the recording or contact."
    assert bare("Plain.") == "Plain."
    assert bare("{{open:x|yes") == " open:x yes"


def test_what_was_stored_before_it_could_be_checked_stays_as_it_is_written() -> None:
    assert filled("{{date:gone}} {{nothing}}") == ["{{date:gone}}", " ", "{{nothing}}"]
    assert filled("{{date:first") == ["{{date:first"]
    assert filled("{{link:gone}}") == ["{{link:gone}}"]


@given(st.text(alphabet="{}|: adeopnlikt", max_size=60))
def test_nothing_that_is_written_breaks_an_answer(text: str) -> None:
    assert "{{" not in bare(text)
    now = DEADLINE.starts_at - timedelta(days=1)
    assert "".join(str(one) for one in fill(text, SEASON, now)) or not text or "{{" in text
    if not faults(text, NAMES):
        parse(text)


def test_braces_that_do_not_pair_up_are_refused_by_name() -> None:
    with pytest.raises(Malformed, match="is not closed"):
        parse("{{date:first")
