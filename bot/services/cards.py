"""The cards by which facilitators see a question: shown in their channel, or to each directly, and kept up to date.

So are the digests that name it, as long as they are the latest of their subscription.
"""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from bot.domain.notices import Notice, Target
from storage import notices
from storage.questions import Question

CARD = "questions.card"
CARD_CHANGE = "questions.card_change"
DIGEST = "digest.report"
DIGEST_CHANGE = "digest.report_change"


def show(session: Session, question: Question, targets: dict[str, Target], due_at: datetime, now: datetime) -> None:
    """Have a question shown to facilitators; `targets` by what is put behind each notice's key."""
    question.cards = [_show(session, question, tail, target, due_at, now) for tail, target in targets.items()]
    session.add(question)


def changed(session: Session, question: Question, now: datetime) -> None:
    """Have the cards that were posted say how the question stands now."""
    question.changes += 1
    session.add(question)
    for card in question.cards:
        row = notices.get(session, card)
        if row is None:
            continue
        change = Notice(
            key=f"{CARD_CHANGE}:{question.id}:{question.changes}:{row.id}",
            kind=CARD_CHANGE,
            target=notices.to_notice(row).target,
            due_at=now,
            program_id=question.program_id,
            refs={"question": question.id, "card": card},
        )
        notices.add(session, change, now)
    _change_digests(session, question, now)


def _change_digests(session: Session, question: Question, now: datetime) -> None:
    """Have the latest digest of each subscription name only what is open, if the question was when it was sent."""
    if question.program_id is None or question.handed_at is None:
        return
    rows = notices.standing(session, question.program_id, (DIGEST,))
    latest = {str(row.refs["rule"]): row for row in rows if row.state == "delivered" and row.settled_at is not None}
    for row in latest.values():
        if row.settled_at is None or question.handed_at > row.settled_at:
            continue
        change = Notice(
            key=f"{DIGEST_CHANGE}:{row.id}:{question.id}:{question.changes}",
            kind=DIGEST_CHANGE,
            target=notices.to_notice(row).target,
            due_at=now,
            program_id=question.program_id,
            refs={"digest": row.key},
        )
        notices.add(session, change, now)


def _show(
    session: Session, question: Question, tail: str, target: Target, due_at: datetime, now: datetime
) -> str:  # fmt: skip
    card = Notice(
        key=f"{CARD}:{question.id}{tail}",
        kind=CARD,
        target=target,
        due_at=due_at,
        program_id=question.program_id,
        refs={"question": question.id},
    )
    notices.add(session, card, now)
    return card.key
