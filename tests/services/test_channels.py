"""What a channel is for: who is asked, who may say, what follows."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

import pytest
from sqlmodel import Session, select

from bot.domain.changes import Stands, Undone
from bot.domain.channels import Answering, Assigned, NoProgram, NotAllowed, Room, Use
from bot.domain.programs import Program
from bot.services import changes, channels, undoing
from bot.services.programs import Programs
from storage import channels as rows
from storage import programs as program_rows
from storage import setup as setup_rows
from storage.channels import Channel
from storage.database import Database
from storage.notices import NoticeRow
from storage.people import Person
from tests import cast
from tests.cast import ADA, ALEX, COHORT, FACILITATORS, FAY, GENERAL, JUNE, MONDAY, SAM, TEAM, TOMAS

NEW = "C0NEW0001"


def _room(*, private: bool = True, shared: bool = False) -> Room:
    return Room(NEW, "new", private=private, shared=shared, archived=False, member=True)


def _invited(session: Session, inviter: str | None, delivery: str = "E1", channel: str = NEW) -> tuple[str, ...]:
    return channels.invited(
        session=session,
        programs=Programs(),
        team=TEAM,
        channel=channel,
        inviter=inviter,
        room=_room(),
        delivery=delivery,
        now=MONDAY,
    )


def _assign(
    session: Session,
    program: Program | None,
    use: Use,
    by: str | None = ALEX,
    channel: str = NEW,
    room: Room | None = None,
    answering: Answering | Literal["usual"] | None = None,
) -> Assigned | NotAllowed | NoProgram:
    return channels.assign(
        session=session,
        programs=Programs(),
        team=TEAM,
        by=by,
        channel=channel,
        use=use,
        program_id=program.id if program else None,
        room=room,
        now=MONDAY,
        answering=answering,
    )


def _purpose(session: Session, channel: str) -> tuple[int | None, str]:
    row = rows.get(session, TEAM, channel)
    assert row is not None
    return row.program_id, row.purpose


def _questions(session: Session) -> list[str | None]:
    statement = select(NoticeRow.to_person).where(NoticeRow.kind == channels.PURPOSE)
    return sorted(session.exec(statement).all(), key=str)


@pytest.mark.parametrize("inviter", [FAY, ALEX])
def test_whoever_may_say_and_invited_the_bot_is_asked(quick_db: Database, inviter: str) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        assert _invited(session, inviter) == (inviter,)
        assert _questions(session) == [inviter]


@pytest.mark.parametrize("inviter", [TOMAS, SAM, JUNE, None])
def test_otherwise_those_who_may_say_are_asked(quick_db: Database, inviter: str | None) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        assert sorted(_invited(session, inviter)) == [ALEX, FAY]


def test_while_nobody_runs_anything_the_inviter_is_told_who_can(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.load(session)
        assert _invited(session, SAM) == (SAM,)
        assert _invited(session, None, "E2") == ()


def test_while_nobody_runs_anything_the_workspaces_admin_is_asked(db: Database) -> None:
    with db.begin() as session:
        cast.load(session)
        cast.person(session, ALEX)
        assert _invited(session, SAM) == (ALEX,)


def test_a_second_delivery_does_not_ask_again_and_a_second_invitation_does(db: Database) -> None:
    with db.begin() as session:
        cast.begin(session)
        _invited(session, ALEX)
        _invited(session, ALEX)
        assert _questions(session) == [ALEX]
        _invited(session, ALEX, "E2")
        assert _questions(session) == [ALEX, ALEX]


def test_a_channel_that_is_set_already_is_not_asked_about(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        assert _invited(session, ALEX, channel=COHORT) == ()
        _assign(session, None, "none")
        assert _invited(session, ALEX) == ()


@pytest.mark.parametrize("use", ["cohort", "applicants", "facilitators"])
def test_a_channel_gets_its_purpose(quick_db: Database, use: Use) -> None:
    with quick_db.begin() as session:
        program = cast.begin(session)
        outcome = _assign(session, program, use, room=_room())
        assert isinstance(outcome, Assigned)
        assert (outcome.use, outcome.program, outcome.exposed) == (use, program.name, ())
        assert _purpose(session, NEW) == (program.id, use)


def test_setting_it_twice_is_setting_it_once(db: Database) -> None:
    with db.begin() as session:
        program = cast.begin(session)
        _assign(session, program, "applicants")
        _assign(session, program, "applicants")
        found = session.exec(select(Channel).where(Channel.channel_id == NEW)).all()
        assert [one.purpose for one in found] == ["applicants"]


@pytest.mark.parametrize("by", [ADA, TOMAS, JUNE, SAM])
def test_others_may_not_say(quick_db: Database, by: str) -> None:
    with quick_db.begin() as session:
        program = cast.begin(session)
        outcome = _assign(session, program, "facilitators", by)
        assert isinstance(outcome, NotAllowed)
        assert {one.user for one in outcome.ask} == {ALEX, FAY}
        assert rows.get(session, TEAM, NEW) is None


def test_who_runs_one_program_has_no_say_in_the_channels_of_another(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.begin(session)
        other = cast.load(session, "stem-iq")
        cast.join(session, other, SAM, "facilitator")
        refused = [
            _assign(session, program, "facilitators", SAM),
            _assign(session, other, "cohort", SAM, COHORT),
            _assign(session, None, "none", SAM, COHORT),
        ]
        assert all(isinstance(one, NotAllowed) and {who.user for who in one.ask} >= {ALEX, FAY} for one in refused)
        assert (_purpose(session, COHORT), rows.get(session, TEAM, NEW)) == ((program.id, "cohort"), None)
        assert isinstance(_assign(session, other, "cohort", SAM), Assigned)
        assert isinstance(_assign(session, other, "cohort", ALEX, COHORT), Assigned)


def test_the_machine_itself_may(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.begin(session)
        assert isinstance(_assign(session, program, "cohort", None), Assigned)


@pytest.mark.parametrize(("private", "shared", "why"), [(False, False, ("public",)), (True, True, ("shared",))])
def test_an_open_facilitators_channel_is_warned_about(
    quick_db: Database, private: bool, shared: bool, why: tuple[str, ...]
) -> None:
    with quick_db.begin() as session:
        program = cast.begin(session)
        outcome = _assign(session, program, "facilitators", room=_room(private=private, shared=shared))
        assert isinstance(outcome, Assigned)
        assert outcome.exposed == why


def test_a_new_cohort_channel_takes_over_from_the_old(db: Database) -> None:
    with db.begin() as session:
        program = cast.begin(session)
        outcome = _assign(session, program, "cohort")
        assert isinstance(outcome, Assigned)
        assert outcome.instead_of == (COHORT,)
        assert _purpose(session, COHORT) == (None, "none")
        assert [one.channel_id for one in rows.for_purpose(session, program.id, "cohort")] == [NEW]
        assert all(one.said for one in channels.settings(session))


def test_applicants_may_ask_in_several_channels(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.begin(session)
        _assign(session, program, "applicants")
        assert len(rows.for_purpose(session, program.id, "applicants")) == 2


def test_a_program_that_is_gone_is_said_to_be(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        assert _assign(session, None, "cohort") == NoProgram()
        assert rows.get(session, TEAM, NEW) is None


def test_those_in_a_channel_are_met_once_for_each_purpose(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.begin(session)
        _assign(session, program, "applicants", channel=GENERAL)
        (unread,) = rows.members_unread(session)
        assert unread.channel_id == GENERAL
        assert unread.id is not None
        for later in (1, 2):
            channels.meet_members(
                session=session,
                team=TEAM,
                channel_id=unread.id,
                users=(SAM, FAY),
                now=MONDAY + timedelta(hours=later),
            )
        assert rows.members_unread(session) == []
        assert cast.asks(session, SAM).roles == {"applicant"}
        assert cast.asks(session, FAY).roles == {"facilitator"}
        _assign(session, program, "cohort", channel=GENERAL)
        assert [one.channel_id for one in rows.members_unread(session)] == [GENERAL]


def test_a_set_channel_that_the_bot_enters_later_is_read_then(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        assert rows.members_unread(session) == []
        _invited(session, ALEX, channel=COHORT)
        assert [one.channel_id for one in rows.members_unread(session)] == [COHORT]


def test_a_channel_that_was_set_before_the_workspace_was_known_is_recognized(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.load(session)
        session.add(Channel(team="", channel_id=NEW, program_id=program.id, purpose="cohort", set_by="", set_at=MONDAY))
        session.flush()
        assert _invited(session, ALEX) == ()
        assert len(session.exec(select(Channel)).all()) == 1


def test_who_has_left_the_workspace_says_nothing_any_more(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        fay = session.exec(select(Person).where(Person.user_id == FAY)).one()
        fay.gone = True
        assert not channels.may_set(session, fay)
        assert channels.setting(session, TEAM, FACILITATORS).use == "facilitators"


def test_when_to_speak_is_said_with_the_purpose_and_kept_until_it_is_said_again(db: Database) -> None:
    with db.begin() as session:
        program = cast.begin(session)
        usual = _assign(session, program, "applicants")
        always = _assign(session, program, "applicants", answering="always")
        moved = _assign(session, program, "cohort")
        back = _assign(session, program, "applicants", answering="usual")
        found = [one.answering for one in (usual, always, moved, back) if isinstance(one, Assigned)]
        assert found == ["questions", "always", "always", "questions"]
        assert channels.setting(session, TEAM, NEW).answering is None


@pytest.mark.parametrize("by", [ADA, TOMAS, JUNE, SAM])
def test_others_may_not_say_when_to_speak(quick_db: Database, by: str) -> None:
    with quick_db.begin() as session:
        program = cast.begin(session)
        assert isinstance(_assign(session, program, "cohort", by, COHORT, answering="always"), NotAllowed)
        assert channels.setting(session, TEAM, COHORT).answers == "mention"


def _undo(session: Session, program: Program, done: object, by: str) -> object:
    assert isinstance(done, Assigned)
    session.info["program"] = program
    return changes.undo(
        session=session, programs=Programs(), viewer=cast.who(session, by), number=done.number or 0,
        kinds=undoing.KINDS, now=MONDAY,
    )  # fmt: skip


def test_a_channel_goes_back_to_another_program_only_by_who_runs_that_as_well(quick_db: Database) -> None:
    with quick_db.begin() as session:
        here, there = cast.begin(session), cast.load(session, "stem-iq")
        cast.join(session, there, SAM, "facilitator")
        done = _assign(session, there, "cohort", ALEX, COHORT)
        refused = _undo(session, there, done, SAM)
        assert isinstance(refused, Stands)
        assert refused.why == "channel of another"
        assert _purpose(session, COHORT) == (there.id, "cohort")
        assert isinstance(_undo(session, there, done, ALEX), Undone)
        assert _purpose(session, COHORT) == (here.id, "cohort")


def test_a_channel_does_not_go_back_to_a_program_that_was_thrown_away(quick_db: Database) -> None:
    with quick_db.begin() as session:
        here, there = cast.begin(session), cast.load(session, "stem-iq")
        _assign(session, there, "cohort", ALEX, NEW)
        done = _assign(session, here, "applicants", ALEX, NEW)
        row = program_rows.by_id(session, there.id)
        assert row is not None
        setup_rows.drop(session, row, "thrown away", MONDAY)
        assert isinstance(_undo(session, here, done, ALEX), Stands)
        assert _purpose(session, NEW) == (here.id, "applicants")
