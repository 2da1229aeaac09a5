"""What has been read of a program's documents, so that every process can quote it, wherever the files are."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import UniqueConstraint, delete, func
from sqlmodel import Field, Session, SQLModel, col, select

from storage.database import UtcDateTime


class DocumentRow(SQLModel, table=True):
    """A document of a program. `fingerprint` is of the file whose passages are stored, None while there are none.

    `trouble` is why it could not be read when the program was loaded last, `looked_at`.
    """

    __tablename__ = "documents"
    __table_args__ = (UniqueConstraint("program_id", "key"),)

    id: int | None = Field(default=None, primary_key=True)
    program_id: int = Field(foreign_key="programs.id", index=True)
    key: str
    fingerprint: str | None = None
    pages: int = 0
    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    trouble: str | None = None
    looked_at: datetime = Field(sa_type=UtcDateTime)


class PassageRow(SQLModel, table=True):
    """A stretch of a document that can be quoted; `page` counts from 1, and is None in a text without pages."""

    __tablename__ = "document_passages"
    __table_args__ = (UniqueConstraint("document_id", "position"),)

    id: int | None = Field(default=None, primary_key=True)
    document_id: int = Field(foreign_key="documents.id", index=True)
    position: int
    page: int | None = None
    heading: str = ""
    text: str


def of_program(session: Session, program_id: int) -> Mapping[str, DocumentRow]:
    """What is known of a program's documents, by their keys."""
    found = session.exec(select(DocumentRow).where(DocumentRow.program_id == program_id)).all()
    return {row.key: row for row in found}


def passages(session: Session, program_id: int) -> Mapping[str, list[PassageRow]]:
    """Everything that can be quoted from a program's documents, by their keys, in order."""
    statement = (
        select(DocumentRow.key, PassageRow)
        .join(PassageRow, col(PassageRow.document_id) == DocumentRow.id)
        .where(DocumentRow.program_id == program_id)
        .order_by(col(PassageRow.document_id), col(PassageRow.position))
    )
    found: dict[str, list[PassageRow]] = {}
    for key, row in session.exec(statement).all():
        found.setdefault(key, []).append(row)
    return found


def counts(session: Session, program_id: int) -> Mapping[str, int]:
    """How many passages each document of a program has."""
    statement = (
        select(DocumentRow.key, func.count())
        .join(PassageRow, col(PassageRow.document_id) == DocumentRow.id)
        .where(DocumentRow.program_id == program_id)
        .group_by(DocumentRow.key)
    )
    return dict(session.exec(statement).all())


def replace(session: Session, document: DocumentRow, found: Iterable[PassageRow]) -> None:
    """Put passages in the place of those that a document had."""
    session.add(document)
    session.flush()
    assert document.id is not None
    session.connection().execute(delete(PassageRow).where(col(PassageRow.document_id) == document.id))
    for row in found:
        row.document_id = document.id
        session.add(row)
    session.flush()


def remove(session: Session, document: DocumentRow) -> None:
    """Forget a document that the program no longer lists."""
    replace(session, document, ())
    session.delete(document)
    session.flush()
