"""Taking out of every table what is known of a person; what must stay says only that there was somebody."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import JSON, ColumnElement, String, Table, cast, delete, func, literal, select, text, update
from sqlmodel import Session, col

from bot.domain.people import ERASED
from storage.changes import ChangeRow
from storage.checkins import Checkin, CheckinVersion
from storage.database import Database
from storage.holds import HoldRow
from storage.notices import OPEN_STATES, NoticeRow
from storage.people import Membership, Person
from storage.questions import Question, QuestionAnswer
from storage.reflections import Reflection, ReflectionVersion
from storage.tables import metadata
from storage.week import NoticeWish

FORGOTTEN: Mapping[str, str] = {
    "dialogues": "person_id",
    "channel_members": "person_id",
    "drafts": "person_id",
    "early_replies": "author_id",
    "home_marks": "person_id",
    "quiet_hours": "person_id",
    "rsvps": "person_id",
    "snoozes": "person_id",
    "switchboards": "person_id",
}
"""Tables whose rows go with the person that a column points at."""
KEPT: Mapping[tuple[str, str], str] = {
    ("changes", "by"): "that somebody changed something of the program",
    ("changes", "undone_by"): "that somebody took a change back",
    ("checkins", "author_id"): "that somebody met, when and how long",
    ("checkin_versions", "coach_id"): "whose meeting others wrote about",
    ("dropped_files", "person_id"): "that somebody handed in a document",
    ("dropped_files", "wanted_by"): "that somebody made it a source of answers",
    ("entry_saves", "person_id"): "that somebody looked after an entry",
    ("holds", "ended_by"): "that somebody let posts go out again",
    ("holds", "made_by"): "that somebody held posts, and when",
    ("memberships", "person_id"): "for whom somebody took part",
    ("merged_people", "person_id"): "which rows were one person's: seals go by that",
    ("notice_wishes", "person_id"): "that somebody decided about a post",
    ("notice_wishes", "words_by"): "that somebody put words above a post",
    ("question_answers", "author_id"): "that somebody answered",
    ("question_votes", "person_id"): "how many found an answer helpful",
    ("questions", "asker_id"): "that somebody asked, and when",
    ("questions", "handed_by"): "that it was handed over",
    ("questions", "owner_id"): "whose it was to answer",
    ("reflections", "author_id"): "that an organization has handed in, and when",
    ("setup_codes", "used_by"): "that a code was used",
    ("setups", "begun_by"): "that somebody set a program up",
}
"""Columns that go on pointing at the person's row, of which nothing is left, and what they say by that."""
NAMES: tuple[tuple[str, str], ...] = (
    ("channels", "set_by"),
    ("checkin_versions", "key"),
    ("entry_saves", "key"),
    ("inbound", "key"),
    ("memberships", "set_by"),
    ("moves", "moved_by"),
    ("notices", "key"),
    ("notices", "refs"),
    ("notices", "to_person"),
    ("paces", "place"),
    ("program_items", "earlier"),
    ("program_items", "edited_by"),
    ("programs", "earlier"),
    ("programs", "edits"),
    ("question_answers", "key"),
    ("questions", "cards"),
    ("questions", "key"),
    ("reflection_versions", "key"),
    ("reflections", "post_key"),
)
"""Columns in which the person's Slack id may stand, alone or within a key."""


def people(session: Session, who: str) -> list[Person]:
    """The people with a Slack id or an e-mail address, in any workspace."""
    same = (col(Person.user_id) == who) | (col(Person.email) == who.lower())
    return list(session.scalars(select(Person).where(same).order_by(col(Person.id))).all())


def counts(session: Session, person_id: int) -> dict[str, int]:
    """How much there is of somebody's: reflections, check-ins, questions, answers and drafts."""
    drafts = metadata.tables["drafts"]
    asked = {
        "reflections": select(func.count()).where(col(Reflection.author_id) == person_id),
        "checkins": select(func.count()).where(col(Checkin.author_id) == person_id),
        "questions": select(func.count()).where(col(Question.asker_id) == person_id),
        "answers": select(func.count()).where(col(QuestionAnswer.author_id) == person_id),
        "drafts": select(func.count()).select_from(drafts).where(drafts.c.person_id == person_id),
    }
    return {name: session.connection().execute(statement).scalar_one() for name, statement in asked.items()}


