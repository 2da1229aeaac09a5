"""Answers are kept, doubted and looked after: once, by those who may, and never with what somebody asked alone."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlmodel import Session, select

from bot.domain import entries as rules
from bot.domain.entries import (
    ChangedMeanwhile,
    Done,
    Draft,
    DraftField,
    Editing,
    Gone,
    Keep,
    Keeping,
    Kept,
    Problem,
    Rejected,
    Said,
)
from bot.domain.once import AlreadySaved, Saved
from bot.domain.people import NotAllowed, Viewer
from bot.domain.programs import Entry, Program
from bot.domain.questions import Reply, Where
from bot.services import entries, entries_editing, entries_keeping, faq, programs, questions
from bot.services.faq import Asking, FaqIndexes
from bot.services.planning import follow
from bot.services.programs import Programs
from storage import entries as rows
from storage import questions as question_rows
from storage.database import Database
from storage.entries import EntrySave
from storage.notices import NoticeRow
from storage.programs import ProgramItem
from storage.questions import Question
from tests import cast
from tests.cast import (
    ADA,
    ALEX,
    APPLICANTS,
    COHORT,
    FAY,
    GENERAL,
    JUNE,
    KOFI,
    MONDAY,
    PRIYA,
    SAM,
    TEAM,
    TOMAS,
)

PARKING = "Is there parking?"
DUE = "When is the application due?"
THREAD = Where("channel", APPLICANTS, "1602511200.000100")
ALONE = Where("private", APPLICANTS)
NEW = Keep("entry", question=PARKING, source="Fay Whitaker, Oct 12, 2020")


def here(session: Session) -> Program:
    found = Programs().get(session, "ost-cop")
    assert found is not None
    return found


def due(session: Session) -> Entry:
    """The entry that answers `DUE`."""
    entry = rules.asked_in(here(session), DUE)
    assert entry is not None
    return entry


def fay(session: Session, user: str = FAY) -> Viewer:
    return cast.asks(session, user)


def asked(session: Session, text: str = PARKING, user: str = ADA, where: Where = THREAD) -> int:
    """Somebody asks something; the question's id."""
    key = f"{TEAM}:{where.channel}:{where.ts}:{user}:{text}"
    asking = Asking(cast.asks(session, user, where.channel), where, text, key)
    found = faq.ask(session=session, programs=Programs(), indexes=FaqIndexes(), asking=asking, now=MONDAY)
    assert isinstance(found, Reply)
    return found.question_id


def save(
    session: Session, keep: Keep = NEW, answer: str = "Yes, in the yard.", *, user: str = FAY, **more: object
) -> Saved[Kept] | AlreadySaved[Kept] | Rejected | NotAllowed | Gone:
    given = {"key": f"T:view_submission:{keep.question}", "now": MONDAY, **more}
    return entries_keeping.save(
        session=session,
        programs=Programs(),
        viewer=fay(session, user),
        keep=keep,
        answer=answer,
        **given,  # type: ignore[arg-type]
    )


def form(session: Session, user: str = FAY, **more: object) -> Keeping | NotAllowed | Gone:
    return entries_keeping.keeping(
        session=session,
        programs=Programs(),
        indexes=FaqIndexes(),
        viewer=fay(session, user),
        now=MONDAY,
        **more,  # type: ignore[arg-type]
    )


def edit(
    session: Session,
    entry: Entry,
    *,
    user: str = FAY,
    mark: str = "",
    key: str = "k",
    now: datetime = MONDAY,
    **other: object,
) -> object:
    return entries_editing.edit(
        session=session,
        programs=Programs(),
        viewer=fay(session, user),
        entry=entry.key,
        draft=replace(rules.draft_of(entry, here(session)), **other),  # type: ignore[arg-type]
        mark=mark or rules.mark(entry),
        key=key,
        now=now,
    )


def edit_with(
    session: Session, draft: Draft, mark: str, *, theirs: tuple[DraftField, ...] = (), key: str = "chosen"
) -> object:
    """Alex has chosen whose version stands."""
    return entries_editing.edit(
        session=session,
        programs=Programs(),
        viewer=fay(session, ALEX),
        entry=due(session).key,
        draft=draft,
        mark=mark,
        key=key,
        now=MONDAY,
        theirs=theirs,
    )


def said(session: Session, kind: str) -> list[NoticeRow]:
    return list(session.exec(select(NoticeRow).where(NoticeRow.kind == kind).order_by("id")).all())


# Keeping an answer


