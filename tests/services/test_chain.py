"""Every version that is saved is a link; whoever changes one outside of the bot is found out, on both databases."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, text, update
from sqlmodel import Session, col, select

from bot.domain.chain import Broken
from bot.domain.checkins import Form
from bot.domain.once import AlreadySaved, Saved
from bot.domain.people import Viewer
from bot.domain.reflections import Readable
from bot.services import chain, checkins, reflections
from bot.services.programs import Programs
from storage import chain as rows
from storage import people
from storage.chain import SubmissionChain, SubmissionLink
from storage.checkins import CheckinVersion
from storage.database import Database
from storage.people import Person
from storage.reflections import Reflection, ReflectionVersion
from tests.cast import BRIGHT, JUNE, LENA, MONDAY, PRIYA, TEAM, TOMAS, season, who
from tests.services.test_checkins import log, organization
from tests.services.test_reflections import SECOND, change, draft, hand_in


def write(session: Session) -> None:
    """Four links: two reflections, a change of the first, and a check-in."""
    season(session)
    first = hand_in(session, readers="cohort")
    hand_in(session, PRIYA, "another form", homework=SECOND)
    assert isinstance(change(session, first, draft("Quieter by now.", readers="cohort"), "a change"), Saved)
    log(session, JUNE, organizations=(organization(session, BRIGHT),), private_note="tired today", now=MONDAY)


def broken(db: Database) -> list[Broken]:
    with db.read() as session:
        (found,) = chain.look(session=session)
    return list(found.broken)


def links(db: Database) -> list[tuple[int, str, int, int]]:
    with db.read() as session:
        found = session.exec(select(SubmissionLink).order_by(col(SubmissionLink.number))).all()
        return [(one.number, one.kind, one.receipt, one.version) for one in found]


def sealed(db: Database) -> int:
    with db.begin() as session:
        return rows.seal_rest(session)


@pytest.fixture
def written(db: Database) -> Database:
    with db.begin() as session:
        write(session)
    return db


def test_each_version_is_a_link_in_the_order_of_saving(written: Database) -> None:
    assert links(written) == [
        (1, "reflection", 1, 1),
        (2, "reflection", 2, 1),
        (3, "reflection", 1, 2),
        (4, "checkin", 3, 1),
    ]
    assert broken(written) == []


def test_taking_back_and_changing_a_checkin_are_links(written: Database) -> None:
    with written.begin() as session:
        viewer = who_of(session, TOMAS)
        reflections.take_back(session=session, viewer=viewer, reflection_id=1, key="back", now=MONDAY)
        checkin = session.exec(select(CheckinVersion)).one()
        viewer = who_of(session, JUNE)
        form = checkins.form(session=session, viewer=viewer, now=MONDAY, checkin_id=checkin.checkin_id)
        assert isinstance(form, Form)
        new = replace(form.draft, next_step="Meet again.")
        outcome = checkins.submit(
            session=session, viewer=viewer, draft=new, key="other", now=MONDAY, checkin_id=checkin.checkin_id
        )
        assert isinstance(outcome, Saved)
    assert links(written)[4:] == [(5, "reflection", 1, 3), (6, "checkin", 3, 2)]
    assert broken(written) == []


def test_a_form_sent_twice_is_one_link(written: Database) -> None:
    with written.begin() as session:
        who_of(session, TOMAS)
        again = change_again(session)
    assert isinstance(again, AlreadySaved)
    assert len(links(written)) == 4


def test_the_head_is_the_last_link(written: Database) -> None:
    with written.read() as session:
        last = session.exec(select(SubmissionLink).order_by(col(SubmissionLink.number).desc())).first()
        found = session.exec(select(SubmissionChain)).one()
        (looked,) = chain.look(session=session)
    assert last is not None
    assert (found.number, found.head) == (4, last.link) == (looked.links, looked.head)


@pytest.mark.parametrize(
    ("table", "number", "values"),
    [
        (ReflectionVersion, 1, {"answers": [["program", "A good day?", "Something else."]]}),
        (ReflectionVersion, 1, {"minutes": 600}),
        (ReflectionVersion, 1, {"readers": "facilitators"}),
        (ReflectionVersion, 1, {"saved_at": MONDAY + timedelta(days=1)}),
        (ReflectionVersion, 1, {"salt": "00" * 16}),
        (ReflectionVersion, 1, {"salt": None}),
        (CheckinVersion, 4, {"next_step": "Nothing."}),
        (CheckinVersion, 4, {"private_note": ""}),
        (CheckinVersion, 4, {"coach_id": 1}),
        (CheckinVersion, 4, {"minutes": 61}),
        (CheckinVersion, 4, {"organizations": []}),
        (CheckinVersion, 4, {"confidence": 1}),
    ],
)
def test_whatever_is_changed_by_hand_is_named(
    written: Database, table: type[ReflectionVersion] | type[CheckinVersion], number: int, values: dict[str, object]
) -> None:
    with written.begin() as session:
        session.connection().execute(update(table).where(col(table.id) == 1).values(**values))
    receipt = 1 if number == 1 else 3
    assert broken(written) == [Broken("changed", number, receipt, 1)]


def test_another_author_or_homework_is_a_change(written: Database) -> None:
    with written.begin() as session:
        other = people.by_user(session, TEAM, LENA)
        assert other is not None
        statement = update(Reflection).where(col(Reflection.number) == 2)
        session.connection().execute(statement.values(author_id=other.id))
    assert broken(written) == [Broken("changed", 2, 2, 1)]


def test_a_version_taken_out_is_named(written: Database) -> None:
    with written.begin() as session:
        session.connection().execute(delete(ReflectionVersion).where(col(ReflectionVersion.id) == 2))
    assert broken(written) == [Broken("version gone", 2, 2, 1)]


def test_a_link_taken_off_the_end_is_missed(written: Database) -> None:
    with written.begin() as session:
        session.connection().execute(delete(SubmissionLink).where(col(SubmissionLink.number) == 4))
    assert broken(written) == [Broken("head differs", 4), Broken("not sealed", 0, 3, 1)]


def test_whoever_was_known_by_their_address_when_they_coached_is_still_the_same(db: Database) -> None:
    with db.begin() as session:
        program = season(session)
        listed = Person(team="", email="june@example.org", name="June Park")
        session.add(listed)
        session.flush()
        session.add(people.Membership(program_id=program.id, person_id=listed.id or 0, role="coach", since=MONDAY))
        session.flush()
        log(session, PRIYA, coach=listed.id, organizations=(organization(session, BRIGHT),), now=MONDAY)
        met = people.by_user(session, TEAM, JUNE)
        assert met is not None
        people.merge(session, listed, met)
    with db.read() as session:
        version = session.exec(select(CheckinVersion)).one()
        assert version.coach_id == met.id
    assert broken(db) == []


# Sealing what was there before


def test_what_an_earlier_version_has_taken_in_is_named_until_it_is_sealed(written: Database) -> None:
    _as_it_was_before(written)
    assert {one.why for one in broken(written)} == {"not sealed"}
    assert sealed(written) == 4
    assert broken(written) == []
    assert links(written) == [
        (1, "checkin", 3, 1),
        (2, "reflection", 1, 1),
        (3, "reflection", 2, 1),
        (4, "reflection", 1, 2),
    ]


def test_sealing_twice_is_sealing_once(written: Database) -> None:
    _as_it_was_before(written)
    sealed(written)
    before = links(written)
    assert sealed(written) == 0
    assert links(written) == before


def test_what_comes_in_before_the_rest_is_sealed_breaks_nothing(written: Database) -> None:
    _as_it_was_before(written)
    with written.begin() as session:
        who_of(session, LENA)
        hand_in(session, LENA, "a third form")
    assert sealed(written) == 4
    assert broken(written) == []
    assert links(written)[0] == (1, "reflection", 4, 1)


def test_more_than_a_page_is_sealed_and_looked_at(quick_db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "PAGE", 2)
    with quick_db.begin() as session:
        write(session)
        hand_in(session, LENA, "a third form")
    assert broken(quick_db) == []
    _as_it_was_before(quick_db)
    assert sealed(quick_db) == 5
    assert broken(quick_db) == []


# Many at once


def test_those_who_hand_in_at_once_are_linked_one_after_the_other(db: Database) -> None:
    with db.begin() as session:
        season(session)
    wrong: list[BaseException] = []

    def hand(number: int) -> None:
        try:
            for turn in range(5):
                with db.begin(patience=20) as session:
                    who_of(session, TOMAS)
                    hand_in(session, (TOMAS, PRIYA, LENA)[number % 3], f"{number}-{turn}")
        except BaseException as error:  # noqa: BLE001
            wrong.append(error)

    threads = [threading.Thread(target=hand, args=(number,)) for number in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert wrong == []
    assert [number for number, *_ in links(db)] == list(range(1, 31))
    assert broken(db) == []


def who_of(session: Session, user: str) -> Viewer:
    """Somebody in a season that began in an earlier transaction."""
    session.info["program"] = Programs().get(session, "ost-cop")
    return who(session, user)


def change_again(session: Session) -> reflections.Submitted:
    found = reflections.readable(session=session, viewer=who(session, TOMAS), reflection_id=1)
    assert isinstance(found, Readable)
    return change(session, found.handed, draft("Quieter by now.", readers="cohort"), "a change")


def _as_it_was_before(db: Database) -> None:
    with db.begin() as session:
        for table in ("submission_links", "submission_chains"):
            session.connection().execute(text(f"DELETE FROM {table}"))
        for table in ("reflection_versions", "checkin_versions"):
            session.connection().execute(text(f"UPDATE {table} SET salt = NULL"))