def empty_submissions(session: Session, person_id: int, now: datetime) -> None:
    """Take words and salts out of every version that somebody has handed in, and the keys: some are made of words."""
    gone: dict[str, object] = {"salt": None, "erased_at": now}
    reflections = select(col(Reflection.id)).where(col(Reflection.author_id) == person_id)
    emptied = update(ReflectionVersion).where(col(ReflectionVersion.reflection_id).in_(reflections))
    gone["key"] = _nobodys(ReflectionVersion.id)
    session.connection().execute(emptied.values(answers=[], minutes=None, readers="facilitators", **gone))
    checkins = select(col(Checkin.id)).where(col(Checkin.author_id) == person_id)
    silent = update(CheckinVersion).where(col(CheckinVersion.checkin_id).in_(checkins))
    blank = dict.fromkeys(("moved", "in_the_way", "support_other", "next_step", "private_note"), "")
    gone["key"] = _nobodys(CheckinVersion.id)
    session.connection().execute(silent.values(support=[], confidence=0, **blank, **gone))


def empty_answers(session: Session, person_id: int) -> None:
    """Take the words out of what somebody has answered to others."""
    answers = update(QuestionAnswer).where(col(QuestionAnswer.author_id) == person_id)
    session.connection().execute(answers.values(text=ERASED, earlier=[]))


def empty_wishes(session: Session, person_id: int) -> None:
    """Take away the words that somebody wanted to stand above posts."""
    theirs = update(NoticeWish).where(col(NoticeWish.words_by) == person_id)
    session.connection().execute(theirs.values(words=None))


def empty_holds(session: Session, person_id: int) -> None:
    """Take away the reasons that somebody gave for holding posts."""
    theirs = update(HoldRow).where(col(HoldRow.made_by) == person_id)
    session.connection().execute(theirs.values(reason=ERASED))


def empty_addresses(session: Session, person_id: int) -> None:
    """Take the addresses out of what is on record of correcting somebody's, and whatever says who they were then."""
    for row in session.scalars(select(ChangeRow).where(col(ChangeRow.kind) == "address")).all():
        meant = {body.get(name) for body in (row.before, row.after) if body for name in ("person", "as_person")}
        if person_id in meant:
            row.before, row.after = ({"person": (body or {}).get("person")} for body in (row.before, row.after))
            session.add(row)


def forget(session: Session, person_id: int, now: datetime) -> None:
    """Delete what is only somebody's own, and end whatever they are in a program."""
    for name, column in FORGOTTEN.items():
        table = metadata.tables.get(name)
        if table is not None:
            session.connection().execute(delete(table).where(table.c[column] == person_id))
    standing = (col(Membership.person_id) == person_id) & (col(Membership.state) != "left")
    session.connection().execute(update(Membership).where(standing).values(state="left", ended_at=now))


def silence(session: Session, user: str, reason: str, now: datetime) -> None:
    """Skip all that is still to be said to a Slack user."""
    open_ = col(NoticeRow.state).in_((*OPEN_STATES, "held")) & (col(NoticeRow.to_person) == user)
    fresh = {"retry_at": None, "uncertain_since": None, "lease_token": None, "lease_until": None}
    values = {"state": "skipped", "reason": reason, "settled_at": now, **fresh}
    session.connection().execute(update(NoticeRow).where(open_).values(**values))


def rename(session: Session, user: str, instead: str) -> None:
    """Put something else wherever a Slack id stands, keys included: they stay unique, as the other is, too."""
    for name, column in NAMES:
        table = metadata.tables.get(name)
        if table is not None:
            session.connection().execute(text(_replace(session, table, column)), {"was": user, "now": instead})


def _nobodys(version_id: int | None) -> ColumnElement[str]:
    """A key that says nothing, and is no other's."""
    return literal("erased:") + cast(col(version_id), String)


def _replace(session: Session, table: Table, column: str) -> str:
    if session.get_bind().dialect.name == "sqlite":
        return f"UPDATE {table.name} SET {column} = replace({column}, :was, :now) WHERE instr({column}, :was) > 0"
    kind = "json" if isinstance(table.c[column].type, JSON) else "varchar"
    new = f"CAST(replace(CAST({column} AS text), :was, :now) AS {kind})"
    return f"UPDATE {table.name} SET {column} = {new} WHERE strpos(CAST({column} AS text), :was) > 0"


def overwrite(session: Session) -> None:
    """Have SQLite write zeros where words were; PostgreSQL clears up by itself before long."""
    if session.get_bind().dialect.name == "sqlite":
        session.connection().execute(text("PRAGMA secure_delete = ON"))


def scrub(db: Database) -> None:
    """Have SQLite bring its log into the file and empty it."""
    if not db.is_sqlite:
        return
    with db.engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
