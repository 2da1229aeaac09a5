"""Handing in, changing, taking back and reading, on both databases."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from bot.domain.notices import ToChannel, ToPerson, ToPurpose
from bot.domain.once import AlreadySaved, Saved
from bot.domain.programs import Program
from bot.domain.reflections import Answer, CameIn, Draft, Form, Handed, Mine, NotAllowed, NothingOpen, Readable
from bot.services import people as roles
from bot.services import reflections
from bot.services.programs import Programs
from bot.services.reflections import Rejected
from storage import notices, people
from storage.database import Database
from storage.reflections import Reflection, ReflectionVersion
from tests import cast
from tests.cast import (
    ADA,
    ALEX,
    COHORT,
    FAY,
    JUNE,
    KOFI,
    LENA,
    MONDAY,
    PRIYA,
    SAM,
    TEAM,
    TOMAS,
    join,
    load,
    season,
    who,
)

FIRST, SECOND = "before-we-begin", "quality-snapshot"
WORDS = "A room full of noise, and nobody looks at the clock."


def draft(
    text: str = WORDS, *, hours: str = "1.5", readers: str = "facilitators", homework: str = FIRST, hope: str = "Calm."
) -> Draft:
    answers = (Answer("program", "A good day?", text), Answer("hope", "Ten months from now?", hope))
    if homework == SECOND:
        answers = (Answer("strong", "Good at?", text), Answer("missing-voices", "Whose voice?", hope))
    return Draft(homework, answers, hours, readers)


def hand_in(session: Session, user: str = TOMAS, key: str = "T0CONVENE:view_submission:V1", **more: str) -> Handed:
    outcome = reflections.submit(session=session, viewer=who(session, user), draft=draft(**more), key=key, now=MONDAY)
    assert isinstance(outcome, Saved)
    return outcome.receipt.handed


def change(session: Session, handed: Handed, new: Draft, key: str, user: str = TOMAS) -> reflections.Submitted:
    return reflections.change(
        session=session,
        viewer=who(session, user),
        reflection_id=handed.id,
        draft=new,
        key=key,
        now=MONDAY + timedelta(hours=1),
    )


def refused(outcome: object) -> str:
    assert isinstance(outcome, NotAllowed)
    return outcome.why


def kinds(session: Session, program: Program) -> list[str]:
    return [row.kind for row in notices.by_state(session, ("planned",), program.id)]


def counted(session: Session) -> dict[str, int]:
    """How many reflections there are on each homework."""
    return Counter(session.exec(select(Reflection.assignment)).all())


def versions(session: Session) -> list[ReflectionVersion]:
    """All versions of the one reflection, oldest first."""
    return list(session.exec(select(ReflectionVersion).order_by(col(ReflectionVersion.version))).all())


def open_for(session: Session, user: str, homework: str = "") -> Form:
    found = reflections.form(session=session, viewer=who(session, user), now=MONDAY, assignment=homework)
    assert isinstance(found, Form)
    return found


# Handing in


def test_what_is_handed_in_is_numbered_and_a_receipt_is_on_its_way(db: Database) -> None:
    with db.begin() as session:
        season(session)
        first, second = hand_in(session), hand_in(session, PRIYA, "another form")
        row = notices.get(session, f"reflection.receipt:{first.id}")
    assert (first.number, second.number) == (1, 2)
    assert first.organization is not None
    assert first.organization.name == "Bright Labs"
    assert (first.content.minutes, first.content.answers[0].text) == (90, WORDS)
    assert row is not None
    assert notices.to_notice(row).target == ToPerson(TOMAS)
    assert row.refs == {"reflection": first.id, "version": 1}


def test_a_second_submit_gives_the_same_receipt(db: Database) -> None:
    with db.begin() as session:
        season(session)
        first = hand_in(session)
        again = reflections.submit(
            session=session,
            viewer=who(session, TOMAS),
            draft=draft(),
            key="T0CONVENE:view_submission:V1",
            now=MONDAY + timedelta(minutes=1),
        )
        there = counted(session)
    assert isinstance(again, AlreadySaved)
    assert again.receipt.handed == first
    assert there == {FIRST: 1}


def test_twenty_deliveries_of_one_form_are_one_reflection(db: Database) -> None:
    with db.begin() as session:
        program = season(session)
    numbers: list[int] = []

    def deliver() -> None:
        with db.begin(patience=20) as session:
            session.info["program"] = program
            outcome = reflections.submit(
                session=session, viewer=who(session, TOMAS), draft=draft(), key="one form", now=MONDAY
            )
            assert isinstance(outcome, Saved | AlreadySaved)
            numbers.append(outcome.receipt.handed.number)

    threads = [threading.Thread(target=deliver) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with db.read() as session:
        assert counted(session) == {FIRST: 1}
    assert numbers == [1] * 20


def test_a_form_whose_answer_was_lost_is_handed_in_again_with_other_words(db: Database) -> None:
    with db.begin() as session:
        season(session)
        first = hand_in(session, key="V1")
        for text, known in (("Other words.", False), ("Other words.", True), (WORDS, True)):
            outcome = reflections.submit(
                session=session, viewer=who(session, TOMAS), draft=draft(text), key="V1", now=MONDAY
            )
            assert isinstance(outcome, AlreadySaved if known else Saved)
            assert outcome.receipt.handed.number == first.number
        stored = [[answer[2] for answer in one.answers] for one in versions(session)]
    assert stored == [[WORDS, "Calm."], ["Other words.", "Calm."]]


def test_one_form_with_two_wordings_at_the_same_moment_has_one_number_and_both_wordings(db: Database) -> None:
    with db.begin() as session:
        season(session)
    numbers: list[int] = []
    together = threading.Barrier(10)

    def deliver(text: str) -> None:
        together.wait()
        with db.begin(patience=20) as session:
            viewer = cast.asks(session, TOMAS)
            outcome = reflections.submit(session=session, viewer=viewer, draft=draft(text), key="V1", now=MONDAY)
            assert isinstance(outcome, Saved | AlreadySaved)
            numbers.append(outcome.receipt.handed.number)

    threads = [threading.Thread(target=deliver, args=(text,)) for text in (WORDS, "Other words.") * 5]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert numbers == [1] * 10
    with db.read() as session:
        assert sorted(one.answers[0][2] for one in versions(session)) == sorted((WORDS, "Other words."))


def test_a_change_whose_answer_was_lost_is_handed_in_again_with_other_words(db: Database) -> None:
    with db.begin() as session:
        season(session)
        first = hand_in(session, key="V1")
        for text in ("Once.", "Twice.", "Twice.", "Once."):
            outcome = change(session, first, draft(text), "V2")
            assert isinstance(outcome, Saved | AlreadySaved)
        assert [one.answers[0][2] for one in versions(session)] == [WORDS, "Once.", "Twice."]


def test_a_form_that_was_turned_to_another_homework_after_it_was_saved_hands_that_in_as_well(db: Database) -> None:
    with db.begin() as session:
        season(session)
        numbers = [hand_in(session, key="V1", homework=homework).number for homework in (FIRST, SECOND)]
        assert (numbers, counted(session)) == ([1, 2], {FIRST: 1, SECOND: 1})


def test_nobody_learns_from_another_persons_form(db: Database) -> None:
    with db.begin() as session:
        season(session)
        hand_in(session, key="V1")
        viewer = who(session, KOFI)
        outcome = reflections.submit(session=session, viewer=viewer, draft=draft("Mine."), key="V1", now=MONDAY)
        assert refused(outcome) == "not theirs"


@pytest.mark.parametrize("met", ["welcomed", "for the first time"])
def test_people_whose_homes_are_in_view_hand_in_at_once_and_nobody_is_turned_away(db: Database, met: str) -> None:
    with db.begin() as session:
        season(session)
        for user in (TOMAS, PRIYA, LENA, KOFI):
            person = people.by_user(session, TEAM, user)
            assert person is not None
            person.home_opened_at = MONDAY
            person.welcomed_at = MONDAY if met == "welcomed" else None
    numbers: list[int] = []
    together = threading.Barrier(8)

    def deliver(user: str, homework: str) -> None:
        together.wait()
        with db.begin(patience=20) as session:
            viewer = cast.asks(session, user)
            outcome = reflections.submit(
                session=session, viewer=viewer, draft=draft(homework=homework), key=f"{user}:{homework}", now=MONDAY
            )
            assert isinstance(outcome, Saved)
            numbers.append(outcome.receipt.handed.number)

    who_and_what = [(user, homework) for user in (TOMAS, PRIYA, LENA, KOFI) for homework in (FIRST, SECOND)]
    threads = [threading.Thread(target=deliver, args=one) for one in who_and_what]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with db.read() as session:
        assert counted(session) == {FIRST: 4, SECOND: 4}
    assert sorted(numbers) == list(range(1, 9))


def test_a_rejected_form_writes_nothing_at_all(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = season(session)
        outcome = reflections.submit(
            session=session, viewer=who(session, TOMAS), draft=draft(" ", hours="-2"), key="V1", now=MONDAY
        )
        there, planned = counted(session), kinds(session, program)
    assert isinstance(outcome, Rejected)
    assert [(one.field, one.why) for one in outcome.problems] == [("program", "missing"), ("hours", "negative")]
    assert (there, planned) == ({}, [])
    with quick_db.begin() as session:
        session.info["program"] = program
        assert hand_in(session, key="V1").number == 1


@pytest.mark.parametrize(
    ("user", "why"),
    [(JUNE, "not a participant"), (FAY, "reads only"), (ADA, "applicant"), (SAM, "not in it")],
)
def test_only_participants_hand_in(quick_db: Database, user: str, why: str) -> None:
    with quick_db.begin() as session:
        season(session)
        viewer = who(session, user)
        outcome = reflections.submit(session=session, viewer=viewer, draft=draft(), key="V1", now=MONDAY)
        form = reflections.form(session=session, viewer=viewer, now=MONDAY)
    assert refused(outcome) == refused(form) == why


def test_a_refusal_names_the_facilitators(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        found = reflections.form(session=session, viewer=who(session, SAM), now=MONDAY)
    assert isinstance(found, NotAllowed)
    assert [one.name for one in found.facilitators] == ["Fay Whitaker"]


def test_somebody_who_is_not_confirmed_yet_is_told_so(quick_db: Database) -> None:
    with quick_db.begin() as session:
        join(session, season(session), SAM, "participant", state="pending")
        assert refused(reflections.form(session=session, viewer=who(session, SAM), now=MONDAY)) == "pending"


def test_somebody_who_left_hands_in_nothing_and_keeps_their_list(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        handed = hand_in(session, KOFI)
        _leave(session, KOFI)
        viewer = who(session, KOFI)
        outcome = reflections.submit(session=session, viewer=viewer, draft=draft(), key="V2", now=MONDAY)
        changed = change(session, handed, draft("New"), "V3", KOFI)
        mine = reflections.mine(session=session, viewer=viewer)
        readable = reflections.readable(session=session, viewer=viewer, reflection_id=handed.id)
    assert refused(outcome) == refused(changed) == "left"
    assert isinstance(mine, Mine)
    assert [one.number for one in mine.items] == [handed.number]
    assert isinstance(readable, Readable)


def test_without_a_program_there_is_a_refusal(quick_db: Database) -> None:
    with quick_db.begin() as session:
        viewer = who(session, SAM)
        for outcome in (
            reflections.form(session=session, viewer=viewer, now=MONDAY),
            reflections.submit(session=session, viewer=viewer, draft=draft(), key="V1", now=MONDAY),
            reflections.mine(session=session, viewer=viewer),
            reflections.readable(session=session, viewer=viewer, reflection_id=1),
            reflections.take_back(session=session, viewer=viewer, reflection_id=1, key="B1", now=MONDAY),
        ):
            assert refused(outcome) == "no program"


def test_homework_that_is_gone_is_not_handed_in(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        viewer = who(session, TOMAS)
        form = reflections.form(session=session, viewer=viewer, now=MONDAY, assignment="last-year")
        outcome = reflections.submit(
            session=session, viewer=viewer, draft=replace(draft(), assignment="last-year"), key="V1", now=MONDAY
        )
    assert refused(form) == refused(outcome) == "homework gone"


# The form


def test_the_form_opens_with_the_next_homework_and_offers_the_others(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = season(session)
        form = open_for(session, TOMAS)
    assert form.key == FIRST
    assert form.choices == program.assignments
    assert (form.readers, form.channel) == ("facilitators", COHORT)


def test_when_the_colleague_has_handed_it_in_the_next_homework_opens(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        hand_in(session, PRIYA)
        tomas, lena = open_for(session, TOMAS), open_for(session, LENA)
        wanted = open_for(session, TOMAS, FIRST)
    assert (tomas.key, lena.key) == (SECOND, FIRST)
    assert [one.author for one in wanted.done] == ["Priya Nair"]
    assert wanted.before is None


def test_homework_handed_in_already_opens_to_be_changed(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        handed = hand_in(session, readers="cohort")
        form = open_for(session, TOMAS, FIRST)
    assert form.before == handed
    assert form.readers == "cohort"
    assert form.choices == ()


def test_when_everything_is_handed_in_nothing_is_open(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = season(session)
        for number, one in enumerate(program.assignments):
            whole = Draft(one.key, tuple(Answer(p.key, p.label, "Yes.") for p in one.prompts), "", "facilitators")
            reflections.submit(session=session, viewer=who(session, TOMAS), draft=whole, key=f"V{number}", now=MONDAY)
        found = reflections.form(session=session, viewer=who(session, TOMAS), now=MONDAY)
    assert isinstance(found, NothingOpen)
    assert found.handed_in == len(program.assignments)


def test_a_program_without_homework_says_so(quick_db: Database) -> None:
    with quick_db.begin() as session:
        session.info["program"] = program = load(session, "stem-iq")
        join(session, program, TOMAS, "participant")
        found = reflections.form(session=session, viewer=who(session, TOMAS), now=MONDAY)
    assert isinstance(found, NothingOpen)
    assert found.handed_in == 0


# Changing


def test_a_change_keeps_every_version_and_its_number(db: Database) -> None:
    with db.begin() as session:
        program = season(session)
        handed = hand_in(session)
        outcome = change(session, handed, draft("Quieter now.", hours="2"), "V2")
        said = [one.answers[0][2] for one in versions(session)]
        planned = kinds(session, program)
    assert isinstance(outcome, Saved)
    now = outcome.receipt.handed
    assert (now.number, now.version, now.content.minutes) == (handed.number, 2, 120)
    assert now.handed_in_at == handed.handed_in_at
    assert now.saved_at == MONDAY + timedelta(hours=1)
    assert said == [WORDS, "Quieter now."]
    assert sorted(planned) == ["reflection.receipt", "reflection.receipt_change"]


def test_a_late_change_submitted_twice_is_one_version(db: Database) -> None:
    with db.begin() as session:
        season(session)
        handed = hand_in(session)
        change(session, handed, draft("Quieter now."), "V2")
        again = change(session, handed, draft("Quieter now."), "V2")
        assert isinstance(again, AlreadySaved)
        assert again.receipt.handed.version == 2
        assert len(versions(session)) == 2


def test_a_change_that_says_nothing_new_is_no_version(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        handed = hand_in(session)
        outcome = change(session, handed, draft(hours="90 min"), "V2")
        assert isinstance(outcome, AlreadySaved)
        assert len(versions(session)) == 1


@pytest.mark.parametrize("user", [PRIYA, FAY, ALEX])
def test_only_the_author_changes_or_takes_back(quick_db: Database, user: str) -> None:
    with quick_db.begin() as session:
        program = season(session)
        handed = hand_in(session, readers="cohort")
        viewer = who(session, user)
        outcomes = (
            change(session, handed, draft("Mine now."), "V2", user),
            reflections.change_form(session=session, viewer=viewer, reflection_id=handed.id),
            reflections.take_back(session=session, viewer=viewer, reflection_id=handed.id, key="B1", now=MONDAY),
        )
        why = {PRIYA: "not theirs", FAY: "reads only", ALEX: "not a participant"}[user]
        assert {refused(one) for one in outcomes} == {why}
        assert len(versions(session)) == 1
        assert "reflection.cohort_withdrawal" not in kinds(session, program)


def test_a_reflection_can_be_changed_when_its_homework_is_gone_from_the_program(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        handed = hand_in(session)
        cast.take_out(session, "assignments", FIRST)
        session.info["program"] = Programs().get(session, "ost-cop")
        form = reflections.change_form(session=session, viewer=who(session, TOMAS), reflection_id=handed.id)
        outcome = change(session, handed, draft("Still mine."), "V2")
    assert isinstance(form, Form)
    assert (form.assignment, form.title) == (None, "Before we begin")
    assert [one.key for one in form.prompts] == ["program", "hope"]
    assert isinstance(outcome, Saved)


def test_another_programs_reflection_is_not_found(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        handed = hand_in(session)
        other = load(session, "stem-iq")
        join(session, other, TOMAS, "participant")
        viewer = roles.viewer(
            session=session, programs=Programs(), team=TEAM, user=TOMAS, now=MONDAY, program_id=other.id
        )
        found = reflections.change_form(session=session, viewer=viewer, reflection_id=handed.id)
    assert refused(found) == "gone"


# The cohort


def test_what_is_for_the_facilitators_is_not_posted(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = season(session)
        hand_in(session)
        assert kinds(session, program) == ["reflection.receipt"]


def test_what_is_for_the_cohort_is_posted_to_its_channel(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        handed = hand_in(session, readers="cohort")
        row = notices.get(session, f"reflection.cohort_post:{handed.id}:1")
    assert row is not None
    assert notices.to_notice(row).target == ToPurpose("cohort")


def test_taking_it_back_is_a_version_and_withdraws_the_post_where_it_is(db: Database) -> None:
    with db.begin() as session:
        season(session)
        handed = hand_in(session, readers="cohort")
        _posted(session, f"reflection.cohort_post:{handed.id}:1")
        for key in ("B1", "B1", "B2"):
            outcome = reflections.take_back(
                session=session, viewer=who(session, TOMAS), reflection_id=handed.id, key=key, now=MONDAY
            )
        row = notices.get(session, f"reflection.cohort_withdrawal:{handed.id}:2")
        stored = session.get_one(Reflection, handed.id)
        assert isinstance(outcome, AlreadySaved)
        assert outcome.receipt.handed.content.readers == "facilitators"
        assert [one.readers for one in versions(session)] == ["cohort", "facilitators"]
        assert stored.post_key is None
    assert row is not None
    assert notices.to_notice(row).target == ToChannel("C0OLD0001")
    assert row.refs["post"] == f"reflection.cohort_post:{handed.id}:1"


def test_a_change_of_a_shared_one_changes_the_post_and_posts_nothing_new(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = season(session)
        handed = hand_in(session, readers="cohort")
        change(session, handed, draft("Quieter now.", readers="cohort"), "V2")
        planned = kinds(session, program)
    assert planned.count("reflection.cohort_post") == 1
    assert planned.count("reflection.cohort_change") == 1


def test_sharing_again_after_taking_back_is_a_new_post(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        handed = hand_in(session, readers="cohort")
        change(session, handed, draft(), "V2")
        change(session, handed, draft(readers="cohort"), "V3")
        assert notices.get(session, f"reflection.cohort_post:{handed.id}:3") is not None
        assert session.get_one(Reflection, handed.id).post_key == f"reflection.cohort_post:{handed.id}:3"


# Reading


@pytest.mark.parametrize(
    ("user", "readers", "may"),
    [
        (TOMAS, "facilitators", True),
        (FAY, "facilitators", True),
        (PRIYA, "facilitators", False),
        (JUNE, "facilitators", False),
        (ALEX, "facilitators", False),
        (LENA, "cohort", True),
        (JUNE, "cohort", True),
        (ADA, "cohort", False),
        (SAM, "cohort", False),
        (ALEX, "cohort", False),
    ],
)
def test_a_reflection_is_read_by_whom_its_author_chose(quick_db: Database, user: str, readers: str, may: bool) -> None:
    with quick_db.begin() as session:
        season(session)
        handed = hand_in(session, readers=readers)
        found = reflections.readable(session=session, viewer=who(session, user), reflection_id=handed.id)
    assert isinstance(found, Readable) is may
    assert may or refused(found) == "not readable"


def test_the_cohort_does_not_see_the_hours(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        handed = hand_in(session, readers="cohort")
        seen = {
            user: reflections.readable(session=session, viewer=who(session, user), reflection_id=handed.id)
            for user in (LENA, FAY, TOMAS)
        }
    assert [one.handed.content.minutes for one in seen.values() if isinstance(one, Readable)] == [None, 90, 90]


def test_somebody_who_is_no_longer_a_facilitator_reads_nothing_more(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        handed = hand_in(session)
        _leave(session, FAY)
        found = reflections.readable(session=session, viewer=who(session, FAY), reflection_id=handed.id)
    assert refused(found) == "not readable"


def test_ones_own_are_listed_newest_first_and_page_by_page(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        for number in range(23):
            hand_in(session, key=f"V{number}")
        hand_in(session, PRIYA, "Priya's")
        first = reflections.mine(session=session, viewer=who(session, TOMAS))
        assert isinstance(first, Mine)
        rest = reflections.mine(session=session, viewer=who(session, TOMAS), before=first.earlier)
        assert isinstance(rest, Mine)
    assert [one.number for one in (*first.items, *rest.items)] == list(range(23, 0, -1))
    assert (len(first.items), first.total, rest.earlier) == (20, 23, None)


@pytest.mark.parametrize(
    ("user", "numbers"), [(FAY, [3, 2, 1]), (TOMAS, [3, 1]), (PRIYA, [3, 2]), (JUNE, [3]), (LENA, [3])]
)
def test_everybody_lists_what_they_may_read(quick_db: Database, user: str, numbers: list[int]) -> None:
    with quick_db.begin() as session:
        season(session)
        hand_in(session, TOMAS, "V1")
        hand_in(session, PRIYA, "V2")
        hand_in(session, KOFI, "V3", readers="cohort")
        found = reflections.came_in(session=session, viewer=who(session, user))
    assert isinstance(found, CameIn)
    assert [one.number for one in found.items] == numbers
    assert (found.items[0].content.minutes is None) is (user != FAY)


@pytest.mark.parametrize("user", [ALEX, ADA, SAM])
def test_administrators_applicants_and_strangers_list_nothing(quick_db: Database, user: str) -> None:
    with quick_db.begin() as session:
        season(session)
        hand_in(session, readers="cohort")
        assert refused(reflections.came_in(session=session, viewer=who(session, user))) == "not a reader"


def test_what_is_new_is_told_by_when_it_was_handed_in_first(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = season(session)
        handed = hand_in(session)
        change(session, handed, draft("Later words"), "V2")
        new = reflections.list_new(session=session, program=program, since=MONDAY - timedelta(minutes=1), until=MONDAY)
        later = reflections.list_new(session=session, program=program, since=MONDAY, until=MONDAY + timedelta(days=1))
    assert [one.number for one in new] == [handed.number]
    assert later == ()


def test_words_never_show_when_a_value_is_logged(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        handed = hand_in(session)
        row = versions(session)[0]
    for thing in (draft(), handed, handed.content, row):
        assert WORDS not in repr(thing)


def _leave(session: Session, user: str) -> None:
    viewer = who(session, user)
    for membership in people.memberships(session, viewer.person_id):
        membership.state = "left"
    session.flush()


def _posted(session: Session, key: str) -> None:
    row = notices.get(session, key)
    assert row is not None
    row.state, row.posted_channel, row.posted_ts = "delivered", "C0OLD0001", "1602511200.000100"
    session.add(row)
    session.flush()
