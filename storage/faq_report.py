"""What a report on answering counts: questions from a day on, what people answered, and what was thought of it."""

from datetime import datetime

from sqlmodel import Session, col, func, select

from storage.questions import Question, QuestionAnswer, QuestionVote


def asked_since(session: Session, program_id: int | None, since: datetime | None) -> list[Question]:
    """A program's questions from a moment on, oldest first; with None those that could not be told to be about one."""
    statement = select(Question).where(col(Question.program_id).is_not_distinct_from(program_id))
    if since is not None:
        statement = statement.where(Question.asked_at >= since)
    return list(session.exec(statement.order_by(col(Question.id))).all())


def first_answers(session: Session, program_id: int) -> dict[int, QuestionAnswer]:
    """What a facilitator answered first to each question of a program, by the question's id."""
    statement = select(QuestionAnswer).join(Question).where(Question.program_id == program_id)
    newest_first = session.exec(statement.order_by(col(QuestionAnswer.id).desc())).all()
    return {one.question_id: one for one in newest_first}


def votes(session: Session, program_id: int) -> dict[int, tuple[int, int]]:
    """How many found the answer to each question of a program helpful, and how many not, by the question's id."""
    statement = select(QuestionVote.question_id, QuestionVote.helpful, func.count()).join(Question)
    statement = statement.where(Question.program_id == program_id)
    found: dict[int, tuple[int, int]] = {}
    for question, helpful, count in session.exec(
        statement.group_by(col(QuestionVote.question_id), col(QuestionVote.helpful))
    ):
        yes, no = found.get(question, (0, 0))
        found[question] = (yes + count, no) if helpful else (yes, no + count)
    return found
