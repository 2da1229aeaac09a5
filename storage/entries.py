"""What people did with entries in Slack: made them, added to them, changed them, or said that they are right."""

from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, func, select

from storage.database import UtcDateTime


class EntrySave(SQLModel, table=True):
    """One such deed; `key` is of the form or the button it was done with, so that it counts once.

    what: made, phrasing, edited, renewed or fine. `wording` is the way to ask that was added, if it was not there.
    """

    __tablename__ = "entry_saves"

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    program_id: int = Field(foreign_key="programs.id", index=True)
    entry: str
    what: str
    question_id: int | None = Field(default=None, foreign_key="questions.id", index=True)
    person_id: int = Field(foreign_key="people.id")
    wording: str | None = Field(default=None, repr=False)
    saved_at: datetime = Field(sa_type=UtcDateTime)


CLEARING = ("edited", "renewed", "fine")
"""What somebody does who has looked at an entry as a whole."""


def by_key(session: Session, key: str) -> EntrySave | None:
    """What a form or a button has done."""
    return session.exec(select(EntrySave).where(EntrySave.key == key)).first()


def last_of_form(session: Session, key: str) -> EntrySave | None:
    """What a form has kept last, in whichever words it was handed in."""
    statement = select(EntrySave).where(
        (col(EntrySave.key) == key) | col(EntrySave.key).startswith(f"{key}:", autoescape=True)
    )
    return session.exec(statement.order_by(col(EntrySave.id).desc()).limit(1)).first()


def looked_at(session: Session, program_id: int) -> dict[str, datetime]:
    """When somebody has last looked at each entry and left or put it right, by its key."""
    statement = (
        select(EntrySave.entry, func.max(col(EntrySave.saved_at), type_=UtcDateTime()))
        .where(EntrySave.program_id == program_id, col(EntrySave.what).in_(CLEARING))
        .group_by(EntrySave.entry)
    )
    return dict(session.exec(statement).all())


def last(session: Session, program_id: int, entry: str) -> EntrySave | None:
    """Who has last looked at an entry, and what they did."""
    statement = select(EntrySave).where(EntrySave.program_id == program_id, EntrySave.entry == entry)
    statement = statement.where(col(EntrySave.what).in_(CLEARING)).order_by(col(EntrySave.id).desc())
    return session.exec(statement.limit(1)).first()
