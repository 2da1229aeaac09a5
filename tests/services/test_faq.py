"""A question is logged once, answered in its place, and what is pressed under the answer is kept."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from bot.domain.people import Viewer
from bot.domain.questions import Examples, Help, NoProgram, NotYours, Reply, TooLong, Where, audiences
from bot.services import documents, faq, people, programs
from bot.services.faq import Asking, CannotShare, FaqIndexes, Shared
from bot.services.programs import Programs
from storage import notices
from storage import programs as program_rows
from storage.database import Database
from storage.notices import NoticeRow
from storage.programs import ProgramItem
from storage.questions import Question, QuestionVote
from tests import cast
from tests.cast import ADA, APPLICANTS, COHORT, FAY, GENERAL, MONDAY, PRIYA, SAM, TEAM
from tests.finders import Told

DEADLINE = "when is the application due"
STIPEND = "is there a stipend?"
THREAD = Where("channel", APPLICANTS, "1602511200.000100")


def asks(
    session: Session, text: str, *, user: str = ADA, where: Where = THREAD, key: str = "", in_place: bool = True
) -> Reply | Examples | TooLong | NoProgram:
    """Somebody asks; by default with a message in the applicants' channel."""
    viewer = cast.asks(session, user, where.channel)
    asking = Asking(viewer, where, text, key or f"{TEAM}:{where.channel}:{where.ts}")
    function = faq.answer_in_place if in_place else faq.ask
    return function(session=session, programs=Programs(), indexes=FaqIndexes(), asking=asking, now=MONDAY)


def privately(
    session: Session, text: str, *, user: str = ADA, key: str = "T:command:1", channel: str = APPLICANTS
) -> Reply:
    """Somebody asks by command, and there is something to say."""
    found = asks(session, text, user=user, where=Where("private", channel), key=key, in_place=False)
    assert isinstance(found, Reply)
    return found


def said(session: Session, kind: str) -> list[NoticeRow]:
    return list(session.exec(select(NoticeRow).where(NoticeRow.kind == kind)).all())


def unsure(session: Session, **more: str) -> Reply:
    """A question to which something is suggested, whatever the matcher thinks of it."""
    found = privately(session, DEADLINE, **more)
    row = session.get_one(Question, found.question_id)
    row.outcome, row.entry, row.suggestions = "suggested", None, ["deadline", "selection"]
    session.add(row)
    session.flush()
    return faq.current(session=session, programs=Programs(), question=row)


def test_an_answer_comes_with_its_log_and_its_notice_in_one_transaction(db: Database) -> None:
    with db.begin() as session:
        cast.begin(session)
        found = asks(session, DEADLINE)
    assert isinstance(found, Reply)
    assert found.outcome == "answered"
    assert found.entry is not None
    assert found.entry.key == "deadline"
    with db.read() as session:
        (question,) = session.exec(select(Question)).all()
        assert (question.team, question.channel, question.ts) == (TEAM, APPLICANTS, THREAD.ts)
        (notice,) = said(session, faq.REPLY)
        assert (notice.to_channel, notice.to_thread) == (APPLICANTS, THREAD.ts)
        assert "due" not in str(notice.refs)


def test_a_message_and_its_mention_get_one_answer(db: Database) -> None:
    with db.begin() as session:
        cast.begin(session)
        first = asks(session, DEADLINE)
    with db.begin() as session:
        again = asks(session, DEADLINE)
    assert isinstance(first, Reply)
    assert isinstance(again, Reply)
    assert first.question_id == again.question_id
    with db.read() as session:
        assert len(session.exec(select(Question)).all()) == 1
        assert len(said(session, faq.REPLY)) == 1


