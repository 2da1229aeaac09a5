"""Drafts: one row for each form that somebody is filling in, with what stands in it. No word of it is ever logged."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ColumnElement,
    UniqueConstraint,
    and_,
    bindparam,
    case,
    delete,
    null,
    or_,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, Session, SQLModel, col, select

from bot.domain.drafts import About, Form, Kept, Typed, form_named
from storage.database import UtcDateTime


class Draft(SQLModel, table=True):
    """form and `subject` as in `bot.domain.drafts.About`.

    `values` is the state of the form as Slack gave it with the action of `action_ts` (in microseconds), `length` how
    many characters stand in its long fields. `began` is the `action_ts` of its first one: with the id it names the
    draft for good, as SQLite gives ids away again.
    """

    __tablename__ = "drafts"
    __table_args__ = (UniqueConstraint("team", "person_id", "form", "program_id", "subject"),)

    id: int | None = Field(default=None, primary_key=True)
    team: str
    person_id: int = Field(foreign_key="people.id", index=True)
    form: str
    program_id: int = Field(foreign_key="programs.id", index=True)
    subject: str
    view_id: str
    values: dict[str, Any] = Field(default={}, sa_column=Column(JSON, nullable=False), repr=False)
    length: int
    began: int = Field(sa_column=Column(BigInteger, nullable=False))
    action_ts: int = Field(sa_column=Column(BigInteger, nullable=False))
    saved_at: datetime = Field(sa_type=UtcDateTime, index=True)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


_TAKE = (
    delete(Draft)
    .where(
        col(Draft.team) == bindparam("of"),
        col(Draft.person_id) == bindparam("person"),
        col(Draft.form) == bindparam("kind"),
        col(Draft.program_id) == bindparam("program"),
        # Of two at most, as a list would be written anew each time.
        or_(col(Draft.subject) == bindparam("first"), col(Draft.subject) == bindparam("second")),
    )
    .returning(col(Draft.id), col(Draft.began))
)


def keep(session: Session, person_id: int, typed: Typed) -> Draft | None:
    """Write what stands in a form, unless something newer is written; the draft if it is a new one."""
    same = _same(typed.team, person_id, typed.about.form, typed.about.program_id, (typed.about.subject,))
    changed = (
        update(Draft)
        .where(same, col(Draft.action_ts) < typed.order)
        .values(
            view_id=typed.view,
            values=typed.values,
            length=typed.length,
            action_ts=typed.order,
            saved_at=typed.at,
            # A form that was opened anew is not the one that was closed.
            closed_at=case((col(Draft.view_id) == typed.view, col(Draft.closed_at)), else_=null()),
        )
    )
    if session.connection().execute(changed).rowcount or not typed.length:
        return None
    if session.exec(select(Draft.id).where(same)).first() is not None:
        return None
    made = Draft(
        team=typed.team,
        person_id=person_id,
        form=typed.about.form,
        program_id=typed.about.program_id,
        subject=typed.about.subject,
        view_id=typed.view,
        values=dict(typed.values),
        length=typed.length,
        began=typed.order,
        action_ts=typed.order,
        saved_at=typed.at,
    )
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:
        # Another process was faster with the same draft, or the program is gone.
        return None
    return made


def of_view(session: Session, team: str, person_id: int, view_id: str) -> list[Draft]:
    """What stands in an open form of somebody's, held."""
    statement = select(Draft).where(Draft.team == team, Draft.person_id == person_id, Draft.view_id == view_id)
    return list(session.exec(statement.with_for_update()).all())


def get(session: Session, draft_id: int) -> Draft | None:
    """A draft by its id."""
    return session.get(Draft, draft_id)


def find(session: Session, team: str, person_id: int, form: Form, program_id: int, subjects: Collection[str]) -> (
    Draft | None
):  # fmt: skip
    """Somebody's draft for one of some subjects, the newest if there are several."""
    statement = select(Draft).where(_same(team, person_id, form, program_id, subjects), col(Draft.length) > 0)
    return session.exec(statement.order_by(col(Draft.action_ts).desc()).limit(1)).first()


def of_person(session: Session, person_id: int, program_id: int) -> list[Draft]:
    """Everything somebody has begun in a program, newest first."""
    statement = select(Draft).where(Draft.person_id == person_id, Draft.program_id == program_id)
    statement = statement.where(col(Draft.length) > 0)
    return list(session.exec(statement.order_by(col(Draft.saved_at).desc(), col(Draft.id).desc())).all())


def take(
    session: Session, team: str, person_id: int, form: Form, program_id: int, subject: str, also: str | None
) -> list[tuple[int, int]]:
    """Delete somebody's drafts for a subject, and for another; the id and `began` of each that there was."""
    what = {"kind": form, "program": program_id, "first": subject, "second": also or subject}
    theirs = {"of": team, "person": person_id, **what}
    return [(draft_id or 0, began) for draft_id, began in session.connection().execute(_TAKE, theirs)]


def any_untouched(session: Session, since: datetime) -> bool:
    """Whether there is a draft that nobody has touched for so long."""
    return session.exec(select(Draft.id).where(col(Draft.saved_at) < since).limit(1)).first() is not None


def untouched(session: Session, since: datetime) -> list[Draft]:
    """Drafts that nobody has touched for so long, held."""
    statement = select(Draft).where(col(Draft.saved_at) < since).order_by(col(Draft.id))
    return list(session.exec(statement.with_for_update(skip_locked=True)).all())


def about(row: Draft) -> About:
    """What a draft is for."""
    return About(form_named(row.form) or "answer", row.program_id, row.subject)


def kept(row: Draft) -> Kept:
    """A draft as a value."""
    assert row.id is not None
    return Kept(row.id, about(row), row.saved_at, row.values)


def _same(
    team: str, person_id: int, form: str, program_id: int, subjects: Collection[str]
) -> ColumnElement[bool]:  # fmt: skip
    return and_(
        col(Draft.team) == team,
        col(Draft.person_id) == person_id,
        col(Draft.form) == form,
        col(Draft.program_id) == program_id,
        col(Draft.subject).in_(list(subjects)),
    )
