"""What each feature has planned already: a mark of the program as it was then."""

from sqlalchemy import and_, delete, insert, update
from sqlmodel import Field, Session, SQLModel, col, select


class PlanRow(SQLModel, table=True):
    """`mark` tells whether what a feature planned for a program still follows from what is stored."""

    __tablename__ = "plans"

    program_id: int = Field(foreign_key="programs.id", primary_key=True)
    feature: str = Field(primary_key=True)
    mark: str


def marks(session: Session, feature: str) -> dict[int, str]:
    """The mark of every program that a feature has planned for, by program id."""
    return dict(session.exec(select(PlanRow.program_id, PlanRow.mark).where(PlanRow.feature == feature)).all())


def mark(session: Session, program_id: int, feature: str) -> str | None:
    """The mark of what a feature has planned for one program."""
    same = select(PlanRow.mark).where(PlanRow.program_id == program_id, PlanRow.feature == feature)
    return session.exec(same).first()


def put(session: Session, program_id: int, feature: str, mark: str, *, new: bool) -> None:
    """Write a mark, `new` if there was none. The caller holds the program, so nobody else is writing the same one."""
    if new:
        values = {"program_id": program_id, "feature": feature, "mark": mark}
        session.connection().execute(insert(PlanRow).values(values))
        return
    same = and_(col(PlanRow.program_id) == program_id, col(PlanRow.feature) == feature)
    session.connection().execute(update(PlanRow).where(same).values(mark=mark))


def forget(session: Session, program_id: int) -> None:
    """Have everything planned anew for a program. The caller holds its row, as in `put`."""
    session.connection().execute(delete(PlanRow).where(col(PlanRow.program_id) == program_id))
