"""Reflections with all their versions."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, UniqueConstraint, bindparam
from sqlalchemy import select as columns
from sqlmodel import Field, Session, SQLModel, col, select

from bot.domain.chain import new_salt
from bot.domain.people import Org
from bot.domain.reflections import Answer, Content, Handed
from storage.database import UtcDateTime, add_new, found
from storage.people import Organization, Person


class Reflection(SQLModel, table=True):
    """Somebody's reflection on a homework; what it says is in its versions, of which `version` is the latest.

    `title` and `sample` are the homework's at the time of handing in, since a program may drop or rename one.
    `readers` is facilitators or cohort, as the latest version has it. `post_key` is the key of the notice that
    shows it to the cohort, empty while it is not shown.
    """

    __tablename__ = "reflections"
    __table_args__ = (UniqueConstraint("program_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    program_id: int = Field(foreign_key="programs.id", index=True)
    number: int
    assignment: str
    title: str
    sample: bool = False
    author_id: int = Field(foreign_key="people.id", index=True)
    organization_id: int | None = Field(default=None, foreign_key="organizations.id", index=True)
    version: int = 1
    readers: str
    post_key: str | None = None
    handed_in_at: datetime = Field(sa_type=UtcDateTime, index=True)


class ReflectionVersion(SQLModel, table=True):
    """What a reflection said from `saved_at` on. `key` is of the form or button it came with, so that it counts once.

    `answers` are rows of the prompt's key, its words as they were asked, and the text. Since `erased_at` nothing of it
    is left but that it was there. `salt` goes into its link of the chain, and goes with the words.
    """

    __tablename__ = "reflection_versions"
    __table_args__ = (UniqueConstraint("reflection_id", "version"),)

    id: int | None = Field(default=None, primary_key=True)
    reflection_id: int = Field(foreign_key="reflections.id", index=True)
    version: int
    key: str = Field(unique=True)
    saved_at: datetime = Field(sa_type=UtcDateTime)
    answers: list[list[str]] = Field(default=[], sa_column=Column(JSON, nullable=False), repr=False)
    minutes: int | None = None
    readers: str
    salt: str | None = Field(default=None, repr=False)
    erased_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


Signed = tuple[Reflection, ReflectionVersion, Person, Organization | None]
_KNOWN = columns(col(ReflectionVersion.id)).where(col(ReflectionVersion.key) == bindparam("key"))
_BY_KEY = select(Reflection, ReflectionVersion).join(ReflectionVersion).where(ReflectionVersion.key == bindparam("key"))


def by_key(session: Session, key: str) -> Reflection | None:
    """The reflection that a form or button has written."""
    known = version_by_key(session, key)
    return known[0] if known is not None else None


def version_by_key(session: Session, key: str) -> tuple[Reflection, ReflectionVersion] | None:
    """The same, with the version that it has written."""
    known = found(session, _KNOWN, {"key": key})
    return session.exec(_BY_KEY, params={"key": key}).first() if known is not None else None


def get(session: Session, program_id: int, reflection_id: int) -> Signed | None:
    """One reflection of a program as it stands now, with who wrote it and for which organization."""
    return next(iter(current(session, program_id, ids=(reflection_id,))), None)


def current(
    session: Session,
    program_id: int,
    *,
    ids: Iterable[int] | None = None,
    author_id: int | None = None,
    organization_id: int | None = None,
    assignments: Iterable[str] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[Signed]:
    """Reflections of a program as they stand now, oldest first, narrowed by what is given.

    `since` and `until` are about the first handing in; `since` itself is left out, `until` is in.
    """
    statement = (
        select(Reflection, ReflectionVersion, Person, Organization)
        .join(
            ReflectionVersion,
            (col(ReflectionVersion.reflection_id) == col(Reflection.id))
            & (col(ReflectionVersion.version) == col(Reflection.version)),
        )
        .join(Person, col(Person.id) == col(Reflection.author_id))
        .join(Organization, col(Organization.id) == col(Reflection.organization_id), isouter=True)
        .where(Reflection.program_id == program_id)
        .order_by(col(Reflection.number))
    )
    if ids is not None:
        statement = statement.where(col(Reflection.id).in_(list(ids)))
    if author_id is not None:
        statement = statement.where(Reflection.author_id == author_id)
    if organization_id is not None:
        statement = statement.where(Reflection.organization_id == organization_id)
    if assignments is not None:
        statement = statement.where(col(Reflection.assignment).in_(list(assignments)))
    if since is not None:
        statement = statement.where(col(Reflection.handed_in_at) > since)
    if until is not None:
        statement = statement.where(col(Reflection.handed_in_at) <= until)
    return [(one, version, person, org) for one, version, person, org in session.exec(statement).all()]


def of_author(session: Session, author_id: int) -> list[Reflection]:
    """All that somebody has handed in, in any program, oldest first."""
    statement = select(Reflection).where(Reflection.author_id == author_id).order_by(col(Reflection.id))
    return list(session.exec(statement).all())


def handed_by(session: Session, program_id: int) -> set[tuple[str, int | None]]:
    """Which organization has handed in on which homework: the homework's key, and the organization's id."""
    statement = select(Reflection.assignment, Reflection.organization_id).where(Reflection.program_id == program_id)
    return set(session.exec(statement.distinct()).all())


def hand_in(
    session: Session, values: Mapping[str, Any], content: Content, key: str, now: datetime
) -> tuple[Reflection, ReflectionVersion]:
    """A new reflection with what its columns hold, its number among them, and its first version."""
    row = add_new(session, Reflection, {**values, "readers": content.readers, "handed_in_at": now})
    return row, _add_version(session, row, content, key, now)


def add(session: Session, reflection: Reflection, content: Content, key: str, now: datetime) -> ReflectionVersion:
    """The next version of a reflection, whose row has its number already; the reflection then stands at it."""
    reflection.readers = content.readers
    session.add(reflection)
    session.flush()
    return _add_version(session, reflection, content, key, now)


def _add_version(
    session: Session, reflection: Reflection, content: Content, key: str, now: datetime
) -> ReflectionVersion:  # fmt: skip
    values = {
        "reflection_id": reflection.id,
        "version": reflection.version,
        "key": key,
        "saved_at": now,
        "answers": [[one.key, one.label, one.text] for one in content.answers],
        "minutes": content.minutes,
        "readers": content.readers,
        "salt": new_salt(),
    }
    return add_new(session, ReflectionVersion, values)


def handed(signed: Signed) -> Handed:
    """A reflection as a value."""
    row, version, person, organization = signed
    assert row.id is not None
    org = None if organization is None or organization.id is None else Org(organization.id, organization.name)
    return Handed(
        id=row.id,
        number=row.number,
        assignment=row.assignment,
        title=row.title,
        sample=row.sample,
        author_id=row.author_id,
        author=person.name or person.user_id or "",
        user=person.user_id,
        organization=org,
        version=row.version,
        content=content_of(version),
        handed_in_at=row.handed_in_at,
        saved_at=version.saved_at,
        erased=version.erased_at is not None,
    )


def content_of(version: ReflectionVersion) -> Content:
    """What a version says, as a value."""
    return Content(
        answers=tuple(Answer(key, label, text) for key, label, text in version.answers),
        minutes=version.minutes,
        readers="cohort" if version.readers == "cohort" else "facilitators",
    )
