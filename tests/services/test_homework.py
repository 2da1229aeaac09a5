"""Who sees what of the homework, who is nudged, and what asking for more time does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session

from bot.domain.holds import Draft as HoldDraft
from bot.domain.holds import Made
from bot.domain.homework import Asked, NotAllowed, Nudge, Nudged, Overview
from bot.domain.notices import ToPerson, ToPurpose
from bot.domain.once import Saved
from bot.domain.programs import Program
from bot.domain.reflections import Answer, Draft
from bot.services import holds, homework, planning, programs, reflections
from bot.services.programs import Programs
from storage import channels, notices, people
from storage import programs as program_rows
from storage.database import Database
from tests import cast
from tests.cast import (
    ADA,
    ALEX,
    BRIGHT,
    COHORT,
    FAY,
    GATEWAY,
    JUNE,
    KOFI,
    LENA,
    MONDAY,
    PRIYA,
    RIVER,
    SAM,
    TOMAS,
    season,
    who,
)

FIRST = "before-we-begin"
DUE = datetime(2020, 10, 21, 22, tzinfo=UTC)


def hand_in(session: Session, user: str, now: datetime = MONDAY) -> None:
    answers = (Answer("program", "A good day?", "Loud."), Answer("hope", "Ten months from now?", "Calm."))
    outcome = reflections.submit(
        session=session,
        viewer=who(session, user),
        draft=Draft(FIRST, answers, "", "facilitators"),
        key=f"form of {user}",
        now=now,
    )
    assert isinstance(outcome, Saved)


def look(session: Session, user: str, now: datetime = MONDAY) -> Overview:
    found = homework.overview(session=session, viewer=who(session, user), now=now)
    assert isinstance(found, Overview)
    return found


def missing(session: Session, program: Program, now: datetime = MONDAY) -> list[str]:
    assignment = program.assignment(FIRST)
    assert assignment is not None
    found = homework.missing(session=session, program=program, assignment=assignment, now=now)
    return [one.organization.name for one in found]


def nudge(session: Session, user: str = FAY, now: datetime = MONDAY) -> Nudge:
    found = homework.nudge_list(session=session, viewer=who(session, user), homework=FIRST, now=now)
    assert isinstance(found, Nudge)
    return found


def send(session: Session, shown: tuple[int, ...], now: datetime = MONDAY) -> Nudged:
    found = homework.nudge_now(session=session, viewer=who(session, FAY), homework=FIRST, shown=shown, now=now)
    assert isinstance(found, Nudged)
    return found


def ids_of(found: Nudge) -> tuple[int, ...]:
    return tuple(one.person_id for one in found.people)


def users(found: Nudge | Nudged) -> list[str | None]:
    return [one.user for one in found.people]


def refused(found: object) -> str:
    assert isinstance(found, NotAllowed)
    return found.why


# Who is missing


def test_an_organization_is_missing_until_one_of_its_people_hands_in(db: Database) -> None:
    with db.begin() as session:
        program = season(session)
        assert missing(session, program) == [BRIGHT, GATEWAY, RIVER]
        hand_in(session, PRIYA)
        assert missing(session, program) == [GATEWAY, RIVER]


def test_people_and_organizations_that_left_are_not_missing(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = season(session)
        _memberships(session, KOFI, state="left")
        for organization in people.organizations(session, program.id):
            if organization.name == RIVER:
                organization.left_at = MONDAY
        session.flush()
        assert missing(session, program) == [BRIGHT]


def test_an_organization_with_one_of_two_people_left_is_still_missing(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = season(session)
        _memberships(session, TOMAS, state="left")
        assert BRIGHT in missing(session, program)


def test_what_somebody_handed_in_before_leaving_counts_for_the_organization(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = season(session)
        hand_in(session, TOMAS)
        _memberships(session, TOMAS, state="left")
        assert BRIGHT not in missing(session, program)


def test_nobody_is_missing_who_waits_to_be_confirmed(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = season(session)
        cast.join(session, program, SAM, "participant", organization="Newcomers", state="pending")
        assert "Newcomers" not in missing(session, program)


def test_somebody_deactivated_in_slack_is_not_missing(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = season(session)
        cast.person(session, KOFI).gone = True
        session.flush()
        assert GATEWAY not in missing(session, program)


def test_nobody_is_missing_at_thanksgiving(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = season(session)
        assert missing(session, program, datetime(2020, 11, 26, 18, tzinfo=UTC)) == []


# Who sees what


def test_participants_see_their_own_organization(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        hand_in(session, PRIYA)
        found = look(session, TOMAS)
    (standing,) = found.items[0].standings
    assert found.sees == "own"
    assert (standing.team.organization.name, [one.author for one in standing.done]) == (BRIGHT, ["Priya Nair"])


@pytest.mark.parametrize("user", [FAY, JUNE])
def test_facilitators_and_coaches_see_every_organization(quick_db: Database, user: str) -> None:
    with quick_db.begin() as session:
        season(session)
        hand_in(session, LENA)
        found = look(session, user)
    standing = {one.team.organization.name: bool(one.done) for one in found.items[0].standings}
    assert standing == {BRIGHT: False, GATEWAY: False, RIVER: True}


def test_administrators_see_counts(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        hand_in(session, LENA)
        found = look(session, ALEX)
    assert (found.sees, found.items[0].standings) == ("counts", ())
    assert (found.items[0].handed_in, found.items[0].owed_by) == (1, 3)


def test_only_the_next_homework_is_shown_before_anything_is_given_out(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = season(session)
        found = look(session, TOMAS)
    assert [one.assignment.key for one in found.items] == [FIRST]
    assert [one.key for one in found.later] == [one.key for one in program.assignments[1:]]


def test_what_is_overdue_and_owed_stays_in_view(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        hand_in(session, LENA)
        later = DUE + timedelta(days=1)
        tomas, lena = look(session, TOMAS, later), look(session, LENA, later)
    assert [one.assignment.key for one in tomas.items] == ["quality-snapshot", FIRST]
    assert [one.assignment.key for one in lena.items] == ["quality-snapshot", FIRST]


@pytest.mark.parametrize(("user", "why"), [(ADA, "applicant"), (SAM, "not in it")])
def test_others_are_told_whom_homework_is_for(quick_db: Database, user: str, why: str) -> None:
    with quick_db.begin() as session:
        season(session)
        assert refused(homework.overview(session=session, viewer=who(session, user), now=MONDAY)) == why


def test_the_pending_the_departed_and_those_without_a_program_are_refused(quick_db: Database) -> None:
    with quick_db.begin() as session:
        assert refused(homework.overview(session=session, viewer=who(session, SAM), now=MONDAY)) == "no program"
        program = season(session)
        cast.join(session, program, SAM, "participant", state="pending")
        _memberships(session, KOFI, state="left")
        assert refused(homework.overview(session=session, viewer=who(session, SAM), now=MONDAY)) == "pending"
        assert refused(homework.overview(session=session, viewer=who(session, KOFI), now=MONDAY)) == "left"


# The plan in the ledger


def test_planning_twice_is_planning_once(db: Database) -> None:
    with db.begin() as session:
        program = season(session)
        _plan(session)
        once = _rows(session, program)
        _plan(session)
        assert _rows(session, program) == once
    assert once["homework.post:1:before-we-begin"] == "planned"


def test_somebody_confirmed_later_gets_their_reminders_planned(db: Database) -> None:
    with db.begin() as session:
        program = season(session)
        _plan(session)
        membership = cast.join(session, program, SAM, "participant", organization="Newcomers", now=MONDAY)
        _plan(session, DUE)
        rows = _rows(session, program)
    assert rows[f"homework.nudge:1:{FIRST}:1:{membership.person_id}"] == "skipped"
    assert rows[f"homework.nudge:1:{FIRST}:2:{membership.person_id}"] == "planned"


def test_somebody_who_leaves_has_theirs_withdrawn(db: Database) -> None:
    with db.begin() as session:
        program = season(session)
        _plan(session)
        _memberships(session, KOFI, state="left")
        _plan(session)
        kofi = who(session, KOFI).person_id
        states = {state for key, state in _rows(session, program).items() if key.endswith(f":{kofi}")}
    assert states == {"skipped"}


def test_what_was_past_when_it_was_planned_is_on_record_as_skipped(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        _plan(session, DUE + timedelta(days=30))
        row = notices.get(session, f"homework.post:1:{FIRST}")
    assert row is not None
    assert (row.state, row.reason) == ("skipped", "its moment had passed when it was planned")


def test_a_moved_homework_moves_its_reminders(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        _plan(session)
        _move(session, "2020-10-28 17:00")
        _plan(session)
        row = notices.get(session, f"homework.post:1:{FIRST}")
    assert row is not None
    assert row.due_at == datetime(2020, 10, 21, 14, tzinfo=UTC)


# A facilitator's nudge


def test_the_names_of_those_missing_are_shown_first(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        hand_in(session, LENA)
        found = nudge(session)
        planned = notices.by_state(session, ("planned",))
    assert users(found) == [TOMAS, PRIYA, KOFI]
    assert {one.kind for one in planned} == {"reflection.receipt"}


def test_a_nudge_reaches_those_shown_once_a_day(db: Database) -> None:
    with db.begin() as session:
        season(session)
        shown = ids_of(nudge(session))
        assert users(send(session, shown)) == [TOMAS, PRIYA, KOFI, LENA]
        again = send(session, shown)
        assert users(again) == [TOMAS, PRIYA, KOFI, LENA]
        sent = [one for one in notices.by_state(session, ("planned",)) if one.kind == "homework.nudge_now"]
        assert len(sent) == 4
        assert {notices.to_notice(one).target for one in sent} == {ToPerson(one) for one in (TOMAS, PRIYA, KOFI, LENA)}
        today = nudge(session)
        assert (today.people, len(today.already)) == ((), 4)
        assert len(nudge(session, now=MONDAY + timedelta(days=1)).people) == 4


def test_a_nudge_never_reaches_somebody_whose_name_was_not_shown(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = season(session)
        shown = ids_of(nudge(session))
        cast.join(session, program, SAM, "participant", organization="Newcomers")
        assert SAM not in users(send(session, shown))


def test_somebody_who_handed_in_meanwhile_is_spared(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        shown = ids_of(nudge(session))
        hand_in(session, LENA)
        found = send(session, shown)
    assert users(found) == [TOMAS, PRIYA, KOFI]
    assert found.spared == 1


def test_a_nudge_while_everything_is_held_says_so_and_one_while_a_channel_is_held_does_not(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        assert nudge(session).hold is None
        hold(session, COHORT)
        assert nudge(session).hold is None
        hold(session, None)
        found = nudge(session)
        assert found.hold is not None
        assert (found.hold.channel, found.hold.reason) == (None, "Snow")
        assert send(session, ids_of(found)).hold == found.hold


def hold(session: Session, channel: str | None) -> None:
    made = holds.hold(
        session=session,
        viewer=who(session, FAY),
        draft=HoldDraft(channel, "Snow"),
        request=f"hold {channel}",
        now=MONDAY,
    )
    assert isinstance(made, Made)


def test_nobody_is_nudged_in_a_break(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        found = nudge(session, now=datetime(2020, 11, 26, 18, tzinfo=UTC))
    assert found.people == ()
    assert found.pause is not None


def test_whoever_is_not_in_slack_is_named_and_not_written_to(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        cast.person(session, KOFI).user_id = None
        session.flush()
        found = nudge(session)
    assert [one.name for one in found.unreachable] == ["Kofi Mensah"]
    assert KOFI not in users(found)


@pytest.mark.parametrize("user", [JUNE, TOMAS, ALEX, SAM])
def test_only_facilitators_nudge(quick_db: Database, user: str) -> None:
    with quick_db.begin() as session:
        season(session)
        viewer = who(session, user)
        assert refused(homework.nudge_list(session=session, viewer=viewer, homework=FIRST, now=MONDAY)) == (
            "facilitators only"
        )
        outcome = homework.nudge_now(session=session, viewer=viewer, homework=FIRST, shown=(1, 2), now=MONDAY)
        assert refused(outcome) == "facilitators only"
        assert notices.by_state(session, ("planned",)) == []


# More time


def test_asking_for_time_tells_the_facilitators_once(db: Database) -> None:
    with db.begin() as session:
        season(session)
        for user in (TOMAS, PRIYA, TOMAS):
            found = homework.ask_for_time(session=session, viewer=who(session, user), homework=FIRST, now=MONDAY)
        (row,) = [one for one in notices.by_state(session, ("planned",)) if one.kind == "homework.more_time"]
        standing = look(session, TOMAS).items[0].standings[0]
    assert isinstance(found, Asked)
    assert [one.name for one in found.told] == ["Fay Whitaker"]
    assert notices.to_notice(row).target == ToPurpose("facilitators")
    assert standing.wants_time


def test_without_a_channel_each_facilitator_is_told(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = season(session)
        for room in channels.for_purpose(session, program.id, "facilitators"):
            session.delete(room)
        session.flush()
        homework.ask_for_time(session=session, viewer=who(session, KOFI), homework=FIRST, now=MONDAY)
        (row,) = notices.by_state(session, ("planned",))
    assert notices.to_notice(row).target == ToPerson(FAY)


def test_nobody_is_told_of_what_is_handed_in_already(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        hand_in(session, PRIYA)
        found = homework.ask_for_time(session=session, viewer=who(session, TOMAS), homework=FIRST, now=MONDAY)
        planned = {one.kind for one in notices.by_state(session, ("planned",))}
    assert isinstance(found, Asked)
    assert found.handed_in
    assert "homework.more_time" not in planned


@pytest.mark.parametrize(("user", "why"), [(FAY, "participants only"), (ADA, "applicant"), (SAM, "not in it")])
def test_only_an_organizations_own_people_ask_for_time(quick_db: Database, user: str, why: str) -> None:
    with quick_db.begin() as session:
        season(session)
        outcome = homework.ask_for_time(session=session, viewer=who(session, user), homework=FIRST, now=MONDAY)
        assert refused(outcome) == why


def test_a_homework_that_is_gone_is_said_to_be_gone(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        for outcome in (
            homework.ask_for_time(session=session, viewer=who(session, TOMAS), homework="last-year", now=MONDAY),
            homework.nudge_list(session=session, viewer=who(session, FAY), homework="last-year", now=MONDAY),
        ):
            assert refused(outcome) == "gone"


def _memberships(session: Session, user: str, state: str) -> None:
    for membership in people.memberships(session, who(session, user).person_id):
        membership.state = state
        program_rows.people_changed(session, membership.program_id)
    session.flush()


def _plan(session: Session, now: datetime = MONDAY) -> None:
    planning.follow(session=session, programs=Programs(), slug="ost-cop", feature=homework.FEATURE, now=now)


def _rows(session: Session, program: Program) -> Mapping[str, str]:
    return {row.key: row.state for row in notices.standing(session, program.id, homework.FEATURE.kinds)}


def _move(session: Session, wall: str) -> None:
    items = program_rows.items(session, session.info["program"].id)
    body = next(one.body for one in items if one.section == "assignments" and one.key == FIRST)
    programs.edit_item(
        session=session,
        slug="ost-cop",
        section="assignments",
        key=FIRST,
        body={**body, "due": wall},
        by=FAY,
        now=MONDAY,
    )
