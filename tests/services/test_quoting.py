"""Where no entry answers, a document is quoted: word for word, to those for whom it is, and never beside an entry."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlmodel import Session

from bot.domain.documents import WEAK
from bot.domain.faq import Answer, Decision, NoMatch, Suggestions
from bot.domain.programs import Audience, Entry, Program
from bot.domain.questions import EVERYTHING, Place, Reply, Where
from bot.services import documents, faq, overheard, questions
from bot.services.documents import DocumentIndexes
from bot.services.faq import Asking, FaqIndexes, Shared
from bot.services.program_schema import DocumentItem
from bot.services.programs import Programs
from storage import programs as rows
from storage.database import Database
from storage.documents import DocumentRow, PassageRow, of_program
from storage.documents import replace as put
from storage.programs import ProgramItem
from storage.questions import Question
from tests import cast
from tests.cast import ADA, APPLICANTS, COHORT, MONDAY, PRIYA, TEAM

PARKING = "Parking is free in the lot behind the library; the number 70 bus stops at its door."
WHERE = "Is there free parking behind the library?"
DEADLINE = "When is the application due?"


class Undecided:
    """What finds entries, with a decision made beforehand."""

    def __init__(self, decision: Decision) -> None:
        self.entries: tuple[Entry, ...] = ()
        self.decision = decision

    def decide(self, text: str, before: str | None = None) -> Decision:
        return self.decision


class Decided(FaqIndexes):
    """Finds entries as it is told to, and looks in the documents as always."""

    def __init__(self, decision: Decision) -> None:
        super().__init__()
        self.finder = Undecided(decision)

    def of(self, programs: tuple[Program, ...], allowed: frozenset[Audience] = EVERYTHING) -> Undecided:
        return self.finder


def begin(session: Session, audience: Audience = "all", text: str = PARKING) -> Program:
    """The program with its whole cast, and a packet of which page 4 says one thing."""
    program = cast.begin(session)
    listed = DocumentItem(id="handbook", title="Handbook", path="handbook.pdf", audience=audience)
    session.add(ProgramItem(program_id=program.id, section="documents", key="handbook", position=9, body=listed.body()))
    row = DocumentRow(program_id=program.id, key="handbook", fingerprint="1", pages=4, looked_at=MONDAY)
    put(session, row, [PassageRow(document_id=0, position=0, page=4, heading="Getting there", text=text)])
    held = rows.by_id(session, program.id)
    assert held is not None
    held.revision += 1
    session.add(held)
    session.flush()
    found = Programs().by_id(session, program.id)
    assert found is not None
    return found


def ask(
    session: Session,
    text: str = WHERE,
    *,
    user: str = ADA,
    place: Place = "private",
    channel: str = APPLICANTS,
    decision: Decision | None = None,
) -> Reply:
    """Somebody asks, and no entry answers unless `decision` says otherwise."""
    where = Where(place, channel, "1602511200.000100" if place != "private" else None)
    asking = Asking(cast.asks(session, user, channel), where, text, f"{TEAM}:{user}:{channel}:{text}")
    indexes = Decided(decision or NoMatch(0.0))
    found = faq.ask(session=session, programs=Programs(), indexes=indexes, asking=asking, now=MONDAY)
    assert isinstance(found, Reply)
    return found


def entry(session: Session) -> Entry:
    program = Programs().get(session, "ost-cop")
    assert program is not None
    return program.entries[0]


def test_a_passage_is_quoted_word_for_word_with_its_page_and_kept_so(db: Database) -> None:
    with db.begin() as session:
        begin(session)
        said = ask(session)
        assert said.outcome == "quoted"
        assert said.entry is None
        assert said.passage is not None
        assert (said.passage.text, said.passage.page, said.passage.document.title) == (PARKING, 4, "Handbook")
        row = session.get_one(Question, said.question_id)
        assert (row.outcome, row.document, row.page, row.quote) == ("quoted", "handbook", 4, PARKING)
        assert row.score >= 0.5


def test_an_entry_that_answers_is_all_that_is_said(quick_db: Database) -> None:
    with quick_db.begin() as session:
        begin(session)
        said = ask(session, decision=Answer(entry(session), 0.9))
        assert (said.outcome, said.passage) == ("answered", None)


@pytest.mark.parametrize(("score", "outcome"), [(WEAK, "suggested"), (WEAK - 0.01, "quoted")])
def test_only_what_is_hardly_meant_gives_way_to_a_passage(quick_db: Database, score: float, outcome: str) -> None:
    with quick_db.begin() as session:
        begin(session)
        said = ask(session, decision=Suggestions((entry(session),), score))
        assert said.outcome == outcome
        assert (said.suggestions == ()) is (outcome == "quoted")


def test_a_weak_suggestion_stays_where_nothing_can_be_quoted(quick_db: Database) -> None:
    with quick_db.begin() as session:
        begin(session)
        said = ask(session, "can I bring my dog", decision=Suggestions((entry(session),), 0.1))
        assert said.outcome == "suggested"


def test_what_no_passage_says_is_declined(quick_db: Database) -> None:
    with quick_db.begin() as session:
        begin(session)
        said = ask(session, "can I bring my dog to the library?")
        assert (said.outcome, said.passage) == ("declined", None)


def test_what_is_for_the_cohort_is_not_quoted_to_applicants(quick_db: Database) -> None:
    with quick_db.begin() as session:
        begin(session, audience="cohort")
        assert ask(session, user=ADA).outcome == "declined"
        assert ask(session, user=PRIYA).outcome == "quoted"


def test_in_a_channel_it_depends_on_who_reads_there(quick_db: Database) -> None:
    with quick_db.begin() as session:
        begin(session, audience="cohort")
        assert ask(session, user=PRIYA, place="channel", channel=APPLICANTS).outcome == "declined"
        assert ask(session, user=PRIYA, place="channel", channel=COHORT).outcome == "quoted"


def test_a_quotation_may_be_handed_to_a_person(quick_db: Database) -> None:
    with quick_db.begin() as session:
        begin(session)
        said = ask(session)
        viewer = cast.asks(session, ADA, APPLICANTS)
        handed = questions.hand_over(
            session=session, programs=Programs(), viewer=viewer, question_id=said.question_id, now=MONDAY
        )
        assert isinstance(handed, Reply)
        assert handed.handed is not None
        assert handed.passage is not None


def test_a_quotation_may_be_shared(quick_db: Database) -> None:
    with quick_db.begin() as session:
        begin(session)
        said = ask(session)
        shared = faq.share(
            session=session,
            programs=Programs(),
            viewer=cast.asks(session, ADA, APPLICANTS),
            question_id=said.question_id,
            now=MONDAY,
        )
        assert isinstance(shared, Shared)
        assert shared.reply.passage is not None


def test_what_was_quoted_stands_when_the_document_has_changed_since(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = begin(session)
        said = ask(session)
        put(session, of_program(session, program.id)["handbook"], [])
        question = session.get_one(Question, said.question_id)
        again = faq.current(session=session, programs=Programs(), question=question)
        assert again.passage is not None
        assert again.passage.text == PARKING


def test_a_document_that_is_no_longer_listed_is_not_quoted_any_more(quick_db: Database) -> None:
    with quick_db.begin() as session:
        begin(session)
        said = ask(session)
        cast.take_out(session, "documents", "handbook")
        question = session.get_one(Question, said.question_id)
        assert faq.current(session=session, programs=Programs(), question=question).passage is None


def test_of_two_programs_the_one_whose_document_it_is_is_meant(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.load(session, "stem-iq")
        program = begin(session)
        said = ask(session, user="U0SAM0001", channel="C0GENERAL")
        assert said.program is not None
        assert said.program.id == program.id


def test_a_question_to_everybody_that_a_passage_answers_is_answered_at_once(quick_db: Database) -> None:
    with quick_db.begin() as session:
        begin(session)
        where = Where("channel", APPLICANTS, "1602511200.000100")
        asking = Asking(cast.asks(session, ADA, APPLICANTS), where, WHERE, f"{TEAM}:{APPLICANTS}:{where.ts}")
        said = overheard.asked(
            session=session,
            programs=Programs(),
            indexes=Decided(NoMatch(0.0)),
            asking=asking,
            mode="questions",
            now=MONDAY,
        )
        assert said is not None
        assert (said.outcome, said.quiet, said.handed) == ("quoted", False, None)


def test_an_edited_entry_leaves_what_can_be_quoted_as_it_is(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = begin(session)
        indexes = DocumentIndexes()
        before = indexes.of(session, (program,))
        assert indexes.of(session, (replace(program, revision=program.revision + 1),)) is before
        assert [one.text for one in documents.passages(session=session, program=program)] == [PARKING]
