"""Nothing is deleted by an edit: what an entry, a question or an answer said before is kept with it."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session, select

from bot.services import overheard, programs
from bot.services.programs import Edited
from storage.database import Database
from storage.programs import ProgramItem
from storage.questions import Question, QuestionAnswer
from tests import cast
from tests.cast import APPLICANTS, FAY, MONDAY, TEAM, asks, begin

LATER = MONDAY + timedelta(hours=1)


def entry(session: Session, key: str = "illinois") -> ProgramItem:
    return session.exec(select(ProgramItem).where(ProgramItem.section == "faq", ProgramItem.key == key)).one()


def answers(item: ProgramItem) -> list[tuple[str, str | None]]:
    """What an entry said before, oldest first, and who had written that."""
    return [(one["body"]["answer"], one["by"]) for one in item.earlier]


def edit(session: Session, answer: str, **more: object) -> None:
    body = {**entry(session).body, "answer": answer, **more}
    outcome = programs.edit_item(
        session=session, slug="ost-cop", section="faq", key="illinois", body=body, by=FAY, now=LATER
    )
    assert isinstance(outcome, Edited)


def test_every_wording_of_an_entry_is_kept_with_who_wrote_it(db: Database) -> None:
    with db.begin() as session:
        begin(session)
        first = entry(session).body["answer"]
        edit(session, "Yes, they are.")
        edit(session, "Yes, all of them.")
    with db.read() as session:
        found = entry(session)
        assert answers(found) == [(first, None), ("Yes, they are.", FAY)]
        assert found.body["answer"] == "Yes, all of them."


def test_an_entry_that_is_not_changed_has_no_new_version(db: Database) -> None:
    with db.begin() as session:
        begin(session)
        edit(session, "Yes, they are.")
        edit(session, "Yes, they are.")
        assert len(entry(session).earlier) == 1


def test_a_verified_date_is_kept_when_another_is_written(quick_db: Database) -> None:
    with quick_db.begin() as session:
        begin(session)
        before = entry(session).body["verified"]
        edit(session, entry(session).body["answer"], verified={**before, "until": "2020-11-30"})
        assert [one["body"]["verified"] for one in entry(session).earlier] == [before]


def test_a_file_that_overwrites_an_edit_keeps_it_as_an_earlier_version(quick_db: Database) -> None:
    with quick_db.begin() as session:
        begin(session)
        first = entry(session).body["answer"]
        edit(session, "Yes, they are.")
        sheet = cast.sheet(programs.find_file("ost-cop"))
        programs.load(session=session, sheet=sheet, now=LATER, overwrite=True)
        assert entry(session).body["answer"] == first
        assert answers(entry(session)) == [(first, None), ("Yes, they are.", FAY)]


def test_loading_the_same_file_again_makes_no_versions(quick_db: Database) -> None:
    with quick_db.begin() as session:
        begin(session)
        programs.load(session=session, sheet=cast.sheet(programs.find_file("ost-cop")), now=LATER)
        assert {tuple(one.earlier) for one in session.exec(select(ProgramItem)).all()} == {()}


def test_a_question_and_its_answer_keep_how_they_read_before_their_messages_were_changed(db: Database) -> None:
    with db.begin() as session:
        program = begin(session)
        person = asks(session, cast.ADA).person_id
        question = Question(
            key="k",
            program_id=program.id,
            team=TEAM,
            channel=APPLICANTS,
            ts="1.0",
            place="channel",
            asker_id=person,
            text="Is there any parking?",
            asked_at=MONDAY,
            outcome="declined",
            handed_at=MONDAY,
            due_at=MONDAY + timedelta(days=2),
        )
        session.add(question)
        session.flush()
        assert question.id is not None
        overheard.edited(
            session=session, team=TEAM, channel=APPLICANTS, ts="1.0", text="Is there any parking nearby?", now=LATER
        )
        assert question.text == "Is there any parking nearby?"
        assert question.earlier == [{"text": "Is there any parking?", "until": LATER.isoformat()}]
        key = overheard.message_key(TEAM, APPLICANTS, "2.0")
        said = QuestionAnswer(
            question_id=question.id, key=key, author_id=person, text="There is a lot.", ts="2.0", answered_at=MONDAY
        )
        session.add(said)
        session.flush()
        overheard.edited(
            session=session, team=TEAM, channel=APPLICANTS, ts="2.0", text="There is a lot behind it.", now=LATER
        )
        assert said.text == "There is a lot behind it."
        assert said.earlier == [{"text": "There is a lot.", "until": LATER.isoformat()}]
