"""The programs that ship: every fact of their pages is there, with its hedge, and samples are marked as samples."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain import language
from bot.domain.programs import Entry, Program, Translation, in_break
from bot.services import program_file, programs
from bot.views import living
from bot.views.blocks import BUTTON
from bot.views.words import ENGLISH, SPANISH

OST = programs.check(programs.find_file("ost-cop"))
STEM = programs.check(programs.find_file("stem-iq"))
PROGRAMS = {"ost-cop": OST, "stem-iq": STEM}

NAMES = (
    *("STEMSTL", "Strategic Community Partners", "Adam", "Illinois", "Greater St. Louis", "STEM IQ", "STEMpact"),
    *("Hazelwood", "Hillsboro", "Jennings", "St. Charles", "University City", "Click Here to Learn More", "cst"),
)

# Entry, and what its answer must hold word for word.
OST_FACTS = [
    ("what-is-it", ("10-month", "10 out-of-school-time STEM programs", "antiracist, high-quality programs for youth")),
    ("ost-meaning", ("out-of-school-time",)),
    ("why-out-of-school", ("many St. Louis students", "important point of exposure", "project-based STEM learning")),
    ("origin", ("early 2018", "150 community members", "named", "prioritized", "STEM learning ecosystem")),
    ("goal", ("shared definition", "learning, growing and strengthening", "students are served best")),
    ("quality-definition", ("shared definition", "strategic priorities")),
    ("antiracist-commitment", ("openly, honestly", "lens of constant learning", "commitment to community")),
    ("first-cohort", ("inaugural cohort", "pilot cohort")),
    ("cohort-size", ("10 programs",)),
    ("duration", ("10-month",)),
    ("organizer", ("STEMSTL", "Strategic Community Partners")),
    ("facilitators", ("Strategic Community Partners", "Meet the team")),
    ("who-can-apply", ("Greater St. Louis", "STEM out-of-school-time programs", "page 1")),
    ("region", ("Greater St. Louis community", "neighbors in Illinois")),
    ("illinois", ("Yes", "Greater St. Louis", "neighbors in Illinois")),
    (
        "organization-size",
        ("Yes and no", "large and established", "small and established", "newly established", "page 1"),
    ),
    ("diversity", ("welcome", "additional richness")),
    ("requirements", ("page 1", "informational packet")),
    ("how-to-apply", ("as an organization", "Oct 16, 11:59 pm", "webinar", "page 2", "Adam")),
    ("deadline", ("Submit it by Fri, Oct 16, 11:59 pm (St. Louis)",)),
    ("still-open", ("Yes, until Fri, Oct 16, 11:59 pm (St. Louis)",)),
    ("deadline-zone", ("St. Louis time", "cst", "11:59 pm", "3:00–4:00 pm")),
    ("apply-as-organization", ("as an organization", "1-2 individuals", "page 5")),
    ("people-per-organization", ("1-2 individuals",)),
    ("application-questions", ("in advance", "page 2")),
    ("rubric", ("scoring rubric", "page 5")),
    ("packet", ("Click Here to Learn More",)),
    ("packet-contents", ("one-pager", "preview", "rubric", "Page 1", "Page 2", "Page 5", "selection process")),
    ("one-pager", ("informational packet",)),
    ("application-help", ("webinar", "Office Hours", "E-mail to Adam", "calendar", "Oct 16, 11:59 pm", "Wed, Oct 14")),
    ("webinar", ("webinar on the Community of Practice",)),
    ("office-hours", ("Wed, Oct 14", "Thu, Oct 15", "Fri, Oct 16", "3:00–4:00 pm (St. Louis)", "Hop on")),
    ("office-hours-purpose", ("whatever you want to know about the application",)),
    ("join-office-hours", ("Hop on", "Wed, Oct 14, 3:00–4:00 pm (St. Louis)")),
    ("instead-of-office-hours", ("Adam", "easier")),
    ("contact", ("Adam", "adam@example.org (sample)", "Office Hours")),
    ("all-dates", ("informational packet", "Selection process", "in the event you are selected", "Oct 16", "Nov 19")),
    ("selection", ("selection process", "informational packet", "Oct 30", "sample")),
    ("selection-process", ("scoring rubric", "page 5", "dates of the selection process")),
    ("convening-schedule", ("page 1", "bi-monthly", "virtual", "approximately 2 hours", "Nov 19", "sample")),
    ("action-items", ("page 1",)),
    (
        "time-commitment",
        ("Bi-monthly", "approximately 2 hours", "up to 2 hours per month", "may take 3-5 hours per month"),
    ),
    ("convening-length", ("bi-monthly virtual convening", "approximately 2 hours")),
    ("all-day", ("Partial", "approximately 2 hours", "up to 2 hours per month")),
    ("convening-frequency", ("Bi-monthly", "page 1")),
    ("virtual", ("virtual",)),
    ("coaching-format", ("rotates between one-on-one and group", "up to 2 hours per month")),
    ("coaching-hours", ("one-on-one and group coaching rotate monthly", "up to 2 hours per month")),
    ("coaching-schedule", ("Dec 10", "sample", "rotate monthly", "up to 2 hours per month")),
    ("homework-hours", ("On average", "may take 3-5 hours per month")),
    ("homework-due", ("Oct 21", "sample")),
    ("homework-kinds", ("implementation of tools and resources", "reflections", "book club style readings")),
    ("homework-daily-work", ("ongoing", "integrate into your daily work")),
]
STEM_FACTS = [
    (
        "what-is-stem-iq",
        ("newest initiative", "school systems", "with high quality", "exemplary practices and outcomes"),
    ),
    ("name-meaning", ("STEM Integration Quality",)),
    ("newest", ("newest initiative", "July 2017")),
    ("goal", ("exemplary practices and outcomes", "stronger academic outcomes")),
    ("organizer", ("STEMpact", "facilitators")),
    (
        "who-takes-part",
        ("Central office leadership teams", "lead teachers", "instructional leaders and coaches", "principals"),
    ),
    ("centralized-plan", ("centralized plan", "exemplary STEM instruction", "stronger academic outcomes")),
    ("districts", ("Hazelwood", "Hillsboro", "Jennings", "St. Charles", "University City", "Five")),
    ("how-many-districts", ("Five", "2017-2018 school year", "the next step")),
    ("how-chosen", ("STEMpact identified", "committed to taking", "the next step")),
    ("duration", ("Three years", "agreed to")),
    ("start", ("July 2017", "year one")),
    ("school-year", ("2017-2018 school year", "July 2017")),
    ("retreat-when", ("summer of 2017",)),
    ("retreat-length", ("three days",)),
    ("retreat-what", ("learning", "collaborating", "planning")),
    ("retreat-who", ("Leadership teams from each participating district", "STEMpact facilitated")),
    ("participant-site", ("Participant Resource Site (2017-2018)",)),
    ("district-expectations", ("next step", "scope", "3 year plan and budget", "support needed")),
    ("next-step", ("unique", "each district")),
    ("next-step-who", ("will identify its own", "feedback and resources")),
    (
        "next-step-criteria",
        (
            "makes sense for the district",
            "positive change to the school system and improves it",
            "meaningful and can be measured",
            "something important to what the STEMpact region learns",
        ),
    ),
    ("scope", ("unique", "district-wide", "selected grade levels/content areas", "specific schools")),
    (
        "plan-and-budget",
        ("plan and a budget for 3 years", "up to $10,000/year for each district", "contingent on funding"),
    ),
    (
        "support-types",
        (
            "not limited to",
            "technical support (goals, outcomes, measurement, evaluation criteria)",
            "for leaders",
            "for teachers",
            "STEM integration in curriculum",
            "instruction and classroom practices",
        ),
    ),
    ("who-names-support", ("Each district will identify the support",)),
    ("technical-support", ("goals, outcomes, measurement and evaluation criteria",)),
    ("professional-development", ("for leaders", "for teachers")),
    ("curriculum", ("meaningful STEM integration in curriculum",)),
    ("instruction", ("instruction and classroom practices",)),
    (
        "stempact-commitments",
        ("feedback and resources", "up to $10,000/year", "contingent on funding", "cohort initiative"),
    ),
    ("feedback", ("design", "systemic impact", "evaluation plans", "regional importance")),
    (
        "resources",
        (
            "inform and support each district's unique plan and help to implement it",
            "technical support",
            "for leaders",
            "for teachers",
        ),
    ),
    ("funding", ("Up to $10,000/year for each district", "match", "contingent on funding")),
    ("match", ("plans its expenses/investment", "up to $10,000/year", "contingent on funding")),
    ("funding-guaranteed", ("contingent on funding", "up to $10,000/year")),
    ("cohort-initiative", ("areas of interest that the participating districts share", "help support")),
]
MONDAY = datetime(2020, 10, 12, 14, tzinfo=UTC)
AFTERWARDS = datetime(2021, 11, 1, 14, tzinfo=UTC)
FACTS = [("ost-cop", *fact) for fact in OST_FACTS] + [("stem-iq", *fact) for fact in STEM_FACTS]


@pytest.mark.parametrize(("slug", "key", "words"), FACTS, ids=[f"{slug}: {key}" for slug, key, _ in FACTS])
def test_an_answer_holds_its_facts_and_hedges(slug: str, key: str, words: tuple[str, ...]) -> None:
    entry = PROGRAMS[slug].entry(key)
    assert entry is not None
    said = living.plain(entry.answer, PROGRAMS[slug], MONDAY)
    assert [one for one in words if one not in said] == []


@pytest.mark.parametrize(("slug", "facts"), [("ost-cop", OST_FACTS), ("stem-iq", STEM_FACTS)])
def test_every_entry_has_its_facts_checked(slug: str, facts: list[tuple[str, tuple[str, ...]]]) -> None:
    assert {entry.key for entry in PROGRAMS[slug].entries} == {key for key, _ in facts}


def spanish(entry: Entry) -> Translation:
    told = entry.translation("es")
    assert told is not None, entry.key
    return told


def texts(program: Program) -> Iterator[str]:
    yield from (entry.answer for entry in program.entries)
    yield from (one.text for one in program.roles)
    yield from (one.text for one in program.expectations)
    yield from (one.text for one in program.milestones)
    if program.hours:
        yield program.hours.words
    if program.coaching:
        yield program.coaching.words


def test_numbers_of_hours_never_stand_without_their_hedge() -> None:
    for text in texts(OST):
        for match in re.finditer(r"3-5 hours", text):
            assert "on average" in text[: match.start()].lower()
        for match in re.finditer(r"2 hours", text):
            assert text[: match.start()].endswith(("approximately ", "up to "))


def test_money_never_stands_without_its_condition() -> None:
    for text in texts(STEM):
        if "$10,000" in text:
            assert "up to $10,000" in text.lower()
            assert "contingent on funding" in text


def test_the_hedges_hold_in_spanish() -> None:
    for answer in (spanish(entry).answer for entry in (*OST.entries, *STEM.entries)):
        for match in re.finditer(r"3 a 5 horas", answer):
            assert "en promedio" in answer[: match.start()].lower()
        for match in re.finditer(r"2 horas", answer):
            assert answer[: match.start()].endswith(("aproximadamente ", "hasta "))
        if "$10,000" in answer:
            assert "hasta $10,000" in answer
            assert "disponibilidad de fondos" in answer


def test_bi_monthly_stays_a_word_that_spanish_does_not_decide_either() -> None:
    for entry in OST.entries:
        told = spanish(entry).answer
        assert ("bi-monthly" in entry.answer.lower()) == ("bi-monthly" in told), entry.key
        for computed in ("bimestral", "bimensual", "cada dos meses", "dos veces al mes", "quincenal"):
            assert computed not in told


def test_bi_monthly_stays_a_word() -> None:
    whole = " ".join(texts(OST))
    assert re.search(r"bi-monthly", whole, re.IGNORECASE)
    for computed in ("every two months", "twice a month", "every other month", "5 convenings", "six convenings"):
        assert computed not in whole


def test_the_application_week_is_that_of_october_2020_in_st_louis() -> None:
    weeks = [
        (f"{one.local(OST.zone):%a %Y-%m-%d %H:%M}", one.kind) for one in OST.events if one.audience == "applicants"
    ]
    assert weeks[:4] == [
        ("Wed 2020-10-14 15:00", "office_hours"),
        ("Thu 2020-10-15 15:00", "office_hours"),
        ("Fri 2020-10-16 15:00", "office_hours"),
        ("Fri 2020-10-16 23:59", "deadline"),
    ]
    assert not any(one.sample for one in OST.events[:4])
    deadline = OST.event("application-deadline")
    assert deadline is not None
    assert deadline.starts_at == datetime(2020, 10, 17, 4, 59, tzinfo=UTC)


def test_what_the_page_does_not_give_is_marked_as_a_sample() -> None:
    assert OST.contact.sample
    assert OST.season_sample
    assert all(one.sample for one in OST.events if one.kind in ("convening", "coaching", "selection"))
    assert all(one.sample for one in OST.assignments)
    assert all(one.sample for one in OST.breaks)


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_every_sample_link_is_marked_and_none_leads_anywhere(program: Program) -> None:
    for event in program.events:
        assert event.link is None or (event.link_sample and event.link.startswith("https://example.org/"))
    for resource in program.resources:
        assert resource.url is None or (resource.sample and resource.url.startswith("https://example.org/"))
    assert program.contact.email.endswith("@example.org")


def test_expected_hours_are_kept_in_words_and_numbers() -> None:
    assert OST.hours is not None
    assert (OST.hours.low, OST.hours.high, OST.hours.per) == (3, 5, "month")
    assert OST.coaching is not None
    assert OST.coaching.up_to_hours == 2
    assert "Rotating monthly one-on-one and group" in OST.coaching.words


def test_what_stem_iq_dates_in_words_has_no_made_up_day() -> None:
    assert STEM.events == ()
    assert (STEM.starts, STEM.ends) == (None, None)
    assert [one.when for one in STEM.milestones] == ["2017-2018 school year", "over the summer of 2017", "July 2017"]


def test_stem_iq_has_its_roles_and_both_sides_expectations() -> None:
    assert {one.who for one in STEM.expectations} == {"Each district", "STEMpact"}
    whole = " ".join(texts(STEM))
    for words in (
        "Hazelwood, Hillsboro, Jennings, St. Charles and University City",
        "lead teachers",
        "district-wide",
        "measurable results",
        "systemic impact",
        "planned expenses or investment",
        "areas of interest shared",
    ):
        assert words in whole


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_every_entry_is_asked_in_many_ways_two_of_them_or_more_in_spanish(program: Program) -> None:
    for entry in program.entries:
        in_spanish = [one for one in entry.phrasings if language.is_spanish(one)]
        assert len(in_spanish) >= 2, (entry.key, in_spanish)
        assert len(entry.phrasings) - len(in_spanish) >= 8, entry.key


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_no_way_of_asking_stands_twice_anywhere(program: Program) -> None:
    asked = Counter(
        " ".join(language.words(text))
        for entry in program.entries
        for text in (entry.question, spanish(entry).question, *entry.phrasings)
    )
    assert [text for text, count in asked.items() if count > 1] == []


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_people_ask_in_a_word_or_two_and_in_whole_stories(program: Program) -> None:
    for entry in program.entries:
        lengths = [len(phrasing.split()) for phrasing in entry.phrasings]
        assert min(lengths) <= 4, entry.key
        assert max(lengths) >= 10, entry.key


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_every_question_fits_on_a_button(program: Program) -> None:
    for entry in program.entries:
        assert [text for text in (entry.question, spanish(entry).question) if len(text) > BUTTON] == []


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_every_entry_is_told_in_spanish_with_the_same_names_numbers_and_dates(program: Program) -> None:
    for entry in program.entries:
        told = spanish(entry)
        assert language.is_spanish(told.question), entry.key
        assert figures(told.answer) == figures(entry.answer), entry.key
        assert placeholders(told.answer) == placeholders(entry.answer), entry.key
        assert [one for one in NAMES if (one in entry.answer) != (one in told.answer)] == [], entry.key
        assert told.answer.count("\n- ") == entry.answer.count("\n- "), entry.key


def figures(answer: str) -> Counter[str]:
    return Counter(re.findall(r"\d+", re.sub(r"{{[a-z]+:[a-z0-9-]+", "", answer)))


def placeholders(answer: str) -> Counter[str]:
    return Counter(re.findall(r"{{[a-z-]+(?::[a-z0-9_-]+)?", answer))


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_what_the_calendar_says_is_not_said_again_in_an_answer(program: Program) -> None:
    days = re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri)day\b|\bOct(?:ober)?\b|\bviernes\b|\boctubre\b|https?://|@")
    told = [answer for entry in program.entries for answer in (entry.answer, spanish(entry).answer)]
    assert [answer for answer in told if days.search(answer)] == []


@pytest.mark.parametrize("now", [MONDAY, AFTERWARDS], ids=["in the application week", "after the season"])
def test_every_answer_reads_well_whenever_it_is_asked_for(now: datetime) -> None:
    for program in PROGRAMS.values():
        for entry in program.entries:
            for text, said in ((entry.answer, ENGLISH), (spanish(entry).answer, SPANISH)):
                read = living.plain(text, program, now, None, said)
                assert not re.search(r"[{}|]|  | \.|\.\.|: ?$", read), (entry.key, read)


def test_after_the_deadline_nobody_is_told_to_apply() -> None:
    for key in ("deadline", "still-open", "how-to-apply"):
        entry = OST.entry(key)
        assert entry is not None
        assert "closed" in living.plain(entry.answer, OST, AFTERWARDS)


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_every_entry_names_its_source_and_owner(program: Program) -> None:
    for entry in program.entries:
        assert "page" in entry.source or "calendar" in entry.source
        assert entry.owner in ("Adam", "Facilitators", "STEMpact facilitators")


def test_some_answers_are_verified_by_way_of_a_sample_and_one_lapses_during_the_season() -> None:
    verified = [one.verified for program in PROGRAMS.values() for one in program.entries if one.verified]
    assert verified
    assert all("(sample)" in one.by for one in verified)
    assert not any(one.lapsed(date(2020, 10, 12)) for one in verified)
    assert any(one.lapsed(date(2021, 1, 4)) for one in verified)
    assert any(one.until is None for one in verified)


def test_every_assignment_asks_a_few_things_and_only_required_ones_hold_it_up() -> None:
    assert 5 <= len(OST.assignments) <= 8
    for assignment in OST.assignments:
        assert 3 <= len(assignment.prompts) <= 4
        assert any(prompt.required for prompt in assignment.prompts)


def test_homework_is_posted_across_both_changes_of_the_clock() -> None:
    rule = next(one for one in OST.reminders if one.kind == "homework")
    spans = [(rule.offsets[0].moment(one.due_at, OST.zone), one.due_at) for one in OST.assignments]
    shifts = {
        end.astimezone(OST.tz).utcoffset() != start.astimezone(OST.tz).utcoffset() and end.year for start, end in spans
    }
    assert {2020, 2021} <= shifts
    assert all(start.astimezone(OST.tz).hour == 9 for start, _ in spans)


def test_something_is_due_within_the_first_weeks() -> None:
    first = min(one.due_at for one in OST.assignments)
    assert first - datetime(2020, 10, 12, 14, tzinfo=UTC) < timedelta(weeks=2)


def test_nothing_is_dated_inside_a_break_or_on_a_weekend() -> None:
    for moment in [one.starts_at for one in OST.events] + [one.due_at for one in OST.assignments]:
        assert in_break(OST, moment) is None
        assert OST.local_day(moment).weekday() < 5


def test_the_breaks_of_the_season_are_those_of_a_school_year() -> None:
    assert [(one.name, one.first, one.last) for one in OST.breaks] == [
        ("Thanksgiving", date(2020, 11, 25), date(2020, 11, 29)),
        ("Winter break", date(2020, 12, 21), date(2021, 1, 3)),
        ("Spring break", date(2021, 3, 22), date(2021, 3, 28)),
    ]


@pytest.mark.parametrize("slug", programs.shipped())
def test_a_shipped_file_explains_each_of_its_parts(slug: str) -> None:
    lines = programs.find_file(slug).read_text(encoding="utf-8").splitlines()
    parts = [line.rstrip(":") for line in lines if re.fullmatch(r"[a-z_]+:", line)]
    assert parts == [name for name in program_file.COMMENTS if name in parts]
    for name in parts:
        assert lines[lines.index(f"{name}:") - 1] == f"# {program_file.COMMENTS[name]}"