def test_an_answer_becomes_an_entry_with_its_source_its_owner_and_who_said_so(db: Database) -> None:
    with db.begin() as session:
        before = cast.begin(session)
        outcome = save(session, replace(NEW, audience="cohort", until=date(2020, 12, 31)))
        assert isinstance(outcome, Saved)
    with db.read() as session:
        program = here(session)
        entry = program.entry("is-there-parking")
    assert program.revision == before.revision + 1
    assert entry is not None
    assert (entry.question, entry.answer, entry.source) == (PARKING, "Yes, in the yard.", NEW.source)
    assert (entry.owner, entry.audience) == ("Fay Whitaker", "cohort")
    assert entry.verified is not None
    assert (entry.verified.by, entry.verified.on, entry.verified.until) == (
        "Fay Whitaker",
        date(2020, 10, 12),
        date(2020, 12, 31),
    )


def test_what_was_kept_is_found_at_once_and_marked_as_edited_in_slack(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        save(session)
        item = session.exec(select(ProgramItem).where(ProgramItem.key == "is-there-parking")).one()
        assert (item.edited_by, item.edited_at, item.loaded_hash) == (FAY, MONDAY, None)
    with quick_db.begin() as session:
        row = question_rows.get(session, asked(session, "is there parking"))
        assert row is not None
        assert (row.outcome, row.entry) == ("answered", "is-there-parking")


def test_a_form_delivered_twice_makes_one_entry(db: Database) -> None:
    with db.begin() as session:
        cast.begin(session)
        assert isinstance(save(session), Saved)
    with db.begin() as session:
        revision = here(session).revision
        again = save(session)
        assert isinstance(again, AlreadySaved)
        assert again.receipt.entry.key == "is-there-parking"
        assert here(session).revision == revision
        assert len(session.exec(select(EntrySave)).all()) == 1


def kept_again(session: Session, first: Keep, then: Keep, answer: str = "No, not any more.") -> object:
    """A form is handed in, stays open, and is handed in again with something else in it."""
    assert isinstance(save(session, first, key="one form"), Saved)
    return save(session, then, answer, key="one form")


def test_words_changed_in_a_form_that_stayed_open_take_the_place_of_the_first(db: Database) -> None:
    with db.begin() as session:
        cast.begin(session)
        outcome = kept_again(session, NEW, replace(NEW, question="Is there a car park?", audience="cohort"))
        assert isinstance(outcome, Saved)
    with db.read() as session:
        program = here(session)
        assert rules.asked_in(program, PARKING) is None
        entry = rules.asked_in(program, "Is there a car park?")
        assert entry is not None
        assert (entry.key, entry.answer, entry.audience) == ("is-there-parking", "No, not any more.", "cohort")


def test_the_same_words_in_a_form_that_stayed_open_change_nothing(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        assert isinstance(kept_again(session, NEW, NEW, "Yes, in the yard."), AlreadySaved)
        assert len(session.exec(select(EntrySave)).all()) == 1


def test_words_that_are_changed_back_in_an_open_form_count(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        kept_again(session, NEW, NEW, "No.")
        outcomes = [save(session, NEW, key="one form") for _ in range(2)]
        assert [type(one) for one in outcomes] == [Saved, AlreadySaved]
        found = rules.asked_in(here(session), PARKING)
        assert found is not None
        assert found.answer == "Yes, in the yard."


def test_an_entry_that_turns_out_to_be_a_wording_is_one_and_the_other_way_round(db: Database) -> None:
    wording = Keep("phrasing", question=PARKING, entry="deadline")
    with db.begin() as session:
        cast.begin(session)
        assert isinstance(kept_again(session, NEW, wording), Saved)
        found = rules.asked_in(here(session), PARKING)
        assert found is not None
        assert found.key == "deadline"
        assert isinstance(save(session, replace(wording, entry="selection"), key="one form"), Saved)
        assert PARKING not in (here(session).entry("deadline") or found).phrasings
        assert isinstance(save(session, NEW, key="one form"), Saved)
        last = rules.asked_in(here(session), PARKING)
        assert last is not None
        assert last.answer == "Yes, in the yard."


def test_what_is_wrong_with_the_last_words_leaves_the_first(db: Database) -> None:
    with db.begin() as session:
        cast.begin(session)
        outcome = kept_again(session, NEW, Keep("phrasing", question=PARKING, entry="nothing-of-the-kind"))
        assert isinstance(outcome, Rejected)
    with db.read() as session:
        assert rules.asked_in(here(session), PARKING) is not None


def test_what_somebody_has_changed_meanwhile_is_not_overwritten_by_an_open_form(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        assert isinstance(save(session, key="one form"), Saved)
        made = rules.asked_in(here(session), PARKING)
        assert made is not None
        assert isinstance(edit(session, made, user=ALEX, answer="Only on Mondays."), Saved)
        assert isinstance(save(session, NEW, "No.", key="one form"), Rejected)
        assert (here(session).entry(made.key) or made).answer == "Only on Mondays."


SPANISH = Keep("entry", question="¿Hay estacionamiento?", source="Fay Whitaker")
PATIO = "Sí, en el patio de la escuela."


def test_an_answer_that_is_kept_in_spanish_is_filed_as_the_spanish_text(db: Database) -> None:
    with db.begin() as session:
        cast.begin(session)
        outcome = save(session, SPANISH, PATIO)
        assert isinstance(outcome, Saved)
        entry = outcome.receipt.entry
        spanish = entry.translation("es")
        assert spanish is not None
        assert (spanish.question, spanish.answer) == (SPANISH.question, PATIO)
        assert here(session).wording(entry, "en").language == "es"
        assert rules.draft_of(entry, here(session)).answer == ""


def test_what_is_there_in_spanish_alone_is_changed_in_spanish_and_put_into_english_later(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        outcome = save(session, SPANISH, PATIO)
        assert isinstance(outcome, Saved)
        entry = outcome.receipt.entry
        assert isinstance(edit(session, entry, spanish_answer="No, ya no hay."), Saved)
        entry = here(session).entry(entry.key) or entry
        assert (entry.answer, here(session).wording(entry, "es").answer) == ("No, ya no hay.", "No, ya no hay.")
        assert isinstance(edit(session, entry, key="k2", question=PARKING, answer="Not any more."), Saved)
        entry = here(session).entry(entry.key) or entry
        assert here(session).wording(entry, "en").answer == "Not any more."
        assert here(session).wording(entry, "es").answer == "No, ya no hay."


def test_half_of_an_english_text_beside_a_spanish_one_is_refused(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        outcome = save(session, SPANISH, PATIO)
        assert isinstance(outcome, Saved)
        assert edit(session, outcome.receipt.entry, question=PARKING) == Rejected((Problem("answer", "missing"),))


def test_two_forms_at_the_same_moment_make_one_entry_of_one_question(db: Database) -> None:
    with db.begin() as session:
        cast.begin(session)
    start, outcomes = threading.Barrier(2), []

    def send(key: str) -> None:
        start.wait()
        with db.begin(patience=20) as session:
            outcomes.append(type(save(session, key=key)))

    threads = [threading.Thread(target=send, args=(key,)) for key in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(outcomes) == {Saved, Rejected}


def test_a_question_becomes_a_way_to_ask_an_entry_once(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        entry = due(session)
        keep = Keep("phrasing", question="till when can I send it", entry=entry.key)
        for key in ("a", "b"):
            outcome = save(session, keep, "", key=key)
            assert isinstance(outcome, Saved)
            assert outcome.receipt.how == "phrasing"
        now = here(session).entry(entry.key)
    assert now is not None
    assert now.phrasings == (*entry.phrasings, "till when can I send it")
    assert (now.answer, now.verified) == (entry.answer, entry.verified)


def test_what_is_asked_already_is_refused_by_name_and_nothing_is_written(quick_db: Database) -> None:
    with quick_db.begin() as session:
        before = cast.begin(session)
        refused = save(session, replace(NEW, question="when is the application due"))
        assert refused == Rejected((Problem("question", "asked_already", due(session).question),))
        assert here(session).revision == before.revision
        assert session.exec(select(EntrySave)).all() == []


def test_what_the_whole_programs_check_finds_stands_under_the_answer(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        refused = save(session, answer="By {{date:no-such-day}}.")
    assert isinstance(refused, Rejected)
    (problem,) = refused.problems
    assert (problem.field, problem.why) == ("answer", "wrong")
    assert "no-such-day" in problem.words


def test_an_entry_that_was_taken_out_meanwhile_takes_no_wording(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        entry = due(session)
        cast.take_out(session, "faq", entry.key)
        refused = save(session, Keep("phrasing", question="till when", entry=entry.key), "")
        assert refused == Rejected((Problem("entry", "gone"),))


@pytest.mark.parametrize("user", [ADA, TOMAS, JUNE, SAM])
def test_only_those_who_answer_keep_answers(quick_db: Database, user: str) -> None:
    with quick_db.begin() as session:
        before = cast.begin(session)
        for refused in (form(session, user), save(session, user=user)):
            assert isinstance(refused, NotAllowed)
            assert [one.name for one in refused.facilitators] == ["Fay Whitaker"]
        assert here(session).revision == before.revision


def test_facilitators_of_another_program_keep_nothing_here(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        other = cast.load(session, "stem-iq")
        cast.join(session, other, SAM, "facilitator", name="Sam Lee")
        question = asked(session)
        assert isinstance(form(session, SAM, question_id=question), NotAllowed)
        assert isinstance(save(session, user=SAM, question_id=question), NotAllowed)


def test_without_a_program_nobody_can_keep_anything(quick_db: Database) -> None:
    with quick_db.begin() as session:
        assert form(session, SAM) == NotAllowed(None)


# The form


def test_the_form_of_a_message_begins_with_its_words_and_who_said_them(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        shape = form(session, said=Said(APPLICANTS, None, "Yes, *in the yard*, <@U0ADA0001>.", PRIYA))
    assert isinstance(shape, Keeping)
    assert (shape.answer, shape.by, shape.keep.question) == ("Yes, in the yard, .", "Priya Nair", "")
    assert len(shape.choices) == len(shape.program.entries)


def test_a_reply_in_the_thread_of_a_logged_question_answers_that(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        question = asked(session, "when is it due")
        shape = form(session, said=Said(APPLICANTS, THREAD.ts, "On Friday.", PRIYA))
        assert isinstance(shape, Keeping)
        assert (shape.question_id, shape.keep.question) == (question, "when is it due")
        assert due(session) in shape.choices[: shape.likely]


def test_what_is_kept_of_a_logged_question_settles_what_is_offered_for_it(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        question = asked(session)
        assert isinstance(save(session, question_id=question), Saved)
        row = question_rows.get(session, question)
        assert row is not None
        assert (row.kept_as, row.kept_at) == ("is-there-parking", MONDAY)


def test_no_is_settled_as_well_and_by_facilitators_only(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        question = asked(session)
        leave = [
            entries_keeping.leave(
                session=session, programs=Programs(), viewer=fay(session, user), question_id=question, now=MONDAY
            )
            for user in (ADA, FAY, ALEX)
        ]
        row = question_rows.get(session, question)
        assert row is not None
        assert [type(one) for one in leave] == [NotAllowed, Saved, AlreadySaved]
        assert (row.kept_as, row.kept_at) == (None, MONDAY)


def test_what_was_asked_alone_is_shown_to_nobody_until_it_is_handed_over(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        question = asked(session, where=ALONE)
        assert form(session, question_id=question) == Gone()
        assert save(session, question_id=question) == Gone()
        questions.hand_over(
            session=session, programs=Programs(), viewer=cast.asks(session, ADA), question_id=question, now=MONDAY
        )
        shape = form(session, question_id=question)
        assert isinstance(shape, Keeping)
        assert shape.keep.question == PARKING


@pytest.mark.parametrize(
    ("user", "where", "audience"),
    [
        (ADA, THREAD, "all"),
        (ADA, Where("direct", "D0ADA0001", "1.1"), "all"),
        (PRIYA, Where("channel", COHORT, "1602511200.000100"), "cohort"),
        (PRIYA, Where("direct", "D0PRIYA01", "1.1"), "cohort"),
    ],
)
def test_who_is_told_begins_with_whoever_asked(quick_db: Database, user: str, where: Where, audience: str) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        question = asked(session, user=user, where=where)
        questions.hand_over(
            session=session, programs=Programs(), viewer=cast.asks(session, user), question_id=question, now=MONDAY
        )
        shape = form(session, question_id=question)
    assert isinstance(shape, Keeping)
    assert shape.keep.audience == audience


def test_what_was_asked_in_somebody_elses_private_channel_stays_there(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.begin(session)
        room = cast.room(session, program, GENERAL, "none")
        room.program_id, room.private = None, True
        session.add(room)
        session.flush()
        question = asked(session, where=Where("channel", GENERAL, "1602511200.000300"))
        assert form(session, question_id=question) == Gone()


# Changing an entry


def test_a_changed_entry_is_verified_by_whoever_changed_it(db: Database) -> None:
    with db.begin() as session:
        cast.begin(session)
        entry = due(session)
        outcome = edit(
            session,
            entry,
            answer="On Friday.",
            until=date(2020, 10, 16),
            spanish_question="¿Hasta qué día?",
            spanish_answer="El viernes.",
        )
        assert isinstance(outcome, Saved)
        now = here(session).entry(entry.key)
    assert now is not None
    assert (now.answer, now.phrasings, now.see) == ("On Friday.", entry.phrasings, entry.see)
    assert now.verified is not None
    assert (now.verified.by, now.verified.until) == ("Fay Whitaker", date(2020, 10, 16))
    spanish_now = now.translation("es")
    assert spanish_now is not None
    assert spanish_now.answer == "El viernes."


def test_an_entry_changed_meanwhile_is_shown_and_nothing_is_overwritten(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        entry = due(session)
        edit(session, entry, answer="On Friday.", key="a")
        slower = edit(session, entry, user=ALEX, answer="On Thursday.", key="b")
        assert isinstance(slower, ChangedMeanwhile)
        assert (slower.editing.entry.answer, slower.draft.answer) == ("On Friday.", "On Thursday.")
        assert due(session).answer == "On Friday."
        again = edit(session, entry, user=ALEX, answer="On Thursday.", key="b", mark=slower.editing.mark)
        assert isinstance(again, Saved)
        assert due(session).answer == "On Thursday."


def test_what_two_change_of_different_fields_is_kept_of_both(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        entry = due(session)
        edit(session, entry, answer="On Friday.", key="a")
        slower = edit(session, entry, user=ALEX, source="The page", key="b")
        assert isinstance(slower, Saved)
        assert slower.receipt.merged
        now = due(session)
        assert (now.answer, now.source, now.phrasings) == ("On Friday.", "The page", entry.phrasings)
        assert now.verified is not None
        assert now.verified.by == "Alex Romero"


def test_of_what_both_have_changed_each_field_is_chosen(quick_db: Database) -> None:
    until = date(2020, 11, 30)
    with quick_db.begin() as session:
        cast.begin(session)
        entry = due(session)
        edit(session, entry, answer="On Friday.", phrasings=("when is it due",), until=until, key="a")
        slower = edit(session, entry, user=ALEX, answer="On Thursday.", phrasings=("what day",), source="P", key="b")
        assert isinstance(slower, ChangedMeanwhile)
        assert slower.by == "Fay Whitaker"
        assert slower.fields == ("answer", "phrasings")
        assert (slower.draft.until, slower.draft.source) == (until, "P")
        done = edit_with(session, slower.draft, slower.editing.mark, theirs=("phrasings",))
        assert isinstance(done, Saved)
        now = due(session)
        assert (now.answer, now.phrasings, now.source) == ("On Thursday.", ("when is it due",), "P")
        assert now.verified is not None
        assert now.verified.until == until


def test_a_third_who_is_faster_while_one_chooses_is_not_written_over(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        entry = due(session)
        edit(session, entry, answer="On Friday.", key="a")
        slower = edit(session, entry, user=ALEX, answer="On Thursday.", key="b")
        assert isinstance(slower, ChangedMeanwhile)
        edit(session, due(session), source="A third", key="c")
        done = edit_with(session, slower.draft, slower.editing.mark, theirs=("answer",))
        assert isinstance(done, Saved)
        assert (due(session).answer, due(session).source) == ("On Friday.", "A third")
        edit(session, due(session), answer="On Monday.", key="d")
        again = edit_with(session, slower.draft, slower.editing.mark, key="e")
        assert isinstance(again, ChangedMeanwhile)
        assert again.fields == ("answer",)
        assert due(session).answer == "On Monday."


def test_the_same_change_by_two_is_no_conflict(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        entry = due(session)
        edit(session, entry, answer="On Friday.", key="a")
        assert isinstance(edit(session, entry, user=ALEX, answer="On Friday.", key="b"), Saved)
        assert due(session).answer == "On Friday."


def test_a_wording_that_is_kept_while_its_entry_is_changed_is_not_lost(db: Database) -> None:
    with db.begin() as session:
        cast.begin(session)
        entry = due(session)
    wording = "till what day can i hand it"
    start = threading.Barrier(2)
    outcomes: dict[str, object] = {}

    def change() -> None:
        start.wait()
        with db.begin(patience=10) as session:
            outcomes["change"] = edit(session, entry, answer="On Friday.")

    def keep() -> None:
        start.wait()
        with db.begin(patience=10) as session:
            outcomes["keep"] = save(session, Keep("phrasing", question=wording, entry=entry.key), user=ALEX)

    threads = [threading.Thread(target=one) for one in (change, keep)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert isinstance(outcomes["keep"], Saved)
    assert isinstance(outcomes["change"], Saved | ChangedMeanwhile)
    with db.read() as session:
        now = here(session).entry(entry.key)
    assert now is not None
    assert wording in now.phrasings
    assert (now.answer == "On Friday.") is isinstance(outcomes["change"], Saved)


def test_a_change_delivered_twice_is_one_and_words_changed_after_a_lost_answer_count(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        entry = due(session)
        said_ = [edit(session, entry, answer=words) for words in ("Friday.", "Friday.", "Thursday.", "Thursday.")]
        assert [type(one) for one in said_] == [Saved, AlreadySaved, Saved, AlreadySaved]
        assert due(session).answer == "Thursday."


def test_what_is_wrong_with_a_change_changes_nothing(quick_db: Database) -> None:
    with quick_db.begin() as session:
        before = cast.begin(session)
        entry = due(session)
        assert edit(session, entry, answer=" \u200b ") == Rejected((Problem("answer", "missing"),))
        refused = edit(session, entry, spanish_question="¿Cuándo?", spanish_answer="El {{date:nada}}.")
        assert isinstance(refused, Rejected)
        assert [one.field for one in refused.problems] == ["spanish_answer"]
        assert here(session).revision == before.revision


@pytest.mark.parametrize("user", [ADA, PRIYA, JUNE, SAM])
def test_only_those_who_answer_change_entries(quick_db: Database, user: str) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        entry, viewer = due(session), fay(session, user)
        both = {"session": session, "programs": Programs(), "viewer": viewer, "entry": entry.key, "now": MONDAY}
        assert isinstance(entries_editing.editing(session=session, viewer=viewer, entry=entry.key), NotAllowed)
        assert isinstance(edit(session, entry, user=user, answer="No."), NotAllowed)
        assert isinstance(entries_editing.renew(key="r", **both), NotAllowed)  # type: ignore[arg-type]
        assert isinstance(entries_editing.fine(key="f", **both), NotAllowed)  # type: ignore[arg-type]
        assert isinstance(entries_editing.picking(session=session, viewer=viewer), NotAllowed)
        assert isinstance(entries.caring(session=session, viewer=viewer, now=MONDAY), NotAllowed)
        assert due(session).answer == entry.answer


def test_an_entry_that_is_gone_can_be_neither_opened_nor_changed(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        assert isinstance(
            entries_editing.editing(session=session, viewer=fay(session), entry=due(session).key), Editing
        )
        gone = replace(due(session), key="taken-out")
        assert entries_editing.editing(session=session, viewer=fay(session), entry=gone.key) == Gone()
        assert edit(session, gone) == Gone()


# Doubt


def vote(session: Session, question: int, user: str, *, helpful: bool = False) -> None:
    entries.vote(
        session=session,
        programs=Programs(),
        viewer=cast.asks(session, user),
        question_id=question,
        helpful=helpful,
        now=MONDAY,
    )


def fine(
    session: Session, entry: Entry, key: str = "f", user: str = FAY
) -> Saved[Done] | AlreadySaved[Done] | NotAllowed | Gone:
    return entries_editing.fine(
        session=session,
        programs=Programs(),
        viewer=fay(session, user),
        entry=entry.key,
        key=key,
        now=MONDAY + timedelta(hours=1),
    )


def test_facilitators_are_told_once_when_an_answer_did_not_help_two_people(db: Database) -> None:
    with db.begin() as session:
        program = cast.begin(session)
        question = asked(session, DUE)
        vote(session, question, ADA)
        vote(session, question, ADA)
        assert said(session, entries.DOUBTED) == []
        for user in (PRIYA, KOFI):
            vote(session, question, user)
        (notice,) = said(session, entries.DOUBTED)
        assert notice.to_purpose == "facilitators"
        assert notice.refs == {"entry": due(session).key}
        (doubt,) = entries.care(session=session, program=program, now=MONDAY).doubts
        assert (doubt.people, doubt.asked, doubt.private) == (3, (DUE,), 0)


def test_who_changes_their_mind_takes_their_doubt_back(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.begin(session)
        question = asked(session, DUE)
        vote(session, question, ADA)
        vote(session, question, PRIYA)
        vote(session, question, PRIYA, helpful=True)
        assert not entries.care(session=session, program=program, now=MONDAY)


def test_what_somebody_asked_alone_counts_and_is_not_told(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.begin(session)
        for user in (ADA, KOFI):
            vote(session, asked(session, DUE, user, Where("private", APPLICANTS)), user)
        (doubt,) = entries.care(session=session, program=program, now=MONDAY).doubts
        assert (doubt.people, doubt.asked, doubt.private) == (2, (), 2)


def test_it_is_fine_settles_a_doubt_until_two_others_have_one(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.begin(session)
        question, entry = asked(session, DUE), due(session)
        vote(session, question, ADA)
        vote(session, question, PRIYA)
        assert [type(fine(session, entry)), type(fine(session, entry))] == [Saved, AlreadySaved]
        assert entries.doubt(session, program, entry.key) is None
        for user in (KOFI, TOMAS):
            entries.vote(
                session=session,
                programs=Programs(),
                viewer=cast.asks(session, user),
                question_id=question,
                helpful=False,
                now=MONDAY + timedelta(hours=2),
            )
        assert len(said(session, entries.DOUBTED)) == 2


def test_of_two_who_say_that_it_is_fine_the_first_counts(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.begin(session)
        question, entry = asked(session, DUE), due(session)
        vote(session, question, ADA)
        vote(session, question, PRIYA)
        assert [type(fine(session, entry, user, user)) for user in (FAY, ALEX)] == [Saved, AlreadySaved]
        last = rows.last(session, program.id, entry.key)
        assert last is not None
        assert last.person_id == fay(session).person_id


def test_a_change_settles_a_doubt_and_brings_its_message_up_to_date(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.begin(session)
        question, entry = asked(session, DUE), due(session)
        vote(session, question, ADA)
        vote(session, question, PRIYA)
        (notice,) = said(session, entries.DOUBTED)
        notice.state = "delivered"
        session.add(notice)
        session.flush()
        edit(session, entry, answer="On Friday.")
        assert entries.doubt(session, program, entry.key) is None
        (change,) = said(session, entries.SETTLED)
        assert (change.refs["card"], change.to_purpose) == (notice.key, "facilitators")


# Time


def lapsing(session: Session, owner: str, until: date = date(2020, 10, 14)) -> Entry:
    """The entry about the due date, right until a day, looked after by somebody."""
    stored = select(ProgramItem).where(ProgramItem.section == "faq", ProgramItem.key == due(session).key)
    body = session.exec(stored).one().body
    verified = {"by": "Adam", "on": "2020-09-14", "until": until.isoformat()}
    programs.edit_item(
        session=session,
        slug="ost-cop",
        section="faq",
        key=due(session).key,
        body={**body, "owner": owner, "verified": verified},
        by=FAY,
        now=MONDAY,
    )
    return due(session)


def planned(session: Session) -> list[NoticeRow]:
    follow(session=session, programs=Programs(), slug="ost-cop", feature=entries.FEATURE, now=MONDAY)
    return [one for one in said(session, entries.LAPSED) if one.refs["entry"] == due(session).key]


@pytest.mark.parametrize(
    ("owner", "person", "purpose"),
    [("Fay Whitaker", FAY, None), ("Alex", ALEX, None), ("The office", None, "facilitators")],
)
def test_the_owner_is_reminded_or_else_all_facilitators(
    db: Database, owner: str, person: str | None, purpose: str | None
) -> None:
    with db.begin() as session:
        cast.begin(session)
        lapsing(session, owner)
        (notice,) = planned(session)
        assert (notice.to_person, notice.to_purpose) == (person, purpose)
        assert notice.due_at.isoformat() == "2020-10-15T14:00:00+00:00"


def test_a_lapsed_entry_is_in_what_needs_somebody_and_still_right_renews_it(quick_db: Database) -> None:
    later = MONDAY + timedelta(days=7)
    with quick_db.begin() as session:
        cast.begin(session)
        entry = lapsing(session, "Fay")
        assert entry not in entries.care(session=session, program=here(session), now=MONDAY).lapsed
        assert entry in entries.care(session=session, program=here(session), now=later).lapsed
        outcomes = [
            entries_editing.renew(
                session=session, programs=Programs(), viewer=fay(session), entry=entry.key, key=key, now=later
            )
            for key in ("a", "a", "b")
        ]
        assert [type(one) for one in outcomes] == [Saved, AlreadySaved, AlreadySaved]
        now = due(session).verified
        assert now is not None
        assert (now.by, now.on, now.until) == ("Fay Whitaker", date(2020, 10, 19), date(2020, 11, 18))
        assert due(session) not in entries.care(session=session, program=here(session), now=later).lapsed


def test_of_two_who_say_that_it_is_still_right_the_first_counts(quick_db: Database) -> None:
    later = MONDAY + timedelta(days=7)
    with quick_db.begin() as session:
        cast.begin(session)
        entry = lapsing(session, "Fay")
        outcomes = [
            entries_editing.renew(
                session=session, programs=Programs(), viewer=fay(session, user), entry=entry.key, key=user, now=later
            )
            for user in (FAY, ALEX)
        ]
        assert [type(one) for one in outcomes] == [Saved, AlreadySaved]
        verified = due(session).verified
        assert verified is not None
        assert verified.by == "Fay Whitaker"


def test_saving_an_entry_whose_time_is_up_says_that_it_is_right_for_as_long_again(quick_db: Database) -> None:
    later = MONDAY + timedelta(days=7)
    with quick_db.begin() as session:
        cast.begin(session)
        entry = lapsing(session, "Fay")
        outcomes = [edit(session, entry, now=later, answer="On Friday.") for _ in range(2)]
        assert [type(one) for one in outcomes] == [Saved, AlreadySaved]
        verified = due(session).verified
        assert verified is not None
        assert (verified.on, verified.until) == (date(2020, 10, 19), date(2020, 11, 18))
        assert due(session) not in entries.care(session=session, program=here(session), now=later).lapsed


def test_a_renewed_entry_is_asked_about_at_its_new_time_only(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        entry = lapsing(session, "Fay")
        planned(session)
        entries_editing.renew(
            session=session, programs=Programs(), viewer=fay(session), entry=entry.key, key="a", now=MONDAY
        )  # fmt: skip
        old, new = planned(session)
        assert (old.state, new.state) == ("skipped", "planned")
        assert new.refs["until"] == "2020-11-11"


def test_what_lapsed_before_it_was_loaded_is_put_on_record_and_not_said(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        lapsing(session, "Fay", date(2020, 10, 1))
        (notice,) = planned(session)
        assert notice.state == "skipped"


# Ways in which people ask


def chosen(session: Session, text: str, user: str = ADA, where: Where = THREAD) -> int:
    """A question for which its asker pressed the entry about the due date."""
    row = session.get_one(Question, asked(session, text, user, where))
    row.chosen, row.chosen_at, row.program_id = due(session).key, MONDAY, here(session).id
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def offers(session: Session) -> list[str]:
    return [one.text for one in entries.care(session=session, program=here(session), now=MONDAY).offers]


def take(session: Session, question: int, user: str = FAY, key: str = "t") -> object:
    return entries_keeping.take_wording(
        session=session, programs=Programs(), viewer=fay(session, user), question_id=question, key=key, now=MONDAY
    )


def test_a_pressed_suggestion_is_offered_and_becomes_a_way_to_ask_after_a_yes(db: Database) -> None:
    with db.begin() as session:
        cast.begin(session)
        question = chosen(session, "till what day can i hand it")
        assert offers(session) == ["till what day can i hand it"]
        assert isinstance(take(session, question, PRIYA), NotAllowed)
        outcomes = [take(session, question, key=key) for key in ("a", "a", "b")]
        assert [type(one) for one in outcomes] == [Saved, AlreadySaved, AlreadySaved]
        assert due(session).phrasings.count("till what day can i hand it") == 1
        assert offers(session) == []


def test_words_that_are_known_or_were_asked_alone_are_not_offered(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        elsewhere = (replace(THREAD, ts=f"1602511300.00000{number}") for number in range(3))
        chosen(session, due(session).phrasings[0], where=next(elsewhere))
        chosen(session, "x" * 301, where=next(elsewhere))
        chosen(session, "and until what day", where=ALONE)
        chosen(session, "and until what day", KOFI, Where("direct", "D0KOFI001", "1.1"))
        assert offers(session) == []
        chosen(session, "And until what day?", PRIYA, next(elsewhere))
        assert offers(session) == ["And until what day?"]


def test_the_same_words_of_several_people_are_offered_once_and_settled_together(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        for number, user in enumerate((ADA, PRIYA)):
            question = chosen(session, "till what day", user, replace(THREAD, ts=f"1602511300.00000{number}"))
        assert offers(session) == ["till what day"]
        take(session, question)
        assert offers(session) == []


def test_there_is_no_wording_to_take_where_nobody_pressed_anything(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        assert take(session, asked(session)) == Gone()
        assert take(session, 99) == Gone()


def test_who_has_looked_last_is_on_record(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.begin(session)
        entry = due(session)
        fine(session, entry)
        row = rows.last(session, program.id, entry.key)
        assert row is not None
        assert (row.what, row.saved_at) == ("fine", MONDAY + timedelta(hours=1))
