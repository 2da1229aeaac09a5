"""Who takes part is looked up, changed, replaced, and put back; and what keeps a change from being made."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from bot.domain.changes import AlreadyUndone, ChangedSince, Stands, TooLate, Undone
from bot.domain.lists import PAGE
from bot.domain.memberships import NotThere, Place
from bot.domain.notices import Notice, ToPerson
from bot.domain.people import Account, NotAllowed, Role
from bot.domain.personnel import (
    MOST_ADDED,
    Adding,
    Additions,
    Flawed,
    Follows,
    Listing,
    Looked,
    Meanwhile,
    Same,
    Saved,
    Successor,
    Unfit,
    What,
    Wish,
    Wrong,
)
from bot.services import changes, people, personnel, undoing
from bot.services.homework import still_missing
from bot.services.programs import Programs
from storage import notices, programs
from storage import people as rows
from storage.changes import ChangeRow
from storage.database import Database
from storage.notices import NoticeRow
from storage.people import Membership, Organization, Person
from storage.questions import Question
from tests import cast
from tests.cast import (
    ADA,
    ALEX,
    BRIGHT,
    FAY,
    GATEWAY,
    JUNE,
    KOFI,
    LENA,
    MONDAY,
    PRIYA,
    RIVER,
    SAM,
    TEAM,
    TOMAS,
    season,
    who,
)

LATER = MONDAY + timedelta(hours=1)
MAYA = "U0MAYA001"
COACH: frozenset[Role] = frozenset(["coach"])
PARTICIPANT: frozenset[Role] = frozenset(["participant"])


def person(session: Session, user: str) -> Person:
    return session.exec(select(Person).where(Person.user_id == user)).one()


def seen(session: Session, user: str, by: str = FAY) -> Looked:
    found = personnel.look(session=session, viewer=who(session, by), person_id=person(session, user).id or 0)
    assert isinstance(found, Looked)
    return found


def wish(
    session: Session,
    whom: str,
    what: What,
    place: Place | None = None,
    user: str | None = None,
    email: str | None = None,
) -> Wish:
    one = seen(session, whom).somebody
    return Wish(what, one.person_id, one.seen, place, Successor(user, email))


def save(session: Session, asked: Wish, by: str = FAY, request: str = "r1") -> object:
    return personnel.save(session=session, viewer=who(session, by), wish=asked, request=request, now=LATER)


def foresee(session: Session, asked: Wish, by: str = FAY) -> object:
    return personnel.foresee(session=session, viewer=who(session, by), wish=asked, now=LATER)


def saved(session: Session, asked: Wish, by: str = FAY, request: str = "r1") -> Saved:
    found = save(session, asked, by, request)
    assert isinstance(found, Saved), found
    return found


def undo(session: Session, number: int, by: str = FAY, after: timedelta = timedelta(hours=2)) -> object:
    return changes.undo(
        session=session, programs=Programs(), viewer=who(session, by), number=number, kinds=undoing.KINDS,
        now=LATER + after,
    )  # fmt: skip


def roles(session: Session, user: str) -> dict[str, str]:
    program = session.info["program"]
    return {one.role: one.state for one in people.listed(session, program.id) if one.user == user}


def home(session: Session, user: str) -> str | None:
    found = who(session, user).organization
    return found.name if found is not None else None


def said(session: Session, kind: str) -> list[str | None]:
    return [one.to_person for one in session.exec(select(NoticeRow).where(NoticeRow.kind == kind)).all()]


# The list


def found_names(session: Session, words: str, start: int = 0) -> list[str]:
    found = personnel.listing(session=session, viewer=who(session, FAY), words=words, start=start)
    assert isinstance(found, Listing)
    return [one.name for one in found.page.rows]


def test_people_are_found_by_name_organization_and_address(db: Database) -> None:
    with db.begin() as session:
        season(session)
        person(session, KOFI).email = "kofi.m@gateway.example.org"
        session.flush()
        assert found_names(session, "tomas") == ["Tomás Rivera"]
        assert found_names(session, "  TOMÁS   riv ") == ["Tomás Rivera"]
        assert found_names(session, "bright") == ["Priya Nair", "Tomás Rivera"]
        assert found_names(session, "gateway.example") == ["Kofi Mensah"]
        assert found_names(session, "nobody") == []
        assert len(found_names(session, "")) == 8


def test_who_waits_stands_first_and_who_has_left_last(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = season(session)
        cast.join(session, program, SAM, "participant", state="pending", name="Sam Lee")
        saved(session, wish(session, ADA, "leave"))
        names = found_names(session, "")
        assert (names[0], names[-1]) == ("Sam Lee", "Ada Okafor")


def test_a_long_list_comes_in_pages_and_a_page_beyond_the_end_is_the_first(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = season(session)
        for number in range(30):
            cast.join(session, program, f"U0NEW{number:04}", "applicant", name=f"Person {number:02}")
        found = personnel.listing(session=session, viewer=who(session, FAY), words="person", start=PAGE)
        assert isinstance(found, Listing)
        assert (found.page.total, found.page.start, found.page.after) == (30, PAGE, 2 * PAGE)
        assert found.page.rows[0].name == f"Person {PAGE:02}"
        assert found_names(session, "person", 5000)[0] == "Person 00"


@pytest.mark.parametrize("user", [ADA, TOMAS, JUNE, SAM])
def test_others_may_not_look_change_or_add(quick_db: Database, user: str) -> None:
    with quick_db.begin() as session:
        season(session)
        asked = wish(session, KOFI, "leave")
        viewer = who(session, user)
        adding = Adding((SAM,), (), Place(COACH))
        for outcome in (
            personnel.listing(session=session, viewer=viewer),
            personnel.look(session=session, viewer=viewer, person_id=asked.person_id),
            personnel.picked(session=session, viewer=viewer, user=KOFI, now=LATER),
            personnel.adding(session=session, viewer=viewer),
            foresee(session, asked, user),
            save(session, asked, user),
            personnel.foresee_adding(session=session, viewer=viewer, adding=adding, now=LATER),
            personnel.add(session=session, viewer=viewer, adding=adding, request="r", now=LATER),
        ):
            assert isinstance(outcome, NotAllowed)
        assert roles(session, KOFI) == {"participant": "active"}
        assert session.exec(select(ChangeRow)).all() == []


def test_somebody_of_the_workspace_can_be_picked_and_an_app_cannot(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        session.add(Person(team=TEAM, user_id="U0ROBOT01", bot=True))
        fay = who(session, FAY)
        assert isinstance(personnel.picked(session=session, viewer=fay, user=MAYA, now=LATER), Looked)
        assert personnel.picked(session=session, viewer=fay, user="U0ROBOT01", now=LATER) == NotThere()
        assert personnel.picked(session=session, viewer=fay, user="", now=LATER) == NotThere()
        assert personnel.look(session=session, viewer=fay, person_id=9999) == NotThere()


# Roles


def test_roles_are_changed_noted_and_put_back(db: Database) -> None:
    with db.begin() as session:
        season(session)
        bright = seen(session, TOMAS).organizations[0].id
        asked = wish(session, TOMAS, "place", Place(frozenset(["participant", "coach"]), bright))
        before = seen(session, TOMAS).somebody.seen
        assert isinstance(foresee(session, asked), Follows)
        done = saved(session, asked)
        assert roles(session, TOMAS) == {"participant": "active", "coach": "active"}
        assert isinstance(undo(session, done.number), Undone)
        assert roles(session, TOMAS) == {"participant": "active", "coach": "left"}
        assert isinstance(undo(session, done.number), AlreadyUndone)
        assert before == "pa" + str(bright)


def test_the_same_form_twice_changes_once(db: Database) -> None:
    with db.begin() as session:
        season(session)
        asked = wish(session, JUNE, "place", Place(frozenset(["coach", "facilitator"])))
        first = saved(session, asked)
        again = saved(session, asked)
        assert (first.number, again.number) == (first.number, first.number)
        assert len(session.exec(select(ChangeRow)).all()) == 1


def test_the_second_facilitator_sees_what_the_first_has_changed(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        coach = wish(session, KOFI, "place", Place(COACH))
        gone = wish(session, KOFI, "leave")
        saved(session, coach)
        found = save(session, gone, ALEX, "r2")
        assert isinstance(found, Meanwhile)
        assert (found.now.roles, found.by) == (("coach",), FAY)
        assert roles(session, KOFI) == {"participant": "left", "coach": "active"}


def test_a_form_for_somebody_who_has_left_meanwhile_says_so(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        asked = wish(session, KOFI, "place", Place(COACH))
        saved(session, wish(session, KOFI, "leave"))
        assert isinstance(foresee(session, asked), Meanwhile)
        assert isinstance(save(session, asked, request="r2"), Meanwhile)


def test_what_somebody_is_already_changes_nothing(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        assert isinstance(foresee(session, wish(session, JUNE, "place", Place(COACH))), Same)


def test_whoever_takes_part_for_another_organization_moves(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = season(session)
        river = cast.organized(session, program, RIVER)
        asked = wish(session, TOMAS, "place", Place(PARTICIPANT, river))
        found = foresee(session, asked)
        assert isinstance(found, Follows)
        assert found.moves_from is not None
        assert (found.moves_from.name, found.colleagues) == (BRIGHT, 1)
        saved(session, asked)
        assert home(session, TOMAS) == RIVER


# Leaving


def test_whoever_leaves_is_silent_and_the_homework_stays_the_organizations(db: Database) -> None:
    with db.begin() as session:
        program = season(session)
        found = foresee(session, wish(session, TOMAS, "leave"))
        assert isinstance(found, Follows)
        assert found.colleagues == 1
        nudge = notices_planned(session, TOMAS, program.id)
        saved(session, wish(session, TOMAS, "leave"))
        assert roles(session, TOMAS) == {"participant": "left"}
        session.refresh(nudge)
        assert nudge.state == "skipped"
        homework = next(one for one in program.assignments if one.owed)
        missing = still_missing(
            session=session, program=program, assignment=homework, person_id=person(session, PRIYA).id or 0
        )
        assert not isinstance(missing, str)


def notices_planned(session: Session, user: str, program_id: int) -> NoticeRow:
    """Something that is to be said to somebody tomorrow."""
    notices.add(session, Notice(f"x:{user}", "x", ToPerson(user), LATER + timedelta(days=1), program_id), MONDAY)
    row = notices.get(session, f"x:{user}")
    assert row is not None
    return row


def test_the_last_facilitator_and_the_last_admin_cannot_go_without_another(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        for user, why in ((FAY, "last facilitator"), (ALEX, "last admin")):
            for asked in (wish(session, user, "leave"), wish(session, user, "place", Place(COACH))):
                found = save(session, asked, ALEX)
                assert isinstance(found, Flawed)
                assert why in [one.why for one in found.flaws]
        assert roles(session, FAY) == {"facilitator": "active"}
        saved(session, wish(session, JUNE, "place", Place(frozenset(["coach", "facilitator"]))))
        assert isinstance(save(session, wish(session, FAY, "leave"), ALEX, "r9"), Saved)


def test_a_facilitator_whose_account_is_switched_off_can_go(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        person(session, FAY).gone = True
        session.flush()
        assert isinstance(save(session, wish_by(session, FAY, ALEX), ALEX), Saved)


def wish_by(session: Session, user: str, by: str) -> Wish:
    one = seen(session, user, by).somebody
    return Wish("leave", one.person_id, one.seen)


def test_taking_a_change_back_leaves_nobody_without_a_facilitator(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        made = saved(session, wish(session, JUNE, "place", Place(frozenset(["coach", "facilitator"]))))
        saved(session, wish(session, FAY, "leave"), ALEX, "r2")
        found = undo(session, made.number, ALEX)
        assert isinstance(found, Stands)
        assert found.why == "last facilitator"
        assert roles(session, JUNE)["facilitator"] == "active"


def test_whoever_comes_back_is_what_they_were_last_and_is_told(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        saved(session, wish(session, TOMAS, "leave"))
        found = saved(session, wish(session, TOMAS, "back"), request="r2")
        assert (roles(session, TOMAS), home(session, TOMAS)) == ({"participant": "active"}, BRIGHT)
        assert found.told == ("Tomás Rivera",)
        assert said(session, personnel.BACK) == [TOMAS]


def test_a_change_is_taken_back_for_a_day_and_not_over_another(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        first = saved(session, wish(session, KOFI, "leave"))
        assert isinstance(undo(session, first.number, after=timedelta(days=2)), TooLate)
        second = saved(session, wish(session, KOFI, "back"), request="r2")
        assert isinstance(undo(session, first.number), ChangedSince)
        assert isinstance(undo(session, second.number), Undone)
        assert isinstance(undo(session, first.number), Undone)
        assert roles(session, KOFI) == {"participant": "active"}


def test_a_change_without_a_note_is_not_written_over(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        done = saved(session, wish(session, KOFI, "place", Place(COACH)))
        row = session.exec(select(Membership).where(Membership.role == "coach", Membership.set_by == FAY)).one()
        row.state = "left"
        session.flush()
        assert isinstance(undo(session, done.number), ChangedSince)


# Replaced


def test_the_successor_has_role_and_organization_and_both_are_told(db: Database) -> None:
    with db.begin() as session:
        season(session)
        cast.person(session, MAYA, "Maya Lopez")
        asked = wish(session, KOFI, "replace", user=MAYA)
        found = foresee(session, asked)
        assert isinstance(found, Follows)
        assert (found.roles, found.organization_name, found.known) == (("participant",), GATEWAY, True)
        done = saved(session, asked)
        assert (roles(session, MAYA), home(session, MAYA)) == ({"participant": "active"}, GATEWAY)
        assert roles(session, KOFI) == {"participant": "left"}
        assert done.told == ("Kofi Mensah", "Maya Lopez")
        assert (said(session, personnel.LEAVER), said(session, personnel.TAKES_OVER)) == ([KOFI], [MAYA])
        assert said(session, "welcome.hello") == []
        assert isinstance(undo(session, done.number), Undone)
        assert roles(session, KOFI) == {"participant": "active"}
        assert roles(session, MAYA) == {"participant": "left"}


def test_the_last_facilitator_can_be_replaced_and_their_questions_go_along(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = season(session)
        fay, maya = person(session, FAY), cast.person(session, MAYA, "Maya Lopez")
        question = Question(
            key="q", program_id=program.id, team=TEAM, channel="D1", place="direct", asker_id=fay.id or 0, text="?",
            asked_at=MONDAY, outcome="declined", handed_at=MONDAY, owner_id=fay.id,
        )  # fmt: skip
        session.add(question)
        session.flush()
        done = saved(session, wish(session, FAY, "replace", user=MAYA), ALEX)
        session.refresh(question)
        assert question.owner_id == maya.id
        assert roles(session, MAYA) == {"facilitator": "active"}
        assert isinstance(undo(session, done.number, ALEX), Undone)
        session.refresh(question)
        assert question.owner_id == fay.id


def test_a_successor_by_address_is_taken_in_and_recognized_later(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        asked = wish(session, KOFI, "replace", email="maya@example.org")
        found = foresee(session, asked)
        assert isinstance(found, Follows)
        assert not found.known
        done = saved(session, asked)
        assert done.told == ("Kofi Mensah",)
        account = Account(MAYA, "Maya Lopez", "maya@example.org", "America/Chicago", False, False, False, False)
        people.learn(session=session, team=TEAM, account=account, now=LATER)
        assert (roles(session, MAYA), home(session, MAYA)) == ({"participant": "active"}, GATEWAY)


def test_nobody_by_address_only_takes_over_from_the_last_facilitator(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        found = foresee(session, wish(session, FAY, "replace", email="maya@example.org"), ALEX)
        assert isinstance(found, Flawed)


def test_a_facilitator_hands_on_no_admin(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        assert isinstance(foresee(session, wish(session, ALEX, "replace", user=JUNE), FAY), Flawed)


def test_a_successor_of_another_organization_moves(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        asked = wish(session, KOFI, "replace", user=LENA)
        found = foresee(session, asked)
        assert isinstance(found, Follows)
        assert found.moves_from is not None
        assert found.moves_from.name == RIVER
        saved(session, asked)
        assert home(session, LENA) == GATEWAY


def test_who_cannot_take_over(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        session.add(Person(team=TEAM, user_id="U0ROBOT01", bot=True))
        person(session, PRIYA).gone = True
        session.flush()
        for user, email, why in (
            (None, None, "nobody"),
            (SAM, "sam@example.org", "both"),
            (KOFI, None, "themselves"),
            ("U0ROBOT01", None, "an app"),
            (PRIYA, None, "deactivated"),
        ):
            found = foresee(session, wish(session, KOFI, "replace", user=user, email=email))
            assert isinstance(found, Unfit)
            assert found.why == why


# Adding


def adding(session: Session, one: Adding, request: str = "r1") -> Additions | Wrong | NotAllowed:
    return personnel.add(session=session, viewer=who(session, FAY), adding=one, request=request, now=LATER)


def test_people_are_added_from_the_workspace_and_by_address(db: Database) -> None:
    with db.begin() as session:
        program = season(session)
        bright = cast.organized(session, program, BRIGHT)
        one = Adding((SAM, TOMAS, KOFI), ("maya@example.org",), Place(PARTICIPANT, bright))
        found = personnel.foresee_adding(session=session, viewer=who(session, FAY), adding=one, now=LATER)
        assert isinstance(found, Additions)
        shown = {entry.somebody.name: (entry.same, entry.moves_from is not None) for entry in found.people}
        assert shown == {
            SAM: (False, False),
            "Tomás Rivera": (True, False),
            "Kofi Mensah": (False, True),
            "maya@example.org": (False, False),
        }
        adding(session, one)
        adding(session, one)
        assert (home(session, SAM), home(session, KOFI)) == (BRIGHT, BRIGHT)
        assert rows.by_email(session, TEAM, "maya@example.org") is not None
        assert len(session.exec(select(ChangeRow)).all()) == 3
        assert said(session, "welcome.hello") == [SAM]


def test_a_new_organization_is_made_once_for_all(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        adding(session, Adding((SAM, MAYA), (), Place(PARTICIPANT, None, "Sky Lab")))
        named = session.exec(select(Organization).where(Organization.name == "Sky Lab")).all()
        assert len(named) == 1
        assert home(session, MAYA) == "Sky Lab"


def test_what_cannot_be_added(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        session.add(Person(team=TEAM, user_id="U0ROBOT01", bot=True))
        many = tuple(f"p{number}@example.org" for number in range(MOST_ADDED + 1))
        fay = who(session, FAY)
        for one, odd in (
            (Adding((), (), Place(COACH)), ()),
            (Adding((SAM,), (), Place(COACH)), ("not an address",)),
            (Adding((SAM,), (), Place(PARTICIPANT)), ()),
            (Adding((SAM,), (), Place(frozenset())), ()),
            (Adding((SAM,), (), Place(frozenset(["admin"]))), ()),
            (Adding(("U0ROBOT01",), (), Place(COACH)), ()),
            (Adding((), many, Place(COACH)), ()),
        ):
            found = personnel.foresee_adding(session=session, viewer=fay, adding=one, odd=odd, now=LATER)
            assert isinstance(found, Wrong)


# Addresses


def test_changing_who_takes_part_has_what_depends_on_it_planned_anew(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = season(session)
        row = programs.by_id(session, program.id)
        assert row is not None
        before = row.people_revision
        saved(session, wish(session, KOFI, "leave"))
        session.refresh(row)
        assert row.people_revision > before
