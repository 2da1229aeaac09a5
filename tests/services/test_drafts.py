"""Keeping drafts, on both databases: the newest wins, nobody else sees them, handing in ends them."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from bot.domain.checkins import Form as CheckinForm
from bot.domain.drafts import About, Closed, Offer, Typed, changing
from bot.domain.once import AlreadySaved, Saved
from bot.domain.reflections import Form
from bot.services import checkins, drafts, export, home, reflections
from bot.services.programs import Programs
from storage import notices, people
from storage.database import Database
from storage.drafts import Draft
from tests.cast import ALEX, FAY, JUNE, LENA, MONDAY, PRIYA, TEAM, TOMAS, asks, begin, season, who
from tests.services.test_reflections import FIRST, draft, hand_in, versions

WORDS = "A draft that nobody else may read."
MINUTE = timedelta(minutes=1)


def typed(
    words: str = WORDS,
    *,
    at: datetime = MONDAY,
    user: str = TOMAS,
    about: About | None = None,
    view: str = "V1",
    order: int | None = None,
) -> Typed:
    """A form in which somebody has typed, at a moment."""
    about = about or About("reflection", 1, FIRST)
    values = {"answer": {"draft.typed#1": {"value": words}}}
    order = int(at.timestamp()) * 1_000_000 if order is None else order
    key = f"{TEAM}:view_submission:{view}"
    return Typed(TEAM, user, about, view, key, order, at, len(words), values)


def keep(session: Session, *what: Typed | Closed) -> None:
    drafts.write(session=session, what=what)


def stored(session: Session) -> list[str]:
    """What stands in every draft there is."""
    return [one.values["answer"]["draft.typed#1"]["value"] for one in session.exec(select(Draft)).all()]


def offers(session: Session) -> list[tuple[str, datetime]]:
    """The offers in the ledger, with their state and when they are due."""
    rows = notices.by_state(session, ("planned", "skipped", "delivered"))
    return [(one.state, one.due_at) for one in rows if one.kind == drafts.KEPT]


def test_the_newest_wins_however_late_an_older_one_comes_in(db: Database) -> None:
    with db.begin() as session:
        begin(session)
        keep(session, typed("ab", order=2), typed("abc", order=3), typed("a", order=1))
        assert stored(session) == ["abc"]
        assert [one.action_ts for one in session.exec(select(Draft)).all()] == [3]


def test_two_processes_at_once_keep_the_newest(db: Database) -> None:
    with db.begin() as session:
        begin(session)
    other = Database(db.url.render_as_string(hide_password=False))
    together = threading.Barrier(10)

    def write(number: int) -> None:
        together.wait()
        with (db if number % 2 else other).begin(patience=20) as session:
            keep(session, typed("x" * number, order=number))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(1, 11)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    with db.read() as session:
        assert len(stored(session)) == 1
        assert len(offers(session)) == 1
    with db.begin() as session:
        keep(session, typed("the last", order=11), typed("x" * 10, order=10))
        assert stored(session) == ["the last"]


def test_what_is_handed_in_while_its_last_word_is_being_kept_is_no_draft(db: Database) -> None:
    with db.begin() as session:
        program = season(session)
    other = Database(db.url.render_as_string(hide_password=False))

    def submit() -> None:
        with other.begin(patience=20) as session:
            session.info["program"] = program
            hand_in(session)

    handing_in = threading.Thread(target=submit)
    with db.begin() as session:
        keep(session, typed())
        handing_in.start()
        handing_in.join(1)
    handing_in.join()
    other.close()
    with db.read() as session:
        assert len(versions(session)) == 1
        assert stored(session) == []


def test_a_form_in_which_nothing_stands_is_no_draft(db: Database) -> None:
    with db.begin() as session:
        begin(session)
        keep(session, typed(""))
        assert stored(session) == []
        assert offers(session) == []


def test_what_was_erased_again_is_not_offered(db: Database) -> None:
    with db.begin() as session:
        program = begin(session)
        keep(session, typed(WORDS, order=1), typed("", order=2))
        (row,) = session.exec(select(Draft)).all()
        assert row.id is not None
        later = MONDAY + timedelta(hours=1)
        assert drafts.offered(session=session, program=program, draft_id=row.id, began=row.began, now=later) is None
        assert drafts.mine(session=session, viewer=asks(session, TOMAS)) == ()


def test_each_form_person_and_subject_has_a_draft_of_its_own(db: Database) -> None:
    with db.begin() as session:
        begin(session)
        about = About("reflection", 1, "quality-snapshot")
        keep(session, typed("one"), typed("two", user=PRIYA), typed("three", about=about))
        assert sorted(stored(session)) == ["one", "three", "two"]


def test_somebody_who_was_never_met_has_no_draft(db: Database) -> None:
    with db.begin() as session:
        begin(session)
        keep(session, typed(user="U0NOBODY1"))
        assert stored(session) == []


def test_one_draft_that_cannot_be_written_keeps_no_other_from_it(db: Database) -> None:
    with db.begin() as session:
        begin(session)
        keep(session, typed(about=About("reflection", 999, FIRST)), typed("mine"))
        assert stored(session) == ["mine"]


def test_a_draft_is_offered_ten_minutes_after_the_last_character(db: Database) -> None:
    with db.begin() as session:
        program = begin(session)
        keep(session, typed(order=1))
        assert offers(session) == [("planned", MONDAY + 10 * MINUTE)]
        keep(session, typed(at=MONDAY + 5 * MINUTE, order=2))
        (row,) = session.exec(select(Draft)).all()
        assert row.id is not None
        for minutes, expected in ((10, datetime), (15, Offer)):
            found = drafts.offered(
                session=session, program=program, draft_id=row.id, began=row.began, now=MONDAY + minutes * MINUTE
            )
            assert isinstance(found, expected)


def test_a_closed_form_is_offered_a_minute_after_the_last_character(db: Database) -> None:
    with db.begin() as session:
        begin(session)
        keep(session, typed(), Closed(TEAM, TOMAS, "V1", MONDAY + timedelta(seconds=5)))
        assert offers(session) == [("planned", MONDAY + MINUTE)]


def test_a_form_that_is_opened_again_is_not_the_one_that_was_closed(db: Database) -> None:
    with db.begin() as session:
        program = begin(session)
        keep(session, typed(order=1), Closed(TEAM, TOMAS, "V1", MONDAY), typed(order=2, view="V2"))
        (row,) = session.exec(select(Draft)).all()
        assert row.id is not None
        found = drafts.offered(
            session=session, program=program, draft_id=row.id, began=row.began, now=MONDAY + 2 * MINUTE
        )
        assert found == MONDAY + 10 * MINUTE


def test_the_last_characters_of_a_closed_form_may_come_in_after_its_closing(db: Database) -> None:
    with db.begin() as session:
        begin(session)
        keep(session, typed("a", order=1), Closed(TEAM, TOMAS, "V1", MONDAY), typed("ab", order=2))
        (row,) = session.exec(select(Draft)).all()
        assert row.closed_at == MONDAY
        assert stored(session) == ["ab"]


def test_somebody_elses_form_is_not_closed_by_its_id(db: Database) -> None:
    with db.begin() as session:
        begin(session)
        keep(session, typed(), Closed(TEAM, PRIYA, "V1", MONDAY))
        assert session.exec(select(Draft)).one().closed_at is None


def test_handing_in_ends_the_draft_and_its_offer(db: Database) -> None:
    with db.begin() as session:
        season(session)
        keep(session, typed())
        hand_in(session)
        assert stored(session) == []
        assert [state for state, _ in offers(session)] == ["skipped"]


def test_a_submission_that_is_not_committed_leaves_the_draft(db: Database) -> None:
    with db.begin() as session:
        season(session)
        keep(session, typed())

    def fail() -> None:
        with db.begin() as session:
            session.info["program"] = Programs().get(session, "ost-cop")
            hand_in(session)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with db.read() as session:
        assert stored(session) == [WORDS]
        assert versions(session) == []


def test_a_refused_form_leaves_the_draft(db: Database) -> None:
    with db.begin() as session:
        season(session)
        keep(session, typed())
        viewer = who(session, TOMAS)
        outcome = reflections.submit(session=session, viewer=viewer, draft=draft("x" * 3001), key="V1", now=MONDAY)
        assert isinstance(outcome, reflections.Rejected)
        assert stored(session) == [WORDS]


def test_what_was_typed_before_handing_in_and_comes_in_after_it_is_no_draft(db: Database) -> None:
    with db.begin() as session:
        season(session)
        hand_in(session, key=f"{TEAM}:view_submission:V1")
        keep(session, typed(at=MONDAY - timedelta(seconds=1)))
        assert stored(session) == []
        assert offers(session) == []


def test_whoever_writes_on_after_a_lost_answer_has_a_draft_until_it_is_handed_in_again(db: Database) -> None:
    with db.begin() as session:
        season(session)
        key = f"{TEAM}:view_submission:V1"
        handed = hand_in(session, key=key)
        keep(session, typed("and more", at=MONDAY + MINUTE))
        viewer = who(session, TOMAS)
        found = reflections.change_form(session=session, viewer=viewer, reflection_id=handed.id)
        assert isinstance(found, Form)
        assert found.kept is not None
        outcome = reflections.submit(session=session, viewer=viewer, draft=draft("and more"), key=key, now=MONDAY)
        assert isinstance(outcome, Saved)
        assert outcome.receipt.handed.number == handed.number
        assert stored(session) == []


def test_a_change_that_says_nothing_new_ends_its_draft_too(db: Database) -> None:
    with db.begin() as session:
        season(session)
        handed = hand_in(session)
        keep(session, typed(view="V2", about=About("reflection", 1, changing(handed.id))))
        outcome = reflections.change(
            session=session, viewer=who(session, TOMAS), reflection_id=handed.id, draft=draft(), key="V2", now=MONDAY
        )
        assert isinstance(outcome, AlreadySaved)
        assert stored(session) == []


def test_a_form_that_is_opened_anew_has_the_draft_of_its_author_alone(db: Database) -> None:
    with db.begin() as session:
        season(session)
        keep(session, typed(), typed(user=JUNE, about=About("checkin", 1)))
        for user, expected in ((TOMAS, True), (PRIYA, False)):
            found = reflections.form(session=session, viewer=who(session, user), now=MONDAY, assignment=FIRST)
            assert isinstance(found, Form)
            assert (found.kept is not None) is expected
        for user, expected in ((JUNE, True), (LENA, False)):
            shape = checkins.form(session=session, viewer=who(session, user), now=MONDAY)
            assert isinstance(shape, CheckinForm)
            assert (shape.kept is not None) is expected


@pytest.mark.parametrize("user", [FAY, ALEX, PRIYA, JUNE])
def test_nobody_but_its_author_finds_a_draft(quick_db: Database, user: str) -> None:
    with quick_db.begin() as session:
        begin(session)
        keep(session, typed())
        (row,) = session.exec(select(Draft)).all()
        assert row.id is not None
        other, author = asks(session, user), asks(session, TOMAS)
        assert drafts.own(session=session, viewer=author, draft_id=row.id) is not None
        assert drafts.own(session=session, viewer=other, draft_id=row.id) is None
        assert not drafts.finish(session=session, viewer=other, about=About("reflection", 1, FIRST), now=MONDAY)
        assert drafts.mine(session=session, viewer=other) == ()
        page = home.gather(session=session, programs=Programs(), team=TEAM, user=user, now=MONDAY)
        assert page is not None
        assert [part.drafts for part in page.parts] == [()]
        assert WORDS not in str(page)


def test_a_draft_is_in_no_export(quick_db: Database) -> None:
    with quick_db.begin() as session:
        begin(session)
        keep(session, typed())
        for private in (False, True):
            sheets = export.tables(session=session, private_notes=private)
            assert WORDS not in str([(one.name, list(one.rows)) for one in sheets])


def test_the_authors_home_names_it_and_is_made_anew_when_it_comes_and_goes(quick_db: Database) -> None:
    with quick_db.begin() as session:
        begin(session)
        person = people.by_user(session, TEAM, TOMAS)
        assert person is not None
        assert person.id is not None
        person.home_opened_at = MONDAY
        keep(session, typed())
        assert people.any_home_marked(session)
        page = home.gather(session=session, programs=Programs(), team=TEAM, user=TOMAS, now=MONDAY)
        assert page is not None
        assert [one.title for one in page.parts[0].drafts] == ["Before we begin"]
        people.unmark_home(session, person.id)
        drafts.finish(session=session, viewer=asks(session, TOMAS), about=About("reflection", 1, FIRST), now=MONDAY)
        assert people.any_home_marked(session)


def test_what_nobody_touches_for_thirty_days_goes(db: Database) -> None:
    with db.begin() as session:
        begin(session)
        keep(session, typed("old"), typed("new", user=PRIYA, at=MONDAY + timedelta(days=2)))
        late = MONDAY + timedelta(days=30, minutes=1)
        assert drafts.any_old(session, late)
        assert drafts.forget_old(session=session, now=late) == 1
        assert stored(session) == ["new"]
        assert not drafts.any_old(session, late)


def test_an_id_that_is_given_away_again_is_another_draft_with_an_offer_of_its_own(db: Database) -> None:
    with db.begin() as session:
        begin(session)
        about = About("reflection", 1, FIRST)
        keep(session, typed("first", order=1))
        drafts.finish(session=session, viewer=asks(session, TOMAS), about=about, now=MONDAY)
        keep(session, typed("second", order=2))
        assert sorted(state for state, _ in offers(session)) == ["planned", "skipped"]
