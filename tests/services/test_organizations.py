"""Organizations are renamed, leave, come back, and two that are one become one; each can be taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from bot.domain import personnel as personnel_rules
from bot.domain.changes import Stands, Undone
from bot.domain.memberships import NotThere
from bot.domain.organizations import Follows, Listing, Looked, Meanwhile, Saved, What, Wish, Wrong
from bot.domain.people import NotAllowed
from bot.services import changes, organizations, people, personnel, undoing
from bot.services.programs import Programs
from storage import organizations as rows
from storage.changes import ChangeRow
from storage.database import Database
from storage.people import Organization
from tests import cast
from tests.cast import ADA, BRIGHT, FAY, GATEWAY, JUNE, KOFI, MONDAY, PRIYA, RIVER, SAM, TOMAS, season, who
from tests.services.test_checkins import log
from tests.services.test_reflections import hand_in

LATER = MONDAY + timedelta(hours=1)


def number(session: Session, name: str) -> int:
    return session.exec(select(Organization.id).where(Organization.name == name)).one() or 0


def wish(session: Session, name: str, what: What, **more: object) -> Wish:
    found = organizations.look(session=session, viewer=who(session, FAY), organization_id=number(session, name))
    assert isinstance(found, Looked)
    wanted = {"name": str(more.get("to", "")), "into": more.get("into")}
    into = wanted["into"] if isinstance(wanted["into"], int) else None
    return Wish(what, found.entry.organization.id, found.entry.seen, str(wanted["name"]), into)


def save(session: Session, asked: Wish, request: str = "r1", by: str = FAY) -> object:
    return organizations.save(session=session, viewer=who(session, by), wish=asked, request=request, now=LATER)


def saved(session: Session, asked: Wish, request: str = "r1") -> int:
    found = save(session, asked, request)
    assert isinstance(found, Saved), found
    return found.number


def undo(session: Session, change: int) -> object:
    return changes.undo(
        session=session, programs=Programs(), viewer=who(session, FAY), number=change, kinds=undoing.KINDS, now=LATER
    )  # fmt: skip


def home(session: Session, user: str) -> str | None:
    found = who(session, user).organization
    return found.name if found is not None else None


def owing(session: Session) -> list[str]:
    return [one.organization.name for one in people.organizations_active(session, session.info["program"].id)]


def test_a_name_is_corrected_everywhere_and_taken_back(db: Database) -> None:
    with db.begin() as session:
        season(session)
        done = saved(session, wish(session, BRIGHT, "rename", to="  Bright  Labs Inc. "))
        assert home(session, TOMAS) == "Bright Labs Inc."
        assert isinstance(undo(session, done), Undone)
        assert home(session, TOMAS) == BRIGHT


def test_names_that_cannot_be(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        for name, why in (("", "empty"), ("x" * 76, "too long"), ("river  ROBOTICS", "taken"), (BRIGHT, "same")):
            found = save(session, wish(session, BRIGHT, "rename", to=name))
            assert isinstance(found, Wrong)
            assert found.why == why


def test_a_taken_name_keeps_a_change_from_being_taken_back(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        first = saved(session, wish(session, BRIGHT, "rename", to="Bright Laboratories"))
        saved(session, wish(session, RIVER, "rename", to=BRIGHT), "r2")
        assert isinstance(undo(session, first), Stands)


def test_one_that_leaves_owes_nothing_and_its_people_leave_with_it(db: Database) -> None:
    with db.begin() as session:
        season(session)
        asked = wish(session, BRIGHT, "leave")
        found = organizations.foresee(session=session, viewer=who(session, FAY), wish=asked, now=LATER)
        assert isinstance(found, Follows)
        assert found.people == ("Tomás Rivera", "Priya Nair")
        done = saved(session, asked)
        assert owing(session) == [GATEWAY, RIVER]
        assert who(session, PRIYA).roles == frozenset()
        assert isinstance(undo(session, done), Undone)
        assert owing(session) == [BRIGHT, GATEWAY, RIVER]
        assert who(session, PRIYA).roles == {"participant"}


def test_two_that_are_one_become_one(db: Database) -> None:
    with db.begin() as session:
        season(session)
        river = number(session, RIVER)
        done = saved(session, wish(session, GATEWAY, "merge", into=river))
        assert home(session, KOFI) == RIVER
        assert owing(session) == [BRIGHT, RIVER]
        assert isinstance(undo(session, done), Undone)
        assert home(session, KOFI) == GATEWAY


def test_one_with_work_of_its_own_is_not_taken_up(db: Database) -> None:
    with db.begin() as session:
        season(session)
        river = number(session, RIVER)
        hand_in(session, TOMAS)
        found = save(session, wish(session, BRIGHT, "merge", into=river))
        assert found == Wrong("handed in", BRIGHT)
        log(session, KOFI, organizations=(number(session, GATEWAY),), now=MONDAY)
        assert rows.has_work(session, session.info["program"].id, number(session, GATEWAY))
        assert not rows.has_work(session, session.info["program"].id, river)


def test_what_it_cannot_be_the_same_as(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        itself = save(session, wish(session, BRIGHT, "merge", into=number(session, BRIGHT)))
        nothing = save(session, wish(session, BRIGHT, "merge", into=9999))
        assert (itself, nothing) == (Wrong("itself"), Wrong("gone"))


def test_the_second_sees_what_the_first_has_changed_and_twice_is_once(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        first, second = wish(session, BRIGHT, "rename", to="Bright"), wish(session, BRIGHT, "leave")
        assert saved(session, first) == saved(session, first)
        assert isinstance(save(session, second, "r2"), Meanwhile)
        assert len(session.exec(select(ChangeRow)).all()) == 1


@pytest.mark.parametrize("user", [ADA, TOMAS, JUNE, SAM])
def test_others_may_not(quick_db: Database, user: str) -> None:
    with quick_db.begin() as session:
        season(session)
        viewer, asked = who(session, user), wish(session, BRIGHT, "leave")
        for outcome in (
            organizations.listing(session=session, viewer=viewer),
            organizations.look(session=session, viewer=viewer, organization_id=asked.organization_id),
            organizations.foresee(session=session, viewer=viewer, wish=asked, now=LATER),
            save(session, asked, by=user),
        ):
            assert isinstance(outcome, NotAllowed)
        assert session.exec(select(ChangeRow)).all() == []


def test_they_are_found_by_a_part_of_their_name_and_those_of_another_program_are_not(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        elsewhere = cast.organized(session, cast.load(session, "stem-iq"), "Bright Hillsboro")
        found = organizations.listing(session=session, viewer=who(session, FAY), words="brig")
        assert isinstance(found, Listing)
        assert [(one.organization.name, one.people) for one in found.page.rows] == [(BRIGHT, 2)]
        looked = organizations.look(session=session, viewer=who(session, FAY), organization_id=elsewhere)
        assert looked == NotThere()


def test_whoever_comes_back_brings_the_organization_back_that_had_left(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        saved(session, wish(session, GATEWAY, "leave"))
        assert GATEWAY not in owing(session)
        person_id = who(session, KOFI).person_id
        looked = personnel.look(session=session, viewer=who(session, FAY), person_id=person_id)
        assert isinstance(looked, personnel_rules.Looked)
        asked = personnel_rules.Wish("back", person_id, looked.somebody.seen)
        done = personnel.save(session=session, viewer=who(session, FAY), wish=asked, request="b", now=LATER)
        assert isinstance(done, personnel_rules.Saved)
        assert GATEWAY in owing(session)


def test_nothing_is_made_one_with_an_organization_that_has_left_and_its_name_stays_taken(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        asked = wish(session, BRIGHT, "merge", into=number(session, GATEWAY))
        saved(session, wish(session, GATEWAY, "leave"))
        assert save(session, asked, "r2") == Wrong("gone")
        assert save(session, wish(session, BRIGHT, "rename", to=GATEWAY), "r3") == Wrong("taken", GATEWAY)
