"""Correcting the address of somebody who was never met: once, on record, taken back, and forgotten with the person."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session, select

from bot.domain.changes import AlreadyUndone, ChangedSince, Stands, Undone
from bot.domain.memberships import NotThere
from bot.domain.people import Account, NotAllowed, Role
from bot.domain.personnel import AddressKept, AddressTaken, Unfit
from bot.services import addresses, changes, erasing, people, undoing
from bot.services.programs import Programs
from bot.views import change_lines
from storage.changes import ChangeRow
from storage.database import Database
from storage.people import Membership, Person
from storage.questions import Question
from tests.cast import FAY, MONDAY, SAM, TEAM, TOMAS, season, who
from tests.services.test_personnel import LATER, person, roles

MAYA = "U0MAYA001"
SAM_LEE = Account(SAM, "Sam Lee", "sam@example.org", None, False, False, False, False)


def listed(session: Session, email: str, role: Role = "coach") -> int:
    row = Person(team=TEAM, email=email, name="Maya")
    session.add(row)
    session.flush()
    session.add(Membership(program_id=session.info["program"].id, person_id=row.id or 0, role=role, since=MONDAY))
    session.flush()
    return row.id or 0


def correct(
    session: Session, person_id: int, email: str, account: Account | None = None, by: str = FAY, request: str = "r1"
) -> object:
    return addresses.correct(
        session=session,
        viewer=who(session, by),
        person_id=person_id,
        email=email,
        account=account,
        request=request,
        now=LATER,
    )


def number(session: Session) -> int:
    return session.exec(select(ChangeRow.id)).one() or 0


def undo(session: Session, change: int, after: timedelta = timedelta(hours=2)) -> object:
    return changes.undo(
        session=session,
        programs=Programs(),
        viewer=who(session, FAY),
        number=change,
        kinds=undoing.KINDS,
        now=LATER + after,
    )


def address(session: Session, person_id: int) -> str | None:
    return session.get_one(Person, person_id).email


def standing(session: Session) -> set[tuple[str, str, str]]:
    """Who is what: addresses, roles and states."""
    found = people.listed(session, session.info["program"].id)
    return {(one.name, one.role, one.state) for one in found}


def test_an_address_is_corrected_and_the_correction_taken_back(db: Database) -> None:
    with db.begin() as session:
        season(session)
        row = listed(session, "maia@example.org")
        assert correct(session, row, "maya@example.org") == AddressKept("Maya", "maya@example.org", number(session))
        assert isinstance(undo(session, number(session)), Undone)
        assert address(session, row) == "maia@example.org"
        assert isinstance(undo(session, number(session)), AlreadyUndone)


def test_the_same_form_twice_corrects_it_once(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        row = listed(session, "maia@example.org")
        first = correct(session, row, "sam@example.org", SAM_LEE)
        assert correct(session, row, "sam@example.org", SAM_LEE) == first
        assert isinstance(first, AddressTaken)
        assert len(session.exec(select(ChangeRow)).all()) == 1


def test_the_address_that_is_there_already_changes_nothing(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        row = listed(session, "maia@example.org")
        assert correct(session, row, "maia@example.org") == AddressKept("Maya", "maia@example.org")
        assert session.exec(select(ChangeRow)).all() == []


def test_whoever_comes_with_the_corrected_address_is_recognized_and_then_it_stays(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        row = listed(session, "maia@example.org")
        correct(session, row, "maya@example.org")
        account = Account(MAYA, "Maya Lopez", "maya@example.org", None, False, False, False, False)
        people.learn(session=session, team=TEAM, account=account, now=LATER)
        assert roles(session, MAYA) == {"coach": "active"}
        assert isinstance(undo(session, number(session)), ChangedSince)
        assert roles(session, MAYA) == {"coach": "active"}


def test_somebody_who_was_brought_in_by_a_wrong_address_is_what_they_were_again(db: Database) -> None:
    with db.begin() as session:
        program = season(session)
        row = listed(session, "maia@example.org")
        session.add(
            Question(
                key="q", program_id=program.id, team=TEAM, channel="D1", place="direct", text="Where?", asked_at=MONDAY,
                asker_id=person(session, TOMAS).id or 0, outcome="declined", handed_at=MONDAY, owner_id=row,
            )
        )  # fmt: skip
        session.flush()
        people.learn(session=session, team=TEAM, account=SAM_LEE, now=MONDAY)
        before = standing(session)
        found = correct(session, row, "sam@example.org", SAM_LEE)
        assert found == AddressTaken("Sam Lee", ("coach",), number(session))
        assert roles(session, SAM) == {"coach": "active"}
        assert isinstance(undo(session, number(session)), Undone)
        assert standing(session) == before
        assert roles(session, SAM) == {}
        assert (address(session, row), person(session, SAM).email) == ("maia@example.org", "sam@example.org")
        assert session.exec(select(Question.owner_id)).one() == row


def test_what_both_were_is_both_theirs_again(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        row = listed(session, "maia@example.org", "participant")
        tomas = person(session, TOMAS)
        tomas.email = "tomas@example.org"
        before = standing(session)
        account = Account(TOMAS, tomas.name, "tomas@example.org", None, False, False, False, False)
        correct(session, row, "tomas@example.org", account)
        assert isinstance(undo(session, number(session)), Undone)
        assert standing(session) == before


def test_who_was_given_another_role_since_keeps_it(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        row = listed(session, "maia@example.org")
        correct(session, row, "sam@example.org", SAM_LEE)
        sam = person(session, SAM)
        session.add(
            Membership(
                program_id=session.info["program"].id, person_id=sam.id or 0, role="facilitator", since=LATER
            )
        )  # fmt: skip
        session.flush()
        assert isinstance(undo(session, number(session)), ChangedSince)
        assert roles(session, SAM) == {"coach": "active", "facilitator": "active"}


def test_an_address_that_somebody_else_has_by_now_is_not_given_back(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        row = listed(session, "maia@example.org")
        correct(session, row, "maya@example.org")
        session.add(Person(team=TEAM, email="maia@example.org", name="Maia"))
        session.flush()
        found = undo(session, number(session))
        assert isinstance(found, Stands)
        assert "address" in change_lines.STANDS[found.why]
        assert address(session, row) == "maya@example.org"


def test_the_record_says_whose_address_and_how_it_was(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = season(session)
        correct(session, listed(session, "maia@example.org"), "maya@example.org")
        change = changes.get(session, number(session))
        assert change is not None
        line = change_lines.KINDS[change.kind](change, program)
        assert (line.what, line.before, line.after) == ("Maya", "maia@example.org", "maya@example.org")


def test_no_address_is_left_on_record_of_somebody_who_was_erased(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        row = listed(session, "maia@example.org")
        correct(session, row, "sam@example.org", SAM_LEE)
        change = number(session)
        theirs = erasing.find(session=session, who=SAM)
        erasing.erase(session=session, theirs=theirs, now=LATER)  # type: ignore[arg-type]
        kept = session.get_one(ChangeRow, change)
        assert "example.org" not in f"{kept.before}{kept.after}"
        assert "Maya" not in f"{kept.before}{kept.after}"
        assert isinstance(undo(session, change), Stands)


def test_others_correct_nobodys_address(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        row = listed(session, "maia@example.org")
        assert isinstance(correct(session, row, "maya@example.org", by=TOMAS), NotAllowed)
        assert address(session, row) == "maia@example.org"


def test_an_app_and_somebody_who_is_gone_take_nobodys_place(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        row = listed(session, "maia@example.org")
        gone = Account(SAM, "Sam Lee", "sam@example.org", None, False, False, True, False)
        assert isinstance(correct(session, row, "sam@example.org", gone), Unfit)
        assert correct(session, person(session, TOMAS).id or 0, "new@example.org") == NotThere()
