"""The App Home: for every role the next step first, within Slack's limits, harmless whatever people wrote."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from bot.domain.channels import Setting
from bot.domain.checkins import Meeting
from bot.domain.digest import Missing, Report
from bot.domain.documents import Unread
from bot.domain.entries import Care, Doubt, Offer
from bot.domain.home import Page, Part, Running, SetUp, kit
from bot.domain.homework import Item, Overview, Standing
from bot.domain.people import ROLES, Listed, Member, Org, Team, Viewer
from bot.domain.programs import Document, Program, Verified
from bot.domain.questions import OpenQuestion, Where
from bot.domain.reflections import Content, Handed
from bot.sandbox import rules
from bot.services import programs
from bot.views import home as views
from tests.cast import FAY, MONDAY, SAM
from tests.journeys.workspace import text_of

PING = "<!channel> & <@U0EVIL001> " + "x" * 400
OST: Program = replace(programs.check(programs.find_file("ost-cop")), id=7)
BRIGHT = Org(1, "Bright Labs")
FACILITATOR = Member(7, FAY, "Fay Whitaker", "facilitator")
TEAM = Team(BRIGHT, (Member(11, "U0TOMAS01", "Tomás", "participant", organization=BRIGHT),))


def viewer(*roles: Any, **other: Any) -> Viewer:
    return replace(Viewer("T", SAM, 11, "Sam", program=OST, roles=frozenset(roles)), **other)


def part(*roles: Any, **other: Any) -> Part:
    known = {name: other.pop(name) for name in ("pending", "organization", "zone") if name in other}
    return Part(OST, viewer(*roles, **known), (FACILITATOR,), **other)


def shown(*parts: Part, now: datetime = MONDAY, **other: Any) -> str:
    view = views.page(Page("Sam", False, parts, **other), now)
    assert rules.view(view, "home") == []
    return text_of(view["blocks"])


LAPSED = Verified("Fay", date(2020, 9, 1), date(2020, 10, 1))


def question(number: int, text: str = "Is there childcare?", asker: str = "Ada") -> OpenQuestion:
    where = Where("channel", "C0APPLY01", "1.1")
    due = MONDAY + timedelta(days=1)
    return OpenQuestion(number, text, "U0ADA0001", asker, where, MONDAY, MONDAY, due, "Fay", FAY)


def handed(number: int, title: str = "Before we begin") -> Handed:
    content = Content((), None, "facilitators")
    return Handed(number, number, "x", title, True, 11, "Sam", SAM, BRIGHT, 1, content, MONDAY, MONDAY)


def waiting(number: int, name: str = "Kofi") -> Listed:
    return Listed(number, number, f"U{number:08}", name, None, "participant", "pending", MONDAY)


def report(**other: Any) -> Report:
    return replace(Report(OST, MONDAY, MONDAY - timedelta(days=7), MONDAY, MONDAY.date()), **other)


def test_an_applicant_has_the_kit_with_samples_marked_and_times_with_their_zone() -> None:
    said = shown(part("applicant", kit=kit(OST, MONDAY), zone="America/New_York"))
    for thing in ("Webinar", "Informational packet", "Application preview", "Scoring rubric", "Application form"):
        assert thing in said
    assert "Webinar on the Community of Practice> (sample)" in said
    assert "Fri, Oct 16, 11:59 pm (St. Louis) · Sat, Oct 17, 12:59 am your time" in said
    assert "Wed, Oct 14, 3:00–4:00 pm (St. Louis)" in said
    assert "Ask a question" in said


def test_after_the_deadline_the_kit_offers_nothing_that_is_over() -> None:
    later = MONDAY + timedelta(days=7)
    said = shown(part("applicant", kit=kit(OST, later)), now=later)
    assert "Applications are due" not in said
    assert "Office Hours" not in said


def test_a_resource_without_an_address_is_asked_for() -> None:
    packet = replace(OST.resources[0], url=None)
    said = shown(part("applicant", kit=replace(kit(OST, MONDAY), resources=(packet,))))
    assert " · ask Adam, <mailto:adam@example.org|adam@example.org> (sample)" in said


def test_a_participant_has_the_next_date_the_homework_and_their_reflections() -> None:
    item = Item(OST.assignments[0], (Standing(TEAM),), 0, 3)
    overview = Overview(OST, viewer("participant", organization=BRIGHT), (item,), (), "own")
    said = shown(part("participant", organization=BRIGHT, homework=overview, reflections=(handed(14),)))
    assert said.index("Convening 1") < said.index("Homework of Bright Labs") < said.index("My reflections")
    assert "Nothing from Bright Labs yet" in said
    assert "Before we begin (sample) (no. 14)" in said
    for button in ("Hand in a reflection", "Log a coaching check-in", "Ask a question"):
        assert button in said


def test_a_coach_has_their_check_ins_and_the_organizations() -> None:
    meeting = Meeting(3, "June Park", "one-on-one", (BRIGHT.name,), MONDAY.date(), 45, ())
    said = shown(part("coach", checkins=(meeting,), teams=(TEAM,)))
    assert "Bright Labs" in said
    assert "Tomás" in said
    assert "45" in said
    assert "You have not logged" in shown(part("coach"))


@pytest.mark.parametrize("role", ["applicant", "participant", "coach", "admin"])
def test_whoever_does_not_answer_questions_can_ask_one(role: str) -> None:
    asks = part(role, kit=kit(OST, MONDAY) if role == "applicant" else None, set_up=SetUp((), {}, 0, 0, {}))
    assert shown(asks).count("Ask a question") == 1


def test_the_button_to_ask_with_is_there_once_whatever_roles_somebody_has() -> None:
    both = part("coach", "admin", "participant", set_up=SetUp((), {}, 0, 0, {}))
    assert shown(both).count("Ask a question") == 1


def test_a_facilitator_has_what_needs_them_first() -> None:
    missing = Missing(OST.assignments[0], ("River Robotics",), 3)
    running = Running(report(questions=(question(5),), missing=(missing,)), (waiting(9),))
    said = shown(part("facilitator", running=running), now=MONDAY + timedelta(hours=3))
    order = ["Is there childcare?", "3 hours ago", "Kofi", "River Robotics", "The week ahead", "Digest now"]
    places = [said.index(one) for one in order]
    assert places == sorted(places)
    assert "promised by Tue, Oct 13, 9:00 am (St. Louis)" in said


def test_the_newest_questions_are_shown_and_the_others_are_behind_a_button() -> None:
    many = tuple(question(number, text=f"no. {number:02}") for number in range(1, 15))
    said = shown(part("facilitator", running=Running(report(questions=many), ())), now=MONDAY + timedelta(days=2))
    assert "Open questions: 14" in said
    assert "The oldest was asked 2 days ago. 14 were to be answered by now." in said
    assert "See all" in said
    assert said.index("no. 14") < said.index("no. 05")
    assert "no. 04" not in said
    assert "These are the 10 newest." in said


def test_what_in_the_answers_needs_somebody_stands_below_the_questions() -> None:
    entry = OST.entries[0]
    care = Care((Doubt(entry, 2),), (replace(entry, verified=LAPSED),), (Offer(3, "how about it", entry),))
    running = Running(report(questions=(question(5),), care=care), ())
    said = shown(part("facilitator", running=running), now=MONDAY)
    order = ["Open questions: 1", "did not help", "Still right?", "how about it", "The week ahead", "Note a question"]
    assert [said.index(one) for one in order] == sorted(said.index(one) for one in order)


def test_a_promise_that_was_not_kept_is_said_to_be_past() -> None:
    running = Running(report(questions=(question(5),)), ())
    assert "was promised for" in shown(part("facilitator", running=running), now=MONDAY + timedelta(days=2))


def test_a_facilitator_with_nothing_open_is_told_so() -> None:
    assert "Everybody has an answer" in shown(part("facilitator", running=Running(report(), ())))


@pytest.mark.parametrize("role", ["facilitator", "admin"])
def test_a_document_that_could_not_be_read_is_named_with_what_helps(role: str) -> None:
    unread = (Unread(Document(key="flyer", title="Flyer <old>", path="flyer.pdf"), "encrypted"),)
    running, set_up = (Running(report(), ()), None) if role == "facilitator" else (None, SetUp((), {}, 0, 0, {}))
    said = shown(part(role, unread=unread, running=running, set_up=set_up))
    assert "“Flyer &lt;old&gt;” could not be read: flyer.pdf is encrypted" in said
    assert "Save a copy without password and restrictions" in said


def test_who_runs_it_and_looks_after_it_is_told_once_which_document_could_not_be_read() -> None:
    unread = (Unread(Document(key="flyer", title="Flyer", path="flyer.pdf"), "missing"),)
    full = part("facilitator", "admin", unread=unread, running=Running(report(), ()), set_up=SetUp((), {}, 0, 0, {}))
    assert shown(full).count("“Flyer” could not be read") == 1


def test_an_admin_has_counts_channels_and_what_is_missing() -> None:
    counts = {role: number for number, role in enumerate(ROLES)}
    channels = (Setting("C0FACIL01", "open", "facilitators"),)
    said = shown(part("admin", set_up=SetUp(channels, counts, 3, 2, {"refused": 4})))
    assert "1 participant, 2 coaches, 3 facilitators, 4 admins, 3 organizations, 2 waiting to be confirmed" in said
    assert "No channel is set for the cohort" in said
    assert "No channel is set for the facilitators" not in said
    assert "This channel is public" in said
    assert "Slack did not take 4 messages" in said


def test_a_stranger_is_told_whom_to_ask() -> None:
    said = shown(part())
    assert "not on this program's list yet" in said
    assert "mailto:adam@example.org" in said
    assert f"<@{FAY}>" in said
    assert "Ask a question" in said


def test_a_stranger_sees_the_next_office_hour_on_their_own_clock_too() -> None:
    said = shown(part(zone="America/Denver"))
    assert "Next: Wed, Oct 14, 3:00–4:00 pm (St. Louis) · 2:00 pm your time: Application Office Hours" in said
    assert "Next:" not in shown(part(), now=MONDAY + timedelta(days=9))


def test_who_waits_and_who_has_left_are_told_how_they_stand() -> None:
    assert "not confirmed yet" in shown(part(pending=True))
    assert "You have left" in shown(part(left=True))


def test_two_roles_have_both_parts() -> None:
    said = shown(part("coach", "facilitator", running=Running(report(), ()), teams=(TEAM,)))
    assert "Open questions" in said
    assert "Log a coaching check-in" in said


def test_without_a_program_it_says_who_sets_it_up() -> None:
    assert "An admin of this workspace sets one up here" in shown()


def test_the_new_admin_is_told() -> None:
    view = views.page(Page("Alex", True, (part("admin"),)), MONDAY, ["R&D"])
    assert "you look after *R&amp;D* from now on" in text_of(view)


def test_a_channel_without_a_purpose_can_be_given_one() -> None:
    assert "*What is <#C0NEW0001> for?*" in shown(part("admin"), unset=(Setting("C0NEW0001", "new"),))


@pytest.mark.parametrize("several", [1, 4])
def test_however_much_there_is_it_fits_and_pings_nobody(several: int) -> None:
    questions = tuple(question(n, PING * 10, PING) for n in range(50))
    missing = tuple(Missing(one, (PING,) * 40, 40) for one in OST.assignments)
    item = [Item(one, (Standing(TEAM, (handed(3, PING),)),), 1, 3) for one in OST.assignments]
    full = part(
        *ROLES,
        organization=Org(1, PING[:75]),
        kit=replace(kit(OST, MONDAY), resources=OST.resources * 20),
        homework=Overview(OST, viewer(*ROLES), tuple(item), (), "own"),
        reflections=(handed(1, PING), handed(2), handed(3)),
        teams=tuple(Team(Org(n, PING), TEAM.people * 30) for n in range(60)),
        running=Running(report(questions=questions, missing=missing), tuple(waiting(n, PING) for n in range(50))),
        set_up=SetUp(
            tuple(Setting(f"C{n:08}", PING, "facilitators") for n in range(30)), dict.fromkeys(ROLES, 999), 3, 2, {}
        ),
        unread=tuple(Unread(Document(key=f"d{n}", title=PING, path=PING), "missing") for n in range(30)),
    )
    said = shown(*([full] * several), unset=tuple(Setting(f"C{n:08}", PING) for n in range(30)))
    assert "<!channel>" not in said
