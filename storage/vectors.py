"""What the sentence model made of texts, kept so that each text is read only once."""

from collections.abc import Iterable, Mapping

from sqlalchemy import LargeBinary
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel, col, select

_AT_ONCE = 400


class TextVector(SQLModel, table=True):
    """The packed vectors of a text, by a hash of the model and the text: an edited text has another key."""

    __tablename__ = "text_vectors"

    key: str = Field(primary_key=True)
    data: bytes = Field(sa_type=LargeBinary, repr=False)


def get(session: Session, keys: Iterable[str]) -> dict[str, bytes]:
    """What is kept under some keys."""
    wanted = list(keys)
    found: dict[str, bytes] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        part = wanted[start : start + _AT_ONCE]
        rows = session.exec(select(TextVector.key, TextVector.data).where(col(TextVector.key).in_(part)))
        found.update((key, bytes(data)) for key, data in rows)
    return found


def add(session: Session, found: Mapping[str, bytes]) -> None:
    """Keep vectors; what another process has kept meanwhile is the same, and stays."""
    if not found:
        return
    values = [{"key": key, "data": data} for key, data in found.items()]
    make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.connection().execute(make(TextVector).on_conflict_do_nothing(index_elements=["key"]), values)
