"""A program from inside Slack: begun once, its dates shifted, its people left behind, looked through, live or gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.domain.channels import Assigned, Room
from bot.domain.modes import samples
from bot.domain.people import NotAllowed, Viewer
from bot.domain.programs import Program, Purpose
from bot.domain.setup import (
    CODE_LIFE,
    MOST_WRONG,
    PARTS,
    Accepted,
    Added,
    Checklist,
    ChoosingChannel,
    Copy,
    Draft,
    Dropped,
    Flaw,
    Gone,
    Joined,
    Looking,
    Moved,
    NoCode,
    Opening,
    Part,
    People,
    Previewed,
    Rejected,
    Started,
    Stuck,
    Unclear,
    Unsure,
    WrongCode,
)
from bot.services import home, modes, people, program_file, programs, setup, setup_begin, setup_looking, setup_people
from bot.services.program_schema import EventItem, Sheet
from bot.services.programs import Programs
from bot.services.setup_begin import Templates
from storage import notices
from storage import people as people_rows
from storage.database import Database
from storage.notices import NoticeRow
from storage.setup import SetupCode
from tests import cast
from tests.cast import ALEX, COHORT, FACILITATORS, FAY, MONDAY, PRIYA, SAM, TEAM, TOMAS

START = date(2027, 1, 11)
NOW = datetime.fromisoformat("2026-11-23T15:00:00+00:00")
LATER = NOW + timedelta(hours=1)


@pytest.fixture(scope="session")
def templates() -> Templates:
    """Read once for all tests: it takes a while."""
    return Templates()


def draft(request: str = "r1", **other: Any) -> Draft:
    """The form, filled in."""
    made = Draft(
        template="ost-cop",
        name="River Robotics",
        start=START,
        zone="America/Chicago",
        place="Springfield",
        organizer="River Partners",
        contact="Alex Romero",
        email="alex@example.org",
        facilitators=("Alex Romero", "Fay Whitaker"),
        known=(),
        request=request,
    )
    return replace(made, **other)


def begin(session: Session, templates: Templates, user: str = ALEX, **other: Any) -> object:
    """Somebody hands the form in."""
    cast.person(session, user, {ALEX: "Alex Romero", FAY: "Fay Whitaker"}.get(user, ""), NOW)
    return setup_begin.begin(
        session=session,
        programs=Programs(),
        templates=templates,
        team=TEAM,
        user=user,
        draft=draft(**other),
        now=NOW,
    )


def started(session: Session, templates: Templates, **other: Any) -> Program:
    """A program that Alex has begun."""
    found = begin(session, templates, **other)
    assert isinstance(found, Started)
    return found.program


def viewer(session: Session, program: Program, user: str = ALEX, now: datetime = NOW) -> Viewer:
    """Somebody in a program as it stands now."""
    return people.viewer(session=session, programs=Programs(), team=TEAM, user=user, now=now, program_id=program.id)


def now_of(session: Session, program: Program) -> Program:
    """A program as it stands now."""
    found = Programs().by_id(session, program.id)
    assert found is not None
    return found


def listed(session: Session, program: Program, now: datetime = NOW) -> Checklist:
    """How far it is."""
    found = setup.checklist(session=session, program=now_of(session, program), now=now)
    assert found is not None
    return found


def accept(session: Session, program: Program, part: Part, **more: Any) -> Accepted:
    """Alex says that all of a part is right."""
    found = setup_looking.accept(
        session=session,
        programs=Programs(),
        viewer=viewer(session, program),
        part=part,
        start=0,
        now=NOW,
        everything=True,
        **more,
    )
    assert isinstance(found, Accepted)
    return found


# Who may


def test_a_code_opens_once_however_it_is_typed_and_only_for_whoever_typed_it(db: Database) -> None:
    with db.begin() as session:
        code = setup_begin.issue_code(session=session, programs=Programs(), now=NOW)
        assert code is not None
        assert code not in str([row.model_dump() for row in session.exec(select(SetupCode))])
        asked: dict[str, Any] = {"session": session, "team": TEAM, "now": NOW}
        assert setup_begin.redeem(**asked, user=SAM, typed="AAAA-AAAA") == WrongCode(MOST_WRONG - 1)
        assert setup_begin.redeem(**asked, user=SAM, typed=code.lower().replace("-", " ")) is None
        assert setup_begin.redeem(**asked, user=SAM, typed=code) is None
        assert setup_begin.redeem(**asked, user=TOMAS, typed=code) == NoCode()
        sam, tomas = (people_rows.by_user(session, TEAM, user) for user in (SAM, TOMAS))
        assert sam is not None
        assert tomas is not None
        assert setup_begin.may_begin(session, sam, NOW)
        assert not setup_begin.may_begin(session, tomas, NOW)
        assert not setup_begin.may_begin(session, sam, NOW + CODE_LIFE + timedelta(minutes=1))


def test_after_a_few_wrong_ones_the_right_code_is_worth_nothing(quick_db: Database) -> None:
    with quick_db.begin() as session:
        code = setup_begin.issue_code(session=session, programs=Programs(), now=NOW)
        tries = [
            setup_begin.redeem(session=session, team=TEAM, user=SAM, typed="wrong", now=NOW) for _ in range(MOST_WRONG)
        ]
        assert tries == [*(WrongCode(left) for left in range(MOST_WRONG - 1, 0, -1)), NoCode()]
        assert setup_begin.redeem(session=session, team=TEAM, user=SAM, typed=code or "", now=NOW) == NoCode()


def test_a_code_is_good_for_a_day_and_the_newest_one_only(quick_db: Database) -> None:
    with quick_db.begin() as session:
        first = setup_begin.issue_code(session=session, programs=Programs(), now=NOW) or ""
        second = setup_begin.issue_code(session=session, programs=Programs(), now=NOW) or ""
        late = NOW + CODE_LIFE + timedelta(minutes=1)
        assert setup_begin.redeem(session=session, team=TEAM, user=SAM, typed=second, now=late) == NoCode()
        assert isinstance(setup_begin.redeem(session=session, team=TEAM, user=SAM, typed=first, now=NOW), WrongCode)


def test_where_there_is_a_program_no_code_is_shown(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.load(session, "stem-iq")
        assert setup_begin.issue_code(session=session, programs=Programs(), now=NOW) is None


def test_a_stranger_begins_nothing_and_is_told_who_can(quick_db: Database, templates: Templates) -> None:
    with quick_db.begin() as session:
        cast.person(session, ALEX, "Alex Romero")
        found = begin(session, templates, user=SAM)
        assert isinstance(found, NotAllowed)
        assert [one.user for one in found.facilitators] == [ALEX]
        opened = setup_begin.opening(
            session=session, programs=Programs(), templates=templates, team=TEAM, user=SAM, now=NOW
        )
        assert isinstance(opened, NotAllowed)
        assert Programs().all(session) == ()


def test_the_form_guesses_what_it_can(quick_db: Database, templates: Templates) -> None:
    with quick_db.begin() as session:
        cast.person(session, ALEX, "Alex Romero")
        found = setup_begin.opening(
            session=session, programs=Programs(), templates=templates, team=TEAM, user=ALEX, now=NOW
        )
        assert isinstance(found, Opening)
        assert (found.zone, found.name, found.known) == ("America/Chicago", "Alex Romero", ())
        assert {"ost-cop", "stem-iq", "blank", "blank-es"} == {one.slug for one in found.templates}


# Making it


def test_a_program_begins_in_practice_with_its_dates_shifted_to_the_same_weekdays_and_clocks(
    db: Database, templates: Templates
) -> None:
    with db.begin() as session:
        program = started(session, templates)
        assert (program.slug, program.name, program.mode) == ("river-robotics", "River Robotics", "practice")
        old = {one.id: one.starts for one in templates.sheet("ost-cop").of(EventItem)}
        new = {one.key: one.local("America/Chicago").replace(tzinfo=None) for one in program.events}
        assert {new[key] - old[key] for key in old} == {timedelta(weeks=326)}
        assert min(new.values()).date() == date(2027, 1, 13)
        assert program.breaks[0].first == date(2027, 2, 24)
        assert program.starts == date(2027, 2, 18)


def test_the_templates_people_are_left_behind_and_its_facts_are_samples(
    quick_db: Database, templates: Templates
) -> None:
    with quick_db.begin() as session:
        program = started(session, templates)
        assert program.contact.email == "alex@example.org"
        assert not program.contact.sample
        assert program.facilitators == ("Alex Romero", "Fay Whitaker")
        assert {one.owner for one in program.entries} == {"Alex Romero"}
        assert all(one.verified is None and one.sample for one in program.entries)
        assert {one.source for one in program.entries} == {"From the template “OST Community of Practice”"}
        facts = [one.sample for one in program.events] + [one.sample for one in program.breaks]
        assert all(facts + [one.sample for one in program.assignments] + [one.sample for one in program.resources])
        words = programs.export(session=session, slug=program.slug) or ""
        home_words = "\n".join((program.home.about, program.home.stranger, program.welcome.does))
        assert "Adam" not in home_words
        assert "River Robotics" in home_words
        assert "adam@example.org" not in words
        assert program.documents == ()
        assert program.milestones == ()
        assert [(one.user, one.role) for one in people.members(session, program.id, "admin", "facilitator")] == [
            (ALEX, "admin")
        ]


@pytest.mark.parametrize("template", ["ost-cop", "stem-iq", "blank", "blank-es"])
def test_every_template_makes_a_program_that_can_be_loaded_again(
    quick_db: Database, templates: Templates, template: str
) -> None:
    with quick_db.begin() as session:
        program = started(session, templates, template=template)
        text = programs.export(session=session, slug=program.slug)
        sheet = program_file.read_text(text or "", "x")
        again = programs.load(session=session, sheet=sheet, now=LATER)
        assert not again.anything_new
        assert now_of(session, program).mode == "practice"
        assert bool(samples(program)) == (not template.startswith("blank"))


def test_a_time_that_its_new_day_has_not_gives_way_and_is_to_be_looked_at(
    quick_db: Database, templates: Templates, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = templates.sheet("blank")
    raw = setup_begin.whole(sheet)
    raw["events"] = [{"id": "night", "kind": "other", "title": "Night watch", "starts": "2021-03-07 02:30"}]
    made = program_file.check(raw)
    monkeypatch.setattr(templates, "sheet", lambda slug: made)
    with quick_db.begin() as session:
        # On 14 March 2027 clocks in Chicago skip 2:30.
        program = started(session, templates, template="blank", start=date(2027, 3, 14))
        assert f"{program.events[0].local('America/Chicago'):%Y-%m-%d %H:%M}" == "2027-03-14 03:00"
        found = setup_looking.look(session=session, viewer=viewer(session, program), part="dates", start=0, now=NOW)
        assert isinstance(found, Looking)
        assert [(one.why, one.about) for one in found.things[0].notes] == [("clock", "02:30")]


@pytest.mark.parametrize(
    ("other", "found"),
    [
        ({"start": date(2026, 11, 22)}, Flaw("start", "past", "2026-11-23")),
        ({"name": ""}, Flaw("name", "empty")),
        ({"zone": "nowhere"}, Flaw("zone", "zone")),
    ],
)
def test_a_form_with_a_flaw_makes_nothing(
    quick_db: Database, templates: Templates, other: dict[str, Any], found: Flaw
) -> None:
    with quick_db.begin() as session:
        assert begin(session, templates, **other) == Rejected((found,))
        assert Programs().all(session) == ()


def test_a_form_handed_in_twice_makes_one(db: Database, templates: Templates) -> None:
    with db.begin() as session:
        first = begin(session, templates, template="blank")
    with db.begin() as session:
        again = begin(session, templates, template="blank")
        assert isinstance(first, Started)
        assert again == Started(first.program, again=True)
        assert len(Programs().all(session)) == 1


def test_the_same_name_twice_is_refused_and_a_template_twice_is_two_programs(
    quick_db: Database, templates: Templates
) -> None:
    with quick_db.begin() as session:
        first = started(session, templates, template="blank")
        known = (first.id,)
        same = begin(session, templates, template="blank", request="r2", known=known)
        assert same == Rejected((Flaw("name", "taken", "River Robotics"),))
        other = started(session, templates, template="blank", request="r3", known=known, name="River: robotics")
        assert other.slug == "river-robotics-2"


def test_of_two_who_begin_at_once_the_second_joins_the_first(db: Database, templates: Templates) -> None:
    with db.begin() as session:
        program = started(session, templates, template="blank")
    with db.begin() as session:
        cast.person(session, FAY, "Fay Whitaker").workspace_admin = True
        found = setup_begin.begin(
            session=session,
            programs=Programs(),
            templates=templates,
            team=TEAM,
            user=FAY,
            draft=draft("other", template="blank", name="Another"),
            now=LATER,
        )
        assert isinstance(found, Joined)
        assert (found.begun.name, found.begun.by) == ("River Robotics", "Alex Romero")
        assert viewer(session, program, FAY).has("admin")
        assert len(Programs().all(session)) == 1


def test_who_sees_that_another_has_begun_may_help_or_begin_their_own(quick_db: Database, templates: Templates) -> None:
    with quick_db.begin() as session:
        program = started(session, templates, template="blank")
        asked: dict[str, Any] = {
            "session": session,
            "programs": Programs(),
            "team": TEAM,
            "now": LATER,
            "program_id": program.id,
        }
        assert isinstance(setup_begin.help_with(**asked, user=SAM), NotAllowed)
        cast.person(session, FAY).workspace_admin = True
        assert isinstance(setup_begin.help_with(**asked, user=FAY), Joined)
        assert isinstance(setup_begin.help_with(**{**asked, "program_id": 99}, user=FAY), Gone)


# How far it is, and whose it is


def test_the_checklist_says_how_far_it_is(quick_db: Database, templates: Templates) -> None:
    with quick_db.begin() as session:
        program = started(session, templates)
        found = listed(session, program)
        assert (found.kind, found.source, found.gone) == ("template", "OST Community of Practice", 0)
        assert all(state.waiting == state.total > 0 for state in found.parts.values())
        assert found.parts["answers"].noted > 0
        assert found.channel("cohort") is None
        for part in PARTS:
            accept(session, program, part)
        assert all(state.waiting == 0 for state in listed(session, program).parts.values())


def test_what_is_being_set_up_is_there_only_for_those_who_do_it(quick_db: Database, templates: Templates) -> None:
    with quick_db.begin() as session:
        program = started(session, templates, template="blank")
        cast.join(session, program, TOMAS, "participant", organization="Bright Labs")
        row = people_rows.by_user(session, TEAM, TOMAS)
        assert row is not None
        row.welcomed_at = None
        viewer(session, program, TOMAS)
        assert list(session.exec(select(NoticeRow))) == [], "nobody is welcomed to it"
        shown = home.gather(session=session, programs=Programs(), team=TEAM, user=TOMAS, now=NOW)
        assert shown is not None
        assert shown.parts == ()
        alex = home.gather(session=session, programs=Programs(), team=TEAM, user=ALEX, now=NOW)
        assert alex is not None
        assert [part.checklist is not None for part in alex.parts] == [True]
        assert alex.may_begin


def test_whoever_takes_part_in_a_live_program_means_that_one(quick_db: Database, templates: Templates) -> None:
    with quick_db.begin() as session:
        live = cast.begin(session)
        other = started(session, templates, template="blank", name="Second")
        cast.join(session, other, FAY, "facilitator")
        assert cast.asks(session, FAY).program == live
        assert cast.asks(session, TOMAS).program == live


def test_a_program_that_ended_long_ago_is_meant_by_nobody_who_is_in_another(quick_db: Database) -> None:
    with quick_db.begin() as session:
        ost = cast.begin(session)
        stem = cast.load(session, "stem-iq")
        cast.join(session, stem, TOMAS, "participant", organization="Hillsboro")
        assert cast.asks(session, TOMAS, now=MONDAY).among
        assert cast.asks(session, TOMAS, now=MONDAY + timedelta(days=500)).program == stem
        assert cast.asks(session, PRIYA, now=MONDAY + timedelta(days=500)).program == ost


# Looking through it


def test_what_is_right_is_no_sample_any_more_and_who_said_so_vouches_for_it(
    quick_db: Database, templates: Templates
) -> None:
    with quick_db.begin() as session:
        program = started(session, templates)
        found = accept(session, program, "answers")
        assert found.done
        assert found.accepted == len(program.entries)
        after = now_of(session, program)
        assert not any(one.sample for one in after.entries)
        assert all(one.sample for one in after.resources), "another's link is never right"
        assert {one.source for one in after.entries} == {"Alex Romero"}
        assert {(one.verified.by, one.verified.on) for one in after.entries if one.verified} == {
            ("Alex Romero", date(2026, 11, 23))
        }
        assert all(one.sample for one in after.events), "only what was looked at"


def test_a_page_at_a_time_only_what_stands_on_it_is_right(quick_db: Database, templates: Templates) -> None:
    with quick_db.begin() as session:
        program = started(session, templates)
        asked: dict[str, Any] = {"session": session, "programs": Programs(), "part": "answers", "now": NOW}
        first = setup_looking.accept(**asked, viewer=viewer(session, program), start=0)
        assert isinstance(first, Accepted)
        assert (first.done, first.accepted, first.looking.start) == (False, 12, 12)
        state = listed(session, program).parts["answers"]
        assert state.total - state.waiting == 12
        again = setup_looking.accept(**asked, viewer=viewer(session, program), start=0)
        assert isinstance(again, Accepted)
        assert again.accepted == 0, "twice is once"


def test_what_is_left_out_is_taken_out_of_what_points_at_it(quick_db: Database, templates: Templates) -> None:
    with quick_db.begin() as session:
        program = started(session, templates)
        found = accept(session, program, "dates", left=("events/convening-1",))
        assert (found.left_out, found.done) == (1, True)
        after = now_of(session, program)
        assert after.event("convening-1") is None
        homework = after.assignment("quality-snapshot")
        assert homework is not None
        assert homework.event is None
        assert not after.events[0].sample


def test_what_an_answer_names_in_its_words_cannot_be_left_out_and_nothing_is_changed(
    quick_db: Database, templates: Templates
) -> None:
    with quick_db.begin() as session:
        program = started(session, templates)
        found = setup_looking.accept(
            session=session,
            programs=Programs(),
            viewer=viewer(session, program),
            part="dates",
            start=0,
            left=("events/office-hours-friday",),
            now=NOW,
        )
        assert isinstance(found, Stuck)
        assert "office-hours-friday" in found.says[0]
        assert now_of(session, program).revision == program.revision


def test_all_that_nobody_looked_at_can_be_left_out(quick_db: Database, templates: Templates) -> None:
    with quick_db.begin() as session:
        program = started(session, templates, template="stem-iq")
        left = setup_looking.everything_waiting(
            session=session, viewer=viewer(session, program), part="answers", now=NOW
        )
        accept(session, program, "answers", left=left)
        assert now_of(session, program).entries == ()


def test_words_with_a_date_or_a_name_of_the_template_are_to_be_looked_at(
    quick_db: Database, templates: Templates
) -> None:
    with quick_db.begin() as session:
        program = started(session, templates)
        found = setup_looking.look(session=session, viewer=viewer(session, program), part="answers", start=0, now=NOW)
        assert isinstance(found, Looking)
        noted = {note.why for thing in found.things for note in thing.notes}
        assert "date" in noted


def test_who_does_not_run_it_looks_at_nothing(quick_db: Database, templates: Templates) -> None:
    with quick_db.begin() as session:
        program = started(session, templates, template="blank")
        tomas = viewer(session, program, TOMAS)
        assert isinstance(setup_looking.look(session=session, viewer=tomas, part="dates", start=0, now=NOW), NotAllowed)
        assert isinstance(setup.drop(session=session, viewer=tomas, now=NOW), NotAllowed)
        assert isinstance(setup_people.adding(session=session, viewer=tomas), NotAllowed)
        wanted = People((TOMAS,), "facilitator", "", "")
        assert isinstance(setup_people.add_people(session=session, viewer=tomas, wanted=wanted, now=NOW), NotAllowed)


def test_a_break_of_the_template_is_to_be_looked_at_as_holidays_do_not_move(
    quick_db: Database, templates: Templates
) -> None:
    with quick_db.begin() as session:
        program = started(session, templates)
        found = setup_looking.look(session=session, viewer=viewer(session, program), part="dates", start=0, now=NOW)
        assert isinstance(found, Looking)
        breaks = [thing for thing in found.things if thing.section == "breaks"]
        assert breaks
        assert all("break" in {note.why for note in thing.notes} for thing in breaks)


def test_what_somebody_typed_themselves_needs_no_second_look(quick_db: Database, templates: Templates) -> None:
    with quick_db.begin() as session:
        program = started(session, templates, template="blank")
        evening = {"id": "evening", "kind": "convening", "title": "Evening", "starts": "2027-01-12 18:00"}
        programs.edit(
            session=session,
            slug=program.slug,
            edits={programs.Name("events", "evening"): {**evening, "audience": "cohort"}},
            by=ALEX,
            now=NOW,
            request="e",
        )
        found = listed(session, now_of(session, program))
        assert (found.parts["dates"].total, found.parts["dates"].waiting) == (1, 0)
        assert found.span == (found.first, found.first)


# Another start


def test_after_a_month_the_checklist_says_what_has_gone_by_and_everything_moves(
    quick_db: Database, templates: Templates
) -> None:
    with quick_db.begin() as session:
        program = started(session, templates)
        accept(session, program, "dates")
        month = datetime.fromisoformat("2027-02-20T12:00:00+00:00")
        before = listed(session, program, month)
        assert before.gone == 8
        found = setup.move_all(
            session=session,
            programs=Programs(),
            viewer=viewer(session, program),
            start=date(2027, 3, 1),
            now=month,
        )
        assert isinstance(found, Moved)
        assert found.weeks == 7
        after = listed(session, program, month)
        assert after.gone == 0
        dates = after.parts["dates"]
        assert (before.parts["dates"].waiting, dates.waiting) == (0, dates.total), "they are to be looked at again"
        assert not [one for one in after.samples if one.section == "events" and not one.link], "what is right stays so"
        accept(session, program, "dates")
        assert listed(session, program, month).parts["dates"].waiting == 0
        late = setup.move_all(
            session=session, programs=Programs(), viewer=viewer(session, program), start=START, now=month
        )
        assert late == Rejected((Flaw("start", "past", "2027-02-20"),))


# Throwing it away, and going live


def test_what_is_thrown_away_is_there_for_nobody_and_its_name_is_free(quick_db: Database, templates: Templates) -> None:
    with quick_db.begin() as session:
        program = started(session, templates, template="blank")
        cast.room(session, program, COHORT, "cohort")
        assert setup.drop(session=session, viewer=viewer(session, program), now=NOW) == Dropped("River Robotics")
        assert Programs().all(session) == ()
        assert Programs().by_id(session, program.id) is None
        gone = viewer(session, program)
        assert gone.program is None
        assert setup.drop(session=session, viewer=gone, now=NOW) == Gone()
        again = started(session, templates, template="blank", request="r2")
        assert again.slug == "river-robotics"
        page = home.gather(session=session, programs=Programs(), team=TEAM, user=ALEX, now=NOW)
        assert page is not None
        assert [part.program.id for part in page.parts] == [again.id]


def test_going_live_ends_the_set_up(quick_db: Database, templates: Templates) -> None:
    with quick_db.begin() as session:
        program = started(session, templates, template="blank")
        modes.go_live(session=session, programs=Programs(), viewer=viewer(session, program), request="live", now=NOW)
        live = now_of(session, program)
        assert live.mode == "live"
        assert setup.checklist(session=session, program=live, now=NOW) is None
        found = setup_looking.look(session=session, viewer=viewer(session, program), part="dates", start=0, now=NOW)
        assert found == Gone(live)


# People


def add(session: Session, program: Program, user: str = ALEX, **wanted: Any) -> object:
    """Somebody adds people."""
    asked = replace(People((), "participant", "", ""), **wanted)
    return setup_people.add_people(session=session, viewer=viewer(session, program, user), wanted=asked, now=NOW)


def test_people_are_picked_and_written_a_line_each_and_twice_is_once(db: Database, templates: Templates) -> None:
    with db.begin() as session:
        program = started(session, templates, template="blank")
        lines = "Lena Fischer <lena@example.org>, participant, River Robotics\njune@example.org, coach"
        asked: dict[str, Any] = {"users": (TOMAS, PRIYA), "organization": "Bright Labs", "lines": lines}
        found = add(session, program, **asked)
        assert isinstance(found, Added)
        assert (found.added, found.changed, found.unchanged) == (4, 0, 0)
        assert found.unmet == ("lena@example.org", "june@example.org")
        again = add(session, program, **asked)
        assert isinstance(again, Added)
        assert (again.added, again.unchanged) == (0, 4)
        assert listed(session, program).organizations == 2
        assert [row.kind for row in session.exec(select(NoticeRow))] == [], "nobody is told"


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, Rejected((Flaw("users", "empty"),))),
        ({"users": (TOMAS,)}, Rejected((Flaw("organization", "empty"),))),
        ({"lines": " \n "}, Rejected((Flaw("users", "empty"),))),
    ],
)
def test_what_is_missing_is_said(
    quick_db: Database, templates: Templates, wanted: dict[str, Any], found: Rejected
) -> None:
    with quick_db.begin() as session:
        program = started(session, templates, template="blank")
        assert add(session, program, **wanted) == found


def test_lines_with_a_flaw_add_nobody(quick_db: Database, templates: Templates) -> None:
    with quick_db.begin() as session:
        program = started(session, templates, template="blank")
        found = add(session, program, users=(TOMAS,), organization="Bright Labs", lines="nobody")
        assert isinstance(found, Unclear)
        assert people.members(session, program.id, "participant") == ()


def test_only_an_admin_makes_admins(quick_db: Database, templates: Templates) -> None:
    with quick_db.begin() as session:
        program = started(session, templates, template="blank")
        cast.join(session, program, FAY, "facilitator")
        assert isinstance(add(session, program, FAY, users=(TOMAS,), role="admin"), Unclear)
        assert isinstance(add(session, program, users=(TOMAS,), role="admin"), Added)


def test_a_list_is_for_what_is_being_set_up_unless_another_is_named(quick_db: Database, templates: Templates) -> None:
    with quick_db.begin() as session:
        live = cast.begin(session)
        program = started(session, templates, template="blank", name="Second")

        def keeper(user: str, text: str = "") -> object:
            return setup_people.keeper(session=session, programs=Programs(), team=TEAM, user=user, text=text, now=NOW)

        alex = keeper(ALEX)
        assert isinstance(alex, Viewer)
        assert alex.of_program.id == program.id
        other = keeper(ALEX, "for the ost community of practice")
        assert isinstance(other, Viewer)
        assert other.of_program.id == live.id
        assert keeper(TOMAS) is None
        third = started(session, templates, template="blank", name="Third", request="r3", known=(program.id,))
        assert keeper(ALEX) == Unsure(("Second", third.name))


def test_a_file_is_taken_whole_or_not_at_all(quick_db: Database, templates: Templates) -> None:
    with quick_db.begin() as session:
        program = started(session, templates, template="blank")
        asked: dict[str, Any] = {
            "session": session,
            "viewer": viewer(session, program),
            "name": "people.csv",
            "now": NOW,
        }
        bad = setup_people.take_file(**asked, data=b"name,email,role\nAda,ada,coach\n")
        assert isinstance(bad, Unclear)
        good = setup_people.take_file(**asked, data=b"name,email,role\nAda,ada@example.org,coach\n")
        assert isinstance(good, Added)
        assert good.added == 1


# Channels and what will be said


def test_a_channel_serves_once_it_is_chosen(quick_db: Database, templates: Templates) -> None:
    with quick_db.begin() as session:
        program = started(session, templates, template="blank")
        cast.join(session, program, FAY, "facilitator")
        purpose: Purpose = "facilitators"
        asked = setup.choosing(session=session, viewer=viewer(session, program), purpose=purpose)
        assert isinstance(asked, ChoosingChannel)
        assert asked.proposed == "river-robotics-facilitators"
        assert {one.user for one in asked.invite} == {ALEX, FAY}
        room = Room(FACILITATORS, "staff", private=True, shared=False, archived=False, member=True)
        done = setup.set_channel(
            session=session,
            programs=Programs(),
            viewer=viewer(session, program),
            purpose=purpose,
            room=room,
            now=NOW,
        )
        assert isinstance(done, Assigned)
        found = listed(session, program).channel(purpose)
        assert found is not None
        assert found.channel == FACILITATORS


def test_the_preview_has_every_post_in_order_a_page_at_a_time(quick_db: Database, templates: Templates) -> None:
    with quick_db.begin() as session:
        program = started(session, templates)
        found = setup.preview(session=session, viewer=viewer(session, program), start=0, now=NOW)
        assert isinstance(found, Previewed)
        assert found.total > len(found.posts) == found.page
        assert [one.at for one in found.posts] == sorted(one.at for one in found.posts)
        assert all(one.sample for one in found.posts)
        assert listed(session, program).previewed
        assert notices.counts(session, program.id) == {}, "nothing is planned by looking"


# Copies


def test_a_copy_keeps_words_shifts_dates_and_leaves_people_behind(db: Database) -> None:
    with db.begin() as session:
        was = cast.begin(session)
        wanted = Copy("OST 2022", date(2021, 10, 11), "c")
        asked: dict[str, Any] = {
            "session": session,
            "programs": Programs(),
            "team": TEAM,
            "program_id": was.id,
            "wanted": wanted,
        }
        assert isinstance(setup_begin.copy(**asked, user=TOMAS, now=MONDAY), NotAllowed)
        found = setup_begin.copy(**asked, user=FAY, now=MONDAY)
        assert isinstance(found, Started)
        program = found.program
        assert (program.slug, program.mode) == ("ost-2022", "practice")
        assert [one.answer for one in program.entries] == [one.answer for one in was.entries]
        assert [one.sample for one in program.events] == [one.sample for one in was.events], "no samples by copying"
        assert program.contact == was.contact
        old = {one.key: one.local(was.zone).replace(tzinfo=None) for one in was.events}
        new = {one.key: one.local(was.zone).replace(tzinfo=None) for one in program.events}
        assert {new[key] - old[key] for key in old} == {timedelta(weeks=52)}
        assert [(one.user, one.role) for one in people.members(session, program.id, "participant", "admin")] == [
            (FAY, "admin")
        ]
        state = listed(session, program, MONDAY)
        assert state.kind == "copy"
        assert state.parts["dates"].waiting == state.parts["dates"].total, "its dates are to be looked at"
        accept(session, program, "dates")
        assert listed(session, program, MONDAY).parts["dates"].waiting == 0


def test_a_copy_begins_after_the_last_day_of_what_it_copies(quick_db: Database) -> None:
    with quick_db.begin() as session:
        was = cast.begin(session)
        wanted = Copy("Too soon", date(2021, 5, 1), "c")
        found = setup_begin.copy(
            session=session, programs=Programs(), team=TEAM, user=FAY, program_id=was.id, wanted=wanted, now=MONDAY
        )
        assert found == Rejected((Flaw("start", "overlaps", "2021-09-16"),))


def test_a_copy_without_dates_begins_at_any_day(quick_db: Database) -> None:
    with quick_db.begin() as session:
        stem = cast.load(session, "stem-iq")
        cast.join(session, stem, FAY, "facilitator")
        found = setup_begin.copy(
            session=session,
            programs=Programs(),
            team=TEAM,
            user=FAY,
            program_id=stem.id,
            wanted=Copy("STEM again", date(2020, 10, 12), "c"),
            now=MONDAY,
        )
        assert isinstance(found, Started)
        sheet = programs.sheet(session=session, slug=found.program.slug)
        assert isinstance(sheet, Sheet)
        assert isinstance(program_file.check(setup_begin.whole(sheet)), Sheet)