def test_deliveries_at_the_same_moment_get_one_answer(db: Database) -> None:
    with db.begin() as session:
        cast.begin(session)
    start = threading.Barrier(4)
    failures: list[BaseException] = []

    def deliver() -> None:
        start.wait()
        try:
            with db.begin(patience=10) as session:
                asks(session, DEADLINE)
        except BaseException as error:
            failures.append(error)
            raise

    threads = [threading.Thread(target=deliver) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with db.read() as session:
        assert len(session.exec(select(Question)).all()) == 1
        assert len(said(session, faq.REPLY)) == 1


@pytest.mark.parametrize("where", [THREAD, Where("private", APPLICANTS), Where("direct", "D0ADA0001", "1.2")])
@pytest.mark.parametrize("user", [ADA, PRIYA, FAY])
def test_the_first_reply_says_all_that_a_later_one_says(quick_db: Database, user: str, where: Where) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        for at, text in enumerate(
            (DEADLINE, STIPEND, "help with money", "is there a zeppelin on the roof", "where is it")
        ):
            place = replace(where, ts=f"{at}.1" if where.ts is not None else None)
            replies = [asks(session, text, user=user, where=place, key=f"{at}") for _ in range(2)]
            assert replies[0] == replies[1]


def test_what_is_asked_privately_is_logged_and_not_posted(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        privately(session, DEADLINE)
        assert len(session.exec(select(Question)).all()) == 1
        assert said(session, faq.REPLY) == []


def test_the_same_words_asked_twice_are_two_questions(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        one = privately(session, DEADLINE, key="T:command:1")
        other = privately(session, DEADLINE, key="T:command:2")
    assert one.question_id != other.question_id


@pytest.mark.parametrize("text", ["", "   ", "🙂🙂", ":tada:", "<@U0FAY0001>", "?!", "1", "10 / 16"])
def test_nothing_asked_gets_examples_that_the_program_answers(quick_db: Database, text: str) -> None:
    with quick_db.begin() as session:
        program = cast.begin(session)
        found = asks(session, text, where=Where("private", APPLICANTS), key="k", in_place=False)
        assert isinstance(found, Examples)
        assert len(found.questions) == 2
        assert set(found.questions) <= {entry.question for entry in program.entries}
        assert session.exec(select(Question)).all() == []


def test_ten_thousand_characters_are_not_one_question(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        found = asks(session, "when is it due " * 700)
        assert isinstance(found, TooLong)
        assert found.length > 10_000
        (notice,) = said(session, faq.WORD)
        assert notice.refs["word"] == "too_long"
        assert session.exec(select(Question)).all() == []


def test_without_a_program_there_is_nothing_to_ask(quick_db: Database) -> None:
    with quick_db.begin() as session:
        assert asks(session, DEADLINE, where=Where("direct", "D0ADA", "1.1")) == NoProgram()
        (notice,) = said(session, faq.WORD)
        assert notice.refs["word"] == "no_program"


def test_whoever_is_in_two_programs_is_answered_from_the_one_that_a_channel_or_a_form_names(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.begin(session)
        other = cast.load(session, "stem-iq")
        cast.join(session, other, PRIYA, "participant")
        direct = Where("direct", "D0PRIYA01", "1.1")
        found = asks(session, DEADLINE, user=PRIYA, where=direct)
        assert isinstance(found, Reply)
        assert (found.outcome, [one.id for one in found.programs]) == ("answered", [program.id])
        chosen = people.viewer(
            session=session, programs=Programs(), team=TEAM, user=PRIYA, now=MONDAY, program_id=other.id
        )
        asking = Asking(chosen, Where("private", ""), DEADLINE, "T:form:1")
        said = faq.ask(session=session, programs=Programs(), indexes=FaqIndexes(), asking=asking, now=MONDAY)
        assert isinstance(said, Reply)
        assert (said.outcome, [one.id for one in said.programs]) == ("declined", [other.id])
        in_channel = privately(session, "What is STEM IQ?", user=PRIYA, channel=COHORT, key="T:command:2")
        assert [one.id for one in in_channel.programs] == [program.id]


def test_what_is_for_the_cohort_alone_is_quoted_to_nobody_who_only_applies_to_the_other_program(
    quick_db: Database,
) -> None:
    with quick_db.begin() as session:
        program = cast.begin(session)
        other = cast.load(session, "stem-iq")
        cast.join(session, other, ADA, "participant")
        body = next(one.body for one in program_rows.items(session, program.id) if one.key == "deadline")
        programs.edit_item(
            session=session,
            slug=program.slug,
            section="faq",
            key="deadline",
            body={**body, "audience": "cohort"},
            by=FAY,
            now=MONDAY,
        )
        direct = Where("direct", "D0ADA0001", "1.1")
        found = asks(session, DEADLINE, where=direct)
        assert isinstance(found, Reply)
        assert found.entry is None or found.entry.key != "deadline"


def test_where_several_programs_may_be_meant_the_answers_program_is_kept(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.load(session, "ost-cop")
        stem = cast.load(session, "stem-iq")
        found = privately(session, "Which school districts take part in STEM IQ?", user=SAM, channel=GENERAL)
        assert found.programs == (stem,)
        nothing = privately(session, "who won the cardinals game", user=SAM, channel=GENERAL, key="k2")
        assert nothing.outcome == "declined"
        assert [one.slug for one in nothing.programs] == ["ost-cop", "stem-iq"]


def test_what_is_for_the_cohort_is_not_quoted_to_applicants(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.begin(session)
    entries = tuple(replace(one, audience="cohort") if one.key == "deadline" else one for one in program.entries)
    guarded = replace(program, entries=entries)
    indexes = FaqIndexes()
    with quick_db.begin() as session:
        ada, priya = cast.asks(session, ADA), cast.asks(session, PRIYA)
    private = Where("private", APPLICANTS)
    for viewer, where, purpose, sees in (
        (ada, private, None, False),
        (priya, private, None, True),
        (priya, THREAD, "applicants", False),
        (ada, Where("channel", COHORT, "1.1"), "cohort", True),
    ):
        allowed = audiences(viewer, where, purpose)
        keys = [one.key for one in indexes.of((guarded,), allowed).entries]
        assert ("deadline" in keys) is sees


def test_an_index_is_built_once_for_the_same_entries(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.begin(session)
    indexes = FaqIndexes(most=2)
    first = indexes.of((program,))
    assert indexes.of((program,)) is first
    fewer, fewest = (replace(program, entries=program.entries[by:], revision=program.revision + by) for by in (1, 2))
    assert indexes.of((fewer,)) is not first
    indexes.of((fewest,))
    assert indexes.of((program,)) is not first, "only so many are kept"


def test_a_pressed_suggestion_answers_once(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        asked = unsure(session)
        ada = cast.asks(session, ADA)
        one = choose(session, ada, asked, "deadline")
        other = choose(session, ada, asked, "selection")
    assert isinstance(one, Reply)
    assert isinstance(other, Reply)
    assert one.outcome == "answered"
    assert one.entry is not None
    assert one.entry.key == "deadline"
    assert other.entry == one.entry


def choose(session: Session, viewer: Viewer, asked: Reply, entry: str | None) -> Reply | NotYours:
    return faq.choose(
        session=session, programs=Programs(), viewer=viewer, question_id=asked.question_id, entry=entry, now=MONDAY
    )


def test_only_what_was_suggested_can_be_chosen(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        asked = unsure(session)
        found = choose(session, cast.asks(session, ADA), asked, "rubric")
    assert isinstance(found, Reply)
    assert found.outcome == "suggested"


def test_none_of_these_leads_to_a_person(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        asked = unsure(session)
        found = choose(session, cast.asks(session, ADA), asked, None)
    assert isinstance(found, Reply)
    assert found.outcome == "declined"


def test_a_private_reply_is_its_askers_alone(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        asked = unsure(session)
        priya = cast.asks(session, PRIYA)
        assert choose(session, priya, asked, "deadline") == NotYours()
        assert vote(session, priya, asked, helpful=True) == NotYours()
        assert share(session, priya, asked) == NotYours()


def vote(session: Session, viewer: Viewer, asked: Reply, *, helpful: bool) -> Reply | NotYours:
    return faq.vote(
        session=session, programs=Programs(), viewer=viewer, question_id=asked.question_id, helpful=helpful, now=MONDAY
    )


def share(session: Session, viewer: Viewer, asked: Reply) -> Shared | NotYours | CannotShare:
    return faq.share(session=session, programs=Programs(), viewer=viewer, question_id=asked.question_id, now=MONDAY)


def test_a_question_that_is_gone_is_said_so(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        gone = replace(privately(session, DEADLINE), question_id=999)
        assert vote(session, cast.asks(session, ADA), gone, helpful=True) == NotYours()


def test_everybody_has_one_vote_and_may_change_it(db: Database) -> None:
    with db.begin() as session:
        cast.begin(session)
        asked = asks(session, DEADLINE)
        assert isinstance(asked, Reply)
        for user, helpful in ((ADA, True), (PRIYA, True), (ADA, False), (ADA, False)):
            found = vote(session, cast.asks(session, user), asked, helpful=helpful)
            assert isinstance(found, Reply)
            assert found.helpful is helpful
    with db.read() as session:
        votes = session.exec(select(QuestionVote)).all()
        assert sorted(one.helpful for one in votes) == [False, True]


def test_an_answer_is_shared_once(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        asked = privately(session, DEADLINE)
        ada = cast.asks(session, ADA)
        assert isinstance(share(session, ada, asked), Shared)
        again = share(session, ada, asked)
        assert isinstance(again, Shared)
        assert again.reply.shared
        (notice,) = said(session, faq.SHARED)
        assert (notice.to_channel, notice.to_thread) == (APPLICANTS, None)


def test_there_is_nothing_to_share_in_a_direct_message(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        asked = privately(session, DEADLINE, channel="D0ADA0001")
        assert share(session, cast.asks(session, ADA), asked) == CannotShare()


def for_the_cohort(session: Session, key: str = "deadline") -> None:
    """An entry is only for those who take part from now on."""
    stored = select(ProgramItem).where(ProgramItem.section == "faq", ProgramItem.key == key)
    body = {**session.exec(stored).one().body, "audience": "cohort"}
    programs.edit_item(session=session, slug="ost-cop", section="faq", key=key, body=body, by=FAY, now=MONDAY)


def test_what_is_for_the_cohort_is_not_shared_with_applicants(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        for_the_cohort(session)
        asked = privately(session, DEADLINE, user=PRIYA)
        assert (asked.outcome, asked.reserved) == ("answered", True)
        assert share(session, cast.asks(session, PRIYA), asked) == CannotShare(reserved=True)
        assert said(session, faq.SHARED) == []


def test_what_is_for_the_cohort_is_shared_in_its_own_channel(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        for_the_cohort(session)
        asked = privately(session, DEADLINE, user=PRIYA, channel=COHORT)
        assert not asked.reserved
        assert isinstance(share(session, cast.asks(session, PRIYA), asked), Shared)


def test_no_answer_is_nothing_to_share(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        asked = privately(session, STIPEND)
        assert asked.outcome == "declined"
        assert share(session, cast.asks(session, ADA), asked) == CannotShare()


def test_an_entry_that_is_gone_since_leaves_its_question_readable(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        asked = privately(session, DEADLINE)
        row = session.get_one(Question, asked.question_id)
        row.entry = "no-longer-there"
        found = faq.current(session=session, programs=Programs(), question=row)
    assert found.entry is None


def test_looking_logs_nothing(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.begin(session)
        index, nothing = FaqIndexes().of((program,)), documents.shelf((program,), ())
        found = faq.look(meant=(program,), index=index, shelf=nothing, text=DEADLINE, now=MONDAY)
        assert isinstance(found.said, Reply)
        assert found.said.entry is not None
        assert found.score > 0.6
        assert session.exec(select(Question)).all() == []
        assert notices.by_state(session, ["planned"]) == []


def test_a_facilitator_asks_like_everybody(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        assert privately(session, DEADLINE, user=FAY).outcome == "answered"


def ask_told(session: Session, told: Told, where: Where, key: str, now: datetime = MONDAY, user: str = ADA) -> Reply:
    asking = Asking(cast.asks(session, user, where.channel), where, f"what about {key}?", key)
    found = faq.ask(session=session, programs=Programs(), indexes=told, asking=asking, now=now)
    assert isinstance(found, Reply)
    return found


def test_two_questions_in_one_message_get_two_answers(db: Database) -> None:
    with db.begin() as session:
        cast.begin(session)
        asked = ask_told(session, Told("deadline", "selection"), THREAD, "1")
        row = session.exec(select(Question)).one()
        again = faq.current(session=session, programs=Programs(), question=row)
    assert asked.entry is not None
    assert [one.key for one in (asked.entry, *asked.also)] == ["deadline", "selection"]
    assert again.also == asked.also


@pytest.mark.parametrize(
    ("user", "help_"),
    [
        (ADA, Help(("applicants",))),
        (SAM, Help(("applicants",))),
        (PRIYA, Help(("cohort",), ("Fay Whitaker",))),
        (FAY, Help(("applicants", "cohort"))),
    ],
)
def test_who_helps_goes_by_what_the_asker_is_in_the_program(quick_db: Database, user: str, help_: Help) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        assert privately(session, STIPEND, user=user).helps == (help_,)


def test_what_is_left_of_a_message_is_kept_with_it(db: Database) -> None:
    parking = "is there parking?"
    with db.begin() as session:
        cast.begin(session)
        asked = ask_told(session, Told("deadline", unanswered=(parking,)), THREAD, "1")
        row = session.exec(select(Question)).one()
        again = faq.current(session=session, programs=Programs(), question=row)
    assert asked.unanswered == again.unanswered == (parking,)


def test_a_question_in_a_thread_goes_on_from_the_one_before_in_it(db: Database) -> None:
    told = Told("deadline")
    with db.begin() as session:
        cast.begin(session)
        ask_told(session, told, Where("channel", APPLICANTS, "1.1"), "first")
        ask_told(session, told, Where("channel", APPLICANTS, "1.5"), "elsewhere")
        ask_told(session, told, Where("channel", APPLICANTS, "2.1", "1.1"), "second")
        ask_told(session, told, Where("channel", APPLICANTS, "3.1", "1.1"), "third")
    assert told.before == [None, None, "what about first?", "what about second?"]


def test_what_one_writes_to_the_bot_goes_on_for_ten_minutes(db: Database) -> None:
    told = Told("deadline")
    with db.begin() as session:
        cast.begin(session)
        ask_told(session, told, Where("direct", "D1", "1.1"), "first")
        ask_told(session, told, Where("direct", "D1", "2.1"), "soon", MONDAY + timedelta(minutes=9))
        ask_told(session, told, Where("direct", "D1", "3.1"), "later", MONDAY + timedelta(minutes=20))
        ask_told(session, told, Where("direct", "D2", "3.2"), "somebody", MONDAY + timedelta(minutes=20), PRIYA)
        ask_told(session, told, Where("private", APPLICANTS), "privately", MONDAY + timedelta(minutes=20))
    assert told.before == [None, "what about first?", None, None, None]
